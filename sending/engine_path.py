"""The engine's view of a path, with what received mails taught about its server."""

from dataclasses import replace

from .. import mailauth
from ..mailauth.dns.names import is_subdomain
from ..mailauth.service import Envelope, Selector, Service

MAX_ADDRESSES = 10  # that one server was seen to send from, the newest first


def engine_path(path, selectors=()):
    """Return the :class:`mailauth.Path` of this path.

    :param selectors: names that the administrator entered for the domain
    """
    path.ensure_one()
    domain = path._from_domain()
    service = path.mail_sending_service_id
    known = service._engine_service(domain, selectors) if service else None
    envelope_from = path.envelope_from or ''
    # Nothing was learned of a host that is none of Odoo's servers.
    seen = None if path.smtp_host else path.env['mail.sending.observation']._get_seen(path)
    if seen:
        known, envelope_from = _with_seen(path, known, seen, envelope_from)
    return mailauth.Path(
        key=str(path.id), from_domain=domain, envelope_from=envelope_from, service=known, in_use=path.is_used,
        group=str(path.company_id.id))


def known_addresses(paths):
    """Return the single addresses that mail is known to leave from on these paths."""
    addresses = dict.fromkeys(paths.mail_sending_service_id._get_addresses())
    for path in paths:
        seen = paths.env['mail.sending.observation']._get_seen(path)
        if seen and not path.mail_sending_service_id.spf_term:  # a service looks after its own
            addresses.update(dict.fromkeys(seen.addresses))
    return list(addresses)[:MAX_ADDRESSES]


def _with_seen(path, service, seen, envelope_from):
    """Return the engine's service and the envelope sender, corrected by what received mails showed."""
    domain = path._from_domain()
    if service is None:
        if not seen.addresses and not seen.selectors and seen.envelope != 'replace':
            return None, envelope_from  # nothing that would tell more than before
        service = Service(
            code='seen', name=path.mail_server_id.name or path.env._("your mail server"),
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
        if path.mail_sending_service_id.dkim_account_specific or not known & set(seen.selectors):
            values['selectors'] = tuple(map(Selector, seen.selectors))
    return replace(service, **values), envelope_from
