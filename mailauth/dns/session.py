"""What lives as long as questions are being asked in one event loop: sockets, timers, what is in flight, deadlines."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from threading import get_ident
from typing import NamedTuple

from ..certain import certain
from . import wire
from .answer import FACTS, Answer, Status
from .cache import Cache, Key, Told
from .exchange import DEAD, WAIT, Attempt, Exchange, Outcome, Step, settle
from .names import to_asked
from .nameserver import Nameserver
from .transport import Https, Ids, Sent, Server, ask_tcp
from .turns import Turn, Turns
from .window import Window

MAX_OTHERS = 500  # servers of zones that are kept in mind
# Seconds: an answer that lives for longer than any batch needs no place among what the batch was told.
LASTING = 600
DEADLINE = "deadline"  # the detail of what a deadline left unanswered
MAX_SEEN = 1000  # answers that a batch has at hand; one domain asks for no more

FLAGS = wire.RECURSION_DESIRED | wire.AUTHENTIC_DATA  # of a question that is asked as usual

Ask = Callable[[bytes, Nameserver, float], Awaitable[bytes]]
Question = tuple[str, str]  # name and type, asked as usual: answers that may be forged are asked for otherwise (the CD bit)


class Limits(NamedTuple):
    """Messages that each name server gets in any second, at most: of those in use, and of all others (a zone's own)."""

    in_use: float = math.inf
    others: float = math.inf


NO_LIMITS = Limits()


def too_late(batch: Batch, name: str, rdtype: str) -> Outcome:
    """What a question comes to that the deadline left unanswered."""
    batch.deadline_passed = True
    return Answer(name, rdtype, Status.TIMEOUT, detail=DEADLINE), None


def keep(key: Key, outcome: Outcome, told: Told, cache: Cache | None) -> None:
    """Put an outcome where it is found again: into the cache if that may hold it, else (or for a short life) with the batch."""
    answer, unfollowed = outcome
    if cache is not None and unfollowed is None and cache.put(key, answer) and answer.ttl >= LASTING:
        if key in told:
            del told[key]
    else:
        told.keep(key, outcome)


class Landing:
    """Waits until so many pending queries have their outcome (or the batch is over); ``brief``: or one has met silence."""

    __slots__ = ("brief", "future", "missing")

    def __init__(self, loop: asyncio.AbstractEventLoop, missing: int, brief: bool) -> None:
        self.future: asyncio.Future[None] = loop.create_future()
        self.missing = missing
        self.brief = brief

    def end(self) -> None:
        """Wait no longer."""
        if not self.future.done():
            self.future.set_result(None)


class PendingQuery:
    """A question that is waiting for its turn or in flight, for everybody who wants its answer; the session drives it."""

    # Of the one that was asked first, if the session sees to it by itself.
    section: bytes
    server: Server
    sent_at: float

    # Most are asked once and answer: only what differs from this is set.
    outcome: Outcome | None = None
    exchange: Exchange | None = None  # where there is more to it than an answer
    landings: tuple[Landing, ...] = ()  # of those who wait for it
    in_flight = False  # whether it counts among them
    first: Sent | None = None  # as long as the timer runs that serves all that were sent once
    timer: asyncio.TimerHandle | Turn | None = None
    listening: tuple[tuple[Attempt, Sent], ...] = ()
    tasks: tuple[asyncio.Task[None], ...] = ()

    def __init__(self, session: Session, key: Key, under_way: Key, name: str, rdtype: str, number: int, flags: int,
                 servers: list[Server], told: Told) -> None:
        self.session = session
        self.key = key
        self.under_way = under_way  # what it is known by as long as it is
        self.name = name
        self.rdtype = rdtype
        self.number = number
        self.flags = flags
        self.servers = servers
        self.told = told  # of the batch that asked first

    @property
    def own(self) -> bool:
        """Whether it is asked of the name servers in use, and not of a zone's own."""
        return self.servers is self.session.servers

    def datagram(self, attempt: Attempt | None, message: bytes) -> bool:
        """See :class:`mailauth.dns.transport.Receiver`."""
        session = self.session
        if attempt is None:
            server = self.server
            answer = wire.plain_answer(message, self.section, self.name, self.rdtype, self.number, server.label)
            outcome = self._settled(message) if answer is None else (answer, None)
            if outcome is not None:
                server.silences = server.failures = 0
                server.answered = True
                self.outcome = outcome
                window = session.window
                if window.size < window.most:
                    window.answered()
                session.land(self)
                return True
            attempt = session.look_closely(self)
        exchange = certain(self.exchange)
        step = exchange.on_response(attempt, message, session.loop.time())
        if step is not Step.LISTEN:
            if self.own and attempt.status is Status.REFUSED and attempt.limit > 1:
                # By our own resolver, and not because it holds back this one answer.
                session.window.refused()
            session.drive(self, step, attempt)
        return False

    def _settled(self, message: bytes) -> Outcome | None:
        """What a response to our question comes to, if nothing is wrong with it."""
        # Octet by octet our question: what is not quite that, a capital, an error, is looked at closely.
        if not (message.startswith(self.section, 12) and wire.is_response(message)):
            return None
        try:
            reply = wire.decode(message, self.name, self.number, len(self.section))
        except wire.Malformed:
            return None
        return settle(reply, self.name, self.rdtype, self.server.label) if reply.is_plain else None

    def unreachable(self, attempt: Attempt | None, reason: str) -> None:
        """See :class:`mailauth.dns.transport.Receiver`."""
        session = self.session
        if attempt is None:
            attempt = session.look_closely(self)
        session.drive(self, certain(self.exchange).on_error(attempt, reason, session.loop.time(), silent=True), attempt)


class Session:
    """The questions of one event loop that are under way. Not reused after :meth:`close`."""

    def __init__(
        self, owner: object, nameservers: list[Nameserver], no_servers: str, timeout: float, attempts: int, max_in_flight: int,
        ask: Ask | None, cache: Cache, limits: Limits,
    ) -> None:
        self.owner = owner  # the resolver that it serves
        self.loop = asyncio.get_running_loop()
        self.thread = get_ident()  # in which that runs
        self.timeout = timeout
        self.attempts = attempts
        self.ask = ask
        self.ids = Ids()
        self.https = Https()
        self.no_servers = no_servers  # why there is nobody to ask
        self.questions = 0  # messages sent
        self.batches = 0  # who uses it
        self.window = Window(max_in_flight)
        self._first_wait = min(WAIT, timeout)
        self._in_flight = 0
        self._filling = False  # or about to
        self._retransmits: deque[PendingQuery] = deque()
        self._retransmit_timer: asyncio.TimerHandle | None = None
        self._cache = cache
        self._queue: deque[PendingQuery] = deque()
        self._pending: dict[Key, PendingQuery] = {}  # by :attr:`PendingQuery.under_way`
        self._tasks: set[asyncio.Task[None]] = set()
        self._others: dict[Nameserver, Server] = {}
        self._limits = limits
        self.servers = [
            Server(nameserver, self.loop, self.ids, per_second=limits.in_use) for nameserver in nameservers]

    def server(self, nameserver: Nameserver) -> Server:
        """A server that is not one of the session's own, such as a zone's."""
        server = self._others.get(nameserver)
        if server is None:
            while len(self._others) >= MAX_OTHERS:  # the oldest one; who is just asking it goes on doing so
                self._others.pop(next(iter(self._others)))
            server = self._others[nameserver] = Server(
                nameserver, self.loop, self.ids, keep=False, per_second=self._limits.others)
        return server

    def look_up(
        self, batch: Batch, question: Question, flags: int = FLAGS, fresh: bool = False, server: Server | None = None,
    ) -> Outcome | PendingQuery:
        """What is known of a question, or what is settled, else the query that is on its way; ``server`` is one of a zone's own.

        One that is under way already is not sent again. Who waits for it adds a :class:`Landing`. Before anybody is told,
        the outcome can be found in the cache or among what the batch was told.
        """
        name, rdtype = question
        asked = to_asked(name)
        if asked != name:
            if asked is None and name != ".":
                return Answer(name[:300], rdtype, Status.BAD_NAME, detail="not a name that DNS can be asked for"), None
            name = asked or ""
            question = name, rdtype
        key: Key = question
        if flags != FLAGS:
            key = (*key, flags) if server is None else (*key, flags, server)
        under_way = key
        if fresh:
            under_way = *key, "fresh"  # who wants a fresh answer does not wait for one that was begun before
        else:
            known = batch.asked.get(key)
            if known is not None:
                return known
            kept = self._cache.get(key)
            if kept is not None:
                return kept, None
        try:
            number = wire.type_number(rdtype)
        except KeyError:
            return Answer(name, rdtype, Status.BAD_NAME, detail="no such record type"), None
        if batch.over:
            return too_late(batch, name, rdtype)
        query = self._pending.get(under_way)
        if query is None:
            query = self._pending[under_way] = PendingQuery(
                self, key, under_way, name, rdtype, number, flags, self.servers if server is None else [server], batch.asked)
            if self._queue or self._filling or self._in_flight >= self.window.size:
                self._queue.append(query)
            else:
                self._send(query)
        return query

    def _fill_soon(self) -> None:
        """Send what waits once that is done which makes room for it: several answers that have come, mostly."""
        self._filling = True
        self.loop.call_soon(self._fill)

    def _fill(self) -> None:
        """Send what waits, as far as there is room in flight."""
        queue, retransmits = self._queue, self._retransmits
        while retransmits and retransmits[0].first is None:
            retransmits.popleft()
        try:
            while queue and self._in_flight < self.window.size:
                self._send(queue.popleft())
        finally:
            self._filling = False

    def _send(self, query: PendingQuery) -> None:
        """Ask a question for the first time: by a datagram to the first server that is alive, if that is the way to ask."""
        self._in_flight += 1
        query.in_flight = True
        server: Server | None
        for server in query.servers if self.ask is None else ():
            if server.silences < DEAD:
                break
        else:
            server = None
        if server is None or server.nameserver.url:
            exchange = query.exchange = self._exchange(query)
            self.drive(query, exchange.start(self.loop.time()))
        elif server.turns is None:
            self._send_to(query, server)
        else:
            self._take_turn(query, server.turns, partial(self._send_to, query, server))

    @staticmethod
    def _take_turn(query: PendingQuery, turns: Turns, send: Callable[[], None]) -> None:
        """Send at the server's turn, unless the query wants something else by then."""
        turn = query.timer = Turn(send)
        turns.wait(turn)

    def _send_to(self, query: PendingQuery, server: Server) -> None:
        self.questions += 1
        query.server = server
        query.sent_at = now = self.loop.time()
        query.section = section = wire.encode_question(query.name, query.number)
        try:
            query.first = server.send(wire.encode_query(section, query.flags, server.edns), query, None)
        except OSError as error:
            attempt = self.look_closely(query)
            self.drive(query, certain(query.exchange).on_error(attempt, error.strerror or "network error", now))
            return
        # One timer serves them all: they wait for the same time, most are answered long before, and a timer for each would
        # cost as much as reading the answer.
        self._retransmits.append(query)
        if self._retransmit_timer is None:
            self._retransmit_timer = self.loop.call_at(now + self._first_wait, self._retransmit)

    def _exchange(self, query: PendingQuery) -> Exchange:
        return Exchange(
            query.name, query.rdtype, query.number, query.flags, query.servers, self.timeout, self.attempts, self.no_servers)

    def look_closely(self, query: PendingQuery) -> Attempt:
        """Make the exchange of a query that was sent once, when there is more to it than an answer: the attempt that was made."""
        exchange = query.exchange = self._exchange(query)
        exchange.start(query.sent_at, query.server)
        attempt = exchange.attempt
        if query.first is not None:
            query.server.listen(query.first, query, attempt)
            query.listening = ((attempt, query.first),)
        return attempt

    def _leave(self, query: PendingQuery) -> None:
        """Give the place of a query to others: at its end, or after the first silence: the dead do not hold up the living."""
        for landing in query.landings:
            if landing.brief:
                landing.end()
        if query.in_flight:
            query.in_flight = False
            self._in_flight -= 1
            if self._queue and not self._filling:
                self._fill_soon()

    # Driving a query

    def drive(self, query: PendingQuery, step: Step, answered: Attempt | None = None, *, has_turn: bool = False) -> None:
        """Do what the exchange of a query wants; ``answered`` is the attempt that this comes of, not listened to any more.

        ``has_turn``: the server may be asked now.
        """
        exchange = certain(query.exchange)
        if answered is not None:
            self._forget(query, answered)
        while True:
            self._stop_timer(query)
            if step is Step.DONE:
                query.outcome = exchange.outcome
                if exchange.turn == 1 and query.outcome and query.outcome[0].is_fact:
                    self.window.answered()
                self.land(query)
                return
            if step is Step.PAUSE:
                query.timer = self.loop.call_later(exchange.wait, self._on_timeout, query)
                return
            attempt = exchange.attempt
            server: Server = attempt.server  # type: ignore[assignment]  # ours: an exchange needs less than that
            if server.turns is not None and not has_turn:
                self._take_turn(query, server.turns, partial(self.drive, query, step, has_turn=True))
                return
            has_turn = False
            self.questions += 1
            if step is Step.ASK_TCP:
                asked = self._ask_tcp(server, exchange.query(streamed=True))
                self._stream(query, attempt, asked, "truncated, and over TCP: ")
                return
            if self.ask is not None or server.nameserver.url:
                self._stream(query, attempt, self._ask_stream(server.nameserver, exchange.query(streamed=True)), "")
                return
            try:
                sent = server.send(exchange.query(), query, attempt)
            except OSError as error:
                step = exchange.on_error(attempt, error.strerror or "network error", self.loop.time())
                continue
            query.listening += ((attempt, sent),)
            query.timer = self.loop.call_later(exchange.wait, self._on_timeout, query)
            return

    def land(self, query: PendingQuery) -> None:
        """Keep the outcome of a query and tell everybody who waits for it, once."""
        pending = self._pending
        if pending.get(query.under_way) is not query:
            return  # while it was sent again, the socket told of an error of before
        del pending[query.under_way]
        query.first = None
        if query.exchange is not None:
            self._stop(query)
        if query.in_flight:
            query.in_flight = False
            self._in_flight -= 1
        outcome: Outcome = query.outcome  # type: ignore[assignment]  # there now
        keep(query.key, outcome, query.told, self._cache if query.servers is self.servers else None)
        for landing in query.landings:
            landing.missing -= 1
            if not landing.missing:
                landing.end()
        if self._queue and not self._filling:
            self._fill_soon()

    def _stop(self, query: PendingQuery) -> None:
        """No timer, nothing that is listened for, no task of a query is left."""
        self._stop_timer(query)
        for attempt, sent in query.listening:
            attempt.server.forget(sent)  # type: ignore[attr-defined]
        query.listening = ()
        if query.tasks:
            current = asyncio.current_task()
            for task in query.tasks:
                if task is not current:
                    task.cancel()

    @staticmethod
    def _stop_timer(query: PendingQuery) -> None:
        query.first = None  # no longer of those that one timer serves
        if query.timer is not None:
            query.timer.cancel()
            query.timer = None

    @staticmethod
    def _forget(query: PendingQuery, attempt: Attempt) -> None:
        """Listen no more to one server."""
        kept = []
        for heard in query.listening:
            if heard[0] is attempt:
                attempt.server.forget(heard[1])  # type: ignore[attr-defined]
            else:
                kept.append(heard)
        query.listening = tuple(kept)

    # Time

    def _on_timeout(self, query: PendingQuery) -> None:
        if query.exchange is None:
            self.look_closely(query)
        exchange = certain(query.exchange)
        self._stop_timer(query)
        if exchange.is_silent:
            if query.own:
                self.window.lost()
            self._leave(query)
        self.drive(query, exchange.on_timeout(self.loop.time()))

    def _retransmit(self) -> None:
        """Wake the queries that were sent once, and long enough ago."""
        until, retransmits = self.loop.time() - self._first_wait, self._retransmits
        self._retransmit_timer = None
        while retransmits and (retransmits[0].first is None or retransmits[0].sent_at <= until):
            query = retransmits.popleft()
            if query.first is not None:
                self._on_timeout(query)
        if retransmits and self._retransmit_timer is None:
            self._retransmit_timer = self.loop.call_at(retransmits[0].sent_at + self._first_wait, self._retransmit)

    # Messages over streams, each in a task of its own

    def _stream(self, query: PendingQuery, attempt: Attempt, asked: Awaitable[bytes], after: str) -> None:
        """Wait for a message; ``after`` says what made it necessary."""
        task = self.loop.create_task(self._arrive(query, attempt, asked, after))
        query.tasks += (task,)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask_stream(self, nameserver: Nameserver, tail: bytes) -> bytes:
        # Caches on the way know a question by its octets: the id is zero (RFC 8484 §4.1).
        message = b"\x00\x00" + tail
        if self.ask is not None:
            return await asyncio.wait_for(self.ask(message, nameserver, self.timeout), self.timeout)
        return await asyncio.wait_for(self.https.ask(nameserver.url or "", message, self.timeout), self.timeout)

    async def _ask_tcp(self, server: Server, tail: bytes) -> bytes:
        number = self.ids.next()
        message = await ask_tcp(server, number + tail, self.timeout)
        if message[:2] != number:
            raise OSError("an answer with another id")
        return message

    async def _arrive(self, query: PendingQuery, attempt: Attempt, asked: Awaitable[bytes], after: str) -> None:
        try:
            message = await asked
            reason = ""
        except asyncio.TimeoutError:
            reason = "no answer"
        except OSError as error:
            reason = error.strerror or str(error)[:200] or type(error).__name__
        except Exception as error:  # noqa: BLE001 - the ask seam is somebody else's code
            reason = f"{type(error).__name__}: {str(error)[:200]}"
        if query.outcome is not None:
            return
        exchange, now = certain(query.exchange), self.loop.time()
        if reason:
            self._leave(query)
            failed = exchange.on_no_tcp if after else exchange.on_error
            step = failed(attempt, after + reason, now)
        else:
            step = exchange.on_response(attempt, message, now, streamed=True)
        self.drive(query, step, attempt)

    async def close(self) -> None:
        """End every question without an answer and close every socket."""
        self._queue.clear()
        self._retransmits.clear()
        if self._retransmit_timer is not None:
            self._retransmit_timer.cancel()
        pending, self._pending = self._pending, {}
        for query in pending.values():
            self._stop(query)
            for landing in query.landings:
                landing.future.cancel()
        for server in [*self.servers, *self._others.values()]:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.https.close()


class Batch:
    """Questions that belong together: asked once each, and answered ``TIMEOUT`` after the deadline.

    Within an ``outer`` batch the answers are those of both, and it ends with that one at the latest.
    """

    def __init__(self, session: Session, deadline: float, outer: Batch | None = None) -> None:
        self.session = session
        self.loop = session.loop
        self.asked: Told = Told() if outer is None else outer.asked
        # The facts that were answered within, by question: one domain's parts ask for the same again and again. Not for a batch
        # that answers may not live as long as.
        self.seen: dict[Question, Answer] = {}
        self._sees = MAX_SEEN if deadline <= LASTING else 0
        # What those who ask keep of the answers that they have read.
        self.memory: dict[str, object] = {} if outer is None else outer.memory
        self.deadline_passed = False  # whether a question went unanswered because of it
        self.over = False  # whether the deadline lies behind
        self.closed = False
        self._landings: set[Landing] = set()  # to be told when time is over
        self._inner: set[Batch] = set()  # so are these
        self.ends_at = self.loop.time() + deadline
        self._outer = outer if outer is not None and outer.ends_at < self.ends_at else None  # which tells this one
        self._timer: asyncio.TimerHandle | None = None
        if self._outer is None:
            self._start_timer()
        else:
            self.ends_at = self._outer.ends_at
            self.over = self._outer.over
            self._outer._inner.add(self)

    def _start_timer(self) -> None:
        self._timer = self.loop.call_at(self.ends_at, self._expire)

    async def wait_for(self, begun: Iterable[object], *, brief: bool = False) -> None:
        """Wait until all queries among these have an outcome or time is over; ``brief``: or one of them has met silence."""
        missing = [query for query in begun if isinstance(query, PendingQuery) and query.outcome is None]
        if not missing:
            return
        landing = Landing(self.loop, len(missing), brief)
        waiting = (landing,)
        for query in missing:
            query.landings += waiting
        self._landings.add(landing)
        try:
            await landing.future
        finally:
            self._landings.discard(landing)

    def keep(self, key: Key, outcome: Outcome, cache: Cache) -> None:
        """Know an outcome to the end: by the cache where it holds it for long, else by itself."""
        keep(key, outcome, self.asked, cache)

    def see(self, question: Question, answer: Answer) -> None:
        """Have an answer at hand for who asks the same; what is not known of a name is not covered by what was known before."""
        if len(self.seen) < self._sees and answer.status in FACTS and answer.name == question[0]:
            self.seen[question] = answer
        else:
            self.seen.pop(question, None)

    def hear(self, query: PendingQuery) -> None:
        """Know the outcome of a query that another batch had asked."""
        outcome = query.told.get(query.key)
        if outcome is not None:  # else the cache has it
            self.asked.keep(query.key, outcome)

    def _expire(self) -> None:
        self.over = True
        for landing in self._landings:
            landing.end()
        for batch in self._inner:
            batch._expire()

    def close(self) -> None:
        """Stop the clock."""
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._outer is not None:
            self._outer._inner.discard(self)
        for batch in self._inner:  # what goes on although it should not has its own clock from now on
            batch._outer = None
            batch._start_timer()
