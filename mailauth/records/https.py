"""One small file over HTTPS from a host that a stranger's DNS named: bounded, no redirects, public addresses only."""

from __future__ import annotations

import asyncio
import functools
import http.client
import io
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import cast

from ..dns.egress import is_public
from ..value import dataclass

MAX_BODY = 65536  # octets (RFC 8461 §3.3)
MAX_HEAD = 16384  # octets of status line and header fields
MAX_ADDRESSES = 2  # of a host that are tried
MAX_AT_ONCE = 16  # fetches of one batch
TIMEOUT = 5.0  # seconds for all of it


class FetchError(Exception):
    """The file could not be had. ``reason`` is one of the words below, ``detail`` what the system said.

    ``not_public`` (no address that we would go to), ``unreachable``, ``timeout``,
    ``certificate`` (it does not prove the host), ``tls``, ``http`` (no proper HTTP),
    ``too_large``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail[:200]


@dataclass(frozen=True)
class Response:
    """What the server sent; ``content_type`` is in lower case without its parameters."""

    status: int
    content_type: str
    body: bytes


class Shared:
    """What the fetches of one batch have in common: a bound on how many run at once, and the authorities trusted."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(MAX_AT_ONCE)
        self.context = functools.cache(ssl.create_default_context)  # which reads a file of some hundred kilobytes


class Fetcher:
    """``await fetcher(host, path, addresses)`` → :class:`Response`; raises :class:`FetchError`.

    Connects to one of the ``addresses`` that were checked, never to what another look-up
    of the name might bring. ``context`` holds the authorities that are trusted; without it
    ``make_context`` is asked for one when it is needed.
    """

    def __init__(
        self,
        timeout: float = TIMEOUT,
        port: int = 443,
        context: ssl.SSLContext | None = None,
        allowed: Callable[[str], bool] = is_public,
        make_context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.timeout = timeout
        self._port = port
        self._context = context
        self._allowed = allowed
        self._make_context = make_context

    async def __call__(self, host: str, path: str, addresses: Sequence[str]) -> Response:
        chosen = [address for address in addresses if self._allowed(address)][:MAX_ADDRESSES]
        if not chosen:
            raise FetchError("not_public", ", ".join(addresses[:4]))
        if self._context is None:
            self._context = self._make_context()
        try:
            return await asyncio.wait_for(self._first(host, path, chosen), self.timeout)
        except asyncio.TimeoutError as error:
            raise FetchError("timeout") from error

    async def _first(self, host: str, path: str, addresses: list[str]) -> Response:
        failure = FetchError("unreachable")
        for address in addresses:
            try:
                return await self._fetch(host, path, address)
            except ssl.SSLCertVerificationError as error:
                raise FetchError("certificate", error.verify_message or str(error)) from error
            except ssl.SSLError as error:
                failure = FetchError("tls", error.reason or str(error))
            except OSError as error:
                failure = FetchError("unreachable", error.strerror or str(error))
        raise failure

    async def _fetch(self, host: str, path: str, address: str) -> Response:
        reader, writer = await asyncio.open_connection(
            address, self._port, ssl=self._context, server_hostname=host, limit=MAX_HEAD
        )
        try:
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
                "Accept: text/plain\r\nUser-Agent: mailauth\r\n\r\n".encode("ascii")
            )
            return _parse(await _read(reader))
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except (OSError, asyncio.CancelledError):
                writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """The whole response: until the server closes, or until it has sent what it announced."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise FetchError("too_large", "header fields") from error
    except asyncio.IncompleteReadError as error:
        raise FetchError("http", "no complete header") from error
    announced = _announced(head)
    if announced is not None and announced > MAX_BODY:
        raise FetchError("too_large", f"{announced} octets")
    body = bytearray()
    # Chunks have lines of their own; twice the size leaves room for those of a sane server.
    limit = MAX_BODY if announced is not None else 2 * MAX_BODY
    while announced is None or len(body) < announced:
        part = await reader.read(8192)
        if not part and announced is not None:
            raise FetchError("http", "the body ends early")
        if not part:
            break
        body += part
        if len(body) > limit:
            raise FetchError("too_large", f"more than {MAX_BODY} octets")
    return head + bytes(body)


def _announced(head: bytes) -> int | None:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit() and len(value) < 12:
            return int(value)
    return None


class _Canned:
    """What was read, as the socket that :mod:`http.client` wants to read from."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def makefile(self, *_args: object, **_keywords: object) -> io.BytesIO:
        return io.BytesIO(self._octets)


def _parse(octets: bytes) -> Response:
    response = http.client.HTTPResponse(cast(socket.socket, _Canned(octets)), method="GET")
    try:
        response.begin()
        body = response.read(MAX_BODY + 1)
    except (http.client.HTTPException, ValueError, OSError) as error:
        raise FetchError("http", f"{type(error).__name__}: {error}") from error
    if len(body) > MAX_BODY:
        raise FetchError("too_large", f"more than {MAX_BODY} octets")
    content_type = (response.getheader("content-type") or "").partition(";")[0].strip().lower()
    return Response(response.status, content_type[:100], body)
