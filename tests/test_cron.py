import time
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import HEALTHY, DomainHealthCase


@tagged('post_install', '-at_install')
class TestCron(DomainHealthCase):
    """Every domain in use is looked at, each one on its own."""

    def run_cron(self):
        cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def make_domains(self, count):
        domains = self.env['mail.domain.health']
        for number in range(count):
            self.publish(f'd{number}.example', *HEALTHY)
            company = self.make_company(f'Company {number}', f'd{number}.example')
            domains |= company.alias_domain_id.mail_domain_health_id
        return domains

    def test_every_due_domain_is_checked_and_none_before_its_time(self):
        domains = self.make_domains(3)
        domains[2].next_check = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.run_cron()
        self.assertEqual(domains.mapped('state'), ['pass', 'pass', 'unknown'])
        self.assertGreater(min(domains.mapped('next_check')), fields.Datetime.now())

    def test_domain_whose_servers_drop_every_packet_delays_nobody(self):
        """The others are stored long before the silent one gives up."""
        domains = self.make_domains(5)
        silent = self.make_company("Silent", 'silent.example').alias_domain_id.mail_domain_health_id
        self.dns.set_silent('silent.example')
        stored = {}
        Health = self.env.registry['mail.domain.health']
        apply_report = Health._apply_report

        def note_time(record, report):
            stored[record.name] = time.monotonic()
            return apply_report(record, report)

        start = time.monotonic()
        with patch.object(Health, '_apply_report', note_time):
            self.run_cron()
        self.assertEqual(set(domains.mapped('state')), {'pass'})
        self.assertEqual(silent.state, 'unknown')
        others = max(stored[name] for name in domains.mapped('name')) - start
        self.assertLess(others, 2.0)
        self.assertGreater(stored['silent.example'] - start, others)

    def test_domain_that_fails_to_be_stored_stops_no_other(self):
        domains = self.make_domains(3)
        Health = self.env.registry['mail.domain.health']
        apply_report = Health._apply_report

        def fail_for_one(record, report):
            if record.name == 'd1.example':
                raise ValueError("cannot store this one")
            return apply_report(record, report)

        with patch.object(Health, '_apply_report', fail_for_one), \
                self.assertLogs('odoo.addons.mail_domain_health.models.mail_domain_health', 'ERROR'):
            self.run_cron()
        self.assertEqual(domains.mapped('state'), ['pass', 'unknown', 'pass'])

    def test_shared_include_is_asked_once_for_all_domains(self):
        self.make_domains(4)
        self.dns.log.clear()
        self.run_cron()
        asked = [(name.rstrip('.'), rdtype) for name, rdtype in self.dns.log]
        self.assertEqual(asked.count(('_spf.odoo.com', 'TXT')), 1)
