"""What `dev/` says to the person who started it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

SIGN_OF_LIFE = 20  # seconds: nobody waits for longer without a word


class Missing(Exception):
    """Something that is needed is not there. Its text is one plain sentence, shown without a traceback."""


def say(text: str) -> None:
    """One line, at once, even when standard output is a pipe."""
    _life.said()
    print(f"{_end_of_progress()}{text}", flush=True)


def _end_of_progress() -> str:
    """A line that rewrites itself on a terminal is left before another one is written."""
    was_open, Progress.is_open = Progress.is_open, False
    return "\n" if was_open else ""


class _Life:
    """Says that work goes on, wherever nothing else was said for a while."""

    def __init__(self):
        self._last = self._began = time.monotonic()
        self._hushed = 1  # until the program has begun
        self._news = str

    def said(self) -> None:
        self._last = self._began = time.monotonic()

    def begin(self) -> None:
        self._hushed = 0
        self.said()
        threading.Thread(target=self._watch, daemon=True).start()

    @contextlib.contextmanager
    def hushed(self):
        self._hushed += 1
        try:
            yield
        finally:
            self._hushed -= 1
            self.said()

    @contextlib.contextmanager
    def with_news(self, news):
        before, self._news = self._news, news
        try:
            yield
        finally:
            self._news = before

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            now = time.monotonic()
            if not self._hushed and now - self._last >= SIGN_OF_LIFE:
                self._last = now
                news = f": {self._news()}".removesuffix(": ")
                print(f"{_end_of_progress()}  ... still at it, {now - self._began:.0f} s{news}", flush=True)


_life = _Life()
signs_of_life = _life.begin
without_signs_of_life = _life.hushed
with_news = _life.with_news


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

    is_open = False  # the line on the terminal is not ended yet

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
            Progress.is_open = True
            _life.said()
            self._last = now
        elif not self.terminal and tenth > self._shown:
            say(f"  {self._text(done)}")
        self._shown = max(tenth, self._shown)

    def end(self) -> None:
        if self.terminal and self._shown >= 0:
            print(end=_end_of_progress(), flush=True)

    def _text(self, done: int) -> str:
        share = done * 100 // self.total
        return f"{self.what}: {done / self.per_unit:.0f} of {self.total / self.per_unit:.0f} {self.unit} ({share} %)"
