"""What became of one record that somebody was asked to publish: what the zone says, and what caches still say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from ..certain import certain
from ..change import Change
from ..dns.answer import Answer, Status, decode_text
from ..dns.authoritative import Comparison, Consensus
from ..dns.overlay import same_record
from ..dns.protocol import Client, Resolver
from ..dns.zone import zone_of
from ..status import Word
from ..value import dataclass

MAX_SEEN = 5  # records shown
MAX_VALUE = 1024  # characters shown of one
# Seconds that resolvers hold that there is no record, whatever the zone's SOA record asks for: BIND's
# max-ncache-ttl; Unbound and PowerDNS Recursor stop at an hour. A record itself is held for its TTL.
MAX_ABSENCE = 10_800


class OutcomeCode(Word):
    """How far one change has come."""

    PUBLISHED = "published"  # the zone has it, and so has the resolver in use
    SPREADING = "spreading"  # the zone has it, the resolver in use still holds what was before or does not answer
    OLD = "old"  # the zone still has the old record
    NOT_YET = "not_yet"  # the zone has neither
    DIFFERS = "differs"  # the zone has something else of the kind: ``seen``
    DOUBLED = "doubled"  # it stands at a name with the zone twice: ``seen`` is that name
    MISPLACED = "misplaced"  # it stands at another name where people enter it by mistake: ``seen`` is that name
    UNDOTTED = "undotted"  # it points to its target with the zone behind it, for want of a final dot: ``seen`` is that
    DISAGREE = "disagree"  # of the zone's servers ``servers_with`` have it and ``servers_without`` do not
    SPLIT = "split"  # the resolver in use has a zone of its own by that name; ``done`` is the Internet's
    SEEN = "seen"  # the zone's servers could not be asked (``why``), and the resolver in use has it
    NOT_SEEN = "not_seen"  # they could not, and it does not have it
    UNKNOWN = "unknown"  # DNS did not answer: ``failed``, or time ran out: ``deadline_passed``


@dataclass(frozen=True)
class Outcome:
    """What became of one change.

    ``seconds`` is how long receivers may hold the old answer, counted from the change at most.
    ``done`` tells whether the zone, or failing that the resolver in use, has it. ``why`` is why the zone's
    servers could not be asked, where that is so.
    """

    code: OutcomeCode
    done: bool = False
    seconds: int = 0
    seen: tuple[str, ...] = ()
    servers_with: int = 0
    servers_without: int = 0
    was_there: bool = False  # receivers hold an old record rather than that there is none
    why: Consensus | None = None
    failed: Answer | None = None
    deadline_passed: bool = False

    def to_dict(self) -> dict:
        """The outcome as JSON types."""
        failed = self.failed and {"name": self.failed.name, "server": self.failed.server or self.failed.detail}
        return {**vars(self), "code": str(self.code), "why": str(self.why or ""), "seen": list(self.seen), "failed": failed}


_LOOKED_FOR_ELSEWHERE = (OutcomeCode.NOT_YET, OutcomeCode.NOT_SEEN, OutcomeCode.OLD, OutcomeCode.DIFFERS)


async def look(resolver: Client, change: Change, old_ttl: int = 0) -> Outcome:
    """Ask the zone's own servers and the resolver in use about one change and nothing else.

    ``old_ttl`` is the time to live of the old record in seconds, as far as it was seen. The
    resolver's deadline holds. Never raises because of what DNS says or fails to say.
    """
    async with resolver.batch(resolver.deadline) as batch:
        zone = await zone_of(resolver, change.name)
        view = await resolver.authoritative(zone.name or change.zone or change.name)
        compared = await view.compare(change.name, change.rdtype)
        outcome = _judge(change, compared)
        if outcome.code in (OutcomeCode.PUBLISHED, OutcomeCode.SPREADING):
            outcome = replace(outcome, **_remaining(change, compared, view.negative_ttl or zone.negative_ttl or 0, old_ttl))
        elif outcome.code in _LOOKED_FOR_ELSEWHERE and change.action != "delete" and zone.name:
            source = resolver if outcome.code is OutcomeCode.NOT_SEEN else view
            outcome = _undotted(change, compared, zone.name) or await _elsewhere(source, change, zone.name) or outcome
        return replace(outcome, deadline_passed=batch.deadline_passed)


def _undotted(change: Change, compared: Comparison, zone: str) -> Outcome | None:
    """Panels that take names as zone files do add the zone to a target without a final dot (RFC 1035 §5.1)."""
    answer = compared.answer or certain(compared.cached)
    if change.rdtype != "CNAME" or not answer.is_fact:
        return None
    wrong = f"{change.value.rstrip('.').lower()}.{zone}"
    return Outcome(OutcomeCode.UNDOTTED, seen=(wrong,)) if wrong in answer.records or wrong in answer.aliases[:1] else None


async def _elsewhere(source: Resolver, change: Change, zone: str) -> Outcome | None:
    """The record at a name where it was entered by mistake."""
    names = _mistaken_names(change, zone)
    for name, answer in zip(names, await asyncio.gather(*(source.query(name, change.rdtype) for name in names))):
        # Only the very record: what else stands there is there for another reason.
        if _holds(change, answer, change.value) and name not in answer.aliases:
            return Outcome(OutcomeCode.DOUBLED if name == names[0] else OutcomeCode.MISPLACED, seen=(name,))
    return None


def _mistaken_names(change: Change, zone: str) -> tuple[str, ...]:
    """Where a record ends up: under the zone twice; without its underscores; a key or a policy at the domain itself."""
    names = [f"{change.name}.{zone}"]
    labels = change.name.split(".")
    for mark in ("_dmarc", "_domainkey"):
        if mark in labels:
            domain = ".".join(labels[labels.index(mark) + 1:])
            names += [".".join(label.removeprefix("_") for label in labels)]
            names += [f"{labels[0]}.{domain}"] if mark == "_domainkey" else []
            names += [domain] if change.rdtype == "TXT" else []
    return tuple(name for name in dict.fromkeys(names) if name != change.name)


def look_each_now(resolver: Client, changes: Sequence[tuple[Change, int]]) -> list[Outcome]:
    """:func:`look` at several changes of one zone side by side; each comes with the TTL of what it replaces."""

    async def look_each() -> list[Outcome]:
        async with resolver.batch(resolver.deadline):
            return await asyncio.gather(*(look(resolver, change, old_ttl) for change, old_ttl in changes))

    return asyncio.run(look_each())


def look_now(resolver: Client, change: Change, old_ttl: int = 0) -> Outcome:
    """:func:`look` for code without an event loop."""
    return asyncio.run(look(resolver, change, old_ttl))


def _judge(change: Change, compared: Comparison) -> Outcome:
    answer, cached = certain(compared.answer), certain(compared.cached)
    if compared.outcome is Consensus.AGREE and not answer.is_fact:
        return Outcome(OutcomeCode.UNKNOWN, failed=answer)
    if compared.outcome is Consensus.AGREE:
        return _published(change, cached) if _has(change, answer) else _missing(change, answer)
    if compared.outcome is Consensus.SPLIT:
        return Outcome(OutcomeCode.SPLIT, done=_has(change, answer))
    if compared.outcome is Consensus.DISAGREE:
        told = [found for _server, found in compared.answers if found.is_fact and found.authoritative]
        have = sum(_has(change, found) for found in told)
        if have in (0, len(told)):  # they differ about something else
            return _published(change, cached) if have else _missing(change, told[0])
        return Outcome(OutcomeCode.DISAGREE, servers_with=have, servers_without=len(told) - have)
    if not cached.is_fact:
        return Outcome(OutcomeCode.UNKNOWN, failed=cached)
    if _has(change, cached):
        return Outcome(OutcomeCode.SEEN, done=True, why=compared.outcome)
    missing = _missing(change, cached)
    if missing.code is OutcomeCode.DIFFERS:
        return missing
    return Outcome(OutcomeCode.NOT_SEEN, seconds=_held(cached), why=compared.outcome)


def _published(change: Change, cached: Answer) -> Outcome:
    """The zone has it. That receivers see it, too, takes an answer of the resolver in use: silence is none."""
    return Outcome(OutcomeCode.PUBLISHED if _has(change, cached) else OutcomeCode.SPREADING, done=True)


def _missing(change: Change, answer: Answer) -> Outcome:
    """What stands there instead of what was asked for."""
    if change.action != "create" and _holds(change, answer, change.old_value):
        return Outcome(OutcomeCode.OLD)
    other = tuple(value for value in map(_shown, answer.records) if _is_kin(change, value))
    return Outcome(OutcomeCode.DIFFERS, seen=other[:MAX_SEEN]) if other else Outcome(OutcomeCode.NOT_YET)


def _remaining(change: Change, compared: Comparison, negative_ttl: int, old_ttl: int) -> dict:
    """How long receivers may hold what was before: a record for its TTL, its absence for the negative one (RFC 2308 §5).

    Of absence they keep no more than :data:`MAX_ABSENCE`.
    """
    answer = compared.answer or next(found for _server, found in compared.answers if _has(change, found))
    cached = certain(compared.cached)
    stale = cached.is_fact and not _has(change, cached)
    if change.action == "create" and len(answer.records) < 2:
        was_there = stale and cached.status is Status.OK
        held = _held(cached) if stale else 0
        return {"seconds": max(min(negative_ttl, MAX_ABSENCE), held), "was_there": was_there}
    return {"seconds": max(answer.ttl, old_ttl, _held(cached) if stale else 0), "was_there": change.action != "create"}


def _held(cached: Answer) -> int:
    """How long the resolver in use, or one like it, holds its answer at most."""
    return cached.ttl if cached.status is Status.OK else min(cached.ttl, MAX_ABSENCE)


def _has(change: Change, answer: Answer) -> bool:
    """Whether the answer is what the change leads to; silence is not."""
    if not answer.is_fact:
        return False
    if change.action == "delete":
        return not _holds(change, answer, change.value if change.old_value is None else change.old_value)
    return _holds(change, answer, change.value) and not (
        change.action == "replace" and _holds(change, answer, change.old_value))


def _holds(change: Change, answer: Answer, value: str | None) -> bool:
    return value is not None and any(same_record(change.rdtype, record, value) for record in answer.records)


def _is_kin(change: Change, value: str) -> bool:
    """Whether a record at the name was meant as this one: the same beginning, quotes and capitals aside."""
    if change.rdtype not in ("TXT", "SPF"):
        return change.rdtype == "CNAME"
    return value.strip(" \"'").lower().startswith(change.value[:6].lower())


def _shown(record: object) -> str:
    text = decode_text(b"".join(record)) if isinstance(record, tuple) else str(record)
    return text[:MAX_VALUE]
