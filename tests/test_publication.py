from datetime import timedelta
from unittest.mock import patch

from psycopg2.extras import Json

from odoo import fields
from odoo.modules import load_script
from odoo.tests import tagged

from ..checking import proposals
from ..mailauth.tests.dns_server import DnsServer, parse_zone
from ..models import mail_domain_health
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase

DELEGATED = (
    '@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', '@ NS ns2', 'ns1 A 127.0.0.2', 'ns2 A 127.0.0.3',
    '@ MX 10 mail', 'mail A 192.0.2.10',
)
SPF = 'v=spf1 include:_spf.odoo.com ~all'


@tagged('post_install', '-at_install')
class TestPublication(DomainHealthCase):
    """What is to be published, in every form, and what became of it."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example')
        self.domain = self.health('ours.example').with_context(active_test=True)

    def change(self, name, rdtype='TXT', part='changes'):
        return next(change for change in self.domain.publication[part]
                    if (change['name'], change['type']) == (name, rdtype))

    # every form

    def test_all_of_it_as_lines_that_a_name_server_reads(self):
        self.domain.check_now()
        names = {str(rrset.name) for rrset in parse_zone(self.domain.publication['zone'])}
        self.assertEqual(names, {'ours.example.', 'odoo._domainkey.ours.example.', '_dmarc.ours.example.'})

    def test_letter_to_whoever_runs_the_dns(self):
        self.domain.check_now()
        publication = self.domain.publication
        self.assertTrue(publication['text'].startswith("Hello,"))
        self.assertIn(f'ours.example. 3600 IN TXT "{SPF}"', publication['text'])
    def test_long_value_comes_in_pieces_too(self):
        terms = ' '.join(f'ip4:198.51.100.{n}' for n in range(20))
        self.publish('ours.example', f'@ TXT "v=spf1 {terms[:200]}" "{terms[200:]} ~all"')
        self.domain.check_now()
        change = self.change('ours.example')
        self.assertGreater(len(change['value']), 255)
        self.assertEqual(change['pieces'].count('" "'), 1)
        self.assertIsNone(self.change('_dmarc.ours.example')['pieces'])

    # what is not needed

    def test_next_step_and_extras_are_no_alarm(self):
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, '_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@ours.example"')
        self.domain.dmarc_report_address = 'd@ours.example'
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        publication = self.domain.publication
        self.assertEqual((publication['changes'], publication['text'], publication['complete']), ([], '', True))
        [step] = publication['next_steps']
        self.assertEqual(step['value'], 'v=DMARC1; p=quarantine; rua=mailto:d@ours.example')
        self.assertEqual([extra['area'] for extra in publication['extras']], ['tls_rpt', 'mta_sts'])
        self.assertIn('mx: mail.ours.example', publication['extras'][1]['file']['text'])

    def test_no_next_step_while_mail_of_a_subdomain_fails(self):
        self.publish('ours.example', *HEALTHY)
        self.make_company("Below", 'shop.ours.example')
        below = self.health('shop.ours.example')
        below.check_now()
        self.assertEqual(below.state, 'fail')
        self.domain.check_now()
        self.assertEqual(self.domain.publication['next_steps'], [])
        self.publish('ours.example', *HEALTHY, 'shop MX 10 mail', 'shop TXT "v=spf1 include:_spf.odoo.com ~all"',
                     'odoo._domainkey.shop CNAME odoo._domainkey.odoo.com.')
        below.check_now()
        self.assertEqual(below.state, 'pass')
        self.domain.check_now()
        self.assertEqual(len(self.domain.publication['next_steps']), 1)

    def test_address_for_reports_elsewhere_has_to_be_allowed_there(self):
        self.dns.set_zone('else.example', '@ MX 10 mail\nmail A 198.51.100.1')
        self.domain.dmarc_report_address = 'd@else.example'
        self.domain.check_now()
        self.assertEqual(self.change('_dmarc.ours.example')['value'], 'v=DMARC1; p=none')
        self.assertIn('advice.report_address', self.domain.finding_ids.mapped('code'))
        self.dns.set_zone('else.example', '@ MX 10 mail\nmail A 198.51.100.1\nours.example._report._dmarc TXT "v=DMARC1"')
        self.domain.check_now()
        self.assertEqual(self.change('_dmarc.ours.example')['value'], 'v=DMARC1; p=none; rua=mailto:d@else.example')
        self.assertTrue(self.domain.finding_ids.filtered(lambda found: found.code == 'advice.report_address').resolved_on)

    def test_record_without_room_says_what_each_entry_costs_and_a_person_chooses(self):
        hosts = [f'h{n}' for n in range(10)]
        self.publish(
            'ours.example', '@ TXT "v=spf1 %s ~all"' % ' '.join(f'a:{host}.ours.example' for host in hosts),
            *(f'{host} A 198.51.100.{n}' for n, host in enumerate(hosts)), DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        publication = self.domain.publication
        self.assertEqual(publication['changes'], [])
        self.assertTrue(publication['budget']['is_open'])
        self.assertEqual((publication['budget']['lookups'], len(publication['budget']['terms'])), (11, 11))
        asked = list(self.dns.log)
        self.assertEqual(self.domain.propose_spf([]), {'lookups': 11, 'changes': []})
        [change] = self.domain.propose_spf(['a:h3.ours.example'])['changes']
        self.assertEqual(self.dns.log, asked, "no DNS is asked")
        self.assertIn("ask before", publication['budget']['terms'][1]['why'])
        self.assertNotIn('a:h3.', change['value'])
        self.assertIn('include:_spf.odoo.com', change['value'])
        self.assertEqual(change['drops'][0]['term'], 'a:h3.ours.example')
        self.assertEqual(self.domain.propose_spf(['include:_spf.odoo.com'])['changes'], [], "what sends stays")

    # silence

    def test_silence_takes_no_proposal_away_and_tells_its_age(self):
        self.domain.check_now()
        before = [change['value'] for change in self.domain.publication['changes']]
        with self.silent_dns():
            self.domain.check_now()
        changes = self.domain.publication['changes']
        self.assertEqual([change['value'] for change in changes], before)
        self.assertEqual({bool(change['as_of']) for change in changes}, {True})
        self.assertEqual([change['host'] for change in changes], ['@', 'odoo._domainkey', '_dmarc'])
        self.domain.check_now()
        self.assertEqual({change['as_of'] for change in self.domain.publication['changes']}, {None})

    def test_silence_brings_no_proposal_back_that_was_followed(self):
        self.domain.check_now()
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual(self.domain.publication['changes'], [])


@tagged('post_install', '-at_install')
class TestCheckRecord(DomainHealthCase):
    """One record after it was published: the zone's own servers beside the caches."""

    def setUp(self):
        super().setUp()
        for _attempt in range(20):
            first = DnsServer({}, host='127.0.0.2', authoritative=True).start()
            try:
                second = DnsServer({}, host='127.0.0.3', port=first.address[1], authoritative=True).start()
                break
            except OSError:  # the port is taken at the other address
                first.stop()
        self.own = (first, second)
        for server in self.own:
            self.addCleanup(server.stop)
        self.startPatch(first.address[1])
        self.zone(self.dns)
        self.zone(*self.own)
        self.domain = self.health('ours.example').with_context(active_test=True)
        self.domain.check_now()
        self.dns.log.clear()

    def startPatch(self, port):
        patcher = patch.object(mail_domain_health, 'AUTHORITY_PORT', port)
        patcher.start()
        self.addCleanup(patcher.stop)

    def zone(self, *servers, records=()):
        for server in servers:
            server.set_zone('ours.example', '\n'.join((*DELEGATED, *records)))

    def check(self, name='ours.example'):
        change = next(change for change in self.domain.publication['changes'] if change['name'] == name)
        return self.domain.check_record(change['key'])['outcome']

    def test_not_there_yet_is_said_and_changes_nothing_that_is_stored(self):
        report = self.domain.report
        outcome = self.check()
        self.assertEqual((outcome['code'], outcome['done']), ('not_yet', False))
        self.assertEqual(self.domain.report, report)
        self.assertFalse(proposals.published(self.domain))

    def test_published_while_caches_still_deny_it_tells_the_minutes(self):
        self.zone(*self.own, records=(SPF_RECORD,))
        outcome = self.check()
        self.assertEqual((outcome['code'], outcome['is_visible']), ('spreading', False))
        self.assertIn("up to 5 minutes", outcome['sentence'])
        [published] = proposals.published(self.domain).values()
        self.assertEqual(published['name'], 'ours.example')
        self.assertEqual(self.domain.publication['published'], [], "its card says so as long as it is there")
        self.time_left_of_published(seconds=105)
        self.assertIn("up to 2 minutes", self.check()['sentence'], "the time runs down from the first sight")
        self.time_left_of_published(seconds=-1)
        self.assertEqual(self.domain.publication['published'], [])
        proposals.look_at_all(self.domain)
        self.check()
        [after] = proposals.published(self.domain).values()
        self.assertLess(after['until'], published['until'], "nor does it begin anew while the record is proposed")

    def time_left_of_published(self, **left):
        until = fields.Datetime.to_string(fields.Datetime.now() + timedelta(**left))
        self.domain.outcomes = {
            key: {**known, 'published': {**known['published'], 'until': until, 'shown_until': until}}
            for key, known in self.domain.outcomes.items() if 'published' in known}

    def test_what_an_older_version_saw_of_a_record_is_carried_over(self):
        self.zone(*self.own, records=(SPF_RECORD,))
        shown = self.check()
        [key] = done = proposals.published(self.domain)
        stored = {'attempt': self.domain.attempts, 'by_key': proposals.outcomes(self.domain)}
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE mail_domain_health ADD COLUMN published jsonb")
        self.env.cr.execute("UPDATE mail_domain_health SET outcomes = %s, published = %s WHERE id = %s", (
            Json(stored), Json({**done, 'of before': done[key]}), self.domain.id))
        load_script('mail_domain_health/migrations/19.0.1.2.0/pre-migrate.py', 'pre_migrate').put_published_beside_outcomes(self.env.cr)
        self.domain.invalidate_recordset(['outcomes', 'publication'])
        self.assertEqual(proposals.published(self.domain), {**done, 'of before': done[key]})
        self.assertEqual(self.outcomes()['ours.example'], shown)

    def test_replaced_record_may_be_held_for_its_whole_ttl(self):
        old = '@ 2820 TXT "v=spf1 ip4:198.51.100.1 ~all"'
        self.zone(self.dns, *self.own, records=(old,))
        self.domain.check_now()
        self.assertEqual(self.check()['code'], 'old')
        [change] = [change for change in self.domain.publication['changes'] if change['name'] == 'ours.example']
        self.zone(*self.own, records=(f'@ 300 TXT "{change["value"]}"',))
        outcome = self.check()
        self.assertEqual(outcome['sentence'], "Published. Receivers may still see the old record for up to 47 minutes.")

    def test_what_everybody_sees_is_published(self):
        self.zone(self.dns, *self.own, records=(SPF_RECORD,))
        outcome = self.check()
        self.assertEqual((outcome['code'], outcome['is_visible']), ('published', True))
        self.domain.check_now()
        self.assertNotIn('ours.example', [change['name'] for change in self.domain.publication['changes']])
        self.assertTrue(self.domain.publication['published'], "it is said on when the card is gone")

    def outcomes(self):
        return {change['name']: change['outcome'] for change in self.domain.publication['changes']}

    def test_check_now_shows_on_the_cards_what_became_of_each_record(self):
        self.zone(self.dns, *self.own, records=('ours.example TXT "v=spf1 include:_spf.odoo.com ~all"',))
        self.domain.check_now()
        outcomes = self.outcomes()
        self.assertEqual(outcomes['ours.example']['code'], 'doubled')
        self.assertIn('ours.example.ours.example', outcomes['ours.example']['sentence'])
        self.assertEqual(outcomes['_dmarc.ours.example']['code'], 'not_yet')
        self.zone(self.dns, *self.own, records=('odoo._domainkey CNAME odoo._domainkey.odoo.com',))
        self.domain.check_now()
        outcomes = self.outcomes()
        self.assertEqual(outcomes['odoo._domainkey.ours.example']['code'], 'undotted')
        self.assertIn("dot at the end", outcomes['odoo._domainkey.ours.example']['sentence'])
        self.assertEqual(outcomes['ours.example']['code'], 'not_yet', "what was seen before is not said on")
        self.zone(self.dns, *self.own, records=(
            '@ TXT "v=DMARC1; p=none"', 'odoo CNAME odoo._domainkey.odoo.com.'))
        self.domain.check_now()
        outcomes = self.outcomes()
        for name, place in (('_dmarc.ours.example', 'ours.example'), ('odoo._domainkey.ours.example', 'odoo.ours.example')):
            self.assertEqual((outcomes[name]['code'], outcomes[name]['seen']), ('misplaced', [place]))
            self.assertIn(place, outcomes[name]['sentence'])

    def test_a_check_takes_the_place_of_what_was_seen_of_a_record_before(self):
        self.check()
        self.assertTrue(self.outcomes()['ours.example'])
        for domain, report in self.domain._check():
            domain._apply_report(report)
        self.assertEqual(set(self.outcomes().values()), {None})

    def test_published_never_stands_beside_a_record_that_is_ignored_or_to_be_added(self):
        self.zone(self.dns, *self.own, records=(DMARC_RECORD,))
        self.assertTrue(self.check('_dmarc.ours.example')['done'])
        self.domain.check_now()
        self.assertEqual([done['name'] for done in self.domain.publication['published']], ['_dmarc.ours.example'])
        self.zone(self.dns, *self.own, records=(DMARC_RECORD, '_dmarc TXT "v=DMARC1; p=reject"'))
        self.domain.check_now()
        self.assertEqual(self.domain.publication['published'], [], "two records: both are ignored")
        self.zone(self.dns, *self.own)
        self.domain.check_now()
        self.assertIn('_dmarc.ours.example', self.outcomes())
        self.assertEqual(self.domain.publication['published'], [], "it is to be added again")

    def test_each_trouble_has_its_own_sentence(self):
        sentences = {self.check()['sentence']}
        self.zone(self.own[0], records=(SPF_RECORD,))
        disagree = self.check()
        self.assertEqual(disagree['code'], 'disagree')
        self.assertIn("1 have it, 1 do not", disagree['sentence'])
        self.zone(*self.own, records=('@ TXT "v=spf1 include:_spf.odoo.con ~all"',))
        differs = self.check()
        self.assertEqual((differs['code'], differs['seen']), ('differs', ['v=spf1 include:_spf.odoo.con ~all']))
        self.dns.set_zone('ours.example', '\n'.join(DELEGATED).replace('SOA ns1', 'SOA dc1'))
        self.zone(*self.own, records=(SPF_RECORD,))
        split = self.check()
        self.assertEqual((split['code'], split['done']), ('split', True))
        self.zone(self.dns)
        for server in self.own:
            server.set_silent('.')
        blocked = self.check()
        self.assertIn("port 53", blocked['sentence'])
        self.zone(self.dns, records=(SPF_RECORD,))
        seen = self.check()
        self.assertEqual((seen['code'], seen['is_visible']), ('seen', True))
        with self.silent_dns():
            unknown = self.check()
        self.assertEqual((unknown['code'], unknown['done']), ('unknown', False))
        sentences |= {found['sentence'] for found in (disagree, differs, split, blocked, seen, unknown)}
        self.assertEqual(len(sentences), 7)
        self.assertNotIn('—', ''.join(sentences), "no parameter is missing")

    def test_only_that_record_is_asked_for(self):
        self.check('odoo._domainkey.ours.example')
        texts = {name for name, rdtype in self.dns.log if rdtype in ('TXT', 'CNAME', 'MX')}
        self.assertEqual(texts, {
            'odoo._domainkey.ours.example', 'odoo._domainkey.ours.example.ours.example', 'odoo.ours.example',
            'odoo.domainkey.ours.example'})

    def test_what_is_not_proposed_is_not_asked_for(self):
        answer = self.domain.check_record('nonsense')
        self.assertTrue(answer['notice'])
        self.assertFalse(self.dns.log)

    def test_proposal_that_silence_kept_can_be_checked(self):
        with self.silent_dns():
            self.domain.check_now()
        self.zone(self.dns, *self.own, records=(SPF_RECORD,))
        self.assertEqual(self.check()['code'], 'published')

    def test_whoever_comes_second_asks_no_dns(self):
        key = self.domain.publication['changes'][0]['key']
        with patch.object(type(self.domain), "try_lock_for_update", lambda self, **kw: self.browse()):
            answer = self.domain.check_record(key)
        self.assertTrue(answer['busy'])
        self.assertFalse(self.dns.log)

    def test_copy_of_a_database_looks_at_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'True')
        answer = self.domain.check_record(self.domain.publication['changes'][0]['key'])
        self.assertTrue(answer['notice'])
        self.assertFalse(self.dns.log)
