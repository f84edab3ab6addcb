"""SMTP TLS Reporting: who wants to hear of failed encryption towards a domain (RFC 8460)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import sole_record, taglist
from .answer import Answer
from .finding import Finding, Kind, Severity

CODES: dict[str, Kind] = {
    "tls_rpt.several": Kind(
        Severity.WARNING, "Several TLS-RPT records: senders act as if there were none.", "RFC 8460 §3"
    ),
    "tls_rpt.syntax": Kind(Severity.WARNING, "A part of the TLS-RPT record is not tag=value.", "RFC 8460 §3"),
    "tls_rpt.no_rua": Kind(Severity.WARNING, "The TLS-RPT record names nobody to report to.", "RFC 8460 §3"),
    "tls_rpt.bad_uri": Kind(
        Severity.WARNING, "A report address is neither a mailto: nor an https: URI.", "RFC 8460 §3"
    ),
    "tls_rpt.version": Kind(
        Severity.WARNING, "The record nearly says v=TLSRPTv1, but not as the standard has it.", "RFC 8460 §3"
    ),
}

_VERSION = re.compile(r"v=TLSRPTv1[ \t]*(;|$)")
_NEARLY = re.compile(r"\s*[\"'“”]?\s*v\s*=\s*tls-?rpt", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:[^@\s,;!]+@[^@\s,;!?]+(\?\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class TlsRptReport:
    """``status``: ``"found"``, ``"none"``, ``"several"``, ``"invalid"`` or ``"unknown"`` (see ``failed``)."""

    status: str
    records: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


def record_name(domain: str) -> str:
    """Where the record of a domain stands (RFC 8460 §3)."""
    return f"_smtp._tls.{domain}"


async def inspect(resolver, domain: str) -> TlsRptReport:
    """Look at the TLS-RPT record of a domain; it concerns mail that the domain receives."""
    name = record_name(domain)
    found = await sole_record.read(resolver, name, "tls_rpt", _VERSION, _NEARLY)
    if found.status != "found":
        return TlsRptReport(found.status, found.records, (), found.ttl, found.findings, found.failed)
    uris, findings = _read(name, found.text)
    return TlsRptReport("found" if uris else "invalid", found.records, uris, found.ttl, findings)


def _read(name: str, record: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    findings = []
    uris: list[str] = []
    named = False
    for tag in taglist.split(record)[1:]:
        if not tag.name:
            findings.append(Finding("tls_rpt.syntax", name, {"text": tag.value[:200]}, record, tag.span))
        elif tag.name == "rua":
            named = True
            for uri in map(str.strip, tag.value.split(",")):
                if _is_report_uri(uri):
                    uris.append(uri)
                else:
                    findings.append(Finding("tls_rpt.bad_uri", name, {"uri": uri[:200]}, record, tag.value_span))
    if not named:
        findings.append(Finding("tls_rpt.no_rua", name, {}, record))
    return tuple(uris), tuple(findings[:50])


def _is_report_uri(uri: str) -> bool:
    if uri[:6].lower() == "https:":
        try:
            return bool(urlsplit(uri).hostname)
        except ValueError:
            return False
    return bool(_MAILTO.fullmatch(uri))
