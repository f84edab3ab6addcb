"""Every finding code of the engine, with its severity, meaning and source."""

from __future__ import annotations

from . import advice, arrival, dkim, dmarc, mta_sts, mx, names, parked, reverse, senders, spf, tls_rpt, zone
from .finding import Finding, Kind

CODES: dict[str, Kind] = {
    code: kind
    for part in (names, zone, mx, spf, dkim, dmarc, mta_sts, tls_rpt, parked, reverse, senders, advice, arrival)
    for code, kind in part.CODES.items()
}


MAX_RECORD = 1024  # characters of a record that go with a finding about it


def to_dict(finding: Finding) -> dict:
    """A finding as JSON types, with the severity of its code."""
    return {
        "code": finding.code,
        "area": finding.code.partition(".")[0],
        "severity": CODES[finding.code].severity.value,
        "name": finding.name,
        "params": dict(finding.params),
        "record": finding.record[:MAX_RECORD] if finding.record else None,
        "span": list(finding.span) if finding.span else None,
    }
