"""Core's own tests of outgoing mail, run with this module installed (to come)."""

from __future__ import annotations

from tally import Tally


def run() -> Tally:
    return Tally()
