"""What became of one record that somebody was asked to publish: what the zone says, and what caches still say.

The zone's own servers are asked first, one question each. The resolver in use is asked only once they have the record, or where
they cannot be asked: an absence that it was asked about it would hold on to after the record is published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from ..certain import certain
from ..dns.answer import Answer, Status
from ..dns.authoritative import Consensus, OwnAnswers, ask_own
from ..dns.protocol import DirectClient
from ..dns.zone import Zone, zone_of
from .mistakes import Wanted, find_mistake, holds, is_padded, misread, others
from .outcome import Outcome, OutcomeCode

__all__ = ["Outcome", "OutcomeCode", "Wanted", "look", "look_each_now"]

# Seconds that resolvers hold that there is no record, whatever the zone's SOA record asks for: BIND's
# max-ncache-ttl; Unbound and PowerDNS Recursor stop at an hour. A record itself is held for its TTL.
MAX_ABSENCE = 10_800
_LOOKED_FOR_ELSEWHERE = (OutcomeCode.NOT_YET, OutcomeCode.NOT_SEEN, OutcomeCode.OLD, OutcomeCode.DIFFERS)


async def look(resolver: DirectClient, wanted: Wanted) -> Outcome:
    """Ask about one change and nothing else: what the zone has, what receivers see, or which mistake was made.

    The resolver's deadline holds. Never raises because of what DNS says or fails to say.
    """
    change = wanted.change
    async with resolver.batch(resolver.deadline) as batch:
        zone = await zone_of(resolver, change.zone or change.name)
        told = await ask_own(resolver, zone, change.name, change.rdtype)
        if told.outcome is Consensus.LAME:  # a zone of its own may begin between the two
            inner = await zone_of(resolver, change.name)
            if inner.name != zone.name:
                zone, told = inner, await ask_own(resolver, inner, change.name, change.rdtype)
        outcome, answer = _judge(wanted, told), told.answer
        if outcome is None:
            answer = await resolver.query(change.name, change.rdtype)
            outcome = _as_cached(wanted, told, answer)
        elif outcome.done:
            outcome = await _as_spreading(resolver, wanted, told, zone)
        if outcome.code in _LOOKED_FOR_ELSEWHERE and change.action != "delete" and zone.name:

            async def ask(name: str, rdtype: str) -> Answer:
                """Ask one of the zone's servers, or where none answers the resolver in use."""
                if told.server is None:
                    return await resolver.query(name, rdtype)
                return await resolver.ask_server(told.server, name, rdtype)

            outcome = await find_mistake(resolver, ask, wanted, answer, zone.name) or outcome
        return replace(outcome, deadline_passed=batch.deadline_passed)


def look_each_now(resolver: DirectClient, wanted: Sequence[Wanted]) -> list[Outcome]:
    """:func:`look` at several changes side by side, for code without an event loop."""

    async def look_each() -> list[Outcome]:
        async with resolver.batch(resolver.deadline):
            return await asyncio.gather(*(look(resolver, one) for one in wanted))

    return asyncio.run(look_each())


def _judge(wanted: Wanted, told: OwnAnswers) -> Outcome | None:
    """What the zone's own servers say, or ``None`` where they could not be asked."""
    if told.outcome is Consensus.AGREE:
        answer = certain(told.answer)
        return Outcome(OutcomeCode.UNKNOWN, failed=answer) if not answer.is_fact else _of_zone(wanted, answer)
    if told.outcome is Consensus.DISAGREE:
        answers = told.with_authority
        have = sum(_has(wanted, found) for found in answers)
        if have in (0, len(answers)):  # they differ about something else
            return _of_zone(wanted, answers[0])
        return Outcome(OutcomeCode.DISAGREE, servers_with=have, servers_without=len(answers) - have)
    return None


def _of_zone(wanted: Wanted, answer: Answer) -> Outcome:
    return Outcome(OutcomeCode.SPREADING, done=True) if _has(wanted, answer) else _missing(wanted, answer)


def _as_cached(wanted: Wanted, told: OwnAnswers, cached: Answer) -> Outcome:
    """What the resolver in use says, where the zone's own servers could not be asked."""
    why = told.outcome
    if why is Consensus.BLOCKED and not cached.is_fact:
        why = Consensus.UNREACHABLE
    if not cached.is_fact:
        return Outcome(OutcomeCode.UNKNOWN, failed=cached)
    if _has(wanted, cached):
        return Outcome(OutcomeCode.SEEN, done=True, padded=_is_padded(wanted, cached), why=why)
    missing = _missing(wanted, cached)
    if missing.code not in (OutcomeCode.OLD, OutcomeCode.NOT_YET):
        return missing
    return Outcome(OutcomeCode.NOT_SEEN, seconds=_held(cached), why=why)


async def _as_spreading(resolver: DirectClient, wanted: Wanted, told: OwnAnswers, zone: Zone) -> Outcome:
    """The zone has it. That receivers see it, too, takes an answer of the resolver in use: silence is none."""
    change = wanted.change
    cached = await resolver.query(change.name, change.rdtype)
    view = await resolver.authoritative(certain(zone.name))
    has = _has(wanted, cached)
    if cached.is_fact and not has and await view.is_split(cached):
        return Outcome(OutcomeCode.SPLIT, done=True)
    answer = next(found for found in told.with_authority if _has(wanted, found))
    return replace(
        _remaining(wanted, answer, cached, view.negative_ttl or zone.negative_ttl or 0),
        code=OutcomeCode.PUBLISHED if has else OutcomeCode.SPREADING, padded=_is_padded(wanted, answer))


def _is_padded(wanted: Wanted, answer: Answer) -> bool:
    return wanted.change.action != "delete" and is_padded(wanted.change, answer)


def _missing(wanted: Wanted, answer: Answer) -> Outcome:
    """What stands there instead of what was asked for."""
    change = wanted.change
    if change.action == "delete":
        return Outcome(OutcomeCode.OLD)
    if holds(change, answer, change.value):
        return Outcome(OutcomeCode.SECOND, seen=others(wanted, answer))
    found = misread(change, answer)
    if found and found.code is not OutcomeCode.DIFFERS:
        return found
    if change.action != "create" and holds(change, answer, change.old_value):
        return Outcome(OutcomeCode.OLD)
    return found or Outcome(OutcomeCode.NOT_YET)


def _remaining(wanted: Wanted, answer: Answer, cached: Answer, negative_ttl: int) -> Outcome:
    """How long receivers may hold what was before: a record for its TTL, its absence for the negative one (RFC 2308 §5).

    Of absence they keep no more than :data:`MAX_ABSENCE`.
    """
    stale = cached.is_fact and not _has(wanted, cached)
    if wanted.change.action == "create" and len(answer.records) < 2:
        was_there = stale and cached.status is Status.OK
        held = _held(cached) if stale else 0
        return Outcome(
            OutcomeCode.SPREADING, done=True, seconds=max(min(negative_ttl, MAX_ABSENCE), held), was_there=was_there)
    return Outcome(
        OutcomeCode.SPREADING, done=True, seconds=max(answer.ttl, wanted.old_ttl, _held(cached) if stale else 0),
        was_there=wanted.change.action != "create")


def _held(cached: Answer) -> int:
    """How long the resolver in use, or one like it, holds its answer at most."""
    return cached.ttl if cached.status is Status.OK else min(cached.ttl, MAX_ABSENCE)


def _has(wanted: Wanted, answer: Answer) -> bool:
    """Whether the answer is what the change leads to; silence is not."""
    change = wanted.change
    if not answer.is_fact:
        return False
    if change.action == "delete":
        return not holds(change, answer, change.value if change.old_value is None else change.old_value)
    return holds(change, answer, change.value) and not others(wanted, answer) and not (
        change.action == "replace" and holds(change, answer, change.old_value))
