"""Outgoing mail servers and settings: what they let through, refuse, or do nothing with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..situation import PathFinding, SendingPath, Server, Situation, filter_parts, matches, related
from .grouping import MAX_EXAMPLES, by_server, examples, ids
from .remedies import FROM_FILTER, as_account, set_from_filter
from .severity import INFO, WARNING, by_use


def refused(situation: Situation, paths: Iterable[SendingPath]) -> Iterator[PathFinding]:
    """Ways that core refuses to send: nothing leaves, whatever DNS says."""
    by_reason: dict[str, list[SendingPath]] = {}
    for path in paths:
        by_reason.setdefault(path.refusal, []).append(path)
    for why, refused_paths in by_reason.items():
        first = refused_paths[0]
        yield PathFinding(
            'path.refused', by_use(refused_paths), why,
            {'why': why, 'company': situation.company, 'author': first.author_email, 'server': first.server.name,
             'examples': examples(refused_paths)},
            {'no_server': {'kind': 'new_server'}, 'no_author': {'kind': 'settings'}}.get(
                why, {'kind': 'authors', 'path_id': first.id}), ids(refused_paths))


def account_differs(situation: Situation) -> Iterator[PathFinding]:
    """Servers that send as the account that logs in, and as nobody else: Gmail, Outlook, Yandex, QQ, iCloud, Zoho ..."""
    for server, paths in by_server(situation.paths):
        if not server.provider or not server.account:
            continue
        # What such a server took it may send as: the account was given the right, or the address is another of its own.
        kept = [path for path in paths if server.replaces or not path.is_accepted]
        other_from = [path for path in kept if path.from_email != server.account]
        other_envelope = [path for path in kept if path.envelope_from != server.account]
        wrong = other_from or other_envelope
        if not wrong:
            continue
        other = _company_of_account(situation, server)
        if other and not server.owner:
            yield PathFinding(
                'path.account_company', by_use(wrong) if not server.replaces else WARNING, server.name,
                {'server': server.name, 'account': server.account, 'address': wrong[0].from_email, 'other': other,
                 'company': situation.company, 'service': server.service, 'replaces': server.replaces},
                {'kind': 'new_server', 'values': {'name': situation.company, 'from_filter': situation.alias_domain.lower()}},
                ids(wrong))
            continue
        part = 'from' if other_from else 'envelope'
        address = wrong[0].from_email if other_from else wrong[0].envelope_from
        severity = by_use(wrong) if not server.replaces else WARNING if other_from else INFO
        yield PathFinding(
            f'path.{server.provider}_{part}', severity, server.name,
            {'server': server.name, 'account': server.account, 'address': address, 'service': server.service},
            as_account(situation, server), ids(wrong))


def sender_unverified(situation: Situation) -> Iterator[PathFinding]:
    """Servers that take mail of whom they know, where the login does not say whom."""
    for server, paths in by_server(situation.paths):
        unproven = [path for path in paths if not path.is_accepted and path.state != 'pass' and path.is_used]
        if not unproven:
            continue
        values = {'server': server.name, 'service': server.service, 'login': server.login, 'address': unproven[0].from_email,
                  'domains': list(dict.fromkeys(path.from_domain for path in unproven))[:MAX_EXAMPLES]}
        remedy = {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id else {}
        if server.verifies:
            yield PathFinding('path.sender_unverified', INFO, server.name, values, remedy, ids(unproven))
        elif server.provider and server.login and not server.account:
            yield PathFinding('path.account_unknown', WARNING, server.name, values, remedy, ids(unproven))


def _company_of_account(situation: Situation, server: Server) -> str:
    """The name of another company that the account of a server belongs to, or an empty text where it is ours or nobody's."""
    own = (situation.notifications_from.lower(), f'@{situation.alias_domain.lower()}', f'@{situation.company_domain}')
    if server.account == own[0] or f'@{server.account_domain}' in own[1:]:
        return ''
    return situation.others.get(server.account) or situation.other_domains.get(server.account_domain, '')


def filter_ignored(situation: Situation) -> Iterator[PathFinding]:
    """Where nothing matches, core takes the first server all the same."""
    for server, paths in by_server(situation.paths):
        wrong = [
            path for path in paths
            if not path.is_forced and path.state != 'pass' and not matches(path.from_email, server.from_filter)
        ]
        if wrong and not server.owner and not (server.provider and server.account):
            yield PathFinding(
                'path.filter_ignored', WARNING, server.name,
                {'server': server.name, 'filter': server.from_filter, 'from': wrong[0].from_email},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id else
                set_from_filter(situation), ids(wrong))


def filter_unused(situation: Situation) -> Iterator[PathFinding]:
    """A server that waits for senders that Odoo does not have."""
    for server in situation.servers if situation.concerns_servers else ():
        if server.from_filter.strip() and not server.owner and server.id not in situation.servers_in_use:
            yield PathFinding(
                'path.filter_unused', INFO, server.name, {'server': server.name, 'filter': server.from_filter},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id})


def filter_never_matches(situation: Situation) -> Iterator[PathFinding]:
    """Parts of a filter that core accepts and that no address can match, such as ``*.example.com``."""
    idle = {key for key, _value, _why in situation.idle_settings}
    for server in (*situation.servers, situation.configuration_file) if situation.concerns_servers else ():
        if server.never_matching and (server.id or not idle & {FROM_FILTER, 'from_filter'}):
            yield PathFinding(
                'path.filter_never', WARNING, server.name,
                {'server': server.name, 'filter': server.from_filter, 'parts': [f'“{part}”' for part in server.never_matching]},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id
                else {'kind': 'parameters', 'keys': [FROM_FILTER]})


def alias_domain_capitals(situation: Situation) -> Iterator[PathFinding]:
    """Core compares the notifications address as written with filters in lower case."""
    address = situation.notifications_from
    if address == address.lower() or not situation.alias_domain_id:
        return
    for server in situation.servers:
        if server.owner or address.lower() not in filter_parts(server.from_filter):
            continue
        changes = [{'model': 'mail.alias.domain', 'id': situation.alias_domain_id, 'field': 'name',
                    'value': situation.alias_domain.lower()}] if situation.alias_domain != situation.alias_domain.lower() \
            else []
        local, _at, domain = address.rpartition('@')
        own = domain.lower() == situation.alias_domain.lower()
        if local != local.lower() or (not own and domain != domain.lower()):
            changes.append({'model': 'mail.alias.domain', 'id': situation.alias_domain_id, 'field': 'default_from',
                            'value': local.lower() if own else address.lower()})
        yield PathFinding(
            'path.capitals', WARNING, server.name, {'server': server.name, 'address': address, 'lower': address.lower()},
            {'kind': 'change', 'changes': changes})


def personal_server(situation: Situation) -> Iterator[PathFinding]:
    """A user's own server: the mail leaves as an address that the company's records say nothing about."""
    home = {name for name in (situation.alias_domain.lower(), situation.company_domain) if name}
    for server, paths in by_server(situation.paths):
        outside = [path for path in paths if server.owner and not any(related(path.from_domain, name) for name in home)]
        if outside:
            fine = all(path.is_provider_own or path.state == 'pass' for path in outside)
            yield PathFinding(
                'path.personal_server', INFO if fine else WARNING, server.name,
                {'owner': server.owner, 'server': server.name, 'from': outside[0].from_email},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}, ids(outside))


def parameters_ignored(situation: Situation) -> Iterator[PathFinding]:
    """Parameters that steered the sender until Odoo 14 and are not honored."""
    if situation.ignored_parameters and situation.concerns_servers:
        yield PathFinding(
            'path.parameters_ignored', INFO, situation.ignored_parameters[0].partition(' ')[0],
            {'parameters': list(situation.ignored_parameters)}, {'kind': 'settings'})


def settings_idle(situation: Situation) -> Iterator[PathFinding]:
    """Parameters and options that are set and change nothing."""
    if not situation.concerns_servers:
        return
    dead = [f'{key} = {value}' for key, value, why in situation.idle_settings if why == 'dead']
    if dead:
        keys = [key for key, _value, why in situation.idle_settings if why == 'dead']
        yield PathFinding(
            'path.parameters_dead', INFO, 'mail.alias.domain', {'parameters': dead}, {'kind': 'parameters', 'keys': keys})
    for key, value, why in situation.idle_settings:
        if why != 'dead':
            remedy = {'kind': 'parameters', 'keys': [key]} if key == FROM_FILTER else {}
            yield PathFinding('path.setting_idle', INFO, key, {'key': key, 'value': value, 'why': why}, remedy)
