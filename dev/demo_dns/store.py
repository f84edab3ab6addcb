"""Zones as master files in a folder, changed record by record as a DNS host's form changes them.

Whatever is refused is refused with a sentence that names the field, and changes nothing.
"""

from __future__ import annotations

import ipaddress
import os
import re
import threading
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.zone

from . import habits
from .habits import HABITS, PROXY

TYPES = ("TXT", "CNAME", "MX", "A", "AAAA", "NS")
NAMING = (dns.rdatatype.CNAME, dns.rdatatype.NS, dns.rdatatype.MX)
SILENT = "; silent"  # the line that marks a zone whose name servers do not answer
LONGEST_VALUE = 4000
MOST_RECORDS = 500
TTL_SECONDS = 300
EXAMPLES = {
    "A": "192.0.2.1",
    "AAAA": "2001:db8::1",
    "CNAME": "odoo._domainkey.odoo.com.",
    "MX": "10 mail.example.com.",
    "NS": "ns1.example.net.",
}


class BadInput(ValueError):
    """What was asked for cannot be done. Its text is one sentence that names the field."""

    def __init__(self, field: str, text: str):
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Record:
    """One record as a DNS panel shows it: `host` relative to the zone ("@" at its top), TXT without quotes."""

    type: str
    host: str
    value: str
    ttl: int


class ZoneStore:
    """The zones of a folder. Every change is on disk, and told to `changed(zone)`, before the call returns."""

    def __init__(self, folder: Path, originals: Path | None = None):
        """`originals`: the folder of the zones as they were, for `restore`; its `outside/` is included."""
        self.folder = Path(folder)
        self.originals = Path(originals) if originals else None
        self.changed: Callable[[str], None] = lambda zone: None
        self._lock = threading.RLock()
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.originals and not any(self.folder.glob("*.zone")):
            for zone in self._originals():
                self.restore(zone)

    def zones(self) -> list[str]:
        """Names of all zones, without a final dot."""
        return sorted(path.name[: -len(".zone")] for path in self.folder.glob("*.zone"))

    def outside(self, zone: str) -> bool:
        """Is it a stand-in for a name of the outside world, rather than a domain of the demo?"""
        return not zone.endswith((".example", ".test"))

    def text(self, zone: str) -> str:
        """The zone's master file."""
        return self._path(zone).read_text(encoding="utf-8")

    def silent(self, zone: str) -> bool:
        """Do its name servers not answer?"""
        return SILENT in self.text(zone).splitlines()

    def habits(self, zone: str) -> frozenset[str]:
        """What its panel does with what is typed: names of `HABITS`."""
        return habits.read(self.text(zone))

    def set_habit(self, zone: str, habit: str, has: bool) -> None:
        """Gives its panel a habit, or takes it away."""
        if habit not in HABITS:
            raise BadInput("habit", f"Habit must be one of {', '.join(HABITS)}.")
        with self._lock:
            kept = self._served_path(zone)
            if habit == "moved" and has and not kept.exists():
                kept.write_text(self.text(zone), encoding="utf-8")
            elif habit == "moved" and not has:
                kept.unlink(missing_ok=True)
            known = self.habits(zone)
            self._write(zone, habits.stated(self.text(zone), known | {habit} if has else known - {habit}))

    def served(self, zone: str) -> str:
        """The master file that its name servers answer from: where they are elsewhere, not the one that the panel changes."""
        kept = self._served_path(zone)
        return kept.read_text(encoding="utf-8") if kept.exists() else self.text(zone)

    def _served_path(self, zone: str) -> Path:
        return self._path(zone).with_suffix(".elsewhere")

    def records(self, zone: str) -> list[Record]:
        """All records but SOA, the top of the zone first."""
        found = []
        for name, node in self._load(zone).nodes.items():
            for rdataset in node.rdatasets:
                if rdataset.rdtype != dns.rdatatype.SOA:
                    kind = dns.rdatatype.to_text(rdataset.rdtype)
                    found += [Record(kind, name.to_text(), _shown(zone, rdata), rdataset.ttl) for rdata in rdataset]
        return sorted(found, key=lambda r: (r.host != "@", r.host.split(".")[::-1], r.type, r.value))

    def set_silent(self, zone: str, silent: bool) -> None:
        """Lets the zone's name servers fall silent, or answer again."""
        with self._lock:
            lines = [line for line in self.text(zone).splitlines() if line != SILENT]
            self._write(zone, "\n".join([SILENT, *lines] if silent else lines) + "\n")

    def add(self, zone: str, type: str, host: str, value: str, ttl: int | str = TTL_SECONDS) -> Record:
        """Adds a record beside what is there."""
        with self._lock:
            content = self._load(zone)
            kind, name, rdata = self._understood(zone, type, host, value)
            seconds = _ttl(ttl)
            self._put(content, name, kind, rdata, seconds)
            self._save(zone, content)
            return Record(dns.rdatatype.to_text(kind), name.to_text(), _shown(zone, rdata), seconds)

    def delete(self, zone: str, type: str, host: str, value: str = "") -> Record:
        """Removes a record; the value may be left out where the host has only one of that type."""
        with self._lock:
            content = self._load(zone)
            kind, name, rdata = self._present(zone, content, type, host, value, "value")
            record = Record(dns.rdatatype.to_text(kind), name.to_text(), _shown(zone, rdata), 0)
            self._take(content, name, kind, rdata)
            self._save(zone, content)
            return record

    def replace(
        self, zone: str, type: str, host: str, value: str, old_value: str = "", ttl: int | str = TTL_SECONDS,
    ) -> Record:
        """Puts a value in the place of another; the old one may be left out where there is only one of that type."""
        with self._lock:
            content = self._load(zone)
            kind, name, rdata = self._understood(zone, type, host, value)
            seconds = _ttl(ttl)
            _, _, old = self._present(zone, content, type, host, old_value, "old_value")
            self._take(content, name, kind, old)
            self._put(content, name, kind, rdata, seconds)
            self._save(zone, content)
            return Record(dns.rdatatype.to_text(kind), name.to_text(), _shown(zone, rdata), seconds)

    def has_original(self, zone: str) -> bool:
        return zone in self._originals()

    def restore(self, zone: str) -> None:
        """Makes a zone what it was at first."""
        original = self._originals().get(zone)
        if original is None:
            raise BadInput("zone", f"The zone {zone} has no original to go back to.")
        with self._lock:
            (self.folder / f"{zone}.elsewhere").unlink(missing_ok=True)
            self._write(zone, original.read_text(encoding="utf-8"))

    def _originals(self) -> dict[str, Path]:
        if not self.originals:
            return {}
        return {path.name[: -len(".zone")]: path for path in self.originals.rglob("*.zone")}

    def _path(self, zone: str) -> Path:
        if zone not in self.zones():  # also keeps every path inside the folder
            raise BadInput("zone", f"There is no zone {zone!r} here.")
        return self.folder / f"{zone}.zone"

    def _load(self, zone: str) -> dns.zone.Zone:
        return dns.zone.from_text(self.text(zone), origin=zone, relativize=True, check_origin=False)

    def _save(self, zone: str, content: dns.zone.Zone) -> None:
        soa = content.get_rdataset("@", "SOA")
        if soa:
            content.replace_rdataset("@", dns.rdataset.from_rdata(
                soa.ttl, soa[0].replace(serial=(soa[0].serial + 1) % 2**32)))
        comments = [line for line in self.text(zone).splitlines() if line.startswith(";")]
        body = content.to_text(sorted=True, relativize=True, want_origin=True)
        self._write(zone, "\n".join([*comments, body.rstrip(), ""]))

    def _write(self, zone: str, text: str) -> None:
        path = self.folder / f"{zone}.zone"
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
        self.changed(zone)

    def _understood(self, zone: str, type: str, host: str, value: str):
        kind, known = _type(type), self.habits(zone)
        name = _host(zone, host, known)
        if kind == dns.rdatatype.CNAME and "proxied" in known:
            _rdata(zone, kind, value, known)
            return dns.rdatatype.A, name, _rdata(zone, dns.rdatatype.A, PROXY)
        return kind, name, _rdata(zone, kind, value, known)

    def _present(self, zone: str, content: dns.zone.Zone, type: str, host: str, value: str, field: str):
        """The record that is meant: by its value, or the only one."""
        kind, name = _type(type), _host(zone, host, {"appends"})  # the host as it is shown, which may end with the zone
        rdataset = content.get_rdataset(name, kind)
        shown = f"{dns.rdatatype.to_text(kind)} record at {name}"
        if not rdataset:
            raise BadInput("host", f"Host: there is no {shown} in {zone}.")
        if value.strip():
            for rdata in rdataset:
                if _shown(zone, rdata) in (value, value.strip()) or rdata == _rdata(zone, kind, value):
                    return kind, name, rdata
            raise BadInput(field, f"{_label(field)}: no {shown} has this value.")
        if len(rdataset) > 1:
            several = f"the host {name} has {len(rdataset)} {dns.rdatatype.to_text(kind)} records"
            raise BadInput(field, f"{_label(field)}: {several}; say which one.")
        return kind, name, rdataset[0]

    def _put(self, content: dns.zone.Zone, name, kind, rdata, ttl: int) -> None:
        node = content.get_node(name) or dns.node.Node()
        others = [r for r in node.rdatasets if r.rdtype != kind]
        if kind == dns.rdatatype.CNAME and node.rdatasets:
            raise BadInput("host", f"Host: {name} has other records, and a CNAME must be alone (RFC 1034).")
        if any(r.rdtype == dns.rdatatype.CNAME for r in others):
            raise BadInput("host", f"Host: {name} is a CNAME, and nothing may stand beside one (RFC 1034).")
        if sum(len(r) for n in content.nodes.values() for r in n.rdatasets) >= MOST_RECORDS:
            raise BadInput("zone", f"The zone has {MOST_RECORDS} records already, which is enough for a demo.")
        rdataset = content.find_rdataset(name, kind, create=True)
        if rdata in rdataset:
            raise BadInput("value", "Value: this very record is there already.")
        rdataset.add(rdata, ttl)
        rdataset.ttl = ttl

    def _take(self, content: dns.zone.Zone, name, kind, rdata) -> None:
        rdataset = content.get_rdataset(name, kind)
        if kind == dns.rdatatype.NS and name == dns.name.empty and len(rdataset) == 1:
            raise BadInput("value", "Value: the zone needs at least one name server.")
        rdataset.remove(rdata)
        if not len(rdataset):
            content.delete_rdataset(name, kind)


def _label(field: str) -> str:
    return {"old_value": "Old value"}.get(field, field.capitalize())


def _type(text: str) -> dns.rdatatype.RdataType:
    name = text.strip().upper()
    if name not in TYPES:
        raise BadInput("type", f"Type must be one of {', '.join(TYPES)}, not {text.strip()[:20]!r}.")
    return dns.rdatatype.from_text(name)


def _host(zone: str, text: str, known: Set[str] = frozenset()) -> dns.name.Name:
    """A host of the form, relative to the zone; a full name is taken only with its final dot, or becomes a longer one."""
    host = text.strip().lower()
    if host in ("", "@"):
        return dns.name.empty
    if not re.fullmatch(r"[a-z0-9_*.\-]+", host):
        raise BadInput("host", "Host may have letters, digits, hyphens, underscores and dots only.")
    try:
        if host.endswith("."):
            full = dns.name.from_text(host)
            apex = dns.name.from_text(zone)
            if not full.is_subdomain(apex):
                raise BadInput("host", f"Host: {host} is not in the zone {zone}.")
            return full.relativize(apex)
        name = dns.name.from_text(host, origin=None)
        dns.name.from_text(host, origin=dns.name.from_text(zone))
    except dns.exception.DNSException:
        raise BadInput("host", "Host has an empty part, or one longer than 63 characters.") from None
    if "appends" not in known and (host == zone or host.endswith(f".{zone}")):
        short = host[: -len(zone)].rstrip(".") or "@"
        raise BadInput("host", f"Host is relative to {zone}: write {short}, not {host}.")
    return name


def _ttl(value: int | str) -> int:
    text = str(value).strip() or str(TTL_SECONDS)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 604800:
        raise BadInput("ttl", "TTL must be a number of seconds from 1 to 604800.")
    return int(text)


def _rdata(zone: str, kind: dns.rdatatype.RdataType, text: str, known: frozenset[str] = frozenset()) -> dns.rdata.Rdata:
    value = text if kind == dns.rdatatype.TXT and "literal" in known else text.strip()
    if not value.strip():
        raise BadInput("value", "Value must not be empty.")
    if len(value) > LONGEST_VALUE:
        raise BadInput("value", f"Value is longer than {LONGEST_VALUE} characters.")
    if any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise BadInput("value", "Value must be one line without control characters.")
    name = dns.rdatatype.to_text(kind)
    if kind == dns.rdatatype.TXT:
        return _txt(value, known)
    if kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        try:
            right = ipaddress.ip_address(value).version == (4 if kind == dns.rdatatype.A else 6)
        except ValueError:
            right = False
        if not right:
            raise BadInput("value", f"Value of an {name} record must be an address such as {EXAMPLES[name]}.")
    elif not re.fullmatch(r"(\d{1,5} +)?[A-Za-z0-9_.\-]+" if kind == dns.rdatatype.MX else r"[A-Za-z0-9_.\-]+", value):
        raise BadInput("value", f"Value of a {name} record must look like {EXAMPLES[name]}")
    if kind == dns.rdatatype.MX and " " not in value:
        raise BadInput("value", f"Value of an MX record starts with its preference, as in {EXAMPLES['MX']}")
    try:
        # As most panels do: a host with a dot in it is a full name even without the final one.
        if kind in NAMING and "undotted" not in known and "." in value and not value.endswith("."):
            value += "."
        return dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.from_text(zone), relativize=True)
    except dns.exception.DNSException:
        raise BadInput("value", f"Value of a {name} record must look like {EXAMPLES[name]}") from None


def _txt(value: str, known: frozenset[str] = frozenset()) -> dns.rdata.Rdata:
    """Plain text, as panels take it; quoted strings, as master files have them, are taken too."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', value)
    if "literal" not in known and value.startswith('"') and re.fullmatch(r'(\s*"(?:[^"\\]|\\.)*")+\s*', value):
        value = "".join(re.sub(r"\\(.)", r"\1", part) for part in quoted)
    elif "unsplit" in known and len(value.encode("utf-8")) > 255:
        raise BadInput("value", "Value is longer than 255 characters: cut it into parts, each in quotation marks.")
    octets = value.encode("utf-8")
    strings = [octets[i:i + 255] for i in range(0, len(octets), 255)] or [b""]
    return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)


def _shown(zone: str, rdata: dns.rdata.Rdata) -> str:
    """The value as a panel shows it: text without quotes, names in full."""
    if rdata.rdtype == dns.rdatatype.TXT:
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")
    return rdata.to_text(origin=dns.name.from_text(zone), relativize=False)
