"""Name servers and resolvers for the engine's tests against real ones: installed ones, else unpacked into the cache."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import debian
from children import output_of, run
from places import cache, locked, made, remove
from speech import say

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
    packages = _missing_packages()
    if not packages and os.geteuid() == 0:  # a bare machine may not have read the archive's lists yet
        run(["apt-get", "update", "-q"])
        packages = _missing_packages()
    if not packages:
        return False
    say("Fetching the name servers and resolvers that the engine is tested against ...")
    building = root.with_name(f".{root.name}.{os.getpid()}")
    remove(building)
    downloads = made(building / "packages")
    status, _said = run(["apt-get", "-o", "APT::Sandbox::User=", "-q", "download", *packages], cwd=downloads)
    files = list(downloads.glob("*.deb"))
    if status or len(files) < len(packages):
        remove(building)
        return False
    debian.unpack(files, building)
    remove(downloads)
    (building / "complete").write_text("\n".join(sorted({*packages, *PROGRAMS.values()})) + "\n")
    remove(root)
    building.replace(root)
    return True


def _missing_packages() -> list[str]:
    """What apt would install for them here; of a release that lacks some of them, for those that it has."""
    known = output_of(["apt-cache", "policy", *PROGRAMS.values()]) or ""
    offered = re.findall(r"^(\S+):\n.*\n +\S+: \d", known, re.MULTILINE)
    if not offered:
        return []
    plan = output_of(["apt-get", "-s", "-o", "Debug::NoLocking=true", "install", "--no-install-recommends", *offered])
    return re.findall(r"^Inst (\S+)", plan or "", re.MULTILINE)
