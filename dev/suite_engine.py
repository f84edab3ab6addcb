"""The engine's own tests (`mailauth/tests`), without Odoo."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from places import engine
from python_packages import environment, rfc7208_suite
from tally import Tally, read_events

INSIDE = Path(__file__).resolve().parent / "inside"


def run(arguments: list[str]) -> Tally:
    """Runs pytest in a folder that holds only `mailauth`. `arguments`: pytest's own, to run some of them."""
    folder = engine()
    chosen = arguments or ["mailauth/tests"]
    with tempfile.TemporaryDirectory(prefix="mdh-") as scratch:
        events = Path(scratch) / "events"
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--no-summary", "--show-capture=no",
             "-p", "no:cacheprovider", "-p", "record_pytest", *chosen],
            check=False, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**environment(), "PYTHONPATH": str(INSIDE), "TEST_EVENTS": str(events),
                 "MAILAUTH_RFC7208_SUITE": str(rfc7208_suite())},
        )
        tally = read_events(events, "")
    if ran.returncode not in (0, 1) and not tally.failed:
        tally.fail("pytest ended early", ran.stdout)
    if not tally.passed and not tally.failed:
        tally.fail("engine: no test ran", ran.stdout)
    return tally
