"""Two real Odoo servers on one database, whose users work while its cron looks at domains; and how time passes there.

Nobody can wait for a week, and a clock that runs a thousand times as fast makes processors a thousand times as slow: what a
worker takes for a quarter of an hour would be due again in a second. So time is real while anybody works, and passes in jumps
while nobody does (:meth:`Site.pass_time`).
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

from odoo_process import MODULE, Odoo
from postgres import run_sql
from suite_server import Client
from week_audit import JUMP, LOOK, SYSTEM, Event

PATIENCE = 240  # seconds for the work of one jump to end
CRON = f"{MODULE}.ir_cron_mail_domain_health_check"
OUTSIDE = ("mail.ir_cron_module_update_notification",)  # what asks other machines
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?")
# Keeps what happens to domains' rows, in the order in which it happens: whoever reads them later sees the last only.
WATCH = """
CREATE TABLE week_log (
    id bigserial PRIMARY KEY, kind text, domain text, due timestamp, uid integer, missing text);
CREATE FUNCTION week_watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamp := clock_timestamp() AT TIME ZONE 'UTC';
BEGIN
    IF current_setting('week.passes', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    IF NEW.attempts IS DISTINCT FROM OLD.attempts THEN
        INSERT INTO week_log (kind, domain, uid, missing) VALUES ('look', NEW.name, NEW.write_uid, CASE
            WHEN NEW.last_check IS NOT DISTINCT FROM OLD.last_check THEN 'all'
            ELSE (SELECT string_agg(one->>'name', ' ')
                    FROM jsonb_array_elements(coalesce(nullif(NEW.report->'unanswered', 'null'), '[]')) one) END);
    ELSIF NEW.next_check IS DISTINCT FROM OLD.next_check THEN
        INSERT INTO week_log (kind, domain, due) VALUES (CASE
            WHEN NEW.next_check <= moment THEN 'due'
            WHEN OLD.next_check <= moment AND NEW.next_check - moment < interval '15 minutes' THEN 'claim'
            ELSE 'moved' END, NEW.name, OLD.next_check);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER week_watch AFTER UPDATE ON mail_domain_health FOR EACH ROW EXECUTE FUNCTION week_watch();
"""
# Runs in `odoo shell` before the servers start. People are written in SQL: how long Odoo takes to create them is not measured.
PREPARE = """
import json
from datetime import datetime, timedelta
from odoo.addons.mail_domain_health.checking import crons
set_param = env['ir.config_parameter'].set_param
set_param('mail_domain_health.nameservers', '{resolver}')
env['ir.mail_server'].search([]).unlink()
company = env.ref('base.main_company')
company.write({{
    'alias_domain_id': env['mail.alias.domain'].create({{'name': 'd0.example'}}).id, 'email': 'info@d0.example',
    'mail_sending_service_id': env.ref('mail_domain_health.sending_service_odoo').id}})
company.mail_health_user_id = env.ref('base.user_admin')
env.ref('base.user_admin').email = 'admin@d0.example'
env.ref('base.partner_root').email = 'odoobot@d0.example'
env.flush_all()
env.cr.execute('''
    WITH people AS (SELECT n, 'u' || n || '@d' || n %% %s || '.example' AS email FROM generate_series(1, %s) n),
    partners AS (
        INSERT INTO res_partner (name, email, email_normalized, active, type, partner_share)
        SELECT 'User ' || n, email, email, TRUE, 'contact', FALSE FROM people RETURNING id, email)
    INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)
    SELECT partners.email, partners.id, %s, TRUE, FALSE, 'email' FROM partners RETURNING id, login
''', ({domains}, {users}, company.id))
people = env.cr.fetchall()
ids = [user for user, _login in people]
env.cr.execute('INSERT INTO res_company_users_rel (cid, user_id) SELECT %s, unnest(%s)', (company.id, ids))
for group in ('base.group_user', 'base.group_partner_manager'):
    env.cr.execute('INSERT INTO res_groups_users_rel (gid, uid) SELECT %s, unnest(%s)', (env.ref(group).id, ids))
env.invalidate_all()
env.registry.clear_cache()
tomorrow = datetime.now() + timedelta(days=1)
Keys = env['res.users.apikeys']
keys = [(login, user, Keys.with_user(user)._generate('rpc', 'week', tomorrow)) for user, login in people]
customers = env['res.partner'].create([
    {{'name': f'Customer {{n}}', 'email': f'c{{n}}@customers.test'}} for n in range({customers})])
env['mail.domain.health']._refresh()
crons.set_additional(env, '{cron}', 1)
for xmlid in {outside!r}:
    env.ref(xmlid).active = False
env.cr.commit()
with open('{answer}', 'w') as answer:
    json.dump({{'keys': keys, 'customers': customers.ids}}, answer)
"""


class Person:
    """Somebody who works through Odoo's API, as a program of theirs would."""

    def __init__(self, login: str, uid: int, key: str) -> None:
        self.login, self.uid, self._key = login, uid, key

    def call(self, odoo: Odoo, database: str, model: str, method: str, **arguments):
        request = urllib.request.Request(
            f"http://127.0.0.1:{odoo.http_port}/json/2/{model}/{method}", json.dumps(arguments).encode(),
            {"Content-Type": "application/json", "Authorization": f"bearer {self._key}", "X-Odoo-Database": database})
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.code}: {error.read().decode(errors='replace')[:20_000]}") from None


class Site:
    """The database, its servers and its people. Minutes are of the time that seems to pass."""

    def __init__(self, odoo: Odoo, database: str, log: Path, mail_server: tuple[str, int]) -> None:
        self.odoo, self.database, self.log = odoo, database, log
        mail = {"smtp_server": mail_server[0], "smtp_port": str(mail_server[1])}
        self.servers = [
            Odoo(odoo.home / name, odoo.variables, data_dir=str(odoo.home / "data"), max_cron_threads=threads, **mail)
            for name, threads in (("first", "2"), ("second", "1"))]
        self.people: list[Person] = []
        self.customers: list[int] = []
        self.events: list[Event] = []
        self._seen = self._last_message = 0
        self._children = contextlib.ExitStack()

    def sql(self, statement: str, arguments=()):
        return run_sql(self.odoo.variables, self.database, statement, arguments)

    def prepare(self, resolver: tuple[str, int], domains: int, users: int, customers: int) -> None:
        script, answer = self.odoo.home / "prepare.py", self.odoo.home / "prepared.json"
        script.write_text(PREPARE.format(
            resolver="%s:%s" % resolver, domains=domains, users=users, customers=customers, cron=CRON, outside=OUTSIDE,
            answer=answer))
        self.odoo.shell(self.database, script, what="Preparing the database")
        found = json.loads(answer.read_text())
        self.people = [Person(*person) for person in found["keys"]]
        self.customers = found["customers"]
        self.sql(WATCH)

    def __enter__(self) -> Site:
        for server in self.servers:
            self._children.enter_context(server.start("-d", self.database, log=self.log))
        self.administrators = [Client(server, self.database) for server in self.servers]
        return self

    def __exit__(self, *_) -> None:
        self._children.close()

    # Time

    def pass_time(self, minutes: float) -> None:
        """Have so much time pass, while nobody works: scheduled actions that are running end first.

        All moments that the add-on's tables and core's scheduled actions hold move into the past, also those within the JSON of
        domains, which is the same as if that time had passed for them. Dates without a time, and what else Odoo keeps
        (messages, mails), stay.
        """
        import psycopg2

        delta = timedelta(minutes=minutes)
        variables = self.odoo.variables
        parts = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        connection = psycopg2.connect(
            dbname=self.database, **{key: variables[name] for key, name in parts.items() if variables.get(name)})
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT set_config('week.passes', 'yes', true)")
                cursor.execute("SELECT id FROM ir_cron FOR UPDATE")
                cursor.execute(COLUMNS, (MODULE, MODULE))
                for table, moments, documents in cursor.fetchall():
                    if moments:
                        changes = ", ".join(f'"{name}" = "{name}" - %(delta)s' for name in moments)
                        cursor.execute(f'UPDATE "{table}" SET {changes}', {"delta": delta})  # noqa: S608
                    for name in documents or ():
                        _shift_documents(cursor, table, name, delta)
                cursor.execute("INSERT INTO week_log (kind) VALUES (%s)", (JUMP,))
        finally:
            connection.close()

    def notify(self) -> None:
        """Have core's cron look at what is due: a worker looks by itself once a minute only."""
        run_sql(self.odoo.variables, "postgres", "SELECT pg_notify('cron_trigger', %s)", (self.database,))

    def settle(self) -> None:
        """Wait until scheduled actions have nothing to do any more."""
        until, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 2:
            [[busy]] = self.sql(BUSY)
            quiet = 0 if busy else quiet + 1
            if busy:
                assert time.monotonic() < until, f"the cron is not done after {PATIENCE} s: {self.sql(WHY)}"
                self.notify()
            time.sleep(0.3)

    # What happened, as it is seen from outside

    def read_events(self) -> list[tuple[str, list[str]]]:
        """Go on with :attr:`events`; return the looks since the last call: ``[(domain, names that nobody answered about)]``,
        ``all`` where nothing was stored."""
        rows = self.sql("SELECT id, kind, domain, due, uid, missing FROM week_log WHERE id > %s ORDER BY id", (self._seen,))
        for row_id, kind, domain, due, uid, _missing in rows:
            self._seen = row_id
            self.events.append(Event(kind, domain or "", due, uid or SYSTEM))
        return [(domain, (missing or "").split()) for _id, kind, domain, _due, _uid, missing in rows if kind == LOOK]

    def read_messages(self) -> list[tuple[str, str]]:
        """What was said in the chatters of domains since the last call: ``[(domain, text)]``."""
        rows = self.sql(
            "SELECT message.id, domain.name, message.body FROM mail_message message JOIN mail_domain_health domain "
            "ON domain.id = message.res_id WHERE message.model = 'mail.domain.health' AND message.id > %s ORDER BY 1",
            (self._last_message,))
        self._last_message = rows[-1][0] if rows else self._last_message
        return [(name, body or "") for _id, name, body in rows]

    def read_notified(self) -> dict[str, int]:
        """By the subjects of messages, to how many people Odoo mailed them."""
        return dict(self.sql(
            "SELECT message.subject, count(*) FROM mail_notification notified JOIN mail_message message "
            "ON message.id = notified.mail_message_id WHERE notified.notification_type = 'email' "
            "AND notified.notification_status = 'sent' GROUP BY 1"))

    def read_activities(self, kind: str) -> dict[str, int]:
        return dict(self.sql(
            "SELECT domain.name, count(*) FROM mail_activity activity JOIN mail_domain_health domain "
            "ON domain.id = activity.res_id JOIN ir_model_data known ON known.model = 'mail.activity.type' "
            "AND known.res_id = activity.activity_type_id WHERE activity.res_model = 'mail.domain.health' AND activity.active "
            "AND known.module = %s AND known.name = %s GROUP BY 1", (MODULE, f"mail_activity_type_domain_{kind}")))

    def read_counts(self) -> dict[str, int]:
        """How many mails were counted as sent, by the domain of their author."""
        return {domain: int(count) for domain, count in self.sql(
            "SELECT coalesce(path.author_domain, split_part(sent.author_email, '@', 2), '?'), sum(sent.messages) "
            "FROM mail_domain_health_sent sent LEFT JOIN mail_domain_health_path path ON path.id = sent.path_id GROUP BY 1")}


# By table: the columns with moments, and those with JSON.
COLUMNS = """
SELECT columns.table_name,
       array_agg(columns.column_name::text) FILTER (WHERE data_type LIKE 'timestamp%%'),
       array_agg(columns.column_name::text) FILTER (WHERE data_type = 'jsonb' AND columns.table_name = 'mail_domain_health')
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND (table_name IN ('ir_cron', 'ir_cron_trigger')
       OR table_name IN (
            SELECT replace(model.model, '.', '_') FROM ir_model model JOIN ir_model_data known
                ON known.model = 'ir.model' AND known.res_id = model.id WHERE known.module = %s
               AND NOT EXISTS (SELECT FROM ir_model_data other WHERE other.model = 'ir.model' AND other.res_id = model.id
                                  AND other.module != %s)))
 GROUP BY 1
"""
_OURS = """
    SELECT cron.id, cron.nextcall FROM ir_cron cron JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
      JOIN ir_model model ON model.id = action.model_id
     WHERE cron.active AND model.model = 'mail.domain.health'
"""
# Whether anything is due, or a scheduled action is running.
BUSY = f"""
WITH ours AS ({_OURS}), moment AS (SELECT now() AT TIME ZONE 'UTC' AS now)
SELECT EXISTS (SELECT FROM ours, moment WHERE nextcall <= now)
    OR EXISTS (SELECT FROM ir_cron_trigger trigger JOIN ours ON ours.id = trigger.cron_id, moment WHERE call_at <= now)
    OR EXISTS (SELECT FROM mail_domain_health, moment WHERE active AND next_check <= now)
    OR (SELECT count(*) FROM ir_cron) != (SELECT count(*) FROM (SELECT id FROM ir_cron FOR UPDATE SKIP LOCKED) free)
"""  # noqa: S608
WHY = """
SELECT (SELECT array_agg(name) FROM mail_domain_health WHERE active AND next_check <= now() AT TIME ZONE 'UTC'),
       (SELECT array_agg(cron_id) FROM ir_cron_trigger WHERE call_at <= now() AT TIME ZONE 'UTC')
"""


def _shift_documents(cursor, table: str, column: str, delta: timedelta) -> None:
    """Move the moments that stand as text within JSON, as ``isoformat`` and Odoo write them."""
    cursor.execute(f'SELECT id, "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608
    for row_id, text in cursor.fetchall():
        moved = _MOMENT.sub(lambda found: _earlier(found[0], delta), text)
        if moved != text:
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', (moved, row_id))  # noqa: S608


def _earlier(text: str, delta: timedelta) -> str:
    moment = datetime.fromisoformat(text)
    return (moment - delta).isoformat(text[10], "microseconds" if "." in text else "seconds")
