"""What a receiver said about a mail: Authentication-Results (RFC 8601), and when to believe it (§7.1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import field

from ..value import dataclass

MAX_LENGTH = 16384  # characters of one field
MAX_RESULTS = 32  # of one field

_METHOD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,30})(?:/[0-9]{1,4})?\s*=\s*([A-Za-z]{1,20})")
_PROPERTY = re.compile(r'\b([A-Za-z]{1,20})\.([A-Za-z][A-Za-z0-9-]{0,30})\s*=\s*("[^"]{0,300}"|[^\s;]{1,300})')
_REASON = re.compile(r'\breason\s*=\s*("[^"]{0,300}"|[^\s;]{1,300})', re.IGNORECASE)
_CLIENT = re.compile(
    r"(?:sender IP is|client-ip\s*=|designates|smtp\.remote-ip\s*=|policy\.iprev\s*=)\s*\[?\"?([0-9A-Fa-f:.]{2,45})",
    re.IGNORECASE)


_ENVELOPE = re.compile(r'\benvelope-from\s*=\s*"?<?([^\s;"<>]{3,320})', re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """One method's result: ``method`` and ``result`` in lower case, ``properties`` as ``{"header.d": "ours.example"}``."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True)
class Results:
    """One field. ``authserv_id`` is ``None`` where it names none, as Microsoft's fields do."""

    authserv_id: str | None
    results: tuple[Result, ...] = ()
    client: str | None = None  # the address that the mail came from, where it says so

    def of(self, method: str) -> tuple[Result, ...]:
        """The results of one method, the first one first."""
        return tuple(result for result in self.results if result.method == method)


def parse(value: str) -> Results:
    """Read the value of one field, unfolded. Takes any text."""
    value = value[:MAX_LENGTH]
    parts = without_comments(value).split(";", MAX_RESULTS)
    first = parts[0].split()
    named = bool(first) and "=" not in parts[0]
    results = []
    for part in parts[1 if named else 0:]:
        found = _METHOD.match(part.strip())
        if not found:
            continue
        properties = {
            f"{kind}.{name}".lower(): _plain(text) for kind, name, text in _PROPERTY.findall(part)}
        reason = _REASON.search(part)
        results.append(Result(found[1].lower(), found[2].lower(), properties, reason and _plain(reason[1])))
    return Results(first[0].strip('"').lower() if named else None, tuple(results), client(value))


def client(text: str) -> str | None:
    """The address of the sending server that such a field, or a Received-SPF field, names."""
    found = _CLIENT.search(text[:MAX_LENGTH])
    try:
        return str(ipaddress.ip_address(found[1].rstrip("."))) if found else None
    except ValueError:
        return None


def envelope(text: str) -> str:
    """The envelope sender that a Received-SPF field names (RFC 7208 §9.1); empty without one."""
    found = _ENVELOPE.search(text[:MAX_LENGTH])
    return found[1] if found else ""


def without_comments(text: str) -> str:
    """The text without what stands in parentheses, quoted strings left alone (RFC 5322 §3.2.2)."""
    kept, depth, quoted = [], 0, False
    for piece in re.findall(r'\\.|["()]|[^\\"()]+|\\', text):
        if piece == '"' and not depth:
            quoted = not quoted
        if not quoted and piece == "(":
            depth += 1
        elif not quoted and piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return "".join(kept)


def _plain(text: str) -> str:
    return text.strip('"').strip()
