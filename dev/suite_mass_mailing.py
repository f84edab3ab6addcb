"""With `mass_mailing` installed, in a database of its own: mail still leaves as foretold, mailings do too."""

from __future__ import annotations

from odoo_process import dependencies
from places import MODULE
from speech import say
from suite_odoo import new_log, run_tests
from tally import Tally
from test_database import fresh_odoo

TAGS = ",".join(
    f"/{MODULE}:{name}" for name in ("TestPathParity", "TestPathMailing", "TestPathMachines", "TestMailingRejections"))


def run() -> Tally:
    log = new_log("mass_mailing")
    with fresh_odoo([*dependencies(), "mass_mailing", "im_livechat"]) as (odoo, database):
        say("Who sends as what, with mass_mailing ...")
        ran = run_tests(odoo, database, log, TAGS, "-i", MODULE)
    # The same tests run without mass_mailing, too; and one that skips here has nowhere to run.
    tally = Tally(passed={f"with mass_mailing: {name}" for name in ran.passed})
    for name, why in {**ran.failed, **{name: f"skipped: {why}" for name, why in ran.skipped.items()}}.items():
        tally.fail(f"with mass_mailing: {name}", why)
    if not tally.passed and not tally.failed:
        tally.fail("mass_mailing: no test ran", f"see {log}")
    say(f"  log: {log}")
    return tally
