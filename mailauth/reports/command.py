"""``python -m mailauth report FILE…``: what reports of DMARC and TLS say, on the command line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..dns.answer import in_one_line
from .as_dict import to_dict
from .codes import CODES
from .model import AggregateReport, FailureReport, Refused, Report, Skipped, TlsReport
from .reading import read

READ, REFUSED, UNREADABLE = 0, 1, 2
MAX_TOLD = 20  # remarks of one report that are shown


def add_parser(commands: Any) -> ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = commands.add_parser(
        "report", help="read DMARC and TLS reports",
        epilog="Exit status: 0 all were read, 1 something was refused, 2 a file cannot be opened.")
    parser.add_argument(
        "file", nargs="+",
        help="a report (XML, JSON, gzip or zip), an email with one (.eml), or a mailbox (mbox); - for standard input")
    parser.add_argument("--json", action="store_true", help="print JSON for programs: an object a line")
    return parser


def run(options: Namespace) -> int:
    """Read the files and print what they tell; returns the exit status."""
    status = READ
    for name in options.file:
        try:
            with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
                for report in read(file):
                    status = max(status, REFUSED if isinstance(report, Refused) else READ)
                    if options.json:
                        print(json.dumps({"file": name, **to_dict(report)}))
                    else:
                        print("\n".join(_lines(name, report)))
        except OSError as error:
            print(f"{name}: {error.strerror or error}", file=sys.stderr)
            status = UNREADABLE
    return status


def _lines(name: str, report: Report) -> Iterator[str]:
    place = in_one_line(f"{name}, {report.place}" if report.place else name)
    if isinstance(report, Refused):
        yield f"{place}: refused"
        yield f"  {report.code}: {CODES[report.code]}"
    elif isinstance(report, FailureReport):
        yield f"{place}: a failure report ({in_one_line(report.auth_failure) or 'unknown'}) of {report.domain or 'unknown'}"
    elif isinstance(report, TlsReport):
        yield f"{place}: TLS report by {_shown(report.org)}"
        yield from _period(report)
        for policy in report.policies:
            yield (f"  {_shown(policy.domain)} ({_shown(policy.type)}): {policy.successes} sessions succeeded, "
                   f"{policy.failures} failed")
        yield from _remarks(report)
    else:
        yield f"{place}: DMARC report by {_shown(report.org_name)}"
        yield from _period(report)
        yield f"  Domain    {_shown(report.domain)}{', several policies' if report.is_ambiguous else ''}"
        yield f"  Records   {len(report.records)}"
        yield f"  Messages  {report.messages}, of which {report.passed} passed"
        yield from _remarks(report)


def _period(report: AggregateReport | TlsReport) -> Iterator[str]:
    yield f"  Report    {_shown(report.report_id)}"
    yield f"  Period    {report.begin or 'unknown'} to {report.end or 'unknown'}"


def _remarks(report: AggregateReport | TlsReport) -> Iterator[str]:
    if report.is_partial:
        yield "  Partial: its numbers are not whole"
    for skipped in report.skipped[:MAX_TOLD]:
        detail = f" ({in_one_line(skipped.detail)})" if skipped.detail else ""
        yield f"  {_place(skipped)}{skipped.code}: {CODES[skipped.code]}{detail}"
    if len(report.skipped) > MAX_TOLD:
        yield f"  and {len(report.skipped) - MAX_TOLD} more remarks"


def _place(skipped: Skipped) -> str:
    return f"Record {skipped.record}, " if skipped.record else ""


def _shown(text: str) -> str:
    return in_one_line(text) or "unknown"
