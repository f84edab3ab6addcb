"""A fresh database for each test run: a copy of a prepared one that holds Odoo's own modules.

The prepared ones know nothing of the checkout: all checkouts of this user copy the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path

import odoo_source
import postgres
from odoo_process import Odoo, database_exists, drop_database
from places import cache, checkout_key, locked, made, own_cache, remove, try_lock
from speech import say

DATABASE = "test"
UNUSED_DAYS = 14


@contextlib.contextmanager
def fresh_odoo(modules: list[str]):
    """(Odoo, database name) with the given modules installed and ours not. All of it goes when the block ends."""
    runs = made(own_cache() / "runs")
    name = f"run-{os.getpid()}-{time.time_ns() % 1_000_000}"
    home = runs / name
    with locked(own_cache() / "runs.lock", "Another run is tidying up; waiting for it ..."):
        _sweep(runs)
        lock = try_lock(home / "lock")
    named = postgres.named_server()
    key = _key(modules, named)
    try:
        if named:
            database = _copy_database(key, modules, named, name)
            try:
                shutil.copytree(_prepared(key) / "data", home / "data", dirs_exist_ok=True)
                _rename_filestore(home, database)
                yield Odoo(home, named), database
            finally:
                drop_database(named, database)
        else:
            _prepare(key, modules)
            cluster = postgres.run_cluster(name)
            try:
                cluster.copy_from(postgres.prepared_cluster(key))
                shutil.copytree(_prepared(key) / "data", home / "data", dirs_exist_ok=True)
                with cluster:
                    yield Odoo(home, cluster.variables()), DATABASE
            finally:
                cluster.remove()
    finally:
        remove(home)
        lock.close()


def _key(modules: list[str], named) -> str:
    path = odoo_source.odoo_path()
    server = sorted(named.items()) if named else postgres.version()
    text = f"{odoo_source.version(path)} {sorted(modules)} {server} {postgres.SETTINGS}"
    return f"prepared-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _prepared(key: str) -> Path:
    """The files (filestore, configuration) of a prepared database, and whether it is complete."""
    return cache() / "prepared" / f"{key}-files"


def _lock_file(key: str) -> Path:
    return cache() / "prepared" / f"{key}.lock"


def _prepare(key: str, modules: list[str]) -> None:
    """A stopped cluster with the modules installed, made once per Odoo and set of modules."""
    _forget_unused(key)
    cluster = postgres.prepared_cluster(key)
    home = _prepared(key)
    with locked(_lock_file(key), "Another run is preparing the test database; waiting for it ..."):
        if (home / "complete").exists() and cluster.exists:
            os.utime(home)
            return
        say(f"Preparing a test database with {', '.join(modules)} (once) ...")
        remove(home)
        cluster.remove()
        with cluster:
            odoo = Odoo(home, cluster.variables())
            odoo.run("-d", DATABASE, "-i", ",".join(modules), "--stop-after-init", "--no-http",
                     what="Installing Odoo's own modules")
        (home / "complete").touch()


def _forget_unused(key: str) -> None:
    """Prepared databases of an older Odoo or other modules go when no run has copied them for a while."""
    for home in _prepared(key).parent.glob("*-files"):
        other = home.name.removesuffix("-files")
        if other != key and time.time() - home.stat().st_mtime > UNUSED_DAYS * 86400:
            lock = try_lock(_lock_file(other))
            if lock:
                postgres.prepared_cluster(other).remove()
                remove(home)
                lock.close()


def _copy_database(key: str, modules: list[str], server: dict[str, str], name: str) -> str:
    """The same on a server of the user's: a template database there, copied for the run."""
    prefix = f"mail_domain_health_{checkout_key()}".replace("-", "_")
    template = f"mail_domain_health_{key}".replace("-", "_")
    home = _prepared(key)
    with locked(_lock_file(key), "Another run is preparing the test database; waiting for it ..."):
        if not (home / "complete").exists() or not database_exists(server, template):
            say(f"Preparing a test database with {', '.join(modules)} (once) ...")
            drop_database(server, template)
            remove(home)
            odoo = Odoo(home, server)
            odoo.run("-d", template, "-i", ",".join(modules), "--stop-after-init", "--no-http",
                     what="Installing Odoo's own modules")
            (home / "complete").touch()
        database = f"{prefix}_{name}".replace("-", "_")
        postgres.run_sql(server, "postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    return database


def _rename_filestore(home: Path, database: str) -> None:
    for folder in (home / "data" / "filestore").glob("*"):
        folder.rename(folder.with_name(database))


def _sweep(runs: Path) -> None:
    """What killed runs left: nobody holds their lock any more."""
    for home in runs.iterdir():
        lock = try_lock(home / "lock")
        if lock:
            postgres.run_cluster(home.name).remove()
            remove(home)
            lock.close()
