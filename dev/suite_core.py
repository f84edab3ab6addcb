"""Core's own tests of outgoing and received mail, with this module installed: it must not change how Odoo sends and receives.

Some of them fail whatever is installed beside `mail`, so the same run without this module is the measure. And
each of our overrides is broken on purpose once: core's tests must turn red, or they would prove nothing about it.
"""

from __future__ import annotations

from pathlib import Path

from odoo_process import INSIDE, Odoo, dependencies
from places import MODULE
from speech import say
from suite_odoo import new_log
from tally import Tally, new_events, read_events
from test_database import fresh_odoo

RUNNER = INSIDE / "run_core.py"
FILES = (
    "base.test_ir_mail_server", "base.test_ir_mail_server_smtpd", "mail.test_ir_mail_server", "mail.test_mail_mail",
    "test_mail.test_mail_mail", "test_mail.test_mail_management",
    # Last: they take the longest, and notice one override only.
    "mail.test_fetchmail", "test_mail.test_mail_gateway",
)


def run() -> Tally:
    log = new_log("core")
    with fresh_odoo([*dependencies(), "test_mail"]) as (odoo, database):
        say("Odoo's own tests of outgoing and received mail, without this module and with it ...")
        without = _run(odoo, database, log)
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        say("... and once for each method of ours that Odoo's mail goes through, to see that these tests notice it ...")
        beside = _run(odoo, database, log, CORE_BREAK="1")
    tally = Tally(passed=set(beside.passed))
    for name, why in beside.failed.items():
        if name in without.failed:
            tally.skipped[name] = "fails without this module too"
        else:
            tally.fail(name, why)
    for name in without.passed - beside.passed - beside.failed.keys():
        tally.fail(name, "passes without this module, and does not run with it")
    if not tally.passed and not tally.failed:
        tally.fail("core: no test ran", f"see {log}")
    say(f"  log: {log}")
    return tally


def _run(odoo: Odoo, database: str, log: Path, **extra_env: str) -> Tally:
    events = new_events("core", odoo.home)
    arguments = ("-d", database, "--no-http", "--log-level=warn")
    with odoo.start(*arguments, program=RUNNER, log=log,
                    extra_env={"TEST_EVENTS": str(events), "CORE_TESTS": " ".join(FILES), **extra_env}) as child:
        child.wait()
    tally = read_events(events, "")
    if not tally.ended:
        tally.fail("core's tests ended early", f"see {log}")
    return tally
