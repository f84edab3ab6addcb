"""What passed and what failed, counted by the tests' own names."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from speech import say

PART = "MAIL_DOMAIN_HEALTH_TEST_PART"  # names the folder of a suite that runs beside others, for its counts
EVENTS = "MAIL_DOMAIN_HEALTH_TEST_EVENTS"  # names the folder where outcomes are written while tests run
MOST_LATE = 3  # more failures than that beside other suites are no matter of time


@dataclass
class Tally:
    """The outcome of one or more suites. A test counts once, whatever its subtests do."""

    passed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)  # name -> traceback or reason
    skipped: dict[str, str] = field(default_factory=dict)  # name -> reason
    left_out: dict[str, str] = field(default_factory=dict)  # name -> what is missing here; each counts as failed
    ended: bool = False  # the run said that it came to its end

    def add(self, other: Tally) -> None:
        self.passed |= other.passed
        self.failed.update(other.failed)
        self.skipped.update(other.skipped)
        self.left_out.update(other.left_out)

    def to_dict(self) -> dict:
        """JSON types only; :meth:`from_dict` reads it."""
        return {**asdict(self), "passed": sorted(self.passed)}

    @classmethod
    def from_dict(cls, values: dict) -> Tally:
        return cls(**{**values, "passed": set(values["passed"])})

    def leave_out(self, name: str, why: str) -> None:
        """A test that cannot run here: nobody has looked, so that the run cannot be green."""
        self.passed.discard(name)
        self.left_out[name] = why

    def fail(self, name: str, why: str) -> None:
        self.passed.discard(name)
        if why.strip() not in self.failed.get(name, ""):
            self.failed[name] = f"{self.failed.get(name, '')}{why.rstrip()}\n"

    def attempt(self, suite: str, test: Callable, *arguments) -> None:
        """Runs one test that is a function: it passes unless it raises, whatever it raises."""
        name = f"{suite} {test.__name__}"
        try:
            test(*arguments)
            self.passed.add(name)
        except Exception:  # noqa: BLE001 - whatever it is, it is this test's failure
            self.fail(name, traceback.format_exc())

    def line(self) -> str:
        """The line that ends a run, made for readers that are programs too."""
        return f"{len(self.passed)} passed, {len(self.failed.keys() | self.left_out)} failed"

    def show_left_out(self) -> None:
        """At the very end, what nobody has looked at, and why."""
        for why, names in _by_reason(self.left_out).items():
            say(f"Left out, and counted as failed: {_named(names)}. {why}")

    def show(self, suite: str, seconds: float) -> None:
        for name, why in self.failed.items():
            say(f"\nFAILED {name}")
            say("\n".join("    " + line for line in why.rstrip().splitlines()[-60:]))
        for why, names in _by_reason(self.skipped).items():
            say(f"  skipped {_named(names)}: {why}")
        say(f"{suite}: {self.line()} ({seconds:.0f} s)")


def _by_reason(reasons: dict[str, str]) -> dict[str, list[str]]:
    by_reason: dict[str, list[str]] = {}
    for name, why in reasons.items():
        by_reason.setdefault(why, []).append(name)
    return by_reason


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} tests, such as {names[0]}"


def new_events(suite: str, home: Path) -> Path:
    """The file that a recorder of `inside/` writes to: where whoever started this run counts, else in `home`."""
    folder = Path(os.environ.get(EVENTS) or home)
    return folder / f"{suite}-{len(list(folder.iterdir()))}.events"


def counted(folder: Path) -> str:
    """How many tests have passed so far, and how many have failed: about, for a sign of life."""
    tallies = [read_events(file, "") for file in folder.glob("*.events")]
    passed, failed = sum(len(tally.passed) for tally in tallies), sum(len(tally.failed) for tally in tallies)
    return f"{passed} passed{f', {failed} failed' if failed else ''} so far" if passed or failed else ""


def read_events(path: Path, prefix: str) -> Tally:
    """Reads the JSON lines that the recorders in `inside/` write: {"test", "outcome", "why"}.

    Outcomes are passed, failed, skipped, and left out.
    """
    tally = Tally()
    if not path.exists():
        return tally
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:  # the last one may still be being written
        event = json.loads(line)
        if "end" in event:
            tally.ended = True
            continue
        name = f"{prefix}{event['test']}"
        if event["outcome"] == "failed":
            tally.fail(name, event["why"])
        elif event["outcome"] == "left out":
            tally.leave_out(name, event["why"])
        elif event["outcome"] == "skipped":
            tally.skipped[name] = event["why"]
        elif name not in tally.failed:
            tally.passed.add(name)
    return tally
