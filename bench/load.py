"""Ten thousand watched domains: a whole run by one worker and by two, the screens of as many and of ten times as many, and
installing into a database that has been in use for years.

Every user has an address at a domain of their own, and all mail bounces to the company's: the worst case. The DNS server is
another process whose answers take 20 ms. A worker's CPU is its own (`getrusage`); PostgreSQL's is told apart.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _name_server import name_server  # noqa: E402
from _rows import parser, row, show  # noqa: E402
from cron import KEY, ZONE  # noqa: E402

import postgres  # noqa: E402
from odoo_process import MODULE, Odoo, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

DOMAINS = 10_000
DELAY = 0.02  # seconds that an answer takes
MAX_SECONDS = {1: 110.0, 2: 70.0}  # of a whole run, by workers
MAX_QUERIES, MAX_CPU, MAX_MEBIBYTES = 15.0, 8.0, 350.0  # queries and ms CPU a domain; of a worker
MAX_SCREENS = {"the list": 1.0, "Settings": 0.3, "the overview's counts": 0.5}  # seconds
MANY_DOMAINS, SLOWER = 100_000, 2.0  # and how many times as slow their screens may be
IN_USE = {"users": 10_000, "partners": 110_000, "messages": 120_000, "failures": 20_000}
MAX_INSTALLING = 20.0  # seconds CPU
LOOKS = "first look", "daily look"
INSIDE = Path(__file__).with_name("_load_inside.py")


def zones(_domains: int) -> dict[str, str]:
    return {"odoo.com": f'_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"\nodoo._domainkey TXT "v=DKIM1; p={KEY}"', "d0.example": ZONE}


class Bench:
    """One installed database, copied for each measurement."""

    def __init__(self, odoo: Odoo, database: str) -> None:
        self.odoo, self.database = odoo, database
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")

    def inside(self, database: str, part: str, what: str, **options) -> dict:
        """What one part of `_load_inside.py` found."""
        said = self.odoo.shell(database, INSIDE, what=what, BENCH=json.dumps({"part": part, **options}))
        return json.loads(next(line for line in said.splitlines() if "RESULT" in line).partition("RESULT ")[2])

    def copy(self, name: str) -> str:
        postgres.run_sql(self.odoo.variables, "postgres", f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        return name

    def drop(self, name: str) -> None:
        postgres.run_sql(self.odoo.variables, "postgres", f'DROP DATABASE IF EXISTS "{name}"')


def whole_run(bench: Bench, resolver: str, log: Callable[[], list], domains: int, workers: int) -> list[dict]:
    """A first and a daily look at every domain, by so many workers."""
    database, before = bench.copy(f"load_{workers}"), len(log())
    try:
        bench.inside(database, "prepare", "Watched domains", resolver=resolver, domains=domains)
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(
                lambda number: bench.inside(database, "work", "Looking at them", number=number, workers=workers, domains=domains),
                range(workers)))
    finally:
        bench.drop(database)
    questions = (len(log()) - before) / domains / len(LOOKS)
    rows = [row(f"{domains:,} domains, {workers} worker{'s' * (workers > 1)}, questions a look at a domain", questions)]
    for turn, words in enumerate(LOOKS):
        looks = [each["looks"][turn] for each in found]
        seconds = max(look["ended"] for look in looks) - min(look["began"] for look in looks)
        by = f"{domains:,} domains, {words}, {workers} worker{'s' * (workers > 1)}"
        rows.append(row(f"{by}, s", seconds, at_most=MAX_SECONDS[workers], ok=looks[0]["left"] == 0))
        if workers == 1:
            rows += [
                row(f"{by}, SQL queries a domain", looks[0]["queries"] / domains, at_most=MAX_QUERIES),
                row(f"{by}, ms CPU of the worker a domain", 1000 * looks[0]["cpu"] / domains, at_most=MAX_CPU),
                row(f"{by}, ms CPU of PostgreSQL a domain", 1000 * looks[0]["database"] / domains),
            ]
        else:
            rows.append(row(f"{by}, domains looked at twice", found[0]["looks"][turn]["twice"], at_most=0))
        rows.append(row(f"{by}, MiB of a worker at most", max(look["mebibytes"] for look in looks), at_most=MAX_MEBIBYTES))
    return rows


def screens(bench: Bench, domains: int) -> dict[str, float]:
    """Seconds that each screen's questions take."""
    database = bench.copy("load_screens")
    try:
        return bench.inside(database, "screens", "Screens", domains=domains)["seconds"]
    finally:
        bench.drop(database)


def screen_rows(bench: Bench, few: int, many: int) -> list[dict]:
    rows, found = [], {}
    for domains, slower in ((few, 1.0), (many, SLOWER)):
        found[domains] = screens(bench, domains)
        rows += [row(f"{domains:,} domains: {what}, s", seconds, at_most=slower * MAX_SCREENS[what])
                 for what, seconds in found[domains].items()]
    return rows


def installing(odoo: Odoo, database: str) -> list[dict]:
    """Installing into a database that has been in use for years, beside one that has not."""
    name = "load_in_use"
    postgres.run_sql(odoo.variables, "postgres", f'CREATE DATABASE "{name}" TEMPLATE "{database}"')
    try:
        odoo.shell(name, INSIDE, what="A database in use", BENCH=json.dumps({"part": "in_use", **IN_USE}))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = odoo.log.stat().st_size
        odoo.run("-d", name, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(odoo.log, encoding="utf-8", errors="replace") as log:
            log.seek(size)
            signs = len(re.findall(r"Email Domain Health: ", log.read()))
    finally:
        postgres.run_sql(odoo.variables, "postgres", f'DROP DATABASE IF EXISTS "{name}"')
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [row(f"installing beside {', '.join(f'{count:,} {what}' for what, count in IN_USE.items())}: s CPU", spent,
                at_most=MAX_INSTALLING, ok=signs > 0)]


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    arguments.add_argument("--many", type=int, default=MANY_DOMAINS)
    arguments.add_argument("--only", choices=("run", "screens", "installing"))
    chosen = arguments.parse_args()
    rows = []
    with name_server(zones, 1, DELAY, alike=["d0.example"]) as (resolver, log), fresh_odoo(dependencies()) as (odoo, database):
        if chosen.only in (None, "installing"):
            rows += installing(odoo, database)
            print(rows, flush=True)
        if chosen.only != "installing":
            bench = Bench(odoo, database)
            if chosen.only in (None, "screens"):
                rows += screen_rows(bench, chosen.domains, chosen.many)
            if chosen.only in (None, "run"):
                for workers in (1, 2):
                    rows += whole_run(bench, resolver, log, chosen.domains, workers)
    return show(rows, chosen.json)


if __name__ == "__main__":
    if not hasattr(os, "fork"):
        sys.exit("This needs a system with fork.")
    sys.exit(main())
