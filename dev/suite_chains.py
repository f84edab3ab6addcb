"""Mail through chains of real mail servers, in namespaces of its own (`mailauth/tests/chains`).

The servers are Debian's packages of one release, unpacked with all that they need into a root of their own: nothing is
installed, and the machine's release does not matter. They run as users of their own, on port 25 and addresses of
documentation: that takes root, or user namespaces with more than one user (Debian's package uidmap).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import debian
from children import output_of
from children import run as run_quietly
from odoo_process import INSIDE
from places import CHECKOUT, DEV, cache, engine, locked, made, remove
from python_packages import environment
from speech import Missing, say
from tally import Tally, new_events, read_events

RELEASE = "bookworm"
EXIM = "exim4-daemon-heavy"  # by its package no machine may have it beside Postfix
PACKAGES = (
    EXIM, "postfix", "opendkim", "opendmarc", "postfix-policyd-spf-python", "rspamd", "dovecot-core", "dovecot-lmtpd",
    "dovecot-imapd", "dovecot-pop3d", "fetchmail", "getmail6", "iproute2", "dash", "bash", "coreutils",
)
NOT_NEEDED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/javascript", "usr/include")
TESTS = "mailauth/tests/chains/chain_mail.py"
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc")
MANY_USERS = ("--map-root-user", "--map-auto")


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: pytest's own, to run some of them."""
    try:
        inside = namespaces()
        root = servers()
    except Missing as missing:
        tally = Tally()
        for name in re.findall(r"def (test_\w+)", (CHECKOUT / TESTS).read_text()):
            tally.leave_out(f"{TESTS}::{name}", str(missing))
        return tally
    say("Mail through chains of real servers ...")
    return _run(inside, root, arguments or [TESTS])


def _run(inside: tuple[str, ...], root: Path, arguments: list[str]) -> Tally:
    with tempfile.TemporaryDirectory(prefix="mdh-") as scratch:
        events = new_events("chains", Path(scratch))
        world = made(Path(scratch) / "world")  # empty for everybody outside: what is mounted there is seen inside only
        ran = subprocess.run(
            [*inside, sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--no-summary", "--show-capture=no",
             "-p", "no:cacheprovider", "-p", "record_pytest", *arguments],
            check=False, cwd=engine(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**environment(), "PYTHONPATH": f"{INSIDE}:{DEV}", "TEST_EVENTS": str(events),
                 "MAILAUTH_MAIL_SERVERS": str(root), "MAILAUTH_MAIL_FOLDER": str(world)},
        )
        tally = read_events(events, "")
    if ran.returncode not in (0, 1) and not tally.failed:
        tally.fail("chains: pytest ended early", ran.stdout)
    if not tally.passed and not tally.failed:
        tally.fail("chains: no test ran", ran.stdout)
    return tally


def namespaces() -> tuple[str, ...]:
    """The command that puts another one into namespaces of its own; Missing where that is not allowed."""
    command = NAMESPACES if os.geteuid() == 0 else (*NAMESPACES, *MANY_USERS)
    try:
        status, _said = run_quietly([*command, "true"])
    except OSError:
        status = 1
    if status:
        raise Missing(
            "The mail servers need root, or namespaces for several users (Debian's package uidmap): neither is allowed here.")
    return command


def servers() -> Path:
    """The root that holds the servers, made where it is not there yet."""
    root = cache() / f"mail-servers-{RELEASE}"
    with locked(cache() / "mail-servers.lock", "Another start is fetching mail servers; waiting for it ..."):
        complete = root / "complete"
        if not complete.exists() or set(PACKAGES) - set(complete.read_text().split()):
            _fetch(root)
    return root


def _fetch(root: Path) -> None:
    building = root.with_name(f".{root.name}.{os.getpid()}")
    remove(building)
    archive = debian.Archive(RELEASE, made(building / "apt"))
    downloads = made(building / "packages")
    files = archive.fetch(list(PACKAGES), downloads, "mail servers")
    others = sorted(_needed(archive, EXIM) | _needed(archive, *PACKAGES[1:]))
    files += archive.fetch(others, downloads, "the libraries of mail servers")
    debian.unpack(files, building)
    for name in ("apt", "packages", *NOT_NEEDED):
        remove(building / name)
    (building / "complete").write_text("\n".join(sorted({*PACKAGES, *others})) + "\n")
    remove(root)
    building.replace(root)


def _needed(archive: debian.Archive, *packages: str) -> set[str]:
    """What apt would install with them on a machine that has nothing yet."""
    plan = output_of(["apt-get", *archive.options, "-s", "--no-install-recommends", "install", *packages])
    if plan is None:
        raise Missing(f"Debian's archive does not tell what {packages[0]} and others need.")
    return set(re.findall(r"^Inst (\S+)", plan, re.MULTILINE)) - set(PACKAGES)
