from odoo.tests import HttpCase, tagged

from .common import DnsServerCase
from .test_box_tours import SIZES

LIST = '/odoo/action-mail_domain_health.mail_domain_health_action'
LONG = '.'.join(letter * 63 for letter in 'xyz') + '.example'  # 199 characters of the 253 that a name may have


@tagged('post_install', '-at_install')
class TestLongNames(DnsServerCase, HttpCase):
    """The verdict is seen at once, however long the name of a domain is, on a wide screen and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        company = cls.make_company("Long Name", LONG)
        cls.env.ref('base.user_admin').write({'company_ids': [(6, 0, company.ids)], 'company_id': company.id})

    def setUp(self):
        super().setUp()
        self.publish(LONG, '@ TXT "v=spf1 ip4:203.0.113.0/24 ~all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.health(LONG).check_now()
        self.assertEqual(self.health(LONG).state, 'fail')

    def look(self, url, tour):
        for size, touches in SIZES:
            with self.subTest(size=size):
                self.browser_size, self.touch_enabled = size, touches
                self.start_tour(url, tour, login='admin')

    def test_a_long_name_hides_no_verdict_in_the_list_or_on_its_page_which_begins_with_the_primary_button(self):
        self.look(LIST, 'mail_domain_health_long_name')

    def test_a_long_name_hides_no_verdict_and_no_button_in_settings(self):
        self.look('/odoo/settings', 'mail_domain_health_long_name_settings')
