"""What comes from npm, into the cache: axe-core, which looks at screens as a screen reader's user meets them, and rtlcss.

Odoo mirrors its style sheets with rtlcss for languages that are written from right to left; where it is not on PATH,
Odoo serves the other sheet without a word on the screen. `dev/npm/package-lock.json` pins each package by its hash.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from children import run
from places import DEV, cache, cache_path, locked, made
from speech import Missing, say

PINNED = (DEV / "npm" / "package.json", DEV / "npm" / "package-lock.json")
AXE_VARIABLE = "AXE_CORE"  # names the script for Odoo's tests
MISSING = ("npm is missing, which fetches axe-core (for the tests of accessibility) and rtlcss (without which Odoo does not"
           " mirror its screens for Arabic or Hebrew): install it (Debian: npm).")


def folder() -> Path:
    """Where the packages lie once they are fetched; other pins, another folder."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in PINNED)).hexdigest()
    return cache_path() / "npm" / digest[:12]


def axe_path() -> Path:
    """axe-core's script."""
    return folder() / "node_modules" / "axe-core" / "axe.min.js"


def programs() -> Path:
    """The folder for PATH: it holds rtlcss."""
    return folder() / "node_modules" / ".bin"


def fetch() -> None:
    """Gets the packages where they are not there yet."""
    with locked(cache() / "npm.lock", "Another start is fetching packages from npm; waiting for it ..."):
        if not folder().exists():
            _install(folder())


def _install(target: Path) -> None:
    if not shutil.which("npm"):
        raise Missing(MISSING)
    say("Fetching axe-core and rtlcss from npm ...")
    with tempfile.TemporaryDirectory(dir=made(target.parent)) as scratch:
        fresh = made(Path(scratch) / "packages")
        for path in PINNED:
            shutil.copy(path, fresh)
        # npm ci takes what the lock file says and nothing else: an archive with another hash is refused.
        status, said = run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                            "--cache", f"{scratch}/cache"], cwd=fresh, env={**os.environ, "npm_config_update_notifier": "false"})
        if status:
            raise Missing(f"axe-core and rtlcss could not be fetched: {' '.join(said.split())[:400]}")
        fresh.rename(target)
