"""The suites of `dev/test`: what each is for, how long it takes, and what it needs. A new one is a row here."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from tally import Tally


@dataclass(frozen=True)
class Suite:
    """`seconds`: about how long it takes on two processors, which decides what is started first."""

    name: str
    seconds: int
    about: str
    odoo: bool = True  # needs Odoo and its Python packages
    arguments: bool = False  # can be told what to run of it
    browser: bool = False  # some of it needs Chromium
    name_servers: bool = False  # some of it asks real name servers

    def run(self, arguments: list[str]) -> Tally:
        module = importlib.import_module(f"suite_{self.name}")
        return module.run(arguments) if self.arguments else module.run()


SUITES = {suite.name: suite for suite in (
    Suite("lint", 10, "the linters"),
    Suite("dev", 10, "dev/ itself", odoo=False, arguments=True),
    Suite("engine", 230, "the engine, without Odoo", odoo=False, arguments=True, name_servers=True),
    Suite("chains", 20, "mail through real mail servers into a mailbox, and what is read of it", odoo=False, arguments=True),
    Suite("odoo", 420, "the module in Odoo", arguments=True),
    Suite("browser", 560, "browser tours through Odoo, and its widgets", browser=True),
    Suite("server", 60, "a real server with its cron, and the demo story of reports"),
    Suite("core", 150, "Odoo's own tests of outgoing and received mail, beside this module"),
    Suite("mass_mailing", 230, "with mass_mailing installed, and the bridge to it", arguments=True, browser=True),
    Suite("queue_job", 120, "with OCA's job queue installed, and the bridge to it: two servers, one of them killed",
          arguments=True),
    Suite("nodes", 100, "two servers on one database (for how many minutes)", arguments=True),
    Suite("apps", 30, "what Odoo's apps send, as whom"),
    Suite("sending", 110, "random configurations (how many), and modules of others that change the sender",
          arguments=True),
    Suite("proof", 90, "proof mails of each sending path, through real mail servers that sign into a mailbox that Odoo fetches",
          arguments=True),
    Suite("week", 240, "a week in minutes (how many, and a seed): two servers, people, DNS that changes; what was said is true",
          arguments=True),
    Suite("faults", 150, "DNS in trouble for simulated months (days, seed, domains), and processes that are killed (kills, how "
          "many, seed, domains)", arguments=True),
    Suite("upgrade", 100, "a database of an older version, updated", browser=True),
)}
