"""The mistakes that are made with a DNS host's form every day, and how each looks from outside.

A mistake is told by the very record only: what else stands where is there for another reason.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ..change import Change, host_in_zone
from ..dns.answer import Answer, Status, decode_text
from ..dns.authoritative import ask_nameserver, ask_own
from ..dns.overlay import same_record
from ..dns.protocol import Direct
from ..dns.zone import zone_of
from ..status import RecordStatus
from ..value import dataclass
from .outcome import Outcome, OutcomeCode

MAX_VALUE = 1024  # characters shown of a record
MAX_SEEN = 5  # records shown
MAX_FORMER = 2  # servers that the zone has left, of which each is asked one question
MAX_SIMILAR = 2  # other zones, of which one server each is asked one question
_TEXTS = frozenset({"TXT", "SPF"})
_CURLY = "“”„‟«»‘’‚‛′″"
_QUOTES = "\"'" + _CURLY
_JOINT = re.compile(rf"[{_QUOTES}]\s*[{_QUOTES}]")  # between the pieces of a long value

Ask = Callable[[str, str], Awaitable[Answer]]


@dataclass(frozen=True)
class Wanted:
    """A change that somebody makes, and what is known around it.

    ``old_ttl`` is the time to live of the old record in seconds, as far as it was seen. ``going`` are the values that
    other changes take away at the same name. ``similar`` are other zones of the same people that had no such record,
    ``former`` the name servers that the zone had before.
    """

    change: Change
    old_ttl: int = 0
    going: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


def holds(change: Change, answer: Answer, value: str | None) -> bool:
    """Whether an answer has a record of this value; a space at the end of a text is none to receivers (RFC 7208 §4.5)."""
    return value is not None and any(
        same_record(change.rdtype, record, value) or change.rdtype in _TEXTS and shown(record).rstrip(" ") == value
        for record in answer.records)


def is_padded(change: Change, answer: Answer) -> bool:
    """Whether a value has a space at its end."""
    return change.rdtype in _TEXTS and not any(same_record(change.rdtype, record, change.value) for record in answer.records)


def others(wanted: Wanted, answer: Answer) -> tuple[str, ...]:
    """The records that must not stand beside the one wanted: of SPF, DMARC and keys there may be one at a name.

    Those that other changes take away are told by these.
    """
    change = wanted.change
    if change.rdtype != "TXT":
        return ()
    return tuple(text for text in map(shown, answer.records)
                 if _is_kin(change, text) and text.rstrip(" ") != change.value and text not in wanted.going)[:MAX_SEEN]


def misread(change: Change, answer: Answer) -> Outcome | None:
    """What stands at the name in the place of the record: the same with something around it, or something else of the kind."""
    texts = [text for text in map(shown, answer.records) if _is_kin(change, text)]
    for text in texts if change.rdtype in _TEXTS else ():
        if text.strip() == change.value:
            return Outcome(OutcomeCode.PADDED, seen=(text,))
        if _JOINT.sub("", text.strip()).strip(_QUOTES + " ") == change.value:
            code = OutcomeCode.CURLY if any(mark in text for mark in _CURLY) else OutcomeCode.QUOTED
            return Outcome(code, seen=(text,))
    return Outcome(OutcomeCode.DIFFERS, seen=tuple(texts)[:MAX_SEEN]) if texts else None


async def find_mistake(resolver: Direct, ask: Ask, wanted: Wanted, answer: Answer | None, zone: str) -> Outcome | None:
    """The record where it was entered by mistake, if it is there.

    ``ask`` asks one of the zone's own servers, or a resolver where none answers; ``answer`` is what these say of the name.
    """
    change = wanted.change
    return (
        _undotted(change, answer, zone) or await _of_another_type(ask, change, answer) or await _elsewhere(ask, change, zone)
        or await _at_former(resolver, wanted) or await _in_similar(resolver, wanted, zone))


def _undotted(change: Change, answer: Answer | None, zone: str) -> Outcome | None:
    """Panels that take names as zone files do add the zone to a target without a final dot (RFC 1035 §5.1)."""
    if change.rdtype != "CNAME" or answer is None or not answer.is_fact:
        return None
    wrong = f"{change.value.rstrip('.').lower()}.{zone}"
    return Outcome(OutcomeCode.UNDOTTED, seen=(wrong,)) if wrong in answer.records or wrong in answer.aliases[:1] else None


async def _of_another_type(ask: Ask, change: Change, answer: Answer | None) -> Outcome | None:
    """The name exists without such a record: the target as a text, the addresses of a proxy, SPF as a record of that type."""
    if answer is None or answer.status is not Status.NODATA:
        return None
    if change.rdtype == "TXT" and change.value.startswith("v=spf1"):
        has_it = holds(replace(change, rdtype="SPF"), await ask(change.name, "SPF"), change.value)
        return Outcome(OutcomeCode.WRONG_TYPE, seen=("SPF",)) if has_it else None
    if change.rdtype != "CNAME":
        return None
    texts, addresses = await asyncio.gather(ask(change.name, "TXT"), ask(change.name, "A"))
    target = change.value.rstrip(".").lower()
    if any(text.strip(_QUOTES + " ").rstrip(".").lower() == target for text in texts.texts):
        return Outcome(OutcomeCode.WRONG_TYPE, seen=("TXT",))
    return Outcome(OutcomeCode.PROXIED, seen=addresses.records[:MAX_SEEN]) if addresses.records else None


async def _elsewhere(ask: Ask, change: Change, zone: str) -> Outcome | None:
    """The record at another name of the zone."""
    places = _mistaken_names(change, zone)
    answers = await asyncio.gather(*(ask(name, change.rdtype) for name, _code in places))
    for (name, code), answer in zip(places, answers):
        if holds(change, answer, change.value) and name not in answer.aliases:
            return Outcome(code, seen=(name,))
    return None


def _mistaken_names(change: Change, zone: str) -> list[tuple[str, OutcomeCode]]:
    """Where a record ends up: under the zone twice; with a space; without its underscores; at the domain itself."""
    names = {f"{change.name}.{zone}": OutcomeCode.DOUBLED}
    host = host_in_zone(change.name, zone)
    if host not in ("@", change.name):
        names[f"{host} .{zone}"] = OutcomeCode.SPACED
    labels = change.name.split(".")
    for mark in ("_dmarc", "_domainkey"):
        if mark in labels:
            domain = ".".join(labels[labels.index(mark) + 1:])
            misplaced = [".".join(label.removeprefix("_") for label in labels)]
            misplaced += [f"{labels[0]}.{domain}"] if mark == "_domainkey" else []
            misplaced += [domain] if change.rdtype == "TXT" else []
            for name in misplaced:
                names.setdefault(name, OutcomeCode.MISPLACED)
    return [(name, code) for name, code in names.items() if name != change.name]


async def _at_former(resolver: Direct, wanted: Wanted) -> Outcome | None:
    """The record on a server that the zone has left: its DNS host still shows the zone, and nobody asks there."""
    change, servers = wanted.change, wanted.former[:MAX_FORMER]
    answers = await asyncio.gather(*(ask_nameserver(resolver, server, change.name, change.rdtype) for server in servers))
    for server, answer in zip(servers, answers):
        if answer.authoritative and holds(change, answer, change.value):
            return Outcome(OutcomeCode.FORMER_HOST, seen=(server,))
    return None


async def _in_similar(resolver: Direct, wanted: Wanted, zone: str) -> Outcome | None:
    """The record in another zone, at the same host."""
    change = wanted.change
    host = host_in_zone(change.name, zone)
    for other in wanted.similar[:MAX_SIMILAR]:
        there = await zone_of(resolver, other)
        if there.status is not RecordStatus.FOUND or there.name is None:
            continue
        name = there.name if host == "@" else f"{host}.{there.name}"
        told = await ask_own(resolver, replace(there, nameservers=there.nameservers[:1]), name, change.rdtype)
        # Where its servers cannot be asked, the resolver in use may hold an absence: then it is seen later.
        answer = told.answer or await resolver.query(name, change.rdtype)
        if holds(change, answer, change.value):
            return Outcome(OutcomeCode.WRONG_ZONE, seen=(name,))
    return None


def _is_kin(change: Change, value: str) -> bool:
    """Whether a record at the name was meant as this one: the same beginning, quotes and capitals aside."""
    if change.rdtype not in _TEXTS:
        return change.rdtype == "CNAME"
    return value.strip(_QUOTES + " ").lower().startswith(change.value[:6].lower())


def shown(record: object) -> str:
    """A record as text that can be shown."""
    text = decode_text(b"".join(record)) if isinstance(record, tuple) else str(record)
    return text[:MAX_VALUE]
