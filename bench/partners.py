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
@ MX 10 mail
mail A 198.51.100.25
_dmarc TXT "v=DMARC1; p=reject"
"""


def zones(domains: int) -> dict[str, str]:
    return {f"d{number}.example": ZONE for number in range(domains)}


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
    return [
        row(f"{gathered}: first refresh, s", found["first_seconds"], at_most=MAX_REFRESH,
            ok=found["first_domains"] == chosen.domains),
        row(f"{gathered}: first refresh, MiB of the worker at most", found["first_memory"], at_most=MAX_REFRESH_MEMORY),
        row(f"{gathered}: first refresh, MiB of that added", found["first_added"]),
        row(f"{gathered}: refresh a day later, s", found["again_seconds"], at_most=MAX_REFRESH),
    ]


if __name__ == "__main__":
    sys.exit(main())
