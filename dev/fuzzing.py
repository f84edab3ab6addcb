"""`dev/fuzz`: every test of the engine that makes its own examples, with new ones until the time is up."""

from __future__ import annotations

import argparse
import time

import python_packages
import suite_engine
from speech import say

MINUTES = 10.0
# So many times the examples of an ordinary run. The first round is short, to learn how long one takes here;
# no round is so long that its failures are long in coming.
FIRST, LARGEST = 1, 6


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev/fuzz",
        description="Runs every fuzzer and differential test of the engine with new random examples until the time is"
                    " up; ends at the first round in which one fails, with the example and exit status 1.",
    )
    parser.add_argument("minutes", nargs="?", type=float, default=MINUTES, help="how long (default: %(default)g)")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="pytest's own (-k, a file), to run some of them")
    chosen = parser.parse_args()

    python_packages.enter(odoo=False)
    started = time.monotonic()
    ends = started + chosen.minutes * 60
    factor, rounds, done = FIRST, 0, 0
    while True:
        begun = time.monotonic()
        tally = suite_engine.fuzz(factor, chosen.arguments)
        now = time.monotonic()
        rounds, done = rounds + 1, done + factor
        if tally.failed or not tally.passed:
            tally.show(f"round {rounds}", now - begun)
            return 1
        say(f"  {(now - started) / 60:.1f} min: {len(tally.passed)} fuzzers silent over {done} times the usual examples")
        if now >= ends:
            break
        factor = max(1, min(LARGEST, round(factor * (ends - now) / (now - begun))))
    say(f"{len(tally.passed)} fuzzers silent for {(now - started) / 60:.1f} minutes")
    return 0
