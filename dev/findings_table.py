"""Writes `docs/findings.md`, the table of all finding codes, from the engine's own tables.

    python dev/findings_table.py

It needs what the engine needs (dnspython, cryptography). A test says when the file is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ZONES = Path("mailauth", "tests", "zones")

AREAS = {
    "name": "The domain's name",
    "gate": "Whether the domain can have mail at all",
    "zone": "The zone and its name servers",
    "mx": "Where mail to the domain goes (MX)",
    "spf": "Permission to send (SPF)",
    "dkim": "Signature (DKIM)",
    "dmarc": "Instructions to receivers (DMARC)",
    "mta_sts": "Encryption of mail to the domain (MTA-STS)",
    "tls_rpt": "Reports about encryption (TLS-RPT)",
    "parked": "Domains that send nothing",
    "registration": "Domains that anybody may register",
    "proof": "Proof emails",
    "reverse": "Addresses that mail is sent from (reverse DNS, HELO)",
    "advice": "Records to publish",
    "arrival": "A received email",
    "receivers": "Rejections",
    "sources": "What receivers report of your mail",
    "observed": "What happens in receivers' reports",
    "mailing": "Mass mailings",
}

HEAD = """# Findings

Every finding of the engine (`mailauth/`), with its meaning, its severity and the source of the rule. The
codes are what `python -m mailauth check` prints, and what its JSON and Odoo store; what an administrator
reads in Odoo is said in other words.

The severity is that of the finding by itself: **error**: a standard is broken, or mail is at stake;
**warning**: it works, but is fragile; **info**: worth knowing. The color of a domain comes from its
verdict and not from here; where that says that mail arrives, a report shows an error of SPF, DKIM or DMARC as a
warning. A code leads to a zone that causes it, with what the engine has to say about
it; `python -m mailauth.tests.zones CODE` shows it live.

{count} codes. This file is written by `python dev/findings_table.py`; a test says when it is out of date.
"""


def table(codes: Mapping) -> str:
    """The whole file. ``codes`` are ``mailauth.CODES``."""
    by_area: dict[str, list[str]] = {area: [] for area in AREAS}
    for code in codes:
        by_area[code.partition(".")[0]].append(code)
    parts = [HEAD.format(count=len(codes))]
    for area, members in by_area.items():
        rows = [
            f"| {_linked(code)} | {codes[code].severity.value} | {codes[code].meaning} | {codes[code].source} |"
            for code in members
        ]
        if rows:
            parts.append("\n".join(
                [f"## {AREAS[area]}", "", "| code | severity | meaning | source |", "| --- | --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


def _linked(code: str) -> str:
    zone = ZONES / f"{code}.zone"
    return f"[`{code}`](../{zone.as_posix()})" if (CHECKOUT / zone).exists() else f"`{code}`"


def main() -> int:
    from places import engine  # a folder that holds only the engine: the checkout's root imports Odoo

    sys.path.insert(0, str(engine()))
    from mailauth import CODES

    path = CHECKOUT / "docs" / "findings.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(table(CODES), encoding="utf-8")
    print(f"{path.relative_to(CHECKOUT)}: {len(CODES)} codes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
