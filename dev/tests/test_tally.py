"""The counts that close a run are of tests, whatever their subtests do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tally import Tally, counted, read_events

DEV = Path(__file__).resolve().parent.parent
TESTS = """
import unittest

class Some(unittest.TestCase):
    def test_good(self):
        with self.subTest("one"):
            pass

    def test_bad(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(number, 7)

    @unittest.skip("because")
    def test_left_out(self):
        pass

    def test_breaks_and_cleans_up_badly(self):
        self.addCleanup(self.fail, "in the cleanup")
        self.fail("in the test")
"""


class TallyTest(unittest.TestCase):
    def test_pytest_counts_each_test_once(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_some.py").write_text(TESTS)
            events = Path(folder) / "events"
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "record_pytest", "test_some.py"],
                check=False, cwd=folder, stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(DEV / "inside"), "TEST_EVENTS": str(events)},
            )
            tally = read_events(events, "")
        self.assertEqual(tally.line(), "1 passed, 2 failed")
        self.assertEqual([why for why in tally.skipped.values() if "because" in why], list(tally.skipped.values()))
        self.assertEqual(len(tally.skipped), 1)
        [bad] = [why for name, why in tally.failed.items() if name.endswith("test_bad")]
        self.assertEqual(bad.count("E           "), 3, bad)

    def test_a_test_that_passed_and_then_failed_has_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            events = Path(folder) / "events"
            lines = [{"test": "a", "outcome": "passed", "why": ""}, {"test": "a", "outcome": "failed", "why": "teardown"}]
            for order in (lines, lines[::-1]):
                events.write_text("".join(json.dumps(line) + "\n" for line in order))
                self.assertEqual(read_events(events, "").line(), "0 passed, 1 failed")

    def test_what_was_left_out_is_named_and_counts_as_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            events = Path(folder) / "odoo-0.events"
            lines = [{"test": "a", "outcome": "passed", "why": ""}, {"test": "tour", "outcome": "left out", "why": "no browser"}]
            events.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"test": "b", "outco')
            tally = read_events(events, "")
            self.assertEqual(counted(Path(folder)), "1 passed so far")
        self.assertEqual(tally.line(), "1 passed, 1 failed")
        self.assertEqual(tally.left_out, {"tour": "no browser"})
        self.assertEqual(Tally.from_dict(json.loads(json.dumps(tally.to_dict()))), tally)

    def test_no_test_is_nothing_passed(self):
        self.assertEqual(Tally().line(), "0 passed, 0 failed")


if __name__ == "__main__":
    unittest.main()
