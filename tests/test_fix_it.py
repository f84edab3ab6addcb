import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..checking import looking
from ..mailauth.tests.dns_server import DnsServer
from ..models import mail_domain_health
from ..texts import publication as texts
from ..texts.filling import fill
from ..texts.verdicts import UNSEEN
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase, mute
from .test_cron import CronCase

DELEGATED = (
    '@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', '@ NS ns2', 'ns1 A 127.0.0.2', 'ns2 A 127.0.0.3',
    '@ MX 10 mail', 'mail A 192.0.2.10',
)
SPF, DKIM, DMARC = 'ours.example', 'odoo._domainkey.ours.example', '_dmarc.ours.example'
MANY = ('TXT', 'CNAME')


class FixItCase(DomainHealthCase):
    """A domain without records, on two name servers of its own beside the resolver in use."""

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
        patcher = patch.object(mail_domain_health, 'AUTHORITY_PORT', first.address[1])
        patcher.start()
        self.addCleanup(patcher.stop)
        self.zone(self.dns, *self.own)
        self.domain = self.health('ours.example').with_context(active_test=True)
        for domain, report in self.domain._check():
            domain._apply_report(report)
        self.forget_questions()

    def forget_questions(self):
        for server in (self.dns, *self.own):
            server.log.clear()

    def zone(self, *servers, records=()):
        for server in servers:
            server.set_zone('ours.example', '\n'.join((*DELEGATED, *records)))

    def mute_problems(self):
        """Where Odoo's own configuration file has the mail server, one warning is there from the beginning."""
        mute(self.env['mail.domain.health.finding'].search([('area', '=', 'path')]))

    @property
    def records(self):
        return self.env['mail.domain.health.record'].search([('domain_id', '=', self.domain.id)])

    def record(self, name=SPF):
        return self.records.filtered(lambda record: record.change['name'] == name)

    def pass_time(self, **duration):
        """Let so much time have passed since everybody looked."""
        self.env.flush_all()
        for column in ('asked_on', 'looked_on', 'done_on', 'visible_on', 'until', 'followed_on', 'next_look'):
            self.env.cr.execute(f"UPDATE mail_domain_health_record SET {column} = {column} - %s", (timedelta(**duration),))
        self.env.cr.execute("UPDATE mail_domain_health SET last_check = last_check - %s", (timedelta(**duration),))
        self.env.invalidate_all()

    def look(self, company=None):
        """Look as a browser does that shows the dialog."""
        with self.enter_registry_test_mode():
            return self.domain.look_at_records(company and company.id)

    def look_later(self):
        self.pass_time(seconds=16)
        return self.look()

    def row(self, name=SPF, fix_it=None):
        fix_it = fix_it or self.domain.read_fix_it()
        return next(row for row in fix_it['rows'] if row['name'] == name)

    def look_at(self, name=SPF):
        return self.row(name, self.look_later())


@tagged('post_install', '-at_install')
class TestRows(FixItCase):
    """A row for each record: what became of it, in a sentence that says what to do."""

    def test_what_does_most_harm_comes_first(self):
        fix_it = self.domain.read_fix_it()
        self.assertEqual([row['name'] for row in fix_it['rows']], [SPF, DKIM, DMARC])
        self.assertEqual((fix_it['published_count'], fix_it['record_count'], fix_it['done']), (0, 3, False))
        self.assertEqual(fix_it['sentence'], "0 of 3 records published")
        self.zone(self.dns, *self.own, records=('@ TXT "v=spf1 include:_spf.odoo.com ~all"', DKIM_RECORD.replace('odoo.com', 'else.example')))
        self.domain.check_now()
        self.assertEqual(self.domain.read_fix_it()['rows'][0]['area'], 'dkim')

    def test_a_single_record_is_counted_as_one(self):
        self.zone(self.dns, *self.own, records=HEALTHY[:2])
        self.domain.check_now()
        self.assertEqual(self.domain.read_fix_it()['sentence'], "0 of 1 record published")

    def test_what_dns_is_silent_about_is_not_told_as_missing(self):
        with self.silent_dns():
            self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        self.assertEqual({row['state'] for row in fix_it['rows']}, {'unknown'})
        self.assertIn("DNS is not answering now", self.row()['sentence'])
        self.assertEqual(fix_it['sentence'], "DNS did not answer, so we could not check your mail.")
        self.assertTrue(fix_it['is_unseen'], "then the page says whose servers to look at")
        records = self.domain.company_ids[:1]._get_mail_domain_health_box()['records']
        self.assertEqual(records['unknown'], 3, "then Settings count no records as missing")
        self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        self.assertEqual({row['state'] for row in fix_it['rows']}, {'not_seen'})
        self.assertFalse(fix_it['is_unseen'])

    def test_where_dns_never_answered_the_page_says_that_and_not_that_there_is_nothing_to_propose(self):
        self.make_company("New", 'new.example')
        domain = self.health('new.example')
        with self.silent_dns():
            domain.check_now()
        fix_it = domain.read_fix_it()
        self.assertEqual((fix_it['rows'], fix_it['sentence']), ([], self.env._(UNSEEN)))

    def test_reading_asks_no_dns_and_writes_nothing(self):
        self.domain.read_fix_it()
        self.assertFalse(self.dns.log + self.own[0].log)
        self.assertFalse(self.records)

    def test_not_there_yet_is_said_and_changes_nothing_else_that_is_stored(self):
        report = self.domain.report
        row = self.look_at()
        self.assertEqual(row['state'], 'not_seen')
        self.assertIn("Not there yet", row['sentence'])
        self.assertEqual(self.domain.report, report)

    def test_published_while_caches_still_deny_it_tells_the_minutes_once(self):
        self.zone(*self.own, records=(SPF_RECORD,))
        row = self.look_at()
        self.assertEqual(row['state'], 'spreading')
        self.assertIn("up to 5 minutes", row['sentence'])
        self.pass_time(minutes=3)
        self.assertIn("up to 2 minutes", self.look_at()['sentence'], "the time runs down from the first sight")
        fix_it = self.domain.read_fix_it()
        self.assertEqual(fix_it['sentence'], "1 of 3 records published")
        self.assertEqual(fix_it['look_again_in'], 15)

    def test_replaced_record_may_be_held_for_its_whole_ttl(self):
        self.zone(self.dns, *self.own, records=('@ 2820 TXT "v=spf1 ip4:198.51.100.1 ~all"',))
        self.domain.check_now()
        self.assertIn("old record is still there", self.row()['sentence'])
        self.zone(*self.own, records=(f'@ 300 TXT "{self.row()["value"]}"',))
        row = self.look_at()
        self.assertEqual(row['sentence'], "Published. Receivers may still see the old record for up to 47 minutes.")

    def test_rows_stay_when_they_are_done_and_the_end_is_said(self):
        self.zone(self.dns, *self.own, records=(SPF_RECORD,))
        self.assertEqual(self.look_at()['state'], 'published')
        self.zone(self.dns, *self.own, records=HEALTHY)
        fix_it = self.look_later()
        self.assertEqual([row['state'] for row in fix_it['rows']], ['published'] * 3)
        self.assertEqual(fix_it['sentence'], "All records are published.")
        self.assertTrue(fix_it['is_check_due'])
        self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        self.assertEqual([(row['name'], row['state']) for row in fix_it['rows']], [
            (SPF, 'published'), (DKIM, 'published'), (DMARC, 'published')])
        self.assertTrue(all(row['since'] for row in fix_it['rows']))
        self.assertEqual((fix_it['done'], fix_it['sentence'], fix_it['next_step']), (
            True, "Receivers can verify your mail. What is left to do is inside Odoo.", None))
        self.mute_problems()
        fix_it = self.domain.read_fix_it()
        self.assertEqual((fix_it['done'], fix_it['sentence']), (True, "Done. Receivers can verify your mail."))
        self.assertEqual((fix_it['look_again_in'], fix_it['is_check_due'], fix_it['next_step']['kind']), (None, False, 'dmarc'))
        self.pass_time(days=2)
        self.assertEqual(self.domain.read_fix_it()['rows'], [], "a row does not stay for ever")

    def test_what_is_solved_otherwise_is_not_waited_for(self):
        self.look()
        self.zone(self.dns, *self.own, records=('@ TXT "v=spf1 a include:_spf.odoo.com -all"', *HEALTHY[1:]))
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass')
        row = self.row()
        self.assertEqual((row['state'], row['sentence']), ('published', "Not needed any more: what is published now is enough."))

    def test_done_never_stands_beside_a_record_that_is_ignored_or_to_be_added(self):
        self.zone(self.dns, *self.own, records=(DMARC_RECORD,))
        self.assertEqual(self.look_at(DMARC)['state'], 'published')
        self.domain.check_now()
        self.zone(self.dns, *self.own, records=(DMARC_RECORD, '_dmarc TXT "v=DMARC1; p=reject"'))
        self.domain.check_now()
        self.assertNotIn('published', {row['state'] for row in self.domain.read_fix_it()['rows'] if row['name'] == DMARC})
        self.zone(self.dns, *self.own)
        self.domain.check_now()
        self.assertEqual([row['state'] for row in self.domain.read_fix_it()['rows'] if row['name'] == DMARC], ['not_seen'])

    def test_check_now_says_on_the_rows_what_became_of_each_record(self):
        self.zone(self.dns, *self.own, records=('ours.example TXT "v=spf1 include:_spf.odoo.com ~all"',))
        self.domain.check_now()
        self.assertEqual(self.row()['state'], 'mistaken')
        self.assertIn('ours.example.ours.example', self.row()['sentence'])
        self.assertEqual(self.row(DMARC)['state'], 'not_seen')
        self.zone(self.dns, *self.own, records=('odoo._domainkey CNAME odoo._domainkey.odoo.com',))
        self.domain.check_now()
        self.assertIn("dot at the end", self.row(DKIM)['sentence'])
        self.assertEqual(self.row()['state'], 'not_seen', "what was seen before is not said on")

    def test_a_record_that_check_now_finds_there_has_its_row_still(self):
        self.domain.check_now()
        self.zone(self.dns, *self.own, records=(SPF_RECORD,))
        self.domain.check_now()
        row = self.row()
        self.assertEqual((row['state'], row['sentence']), (
            'published', "Published. Some receivers may not see it for up to 5 minutes."))
        self.assertTrue(row['since'])

    def test_a_check_takes_the_place_of_what_was_seen_of_a_record_before(self):
        self.zone(self.dns, *self.own, records=('ours.example TXT "v=spf1 include:_spf.odoo.com ~all"',))
        self.assertEqual(self.look_at()['state'], 'mistaken')
        self.pass_time(seconds=2)
        for domain, report in self.domain._check():
            domain._apply_report(report)
        self.assertEqual((self.row()['state'], self.row()['sentence']), ('not_seen', ''), "the state says so by itself")

    def test_each_trouble_has_its_own_sentence(self):
        sentences = {self.look_at()['sentence']}
        self.zone(self.own[0], records=(SPF_RECORD,))
        disagree = self.look_at()
        self.assertEqual(disagree['state'], 'spreading')
        self.assertIn("Servers that have it: 1, that do not: 1.", disagree['sentence'])
        self.zone(*self.own, records=('@ TXT "v=spf1 include:_spf.odoo.con ~all"',))
        differs = self.look_at()
        self.assertEqual((differs['state'], differs['seen']), ('mistaken', ['v=spf1 include:_spf.odoo.con ~all']))
        self.dns.set_zone('ours.example', '\n'.join(DELEGATED).replace('SOA ns1', 'SOA dc1'))
        self.zone(*self.own, records=(SPF_RECORD,))
        split = self.look_at()
        self.assertEqual(split['state'], 'published')
        self.zone(self.dns)
        for server in self.own:
            server.set_silent('.')
        blocked = self.look_at()
        self.assertIn("port 53", blocked['sentence'])
        self.zone(self.dns, records=(SPF_RECORD,))
        seen = self.look_at()
        self.assertEqual(seen['state'], 'published')
        self.records.write({'outcome': False, 'done_on': False, 'visible_on': False})
        with self.silent_dns():
            unknown = self.look_at()
        self.assertEqual(unknown['state'], 'unknown')
        sentences |= {found['sentence'] for found in (disagree, differs, split, blocked, seen, unknown)}
        self.assertEqual(len(sentences), 7)
        self.assertNotIn('—', ''.join(sentences), "no parameter is missing")

    def test_record_to_be_deleted_is_told_as_still_there_and_then_as_deleted(self):
        old = '@ TXT "v=spf1 ip4:198.51.100.1 ~all"'
        self.zone(self.dns, *self.own, records=(SPF_RECORD, old))
        self.domain.check_now()
        wanted = next(row for row in self.domain.read_fix_it()['rows'] if row['action'] == 'replace')['value']

        def deleted(fix_it):
            return next(row for row in fix_it['rows'] if row['action'] == 'delete')

        place = {'current': 'ns1.ours.example, ns2.ours.example', 'without': 1, 'with': 1}
        kept = f'@ TXT "{deleted(self.domain.read_fix_it())["value"]}"'
        self.zone(self.dns, *self.own, records=(f'@ TXT "{wanted}"', kept))
        row = deleted(self.look_later())
        self.assertEqual((row['state'], row['sentence']), ('not_seen', fill(self.env, texts.OUTCOMES['still_there'], place)))
        self.zone(self.own[0], records=(f'@ TXT "{wanted}"',))
        self.assertEqual(deleted(self.look_later())['sentence'], fill(self.env, texts.OUTCOMES['still_at_some'], place))
        self.zone(self.dns, *self.own, records=(f'@ TXT "{wanted}"',))
        row = deleted(self.look_later())
        expected = texts.outcome(self.env, {'code': 'published'}, 60, {'action': 'delete'})
        self.assertEqual((row['state'], row['sentence']), ('published', expected))

    def test_what_is_said_of_a_record_to_be_deleted_is_in_words_of_its_own(self):
        self.assertLessEqual(set(texts.OUTCOMES_OF_DELETED), set(texts.OUTCOMES))
        for code in texts.OUTCOMES_OF_DELETED.values():
            self.assertNotIn('ublished', str(texts.OUTCOMES[code]))

    def test_silence_takes_nothing_back_that_was_seen(self):
        self.zone(self.dns, *self.own, records=('ours.example TXT "v=spf1 include:_spf.odoo.com ~all"', DMARC_RECORD))
        fix_it = self.look()
        with self.silent_dns():
            self.assertEqual([row['state'] for row in self.look_later()['rows']], [row['state'] for row in fix_it['rows']])

    def test_problems_inside_odoo_are_in_the_same_list_with_their_remedy(self):
        finding = self.env['mail.domain.health.finding'].create({
            'domain_id': self.domain.id, 'company_id': self.company.id, 'code': 'path.no_replies', 'name': 'ours.example',
            'area': 'path', 'severity': 'warning', 'first_seen': '2026-01-01', 'last_seen': '2026-01-01',
            'remedy_action': {'kind': 'settings'},
        })
        for company in (None, self.company.id):
            problem = next(problem for problem in self.domain.read_fix_it(company)['problems'] if problem['id'] == finding.id)
            self.assertEqual(problem['title'], finding.title)
            self.assertTrue(problem['remedy_label'])
        self.zone(self.dns, *self.own, records=HEALTHY)
        self.domain.check_now()
        self.mute_problems()
        self.assertTrue(self.domain.read_fix_it()['done'])
        finding.action_unmute()
        finding.write({'resolved_on': False, 'severity': 'error'})
        self.assertFalse(self.domain.read_fix_it()['done'], "what Odoo itself refuses is not done by records")

    def test_what_else_was_found_is_in_the_list_of_the_domain_and_not_in_that_of_settings(self):
        self.zone(self.dns, *self.own, records=HEALTHY)
        self.domain.check_now()
        self.mute_problems()
        mute(self.domain.finding_ids.filtered(lambda found: found.severity != 'info' and not found.is_muted))
        self.assertFalse(self.domain.read_fix_it()['notices'])
        found = self.env['mail.domain.health.finding'].create([{
            'domain_id': self.domain.id, 'code': code, 'name': 'ours.example', 'area': area, 'severity': severity,
            'first_seen': '2026-01-01', 'last_seen': '2026-01-01', 'params': {},
        } for code, area, severity in (
            ('observed.new_source', 'observed', 'info'), ('spf.void_lookup', 'spf', 'error'), ('spf.ptr', 'spf', 'info'),
            ('registration.ns', 'registration', 'error'), ('gate.null_mx', 'gate', 'error'))])
        fix_it = self.domain.read_fix_it()
        self.assertEqual([(notice['id'], notice['place']) for notice in fix_it['notices']], [
            (found[1].id, "In DNS"), (found[0].id, "Reports")], "the worst first; hints, dangers and gates stand elsewhere")
        self.assertEqual(fix_it['notices'][0]['title'], found[1].title)
        self.assertFalse(fix_it['done'], "an error is no reason for a green mark")
        self.assertFalse(self.domain.read_fix_it(self.company.id)['notices'])
        mute(found[1])
        found[0].resolved_on = '2026-01-02'
        self.assertFalse(self.domain.read_fix_it()['notices'])

    def test_company_sees_what_its_own_mail_needs(self):
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:203.0.113.0/24 ~all"')
        self.zone(self.dns, *self.own, records=HEALTHY)
        other = self.env['res.company'].create({'name': "Other", 'alias_domain_id': self.company.alias_domain_id.id})
        other.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_google')
        self.env.user.company_ids |= other
        self.env.cr.flush()
        self.domain.check_now()
        self.assertEqual(self.domain.read_fix_it(self.company.id)['rows'], [])
        self.assertTrue(self.domain.read_fix_it(other.id)['rows'])

    def test_proposal_that_silence_kept_is_looked_at(self):
        with self.silent_dns():
            self.domain.check_now()
        self.zone(self.dns, *self.own, records=(SPF_RECORD,))
        self.assertEqual(self.look_at()['state'], 'published')


class OptionalCase(FixItCase):
    """All that the mail needs is published; there is a next step of DMARC, and what is good to have."""

    REPORTED = '_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@ours.example"'
    STEP = '_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:d@ours.example"'
    TLS, STS = '_smtp._tls.ours.example', '_mta-sts.ours.example'

    def setUp(self):
        super().setUp()
        self.mute_problems()
        self.domain.dmarc_report_address = 'd@ours.example'
        self.publish_with(self.REPORTED)
        self.domain.check_now()
        self.mute_problems()
        self.forget_questions()

    def publish_with(self, *records):
        self.zone(self.dns, *self.own, records=(SPF_RECORD, DKIM_RECORD, *records))

    def tls_record(self):
        return f'_smtp._tls TXT "{self.extra(self.TLS)["value"]}"'

    def extra(self, name, fix_it=None):
        return next(row for row in (fix_it or self.domain.read_fix_it())['extras'] if row['name'] == name)

    def step(self, fix_it=None):
        [row] = (fix_it or self.domain.read_fix_it())['next_step']['changes']
        return row

    def look_with(self, *rows):
        self.pass_time(seconds=16)
        with self.enter_registry_test_mode():
            return self.domain.look_at_records(None, [row['key'] for row in rows])

    def asked(self):
        names = sorted({name for name, rdtype in self.own[0].log if rdtype == 'TXT' and name in (DMARC, self.TLS, self.STS)})
        self.forget_questions()
        return names


@tagged('post_install', '-at_install')
class TestOptional(OptionalCase):
    """What is not needed has the same rows: the next step of DMARC, and what is good to have."""

    def test_only_what_is_unfolded_is_asked_about_and_once_in_15_seconds(self):
        self.look_later()
        self.assertEqual(self.asked(), [])
        self.look_with(self.extra(self.TLS))
        self.assertEqual(self.asked(), [self.TLS])
        with self.enter_registry_test_mode():
            self.domain.look_at_records(self.company.id, [self.extra(self.TLS)['key'], self.step()['key']])
        self.assertEqual(self.asked(), [DMARC], "about the other one somebody asked just now")

    def test_what_is_good_to_have_is_waited_for_and_told_as_seen(self):
        row = self.extra(self.TLS)
        self.assertEqual((row['state'], self.domain.read_fix_it()['look_again_in']), ('not_seen', None))
        fix_it = self.look_with(row)
        self.assertEqual((self.extra(self.TLS, fix_it)['state'], fix_it['look_again_in']), ('not_seen', 15))
        self.publish_with(self.REPORTED, self.tls_record())
        fix_it = self.look_with(row)
        self.assertEqual((self.extra(self.TLS, fix_it)['state'], fix_it['is_check_due']), ('published', True))
        self.assertEqual(self.extra(self.STS, fix_it)['state'], 'not_seen')
        self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        self.assertEqual((self.extra(self.TLS, fix_it)['state'], fix_it['is_check_due']), ('published', False))
        self.assertNotIn(self.TLS, [row['name'] for row in fix_it['rows']], "it is no record that the mail needs")
        self.pass_time(days=2)
        self.assertNotIn(self.TLS, [row['name'] for row in self.domain.read_fix_it()['extras']])

    def test_mistake_with_what_is_good_to_have_is_told(self):
        row = self.extra(self.TLS)
        self.publish_with(self.REPORTED, self.tls_record().replace('_tls ', '_tls.ours.example '))
        row = self.extra(self.TLS, self.look_with(row))
        self.assertEqual(row['state'], 'mistaken')
        self.assertIn(f'{self.TLS}.ours.example', row['sentence'])

    def test_next_step_of_dmarc_is_seen_and_stays_as_a_record_that_is_published(self):
        fix_it = self.look_with(self.step())
        self.assertEqual((self.step(fix_it)['state'], fix_it['look_again_in']), ('not_seen', 15))
        self.publish_with(self.STEP)
        fix_it = self.look_with(self.step())
        self.assertEqual((self.step(fix_it)['state'], fix_it['is_check_due']), ('published', True))
        self.assertNotIn('quarantine', ''.join(row['value'] for row in fix_it['rows']), "it is shown once")
        self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        row = next(row for row in fix_it['rows'] if 'quarantine' in row['value'])
        self.assertEqual((row['state'], fix_it['done'], fix_it['is_check_due']), ('published', True, False))

    def test_what_nobody_published_in_the_end_leaves_no_row(self):
        self.look_with(self.step(), self.extra(self.TLS))
        self.domain.dmarc_report_address = False
        self.publish_with('_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@ours.example"')
        self.domain.check_now()
        fix_it = self.domain.read_fix_it()
        self.assertNotIn('quarantine', str(fix_it['rows']))
        self.assertNotIn(self.TLS, str(fix_it['extras']))

    def test_keys_that_nobody_proposed_are_nothing(self):
        with self.enter_registry_test_mode():
            self.domain.look_at_records(None, ['unheard', 7, {'of': None}, self.extra(self.TLS)['key']])
        self.assertEqual(self.asked(), [self.TLS])


@tagged('post_install', '-at_install')
class TestOptionalFollowing(OptionalCase, CronCase):
    """The scheduled check looks on for what is not needed, too, and has the domain checked once it is there."""

    def test_scheduled_looks_go_on(self):
        self.look_with(self.extra(self.TLS))
        self.publish_with(self.REPORTED, self.tls_record())
        self.pass_time(minutes=2)
        self.run_cron()
        self.assertNotIn(self.TLS, [change['name'] for change in self.domain._get_report().extras])
        self.assertEqual(self.extra(self.TLS)['state'], 'published')


@tagged('post_install', '-at_install')
class TestMistakes(FixItCase):
    """Each mistake that is made with a DNS host's form every day is said on its row, with the mend."""

    # What stands in the zone, on which row that is said, and what.
    MISTAKES = {
        'host pasted with the domain': (
            'odoo._domainkey.ours.example CNAME odoo._domainkey.odoo.com.', DKIM, "enter only odoo._domainkey there"),
        'host of the domain itself pasted with the domain': (
            'ours.example TXT "v=spf1 include:_spf.odoo.com ~all"', SPF, "found at ours.example.ours.example"),
        'value pasted with quotes': (
            r'_dmarc TXT "\"v=DMARC1; p=none\""', DMARC, "with quotation marks around it"),
        'curly quotes': (
            r'_dmarc TXT "\226\128\156v=DMARC1; p=none\226\128\157"', DMARC, "typographic quotation marks"),
        'TXT instead of CNAME': (
            'odoo._domainkey TXT "odoo._domainkey.odoo.com"', DKIM, "as a TXT record. Choose CNAME as the type"),
        'DMARC at the domain itself': (
            '@ TXT "v=DMARC1; p=none"', DMARC, "enter _dmarc as the host"),
        'target without final dot': (
            'odoo._domainkey CNAME odoo._domainkey.odoo.com', DKIM, "with a dot at the end"),
        'space before the value': (
            '@ TXT " v=spf1 include:_spf.odoo.com ~all"', SPF, "remove the space"),
        'space behind the host': (
            r'_dmarc\032 TXT "v=DMARC1; p=none"', DMARC, "without the space"),
        'proxied CNAME': (
            'odoo._domainkey A 198.51.100.7', DKIM, "switch off the proxy"),
    }

    def test_each_mistake_is_said_on_its_row_with_the_mend(self):
        for mistake, (record, name, mend) in self.MISTAKES.items():
            with self.subTest(mistake=mistake):
                self.zone(self.dns, *self.own, records=(record,))
                row = self.look_at(name)
                self.assertEqual(row['state'], 'mistaken', row['sentence'])
                self.assertIn(mend.lower(), row['sentence'].lower())
                self.assertNotIn('—', row['sentence'], "no parameter is missing")

    def test_check_now_says_the_same(self):
        for mistake in ('TXT instead of CNAME', 'proxied CNAME', 'curly quotes'):
            record, name, mend = self.MISTAKES[mistake]
            with self.subTest(mistake=mistake):
                self.zone(self.dns, *self.own, records=(record,))
                self.domain.check_now()
                row = self.row(name)
                if row['action'] == 'create':  # else what stands there is to be replaced
                    self.assertIn(mend.lower(), row['sentence'].lower())

    def test_a_space_behind_the_value_does_no_harm(self):
        self.zone(self.dns, *self.own, records=('_dmarc TXT "v=DMARC1; p=none "',))
        self.look()
        self.pass_time(hours=1)
        row = self.row(DMARC)
        self.assertEqual((row['state'], row['sentence']), ('published', "Published, with a space at its end that does no harm."))

    def test_second_record_is_named(self):
        old = 'v=spf1 ip4:198.51.100.1 ~all'
        self.zone(self.dns, *self.own, records=(f'@ TXT "{old}"',))
        self.domain.check_now()
        self.zone(self.dns, *self.own, records=(f'@ TXT "{old}"', f'@ TXT "{self.row()["value"]}"'))
        row = self.look_at()
        self.assertEqual((row['state'], row['seen']), ('mistaken', [old]))
        self.assertIn("Delete this one", row['sentence'])

    def test_record_in_the_zone_of_a_similar_domain_of_ours_is_found(self):
        other = self.make_company("Similar", 'hours.example')
        self.publish('hours.example', *HEALTHY[:1])
        self.health('hours.example').company_ids |= self.company
        self.health('hours.example').check_now()
        self.publish('hours.example', *HEALTHY[:1], '_dmarc TXT "v=DMARC1; p=none"')
        self.assertIn("not there yet", self.look_at(DMARC)['sentence'].lower(), "that domain needs the same record")
        self.publish('hours.example', *HEALTHY[:1], '_dmarc TXT "v=DMARC1; p=reject"')
        self.health('hours.example').check_now()
        self.publish('hours.example', *HEALTHY[:1], '_dmarc TXT "v=DMARC1; p=none"')
        self.dns.set_zone('hours.example', self.dns_of_hours(DMARC_RECORD))
        self.own[0].set_zone('hours.example', self.dns_of_hours(DMARC_RECORD))
        sentence = self.look_at(DMARC)['sentence']
        self.assertIn("Found at _dmarc.hours.example", sentence)
        self.assertIn("among the records of ours.example", sentence)
        self.health('hours.example').company_ids = other
        self.assertNotIn("hours.example:", self.look_at(DMARC)['sentence'], "a domain of another company is told to nobody")

    @staticmethod
    def dns_of_hours(record):
        return f'@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\nns1 A 127.0.0.2\n{record}'

    def test_record_at_a_dns_host_that_the_domain_has_left_is_found(self):
        left = DnsServer({}, host='127.0.0.4', port=self.own[0].address[1], authoritative=True).start()
        self.addCleanup(left.stop)
        self.dns.set_zone('gandi.net', 'ns-1-a A 127.0.0.4\nns-1-b A 127.0.0.4')
        now = '\n'.join(DELEGATED)
        self.dns.set_zone('ours.example', now.replace('@ NS ns1', '@ NS ns-1-a.gandi.net.').replace('@ NS ns2', '@ NS ns-1-b.gandi.net.'))
        for domain, report in self.domain._check():
            domain._apply_report(report)
        self.zone(self.dns, *self.own)
        self.domain.check_now()
        left.set_zone('ours.example', '\n'.join((*DELEGATED, DMARC_RECORD)))
        sentence = self.look_at(DMARC)['sentence']
        self.assertIn("It was entered at Gandi, where nobody looks any more", sentence)
        self.assertIn("at ns1.ours.example, ns2.ours.example now", sentence)


@tagged('post_install', '-at_install')
class TestLooking(FixItCase):
    """Who asks DNS about a record, and when."""

    def asked(self):
        """Return the names that the zone's own servers were asked for a record of, and forget them."""
        names = sorted(name for name, rdtype in self.own[0].log if rdtype in MANY and name in (SPF, DKIM, DMARC))
        self.forget_questions()
        return names

    def test_a_record_is_asked_about_once_in_15_seconds_whoever_looks(self):
        self.look()
        self.assertEqual(self.asked(), [DMARC, DKIM, SPF])
        self.look()
        self.look(self.company)
        self.assertEqual(self.asked(), [])
        self.pass_time(seconds=14)
        self.look()
        self.assertEqual(self.asked(), [])
        self.pass_time(seconds=1)
        self.look()
        self.assertEqual(self.asked(), [DMARC, DKIM, SPF])

    def test_another_record_is_asked_about_meanwhile(self):
        self.look()
        self.asked()
        self.record(DKIM).asked_on -= timedelta(seconds=15)
        self.look()
        self.assertEqual(self.asked(), [DKIM])

    def test_check_now_counts_as_a_look(self):
        self.domain.check_now()
        self.asked()
        self.look()
        self.assertEqual(self.asked(), [])

    def test_what_is_published_is_not_asked_for_again(self):
        self.zone(self.dns, *self.own, records=(DKIM_RECORD,))
        self.look()
        self.asked()
        self.look_later()
        self.assertNotIn(DKIM, self.asked())

    def test_silence_ends_after_three_seconds(self):
        for server in (self.dns, *self.own):
            server.set_silent('.')
        began = time.monotonic()
        self.look()
        self.assertLess(time.monotonic() - began, 2 * looking.DEADLINE)

    def test_a_copy_of_a_database_looks_at_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'True')
        fix_it = self.look()
        self.assertIn("copy of your database", fix_it['sentence'])
        self.assertIsNone(fix_it['look_again_in'])
        self.assertFalse(self.dns.log + self.own[0].log)

    def test_before_the_first_check_nothing_is_looked_at(self):
        domain = self.domain
        self.make_company("New", 'new.example')
        self.domain = self.health('new.example')
        fix_it = self.look()
        self.assertEqual((fix_it['rows'], fix_it['look_again_in']), ([], None))
        self.assertIn("Check now", fix_it['sentence'])
        self.domain = domain


@tagged('post_install', '-at_install')
class TestFollowing(FixItCase, CronCase):
    """After somebody looked, the scheduled check looks on by itself."""

    def triggers(self):
        return self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)], order='call_at').mapped('call_at')

    def next_in_minutes(self):
        [at] = set(self.records.mapped('next_look'))
        return at and round((at - fields.Datetime.now()).total_seconds() / 60)

    def test_the_distances_grow_for_two_days(self):
        self.look()
        self.env['ir.cron.trigger'].search([]).unlink()
        distances, minutes = [], 0
        while (distance := self.next_in_minutes()) and len(distances) < 40:
            distances.append(distance)
            minutes += distance
            self.pass_time(minutes=distance)
            self.env['ir.cron.trigger'].search([]).unlink()
            self.forget_questions()
            self.run_cron()
            self.assertIn((DMARC, 'TXT'), self.own[0].log, "nobody pressed anything")
            if self.next_in_minutes():
                self.assertTrue(any(at >= min(self.records.mapped('next_look')) for at in self.triggers()), "somebody wakes it")
        self.assertEqual(distances[:8], [1, 2, 5, 15, 30, 60, 120, 240])
        self.assertEqual(set(distances[8:]), {240})
        self.assertLessEqual(minutes, 48 * 60)
        self.assertGreater(minutes, 43 * 60)

    def test_a_person_who_looks_begins_anew(self):
        self.look()
        self.assertEqual(self.next_in_minutes(), 1)
        count = len(self.triggers())
        self.look_later()
        self.assertEqual(len(self.triggers()), count, "one is planned already")
        for _time in range(4):
            self.pass_time(minutes=60)
            self.run_cron()
        self.assertGreater(self.next_in_minutes(), 20)
        self.look_later()
        self.assertEqual(self.next_in_minutes(), 1)

    def test_once_all_is_there_the_domain_is_checked_and_nobody_looks_on(self):
        self.look()
        self.zone(self.dns, *self.own, records=HEALTHY)
        self.assertEqual(self.domain.state, 'fail')
        self.pass_time(minutes=2)
        self.run_cron()
        self.assertEqual(self.domain.state, 'pass')
        self.assertTrue(self.domain.read_fix_it()['done'])
        self.pass_time(minutes=3)
        self.run_cron()
        self.forget_questions()
        self.run_cron()
        self.assertFalse(self.own[0].log)
        self.assertEqual(set(self.records.mapped('next_look')), {False})

    def test_scheduled_looks_do_not_ask_what_a_person_asked_just_now(self):
        self.look()
        self.records.next_look = fields.Datetime.now()
        self.forget_questions()
        self.run_cron()
        self.assertFalse([name for name, rdtype in self.own[0].log if rdtype in MANY])
        self.assertEqual(self.next_in_minutes(), 2)
