"""Where a demo lies: all of it in one folder, which is found again whatever became of the rights of other folders.

As root, PostgreSQL runs as another user, who has to reach its files. Where root's home is closed to that user, the
folder is in the machine's cache directory; one that was made while it was open moves there, whole.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import places
from children import run
from postgres import Cluster, is_reachable, opened_to_all, server_user
from speech import Missing, say

CLUSTER = "postgresql"


def lock_file(name: str) -> Path:
    """Held while a demo runs. It is where the user's cache is, wherever the demo lies."""
    return places.made(places.own_cache() / "locks") / name


def find(name: str) -> Path | None:
    """The folder of a demo that was made already."""
    return next((folder for folder in _candidates(name) if _holds_something(folder)), None)


def settle(name: str, *, own_server: bool) -> Path:
    """The folder of a demo: the one that is there, else a new one. `own_server`: it holds a PostgreSQL of its own."""
    user = server_user() if own_server else None
    own, elsewhere = _candidates(name)
    folder = find(name) or (own if user is None or is_reachable(places.own_cache()) else elsewhere)
    places.made(folder)
    if own_server:
        _adopt_cluster(name, folder)
    if user:
        folder.chmod(0o711)
        if folder == elsewhere:
            _open_parents(elsewhere)
        elif not is_reachable(folder):
            folder = _moved(folder, elsewhere)
    return folder


def remove(name: str) -> None:
    """Removes all of a demo, wherever earlier versions put a part of it."""
    for folder in _candidates(name):
        Cluster(folder / CLUSTER).remove()
        places.remove(folder)
    for folder in _old_clusters(name):
        Cluster(folder).remove()


def _candidates(name: str) -> tuple[Path, Path]:
    return (places.cache() / "checkouts" / places.checkout_key() / "instances" / name,
            places.server_cache() / places.checkout_key() / "instances" / name)


def _old_clusters(name: str) -> list[Path]:
    """Where the database was before it lay beside the rest."""
    parents = (places.cache() / "checkouts" / places.checkout_key(), places.server_cache() / places.checkout_key())
    return [parent / f"instance-{name}" for parent in parents]


def _holds_something(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return any(path.name != "lock" for path in folder.iterdir())
    return False


def _adopt_cluster(name: str, folder: Path) -> None:
    """The database of an earlier version comes to the rest; of two, the one that was used last."""
    if (folder / CLUSTER).exists():
        return
    found = [old for old in _old_clusters(name) if (old / "complete").exists()]
    if found:
        used_last = max(found, key=lambda old: (old / "postgresql.log").stat().st_mtime
                        if (old / "postgresql.log").exists() else 0)
        Cluster(used_last).wait_for_predecessor()
        _move(used_last, folder / CLUSTER)


def _moved(folder: Path, target: Path) -> Path:
    say(f"The user {server_user()}, whom PostgreSQL runs as, cannot reach {folder}: the demo moves to {target}.")
    Cluster(folder / CLUSTER).wait_for_predecessor()
    if _holds_something(target):
        raise Missing(f"The demo lies in two places, {folder} and {target}: remove the one that you do not need.")
    places.made(target.parent)
    _open_parents(target)
    places.remove(target)
    _move(folder, target)
    return target


def _open_parents(folder: Path) -> None:
    for parent in (folder.parent, folder.parent.parent, places.server_cache()):
        opened_to_all(parent)


def _move(folder: Path, target: Path) -> None:
    """Owners and rights stay, also across file systems."""
    status, said = run(["mv", os.fspath(folder), os.fspath(target)])
    if status:
        raise Missing(f"{folder} could not be moved to {target}: {said.strip()}")
