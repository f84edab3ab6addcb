from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..texts import sources as texts
from .received_common import ReceivedCase, aggregate, report_mail, tls_report


@tagged('post_install', '-at_install')
class TestReceivedScreens(ReceivedCase):
    """What the report of a domain and the list of all domains show of what receivers said."""

    def receive_from(self, *records, **how):
        self.receive_and_read(report_mail(aggregate(records=records, **how)))

    @property
    def shown(self):
        return self.domain.read_received()

    def test_without_reports_it_is_said_what_to_do(self):
        self.assertEqual((self.shown['days'], self.shown['sources'], self.shown['tls']), ([], [], None))
        self.assertTrue(self.shown['sentence'])

    def test_each_day_is_told_by_outcome(self):
        self.receive_from(
            ('192.0.2.10', 3, 'pass', 'fail', ''), ('192.0.2.10', 2, 'fail', 'pass', ''), ('198.51.100.7', 4, 'fail', 'fail', ''))
        counts = {outcome['key']: sum(outcome['counts']) for outcome in self.shown['outcomes']}
        self.assertEqual(counts, {'passed': 5, 'delivered': 4, 'quarantined': 0, 'rejected': 0})
        day = fields.Date.to_string(fields.Date.today() - timedelta(days=2))
        index = self.shown['days'].index(day)
        self.assertEqual(self.shown['outcomes'][1]['counts'][index], 4)
        self.assertEqual(len(self.shown['days']), 90)

    def test_what_receivers_did_with_mail_that_failed_is_told_by_day_and_by_source(self):
        self.receive_from(
            ('198.51.100.7', 4, 'fail', 'fail', ''), ('198.51.100.7', 5, 'fail', 'fail', '', 'quarantine'),
            ('198.51.100.7', 6, 'fail', 'fail', '', 'reject'), ('192.0.2.10', 9, 'pass', 'fail', '', 'reject'))
        counts = {outcome['key']: sum(outcome['counts']) for outcome in self.shown['outcomes']}
        self.assertEqual(counts, {'passed': 9, 'delivered': 4, 'quarantined': 5, 'rejected': 6}, "what passed is told as that")
        sources = {source['place']: (source['quarantined'], source['rejected']) for source in self.shown['sources']}
        self.assertEqual(sources, {'ip:198.51.100.7': (5, 6), 'ip:192.0.2.10': (0, 9)})
        self.assertEqual({row.disposition: row.messages for row in self.volumes(source='198.51.100.7')}, {
            'none': 4, 'quarantine': 5, 'reject': 6})

    def test_a_source_opens_its_records_and_a_day_its_own(self):
        self.receive_from(('192.0.2.10', 3, 'pass', 'fail', ''), ('198.51.100.7', 4, 'fail', 'fail', ''), ('198.51.100.7', 1, 'fail', 'pass', ''))
        source = next(source for source in self.shown['sources'] if source['place'] == 'ip:198.51.100.7')
        self.assertEqual((source['messages'], source['passed'], source['kind'], source['can_decide']), (5, 1, 'unknown', True))
        rows = self.Volume.search(self.domain.action_open_source(source['place'], source['kind'])['domain'])
        self.assertEqual(sum(rows.mapped('messages')), 5)
        self.assertIn('google.com: 4', ' '.join(rows.mapped('reporters_text')))
        self.assertEqual(rows[0].header_from, 'ours.example')
        day = rows[0].date
        self.assertEqual(len(self.Volume.search(self.domain.action_open_volume(str(day))['domain'])), 3)
        self.assertFalse(self.Volume.search(self.domain.action_open_volume('2020-01-01')['domain']))

    def test_what_does_not_count_is_apart(self):
        self.publish_reporter('small.example')
        self.receive_and_read(report_mail(aggregate(), sender='a@small.example'))
        self.assertFalse(self.shown['sources'])
        self.assertIn('1', self.shown['untrusted'])

    def test_tiny_sources_are_a_sentence(self):
        self.receive_from(('192.0.2.10', 9000, 'pass', 'pass', ''), *((f'198.51.100.{n}', 1, 'fail', 'fail', '') for n in range(1, 41)))
        self.assertEqual([source['place'] for source in self.shown['sources']], ['ip:192.0.2.10'])
        self.assertIn('40', self.shown['others'])

    def test_failures_of_encryption_are_told_with_the_mend(self):
        self.receive_and_read(report_mail(
            tls_report(failures=[('certificate-expired', 'mx.ours.example', 7)]), kind='application/tlsrpt+gzip',
            sender='noreply-smtp-tls-reporting@google.com', more='TLS-Report-Domain: ours.example\r\n'))
        failure = self.shown['tls']['failures'][0]
        self.assertEqual((failure['host'], failure['sessions']), ('mx.ours.example', 7))
        reporter = self.env['mail.domain.health.reporter'].search([('name', '=', 'google.com')])
        self.assertEqual(failure['receiver'], reporter.org_name or reporter.name)
        row = self.env['mail.domain.health.tls'].search([('result', '=', 'certificate-expired')])
        self.assertEqual((row.policy, failure['policy']), ('sts', texts.tls_policy(self.env, 'sts')))
        self.assertNotEqual(failure['policy'], texts.tls_policy(self.env, 'tlsa'))
        self.assertTrue(failure['what'] and failure['to_do'])

    def test_the_domain_with_the_most_that_fails_is_first(self):
        self.receive_from(('192.0.2.10', 30, 'pass', 'fail', ''), ('198.51.100.7', 10, 'fail', 'fail', ''))
        other = self.env['mail.domain.health'].create({'name': 'worse.example', 'company_ids': [(6, 0, self.company.ids)]})
        self.receive_and_read(report_mail(aggregate('worse.example', report_id='w', records=[('198.51.100.7', 50, 'fail', 'fail', '')])))
        rows = self.env['mail.domain.health.received'].search([('domain_id', 'in', (self.domain | other).ids)])
        self.assertEqual(rows.mapped('domain_id'), other | self.domain)
        self.assertEqual(
            rows[1].read(['messages', 'passed', 'failed', 'failed_share', 'unsigned'], load=None),
            [{'id': self.domain.id, 'messages': 40, 'passed': 30, 'failed': 10, 'failed_share': 25.0, 'unsigned': 10}])
        self.assertEqual(rows[0].action_open_domain()['res_id'], other.id)
        elsewhere = self.make_company("Elsewhere", 'elsewhere.example')
        stranger = new_test_user(self.env, 'elsewhere', 'base.group_system', company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        seen = self.env['mail.domain.health.received'].with_user(stranger).with_context(allowed_company_ids=elsewhere.ids).search([])
        self.assertFalse(seen & rows)
