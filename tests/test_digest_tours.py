from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import HEALTHY, DnsServerCase


@tagged('post_install', '-at_install')
class TestDigestTours(DnsServerCase, HttpCase):
    """A person turns the weekly digest off and on in Settings, and reads what it mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.env['mail.alias.domain'].create({'name': 'first.example'})  # core gives the first one to every company
        cls.company = cls.make_company("Broken", 'broken.example')
        cls.make_company("Works", 'works.example')
        cls.company.mail_health_user_id = cls.admin
        cls.admin.write({'company_ids': [(6, 0, cls.company.ids)], 'company_id': cls.company.id, 'email': 'admin@elsewhere.example'})

    def digests(self):
        known = self.env['mail.mail'].search([])
        with self.enter_registry_test_mode():
            self.env.ref('mail_domain_health.ir_cron_mail_domain_health_digest').method_direct_trigger()
        self.env.invalidate_all()
        return self.env['mail.mail'].search([]) - known

    def test_the_digest_is_turned_off_and_on_and_read(self):
        self.publish('broken.example')
        self.publish('works.example', *HEALTHY)
        for name in ('broken.example', 'works.example'):
            self.health(name).with_context(active_test=True).check_now()
        self.start_tour('/odoo/settings', 'mail_domain_health_digest_off', login='admin')
        self.assertFalse(self.company.mail_health_sends_digest)
        self.assertFalse(self.digests())
        self.start_tour('/odoo/settings', 'mail_domain_health_digest_on', login='admin')
        self.assertTrue(self.company.mail_health_sends_digest)
        [mail] = self.digests()
        self.assertIn('@works.example', mail.email_from)
        self.assertLess(self.admin.mail_health_digest_on, fields.Datetime.now() + timedelta(minutes=1))
        self.assertNotIn('works.example</a>', mail.body_html)
        for self.browser_size, self.touch_enabled in (('1400x900', False), ('375x667', True)):
            self.start_tour(f'/odoo/mail.mail/{mail.id}', 'mail_domain_health_digest_mail', login='admin')
