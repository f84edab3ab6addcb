"""Fetching every record and address that an SPF record leads to: in parallel, each question once, bounded.

Bounds, whatever a record says: at most :data:`MAX_RECORDS` records are fetched,
:data:`MAX_QUESTIONS` questions asked, :data:`MAX_DEPTH` levels followed and
:data:`MAX_TERMS` terms of one record. A record that needs more is far beyond what
receivers evaluate (RFC 7208 §4.6.4).
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..dns.answer import Answer, Status
from ..dns.protocol import Resolver
from ..together import begin
from ..value import dataclass
from .macro import expand_name
from .record import is_spf, parse
from .terms import Record, Term

MAX_LOOKUPS = 10  # terms that ask DNS (RFC 7208 §4.6.4)
MAX_VOID_LOOKUPS = 2
MAX_MX = 10
MAX_DEPTH = 11  # one level more than ten lookups can reach
MAX_RECORDS = 50
MAX_QUESTIONS = 250
MAX_TERMS = 300  # of one record that are followed
MAX_REMEMBERED = 2000  # records, and as many answers, that a batch shares
MAX_REMEMBERED_OCTETS = 1000  # of one record

VOID = frozenset({Status.NODATA, Status.NXDOMAIN})


@dataclass(frozen=True)
class Policy:
    """The SPF records at one name: exactly one is what receivers use."""

    domain: str
    answer: Answer
    texts: tuple[str, ...]
    record: Record | None  # parsed, if there is exactly one
    strings: tuple[bytes, ...] = ()


def read_policy(domain: str, answer: Answer, parse: Callable[[bytes], Record] = parse) -> Policy:
    """The SPF records among the TXT records of a name (RFC 7208 §4.5), in an order that is not the server's."""
    chosen = []
    for strings in answer.records if answer.status is Status.OK else ():
        octets = strings[0] if len(strings) == 1 else b"".join(strings)
        if is_spf(octets[:7].decode("latin-1")):
            chosen.append((octets, strings))
    if len(chosen) == 1:
        record = parse(chosen[0][0])
        return Policy(domain, answer, (record.text,), record, chosen[0][1])
    return Policy(domain, answer, tuple(parse(octets).text for octets, _strings in sorted(chosen)), None)


def static_target(term: Term, domain: str, sender_domain: str) -> str | None:
    """The target-name of a term where it is the same for every mail of the domain, else ``None``."""
    if term.domain_spec is None:
        return domain
    if "%" not in term.domain_spec:
        return term.fixed_name
    if not term.macro_letters <= {"d", "o"}:
        return None
    return expand_name(term.domain_spec, {"d": domain, "o": sender_domain}).lower()


def first_exchanges(answer: Answer) -> list[str]:
    """The mail hosts of an MX answer that receivers look at, most preferred first: ten (RFC 7208 §4.6.4).

    Where others are as preferred as the tenth nobody knows which ten it will be: these too, twenty at most.
    """
    exchanges = sorted((mx for mx in answer.records if mx.host), key=lambda mx: mx.preference)
    last = exchanges[MAX_MX - 1].preference if len(exchanges) > MAX_MX else None
    return [mx.host for mx in exchanges if last is None or mx.preference <= last][: 2 * MAX_MX]


def own_lookups(term: Term) -> int:
    """What a term itself adds to the limit of ten: ``%{p}`` asks for a PTR record too (RFC 7208 §4.6.4)."""
    return (2 if "p" in term.macro_letters else 1) if term.looks_up else 0


class Known:
    """What one resolver has answered within one batch, read: shared includes are parsed once for all domains.

    Holds facts only; what DNS did not answer is asked for again, or known to the batch.
    """

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.subtrees: dict = {}  # what is built of the records, see mailauth.spf.tree
        self.without_remark: dict = {}  # records about which there is nothing to say, see mailauth.spf.inspection
        self.under_way: dict[str, asyncio.Future[None]] = {}  # records that somebody is just looking at, for whoever has the same
        # By a name that a domain's own record includes: the records below that it leads to, if it leads to nothing else.
        self.reached: dict[str, dict[str, Policy]] = {}
        self._policies: dict[str, Policy] = {}
        self._records: dict[bytes, Record] = {}

    def policy(self, domain: str, answer: Answer) -> Policy:
        """:func:`read_policy`, once for an answer."""
        policy = self._policies.get(domain)
        if policy is None or policy.answer is not answer:
            policy = read_policy(domain, answer, self.parse)
            if answer.is_fact and len(self._policies) < MAX_REMEMBERED:
                self._policies[domain] = policy
        return policy

    def parse(self, octets: bytes) -> Record:
        """:func:`mailauth.spf.record.parse`, once for a text: many domains have the same one."""
        record = self._records.get(octets)
        if record is None:
            record = parse(octets)
            if len(octets) <= MAX_REMEMBERED_OCTETS and len(self._records) < MAX_REMEMBERED:
                self._records[octets] = record
        return record


class batch:
    """``async with batch(resolver) as known``: one deadline for all questions asked within, and the :class:`Known` with it."""

    def __init__(self, resolver: Resolver) -> None:
        make = getattr(resolver, "batch", None)
        self._resolver = resolver
        self._batch = make() if make is not None else None

    async def __aenter__(self) -> Known:
        memory = None if self._batch is None else getattr(await self._batch.__aenter__(), "memory", None)
        if memory is None:
            return Known()
        by_resolver = memory.get("spf")
        if by_resolver is None:
            by_resolver = memory["spf"] = weakref.WeakKeyDictionary()
        known = by_resolver.get(self._resolver)
        if known is None:
            known = by_resolver[self._resolver] = Known()
        return known

    async def __aexit__(self, *error: Any) -> None:
        if self._batch is not None:
            await self._batch.__aexit__(*error)


@dataclass
class Walk:
    """Fetches every record and address that the record of ``domain`` leads to."""

    resolver: Resolver
    domain: str
    known: Known = field(default_factory=Known)
    policies: dict[str, Policy] = field(default_factory=dict)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asked: set[tuple[str, str]] = set()
        self._visited: set[str] = {self.domain}
        self._tasks: set[asyncio.Future] = set()

    async def run(self, root: Policy) -> None:
        """Follows ``root`` to all its ends; afterwards ``policies`` and :meth:`answer` hold what was found."""
        self.policies[self.domain] = root
        self._follow(root, 1)
        while pending := [task for task in self._tasks if not task.done()]:
            await asyncio.gather(*pending)

    def answer(self, name: str, rdtype: str) -> Answer | None:
        """What was answered; ``None`` for what was not asked because there were too many questions."""
        return self.answers.get((name, rdtype))

    def _ask(self, name: str, rdtype: str, then: Callable[[Answer], None] | None = None) -> None:
        """Sees to it that the question is answered; calls ``then`` with the answer, at once if it is known."""
        key = (name, rdtype)
        if key in self._asked:
            return
        if len(self._asked) >= MAX_QUESTIONS:
            return
        self._asked.add(key)
        answer = self.known.answers.get(key)
        if answer is None:
            task = begin(self._fetch(key, then))
            if not task.done():
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        else:
            self.answers[key] = answer
            if then is not None:
                then(answer)

    async def _fetch(self, key: tuple[str, str], then: Callable[[Answer], None] | None) -> None:
        answer = self.answers[key] = await self.resolver.query(*key)
        if answer.is_fact and len(self.known.answers) < MAX_REMEMBERED:
            self.known.answers[key] = answer
        if then is not None:
            then(answer)

    def _follow(self, policy: Policy, depth: int) -> None:
        record = policy.record
        if record is None or (record.errors and policy.domain != self.domain):
            return
        for term, is_reached in zip(record.terms[:MAX_TERMS], record.reached, strict=False):
            if not (is_reached and term.valid) or term.name not in _FOLLOWED:
                continue
            target = static_target(term, policy.domain, self.domain)
            if target is None:
                continue
            if term.name in ("include", "redirect"):
                self._visit(target, depth)
            elif term.name == "a":
                self._ask(target, "A")
                self._ask(target, "AAAA")
            elif term.name == "exists":
                self._ask(target, "A")
            elif term.name == "exp":
                self._ask(target, "TXT")
            else:
                self._ask(target, "MX", self._ask_for_hosts)

    def _ask_for_hosts(self, answer: Answer) -> None:
        for host in first_exchanges(answer):
            self._ask(host, "A")
            self._ask(host, "AAAA")

    def _visit(self, target: str, depth: int) -> None:
        if target in self._visited or depth >= MAX_DEPTH or len(self._visited) > MAX_RECORDS:
            return
        reached = self.known.reached.get(target) if depth == 1 else None
        if reached and len(self._visited) + len(reached) <= MAX_RECORDS and self._visited.isdisjoint(reached):
            self._visited.update(reached)
            self.policies.update(reached)
            return
        self._visited.add(target)

        def read(answer: Answer) -> None:
            policy = self.policies[target] = self.known.policy(target, answer)
            self._follow(policy, depth + 1)

        known = self.answers.get((target, "TXT"))  # asked for already as the text of an exp
        if known is not None:
            read(known)
        else:
            self._asked.discard((target, "TXT"))
            self._ask(target, "TXT", read)


_FOLLOWED = frozenset({"include", "redirect", "a", "mx", "exists", "exp"})
