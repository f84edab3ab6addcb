"""What the scheduled check costs for each domain: 41, 201 and 10,001 watched domains of one company, beside an older version.

Every user has an address at a domain of their own, and all mail bounces to the company's: the worst case, because one
domain has to do with every way that mail leaves. The DNS server is another process; CPU is the worker's alone (`getrusage`),
PostgreSQL's is told apart. The older version meets the same zones in the same run; of its 10,001 domains a sample is
looked at, for all of them would take more than an hour, and what is done once a run is divided by all.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _name_server import name_server  # noqa: E402
from _older import older_version  # noqa: E402
from _rows import parser, row, show  # noqa: E402

import postgres  # noqa: E402
from odoo_process import MODULE, Odoo, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

SIZES = (41, 201, 10_001)  # watched domains
SAMPLE = 40  # of so many domains of the older version are looked at where it has more than FEW
FEW = 500
MAX_CPU, MAX_QUERIES = 12.0, 20.0  # milliseconds and queries for each domain
MAX_CHANGE = 50.0  # milliseconds that changing a user's address may cost
MAX_LEARNING = 2.0  # seconds of CPU for FAILURES refused mails
FAILURES = 20_000
MAX_LOCK = 2.0  # seconds
KEY = ("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631"
       "uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB")
ZONE = """
@ SOA ns host 1 3600 600 86400 300
@ NS ns
ns A 198.51.100.53
@ MX 10 mail
mail A 198.51.100.25
@ TXT "v=spf1 include:_spf.odoo.com ~all"
odoo._domainkey CNAME odoo._domainkey.odoo.com.
_dmarc TXT "v=DMARC1; p=none"
"""


def zones(domains: int) -> dict[str, str]:
    found = {"odoo.com": f'_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"\nodoo._domainkey TXT "v=DKIM1; p={KEY}"'}
    return {**found, **{f"d{number}.example": ZONE for number in range(domains)}}


def measure(odoo: Odoo, variables: dict, size: int, resolver: str, sample: int | None) -> dict:
    """The figures of one version and size, in a database of its own."""
    database = f"cron_{odoo.home.name}_{size}".replace("-", "_")
    postgres.run_sql(variables, "postgres", f'CREATE DATABASE "{database}" TEMPLATE "{odoo.installed}"')
    try:
        output = odoo.shell(
            database, Path(__file__).with_name("_cron_inside.py"), what=f"The scheduled check of {size} domains",
            BENCH=json.dumps({"resolver": resolver, "size": size, "sample": sample, "failures": FAILURES}))
    finally:
        postgres.run_sql(variables, "postgres", f'DROP DATABASE IF EXISTS "{database}"')
    return json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])


def prepared(odoo: Odoo, variables: dict, name: str) -> Odoo:
    """Install this version of the module in a database that is then copied."""
    odoo.installed = f"installed_{name}"
    postgres.run_sql(variables, "postgres", f'CREATE DATABASE "{odoo.installed}" TEMPLATE "{odoo.plain}"')
    odoo.run("-d", odoo.installed, "-i", MODULE, "--stop-after-init", "--no-http", what=f"Installing the module ({name})")
    return odoo


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("sizes", nargs="*", type=int, help="only these numbers of domains")
    arguments.add_argument("--alone", action="store_true", help="without the older version")
    chosen = arguments.parse_args()
    sizes = chosen.sizes or SIZES
    rows = []
    with name_server(zones, max(sizes)) as (resolver, _log), fresh_odoo(dependencies()) as (odoo, database), \
            older_version(MODULE) as addons:
        versions = {"ours": odoo}
        if addons and not chosen.alone:
            versions["theirs"] = Odoo(odoo.home / "before", odoo.variables, addons_path=addons)
        for name, version in versions.items():
            version.plain = database
            prepared(version, odoo.variables, name)
        for size in sizes:
            found = {}
            for name, version in versions.items():
                sample = SAMPLE if name == "theirs" and size > FEW else None
                found[name] = measure(version, odoo.variables, size, resolver, sample)
                print(f"  {name}, {size} domains: {found[name]}", flush=True)
            rows += rows_of(size, found["ours"], found.get("theirs") or {})
    return show(rows, chosen.json)


def rows_of(size: int, ours: dict, theirs: dict) -> list[dict]:
    def one(work: str, name: str, **promise) -> dict:
        return row(f"{size} domains: {work}", ours[name], theirs=theirs.get(name), **promise)

    rows = []
    for look, words in (("first", "first look"), ("again", "daily look")):
        rows += [
            one(f"{words}, ms CPU of the worker a domain", f"{look}_cpu", at_most=MAX_CPU,
                ok=ours[f"{look}_checked"] == size),
            one(f"{words}, SQL queries a domain", f"{look}_queries", at_most=MAX_QUERIES),
            one(f"{words}, ms CPU of PostgreSQL a domain", f"{look}_database"),
        ]
        rows.append(one(f"{words}, longest transaction that stores, s", f"{look}_stored", at_most=MAX_LOCK))
    rows.append(one("a user's address changes, ms of that transaction (worker and PostgreSQL)", "change",
                    at_most=MAX_CHANGE))
    rows.append(one(f"reading {FAILURES:,} refused mails, s CPU", "learning", at_most=MAX_LEARNING))
    return rows


if __name__ == "__main__":
    sys.exit(main())
