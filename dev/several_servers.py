"""Several Odoo servers on one database, and the domains that they look at."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

from odoo_process import Odoo
from places import BRIDGES, addons
from postgres import run_sql
from suite_server import PARAMETER, Client

DOMAINS = 600
PATIENCE = 240  # seconds: OCA's queue notices a dead job after a minute
ZONE = """
@ SOA ns host 1 3600 600 86400 300
@ NS ns
ns A 198.51.100.53
@ MX 10 mail
mail A 198.51.100.25
@ TXT "v=spf1 ip4:198.51.100.0/24 -all"
_dmarc TXT "v=DMARC1; p=none"
"""
NAMES = [f"d{number}.example" for number in range(DOMAINS)]
# Runs in `odoo shell` before the servers start.
PREPARE = f"""
from odoo.addons.mail_domain_health.checking import watch_list
env['ir.config_parameter'].set_param('{PARAMETER}', '{{resolver}}')
watch_list.add_domains(env, env.company, {NAMES!r})
env['mail.domain.health'].search([('name', 'not in', {NAMES!r})]).next_check = '2099-01-01'
env.cr.commit()
"""


class Place:
    """One database, and what its servers need."""

    def __init__(self, odoo: Odoo, database: str, log: Path, packages: Path | None = None) -> None:
        """`packages`: a folder with Python packages, and with modules in its `odoo/addons`."""
        self.odoo, self.database, self.log, self.packages = odoo, database, log, packages
        folders = [addons(), BRIDGES, *([packages / "odoo" / "addons"] if packages else [])]
        self.more = f"--addons-path={','.join(map(str, folders))}"
        self.path = os.pathsep.join(str(folder) for folder in (odoo.path, packages) if folder)

    def sql(self, statement: str, *values) -> list:
        return run_sql(self.odoo.variables, self.database, statement, values)

    def install(self, modules: str) -> None:
        with self.odoo.start("-d", self.database, "-i", modules, "--stop-after-init", "--no-http", self.more,
                             log=self.log, extra_env={"PYTHONPATH": self.path}) as child:
            child.wait()

    def prepare(self, resolver: str) -> None:
        """Have the domains watched, and due; others are not."""
        script = self.odoo.home / "prepare.py"
        script.write_text(PREPARE.replace("{resolver}", resolver))
        self.odoo.shell(self.database, script, what="Preparing the database")

    def wake(self) -> None:
        """A cron worker that has just started sleeps for up to a minute before it first looks."""
        self.sql("""
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT cron.id, now() AT TIME ZONE 'UTC'
              FROM ir_cron cron JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
              JOIN ir_model model ON model.id = action.model_id WHERE model.model = 'mail.domain.health' RETURNING id""")
        run_sql(self.odoo.variables, "postgres", "SELECT pg_notify('cron_trigger', %s)", (self.database,))

    def checked(self) -> int:
        return self.sql("SELECT count(*) FROM mail_domain_health WHERE attempts > 0 AND name = ANY(%s)", NAMES)[0][0]

    def wait_until(self, condition, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"not after {PATIENCE} s: {what}; {self.checked()} checked"
            time.sleep(0.5)

    def jobs(self) -> Counter:
        """How many of our jobs are in each state, where OCA's queue is."""
        return Counter(dict(self.sql(
            "SELECT state, count(*) FROM queue_job WHERE model_name = 'mail.domain.health' GROUP BY state")))


class Server:
    """An Odoo server of its own on the same database; ``options`` and ``variables`` are its configuration and environment."""

    def __init__(self, place: Place, name: str, variables: dict[str, str] | None = None, **options: str) -> None:
        self.place, self.pidfile, self.log = place, place.odoo.home / f"{name}.pid", place.odoo.home / f"{name}.log"
        self.odoo = Odoo(place.odoo.home / name, place.odoo.variables, pidfile=str(self.pidfile),
                         data_dir=str(place.odoo.home / "data"), **options)
        self.variables, self.child = variables or {}, None

    def __enter__(self) -> Server:
        place = self.place
        self.child = self.odoo.start("-d", place.database, place.more, log=self.log,
                                     extra_env={"PYTHONPATH": place.path, **self.variables})
        Client(self.odoo, place.database)  # it answers
        return self

    def __exit__(self, *_) -> None:
        self.child.stop()
        with open(self.place.log, "a", encoding="utf-8") as log:
            log.write(self.log.read_text(encoding="utf-8", errors="replace"))

    def kill(self) -> None:
        os.kill(int(self.pidfile.read_text()), signal.SIGKILL)
