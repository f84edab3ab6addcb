"""A demo lies in one folder and is found there, whatever becomes of the rights of root's home."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import instances
import places
import postgres


@unittest.skipIf(os.geteuid(), "PostgreSQL runs as another user only where root starts it")
class InstancesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=places.SHORT_TEMPORARY)
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        root.chmod(0o755)
        places.made(root / "var")
        self.home = places.made(root / "home")
        for patch in (mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.home / "cache")}),
                      mock.patch.object(places, "SERVER_CACHES", root / "var"),
                      mock.patch.object(instances, "say")):
            patch.start()
            self.addCleanup(patch.stop)

    def settle(self):
        return instances.settle("demo", own_server=True)

    def test_new_demo_lies_in_the_cache_where_the_server_reaches_it(self):
        folder = self.settle()
        self.assertTrue(folder.is_relative_to(self.home))
        self.assertTrue(postgres.is_reachable(folder))

    def test_closed_home_takes_the_whole_demo_along_and_loses_nothing(self):
        folder = self.settle()
        places.made(folder / "data" / "filestore")
        (folder / "data" / "filestore" / "upload").write_text("mine")
        places.made(folder / instances.CLUSTER)
        (folder / "installed").write_text("digest")
        self.home.chmod(0o700)
        moved = self.settle()
        self.assertFalse(folder.exists())
        self.assertEqual((moved / "data" / "filestore" / "upload").read_text(), "mine")
        self.assertTrue((moved / instances.CLUSTER).is_dir())
        self.assertTrue(postgres.is_reachable(moved))
        self.home.chmod(0o755)
        self.assertEqual(self.settle(), moved, "opened again, what exists is used")
        self.assertEqual(instances.find("demo"), moved)

    def test_new_demo_of_a_closed_home_lies_elsewhere_from_the_start(self):
        self.home.chmod(0o700)
        folder = self.settle()
        self.assertFalse(folder.is_relative_to(self.home))
        self.assertTrue(postgres.is_reachable(folder))

    def test_database_that_an_earlier_version_kept_apart_comes_to_the_rest(self):
        apart = places.made(places.server_cache() / places.checkout_key() / "instance-demo")
        (apart / "complete").touch()
        (apart / "table").write_text("rows")
        folder = self.settle()
        self.assertEqual((folder / instances.CLUSTER / "table").read_text(), "rows")
        self.assertFalse(apart.exists())

    def test_reset_removes_every_part_wherever_it_lies(self):
        parts = [self.settle(), places.made(places.server_cache() / places.checkout_key() / "instances" / "demo" / "data"),
                 places.made(places.server_cache() / places.checkout_key() / "instance-demo"),
                 places.made(places.own_cache() / "instance-demo")]
        other = places.made(places.own_cache() / "instances" / "senders")
        instances.remove("demo")
        self.assertFalse([part for part in parts if part.exists()])
        self.assertIsNone(instances.find("demo"))
        self.assertTrue(other.exists())


if __name__ == "__main__":
    unittest.main()
