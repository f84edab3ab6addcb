"""What a path is known by: which two are the same one, and which domains are looked at for it."""

from ..mailauth.dns.names import domain_of
from .external_senders import EXTERNAL_KINDS
from .freemail import RESERVED_DOMAINS

# What may change while a path stays the same one.
EXAMPLE_FIELDS = (
    'author_count', 'author_email', 'examples', 'author_ids', 'from_email', 'envelope_from', 'reply_to', 'is_rewritten')
_BY_AUTHOR_DOMAIN = ('user', 'template', 'mailing', 'portal')


def path_key(values):
    """Return what makes the ``values`` of two paths those of the same one."""
    return (
        values['company_id'], values['kind'], values.get('moment') or 'any', bool(values.get('is_forced')),
        # Another external sender as the example is the same path.
        (values['author_domain'] or '') if values['kind'] in _BY_AUTHOR_DOMAIN else '',
        values['author_email'] if values.get('is_exact') else '',
        values['mail_server_id'], values['mail_sending_service_id'],
        domain_of(values['from_email']), domain_of(values['envelope_from']), values.get('refusal') or '',
    )


def watched_domains(kind, author_email, from_domain, envelope_domain):
    """Return the names of the domains to look at for a path, somebody else's that its mail leaves as included."""
    names = {from_domain, envelope_domain}
    if kind == 'notifications':
        return names
    external = {domain_of(author_email)} if kind in EXTERNAL_KINDS else set()
    return names - RESERVED_DOMAINS - external
