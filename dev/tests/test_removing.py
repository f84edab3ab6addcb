"""One command removes all that was made, and nothing while something is going on."""

from __future__ import annotations

import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import places
import removing
from speech import Missing


class RemovingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        environment = {"XDG_CACHE_HOME": str(self.root / "cache"), "PGHOST": ""}
        for patch in (mock.patch.dict(os.environ, environment), mock.patch.object(removing, "say"),
                      mock.patch.object(places, "SERVER_CACHES", self.root / "var"),
                      mock.patch.object(sys, "argv", ["dev/remove"])):
            patch.start()
            self.addCleanup(patch.stop)
        self.gone = places.made(places.cache() / "checkouts" / "deleted-12345678")  # a checkout that is no longer there
        (self.gone / "rows").write_text("rows")
        places.made(places.server_cache() / "prepared")
        self.others = places.made(self.root / "cache" / "another_program")

    def test_everything_goes_that_of_deleted_checkouts_too(self):
        self.assertEqual(removing.main(), 0)
        self.assertFalse(places.cache_path().exists())
        self.assertFalse(places.server_cache().exists())
        self.assertTrue(self.others.exists())
        self.assertEqual(removing.main(), 0, "and once more, with nothing there")

    def test_nothing_goes_while_a_demo_or_a_test_run_is_going_on(self):
        for place in ("locks/demo", "runs/run-1/lock"):
            with self.subTest(place=place):
                lock = places.try_lock(self.gone / place)
                with self.assertRaisesRegex(Missing, "still going"):
                    removing.main()
                lock.close()
        self.assertTrue((self.gone / "rows").exists())

    def test_another_cache_of_root_has_another_second_one(self):
        first = places.server_cache()
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.root / "other")}):
            self.assertNotEqual(places.server_cache(), first)


if __name__ == "__main__":
    unittest.main()
