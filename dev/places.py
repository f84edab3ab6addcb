"""Where things lie: everything that `dev/` makes is in the user's cache directory, nothing in the checkout."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import tempfile
import time
from pathlib import Path

from speech import Missing, say

CHECKOUT = Path(__file__).resolve().parent.parent
DEV = CHECKOUT / "dev"
BRIDGES = CHECKOUT / "bridges"  # an addons directory of its own, inside the module
MODULE = "mail_domain_health"
SERVER_CACHES = Path("/var/cache")  # where, for root, that lies which PostgreSQL's user has to reach
SHORT_TEMPORARY = "/tmp"  # noqa: S108 - mkdtemp makes a folder of our own in it
LONGEST_TEMPORARY = 55  # octets: Chromium and PostgreSQL put Unix sockets below it, whose paths are at most 107 long


def cache() -> Path:
    """The cache of all checkouts of this user: downloads, Odoo, the Python environment."""
    return made(cache_path())


def cache_path() -> Path:
    """The same folder, which may not be there."""
    root = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(root):  # the XDG specification: a relative path is to be ignored
        root = os.path.join(os.path.expanduser("~"), ".cache")
    return Path(root) / MODULE


def server_cache() -> Path:
    """Root's second cache, for what PostgreSQL's user has to reach and root's home hides; it may not be there.

    Another cache than the usual one has another second one.
    """
    path = cache_path()
    if path == Path(pwd.getpwuid(0).pw_dir) / ".cache" / MODULE:
        return SERVER_CACHES / MODULE
    return SERVER_CACHES / f"{MODULE}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"


def checkout_key() -> str:
    """Names this checkout, readable and unique on this machine: two checkouts never share data."""
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    name = "".join(c if c.isalnum() else "-" for c in CHECKOUT.name.lower())[:24]
    return f"{name}-{digest}"


def own_cache() -> Path:
    """The part of the cache that belongs to this checkout."""
    return made(cache() / "checkouts" / checkout_key())


def addons() -> Path:
    """An addons path that holds this checkout under the module's name, which is its folder's name for Odoo."""
    folder = made(own_cache() / "addons")
    link(folder / MODULE, CHECKOUT)
    return folder


def addons_alone() -> Path:
    """The same without the bridges, for who follows every link below a module: Odoo's export of texts."""
    folder = made(own_cache() / "addons-alone")
    remove(folder / MODULE)
    for path in CHECKOUT.iterdir():
        if path != BRIDGES and not path.name.startswith("."):
            link(made(folder / MODULE) / path.name, path)
    return folder


def bridges() -> list[str]:
    """The modules in `bridges/`: what is only there with another of Odoo's apps."""
    return sorted(path.parent.name for path in BRIDGES.glob("*/__manifest__.py"))


def engine() -> Path:
    """A folder that holds only what runs without Odoo, for its tests: the checkout's root imports Odoo."""
    folder = made(own_cache() / "engine")
    link(folder / "mailauth", CHECKOUT / "mailauth")
    link(folder / "dev", DEV)
    return folder


def made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Missing(f"The folder {folder} cannot be made: {error.strerror}.") from None
    return folder


@contextlib.contextmanager
def scratch():
    """A temporary folder for this program and all that it starts, in the cache; gone when the block ends.

    What a killed program left goes with the next one.
    """
    folders = made(cache() / "tmp")
    _sweep(folders)
    folder = made(folders / str(os.getpid()))
    lock = try_lock(folder / ".lock")
    is_long = len(os.fsencode(folder)) > LONGEST_TEMPORARY
    short = _short_temporary(folder / "short") if is_long else str(made(folder / "t"))
    before = {name: os.environ.get(name) for name in ("TMPDIR", "TMP", "TEMP")}
    os.environ["TMPDIR"], tempfile.tempdir = short, None
    for name in ("TMP", "TEMP"):
        os.environ.pop(name, None)
    try:
        yield Path(short)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        tempfile.tempdir = None
        _remove_scratch(folder)
        if lock:
            lock.close()


def _short_temporary(remembered: Path) -> str:
    """A folder with a short path; the same one when the program went on in another Python."""
    if remembered.is_symlink() and remembered.is_dir():
        return os.readlink(remembered)
    short = tempfile.mkdtemp(prefix="mdh-", dir=SHORT_TEMPORARY)
    link(remembered, Path(short))
    return short


def _sweep(folders: Path) -> None:
    for folder in folders.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > 60:  # not one that another program is just making
                lock = try_lock(folder / ".lock")
                if lock:
                    _remove_scratch(folder)
                    lock.close()


def _remove_scratch(folder: Path) -> None:
    if (folder / "short").is_symlink():
        shutil.rmtree(os.readlink(folder / "short"), ignore_errors=True)
    remove(folder)


def link(at: Path, to: Path) -> None:
    if at.is_symlink() and os.readlink(at) == str(to):
        return
    fresh = at.with_name(f".{at.name}.{os.getpid()}")
    fresh.symlink_to(to)
    fresh.replace(at)


def write_atomically(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def remove(path: Path) -> None:
    """Removes a file, a link or a folder; absent is fine."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def locked(path: Path, waiting: str):
    """Holds an exclusive lock on a file; says `waiting` once if another process holds it. Dies with the process."""
    made(path.parent)
    with open(path, "a+") as handle:
        if not _try_lock(handle):
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def try_lock(path: Path):
    """The open, locked file, or None when another process holds it. Keep it open as long as the lock is meant."""
    made(path.parent)
    handle = open(path, "a+")  # noqa: SIM115 - the lock lives as long as the file is open
    if _try_lock(handle):
        return handle
    handle.close()
    return None


def _try_lock(handle) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def tree_digest(*roots: Path) -> str:
    """A hash of names, sizes and times of all files below, to see whether anything changed (no content is read)."""
    digest = hashlib.sha256()
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if f != "__pycache__" and not f.startswith("."))
            for name in sorted(files):
                path = os.path.join(folder, name)
                with contextlib.suppress(OSError):
                    stat = os.stat(path)
                    digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
