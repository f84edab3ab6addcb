"""Writes the sections about findings in `docs/admin.md`, from the texts that Odoo shows and the engine's sources.

    python dev/admin_guide.py

It needs what the engine needs (dnspython, cryptography). A test says when the file is out of date.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TEXTS = CHECKOUT / "texts" / "findings"
GUIDE = CHECKOUT / "docs" / "admin.md"
BELOW = "<!-- What is below is written by `python dev/admin_guide.py`. -->\n"

AREAS = {
    "name": "The domain's name",
    "gate": "Whether the domain can have email at all",
    "zone": "The domain's name servers",
    "mx": "Where email to the domain goes (MX)",
    "spf": "Permission to send (SPF)",
    "dkim": "Signature (DKIM)",
    "dmarc": "Instructions to receivers (DMARC)",
    "path": "Sending paths: problems inside Odoo",
    "receivers": "Rejections",
    "sources": "What receivers report of your mail",
    "observed": "What happens in receivers' reports",
    "arrival": "A received email",
    "mta_sts": "Encryption of email to the domain (MTA-STS)",
    "tls_rpt": "Reports about encryption (TLS-RPT)",
    "parked": "Domains that send nothing",
    "registration": "Domains that anybody may register",
    "proof": "Proof emails",
    "reverse": "Addresses that email is sent from (reverse DNS, HELO)",
    "advice": "Records to publish",
    "mailing": "Mass mailings",
}


def current(codes: Mapping) -> str:
    """The whole file: what a person wrote, and the sections of today. ``codes`` are ``mailauth.CODES``."""
    written, below, _old = GUIDE.read_text(encoding="utf-8").partition(BELOW)
    if not below:
        raise ValueError(f"{GUIDE}: the line {BELOW!r} is missing")
    return written + below + sections(codes)


def sections(codes: Mapping) -> str:
    by_area: dict[str, list[str]] = {area: [] for area in AREAS}
    for code, told in texts().items():
        by_area[code.partition(".")[0]].append(_section(code, told, codes))
    return "".join(f"\n### {AREAS[area]}\n{''.join(members)}" for area, members in by_area.items() if members)


def _section(code: str, told: tuple, codes: Mapping) -> str:
    title, explanation, remedy = told
    lines = [f'<a id="{code}"></a>', "", f"#### {' / '.join(_variants(title))}", ""]
    lines += _paragraphs("", explanation) + _paragraphs("What to do: ", remedy)
    source = f", source: {codes[code].source}" if code in codes else ""
    return "\n" + "\n".join([*lines, f"`{code}`{source}", ""])


def _paragraphs(lead: str, text) -> list[str]:
    variants = _variants(text)
    if len(variants) < 2:
        return [line for variant in variants for line in (lead + variant, "")]
    return [f"{lead}one of these, as the case is:" if lead else "One of these, as the case is:", "",
            *(f"- {variant}" for variant in variants), ""]


def _variants(text) -> list[str]:
    """Each text that a finding may have, once, with the names of what stands there instead of values."""
    texts = text[1].values() if isinstance(text, tuple) else [text]
    return list(dict.fromkeys(_readable(each) for each in texts if each))


def _readable(text: str) -> str:
    # What stands in brackets already gets no second ones.
    named = re.sub(r"(\(?)%\((\w+)\)s(\)?)", _named, text)
    return named.replace("%%", "%").replace("*", r"\*").replace("<", "&lt;")


def _named(found: re.Match) -> str:
    before, name, after = found.groups()
    words = name.replace("_", " ")
    return f"({words})" if before and after else f"{before}({words}){after}"


def texts() -> dict[str, tuple]:
    """``(title, explanation, remedy)`` by code; where one of them depends on a parameter, as :class:`texts.filling.By`."""
    return {code: told for file in sorted(TEXTS.glob("[a-z]*.py")) for code, told in _texts(file).items()}


def _texts(file: Path) -> dict:
    """The table of a file of texts as plain strings. The file itself imports Odoo, which nobody needs for that."""
    names: dict = {
        "_lt": str, "By": lambda parameter, texts: (parameter, texts), "Counted": lambda parameter, one, other: other}
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) != "_lt":
            exec(compile(ast.Module([statement], []), str(file), "exec"), names)  # noqa: S102 - our own file
    return names["FINDINGS"]


def main() -> int:
    from places import engine  # a folder that holds only the engine: the checkout's root imports Odoo

    sys.path.insert(0, str(engine()))
    from mailauth import CODES

    GUIDE.write_text(current(CODES), encoding="utf-8")
    print(f"{GUIDE.relative_to(CHECKOUT)}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
