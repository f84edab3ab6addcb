"""Contacts, the domains of their addresses, and DNS with a second source that can be asked about them."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import api, fields

from ..contacts.refreshing import refresh
from ..mailauth.contact import pace
from ..mailauth.tests.dns_server import DnsServer
from ..models import mail_domain_health
from .common import DomainHealthCase


class ContactsCase(DomainHealthCase):

    def contact(self, email, **values):
        return self.env['res.partner'].create({'name': email[:60], 'email': email, **values})

    def refresh(self):
        return refresh(self.env)

    def domain(self, name):
        return self.env['mail.partner.domain'].search([('name', '=', name)])

    def domains(self):
        """Return ``{name: number of contacts}`` of what these tests gave contacts."""
        return {domain.name: domain.contact_count for domain in self.env['mail.partner.domain'].search(
            [('name', '=like', '%.test')])}


class ContactChecksCase(ContactsCase):
    """``self.dns`` is the resolver; ``self.authority`` is the server of all zones, the root's too, which it knows by referral."""

    ROOT = '@ SOA a.root. host. 1 3600 600 86400 300\n@ NS a.root.\na.root. A 127.0.0.2'
    HEADER = '@ SOA ns host 1 3600 600 86400 300\n@ NS ns\nns A 127.0.0.2\n'
    REACHABLE = '@ MX 10 mail\nmail A 198.51.100.9\n'

    def setUp(self):
        super().setUp()
        self.authority = DnsServer({'.': self.ROOT}, host='127.0.0.2', authoritative=True, outside='nxdomain').start()
        self.addCleanup(self.authority.stop)
        self.dns.set_zone('.', self.ROOT)
        self.startPatcher(patch.object(mail_domain_health, 'AUTHORITY_PORT', self.authority.address[1]))
        self.patch(pace, 'QUESTIONS_PER_ZONE_SERVER', 1e5)  # one server has all zones here
        self.serve('gmail.com', self.REACHABLE)  # which is known to be there
        self.env['res.partner'].search([('email', '!=', False)]).email = False
        # the watched domains, which come first, are through
        self.env['mail.domain.health'].search([]).next_check = fields.Datetime.now() + timedelta(days=1000)
        self.cron = self.env.ref('mail_domain_health.ir_cron_mail_partner_domain_check')
        self.env['ir.config_parameter'].set_param('mail_domain_health.contacts_questions_per_second', '100000')

    def serve(self, name, text):
        """Serve a zone, from the resolver and from its own server."""
        for server in (self.dns, self.authority):
            server.set_zone(name, self.HEADER + text)

    def remove(self, name):
        for server in (self.dns, self.authority):
            server.remove_zone(name)

    def gather(self, *emails):
        """Create contacts with these addresses, and return the domains that there are now."""
        for email in emails:
            self.contact(email)
        self.refresh()
        return self.env['mail.partner.domain'].search([])

    def look(self, seconds=300):
        """Run the scheduled check once as core does, with so many seconds left; return its progress."""
        return self._run(self.cron, '_cron_check', seconds)

    def refresh_as_scheduled(self):
        return self._run(self.env.ref('mail_domain_health.ir_cron_mail_partner_domain_refresh'), '_cron_refresh', 300)

    def _run(self, cron, method, seconds):
        self.env.cr.flush()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {'cron_id': cron.id, 'cron_end_time': time.monotonic() + seconds})
            running, progress = env['ir.cron'].browse(cron.id)._add_progress()
            cr.commit()  # pylint: disable=invalid-commit
            try:
                getattr(running.env['mail.partner.domain'], method)()
                cr.commit()  # pylint: disable=invalid-commit
            finally:
                self.env.invalidate_all()
        return self.env['ir.cron.progress'].browse(progress.id)

    def make_due(self, *domains):
        for domain in domains:
            domain.next_check = '2020-01-01'

    def asked(self, server=None):
        """Return the names that a server was asked about, and forget them."""
        log = (server or self.dns).log
        names = {name.rstrip('.') for name, _rdtype in log}
        log.clear()
        return names
