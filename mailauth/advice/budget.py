"""What the terms of an SPF record cost of the ten lookups, and which of them can go (RFC 7208 §4.6.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..change import DEFAULT_TTL, Change, placed
from ..spf import SpfReport, merge
from ..spf.record import parse_term
from ..spf.terms import clip
from ..spf.tree import Node, NodeOutcome
from ..value import dataclass

MAX_LOOKUPS = 10
MAX_VOIDS = 2
MAX_TERMS = 60  # shown

_BROKEN = frozenset({
    NodeOutcome.NO_RECORD, NodeOutcome.SEVERAL, NodeOutcome.INVALID, NodeOutcome.LOOP, NodeOutcome.TOO_MANY_MX,
    NodeOutcome.BAD_NAME})
# What may go without asking anybody, in this order: it is said all the same.
_DROPPABLE = ("broken", "void", "covered", "unused")


@dataclass(frozen=True)
class TermCost:
    """One term of the record with what it costs.

    ``lookups`` and ``voids`` count everything below it. ``why``:

    - ``"needed"``: a service that sends needs it;
    - ``"broken"``: the record at its other end is missing or wrong, which makes receivers
      discard the whole record;
    - ``"void"``: it names nothing, for either family;
    - ``"covered"``: another include already brings it;
    - ``"unused"``: it belongs to a service that none of the domain's mail leaves through now;
    - ``"unknown"``: nobody here knows who sends by it.

    ``services`` names those it belongs to; ``dropped`` tells that the proposal leaves it out.
    """

    term: str
    lookups: int
    why: str
    services: tuple[str, ...] = ()
    dropped: bool = False
    voids: int = 0


@dataclass(frozen=True)
class Budget:
    """The record as it would have to be, term by term, and what it was made of.

    ``lookups`` is what the whole would need, ``voids`` how many of them find nothing; ``records`` and ``wanted`` are what
    :func:`mailauth.spf.merge` made it of.
    """

    domain: str
    lookups: int
    terms: tuple[TermCost, ...]
    records: tuple[str, ...]
    wanted: tuple[str, ...]
    limit: int = MAX_LOOKUPS
    voids: int = 0

    def to_dict(self) -> dict:
        """The same as JSON types."""
        return {
            "domain": self.domain,
            "lookups": self.lookups,
            "limit": self.limit,
            "voids": self.voids,
            "terms": [{**vars(term), "services": list(term.services)} for term in self.terms],
            "records": list(self.records),
            "wanted": list(self.wanted),
        }


def costs(report: SpfReport, needed: Mapping[str, Iterable[str]], unused: Mapping[str, Iterable[str]]) -> list[TermCost]:
    """What each term of a record that was inspected costs; terms that cost nothing and break nothing are left out.

    ``needed`` and ``unused`` are the names of services by the terms that they need.
    """
    needed, unused = _services_by_body(needed), _services_by_body(unused)
    found = []
    for node in report.tree[:MAX_TERMS]:
        if node.outcome is NodeOutcome.NOT_REACHED or not node.term.valid or not (node.lookups or _breaks(node)):
            continue
        body = node.term.body
        if body in needed:
            why = "needed"
        elif _breaks(node):
            why = "broken"
        elif node.void:
            why = "void"
        elif node.term.name == "include" and node.term.qualifier == "+" and any(
            _brings(other, node.target) for other in report.tree if other is not node and other.target != node.target
        ):
            why = "covered"
        else:
            why = "unused" if body in unused else "unknown"
        services = needed.get(body) or unused.get(body) or ()
        found.append(TermCost(clip(node.term.text, 300), node.total, why, tuple(services), voids=_voids(node)))
    return found


def to_drop(
    report: SpfReport, terms: Iterable[TermCost], outright: Collection[str] = ("broken",)
) -> list[TermCost] | None:
    """What can go so that the record fits, the least of it; ``None`` if that is not enough.

    Never what a service needs that sends, nor what nobody here knows, nor a redirect: that is another
    record as a whole, and for a person to leave out. ``outright`` are those that go whether there is room or not.
    """
    terms = [term for term in terms if not body_of(term.term).startswith("redirect=")]
    drops = [term for term in terms if term.why in outright]
    for why in _DROPPABLE[len(outright):]:
        for term in sorted((term for term in terms if term.why == why), key=lambda term: -term.lookups):
            if _fits(report, drops):
                return drops
            drops.append(term)
    return drops if drops and _fits(report, drops) else None


def without(budget: Mapping, drop: Collection[str], zone: str | None = None) -> tuple[tuple[Change, ...], int]:
    """The changes to a record without the terms ``drop``, and the lookups that it needs then: asks no DNS.

    ``budget`` is what :meth:`Budget.to_dict` gave. No changes, if the record would not fit still (or more than two
    of its lookups found nothing), if it cannot be merged or if a term is one that a sending service needs.
    """
    asked = set(drop)
    known = {term["term"]: term for term in budget["terms"]}
    dropped = [term for text, term in known.items() if text in asked or term["dropped"] or term["why"] == "broken"]
    lookups = budget["lookups"] - sum(term["lookups"] for term in dropped)
    voids = budget.get("voids", 0) - sum(term.get("voids", 0) for term in dropped)
    is_full = lookups > budget["limit"] or voids > MAX_VOIDS
    if is_full or not asked <= set(known) or any(term["why"] == "needed" for term in dropped):
        return (), lookups
    bodies = {body_of(term["term"]) for term in dropped}
    wanted = [term for term in budget["wanted"] if body_of(term) not in bodies]
    value = merge(budget["records"], wanted, drop=[term["term"] for term in dropped]).value
    if value is None:
        return (), lookups
    services = dict.fromkeys(
        name for term in known.values() if term["why"] == "needed" for name in term["services"])
    params = {"services": list(services), "lookups": budget["lookups"], "drops": [
        {part: term[part] for part in ("term", "lookups", "why", "services")} for term in dropped]}
    changes = record_changes(budget["domain"], budget["records"], value, reason="spf.trim", params=params)
    return tuple(placed(change, zone) for change in changes), lookups


def record_changes(
    domain: str, records: Sequence[str], value: str, *, reason: str, params: Mapping, solves: tuple[str, ...] = ()
) -> tuple[Change, ...]:
    """The changes that leave ``value`` as the one SPF record where ``records`` stand."""
    options: dict[str, Any] = {"ttl": DEFAULT_TTL, "params": params, "solves": solves}
    if not records:
        return (Change("create", "TXT", domain, value, reason=reason, **options),)
    first, *others = records
    change = Change("replace", "TXT", domain, value, old_value=first, reason=reason, **options)
    options["params"] = {name: param for name, param in params.items() if name != "drops"}
    return (
        change,
        *(Change("delete", "TXT", domain, other, old_value=other, reason="spf.delete_extra", **options)
          for other in others),
    )


def _fits(report: SpfReport, drops: Collection[TermCost]) -> bool:
    gone = {drop.term for drop in drops}
    left = report.worst_lookups - sum(drop.lookups for drop in drops)
    return left <= MAX_LOOKUPS and voids(report, gone) <= MAX_VOIDS


def voids(report: SpfReport, without: Collection[str] = ()) -> int:
    """How many lookups of the whole tree find nothing for either family; ``without`` are terms that are left out."""
    return sum(_voids(node) for node in report.tree if clip(node.term.text, 300) not in without)


def one_family_voids(report: SpfReport) -> tuple[int, int]:
    """How many lookups of the whole tree find nothing for senders on IPv4, and on IPv6."""
    nodes = list(report.nodes())
    return sum(bool(node.void4) for node in nodes), sum(bool(node.void6) for node in nodes)


def _breaks(node: Node) -> bool:
    """Whether receivers who evaluate this term give up: an include passes the error on (RFC 7208 §5.2)."""
    return node.outcome in _BROKEN or any(map(_breaks, node.children))


def _voids(node: Node) -> int:
    return (node.outcome is NodeOutcome.VOID) + sum(map(_voids, node.children))


def _brings(node: Node, target: str | None) -> bool:
    """Whether an include passes whatever the record at ``target`` passes, with nothing refused before."""
    if node.term.name != "include" or node.term.qualifier != "+" or target is None:
        return False
    for child in node.children:
        if child.term.kind == "mechanism" and child.term.qualifier != "+":
            return False
        if child.term.name == "include" and (child.target == target or _brings(child, target)):
            return True
    return False


def _services_by_body(terms: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {body_of(term): tuple(services) for term, services in terms.items()}


def body_of(text: str) -> str:
    """The term without its qualifier, as two that mean the same are compared."""
    term = parse_term(text)
    return term.body if term is not None else text
