"""What is wrong between a domain's records and those who send as it: findings that no record shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from .facts import Facts
from .finding import Finding, Kind, Severity
from .service import Envelope
from .verdict import State

CODES: dict[str, Kind] = {
    "spf.not_authorised": Kind(
        Severity.ERROR, "The domain's SPF record does not let a service pass that sends for it.", "RFC 7208 §4.6.2"),
    "spf.partly_authorised": Kind(
        Severity.WARNING, "The domain's SPF record lets only some addresses of a service pass that sends for it.",
        "RFC 7208 §4.6.2",
    ),
    "spf.bounce_missing": Kind(
        Severity.INFO, "The subdomain that a service bounces to has no SPF record: SPF cannot align for its mail.",
        "RFC 9989 §4.4.2"),
    "spf.bounce_unknown": Kind(
        Severity.INFO, "A service bounces to a subdomain that differs by account; nobody said to which.",
        "RFC 9989 §4.4.2"),
    "dmarc.refuses_own_mail": Kind(
        Severity.ERROR, "The policy asks receivers to quarantine or refuse mail that the domain itself sends.",
        "RFC 9989 §5.3",
    ),
}


def findings(facts: Facts, state: State) -> Iterator[Finding]:
    """The findings about senders; ``state`` is what SPF, DKIM and DMARC come to on the domain's paths, gates aside."""
    for path in facts.envelope_paths:
        authorisation, service = path.authorisation, path.path.service
        if path.spf.status != "found" or authorisation is None:
            continue
        params = {"services": service.name, "term": service.spf_term}
        if authorisation.status == "none":
            yield Finding("spf.not_authorised", facts.query.domain, params, path.spf.record)
        elif authorisation.status == "some":
            missing = {"missing": list(authorisation.missing[:10])}
            yield Finding("spf.partly_authorised", facts.query.domain, {**params, **missing}, path.spf.record)
    for path in facts.from_paths:
        if path.bounce and path.bounce.spf.status == "none":
            yield Finding("spf.bounce_missing", path.bounce.domain, {"services": path.path.service.name})
        elif path.bounce is None and path.path.service and path.path.service.envelope is Envelope.SUBDOMAIN:
            yield Finding("spf.bounce_unknown", facts.query.domain, {"services": path.path.service.name})
    policy = facts.dmarc
    if state is State.FAIL and policy.status == "found" and policy.possible & {"quarantine", "reject"}:
        name = policy.record_name or facts.query.domain
        yield Finding("dmarc.refuses_own_mail", name, {"policy": policy.stricter or policy.applied}, policy.record)
