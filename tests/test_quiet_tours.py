from odoo.tests import HttpCase, tagged

from ..checking.announcing import ACTIVITY_BROKEN
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, DnsServerCase


@tagged('post_install', '-at_install')
class TestQuietTours(DnsServerCase, HttpCase):
    """A person mutes a finding, says that they are on what broke, and takes both back, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.env['mail.alias.domain'].create({'name': 'first.example'})  # core gives the first one to every company
        cls.company = cls.make_company("Quiet", 'broken.example')
        cls.company.mail_health_user_id = cls.admin
        cls.admin.write({'company_ids': [(6, 0, cls.company.ids)], 'company_id': cls.company.id})

    def setUp(self):
        super().setUp()
        self.domain = self.health('broken.example').with_context(active_test=True)
        self.publish('broken.example', *HEALTHY)
        self.domain.check_now()
        self.publish('broken.example', DKIM_RECORD, DMARC_RECORD)
        self.domain.check_now()
        announced = self.domain.announced
        announced['spf']['pending_since'] = '2026-01-01T00:00:00'
        self.domain.announced = announced
        self.domain.check_now()
        self.activity = self.env.ref(ACTIVITY_BROKEN)
        self.assertEqual(self.domain.activity_ids.activity_type_id, self.activity)
        self.report = f'/odoo/mail.domain.health/{self.domain.id}'

    def kinds(self):
        return self.domain.event_ids.sorted('id').mapped('kind')

    def test_a_finding_is_muted_until_it_changes_and_unmuted(self):
        self.start_tour(self.report, 'mail_domain_health_mute', login='admin')
        self.assertEqual(self.kinds(), ['muted', 'unmuted'])

    def test_a_finding_is_muted_until_a_day_to_come_and_no_other(self):
        self.start_tour(self.report, 'mail_domain_health_mute_until_a_day', login='admin')
        self.assertEqual(self.kinds(), ['muted'])
        self.assertEqual(self.domain.event_ids.until.year, 2090)

    def test_all_findings_of_chosen_domains_are_muted_and_unmuted(self):
        lasting = self.domain.finding_ids.filtered(lambda found: not found.resolved_on)
        self.start_tour('/odoo/action-mail_domain_health.mail_domain_health_action', 'mail_domain_health_mute_in_bulk', login='admin')
        self.assertEqual(self.kinds(), ['muted'] * len(lasting) + ['unmuted'] * len(lasting))
        self.assertEqual(self.domain.activity_ids.activity_type_id, self.activity)

    def test_somebody_is_on_it_until_a_day(self):
        self.start_tour(self.report, 'mail_domain_health_acknowledge_until_a_day', login='admin')
        self.assertEqual(self.kinds(), ['acknowledged'])
        self.assertEqual(self.domain.acknowledged_until.year, 2090)
        self.assertFalse(self.domain.activity_ids)

    def test_somebody_is_on_what_broke_and_takes_that_back(self):
        self.start_tour(self.report, 'mail_domain_health_acknowledge', login='admin')
        self.assertEqual(self.kinds(), ['acknowledged', 'withdrawn'])
        self.assertEqual(self.domain.activity_ids.activity_type_id, self.activity)

    def test_of_chosen_domains_those_that_broke_are_acknowledged(self):
        fine = self.env['mail.domain.health'].create({'name': 'fine.example', 'company_ids': [(6, 0, self.company.ids)]})
        self.start_tour('/odoo/action-mail_domain_health.mail_domain_health_action', 'mail_domain_health_acknowledge_in_bulk',
                        login='admin')
        self.assertEqual(self.kinds(), ['acknowledged', 'withdrawn'])
        self.assertFalse(fine.event_ids)
