"""Every finding code of the engine, with its severity, meaning and source."""

from __future__ import annotations

from . import advice, arrival, dkim, dmarc, registration, rejections, spf
from .dns import names, zone
from .finding import Finding, Kind
from .records import mta_sts, mx, precondition, reverse, tls_rpt
from .verdict import one_click, parked, reported, senders

CODES: dict[str, Kind] = {
    code: kind
    for part in (
        names, precondition, zone, mx, spf, dkim, dmarc, mta_sts, tls_rpt, parked, reverse, senders, advice, registration,
        arrival, rejections, one_click, reported,
    )
    for code, kind in part.CODES.items()
}


MAX_RECORD = 1024  # characters of a record that go with a finding about it
LEAD = 64  # characters in front of what it points at that a piece of a longer record keeps


def to_dict(finding: Finding) -> dict:
    """A finding as JSON types, with the severity of its code.

    Of a record longer than :data:`MAX_RECORD` goes the piece that the finding points at; ``span`` counts
    in that piece, which begins at character ``record_start`` of the record.
    """
    record, start, span = _piece(finding.record or "", finding.span)
    return {
        "code": finding.code,
        "area": finding.code.partition(".")[0],
        "severity": CODES[finding.code].severity.value,
        "name": finding.name,
        "params": dict(finding.params),
        "record": record or None,
        "record_start": start,
        "span": list(span) if span else None,
    }


def _piece(record: str, span: tuple[int, int] | None) -> tuple[str, int, tuple[int, int] | None]:
    start = 0
    if span and span[1] > MAX_RECORD:
        start = max(0, min(span[0] - LEAD, len(record) - MAX_RECORD))
    piece = record[start : start + MAX_RECORD]
    if span:
        span = min(span[0] - start, len(piece)), min(span[1] - start, len(piece))
    return piece, start, span
