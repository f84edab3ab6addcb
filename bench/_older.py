"""The module as it was when the issue's figures were taken, out of the repository's own history."""

from __future__ import annotations

import contextlib
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BEFORE = "c99b0da"


@contextlib.contextmanager
def older_version(name: str) -> Iterator[Path | None]:
    """A folder that holds it as ``name``, or ``None`` in a clone without that commit."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "before.tar"
        with open(archive, "wb") as file:
            made = subprocess.run(["git", "-C", CHECKOUT, "archive", BEFORE], check=False, stdout=file,
                                  stderr=subprocess.DEVNULL).returncode == 0
        if not made:
            print(f"Commit {BEFORE} is not in this clone: nothing to compare with.", flush=True)
            yield None
            return
        with tarfile.open(archive) as packed:
            packed.extractall(Path(folder) / name)
        yield Path(folder)
