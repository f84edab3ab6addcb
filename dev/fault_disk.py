"""A disk of its own under PostgreSQL's data, small enough to be filled: what PostgreSQL then says is what it says to a user.

It is a tmpfs in a mount namespace of this process and its children, which nobody else sees and which ends with them, whatever
ends us. That takes root.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

from children import run
from places import made, remove
from speech import Missing

ROOM = 192 << 20  # bytes beside what is there: for the log of writes, and all that a test stores
CLONE_NEWNS = 0x20000  # of <sched.h>
FILLER = "filler"


class SmallDisk:
    """Lies over a folder that nobody has open, with a copy of all that is in it, until :meth:`remove`."""

    def __init__(self, folder: Path) -> None:
        """Raises :class:`Missing` where mounting is not allowed."""
        self.folder = folder
        _enter_namespace()
        owner, copy = folder.stat(), made(folder.with_name(f"{folder.name}.disk"))
        size = ROOM + sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
        options = f"size={size},mode={owner.st_mode & 0o777:o},uid={owner.st_uid},gid={owner.st_gid}"
        _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", copy)
        _run("cp", "-a", f"{folder}/.", copy)
        _run("mount", "--move", copy, folder)
        copy.rmdir()

    def fill(self, leave: int) -> None:
        """Have somebody else's file take all the room but so many bytes."""
        with open(self.folder / FILLER, "wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, max(shutil.disk_usage(self.folder).free - leave, 1))

    def make_room(self) -> None:
        remove(self.folder / FILLER)

    def remove(self) -> None:
        _run("umount", "--lazy", self.folder)


def _enter_namespace() -> None:
    if os.geteuid() != 0:
        raise Missing("A disk of its own for PostgreSQL takes root.")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise Missing(f"A disk of its own for PostgreSQL is not allowed here: {os.strerror(ctypes.get_errno())}.")
    _run("mount", "--make-rprivate", "/")


def _run(*command) -> None:
    status, said = run(command)
    if status:
        raise Missing(f"{' '.join(map(str, command[:3]))} failed: {said.strip()}")
