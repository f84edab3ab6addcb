"""What is fetched from npm, into the cache: axe-core, which looks at screens as a screen reader's user meets them."""

from __future__ import annotations

import base64
import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path

from children import run
from places import cache, locked, made, write_atomically
from speech import Missing, say

AXE = "axe-core@4.14.1"
# As npm's lock files write it (Subresource Integrity): a registry that gives anything else is refused.
AXE_INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
AXE_VARIABLE = "AXE_CORE"  # names the script for Odoo's tests
MISSING = "npm is missing, and the tests of accessibility fetch axe-core with it: install it (Debian: npm)."


def axe_path() -> Path:
    """Where axe-core's script lies once it is fetched."""
    return cache() / "npm" / f"{AXE}.js"


def axe() -> Path:
    """axe-core's script; fetched when it is not there."""
    script = axe_path()
    with locked(script.with_suffix(".lock"), "Another start is fetching axe-core; waiting for it ..."):
        if not script.exists():
            write_atomically(script, _fetched(AXE, AXE_INTEGRITY, "package/axe.min.js"))
    return script


def _fetched(package: str, integrity: str, member: str) -> str:
    """One text file of a package, whose archive is the pinned one."""
    if not shutil.which("npm"):
        raise Missing(MISSING)
    say(f"Fetching {package} ...")
    with tempfile.TemporaryDirectory(dir=made(cache() / "npm")) as folder:
        status, said = run(["npm", "pack", package, "--pack-destination", folder, "--cache", f"{folder}/cache",
                            "--ignore-scripts", "--loglevel=error"], cwd=Path(folder))
        archive = next(Path(folder).glob("*.tgz"), None)
        if status or archive is None:
            raise Missing(f"{package} could not be fetched: {' '.join(said.split())[-400:]}")
        return checked(archive, integrity, package, member)


def checked(archive: Path, integrity: str, package: str, member: str) -> str:
    """The member's text, if the archive is the pinned one."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        raise Missing(f"{package} is not what was pinned: its hash is {found}.")
    with tarfile.open(archive) as tar:
        return tar.extractfile(member).read().decode()
