"""Nothing that was started outlives whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from children import Child

DEV = Path(__file__).resolve().parent.parent
# Starts a child that starts a grandchild; both write their process ids.
FAMILY = """
import os, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {grandchild.pid}\\n")
time.sleep(60)
"""
ASKER = """
import sys, time
sys.path.insert(0, sys.argv[2])
from children import Child
Child([sys.executable, "-c", sys.argv[3], sys.argv[1]])
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class KeeperTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pids = Path(folder.name) / "pids"

    def family(self):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if self.pids.exists() and self.pids.read_text().endswith("\n"):
                return [int(pid) for pid in self.pids.read_text().split()]
            time.sleep(0.02)
        raise AssertionError("the family did not start")

    def assert_gone(self, family):
        until = time.monotonic() + 10
        while time.monotonic() < until and any(map(alive, family)):
            time.sleep(0.02)
        self.assertEqual([pid for pid in family if alive(pid)], [])

    def test_a_killed_asker_takes_its_child_and_grandchild_along(self):
        asker = subprocess.Popen([sys.executable, "-c", ASKER, self.pids, DEV, FAMILY])
        family = self.family()
        os.kill(asker.pid, signal.SIGKILL)
        asker.wait()
        self.assert_gone(family)

    def test_stopping_a_child_ends_what_it_started(self):
        child = Child([sys.executable, "-c", FAMILY, self.pids])
        family = self.family()
        child.stop()
        self.assert_gone(family)

    def test_a_child_that_ignores_the_signal_is_ended_all_the_same(self):
        deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FAMILY
        child = Child([sys.executable, "-c", deaf, self.pids], grace=0.2)
        family = self.family()
        child.stop()
        self.assert_gone(family)

    def test_the_exit_status_is_the_childs(self):
        with Child([sys.executable, "-c", "raise SystemExit(7)"]) as child:
            self.assertEqual(child.wait(20), 7)


if __name__ == "__main__":
    unittest.main()
