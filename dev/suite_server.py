"""What only a real server can show: two requests at once, the cron that runs after an installation, the demo story of reports."""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.request

import demo_reports
from odoo_process import MODULE, Odoo, dependencies
from places import DEV, engine
from postgres import run_sql
from speech import say
from suite_odoo import new_log
from tally import Tally
from test_database import fresh_odoo

PARAMETER = "mail_domain_health.nameservers"
DELAY = 0.3  # seconds that every DNS answer takes
HEALTHY = """
@ MX 10 mail
mail A 198.51.100.25
@ TXT "v=spf1 ip4:198.51.100.0/24 ~all"
_dmarc TXT "v=DMARC1; p=none"
"""
BARE = "@ MX 10 mail\nmail A 198.51.100.26\n"
# Runs in `odoo shell` before the server starts.
PREPARE = """
env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '{resolver}')
env['mail.alias.domain'].create({{'name': 'healthy.example'}})
bare = env['res.company'].create({{'name': 'Bare'}})
bare.alias_domain_id = env['mail.alias.domain'].create({{'name': 'bare.example'}})
bare.mail_sending_service_id = env.ref('mail_domain_health.sending_service_odoo')
env.ref('base.user_admin').company_ids |= bare
env.cr.commit()
"""


def run() -> Tally:
    """Installs the module, starts a server with its cron, and talks to it as browsers do."""
    tally = Tally()
    sys.path.insert(0, str(engine()))
    from mailauth.tests.dns_server import DnsServer

    log = new_log("server")
    with DnsServer({"healthy.example": HEALTHY, "bare.example": BARE}) as dns, fresh_odoo(dependencies()) as (odoo, database):
        say("A real server: two people at once, and the first look after installing ...")
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        script = odoo.home / "prepare.py"
        script.write_text(PREPARE.format(resolver="%s:%s" % dns.address))
        odoo.shell(database, script, what="Preparing the database")
        with odoo.start("-d", database, log=log):
            client = Client(odoo, database)
            # A cron worker that has just started sleeps for up to a minute before it first looks.
            run_sql(odoo.variables, "postgres", "SELECT pg_notify('cron_trigger', %s)", (database,))
            for test in (
                    first_look_is_not_empty, two_at_once_ask_dns_once, two_who_watch_ask_dns_once,
                    nothing_is_locked_while_a_look_waits_for_dns):
                tally.attempt("server", test, client, dns)
        say('The demo story "reports" ...')
        tally.attempt("server", the_story_of_reports_is_read_as_it_is_told, odoo, database, dns)
    return tally


def the_story_of_reports_is_read_as_it_is_told(odoo: Odoo, database: str, dns) -> None:
    """Ninety days of six receivers are counted, one report of nobody knows whom is not, and each source of the story is there."""
    dns.delay = 0
    for name in (demo_reports.DOMAIN, "outside/odoo.com", "outside/brevo.com"):
        zone = DEV / "zones" / f"{name}.zone"
        dns.set_zone(zone.stem, zone.read_text(encoding="utf-8"))
    odoo.shell(database, DEV / "demo_data.py", what="Telling the story", DEMO_FOLDER=str(DEV), DEMO_STORY="reports")

    def count(statement):
        return dict(run_sql(odoo.variables, database, statement))

    states = count("SELECT state, count(*) FROM mail_domain_health_report GROUP BY 1")
    assert states == {"counted": demo_reports.DAYS * len(demo_reports.RECEIVERS), "unverified": 1}, states
    names = count("SELECT name, is_trusted FROM mail_domain_health_reporter")
    assert names == {domain: True for domain, _name, _share in demo_reports.RECEIVERS}, names
    sources = count("SELECT source, sum(messages) FROM mail_domain_health_volume GROUP BY 1")
    told = {*demo_reports.OWN, *demo_reports.FORGOTTEN, demo_reports.FORWARDER, demo_reports.LIST, demo_reports.NEWCOMER}
    assert told <= sources.keys(), told - sources.keys()
    assert demo_reports.UNPROVEN not in sources, sources
    days = count("SELECT date, sum(messages) FROM mail_domain_health_volume GROUP BY 1")
    assert len(days) == demo_reports.DAYS and all(days.values()), days


def first_look_is_not_empty(client: Client, dns) -> None:
    """The cron that the installation triggered checks the domains in use by itself."""
    domain = client.wait_for("mail.domain.health", "search_read",
                             [[("name", "=", "healthy.example"), ("last_check", "!=", False)]], fields=["state"])
    assert domain[0]["state"] != "fail", domain


def two_at_once_ask_dns_once(client: Client, dns) -> None:
    """Two people press Check now: one looks, the other is told so and sees the same result."""
    [domain] = client.call("mail.domain.health", "search", [[("name", "=", "healthy.example")]])
    answers = {}

    def press(who):
        answers[who] = Client(client.odoo, client.database).call("mail.domain.health", "check_now", [[domain]])

    press("warm-up")
    dns.delay = DELAY
    dns.log.clear()
    press("alone")
    alone = sorted(dns.log)
    dns.log.clear()
    people = [threading.Thread(target=press, args=(who,)) for who in ("first", "second")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    dns.delay = 0
    assert sorted(dns.log) == alone, f"{len(dns.log)} questions instead of {len(alone)}"
    busy = [answers[who]["busy"] for who in ("first", "second")]
    assert sorted(busy) == [False, True], busy
    checked = answers["first" if not answers["first"]["busy"] else "second"]
    seen = client.call("mail.domain.health", "read_box", [[domain]])
    assert seen["overview"]["attempt"] == checked["overview"]["attempt"], (seen, checked)


def two_who_watch_ask_dns_once(client: Client, dns) -> None:
    """Two browsers show what to publish: each record is asked about once, and both see the same."""
    domain = _bare(client)
    client.call("mail.domain.health", "look_at_records", [[domain]])  # the rows are there from now on
    _forget_who_asked(client)
    dns.delay = DELAY
    dns.log.clear()
    watchers = [Client(client.odoo, client.database) for _number in range(2)]
    answers = []
    people = [
        threading.Thread(target=lambda watcher=watcher: answers.append(
            watcher.call("mail.domain.health", "look_at_records", [[domain]]))) for watcher in watchers]
    for person in people:
        person.start()
    for person in people:
        person.join()
    dns.delay = 0
    asked = dns.count("_dmarc.bare.example", "TXT")
    assert asked == 1, f"asked {asked} times: {dns.log}"
    keys = [[row["key"] for row in answer["rows"]] for answer in answers]
    assert len(keys) == 2 and keys[0] and keys[0] == keys[1], keys


def nothing_is_locked_while_a_look_waits_for_dns(client: Client, dns) -> None:
    """Whoever writes meanwhile does not wait for somebody else's name servers."""
    domain = _bare(client)
    _forget_who_asked(client)
    dns.delay = 3 * DELAY
    dns.log.clear()
    watcher = Client(client.odoo, client.database)
    person = threading.Thread(target=watcher.call, args=("mail.domain.health", "look_at_records", [[domain]]))
    person.start()
    while not dns.log and person.is_alive():
        time.sleep(0.01)
    for table in ("mail_domain_health", "mail_domain_health_record"):
        assert run_sql(client.odoo.variables, client.database, f"SELECT id FROM {table} FOR UPDATE NOWAIT")  # noqa: S608
    assert person.is_alive(), "the look was over already, which proves nothing"
    person.join()
    dns.delay = 0


def _bare(client: Client) -> int:
    [domain] = client.call("mail.domain.health", "search", [[("name", "=", "bare.example")]])
    [read] = client.call("mail.domain.health", "read", [[domain], ["last_check"]])
    if not read["last_check"]:
        client.call("mail.domain.health", "check_now", [[domain]])
    return domain


def _forget_who_asked(client: Client) -> None:
    run_sql(client.odoo.variables, client.database, "UPDATE mail_domain_health_record SET asked_on = NULL RETURNING id")


class Client:
    """A logged-in browser, without the screen."""

    def __init__(self, odoo: Odoo, database: str) -> None:
        self.odoo, self.database = odoo, database
        self.base = f"http://127.0.0.1:{odoo.http_port}"
        self.cookie = ""
        self._authenticate()

    def _authenticate(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self._post("/web/session/authenticate", {"db": self.database, "login": "admin", "password": "admin"})
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def call(self, model: str, method: str, args: list, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def wait_for(self, *call, seconds: float = 150, **kwargs):
        """The first answer that is not empty."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.call(*call, **kwargs)
            if answer:
                return answer
            time.sleep(0.5)
        raise AssertionError(f"nothing after {seconds} s: {call}")

    def _post(self, path: str, params: dict):
        request = urllib.request.Request(
            self.base + path, json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            {"Content-Type": "application/json", "Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=60) as response:
            for header in response.headers.get_all("Set-Cookie") or ():
                if header.startswith("session_id="):
                    self.cookie = header.partition(";")[0]
            answer = json.load(response)
        if "error" in answer:
            raise AssertionError(answer["error"]["data"].get("debug") or answer["error"])
        return answer["result"]
