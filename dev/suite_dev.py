"""Tests of `dev/` itself: the demo's DNS panel, the keeper, the counting."""

from __future__ import annotations

import pytest_run
from tally import Tally


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: pytest's own, to run some of them."""
    return pytest_run.run("dev", arguments or ["dev/tests"])
