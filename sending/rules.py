"""What the ways that mail leaves tell of Odoo's configuration: findings, each with its remedy. Pure; no Odoo, no DNS.

:func:`findings` looks at one company (:class:`Situation`) and answers :class:`PathFinding` rows;
`path_texts` has their words. A remedy is a dict of JSON types with the key ``kind``:

- ``open``: open the record ``model``, ``id``
- ``change``: write ``changes``, a list of ``{model, id | key, field, value}``, after showing them
- ``authors``: open the people or objects of the way ``path_id``
- ``settings``: open Settings where the company's alias domain is chosen
- ``report``: open the report of ``domain``: what to publish stands there
- ``new_server``: add an outgoing mail server, with ``values`` filled in
- ``parameters``: open the system parameters ``keys``
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ..mailauth.dns.names import domain_of
from .fate import Outcome
from .situation import PathFinding, Server, Situation, Way, filter_parts, matches, related

ERROR, WARNING, INFO = 'error', 'warning', 'info'
_ORDER = (ERROR, WARNING, INFO)
ARRIVES = ('pass', 'warning', 'not_needed')
_BY_STATE = {'fail': ERROR, 'pass': INFO, 'not_needed': INFO}  # of the last verdict
STRANGERS = ('outsider', 'customer')  # kinds whose author is anybody from outside
SELDOM = ('template', 'customer', 'code', 'catchall', 'gateway', 'digest')  # kinds that say nothing before they are used
ENFORCING = ('reject', 'quarantine')
FROM_FILTER = 'mail.default.from_filter'
# Mail does not get out, whatever its records say; of all others the verdict of the way tells whether it arrives.
REFUSED = ('path.refused', 'path.outlook_from', 'path.outlook_envelope', 'path.account_from', 'path.account_envelope',
           'path.account_company')
MAX_EXAMPLES = 3


def findings(situation: Situation) -> list[PathFinding]:
    """Return what is to be said of the company's mail, the worst first; nothing where nothing is wrong."""
    ways = tuple(way for way in situation.ways if _counts(situation, way))
    leaving = replace(situation, ways=tuple(way for way in ways if not way.refusal))
    found = [finding for rule in RULES for finding in rule(leaving)]
    found += refused(situation, [way for way in ways if way.refusal])
    found += unforeseen(situation)
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def without_change(
    situation: Situation, finding: PathFinding, worse: Outcome | None, is_own: bool = True, is_tried: bool = True,
) -> PathFinding:
    """Return a finding whose remedy was tried and would harm or not help: what to do instead.

    :param worse: what becomes of one author's mail that it would harm, if any
    :param is_own: whether that is mail of the same company; of another one nothing is told
    :param is_tried: whether it could be tried at all
    """
    params = {**finding.params, 'unproven': 'useless' if is_tried else 'untried'}
    remedy: dict = {'kind': 'settings'}
    if finding.code == 'path.default_from':
        params['unproven'], remedy = 'publish', {'kind': 'report', 'domain': finding.name}
    elif worse and not is_own:
        params['unproven'] = 'others'
    elif worse:
        leaves = worse.after.from_email if worse.after else ''
        params.update(unproven='worse' if leaves else 'refused', worse_author=worse.author, worse_from=leaves,
                      worse_domain=domain_of(leaves))
        if leaves and domain_of(leaves) not in situation.foreign:
            remedy = {'kind': 'report', 'domain': domain_of(leaves)}
    return replace(finding, params=params, remedy=remedy)


def _counts(situation: Situation, way: Way) -> bool:
    """Whether a way says something of this company's mail.

    Templates and code belong to no company: what nobody sent yet is told once, and what a template without a
    sender of its own might be sent as is told when it was. So is what apps may send and never did.
    What was not foreseen has a finding of its own.
    """
    if way.kind == 'unforeseen':
        return False
    if way.kind not in SELDOM or way.is_used:
        return True
    return situation.concerns_servers and (way.is_forced or way.is_exact and way.kind in ('template', 'code'))


def reassurance(situation: Situation, way: Way) -> str | None:
    """Return the code of why an author's address at somebody else's domain is in order, if it is one and is."""
    if domain_of(way.author_email) not in situation.foreign and way.kind not in STRANGERS:
        return None
    if way.is_rewritten:
        return 'rewritten'
    return 'provider_own' if way.is_provider_own else None


# Whose address leaves as what


def _may_leave(situation: Situation, way: Way) -> bool:
    """Whether the From of a way is an address that its server may use, as far as we can tell."""
    if way.is_rewritten or way.is_provider_own or way.state == 'pass':
        return True
    return way.kind not in STRANGERS and way.from_domain not in situation.foreign


def no_alias_domain(situation: Situation) -> Iterator[PathFinding]:
    """Without an alias domain nothing stands in for an author's address."""
    ways = [way for way in situation.ways if way.kind == 'outsider' and not way.is_forced and not way.is_rewritten]
    if ways and not situation.notifications_from:
        yield PathFinding('path.no_alias_domain', _by_harm(ways), situation.company,
                          {'company': situation.company}, {'kind': 'settings'}, _ids(ways))


def plain_server(situation: Situation) -> Iterator[PathFinding]:
    """No outgoing mail server and no filter: an empty filter lets every author's address through."""
    ways = [
        way for way in situation.ways
        if way.kind == 'outsider' and not way.server.id and not way.is_forced and not way.is_rewritten
    ]
    if ways and situation.notifications_from and not situation.default_from_filter.strip():
        yield PathFinding(
            'path.plain_server', _by_harm(ways), FROM_FILTER,
            {'notifications': situation.notifications_from, 'filter': _whole_filter(situation)},
            _set_from_filter(situation), _ids(ways))


def forced_server(situation: Situation) -> Iterator[PathFinding]:
    """A server that a template or mailing names is used whatever the author's address, which then stays."""
    for server, ways in _by_server(situation.ways):
        kept = [way for way in ways if way.is_forced and not way.is_rewritten and way.state != 'pass']
        wrong = [
            way for way in kept if not _may_leave(situation, way) or not matches(way.from_email, server.from_filter)]
        if wrong:
            yield PathFinding(
                'path.forced_server', _by_harm(wrong), server.name,
                {'server': server.name, 'from': wrong[0].from_email, 'examples': _examples(wrong)},
                {'kind': 'authors', 'path_id': wrong[0].id}, _ids(wrong))
        # At a domain that the server serves nothing is wrong in Odoo.
        for domain, lacking in _by_from_domain([way for way in kept if way not in wrong and way.state == 'fail']):
            yield PathFinding(
                'path.forced_records', _by_use(lacking), f'{server.name}: {domain}',
                {'server': server.name, 'from': lacking[0].from_email, 'domain': domain, 'examples': _examples(lacking)},
                {'kind': 'report', 'domain': domain}, _ids(lacking))


def forced_filter(situation: Situation) -> Iterator[PathFinding]:
    """A parameter of older versions names the sender, and the filter of a server that a mail names leaves it out."""
    for server, ways in _by_server(situation.ways):
        wrong = [way for way in ways if way.is_forced and way.is_rewritten
                 and not matches(way.from_email, server.from_filter)]
        if wrong:
            yield PathFinding(
                'path.forced_filter', _by_harm(wrong), server.name,
                {'server': server.name, 'from': wrong[0].from_email, 'examples': _examples(wrong)},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}, _ids(wrong))


def refused(situation: Situation, ways: Iterable[Way]) -> Iterator[PathFinding]:
    """Ways that core refuses to send: nothing leaves, whatever DNS says."""
    by_reason: dict[str, list[Way]] = {}
    for way in ways:
        by_reason.setdefault(way.refusal, []).append(way)
    for why, refused_ways in by_reason.items():
        first = refused_ways[0]
        yield PathFinding(
            'path.refused', _by_use(refused_ways), why,
            {'why': why, 'company': situation.company, 'author': first.author_email, 'server': first.server.name,
             'examples': _examples(refused_ways)},
            {'no_server': {'kind': 'new_server'}, 'no_author': {'kind': 'settings'}}.get(
                why, {'kind': 'authors', 'path_id': first.id}), _ids(refused_ways))


def parameters_ignored(situation: Situation) -> Iterator[PathFinding]:
    """Parameters that steered the sender until Odoo 14 and are not honoured."""
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


def fixed_from(situation: Situation) -> Iterator[PathFinding]:
    """A template, a mailing or an event's organizer that names somebody else's address as the sender."""
    for code, kind in (('path.template_from', 'template'), ('path.mailing_from', 'mailing'), ('path.code_from', 'code'),
                       ('path.organizer_from', 'organizer')):
        for domain, ways in _by_from_domain(situation.ways, {kind}):
            wrong = [
                way for way in ways if way.is_exact and not way.is_forced and not _may_leave(situation, way)]
            if wrong:
                yield PathFinding(
                    code, _by_policy(situation, domain, wrong), domain,
                    {**_policy(situation, domain), 'from': wrong[0].from_email, 'examples': _examples(wrong)},
                    {'kind': 'authors', 'path_id': wrong[0].id}, _ids(wrong))


def foreign_author(situation: Situation) -> Iterator[PathFinding]:
    """A user's or the company's own address at a domain that belongs to somebody else, and that stays."""
    for domain, ways in _by_from_domain(situation.ways, {'user', 'company', 'odoobot', 'notifications', 'template'}):
        wrong = [
            way for way in ways
            if not way.is_forced and not way.server.owner and not _may_leave(situation, way)
            and (way.kind != 'template' or not way.is_exact)  # a fixed sender has a finding of its own
            and (way.kind != 'odoobot' or way.is_used)
        ]
        if wrong:
            yield PathFinding(
                'path.foreign_author', _by_policy(situation, domain, wrong), domain,
                {**_policy(situation, domain), 'from': wrong[0].from_email,
                 'examples': _examples(wrong)},
                _remedy_for_kept_author(situation, wrong[0]), _ids(wrong))


def _remedy_for_kept_author(situation: Situation, way: Way) -> dict:
    if not situation.notifications_from:
        return {'kind': 'settings'}
    if way.from_email == situation.notifications_from.lower():
        return _set_default_from(situation)
    if not way.server.id:
        return _set_from_filter(situation)
    written = [part.strip() for part in way.server.from_filter.split(',') if part.strip()]
    kept = [part for part in written if way.from_domain not in (part.lower(), domain_of(part))]
    if kept and kept != written:  # the filter names it: without that, Odoo replaces the sender
        return {'kind': 'change', 'changes': [
            {'model': 'ir.mail_server', 'id': way.server.id, 'field': 'from_filter', 'value': ', '.join(kept)}]}
    return {'kind': 'open', 'model': 'ir.mail_server', 'id': way.server.id}


def other_company(situation: Situation) -> Iterator[PathFinding]:
    """The configuration file's server is asked a second time, as the acting company: its address may take over."""
    by_address: dict[str, list[Way]] = {}
    for way in situation.ways:
        stranger = way.from_email in situation.others and way.from_email != situation.notifications_from.lower()
        if stranger and way.author_email != way.from_email and not way.is_forced:
            by_address.setdefault(way.from_email, []).append(way)
    for address, ways in by_address.items():
        moments = {way.moment for way in ways}
        code = 'path.other_company' if len(moments) > 1 or 'any' in moments else f'path.other_company_{moments.pop()}'
        if not situation.notifications_from:
            remedy: dict = {'kind': 'settings'}
        elif any(way.server.id for way in ways):
            server = next(way.server for way in ways if way.server.id)
            remedy = {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}
        else:
            remedy = _set_from_filter(situation)
        yield PathFinding(
            code, _by_harm(ways), address,
            {'company': situation.company, 'other': situation.others[address], 'from': address,
             'has_domain': bool(situation.alias_domain)}, remedy, _ids(ways))


# Servers and what they let through


def account_differs(situation: Situation) -> Iterator[PathFinding]:
    """Servers that send as the account that logs in, and as nobody else: Gmail, Outlook, Yandex, QQ, iCloud, Zoho ..."""
    for server, ways in _by_server(situation.ways):
        if not server.provider or not server.account:
            continue
        # What such a server took it may send as: the account was given the right, or the address is another of its own.
        kept = [way for way in ways if server.replaces or not way.is_accepted]
        other_from = [way for way in kept if way.from_email != server.account]
        other_envelope = [way for way in kept if way.envelope_from != server.account]
        wrong = other_from or other_envelope
        if not wrong:
            continue
        other = _company_of_account(situation, server)
        if other and not server.owner:
            yield PathFinding(
                'path.account_company', _by_use(wrong) if not server.replaces else WARNING, server.name,
                {'server': server.name, 'account': server.account, 'address': wrong[0].from_email, 'other': other,
                 'company': situation.company, 'service': server.service, 'replaces': server.replaces},
                {'kind': 'new_server', 'values': {'name': situation.company, 'from_filter': situation.alias_domain.lower()}},
                _ids(wrong))
            continue
        part = 'from' if other_from else 'envelope'
        address = wrong[0].from_email if other_from else wrong[0].envelope_from
        severity = _by_use(wrong) if not server.replaces else WARNING if other_from else INFO
        yield PathFinding(
            f'path.{server.provider}_{part}', severity, server.name,
            {'server': server.name, 'account': server.account, 'address': address, 'service': server.service},
            _as_account(situation, server), _ids(wrong))


def _company_of_account(situation: Situation, server: Server) -> str:
    """The name of another company that the account of a server belongs to, or an empty text where it is ours or nobody's."""
    own = (situation.notifications_from.lower(), f'@{situation.alias_domain.lower()}', f'@{situation.company_domain}')
    if server.account == own[0] or f'@{server.account_domain}' in own[1:]:
        return ''
    return situation.others.get(server.account) or situation.other_domains.get(server.account_domain, '')


def sender_unverified(situation: Situation) -> Iterator[PathFinding]:
    """Servers that take mail of whom they know, where the login does not say whom."""
    for server, ways in _by_server(situation.ways):
        unproven = [way for way in ways if not way.is_accepted and way.state != 'pass' and way.is_used]
        if not unproven:
            continue
        values = {'server': server.name, 'service': server.service, 'login': server.login, 'address': unproven[0].from_email,
                  'domains': list(dict.fromkeys(way.from_domain for way in unproven))[:MAX_EXAMPLES]}
        remedy = {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id else {}
        if server.verifies:
            yield PathFinding('path.sender_unverified', INFO, server.name, values, remedy, _ids(unproven))
        elif server.provider and server.login and not server.account:
            yield PathFinding('path.account_unknown', WARNING, server.name, values, remedy, _ids(unproven))


def _as_account(situation: Situation, server: Server) -> dict:
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


def filter_ignored(situation: Situation) -> Iterator[PathFinding]:
    """Where nothing matches, core takes the first server all the same."""
    for server, ways in _by_server(situation.ways):
        wrong = [
            way for way in ways
            if not way.is_forced and way.state != 'pass' and not matches(way.from_email, server.from_filter)
        ]
        if wrong and not server.owner and not (server.provider and server.account):
            yield PathFinding(
                'path.filter_ignored', WARNING, server.name,
                {'server': server.name, 'filter': server.from_filter, 'from': wrong[0].from_email},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id} if server.id else
                _set_from_filter(situation), _ids(wrong))


def filter_unused(situation: Situation) -> Iterator[PathFinding]:
    """A server that waits for senders that Odoo does not have."""
    for server in situation.servers if situation.concerns_servers else ():
        if server.from_filter.strip() and not server.owner and server.id not in situation.servers_in_use:
            yield PathFinding(
                'path.filter_unused', INFO, server.name, {'server': server.name, 'filter': server.from_filter},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id})


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
    for server, ways in _by_server(situation.ways):
        outside = [way for way in ways if server.owner and not any(related(way.from_domain, name) for name in home)]
        if outside:
            fine = all(way.is_provider_own or way.state == 'pass' for way in outside)
            yield PathFinding(
                'path.personal_server', INFO if fine else WARNING, server.name,
                {'owner': server.owner, 'server': server.name, 'from': outside[0].from_email},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}, _ids(outside))


# Domains


def default_from_elsewhere(situation: Situation) -> Iterator[PathFinding]:
    """The notifications address is at another domain than the one that bounces go to."""
    domain = situation.notifications_domain
    if not situation.alias_domain_id or not domain or related(domain, situation.alias_domain.lower()):
        return
    ways = [
        way for way in situation.ways
        if way.kind == 'notifications' and way.from_domain == domain and way.envelope_domain != domain
        and not way.is_provider_own and way.state != 'pass' and not way.server.provider
        and way.dmarc not in ('pass', 'part')  # a signature speaks for it, or the two domains are one organization's
    ]
    if ways:
        yield PathFinding(
            'path.default_from', WARNING, domain,
            {'from': situation.notifications_from, 'domain': domain, 'alias_domain': situation.alias_domain},
            _set_default_from(situation), _ids(ways))


def no_replies(situation: Situation) -> Iterator[PathFinding]:
    """Answers go to the Reply-To, else to the catchall address: its domain has to take mail."""
    addresses = [way.reply_to for way in situation.ways if way.is_used and way.reply_to] + [situation.catchall]
    for domain in dict.fromkeys(map(domain_of, addresses)):
        if domain in situation.deaf and domain not in situation.foreign:
            address = next(address for address in addresses if domain_of(address) == domain)
            ways = [way for way in situation.ways if domain_of(way.reply_to) == domain]
            yield PathFinding(
                'path.no_replies', ERROR, domain, {'domain': domain, 'address': address,
                                                   'reason': situation.deaf[domain]},
                {'kind': 'report', 'domain': domain}, _ids(ways))


def one_of_two_services(situation: Situation) -> Iterator[PathFinding]:
    """Two services send with the same envelope domain, and its SPF record permits one of them."""
    by_domain: dict[str, dict[str, list[Way]]] = {}
    for way in situation.ways:
        if way.is_used and way.service_id and way.envelope_domain and way.envelope_domain not in situation.foreign:
            by_domain.setdefault(way.envelope_domain, {}).setdefault(way.service, []).append(way)
    for domain, by_service in by_domain.items():
        passing = [service for service, ways in by_service.items() if any(way.spf == 'pass' for way in ways)]
        for service, ways in by_service.items():
            wrong = [way for way in ways if way.spf in ('fail', 'none')]
            others = [name for name in passing if name != service]
            if others and wrong and service not in passing:
                yield PathFinding(
                    'path.two_services', _by_harm(wrong), f'{domain}: {service}',
                    {'domain': domain, 'service': service, 'others': others},
                    {'kind': 'report', 'domain': domain}, _ids(wrong))


def unforeseen(situation: Situation) -> Iterator[PathFinding]:
    """Mail left in a way that no setting told: a module or code decided it."""
    by_route: dict[tuple[str, int, str], list[Way]] = {}
    for way in situation.ways:
        if way.kind == 'unforeseen' and way.sent_count:
            by_route.setdefault((way.from_domain, way.server.id, way.server.name), []).append(way)
    for (domain, _server_id, server), ways in by_route.items():
        first = max(ways, key=lambda way: way.sent_count)
        yield PathFinding(
            'path.unforeseen', min((_BY_STATE.get(way.state, WARNING) for way in ways), key=_ORDER.index), f'{domain}: {server}',
            {'count': sum(way.sent_count for way in ways), 'from': first.from_email, 'envelope': first.envelope_from,
             'company': situation.company, 'server': server, 'authors': domain_of(first.author_email),
             'about': _examples(ways) if any(way.examples for way in ways) else [],
             'modules': list(situation.sending_modules), 'named': bool(situation.sending_modules)},
            {'kind': 'open', 'model': 'mail.domain.health.path', 'id': first.id}, _ids(ways))


RULES = (
    no_alias_domain, plain_server, forced_server, fixed_from, foreign_author, other_company, account_differs, sender_unverified,
    filter_ignored, filter_unused, alias_domain_capitals, personal_server, default_from_elsewhere, no_replies,
    one_of_two_services, forced_filter, parameters_ignored, settings_idle, filter_never_matches,
)


def _whole_filter(situation: Situation) -> str:
    """The filter that lets our own domains through, other companies' too, and keeps what stands there."""
    parts = [part.strip() for part in situation.default_from_filter.split(',') if part.strip()]
    own = (situation.notifications_domain, situation.alias_domain.lower(), *situation.own_domains)
    return ', '.join(dict.fromkeys(
        [*parts, *(name for name in own if name and name not in situation.foreign)]))


def _set_from_filter(situation: Situation) -> dict:
    return {'kind': 'change', 'wizard': 'default_sender', 'changes': [
        {'model': 'ir.config_parameter', 'key': FROM_FILTER, 'field': 'value', 'value': _whole_filter(situation)}]}


def _set_default_from(situation: Situation) -> dict:
    if not situation.alias_domain_id:
        return {'kind': 'settings'}
    return {'kind': 'change', 'wizard': 'default_sender', 'changes': [
        {'model': 'mail.alias.domain', 'id': situation.alias_domain_id, 'field': 'default_from',
         'value': 'notifications'}]}


def _policy(situation: Situation, domain: str) -> dict:
    return {'domain': domain, 'policy': situation.policies.get(domain, 'unknown')}


def _by_policy(situation: Situation, domain: str, ways: list[Way]) -> str:
    return _by_harm(ways) if situation.policies.get(domain) in ENFORCING else WARNING


def _by_use(ways: Iterable[Way]) -> str:
    """An error only where mail really leaves that way."""
    return ERROR if any(way.is_used for way in ways) else WARNING


def _by_harm(ways: Iterable[Way]) -> str:
    """An error only where mail leaves that way, and the last look does not say that receivers take it."""
    return _by_use(way for way in ways if way.state not in ARRIVES)


def _by_server(ways: Iterable[Way]) -> Iterator[tuple[Server, list[Way]]]:
    groups: dict[int, list[Way]] = {}
    for way in ways:
        groups.setdefault(way.server.id, []).append(way)
    return ((group[0].server, group) for group in groups.values())


def _by_from_domain(ways: Iterable[Way], kinds: Collection[str] = ()) -> Iterator[tuple[str, list[Way]]]:
    groups: dict[str, list[Way]] = {}
    for way in ways:
        if way.from_domain and (not kinds or way.kind in kinds):
            groups.setdefault(way.from_domain, []).append(way)
    return iter(groups.items())


def _examples(ways: list[Way]) -> list[str]:
    names = [example for way in ways for example in way.examples]
    return list(dict.fromkeys(names))[:MAX_EXAMPLES] or [ways[0].from_email]


def _ids(ways: Iterable[Way]) -> tuple[int, ...]:
    return tuple(way.id for way in ways)
