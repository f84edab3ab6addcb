"""Domains of contacts: gathering those of half a million contacts, and asking about ten thousand of them.

The contacts are generated: each domain has one, the rest are distributed over them as Zipf's law has it. DNS takes 20 ms
for each answer and is another process. Memory is the worker's resident memory, Odoo itself included, and what the work added.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _name_server import name_server  # noqa: E402
from _rows import parser, row, show  # noqa: E402

import python_packages  # noqa: E402
from mailauth import Resolver  # noqa: E402
from mailauth.contact import check_contact_domains  # noqa: E402
from mailauth.contact.pace import QUESTIONS, QUESTIONS_PER_SECOND, QUESTIONS_PER_ZONE_SERVER  # noqa: E402
from mailauth.dns.window import START  # noqa: E402
from odoo_process import MODULE, dependencies  # noqa: E402
from speech import Missing  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

CONTACTS, DOMAINS = 500_000, 100_000
ASKED = 10_000  # of these domains
DELAY = 0.020  # seconds for each answer
MAX_REFRESH, MAX_REFRESH_MEMORY = 8.0, 300.0  # seconds, MiB
MAX_CHECKS, MAX_CHECKS_MEMORY, MAX_QUERIES = 40.0, 120.0, 2.0  # seconds, MiB, SQL queries a domain
MAX_QUESTIONS = 4.0  # to DNS, a domain
PEER, MIN_RATIO = 200, 10.0  # domains that checkdmarc is given, and how many times our CPU it takes at least
TURNS = 5  # of both; the best counts, for whatever else this machine does only makes it worse
PACED = 300  # domains that are looked at as fast as is the default
SHARED = "shared.invalid"  # a question about a name below it begins what two workers ask
TOLERANCE = 0.2  # of the time that an administrator was shown before
ZONE = """
@ SOA ns host 1 3600 600 86400 300
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject"
"""
# Every second domain has its mail at the same provider.
RECEPTIONS = ("@ MX 10 mail\nmail A 198.51.100.25\n", "@ MX 10 mx.provider.example.\n")
PROVIDER = {"provider.example": "mx A 198.51.100.26\n"}


def zones(domains: int) -> dict[str, str]:
    return PROVIDER | {f"d{number}.example": ZONE + RECEPTIONS[number % 2] for number in range(domains)}


def measured(contacts: int, domains: int, asked: int) -> dict:
    """The figures of one run in a database of its own."""
    with name_server(zones, max(asked, PEER + 1), DELAY) as (resolver, log), \
            fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_partners_inside.py"), what="The domains of contacts",
            BENCH=json.dumps({
                "resolver": resolver, "contacts": contacts, "domains": domains, "asked": asked, "paced": PACED,
                "marker": SHARED}))
        found = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
        found["shared_questions"], found["shared_repeated"] = shared_questions(log())
        return {**found, **beside(resolver.rpartition(":")[2])}


def shared_questions(log: list[tuple[str, str]]) -> tuple[int, int]:
    """How many questions the name server got of the workers that share the work, and how many of them about the MX again.

    The same look asks again what is lost on the way, or answered late on a busy machine.
    """
    begin = next(number for number, (name, _rdtype) in enumerate(log) if name.endswith(SHARED))
    receptions = [name for name, rdtype in log[begin:] if rdtype == "MX"]
    return len(log) - begin, len(receptions) - len(set(receptions))


def beside(port: str) -> dict:
    """What the light look and checkdmarc need for the same domains, by turns, each in a process of its own."""
    try:
        peer = python_packages.checkdmarc()
    except Missing as missing:
        print(f"checkdmarc cannot be installed: {missing}", file=sys.stderr)
        peer = None
    theirs = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    looks, peers = [], []
    for _turn in range(TURNS):
        looks.append(_run(sys.executable, __file__, "--look", port))
        if peer:
            peers.append(_run(peer, Path(__file__).with_name("_checkdmarc_partners.py"), port, PEER, START, env=theirs))
    found = [*looks, *peers]
    return {"look_ms": min(one["cpu"] for one in looks) * 1000 / PEER,
            "peer_ms": min(one["cpu"] for one in peers) * 1000 / PEER if peer else None,
            "found_all": all(one["found"] == PEER + 1 for one in found)}


def _run(*command, env=None) -> dict:
    ran = subprocess.run([*map(str, command)], check=True, stdout=subprocess.PIPE, text=True, env=env)
    return json.loads(ran.stdout)


def look(port: int) -> dict:
    """The light look at some of the domains, after one of them: CPU seconds, and at how many all was found."""
    resolver = Resolver([("127.0.0.1", port)])
    names = [f"d{number}.example" for number in range(PEER + 1)]

    async def every() -> tuple[list, float]:
        async with resolver.batch(60.0):
            found = await check_contact_domains(resolver, names[PEER:])
            cpu = time.process_time()
            found += await check_contact_domains(resolver, names[:PEER])
            return found, time.process_time() - cpu

    found, cpu = asyncio.run(every())
    return {"cpu": cpu, "found": sum((one.policy, one.reception) == ("reject", "ok") for one in found)}


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--contacts", type=int, default=CONTACTS)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    arguments.add_argument("--asked", type=int, default=ASKED)
    arguments.add_argument("--look", type=int, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.look:
        print(json.dumps(look(chosen.look)))
        return 0
    found = measured(chosen.contacts, chosen.domains, chosen.asked)
    print(f"  {found}", flush=True)
    return show(rows_of(chosen, found), chosen.json)


def rows_of(chosen, found: dict) -> list[dict]:
    shown = PACED * QUESTIONS / QUESTIONS_PER_SECOND
    paced = f"{PACED} domains at the default rate, in {found['paced_runs']} runs"
    gathered = f"{chosen.contacts:,} contacts at {chosen.domains:,} domains"
    asked = f"{chosen.asked:,} domains, 20 ms an answer"
    return [
        row(f"{gathered}: first refresh, s", found["first_seconds"], at_most=MAX_REFRESH,
            ok=found["first_domains"] == chosen.domains),
        row(f"{gathered}: first refresh, s of CPU, the database's included", found["first_work"]),
        row(f"{gathered}: first refresh, MiB of the worker at most", found["first_memory"], at_most=MAX_REFRESH_MEMORY),
        row(f"{gathered}: first refresh, MiB of that added", found["first_added"]),
        row(f"{gathered}: refresh a day later, s", found["again_seconds"], at_most=MAX_REFRESH),
        row(f"{2 * chosen.contacts:,} messages: whether mail was exchanged with 50 domains, s", found["exchanges_seconds"]),
        row(f"{chosen.contacts:,} documents that a contact and a user follow, as many messages: what was passed on, s",
            found["followers_seconds"], ok=found["followers_found"] > 0),
        row(f"{asked}: s until all is stored", found["checks_seconds"], at_most=MAX_CHECKS,
            ok=found["checks_stored"] == chosen.asked),
        row(f"{asked}: MiB of that added", found["checks_added"], at_most=MAX_CHECKS_MEMORY),
        row(f"{asked}: SQL queries a domain", found["checks_queries"] / chosen.asked, at_most=MAX_QUERIES),
        row(f"{asked}: questions a domain", found["checks_questions"] / chosen.asked, at_most=MAX_QUESTIONS),
        row(f"{asked}: ms CPU of the worker a domain, all of it", 1000 * found["checks_cpu"] / chosen.asked),
        row(f"{PEER} domains: ms CPU a domain, beside checkdmarc in {START} threads", found["look_ms"],
            theirs=found["peer_ms"], ratio_at_least=MIN_RATIO, ok=found["found_all"]),
        row(f"{asked}, by two workers: s until all is stored", found["shared_seconds"],
            ok=found["shared_stored"] == chosen.asked),
        row(f"{asked}, by two workers: domains asked about twice", found["shared_twice"], at_most=0),
        row(f"{asked}, by two workers: questions a domain that the name server got",
            found["shared_questions"] / chosen.asked, at_most=MAX_QUESTIONS),
        row(f"{asked}, by two workers: questions repeated, of those about the MX", found["shared_repeated"]),
        row(f"{asked}, by two workers: domains claimed again, which a run had no time for", found["shared_claimed_again"]),
        row(f"{paced}: questions that the resolver got in any second, at most", found["paced_resolver"],
            at_most=QUESTIONS_PER_SECOND,
            ok=found["paced_looked_at"] == PACED and found["paced_resolver"] > QUESTIONS_PER_SECOND / 2),
        row(f"{paced}: questions that the zones' server got in any second, at most", found["paced_authority"],
            at_most=QUESTIONS_PER_ZONE_SERVER, ok=found["paced_direct"] > PACED / 60),
        row(f"{paced}: questions a second of all, on average", found["paced_mean"], at_most=QUESTIONS_PER_SECOND),
        row(f"{paced}: time that it took, of the time that is shown before", found["paced_seconds"] / shown,
            at_most=1 + TOLERANCE, ok=found["paced_seconds"] / shown >= 1 - TOLERANCE),
    ]


if __name__ == "__main__":
    sys.exit(main())
