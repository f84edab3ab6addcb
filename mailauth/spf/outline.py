"""The tree of an SPF record as rows for a person: what becomes of each term, and how receivers count along.

Small and bounded, for it is stored with each report: at most :data:`MAX_ROWS` rows of at most :data:`MAX_TERM`
characters, :data:`MAX_TEXT` together, :data:`MAX_DEPTH` includes deep. Networks of included records, which are
most of a large tree, are one row with their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ..value import dataclass
from .inspection import SpfReport
from .terms import clip
from .tree import Node, NodeOutcome
from .walk import MAX_LOOKUPS

MAX_ROWS = 100
MAX_DEPTH = 10
MAX_TERM = 120
MAX_TEXT = 4_000

# What stands behind these is not counted: there may be more lookups than were seen.
_OPEN = frozenset({NodeOutcome.UNANSWERED, NodeOutcome.NOT_FOLLOWED, NodeOutcome.VARIES})


@dataclass(frozen=True)
class Outline:
    """A record's rows in the order of evaluation: each before those of the record that it includes.

    A row is ``{"depth", "term", "name", "outcome"}``: 0 for a term of the domain's own record, the term as written, its
    name (``include``, ``all`` ...), what became of it (:class:`NodeOutcome`). Where they say something, also
    ``"count"``, the lookups up to and with this term (RFC 7208 §4.6.4), ``"total"``, those of an include with all below it,
    ``"addresses"``, how many a host has, ``"qualifier"`` of ``all``, and ``"networks"``, how many a row without term stands for.

    ``lookups`` counts the whole tree, ``is_open`` tells that there may be more: DNS did not answer, or the question depends
    on the mail. ``left_out`` is the number of rows that were too many.
    """

    name: str
    rows: tuple[dict[str, Any], ...]
    lookups: int
    is_open: bool = False
    left_out: int = 0

    def to_dict(self) -> dict:
        """The same as JSON types."""
        return {"name": self.name, "rows": [dict(row) for row in self.rows], "lookups": self.lookups, "limit": MAX_LOOKUPS,
                "is_open": self.is_open, "left_out": self.left_out}


def outline(report: SpfReport) -> Outline | None:
    """The outline of a record that was read, ``None`` where there is no tree."""
    if not report.tree:
        return None
    rows: list[dict[str, Any]] = []
    left_out, room = 0, MAX_TEXT
    for depth, found in _rows(report.tree, 0):
        row = {"depth": depth, **found}
        room -= len(row["term"])
        if len(rows) >= MAX_ROWS or depth > MAX_DEPTH or room < 0:
            left_out += 1
        else:
            rows.append(row)
    is_open = any(node.outcome in _OPEN and node.term.name in ("include", "redirect") for node in report.nodes())
    return Outline(report.domain, tuple(rows), report.worst_lookups, is_open, left_out)


def _rows(nodes: tuple[Node, ...], depth: int) -> Iterator[tuple[int, dict[str, Any]]]:
    # A redirect is evaluated after the mechanisms (RFC 7208 §6.1).
    in_order = sorted(nodes, key=lambda node: node.term.name == "redirect")
    for is_network, group in groupby(in_order, lambda node: depth > 0 and _is_plain_network(node)):
        if is_network:
            yield depth, {"term": "", "name": "networks", "outcome": NodeOutcome.OK.value, "networks": sum(1 for _ in group)}
            continue
        for node in group:
            yield depth, _row(node)
            yield from _rows(node.children, depth + 1)


def _is_plain_network(node: Node) -> bool:
    return node.outcome is NodeOutcome.OK and node.term.name in ("ip4", "ip6")


def _row(node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {
        "term": clip(node.term.text, MAX_TERM), "name": clip(node.term.name, 20), "outcome": node.outcome.value}
    if node.lookups:
        row["count"] = node.reached_at
    if node.total > node.lookups:
        row["total"] = node.total
    if node.addresses:
        row["addresses"] = len(node.addresses)
    if node.term.name == "all" and node.term.valid:
        row["qualifier"] = node.term.qualifier
    return row
