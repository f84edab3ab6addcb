"""SMTP TLS Reporting: who wants to hear of failed encryption towards a domain (RFC 8460)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..dns.answer import Answer
from ..dns.protocol import Resolver
from ..finding import Finding, Kind, Severity
from ..status import RecordStatus
from ..value import dataclass
from . import sole_record

CODES: dict[str, Kind] = {
    "tls_rpt.alias_beside_record": Kind(
        Severity.WARNING, "The name has a CNAME and a TXT record: senders see different TLS-RPT records, or none.",
        "RFC 1034 §3.6.2",
    ),
    "tls_rpt.several": Kind(
        Severity.WARNING, "Several TLS-RPT records: senders act as if there were none.", "RFC 8460 §3"
    ),
    "tls_rpt.syntax": Kind(
        Severity.WARNING, "A part of the TLS-RPT record is not name=value as the standard defines it.", "RFC 8460 §3"
    ),
    "tls_rpt.no_rua": Kind(Severity.WARNING, "The TLS-RPT record names no address for reports.", "RFC 8460 §3"),
    "tls_rpt.bad_uri": Kind(
        Severity.WARNING, "A report address is neither a mailto: nor an https: URI.", "RFC 8460 §3"
    ),
    "tls_rpt.version": Kind(
        Severity.WARNING, "The record nearly says v=TLSRPTv1, but not exactly as the standard defines it.", "RFC 8460 §3"
    ),
}

_VERSION = re.compile(r"v=TLSRPTv1[ \t]*(;|$)")
_NEARLY = re.compile(r"\s*[\"'“”]?\s*v\s*=\s*tls-?rpt", re.IGNORECASE)
# A URI by its characters (RFC 3986 §2, §3.1); commas, exclamation marks and semicolons have to be encoded.
_SIGNS = r"[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]*"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_SIGNS}(?:%[0-9A-Fa-f]{{2}}{_SIGNS})*")
_MAILTO = re.compile(r"mailto:[^@\s,;!]+@[^@\s,;!?]+(\?\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class TlsRptReport:
    """``status``: ``"found"``, ``"none"``, ``"several"``, ``"invalid"`` or ``"unknown"`` (see ``failed``)."""

    status: RecordStatus
    records: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


def record_name(domain: str) -> str:
    """Where the record of a domain stands (RFC 8460 §3)."""
    return f"_smtp._tls.{domain}"


async def inspect(resolver: Resolver, domain: str) -> TlsRptReport:
    """Look at the TLS-RPT record of a domain; it concerns mail that the domain receives."""
    name = record_name(domain)
    found = await sole_record.read(resolver, name, "tls_rpt", _VERSION, _NEARLY)
    if found.status != RecordStatus.FOUND:
        return TlsRptReport(found.status, found.records, (), found.ttl, found.findings, found.failed)
    uris, findings, broken = _read(found)
    status = RecordStatus.FOUND if uris and not broken else RecordStatus.INVALID
    return TlsRptReport(status, found.records, uris, found.ttl, findings)


def _read(found: sole_record.SoleRecord) -> tuple[tuple[str, ...], tuple[Finding, ...], bool]:
    """The addresses of a record, what is wrong with it, and whether its grammar is broken (RFC 8460 §3)."""
    findings = []
    uris: list[str] = []
    named = broken = False
    for field in found.fields:
        if field.name != "rua" or not field.is_ascii:
            if not field.is_extension:
                broken = True
                findings.append(sole_record.syntax(found, "tls_rpt", field))
            continue
        named = True
        for uri in (part.strip(" \t") for part in field.value.split(",")):
            if _is_report_uri(uri):
                uris.append(uri)
                continue
            # Another scheme may mean something to somebody; what is no URI at all makes this no record.
            broken = broken or not _URI.fullmatch(uri)
            findings.append(Finding("tls_rpt.bad_uri", found.name, {"uri": uri[:200]}, found.text, field.value_span))
    if not named:
        findings.append(Finding("tls_rpt.no_rua", found.name, {}, found.text))
    return tuple(uris), tuple(findings[:sole_record.MAX_FINDINGS]), broken


def _is_report_uri(uri: str) -> bool:
    if not _URI.fullmatch(uri):
        return False
    if uri[:6].lower() == "https:":
        try:
            return bool(urlsplit(uri).hostname)
        except ValueError:
            return False
    return bool(_MAILTO.fullmatch(uri))
