"""Records to publish: from the facts and what sends as the domain to a list of changes.

Every change is tried before it is proposed: the resolver answers as if it were published
(:meth:`Resolver.overlay`), and what would not work is not proposed. ``spf``, ``dkim`` and
``dmarc`` propose what the domain's mail needs, ``extras`` what is good to have.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..dns.protocol import Client
from ..change import Change, placed
from ..verdict.facts import Facts
from ..finding import Finding, Kind, Severity
from ..dns.zone import Zone
from . import dkim, dmarc, extras, spf
from .budget import Budget, TermCost, without
from ..value import dataclass

__all__ = ["CODES", "Advice", "Budget", "TermCost", "advise", "without"]

CODES: dict[str, Kind] = {
    "advice.merge_refused": Kind(
        Severity.WARNING, "The SPF records cannot be merged automatically; a person has to do it.", "RFC 7208 §6"),
    "advice.lookup_limit": Kind(
        Severity.WARNING, "With the services that send, the SPF record would need more than 10 lookups.",
        "RFC 7208 §4.6.4"),
    "advice.report_address": Kind(
        Severity.INFO, "The address for DMARC reports is left out: reports could not arrive there.", "RFC 9990 §3"),
}


@dataclass(frozen=True)
class Advice:
    """What to publish.

    ``changes`` make the domain's mail believed, ``extras`` (all of them ``optional``) are a next
    step or good to have. ``budget`` is there where the SPF record has no room for all who
    send: what each term costs, for a person to choose. ``is_certain`` tells that a finding that is not there
    is not because DNS did not answer.
    """

    changes: tuple[Change, ...] = ()
    extras: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    budget: Budget | None = None
    is_certain: bool = True


async def advise(resolver: Client, facts: Facts) -> Advice:
    """Return the changes that make the domain's mail believed, and findings where none can be proposed.

    Nothing is proposed before it is known who sends, nothing that is specific to an account
    is invented, and what DNS did not answer about is left alone.
    """
    if facts.query.is_silent:
        every = _distinct(facts.zone, await extras.silent(resolver, facts))
        return Advice(
            tuple(change for change in every if not change.optional), tuple(change for change in every if change.optional))
    if not any(path.path.service is not None and not path.assumed for path in facts.own_paths):
        return Advice(extras=_distinct(facts.zone, await extras.parked(resolver, facts)))
    spf_changes, spf_findings, budget = await spf.advise(resolver, facts)
    needed = (*spf_changes, *dkim.advise(facts))
    dmarc_changes, dmarc_findings, is_certain = await dmarc.advise(resolver, facts, needed)
    every = _distinct(facts.zone, (*needed, *dmarc_changes, *extras.advise(facts)))
    return Advice(
        tuple(change for change in every if not change.optional), tuple(change for change in every if change.optional),
        (*spf_findings, *dmarc_findings), budget, is_certain)


def _distinct(zone: Zone, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Each change once, with its name as a DNS panel wants it: two paths through one service need the same records."""
    once: dict[tuple, Change] = {}
    for change in changes:
        once.setdefault((change.action, change.rdtype, change.name, change.value), placed(change, zone.name))
    return tuple(once.values())
