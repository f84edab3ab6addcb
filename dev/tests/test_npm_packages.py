"""What is fetched from npm is what was pinned, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import tempfile
import unittest
from pathlib import Path

import npm_packages
from speech import Missing


class NpmPackagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.archive = Path(folder.name) / "package.tgz"
        with tarfile.open(self.archive, "w:gz") as tar:
            entry = tarfile.TarInfo("package/script.js")
            entry.size = 5
            tar.addfile(entry, io.BytesIO(b"axe()"))

    def read(self, integrity):
        return npm_packages.checked(self.archive, integrity, "package@1", "package/script.js")

    def test_the_pinned_archive_is_read(self):
        digest = hashlib.sha512(self.archive.read_bytes()).digest()
        self.assertEqual(self.read("sha512-" + base64.b64encode(digest).decode()), "axe()")

    def test_any_other_archive_is_refused(self):
        with self.assertRaisesRegex(Missing, "not what was pinned"):
            self.read(npm_packages.AXE_INTEGRITY)
