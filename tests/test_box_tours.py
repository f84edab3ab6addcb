from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import DKIM_RECORD, HEALTHY, SPF_RECORD, DnsServerCase

# A wide screen, and a phone.
SIZES = (('1400x900', False), ('375x667', True))


@tagged('post_install', '-at_install')
class TestBoxTours(DnsServerCase, HttpCase):
    """What Settings looks like, by its words and pixels, and what is folded there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.env['mail.alias.domain'].create({'name': 'first.example'})  # core gives it to all companies
        cls.admin = cls.env.ref('base.user_admin')

    def add_company(self, name, domain, service='odoo'):
        """Add a company that the administrator may switch to; return its domain."""
        company = self.make_company(f'{name} Company', domain, service)
        self.admin.company_ids += company
        return self.health(domain)

    def look(self, lang=None):
        """Measure the box in every state at both widths, in a language besides English."""
        if lang:
            self.speak(lang)
        self.make_states()
        for size, touches in SIZES:
            with self.subTest(size=size):
                self.browser_size, self.touch_enabled = size, touches
                self.start_tour('/odoo/settings', 'mail_domain_health_box_looks', login='admin', timeout=180)

    def test_it_is_small_and_says_what_to_do_in_every_state_at_both_widths(self):
        self.look()

    def test_it_is_as_small_in_german(self):
        self.look('de_DE')

    def test_it_is_as_small_in_french(self):
        self.look('fr_FR')

    def test_it_is_as_small_in_spanish(self):
        self.look('es_ES')

    def make_states(self):
        """Have a company for each state that the box can be in."""
        self.publish('red.example')
        self.publish('other.example')
        red = self.add_company('Red', 'red.example')
        red.alias_domain_ids.default_from = 'shop@other.example'
        self.env.cr.flush()
        self.env['mail.domain.health.finding'].create({
            'domain_id': red.id, 'company_id': red.alias_domain_ids.company_ids.id, 'area': 'path', 'code': 'path.capitals',
            'name': 'a', 'severity': 'warning', 'first_seen': '2026-01-01', 'last_seen': '2026-01-01',
            'params': {'domain': 'x.example', 'address': 'a@x.example'}})
        lost = self.add_company('Lost', 'lost.example')
        for name in ('amber', 'lost'):
            self.publish(f'{name}.example', SPF_RECORD, DKIM_RECORD)
        self.publish('green.example', *HEALTHY)
        self.publish('sender.example')
        self.dns.set_zone('shut.example', '@ MX 0 .')
        self.dns.set_silent('unseen.example')
        checked = red | lost | self.health('other.example') | self.add_company('Amber', 'amber.example') \
            | self.add_company('Green', 'green.example') | self.add_company('Shut', 'shut.example') \
            | self.add_company('Unseen', 'unseen.example') | self.add_company('Sender', 'sender.example', service=None)
        self.add_company('New', 'new.example')
        nothing = self.env['res.company'].create({'name': "Nothing Company"})
        nothing.alias_domain_id = False
        self.admin.company_ids += nothing
        for domain in checked:
            domain.check_now()
        # The longest that is said of it: "59 minutes ago", however long the browser takes.
        checked.filtered('last_check').last_check = fields.Datetime.now() - timedelta(minutes=59, seconds=20)
        self.env['mail.domain.health.finding'].create([{  # of which no check tells
            'domain_id': domain.id, 'area': 'registration', 'code': 'registration.ns', 'name': 'gone.example', 'severity': 'error',
            'first_seen': '2026-01-01', 'last_seen': '2026-01-01',
            'params': {'since': '2026-01-01', 'host': 'ns.gone.example', 'at': domain.name, 'term': 'ns.gone.example'},
        } for domain in (red, lost)])
        self.env['mail.domain.health.finding'].search([
            ('area', '=', 'path'), ('company_id.name', '=', "Green Company")]).unlink()

    def test_what_is_folded_is_found_kept_and_shown_where_it_cannot_be_saved(self):
        self.admin.company_id.alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'first.example')])
        self.start_tour('/odoo/settings', 'mail_domain_health_box_folds', login='admin')
        self.assertEqual(self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check').interval_number, 7)

    def test_where_dns_does_not_answer_the_name_servers_are_tried_out(self):
        self.admin.company_id.alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'first.example')])
        self.admin.company_id.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_odoo')
        with self.silent_dns():
            self.health('first.example').check_now()
            self.start_tour('/odoo/settings', 'mail_domain_health_box_dns', login='admin')
