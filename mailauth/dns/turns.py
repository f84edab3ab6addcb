"""How fast messages leave for one name server: one after the other, never more of them in a second than it is to get."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

LATE = 0.01  # of the distance of a second's messages: so much of what the event loop was late may be made up for


class Turn:
    """A message that waits for its turn; takes the place of a timer."""

    __slots__ = ("send",)

    def __init__(self, send: Callable[[], None]) -> None:
        self.send: Callable[[], None] | None = send

    def cancel(self) -> None:
        """The message is not to leave any more."""
        self.send = None


class Turns:
    """Has messages leave in their order, at most ``per_second`` in any second.

    Evenly, and not all at once when a second begins; the first one has to wait too: who asks anew (another event loop, another
    run) knows nothing of what left before.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, per_second: float) -> None:
        self._loop = loop
        self._distance = (1 + LATE) / per_second
        self._next = loop.time() + self._distance + LATE  # when the next message may leave
        self._waiting: deque[Turn] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, turn: Turn) -> None:
        """Have a message leave at its turn, at once if it is."""
        self._waiting.append(turn)
        if self._timer is None:
            self._leave()

    def close(self) -> None:
        """Have nothing leave any more."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _leave(self) -> None:
        self._timer = None
        while self._waiting:
            now = self._loop.time()
            if self._next > now:
                self._timer = self._loop.call_at(self._next, self._leave)
                return
            send = self._waiting.popleft().send
            if send is not None:
                self._next = max(self._next, now - LATE) + self._distance
                send()
                # This thread may have stood still meanwhile: what counts is when the message has left at the latest.
                self._next = max(self._next, self._loop.time() - LATE + self._distance)
