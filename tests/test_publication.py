from odoo.tests import tagged

from ..mailauth.tests.dns_server import parse_zone
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase

SPF = 'v=spf1 include:_spf.odoo.com ~all'


@tagged('post_install', '-at_install')
class TestPublication(DomainHealthCase):
    """What is to be published, in every form."""

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

    def test_a_finding_that_a_record_would_end_leads_to_it(self):
        """Its text says that the record is shown: then it is."""
        domain = self.health('ours.example')
        self.publish('ours.example', '@ TXT "v=spf1 a:old.ours.example ~all"')
        domain.check_now()
        found = {finding.code: finding for finding in domain.finding_ids if not finding.resolved_on}
        for code in ('dkim.missing', 'dmarc.missing', 'spf.not_authorised'):
            with self.subTest(code):
                self.assertTrue(found[code].remedy_label)
                action = found[code].action_remedy()
                self.assertEqual((action['res_model'], action['res_id']), ('mail.domain.health', domain.id))
        self.assertFalse(found['spf.void_lookup'].remedy_label, "no record is proposed at that name")
        dmarc = found['dmarc.missing']
        self.publish('ours.example', *HEALTHY)
        domain.check_now()
        self.env.invalidate_all()
        self.assertTrue(dmarc.resolved_on)
        self.assertFalse(dmarc.remedy_label)

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
