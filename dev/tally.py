"""What passed and what failed, counted by the tests' own names."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from speech import say


@dataclass
class Tally:
    """The outcome of one or more suites. A test counts once, whatever its subtests do."""

    passed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)  # name -> traceback or reason
    skipped: dict[str, str] = field(default_factory=dict)  # name -> reason
    ended: bool = False  # the run said that it came to its end

    def add(self, other: Tally) -> None:
        self.passed |= other.passed
        self.failed.update(other.failed)
        self.skipped.update(other.skipped)

    def fail(self, name: str, why: str) -> None:
        self.passed.discard(name)
        if why.strip() not in self.failed.get(name, ""):
            self.failed[name] = f"{self.failed.get(name, '')}{why.rstrip()}\n"

    def line(self) -> str:
        """The line that ends a run, made for readers that are programs too."""
        return f"{len(self.passed)} passed, {len(self.failed)} failed"

    def show(self, suite: str, seconds: float) -> None:
        for name, why in self.failed.items():
            say(f"\nFAILED {name}")
            say("\n".join("    " + line for line in why.rstrip().splitlines()[-60:]))
        for why, names in self._skipped_by_reason().items():
            what = names[0] if len(names) == 1 else f"{len(names)} tests, such as {names[0]}"
            say(f"  skipped {what}: {why}")
        say(f"{suite}: {self.line()} ({seconds:.0f} s)")

    def _skipped_by_reason(self) -> dict[str, list[str]]:
        reasons: dict[str, list[str]] = {}
        for name, why in self.skipped.items():
            reasons.setdefault(why, []).append(name)
        return reasons


def read_events(path: Path, prefix: str) -> Tally:
    """Reads the JSON lines that the recorders in `inside/` write: {"test", "outcome", "why"}."""
    tally = Tally()
    if not path.exists():
        return tally
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if "end" in event:
            tally.ended = True
            continue
        name = f"{prefix}{event['test']}"
        if event["outcome"] == "failed":
            tally.fail(name, event["why"])
        elif event["outcome"] == "skipped":
            tally.skipped[name] = event["why"]
        elif name not in tally.failed:
            tally.passed.add(name)
    return tally
