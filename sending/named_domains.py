"""Which addresses and domains the settings name: core tells senders apart by them, and by nothing else."""

import re

from odoo.tools import config
from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of

_NAME = re.compile(r'(?:[^@]+@)?[a-z0-9_.-]+')  # an address or a domain, as a filter has it


class Named:
    """Which domains the settings name, so that core is asked once for all that it cannot tell apart.

    Core compares a sender's domain with what a setting names, as a whole; what a module of
    others makes of its own text is left to it: what is written in any other way counts for itself.
    """

    def __init__(self, texts):
        self._by_tail = {}
        self._odd = []
        for number, text in enumerate(texts):
            for part in filter(None, re.split(r'[\s,;]+', text.lower())):
                if _NAME.fullmatch(part):
                    self._by_tail.setdefault(_tail(domain_of(part)), {}).setdefault(part, set()).add(number)
                else:
                    self._odd += (part, domain_of(part))
        self._odd = ' '.join(self._odd)

    def get_class(self, email):
        """Return what all addresses have in common whose domain the same settings name: as itself, or not at all."""
        domain = domain_of(email)
        tail = _tail(domain)
        named = self._by_tail.get(tail, {})
        if not email.isascii() or tail in self._odd or named.keys() - {domain}:
            return domain
        return frozenset(named.get(domain, ()))

    def get_tails(self):
        """Return the last two labels of every domain that :meth:`get_class` does not put with all others."""
        odd = [text.split('.') for text in re.findall(r'[\w.-]+', self._odd)]
        pairs = {f'{labels[at]}.{labels[at + 1]}' for labels in odd for at in range(len(labels) - 1)}
        return sorted({*self._by_tail, *pairs} - {''})


def _tail(domain):
    """Return the last two labels: a setting may name a domain above, or one below."""
    return '.'.join(domain.rsplit('.', 2)[-2:])


def read_named_addresses(env, mail_servers):
    """Return the single addresses that decide over a server or a sender: of filters, accounts and alias domains."""
    parts = [part for server in mail_servers for part in (server.from_filter or '').split(',')]
    parts += [server.smtp_user or '' for server in mail_servers]
    parts += str(env['ir.mail_server'].sudo()._get_default_from_filter() or '').split(',')
    parts += env['mail.alias.domain'].sudo().search([('name', '!=', False)]).mapped('default_from_email')
    parts.append(config.get('email_from') or '')
    return sorted({email_normalize(part) for part in parts if '@' in (part or '')} - {False})


def read_sender_settings(env, mail_servers):
    """Return the texts of all settings that a sender may be compared with, those of other modules too."""
    alias_domains = env['mail.alias.domain'].sudo().search([])
    texts = [
        record[name]
        for records in (mail_servers, alias_domains)
        for name, field in records._fields.items()
        if field.store and field.type in ('char', 'text') and name != 'smtp_pass'
        for record in records]
    texts += env['ir.config_parameter'].sudo().search([('key', '=like', 'mail.%')]).mapped('value')
    texts += [env['ir.mail_server'].sudo()._get_default_from_filter(), config.get('email_from')]
    return [str(text) for text in texts if text]
