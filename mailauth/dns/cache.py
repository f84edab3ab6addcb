"""Answers kept for their time to live, negative ones included (RFC 1035 §7.4, RFC 2308 §5)."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from .answer import Answer

Key = tuple[object, ...]  # what a question is known by: name, type, flags, and the server if it is not one of ours

MAX_ENTRIES = 14_000
# Of what a batch was told and is not in the cache for long: failures above all. With what SPF keeps of it
# (mailauth.spf.walk) that makes 20,000 answers in all, however many domains are looked at.
MAX_TOLD = 4_000


class Told(OrderedDict[Key, "tuple[Answer, str | None]"]):
    """What a batch was told and the cache may not keep for long, by question; the oldest goes when there is no room."""

    def __setitem__(self, key: Key, outcome: tuple[Answer, str | None]) -> None:
        super().__setitem__(key, outcome)
        if len(self) > MAX_TOLD:
            self.popitem(last=False)


class Cache:
    """A bounded memory of answers that are facts; ``clock`` gives seconds and is never set back."""

    def __init__(self, clock: Callable[[], float], entries: int = MAX_ENTRIES) -> None:
        self._clock = clock
        self._entries = entries
        self._kept: dict[Key, tuple[float, Answer]] = {}
        self._order: deque[Key] = deque()  # the same keys; the one that came first is the first to go

    def get(self, key: Key) -> Answer | None:
        """The answer, as it was received, if it is still alive."""
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] > self._clock() else None

    def put(self, key: Key, answer: Answer) -> bool:
        """Keep an answer for its ``ttl`` and say whether it may be; the oldest goes when there is no room."""
        if answer.ttl <= 0 or not answer.is_fact:
            return False
        kept, order = self._kept, self._order
        if key not in kept:
            order.append(key)
            while len(order) > self._entries:
                try:
                    kept.pop(order.popleft(), None)
                except IndexError:  # another thread was faster
                    break
        kept[key] = (self._clock() + answer.ttl, answer)
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._order.clear()

    def __len__(self) -> int:
        return len(self._kept)
