"""A change to a zone that somebody is asked to make: one record to create, replace or delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from .value import dataclass

DEFAULT_TTL = 3600  # seconds: long enough for caches, short enough to correct a slip
MAX_STRING = 255  # octets of one string of a TXT record (RFC 1035 §3.3)
_HOST_TYPES = frozenset({"CNAME", "NS", "PTR"})


@dataclass(frozen=True)
class Change:
    """One record to publish, to put in another one's place, or to take away.

    ``name`` is full, without the final dot; ``host`` is the same name relative to ``zone``
    (``"@"`` at its apex), as DNS panels want it. ``value`` of a TXT record is its text as
    one string without quotes; other types have their presentation form, names in it
    without the final dot (``10 mx.example.com``). ``old_value`` is what a replacement or a
    deletion is about, in the same form. ``ttl`` is in seconds. ``reason`` is a code that says
    why, ``params`` go with it; ``solves`` are the finding codes that go away. An
    ``optional`` change is good but not needed.
    """

    action: str  # "create" | "replace" | "delete"
    rdtype: str
    name: str
    value: str
    old_value: str | None = None
    ttl: int = DEFAULT_TTL
    zone: str = ""
    host: str = ""
    reason: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    solves: tuple[str, ...] = ()
    optional: bool = False

    def strings(self) -> tuple[str, ...]:
        """The value of a TXT record as the strings that it is published in (RFC 7208 §3.3)."""
        if self.rdtype not in ("TXT", "SPF"):
            return (self.value,)
        return tuple(part.decode("utf-8", "backslashreplace") for part in split_strings(self.value))

    def to_zone_line(self) -> str:
        """The record as a line of a zone file (RFC 1035 §5.1), ``""`` for a deletion."""
        if self.action == "delete":
            return ""
        return f"{self.name}. {self.ttl} IN {self.rdtype} {to_rdata(self.rdtype, self.value)}"


def to_zone_fragment(changes: Iterable[Change]) -> str:
    """The changes as a piece of a zone file (RFC 1035 §5): what goes away as comments, what comes as records.

    Whatever a record holds, it cannot get out of its line: everything but visible ASCII is escaped.
    """
    lines = []
    for change in changes:
        if change.action == "create":
            lines.append("; add")
        else:
            old = change.value if change.old_value is None else change.old_value
            word = "take out" if change.action == "delete" else "replace"
            lines.append(f"; {word}: {change.name}. IN {change.rdtype} {to_rdata(change.rdtype, old)}")
        if change.action != "delete":
            lines.append(change.to_zone_line())
    return "".join(f"{line}\n" for line in lines)


def placed(change: Change, zone: str | None) -> Change:
    """The change with its name relative to the zone cut; one that is for another zone keeps that."""
    if change.zone:
        return replace(change, host=host_in_zone(change.name, change.zone))
    host = host_in_zone(change.name, zone or change.name)
    if host == change.name:  # it lies outside, or nothing is known of the zone
        return replace(change, zone=change.name, host="@")
    return replace(change, zone=zone or change.name, host=host)


def host_in_zone(name: str, zone: str) -> str:
    """A name relative to the zone that holds it, ``"@"`` at the apex, the full name if it lies outside."""
    if name == zone:
        return "@"
    if zone and name.endswith("." + zone):
        return name[: -len(zone) - 1]
    return name


def to_rdata(rdtype: str, value: str) -> str:
    """The value as a zone file has it: TXT in quoted strings, names with their final dot."""
    if rdtype in ("TXT", "SPF"):
        return " ".join(_quote(part) for part in split_strings(value))
    if rdtype in _HOST_TYPES:
        return _absolute(value)
    if rdtype == "MX":
        preference, _, host = value.partition(" ")
        return f"{preference} {_absolute(host.strip())}"
    return value


def split_strings(value: str) -> list[bytes]:
    """The text of a TXT record cut into strings of at most 255 octets, never inside a character."""
    strings = []
    current = bytearray()
    for character in value:
        octets = character.encode("utf-8", "surrogateescape")
        if len(current) + len(octets) > MAX_STRING:
            strings.append(bytes(current))
            current.clear()
        current += octets
    strings.append(bytes(current))
    return strings


def _quote(octets: bytes) -> str:
    text = "".join(
        "\\" + chr(octet) if octet in b'"\\' else chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"
        for octet in octets
    )
    return f'"{text}"'


def _absolute(host: str) -> str:
    return host if host.endswith(".") else f"{host}."
