"""What is wrong between a domain's records and those who send as it: findings that no record shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..certain import certain
from ..finding import Finding, Kind, Severity
from ..service import Envelope
from ..spf.authorise import Authorised
from ..status import RecordStatus
from .facts import Facts, PathFacts
from .state import State

CODES: dict[str, Kind] = {
    "spf.not_authorised": Kind(
        Severity.ERROR, "The domain's SPF record does not authorize a service that sends for it.", "RFC 7208 §4.6.2"),
    "spf.partly_authorised": Kind(
        Severity.WARNING, "The domain's SPF record authorizes only some addresses of a service that sends for it.",
        "RFC 7208 §4.6.2",
    ),
    "spf.receivers_differ": Kind(
        Severity.WARNING, "A service sends from hosts beyond the ten that receivers look at for mx: some let them pass, some"
        " discard the record.", "RFC 7208 §4.6.4"),
    "spf.fault_behind": Kind(
        Severity.WARNING, "A service passes before evaluation reaches an error in the record; what comes after it does "
                          "not.",
        "RFC 7208 §4.6.2"),
    "spf.return_path_missing": Kind(
        Severity.ERROR, "The domain in the envelope of the mail has no SPF record.", "RFC 7208 §2.4, §2.6.1"),
    "spf.bounce_missing": Kind(
        Severity.INFO, "The subdomain that a service bounces to has no SPF record: SPF cannot align for its mail.",
        "RFC 9989 §4.4.2"),
    "spf.bounce_unknown": Kind(
        Severity.INFO, "A service bounces to a subdomain that differs by account and is not known.",
        "RFC 9989 §4.4.2"),
    "dmarc.refuses_own_mail": Kind(
        Severity.ERROR, "The policy asks receivers to quarantine or reject mail that the domain itself sends.",
        "RFC 9989 §5.3",
    ),
}


def findings(facts: Facts, state: State) -> Iterator[Finding]:
    """The findings about senders; ``state`` is what SPF, DKIM and DMARC come to on the domain's paths, preconditions aside."""
    for path in facts.envelope_paths:
        yield from _of_authorisation(path, facts.query.domain)
    yield from _fault_behind(facts)
    yield from _return_paths(facts)
    for path in facts.from_paths:
        if path.bounce and path.bounce.spf.status == RecordStatus.NONE:
            yield Finding("spf.bounce_missing", path.bounce.domain, {"services": certain(path.path.service).name})
        elif path.bounce is None and path.path.service and path.path.service.envelope is Envelope.SUBDOMAIN:
            yield Finding("spf.bounce_unknown", facts.query.domain, {"services": certain(path.path.service).name})
    policy = facts.dmarc
    if state is State.FAIL and policy.status == RecordStatus.FOUND and policy.possible & {"quarantine", "reject"}:
        name = policy.record_name or facts.query.domain
        yield Finding("dmarc.refuses_own_mail", name, {"policy": policy.stricter or policy.applied}, policy.record)


def _of_authorisation(path: PathFacts, domain: str) -> Iterator[Finding]:
    """Whether the record of the envelope domain lets the service pass; a fault that stops it is a finding of its own."""
    authorisation, service = path.authorisation, path.path.service
    if authorisation is None or service is None or path.spf.status in (RecordStatus.NONE, RecordStatus.SEVERAL):
        return
    params = {"services": service.name, "term": service.spf_term}
    if authorisation.status == Authorised.NONE and not (authorisation.broken and path.spf.status == RecordStatus.INVALID):
        yield Finding("spf.not_authorised", domain, params, path.spf.record)
    if authorisation.status == Authorised.SOME and authorisation.differ:
        differ = {"differ": list(authorisation.differ[:10])}
        yield Finding("spf.receivers_differ", domain, {**params, **differ}, path.spf.record)
    if authorisation.status == Authorised.SOME and (authorisation.missing or not authorisation.differ):
        missing = {"missing": list(authorisation.missing[:10])}
        yield Finding("spf.partly_authorised", domain, {**params, **missing}, path.spf.record)


def _fault_behind(facts: Facts) -> Iterator[Finding]:
    """A record with a fault that those who send here never come to (RFC 7208 §4.6: evaluation ends at the match)."""
    passing = [
        certain(path.path.service).name for path in facts.envelope_paths
        if path.authorisation and path.authorisation.status == Authorised.ALL
        and path.spf.status == RecordStatus.INVALID and path.spf.stops_at]
    if passing:
        report = facts.spf
        term, at = certain(report.stops_at)
        params = {"services": ", ".join(dict.fromkeys(passing)), "term": term, "at": at}
        yield Finding("spf.fault_behind", facts.query.domain, params, report.record)


def _return_paths(facts: Facts) -> Iterator[Finding]:
    """Envelope domains other than the one asked about: that SPF can say nothing there, or what is wrong there."""
    for path in facts.from_paths:
        service, domain = path.path.service, path.path.envelope_domain or path.path.from_domain
        if domain == facts.query.domain or service is not None and not service.keeps_envelope:
            continue
        if path.spf.status == RecordStatus.NONE:
            yield Finding("spf.return_path_missing", domain, {"services": service.name if service else ""})
        elif path.spf.status in (RecordStatus.SEVERAL, RecordStatus.INVALID):
            yield from path.spf.findings
