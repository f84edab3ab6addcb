"""Python's garbage collector while many domains are looked at: it finds nothing, and looks at everything each time."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

THRESHOLD = 20_000  # objects more than before until it looks at the youngest, instead of 700



class _Collector:
    """What the collector was like before the first of those who want it to run rarely, and how many of them there are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._threshold = gc.get_threshold()
        self._froze = False

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
            self._threshold = gc.get_threshold()
            self._froze = not gc.get_freeze_count()  # what somebody else froze stays so
            if self._froze:
                gc.freeze()
            if 0 < self._threshold[0] < THRESHOLD:  # 0: switched off
                gc.set_threshold(THRESHOLD, *self._threshold[1:])

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users:
                return
            gc.set_threshold(*self._threshold)
            if self._froze:
                gc.unfreeze()


_COLLECTOR = _Collector()  # there is one in a process


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Let the collector run less often, and not over what is there already.

    It holds for the whole process, whoever else runs in it, until the last one has left: for programs of their own and for
    scheduled work, not for a process that answers requests.
    """
    _COLLECTOR.enter()
    try:
        yield
    finally:
        _COLLECTOR.leave()
