from odoo.tests import HttpCase, tagged

from ..mailauth.tests import mails
from .common import HEALTHY, DnsServerCase
from .panel_common import PanelCase

# Google may send for it, Odoo may not, and receivers are told to refuse what is not verified.
FAILING = (
    '@ MX 10 mail',
    'mail A 198.51.100.25',
    '@ TXT "v=spf1 include:_spf.google.com ~all"',
    '_dmarc TXT "v=DMARC1; p=reject"',
)


@tagged('post_install', '-at_install')
class TestTours(PanelCase, DnsServerCase, HttpCase):
    """What an administrator does in the browser, with DNS answering in real packets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.company = cls.admin.company_id

    def setUp(self):
        super().setUp()
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:203.0.113.0/24 ~all"')
        self.open_panel(self.dns, **{'failing.example': FAILING})
        self.company.write({
            'alias_domain_id': self.env['mail.alias.domain'].create({'name': 'failing.example'}).id,
            'mail_sending_service_id': self.ref('mail_domain_health.sending_service_odoo'),
        })
        self.domain = self.health('failing.example')
        self.domain.check_now()

    def test_a_failing_domain_passes_once_the_records_are_published(self):
        self.fix_it()

    def test_the_same_in_german(self):
        self.speak('de_DE')
        self.fix_it()

    def fix_it(self):
        self.assertEqual(self.domain.state, 'fail')
        self.start_tour('/odoo/settings', 'mail_domain_health_publish', login='admin', timeout=180)
        self.assertEqual(self.domain.state, 'pass')
        self.assertEqual(self.entered('failing.example', 'TXT', 'CNAME'), [
            ('@', 'TXT', 'v=spf1 include:_spf.odoo.com include:_spf.google.com ~all'),
            ('_dmarc', 'TXT', 'v=DMARC1; p=reject'),
            ('odoo._domainkey', 'CNAME', 'odoo._domainkey.odoo.com.'),
        ])

    def test_without_an_answer_the_last_known_state_stays_visible_and_nobody_is_told(self):
        messages = self.domain.message_ids
        self.start_tour('/odoo/settings', 'mail_domain_health_no_answer', login='admin')
        self.assertEqual(self.domain.spf_state, 'unknown')
        self.assertEqual(self.domain.message_ids, messages)
        self.assertFalse(self.domain.activity_ids)

    def test_from_the_box_to_every_page_of_the_report(self):
        self.env['ir.config_parameter'].set_param('mail.catchall.domain', 'failing.example')
        self.env.cr.flush()
        self.start_tour('/odoo/settings', 'mail_domain_health_report', login='admin')

    def test_the_box_follows_the_company_switch(self):
        self.publish('healthy.example', *HEALTHY)
        other = self.make_company("Healthy Company", 'healthy.example')
        self.admin.company_ids += other
        self.health('healthy.example').check_now()
        self.start_tour('/odoo/settings', 'mail_domain_health_company', login='admin')

    def test_opening_settings_asks_dns_nothing(self):
        asked = list(self.dns.log)
        self.start_tour('/odoo/settings', 'mail_domain_health_look', login='admin')
        self.assertEqual(self.dns.log, asked)

    def test_markup_from_dns_is_shown_as_text(self):
        """No screen that shows records makes an element of what they contain."""
        markup = '<img/src=x/onerror=document.title=1><b>'
        self.store.delete('failing.example', 'TXT', '@', 'v=spf1 include:_spf.google.com ~all')
        self.store.add('failing.example', 'TXT', '@', f'v=spf1 include:_spf.google.com x={markup} ~all')
        self.store.delete('failing.example', 'TXT', '_dmarc', 'v=DMARC1; p=reject')
        self.store.add('failing.example', 'TXT', '_dmarc', f'v=DMARC1; p={markup}')
        self.domain.check_now()
        self.start_tour('/odoo/settings', 'mail_domain_health_markup', login='admin')

    def test_the_domains_are_a_menu_of_settings_without_developer_mode(self):
        self.start_tour('/odoo/settings', 'mail_domain_health_menu', login='admin')

    def test_an_unsaved_alias_domain_is_not_checked(self):
        self.env['mail.alias.domain'].create({'name': 'another.example'})
        self.start_tour('/odoo/settings', 'mail_domain_health_unsaved', login='admin')
        self.assertEqual(self.company.alias_domain_id.name, 'failing.example')

    def test_from_a_failing_path_to_its_remedy_in_odoo_to_a_passing_path(self):
        """A user's address at a freemail domain leaves as it is, because no filter says which domains are ours."""
        self.store.delete('failing.example', 'TXT', '@', 'v=spf1 include:_spf.google.com ~all')
        self.store.add('failing.example', 'TXT', '@', 'v=spf1 include:_spf.odoo.com ~all')
        self.store.add('failing.example', 'CNAME', 'odoo._domainkey', 'odoo._domainkey.odoo.com')
        self.publish('yahoo.com', '@ TXT "v=spf1 ip4:203.0.113.0/24 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.admin.email = 'admin@yahoo.com'
        self.env['mail.domain.health']._refresh()
        self.domain.check_now()
        self.health('yahoo.com').check_now()
        path = self.env['mail.domain.health.path'].search([('from_email', '=', 'admin@yahoo.com'), ('kind', '=', 'user')])
        self.assertEqual(path.state, 'fail')
        self.start_tour('/odoo/settings', 'mail_domain_health_path_remedy', login='admin')
        self.assertIn('failing.example', self.env['ir.config_parameter'].get_param('mail.default.from_filter'))
        path = self.env['mail.domain.health.path'].search([('author_email', '=', 'admin@yahoo.com'), ('kind', '=', 'user')])
        self.assertEqual((path.from_email, path.state), ('notifications@failing.example', 'pass'))

    def test_from_a_failing_path_to_the_records_in_dns_to_a_passing_path(self):
        self.start_tour('/odoo/settings', 'mail_domain_health_path_publish', login='admin')
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'notifications')])
        self.assertEqual(path.state, 'pass')

    def test_one_received_mail_turns_unknown_into_pass(self):
        self.dns.set_zone('ours.example', mails.zones()['ours.example'])
        self.dns.set_zone('odoo.com', '_spf TXT "v=spf1 ip4:198.51.100.0/24 ~all"')
        self.env['ir.mail_server'].create({'name': "Our relay", 'smtp_host': 'relay.ours.example'})
        self.company.write({
            'alias_domain_id': self.env['mail.alias.domain'].create({'name': 'ours.example'}).id,
            'mail_sending_service_id': False,
        })
        self.env['mail.message'].create({
            'message_id': '<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>', 'body': "Quotation"})
        domain = self.health('ours.example')
        domain.check_now()
        self.assertEqual(domain.state, 'unknown')
        self.start_tour('/odoo/settings', 'mail_domain_health_arrival', login='admin')
        self.assertFalse(self.env['mail.sending.observation'].search([('from_domain', '=', 'ours.example')]))
