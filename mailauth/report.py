"""One domain as a whole: ask everything, judge every path, say what to publish."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import partial
from itertools import islice
from typing import Any

from . import dmarc
from .advice import Budget, advise
from .certain import certain
from .change import Change, split_strings
from .codes import CODES, to_dict
from .dmarc import Policy
from .dns import names
from .dns.answer import Answer, decode_text
from .dns.authoritative import ViewStatus
from .dns.protocol import Client
from .dns.zone import Zone, truncated_findings
from .finding import Finding, Severity
from .query import DomainQuery
from .records import mta_sts, tls_rpt
from .registration import DeadNames, find_dead_names
from .spf import Outline, outline
from .status import RecordStatus
from .together import for_each, together
from .value import dataclass
from .verdict import (
    AREAS,
    FINDING_AREAS,
    PROTOCOLS,
    State,
    Verdict,
    areas,
    parked,
    senders,
)
from .verdict.areas import AreaReport
from .verdict.explanation import (
    Explanation,
    authenticated,
    explain,
    explain_groups,
    explain_parked,
    explain_silent,
    path_verdict,
)
from .verdict.facts import Facts, gather
from .verdict.path_result import PathResult, path_result

MAX_PARALLEL = 100  # domains looked at side by side: enough to fill the air, and few enough to keep them small
MAX_RECORDS = 100  # records shown of one domain
MAX_VALUE = 4096  # characters shown of one record
MAX_TREES = 4  # SPF records shown as trees: the domain's own, and those of domains that bounces go to


@dataclass(frozen=True)
class SeenRecord:
    """A record as it is published; ``ttl`` in seconds."""

    area: str
    name: str
    type: str
    value: str
    ttl: int


@dataclass(frozen=True)
class OwnView:
    """What the zone's own servers have: the state of each area and its code, the records, the zone's name servers.

    ``answered`` are the areas about which they told all that was asked.
    """

    states: dict[str, State]
    codes: dict[str, str]
    records: tuple[SeenRecord, ...]
    nameservers: tuple[str, ...]
    answered: tuple[str, ...]


@dataclass(frozen=True)
class DomainReport:
    """Everything that one look at a domain found.

    ``gate``, ``spf``, ``dkim`` and ``dmarc`` are the areas with their states; ``paths`` the
    verdict of each path by its key, ``results`` its protocols, ``groups`` what the mail of a
    group of paths comes to by itself, where that is something else; ``spf_trees`` the SPF records that were
    read, term by term; ``policy`` what receivers are asked to do with mail that fails, ``None`` where that was not looked
    for; ``changes`` the records to publish,
    ``extras`` those that are good to have, ``budget`` what an SPF record that is too full costs; ``unanswered`` the
    questions that DNS did not answer; ``duration`` in seconds. ``deadline_passed`` tells
    that time ran out: then what is unknown says nothing about the domain. ``own`` is what the zone's own servers have,
    where that was asked for and they could be reached. ``answered`` are the areas of findings about which DNS told all that
    was asked,
    ``left_open`` codes of such an area of which it did not: that they are not there means nothing.
    ``dead_names`` are names that its records rely on and that do not exist. ``started`` is in seconds since the epoch.
    """

    query: DomainQuery
    state: State
    gate: AreaReport
    spf: AreaReport
    dkim: AreaReport
    dmarc: AreaReport
    paths: dict[str, Verdict] = field(default_factory=dict)
    results: dict[str, PathResult] = field(default_factory=dict)
    groups: dict[str, Explanation] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    records: tuple[SeenRecord, ...] = ()
    spf_trees: tuple[Outline, ...] = ()
    policy: Policy | None = None
    changes: tuple[Change, ...] = ()
    extras: tuple[Change, ...] = ()
    budget: Budget | None = None
    zone: Zone | None = None
    unanswered: tuple[Answer, ...] = ()
    sender_unknown: bool = False
    deadline_passed: bool = False
    own: OwnView | None = None
    answered: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    dead_names: DeadNames = DeadNames()
    started: float = field(default_factory=time.time)
    duration: float = 0.0

    def to_dict(self) -> dict:
        """The report as JSON types: what programs read and what Odoo stores."""
        return {
            "domain": self.query.domain,
            "state": self.state.value,
            **_areas_to_dict(self),
            "paths": [
                {"key": key, "state": verdict.state.value, "reasons": list(verdict.reasons),
                 **(self.results[key].to_dict() if key in self.results else {})}
                for key, verdict in self.paths.items()
            ],
            **({"groups": _groups_to_list(self.groups)} if self.groups else {}),
            "findings": [{**to_dict(finding), "severity": self.severity(finding).value} for finding in self.findings],
            "records": [vars(record) for record in self.records],
            "spf_trees": [tree.to_dict() for tree in self.spf_trees],
            "policy": self.policy and _policy_to_dict(self.policy),
            "changes": [change_to_dict(change) for change in self.changes],
            "extras": [change_to_dict(change) for change in self.extras],
            "budget": self.budget and self.budget.to_dict(),
            "zone": {
                "name": self.zone.name if self.zone else None,
                "nameservers": list(self.zone.nameservers) if self.zone else [],
                "negative_ttl": self.zone.negative_ttl if self.zone else None,
            },
            "unanswered": [
                {"name": answer.name, "type": answer.rdtype, "status": answer.status.value,
                 "server": answer.server, "detail": answer.detail}
                for answer in self.unanswered
            ],
            "sender_unknown": self.sender_unknown,
            "deadline_passed": self.deadline_passed,
            "asked": self.query.fingerprint,
            "confirmed": {area: state.value for area, state in self.confirmed.items()},
            "own": self.own and {
                "codes": self.own.codes,
                "records": [vars(record) for record in self.own.records], "nameservers": list(self.own.nameservers),
                "answered": list(self.own.answered)},
            "answered": self.answered,
            "left_open": list(self.left_open),
            "dead_names": self.dead_names.to_dict(),
            "started": self.started,
            "duration": round(self.duration, 3),
        }

    @property
    def confirmed(self) -> dict[str, State]:
        """The state of each area as the zone's own servers have it, empty where they were not asked or not reached."""
        return self.own.states if self.own else {}

    def severity(self, finding: Finding) -> Severity:
        """How much a finding matters here: a fault of a record is an error only as long as mail may be refused for it."""
        severity = CODES[finding.code].severity
        is_of_record = finding.code.partition(".")[0] in PROTOCOLS
        return Severity.WARNING if severity is Severity.ERROR and is_of_record and self._arrives else severity

    @property
    def _arrives(self) -> bool:
        """Whether it is known that no mail is being refused: what DNS did not say makes no fault smaller."""
        used = [self.paths[path.key].state for path in self.query.paths if path.in_use and path.key in self.paths]
        return not {self.state, *used} & {State.FAIL, State.UNKNOWN}


def _policy_to_dict(policy: Policy) -> dict:
    """Where a domain stands: what the record that applies asks for, and where it is; contested is as good as not known."""
    status = RecordStatus.UNKNOWN if policy.stricter is None and policy.status == RecordStatus.FOUND else policy.status
    return {"status": status.value, "requested": policy.requested, "testing": policy.testing, "name": policy.record_name,
            "inherited": policy.inherited}


def _groups_to_list(groups: dict[str, Explanation]) -> list[dict]:
    """What several groups have in common once: of a thousand companies nearly all fare alike."""
    alike: list[tuple[Explanation, list[str]]] = []
    for group, found in groups.items():
        names = next((names for known, names in alike if known == found), None)
        if names is None:
            alike.append((found, [group]))
        else:
            names.append(group)
    return [{"of": names, "state": found.state.value, **_areas_to_dict(found)} for found, names in alike]


def _areas_to_dict(found: DomainReport | Explanation) -> dict:
    return {name: _area_to_dict(getattr(found, name)) for name in AREAS}


def _area_to_dict(area: AreaReport) -> dict:
    said = {"state": area.state.value, "code": area.code, "params": dict(area.params)}
    return {**said, "worst": area.worst.value} if area.worst else said


def change_to_dict(change: Change) -> dict:
    """A change as JSON types, with the strings and the line of a zone file that it is published as."""
    return {
        "action": change.action,
        "rdtype": change.rdtype,
        "name": change.name,
        "host": change.host,
        "zone": change.zone,
        "value": change.value,
        "strings": [decode_text(string) for string in split_strings(change.value)],
        "old_value": change.old_value,
        "ttl": change.ttl,
        "reason": change.reason,
        "params": dict(change.params),
        "solves": list(change.solves),
        "optional": change.optional,
        "zone_line": replace(change, action="create").to_zone_line(),
    }


async def check_domains(resolver: Client, queries: Sequence[DomainQuery]) -> list[DomainReport]:
    """Check domains side by side; the reports come in the order of the queries.

    The resolver's deadline (seconds) holds for all of them together: what is not answered
    by then is unknown, and the report says ``deadline_passed``.
    """
    async with resolver.batch():
        return await for_each(partial(check_domain, resolver), queries, MAX_PARALLEL)


async def check_domain(resolver: Client, query: DomainQuery) -> DomainReport:
    """Check one domain. Never raises because of what DNS contains or does not answer.

    The resolver's deadline (seconds) holds for this domain by itself, too.
    """
    started, epoch = time.monotonic(), time.time()
    problem = names.domain_problem(query.domain)
    if problem:
        return _not_a_domain(query, problem)
    if query.managed:
        managed = areas.MANAGED
        return DomainReport(
            query, State.NOT_NEEDED, managed, managed, managed, managed,
            paths={path.key: Verdict(State.NOT_NEEDED, (), State.NOT_NEEDED, State.NOT_NEEDED) for path in query.paths},
            answered=tuple(area for area in FINDING_AREAS if area != "parked"))
    async with resolver.batch(resolver.deadline) as batch:
        facts = await gather(resolver, query)
        verdicts = {path.path.key: path_verdict(path, facts) for path in facts.paths}
        advice, dead_names = await together(advise(resolver, facts), find_dead_names(resolver, facts))
        own, own_findings = await _confirm(resolver, query, facts) if query.confirm else (None, ())
    if facts.precondition.code == "gate.nxdomain" and query.is_silent:
        return _missing_silent_domain(facts, dead_names, epoch, time.monotonic() - started)
    if facts.precondition.code == "gate.nxdomain":
        return _missing_domain(query, facts, dead_names, verdicts, own, epoch, time.monotonic() - started)
    parked_findings = () if query.paths else parked.findings(query.domain, facts.precondition, facts.mx, facts.spf, facts.dmarc)
    explained = explain_parked(facts) if parked_findings else explain(facts)
    if query.is_silent:
        parked_findings += parked.silent_findings(query, facts.precondition, facts.mx, facts.spf, facts.dmarc)
        explained = explain_silent(facts)
    unanswered = _unanswered(facts)
    return DomainReport(
        query, explained.state, explained.gate, explained.spf, explained.dkim, explained.dmarc,
        groups=explain_groups(facts),
        paths=verdicts,
        results={path.path.key: path_result(path, facts.policy_of(path).stricter) for path in facts.paths},
        findings=(*_findings(facts, bool(parked_findings) or query.is_silent), *truncated_findings(unanswered), *own_findings,
                  *advice.findings, *parked_findings),
        records=_records(facts),
        spf_trees=_spf_trees(facts),
        policy=facts.dmarc,
        changes=advice.changes,
        extras=advice.extras,
        budget=advice.budget,
        zone=facts.zone,
        unanswered=unanswered,
        sender_unknown=any(path.path.service is None and not path.assumed for path in facts.own_paths),
        deadline_passed=batch.deadline_passed,
        own=own,
        answered=_answered(facts, unanswered, advice.is_certain),
        left_open=_left_open(facts),
        dead_names=dead_names,
        started=epoch,
        duration=time.monotonic() - started,
    )


async def _confirm(resolver: Client, query: DomainQuery, facts: Facts) -> tuple[OwnView | None, tuple[Finding, ...]]:
    """What the zone's own servers have, ``None`` if they cannot be reached; findings about them."""
    if not facts.zone.name:
        return None, ()
    view = await resolver.authoritative(facts.zone.name)
    if view.status is not ViewStatus.OK:
        return None, view.findings
    seen = await gather(view, query)
    explained = explain_silent(seen) if query.is_silent else explain(seen)
    states = {area: getattr(explained, area).state for area in AREAS}
    codes = {area: getattr(explained, area).code for area in AREAS}
    return OwnView(states, codes, _records(seen), seen.zone.nameservers, _answered(seen, _unanswered(seen), False)), view.findings


def _missing_domain(
    query: DomainQuery, facts: Facts, dead_names: DeadNames, verdicts: dict[str, Verdict], own: OwnView | None,
    started: float, duration: float,
) -> DomainReport:
    """Of a domain that does not exist nothing else is worth saying, and nothing can be published in it."""
    gate, other = areas.precondition(facts), areas.PRECONDITION_FIRST
    return DomainReport(
        query, State.FAIL, gate, other, other, other, paths=verdicts, findings=facts.precondition.findings, zone=facts.zone,
        own=own, answered=("gate",), dead_names=dead_names, started=started, duration=duration,
    )


def _missing_silent_domain(facts: Facts, dead_names: DeadNames, started: float, duration: float) -> DomainReport:
    """Of a domain that is said to send nothing no mail is harmed, whether it exists or not."""
    query, explained = facts.query, explain_silent(facts)
    return DomainReport(
        query, explained.state, explained.gate, explained.spf, explained.dkim, explained.dmarc, zone=facts.zone,
        findings=parked.silent_findings(query, facts.precondition, facts.mx, facts.spf, facts.dmarc),
        answered=("gate", "parked"), dead_names=dead_names, started=started, duration=duration,
    )


def _not_a_domain(query: DomainQuery, problem: str) -> DomainReport:
    gate = AreaReport(State.FAIL, "gate.invalid_name", {"name": query.domain[:255]})
    other = areas.PRECONDITION_FIRST
    return DomainReport(
        query, State.FAIL, gate, other, other, other,
        paths={path.key: Verdict(State.FAIL, ("gate:domain_missing",), State.FAIL, State.FAIL)
               for path in query.paths},
        findings=(Finding(problem, query.domain[:255]),), answered=("name",),
    )


# Where nothing is sent, that these are missing is no fault of mail.
_OF_SENDERS = frozenset({"spf.missing", "dmarc.missing"})


def _findings(facts: Facts, is_parked: bool) -> tuple[Finding, ...]:
    """Every finding once: two paths through one service look at the same keys."""
    keys = [path.keys for path in facts.from_paths if path.keys]
    found: list[Finding] = [
        *(() if is_parked else facts.precondition.findings), *facts.zone.findings, *facts.mx.findings, *facts.spf.findings]
    for bounce in facts.bounces:
        if bounce.spf.status in (RecordStatus.SEVERAL, RecordStatus.INVALID):
            found += bounce.spf.findings
    found += [bounce.spf.contest.finding("spf") for bounce in facts.bounces if bounce.spf.contest]
    for of_service in keys:
        found += of_service.findings
    for of_service in keys:
        for key in of_service.keys:
            found += key.findings
    found += facts.dmarc.findings
    found += () if is_parked else senders.findings(facts, authenticated(facts))
    found += facts.mta_sts.findings
    found += facts.tls_rpt.findings
    for report in facts.reverse:
        found += report.findings
    return tuple({
        (finding.code, finding.name, finding.span, str(finding.params)): finding for finding in found
        if not facts.query.is_silent or finding.code not in _OF_SENDERS}.values())


def _records(facts: Facts) -> tuple[SeenRecord, ...]:
    distinct: dict[tuple[str, str, str], SeenRecord] = {}  # in the place of the first, and as the last one tells of it
    for record in _every_record(facts):
        distinct[record.name, record.type, record.value] = record
    return tuple([
        record if len(record.value) <= MAX_VALUE else replace(record, value=record.value[:MAX_VALUE])
        for record in islice(distinct.values(), MAX_RECORDS)])


def _every_record(facts: Facts) -> Iterator[SeenRecord]:
    domain = facts.query.domain
    for exchange in facts.mx.exchanges:
        yield SeenRecord("gate", domain, "MX", f"{exchange.preference} {exchange.host or '.'}", facts.mx.ttl)
    for record in facts.spf.records:
        yield SeenRecord("spf", domain, "TXT", record, facts.spf.ttl)
    for bounce in facts.bounces:
        for record in bounce.spf.records:
            yield SeenRecord("spf", bounce.domain, "TXT", record, bounce.spf.ttl)
    for path in facts.from_paths:
        for key in path.keys.keys if path.keys else ():
            if key.aliases:
                yield SeenRecord("dkim", key.name, "CNAME", key.aliases[0], certain(key.ttl))
            for record in key.records:
                yield SeenRecord("dkim", key.aliases[-1] if key.aliases else key.name, "TXT", record, certain(key.ttl))
    yield from _dmarc_records(facts)
    for record in facts.mta_sts.records:
        yield SeenRecord("mta_sts", mta_sts.record_name(domain), "TXT", record, facts.mta_sts.ttl)
    for record in facts.tls_rpt.records:
        yield SeenRecord("tls_rpt", tls_rpt.record_name(domain), "TXT", record, facts.tls_rpt.ttl)


def _spf_trees(facts: Facts) -> tuple[Outline, ...]:
    own_first = (facts.spf, *[bounce.spf for bounce in facts.bounces])
    reports = {report.domain: report for report in own_first if report.shared_tree}
    return tuple([certain(outline(report)) for report in islice(reports.values(), MAX_TREES)])


def _dmarc_records(facts: Facts) -> Iterable[SeenRecord]:
    """What stands on the walk as a DMARC record, and what only means to be one: that is what has to be changed."""
    discarded = set(facts.dmarc.discarded)
    for name, answer in facts.dmarc.walked:
        if not answer.records:
            continue
        texts = [text for text in sorted(answer.texts) if dmarc.is_dmarc(text) or (name, text) in discarded]
        if texts and answer.aliases:
            yield SeenRecord("dmarc", name, "CNAME", answer.aliases[0], answer.ttl)
        for text in texts:
            yield SeenRecord("dmarc", answer.aliases[-1] if answer.aliases else name, "TXT", text, answer.ttl)


def _answered(facts: Facts, unanswered: Sequence[Answer], advice_is_certain: bool) -> tuple[str, ...]:
    """The areas whose findings are complete; of the others a finding that is not there means nothing."""
    open_areas = _open_areas(facts) if unanswered else set()
    if not advice_is_certain:
        open_areas.add("advice")
    if facts.mta_sts.status == RecordStatus.UNKNOWN:
        open_areas.add("mta_sts")  # DNS answered and the web server did not
    return tuple(area for area in FINDING_AREAS if area not in open_areas) if open_areas else FINDING_AREAS


def _open_areas(facts: Facts) -> set[str]:
    """The areas about which DNS did not answer everything."""
    keys = [key for path in facts.from_paths if path.keys for key in path.keys.keys]
    authorised = [path.authorisation for path in facts.own_paths if path.authorisation]
    bounces = [part for bounce in facts.bounces for part in (bounce.spf, bounce.authorisation) if part]
    envelopes = [path.spf for path in facts.own_paths]
    failed: dict[str, Sequence[Any]] = {
        "gate": (facts.precondition,), "zone": (facts.zone,), "mx": (facts.mx,),
        "spf": (facts.spf, *authorised, *bounces, *envelopes), "dkim": keys, "dmarc": (facts.dmarc,), "mta_sts": (facts.mta_sts,),
        "tls_rpt": (facts.tls_rpt,), "reverse": facts.reverse, "advice": (facts.spf, *authorised),
    }
    return {area for area, parts in failed.items() for part in parts if part.failed}


def _left_open(facts: Facts) -> tuple[str, ...]:
    """The codes that another finding says DNS did not tell about."""
    if not facts.dmarc.findings:
        return ()
    found = {finding.code for finding in facts.dmarc.findings}
    return tuple(code for silence, codes in dmarc.LEFT_OPEN.items() if silence in found for code in codes)


def _unanswered(facts: Facts) -> tuple[Answer, ...]:
    reports: tuple[Any, ...] = (
        facts.zone, facts.precondition, facts.mx, facts.spf, facts.dmarc, facts.mta_sts, facts.tls_rpt, *facts.reverse)
    failed: list[Answer | None] = [part.failed for part in reports]
    for path in facts.paths:
        parts = (path.spf, path.authorisation, *((path.bounce.spf, path.bounce.authorisation) if path.bounce else ()))
        failed += [part.failed for part in parts if part]
        failed += [key.failed for key in path.keys.keys] if path.keys else []
    return tuple({(answer.name, answer.rdtype): answer for answer in failed if answer}.values())
