"""What `dev/` says to the person who started it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time


class Missing(Exception):
    """Something that is needed is not there. Its text is one plain sentence, shown without a traceback."""


def say(text: str) -> None:
    """One line, at once, even when standard output is a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def plainly():
    """Ends the program as a program should: `Missing` as a sentence with exit status 1, Ctrl-C quietly."""
    # SIGINT too: a shell starts a program in the background with it ignored.
    for way_out in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(way_out, _interrupt)
    try:
        yield
    except Missing as missing:
        sys.exit(f"{missing}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone (`dev/test | head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _interrupt(signum, frame):
    """Every polite signal takes the same way out; while everything is being ended, a second one changes nothing."""
    for way_out in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(way_out, signal.SIG_IGN)
    raise KeyboardInterrupt


class Progress:
    """How far a long step is: rewrites one line on a terminal, else one line per tenth."""

    def __init__(self, what: str, total: int, unit: str = "MB", per_unit: int = 1_000_000):
        self.what = what
        self.total = max(total, 1)
        self.unit = unit
        self.per_unit = per_unit
        self.terminal = sys.stdout.isatty()
        self._shown = -1
        self._last = 0.0

    def show(self, done: int) -> None:
        done = min(done, self.total)
        tenth = done * 10 // self.total
        now = time.monotonic()
        if self.terminal and (now - self._last > 0.2 or done == self.total):
            print(f"\r  {self._text(done)}", end="", flush=True)
            self._last = now
        elif not self.terminal and tenth > self._shown:
            say(f"  {self._text(done)}")
        self._shown = max(tenth, self._shown)

    def end(self) -> None:
        if self.terminal and self._shown >= 0:
            print(flush=True)

    def _text(self, done: int) -> str:
        share = done * 100 // self.total
        return f"{self.what}: {done / self.per_unit:.0f} of {self.total / self.per_unit:.0f} {self.unit} ({share} %)"
