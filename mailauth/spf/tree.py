"""The tree of records that an SPF record leads to: fetched in parallel, counted, bounded.

Bounds, whatever a record says: at most :data:`MAX_RECORDS` records are fetched,
:data:`MAX_QUESTIONS` questions asked, :data:`MAX_DEPTH` levels followed and
:data:`MAX_NODES` nodes built, and no name is asked twice for one type. A record that
needs more is far beyond what receivers evaluate (RFC 7208 §4.6.4), and the nodes
where the walk stopped have the outcome ``not_followed``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from ..answer import Answer, Status
from ..names import to_ascii
from .macro import expand_name
from .record import Record, Term, is_spf, parse

MAX_LOOKUPS = 10  # terms that ask DNS (RFC 7208 §4.6.4)
MAX_VOID_LOOKUPS = 2
MAX_MX = 10
MAX_DEPTH = 11  # one level more than ten lookups can reach
MAX_RECORDS = 50
MAX_QUESTIONS = 250
MAX_NODES = 500
MAX_TERMS = 300  # of one record that are followed

VOID = frozenset({Status.NODATA, Status.NXDOMAIN})


@dataclass(frozen=True)
class Node:
    """One term in its place in the tree.

    ``lookups`` is what the term itself adds to the limit of ten, ``total`` that and
    everything below it, ``running_total`` the worst case up to here in the order of
    evaluation. ``void`` tells whether it is a void lookup for senders of either
    family (``None``: depends on the mail, or DNS did not answer), ``void4`` and ``void6``
    for those of one family. ``children`` are the terms of the record at the other end.

    ``outcome``: ``ok``; ``syntax_error``; ``not_reached`` (behind ``all``, or ``redirect``
    beside it); ``void``; ``too_many_mx``; ``bad_name`` (cannot be asked); ``varies`` (a
    macro over the mail: no question can be asked); ``no_record``, ``several``, ``invalid``,
    ``loop`` (of an include or redirect); ``unanswered``; ``not_followed``.
    """

    term: Term
    domain: str
    outcome: str
    target: str | None = None
    lookups: int = 0
    total: int = 0
    running_total: int = 0
    void: bool | None = False
    void4: bool | None = False
    void6: bool | None = False
    addresses: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    record: str | None = None
    children: tuple["Node", ...] = ()

    @property
    def reached_at(self) -> int:
        """The count of lookups at this term, what lies below it left out."""
        return self.running_total - self.total + self.lookups

    @property
    def failed(self) -> Answer | None:
        """The first question of this term that DNS did not answer."""
        return next((answer for answer in self.answers if not answer.is_fact), None)

    @property
    def breaks(self) -> bool:
        """Whether receivers who get this far answer permerror because of this very term."""
        return self.outcome in ("syntax_error", "too_many_mx", "no_record", "several", "loop")


@dataclass(frozen=True)
class Policy:
    """The SPF records at one name: exactly one is what receivers use."""

    domain: str
    answer: Answer
    texts: tuple[str, ...]
    record: Record | None  # parsed, if there is exactly one
    strings: tuple[bytes, ...] = ()


def read_policy(domain: str, answer: Answer) -> Policy:
    """The SPF records among the TXT records of a name (RFC 7208 §4.5)."""
    joined = [(b"".join(strings), strings) for strings in answer.records] if answer.status is Status.OK else []
    chosen = [(octets, strings) for octets, strings in joined if is_spf(octets[:7].decode("latin-1"))]
    if len(chosen) == 1:
        record = parse(chosen[0][0])
        return Policy(domain, answer, (record.text,), record, chosen[0][1])
    return Policy(domain, answer, tuple(parse_text(octets) for octets, _strings in chosen), None)


def parse_text(octets: bytes) -> str:
    """A record as it is shown."""
    return parse(octets).text if len(octets) < 1000 else octets.decode("utf-8", "backslashreplace")


def reached(record: Record) -> list[bool]:
    """For each term, whether evaluation can come to it: not behind ``all``, no ``redirect`` beside one (§5.1)."""
    flags = []
    final = record.all
    for term in record.terms:
        if term.kind == "modifier":
            flags.append(term.name == "exp" or (term.name == "redirect" and final is None))
        else:
            flags.append(final is None or term.span <= final.span)
    return flags


def static_target(term: Term, domain: str, sender_domain: str) -> str | None:
    """The target-name of a term where it is the same for every mail of the domain, else ``None``."""
    if term.domain_spec is None:
        return domain
    if not term.macro_letters <= {"d", "o"}:
        return None
    return expand_name(term.domain_spec, {"d": domain, "o": sender_domain}).lower()


@dataclass
class Walk:
    """Fetches every record and address that the record of ``domain`` leads to."""

    resolver: object
    domain: str
    policies: dict[str, Policy] = field(default_factory=dict)
    asked: dict[tuple[str, str], asyncio.Task] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)

    async def run(self, root: Policy) -> None:
        self.started.add(self.domain)
        self.policies[self.domain] = root
        await self._follow(root, 1)

    async def ask(self, name: str, rdtype: str) -> Answer | None:
        """The answer to one question; ``None`` once there were too many."""
        key = (to_ascii(name) or name, rdtype)
        task = self.asked.get(key)
        if task is None:
            if len(self.asked) >= MAX_QUESTIONS:
                return None
            task = self.asked[key] = asyncio.ensure_future(self.resolver.query(name, rdtype))
        return await task

    def answer(self, name: str, rdtype: str) -> Answer | None:
        """What was answered, after :meth:`run`."""
        task = self.asked.get((to_ascii(name) or name, rdtype))
        return task.result() if task is not None and task.done() else None

    async def _follow(self, policy: Policy, depth: int) -> None:
        if policy.record is None or (policy.record.errors and policy.domain != self.domain):
            return
        work = []
        terms = zip(policy.record.terms, reached(policy.record), strict=True)
        for term, is_reached in list(terms)[:MAX_TERMS]:
            if not (is_reached and term.valid):
                continue
            target = static_target(term, policy.domain, self.domain)
            if target is None:
                continue
            if term.name in ("include", "redirect"):
                work.append(self._visit(target, depth))
            elif term.name in ("a", "mx", "exists", "exp"):
                work.append(self._ask_for(term.name, target))
        await asyncio.gather(*work)

    async def _visit(self, target: str, depth: int) -> None:
        if target in self.started or depth >= MAX_DEPTH or len(self.started) >= MAX_RECORDS:
            return
        self.started.add(target)
        answer = await self.ask(target, "TXT")
        if answer is not None:
            policy = self.policies[target] = read_policy(target, answer)
            await self._follow(policy, depth + 1)

    async def _ask_for(self, name: str, target: str) -> None:
        if name == "a":
            await asyncio.gather(self.ask(target, "A"), self.ask(target, "AAAA"))
        elif name == "exists":
            await self.ask(target, "A")
        elif name == "exp":
            await self.ask(target, "TXT")
        else:
            answer = await self.ask(target, "MX")
            hosts = [exchange.host for exchange in answer.records if exchange.host] if answer else []
            if len(hosts) <= MAX_MX:
                await asyncio.gather(*(self.ask(host, rdtype) for host in hosts for rdtype in ("A", "AAAA")))


class Builder:
    """Builds the tree from what a :class:`Walk` fetched, and counts."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.nodes_left = MAX_NODES
        self.totals: dict[str, int] = {}

    def build(self) -> tuple[Node, ...]:
        root = self.walk.policies[self.walk.domain]
        return self._children(root, (), 0)

    def total(self, domain: str, path: tuple[str, ...] = ()) -> int:
        """Lookups of the whole tree below a record, every repetition counted (RFC 7208 §4.6.4)."""
        if domain in self.totals:
            return self.totals[domain]
        policy = self.walk.policies.get(domain)
        count = 0
        if policy is not None and policy.record is not None and not (policy.record.errors and path):
            path = (*path, domain)
            for term, is_reached in zip(policy.record.terms, reached(policy.record), strict=True):
                if not is_reached or not term.valid:
                    continue
                count += own_lookups(term)
                if term.name in ("include", "redirect"):
                    target = static_target(term, domain, self.walk.domain)
                    if target is not None and target not in path:
                        count += self.total(target, path)
        self.totals[domain] = count
        return count

    def _children(self, policy: Policy, path: tuple[str, ...], before: int) -> tuple[Node, ...]:
        if policy.record is None or (policy.record.errors and path):
            return ()
        path = (*path, policy.domain)
        terms = list(zip(policy.record.terms, reached(policy.record), strict=True))
        nodes: dict[int, Node] = {}
        running = before
        # redirect is evaluated after all mechanisms, wherever it stands (RFC 7208 §6.1).
        order = sorted(range(len(terms)), key=lambda i: terms[i][0].kind == "modifier")
        for index in order:
            if self.nodes_left <= 0:
                break
            self.nodes_left -= 1
            term, is_reached = terms[index]
            nodes[index] = self._node(term, is_reached, policy, path, running)
            running = nodes[index].running_total
        return tuple(nodes[index] for index in sorted(nodes))

    def _node(self, term: Term, is_reached: bool, policy: Policy, path: tuple[str, ...], before: int) -> Node:
        node = Node(term, policy.domain, "ok", running_total=before)
        if not term.valid:
            return replace(node, outcome="syntax_error")
        if not is_reached:
            inert = term.kind == "modifier" and term.name != "redirect"
            return node if inert else replace(node, outcome="not_reached")
        lookups = own_lookups(term)
        node = replace(node, lookups=lookups, total=lookups, running_total=before + lookups)
        if not term.looks_up or term.name == "ptr":
            return node
        target = static_target(term, policy.domain, self.walk.domain)
        if target is None:
            return replace(node, outcome="varies", void=None, void4=None, void6=None)
        node = replace(node, target=target)
        if term.name in ("include", "redirect"):
            return self._branch(node, path)
        return self._addresses(node)

    def _branch(self, node: Node, path: tuple[str, ...]) -> Node:
        target = node.target
        if target in path:
            return replace(node, outcome="loop")
        below = self.total(target, path)
        node = replace(node, total=node.lookups + below, running_total=node.running_total + below)
        policy = self.walk.policies.get(target)
        if policy is None:
            return replace(node, outcome="not_followed")
        answer = policy.answer
        node = replace(node, answers=(answer,), record=policy.texts[0] if policy.texts else None)
        if not answer.is_fact:
            return replace(node, outcome="unanswered")
        if not policy.texts:
            return replace(node, outcome="no_record")
        if policy.record is None:
            return replace(node, outcome="several")
        children = self._children(policy, path, node.running_total - below)
        if policy.record.errors:
            return replace(node, outcome="invalid")
        return replace(node, children=children)

    def _addresses(self, node: Node) -> Node:
        ask = self.walk.answer
        name, target = node.term.name, node.target
        if name == "exists":
            answers = [ask(target, "A")]
            four = six = answers
        elif name == "a":
            answers = [ask(target, "A"), ask(target, "AAAA")]
            four, six = answers[:1], answers[1:]
        else:
            first = ask(target, "MX")
            hosts = [exchange.host for exchange in first.records if exchange.host] if first else []
            four = [first, *(ask(host, "A") for host in hosts)] if len(hosts) <= MAX_MX else [first]
            six = [first, *(ask(host, "AAAA") for host in hosts)] if len(hosts) <= MAX_MX else [first]
            answers = four + six[1:]
            node = replace(node, outcome="too_many_mx") if len(hosts) > MAX_MX else node
        known = tuple(answer for answer in answers if answer is not None)
        addresses = tuple(
            str(item) for answer in known if answer.rdtype in ("A", "AAAA") for item in answer.records
        )
        node = replace(node, answers=known, addresses=addresses, void4=_is_void(four), void6=_is_void(six))
        void = node.void4 if node.void4 == node.void6 else (None if None in (node.void4, node.void6) else False)
        if False in (node.void4, node.void6):
            void = False
        node = replace(node, void=void)
        if node.outcome != "ok":
            return node
        if None in answers:
            return replace(node, outcome="not_followed")
        if node.failed:
            return replace(node, outcome="unanswered")
        if all(answer.status is Status.BAD_NAME for answer in known):
            return replace(node, outcome="bad_name")
        return replace(node, outcome="void") if void else node


def own_lookups(term: Term) -> int:
    """What a term itself adds to the limit of ten: ``%{p}`` asks for a PTR record too (RFC 7208 §4.6.4)."""
    if not term.looks_up:
        return 0
    return 1 + ("p" in term.macro_letters)


def _is_void(answers: list[Answer | None]) -> bool | None:
    """Whether a term's questions count as a void lookup (RFC 7208 §4.6.4).

    The first question found nothing, or (``mx``) each of those that follow from it did.
    ``None``: DNS did not answer one that decides.
    """
    first, rest = answers[0], answers[1:]
    if first is None or not first.is_fact:
        return None
    if first.status in VOID:
        return True
    if any(answer is not None and answer.status is Status.OK for answer in rest) or not rest:
        return False
    if any(answer is None or not answer.is_fact for answer in rest):
        return None
    return all(answer.status in VOID for answer in rest)
