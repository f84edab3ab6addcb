"""With `mass_mailing` and `crm` installed, in a database of its own: mail and mailings leave as foretold; the bridge."""

from __future__ import annotations

from pathlib import Path

from odoo_process import Odoo, dependencies, module_state
from places import MODULE
from postgres import run_sql
from speech import say
from suite_odoo import new_log, run_tests
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo

BRIDGE = f"{MODULE}_mass_mailing"
TAGS = ",".join((
    f"/{BRIDGE}",
    *(f"/{MODULE}:{name}" for name in ("TestPathParity", "TestPathMailing", "TestPathMachines", "TestMailingRejections"))))
MAILED = ("mass_mailing_event", "mass_mailing_sms")  # other recipients, and mailings that are no mail
LEFT = {
    "records": "SELECT name FROM ir_model_data WHERE module = %s",
    "columns": "SELECT column_name FROM information_schema.columns WHERE table_name = 'mailing_mailing'"
               " AND column_name ~ '^(unreachable|left_out)' AND %s <> ''",
}


def modules() -> list[str]:
    """What is installed besides ours."""
    return [*dependencies(), "mass_mailing", "im_livechat", "crm", *MAILED]


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: Odoo's --test-tags, to run some."""
    log = new_log("mass_mailing")
    with fresh_odoo(modules()) as (odoo, database):
        say("Who sends as what, with mass_mailing, and the bridge to it ...")
        ran = run_tests(odoo, database, log, ",".join(arguments or []) or TAGS, "-i", MODULE)
        # The same tests run without mass_mailing, too; and one that skips here has nowhere to run.
        tally = Tally(passed={f"with mass_mailing: {name}" for name in ran.passed}, left_out=ran.left_out)
        for name, why in {**ran.failed, **{name: f"skipped: {why}" for name, why in ran.skipped.items()}}.items():
            tally.fail(f"with mass_mailing: {name}", why)
        if not tally.passed and not tally.failed:
            tally.fail("mass_mailing: no test ran", f"see {log}")
        if not arguments:
            tally.add(_uninstalled(odoo, database, log))
    say(f"  log: {log}")
    return tally


def _uninstalled(odoo: Odoo, database: str, log: Path) -> Tally:
    """The bridge goes without a trace, and takes nothing along."""
    tally = Tally()
    before = module_state(odoo.variables, database, BRIDGE), any(_left(odoo, database).values())
    with odoo.start("-d", database, log=log):
        client = Client(odoo, database)
        modules = client.call("ir.module.module", "search", [[("name", "=", BRIDGE)]])
        client.call("ir.module.module", "button_immediate_uninstall", [modules])
    left = _left(odoo, database)
    states = {name: module_state(odoo.variables, database, name) for name in (MODULE, "mass_mailing")}
    name = "mass_mailing uninstalling_the_bridge_leaves_nothing"
    if before == ("installed", True) and not any(left.values()) and set(states.values()) == {"installed"}:
        tally.passed.add(name)
    else:
        tally.fail(name, f"before: {before}, left: {left}, {states}")
    return tally


def _left(odoo: Odoo, database: str) -> dict[str, list]:
    return {what: [row[0] for row in run_sql(odoo.variables, database, statement, (BRIDGE,))]
            for what, statement in LEFT.items()}
