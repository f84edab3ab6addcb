from dataclasses import replace

from odoo import models

from .. import mailauth
from ..mailauth.names import is_subdomain
from ..mailauth.service import Envelope, Selector, Service
from .mail_sending_observation import MAX_ADDRESSES


class MailDomainHealthPath(models.Model):
    """The engine's view of a path, with what was learned of its server."""

    _inherit = 'mail.domain.health.path'

    def _engine_path(self, selectors=()):
        """Return the :class:`mailauth.Path` of this path.

        :param selectors: names that the administrator entered for the domain
        """
        self.ensure_one()
        domain = self._from_domain()
        service = self.mail_sending_service_id
        known = service._engine_service(domain, selectors) if service else None
        envelope_from = self.envelope_from or ''
        # Nothing was learned of a host that is none of Odoo's servers.
        seen = None if self.smtp_host else self.env['mail.sending.observation']._get_seen(self)
        if seen:
            known, envelope_from = self._with_seen(known, seen, envelope_from)
        return mailauth.Path(
            key=str(self.id), from_domain=domain, envelope_from=envelope_from, service=known, in_use=self.is_used)

    def _get_addresses(self):
        """Return the single addresses that mail is known to leave from on these paths."""
        addresses = dict.fromkeys(self.mail_sending_service_id._get_addresses())
        for path in self:
            seen = self.env['mail.sending.observation']._get_seen(path)
            if seen and not path.mail_sending_service_id.spf_term:  # a service looks after its own
                addresses.update(dict.fromkeys(seen.addresses))
        return list(addresses)[:MAX_ADDRESSES]

    def _with_seen(self, service, seen, envelope_from):
        """Return the engine's service and the envelope sender, corrected by what received mails showed."""
        domain = self._from_domain()
        if service is None:
            if not seen.addresses and not seen.selectors and seen.envelope != 'replace':
                return None, envelope_from  # nothing that would tell more than before
            service = Service(
                code='seen', name=self.mail_server_id.name or self.env._("your mail server"),
                envelope=Envelope.UNKNOWN, needs_all_selectors=False)
        values = {}
        if seen.envelope == 'keep':
            values['envelope'] = Envelope.KEEP
        elif seen.envelope == 'replace':
            values['envelope'] = Envelope.REPLACE
            other = seen.envelope_domain or ''
            # An address for bounces at a name of one's own aligns, one of the service's cannot.
            if other.endswith(f'.{domain}'):
                values['envelope'] = Envelope.SUBDOMAIN
                values['bounce_subdomain'] = other.removesuffix(f'.{domain}')
            elif other and is_subdomain(domain, other):
                values['envelope'] = Envelope.KEEP
                envelope_from = f'bounce@{other}'
        if seen.addresses and not service.spf_term:
            values['spf_term'] = ' '.join(
                f'ip6:{address}' if ':' in address else f'ip4:{address}' for address in seen.addresses)
        if seen.selectors:
            known = {selector.name for selector in service.selectors}
            values['signs'] = True
            if seen.signing_domain != domain:
                values['signing_domain'] = seen.signing_domain
            # Where a service changes over between the keys that it is known by, seeing one does not make the others wrong.
            if self.mail_sending_service_id.dkim_account_specific or not known & set(seen.selectors):
                values['selectors'] = tuple(map(Selector, seen.selectors))
        return replace(service, **values), envelope_from
