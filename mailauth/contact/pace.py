"""How fast DNS is asked about domains of others: many of them, and none in a hurry."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")

QUESTIONS_PER_SECOND = 20.0
QUESTIONS_PER_ZONE_SERVER = 5.0  # a second; others' servers get no more, however many ours may
QUESTIONS = 4  # that the light look at a domain takes, at most on average
BURST = 1.0  # seconds: what was not asked in time may be made up for, as much as fits into so long

SILENT = 10  # looks in a row without an answer, after which it is asked whether DNS is there at all
PAUSE = 600.0  # seconds until DNS that is not there is asked again, doubled each time that it still is not
MAX_PAUSE = 6 * 3600.0


class Limited(Protocol):
    """What a pace needs of a resolver, see :class:`mailauth.Resolver`."""

    @property
    def questions(self) -> int:
        """How many messages were really sent, repetitions included."""

    def limit(self, in_use: float, others: float) -> None:
        """Have each name server get so many messages in any second, at most."""


class Pace:
    """Lets a resolver ask so many questions a second; ``float("inf")`` for no limit.

    All together on average: counted are the messages that really left, repetitions too, or what was expected of what was
    begun, whichever is more. Each name server of the resolver gets no more than that in any second, and each one of
    others' zones no more than :data:`QUESTIONS_PER_ZONE_SERVER`. ``clock`` gives seconds and is never set back.
    """

    def __init__(
        self, resolver: Limited, questions_per_second: float = QUESTIONS_PER_SECOND, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        resolver.limit(questions_per_second, min(questions_per_second, QUESTIONS_PER_ZONE_SERVER))
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


class Silence:
    """Looks that DNS did not answer: whether the fault is the domains' or that of the resolver in use.

    ``pauses`` is how often it was the resolver's, without an answer since: it is left alone for longer each time.
    """

    def __init__(self, pauses: int = 0) -> None:
        self.pauses = pauses
        self._looks = 0

    def hears(self, answered: bool) -> bool:
        """Note one look; whether it is time to ask whether DNS is there at all (:func:`mailauth.sees_dns`)."""
        self._looks = 0 if answered else self._looks + 1
        if answered:
            self.pauses = 0
        is_time = self._looks >= SILENT
        if is_time:
            self._looks = 0
        return is_time

    def pause(self) -> float:
        """DNS is not there: how many seconds to leave it alone."""
        self.pauses += 1
        return min(PAUSE * math.pow(2.0, min(self.pauses - 1, 20)), MAX_PAUSE)
