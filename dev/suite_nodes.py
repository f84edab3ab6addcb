"""Two Odoo servers on one database share the checks by additional scheduled actions: nobody looks at a domain twice."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from odoo_process import MODULE, dependencies
from places import engine
from several_servers import NAMES, ZONE, Place, Server
from speech import say
from suite_odoo import new_log
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo

MINUTES = 1.0
DELAY = 0.05  # seconds that every DNS answer takes: batches of both are under way at the same time
SOME = 80  # domains that become due together
EVERY = 3.0  # seconds
ADDITIONAL = 2  # scheduled actions besides the first: as many as leave each server one to do


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: for how many minutes."""
    sys.path.insert(0, str(engine()))
    from mailauth.tests.dns_server import DnsServer

    minutes = float(arguments[0]) if arguments else MINUTES
    log, tally = new_log("nodes"), Tally()
    with DnsServer(dict.fromkeys(NAMES, ZONE), delay=DELAY) as dns, fresh_odoo(dependencies()) as (odoo, database):
        say(f"Two servers on one database for {minutes:g} min ...")
        place = Place(odoo, database, log)
        place.install(MODULE)
        place.prepare("%s:%s" % dns.address)
        tally.attempt("nodes", two_servers_share_the_checks_and_look_at_nothing_twice, place, dns, minutes)
    say(f"  log: {log}")
    return tally


def two_servers_share_the_checks_and_look_at_nothing_twice(place: Place, dns, minutes: float) -> None:
    chance, due = random.Random(minutes), Counter(NAMES)
    with Server(place, "first", max_cron_threads="2") as first, Server(place, "second", max_cron_threads="2") as second:
        client = Client(first.odoo, place.database)
        settings = client.call("res.config.settings", "create", [{"mail_domain_health_additional_workers": ADDITIONAL}])
        client.call("res.config.settings", "execute", [settings])
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            # What somebody has claimed, or has still to look at, is left alone.
            due.update(name for [name] in place.sql("""
                UPDATE mail_domain_health SET next_check = now() AT TIME ZONE 'UTC'
                 WHERE name = ANY(%s) AND next_check > now() AT TIME ZONE 'UTC' + interval '20 minutes' RETURNING name
                """, chance.sample(NAMES, SOME)))
            place.wake()
            time.sleep(EVERY)
        place.wait_until(lambda: not place.sql("""
            SELECT id FROM mail_domain_health WHERE active AND next_check <= now() AT TIME ZONE 'UTC' + interval '15 minutes'
               AND name = ANY(%s) LIMIT 1""", NAMES), "the last look")
        both = [server.log.read_text(encoding="utf-8", errors="replace").count("Email Domain Health: check the domains in use")
                for server in (first, second)]
    looks = dict(place.sql("SELECT name, attempts FROM mail_domain_health WHERE name = ANY(%s)", NAMES))
    wrong = {name: (times, looks[name]) for name, times in due.items() if looks[name] != times}
    assert not wrong, f"name: (times due, times looked at): {dict(list(wrong.items())[:10])}, {len(wrong)} in all"
    assert all(both), f"one of the two did nothing: {both}"
    asked = Counter(name for name, rdtype in dns.log if name.startswith("_dmarc.d") and rdtype == "TXT")
    say(f"  {sum(due.values())} looks at {len(due)} domains by two servers ({both[0]} and {both[1]} lines of their logs); "
        f"twice: {sum(looks.values()) - sum(due.values())}; DNS was asked {sum(asked.values())} times for a DMARC record")
