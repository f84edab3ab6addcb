"""A domain that sends nothing: the records that say so are right for it, not wrong."""

from __future__ import annotations

from ..dmarc import Policy
from ..finding import Finding, Kind, Severity
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
}


def findings(
    domain: str, precondition: Precondition, mx: MxReport, spf: SpfReport, policy: Policy,
) -> tuple[Finding, ...]:
    """What there is to say if the SPF record declares that nothing is sent (``v=spf1 -all``), else nothing.

    The arguments are what :func:`mailauth.records.precondition.inspect` and the ``inspect`` functions answer.
    Only for a domain of which no path is known: where mail leaves as it, the same
    records stop that mail.
    """
    if spf.status != RecordStatus.FOUND or spf.parsed is None or [term.text.lower() for term in spf.parsed.terms] != ["-all"]:
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
