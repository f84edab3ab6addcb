"""Answers kept for their time to live, negative ones included (RFC 1035 §7.4, RFC 2308 §5)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from .answer import Answer

MAX_ENTRIES = 14_000
# Of what a batch was told, failures and what may not be cached included. With what SPF keeps of it
# (mailauth.spf.walk) that makes 20,000 answers in all, however many domains are looked at.
MAX_TOLD = 4_000


class Told(OrderedDict):
    """What a batch was told, by question; the oldest goes when there is no room."""

    def __setitem__(self, key: tuple, outcome: tuple) -> None:
        super().__setitem__(key, outcome)
        if len(self) > MAX_TOLD:
            self.popitem(last=False)


class Cache:
    """A bounded memory of answers that are facts; ``clock`` gives seconds and is never set back."""

    def __init__(self, clock: Callable[[], float], entries: int = MAX_ENTRIES) -> None:
        self._clock = clock
        self._entries = entries
        self._kept: OrderedDict[tuple, tuple[float, Answer]] = OrderedDict()

    def get(self, key: tuple) -> Answer | None:
        """The answer, as it was received, if it is still alive."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept[0] <= self._clock():
            self._kept.pop(key, None)
            return None
        return kept[1]

    def put(self, key: tuple, answer: Answer) -> None:
        """Keep an answer for its ``ttl``; the oldest goes when there is no room."""
        if answer.ttl <= 0 or not answer.is_fact:
            return
        kept = self._kept
        kept.pop(key, None)
        while len(kept) >= self._entries:
            try:
                kept.popitem(last=False)
            except KeyError:  # another thread was faster
                continue
        kept[key] = (self._clock() + answer.ttl, answer)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
