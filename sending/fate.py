"""What will become of mail that leaves in a way that nobody has looked at yet: from what is known of its parts.

Pure; no Odoo, no DNS. A change of Odoo's configuration is judged with it before it is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..mailauth.dns.names import WithSender
from ..mailauth.verdict import Dkim, Enforcement, Spf, State, path_state
from .situation import Server, related

_SPF = {'pass': {Spf.ALIGNED}, 'part': {Spf.PART}, 'fail': {Spf.NO}, 'none': {Spf.NO}, 'permerror': {Spf.NO}}
_POSSIBLE = {Spf.ALIGNED, Spf.PART, Spf.NO}
# Another scale than State.rank: no state is as bad as mail that never leaves, the two that are fine are one,
# and what is not known is a range of these.
RANKS = {State.FAIL: 1, State.WARNING: 2, State.PASS: 3, State.NOT_NEEDED: 3}
REFUSED = (0, 0)  # by core, or by the server that is to send it
ENFORCING = ('reject', 'quarantine')


class Leaving(NamedTuple):
    """How a mail leaves: ``server`` and ``service`` are ids, 0 for the configuration file's and for an unknown one."""

    server: int
    service: int
    from_email: str
    envelope_from: str
    is_external: bool = False  # it leaves as somebody from outside
    is_borrowed: bool = False  # it leaves as another company's address

    from_domain = WithSender.from_domain  # a named tuple has no other base
    envelope_domain = WithSender.envelope_domain


class Outcome(NamedTuple):
    """What a change does to the mail of one author; ``None`` where core refuses to send it."""

    company_id: int
    kind: str
    author: str
    before: Leaving | None
    after: Leaving | None


@dataclass(frozen=True)
class Facts:
    """What the last checks said, by the parts that a path is made of.

    ``states`` of whole paths (server, service, From domain, envelope domain); ``spf`` results of (service, envelope
    domain), ``dkim`` statuses of (service, From domain), ``policies`` of From domains (``None``: no record);
    ``servers`` by id; ``foreign`` domains are somebody else's; ``accepted`` are the paths (server, From domain, envelope
    domain) that a server took mail of, which takes its account's only; ``own_envelope`` and ``signing`` are the services
    that put an envelope sender of their own, and that sign as soon as their key is there.
    """

    states: Mapping[tuple, str] = field(default_factory=dict)
    spf: Mapping[tuple, str] = field(default_factory=dict)
    dkim: Mapping[tuple, str] = field(default_factory=dict)
    policies: Mapping[str, str | None] = field(default_factory=dict)
    servers: Mapping[int, Server] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    accepted: frozenset[tuple] = frozenset()
    own_envelope: frozenset[int] = frozenset()
    signing: frozenset[int] = frozenset()


def fate(facts: Facts, leaving: Leaving | None) -> tuple[int, int]:
    """Return (worst, best) that may become of such mail: 0 refused before it leaves, 1 fail, 2 warning, 3 pass."""
    if leaving is None:
        return REFUSED
    server = facts.servers.get(leaving.server)
    if server and server.provider and server.account:
        if server.replaces:
            leaving = leaving._replace(from_email=server.account, envelope_from=server.account)
        elif {leaving.from_email, leaving.envelope_from} != {server.account} \
                and (leaving.server, leaving.from_domain, leaving.envelope_domain) not in facts.accepted:
            return REFUSED
        if leaving.from_email == server.account and leaving.from_domain in facts.foreign:
            return 3, 3  # the provider's own server, for an address of its own
    state = facts.states.get((leaving.server, leaving.service, leaving.from_domain, leaving.envelope_domain))
    if state in ('pass', 'warning', 'fail', 'not_needed'):
        rank = RANKS[State(state)]
        return rank, rank
    if leaving.is_external or leaving.from_domain in facts.foreign:
        return (1, 1) if facts.policies.get(leaving.from_domain) in ENFORCING else (1, 2)
    verdict = path_state(_spf(facts, leaving), _dkim(facts, leaving), _policy(facts, leaving))
    if verdict.worst is State.UNKNOWN:
        return 1, 2  # an unknown cell of the table: anything from a failure to a warning
    return RANKS[verdict.worst], RANKS[verdict.best]


def _spf(facts: Facts, leaving: Leaving) -> set[Spf]:
    if leaving.service in facts.own_envelope:
        return {Spf.OWN}
    passing = _SPF.get(facts.spf.get((leaving.service, leaving.envelope_domain), ''), _POSSIBLE)
    if leaving.from_domain == leaving.envelope_domain or related(leaving.from_domain, leaving.envelope_domain):
        return set(passing)
    if leaving.from_domain.split('.')[-2:] == leaving.envelope_domain.split('.')[-2:]:
        return {*passing, Spf.NO}  # they may belong to one organization
    return {Spf.NO}


def _dkim(facts: Facts, leaving: Leaving) -> set[Dkim]:
    signed = Dkim.SEEN if leaving.service in facts.signing else Dkim.KEY
    known = {
        'published': {signed}, 'partial': {Dkim.KEY}, 'missing': {Dkim.NO}, 'not_known': {Dkim.UNKNOWN_SELECTOR}}
    return known.get(facts.dkim.get((leaving.service, leaving.from_domain), ''), set(Dkim))


def _policy(facts: Facts, leaving: Leaving) -> set[Enforcement]:
    if leaving.from_domain not in facts.policies:
        return set(Enforcement)
    return {Enforcement.of(facts.policies[leaving.from_domain])}


def is_worse(facts: Facts, outcome: Outcome) -> bool:
    """Whether mail would fare worse, may do so, or would leave in another company's name where it did not before."""
    (worst_before, best_before), (worst, best) = fate(facts, outcome.before), fate(facts, outcome.after)
    # What left as another company and gets its own name back may not be looked at yet: that alone is no harm.
    regains = outcome.before and outcome.after and outcome.before.is_borrowed and not outcome.after.is_borrowed
    return worst < worst_before or best < best_before and not regains or _loses_its_name(facts, outcome, worst_before)


def _loses_its_name(facts: Facts, outcome: Outcome, worst_before: int) -> bool:
    """Whether mail that left under an address of the company's own, or could, now leaves as another company's."""
    before, after = outcome.before, outcome.after
    if not after or not after.is_borrowed or not before or not worst_before:
        return False
    return not (before.is_borrowed or before.is_external or before.from_domain in facts.foreign)


def is_better(facts: Facts, outcome: Outcome) -> bool:
    """Whether mail would fare better, as far as it is known."""
    return not is_worse(facts, outcome) and fate(facts, outcome.after) != fate(facts, outcome.before)


def first_worse(facts: Facts, outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return one that gets worse, or ``None`` where none does."""
    return next((outcome for outcome in outcomes if is_worse(facts, outcome)), None)
