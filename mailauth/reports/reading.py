"""From whatever was received to reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from .aggregate import read_aggregate
from .model import DEFAULT_LIMITS, FailureReport, Limits, Refused, Report
from .tls import KEYS, read_tls
from .unpacking import HEAD, Damaged, Found, Payload, extract, units

# Not the root: what customers say in XML may be feedback, too.
_AGGREGATE = re.compile(rb"<(?:[\w.-]+:)?(?:report_metadata|policy_published)[\s>]")
_JSON_KEY = re.compile(rb'"([a-z-]{5,20})"[ \t\r\n]*:')

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


def is_report(data: bytes, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether an email holds what begins as a report. Of each thing in it only the beginning is looked at; raises nothing."""
    return any(
        isinstance(one, FailureReport) or isinstance(one, Payload) and _begins_as_report(one) for one in extract(data, limits))


def _begins_as_report(payload: Payload) -> bool:
    head = b""
    try:
        for chunk in payload.chunks():
            head += chunk
            if len(head) >= 16 * HEAD:
                break
    except Damaged:
        pass  # what came before is good
    head = head[:16 * HEAD].replace(b"\0", b"")  # of UTF-16
    if payload.kind == "xml":
        return bool(_AGGREGATE.search(head))
    return len(KEYS & {found[1].decode() for found in _JSON_KEY.finditer(head)}) > 1
