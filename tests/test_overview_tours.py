from odoo.tests import HttpCase, tagged

from .common import HEALTHY, DnsServerCase

LIST = '/odoo/action-mail_domain_health.mail_domain_health_action'
FAILING = ('@ TXT "v=spf1 ip4:203.0.113.0/24 ~all"', '_dmarc TXT "v=DMARC1; p=reject"')


@tagged('post_install', '-at_install')
class TestOverviewTours(DnsServerCase, HttpCase):
    """What somebody with many domains does in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.Health = cls.env['mail.domain.health']
        cls.company = cls.make_company("Many Domains", 'failing.example')
        cls.admin.write({'company_ids': [(6, 0, cls.company.ids)], 'company_id': cls.company.id})

    def setUp(self):
        super().setUp()
        self.env.cr.flush()
        self.Health.search([]).filtered(lambda domain: domain.name != 'failing.example').active = False

    def watch(self, *names):
        """Return records of domains of the company, which nothing takes away while the tour runs."""
        return self.Health.create([
            {'name': name, 'company_ids': [(6, 0, self.company.ids)], 'dkim_selectors': 'odoo'} for name in names])

    def verdicts(self):
        """Have one domain of each verdict."""
        self.publish('failing.example', *FAILING)
        self.health('failing.example').check_now()
        fine, fragile, _unknown = self.watch('fine.example', 'fragile.example', 'dark.example')
        self.publish('fine.example', *HEALTHY)
        fine.check_now()
        fragile.state = 'warning'
        self.assertEqual((self.health('failing.example').state, fine.state), ('fail', 'pass'))

    def test_the_cards_count_and_filter_and_keep_the_rest_of_the_search(self):
        self.verdicts()
        self.start_tour(LIST, 'mail_domain_health_cards', login='admin')

    def test_the_same_in_german(self):
        self.speak('de_DE')
        self.verdicts()
        self.start_tour(LIST, 'mail_domain_health_cards', login='admin')

    def many(self):
        domains = self.watch(*(f'd{number}.example' for number in range(24)))
        for name in domains.mapped('name'):
            self.publish(name, *HEALTHY)
        self.publish('failing.example', *FAILING)
        return domains | self.health('failing.example')

    def test_many_domains_are_checked_while_a_bar_moves(self):
        domains = self.many()
        self.start_tour(LIST, 'mail_domain_health_bulk_check', login='admin')
        self.assertEqual(domains.filtered(lambda domain: domain.state != 'pass').mapped('name'), ['failing.example'])
        self.assertTrue(all(domains.mapped('last_check')))

    def test_a_check_of_many_domains_can_be_stopped_and_keeps_what_it_has(self):
        domains = self.many()
        self.start_tour(LIST, 'mail_domain_health_bulk_cancel', login='admin')
        checked = domains.filtered('last_check')
        self.assertTrue(0 < len(checked) < len(domains), len(checked))

    def test_letters_responsible_tags_and_mutes_of_several_domains(self):
        self.verdicts()
        self.env['mail.domain.health.tag'].create({'name': "Brand"})
        self.start_tour(LIST, 'mail_domain_health_bulk_actions', login='admin')
        chosen = self.health('failing.example') | self.health('fine.example')
        self.assertEqual(chosen.user_id, self.admin)
        lasting = self.health('failing.example').finding_ids.filtered(lambda finding: not finding.resolved_on)
        self.assertTrue(lasting)
        seen = lasting.filtered(lambda finding: finding.company_id in (self.env['res.company'], self.company))
        self.assertTrue(seen)
        self.assertTrue(all(seen.mapped('is_muted')))

    def test_domains_are_imported_and_what_could_not_be_is_mended_on_the_spot(self):
        self.start_tour(LIST, 'mail_domain_health_import', login='admin')
        for name in ('parked.example', 'shop.example'):
            domain = self.health(name)
            self.assertEqual((domain.active, domain.watched_company_ids, domain.sends_nothing), (True, self.company, True))

    def test_how_many_were_in_which_state_is_drawn_and_counted(self):
        self.verdicts()
        self.start_tour('/odoo/action-mail_domain_health.mail_domain_health_history_action', 'mail_domain_health_history',
                        login='admin')
