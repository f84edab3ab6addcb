"""`dev/run`: the product, running, with the demo's companies and their DNS."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import sys
import time
import urllib.request
from pathlib import Path

import instances
import npm_packages
import odoo_process
import odoo_source
import postgres
import python_packages
from children import Child
from odoo_process import Odoo
from places import CHECKOUT, DEV, MODULE, checkout_key, engine, remove, try_lock, write_atomically
from speech import Missing, say, without_signs_of_life

PARAMETER = "mail_domain_health.nameservers"
SETTING = "mail_domain_health_setting"  # the id of the setting in General Settings, which is its anchor
ODOO_PORT, DNS_PORT, PANEL_PORT = 8069, 5300, 8053
STORIES = ("domains", "senders", "plain", "strangers", "queue", "lonely", "partners", "reports")  # dev/demo_stories.py
# What makes an update of the module necessary; Python alone is simply loaded anew, but fields need columns.
UPDATED_BY = (
    "__manifest__.py", "hooks.py", "models", "views", "data", "security", "wizard", "i18n", "static", "report", "bridges")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="dev/run", description="Gets everything that is needed into your cache directory and starts the product.",
        epilog="ODOO_PATH names an Odoo 19 to use instead of Debian's; PGHOST a PostgreSQL server to use instead of"
               " one of its own. Ctrl-C ends everything that was started; the data stays.",
    )
    parser.add_argument("--live", action="store_true", help="ask this machine's own resolvers instead of the demo zones")
    parser.add_argument("--reset", action="store_true", help="start over: database and zones anew (downloads stay)")
    parser.add_argument("--port", type=int,
                        help=f"preferred port, else one near it (default: the last one, at first {ODOO_PORT})")
    parser.add_argument("--instance", metavar="NAME", help="another, separate database and set of zones")
    parser.add_argument("--story", choices=STORIES, default=STORIES[0],
                        help="what the demo shows: domains in five states, sending paths with each fault that they"
                             " can have, what becomes of contacts' messages, or what receivers report; in a database of its own")
    chosen = parser.parse_args()
    chosen.instance = chosen.instance or _default_instance(chosen.story)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,23}", chosen.instance):
        raise Missing("--instance must be a short name of small letters, digits and hyphens.")
    if chosen.port is not None and not 0 < chosen.port < 65526:
        raise Missing("--port must be a number from 1 to 65525.")
    python_packages.enter(odoo=True)
    Instance(chosen.instance, chosen.story).run(chosen.port, live=chosen.live, reset=chosen.reset)


@contextlib.contextmanager
def _said():
    """What the demo can do without is told, and it goes on."""
    try:
        yield
    except Missing as missing:
        say(str(missing))


def _default_instance(story: str) -> str:
    return "demo" if story == STORIES[0] else story


class Instance:
    """One database, with its zones, its settings and its lock."""

    def __init__(self, name: str, story: str):
        self.name = name
        self.story = story
        self.server = postgres.named_server()
        self.database = f"{MODULE}_{checkout_key()}_{name}".replace("-", "_") if self.server else MODULE
        self.home = instances.find(name) or Path()

    @property
    def addresses(self) -> Path:
        return self.home / "demo-dns.json"

    @property
    def running(self) -> Path:
        return self.home / "running.json"

    def run(self, port: int | None, *, live: bool, reset: bool) -> None:
        lock = try_lock(instances.lock_file(self.name))
        if lock is None:
            raise Missing(f"It is running already{self._where()}: end that one first, or use --instance NAME.")
        self._refuse_role()
        odoo_source.odoo_path()  # the long part first, and with nothing else started
        with _said():
            npm_packages.fetch()
        with contextlib.ExitStack() as stack:
            if reset:
                self._reset()
            self.home = instances.settle(self.name, own_server=not self.server)
            variables = self.server or self._cluster(stack)
            odoo = Odoo(self.home, variables, db_name=self.database, dbfilter=f"^{self.database}$")
            dns = self._start_dns(stack)
            addresses = self._wait_for_dns(dns)
            self._install_or_update(odoo, addresses, live)
            self._serve(stack, odoo, dns, addresses, port, live)

    def _where(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            known = json.loads(self.running.read_text())
            return f" at {known['url']} (process {known['pid']})"
        return ""

    def _more(self) -> str:
        """How to come to the demo's other half."""
        if self.story == STORIES[0]:
            return "./dev/run --story senders: the sending paths, with each fault that they can have"
        if self.story == "reports":
            return "Email Domains, What Receivers Report, in the menu of Settings"
        if self.story == "partners":
            return "Email Domains, Domains of Contacts, in the menu of Settings; change the company at the top right"
        return "Email Domains, Sending Paths, in the menu of Settings (choose all companies at the top right)"

    def _logins(self) -> str:
        return "; in German: german, german" if self.story == STORIES[0] else ""

    def _command(self) -> str:
        """What starts this very demo."""
        words = ["./dev/run"]
        if self.story != STORIES[0]:
            words.append(f"--story {self.story}")
        if self.name != _default_instance(self.story):
            words.append(f"--instance {self.name}")
        return " ".join(words)

    def _refuse_role(self) -> None:
        if self.server is not None and self.server.get("PGUSER") == "postgres":
            raise Missing("Odoo refuses to work as the role postgres: set PGUSER to another role that may create databases.")

    def _reset(self) -> None:
        say("Starting over: database and zones go.")
        if self.server:
            odoo_process.drop_database(self.server, self.database)
        instances.remove(self.name)

    def _cluster(self, stack: contextlib.ExitStack) -> dict[str, str]:
        cluster = postgres.Cluster(self.home / instances.CLUSTER)
        say("Starting PostgreSQL ..." if cluster.exists else "Making a PostgreSQL cluster and starting it ...")
        return stack.enter_context(cluster).variables()

    # The demo's DNS

    def _start_dns(self, stack: contextlib.ExitStack) -> Child:
        say("Starting the demo's DNS server ...")
        dns_port, panel_port = DNS_PORT, PANEL_PORT
        with contextlib.suppress(OSError, ValueError, LookupError):  # where they were the last time
            last = json.loads(self.addresses.read_text())
            dns_port, panel_port = int(last["dns"][1]), int(last["panel"].rpartition(":")[2])
        self.addresses.unlink(missing_ok=True)
        command = [
            sys.executable, "-m", "demo_dns", "--zones", self.home / "zones", "--originals", DEV / "zones",
            "--addresses", self.addresses, "--dns-port", dns_port, "--panel-port", panel_port,
        ]
        env = {**python_packages.environment(), "PYTHONPATH": f"{DEV}{os.pathsep}{engine()}"}
        return stack.enter_context(Child(command, env=env, cwd=self.home, log=self.home / "demo-dns.log", grace=3))

    def _wait_for_dns(self, dns: Child) -> dict:
        until = time.monotonic() + 15
        while time.monotonic() < until and dns.running():
            with contextlib.suppress(OSError, ValueError):
                return json.loads(self.addresses.read_text())
            time.sleep(0.05)
        said = (self.home / "demo-dns.log").read_text(encoding="utf-8", errors="replace")
        raise Missing(f"The demo's DNS server does not start: {odoo_process.telling_line(said)}")

    # The database

    def _install_or_update(self, odoo: Odoo, addresses: dict, live: bool) -> None:
        complete, digest = self.home / "installed", module_digest()
        known = complete.read_text().split() if complete.exists() else []
        if not known or not odoo_process.database_exists(odoo.variables, self.database):
            known = []
            self._install(odoo)
        else:
            self._update(odoo, changed=known[0] != digest)
        nameservers = "" if live else "{}:{}".format(*addresses["dns"])
        if set_parameter(odoo.variables, self.database, PARAMETER, nameservers) and known:
            look_at_once(odoo.variables, self.database)
        script = DEV / "demo_data.py"
        told = b"".join((DEV / name).read_bytes() for name in ("demo_data.py", "demo_stories.py", "demo_reports.py"))
        told += self.story.encode()
        script_digest = hashlib.sha256(told).hexdigest()
        if known[1:2] != [script_digest]:
            say("Loading the demo's companies ...")
            odoo.shell(self.database, script, what="Loading the demo's companies", DEMO_FOLDER=str(DEV), DEMO_STORY=self.story)
        write_atomically(complete, f"{digest} {script_digest}\n")

    def _install(self, odoo: Odoo) -> None:
        """Whatever a killed start left half is dropped first."""
        say("Creating the database and installing the module (half a minute) ...")
        odoo_process.drop_database(odoo.variables, self.database)
        remove(odoo.home / "data" / "filestore" / self.database)
        odoo.run("-d", self.database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")

    def _update(self, odoo: Odoo, changed: bool) -> None:
        """The data stays, whatever became of the module: removed by the user, or caught in a killed update."""
        state = odoo_process.module_state(odoo.variables, self.database)
        how = ("-d", self.database, "--stop-after-init", "--no-http")
        if state in ("uninstalled", "to install", None):
            say("Installing the module in the database again ...")
            odoo.run(*how, "-i", MODULE, what="Installing the module")
        elif changed or state != "installed":
            say("The module's files have changed: updating it in the database ...")
            odoo.run(*how, "-u", MODULE, what="Updating the module")

    # Serving

    def _serve(self, stack, odoo: Odoo, dns: Child, addresses: dict, port: int | None, live: bool) -> None:
        say("Starting Odoo ...")
        last = self.home / "port"
        with contextlib.suppress(OSError, ValueError):
            port = port or int(last.read_text())
        server, port = self._start_odoo(stack, odoo, port or ODOO_PORT)
        write_atomically(last, str(port))
        # Odoo's cron sleeps a minute before it first looks; the domains are to be checked when the page is opened.
        postgres.run_sql(odoo.variables, "postgres", "SELECT pg_notify('cron_trigger', %s)", (self.database,))
        url = f"http://127.0.0.1:{port}"
        write_atomically(self.running, json.dumps({"url": url, "pid": os.getpid(), "database": self.database,
                                                   "panel": addresses["panel"], **odoo.variables}))
        stack.callback(self.running.unlink, missing_ok=True)
        stack.callback(say, "Ending everything ...")
        say(f"""
Email Domain Health is running{' with the live DNS' if live else ''}.

  Odoo       {url}    login admin, password admin{self._logins()}
  Settings   {url}/odoo/settings#{SETTING}
  DNS panel  {addresses["panel"]}    the demo's zones, to change as at a DNS host{' (not asked with --live)' if live else ''}

  More       {self._more()}

  Odoo's log: {odoo.log}
  Ctrl-C ends it; the data stays. {self._command()} --reset starts over.
""")
        with without_signs_of_life():
            self._watch(server, dns)
        said = odoo.log.read_text(encoding="utf-8", errors="replace")
        raise Missing(f"Odoo has ended by itself: {odoo_process.telling_line(said)} (all of it: {odoo.log})")

    def _watch(self, server: Child, dns: Child) -> None:
        told = False
        while server.running():
            time.sleep(0.5)
            if not told and not dns.running():
                told = True
                say("The demo's DNS server has ended: checks get no answer now. Start again to have it back.")

    def _start_odoo(self, stack: contextlib.ExitStack, odoo: Odoo, preferred: int) -> tuple[Child, int]:
        """The serving process and its port. Another program may take a free port before Odoo does: then another one."""
        said = ""
        for _ in range(3):
            port = odoo_process.free_port(preferred)
            odoo.log.write_text("")
            server = odoo.start("-d", self.database, f"--http-port={port}")
            try:
                served = wait_until_served(f"http://127.0.0.1:{port}/web/login", server, odoo.log)
            except BaseException:
                server.stop()
                raise
            if served:
                return stack.enter_context(server), port
            server.stop()
            said = odoo.log.read_text(encoding="utf-8", errors="replace")
            if "is in use by another program" not in said:
                break
        raise Missing(f"Odoo does not start: {odoo_process.telling_line(said)} (all of it: {odoo.log})")


def module_digest() -> str:
    """A hash of the module's content, to know when the database needs an update."""
    digest = hashlib.sha256()
    for part in UPDATED_BY:
        root = CHECKOUT / part
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts:
                digest.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def set_parameter(variables: dict[str, str], database: str, key: str, value: str) -> bool:
    """A system parameter, set before Odoo runs: its cache has not seen it yet. Whether it was another one before."""
    rows = postgres.run_sql(variables, database, "SELECT value FROM ir_config_parameter WHERE key = %s", (key,))
    if (rows[0][0] if rows else "") == value:
        return False
    if not value:
        postgres.run_sql(variables, database, "DELETE FROM ir_config_parameter WHERE key = %s", (key,))
        return True
    postgres.run_sql(
        variables, database,
        "INSERT INTO ir_config_parameter (key, value, create_uid, write_uid, create_date, write_date)"
        " VALUES (%s, %s, 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')"
        " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        (key, value),
    )
    return True


def look_at_once(variables: dict[str, str], database: str) -> None:
    """Other name servers say other things: every domain is due, and the cron has a reason to run."""
    postgres.run_sql(variables, database, "UPDATE mail_domain_health SET is_outdated = true,"
                                          " next_check = now() AT TIME ZONE 'UTC' WHERE active")
    postgres.run_sql(variables, database, """
        INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid, write_uid, create_date, write_date)
        SELECT res_id, now() AT TIME ZONE 'UTC', 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        FROM ir_model_data WHERE model = 'ir.cron' AND module = %s AND name = 'ir_cron_mail_domain_health_check'
    """, (MODULE,))


def wait_until_served(url: str, server: Child, log: Path, seconds: float = 120) -> bool:
    """Waits until this very server (its log says that it listens) answers the page; False if it ended or never does."""
    until = time.monotonic() + seconds
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until and server.running():
        if "HTTP service (werkzeug) running on" in log.read_text(encoding="utf-8", errors="replace"):
            with contextlib.suppress(OSError), opener.open(url, timeout=30) as answer:
                if answer.status == 200:
                    return True
        time.sleep(0.1)
    return False
