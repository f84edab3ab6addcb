"""`dev/tours`: a tour that fails once in twenty runs on a busy machine waits for the wrong thing."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time

import prerequisites
import python_packages
from children import Child
from odoo_process import MODULE, dependencies
from speech import say
from suite_odoo import TOURS, new_log, run_tests
from tally import Tally
from test_database import fresh_odoo

BURN = "while True: sum(range(10000))"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev/tours", description="Runs all browser tours several times, with every processor kept busy; exit status"
                                      " 1 if one fails once.")
    parser.add_argument("runs", nargs="?", type=int, default=20, help="how often (default: %(default)d)")
    parser.add_argument("--tags", default=",".join(TOURS), help="Odoo's --test-tags, to run some of them")
    parser.add_argument("--idle", action="store_true", help="keep no processor busy besides")
    chosen = parser.parse_args()
    python_packages.enter(odoo=True)
    prerequisites.look(["browser"])
    log = new_log("tours")
    total = Tally()
    with fresh_odoo(dependencies()) as (odoo, database), contextlib.ExitStack() as stack:
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        for _ in range(0 if chosen.idle else os.cpu_count() or 1):
            stack.enter_context(Child([sys.executable, "-c", BURN], grace=1))
        for number in range(1, chosen.runs + 1):
            began = time.monotonic()
            tally = run_tests(odoo, database, log, chosen.tags)
            tally.show(f"run {number} of {chosen.runs}", time.monotonic() - began)
            for name, why in {**tally.failed, **tally.left_out}.items():
                total.fail(f"run {number}: {name}", why)
            total.passed |= {f"run {number}: {name}" for name in tally.passed}
    say(f"  log: {log}")
    say(total.line())
    return 1 if total.failed or not total.passed else 0
