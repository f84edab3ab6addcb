"""One protocol of one domain in a word: its state, and the code of the sentence that says why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from ..certain import certain
from ..dkim import CODES as DKIM_CODES
from ..dkim import HintStatus, KeyReport, KeysStatus, SelectorStatus
from ..dns.answer import Answer
from ..finding import Finding, Severity
from ..records.precondition import PreconditionStatus
from ..service import Service
from ..spf import CODES as SPF_CODES
from ..spf import SpfReport
from ..spf.authorise import Authorised
from ..status import RecordStatus
from ..value import dataclass
from .facts import Facts, PathFacts
from .state import State

PROTOCOLS = ("spf", "dkim", "dmarc")
AREAS = ("gate", *PROTOCOLS)  # of a domain: each has a state of its own, and a sentence that says why
# What findings are about; the first part of their codes.
FINDING_AREAS = ("name", "parked", "gate", "zone", "mx", *PROTOCOLS, "mta_sts", "tls_rpt", "reverse", "advice")

_ENFORCING = frozenset({"reject", "quarantine"})  # DMARC policies

# What is wrong with the text of a record, whosesoever it is.
_SYNTAX = frozenset(
    {"spf.glued_terms", "spf.quotes", "spf.curly_quotes", *(code for code in SPF_CODES if code.startswith("spf.syntax_"))})


@dataclass(frozen=True)
class AreaReport:
    """The state of one area of a domain; ``code`` and ``params`` name the sentence about it.

    ``worst`` is set where DNS left something open that touches none of the mail we know of: the state that the
    area may have. Who remembers a worse one than ``state`` cannot tell yet that it is over.
    """

    state: State
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    worst: State | None = None


MANAGED = AreaReport(State.NOT_NEEDED, "managed")
PRECONDITION_FIRST = AreaReport(State.UNKNOWN, "gate.comes_first")


def unanswered(area: str, failed: Answer | None) -> AreaReport:
    """The area of which DNS did not tell what decides."""
    params = {"name": failed.name, "server": failed.server or failed.detail} if failed else {}
    return AreaReport(State.UNKNOWN, f"{area}.unanswered", params)


def precondition(facts: Facts) -> AreaReport:
    """Whether the domain can have mail at all (the four preconditions)."""
    if facts.precondition.status == PreconditionStatus.UNKNOWN:
        return unanswered("gate", facts.precondition.failed)
    if facts.precondition.code:
        return AreaReport(State.FAIL, facts.precondition.code, {"name": facts.query.domain})
    return AreaReport(State.PASS, "gate.ok")


# Of a fault: whether it costs mail now. Where that is not known, neither is the color.
_FAULT = {True: State.FAIL, False: State.WARNING, None: State.UNKNOWN}


def spf(facts: Facts, failing: bool | None) -> AreaReport:
    """Permission to send: the domain as the one that SPF is checked on.

    ``failing`` tells that mail is being refused now: only then a fault here is red; ``None`` that DNS
    did not say what decides that: a timeout elsewhere must not look like half a recovery.
    """
    fault = _FAULT[failing]
    report, paths = facts.spf, facts.envelope_paths
    if report.contest and (not paths or any(len(path.possible_spf) > 1 for path in paths)):
        return AreaReport(State.UNKNOWN, "spf.alias_beside_record", {"name": facts.query.domain, "target": report.contest.target})
    known = [path.path.service for path in paths if path.path.service]
    kept = [path for path in paths if path.path.service and path.path.service.keeps_envelope]
    assumed = any(path.assumed for path in paths)
    if report.status == RecordStatus.NONE:
        if not paths:
            return AreaReport(State.NOT_NEEDED, "spf.no_sender")
        if not kept and known and len(known) == len(paths):
            return AreaReport(State.NOT_NEEDED, "spf.own_envelope", _services(kept, known))
        if not kept and not assumed:
            return AreaReport(fault, "spf.missing_sender_unknown")
        return AreaReport(fault, "spf.missing", _services(kept, known))
    if report.status == RecordStatus.SEVERAL:
        return AreaReport(fault, "spf.several", {"count": len(report.records)})
    if report.status != RecordStatus.FOUND and (assumed or not kept):
        return _unusable(report, fault)  # what receivers conclude is known for no sender
    if assumed or not paths:
        return _fragile(report.findings) or AreaReport(State.PASS, "spf.ok_assumed")
    if not kept and len(known) == len(paths):
        return _fragile(report.findings) or AreaReport(State.NOT_NEEDED, "spf.own_envelope", _services(kept, known))
    for status, state, code in (
        ("none", fault, "spf.not_authorised"),
        ("differ", State.WARNING, "spf.receivers_differ"),
        ("some", State.WARNING, "spf.partly_authorised"),
    ):
        missed = [path for path in kept if _answer(path) == status]
        if missed:
            if any(certain(path.authorisation).because_of == "plus_all" for path in missed):
                return AreaReport(fault, "spf.plus_all")
            is_broken = report.status == RecordStatus.INVALID and all(certain(path.authorisation).broken for path in missed)
            if status == "none" and is_broken:
                return _invalid(report, fault)
            return AreaReport(state, code, {"services": _names(certain(path.path.service).name for path in missed)})
    undecided = [path for path in kept if not path.authorisation or path.authorisation.status == Authorised.UNKNOWN]
    failed = next((path.authorisation.failed for path in undecided if path.authorisation), None)
    if failed:
        return unanswered("spf", failed)
    if undecided or len(known) < len(paths):
        if report.status == RecordStatus.FOUND:
            return AreaReport(State.UNKNOWN, "spf.sender_unknown")
        return _unusable(report, fault)
    if report.status == RecordStatus.INVALID:
        term, at = report.stops_at or ("", report.domain)
        return AreaReport(State.WARNING, "spf.fault_behind", {**_services(kept, known), "term": term, "at": at})
    open_end = State.WARNING if report.status == RecordStatus.UNKNOWN else None  # it may turn out as a fault behind
    return _fragile(report.findings) or AreaReport(State.PASS, "spf.ok", _services(kept, known), open_end)


def _services(kept: Iterable[PathFacts], known: Iterable[Service]) -> dict[str, object]:
    """The services on whose paths the envelope is kept, or where there are none, all that are known."""
    return {"services": _names([certain(path.path.service).name for path in kept]) or _names([one.name for one in known])}


def _answer(path: PathFacts) -> str | None:
    authorisation = path.authorisation
    if authorisation is None:
        return None
    return "differ" if authorisation.differ else authorisation.status


def _unusable(report: SpfReport, fault: State) -> AreaReport:
    """A record with a fault, or a part that DNS did not tell, where it is not known who is behind that."""
    return unanswered("spf", report.failed) if report.status == RecordStatus.UNKNOWN else _invalid(report, fault)


def _invalid(report: SpfReport, fault: State) -> AreaReport:
    """What breaks the record: too many lookups, an error of its own, or a record that it includes."""
    by_code = {finding.code: finding for finding in report.findings}
    if "spf.too_many_lookups" in by_code:
        return AreaReport(fault, "spf.too_many_lookups", dict(by_code["spf.too_many_lookups"].params))
    if not (report.parsed and report.parsed.errors):
        for finding in report.findings:
            missing = finding.code in ("spf.include_none", "spf.include_several")
            broken = finding.code in _SYNTAX and finding.name != report.domain
            if missing or broken:
                return AreaReport(fault, "spf.invalid_include", {"target": finding.name})
    return AreaReport(fault, "spf.invalid")


def _fragile(findings: Collection[Finding]) -> AreaReport | None:
    if not findings:
        return None
    codes = {finding.code for finding in findings}
    if codes & {"spf.plus_all", "spf.everyone"}:
        return AreaReport(State.WARNING, "spf.plus_all")
    if any(SPF_CODES[code].severity is not Severity.INFO for code in codes):
        return AreaReport(State.WARNING, "spf.fragile")
    return None


def dkim(facts: Facts, failing: bool | None) -> AreaReport:
    """Signature: the domain as the one that signs. ``failing`` as for :func:`spf`."""
    fault = _FAULT[failing]
    paths = facts.from_paths
    if not paths:
        return AreaReport(State.NOT_NEEDED, "dkim.no_sender")
    found = {path.keys.status for path in paths if path.keys}
    for status in (KeysStatus.MISSING, KeysStatus.UNKNOWN, KeysStatus.PARTIAL):
        if status in found:
            path = next(path for path in paths if path.keys and path.keys.status == status)
            return _dkim_fault(path, status, fault)
    if KeysStatus.NOT_KNOWN in found or not found or any(path.keys is None for path in paths):
        return _selector_unknown(paths)
    keys = [key for path in paths for key in certain(path.keys).keys]
    failed = [key.failed for key in keys if key.failed]
    if failed:  # one selector is enough to sign, and it was not seen whether the other is there
        return unanswered("dkim", failed[0])
    usable = [key for key in keys if key.usable]
    params = {"selectors": _names([key.selector for key in usable])}
    if any(map(_weak, usable)):
        return AreaReport(State.WARNING, "dkim.weak", params)
    signs = all(path.path.service and path.path.service.signs for path in paths)
    return AreaReport(State.PASS, "dkim.ok" if signs else "dkim.ok_unproven", params)


def _weak(key: KeyReport) -> bool:
    # A key behind a CNAME is the service's own: nothing that the administrator could change.
    return not key.aliases and any(DKIM_CODES[finding.code].severity is not Severity.INFO for finding in key.findings)


def _dkim_fault(path: PathFacts, status: KeysStatus, fault: State) -> AreaReport:
    keys, service = certain(path.keys).keys, certain(path.path.service)
    contested = next((key for key in keys if key.contested), None)
    if status is KeysStatus.UNKNOWN and contested:
        return AreaReport(State.UNKNOWN, "dkim.alias_beside_record", {"name": contested.name})
    if status is KeysStatus.UNKNOWN:
        return unanswered("dkim", next((key.failed for key in keys if key.failed), None))
    wrong = [key for key in keys if not key.usable]
    params = {"selectors": _names(key.selector for key in wrong), "services": service.name}
    if status is KeysStatus.PARTIAL:
        return AreaReport(State.WARNING, "dkim.partial", params)
    for kind in ("revoked", "malformed"):
        if any(key.status == kind for key in wrong):
            return AreaReport(fault, f"dkim.{kind}", params)
    if any(key.status is SelectorStatus.FOUND for key in wrong):  # published, and no receiver accepts it
        return AreaReport(fault, "dkim.weak", params)
    own = any(selector.target for selector in service.selectors)
    return AreaReport(fault, "dkim.missing" if own else "dkim.missing_account_specific", params)


def _selector_unknown(paths: tuple[PathFacts, ...]) -> AreaReport:
    services = [path.path.service for path in paths if path.path.service and path.path.service.name]
    params = _hint(paths)
    if any(path.path.service is None and not path.assumed for path in paths):
        return AreaReport(State.UNKNOWN, "dkim.sender_unknown", params)
    if services:
        return AreaReport(
            State.UNKNOWN, "dkim.account_specific", {"services": _names(service.name for service in services), **params})
    return AreaReport(State.UNKNOWN, "dkim.selector_unknown", params)


def _hint(paths: tuple[PathFacts, ...]) -> dict[str, object]:
    """What ``_domainkey`` says about selectors that nobody told us: that there seems to be none, or that some may be."""
    hint = next((path.keys.hint for path in paths if path.keys and path.keys.hint), None)
    if hint is None or hint.status not in (HintStatus.LIKELY_NONE, HintStatus.EXISTS):
        return {}
    return {"hint": hint.status.value, "name": hint.name}


def dmarc(facts: Facts, state: State) -> AreaReport:
    """Instructions to receivers; ``state`` is what the domain's paths come to."""
    policy = facts.dmarc
    if policy.contested and len(policy.possible) > 1:
        contest = policy.contested[0]
        return AreaReport(State.UNKNOWN, "dmarc.alias_beside_record", {"name": contest.name, "target": contest.target})
    if policy.status == RecordStatus.UNKNOWN:
        return unanswered("dmarc", policy.failed)
    if policy.status == RecordStatus.NONE:
        codes = {finding.code for finding in policy.findings}
        if "dmarc.several" in codes:
            return AreaReport(State.WARNING, "dmarc.several")
        # A record that receivers throw away stands there, or nothing does.
        return AreaReport(State.WARNING, "dmarc.invalid" if policy.record or policy.discarded else "dmarc.missing")
    if policy.possible.isdisjoint(_ENFORCING):
        return AreaReport(State.PASS, "dmarc.policy_none")
    if state is State.FAIL:
        for asked in ("reject", "quarantine"):  # the stricter one first
            if asked in policy.possible:
                return AreaReport(State.FAIL, f"dmarc.{asked}")
    if state is State.UNKNOWN:
        return AreaReport(State.UNKNOWN, "dmarc.enforced_unproven")
    if state is State.WARNING:
        return AreaReport(State.PASS, "dmarc.enforced_fragile")
    return AreaReport(State.PASS, "dmarc.ok")


def _names(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]
