"""What a year of history takes in PostgreSQL: domains whose records change once a week, and one that is out to fill the database.

Real checks of real packets: keys of 2048 bits, a long SPF record, something else each week (an address, a key, a record that is
gone and comes back). Only the clock of Odoo's fields is injected. All tables and indexes of the module count, as they are
on disk after autovacuum had its turn, the chatter apart; what the module ships is taken off.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _rows import parser, row, show  # noqa: E402

from odoo_process import MODULE, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

DOMAINS, WEEKS = 200, 52
MAX_KIB = 200  # of a domain in a year of weekly changes
MAX_ROW_KIB = 20  # of a row of history, whatever a zone says: what is kept of it and what PostgreSQL adds


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    chosen = arguments.parse_args()
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_history_inside.py"), what="A year of weekly changes",
            BENCH=json.dumps({"domains": chosen.domains, "weeks": WEEKS}))
    found = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
    for table, kib in sorted(found["tables"].items(), key=lambda item: -item[1]):
        print(f"  {table}: {kib:.1f} KiB a domain", flush=True)
    print(f"  {found['looks']} checks, {found['changes']:.1f} rows of history and {found['messages']:.1f} messages a domain "
          f"({found['chatter']:.1f} KiB in the chatter), {found['seconds']:.0f} s", flush=True)
    return show([
        row("a domain with a change a week, KiB a year, all tables", sum(found["tables"].values()), at_most=MAX_KIB),
        row("of it history, KiB a year", found["tables"]["mail_domain_health_check"]),
        row("rows of history a domain, beyond its changes", found["changes"] - found["expected"], at_most=0),
        row("rows that a second check without a change adds", found["unchanged"], at_most=0),
        row("a hostile zone that changes with each check, KiB a row", found["hostile"], at_most=MAX_ROW_KIB),
        row("rows of it that stay, whatever it does", found["hostile_rows"], at_most=found["max_rows"]),
    ], chosen.json)


if __name__ == "__main__":
    sys.exit(main())
