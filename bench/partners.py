"""Domains of contacts: gathering those of half a million contacts, and asking about ten thousand of them.

The contacts are generated: each domain has one, the rest are distributed over them as Zipf's law has it. DNS takes 20 ms
for each answer and is another process. Memory is the worker's resident memory, Odoo itself included, and what the work added.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _name_server import name_server  # noqa: E402
from _rows import parser, row, show  # noqa: E402

from odoo_process import MODULE, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

CONTACTS, DOMAINS = 500_000, 100_000
ASKED = 10_000  # of these domains
DELAY = 0.020  # seconds for each answer
MAX_REFRESH, MAX_REFRESH_MEMORY = 8.0, 300.0  # seconds, MiB
MAX_CHECKS, MAX_CHECKS_MEMORY, MAX_QUERIES = 40.0, 120.0, 2.0  # seconds, MiB, SQL queries a domain
MAX_QUESTIONS = 4.0  # to DNS, a domain
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
    with name_server(zones, asked, DELAY) as resolver, fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_partners_inside.py"), what="The domains of contacts",
            BENCH=json.dumps({"resolver": resolver, "contacts": contacts, "domains": domains, "asked": asked}))
    return json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--contacts", type=int, default=CONTACTS)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    arguments.add_argument("--asked", type=int, default=ASKED)
    chosen = arguments.parse_args()
    found = measured(chosen.contacts, chosen.domains, chosen.asked)
    print(f"  {found}", flush=True)
    return show(rows_of(chosen, found), chosen.json)


def rows_of(chosen, found: dict) -> list[dict]:
    gathered = f"{chosen.contacts:,} contacts at {chosen.domains:,} domains"
    asked = f"{chosen.asked:,} domains, 20 ms an answer"
    return [
        row(f"{gathered}: first refresh, s", found["first_seconds"], at_most=MAX_REFRESH,
            ok=found["first_domains"] == chosen.domains),
        row(f"{gathered}: first refresh, MiB of the worker at most", found["first_memory"], at_most=MAX_REFRESH_MEMORY),
        row(f"{gathered}: first refresh, MiB of that added", found["first_added"]),
        row(f"{gathered}: refresh a day later, s", found["again_seconds"], at_most=MAX_REFRESH),
        row(f"{2 * chosen.contacts:,} messages: whether mail was exchanged with 50 domains, s", found["exchanges_seconds"]),
        row(f"{asked}: s until all is stored", found["checks_seconds"], at_most=MAX_CHECKS,
            ok=found["checks_stored"] == chosen.asked),
        row(f"{asked}: MiB of that added", found["checks_added"], at_most=MAX_CHECKS_MEMORY),
        row(f"{asked}: SQL queries a domain", found["checks_queries"] / chosen.asked, at_most=MAX_QUERIES),
        row(f"{asked}: questions a domain", found["checks_questions"] / chosen.asked, at_most=MAX_QUESTIONS),
        row(f"{asked}: ms CPU of the worker a domain", 1000 * found["checks_cpu"] / chosen.asked),
        row(f"{asked}, by two workers: s until all is stored", found["shared_seconds"],
            ok=found["shared_stored"] == chosen.asked),
        row(f"{asked}, by two workers: domains asked about twice", found["shared_twice"], at_most=0),
    ]


if __name__ == "__main__":
    sys.exit(main())
