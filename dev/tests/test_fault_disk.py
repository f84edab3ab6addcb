"""A full disk is a real one where that is possible, and whoever cannot have it says so."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from fault_disk import SmallDisk
from speech import Missing

folder = Path(sys.argv[1])
try:
    disk = SmallDisk(folder)
except Missing as missing:
    sys.exit(f"MISSING {missing}")
assert (folder / "kept").read_text() == "kept"
disk.fill(8192)
try:
    (folder / "more").write_bytes(bytes(100_000))
except OSError as error:
    print(error.strerror)
disk.make_room()
(folder / "more").write_bytes(bytes(100_000))
disk.remove()
"""


class SmallDiskTest(unittest.TestCase):
    def test_disk_gets_full_for_who_stores_there_and_nobody_else_sees_it(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "data"
            folder.mkdir()
            (folder / "kept").write_text("kept")
            ran = subprocess.run(
                [sys.executable, "-c", SCRIPT, str(folder)], check=False, capture_output=True, text=True,
                cwd=Path(__file__).resolve().parent.parent)
            if ran.stderr.startswith("MISSING"):
                self.assertRegex(ran.stderr, r"takes root|is not allowed here|failed")
                return
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "No space left on device\n", ""))
            self.assertEqual([path.name for path in folder.iterdir()], ["kept"])
            self.assertNotIn(str(folder), Path("/proc/self/mounts").read_text())


if __name__ == "__main__":
    unittest.main()
