"""Temporary files of all that is started lie in one folder, which goes with the program, or with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import places

KILLED = """
import os, signal, sys, tempfile
sys.path.insert(0, {dev!r})
import places
with places.scratch():
    print(tempfile.mkdtemp(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


class ScratchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=places.SHORT_TEMPORARY)
        self.addCleanup(folder.cleanup)
        self.caches = (Path(folder.name), Path(folder.name, "deep" * 15))  # the second is too long for Unix sockets

    def with_cache(self, cache):
        return mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(cache)})

    def test_what_is_started_writes_there_and_nothing_stays(self):
        for cache in self.caches:
            with self.subTest(cache=cache), self.with_cache(cache):
                before = os.environ.get("TMPDIR"), tempfile.gettempdir()
                with places.scratch() as folder:
                    made = subprocess.run(["mktemp"], check=True, capture_output=True, text=True).stdout.strip()
                    self.assertEqual(Path(made).parent, folder)
                    self.assertLess(len(str(folder)), 60)
                    with places.scratch() as again:  # as when the program goes on in another Python
                        self.assertEqual(again, folder)
                self.assertFalse(folder.exists())
                self.assertEqual((os.environ.get("TMPDIR"), tempfile.gettempdir()), before)

    def test_what_a_killed_program_left_goes_with_the_next(self):
        for cache in self.caches:
            with self.subTest(cache=cache), self.with_cache(cache):
                script = KILLED.format(dev=str(places.DEV))
                ran = subprocess.run([sys.executable, "-B", "-c", script], check=False, capture_output=True, text=True)
                left = Path(ran.stdout.strip())
                self.assertTrue(left.is_dir(), ran.stderr)
                for folder in (places.cache() / "tmp").iterdir():
                    os.utime(folder, (0, 0))
                with places.scratch():
                    self.assertFalse(left.exists())


if __name__ == "__main__":
    unittest.main()
