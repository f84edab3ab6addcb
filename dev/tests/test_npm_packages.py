"""What is fetched from npm is what was pinned, byte for byte."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import npm_packages
from speech import Missing


class NpmPackagesTest(unittest.TestCase):
    def setUp(self):
        self.wanted, self.lock = (json.loads(path.read_text(encoding="utf-8")) for path in npm_packages.PINNED)

    def test_each_package_has_one_version_and_one_hash(self):
        packages = {name: package for name, package in self.lock["packages"].items() if name}
        self.assertEqual(set(self.wanted["dependencies"]), {"axe-core", "rtlcss"})
        for name, version in self.wanted["dependencies"].items():
            self.assertEqual(packages[f"node_modules/{name}"]["version"], version, name)
        for name, package in packages.items():
            self.assertRegex(package["version"], r"^\d+\.\d+\.\d+$", name)
            self.assertRegex(package["integrity"], r"^sha512-", name)
            self.assertNotIn("hasInstallScript", package, name)

    def test_where_packages_come_from_is_left_to_the_configuration_of_npm(self):
        self.assertNotIn('"resolved"', json.dumps(self.lock))

    def test_another_archive_than_the_pinned_one_is_refused(self):
        """npm itself compares; this shows that it is asked to. It says EINTEGRITY, and nothing is left in place."""
        package = self.lock["packages"]["node_modules/picocolors"]
        package["integrity"] = re.sub(r"-.", "-/" if package["integrity"][7] != "/" else "-A", package["integrity"], count=1)
        with tempfile.TemporaryDirectory() as home:
            pinned = (Path(home) / "package.json", Path(home) / "package-lock.json")
            for path, content in zip(pinned, (self.wanted, self.lock)):
                path.write_text(json.dumps(content), encoding="utf-8")
            with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": home}), mock.patch.object(npm_packages, "PINNED", pinned), \
                    mock.patch.object(npm_packages, "say"):
                try:
                    npm_packages.fetch()
                except Missing as missing:
                    if str(missing) == npm_packages.MISSING:
                        self.skipTest("npm is missing")
                    self.assertIn("EINTEGRITY", str(missing))
                else:
                    self.fail("It was taken.")
                self.assertFalse(npm_packages.folder().exists())


if __name__ == "__main__":
    unittest.main()
