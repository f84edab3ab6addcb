"""What a person does, in a real browser: the tours, and the widgets' hoot tests."""

from __future__ import annotations

import re
from pathlib import Path

from odoo_process import Odoo
from places import CHECKOUT, MODULE
from speech import say
from suite_odoo import TOURS, run_installing, run_tests
from tally import Tally

HOOT = f"/web:WebSuite.test_unit_desktop[@{MODULE}]"


def run() -> Tally:
    return run_installing("browser", "Tours through Odoo, in the browser ...", ",".join(TOURS), _hoot)


def run_widgets() -> Tally:
    """The widgets' own tests alone."""
    return run_installing("browser", "Installing the module ...", f"/{MODULE}:none", _hoot)


def _hoot(odoo: Odoo, database: str, log: Path) -> Tally:
    """Hoot's tests count one by one: Odoo sees them as a single test."""
    if not any((CHECKOUT / "static" / "tests").rglob("*.test.js")):
        return Tally()  # a filter that matches nothing would run all of Odoo's own, for ever
    say("Tests of the widgets, in the browser ...")
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
