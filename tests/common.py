import base64
from contextlib import contextmanager

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from odoo.tests import TransactionCase

from ..mailauth.tests.dns_server import DnsServer
from ..models.mail_domain_health import PARAMETER_NAMESERVERS

# Stand-ins for what Odoo publishes, with addresses of documentation.
ODOO_ZONE = """
$ORIGIN odoo.com.
@ SOA ns hostmaster 1 3600 600 86400 300
@ MX 10 mail
_spf TXT "v=spf1 ip4:192.0.2.0/26 ip6:2001:db8:1::/64 ~all"
odoo._domainkey TXT "v=DKIM1; k=rsa; p=%s"
mail A 192.0.2.25
"""

class DomainHealthMixin:
    """A scripted DNS server that this Odoo asks, and a company whose mail leaves through Odoo's own servers."""

    @classmethod
    def start_dns(cls):
        cls.dns = DnsServer({'odoo.com': ODOO_ZONE % cls.public_key()})
        cls.dns.__enter__()
        cls.addClassCleanup(cls.dns.__exit__, None, None, None)
        cls.env['ir.config_parameter'].set_param(PARAMETER_NAMESERVERS, '%s:%s' % cls.dns.address)

    @classmethod
    def public_key(cls):
        """Return the base64 of a new 2048-bit public key."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
        return base64.b64encode(key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)).decode()

    @classmethod
    def publish(cls, name, *records):
        """Serve the zone ``name`` with these records besides an MX and an address (``@`` and relative names)."""
        cls.dns.set_zone(name, '\n'.join((
            '@ SOA ns1 hostmaster 1 3600 600 86400 300',
            '@ NS ns1', '@ MX 10 mail', 'mail A 192.0.2.10', 'ns1 A 192.0.2.53', *records,
        )))

    @classmethod
    def make_company(cls, name, domain, service='odoo'):
        company = cls.env['res.company'].create({'name': name})
        company.alias_domain_id = cls.env['mail.alias.domain'].create({'name': domain})
        if service:
            company.mail_sending_service_id = cls.env.ref(f'mail_domain_health.sending_service_{service}')
        return company

    def health(self, name):
        """Return the watched domain of that name, archived ones included."""
        return self.env['mail.domain.health'].with_context(active_test=False).search([('name', '=', name)])


SPF_RECORD = '@ TXT "v=spf1 include:_spf.odoo.com ~all"'
DKIM_RECORD = 'odoo._domainkey CNAME odoo._domainkey.odoo.com.'
DMARC_RECORD = '_dmarc TXT "v=DMARC1; p=none"'
HEALTHY = (SPF_RECORD, DKIM_RECORD, DMARC_RECORD)


class DomainHealthCase(DomainHealthMixin, TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([]).unlink()
        cls.start_dns()
        cls.company = cls.make_company("Ours", 'ours.example')

    @contextmanager
    def silent_dns(self):
        """Within, no server listens where this Odoo asks."""
        parameter = self.env['ir.config_parameter'].sudo()
        address = parameter.get_param(PARAMETER_NAMESERVERS)
        parameter.set_param(PARAMETER_NAMESERVERS, '127.0.0.1:1')
        yield
        parameter.set_param(PARAMETER_NAMESERVERS, address)
