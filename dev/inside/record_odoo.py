"""Runs Odoo as `python -m odoo` does, and writes every test's outcome as a JSON line to $TEST_EVENTS.

Odoo's own summary counts a failing subtest as a failing test and a skipped browser test as nothing.
"""

import json
import os
import re
import sys
from contextlib import contextmanager

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if path != HERE]  # its names must not hide Odoo's

import odoo.cli.command
from odoo.tests.result import OdooTestResult

# Why core skips a test that needs a browser: then nobody has looked, which is not the same as a skipped test.
BROWSER = re.compile(r"chrome|chromium|websocket|devtools", re.IGNORECASE)

_recording = {"stopped": False}


def write(name, outcome, why=""):
    """Write down one outcome: "passed", "failed", "skipped" or "left out"."""
    event = {"test": name, "outcome": outcome, "why": why}
    with open(os.environ["TEST_EVENTS"], "a", encoding="utf-8") as events:
        events.write(json.dumps(event) + "\n")


@contextmanager
def recording_stopped():
    """Within, only what `write` is told is written down: tests run whose outcome is not theirs to tell."""
    _recording["stopped"] = True
    yield
    _recording["stopped"] = False


def _write(test, outcome, why=""):
    if _recording["stopped"]:
        return
    # A subtest's failure is its test's.
    subtest, test = test, getattr(test, "test_case", test)
    if subtest is not test:
        why = f"In subtest {subtest._subDescription()}:\n{why}"
    write(test.id().removeprefix("odoo.addons."), outcome, why)


class Recording:
    """What is put before the methods of Odoo's result class."""

    @staticmethod
    def addError(original, self, test, err):
        _write(test, "failed", self._exc_info_to_string(err, test))
        return original(self, test, err)

    addFailure = addError

    @staticmethod
    def addSkip(original, self, test, reason):
        if BROWSER.search(str(reason)):
            _write(test, "left out", "Chromium is missing, and the browser tests need it: install it (Debian: chromium).")
        elif "npm" in str(reason):
            _write(test, "left out", str(reason))
        else:
            _write(test, "skipped", str(reason))
        return original(self, test, reason)

    @staticmethod
    def addSuccess(original, self, test):
        _write(test, "passed")
        return original(self, test)


def _record(name):
    original = getattr(OdooTestResult, name)
    recording = getattr(Recording, name)

    def wrapper(self, *arguments):
        return recording(original, self, *arguments)

    setattr(OdooTestResult, name, wrapper)


for method in ("addError", "addFailure", "addSkip", "addSuccess"):
    _record(method)


def write_end():
    """The run came to its end, however its tests went."""
    with open(os.environ["TEST_EVENTS"], "a", encoding="utf-8") as events:
        events.write('{"end": true}\n')


if __name__ == "__main__":
    odoo.cli.command.main()
