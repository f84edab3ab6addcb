"""Chromium, for Odoo's browser tests and for screenshots."""

from __future__ import annotations

import os
import shutil

from children import run
from places import cache
from speech import Missing, say

# The names that Odoo's own tests look for.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
INSTALLED = "chromium-was-installed"  # in the cache: who removes everything is told
MISSING = "Chromium is missing, and the browser tests need it: install it (Debian: chromium)."
# Debian's start script adds these: a browser that is tested has nobody to call.
QUIET_FLAGS = "--disable-background-networking --disable-component-update --disable-sync --disable-quic --no-first-run"


class Absent(Missing):
    """There is no browser, and none can be installed."""


def chromium() -> str:
    """The browser's path. As root on Debian it is installed if missing; else one sentence says what to do."""
    found = _on_path()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Chromium is missing: installing Debian's package chromium ...")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        run(["apt-get", "update", "-q"], env=environment)  # an old list may still do
        status, said = run(install, env=environment)
        if status:
            raise Absent(f"Chromium could not be installed: {said.strip().splitlines()[-1]}")
        (cache() / INSTALLED).touch()
        found = _on_path()
        if found:
            return found
    raise Absent(MISSING)


def _on_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)
