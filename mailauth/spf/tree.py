"""The tree of terms and records that a :class:`~mailauth.spf.walk.Walk` found, with its counts.

At most :data:`MAX_NODES` nodes are built; counts are exact all the same. Where the walk
met one of its own bounds a node has the outcome ``not_followed``.
"""

from __future__ import annotations

from typing import Any

from ..certain import certain
from ..dns.answer import Answer, Status
from ..status import Word
from ..value import cached_property, dataclass
from .terms import Term
from .walk import MAX_MX, MAX_REMEMBERED, VOID, Policy, Walk, own_lookups, static_target

MAX_NODES = 500


class NodeOutcome(Word):
    """What became of one term of a record."""

    OK = "ok"
    SYNTAX_ERROR = "syntax_error"
    NOT_REACHED = "not_reached"  # behind ``all``, or ``redirect`` beside it
    VOID = "void"
    TOO_MANY_MX = "too_many_mx"
    BAD_NAME = "bad_name"  # cannot be asked
    VARIES = "varies"  # a macro over the mail: no question can be asked
    NO_RECORD = "no_record"  # this and the next three: of an include or redirect
    SEVERAL = "several"
    INVALID = "invalid"
    LOOP = "loop"
    UNANSWERED = "unanswered"
    NOT_FOLLOWED = "not_followed"


_BREAKING = frozenset({
    NodeOutcome.SYNTAX_ERROR, NodeOutcome.TOO_MANY_MX, NodeOutcome.NO_RECORD, NodeOutcome.SEVERAL, NodeOutcome.LOOP})


class Nodes(tuple["Node", ...]):
    """The nodes of one record, in its order: the same ones for all domains of a batch that include it in the same place."""

    @cached_property
    def made(self) -> dict[Any, Any]:
        """What others have made of these nodes and all below, by names of their own: once, for whoever has or includes them.

        Nothing that names the domain of these nodes unless it is for those who include them.
        """
        return {}


@dataclass(frozen=True)
class Node:
    """One term in its place in the tree.

    ``lookups`` is what the term itself adds to the limit of ten, ``total`` that and
    everything below it, ``running_total`` the worst case up to here in the order of
    evaluation. ``void`` tells whether it is a void lookup for senders of either
    family (``None``: depends on the mail, or DNS did not answer), ``void4`` and ``void6``
    for those of one family. ``children`` are the terms of the record at the other end.
    """

    term: Term
    domain: str
    outcome: NodeOutcome
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
    children: Nodes = Nodes()

    @property
    def reached_at(self) -> int:
        """The count of lookups at this term, what lies below it left out."""
        return self.running_total - self.total + self.lookups

    @property
    def failed(self) -> Answer | None:
        """The first question of this term that DNS did not answer."""
        for answer in self.answers:
            if not answer.is_fact:
                return answer
        return None

    @property
    def breaks(self) -> bool:
        """Whether receivers who get this far answer permerror because of this very term."""
        return self.outcome in _BREAKING


@dataclass(frozen=True)
class Subtree:
    """Nodes that depend on nothing but the ``policies``, by domain, and on the lookups before them."""

    nodes: Nodes
    policies: tuple[tuple[str, Policy], ...]
    size: int  # how many nodes, all levels counted
    total: int  # lookups

    def is_the_same_in(self, walk: Walk, path: tuple[str, ...]) -> bool:
        """Whether another walk that came along ``path`` found the same records, and no loop through them."""
        return all(walk.policies.get(domain) is policy and domain not in path for domain, policy in self.policies)


def _made_of(walk: Walk, target: str, nodes: tuple[Node, ...]) -> tuple[tuple[str, Policy], ...] | None:
    """The records below an include; ``None`` where addresses, macros or what went wrong matter too."""
    policies = [(target, walk.policies[target])]
    rest = list(nodes)
    while rest:
        node = rest.pop()
        if node.outcome is NodeOutcome.NOT_REACHED or (node.outcome is NodeOutcome.OK and not node.term.looks_up):
            continue
        if node.outcome is not NodeOutcome.OK or node.term.name not in ("include", "redirect") \
                or "%" in certain(node.term.domain_spec):
            return None
        target = certain(node.target)
        policies.append((target, walk.policies[target]))
        rest += node.children
    return tuple(policies)


class Builder:
    """Builds the tree from what a walk fetched, and counts."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.nodes_left = MAX_NODES
        self.totals: dict[str, int] = {}

    def build(self) -> Nodes:
        """The nodes of the domain's own record, in its order."""
        return self._children(self.walk.policies[self.walk.domain], (), 0)

    def total(self, domain: str, path: tuple[str, ...] = ()) -> int:
        """Lookups of the whole tree below a record, every repetition counted (RFC 7208 §4.6.4)."""
        if domain in self.totals:
            return self.totals[domain]
        policy = self.walk.policies.get(domain)
        count = 0
        if policy is not None and policy.record is not None and not (policy.record.errors and path):
            path = (*path, domain)
            for term, is_reached in zip(policy.record.terms, policy.record.reached, strict=True):
                if not is_reached or not term.valid or not term.looks_up:
                    continue
                count += own_lookups(term)
                if term.name in ("include", "redirect"):
                    target = static_target(term, domain, self.walk.domain)
                    if target is not None and target not in path:
                        count += self.total(target, path)
        self.totals[domain] = count
        return count

    def _children(self, policy: Policy, path: tuple[str, ...], before: int) -> Nodes:
        record = policy.record
        if record is None or (record.errors and path):
            return Nodes()
        path = (*path, policy.domain)
        nodes: list[Node | None] = [None] * len(record.terms)
        running = before
        redirects = []
        # redirect is evaluated after all mechanisms, wherever it stands (RFC 7208 §6.1).
        for index, (term, is_reached) in enumerate(zip(record.terms, record.reached, strict=True)):
            if term.name == "redirect" and term.kind == "modifier":
                redirects.append(index)
                continue
            if self.nodes_left <= 0:
                break
            nodes[index] = node = self._node(term, is_reached, policy, path, running)
            running = node.running_total
        for index in redirects:
            if self.nodes_left > 0:
                nodes[index] = node = self._node(record.terms[index], record.reached[index], policy, path, running)
                running = node.running_total
        return Nodes(node for node in nodes if node is not None)

    def _node(self, term: Term, is_reached: bool, policy: Policy, path: tuple[str, ...], before: int) -> Node:
        self.nodes_left -= 1
        domain = policy.domain
        if not term.valid:
            return Node(term, domain, NodeOutcome.SYNTAX_ERROR, running_total=before)
        if not is_reached:
            inert = term.kind == "modifier" and term.name != "redirect"
            return Node(term, domain, NodeOutcome.OK if inert else NodeOutcome.NOT_REACHED, running_total=before)
        if not term.looks_up:
            return Node(term, domain, NodeOutcome.OK, running_total=before)
        own = own_lookups(term)
        if term.name == "ptr":
            return Node(term, domain, NodeOutcome.OK, lookups=own, total=own, running_total=before + own)
        target = static_target(term, domain, self.walk.domain)
        if target is None:
            return Node(
                term, domain, NodeOutcome.VARIES, lookups=own, total=own, running_total=before + own,
                void=None, void4=None, void6=None)
        if term.name in ("include", "redirect"):
            return self._branch(term, domain, target, path, own, before + own)
        return self._hosts(term, domain, target, own, before + own)

    def _branch(self, term: Term, domain: str, target: str, path: tuple[str, ...], own: int, running: int) -> Node:
        """An include or redirect, with the record at its other end."""
        if target in path:
            return Node(term, domain, NodeOutcome.LOOP, target, own, own, running)
        policy = self.walk.policies.get(target)
        below = 0  # a record that cannot be used is not evaluated
        answers: tuple[Answer, ...] = ()
        text: str | None = None
        children = Nodes()
        if policy is None:
            outcome = NodeOutcome.NOT_FOLLOWED
        else:
            answers = (policy.answer,)
            text = policy.texts[0] if policy.texts else None
            if not policy.answer.is_fact:
                outcome = NodeOutcome.UNANSWERED
            elif not policy.texts:
                outcome = NodeOutcome.NO_RECORD
            elif policy.record is None:
                outcome = NodeOutcome.SEVERAL
            elif policy.record.errors:
                outcome = NodeOutcome.INVALID
            else:
                outcome = NodeOutcome.OK
                children, below = self._subtree(target, policy, path, running)
        return Node(
            term, domain, outcome, target, own, own + below, running + below, answers=answers, record=text, children=children
        )

    def _subtree(
        self, target: str, policy: Policy, path: tuple[str, ...], running: int
    ) -> tuple[Nodes, int]:
        """The nodes of the record at the other end, and their lookups; those that many domains include are built once."""
        shared = self.walk.known.subtrees
        known = shared.get((target, running))
        if known is not None and known.size < self.nodes_left and known.is_the_same_in(self.walk, path):
            self.nodes_left -= known.size
            self.totals[target] = known.total
            return known.nodes, known.total
        left, total = self.nodes_left, self.total(target, path)
        nodes = self._children(policy, path, running)
        policies = _made_of(self.walk, target, nodes) if self.nodes_left > 0 else None
        if policies is not None and len(shared) < MAX_REMEMBERED:
            shared[target, running] = Subtree(nodes, policies, left - self.nodes_left, total)
            if len(path) == 1:
                self.walk.known.reached[target] = dict(policies)
        return nodes, total

    def _hosts(self, term: Term, domain: str, target: str, own: int, running: int) -> Node:
        """``a``, ``mx`` or ``exists``, with what the questions for its hosts brought."""
        ask = self.walk.answer
        outcome = NodeOutcome.OK
        if term.name == "exists":
            answers = four = six = [ask(target, "A")]
        elif term.name == "a":
            answers = [ask(target, "A"), ask(target, "AAAA")]
            four, six = answers[:1], answers[1:]
        else:
            first = ask(target, "MX")
            hosts = [exchange.host for exchange in first.records if exchange.host] if first else []
            if len(hosts) > MAX_MX:
                outcome, hosts = NodeOutcome.TOO_MANY_MX, []
            four = [first, *(ask(host, "A") for host in hosts)]
            six = [first, *(ask(host, "AAAA") for host in hosts)]
            answers = four + six[1:]
        known = tuple(answer for answer in answers if answer is not None)
        void4, void6 = _is_void(four), _is_void(six)
        void = void4 and void6 if False in (void4, void6) or void4 == void6 else None
        if outcome is NodeOutcome.OK:
            if len(known) < len(answers):
                outcome = NodeOutcome.NOT_FOLLOWED
            elif not all(answer.is_fact for answer in known):
                outcome = NodeOutcome.UNANSWERED
            elif all(answer.status is Status.BAD_NAME for answer in known):
                outcome = NodeOutcome.BAD_NAME
            elif void:
                outcome = NodeOutcome.VOID
        addresses = tuple(item for answer in known if answer.rdtype in ("A", "AAAA") for item in answer.records)
        return Node(term, domain, outcome, target, own, own, running, bool(void) if void is not None else None, void4, void6,
                    addresses, known)


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
    return all(answer is not None and answer.status in VOID for answer in rest)
