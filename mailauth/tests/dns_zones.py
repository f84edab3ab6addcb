"""Zones as text, and what a name server says of them, in octets: the knowledge of :mod:`.dns_server`."""

from __future__ import annotations

import functools
import struct
import textwrap
from collections.abc import Iterable

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tokenizer
import dns.zonefile

MAX_CHAIN = 24  # aliases that are followed; more than a careful client follows
QR, AA, TC, RD, RA, AD, CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010  # of a message's header
FIXED = struct.Struct(">HHIH")  # type, class, TTL, length: what follows the owner of a record
HEADER = struct.Struct(">HHHHHH")
MAX_MADE = 1000  # zones like another one that are kept
_ONE_DIGIT = bytes.maketrans(b"123456789", b"000000000")
_DEFAULT_SOA = "ns.{0} hostmaster.{0} 1 3600 600 86400 300"


class _Records:
    """Collects what dnspython's zone reader reads, and takes what a proper server refuses.

    A TXT record beside a CNAME and several SOA records in one text are as good as others.
    """

    def __init__(self, origin: dns.name.Name) -> None:
        self.manager = self  # the reader asks its transaction for a manager
        self.rrsets: dict[tuple, dns.rrset.RRset] = {}
        self._origin = origin

    def origin_information(self) -> tuple:
        return (self._origin, False, self._origin)

    def check_put_rdataset(self, check: object) -> None:
        pass

    def _set_origin(self, origin: dns.name.Name) -> None:
        pass

    def add(self, name: dns.name.Name, ttl: int, rdata: dns.rdata.Rdata) -> None:
        key = (name, rdata.rdtype)
        if key not in self.rrsets:
            self.rrsets[key] = dns.rrset.RRset(name, rdata.rdclass, rdata.rdtype)
        self.rrsets[key].add(rdata, ttl)


@functools.lru_cache(maxsize=64)  # tests serve the same zones again and again
def parse_zone(text: str, origin: str = ".", ttl: int = 3600) -> list[dns.rrset.RRset]:
    """The record sets of a zone in master format (RFC 1035 §5); names are relative to ``origin``, common indentation goes."""
    records = _Records(dns.name.from_text(origin))
    tokenizer = dns.tokenizer.Tokenizer(textwrap.dedent(text), "<zone>")
    dns.zonefile.Reader(tokenizer, dns.rdataclass.IN, records, default_ttl=ttl).read()
    return list(records.rrsets.values())


class RecordSet:
    """The records of one name and type, as octets: what follows the owner name in an answer."""

    __slots__ = ("kind", "records", "target")

    def __init__(self, rrset: dns.rrset.RRset) -> None:
        self.kind = int(rrset.rdtype)
        self.records = []
        for rdata in rrset:
            octets = rdata.to_wire(origin=dns.name.root)
            self.records.append(FIXED.pack(self.kind, 1, rrset.ttl, len(octets)) + octets)
        self.target = None
        if rrset.rdtype == dns.rdatatype.CNAME:
            self.target = labels_of(rrset[0].target)

    def replaced(self, old: bytes, new: bytes) -> RecordSet:
        """The same with other octets in the place of some, as many as they are."""
        records = RecordSet.__new__(RecordSet)
        records.kind = self.kind
        records.records = [record.replace(old, new) for record in self.records]
        records.target = self.target and tuple(new if label == old else label for label in self.target)
        return records


def labels_of(name: dns.name.Name) -> tuple[bytes, ...]:
    """The labels of a name in lower case, without the root's: names are told apart by them here."""
    return tuple(label.lower() for label in name.labels if label)


def wire_name(labels: tuple[bytes, ...]) -> bytes:
    """The octets of a name, not compressed."""
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\x00"


class Zone:
    """One zone: names (tuples of labels) with their sets, and the names that exist only because others lie below."""

    def __init__(self, origin: str, rrsets: Iterable[dns.rrset.RRset]) -> None:
        self.origin = labels_of(dns.name.from_text(origin))
        self.names: dict[tuple[bytes, ...], dict[int, RecordSet]] = {}
        self.existing: set[tuple[bytes, ...]] = {self.origin}
        minimum = 0
        for rrset in rrsets:
            owner = labels_of(rrset.name)
            self.names.setdefault(owner, {})[int(rrset.rdtype)] = RecordSet(rrset)
            for start in range(len(owner) - len(self.origin)):
                self.existing.add(owner[start:])
            if rrset.rdtype == dns.rdatatype.SOA and owner == self.origin:
                minimum = min(rrset[0].minimum, rrset.ttl)
        soa = self.names[self.origin][6].records[0]
        self.soa = wire_name(self.origin) + soa[:4] + struct.pack(">I", minimum) + soa[8:]

    def under(self, label: bytes) -> Zone:
        """The same zone with another first label of the same length, wherever it says its name."""
        before = self.origin[0]

        def renamed(name: tuple[bytes, ...]) -> tuple[bytes, ...]:
            return (*name[:-len(self.origin)], label, *self.origin[1:])

        zone = Zone.__new__(Zone)
        zone.origin = renamed(self.origin)
        zone.names = {
            renamed(name): {kind: records.replaced(before, label) for kind, records in sets.items()}
            for name, sets in self.names.items()
        }
        zone.existing = set(map(renamed, self.existing))
        zone.soa = self.soa.replace(before, label)
        return zone

    def lookup(self, name: tuple[bytes, ...]) -> dict[int, RecordSet] | None:
        """The sets of a name, wildcards included (RFC 4592); ``None`` if it does not exist."""
        if name in self.names:
            return self.names[name]
        if name in self.existing:
            return {}
        encloser = name
        while encloser not in self.existing:
            encloser = encloser[1:]
        return self.names.get((b"*", *encloser))

    def cut(self, name: tuple[bytes, ...]) -> tuple[bytes, ...] | None:
        """The delegation point at or above a name, if the zone gives that part away."""
        for start in range(len(name) - len(self.origin) - 1, -1, -1):
            sets = self.names.get(name[start:])
            if sets and 2 in sets:
                return name[start:]
        return None


class World:
    """All zones together, as a resolver or, ``authoritative``, as their own server knows them.

    ``outside`` is what happens to names in no zone: ``"nxdomain"`` or ``"refused"``.
    ``signed`` are the zones whose answers carry the AD bit. ``alike`` are zones of which there is any number: each
    stands for all whose names have other digits in the place of its own.
    """

    def __init__(self, authoritative: bool, outside: str) -> None:
        self.authoritative = authoritative
        self.outside = outside
        self.signed: frozenset[tuple[bytes, ...]] = frozenset()
        self.alike: frozenset[tuple[bytes, ...]] = frozenset()
        self._made = functools.lru_cache(maxsize=MAX_MADE)(self._make)
        self._zones: dict[tuple[bytes, ...], Zone] = {}
        self._ancestors: set[tuple[bytes, ...]] = set()

    def put(self, origin: str, rrsets: list[dns.rrset.RRset]) -> None:
        """Add a zone or replace it; a SOA record is made where there is none."""
        apex = dns.name.from_text(origin)
        if not any(r.rdtype == dns.rdatatype.SOA and r.name == apex for r in rrsets):
            text = _DEFAULT_SOA.format("" if apex == dns.name.root else apex.to_text())
            rrsets = [*rrsets, dns.rrset.from_text(apex, 3600, "IN", "SOA", text)]
        zone = Zone(origin, rrsets)
        self._replace({**self._zones, zone.origin: zone})

    def remove(self, origin: tuple[bytes, ...]) -> None:
        """Know a zone no longer."""
        self._replace({name: zone for name, zone in self._zones.items() if name != origin})

    def _replace(self, zones: dict[tuple[bytes, ...], Zone]) -> None:
        if () not in zones and not self.authoritative:
            soa = dns.rrset.from_text(".", 86400, "IN", "SOA", _DEFAULT_SOA.format("root-servers.test."))
            zones[()] = Zone(".", [soa])
        self._made.cache_clear()
        self._ancestors = {origin[start:] for origin in zones for start in range(len(origin))}
        self._zones = zones

    def zone_of(self, name: tuple[bytes, ...]) -> Zone | None:
        """The zone that a name lies in."""
        for start in range(len(name) + 1):
            zone = self._zones.get(name[start:]) or (self.alike and self._made(name[start:]))
            if zone:
                return zone
        return None

    def _make(self, origin: tuple[bytes, ...]) -> Zone | None:
        """The zone of that name that one of :attr:`alike` stands for."""
        for one in self.alike:
            if one[1:] == origin[1:] and origin and _without_digits(origin[0]) == _without_digits(one[0]):
                return self._zones[one].under(origin[0])
        return None

    def resolve(self, name: tuple[bytes, ...], kind: int) -> tuple[int, int, list[bytes], list[bytes]]:
        """Response code, flags, answer records and authority records."""
        answers: list[bytes] = []
        flags = 0 if self.authoritative else RA
        secure = True
        seen = set()
        first = True
        while True:
            zone = self.zone_of(name)
            if zone is None or (self.outside == "refused" and zone.origin == () and name not in zone.existing):
                return (5 if first else 0), flags, answers, []
            if first and self.authoritative:
                flags |= AA
                cut = zone.cut(name)
                if cut is not None:
                    owner = wire_name(cut)
                    return 0, flags & ~AA, [], [owner + record for record in zone.names[cut][2].records]
            secure = secure and zone.origin in self.signed
            sets = zone.lookup(name)
            if sets is None and name in self._ancestors:
                sets = {}
            final = flags | (AD if secure and not self.authoritative else 0)
            if sets is None:
                return 3, final, answers, [zone.soa]
            owner = b"\xc0\x0c" if first else wire_name(name)
            if kind in sets:
                answers += [owner + record for record in sets[kind].records]
                return 0, final, answers, []
            if 5 not in sets:
                return 0, final, answers, [zone.soa]
            answers += [owner + record for record in sets[5].records]
            name = sets[5].target
            if name in seen or len(seen) > MAX_CHAIN:
                return 0, flags, answers, []
            seen.add(name)
            first = False
            if self.authoritative and self.zone_of(name) is None:
                return 0, flags, answers, []


def _without_digits(label: bytes) -> bytes:
    """The label with one sign for all digits."""
    return label.translate(_ONE_DIGIT)


def message(
    flags: int, question: bytes, answers: Iterable[bytes], authority: Iterable[bytes], edns: bool, ede: int | None = None,
) -> bytes:
    """A whole message with the id zero."""
    answers, authority = list(answers), list(authority)
    header = HEADER.pack(0, flags, 1, len(answers), len(authority), 1 if edns else 0)
    option = b"" if ede is None else struct.pack(">HHH", 15, 2, ede)
    opt = b"\x00" + FIXED.pack(41, 1232, 0, len(option)) + option if edns else b""
    return header + question + b"".join(answers) + b"".join(authority) + opt
