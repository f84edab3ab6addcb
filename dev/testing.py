"""`dev/test`: everything that must hold, and one line of counts at the end."""

from __future__ import annotations

import argparse
import importlib
import time

import python_packages
from speech import Missing, say
from tally import Tally

SUITES = ("lint", "dev", "engine", "odoo", "server", "core", "mass_mailing", "upgrade")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev/test", description="Runs the tests; ends with 'N passed, N failed' and a matching exit status.",
        epilog="Without arguments: everything. 'engine' needs no Odoo and takes seconds; what follows it is pytest's"
               " (-k, a file). 'odoo' takes Odoo's --test-tags (for example /mail_domain_health:TestClass.test_method).",
    )
    parser.add_argument("suite", nargs="?", choices=SUITES, help="run only this one")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what to run of it")
    chosen = parser.parse_args()

    suites = [chosen.suite] if chosen.suite else list(SUITES)
    total = Tally()
    try:
        python_packages.enter(odoo=not set(suites) <= {"dev", "engine"})
        for suite in suites:
            started = time.monotonic()
            tally = _run(suite, chosen.arguments)
            tally.show(suite, time.monotonic() - started)
            total.add(tally)
    except Missing as missing:
        total.fail("set-up", str(missing))
        say(str(missing))
    say(total.line())
    return 1 if total.failed or not total.passed else 0


def _run(suite: str, arguments: list[str]) -> Tally:
    module = importlib.import_module(f"suite_{suite}")
    return module.run(arguments) if suite in ("dev", "engine", "odoo") else module.run()
