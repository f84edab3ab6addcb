"""The engine's own tests (`mailauth/tests`), without Odoo."""

from __future__ import annotations

import name_servers
import pytest_run
from python_packages import checkdmarc, rfc7208_suite
from speech import say
from tally import Tally

# Most of a test's time is waiting for a server that does not answer: more of them than processors.
WORKERS = 4


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: pytest's own, to run some of them."""
    say("The engine's tests ...")
    chosen = arguments or ["mailauth/tests", "-n", str(WORKERS), "--dist", "loadfile"]
    known = {"MAILAUTH_RFC7208_SUITE": str(rfc7208_suite()), "MAILAUTH_CHECKDMARC_PYTHON": str(checkdmarc())}
    if servers := name_servers.folder():
        known["MAILAUTH_NAME_SERVERS"] = str(servers)
    return pytest_run.run("engine", chosen, **known)
