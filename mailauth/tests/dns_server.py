"""A DNS server for tests, benchmarks and the demo: zones as text, real packets, and misbehaviour on demand.

It behaves as a recursive resolver for which its zones, and the root above them, are the
whole world: aliases are followed from zone to zone, negative answers carry the SOA
record, and a name in none of the zones does not exist. With ``authoritative=True`` it
behaves as the name server of its zones instead.

    with DnsServer({"example.com": '@ TXT "v=spf1 -all"'}) as server:
        server.script("_dmarc.example.com", "TXT", "servfail")
        Resolver(nameservers=[server.address])

Names in a zone's text are relative to the zone. A SOA record is added where there is none.
The words for misbehaviour stand in :mod:`.dns_misbehaviour`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Iterable, Mapping

import dns.name
import dns.rdatatype

from .dns_misbehaviour import Asked, misbehave
from .dns_zones import AD, CD, QR, RD, TC, World, labels_of, message, parse_zone

__all__ = ["DnsServer", "parse_zone"]

SO_TIMESTAMPNS = 35  # of Linux: the system says when a packet arrived, however late it is read
MAX_KNOWN = 20_000  # answers that are kept as they were made
ROUNDS = 12  # of an event loop, in which a question that has arrived is answered over TCP, and over UDP a thousand are


class DnsServer:
    """Serves zones over UDP and TCP from a thread of its own, from ``__enter__`` (or :meth:`start`) on.

    ``zones`` is a mapping of zone names to texts, or one text with absolute names in which
    every SOA record begins a zone. ``delay`` is in seconds, for every answer. ``loss`` and
    ``failures`` are the shares of answers that are lost or become SERVFAIL, drawn by
    ``seed``. ``silent`` names zones that never answer; ``signed`` those whose answers
    carry the AD bit. ``outside`` is what happens to names in no zone: ``"nxdomain"`` or
    ``"refused"``. ``alike`` names zones that stand for any number of others, whose names have other digits in the place
    of theirs: tens of thousands need not be read. ``port`` 0 stands for any free port. ``timed`` keeps when each question
    arrived over UDP.
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
        alike: Iterable[str] = (),
        outside: str | None = None,
        tcp: bool = True,
        loss: float = 0.0,
        failures: float = 0.0,
        seed: int = 0,
        timed: bool = False,
    ) -> None:
        self.address = (host, port)
        self.delay = delay
        self.loss = loss
        self.failures = failures
        self.log: list[tuple[str, str]] = []  # (name, type) of every question, repetitions included
        self.transports: list[str] = []  # "udp" or "tcp" for each of the log
        self.times: list[float] = []  # seconds, if ``timed``
        self._timed = timed
        self._world = World(authoritative, outside or ("refused" if authoritative else "nxdomain"))
        self._tcp = tcp
        self._random = random.Random(seed)
        self._silent = frozenset(map(_origin, silent))
        self._world.signed = frozenset(map(_origin, signed))
        self._world.alike = frozenset(map(_origin, alike))
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
        self._world.put(origin, parse_zone(text, origin))
        self._known = {}

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
                self._world.put(origin.to_text(), part)
        self._known = {}

    def remove_zone(self, origin: str) -> None:
        """Serve a zone no longer."""
        self._world.remove(_origin(origin))
        self._known = {}

    def set_silent(self, origin: str, silent: bool = True) -> None:
        """Let a zone fall silent: no question about it, or what lies below, is answered."""
        zone = {_origin(origin)}
        self._silent = self._silent | zone if silent else self._silent - zone
        self._known = {}

    def set_signed(self, origin: str, signed: bool = True) -> None:
        """Set the AD bit in answers from a zone, or not."""
        zone = {_origin(origin)}
        self._world.signed = self._world.signed | zone if signed else self._world.signed - zone
        self._known = {}

    def script(
        self, name: str, rdtype: str, behaviour: str | None, *, times: int | None = None, transport: str | None = None,
    ) -> None:
        """Misbehave for a name and type (``"*"`` for all), see :mod:`.dns_misbehaviour`; ``None`` ends it.

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

    def most_in_a_second(self) -> int:
        """How many questions arrived in the busiest second, wherever that begins."""
        times = sorted(self.times)
        first = most = 0
        for last, now in enumerate(times):
            while now - times[first] >= 1.0:
                first += 1
            most = max(most, last - first + 1)
        return most

    # Answers

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
        rcode, flags, answers, authority = self._world.resolve(name, kind)
        if asked & CD:
            flags &= ~AD
        flags |= QR | asked & (RD | CD)
        whole = message(flags | rcode, question, answers, authority, edns)
        short = whole
        if len(whole) > limit:
            short = message(flags | TC | rcode, question, [], [], edns)
        return (text, mnemonic), silent, short[2:], whole[2:], (question, name, flags, edns)

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
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = known
        asked, silent, short, whole, parts = known
        self.log.append(asked)
        self.transports.append(transport)
        if silent:
            return 0.0, []
        right = query[:2] + (short if transport == "udp" else whole)
        if self._scripts:
            behaviour = self._behaviour(asked, transport)
            if behaviour is not None:
                zone = self._world.zone_of(parts[1])
                delay, messages = misbehave(behaviour, Asked(query, *parts, transport, zone, right))
                return (self.delay if delay is None else delay), messages
        if self.loss and self._random.random() < self.loss:
            return 0.0, []
        if self.failures and self._random.random() < self.failures:
            question, _, flags, edns = parts
            right = query[:2] + message(flags & ~AD | 2, question, [], [], edns)[2:]
        return self.delay, [right]

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
        if self._timed:
            udp.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
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

    def settle(self) -> None:
        """Return once all that has arrived is answered, but for what is answered late on purpose."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(self._pass, ROUNDS, done)
        done.wait()

    def _pass(self, rounds: int, done: threading.Event) -> None:
        if rounds:
            self._loop.call_soon(self._pass, rounds - 1, done)
        else:
            done.set()

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
                if self._timed:
                    query, [(_, _, stamp)], _, client = udp.recvmsg(4096, 64)
                    seconds, nanoseconds = struct.unpack("@qq", stamp)
                    self.times.append(seconds + nanoseconds / 1e9)
                else:
                    query, client = udp.recvfrom(4096)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # a client that has gone
            delay, messages = self._answer(query, "udp")
            for octets in messages:
                if delay:
                    self._loop.call_later(delay, self._send, octets, client)
                else:
                    self._send(octets, client)

    def _send(self, octets: bytes, client: tuple) -> None:
        with contextlib.suppress(OSError):  # a client that has gone
            self._udp.sendto(octets, client)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                query = await reader.readexactly(size)
                delay, messages = self._answer(query, "tcp")
                if delay:
                    await asyncio.sleep(delay)
                for octets in messages:
                    writer.write(len(octets).to_bytes(2, "big") + octets)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def _origin(zone: str) -> tuple[bytes, ...]:
    return labels_of(dns.name.from_text(zone))
