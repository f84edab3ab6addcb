"""Odoo's tests of this module: models, views, access, cron, browser tours, and the widgets' hoot tests."""

from __future__ import annotations

import re
import time
from pathlib import Path

from odoo_process import INSIDE, Odoo, dependencies, telling_line
from places import CHECKOUT, MODULE, made, own_cache
from speech import say
from tally import Tally, new_events, read_events
from test_database import fresh_odoo

RECORDER = INSIDE / "record_odoo.py"
HOOT = f"/web:WebSuite.test_unit_desktop[@{MODULE}]"
WIDGETS = "widgets"
KEPT_LOGS = 10


def run(arguments: list[str] | None = None) -> Tally:
    """Installs the module in a fresh database with its tests on.

    `arguments`: Odoo's --test-tags, to run some; or "widgets", for those of the widgets alone.
    """
    tags = ",".join(arguments or [])
    tally = Tally()
    log = new_log("odoo")
    with fresh_odoo(dependencies()) as (odoo, database):
        if tags == WIDGETS:
            odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        else:
            say(f"Odoo's tests of {MODULE}{f' ({tags})' if tags else ''} ...")
            tally.add(run_tests(odoo, database, log, tags or f"/{MODULE}", "-i", MODULE))
        if tags in ("", WIDGETS) and _has_hoot_tests():
            say("Tests of the widgets, in the browser ...")
            tally.add(_hoot(odoo, database, log))
    if not tally.passed and not tally.failed and not tally.left_out:
        tally.fail(f"{MODULE}: no test ran", f"No test matches {tags or MODULE}: that proves nothing.")
    _show_warnings(log)
    say(f"  log: {log}")
    return tally


def new_log(name: str) -> Path:
    """A log file of its own for each run, under the newest ones."""
    folder = made(own_cache() / "logs")
    for old in sorted(folder.glob(f"{name}-*.log"))[:-KEPT_LOGS]:
        old.unlink(missing_ok=True)
    log = folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1000:03d}.log"
    log.touch()
    return log


def run_tests(odoo: Odoo, database: str, log: Path, tags: str, *arguments: str, **extra_env: str) -> Tally:
    events = new_events("odoo", odoo.home)
    start = log.stat().st_size
    screenshots = made(own_cache() / "screenshots")
    child = odoo.start(
        "-d", database, "--test-enable", "--test-tags", tags, "--stop-after-init", f"--screenshots={screenshots}",
        *arguments, program=RECORDER, log=log, extra_env={"TEST_EVENTS": str(events), **extra_env},
    )
    with child:
        status = child.wait()
    tally = read_events(events, "")
    with open(log, encoding="utf-8", errors="replace") as lines:
        lines.seek(start)
        said = lines.read()
    if status and not tally.failed:
        tally.fail("Odoo ended early", f"exit status {status}: {telling_line(said)}")
    for line in re.findall(r"^.* CRITICAL .*$", said, re.MULTILINE):
        tally.fail("Odoo logged CRITICAL", line)
    return tally


def _has_hoot_tests() -> bool:
    """A filter that matches nothing would run all of Odoo's own, for ever."""
    return any((CHECKOUT / "static" / "tests").rglob("*.test.js"))


def _hoot(odoo: Odoo, database: str, log: Path) -> Tally:
    """Hoot's tests count one by one: Odoo sees them as a single test."""
    start = log.stat().st_size
    outer = run_tests(odoo, database, log, HOOT)
    with open(log, encoding="utf-8", errors="replace") as lines:
        lines.seek(start)
        said = lines.read()
    if outer.left_out:
        return Tally(left_out={"widgets": next(iter(outer.left_out.values()))})
    tally = Tally()
    failed = re.findall(r"\[HOOT\] Test \"([^\"]+)\" failed:?(.*(?:\n(?!\d{4}-\d\d-\d\d ).*)*)", said)
    for name, why in failed:
        tally.fail(f"hoot {name}", why.strip() or "see the log")
    for name in re.findall(r"\[HOOT\] Test \"([^\"]+)\" passed", said):
        tally.passed.add(f"hoot {name}")
    if outer.failed and not tally.failed:
        tally.add(outer)
    if not tally.passed and not tally.failed:
        tally.fail("hoot: no test ran", "The browser's log counts no passed test.")
    return tally


def _show_warnings(log: Path) -> None:
    """What Odoo complained about while it loaded this module: no test fails of it, but it is to be seen."""
    seen = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"^\S+ \S+ \d+ (WARNING|ERROR) \S+ (\S+): (.*)$", line)
        if match and MODULE in match[3] and "tests" not in match[2] and match[3] not in seen:
            seen.append(match[3])
    for text in seen[:10]:
        say(f"  warning: {text[:300]}")

