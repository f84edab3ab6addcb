"""A mail server for tests that takes every mail and keeps what it was handed: real SMTP on loopback, by aiosmtpd.

    with SmtpSink() as sink:
        smtplib.SMTP(*sink.address).send_message(message, "bounce@example.com", ["a@example.org"])
        [mail] = sink.take()
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import threading
from email.message import EmailMessage
from typing import NamedTuple

from aiosmtpd.smtp import SMTP


class Received(NamedTuple):
    """One mail as it was handed over: the port, the envelope (RFC 5321 §2.3.1) and the message, as read and as it came."""

    port: int
    envelope_from: str
    recipients: tuple[str, ...]
    message: EmailMessage
    content: bytes


class SmtpSink:
    """Listens on ``ports`` ports of 127.0.0.1 from ``__enter__`` on, in a thread of its own.

    ``refuse`` is a reply such as ``"550 5.7.1 no"`` for every mail, or empty.
    """

    def __init__(self, ports: int = 1) -> None:
        self.refuse = ""
        self._ports = ports
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self.addresses: list[tuple[str, int]] = []

    @property
    def address(self) -> tuple[str, int]:
        return self.addresses[0]

    def take(self) -> list[Received]:
        """What was received since the last call, in order."""
        with self._lock:
            received, self._received = self._received, []
        return received

    def __enter__(self) -> SmtpSink:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells every command
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._thread.start()
        self._servers = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *exc_info: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> list[asyncio.Server]:
        servers = []
        for _number in range(self._ports):
            server = await self._loop.create_server(
                lambda: SMTP(self, hostname="sink.example", enable_SMTPUTF8=True, loop=self._loop), "127.0.0.1", 0)
            self.addresses.append(server.sockets[0].getsockname()[:2])
            servers.append(server)
        return servers

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep the mail, and say what was asked for."""
        if self.refuse:
            return self.refuse
        port = server.transport.get_extra_info("sockname")[1]
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        with self._lock:
            self._received.append(Received(
                port, envelope.mail_from or "", tuple(envelope.rcpt_tos), message, envelope.original_content))
        return "250 2.0.0 taken"
