"""What helps, as a dict of JSON types with the key ``kind``; the button of a finding carries it out.

- ``open``: open the record ``model``, ``id``
- ``change``: write ``changes``, a list of ``{model, id | key, field, value}``, after showing them
- ``contacts``: show which contacts are concerned, and what helps, ``changes`` as above among it
- ``authors``: open the people or objects of the path ``path_id``
- ``settings``: open Settings where the company's alias domain is chosen
- ``report``: open the report of ``domain``: what to publish stands there
- ``new_server``: add an outgoing mail server, with ``values`` filled in
- ``parameters``: open the system parameters ``keys``
"""

from __future__ import annotations

from ...mailauth.dns.names import domain_of
from ..situation import SendingPath, Server, Situation

FROM_FILTER = 'mail.default.from_filter'


def set_from_filter(situation: Situation) -> dict:
    """Give the server of the configuration file a filter that lets our own domains through."""
    return {'kind': 'change', 'wizard': 'default_sender', 'changes': [
        {'model': 'ir.config_parameter', 'key': FROM_FILTER, 'field': 'value', 'value': whole_filter(situation)}]}


def whole_filter(situation: Situation) -> str:
    """The filter that lets our own domains through, other companies' too, and keeps what stands there."""
    parts = [part.strip() for part in situation.default_from_filter.split(',') if part.strip()]
    own = (situation.notifications_domain, situation.alias_domain.lower(), *situation.own_domains)
    return ', '.join(dict.fromkeys(
        [*parts, *(name for name in own if name and name not in situation.foreign)]))


def set_default_from(situation: Situation) -> dict:
    """Let the default sender be an address at the alias domain."""
    if not situation.alias_domain_id:
        return {'kind': 'settings'}
    return {'kind': 'change', 'wizard': 'default_sender', 'changes': [
        {'model': 'mail.alias.domain', 'id': situation.alias_domain_id, 'field': 'default_from',
         'value': 'notifications'}]}


def replace_author(situation: Situation, path: SendingPath) -> dict:
    """Have Odoo put an address of its own in the place of an author that stays."""
    if not situation.notifications_from:
        return {'kind': 'settings'}
    if path.from_email == situation.notifications_from.lower():
        return set_default_from(situation)
    if not path.server.id:
        return set_from_filter(situation)
    written = [part.strip() for part in path.server.from_filter.split(',') if part.strip()]
    kept = [part for part in written if path.from_domain not in (part.lower(), domain_of(part))]
    if kept and kept != written:  # the filter names it: without that, Odoo replaces the sender
        return {'kind': 'change', 'changes': [
            {'model': 'ir.mail_server', 'id': path.server.id, 'field': 'from_filter', 'value': ', '.join(kept)}]}
    return {'kind': 'open', 'model': 'ir.mail_server', 'id': path.server.id}


def as_account(situation: Situation, server: Server) -> dict:
    """Have mail through a server leave as the account that logs in there."""
    changes = []
    if server.from_filter.strip().lower() != server.account:
        place = {'model': 'ir.mail_server', 'id': server.id, 'field': 'from_filter'} if server.id else \
            {'model': 'ir.config_parameter', 'key': FROM_FILTER, 'field': 'value'}
        changes.append({**place, 'value': server.account})
    if situation.alias_domain_id and not server.owner and situation.notifications_from.lower() != server.account:
        changes.append({'model': 'mail.alias.domain', 'id': situation.alias_domain_id, 'field': 'default_from',
                        'value': server.account})
    if not changes:
        return {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id else {'kind': 'settings'}
    return {'kind': 'change', 'changes': changes}
