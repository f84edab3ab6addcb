"""What lives as long as questions are being asked in one event loop: sockets, places in the air, deadlines."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from .answer import Answer
from .exchange import Exchange, Question
from .transport import Https, Ids, Nameserver, Server

Ask = Callable[[bytes, Nameserver, float], Awaitable[bytes]]


class Session:
    """The questions of one event loop that are under way. Not reused after :meth:`close`."""

    def __init__(
        self, nameservers: list[Nameserver], no_servers: str, timeout: float, attempts: int, max_in_flight: int,
        ask: Ask | None,
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
        self._queue: deque[Exchange] = deque()
        self._running: set[Exchange] = set()
        self._shared: dict[tuple, list[asyncio.Future]] = {}
        self._tasks: set[asyncio.Task] = set()
        self._others: dict[Nameserver, Server] = {}
        self.servers = [Server(nameserver, self.loop, self.ids) for nameserver in nameservers]

    def server(self, nameserver: Nameserver) -> Server:
        """A server that is not one of the session's own, such as a zone's."""
        server = self._others.get(nameserver)
        if server is None:
            server = self._others[nameserver] = Server(nameserver, self.loop, self.ids, keep=False)
        return server

    def put(
        self, key: tuple, question: Question, servers: list[Server], done: Callable[[Answer, str | None], None],
    ) -> asyncio.Future:
        """A future for the outcome of a question; the same one of ``key`` is sent once while it is under way.

        ``done`` is called once for each question that was sent, before anybody who waits.
        """
        future = self.loop.create_future()
        waiting = self._shared.get(key)
        if waiting is not None:
            waiting.append(future)
            return future
        waiting = self._shared[key] = [future]

        def finished(answer: Answer, unfollowed: str | None) -> None:
            self._running.discard(exchange)
            self._shared.pop(key, None)
            done(answer, unfollowed)
            for one in waiting:
                if not one.done():
                    one.set_result((answer, unfollowed))

        exchange = Exchange(self, question, servers, finished, self._leave)
        self._running.add(exchange)
        if self._in_flight < self._max_in_flight:
            self._in_flight += 1
            exchange.start()
        else:
            self._queue.append(exchange)
        return future

    def _leave(self) -> None:
        if self._queue:
            # Not at once: the one that leaves has not finished its own work.
            self.loop.call_soon(self._queue.popleft().start)
        else:
            self._in_flight -= 1

    def keep(self, task: asyncio.Task) -> None:
        """See to it that a task has ended before the session has."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End every question without an answer and close every socket."""
        self._queue.clear()
        for exchange in list(self._running):
            exchange.abandon()
        self._running.clear()
        for waiting in self._shared.values():
            for future in waiting:
                future.cancel()
        self._shared.clear()
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
        self.asked: dict[tuple, Answer] = {}  # failures, and what may not be cached, included
        self.deadline_passed = False  # whether a question went unanswered because of it
        self.over = False  # whether the deadline lies behind
        self.closed = False
        self._waiting: set[asyncio.Future] = set()
        self.ends_at = session.loop.time() + deadline
        self._timer = session.loop.call_at(self.ends_at, self._expire)

    def _expire(self) -> None:
        self.over = True
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, future: asyncio.Future) -> tuple[Answer, str | None] | None:
        """The outcome, or ``None`` once the deadline has passed."""
        if self.over:
            future.cancel()
            return None
        self._waiting.add(future)
        try:
            return await future
        finally:
            self._waiting.discard(future)

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
