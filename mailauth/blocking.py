"""The engine for callers without an event loop, such as Odoo: DNS runs in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import queue
import secrets
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from . import arrival, contact, registration, spf
from .certain import certain
from .dns.protocol import Client, Direct, Resolver
from .query import DomainQuery
from .report import MAX_PARALLEL, DomainReport, check_domain

AUTHORS_AT_ONCE = 8  # mails whose signatures are verified side by side
MAX_WAITING = 2 * MAX_PARALLEL  # domains that are under way, or whose report nobody has fetched yet
_NO_DEADLINE = 30 * 86_400.0  # seconds: each domain has its own, or each question
_NOTHING_TO_DO = 0.1  # seconds until it is looked again whether there is a next thing

Thing = TypeVar("Thing")
Found = TypeVar("Found")


def sees_dns(resolver: Client, controls: Sequence[str] = ()) -> bool:
    """Whether DNS answers at all where we are: a question about the root, which is always there.

    With ``controls``, domains that are there, a question about a name below one of them that nobody has asked about before:
    then no cache of the resolver's hides that it does not reach DNS itself.
    """

    async def ask() -> bool:
        if not controls:
            return (await resolver.query(".", "NS", fresh=True)).is_fact
        for control in controls:
            if (await resolver.query(f"{secrets.token_hex(6)}.{control}", "A")).is_fact:
                return True
        return False

    return asyncio.run(ask())


def read_arrival(
    resolver: Client, given: bytes | str, own_domains: Collection[str], terms: Mapping[str, str],
) -> tuple[arrival.Arrival, tuple[str, ...] | None]:
    """How one mail arrived, and the services (keys of ``terms``) that its address belongs to; ``None`` where that is not known.

    See :func:`mailauth.arrival.examine` and :func:`mailauth.arrival.services_of`; one deadline holds for both.
    """

    async def look() -> tuple[arrival.Arrival, tuple[str, ...] | None]:
        async with resolver.batch():
            arrived = await arrival.examine(resolver, given, own_domains=own_domains)
            if not arrived.egress or not terms:
                return arrived, ()
            return arrived, await arrival.services_of(resolver, certain(arrived.egress.address), terms)

    return asyncio.run(look())


def iter_networks(resolver: Client, terms: Mapping[str, str]) -> Iterator[tuple[str, spf.Networks | None]]:
    """The addresses of each service (:func:`mailauth.spf.networks_of`), by the keys of ``terms``; each comes when it is there."""
    async def look(item: tuple[str, str]) -> tuple[str, spf.Networks | None]:
        key, term = item
        async with resolver.batch():
            return key, await spf.networks_of(resolver, term)

    for found in _each(resolver, terms.items(), look, AUTHORS_AT_ONCE, None):
        yield certain(found)


def iter_authors(
    resolver: Client, mails: Iterable[tuple[int, bytes, datetime]], *, limit: int,
) -> Iterator[tuple[int, arrival.Author]]:
    """Who answers for each mail (:func:`mailauth.arrival.find_author`): the caller's number of it with what was found.

    A mail is its number, its octets and when it was received; each comes when it is there.
    """
    async def look(mail: tuple[int, bytes, datetime]) -> tuple[int, arrival.Author]:
        number, octets, received = mail
        return number, await arrival.find_author(resolver, octets, received=received, limit=limit)

    for found in _each(resolver, mails, look, AUTHORS_AT_ONCE, None):
        yield certain(found)


def iter_reports(
    resolver: Client, queries: Sequence[DomainQuery], *, idle: float | None = None,
) -> Iterator[DomainReport | None]:
    """Check any number of domains; each report comes as soon as it is there.

    The deadline holds for each domain by itself. See :func:`_each` for ``idle`` and for what is kept in memory.
    """
    return _each(resolver, queries, partial(check_domain, resolver), MAX_PARALLEL, idle)


def iter_contact_domains(
    resolver: Resolver, names: Iterable[str | None], *, spf: bool = False, idle: float | None = None,
) -> Iterator[contact.ContactDomain | None]:
    """The light look at any number of domains, see :func:`mailauth.contact.check_contact_domain`; each comes when it is there.

    Not in the order of ``names``: each tells by its ``name`` which it is. There is one for each name, for what is no domain
    too; a name that comes twice is looked at twice, and asked of DNS once while that is remembered. Names are fetched in the
    caller's thread as there is room for them; one may be ``None`` where none is known at the moment. See :func:`_each`
    for ``idle`` and for what is kept in memory.
    """
    look = partial(contact.check_contact_domain, resolver, spf=spf)
    return _each(resolver, names, look, contact.AT_ONCE, idle)


def iter_confirmations(
    resolver: Direct, names: Iterable[str | None], *, second: Resolver | None = None,
    controls: Sequence[str] = contact.CONTROLS, idle: float | None = None,
) -> Iterator[contact.Confirmation | None]:
    """A second opinion on each of the names, see :func:`mailauth.contact.confirm_unreachable`; each comes when it is there."""
    look = partial(contact.confirm_unreachable, resolver, second=second, controls=controls)
    return _each(resolver, names, look, contact.CONFIRMED_AT_ONCE, idle)


def iter_registrations(
    resolver: Direct, names: Iterable[str | None], *, idle: float | None = None,
) -> Iterator[registration.Registration | None]:
    """Whether the domain of each name is registered (:func:`mailauth.registration.look_up`); each comes when it is there."""
    return _each(resolver, names, partial(registration.look_up, resolver), registration.AT_ONCE, idle)


def _each(
    resolver: Resolver, things: Iterable[Thing | None], look: Callable[[Thing], Awaitable[Found]], at_once: int,
    idle: float | None,
) -> Iterator[Found | None]:
    """What ``look`` finds of each thing, as soon as it is there; ``at_once`` are under way side by side.

    With ``idle``, ``None`` comes whenever nothing has for so many seconds: a caller that gathers
    can do something with what it has. DNS runs in a thread of its own, so that whatever the caller does in
    between makes no answer late. Memory is bounded, however many things there are and however slow the
    caller is: twice ``at_once`` are under way or wait for it.
    """
    found: queue.SimpleQueue = queue.SimpleQueue()
    waiting: deque[Thing] = deque()
    working: set[asyncio.Task] = set()
    running: list = []  # the event loop, its main task and its context, while they run
    started = threading.Event()

    async def work() -> None:
        try:
            while waiting:
                found.put(await look(waiting.popleft()))
        except Exception as error:  # noqa: BLE001 - handed over to the caller's thread
            found.put(error)
        finally:  # in the same turn in which nothing waited: who begins counts on those who still look for something
            working.discard(asyncio.current_task())

    def begin(thing: Thing) -> None:
        waiting.append(thing)
        if len(working) < at_once:
            working.add(asyncio.ensure_future(work()))

    async def main() -> None:
        async with resolver.batch(_NO_DEADLINE):
            running.extend((asyncio.get_running_loop(), asyncio.current_task(), contextvars.copy_context()))
            started.set()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                for task in working:
                    task.cancel()
                await asyncio.gather(*working, return_exceptions=True)

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
            found.put(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="mailauth", daemon=True)
    thread.start()
    try:
        started.wait()
        coming: Iterator[Thing | None] | None = iter(things)
        missing = 0
        while coming is not None or missing:
            while coming is not None and missing < 2 * at_once:
                try:
                    thing = next(coming)
                except StopIteration:
                    coming = None
                    break
                if thing is None:
                    break
                _tell(running, begin, thing)
                missing += 1
            if coming is None and not missing:
                break
            try:
                one = found.get(timeout=idle if missing or idle is not None else _NOTHING_TO_DO)
            except queue.Empty:
                yield None
                continue
            if isinstance(one, BaseException):
                raise one
            missing -= 1
            yield one
    finally:  # also when the caller has seen enough
        if running and thread.is_alive():
            _tell(running, running[1].cancel)
        thread.join()


def _tell(running: list, something: Callable[..., object], *arguments: object) -> None:
    """Have something done in the event loop, within its batch, if it is still running."""
    if running:
        with contextlib.suppress(RuntimeError):
            running[0].call_soon_threadsafe(something, *arguments, context=running[2])
