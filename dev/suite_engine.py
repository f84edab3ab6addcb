"""The engine's own tests (`mailauth/tests`), without Odoo."""

from __future__ import annotations

import pytest_run
from python_packages import rfc7208_suite
from speech import say
from tally import Tally


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: pytest's own, to run some of them."""
    say("The engine's tests ...")
    return pytest_run.run("engine", arguments or ["mailauth/tests"], MAILAUTH_RFC7208_SUITE=str(rfc7208_suite()))
