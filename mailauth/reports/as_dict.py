"""Reports as JSON types."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from .model import AggregateReport, Report, TlsReport

_KINDS = {"AggregateReport": "aggregate", "TlsReport": "tls", "FailureReport": "failure", "Refused": "refused"}


def to_dict(report: Report) -> dict[str, Any]:
    """All of a report, its ``kind`` first: ``aggregate``, ``tls``, ``failure`` or ``refused``; points in time in ISO 8601."""
    found = {"kind": _KINDS[type(report).__name__], **_plain(report)}
    if isinstance(report, AggregateReport):
        found["record_count"] = len(report.records)
        found |= {name: getattr(report, name) for name in ("messages", "passed", "is_ambiguous")}
    elif isinstance(report, TlsReport):
        found |= {name: getattr(report, name) for name in ("successes", "failures")}
    return found


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, (IPv4Address, IPv6Address)) else value
