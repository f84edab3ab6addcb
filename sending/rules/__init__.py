"""What the paths that mail leaves on tell of Odoo's configuration: findings, each with its remedy. Pure; no Odoo, no DNS.

:func:`findings` looks at one company (:class:`Situation`) and answers :class:`PathFinding` rows;
`texts.findings.paths` has their words, `remedies` what helps. A new finding is a rule in `senders`, `servers` or `domains`,
its row in :data:`RULES`, and its texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...mailauth.dns.names import domain_of
from ..fate import Outcome
from ..situation import PathFinding, Situation, SendingPath
from .domains import default_from_elsewhere, no_replies, one_of_two_services
from .grouping import examples, ids
from .remedies import FROM_FILTER
from .senders import (
    ANYBODY, fixed_from, forced_filter, forced_server, foreign_author, no_alias_domain, other_company, plain_server)
from .servers import (
    account_differs, alias_domain_capitals, filter_ignored, filter_never_matches, filter_unused, parameters_ignored,
    personal_server, refused, sender_unverified, settings_idle)
from .severity import BY_STATE, ORDER, WARNING

SELDOM = ('template', 'customer', 'code', 'catchall', 'gateway', 'digest')  # kinds that say nothing before they are used
# Mail does not get out, whatever its records say; of all others the verdict of the path tells whether it arrives.
REFUSED = ('path.refused', 'path.outlook_from', 'path.outlook_envelope', 'path.account_from', 'path.account_envelope',
           'path.account_company')
RULES = (
    no_alias_domain, plain_server, forced_server, fixed_from, foreign_author, other_company, account_differs, sender_unverified,
    filter_ignored, filter_unused, alias_domain_capitals, personal_server, default_from_elsewhere, no_replies,
    one_of_two_services, forced_filter, parameters_ignored, settings_idle, filter_never_matches,
)


def findings(situation: Situation) -> list[PathFinding]:
    """Return what is to be said of the company's mail, the worst first; nothing where nothing is wrong."""
    paths = tuple(path for path in situation.paths if _counts(situation, path))
    leaving = replace(situation, paths=tuple(path for path in paths if not path.refusal))
    found = [finding for rule in RULES for finding in rule(leaving)]
    found += refused(situation, [path for path in paths if path.refusal])
    found += unforeseen(situation)
    return sorted(found, key=lambda finding: ORDER.index(finding.severity))


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


def reassurance(situation: Situation, path: SendingPath) -> str | None:
    """Return the code of why an author's address at somebody else's domain is in order, if it is one and is."""
    if domain_of(path.author_email) not in situation.foreign and path.kind not in ANYBODY:
        return None
    if path.is_rewritten:
        return 'rewritten'
    return 'provider_own' if path.is_provider_own else None


def _counts(situation: Situation, path: SendingPath) -> bool:
    """Whether a path says something of this company's mail.

    Templates and code belong to no company: what nobody sent yet is told once, and what a template without a
    sender of its own might be sent as is told when it was. So is what apps may send and never did.
    What was not foreseen has a finding of its own.
    """
    if path.kind == 'unforeseen':
        return False
    if path.kind not in SELDOM or path.is_used:
        return True
    return situation.concerns_servers and (path.is_forced or path.is_exact and path.kind in ('template', 'code'))


def unforeseen(situation: Situation) -> Iterator[PathFinding]:
    """Mail left in a way that no setting told: a module or code decided it."""
    by_route: dict[tuple[str, int, str], list[SendingPath]] = {}
    for path in situation.paths:
        if path.kind == 'unforeseen' and path.sent_count:
            by_route.setdefault((path.from_domain, path.server.id, path.server.name), []).append(path)
    for (domain, _server_id, server), paths in by_route.items():
        first = max(paths, key=lambda path: path.sent_count)
        yield PathFinding(
            'path.unforeseen', min((BY_STATE.get(path.state, WARNING) for path in paths), key=ORDER.index), f'{domain}: {server}',
            {'count': sum(path.sent_count for path in paths), 'from': first.from_email, 'envelope': first.envelope_from,
             'company': situation.company, 'server': server, 'authors': domain_of(first.author_email),
             'about': examples(paths) if any(path.examples for path in paths) else [],
             'modules': list(situation.sending_modules), 'named': bool(situation.sending_modules)},
            {'kind': 'open', 'model': 'mail.domain.health.path', 'id': first.id}, ids(paths))
