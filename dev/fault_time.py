"""An event loop in which waiting for silence takes no time: simulated months of dead servers cost what their packets cost.

The engine's own timeouts, pauses and deadlines hold as they are. Wherever it would sleep until a timer is due, and all servers
have answered everything that has reached them, its clock is put forward to that timer. Besides, it goes on by next to nothing at
each turn of the loop: however long a busy machine takes, no answer is late.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import Callable, Iterator
from unittest.mock import patch

AT_ONCE = 0.001  # seconds: what comes within them needs no question whether the servers are done
TURN = 1e-6  # seconds that a turn of the loop takes: whoever looks at the clock until it has gone on sees that it does
MOST = 60.0  # seconds: who sleeps for longer waits for somebody else, and not for DNS


class _Selector(selectors.DefaultSelector):
    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__()
        self.seconds = 0.0  # by the loop's clock
        self._settle = settle

    def select(self, timeout: float | None = None) -> list:
        self.seconds += TURN
        if timeout is None or not 0 < timeout <= MOST:
            return super().select(timeout)
        ready = super().select(AT_ONCE)
        if not ready:
            self._settle()
            ready = super().select(0)
        if not ready:
            self.seconds += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, selector: _Selector) -> None:
        self._clock = selector
        super().__init__(selector)

    def time(self) -> float:
        return self._clock.seconds


@contextlib.contextmanager
def no_waiting(settle: Callable[[], None]) -> Iterator[None]:
    """Event loops that are made within put their clock forward; ``settle`` returns once the servers have answered all."""
    with patch.object(asyncio.events, "new_event_loop", lambda: _Loop(_Selector(settle))):
        yield
