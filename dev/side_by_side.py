"""Runs suites side by side, each as a process of its own, and shows what each said when it has ended."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import places
from children import Child
from speech import SIGN_OF_LIFE, say, without_signs_of_life
from suites import SUITES
from tally import EVENTS, PART, Tally, counted

GRACE = 60  # seconds that a suite has to end its servers when the run is broken off


def run(names: list[str]) -> Tally:
    """All of `names`, the longest first, a few at once."""
    total = Tally()
    waiting = sorted(names, key=lambda name: -SUITES[name].seconds)
    began = time.monotonic()
    running: dict[str, Part] = {}
    with tempfile.TemporaryDirectory(prefix="mdh-parts-") as folder, contextlib.ExitStack() as stack:
        stack.enter_context(without_signs_of_life())
        said = time.monotonic()
        while waiting or running:
            while waiting and len(running) < at_once():
                name = waiting.pop(0)
                running[name] = stack.enter_context(Part(name, Path(folder) / name))
            for name, part in list(running.items()):
                if not part.running():
                    del running[name]
                    total.add(part.end())
                    said = time.monotonic()
            if time.monotonic() - said >= SIGN_OF_LIFE:
                said = time.monotonic()
                say(f"  {_clock(said - began)}  " + " | ".join(map(str, running.values())))
            time.sleep(0.2)
    return total


def at_once() -> int:
    """One more than there are processors: a third of its time a suite waits for DNS, a database or a browser."""
    return max(2, min(4, (os.cpu_count() or 1) + 1))


class Part:
    """One suite, running as `dev/test NAME`."""

    def __init__(self, name: str, folder: Path):
        self.name = name
        self.folder = places.made(folder)
        self.events = places.made(folder / "events")
        self.output = folder / "output"
        self.began = time.monotonic()
        command = [sys.executable, "-B", places.DEV / "test", name]
        self.child = Child(command, log=self.output, env={**os.environ, PART: str(folder), EVENTS: str(self.events)}, grace=GRACE)

    def __enter__(self):
        say(f"{self.name}: started ({SUITES[self.name].about})")
        return self

    def __exit__(self, *_):
        self.child.stop()

    def running(self) -> bool:
        return self.child.running()

    def __str__(self) -> str:
        return f"{self.name}: {counted(self.events) or 'at work'}"

    def end(self) -> Tally:
        """Shows what it said, and gives its counts."""
        said = self.output.read_text(encoding="utf-8", errors="replace").rstrip()
        try:
            tally = Tally.from_dict(json.loads((self.folder / "tally.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            tally = Tally()
            tally.fail(f"{self.name}: ended early", said or f"exit status {self.child.wait()}")
            said = ""
        say(f"\n== {self.name}")
        if said:
            say(said)
        tally.show(self.name, time.monotonic() - self.began)
        say("")
        return tally


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
