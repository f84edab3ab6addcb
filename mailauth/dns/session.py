"""What lives as long as questions are being asked in one event loop: sockets, places in the air, deadlines."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

from . import wire
from .answer import Answer
from .cache import Cache, Told
from .exchange import Exchange, Question
from .nameserver import Nameserver
from .transport import Https, Ids, Server

MAX_OTHERS = 500  # servers of zones that are kept in mind

Ask = Callable[[bytes, Nameserver, float], Awaitable[bytes]]


class _Flight:
    """One question that is waiting or under way, for everybody who wants its answer."""

    __slots__ = ("asked", "exchange", "fresh", "key", "servers", "waiting")

    def __init__(self, key: tuple, fresh: bool, servers: list[Server], asked: dict) -> None:
        self.key = key  # name, type, flags, and the server if it is not the session's own
        self.fresh = fresh
        self.servers = servers
        self.asked = asked  # what the batch knows that asked first
        self.exchange: Exchange | None = None
        self.waiting: list[asyncio.Future] = []


class Session:
    """The questions of one event loop that are under way. Not reused after :meth:`close`."""

    def __init__(
        self, nameservers: list[Nameserver], no_servers: str, timeout: float, attempts: int, max_in_flight: int,
        ask: Ask | None, cache: Cache,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.timeout = timeout
        self.attempts = attempts
        self.ask = ask
        self.ids = Ids()
        self.https = Https()
        self.no_servers = no_servers  # why there is nobody to ask
        self.questions = 0  # messages sent
        self.batches = 0  # who uses it
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._filling = False  # or about to
        self._patience: deque[tuple[float, Exchange, object]] = deque()
        self._patience_timer: asyncio.TimerHandle | None = None
        self._cache = cache
        self._queue: deque[_Flight] = deque()
        self._flights: dict[tuple, _Flight] = {}
        self._tasks: set[asyncio.Task] = set()
        self._others: dict[Nameserver, Server] = {}
        self.servers = [Server(nameserver, self.loop, self.ids) for nameserver in nameservers]

    def server(self, nameserver: Nameserver) -> Server:
        """A server that is not one of the session's own, such as a zone's."""
        server = self._others.get(nameserver)
        if server is None:
            while len(self._others) >= MAX_OTHERS:  # the oldest one; who is just asking it goes on doing so
                self._others.pop(next(iter(self._others)))
            server = self._others[nameserver] = Server(nameserver, self.loop, self.ids, keep=False)
        return server

    def put(self, key: tuple, servers: list[Server], asked: dict, fresh: bool) -> asyncio.Future:
        """A future for the outcome of a question (``key`` begins with name, type and flags).

        One that is under way already is not sent again.

        The outcome is in ``asked``, by ``key``, before anybody is told.
        """
        future = self.loop.create_future()
        flight = self._flights.get((key, fresh))
        if flight is None:
            flight = self._flights[key, fresh] = _Flight(key, fresh, servers, asked)
            flight.waiting.append(future)
            self._queue.append(flight)
            if not self._filling:
                self._fill()
        else:
            flight.waiting.append(future)
        return future

    def _start(self, flight: _Flight) -> None:
        if self._flights.get((flight.key, flight.fresh)) is not flight:
            return  # the session has ended
        name, rdtype, flags = flight.key[:3]
        number = wire.type_number(rdtype)
        question = Question(name, rdtype, number, wire.encode_question(name, number), flags)
        flight.exchange = Exchange(self, question, flight.servers, partial(self._land, flight), self._leave)
        flight.exchange.start()

    def _land(self, flight: _Flight, answer: Answer, unfollowed: str | None) -> None:
        self._flights.pop((flight.key, flight.fresh), None)
        flight.exchange = None
        outcome = flight.asked[flight.key] = (answer, unfollowed)
        if unfollowed is None and flight.servers is self.servers:
            self._cache.put(flight.key, answer)
        for future in flight.waiting:
            if not future.done():
                future.set_result(outcome)

    def _leave(self) -> None:
        self._in_flight -= 1
        if self._queue and not self._filling:
            # Not at once: the one that leaves has not finished its own work.
            self._filling = True
            self.loop.call_soon(self._fill)

    def _fill(self) -> None:
        """Start what waits, as far as there is room in the air."""
        self._filling = True
        try:
            while self._queue and self._in_flight < self._max_in_flight:
                self._in_flight += 1
                self._start(self._queue.popleft())
        finally:
            self._filling = False

    def be_patient(self, seconds: float, exchange: Exchange, sent: object) -> None:
        """Tell an exchange of silence if it still waits for what it has ``sent`` after a time that is the same for all.

        One timer serves them all: most are answered long before, and a timer for each would cost
        as much as reading the answer.
        """
        patience = self._patience
        while patience and not patience[0][1].waits_for(patience[0][2]):
            patience.popleft()
        patience.append((self.loop.time() + seconds, exchange, sent))
        if self._patience_timer is None:
            self._patience_timer = self.loop.call_at(patience[0][0], self._lose_patience)

    def _lose_patience(self) -> None:
        patience, now = self._patience, self.loop.time()
        self._patience_timer = None
        while patience and (patience[0][0] <= now or not patience[0][1].waits_for(patience[0][2])):
            _, exchange, sent = patience.popleft()
            if exchange.waits_for(sent):
                exchange.silence()
        if patience and self._patience_timer is None:
            self._patience_timer = self.loop.call_at(patience[0][0], self._lose_patience)

    def keep(self, task: asyncio.Task) -> None:
        """See to it that a task has ended before the session has."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End every question without an answer and close every socket."""
        self._queue.clear()
        self._patience.clear()
        if self._patience_timer is not None:
            self._patience_timer.cancel()
        flights, self._flights = self._flights, {}
        for flight in flights.values():
            if flight.exchange is not None:
                flight.exchange.abandon()
            for future in flight.waiting:
                future.cancel()
        for server in [*self.servers, *self._others.values()]:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.https.close()


class Batch:
    """Questions that belong together: asked once each, and answered ``TIMEOUT`` after the deadline."""

    def __init__(self, session: Session, deadline: float) -> None:
        self.session = session
        self.asked = Told()
        self.memory: dict[str, object] = {}  # what those who ask keep of the answers that they have read
        self.deadline_passed = False  # whether a question went unanswered because of it
        self.over = False  # whether the deadline lies behind
        self.closed = False
        self.waiting: set[asyncio.Future] = set()  # to be told when time is over
        self.ends_at = session.loop.time() + deadline
        self._timer = session.loop.call_at(self.ends_at, self._expire)

    def _expire(self) -> None:
        self.over = True
        for future in self.waiting:
            if not future.done():
                future.set_result(None)

    def limit(self, outer: Batch) -> None:
        """End no later than another batch."""
        if outer.ends_at < self.ends_at:
            self._timer.cancel()
            self.ends_at = outer.ends_at
            self._timer = self.session.loop.call_at(self.ends_at, self._expire)

    def close(self) -> None:
        """Stop the clock."""
        self.closed = True
        self._timer.cancel()
