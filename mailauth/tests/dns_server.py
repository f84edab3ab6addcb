"""A DNS server for tests, benchmarks and the demo: zones as text, real packets, and misbehaviour on demand.

It behaves as a recursive resolver for which its zones, and the root above them, are the
whole world: aliases are followed from zone to zone, negative answers carry the SOA
record, and a name in none of the zones does not exist. With ``authoritative=True`` it
behaves as the name server of its zones instead.

    with DnsServer({"example.com": '@ TXT "v=spf1 -all"'}) as server:
        server.script("_dmarc.example.com", "TXT", "servfail")
        Resolver(nameservers=[server.address])

Names in a zone's text are relative to the zone. A SOA record is added where there is none.

Misbehaviours (see :meth:`DnsServer.script`):

| word | what the client sees |
| --- | --- |
| ``servfail``, ``refused``, ``formerr``, ``notimp`` | that response code |
| ``ede:22`` | SERVFAIL with that extended error |
| ``bogus`` | SERVFAIL with the extended error 6, unless the question has the CD bit |
| ``bogus-silent`` | the same without an extended error |
| ``nxdomain``, ``nodata`` | that negative answer, with SOA |
| ``blocked`` | "no such name" with the extended error 15, as filtering resolvers say it |
| ``empty`` | NOERROR without any record |
| ``referral`` | no answer, but the names of servers elsewhere |
| ``drop`` | nothing |
| ``delay:0.5`` | the right answer, so many seconds later |
| ``truncate`` | the TC bit and no records over UDP; the whole over TCP |
| ``truncate-only`` | the TC bit over UDP, and nothing over TCP |
| ``truncate-always`` | the TC bit over UDP and TCP |
| ``garbage`` | the right id and question, then nonsense |
| ``noise`` | random octets |
| ``cut:20`` | the right answer without its last octets |
| ``wrong_id``, ``wrong_question`` | an answer that does not fit the question |
| ``wrong_name`` | an answer whose records belong to another name |
| ``query`` | the question itself, not marked as a response |
| ``spoofed`` | forgeries first, with a wrong id, a wrong question and wrong contents, then the right answer |
| ``no_edns`` | FORMERR, in twelve octets, as long as the question has EDNS |
| ``records:…`` | these records, one a line as in a master file, whatever the zone says |
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
import socket
import struct
import textwrap
import threading
from collections.abc import Iterable, Mapping

import dns.flags
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tokenizer
import dns.zonefile

MAX_CHAIN = 24  # aliases that are followed; more than a careful client follows
_FIXED = struct.Struct(">HHIH")
_HEADER = struct.Struct(">HHHHHH")
_QR, _AA, _TC, _RD, _RA, _AD, _CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010
_RCODES = {"formerr": 1, "servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5}
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


class _Set:
    """The records of one name and type, as octets: what follows the owner name in an answer."""

    __slots__ = ("kind", "records", "target")

    def __init__(self, rrset: dns.rrset.RRset) -> None:
        self.kind = int(rrset.rdtype)
        self.records = []
        for rdata in rrset:
            octets = rdata.to_wire(origin=dns.name.root)
            self.records.append(_FIXED.pack(self.kind, 1, rrset.ttl, len(octets)) + octets)
        self.target = None
        if rrset.rdtype == dns.rdatatype.CNAME:
            self.target = _labels(rrset[0].target)


_Name = "tuple[bytes, ...]"


def _labels(name: dns.name.Name) -> tuple[bytes, ...]:
    return tuple(label.lower() for label in name.labels if label)


def _wire_name(labels: tuple[bytes, ...]) -> bytes:
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\x00"


class _Zone:
    """One zone: names (tuples of labels) with their sets, and the names that exist only because others lie below."""

    def __init__(self, origin: str, rrsets: Iterable[dns.rrset.RRset]) -> None:
        self.origin = _labels(dns.name.from_text(origin))
        self.names: dict[tuple[bytes, ...], dict[int, _Set]] = {}
        self.existing: set[tuple[bytes, ...]] = {self.origin}
        minimum = 0
        for rrset in rrsets:
            owner = _labels(rrset.name)
            self.names.setdefault(owner, {})[int(rrset.rdtype)] = _Set(rrset)
            for start in range(len(owner) - len(self.origin)):
                self.existing.add(owner[start:])
            if rrset.rdtype == dns.rdatatype.SOA and owner == self.origin:
                minimum = min(rrset[0].minimum, rrset.ttl)
        soa = self.names[self.origin][6].records[0]
        self.soa = _wire_name(self.origin) + soa[:4] + struct.pack(">I", minimum) + soa[8:]

    def lookup(self, name: tuple[bytes, ...]) -> dict[int, _Set] | None:
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


class DnsServer:
    """Serves zones over UDP and TCP from a thread of its own, from ``__enter__`` (or :meth:`start`) on.

    ``zones`` is a mapping of zone names to texts, or one text with absolute names in which
    every SOA record begins a zone. ``delay`` is in seconds, for every answer. ``loss`` and
    ``failures`` are the shares of answers that are lost or become SERVFAIL, drawn by
    ``seed``. ``silent`` names zones that never answer; ``signed`` those whose answers
    carry the AD bit. ``outside`` is what happens to names in no zone: ``"nxdomain"`` or
    ``"refused"``. ``port`` 0 stands for any free port.
    """

    def __init__(
        self,
        zones: Mapping[str, str] | str | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        authoritative: bool = False,
        delay: float = 0.0,
        silent: Iterable[str] = (),
        signed: Iterable[str] = (),
        outside: str | None = None,
        tcp: bool = True,
        loss: float = 0.0,
        failures: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.address = (host, port)
        self.authoritative = authoritative
        self.delay = delay
        self.loss = loss
        self.failures = failures
        self.log: list[tuple[str, str]] = []  # (name, type) of every question, repetitions included
        self.transports: list[str] = []  # "udp" or "tcp" for each of the log
        self._outside = outside or ("refused" if authoritative else "nxdomain")
        self._tcp = tcp
        self._random = random.Random(seed)
        self._zones: dict[tuple[bytes, ...], _Zone] = {}
        self._ancestors: set[tuple[bytes, ...]] = set()
        self._silent = {_labels(dns.name.from_text(zone)) for zone in silent}
        self._signed = {_labels(dns.name.from_text(zone)) for zone in signed}
        self._scripts: dict[tuple[str, str], list] = {}
        self._known: dict[bytes, tuple] = {}
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._udp: socket.socket | None = None
        if isinstance(zones, str):
            self.load(zones)
        else:
            for origin, text in (zones or {}).items():
                self.set_zone(origin, text)

    # What it serves

    def set_zone(self, origin: str, text: str) -> None:
        """Serve a zone, or replace it while the server runs. Errors in the text are raised."""
        rrsets = parse_zone(text, origin)
        self._put(origin, rrsets)

    def load(self, text: str) -> None:
        """Serve the zones of one text: each SOA record begins one, what lies outside them is the root's."""
        rrsets = parse_zone(text)
        origins = {rrset.name for rrset in rrsets if rrset.rdtype == dns.rdatatype.SOA} | {dns.name.root}
        parts: dict[dns.name.Name, list] = {origin: [] for origin in origins}
        for rrset in rrsets:
            origin = rrset.name
            while origin not in parts:
                origin = origin.parent()
            parts[origin].append(rrset)
        for origin, part in parts.items():
            if part:
                self._put(origin.to_text(), part)

    def remove_zone(self, origin: str) -> None:
        """Serve a zone no longer."""
        zones = dict(self._zones)
        zones.pop(_labels(dns.name.from_text(origin)), None)
        self._replace(zones)

    def set_silent(self, origin: str, silent: bool = True) -> None:
        """Let a zone fall silent: no question about it, or what lies below, is answered."""
        zone = _labels(dns.name.from_text(origin))
        self._silent = self._silent | {zone} if silent else self._silent - {zone}
        self._known = {}

    def set_signed(self, origin: str, signed: bool = True) -> None:
        """Set the AD bit in answers from a zone, or not."""
        zone = _labels(dns.name.from_text(origin))
        self._signed = self._signed | {zone} if signed else self._signed - {zone}
        self._known = {}

    def script(
        self, name: str, rdtype: str, behaviour: str | None, *, times: int | None = None, transport: str | None = None,
    ) -> None:
        """Misbehave for a name and type (``"*"`` for all), see the module's table; ``None`` ends it.

        Only so many ``times`` if given, then normal again; only over one ``transport``
        (``"udp"`` or ``"tcp"``) if given. What is scripted later comes first.
        """
        key = (name.lower().rstrip("."), rdtype.upper())
        if behaviour is None:
            self._scripts.pop(key, None)
        else:
            self._scripts.setdefault(key, []).insert(0, [behaviour, times, transport])

    def clear_scripts(self) -> None:
        """Behave again."""
        self._scripts.clear()

    def count(self, name: str, rdtype: str) -> int:
        """How often this was asked."""
        return self.log.count((name.lower().rstrip("."), rdtype))

    def _put(self, origin: str, rrsets: list[dns.rrset.RRset]) -> None:
        apex = dns.name.from_text(origin)
        if not any(r.rdtype == dns.rdatatype.SOA and r.name == apex for r in rrsets):
            text = _DEFAULT_SOA.format("" if apex == dns.name.root else apex.to_text())
            rrsets = [*rrsets, dns.rrset.from_text(apex, 3600, "IN", "SOA", text)]
        zone = _Zone(origin, rrsets)
        self._replace({**self._zones, zone.origin: zone})

    def _replace(self, zones: dict) -> None:
        if () not in zones and not self.authoritative:
            soa = dns.rrset.from_text(".", 86400, "IN", "SOA", _DEFAULT_SOA.format("root-servers.test."))
            zones[()] = _Zone(".", [soa])
        self._ancestors = {origin[start:] for origin in zones for start in range(len(origin))}
        self._zones = zones
        self._known = {}

    # Answers

    def _zone_of(self, name: tuple[bytes, ...]) -> _Zone | None:
        for start in range(len(name) + 1):
            zone = self._zones.get(name[start:])
            if zone is not None:
                return zone
        return None

    def _resolve(self, name: tuple[bytes, ...], kind: int) -> tuple[int, int, list[bytes], list[bytes]]:
        """Response code, flags, answer records and authority records."""
        answers: list[bytes] = []
        flags = 0 if self.authoritative else _RA
        secure = True
        seen = set()
        first = True
        while True:
            zone = self._zone_of(name)
            if zone is None or (self._outside == "refused" and zone.origin == () and name not in zone.existing):
                return (5 if first else 0), flags, answers, []
            if first and self.authoritative:
                flags |= _AA
                cut = zone.cut(name)
                if cut is not None:
                    owner = _wire_name(cut)
                    return 0, flags & ~_AA, [], [owner + record for record in zone.names[cut][2].records]
            secure = secure and zone.origin in self._signed
            sets = zone.lookup(name)
            if sets is None and name in self._ancestors:
                sets = {}
            final = flags | (_AD if secure and not self.authoritative else 0)
            if sets is None:
                return 3, final, answers, [zone.soa]
            owner = b"\xc0\x0c" if first else _wire_name(name)
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
            if self.authoritative and self._zone_of(name) is None:
                return 0, flags, answers, []

    def _compile(self, query: bytes) -> tuple | None:
        """All there is to know about a question, found once and kept: see ``_answer``."""
        try:
            labels = []
            at = 12
            while query[at]:
                size = query[at]
                if size > 63:
                    return None
                labels.append(query[at + 1 : at + 1 + size].lower())
                at += size + 1
            (kind,) = struct.unpack_from(">H", query, at + 1)
        except (IndexError, struct.error):
            return None
        question = query[12 : at + 5]
        name = tuple(labels)
        text = b".".join(labels).decode("ascii", "backslashreplace")
        try:
            mnemonic = dns.rdatatype.to_text(dns.rdatatype.RdataType(kind))
        except ValueError:
            mnemonic = f"TYPE{kind}"
        silent = any(name[start:] in self._silent for start in range(len(name) + 1))
        limit = 512
        edns = query[10:12] != b"\x00\x00" and query[at + 5 : at + 8] == b"\x00\x00\x29"
        if edns:
            limit = max(512, int.from_bytes(query[at + 8 : at + 10], "big"))
        asked = int.from_bytes(query[2:4], "big")
        rcode, flags, answers, authority = self._resolve(name, kind)
        if asked & _CD:
            flags &= ~_AD
        flags |= _QR | asked & (_RD | _CD)
        whole = _message(flags | rcode, question, answers, authority, edns)
        short = whole
        if len(whole) > limit:
            short = _message(flags | _TC | rcode, question, [], [], edns)
        return (text, mnemonic), silent, short[2:], whole[2:], (question, flags, asked, edns, name)

    def _answer(self, query: bytes, transport: str) -> tuple[float, list[bytes]]:
        """How long to wait, and which messages to send then; both for one question."""
        key = query[2:]
        known = self._known.get(key)
        if known is None:
            if len(query) < 17 or query[2] & 0x80:
                return 0.0, []
            known = self._compile(query)
            if known is None:
                return 0.0, []
            self._known[key] = known
        asked, silent, short, whole, parts = known
        self.log.append(asked)
        self.transports.append(transport)
        if silent:
            return 0.0, []
        message = query[:2] + (short if transport == "udp" else whole)
        if self._scripts:
            behaviour = self._behaviour(asked, transport)
            if behaviour is not None:
                return self._misbehave(behaviour, message, query, transport, parts)
        if self.loss and self._random.random() < self.loss:
            return 0.0, []
        if self.failures and self._random.random() < self.failures:
            question, flags, _, edns, _ = parts
            message = query[:2] + _message(flags & ~_AD | 2, question, [], [], edns)[2:]
        return self.delay, [message]

    def _behaviour(self, asked: tuple[str, str], transport: str) -> str | None:
        name, rdtype = asked
        for key in ((name, rdtype), (name, "*"), ("*", rdtype), ("*", "*")):
            for script in self._scripts.get(key, ()):
                behaviour, times, only = script
                if only not in (None, transport) or times == 0:
                    continue
                if times is not None:
                    script[1] = times - 1
                return behaviour
        return None

    def _misbehave(
        self, behaviour: str, right: bytes, query: bytes, transport: str, parts: tuple,
    ) -> tuple[float, list[bytes]]:
        word, _, value = behaviour.partition(":")
        question, flags, asked, edns, name = parts
        number = query[:2]
        plain = flags & ~(_AD | _AA)

        def message(rcode: int, answers: list = (), authority: list = (), more: int = 0, ask: bytes = question) -> bytes:
            return number + _message(plain | more | rcode, ask, answers, authority, edns)[2:]

        delay = self.delay
        zone = self._zone_of(name)
        soa = [zone.soa] if zone else []
        elsewhere = _FIXED.pack(1, 1, 300, 4) + bytes((192, 0, 2, 66))
        if word == "delay":
            return float(value), [right]
        if word == "drop":
            return 0.0, []
        if word in ("servfail", "refused", "formerr", "notimp"):
            return delay, [message(_RCODES[word])]
        if word == "ede":
            return delay, [number + _message(plain | 2, question, [], [], edns, int(value))[2:]]
        if word in ("bogus", "bogus-silent"):
            if asked & _CD:
                return delay, [right]
            return delay, [number + _message(plain | 2, question, [], [], edns, 6 if word == "bogus" else None)[2:]]
        if word == "blocked":
            return delay, [number + _message(plain | 3, question, [], soa, edns, 15)[2:]]
        if word == "nxdomain":
            return delay, [message(3, (), soa)]
        if word == "nodata":
            return delay, [message(0, (), soa)]
        if word == "empty":
            return delay, [message(0)]
        if word == "referral":
            target = _wire_name((b"ns", b"elsewhere", b"test"))
            record = _wire_name(name[-1:]) + _FIXED.pack(2, 1, 300, len(target)) + target
            return delay, [number + _message(plain & ~_RA, question, [], [record], edns)[2:]]
        if word.startswith("truncate"):
            if transport == "udp" or word == "truncate-always":
                return delay, [message(0, (), (), _TC)]
            return (delay, [right]) if word == "truncate" else (0.0, [])
        if word == "garbage":
            header = _HEADER.pack(0, plain, 1, 3, 0, 0)[2:]
            return delay, [number + header + question + b"\xc0\xff\x01garbage"]
        if word == "noise":
            return delay, [self._random.randbytes(64)]
        if word == "cut":
            return delay, [right[: max(12, len(right) - int(value))]]
        if word == "wrong_id":
            return delay, [bytes((number[0] ^ 0x55, number[1])) + right[2:]]
        if word == "wrong_question":
            other = b"\x05wrong" + question[-5:]
            return delay, [message(0, [b"\xc0\x0c" + elsewhere], (), 0, other)]
        if word == "wrong_name":
            return delay, [message(0, [b"\x05wrong\x04test\x00" + right_part for right_part in self._records(name, parts)])]
        if word == "query":
            return delay, [query]
        if word == "spoofed":
            other = b"\x05wrong" + question[-5:]
            return delay, [
                bytes((number[0] ^ 0x55, number[1])) + message(3, (), soa)[2:],
                message(3, (), soa, 0, other),
                number + b"\xff" * 30,
                right,
            ]
        if word == "no_edns":
            if edns:
                return delay, [number + struct.pack(">HHHHH", _QR | 1, 0, 0, 0, 0)]
            return delay, [right]
        if word == "records":
            answers = []
            for rrset in parse_zone(value):
                owner = _wire_name(_labels(rrset.name))
                answers += [owner + record for record in _Set(rrset).records]
            return delay, [message(0, answers)]
        raise ValueError(f"no such behaviour: {behaviour!r}")

    def _records(self, name: tuple[bytes, ...], parts: tuple) -> list[bytes]:
        kind = int.from_bytes(parts[0][-4:-2], "big")
        zone = self._zone_of(name)
        sets = (zone.lookup(name) if zone else None) or {}
        if kind in sets:
            return sets[kind].records
        return [_FIXED.pack(1, 1, 300, 4) + bytes((192, 0, 2, 66))]

    # Packets

    def start(self) -> DnsServer:
        """Bind the sockets and begin to answer."""
        host, port = self.address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for attempt in range(20):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            stream = socket.socket(family, socket.SOCK_STREAM)
            try:
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                udp.bind((host, port))
                if self._tcp:
                    stream.bind((host, udp.getsockname()[1]))
                break
            except OSError:
                udp.close()
                stream.close()
                if port or attempt == 19:
                    raise
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        udp.setblocking(False)
        self.address = (host, udp.getsockname()[1])
        self._udp = udp
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(stream, started), daemon=True, name="dns-server")
        self._thread.start()
        started.wait()
        return self

    def stop(self) -> None:
        """Close the sockets; nothing listens on the port from then on."""
        if self._thread is None:
            return
        loop, thread = self._loop, self._thread
        self._thread = None
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def __enter__(self) -> DnsServer:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _serve(self, stream: socket.socket, started: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        udp = self._udp
        server = None
        if self._tcp:
            server = loop.run_until_complete(asyncio.start_server(self._stream, sock=stream))
        else:
            stream.close()
        loop.add_reader(udp.fileno(), self._readable)
        started.set()
        try:
            loop.run_forever()
        finally:
            loop.remove_reader(udp.fileno())
            udp.close()
            if server is not None:
                server.close()
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    def _readable(self) -> None:
        udp = self._udp
        for _ in range(128):
            try:
                query, client = udp.recvfrom(4096)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # a client that has gone
            delay, messages = self._answer(query, "udp")
            for message in messages:
                if delay:
                    self._loop.call_later(delay, self._send, message, client)
                else:
                    self._send(message, client)

    def _send(self, message: bytes, client: tuple) -> None:
        with contextlib.suppress(OSError):  # a client that has gone
            self._udp.sendto(message, client)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                query = await reader.readexactly(size)
                delay, messages = self._answer(query, "tcp")
                if delay:
                    await asyncio.sleep(delay)
                for message in messages:
                    writer.write(len(message).to_bytes(2, "big") + message)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def _message(
    flags: int, question: bytes, answers: Iterable[bytes], authority: Iterable[bytes], edns: bool, ede: int | None = None,
) -> bytes:
    """A whole message with the id zero."""
    answers, authority = list(answers), list(authority)
    header = _HEADER.pack(0, flags, 1, len(answers), len(authority), 1 if edns else 0)
    option = b"" if ede is None else struct.pack(">HHH", 15, 2, ede)
    opt = b"\x00" + _FIXED.pack(41, 1232, 0, len(option)) + option if edns else b""
    return header + question + b"".join(answers) + b"".join(authority) + opt
