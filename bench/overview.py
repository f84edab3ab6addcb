"""The list of ten thousand domains: opening it, its cards, each way to search it, its weeks, and importing as many."""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _rows import parser, row, show  # noqa: E402

from odoo_process import MODULE, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

DOMAINS = 10_000
MAX_LIST = 1.0  # seconds, of whatever the list asks while somebody waits
# Seconds, of what takes longer: half a million rows are counted, ten thousand made.
MAX = {"the weeks of a year": 5.0, "importing as many": 30.0}


def measured(domains: int) -> dict:
    """The figures of one run in a database of its own."""
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_overview_inside.py"), what="The list", BENCH=json.dumps({"domains": domains}))
        return json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    chosen = arguments.parse_args()
    found = measured(chosen.domains)
    rows = [
        row(f"{chosen.domains:,} domains: {what}, s", seconds, at_most=MAX.get(what, MAX_LIST))
        for what, seconds in found["seconds"].items()]
    rows.append(row(f"{chosen.domains:,} domains: SQL queries of a page of the list", found["queries"], at_most=60))
    return show(rows, chosen.json)


if __name__ == "__main__":
    sys.exit(main())
