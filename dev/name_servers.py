"""Name servers and resolvers for the engine's tests against real ones: installed ones, else unpacked into the cache."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import debian
from places import cache, locked, remove
from speech import Missing, say

PROGRAMS = {  # and the Debian package that brings it
    "nsd": "nsd", "unbound": "unbound", "named": "bind9", "kresd": "knot-resolver", "pdns_recursor": "pdns-recursor",
    "dnsmasq": "dnsmasq-base",
}
WHERE = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def folder() -> Path | None:
    """What MAILAUTH_NAME_SERVERS is to name; None where they are installed, or cannot be had on this machine."""
    if all(shutil.which(program, path=WHERE) for program in PROGRAMS) or not shutil.which("dpkg-deb"):
        return None
    root = cache() / "name-servers"
    with locked(cache() / "name-servers.lock", "Another start is fetching name servers; waiting for it ..."):
        if not _has_all(root) and not _fetch(root):
            return None
    return root


def _has_all(root: Path) -> bool:
    complete = root / "complete"
    return complete.exists() and set(PROGRAMS.values()) <= set(complete.read_text().split())


def _fetch(root: Path) -> bool:
    """Debian's packages of the machine's own release, with the libraries that it lacks; nothing is installed."""
    say("Fetching the name servers and resolvers that the engine is tested against ...")
    building = root.with_name(f".{root.name}.{os.getpid()}")
    remove(building)
    try:
        archive = debian.Archive(debian.codename(), building / "apt", beside_installed=True)
        packages = archive.lacking(archive.offered(list(PROGRAMS.values())))
        files = archive.fetch(packages, building / "packages", "name servers")
    except Missing as missing:
        remove(building)
        say(f"The tests against real name servers are left out. {missing}")
        return False
    debian.unpack(files, building)
    remove(building / "packages")
    remove(building / "apt")
    (building / "complete").write_text("\n".join(sorted({*packages, *PROGRAMS.values()})) + "\n")
    remove(root)
    building.replace(root)
    return True
