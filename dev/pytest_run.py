"""pytest in a folder that holds only what is tested: the checkout's root imports Odoo, and pytest would import it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from odoo_process import INSIDE
from places import DEV, engine
from python_packages import environment
from tally import Tally, new_events, read_events


def run(suite: str, arguments: list[str], **variables: str) -> Tally:
    """`arguments`: pytest's own, with the files to run. `variables`: environment variables for the tests."""
    with tempfile.TemporaryDirectory(prefix="mdh-") as scratch:
        events = new_events(suite, Path(scratch))
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--no-summary", "--show-capture=no",
             "-p", "no:cacheprovider", "-p", "record_pytest", *arguments],
            check=False, cwd=engine(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**environment(), "PYTHONPATH": f"{INSIDE}:{DEV}", "TEST_EVENTS": str(events), **variables},
        )
        tally = read_events(events, "")
    if ran.returncode not in (0, 1) and not tally.failed:
        tally.fail(f"{suite}: pytest ended early", ran.stdout)
    if not tally.passed and not tally.failed:
        tally.fail(f"{suite}: no test ran", ran.stdout)
    return tally
