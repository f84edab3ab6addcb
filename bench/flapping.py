"""Three simulated weeks of a hundred domains whose DNS flaps: 0 false alarms, every break that lasts two looks told once.

The whole chain, with real packets: the scripted DNS server refuses, fails, or is silent about a part of all questions, and a
panel that deletes and then adds is caught now and then. Only the clock of Odoo's fields is injected (never the one
that timeouts are measured with): each turn moves it to the next check that the schedule has asked for.
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

DOMAINS, DAYS = 100, 21


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--domains", type=int, default=DOMAINS)
    arguments.add_argument("--days", type=int, default=DAYS)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        output = odoo.shell(
            database, Path(__file__).with_name("_flapping_inside.py"), what="Three weeks of flapping DNS",
            BENCH=json.dumps({"domains": chosen.domains, "days": chosen.days, "seed": chosen.seed}))
    found = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
    print(f"  {found['looks']} looks, {found['unknown']} of them without an answer, {found['glitches']} while a panel "
          f"had deleted and not added yet; {found['seconds']:.0f} s", flush=True)
    for line in found["wrong"][:10]:
        print(f"  {line}", flush=True)
    return show([
        row("false alarms", found["false"], at_most=0),
        row("breaks that lasted two looks and were told otherwise than once", found["missed"], at_most=0),
        row("breaks that were told once", found["told"], ok=found["told"] == found["breaks"] > chosen.domains / 4),
        row("recoveries that were told once", found["recovered"], ok=found["recovered"] == found["recoveries"]),
    ], chosen.json)


if __name__ == "__main__":
    sys.exit(main())
