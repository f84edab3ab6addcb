"""Proofs of sending paths through real mail servers that sign, into a mailbox that Odoo's own incoming server fetches.

Odoo runs in the namespaces of the suite `chains`, beside its mail servers (`mailauth/tests/chains`).
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import suite_chains
import suite_mass_mailing
from places import CHECKOUT, MODULE, made
from speech import Missing, say
from suite_odoo import new_log, run_tests
from tally import Tally
from test_database import fresh_odoo

CLASS = "TestProofThroughServers"
TESTS = "tests/test_proof_servers.py"


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: the names of tests, to run some."""
    try:
        inside = suite_chains.namespaces()
        root = suite_chains.servers()
    except Missing as missing:
        tally = Tally()
        for name in re.findall(r"def (test_\w+)", (CHECKOUT / TESTS).read_text()):
            tally.leave_out(f"{TESTS}::{name}", str(missing))
        return tally
    log = new_log("proof")
    tags = ",".join(f"/{MODULE}:{CLASS}{name and f'.{name}'}" for name in arguments or [""])
    with fresh_odoo(suite_mass_mailing.modules()) as (odoo, database), tempfile.TemporaryDirectory(prefix="mdh-") as scratch:
        say("Proofs through real mail servers ...")
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        odoo.within = inside
        world = made(Path(scratch) / "world")  # empty for everybody outside: what is mounted there is seen inside only
        tally = run_tests(
            odoo, database, log, tags, "--no-http", MAILAUTH_MAIL_SERVERS=str(root), MAILAUTH_MAIL_FOLDER=str(world))
    for name, why in tally.skipped.items():
        tally.fail(name, f"skipped: {why}")
    tally.skipped.clear()
    if not tally.passed and not tally.failed:
        tally.fail(f"{CLASS}: no test ran", f"see {log}")
    say(f"  log: {log}")
    return tally
