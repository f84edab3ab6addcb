"""How fast DNS is asked about domains of others: many of them, and none in a hurry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ..dns.protocol import Resolver

Thing = TypeVar("Thing")

QUESTIONS_PER_SECOND = 20.0
QUESTIONS = 4  # that the light look at a domain takes, at most on average
BURST = 1.0  # seconds: what was not asked in time may be made up for, as much as fits into so long


class Pace:
    """Lets a resolver ask so many questions a second, on average; ``float("inf")`` for no limit.

    Counted are the messages that really left, repetitions too, or what was expected of what was begun, whichever is more.
    ``clock`` gives seconds and is never set back.
    """

    def __init__(
        self, resolver: Resolver, questions_per_second: float = QUESTIONS_PER_SECOND, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = resolver
        self._rate = questions_per_second
        self._clock = clock
        self._before = resolver.questions
        self._expected = 0
        self._began = clock()

    def lets(self, questions: int) -> bool:
        """Whether something that takes about so many questions may be begun now; if so it counts as begun."""
        now = self._clock()
        spent = max(self._expected, self._resolver.questions - self._before)
        begins = self._began + spent / self._rate  # when the next one has its turn
        if begins > now:
            return False
        self._began += max(0.0, now - BURST - begins)
        self._expected = spent + questions
        return True

    def each(self, things: Iterable[Thing | None], questions: int) -> Iterator[Thing | None]:
        """Each of the things at its turn, and ``None`` until then; each takes about so many questions."""
        for thing in things:
            while thing is not None and not self.lets(questions):
                yield None
            yield thing
