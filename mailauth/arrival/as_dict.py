"""How one mail arrived, as JSON types."""

from __future__ import annotations

from ..certain import certain
from .codes import CODES
from .examine import Arrival


def to_dict(arrival: Arrival) -> dict:
    """What was found as JSON types."""
    learned = arrival.learned()
    said = arrival.results.results if arrival.results else ()
    return {
        "readable": arrival.readable,
        "subject": arrival.subject,
        "message_id": arrival.message_id,
        "date": arrival.date and arrival.date.isoformat(),
        "from": arrival.from_email,
        "envelope": arrival.envelope_from,
        "receiver": arrival.receiver,
        "egress": arrival.egress.address if arrival.egress else None,
        "egress_name": (arrival.egress.name or arrival.egress.helo) if arrival.egress else None,
        "encrypted": arrival.egress.encrypted if arrival.egress else None,
        "signatures": [
            {"domain": one.domain, "selector": one.selector, "algorithm": one.algorithm, "status": one.status.value,
             "reason": one.reason, "aligned": one in arrival.aligned_signatures} for one in arrival.signatures],
        "receiver_said": [
            {"method": result.method, "result": result.result, **result.properties}
            for result in said],
        "said": {result.method: _said(arrival, result.method) for result in said},
        "spf": {
            "result": str(arrival.spf.result) if arrival.spf else None, "domain": arrival.spf_domain,
            "aligned": arrival.spf_aligned,
        },
        "dmarc": {"result": arrival.dmarc, "policy": arrival.policy},
        "verified": arrival.verified,
        "learned": {
            "egress": list(learned.egress), "signing_domain": learned.signing_domain,
            "selectors": list(learned.selectors)},
        "findings": [
            {"code": finding.code, "severity": CODES[finding.code].severity.value, "name": finding.name,
             "params": dict(finding.params)}
            for finding in arrival.findings],
    }


def _said(arrival: Arrival, method: str) -> str:
    """What the receiver said about a method. Of several signatures one that is good is enough."""
    results = [result.result for result in certain(arrival.results).of(method)]
    return "pass" if method == "dkim" and "pass" in results else results[0]
