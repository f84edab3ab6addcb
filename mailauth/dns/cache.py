"""Answers kept for their time to live, negative ones included (RFC 1035 §7.4, RFC 2308 §5)."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from .answer import FACTS, Answer

# What a question is known by: name and type; the flags if they are not the usual ones, and the server if it is not one of ours.
Key = tuple[object, ...]

MAX_ENTRIES = 14_000
# Of what a batch was told and is not in the cache for long: failures above all. With what SPF keeps of it
# (mailauth.spf.walk) that makes 20,000 answers in all, however many domains are looked at.
MAX_TOLD = 4_000


class Told(OrderedDict[Key, "tuple[Answer, str | None]"]):
    """What a batch was told and the cache may not keep for long, by question; the oldest goes when there is no room."""

    def keep(self, key: Key, outcome: tuple[Answer, str | None]) -> None:
        """Remember an outcome."""
        self[key] = outcome
        if len(self) > MAX_TOLD:
            self.popitem(last=False)


class Cache:
    """A bounded memory of answers that are facts; ``clock`` gives seconds and is never set back."""

    def __init__(self, clock: Callable[[], float], entries: int = MAX_ENTRIES) -> None:
        self._clock = clock
        self._entries = entries
        # Of each question the answer, and when it dies: two mappings without a pair for each, which the garbage collector
        # would have to look through. Another thread may see a new answer with the old time, and asks again.
        self._kept: dict[Key, Answer] = {}
        self._ends: dict[Key, float] = {}
        self._order: deque[Key] = deque()  # the same keys; the one that came first is the first to go

    def get(self, key: Key) -> Answer | None:
        """The answer, as it was received, if it is still alive."""
        answer = self._kept.get(key)
        return answer if answer is not None and self._ends.get(key, 0.0) > self._clock() else None

    def put(self, key: Key, answer: Answer) -> bool:
        """Keep an answer for its ``ttl`` and say whether it may be; the oldest goes when there is no room."""
        ttl = answer.ttl
        if ttl <= 0 or answer.status not in FACTS:
            return False
        kept = self._kept
        if key not in kept:
            order = self._order
            order.append(key)
            if len(order) > self._entries:
                self._make_room()
        kept[key] = answer
        self._ends[key] = self._clock() + ttl
        return True

    def _make_room(self) -> None:
        order = self._order
        while len(order) > self._entries:
            try:
                oldest = order.popleft()
            except IndexError:  # another thread was faster
                break
            self._kept.pop(oldest, None)
            self._ends.pop(oldest, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._ends.clear()
        self._order.clear()

    def __len__(self) -> int:
        return len(self._kept)
