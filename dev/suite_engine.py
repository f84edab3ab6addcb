"""The engine's own tests (`mailauth/tests`), without Odoo."""

from __future__ import annotations

import os

import name_servers
import pytest_run
from python_packages import checkdmarc, rfc7208_suite
from speech import say
from tally import MOST_LATE, PART, Tally

# As many as processors, less what another suite keeps busy beside: with more of them, answers come later than some
# tests are ready to wait.
WORKERS = 1 if os.environ.get(PART) else 2
# hypothesis marks its own tests; the others draw by themselves.
FUZZERS = "hypothesis or checkdmarc_differential or any_change_of_octets"


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: pytest's own, to run some of them."""
    say("The engine's tests ...")
    chosen = arguments or ["mailauth/tests", "-n", str(WORKERS), "--dist", "loadfile"]
    known = _known()
    tally = pytest_run.run("engine", chosen, **known)
    late = [name for name in tally.failed if "::" in name]
    if 0 < len(late) == len(tally.failed) <= MOST_LATE:
        _run_alone(tally, late, known)
    return tally


def fuzz(factor: int, arguments: list[str]) -> Tally:
    """The tests that make their own examples, with `factor` times as many as in an ordinary run, and new ones.

    `arguments`: pytest's own, to run some of them.
    """
    chosen = arguments or ["mailauth/tests", "-k", FUZZERS, "-n", str(WORKERS), "--dist", "load"]
    return pytest_run.run("fuzz", chosen, **_known(), MAILAUTH_FUZZ=str(factor))


def _known() -> dict[str, str]:
    """Where the tests find what they are held against."""
    known = {"MAILAUTH_RFC7208_SUITE": str(rfc7208_suite()), "MAILAUTH_CHECKDMARC_PYTHON": str(checkdmarc())}
    if servers := name_servers.folder():
        known["MAILAUTH_NAME_SERVERS"] = str(servers)
    return known


def _run_alone(tally: Tally, late: list[str], known: dict[str, str]) -> None:
    """Real packets take real time: what failed beside others is run once more by itself, and said to have been."""
    again = pytest_run.run("engine", late, **known)
    for name in again.passed - set(again.failed):
        if tally.failed.pop(name, None):
            tally.passed.add(name)
            say(f"  failed beside others, passed by itself: {name}")
