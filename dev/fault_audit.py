"""What was said of domains, held against what was true: the independent half of `dev/test faults`. Pure; knows no Odoo.

Times are minutes, as in :mod:`fault_world`, whose :class:`Domain` tells what was true and who could see it.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from fault_world import AREAS, DAY, WHOLE_TROUBLES, Domain, Span

CONFIRM = 10.0  # minutes between the two looks that an alarm takes
REGULAR = DAY  # minutes between two regular looks, at the utmost
WAKING = 60.0  # minutes that a busy cron may be late, for each of the two looks
PROMISED = REGULAR + CONFIRM + 2 * WAKING  # from when a break can be seen to when it is told, at the utmost
PROMISED_MEDIAN = REGULAR / 2 + CONFIRM + 2 * WAKING
UNSEEN_AFTER = DAY
SECOND = 1 / 60  # times are stored in whole seconds
HARMLESS = ("half", "closed", "loss", "one resolver")  # troubles that hide no break
BROKEN, UNSEEN, LOST = "broken", "unseen", "lost"


@dataclass(frozen=True)
class Look:
    """One look at a domain; ``unanswered``: the areas that it got no answer about, or ``all``."""

    time: float
    domain: str
    unanswered: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return not self.unanswered


@dataclass(frozen=True)
class Said:
    """One message in a domain's chatter: ``kind`` is ``broken`` or ``recovered`` of areas, ``failing`` of a zone that does not
    answer for a day, or what nobody expects."""

    time: float
    domain: str
    kind: str
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """The activities of a kind (``broken``, ``unseen`` or ``lost``) as they stood after a run: by domain, how many."""

    time: float
    kind: str
    domains: dict[str, int]


@dataclass
class Outcome:
    """What is wrong, in words, and the figures."""

    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)  # minutes from when a break could be seen
    breaks: int = 0
    recoveries: int = 0
    looks: int = 0
    silent: int = 0  # looks that DNS did not answer, as the script has it
    late: int = 0  # looks that went unanswered though DNS was well

    @property
    def median(self) -> float:
        return statistics.median(self.delays) if self.delays else 0.0

    @property
    def is_slow(self) -> bool:
        """Whether alarms came later than promised: any of them, or the one in the middle, as far as that is no chance.

        A break may begin at any time between two looks: the middle of few is off by chance, of ``n`` by more than a look's
        interval divided by the root of ``n`` in one of twenty cases.
        """
        chance = REGULAR / math.sqrt(len(self.delays) or 1)
        return self.median > PROMISED_MEDIAN + chance or self.longest > PROMISED

    @property
    def longest(self) -> float:
        return max(self.delays, default=0.0)


def audit(domains: Iterable[Domain], looks: Iterable[Look], said: Iterable[Said], opened: Iterable[Open]) -> Outcome:
    """Hold what was said against what was true."""
    outcome = Outcome()
    looks_of, said_of = _by_domain(looks), _by_domain(said)
    told: dict[str, list[tuple[float, float]]] = {}
    for domain in domains:
        at = looks_of[domain.name]
        outcome.looks += len(at)
        outcome.silent += sum(not _is_clear(domain, look.time) for look in at)
        outcome.late += sum(_is_clear(domain, look.time) and not look.answered for look in at)
        told[domain.name] = []
        for message in said_of[domain.name]:
            if message.kind == "failing":
                if why := _why_seen(domain, at, message.time):
                    outcome.false.append(f"{_when(message)} does not answer for a day: {why}")
            elif message.kind not in ("broken", "recovered") or not message.areas:
                outcome.false.append(f"{_when(message)} {message.kind} {message.areas}: a message that nobody expects")
        for area in AREAS:
            messages = [message for message in said_of[domain.name] if area in message.areas]
            told[domain.name] += _audit_area(outcome, domain, area, at, messages)
        others = [message for message in said_of[domain.name] if not set(message.areas) <= set(AREAS)]
        outcome.false += [f"{_when(message)} {message.areas}: nothing of that kind broke" for message in others]
    _audit_activities(outcome, domains, looks_of, told, list(opened))
    return outcome


def _audit_area(
    outcome: Outcome, domain: Domain, area: str, looks: list[Look], messages: list[Said],
) -> list[tuple[float, float]]:
    """Follow one area of a domain through looks and messages; return from when until when a break was told."""
    spans: list[tuple[float, float]] = []
    told = seen = None
    is_missed = False  # said already of what is broken just now
    breaks = [span for span in domain.breaks if span.area == area]
    answered = {look.time for look in looks if look.answered}
    for time in sorted({*(look.time for look in looks), *(message.time for message in messages)}):
        now = [message for message in messages if message.time == time]
        if len(now) > 1:
            outcome.doubled.append(f"{_when(now[0])} {area}: {len(now)} messages at once")
        for message in now[:1]:
            if message.kind == "broken":
                if told is not None:
                    outcome.doubled.append(f"{_when(message)} {area}: broken was told already")
                if why := _why_false(domain, area, time):
                    outcome.false.append(f"{_when(message)} {area} broken: {why}")
                else:
                    outcome.breaks += told is None
                told = time if told is None else told
            elif message.kind == "recovered":
                if told is None:
                    outcome.false.append(f"{_when(message)} {area} recovered: no break was told")
                elif domain.resolver(area, time) != "whole":
                    outcome.false.append(f"{_when(message)} {area} recovered: {domain.resolver(area, time)} for who asks")
                else:
                    outcome.recoveries += 1
                spans += [(told, time)] if told is not None else []
                told = seen = None
        if time not in answered or not _is_clear(domain, time):
            continue
        state = domain.resolver(area, time)
        if state == "whole":
            seen, is_missed = None, False
            if told is not None:
                outcome.missed.append(f"{domain.name} {area}: whole again at {time:.0f} and not told")
                spans.append((told, time))
                told = None
        elif domain.own(area, time) == "whole":  # refuted: the next that sees it broken is the first
            seen = None
        elif domain.own(area, time) in ("broken", "silent") and _is_decided(domain, time):
            seen = time if seen is None else seen
            if told is None and time - seen >= CONFIRM and not is_missed:
                outcome.missed.append(f"{domain.name} {area}: seen broken at {seen:.0f} and {time:.0f} and not told")
                is_missed = True
    if told is not None:
        spans.append((told, float("inf")))
    for span in breaks:
        _audit_promise(outcome, domain, span, looks, spans)
    return spans


def _why_false(domain: Domain, area: str, time: float) -> str | None:
    """Why nobody should have been told at this time that an area is broken, or ``None`` where it was right."""
    asked, own = domain.resolver(area, time), domain.own(area, time)
    if asked != "broken":
        return f"{asked} for who asks a resolver"
    if own in ("whole", "contested"):
        return f"{own} at the zone's own servers"
    at = time if own == "broken" else domain.fetched(time)
    span = next((span for span in domain.breaks if span.area == area and span.has(at)), None)
    if span is None:
        return "right in the zone"
    if time - span.start < CONFIRM:
        return f"broken for {time - span.start:.0f} minutes only"
    return None


def _audit_promise(
    outcome: Outcome, domain: Domain, span: Span, looks: list[Look], told: list[tuple[float, float]],
) -> None:
    """A break that can be seen for as long as the schedule needs is told in that time."""
    first, last = _visible_from(domain, span), max((look.time for look in looks), default=0.0)
    hidden = [(trouble.start, trouble.end) for trouble in (*domain.troubles, *domain.outages) if trouble.kind not in HARMLESS]
    hidden += [(look.time, look.time + 1) for look in looks if not look.answered]
    start = first
    for begun, ended in sorted(hidden):
        if begun < start + PROMISED and ended > start:
            start = ended
    answer = next((begun for begun, ended in told if begun < span.end and ended > span.start), None)
    if start + PROMISED <= min(span.end, last) and (answer is None or answer > start + PROMISED):
        outcome.missed.append(
            f"{domain.name} {span.area}: broken from {span.start:.0f} until {span.end:.0f}, to be seen from {start:.0f} on, "
            f"told {'never' if answer is None else f'at {answer:.0f}'}")
    if answer is not None and answer >= first and start == first:
        outcome.delays.append(answer - first)


def _visible_from(domain: Domain, span: Span) -> float:
    time = span.start
    while domain.fetched(time) < span.start:
        time += 1.0
    return time


def _is_clear(domain: Domain, time: float) -> bool:
    """Whether whoever asks about the domain gets every answer."""
    return all(domain.resolver(area, time) != "silent" for area in AREAS) and not domain.outage("service", time)


def _is_decided(domain: Domain, time: float) -> bool:
    """Whether the zone's own servers contradict each other in nothing: else nobody knows how much harm a break does."""
    return all(domain.own(area, time) != "contested" for area in AREAS)


def _audit_activities(
    outcome: Outcome, domains: Iterable[Domain], looks_of: dict[str, list[Look]], told: dict[str, list[tuple[float, float]]],
    opened: list[Open],
) -> None:
    """One activity while a break is told, and one while a zone has not answered for a day; nothing else."""
    for state in opened:
        for name, count in state.domains.items():
            if count != 1:
                outcome.activities.append(f"{name}: {count} activities ({state.kind}) at {state.time:.0f}")
        if state.kind == BROKEN:
            due = {name for name, spans in told.items() if any(start <= state.time < end for start, end in spans)}
            for name in due ^ set(state.domains):
                outcome.activities.append(f"{name}: {'no' if name in due else 'an'} activity at {state.time:.0f}")
    by_name = {domain.name: domain for domain in domains}
    before: dict[str, set[str]] = {UNSEEN: set(), LOST: set()}
    for state in (state for state in opened if state.kind != BROKEN):
        for name in set(state.domains) - before[state.kind]:
            if why := _why_seen(by_name[name], looks_of[name], state.time):
                outcome.activities.append(f"{name}: called {state.kind} at {state.time:.0f}: {why}")
        before[state.kind] = set(state.domains)
    for domain in by_name.values():
        outcome.activities += _untold_silence(domain, looks_of[domain.name], opened)


def _untold_silence(domain: Domain, looks: list[Look], opened: list[Open]) -> list[str]:
    """When a domain whose servers have not answered for a day, by two looks, was called neither ``unseen`` nor ``lost``."""
    wrong, silent_since = [], None
    for look in looks:
        if not any(domain.at(kind, look.time) for kind in WHOLE_TROUBLES):
            silent_since = None
            continue
        if silent_since is None and not domain.outage("everything", look.time):
            silent_since = look.time
        if silent_since is None or look.time - silent_since <= UNSEEN_AFTER or domain.outage("everything", look.time):
            continue
        if not any(domain.name in _as_at(opened, kind, look.time) for kind in (UNSEEN, LOST)):
            wrong.append(f"{domain.name}: silent from {silent_since:.0f} to {look.time:.0f}, and nobody was told")
    return wrong


def _as_at(opened: list[Open], kind: str, time: float) -> dict[str, int]:
    """The activities of a kind as they stood at a time."""
    return next((state.domains for state in reversed(opened) if state.kind == kind and state.time <= time), {})


def _why_seen(domain: Domain, looks: list[Look], time: float) -> str | None:
    """Why a domain is none that did not answer for a day, or ``None``."""
    if domain.outage("everything", time):
        return "DNS itself did not answer"
    silent_since = None
    for look in looks:
        if look.time > time:
            break
        is_silent = "all" in look.unanswered or all(
            domain.resolver(area, look.time) == "silent" or area in look.unanswered for area in AREAS)
        if not is_silent:
            silent_since = None
        elif silent_since is None and not domain.outage("everything", look.time):  # which is held against no domain
            silent_since = look.time
    if silent_since is None:
        return "it answered"
    return None if time - silent_since >= UNSEEN_AFTER - SECOND else f"silent for {time - silent_since:.0f} minutes only"


def _when(message: Said) -> str:
    return f"{message.domain} at {message.time:.0f}:"


def _by_domain(things) -> dict[str, list]:
    found: dict[str, list] = defaultdict(list)
    for thing in sorted(things, key=lambda one: one.time):
        found[thing.domain].append(thing)
    return found
