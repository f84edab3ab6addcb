from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..models.res_config_settings import DEFAULT_LIMIT
from .common import DomainHealthCase


@tagged('post_install', '-at_install')
class TestLimit(DomainHealthCase):
    """Settings tell how much of the daily limit of Odoo's own servers is used up."""

    def setUp(self):
        super().setUp()
        self.admin = new_test_user(
            self.env, 'limit_admin', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        self.Settings = self.env['res.config.settings'].with_user(self.admin).with_company(self.company)
        self.count_since(days=2)

    def count_since(self, **age):
        self.env['ir.config_parameter'].set_param(
            'mail_domain_health.measured_since', fields.Datetime.to_string(fields.Datetime.now() - timedelta(**age)))

    def sent(self, messages, mail_server_id=0, **age):
        self.env['mail.domain.health.sent'].create({
            'path_id': 0, 'mail_server_id': mail_server_id, 'messages': messages,
            'sent_on': fields.Datetime.now() - timedelta(**age),
        })

    def open(self):
        return self.Settings.create({})

    def test_mails_of_the_last_24_hours_through_odoos_servers_count(self):
        relay = self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp-relay.brevo.com', 'from_filter': 'x.example'})
        self.sent(7, hours=1)
        self.sent(5, hours=23)
        self.sent(100, hours=25)
        self.sent(100, mail_server_id=relay.id, hours=1)
        settings = self.open()
        self.assertTrue(settings.sends_through_odoo)
        self.assertEqual((settings.odoo_mails_sent, settings.mail_domain_health_odoo_daily_limit), (12, DEFAULT_LIMIT))
        self.assertFalse(settings.odoo_mails_limit_is_near or settings.odoo_mails_limit_is_reached)
        self.assertFalse(settings.odoo_mails_since)

    def test_limit_is_a_setting(self):
        self.sent(9, hours=1)
        settings = self.open()
        settings.mail_domain_health_odoo_daily_limit = 10
        settings.execute()
        settings = self.open()
        self.assertEqual(settings.mail_domain_health_odoo_daily_limit, 10)
        self.assertTrue(settings.odoo_mails_limit_is_near)
        self.sent(1)
        settings = self.open()
        self.assertTrue(settings.odoo_mails_limit_is_reached)
        self.assertFalse(settings.odoo_mails_limit_is_near)

    def test_first_day_says_since_when(self):
        self.count_since(hours=3)
        self.assertTrue(self.open().odoo_mails_since)

    def test_other_services_show_nothing_of_it(self):
        self.company.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_brevo')
        self.env.cr.flush()
        self.assertFalse(self.open().sends_through_odoo)

    def test_opening_settings_costs_no_query_more_whatever_was_sent(self):
        box = ['company_id', 'mail_domain_health']
        ours = ['sends_through_odoo', 'odoo_mails_sent', 'odoo_mails_since', 'odoo_mails_limit_is_near',
                'odoo_mails_limit_is_reached', 'mail_domain_health_odoo_daily_limit']

        self.queries_of_opening([*box, *ours])  # fills the caches that outlive a request
        for _number in range(2):
            self.assertLessEqual(self.queries_of_opening([*box, *ours]), self.queries_of_opening(box))
            for number in range(100):
                self.sent(1, minutes=number)
