"""From whatever was received to reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .aggregate import read_aggregate
from .model import DEFAULT_LIMITS, FailureReport, Limits, Refused, Report
from .tls import read_tls
from .unpacking import Found, units

# Said of what is no report only where nothing beside it is one: a mail has other parts.
NOTHING = frozenset({"reports.no_report", "reports.not_a_report", "reports.empty"})


def read(data: bytes | BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Iterator[Report]:
    """Read the reports in a file, a gzip or zip archive, an email or a mailbox, by content. Takes anything, raises nothing.

    One after the other, as they are asked for; of each email that holds none, and of what cannot be read, a
    :class:`Refused` tells why. ``data`` as a binary file is read from where it stands, a mailbox of any size email by email.
    """
    for found in units(data, limits):
        nothing: Refused | None = None
        is_empty = True
        for report in _reports(found, limits):
            if isinstance(report, Refused) and report.code in NOTHING:
                nothing = nothing or report
            else:
                is_empty = False
                yield report
        if is_empty:
            yield nothing or Refused("reports.no_report")


def _reports(found: Iterator[Found], limits: Limits) -> Iterator[Report]:
    for one in found:
        if isinstance(one, (FailureReport, Refused)):
            yield one
        elif one.kind == "json":
            yield from read_tls(one, limits)
        else:
            yield from read_aggregate(one, limits)
