"""Writes `docs/rejections.md`: how often the reader of rejections is right about texts from public material.

    python dev/rejections_table.py

It needs what the engine needs (dnspython, cryptography). A test says when the file is out of date.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
AUTHENTICATION = ("authentication", "dmarc", "spf", "dkim")

HEAD = """# Rejections: how well they are read

What receivers say when they reject an email is classified by cause (`mailauth/rejections/`), and rejections for missing
or failed authentication turn a domain red. So the reader is tested with {texts} texts of {receivers} receivers from public
material ([the texts and where each comes from](../mailauth/tests/rejections/README.md)), each laid out as it reaches
Odoo: as smtplib's error, or as a bounce of one of {layouts} kinds of software that quotes the subject and body of an
unrelated email, with the line ends that Odoo leaves. The right cause of each text was set before the reader was written,
from the receiver's own documentation, its code or what the report that quotes it found; one of the writing half was
given a second right cause later (IONOS' "mailbox unavailable" for a fault in the sender's DNS).

Before any of the reader was written, the texts were split by receiver. The writing half was used while writing it;
of the sealed half ({sealed_texts} texts of {sealed_receivers} other receivers) only the hash was committed then (SHA-256
`{digest}`).
One person collected, labeled and wrote, so the sealed texts had been seen once, while they were collected.
{measured}

Where a text has several right causes, because its receiver says little, each of them counts as right; the texts with one
right cause have their own line. *none* means that nothing should be reported.

| | writing half | sealed half |
| --- | --- | --- |
{summary}

In addition, a test puts every text about authentication or the recipient into every layout, and finds no recipient
problem mistaken for authentication, and none the other way round.

This file is written by `python dev/rejections_table.py`; a test says when it is out of date.
"""

MATRIX = """
## {title}

A row is the right cause (the first of several, unless another of them was found), a column what was read; n = {count}.

| right \\ read | {columns} | n | right |
| --- | {rule} | --- | --- |
{rows}
"""


def table(read: Callable[[str], Iterable], classify: Callable, stored: Callable[[str], str], measured: str, digest: str) -> str:
    """The whole file. ``read`` and ``stored`` are those of ``mailauth.tests.corpus``."""
    halves = {half: [(case, _cause(classify(stored(case.text)))) for case in read(half)] for half in ("writing", "sealed")}
    cases = [case for rows in halves.values() for case, _found in rows]
    summary = "\n".join(
        f"| {title} | {figure(halves['writing'])} | {figure(halves['sealed'])} |" for title, figure in FIGURES)
    parts = [HEAD.format(
        texts=len(cases), receivers=len({case.receiver for case in cases}),
        layouts=len({case.layout for case in cases} - {"reply", "odoo", "smtplib", "recipients", "login"}),
        sealed_texts=len(halves["sealed"]), sealed_receivers=len({case.receiver for case, _found in halves["sealed"]}),
        digest=digest, measured=measured, summary=summary)]
    parts += [_matrix(f"The {half} half", halves[half]) for half in ("sealed", "writing")]
    return "".join(parts)


def _cause(refusal) -> str:
    return refusal.cause.value if refusal else "none"


def _of(rows, wanted: Callable) -> str:
    """``right of n (percent)`` of those rows."""
    chosen = [(case, found) for case, found in rows if wanted(case)]
    right = sum(found in case.causes for case, found in chosen)
    return f"{right} of {len(chosen)} ({100 * right / len(chosen):.1f} %)" if chosen else "–"


def _taken(rows, right: tuple[str, ...], for_what: tuple[str, ...]) -> str:
    chosen = [found for case, found in rows if set(case.causes) & set(right) and not set(case.causes) & set(for_what)]
    return f"{sum(found in for_what for found in chosen)} of {len(chosen)}"


FIGURES = (
    ("receivers", lambda rows: len({case.receiver for case, _found in rows})),
    ("right", lambda rows: _of(rows, lambda case: True)),
    ("right, of those with one right cause", lambda rows: _of(rows, lambda case: len(case.causes) == 1)),
    ("right, of authentication (SPF, DKIM, DMARC, either)",
     lambda rows: _of(rows, lambda case: set(case.causes) & set(AUTHENTICATION))),
    ("a recipient problem mistaken for authentication", lambda rows: _taken(rows, ("recipient",), AUTHENTICATION)),
    ("authentication mistaken for a recipient problem", lambda rows: _taken(rows, AUTHENTICATION, ("recipient",))),
    ("something else mistaken for authentication", lambda rows: "%d of %d" % (
        sum(found in AUTHENTICATION for case, found in rows if not set(case.causes) & set(AUTHENTICATION)),
        sum(not set(case.causes) & set(AUTHENTICATION) for case, _found in rows))),
)


def _matrix(title: str, rows) -> str:
    counts = Counter((found if found in case.causes else case.causes[0], found) for case, found in rows)
    right, read = sorted({pair[0] for pair in counts}), sorted({pair[1] for pair in counts})
    lines = []
    for cause in right:
        total = sum(counts[cause, found] for found in read)
        cells = " | ".join(str(counts[cause, found] or "") for found in read)
        lines.append(f"| {cause} | {cells} | {total} | {100 * counts[cause, cause] / total:.0f} % |")
    return MATRIX.format(
        title=title, count=len(rows), columns=" | ".join(read), rule=" | ".join("---" for _found in read), rows="\n".join(lines))


def current(corpus, classify: Callable) -> str:
    """The file as the engine has it; ``corpus`` is ``mailauth.tests.corpus``."""
    sealed = (corpus.FOLDER / "sealed.tsv").read_bytes()
    measured = " ".join((corpus.FOLDER / "measured.txt").read_text("utf-8").split())
    return table(corpus.read, classify, corpus.stored, measured, hashlib.sha256(sealed).hexdigest())


def main() -> int:
    from places import engine  # a folder that holds only the engine: the checkout's root imports Odoo

    sys.path.insert(0, str(engine()))
    from mailauth.rejections import classify
    from mailauth.tests import corpus

    path = CHECKOUT / "docs" / "rejections.md"
    path.write_text(current(corpus, classify), encoding="utf-8")
    print(f"{path.relative_to(CHECKOUT)}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
