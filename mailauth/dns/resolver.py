"""The DNS client: typed answers, each question asked once, nothing raised because of what DNS says or fails to say."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import replace
from threading import get_ident

import dns.exception
import dns.resolver

from ..change import Change
from . import wire
from .answer import Answer, Status
from .authoritative import AuthoritativeView, ask_zone, authoritative
from .cache import Cache, Key
from .egress import Egress, Network
from .exchange import Outcome
from .names import to_ascii, to_asked
from .nameserver import DNS_PORT, Nameserver, parse_nameservers, to_nameserver
from .overlay import Overlay
from .session import FLAGS, NO_LIMITS, Ask, Batch, Limits, PendingQuery, Question, Session, too_late

__all__ = ["Nameserver", "Resolver", "ask_nameservers", "parse_nameservers", "probe_nameservers"]

PROBE_TIMEOUT = 2.0  # seconds

_Begun = Outcome | PendingQuery  # what came of a question, or is to come of it
_UNCHECKED = wire.RECURSION_DESIRED | wire.CHECKING_DISABLED

_current: ContextVar[Batch | None] = ContextVar("mailauth_batch", default=None)


class Resolver:
    """Asks recursive name servers.

    ``nameservers`` are ``(address, port)`` pairs or URLs of DNS-over-HTTPS services;
    ``None`` stands for those that the system uses. ``timeout`` is in seconds, for one
    attempt; ``attempts`` is how many of them a question gets; ``deadline`` is in seconds,
    for a batch. ``max_in_flight`` questions are in flight at once at the utmost, fewer at first and after trouble
    (:mod:`mailauth.dns.window`); one that has met silence no longer counts, so that dead
    zones do not hold up the others. ``ask`` is an
    awaitable ``(query, nameserver, timeout) → message`` that takes the place of the
    network. ``clock`` gives the seconds by which answers age. ``authority_port`` is where a
    zone's own servers are asked (another one in tests only), ``networks`` the internal ones in
    which they may be, see :mod:`mailauth.dns.egress`.

    May be used in one ``asyncio.run`` after another: what it keeps is the cache.
    """

    def __init__(
        self,
        nameservers: Iterable[Nameserver | tuple[str, int] | str] | None = None,
        timeout: float = 2.0,
        attempts: int = 2,
        deadline: float = 10.0,
        max_in_flight: int = 200,
        ask: Ask | None = None,
        clock: Callable[[], float] = time.monotonic,
        authority_port: int = DNS_PORT,
        networks: Iterable[Network] = (),
    ) -> None:
        self.nameservers = None if nameservers is None else [to_nameserver(server) for server in nameservers]
        self.timeout = timeout
        self.attempts = max(1, attempts)
        self.deadline = deadline
        self.max_in_flight = max(1, max_in_flight)
        self.authority_port = authority_port
        self.networks = tuple(networks)
        self.cache = Cache(clock)
        self._egress: Egress | None = None  # known once the resolvers in use are
        self._ask = ask
        self._limits = NO_LIMITS
        self._sessions: dict[asyncio.AbstractEventLoop, Session] = {}
        self._sent = 0

    @property
    def questions(self) -> int:
        """How many messages were really sent, repetitions included."""
        return self._sent + sum(session.questions for session in list(self._sessions.values()))

    @property
    def deadline_passed(self) -> bool:
        """Whether a question of the batch that we are in went unanswered because of the deadline."""
        batch = self._batch()
        return batch is not None and batch.deadline_passed

    @property
    def seconds_left(self) -> float:
        """What is left until the deadline of the batch that we are in, or would be in."""
        batch = self._batch()
        return self.deadline if batch is None else max(0.0, batch.ends_at - batch.session.loop.time())

    @property
    def memory(self) -> dict:
        """What those who ask keep of what they have read, for the batch that we are in; by names of their own."""
        batch = self._batch()
        return {} if batch is None else batch.memory

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """The answer for a name and type; whatever DNS does, it comes as an :class:`Answer`.

        International names are asked for as A-labels. Aliases are followed. ``fresh`` asks
        again what is known already. ``checking_disabled`` sets the CD bit, for an answer
        that a validating server would withhold (RFC 4035 §3.2.2).
        """
        batch = self._batch()
        if batch is None:
            async with self.batch():
                return await self.query(name, rdtype, fresh=fresh, checking_disabled=checking_disabled)
        question = name, rdtype
        if not fresh and not checking_disabled and question in batch.seen:
            return batch.seen[question]
        flags = _UNCHECKED if checking_disabled else FLAGS
        begun = batch.session.look_up(batch, question, flags, fresh)
        await batch.wait_for((begun,))
        answer, unfollowed = _outcome(batch, begun)
        if unfollowed is not None:
            answer = await self._follow(batch, answer, unfollowed, fresh, flags)
        if not checking_disabled:
            batch.see(question, answer)
        return answer

    async def query_all(self, *questions: tuple[str, str]) -> list[Answer]:
        """The answers to several questions (name and type), asked side by side, in their order; see :meth:`query`."""
        batch = self._batch()
        if batch is None:
            async with self.batch():
                return await self.query_all(*questions)
        try:
            return [*map(batch.seen.__getitem__, questions)]
        except KeyError:  # asked by now
            begun = self._ask_each(batch, questions)
        await batch.wait_for(begun)
        answers = []
        for question, one in zip(questions, begun):
            if not isinstance(one, Answer):
                answer, unfollowed = one if isinstance(one, tuple) else _outcome(batch, one)
                if unfollowed is not None:
                    answer = await self._follow(batch, answer, unfollowed, False, FLAGS)
                batch.see(question, answer)
                one = answer
            answers.append(one)
        return answers

    async def ask_ahead(self, *questions: tuple[str, str]) -> list[Answer]:
        """Ask side by side what is going to be asked, and wait until a server is silent at most: the answers that are there then.

        Who asks for one of them has nothing to wait for; what takes longer goes on. Outside of a batch, which would remember the
        answers, nothing is asked.
        """
        batch = self._batch()
        if batch is None:
            return []
        begun = self._ask_each(batch, questions)
        await batch.wait_for(begun, brief=True)
        answers = []
        for question, one in zip(questions, begun):
            if isinstance(one, PendingQuery):
                if one.outcome is None:
                    continue
                if one.told is not batch.asked:
                    batch.hear(one)
                one = one.outcome
            if isinstance(one, tuple):
                one, unfollowed = one
                if unfollowed is not None:  # followed by who asks
                    continue
                batch.see(question, one)
            answers.append(one)
        return answers

    def batch(self, deadline: float | None = None) -> _BatchContext:
        """``async with resolver.batch():`` makes the questions asked within share one deadline and their answers.

        A batch within a batch is the same one, unless it has a deadline of its own, which
        can only be sooner. What is yielded tells by ``deadline_passed`` whether questions
        were left unanswered.
        """
        return _BatchContext(self, deadline)

    def limit(self, in_use: float, others: float) -> None:
        """Have each name server get so many messages in any second, at most, from the next batch on.

        ``in_use`` is for each of :attr:`nameservers`, ``others`` for each other one, such as a zone's own, which then also
        is left alone for longer and longer while it fails (:attr:`mailauth.dns.exchange.ServerState.rests_until`).
        """
        self._limits = Limits(in_use, others)

    def overlay(self, changes: Iterable[Change]) -> Overlay:
        """A resolver that answers as if the changes (see :class:`mailauth.dns.overlay.Overlay`) were published."""
        return Overlay(self, changes)

    async def authoritative(self, zone: str, port: int | None = None) -> AuthoritativeView:
        """A zone as its own name servers show it, see :class:`mailauth.dns.authoritative.AuthoritativeView`."""
        return await authoritative(self, zone, self.authority_port if port is None else port)

    def may_ask(self, address: str) -> bool:
        """Whether a zone's own name server is asked at an address, see :mod:`mailauth.dns.egress`."""
        if self._egress is None:
            servers = system_nameservers()[0] if self.nameservers is None else self.nameservers
            self._egress = Egress.of(servers, self.networks)
        return self._egress.allows(address)

    async def ask_server(self, nameserver: Nameserver, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        """What one server says of its own knowledge (no recursion); its aliases are not followed any further.

        ``TIMEOUT`` without a question for a server that may not be asked, or that is left alone (:meth:`limit`).
        """
        asked = to_asked(name)
        if asked is None:
            return Answer(name[:300], rdtype, Status.BAD_NAME)
        if not self.may_ask(nameserver.host):
            return Answer(asked, rdtype, Status.TIMEOUT, detail=f"{nameserver.host} is internal: not asked")
        async with self.batch() as batch:
            server = batch.session.server(nameserver)
            if self._limits.others < math.inf and server.rests_until > batch.session.loop.time():
                failed = f"{server.label} has failed {server.failures} times: not asked"
                return Answer(asked, rdtype, Status.TIMEOUT, detail=failed)
            begun = batch.session.look_up(batch, (asked, rdtype), 0, fresh, server)
            await batch.wait_for((begun,))
            return _outcome(batch, begun)[0]

    async def ask_zone(self, name: str, rdtype: str) -> Answer:
        """What one of a zone's own servers says of a name in it, see :func:`mailauth.dns.authoritative.ask_zone`."""
        return await ask_zone(self, name, rdtype, self.authority_port)

    # Inside

    def _batch(self) -> Batch | None:
        batch = _current.get()
        if batch is None or batch.closed or batch.session.owner is not self or batch.session.thread != get_ident():
            return None
        return batch

    def _session(self) -> Session:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None:
            servers, problem = self.nameservers, "no name server is configured"
            if servers is None:
                servers, problem = system_nameservers()
            session = Session(
                self, servers, problem, self.timeout, self.attempts, self.max_in_flight, self._ask, self.cache, self._limits)
            self._sessions[loop] = session
        return session

    async def _release(self, session: Session) -> None:
        session.batches -= 1
        if not session.batches:
            self._sessions.pop(session.loop, None)
            self._sent += session.questions
            await session.close()

    def _ask_each(self, batch: Batch, questions: Iterable[Question]) -> list[Answer | _Begun]:
        """What is known of each question, or is on its way.

        All are sent before one is waited for, and one waiting is for all: a task for each would cost more than the question.
        """
        seen, look_up = batch.seen, batch.session.look_up
        return [seen.get(question) or look_up(batch, question) for question in questions]

    async def _follow(self, batch: Batch, first: Answer, unfollowed: str, fresh: bool, flags: int) -> Answer:
        """Ask on where the servers did not follow a chain of aliases to its end."""
        name, rdtype = first.name, first.rdtype
        key: Key = (name, rdtype) if flags == FLAGS else (name, rdtype, flags)
        aliases, ttl = first.aliases, first.ttl
        authenticated = first.authenticated
        further = first
        onwards: str | None = unfollowed
        while onwards is not None:
            problem = chain_problem(name, aliases)
            if problem:
                return _broken(first, problem)
            begun = batch.session.look_up(batch, (onwards, rdtype), flags, fresh)
            await batch.wait_for((begun,))
            further, onwards = _outcome(batch, begun)
            if not further.is_fact:
                return replace(further, name=name)
            aliases += further.aliases
            ttl = min(ttl, further.ttl)
            authenticated = authenticated and further.authenticated
        problem = chain_problem(name, aliases)
        if problem:
            return _broken(first, problem)
        answer = replace(further, name=name, aliases=aliases, ttl=ttl, authenticated=authenticated)
        batch.keep(key, (answer, None), self.cache)
        return answer


def _outcome(batch: Batch, begun: _Begun) -> Outcome:
    """What a question brought, after the waiting."""
    if not isinstance(begun, PendingQuery):
        return begun
    outcome = begun.outcome
    if outcome is None:
        return too_late(batch, begun.name, begun.rdtype)
    if begun.told is not batch.asked:
        batch.hear(begun)
    return outcome


class _BatchContext:
    """See :meth:`Resolver.batch`."""

    def __init__(self, resolver: Resolver, deadline: float | None) -> None:
        self._resolver = resolver
        self._deadline = deadline

    async def __aenter__(self) -> Batch:
        resolver = self._resolver
        outer = resolver._batch()
        self._token: Token | None = None
        if outer is not None and self._deadline is None:
            return outer
        session = resolver._session()
        seconds = resolver.deadline if self._deadline is None else self._deadline
        batch = Batch(session, seconds, outer)
        session.batches += 1
        self._entered = batch
        self._token = _current.set(batch)
        return batch

    async def __aexit__(self, *exception: object) -> None:
        if self._token is not None:
            self._entered.close()
            with suppress(ValueError):  # left in another context than entered: there it was never set
                _current.reset(self._token)
            await self._resolver._release(self._entered.session)


def chain_problem(name: str, aliases: tuple[str, ...]) -> str:
    """What is wrong with a chain of aliases, ``""`` if nothing."""
    if len(aliases) > wire.MAX_ALIASES:
        return f"CNAME chain of more than {wire.MAX_ALIASES} links"
    if len({name, *aliases}) <= len(aliases):
        return "CNAME loop"
    if to_ascii(aliases[-1]) != aliases[-1]:
        return "an alias of a name that cannot be asked for"
    return ""


def _broken(answer: Answer, problem: str) -> Answer:
    return Answer(answer.name, answer.rdtype, Status.SERVFAIL, server=answer.server, detail=problem)


def system_nameservers() -> tuple[list[Nameserver], str]:
    """The name servers that the system is configured to use, or none and the reason."""
    try:
        configured = dns.resolver.Resolver(configure=True)
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return [], f"the system names no name server: {str(error)[:200] or type(error).__name__}"
    servers = []
    for server in configured.nameservers:
        try:
            address = str(getattr(server, "address", server))
            servers.append(to_nameserver((address, configured.port)))
        except ValueError:
            continue
    return servers, "the system names no name server"


def ask_nameservers(
    nameservers: Iterable[Nameserver | tuple[str, int] | str] | None = None, timeout: float = PROBE_TIMEOUT,
) -> list[tuple[Nameserver, Answer, float]]:
    """What each name server says, and after how many seconds; for code without an event loop.

    The question is who serves the root, which every recursive server can answer. ``None`` stands for the servers that
    the system uses; ``timeout`` is in seconds.
    """
    asked = system_nameservers()[0] if nameservers is None else [to_nameserver(server) for server in nameservers]

    async def ask(server: Nameserver) -> tuple[Nameserver, Answer, float]:
        began = time.monotonic()
        answer = await Resolver([server], timeout=timeout, attempts=1, deadline=timeout + 1.0).query(".", "NS")
        return server, answer, time.monotonic() - began

    async def ask_all() -> list[tuple[Nameserver, Answer, float]]:
        return await asyncio.gather(*map(ask, asked))

    return asyncio.run(ask_all())


def probe_nameservers(
    nameservers: Iterable[Nameserver | tuple[str, int] | str], timeout: float = PROBE_TIMEOUT,
) -> dict[Nameserver, str]:
    """Those of the name servers that do not answer, and why; an answer of any kind is one."""
    return {
        server: answer.detail or "no answer"
        for server, answer, _seconds in ask_nameservers(nameservers, timeout) if answer.status is Status.TIMEOUT}
