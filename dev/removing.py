"""`dev/remove`: downloads, demos and test runs of all checkouts of this user go, those of deleted checkouts too."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import browser
import places
import postgres
import python_packages
from odoo_process import drop_database
from speech import Missing, say

LOCKS = (  # held by whatever is going on
    "checkouts/*/locks/*", "checkouts/*/instances/*/lock", "checkouts/*/runs/*/lock", "tmp/*/.lock", "*.lock",
    "environments/*.lock", "prepared/*.lock",
)


def main() -> int:
    argparse.ArgumentParser(
        prog="dev/remove", description="Removes all that ./dev/run, ./dev/test and the others made: downloads, Odoo,"
                                       " demos and test runs of every checkout of this user.",
    ).parse_args()
    caches = (places.cache_path(), places.server_cache())
    folders = [folder for folder in caches if folder.is_dir() and os.access(folder, os.W_OK)]
    server = postgres.named_server()
    if server:
        python_packages.enter(odoo=True)  # which speaks to PostgreSQL
    _refuse_running(folders)
    installed = any((folder / browser.INSTALLED).exists() for folder in folders)
    if server:
        _drop_databases(server)
    for folder in folders:
        say(f"Removing {folder} ({_megabytes(folder)} MB) ...")
        places.remove(folder)
    left = [str(folder) for folder in folders if folder.exists()]
    if left:
        raise Missing(f"Not everything could be removed: {', '.join(left)} (whose are the files?)")
    say("Nothing is left." if folders or server else "There was nothing.")
    if installed:
        say("Chromium was installed for the browser tests and stays: apt-get remove chromium")
    return 0


def _refuse_running(folders: list[Path]) -> None:
    for folder in folders:
        for pattern in LOCKS:
            for file in folder.glob(pattern):
                lock = places.try_lock(file)
                if lock is None:
                    raise Missing(f"A demo or a test run is still going (it holds {file}): end it first.")
                lock.close()


def _drop_databases(server: dict[str, str]) -> None:
    rows = postgres.run_sql(server, "postgres", "SELECT datname FROM pg_database WHERE datname LIKE %s",
                            (places.MODULE.replace("_", "\\_") + "\\_%",))
    for (database,) in rows:
        say(f"Dropping the database {database} ...")
        drop_database(server, database)


def _megabytes(folder: Path) -> int:
    total = 0
    for parent, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(parent, name)).st_blocks * 512
            except OSError:
                continue
    return total // 1_000_000
