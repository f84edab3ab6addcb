"""The engine for callers without an event loop, such as Odoo: DNS runs in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from . import arrival
from .certain import certain
from .dns.answer import Answer
from .dns.protocol import Client
from .query import DomainQuery
from .report import MAX_PARALLEL, DomainReport, check_domain
from .together import for_each

MAX_WAITING = 2 * MAX_PARALLEL  # domains that are under way, or whose report nobody has fetched yet
_NO_DEADLINE = 86_400.0  # seconds: each domain has its own


def sees_dns(resolver: Client) -> bool:
    """Whether DNS answers at all where we are: a question about the root, which is always there."""

    async def ask() -> Answer:
        return await resolver.query(".", "NS", fresh=True)

    return asyncio.run(ask()).is_fact


def read_arrival(
    resolver: Client, given: bytes | str, own_domains: Collection[str], terms: Mapping[str, str],
) -> tuple[arrival.Arrival, tuple[str, ...]]:
    """How one mail arrived, and the services (keys of ``terms``) that its address belongs to.

    See :func:`mailauth.arrival.examine` and :func:`mailauth.arrival.services_of`; one deadline holds for both.
    """

    async def look() -> tuple[arrival.Arrival, tuple[str, ...]]:
        async with resolver.batch():
            arrived = await arrival.examine(resolver, given, own_domains=own_domains)
            if not arrived.egress or not terms:
                return arrived, ()
            return arrived, await arrival.services_of(resolver, certain(arrived.egress.address), terms)

    return asyncio.run(look())


def iter_reports(
    resolver: Client, queries: Sequence[DomainQuery], *, idle: float | None = None,
) -> Iterator[DomainReport | None]:
    """Check any number of domains; each report comes as soon as it is there.

    With ``idle``, ``None`` comes whenever none has for so many seconds: a caller that gathers reports
    can do something with those it has. The deadline holds for each domain by itself. DNS runs in a
    thread of its own, so that whatever the caller does between two reports makes no answer late. Memory
    is bounded, however many domains there are and however slow the caller is: :data:`MAX_WAITING`
    reports wait for it.
    """
    reports: queue.SimpleQueue = queue.SimpleQueue()
    running: list = []  # the event loop, its main task and the room for reports, while they run

    async def check(query: DomainQuery) -> None:
        await running[2].acquire()
        reports.put(await check_domain(resolver, query))

    async def check_all() -> None:
        running.extend((asyncio.get_running_loop(), asyncio.current_task(), asyncio.Semaphore(MAX_WAITING)))
        async with resolver.batch(_NO_DEADLINE):
            await for_each(check, queries, MAX_PARALLEL)

    def run() -> None:
        try:
            asyncio.run(check_all())
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
            reports.put(error)

    thread = threading.Thread(target=run, name="mailauth", daemon=True)
    thread.start()
    try:
        missing = len(queries)
        while missing:
            try:
                report = reports.get(timeout=idle)
            except queue.Empty:
                yield None
                continue
            if isinstance(report, BaseException):
                raise report
            _tell(running, running[2].release)
            missing -= 1
            yield report
    finally:  # also when the caller has seen enough
        if running and thread.is_alive():
            _tell(running, running[1].cancel)
        thread.join()


def _tell(running: list, something: Callable[[], object]) -> None:
    """Have something done in the event loop, if it is still running."""
    with contextlib.suppress(RuntimeError):
        running[0].call_soon_threadsafe(something)
