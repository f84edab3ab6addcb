"""Random sending configurations against a mail server that keeps what it is handed, without and with modules of others.

Without them every mail leaves as foretold, and messages of contacts are as safe as is said of them; whatever modules of OCA
make of it has to be told as not foreseen.
"""

from __future__ import annotations

import os
from pathlib import Path

import python_packages
from odoo_process import MODULE, Odoo, dependencies
from places import addons
from speech import say
from suite_odoo import new_log, run_tests
from tally import Tally
from test_database import fresh_odoo

OTHERS = ("mail_multicompany", "mail_outbound_static")


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: how many configurations, of each of the three."""
    if arguments:
        os.environ["SENDING_CONFIGURATIONS"] = arguments[0]
    log = new_log("sending")
    packages = python_packages.sending()
    tally = Tally()
    with fresh_odoo(dependencies()) as (odoo, database):
        say("Random configurations, into a real mail server ...")
        alone = ("TestRandomSending", "TestRandomRelaying", "TestExtraMailLeaves", "TestProofLeaves")
        tally.add(tests_with_sink(odoo, database, log, packages, alone, "-i", MODULE))
        say(f"The same with {' and '.join(OTHERS)} ...")
        more = f"--addons-path={addons()},{packages / 'odoo' / 'addons'}"
        odoo.run("-d", database, "-i", ",".join(OTHERS), "--stop-after-init", "--no-http", more,
                 what=f"Installing {', '.join(OTHERS)}", log=log)
        tally.add(tests_with_sink(odoo, database, log, packages, ("TestRandomSendingOthers",), more))
    say(f"  log: {log}")
    return tally


def tests_with_sink(
    odoo: Odoo, database: str, log: Path, packages: Path, classes: tuple[str, ...], *arguments: str,
) -> Tally:
    """Run classes of tests that need a mail server or Odoo's apps. One that skips here has nowhere to run."""
    ran = run_tests(odoo, database, log, ",".join(f"/{MODULE}:{name}" for name in classes), *arguments,
                    PYTHONPATH=os.pathsep.join((str(odoo.path), str(packages))))
    for name, why in ran.skipped.items():
        ran.fail(name, f"skipped: {why}")
    ran.skipped.clear()
    if not ran.passed and not ran.failed:
        ran.fail(f"{', '.join(classes)}: no test ran", f"see {log}")
    return ran
