"""Killing what the scheduled check runs on, at random moments, and seeing that nothing is lost and nothing doubled.

A real Odoo with its own processes (master, HTTP worker, cron worker), a real PostgreSQL, a real DNS server on loopback.
Only time is helped along: between runs all that the add-on's tables and core's cron know as a time is moved into the past,
which is the same as waiting (for a killed worker's claim to end, for the second look at a break).
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import postgres
from children import Child
from fault_disk import SmallDisk
from odoo_process import Odoo
from postgres import run_sql
from speech import Missing, say

HEALTHY = ("@ MX 10 mail", "mail A 192.0.2.10", '@ TXT "v=spf1 include:_spf.odoo.com ~all"',
           "odoo._domainkey CNAME odoo._domainkey.odoo.com.")
POLICY = '_dmarc TXT "v=DMARC1; p=none"'
CRON = "mail_domain_health.ir_cron_mail_domain_health_check"
DAY = 25 * 60  # minutes: whatever was looked at is due again
PATIENCE = 240  # seconds for a run to begin, and for it to end
# How many of each kind for every forty processes that are killed. A server that the user named (PGHOST) is not killed.
FAULTS = {
    "cron worker": 18, "node": 8, "server process of PostgreSQL": 8, "PostgreSQL": 6, "connections": 8, "disk": 6}
KILLS = ("cron worker", "node", "server process of PostgreSQL", "PostgreSQL")
STORED = ("mail_domain_health", "mail_domain_health_check", "mail_domain_health_finding", "mail_message", "mail_activity")
NO_ROOM = "No space left on device"  # what PostgreSQL's log says
LEFT = (0, 64 << 10, 512 << 10)  # bytes that are left on a disk that gets full, one time after the other
# Without a disk of our own: one row in fifty cannot be stored.
DISK_FULL = """
CREATE OR REPLACE FUNCTION fault_disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF random() < 0.02 THEN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NEW;
END $$"""
# One transaction, which waits for the lock that core holds while a run goes on.
LET_PASS = """
SELECT id FROM ir_cron WHERE id = (SELECT res_id FROM ir_model_data WHERE module || '.' || name = '{cron}') FOR UPDATE;
UPDATE mail_domain_health SET {columns}, announced = CASE WHEN announced::text LIKE '%%pending_since%%' THEN (
    SELECT jsonb_object_agg(area, known || jsonb_strip_nulls(jsonb_build_object('pending_since',
           to_char((known->>'pending_since')::timestamp - {passed}, 'YYYY-MM-DD"T"HH24:MI:SS'))))
      FROM jsonb_each(announced) AS areas(area, known)) ELSE announced END;
UPDATE ir_cron_trigger SET call_at = call_at - {passed};
"""
# Runs in `odoo shell`: one company whose users write from all the domains.
PREPARE = """
company = env.ref('base.main_company')
company.write({{
    'alias_domain_id': env['mail.alias.domain'].create({{'name': 'd0.example'}}).id,
    'mail_sending_service_id': env.ref('mail_domain_health.sending_service_odoo').id}})
company.mail_health_user_id = env.ref('base.user_admin')
users = env['res.users'].with_context(no_reset_password=True).create([
    {{'name': f'User {{n}}', 'login': f'jim@d{{n}}.example', 'email': f'jim@d{{n}}.example'}} for n in range(1, {domains})])
env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '{resolver}')
env['ir.cron'].search([('id', '!=', env.ref('{cron}').id)]).active = False
env['mail.domain.health']._refresh()
env.cr.commit()
"""


class Site:
    """The servers, the database and the node that are killed and started again."""

    def __init__(self, odoo: Odoo, database: str, log: Path, dns, domains: int) -> None:
        self.odoo, self.database, self.log, self.dns = odoo, database, log, dns
        self.names = [f"d{number}.example" for number in range(domains)]
        self.node: Child | None = None
        self.cluster: postgres.Cluster | None = None
        self.disk: SmallDisk | None = None  # of PostgreSQL, where that is possible
        self.broken: set[str] = set()
        self.filled = 0  # times that the disk was
        self.refused = 0  # times that PostgreSQL said so

    def sql(self, statement: str, arguments=(), database: str | None = None):
        """What :func:`run_sql` gives, once PostgreSQL is there: it may be starting anew."""
        def ask():
            if self.cluster and not self.cluster.child.running():  # it gave up: an administrator starts it again
                self._start_postgres()
            return run_sql(self.odoo.variables, database or self.database, statement, arguments)

        return _until(ask)

    def publish(self, broken: set[str]) -> None:
        for name in self.names:
            self.dns.set_zone(name, "\n".join((*HEALTHY, *(() if name in broken else (POLICY,)))))
        self.broken = broken

    def prepare(self) -> None:
        """Have Odoo send as all the domains, and PostgreSQL keep what it says that it keeps."""
        script = self.odoo.home / "prepare.py"
        script.write_text(PREPARE.format(domains=len(self.names), resolver="%s:%s" % self.dns.address, cron=CRON))
        self.publish(set())
        self.odoo.shell(self.database, script, what="Preparing the database")
        self.sql(f'ALTER DATABASE "{self.database}" SET synchronous_commit = on', database="postgres")
        if postgres.named_server():
            say("  a full disk is played by a trigger: the data of the server that PGHOST names are left alone")
            return
        for setting, value in (("max_wal_size", "64MB"), ("min_wal_size", "32MB")):
            self.sql(f"ALTER SYSTEM SET {setting} = '{value}'", database="postgres")
        data = self._data()
        self._end_postgres(signal.SIGINT)
        self.cluster = postgres.Cluster(data.parent)
        self.cluster.wait_for_predecessor()
        try:
            self.disk = SmallDisk(data)
        except Missing as missing:
            say(f"  a full disk is played by a trigger: {missing}")
        self._start_postgres()

    # Processes

    def start_node(self) -> None:
        """Core's master and its cron worker; nobody comes by HTTP."""
        self.node = self.odoo.start("-d", self.database, "--workers=1", "--max-cron-threads=1", "--no-http", log=self.log)

    def supervise(self) -> None:
        """Start a node that has ended: core's master does where it finds no PostgreSQL just as it starts a worker."""
        if not self.node.running():
            self.stop_node()
            self.start_node()

    def stop_node(self) -> None:
        if self.node:
            self.node.stop()
            self.node = None

    def kill_node(self) -> None:
        """All processes of the node at once, as a machine that loses its power."""
        for pid in _family(self.node.process.pid)[1:]:  # the keeper itself only waits
            _kill(pid)
        self.node.wait(30)
        self.stop_node()
        self.start_node()

    def kill_cron_worker(self) -> None:
        """The process that listens for core's cron to be woken; core starts another."""
        _until(lambda: _kill(int(self._one_of(
            "SELECT application_name FROM pg_stat_activity WHERE datname = 'postgres' AND application_name LIKE 'odoo-%%'"
            ).rpartition("-")[2])))

    def kill_server_process(self) -> None:
        """One that works for Odoo: PostgreSQL then starts all of itself anew, from its log."""
        _until(lambda: _kill(self._one_of(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'odoo-%%'")))

    def _one_of(self, statement: str):
        """The value of a row that a query finds, drawn by chance; raises :class:`Missing` where there is none."""
        rows = self.sql(statement)
        if not rows:
            raise Missing(f"nothing to kill: {statement}")
        return random.choice(rows)[0]

    def kill_postgres(self) -> None:
        """The server itself; its other processes end when they notice."""
        data = self._data()
        self._end_postgres(signal.SIGKILL)
        if self.cluster:
            self.cluster.child.stop()
        self.cluster = postgres.Cluster(data.parent)
        _until(self._start_postgres)  # the last of its processes may not have noticed yet

    def _data(self) -> Path:
        [[data]] = self.sql("SHOW data_directory", database="postgres")
        return Path(data)

    def _end_postgres(self, how: int) -> None:
        _kill(int((self._data() / "postmaster.pid").read_text().split()[0]), how)

    def _start_postgres(self) -> None:
        self.cluster.__enter__()

    def cut_connections(self) -> None:
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() AND backend_type = %s",
                 ("client backend",), "postgres")

    def fill_disk(self) -> None:
        """Two seconds during which the disk is full. PostgreSQL may refuse to store, and it may end, too."""
        if not self.disk:
            self._refuse_rows()
            return
        before = self._refusals()
        self.disk.fill(LEFT[self.filled % len(LEFT)])
        self.filled += 1
        time.sleep(2)
        self.refused += self._refusals() - before
        self.disk.make_room()

    def _refusals(self) -> int:
        return self.cluster.log.read_text(errors="replace").count(NO_ROOM)

    def _refuse_rows(self) -> None:
        """A trigger raises what PostgreSQL says of a full disk."""
        self.sql(DISK_FULL)
        for table in STORED:
            self.sql(f"CREATE TRIGGER fault_disk_full BEFORE INSERT OR UPDATE ON {table} "
                     "FOR EACH ROW EXECUTE FUNCTION fault_disk_full()")
        time.sleep(2)
        for table in STORED:
            self.sql(f"DROP TRIGGER fault_disk_full ON {table}")

    def stop(self) -> None:
        self.stop_node()
        if self.cluster:
            self.cluster.__exit__()
        if self.disk:
            self.disk.remove()

    # Time, and core's cron

    def let_pass(self, minutes: float) -> None:
        """Have so much time pass, for the domains and for what wakes core's cron; a run that is going on ends first."""
        columns = [name for [name] in self.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'mail_domain_health' "
            "AND data_type LIKE 'timestamp%%'")]
        self.sql(LET_PASS.format(passed=f"interval '{minutes} minutes'", cron=CRON, columns=", ".join(
            f"{name} = {name} - interval '{minutes} minutes'" for name in columns)))

    def begin_run(self) -> int:
        """Wake core's cron until a run has begun; return its id."""
        [[last]] = self.sql("SELECT coalesce(max(id), 0) FROM mail_domain_health_run")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.supervise()
            self.wake()
            for _attempt in range(5):
                time.sleep(0.2)
                [[newest]] = self.sql("SELECT coalesce(max(id), 0) FROM mail_domain_health_run")
                if newest > last:
                    return newest
        raise AssertionError(f"no run began within {PATIENCE} s")

    def wake(self) -> None:
        self.sql("INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, now() AT TIME ZONE 'UTC' "
                 "FROM ir_model_data WHERE module || '.' || name = %s", (CRON,))
        self.notify()

    def notify(self) -> None:
        self.sql("SELECT pg_notify('cron_trigger', %s)", (self.database,), "postgres")

    def end_run(self, run: int) -> None:
        """Wait until a run, this one or what core's cron lets follow it at once, says that nothing is left to do."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.sql("SELECT id FROM mail_domain_health_run WHERE id >= %s AND ended IS NOT NULL AND remaining = 0", (run,)):
                return
            self.supervise()
            self.notify()  # what is left is done at once, and not when core's cron looks again by itself
            time.sleep(0.5)
        raise AssertionError(f"the run did not end within {PATIENCE} s")


def odoo_zone(key: str) -> str:
    """What Odoo's own mail servers publish, with a public key as it stands in ``p=``."""
    record = f"v=DKIM1; k=rsa; p={key}"
    strings = " ".join(f'"{record[start:start + 255]}"' for start in range(0, len(record), 255))
    return f'_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"\nodoo._domainkey TXT {strings}\n'


def _until(attempt: Callable):
    """What it gives, tried again until PostgreSQL is there."""
    import psycopg2

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except (Missing, psycopg2.OperationalError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _kill(pid: int, how: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def _family(pid: int) -> list[int]:
    """A process and all that it started, it first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            text = stat.read_text()
            children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(text.split()[0]))
    family = [pid]
    for one in family:
        family += children.get(one, [])
    return family


# What was stored and said

def counts(site: Site) -> dict[str, dict[str, int]]:
    """By kind of row, how many each domain has."""
    messages = ("SELECT domain.name, count(*) FROM mail_message message JOIN mail_domain_health domain "
                "ON domain.id = message.res_id WHERE message.model = 'mail.domain.health' AND message.body LIKE '%%<strong>%%' "
                "GROUP BY domain.name")
    history = ("SELECT domain.name, count(*) FROM mail_domain_health_check history "
               "JOIN mail_domain_health domain ON domain.id = history.domain_id GROUP BY domain.name")
    activities = ("SELECT domain.name, count(*) FROM mail_activity activity JOIN mail_domain_health domain "
                  "ON domain.id = activity.res_id WHERE activity.res_model = 'mail.domain.health' AND activity.active "
                  "GROUP BY domain.name")
    findings = ("SELECT domain.name, count(*) FROM mail_domain_health_finding finding JOIN mail_domain_health domain "
                "ON domain.id = finding.domain_id WHERE finding.code = 'dmarc.missing' AND finding.resolved_on IS NULL "
                "GROUP BY domain.name")
    return {kind: dict(site.sql(statement)) for kind, statement in (
        ("messages", messages), ("history", history), ("activities", activities), ("findings", findings))}


def audit(names: list[str], flipped: set[str], broken: set[str], before: dict, after: dict) -> tuple[list[str], list[str]]:
    """What was lost and what was doubled, in words: each flip is one message and one row of history, each break one activity
    and one finding."""
    lost, doubled = [], []
    for name in names:
        for kind in ("messages", "history"):
            came, due = after[kind].get(name, 0) - before[kind].get(name, 0), int(name in flipped)
            _compare(f"{name}: {kind}", came, due, lost, doubled)
        for kind in ("activities", "findings"):
            _compare(f"{name}: {kind}", after[kind].get(name, 0), int(name in broken), lost, doubled)
    return lost, doubled


def _compare(what: str, came: int, due: int, lost: list[str], doubled: list[str]) -> None:
    if came != due:
        (lost if came < due else doubled).append(f"{what}: {came} instead of {due}")


def twice(site: Site) -> list[str]:
    """Rows that stand there twice."""
    found = site.sql("SELECT domain_id, code, name, count(*) FROM mail_domain_health_finding "
                     "GROUP BY domain_id, company_id, code, name HAVING count(*) > 1")
    found += site.sql("SELECT domain_id, date, 'history', count(*) FROM mail_domain_health_check "
                      "GROUP BY domain_id, date HAVING count(*) > 1")
    return [f"twice: {row}" for row in found]


class Outcome:
    """What became of all faults."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.unchecked: list[str] = []
        self.faults: dict[str, int] = dict.fromkeys(FAULTS, 0)
        self.hits = 0  # faults that a run did not get to its end because of, or not without failing
        self.flips = 0
        self.seconds = 0.0


def torment(site: Site, kills: int, seed: int, rounds: int) -> Outcome:
    """Kill, so many times in so many rounds, and look after each round at what is there."""
    chance, outcome, began = random.Random(f"{seed} kills"), Outcome(), time.monotonic()
    random.seed(seed)
    shares = {kind: share for kind, share in FAULTS.items() if not (postgres.named_server() and "PostgreSQL" in kind)}
    of_kills = sum(share for kind, share in shares.items() if kind in KILLS)
    todo = [kind for kind, share in shares.items() for _number in range(max(1, math.ceil(share * kills / of_kills)))]
    chance.shuffle(todo)
    site.start_node()
    _run_all(site, outcome, "the first look")
    site.let_pass(DAY)
    run = site.begin_run()
    site.end_run(run)
    [[undisturbed]] = site.sql(
        "SELECT extract(epoch FROM max(ended) - min(started))::float FROM mail_domain_health_run WHERE id >= %s", (run,))
    say(f"  a run that nobody disturbs takes {undisturbed:.1f} s")
    for number in range(rounds):
        before = counts(site)
        flipped = set(chance.sample(site.names, len(site.names) // 3))
        site.publish(site.broken ^ flipped)
        outcome.flips += len(flipped)
        for kind in todo[number::rounds]:
            site.let_pass(DAY)
            run = site.begin_run()
            time.sleep(chance.uniform(0, undisturbed * (0.5 if kind == "disk" else 1.0)))  # a disk before it is stored
            _inflict(site, kind)
            outcome.faults[kind] += 1
            outcome.hits += bool(site.sql(
                "SELECT id FROM mail_domain_health_run WHERE id = %s AND (ended IS NULL OR failed > 0)", (run,)))
        for what in ("the run after the faults", "the second look"):
            site.let_pass(DAY)
            _run_all(site, outcome, f"round {number + 1}, {what}")
        lost, doubled = audit(site.names, flipped, site.broken, before, counts(site))
        outcome.lost += [f"round {number + 1}: {line}" for line in lost]
        outcome.doubled += [f"round {number + 1}: {line}" for line in (*doubled, *twice(site))]
        say(f"  round {number + 1} of {rounds}: {len(todo[number::rounds])} faults, {len(lost)} lost, {len(doubled)} doubled "
            f"({time.monotonic() - began:.0f} s)")
    outcome.seconds = time.monotonic() - began
    return outcome


def _inflict(site: Site, kind: str) -> None:
    {"cron worker": site.kill_cron_worker, "node": site.kill_node, "server process of PostgreSQL": site.kill_server_process,
     "PostgreSQL": site.kill_postgres, "connections": site.cut_connections, "disk": site.fill_disk}[kind]()


def _run_all(site: Site, outcome: Outcome, what: str) -> None:
    """One run, undisturbed: when it says that nothing is left, every domain was looked at since it began."""
    [[begun]] = site.sql("SELECT now() AT TIME ZONE 'UTC'")
    site.end_run(site.begin_run())
    unchecked = site.sql("SELECT name FROM mail_domain_health WHERE active AND name = ANY(%s) "
                         "AND (last_check IS NULL OR last_check < %s - interval '1 second')", (site.names, begun))
    known = site.sql("SELECT count(*) FROM mail_domain_health WHERE active AND name = ANY(%s)", (site.names,))
    outcome.unchecked += [f"{what}: {name}" for [name] in unchecked]
    if known[0][0] != len(site.names):
        outcome.lost.append(f"{what}: {known[0][0]} of {len(site.names)} domains are watched")
