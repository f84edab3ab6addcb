"""A DNS server for Odoo's tests: real packets on loopback, answered from zones as text."""

import base64
import hashlib
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

from ..checking import changes, quieting
from ..mailauth.tests.dns_server import DnsServer
from ..models.mail_domain_health import PARAMETER_NAMESERVERS
from ..sending.counting import PENDING

# Any RSA modulus of 2048 bits is a key for whoever looks at DNS only: an odd number of that size.
_MODULUS = int.from_bytes(b'\xc1' + b''.join(hashlib.sha256(bytes([n])).digest() for n in range(8))[:254] + b'\x01', 'big')


def dkim_key():
    """Return a DKIM key record (RFC 6376 §3.6.1) as a zone writes it: in strings of at most 255 octets."""
    def tlv(tag, content):
        size = len(content)
        length = bytes([size]) if size < 128 else b'\x82' + size.to_bytes(2, 'big')
        return bytes([tag]) + length + content

    key = tlv(0x30, tlv(2, b'\x00' + _MODULUS.to_bytes(256, 'big')) + tlv(2, (65537).to_bytes(3, 'big')))
    algorithm = tlv(0x30, bytes.fromhex('06092a864886f70d010101') + b'\x05\x00')
    record = 'v=DKIM1; k=rsa; p=' + base64.b64encode(tlv(0x30, algorithm + tlv(3, b'\x00' + key))).decode()
    return ' '.join(f'"{record[start:start + 255]}"' for start in range(0, len(record), 255))


# What Odoo's own mail servers publish, as far as our tests ask.
ODOO_ZONE = f"""
_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"
odoo._domainkey TXT {dkim_key()}
"""

SPF_RECORD = '@ TXT "v=spf1 include:_spf.odoo.com ~all"'
DKIM_RECORD = 'odoo._domainkey CNAME odoo._domainkey.odoo.com.'
DMARC_RECORD = '_dmarc TXT "v=DMARC1; p=none"'
HEALTHY = (SPF_RECORD, DKIM_RECORD, DMARC_RECORD)


def mute(findings, days=90):
    """Mute findings as the wizard does, until a day."""
    quieting.mute(findings, fields.Datetime.now() + timedelta(days=days), "Known.")


def follow_changes(env):
    """Do what the scheduled check does about changes that were noted."""
    Note = env['mail.domain.health.note'].sudo()
    while note := Note.search([('scope', '!=', 'findings')], limit=1):
        changes.follow_note(note)
    for note in Note.search([('scope', '=', 'findings')]):
        env['mail.domain.health.path']._sync_findings(env['res.company'].browse(note.company_id))
        note._forget()


class DnsServerCase:
    """Mixed into a test case: every test gets a DNS server of its own, and Settings names it as the resolver.

    ``self.dns`` is the server (see :class:`DnsServer` for what it can be told to do);
    ``zones`` is what it serves when a test begins.
    """

    zones = {'odoo.com': ODOO_ZONE}
    follows_at_once = True  # what the scheduled check, which is woken, does about changed addresses of users

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.follows_at_once:
            follow_users = changes.follow_users

            def follow(env):
                follow_users(env)
                follow_changes(env)

            cls.startClassPatcher(patch.object(changes, 'follow_users', follow))

    def setUp(self):
        super().setUp()
        self.dns = DnsServer(self.zones).start()
        self.addCleanup(self.dns.stop)
        self.use_resolver(*self.dns.address)

    def use_resolver(self, host, port):
        """Ask this name server from now on."""
        self.env['ir.config_parameter'].set_param(PARAMETER_NAMESERVERS, f'{host}:{port}')

    @contextmanager
    def silent_dns(self):
        """Within, nothing listens where this Odoo asks."""
        self.use_resolver('127.0.0.1', 1)
        yield
        self.use_resolver(*self.dns.address)

    def publish(self, name, *records):
        """Serve the zone ``name`` with these records besides an MX and an address (``@`` and relative names)."""
        self.dns.set_zone(name, '\n'.join((
            '@ SOA ns1 hostmaster 1 3600 600 86400 300',
            '@ NS ns1', '@ MX 10 mail', 'mail A 192.0.2.10', 'ns1 A 192.0.2.53', *records,
        )))

    def speak(self, lang):
        """Have the administrator's screens in this language, which is added with the translations of this module."""
        self.env['res.lang']._activate_lang(lang)
        self.env['ir.module.module']._load_module_terms(['mail_domain_health'], [lang])
        self.env.ref('base.user_admin').lang = lang

    @classmethod
    def make_company(cls, name, domain, service='odoo'):
        """Return a new company whose mail leaves as ``domain``, through a service of the catalog."""
        company = cls.env['res.company'].create({'name': name})
        company.alias_domain_id = cls.env['mail.alias.domain'].create({'name': domain})
        if service:
            company.mail_sending_service_id = cls.env.ref(f'mail_domain_health.sending_service_{service}')
        cls.env.cr.flush()  # the end of a transaction, as far as the configuration is concerned
        return company

    def write_sent(self):
        """Write what was sent, as the end of its transaction does; a test's transaction has none."""
        self.env.cr.flush()
        noted = self.env.cr.postcommit.data.get(PENDING)
        with self.enter_registry_test_mode():
            if noted:
                noted.write()
        self.env.invalidate_all()

    def queries_of_opening(self, names):
        """Return how many queries it takes to open Settings (``self.Settings``) with these fields."""
        asked = {name: {'fields': {'display_name': {}}} if self.Settings._fields[name].type == 'many2one' else {} for name in names}
        return self.queries_of(lambda: self.Settings.onchange({}, [], asked))

    def queries_of(self, call):
        """Return how many queries a call takes as the first of a request."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - before

    def health(self, name):
        """Return the watched domain of that name, archived ones included."""
        self.env.cr.flush()
        return self.env['mail.domain.health'].with_context(active_test=False).search([('name', '=', name)])


class DomainHealthCase(DnsServerCase, TransactionCase):
    """A company whose mail leaves through Odoo's own servers as ours.example."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        # core gives the first alias domain to every company
        cls.env['mail.alias.domain'].create({'name': 'first.example'})
        cls.company = cls.make_company("Ours", 'ours.example')
