"""A domain that sends nothing: the records that say so are right for it, not wrong."""

from __future__ import annotations

from ..dmarc import Policy
from ..finding import Finding, Kind, Severity
from ..query import DomainQuery
from ..records.mx import MxReport, MxStatus
from ..records.precondition import Precondition, PreconditionStatus
from ..spf import SpfReport
from ..status import RecordStatus

CODES: dict[str, Kind] = {
    "parked.complete": Kind(
        Severity.INFO, "The domain declares that it sends no mail, and receivers are told to reject mail that pretends "
                       "to be from it.",
        "RFC 7208 §10.1.2; RFC 7505 §4.2; RFC 9989 §4.7",
    ),
    "parked.no_reject": Kind(
        Severity.INFO, "The domain declares that it sends no mail, but no DMARC policy asks receivers to reject mail "
                       "that pretends to be from it.",
        "RFC 9989 §4.7",
    ),
    "parked.no_null_mx": Kind(
        Severity.INFO, "The domain declares that it sends no mail; a null MX would say that it accepts none either.",
        "RFC 7505 §4",
    ),
    "parked.open": Kind(
        Severity.WARNING, "The domain is said to send no mail, and no SPF record says so to receivers.", "RFC 7208 §10.1.2",
    ),
    "parked.has_mx": Kind(
        Severity.WARNING, "The domain is said to send no mail, and its MX records say where it receives some.", "RFC 5321 §5.1",
    ),
    "parked.has_spf": Kind(
        Severity.WARNING, "The domain is said to send no mail, and its SPF record permits somebody to.", "RFC 7208 §5",
    ),
    "parked.has_mail": Kind(
        Severity.WARNING, "The domain is said to send no mail, and mail was seen that left as it.", "RFC 9989 §4.7",
    ),
    "parked.missing": Kind(
        Severity.WARNING, "The domain is said to send no mail, and does not exist in DNS.", "RFC 8020",
    ),
}


def contradictions(query: DomainQuery, mx: MxReport, spf: SpfReport) -> tuple[str, ...] | None:
    """What speaks against the word that a domain sends nothing: of ``mx``, ``spf`` and ``mail`` those that do.

    ``None`` where DNS did not answer about what nothing else decides: then nothing may be concluded.
    """
    found = [*(["mx"] if mx.status == MxStatus.FOUND else []), *(["spf"] if _authorises(spf) else []),
             *(["mail"] if query.mail_seen else [])]
    if not found and (mx.status == MxStatus.UNKNOWN or spf.status == RecordStatus.UNKNOWN):
        return None
    return tuple(found)


def _authorises(spf: SpfReport) -> bool:
    """Whether somebody is, or was meant to be, permitted to send; what cannot be read is taken to permit somebody."""
    if spf.status in (RecordStatus.NONE, RecordStatus.UNKNOWN):
        return bool(spf.meant)
    if spf.status != RecordStatus.FOUND or spf.parsed is None:
        return True
    return any(term.kind == "mechanism" and term.qualifier == "+" or term.name == "redirect" for term in spf.parsed.terms)


def is_closed(spf: SpfReport) -> bool:
    """Whether the SPF record is the one that permits nobody: ``v=spf1 -all``."""
    return spf.status == RecordStatus.FOUND and spf.parsed is not None \
        and len(spf.parsed.terms) == 1 and spf.parsed.terms[0].text.lower() == "-all"


def silent_findings(
    query: DomainQuery, precondition: Precondition, mx: MxReport, spf: SpfReport, policy: Policy,
) -> tuple[Finding, ...]:
    """What there is to say of a domain that is said to send nothing, besides :func:`findings`."""
    if precondition.code == "gate.nxdomain":
        return (Finding("parked.missing", query.domain),)
    against = contradictions(query, mx, spf)
    if against:
        return tuple(Finding(f"parked.has_{by}", query.domain) for by in against)
    if against is None or is_closed(spf):
        return ()
    return (Finding("parked.open", query.domain),)


def findings(
    domain: str, precondition: Precondition, mx: MxReport, spf: SpfReport, policy: Policy,
) -> tuple[Finding, ...]:
    """What there is to say if the SPF record declares that nothing is sent (``v=spf1 -all``), else nothing.

    The arguments are what :func:`mailauth.records.precondition.inspect` and the ``inspect`` functions answer.
    Only for a domain of which no path is known: where mail leaves as it, the same
    records stop that mail.
    """
    if not is_closed(spf):
        return ()
    if policy.status == RecordStatus.UNKNOWN or mx.status == MxStatus.UNKNOWN:
        return ()
    if precondition.status == PreconditionStatus.UNKNOWN:
        return ()
    found = []
    if policy.stricter != "reject":
        found.append(Finding("parked.no_reject", domain, {"policy": policy.stricter or "none"}))
    if mx.status == MxStatus.NONE:
        found.append(Finding("parked.no_null_mx", domain))
    return tuple(found) if policy.stricter != "reject" else (Finding("parked.complete", domain), *found)
