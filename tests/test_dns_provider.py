from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestDnsProvider(TransactionCase):
    """What is copied from the screen has to be right in the form of that very DNS host."""

    def value(self, code, rdtype, value):
        provider = self.env['mail.dns.provider'].search([('code', '=', code)])
        self.assertTrue(provider, code)
        return provider._value({'rdtype': rdtype, 'value': value, 'strings': [value]})

    def test_a_host_that_adds_the_domain_to_cname_targets_gets_them_with_a_dot(self):
        for code in ('ovh', 'gandi'):
            with self.subTest(code):
                self.assertEqual(self.value(code, 'CNAME', 'odoo._domainkey.odoo.com'), 'odoo._domainkey.odoo.com.')
                self.assertEqual(self.value(code, 'TXT', 'v=DMARC1; p=none'), 'v=DMARC1; p=none')

    def test_other_hosts_get_cname_targets_without_a_dot(self):
        for code in ('cloudflare', 'godaddy'):
            with self.subTest(code):
                self.assertEqual(self.value(code, 'CNAME', 'odoo._domainkey.odoo.com'), 'odoo._domainkey.odoo.com')
