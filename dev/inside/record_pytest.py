"""A pytest plugin that writes every test's outcome as a JSON line to the file that $TEST_EVENTS names."""

import json
import os


def _write(test, outcome, why=""):
    with open(os.environ["TEST_EVENTS"], "a", encoding="utf-8") as events:
        events.write(json.dumps({"test": test, "outcome": outcome, "why": why}) + "\n")


def pytest_runtest_logreport(report):
    if report.failed:  # a subtest's report carries its test's name: counted once
        _write(report.nodeid, "failed", report.longreprtext)
    elif report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        _write(report.nodeid, "skipped", why)
    elif report.when == "call":
        _write(report.nodeid, "passed")


def pytest_collectreport(report):
    if report.failed:
        _write(report.nodeid or "collection", "failed", report.longreprtext)
