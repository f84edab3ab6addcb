"""`dev/test`: everything that must hold, and one line of counts at the end."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import prerequisites
import python_packages
import side_by_side
from places import write_atomically
from speech import Missing, say, with_news, without_signs_of_life
from suites import SUITES
from tally import EVENTS, PART, Tally, counted


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev/test", description="Runs the tests; ends with 'N passed, N failed' and a matching exit status.",
        epilog="Without arguments: everything, side by side. 'engine' needs no Odoo and takes seconds; what follows it"
               " is pytest's (-k, a file). 'odoo' takes Odoo's --test-tags (for example"
               " /mail_domain_health:TestClass.test_method), or 'widgets'. Suites: "
               + "; ".join(f"{suite.name}: {suite.about}" for suite in SUITES.values()) + ".",
    )
    parser.add_argument("suite", nargs="?", choices=list(SUITES), help="run only this one")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what to run of it")
    chosen = parser.parse_args()
    if chosen.arguments and not SUITES[chosen.suite].arguments:  # else all of it would run, and be taken for what was asked for
        parser.error(f"'{chosen.suite}' is run as a whole; what of it to run is said to 'odoo', by Odoo's test tags.")

    names = [chosen.suite] if chosen.suite else list(SUITES)
    if part := os.environ.get(PART):
        with without_signs_of_life():  # whoever started this one gives them
            return _finish(_tests(names, chosen, part), part)
    os.environ[EVENTS] = events = tempfile.mkdtemp(prefix="mdh-events-")
    with with_news(lambda: counted(Path(events))):
        return _finish(_tests(names, chosen, part), part)


def _tests(names: list[str], chosen: argparse.Namespace, part: str | None) -> Tally:
    total = Tally()
    try:
        python_packages.enter(odoo=any(SUITES[name].odoo for name in names))
        if not part:
            prerequisites.look(names)
        if len(names) == 1:
            return _run(names[0], chosen.arguments, show=not part)
        return side_by_side.run(names)
    except Missing as missing:
        total.fail(f"{names[0]}: set-up" if part else "set-up", str(missing))
        if not part:
            say(str(missing))
    return total


def _finish(total: Tally, part: str | None) -> int:
    if part:
        write_atomically(Path(part) / "tally.json", json.dumps(total.to_dict()))
    else:
        total.show_left_out()
        say(total.line())
    return 1 if total.failed or total.left_out or not total.passed else 0


def _run(name: str, arguments: list[str], *, show: bool) -> Tally:
    started = time.monotonic()
    tally = SUITES[name].run(arguments)
    if show:
        tally.show(name, time.monotonic() - started)
    return tally
