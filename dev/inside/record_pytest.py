"""A pytest plugin that writes every test's outcome as a JSON line to the file that $TEST_EVENTS names."""

import json
import os

import pytest


def _write(test, outcome, why=""):
    if "PYTEST_XDIST_WORKER" in os.environ:  # the process that hands out the tests writes for all
        return
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


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable():
    """A subtest may be named after text that no encoding takes (a lone surrogate): that must not end the run."""
    return _encodable((yield))


def _encodable(part):
    if isinstance(part, str):
        return part.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(part, dict):
        return {_encodable(key): _encodable(value) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)(map(_encodable, part))
    return part
