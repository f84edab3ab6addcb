"""Carrying DNS messages: UDP with random ports and ids, TCP, DNS over HTTPS (RFC 1035 §4.2, RFC 5452, RFC 8484)."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import struct
import time
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from .answer import decode_text
from .exchange import Attempt, ServerState
from .nameserver import Nameserver
from .turns import Turns

if TYPE_CHECKING:
    import httpx

MAX_MESSAGE = 65535  # octets (RFC 1035 §4.2.2)
SOCKETS = 16  # at most, for one name server
SOCKET_USES = 256  # questions until a socket, and with it the source port, is renewed (RFC 5452 §9.2)
BUSY = 4  # questions in flight on every socket before another one is opened


class Ids:
    """Unpredictable ids of messages, two octets each (RFC 5452 §9.1), drawn from the system in blocks: ``next()`` gives one."""

    def __init__(self) -> None:
        blocks = iter(partial(os.urandom, 1024), b"")  # without end
        self.next = chain.from_iterable(map(struct.Struct("2s" * 512).unpack, blocks)).__next__


class _Socket:
    """A connected UDP socket: the kernel lets nothing in that comes from elsewhere."""

    __slots__ = ("pending", "retired", "sock", "task", "uses")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.task: asyncio.Task | None = None
        self.pending: dict[bytes, tuple[Receiver, Attempt | None]] = {}  # by the message's id
        self.uses = 0
        self.retired = False


Sent = tuple[_Socket, bytes]  # where an answer is listened for: the socket, and the message's id


class Receiver(Protocol):
    """Who waits for datagrams. ``attempt`` is what :meth:`Server.send` was given."""

    def datagram(self, attempt: Attempt | None, message: bytes) -> bool:
        """A message with the right id, from the right address; it may still be a forgery. True to listen no more for others."""

    def unreachable(self, attempt: Attempt | None, reason: str) -> None:
        """The network says that nobody listens there; the question is no longer waited for."""


class Server(ServerState):
    """One name server during one session: its sockets, and what we have learned of it.

    ``turns`` are there if it is to get no more than so many messages ``per_second``.
    """

    def __init__(
        self, nameserver: Nameserver, loop: asyncio.AbstractEventLoop, ids: Ids, keep: bool = True,
        per_second: float = math.inf,
    ) -> None:
        super().__init__(nameserver)
        self.loop = loop
        self.turns = Turns(loop, per_second) if per_second < math.inf else None
        self._keep = keep  # one that serves a single zone does not keep a socket open
        self._ids = ids
        self._sockets: list[_Socket] = []
        self._retired: list[_Socket] = []
        self._sockaddr: tuple | None = None
        self._family = socket.AF_INET

    def send(self, tail: bytes, receiver: Receiver, attempt: Attempt | None) -> Sent:
        """Send a query (``tail`` is all but its id) and listen for the answer; ``OSError`` if it cannot leave."""
        sockets = self._sockets
        opened = len(sockets)
        draw = self._ids.next
        if opened < SOCKETS and sum([len(udp.pending) for udp in sockets]) >= BUSY * opened:
            udp = self._open()
            sockets.append(udp)
        else:
            at = draw()[0] % opened
            udp = sockets[at]
            if udp.uses >= SOCKET_USES:
                udp = self._renew(at)
        pending = udp.pending
        number = draw()
        while number in pending:
            number = draw()
        udp.uses += 1
        try:
            udp.sock.send(number + tail)
        except BlockingIOError:
            pass  # the buffer is full: as good as lost on the way, and repeated like that
        except OSError as error:
            self._refused(udp, error)  # the system tells of an earlier question at the next one
            raise
        pending[number] = (receiver, attempt)
        return udp, number

    @staticmethod
    def listen(sent: Sent, receiver: Receiver, attempt: Attempt) -> None:
        """Call the attempt that :meth:`send` was given another, unless it is not listened for any more."""
        udp, number = sent
        if number in udp.pending:
            udp.pending[number] = (receiver, attempt)

    def forget(self, sent: Sent) -> None:
        """Listen no more for the answer to what :meth:`send` sent."""
        udp, number = sent
        pending = udp.pending
        if pending.pop(number, None) is None:
            return
        if not pending:
            self._rest(udp)

    def _rest(self, udp: _Socket) -> None:
        """Close a socket on which nothing is to come, unless it is used again."""
        if udp.retired:
            self._retired.remove(udp)
        elif not self._keep:
            self._sockets.remove(udp)
        else:
            return
        self._close(udp)

    def _renew(self, at: int) -> _Socket:
        """Put a fresh socket, and with it another source port, in the place of one that was used often enough."""
        udp, fresh = self._sockets[at], self._open()
        self._sockets[at] = fresh
        if udp.pending:
            udp.retired = True
            self._retired.append(udp)
        else:
            self._close(udp)
        return fresh

    def address(self) -> tuple[int, tuple]:
        """Address family and socket address; ``OSError`` for an address that the system does not know."""
        if self._sockaddr is None:
            found = socket.getaddrinfo(
                self.nameserver.host, self.nameserver.port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
            )
            self._family, self._sockaddr = found[0][0], found[0][4]
        return self._family, self._sockaddr

    def _open(self) -> _Socket:
        family, sockaddr = self.address()
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.connect(sockaddr)  # binds to a port that the kernel draws
            udp = _Socket(sock)
            try:
                self.loop.add_reader(sock.fileno(), self._readable, udp)
            except NotImplementedError:  # the event loop of Windows watches no sockets
                udp.task = self.loop.create_task(self._receive(udp))
        except BaseException:
            sock.close()
            raise
        return udp

    def _close(self, udp: _Socket) -> None:
        if udp.sock.fileno() < 0:
            return
        if udp.task is not None:
            udp.task.cancel()
        else:
            self.loop.remove_reader(udp.sock.fileno())
        udp.sock.close()

    def _readable(self, udp: _Socket) -> None:
        receive, pending = udp.sock.recv, udp.pending
        for _ in range(64):  # then others get their turn
            try:
                message = receive(MAX_MESSAGE)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._refused(udp, error)
                return
            number = message[:2]
            waiting = pending.get(number) if len(message) >= 12 else None
            if waiting is not None and waiting[0].datagram(waiting[1], message):
                del pending[number]
                if not pending:
                    self._rest(udp)
            if not pending:  # nothing else is to come, and the socket may have been closed
                return

    async def _receive(self, udp: _Socket) -> None:
        while udp.sock.fileno() >= 0:
            try:
                message = await self.loop.sock_recv(udp.sock, MAX_MESSAGE)
            except OSError as error:
                self._refused(udp, error)
                continue
            number = message[:2]
            waiting = udp.pending.get(number) if len(message) >= 12 else None
            if waiting is not None and waiting[0].datagram(waiting[1], message):
                self.forget((udp, number))

    def _refused(self, udp: _Socket, error: OSError) -> None:
        """An ICMP error: what is on its way on this socket will not be answered."""
        for number in list(udp.pending):
            waiting = udp.pending.get(number)
            if waiting is not None:
                self.forget((udp, number))
                waiting[0].unreachable(waiting[1], error.strerror or "network error")

    def close(self) -> None:
        """Close every socket."""
        if self.turns is not None:
            self.turns.close()
        for udp in self._sockets + self._retired:
            udp.pending.clear()
            self._close(udp)
        self._sockets.clear()
        self._retired.clear()


async def ask_tcp(server: Server, query: bytes, timeout: float) -> bytes:
    """Send a whole query over TCP and return the message that comes back (RFC 7766).

    Raises ``OSError`` or ``asyncio.TimeoutError``; ``timeout`` is in seconds, for all of it.
    """
    return await asyncio.wait_for(_ask_tcp(server, query), timeout)


async def _ask_tcp(server: Server, query: bytes) -> bytes:
    loop = server.loop
    family, sockaddr = server.address()
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await loop.sock_connect(sock, sockaddr)
        await loop.sock_sendall(sock, len(query).to_bytes(2, "big") + query)
        size = int.from_bytes(await _receive(loop, sock, 2), "big")
        return await _receive(loop, sock, size)
    finally:
        sock.close()


async def _receive(loop: asyncio.AbstractEventLoop, sock: socket.socket, size: int) -> bytes:
    octets = bytearray()
    while len(octets) < size:
        part = await loop.sock_recv(sock, size - len(octets))
        if not part:
            raise ConnectionError("connection closed early")
        octets += part
    return bytes(octets)


class Https:
    """DNS over HTTPS by the optional package httpx, one client for a session (RFC 8484)."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def ask(self, url: str, query: bytes, timeout: float) -> bytes:
        """POST a query and return the message that comes back; ``OSError`` with the reason otherwise."""
        try:
            import httpx  # optional, and slow to load for the many who do not need it
        except ImportError as error:
            raise OSError("DNS over HTTPS needs the Python package httpx") from error
        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, trust_env=True)
        until = time.monotonic() + timeout
        headers = {"content-type": "application/dns-message", "accept": "application/dns-message",
                   "accept-encoding": "identity"}
        body = bytearray()
        try:
            async with self._client.stream("POST", url, content=query, headers=headers, timeout=timeout) as response:
                if response.status_code != 200:
                    raise OSError(f"HTTP status {response.status_code}")
                kind = response.headers.get("content-type", "")
                if kind.partition(";")[0].strip().lower() != "application/dns-message":
                    raise OSError(f"not a DNS message: {decode_text(kind[:60].encode('utf-8', 'replace'))}")
                async for part in response.aiter_raw():
                    body += part
                    if len(body) > MAX_MESSAGE:
                        raise OSError("the answer is too long")
                    if time.monotonic() > until:
                        raise OSError("the answer comes too slowly")
        except httpx.TimeoutException as error:
            raise asyncio.TimeoutError from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OSError(f"{type(error).__name__}: {str(error)[:120]}") from error
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()


