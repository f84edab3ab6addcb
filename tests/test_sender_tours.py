from odoo.tests import HttpCase, tagged

from .common import DnsServerCase
from .sender_common import configuration_file


@tagged('post_install', '-at_install')
class TestSenderTours(DnsServerCase, HttpCase):
    """What an administrator does in the browser about the default sender address."""

    def setUp(self):
        super().setUp()
        self.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        self.enterContext(configuration_file(smtp_server='file', from_filter=False, email_from=False))
        self.admin = self.env.ref('base.user_admin')
        self.admin.email = 'admin@failing.example'
        self.company = self.admin.company_id
        self.company.alias_domain_id = self.env['mail.alias.domain'].create({'name': 'failing.example'})
        self.env['res.partner'].search([('partner_share', '=', True), ('email', '!=', False)]).email = False
        self.env['res.partner'].create({'name': "Carl", 'email': 'carl@customer.example'})
        self.env.cr.flush()

    def test_from_the_examples_to_one_address_for_all_mail(self):
        self.start_tour('/odoo/settings', 'mail_domain_health_sender', login='admin')
        self.assertEqual(self.company.alias_domain_id.default_from, 'desk')
        self.assertIn('desk@failing.example', self.env['ir.config_parameter'].get_param('mail.default.from_filter'))
        self.assertIn('desk', self.health('failing.example').message_ids[0].body)

    def test_parameters_of_older_versions_are_honored_and_then_converted(self):
        self.env['ir.config_parameter'].set_param('mail.force.smtp.from', 'office@failing.example')
        self.env.cr.flush()
        self.start_tour('/odoo/settings', 'mail_domain_health_legacy_sender', login='admin')
        self.assertFalse(self.env['ir.config_parameter'].get_param('mail.force.smtp.from'))
        self.assertEqual(self.company.alias_domain_id.default_from, 'office')
