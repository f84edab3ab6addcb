"""Evaluating a record for sets of addresses at once: which pass, which do not, which cannot be known.

The same rules as :mod:`mailauth.spf.check`, over what a :class:`~mailauth.spf.walk.Walk` fetched,
so that it asks nothing. Addresses that have come the same way share a :class:`State`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..certain import certain
from ..dns.answer import Answer, Status
from .networks import Network, Networks
from .terms import Record, Term, clip
from .walk import MAX_LOOKUPS, MAX_MX, MAX_VOID_LOOKUPS, VOID, Walk, first_exchanges, own_lookups, static_target

MAX_RECORD_EVALUATIONS = 300


class State(NamedTuple):
    """How a group of addresses has come this far.

    ``perhaps_voids`` adds what macros may have cost; ``perhaps_passed``: a term that
    cannot be evaluated without a mail may have let them pass already.
    """

    lookups: int = 0
    voids: int = 0
    perhaps_voids: int = 0
    perhaps_passed: bool = False


Groups = dict[State, Networks]


class OpenTerm(NamedTuple):
    """A term that nobody can evaluate without a mail, and that evaluation comes to.

    ``domain`` is that of the record it stands in; ``passes``: a match of it is a pass of the whole.
    """

    term: Term
    domain: str
    passes: bool

    @property
    def question(self) -> tuple[str, str]:
        """Equal for terms that ask the same, wherever they stand: only ``%{d}`` and a missing name depend on the place."""
        bound = self.term.domain_spec is None or "d" in self.term.macro_letters
        return self.term.body, self.domain if bound else ""


@dataclass
class Outcome:
    """A partition of the addresses that were asked about.

    ``passed``; ``world`` (passed, but only because everybody does: ``+all`` or a network of
    all addresses); ``refused`` (fail, softfail, neutral); ``broken`` (permerror); ``differs``
    (permerror, but for receivers who look at the first ten of too many mail exchangers); ``failed``
    (DNS did not answer); ``undecided`` (depends on the mail: ``exists``, ``ptr``, macros).
    The other fields say why: finding codes, terms, the question.
    """

    passed: Networks = Networks()
    world: Networks = Networks()
    refused: Networks = Networks()
    broken: Networks = Networks()
    differs: Networks = Networks()
    failed: Networks = Networks()
    undecided: Networks = Networks()
    passed_by: list[str] = field(default_factory=list)
    refused_by: str | None = None
    broken_by: str | None = None
    unanswered: Answer | None = None
    open_terms: list[OpenTerm] = field(default_factory=list)


class _Evaluation(NamedTuple):
    """What one record does to those who come to it; the errors are noted in the outcome at once."""

    passed: Groups
    world: Groups
    other: Groups
    none: Groups


def evaluate(walk: Walk, addresses: Networks) -> Outcome:
    """How the record of ``walk.domain`` treats ``addresses``."""
    return _Evaluator(walk).run(addresses)


def _add(groups: Groups, state: State, addresses: Networks) -> None:
    if addresses:
        groups[state] = groups[state] | addresses if state in groups else addresses


def _union(groups: Groups) -> Networks:
    union = Networks()
    for addresses in groups.values():
        union |= addresses
    return union


class _Evaluator:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.outcome = Outcome()
        self.evaluations = 0

    def run(self, addresses: Networks) -> Outcome:
        outcome = self.outcome
        result = self.policy(self.walk.domain, {State(): addresses}, (), True)
        if result.none:
            outcome.broken_by = outcome.broken_by or "spf.missing"
            outcome.broken |= _union(result.none)
        outcome.passed = _union(result.passed)
        outcome.world = _union(result.world)
        for state, refused in result.other.items():
            if state.perhaps_passed:
                outcome.undecided |= refused
            else:
                outcome.refused |= refused
        return outcome

    # Ends of an evaluation

    def broken(self, state: State, addresses: Networks, code: str) -> None:
        if not addresses:
            return
        if state.perhaps_passed:
            self.outcome.undecided |= addresses
        else:
            self.outcome.broken |= addresses
            self.outcome.broken_by = self.outcome.broken_by or code

    def failed(self, groups: Groups, answer: Answer | None) -> None:
        """``answer`` is the question that decides; ``None`` if it lies beyond the bounds of the walk."""
        for state, addresses in groups.items():
            if answer is None or state.perhaps_passed:
                self.outcome.undecided |= addresses
            else:
                self.outcome.failed |= addresses
                self.outcome.unanswered = self.outcome.unanswered or answer

    # Records

    def policy(self, domain: str, groups: Groups, path: tuple[str, ...], to_top: bool) -> _Evaluation:
        """``to_top``: a pass here is a pass of the whole (every include on the way has +)."""
        nothing = _Evaluation({}, {}, {}, {})
        policy = self.walk.policies.get(domain)
        self.evaluations += 1
        if policy is None or self.evaluations > MAX_RECORD_EVALUATIONS:
            self.failed(groups, None)
            return nothing
        if not policy.answer.is_fact:
            self.failed(groups, policy.answer)
            return nothing
        if not policy.texts:
            return nothing._replace(none=groups)
        code = None
        if policy.record is None:
            code = "spf.include_several" if path else "spf.several"
        elif policy.record.errors:
            code = policy.record.errors[0].code
        if code:
            for state, addresses in groups.items():
                self.broken(state, addresses, code)
            return nothing
        return self.record(certain(policy.record), domain, groups, (*path, domain), to_top)

    def record(self, record: Record, domain: str, groups: Groups, path: tuple[str, ...], to_top: bool) -> _Evaluation:
        result = _Evaluation({}, {}, {}, {})
        mechanisms = record.mechanisms
        at = 0
        while at < len(mechanisms) and groups:
            term = mechanisms[at]
            at += 1
            if term.name == "all":
                self.settle(result, term, {}, groups, path)
                return result
            if term.network is not None:
                run: list[Network] = [term.network]
                if term.network.prefixlen:  # a network of everybody is judged alone
                    while at < len(mechanisms) and _alike(term, mechanisms[at]):
                        run += filter(None, (mechanisms[at].network,))
                        at += 1
                groups = self.match(result, term, groups, Networks.of(run), path, not term.network.prefixlen)
                continue
            groups = self.spend(term, groups)
            groups = self.lookup(result, term, domain, groups, path, to_top)
        redirect = record.modifier("redirect")
        if redirect is None or record.all is not None:
            for state, addresses in groups.items():
                _add(result.other, state, addresses)
            if groups and len(path) == 1:
                self.outcome.refused_by = self.outcome.refused_by or "spf.no_all"
            return result
        groups = self.spend(redirect, groups)
        if groups:
            self.redirect(result, redirect, domain, groups, path, to_top)
        return result

    def redirect(
        self, result: _Evaluation, term: Term, domain: str, groups: Groups, path: tuple[str, ...], to_top: bool
    ) -> None:
        target = static_target(term, domain, self.walk.domain)
        if target is None:
            self.undecided(term, domain, groups, to_top)
        else:
            after = self.policy(target, groups, path, to_top)
            for ours, theirs in zip(result[:3], after[:3], strict=True):
                for state, addresses in theirs.items():
                    _add(ours, state, addresses)
            for state, addresses in after.none.items():
                self.broken(state, addresses, "spf.include_none")

    # Terms

    def settle(
        self, result: _Evaluation, term: Term, matched: Groups, world: Groups, path: tuple[str, ...]
    ) -> None:
        """Puts what a term matched where its qualifier says; ``world`` matched because everybody does."""
        for groups, passed in ((matched, result.passed), (world, result.world)):
            for state, addresses in groups.items():
                _add(passed if term.qualifier == "+" else result.other, state, addresses)
        if len(path) == 1 and (matched or world):
            if term.qualifier != "+":
                self.outcome.refused_by = self.outcome.refused_by or clip(term.text)
            elif matched:
                self.outcome.passed_by.append(clip(term.text))

    def match(
        self, result: _Evaluation, term: Term, groups: Groups, networks: Networks, path: tuple[str, ...],
        everybody: bool = False,
    ) -> Groups:
        """Takes those in ``networks`` out; what is left goes on."""
        matched: Groups = {}
        left: Groups = {}
        for state, addresses in groups.items():
            _add(matched, state, addresses & networks)
            _add(left, state, addresses - networks)
        self.settle(result, term, {} if everybody else matched, matched if everybody else {}, path)
        return left

    def spend(self, term: Term, groups: Groups) -> Groups:
        """Counts the term's lookups; those beyond ten end in permerror (RFC 7208 §4.6.4)."""
        left: Groups = {}
        for state, addresses in groups.items():
            lookups = state.lookups + own_lookups(term)
            if lookups > MAX_LOOKUPS:
                self.broken(state, addresses, "spf.too_many_lookups")
            else:
                _add(left, state._replace(lookups=lookups), addresses)
        return left

    def void(self, groups: Groups, flags: dict[int, bool], *, perhaps: bool = False) -> Groups:
        """Counts a void lookup for the families in ``flags`` (RFC 7208 §4.6.4)."""
        left: Groups = {}
        for state, addresses in groups.items():
            for version in (4, 6):
                part = addresses.family(version)
                if not flags.get(version):
                    _add(left, state, part)
                    continue
                changed = state._replace(
                    voids=state.voids + (not perhaps), perhaps_voids=state.perhaps_voids + perhaps
                )
                if changed.voids > MAX_VOID_LOOKUPS:
                    self.broken(state, part, "spf.void_lookups")
                elif changed.voids + changed.perhaps_voids > MAX_VOID_LOOKUPS:
                    self.outcome.undecided |= part
                else:
                    _add(left, changed, part)
        return left

    def undecided(self, term: Term, domain: str, groups: Groups, passes: bool) -> None:
        if groups:
            self.outcome.open_terms.append(OpenTerm(term, domain, passes))
            self.outcome.undecided |= _union(groups)

    def lookup(
        self, result: _Evaluation, term: Term, domain: str, groups: Groups, path: tuple[str, ...], to_top: bool
    ) -> Groups:
        if not groups:
            return groups
        target = None if term.name == "ptr" else static_target(term, domain, self.walk.domain)
        if target is None:
            passes = term.qualifier == "+" and to_top
            if term.name in ("exists", "ptr") and passes:
                # Either it lets them pass or they go on: those that pass further down pass for sure.
                self.outcome.open_terms.append(OpenTerm(term, domain, passes))
                groups = {state._replace(perhaps_passed=True): addresses for state, addresses in _merge(groups)}
                return self.void(groups, {4: True, 6: True}, perhaps=True)
            self.undecided(term, domain, groups, passes)
            return {}
        if term.name == "include":
            return self.include(result, term, target, groups, path, to_top)
        if term.name == "exists":
            return self.exists(result, term, target, groups, path)
        return self.hosts(result, term, target, groups, path, to_top)

    def include(
        self, result: _Evaluation, term: Term, target: str, groups: Groups, path: tuple[str, ...], to_top: bool
    ) -> Groups:
        inner = self.policy(target, groups, path, to_top and term.qualifier == "+")
        for state, addresses in inner.none.items():
            self.broken(state, addresses, "spf.include_none")
        if inner.passed or inner.world:
            self.settle(result, term, inner.passed, inner.world, path)
        return inner.other

    def exists(
        self, result: _Evaluation, term: Term, target: str, groups: Groups, path: tuple[str, ...]
    ) -> Groups:
        answer = self.walk.answer(target, "A")
        if answer is None or not answer.is_fact:
            self.failed(groups, answer)
            return {}
        if answer.status is Status.OK:  # the same for every address: everybody matches
            self.settle(result, term, {}, groups, path)
            return {}
        return self.void(groups, {4: True, 6: True}) if answer.status in VOID else groups

    def hosts(
        self, result: _Evaluation, term: Term, target: str, groups: Groups, path: tuple[str, ...], to_top: bool
    ) -> Groups:
        """``a`` and ``mx``: the question depends on the family of the address."""
        hosts, void = [target], False
        if term.name == "mx":
            exchanges = self.walk.answer(target, "MX")
            if exchanges is None or not exchanges.is_fact:
                self.failed(groups, exchanges)
                return {}
            hosts, void = first_exchanges(exchanges), exchanges.status in VOID
            if sum(bool(mx.host) for mx in exchanges.records) > MAX_MX:
                self.too_many_mx(term, hosts, groups, term.qualifier == "+" and to_top)
                return {}
        flags = {}
        for version, rdtype in ((4, "A"), (6, "AAAA")):
            answers = [self.walk.answer(host, rdtype) for host in hosts]
            for answer in answers:
                if answer is None or not answer.is_fact:
                    self.failed(_of_family(groups, version), answer)
                    groups = _of_family(groups, 10 - version)
                    break
                networks = _networks(term, version, answer)
                groups = self.match(result, term, groups, networks, path, not (term.cidr4 if version == 4 else term.cidr6))
            flags[version] = void or bool(answers) and all(a is not None and a.status in VOID for a in answers)
        return self.void(groups, flags)

    def too_many_mx(self, term: Term, hosts: list[str], groups: Groups, passes: bool) -> None:
        """Permerror (RFC 7208 §4.6.4); some receivers let those pass that one of the first ten matches."""
        for version, rdtype in ((4, "A"), (6, "AAAA")):
            ours = _of_family(groups, version)
            for answer in (self.walk.answer(host, rdtype) for host in hosts) if passes else ():
                if answer is None or not answer.is_fact:
                    self.failed(ours, answer)
                    ours = {}
                    break
                networks = _networks(term, version, answer)
                for state, addresses in ours.items():
                    matched = addresses & networks
                    self.outcome.differs |= matched
                    if state.perhaps_passed:
                        self.outcome.undecided |= matched
                ours = {state: left for state, addresses in ours.items() if (left := addresses - networks)}
            for state, addresses in ours.items():
                self.broken(state, addresses, "spf.too_many_mx")


def _of_family(groups: Groups, version: int) -> Groups:
    return {state: part for state, addresses in groups.items() if (part := addresses.family(version))}


def _networks(term: Term, version: int, answer: Answer) -> Networks:
    """What ``a`` or ``mx`` matches by one answer of addresses."""
    length = term.cidr4 if version == 4 else term.cidr6
    return Networks.of(ipaddress.ip_network((record, length), strict=False) for record in answer.records)


def _alike(term: Term, other: Term) -> bool:
    return other.network is not None and other.qualifier == term.qualifier and other.network.prefixlen > 0


def _merge(groups: Groups) -> Iterable[tuple[State, Networks]]:
    """The groups, those alike but for ``perhaps_passed`` put together."""
    merged: Groups = {}
    for state, addresses in groups.items():
        _add(merged, state._replace(perhaps_passed=False), addresses)
    return merged.items()
