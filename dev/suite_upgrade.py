"""A database of an older version, filled as people fill it, taken over by this one: nothing that they had is lost.

The older version is commit OLD of the checkout's own history. It is installed and used: domains are checked, findings
muted, people write to each other, settings and the catalog are changed. Then this version updates the module.
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from pathlib import Path

import browser
import upgrade_rows
from children import run as run_program
from odoo_process import INSIDE, Odoo, dependencies
from places import CHECKOUT, MODULE, engine, made
from postgres import run_sql
from speech import say
from suite_odoo import new_log
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo

OLD = "c99b0da"
FILL = INSIDE / "upgrade_fill.py"
READ = INSIDE / "upgrade_read.py"
BROKEN = "healthy.example"  # breaks between the two halves of the filling
LEFT = {
    "parameters": "SELECT key FROM ir_config_parameter WHERE key ~ '^mail_domain_health'",
    "records": "SELECT name FROM ir_model_data WHERE module = 'mail_domain_health'",
    "crons": "SELECT cron_name FROM ir_cron WHERE cron_name ~ '^(Email Domain Health|One more worker)'",
    "actions": r"SELECT code FROM ir_act_server WHERE code ~ 'model\._cron_(check|refresh|digest|read|prove)'",
    "aliases": r"SELECT alias_name FROM mail_alias WHERE alias_name = 'dmarc-reports'",
    "favorites": "SELECT name::text FROM ir_filters WHERE name::text ~ 'Uninstalled'",
    "messages": r"SELECT DISTINCT model FROM mail_message WHERE model ~ '^mail\.(domain\.health|partner\.domain)'",
    "activities": r"SELECT DISTINCT res_model FROM mail_activity WHERE res_model ~ '^mail\.(domain\.health|partner\.domain)'",
    "followers": r"SELECT DISTINCT res_model FROM mail_followers WHERE res_model ~ '^mail\.(domain\.health|partner\.domain)'",
    "attachments": r"SELECT DISTINCT res_model FROM ir_attachment WHERE res_model ~ '^mail\.(domain\.health|partner\.domain)'",
}
# Tables of our models and of relations, and columns of others' models, Json among them: what there is while it is installed.
TABLES = """
    SELECT replace(model.model, '.', '_') FROM ir_model model
      JOIN ir_model_data known ON known.model = 'ir.model' AND known.res_id = model.id
     GROUP BY model.id HAVING array_agg(known.module::text) = '{mail_domain_health}'
     UNION SELECT relation.name FROM ir_model_relation relation
      JOIN ir_module_module module ON module.id = relation.module AND module.name = 'mail_domain_health'
"""
COLUMNS = """
    SELECT replace(field.model, '.', '_') || '.' || field.name FROM ir_model_fields field
      JOIN ir_model_data known ON known.model = 'ir.model.fields' AND known.res_id = field.id
     WHERE field.store GROUP BY field.id HAVING array_agg(known.module::text) = '{mail_domain_health}'
"""
EXISTING = """
    SELECT tablename FROM pg_tables WHERE schemaname = 'public'
     UNION SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
"""
PAGES = ("/odoo/settings", "/odoo/action-mail_domain_health.mail_domain_health_action")


def run() -> Tally:
    tally = Tally()
    log = new_log("upgrade")
    with fresh_odoo(dependencies()) as (odoo, database):
        say(f"A database of commit {OLD}, updated to this version ...")
        old_tree = odoo.home / "old-addons" / MODULE
        if problem := _unpack(old_tree):
            tally.fail("upgrade: the older version", problem)
            return tally
        with _demo_dns(odoo.home / "zones", old_tree / "dev" / "zones") as dns:
            upgrade = Upgrade(odoo, database, old_tree, dns, log)
            for step in (upgrade.fill, upgrade.update_keeps_every_row, upgrade.every_domain_is_due, upgrade.mutes_last,
                         upgrade.everything_stored_can_be_read, upgrade.pages_open_without_a_complaint,
                         upgrade.a_check_runs, upgrade.uninstalling_leaves_nothing_of_ours):
                try:
                    step()
                    tally.passed.add(f"upgrade {step.__name__}")
                except browser.Absent as absent:
                    tally.leave_out(f"upgrade {step.__name__}", str(absent))
                except Exception:  # noqa: BLE001 - whatever it is, it is this step's failure
                    tally.fail(f"upgrade {step.__name__}", traceback.format_exc())
                    if step == upgrade.fill:
                        break
    say(f"  log: {log}")
    return tally


def _unpack(folder: Path) -> str | None:
    """The older version's tree, from the checkout's history; what to do where it is not there."""
    made(folder)
    archive = folder.parent / "old.tar"
    status, said = run_program(["git", "-C", CHECKOUT, "archive", "--output", archive, OLD])
    if status:
        shallow = run_program(["git", "-C", CHECKOUT, "rev-parse", "--is-shallow-repository"])[1].strip() == "true"
        return (f"The update from commit {OLD} cannot be tried: that commit is not in this "
                + ("shallow clone: run `git fetch --unshallow`." if shallow
                   else f"checkout, which has to be a whole git clone ({' '.join(said.split())})."))
    status, said = run_program(["tar", "-xf", archive, "-C", folder])
    return f"{archive} could not be unpacked: {said}" if status else None


@contextlib.contextmanager
def _demo_dns(folder: Path, zones: Path):
    sys.path.insert(0, str(engine()))
    from demo_dns import DemoDns
    from mailauth.tests.dns_server import DnsServer

    with DemoDns(DnsServer(), folder, zones) as dns:
        yield dns


class Upgrade:
    """One database on its way from the older version to this one."""

    def __init__(self, odoo: Odoo, database: str, old_tree: Path, dns, log: Path):
        self.odoo, self.database, self.old_tree, self.dns, self.log = odoo, database, old_tree, dns, log
        self.old_odoo = Odoo(odoo.home / "old", odoo.variables, addons_path=str(old_tree.parent),
                             data_dir=str(odoo.home / "data"))
        self.before: dict = {}

    def fill(self) -> None:
        """Installs the older version and uses it."""
        self.old_odoo.run("-d", self.database, "-i", MODULE, "--stop-after-init", "--no-http",
                          what="Installing the older version", log=self.log)
        variables = {"DEMO_FOLDER": str(self.old_tree / "dev"), "RESOLVER": "{}:{}".format(*self.dns.address)}
        self._shell(self.old_odoo, FILL, "Filling the older version", FILL_HALF="first", **variables)
        for record in self.dns.store.records(BROKEN):
            if record.value.startswith("v=spf1"):
                self.dns.store.delete(BROKEN, record.type, record.host, record.value)
        self._shell(self.old_odoo, FILL, "Filling the older version", FILL_HALF="second", **variables)
        self.before = upgrade_rows.snapshot(self.odoo.variables, self.database)
        thin = [name for name in upgrade_rows.FILLED if not self.before.get(name)]
        thin += [f"{table}.{column}" for table, column in upgrade_rows.RENAMED
                 if not any(row[column] for row in self.before[table])]
        assert not thin, f"nothing to lose in {', '.join(thin)}: the filling proves nothing about it"

    def update_keeps_every_row(self) -> None:
        self.odoo.run("-d", self.database, "-u", MODULE, "--stop-after-init", "--no-http",
                      what="Updating the module", log=self.log)
        lost = upgrade_rows.lost(self.before, upgrade_rows.snapshot(self.odoo.variables, self.database))
        assert not lost, "\n".join(lost)

    def every_domain_is_due(self) -> None:
        """What the older version concluded is not left standing until the next day."""
        later = run_sql(self.odoo.variables, self.database,
                        "SELECT name FROM mail_domain_health WHERE active AND next_check > now() AT TIME ZONE 'UTC'")
        assert not later, later

    def mutes_last(self) -> None:
        """What a person muted with the older version is muted as long as it would have been."""
        muted = run_sql(self.odoo.variables, self.database,
                        "SELECT muted_on IS NOT NULL AND muted_on < muted_until FROM mail_domain_health_finding"
                        " WHERE muted_until IS NOT NULL")
        assert len(muted) > 1 and all(is_kept for (is_kept,) in muted), muted

    def everything_stored_can_be_read(self) -> None:
        """Every field of every record, in every company, and Settings as the web client asks for them."""
        said = self._shell(self.odoo, READ, "Reading what the older version stored")
        problems = json.loads(said.strip().splitlines()[-1])
        assert not problems, "\n".join(problems)

    def pages_open_without_a_complaint(self) -> None:
        """Settings, the list and every report, with the stored data of the older version, in a browser."""
        from picture import Page

        with self._server("--max-cron-threads=0") as client, Page(1366, 900) as page:
            page.call("Network.setCookie", name="session_id", value=client.cookie.partition("=")[2], url=client.base)
            companies = client.call("res.company", "search", [[]])
            page.call("Network.setCookie", name="cids", value="-".join(map(str, companies)), url=client.base)
            domains = client.call("mail.domain.health", "search", [[("last_check", "!=", False)]])
            assert domains, "no domain was checked"
            reports = [f"/odoo/mail.domain.health/{domain}" for domain in domains]
            wrong = []
            for path in (*PAGES, *reports):
                page.complaints.clear()
                page.open(client.base + path)
                wrong += [f"{path}: {complaint}" for complaint in page.complaints]
                if shown := page.evaluate("document.querySelector('.o_error_dialog')?.innerText"):
                    wrong.append(f"{path}: {shown}")
                if path in reports and not page.evaluate(
                        "!!document.querySelector('.o_form_view .o_mail_domain_health_overview')"):
                    wrong.append(f"{path}: no verdict is shown")
            assert not wrong, "\n".join(wrong)

    def a_check_runs(self) -> None:
        with self._server("--max-cron-threads=0") as client:
            [before] = client.call("mail.domain.health", "search_read", [[("name", "=", BROKEN)]])
            client.call("mail.domain.health", "check_now", [[before["id"]]])
            [after] = client.call("mail.domain.health", "search_read", [[("name", "=", BROKEN)]])
            assert after["attempts"] == before["attempts"] + 1, (before["attempts"], after["attempts"])
            assert after["state"] in ("fail", "warning"), after["state"]
            self.dns.store.restore(BROKEN)
            client.call("mail.domain.health", "check_now", [[before["id"]]])
            [mended] = client.call("mail.domain.health", "search_read", [[("name", "=", BROKEN)]])
            assert mended["spf_state"] == "pass", mended["spf_state"]
            told = set(mended["message_ids"]) - set(after["message_ids"])
            assert told, "nobody is told that the break of the older version is over"

    def uninstalling_leaves_nothing_of_ours(self) -> None:
        """What the administrator set for core stays; nothing does of ours, nor of what people made of it."""
        ours = {row[0] for statement in (TABLES, COLUMNS) for row in run_sql(self.odoo.variables, self.database, statement)}
        assert {"mail_partner_domain", "mail_domain_health.last_known"} <= ours, sorted(ours)
        with self._server() as client:
            incoming = client.call("ir.model", "search", [[("model", "=", "mail.domain.health.incoming")]])
            client.call("mail.alias", "create", [[{"alias_name": "dmarc-reports", "alias_model_id": incoming[0]}]])
            for key in ("contacts_consent", "contacts_pause"):
                client.call("ir.config_parameter", "set_param", [f"{MODULE}.{key}", "2026-01-01"])
            shared = client.call("ir.cron", "search", [[("code", "=", "model._cron_check()")]])
            assert len(shared) == 2, shared
            for cron in shared:
                client.call("ir.cron", "copy", [[cron], {"name": "One more worker"}])
            for model, domain in (("mail.partner.domain", "[]"), ("res.partner", "[('mail_relaying', '=', 'unsafe')]")):
                client.call("ir.filters", "create", [[{"name": f"Uninstalled {model}", "model_id": model, "domain": domain}]])
            before = {what for what, statement in LEFT.items() if run_sql(self.odoo.variables, self.database, statement)}
            # Nothing of ours has attachments; all the rest is there, or what follows proves nothing.
            assert before >= LEFT.keys() - {"attachments"}, LEFT.keys() - before
            modules = client.call("ir.module.module", "search", [[("name", "=", MODULE)]])
            client.call("ir.module.module", "button_immediate_uninstall", [modules])
        left = {
            what: [row[0] for row in run_sql(self.odoo.variables, self.database, statement)]
            for what, statement in LEFT.items()}
        left["tables and columns"] = sorted(ours & {
            row[0] for row in run_sql(self.odoo.variables, self.database, EXISTING)})
        assert not any(left.values()), left

    def _shell(self, odoo: Odoo, script: Path, what: str, **variables: str) -> str:
        return odoo.shell(self.database, script, what=what, **variables)

    @contextlib.contextmanager
    def _server(self, *arguments: str):
        with self.odoo.start("-d", self.database, *arguments, log=self.log):
            yield Client(self.odoo, self.database)
