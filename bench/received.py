"""A million rows of reports: what the pages about them ask while somebody waits."""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _rows import parser, row, show  # noqa: E402

from odoo_process import MODULE, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

ROWS = 1_000_000
MAX_PAGE = 1.0  # seconds


def measured(rows: int) -> dict:
    """The figures of one run in a database of its own."""
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_received_inside.py"), what="The pages", BENCH=json.dumps({"rows": rows}))
        return json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--rows", type=int, default=ROWS)
    chosen = arguments.parse_args()
    found = measured(chosen.rows)
    rows = [row(f"{chosen.rows:,} rows: {what}, s", seconds, at_most=MAX_PAGE) for what, seconds in found["seconds"].items()]
    return show(rows, chosen.json)


if __name__ == "__main__":
    sys.exit(main())
