"""What it takes to read and store reports, and how much of them is kept: a usual year, and a wave of forged mail.

Reports as mails in the queue of the gateway, read by the same code as the scheduled action's; who signed each is given, for
to find that out is measured apart (bench/engine.py). Sizes are those of tables with their indexes after autovacuum.
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

REPORTS, RECORDS = 1000, 10
MAX_SECONDS = 15.0  # of the processor, for all of them
MAX_QUERIES = 6  # of SQL, for each
SOURCES, RECEIVERS, DAYS = 20, 6, 364
MAX_KIB = 2048  # of a domain with so many sources in a year
MAX_WAVE_KIB = 200  # of a day on which a domain is forged from everywhere


def main() -> int:
    chosen = parser(__doc__).parse_args()
    asked = {"reports": REPORTS, "records": RECORDS, "sources": SOURCES, "receivers": RECEIVERS, "days": DAYS}
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_reports_store_inside.py"), what="Reading and storing reports",
            BENCH=json.dumps(asked))
    found = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
    for table, kib in sorted(found["tables"].items(), key=lambda item: -item[1]):
        print(f"  {table}: {kib:.0f} KiB a year", flush=True)
    print(f"  {found['rows']} rows of volume in a year, {found['wave_rows']} of a day of the wave", flush=True)
    return show([
        row(f"{REPORTS} reports of {RECORDS} records, seconds of the processor", found["seconds"], at_most=MAX_SECONDS),
        row("queries for each of them", found["queries"], at_most=MAX_QUERIES),
        row("queries for one report that comes alone", found["queries_alone"]),
        row(f"volumes of {SOURCES} sources and {RECEIVERS} receivers in a year, KiB",
            found["tables"]["mail_domain_health_volume"] + found["tables"]["mail_domain_health_identity"], at_most=MAX_KIB),
        row("with the list of received reports, KiB", sum(found["tables"].values())),
        row("a day of 60,000 forged sources, KiB", found["wave"], at_most=MAX_WAVE_KIB),
        row("seconds of the processor for that", found["wave_seconds"]),
    ], chosen.json)


if __name__ == "__main__":
    sys.exit(main())
