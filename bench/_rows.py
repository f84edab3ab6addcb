"""What every benchmark says: rows of the same shape, as a table or, with `--json`, as one list on standard output.

A row is ``{work, ours, theirs, ratio, must, ok}``: what was measured and in which unit; our figure; the peer's in the same
run (``None`` without one); ``theirs / ours``; what is promised, in words; and whether it holds.
"""

from __future__ import annotations

import argparse
import json
import sys

_OUTPUT = sys.stdout


class _Parser(argparse.ArgumentParser):
    """With `--json` everything that is said goes to standard error, so that standard output holds the rows alone."""

    def parse_args(self, *arguments, **options):
        chosen = super().parse_args(*arguments, **options)
        if chosen.json:
            sys.stdout = sys.stderr
        return chosen


def parser(doc: str) -> argparse.ArgumentParser:
    """The arguments that every benchmark takes."""
    arguments = _Parser(description=doc.strip().splitlines()[0])
    arguments.add_argument("--json", action="store_true", help="print the rows as one list in JSON and nothing else")
    return arguments


def row(work: str, ours: float, *, theirs: float | None = None, at_most: float | None = None,
        ratio_at_least: float | None = None, ok: bool = True) -> dict:
    """One row; ``at_most`` bounds ours, ``ratio_at_least`` how many times ours the peer's figure is."""
    ratio = theirs / ours if theirs is not None and ours else None
    must = []
    if at_most is not None:
        must.append(f"at most {at_most:g}")
        ok = ok and ours <= at_most
    if ratio_at_least is not None:
        must.append(f"ratio at least {ratio_at_least:g}")
        ok = ok and (ratio is None or ratio >= ratio_at_least)
    return {
        "work": work, "ours": round(ours, 4), "theirs": None if theirs is None else round(theirs, 4),
        "ratio": None if ratio is None else round(ratio, 3), "must": ", ".join(must) or None, "ok": bool(ok),
    }


def show(rows: list[dict], as_json: bool) -> int:
    """Print the rows; return the exit status."""
    if as_json:
        print(json.dumps(rows, indent=1), file=_OUTPUT)
    else:
        width = max(len(found["work"]) for found in rows)
        for found in rows:
            theirs = "" if found["theirs"] is None else f"  theirs {found['theirs']:.5g} ({found['ratio']:.3g} times ours)"
            must = f"  must: {found['must']}" if found["must"] else ""
            print(f"{found['work']:{width}}  {found['ours']:10.5g}{theirs}{must}{'' if found['ok'] else '  MISSED'}")
    return 0 if all(found["ok"] for found in rows) else 1
