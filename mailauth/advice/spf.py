"""One SPF record that permits every service whose envelope uses the domain (RFC 7208 §3.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import spf
from ..change import Change
from ..dns.protocol import Client
from ..finding import Finding
from ..service import Service
from ..spf.authorise import Authorised
from ..spf.terms import clip
from ..status import RecordStatus
from ..verdict import Spf
from ..verdict.facts import Facts, PathFacts, gather_paths
from .budget import (
    MAX_LOOKUPS,
    MAX_VOIDS,
    Budget,
    TermCost,
    body_of,
    costs,
    one_family_voids,
    record_changes,
    to_drop,
    voids,
)

_SOUND = (RecordStatus.FOUND, RecordStatus.UNKNOWN)  # as far as DNS told
_LIMITS = frozenset({"spf.too_many_lookups", "spf.void_lookups"})
_RANK = {Spf.NO: 0, Spf.PART: 1, Spf.OWN: 2, Spf.ALIGNED: 3}


# Changes to the record, findings where there are none, and what its terms cost if they are too many.
Outcome = tuple[tuple[Change, ...], tuple[Finding, ...], "Budget | None"]


def terms_of(service: Service | None) -> tuple[str, ...]:
    """The terms that a service needs in the record of the domain that it leaves in the envelope."""
    return service.spf_terms if service and service.keeps_envelope else ()


async def advise(resolver: Client, facts: Facts) -> Outcome:
    """The changes to the domain's SPF record, findings where there are none, and what its terms cost if they are too many.

    What is left out for want of room is named in the change's ``params["drops"]``.
    """
    nothing: Outcome = (), (), None
    report = facts.spf
    if report.contest:
        return nothing  # as long as an alias stands beside it, a new record helps few receivers
    senders = [path for path in facts.envelope_paths if path.path.service and terms_of(path.path.service)]
    if not senders or report.status == RecordStatus.UNKNOWN:
        return nothing
    if any(path.authorisation and path.authorisation.failed for path in senders):
        return nothing
    records = report.records or report.meant
    if not records and any(path.path.service is None for path in facts.envelope_paths):
        return nothing  # a first record would speak against those who are not known
    missing = [
        path for path in senders
        if not path.authorisation or path.authorisation.status in (Authorised.NONE, Authorised.SOME)]
    if not missing and report.status == RecordStatus.FOUND:
        return nothing
    # A record that receivers ignore says nothing yet: then every service has to be in the new one.
    return await _Record(resolver, facts, records, senders, missing).advise()


class _Record:
    """The record in the making."""

    def __init__(
        self, resolver: Client, facts: Facts, records: Sequence[str], senders: list[PathFacts],
        missing: list[PathFacts],
    ) -> None:
        self.resolver, self.facts, self.records = resolver, facts, records
        self.missing = missing
        self.domain = facts.query.domain
        absent = senders if facts.spf.status != RecordStatus.FOUND else missing
        self.wanted = list(dict.fromkeys(term for path in absent for term in terms_of(path.path.service)))
        self.required = frozenset(self.wanted)
        self.params = {"services": _names(path.path.service for path in (missing or senders))}

    async def advise(self) -> Outcome:
        if self.records and self.facts.spf.status != RecordStatus.FOUND:
            self.wanted = await self._lacking()
        merged = spf.merge(self.records, self.wanted)
        if merged.value is None:
            return self._refused(merged)
        changes = self._changes(merged.value)
        after = await spf.inspect(self.resolver.overlay(changes), self.domain)
        if self._too_much(after):
            return await self._trimmed(after)
        if after.status not in _SOUND or self._raises_voids(after):
            return self._refused()
        paths = await self._after(changes)
        if not self._reaches_all(paths):
            # Receivers give up on names that lead nowhere before they come to who sends (RFC 7208 §4.6.4).
            return await self._trimmed(after, outright=("broken", "void"))
        return (changes, (), None) if self._is_no_worse(paths) else self._refused()

    async def _lacking(self) -> list[str]:
        """The wanted terms without those that are superfluous once the record is mended: it lets their service pass."""
        mended = spf.merge(self.records, [], known=self.wanted)
        if mended.value is None:
            return self.wanted
        passing = {
            term for path in await self._after(self._changes(mended.value))
            if path.authorisation and path.authorisation.status == Authorised.ALL and path.path.envelope_domain == self.domain
            for term in terms_of(path.path.service)}
        present = {term.body for term in spf.parse(mended.value).terms}
        return [term for term in self.wanted if term not in passing or body_of(term) in present]

    def _refused(self, merged: spf.Merge | None = None) -> Outcome:
        params = {"reason": merged.refused, **merged.refused_params} if merged else {"reason": ""}
        return (), (Finding("advice.merge_refused", self.domain, params),), None

    def _too_much(self, report: spf.SpfReport) -> bool:
        """Whether taking terms out could mend the record: it has too many, or one that breaks it."""
        return any(finding.code in _LIMITS for finding in report.findings) or (
            report.status == RecordStatus.INVALID and any(term.why == "broken" for term in self._costs(report)))

    def _raises_voids(self, after: spf.SpfReport) -> bool:
        """Whether more than two lookups find nothing for one family, and more than before: others stand behind us."""
        return any(
            new > max(MAX_VOIDS, old)
            for old, new in zip(one_family_voids(self.facts.spf), one_family_voids(after), strict=True))

    def _costs(self, report: spf.SpfReport) -> list[TermCost]:
        needed: dict[str, list[str]] = {}
        unused: dict[str, list[str]] = {}
        for path in self.facts.paths:
            if path.path.service and path.path.envelope_domain == self.domain:
                for term in terms_of(path.path.service):
                    names = (needed if path.path.in_use else unused).setdefault(term, [])
                    if path.path.service.name not in names:
                        names.append(path.path.service.name)
        return costs(report, needed, {term: names for term, names in unused.items() if term not in needed})

    async def _trimmed(self, full: spf.SpfReport, outright: Collection[str] = ("broken",)) -> Outcome:
        """The record without what can go; where that is not enough, the costs for a person to choose from."""
        terms = self._costs(full)
        drops = to_drop(full, terms, outright)
        if drops is not None:
            gone = {body_of(drop.term) for drop in drops}
            merged = spf.merge(
                self.records, [term for term in self.wanted if body_of(term) not in gone], drop=[drop.term for drop in drops])
            if merged.value is None:
                return self._refused(merged)
            params = {**self.params, "lookups": full.worst_lookups, "drops": [
                {"term": drop.term, "lookups": drop.lookups, "why": drop.why, "services": list(drop.services)}
                for drop in drops]}
            changes = self._changes(merged.value, params)
            after = await spf.inspect(self.resolver.overlay(changes), self.domain)
            is_sound = after.status in _SOUND and not any(f.code in _LIMITS for f in after.findings)
            if is_sound and not self._raises_voids(after):
                paths = await self._after(changes)
                left_out = {name for drop in drops for name in drop.services}
                if self._reaches_all(paths) and self._is_no_worse(paths, left_out):
                    return changes, (), self._budget(full, terms, drops)
        if full.worst_lookups <= MAX_LOOKUPS:
            return self._refused()
        finding = Finding("advice.lookup_limit", self.domain, {
            "lookups": full.worst_lookups, "services": ", ".join(self.params["services"])})
        return (), (finding,), self._budget(full, terms, ())

    def _budget(self, full: spf.SpfReport, terms: Iterable[TermCost], drops: Iterable[TermCost]) -> Budget:
        gone = {drop.term for drop in drops}
        return Budget(
            self.domain, full.worst_lookups, tuple(replace(term, dropped=term.term in gone) for term in terms),
            tuple(clip(record, 4096) for record in self.records), tuple(self.wanted), voids=voids(full))

    async def _after(self, changes: tuple[Change, ...]) -> tuple[PathFacts, ...]:
        """The paths as they are once the changes are published."""
        return await gather_paths(self.resolver.overlay(changes), self.facts.query)

    def _reaches_all(self, after: tuple[PathFacts, ...]) -> bool:
        """Whether the record permits every service that it is made for."""
        return not any(
            path.authorisation and path.authorisation.status == Authorised.NONE and path.path.in_use
            and path.path.envelope_domain == self.domain and self.required.intersection(terms_of(path.path.service))
            for path in after)

    def _is_no_worse(self, after: tuple[PathFacts, ...], left_out: Collection[str] = ()) -> bool:
        """Whether no path is worse off, but for those that are left out and unused."""
        return all(
            _worst(new) >= _worst(old)
            or not old.path.in_use and old.path.service and old.path.service.name in left_out
            for old, new in zip(self.facts.paths, after, strict=True))

    def _changes(self, value: str, params: Mapping[str, Any] | None = None) -> tuple[Change, ...]:
        is_full = params is not None and params["lookups"] > MAX_LOOKUPS
        if params:
            reason = "spf.trim" if is_full else "spf.mend"
        elif not self.records:
            reason = "spf.create"
        elif self.records[1:]:
            reason = "spf.merge"
        else:
            reason = "spf.replace" if self.facts.spf.records and self.missing else "spf.repair"
        solves: tuple[str, ...] = () if len(self.records) == 1 else ("spf.several",) if self.records else ("spf.missing",)
        return record_changes(
            self.domain, self.records, value, reason=reason, params=params or self.params, solves=solves)


def _worst(path: PathFacts) -> int:
    return min(_RANK[value] for value in path.possible_spf)


def _names(services: Iterable[Service | None]) -> list[str]:
    return list(dict.fromkeys(service.name for service in services if service))
