"""Debian packages, fetched with their signatures checked and unpacked into a folder: nothing is installed.

apt gets a state of its own (sources, lists, cache), so neither root nor a change to the machine is needed.
The archive's address comes from the machine's own configuration.
"""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

from children import output_of, run
from places import made
from speech import Missing, Progress, say

KEYRINGS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
NO_EXTRAS = ("DEP-11", "DEP-11-icons", "DEP-11-icons-small", "DEP-11-icons-hidpi", "Contents-deb", "Translations")


class Archive:
    """One suite of the Debian archive that this machine is configured for."""

    def __init__(self, suite: str, state: Path, *, beside_installed: bool = False):
        """`state`: apt's own files. `beside_installed`: what this machine has installed counts for `lacking`."""
        self.suite = suite
        self.state = made(state)
        self._is_read = False
        self.options = [
            "-o", f"Dir::Etc::SourceList={state / 'sources.list'}",
            "-o", "Dir::Etc::SourceParts=/dev/null",
            "-o", f"Dir::State::Lists={made(state / 'lists')}",
            "-o", f"Dir::Cache={made(state / 'cache')}",
            "-o", f"Dir::State::status={'/var/lib/dpkg/status' if beside_installed else '/dev/null'}",
            "-o", "APT::Sandbox::User=",
            "-o", "Acquire::Languages=none",
            "-o", "APT::Get::List-Cleanup=true",
            *(f"-oAcquire::IndexTargets::deb::{kind}::DefaultEnabled=false" for kind in NO_EXTRAS),
        ]

    def fetch(self, packages: list[str], into: Path, what: str) -> list[Path]:
        """Downloads the packages (`what` in words), progress shown; gives their files. apt checks the signatures."""
        self._read()
        wanted = self._apt("--print-uris", "download", *packages, problem="Debian's archive lacks a package")
        files = {}
        for line in wanted.splitlines():
            if match := re.match(r"'[^']+' (\S+) (\d+) ", line):
                files[into / match[1]] = int(match[2])
        if len(files) != len(packages):
            raise Missing(f"Debian ({self.suite}) does not offer all of: {', '.join(packages)}.")

        made(into)
        free = shutil.disk_usage(into).free
        if free < 12 * sum(files.values()):  # an .deb unpacks to some six times its size
            raise Missing(f"There is too little room in {into}: {free // 1_000_000} MB are free.")
        progress = Progress(f"Downloading {what} from Debian", sum(files.values()))
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(into, progress, done), daemon=True)
        watcher.start()
        try:
            self._apt("download", "-q", *packages, cwd=into, problem="The download from Debian's archive failed")
        finally:
            done.set()
            watcher.join()
            progress.end()
        return list(files)

    def offered(self, packages: list[str]) -> list[str]:
        """Those of the packages that the suite has."""
        self._read()
        said = output_of(["apt-cache", *self.options, "policy", *packages]) or ""
        return re.findall(r"^(\S+):\n.*\n +\S+: \d", said, re.MULTILINE)

    def lacking(self, packages: list[str]) -> list[str]:
        """What apt would install here for these packages, with all that they need."""
        self._read()
        plan = self._apt("-s", "-oDebug::NoLocking=true", "install", "--no-install-recommends", *packages,
                         problem="Debian's archive lacks a package")
        return re.findall(r"^Inst (\S+)", plan, re.MULTILINE)

    def _read(self) -> None:
        """Fetches the lists of the suite, once."""
        if self._is_read:
            return
        made(self.state / "lists" / "partial")
        made(self.state / "cache" / "archives" / "partial")
        keyring = next((k for k in (Path("/usr/share/keyrings") / name for name in KEYRINGS) if k.exists()), None)
        signed_by = f"[signed-by={keyring}] " if keyring else ""
        (self.state / "sources.list").write_text(f"deb {signed_by}{archive_address()} {self.suite} main\n")
        say("Reading Debian's list of packages ...")
        self._apt("update", "-q", problem="Debian's archive could not be read")
        self._is_read = True

    def _apt(self, *arguments: str, problem: str, cwd: Path | None = None) -> str:
        status, said = run(["apt-get", *self.options, *arguments], cwd=cwd)
        complaints = [line for line in said.splitlines() if line.startswith(("E:", "W: Failed", "W: GPG"))]
        if status or any("Failed to fetch" in line for line in complaints):
            raise Missing(f"{problem}: {' '.join(complaints) or said.strip()[-300:]}")
        return said


def archive_address() -> str:
    """The address of the Debian archive, from this machine's own apt configuration."""
    form = "$(REPO_URI)|$(COMPONENT)|$(SUITE)"
    targets = output_of(["apt-get", "indextargets", "--format", form, "Created-By: Packages"])
    if _os_release().get("ID") != "debian" or targets is None or not shutil.which("dpkg-deb"):
        raise Missing(
            "Packages can only be fetched on Debian: elsewhere set ODOO_PATH to a folder that holds Odoo 19"
            " (its source, with odoo-bin)."
        )
    addresses = []
    for line in targets.splitlines():
        address, component, suite = [*line.split("|"), "", ""][:3]
        if component != "main" or address.startswith(("cdrom:", "file:")):
            continue
        secondary = "security" in address or "security" in suite, "-" in suite
        addresses.append((secondary, address))
    if not addresses:
        raise Missing("apt on this machine knows no Debian archive (component main): add one, or set ODOO_PATH.")
    return min(addresses)[1]


def codename() -> str:
    """The suite that this machine runs, such as "bookworm"."""
    return _os_release().get("VERSION_CODENAME", "") or "stable"


def _os_release() -> dict[str, str]:
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    return {key: value.strip('"') for key, value in (line.split("=", 1) for line in lines if "=" in line)}


def unpack(packages: list[Path], root: Path, *, leaving: str | None = None, keeping: tuple[str, ...] = ()) -> None:
    """Unpacks package files into a folder, as they would lie below /; `leaving`: files that stay packed (a pattern).

    `keeping`: those of them that are unpacked all the same, in whichever package they are (patterns).
    """
    made(root)
    for package in packages:
        command = ["dpkg-deb", "-x", package, root]
        if leaving:
            # tar fails where dpkg-deb does: what it reads is then no whole archive.
            script = 'dpkg-deb --fsys-tarfile "$1" | tar -x --no-same-owner -C "$2" --exclude="$3"'
            command = ["sh", "-c", script, "sh", package, root, leaving]
        status, said = run(command)
        if status:
            raise Missing(f"{package.name} could not be unpacked: {said.strip()}")
        if keeping:  # tar fails for a pattern that a package has nothing of, too: whoever asks looks whether all is there
            script = ('package="$1"; root="$2"; shift 2; '
                      'dpkg-deb --fsys-tarfile "$package" | tar -x --no-same-owner -C "$root" --wildcards "$@"')
            run(["sh", "-c", script, "sh", package, root, *keeping])


def _watch(folder: Path, progress: Progress, done: threading.Event) -> None:
    while not done.wait(0.3):
        size = 0
        for file in folder.iterdir():
            try:
                size += file.stat().st_size
            except OSError:
                continue
        progress.show(size)
    if any(folder.iterdir()):
        progress.show(progress.total)

