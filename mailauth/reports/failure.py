"""Failure reports (RFC 9991, RFC 6591): that there is one and of which domain; the mail that they repeat is dropped unread."""

from __future__ import annotations

import re

from ..arrival.message import MAX_HEADER, Message, fields_of
from ..dns.names import to_ascii
from .model import FailureReport

MAX_INCIDENTS = 1_000_000


def read_failure(octets: bytes | memoryview, place: str = "") -> FailureReport | None:
    """The part ``message/feedback-report`` of a mail; ``None`` if it reports something else, such as abuse (RFC 5965)."""
    fields = Message(tuple(fields_of(re.sub(rb"\r?\n", b"\r\n", bytes(octets[:MAX_HEADER]).lstrip()))))
    if fields.value("feedback-type").lower() != "auth-failure":
        return None
    domain, incidents = fields.value("reported-domain"), fields.value("incidents")
    return FailureReport(
        to_ascii(domain) or "", fields.value("auth-failure").lower()[:100],
        min(int(incidents), MAX_INCIDENTS) if incidents.isascii() and incidents.isdigit() and len(incidents) < 10 else 1,
        place)
