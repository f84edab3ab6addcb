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

    def test_host_that_somebody_adds_changes_or_removes_is_recognized_at_once(self):
        Provider = self.env['mail.dns.provider']
        self.assertFalse(Provider._recognize(['ns1.new-host.example']))
        added = Provider.create({'name': "New", 'code': 'new', 'ns_patterns': '*.new-host.example'})
        self.assertEqual(Provider._recognize(['NS1.new-host.example.']), added)
        added.ns_patterns = '*.moved.example, *.other.example'
        self.assertFalse(Provider._recognize(['ns1.new-host.example']))
        self.assertEqual(Provider._recognize(['ns1.other.example', 'ns2.elsewhere.example']), added)
        added.unlink()
        self.assertFalse(Provider._recognize(['ns1.other.example']))
