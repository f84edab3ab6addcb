"""With OCA's `queue_job` installed, in a database of its own: the bridge, and two Odoo servers of which one is killed."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter

import python_packages
from odoo_process import MODULE, dependencies, module_state
from places import engine
from several_servers import DOMAINS, NAMES, ZONE, Place, Server
from speech import say
from suite_odoo import new_log, run_tests
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo

BRIDGE = f"{MODULE}_queue_job"
DELAY = 0.15  # seconds that every DNS answer takes: a batch is in the middle for a while
AT_ONCE = 2  # jobs
CLAIM = "15 minutes"  # checking/claiming.py
LEFT = {
    "records": "SELECT name FROM ir_model_data WHERE module = %s",
    "jobs": "SELECT id FROM queue_job WHERE model_name = 'mail.domain.health' AND %s <> ''",
    "channels": "SELECT id FROM queue_job_channel WHERE name = 'mail_domain_health' AND %s <> ''",
    "functions": "SELECT id FROM queue_job_function WHERE method = '_check_batch_as_job' AND %s <> ''",
}


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: Odoo's --test-tags, to run some of the bridge's own tests."""
    sys.path.insert(0, str(engine()))
    from mailauth.tests.dns_server import DnsServer

    log, tally = new_log("queue_job"), Tally()
    with DnsServer(dict.fromkeys(NAMES, ZONE)) as dns, fresh_odoo(dependencies()) as (odoo, database):
        place = Place(odoo, database, log, python_packages.queue_job())
        say("The bridge to OCA's job queue ...")
        place.install(f"queue_job,{MODULE}")
        tally.attempt("queue_job", bridge_comes_by_itself, place)
        ran = run_tests(odoo, database, log, ",".join(arguments or []) or f"/{BRIDGE}", "-u", BRIDGE, place.more,
                        PYTHONPATH=place.path)
        tally.add(ran)
        if not ran.passed and not ran.failed:
            tally.fail("queue_job: no test ran", f"see {log}")
        if not arguments:
            say(f"Two servers and {DOMAINS} domains, and one of them killed in the middle ...")
            place.prepare("%s:%s" % dns.address)
            tally.attempt("queue_job", killed_server_loses_nothing_and_doubles_nothing, place, dns)
            tally.attempt("queue_job", scheduled_check_works_where_no_queue_is_loaded, place, dns)
            tally.attempt("queue_job", uninstalling_the_bridge_leaves_nothing, place)
    say(f"  log: {log}")
    return tally


def _with_queue(place: Place, name: str) -> Server:
    """A server that runs jobs, too."""
    channels = f"root:{AT_ONCE + 2},root.mail_domain_health:{AT_ONCE}"
    return Server(place, name, {"ODOO_QUEUE_JOB_CHANNELS": channels, "ODOO_QUEUE_JOB_HOST": "127.0.0.1"},
                  server_wide_modules="base,rpc,web,queue_job")


def bridge_comes_by_itself(place: Place) -> None:
    assert module_state(place.odoo.variables, place.database, BRIDGE) == "installed"


def killed_server_loses_nothing_and_doubles_nothing(place: Place, dns) -> None:
    """The other server takes over: the queue finds the dead jobs, and what they had taken is due again after its claim."""
    dns.delay = DELAY
    dns.log.clear()
    with contextlib.ExitStack() as servers:
        first = servers.enter_context(_with_queue(place, "first"))
        servers.enter_context(_with_queue(place, "second"))
        place.wake()
        place.wait_until(lambda: place.checked() >= 100, "the first hundred")
        assert place.jobs()["done"], "the queue did it, and nobody else"
        first.kill()
        before = place.checked()
        assert before < DOMAINS, "all was done by then, which proves nothing"
        place.wait_until(lambda: not place.sql(
            "SELECT id FROM mail_domain_health WHERE next_check <= now() AT TIME ZONE 'UTC' AND active LIMIT 1")
            and not set(place.jobs()) - {"done"}, "the rest")
        lost = DOMAINS - place.checked()
        assert lost <= AT_ONCE * 50, f"{lost} are more than the killed server had in hand"
        # The time passes that a claim lasts.
        place.sql("UPDATE mail_domain_health SET next_check = next_check - %s::interval WHERE attempts = 0 RETURNING id", CLAIM)
        place.wake()
        place.wait_until(lambda: place.checked() == DOMAINS and not set(place.jobs()) - {"done"}, "what was lost")
    attempts = Counter(row[0] for row in place.sql("SELECT attempts FROM mail_domain_health WHERE name = ANY(%s)", NAMES))
    assert attempts == {1: DOMAINS}, attempts
    asked = Counter(name for name, rdtype in dns.log if name.startswith("_dmarc.d") and rdtype == "TXT")
    twice = sum(times > 1 for times in asked.values())
    assert twice <= AT_ONCE * 50, f"{twice} were asked about twice: more than the killed server had in hand"
    say(f"  {before} of {DOMAINS} were checked when the server was killed; asked about twice: {twice}; none was stored twice")


def scheduled_check_works_where_no_queue_is_loaded(place: Place, dns) -> None:
    """The module is installed, and nobody runs the jobs: after a while the scheduled check does their work."""
    dns.delay = 0
    some = NAMES[:60]
    place.sql("UPDATE mail_domain_health SET next_check = now() AT TIME ZONE 'UTC' WHERE name = ANY(%s) RETURNING id", some)
    with place.odoo.start("-d", place.database, place.more, log=place.log, extra_env={"PYTHONPATH": place.path}):
        Client(place.odoo, place.database)
        place.wake()
        place.wait_until(lambda: place.jobs()["pending"] == 2, "jobs that nobody runs")
        # Five minutes pass.
        place.sql("UPDATE queue_job SET date_created = date_created - interval '6 minutes' WHERE state = 'pending' RETURNING id")
        place.sql("UPDATE queue_job SET date_started = date_started - interval '6 minutes',"
                  " date_done = date_done - interval '6 minutes' WHERE state = 'done' RETURNING id")
        place.wake()
        twice = "SELECT count(*) FROM mail_domain_health WHERE attempts = 2 AND name = ANY(%s)"
        place.wait_until(lambda: place.sql(twice, some)[0][0] == len(some), "the check")


def uninstalling_the_bridge_leaves_nothing(place: Place) -> None:
    before = {what: bool(place.sql(statement, BRIDGE)) for what, statement in LEFT.items()}
    assert all(before.values()), before
    with place.odoo.start("-d", place.database, place.more, log=place.log, extra_env={"PYTHONPATH": place.path}):
        client = Client(place.odoo, place.database)
        modules = client.call("ir.module.module", "search", [[("name", "=", BRIDGE)]])
        client.call("ir.module.module", "button_immediate_uninstall", [modules])
    left = {what: place.sql(statement, BRIDGE) for what, statement in LEFT.items()}
    assert not any(left.values()), left
    states = {name: module_state(place.odoo.variables, place.database, name) for name in (MODULE, "queue_job")}
    assert set(states.values()) == {"installed"}, states
