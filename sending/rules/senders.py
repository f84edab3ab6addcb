"""Whose address leaves as what: authors whose own address stays where nothing shows that it may."""

from __future__ import annotations

from collections.abc import Iterator

from ..situation import PathFinding, SendingPath, Situation, matches
from .grouping import by_from_domain, by_server, examples, ids
from .remedies import FROM_FILTER, replace_author, set_from_filter, whole_filter
from .severity import by_harm, by_policy, by_use

ANYBODY = ('outsider', 'customer')  # kinds whose author is anybody from outside


def no_alias_domain(situation: Situation) -> Iterator[PathFinding]:
    """Without an alias domain nothing stands in for an author's address."""
    paths = [path for path in situation.paths if path.kind == 'outsider' and not path.is_forced and not path.is_rewritten]
    if paths and not situation.notifications_from:
        yield PathFinding('path.no_alias_domain', by_harm(paths), situation.company,
                          {'company': situation.company}, {'kind': 'settings'}, ids(paths))


def plain_server(situation: Situation) -> Iterator[PathFinding]:
    """No outgoing mail server and no filter: an empty filter lets every author's address through."""
    paths = [
        path for path in situation.paths
        if path.kind == 'outsider' and not path.server.id and not path.is_forced and not path.is_rewritten
    ]
    if paths and situation.notifications_from and not situation.default_from_filter.strip():
        yield PathFinding(
            'path.plain_server', by_harm(paths), FROM_FILTER,
            {'notifications': situation.notifications_from, 'filter': whole_filter(situation)},
            set_from_filter(situation), ids(paths))


def forced_server(situation: Situation) -> Iterator[PathFinding]:
    """A server that a template or mailing names is used whatever the author's address, which then stays."""
    for server, paths in by_server(situation.paths):
        kept = [path for path in paths if path.is_forced and not path.is_rewritten and path.state != 'pass']
        wrong = [
            path for path in kept if not may_leave(situation, path) or not matches(path.from_email, server.from_filter)]
        if wrong:
            yield PathFinding(
                'path.forced_server', by_harm(wrong), server.name,
                {'server': server.name, 'from': wrong[0].from_email, 'examples': examples(wrong)},
                {'kind': 'authors', 'path_id': wrong[0].id}, ids(wrong))
        # At a domain that the server serves nothing is wrong in Odoo.
        for domain, lacking in by_from_domain([path for path in kept if path not in wrong and path.state == 'fail']):
            yield PathFinding(
                'path.forced_records', by_use(lacking), f'{server.name}: {domain}',
                {'server': server.name, 'from': lacking[0].from_email, 'domain': domain, 'examples': examples(lacking)},
                {'kind': 'report', 'domain': domain}, ids(lacking))


def forced_filter(situation: Situation) -> Iterator[PathFinding]:
    """A parameter of older versions names the sender, and the filter of a server that a mail names leaves it out."""
    for server, paths in by_server(situation.paths):
        wrong = [path for path in paths if path.is_forced and path.is_rewritten
                 and not matches(path.from_email, server.from_filter)]
        if wrong:
            yield PathFinding(
                'path.forced_filter', by_harm(wrong), server.name,
                {'server': server.name, 'from': wrong[0].from_email, 'examples': examples(wrong)},
                {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}, ids(wrong))


def fixed_from(situation: Situation) -> Iterator[PathFinding]:
    """A template, a mailing or an event's organizer that names somebody else's address as the sender."""
    for code, kind in (('path.template_from', 'template'), ('path.mailing_from', 'mailing'), ('path.code_from', 'code'),
                       ('path.organizer_from', 'organizer')):
        for domain, paths in by_from_domain(situation.paths, {kind}):
            wrong = [
                path for path in paths if path.is_exact and not path.is_forced and not may_leave(situation, path)]
            if wrong:
                yield PathFinding(
                    code, by_policy(situation, domain, wrong), domain,
                    {**policy(situation, domain), 'from': wrong[0].from_email, 'examples': examples(wrong)},
                    {'kind': 'authors', 'path_id': wrong[0].id}, ids(wrong))


def foreign_author(situation: Situation) -> Iterator[PathFinding]:
    """A user's or the company's own address at a domain that belongs to somebody else, and that stays."""
    for domain, paths in by_from_domain(situation.paths, {'user', 'company', 'odoobot', 'notifications', 'template'}):
        wrong = [
            path for path in paths
            if not path.is_forced and not path.server.owner and not may_leave(situation, path)
            and (path.kind != 'template' or not path.is_exact)  # a fixed sender has a finding of its own
            and (path.kind != 'odoobot' or path.is_used)
        ]
        if wrong:
            yield PathFinding(
                'path.foreign_author', by_policy(situation, domain, wrong), domain,
                {**policy(situation, domain), 'from': wrong[0].from_email,
                 'examples': examples(wrong)},
                replace_author(situation, wrong[0]), ids(wrong))


def other_company(situation: Situation) -> Iterator[PathFinding]:
    """The configuration file's server is asked a second time, as the acting company: its address may take over."""
    by_address: dict[str, list[SendingPath]] = {}
    for path in situation.paths:
        is_other = path.from_email in situation.others and path.from_email != situation.notifications_from.lower()
        if is_other and path.author_email != path.from_email and not path.is_forced:
            by_address.setdefault(path.from_email, []).append(path)
    for address, paths in by_address.items():
        moments = {path.moment for path in paths}
        code = 'path.other_company' if len(moments) > 1 or 'any' in moments else f'path.other_company_{moments.pop()}'
        if not situation.notifications_from:
            remedy: dict = {'kind': 'settings'}
        elif any(path.server.id for path in paths):
            server = next(path.server for path in paths if path.server.id)
            remedy = {'kind': 'open', 'model': 'ir.mail_server', 'id': server.id}
        else:
            remedy = set_from_filter(situation)
        yield PathFinding(
            code, by_harm(paths), address,
            {'company': situation.company, 'other': situation.others[address], 'from': address,
             'has_domain': bool(situation.alias_domain)}, remedy, ids(paths))


def may_leave(situation: Situation, path: SendingPath) -> bool:
    """Whether the From of a path is an address that its server may use, as far as we can tell."""
    if path.is_rewritten or path.is_provider_own or path.state == 'pass':
        return True
    return path.kind not in ANYBODY and path.from_domain not in situation.foreign


def policy(situation: Situation, domain: str) -> dict:
    return {'domain': domain, 'policy': situation.policies.get(domain, 'unknown')}
