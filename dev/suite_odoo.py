"""Odoo's tests of this module: models, views, access, cron; those that need a browser are `suite_browser`'s."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from odoo_process import INSIDE, Odoo, dependencies, telling_line
from places import MODULE, made, own_cache
from speech import say
from tally import MOST_LATE, PART, Tally, new_events, read_events
from test_database import fresh_odoo

RECORDER = INSIDE / "record_odoo.py"
TOURS = tuple(f"/{MODULE}:{name}" for name in (
    "TestTours", "TestSenderTours", "TestBoxTours", "TestRecipientTours", "TestContactTours", "TestLinkTours",
    "TestPrintedTours", "TestMistakeTours", "TestDigestTours", "TestQuietTours", "TestOverviewTours", "TestProofTours",
    "TestReceivedTours", "TestReceivedAccessible", "TestProofAccessible", "TestAccessible", "TestAccessibleContacts",
    "TestLanguages", "TestLongNames"))
WIDGETS = "widgets"
KEPT_LOGS = 10


def run(arguments: list[str] | None = None) -> Tally:
    """Installs the module in a fresh database with its tests on. `arguments`: Odoo's --test-tags, to run some."""
    tags = ",".join(arguments or [])
    if tags == WIDGETS:
        from suite_browser import run_widgets  # which imports this module

        return run_widgets()
    return run_installing("odoo", f"Odoo's tests of {MODULE}{f' ({tags})' if tags else ''} ...",
                          tags or ",".join([f"/{MODULE}", *(f"-{tour}" for tour in TOURS)]))


def run_installing(name: str, what: str, tags: str, *more) -> Tally:
    """Runs the tests of ``tags`` while the module is installed, then each of ``more(odoo, database, log)``."""
    tally = Tally()
    log = new_log(name)
    with fresh_odoo(dependencies()) as (odoo, database):
        say(what)
        ran = run_tests(odoo, database, log, tags, "-i", MODULE)
        run_late_alone(ran, odoo, database, log)
        tally.add(ran)
        for step in more:
            tally.add(step(odoo, database, log))
    if not tally.passed and not tally.failed and not tally.left_out:
        tally.fail(f"{MODULE}: no test ran", f"No test matches {tags}: that proves nothing.")
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


def run_late_alone(tally: Tally, odoo: Odoo, database: str, log: Path) -> None:
    """Real servers and browsers take real time: what failed beside other suites is run once more, and said to have been."""
    tests = {name: re.fullmatch(r"\w+\.tests\.\w+\.(\w+\.test_\w+)", name) for name in tally.failed}
    if not os.environ.get(PART) or not 0 < len(tests) <= MOST_LATE or not all(tests.values()):
        return
    again = run_tests(odoo, database, log, ",".join(f"/{MODULE}:{match[1]}" for match in tests.values()), "-u", MODULE)
    for name in again.passed - set(again.failed):
        if why := tally.failed.pop(name, None):
            tally.passed.add(name)
            say(f"  failed beside others, passed by itself: {name}: {why.strip().splitlines()[-1][:200]}")


def _show_warnings(log: Path) -> None:
    """What Odoo complained about while it loaded this module: no test fails of it, but it is to be seen."""
    seen = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"^\S+ \S+ \d+ (WARNING|ERROR) \S+ (\S+): (.*)$", line)
        if match and MODULE in match[3] and "tests" not in match[2] and match[3] not in seen:
            seen.append(match[3])
    for text in seen[:10]:
        say(f"  warning: {text[:300]}")

