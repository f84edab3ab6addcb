"""A Python that Odoo 19 does not know is left before anything is downloaded."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent
PRETEND = """
import sys
sys.path.insert(0, {dev!r})
sys.version_info = {version}
sys.version = "{text} (pretended)"
import interpreter
interpreter.choose()
print("goes on")
"""


class InterpreterTest(unittest.TestCase):
    def run_as(self, version, programs=()):
        with tempfile.TemporaryDirectory() as folder:
            for name in programs:
                program = Path(folder) / name
                program.write_text('#!/bin/sh\necho "chose ${0##*/} $1"\n')
                program.chmod(0o755)
            script = Path(folder) / "script.py"
            script.write_text(PRETEND.format(dev=str(DEV), version=(*version, 0), text=".".join(map(str, version))))
            return subprocess.run([sys.executable, "-B", script], check=False, capture_output=True, text=True,
                                  env={"PATH": f"{folder}:/nowhere"})

    def test_versions_that_odoo_knows_go_on(self):
        for minor in (10, 11, 12, 13):
            with self.subTest(minor=minor):
                self.assertEqual(self.run_as((3, minor)).stdout, "goes on\n")

    def test_others_are_left_for_the_newest_fitting_one_on_the_path(self):
        for version in ((3, 14), (3, 15), (3, 9), (4, 0)):
            with self.subTest(version=version):
                ran = self.run_as(version, ["python3.14", "python3.12", "python3.11", "python3.9"])
                self.assertEqual(ran.stdout, "chose python3.12 -B\n", ran.stderr)

    def test_without_a_fitting_one_a_sentence_says_which_are(self):
        ran = self.run_as((3, 14), ["python3.14"])
        self.assertEqual((ran.returncode, ran.stdout), (1, ""))
        self.assertIn("Python 3.10 to 3.13 is needed", ran.stderr)
        self.assertIn("this is 3.14", ran.stderr)


if __name__ == "__main__":
    unittest.main()
