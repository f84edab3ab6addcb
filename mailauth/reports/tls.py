"""TLS reports (RFC 8460 §4): how often mail to a domain could be delivered over TLS, and why not."""

from __future__ import annotations

import json
import re
from typing import Any

from .dates import point_in_time
from .model import Limits, Refused, Remarks, TlsFailure, TlsPolicy, TlsReport
from .unpacking import Damaged, Payload

MAX_TEXT = 1000  # characters of a value that are kept
MAX_LIST = 100
MAX_COUNT = 10**12
_HALVES = re.compile("[\ud800-\udfff]")
KEYS = frozenset({"organization-name", "date-range", "report-id", "policies", "contact-info"})


def read_tls(payload: Payload, limits: Limits) -> list[TlsReport | Refused]:
    """The report in a piece of JSON, or several in a list; ``Refused`` where there is none in it."""
    octets, size = [], 0
    try:
        for chunk in payload.chunks():
            size += len(chunk)
            if size > limits.json:
                return [Refused("reports.too_large", payload.place)]
            octets.append(chunk)
    except Damaged as damage:
        if damage.code != "reports.other_content":  # of JSON there is no half
            return [Refused(damage.code, payload.place)]
    try:
        given = json.loads(b"".join(octets).removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return [Refused("reports.json_unreadable", payload.place)]
    several = given if isinstance(given, list) else [given]
    found: list[TlsReport | Refused] = [
        _report(one, payload.place, limits) for one in several[:MAX_LIST] if isinstance(one, dict) and KEYS & one.keys()]
    return found or [Refused("reports.not_a_report", payload.place)]


def _report(given: dict[str, Any], place: str, limits: Limits) -> TlsReport:
    remarks = Remarks(limits.skipped)
    period = _dict(given.get("date-range"))
    begin, end = (point_in_time(_text(period.get(f"{name}-datetime"))) for name in ("start", "end"))
    if begin is None or end is None:
        remarks.add("reports.date_unreadable")
    listed = given.get("policies")
    listed = listed if isinstance(listed, list) else [listed] if listed is not None else []
    if len(listed) > limits.policies:
        remarks.part("reports.tls_too_many")
    policies = []
    for number, one in enumerate(listed[:limits.policies], start=1):
        policy = _policy(one, limits, remarks)
        if policy is None:
            remarks.add("reports.tls_policy_unreadable", number)
        else:
            policies.append(policy)
    if not listed:
        remarks.add("reports.no_records")
    return TlsReport(
        _text(given.get("organization-name")), _text(given.get("contact-info")), _text(given.get("report-id")), begin, end,
        tuple(policies), tuple(remarks.told), remarks.is_partial, place)


def _policy(given: object, limits: Limits, remarks: Remarks) -> TlsPolicy | None:
    if not isinstance(given, dict) or not isinstance(given.get("policy"), dict):
        return None
    policy, summary = given["policy"], _dict(given.get("summary"))
    successes = _count(summary.get("total-successful-session-count", 0))
    failures = _count(summary.get("total-failure-session-count", 0))
    if successes is None or failures is None or not summary:
        return None
    details = given.get("failure-details")
    details = [one for one in (details if isinstance(details, list) else [details]) if isinstance(one, dict)]
    if len(details) > limits.policies:
        remarks.part("reports.tls_too_many")
    return TlsPolicy(
        _text(policy.get("policy-type")).lower(), _text(policy.get("policy-domain")).lower(), _texts(policy.get("mx-host")),
        _texts(policy.get("policy-string")), successes, failures,
        tuple(_failure(one) for one in details[:limits.policies]))


def _failure(given: dict[str, Any]) -> TlsFailure:
    return TlsFailure(
        _text(given.get("result-type")).lower(), _count(given.get("failed-session-count", 0)) or 0,
        *(_text(given.get(name)) for name in (
            "sending-mta-ip", "receiving-mx-hostname", "receiving-mx-helo", "receiving-ip", "failure-reason-code",
            "additional-information")))


def _count(given: object) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 13:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    return given if 0 <= given < MAX_COUNT else None


def _text(given: object) -> str:
    if isinstance(given, (int, float)):
        given = str(given)[:MAX_TEXT] if abs(given) < 1e300 else ""
    # JSON may hold half of a character (RFC 8259 §8.2), which nothing can store or send.
    return _HALVES.sub("\ufffd", given.strip()[:MAX_TEXT]) if isinstance(given, str) else ""


def _texts(given: object) -> tuple[str, ...]:
    several = given if isinstance(given, list) else [given]
    return tuple(text for one in several[:MAX_LIST] if (text := _text(one)))


def _dict(given: object) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
