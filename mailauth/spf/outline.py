"""The tree of an SPF record as rows for a person: what becomes of each term, and how receivers count along.

Small and bounded, for it is stored with each report: at most :data:`MAX_ROWS` rows of at most :data:`MAX_TERM`
characters, :data:`MAX_TEXT` together, :data:`MAX_DEPTH` includes deep. Networks of included records, which are
most of a large tree, are one row with their number.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from ..value import dataclass
from .inspection import SpfReport
from .terms import clip
from .tree import Node, NodeOutcome, Nodes
from .walk import MAX_LOOKUPS

MAX_ROWS = 100
MAX_DEPTH = 10
MAX_TERM = 120
MAX_NAME = 20
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


@dataclass
class _Part:
    """The rows of some nodes and of what lies below them; how deep they go, and how many characters of terms they have.

    ``is_open`` tells whether there may be more lookups than were seen.
    """

    depth: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    characters: int = 0
    is_open: bool = False

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)
        self.characters += len(row["term"])

    def add_part(self, part: _Part) -> None:
        self.rows += part.rows
        self.characters += part.characters
        self.depth = max(self.depth, part.depth)
        self.is_open = self.is_open or part.is_open


def outline(report: SpfReport) -> Outline | None:
    """The outline of a record that was read, ``None`` where there is no tree."""
    if not report.shared_tree:
        return None
    part = _part(report.shared_tree)  # rows do not name the domain
    rows = part.rows
    if part.characters > MAX_TEXT or part.depth > MAX_DEPTH or len(rows) > MAX_ROWS:
        rows = _bounded(rows)
    return Outline(report.domain, tuple(rows), report.worst_lookups, part.is_open, len(part.rows) - len(rows))


def _bounded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    room = MAX_TEXT
    for row in found:
        room -= len(row["term"])
        if room >= 0 and row["depth"] <= MAX_DEPTH and len(rows) < MAX_ROWS:
            rows.append(row)
    return rows


def _part(nodes: Nodes, depth: int = 0) -> _Part:
    """The rows of a record: made once for all domains that have or include it."""
    part = nodes.made.get(("outline", depth))
    if part is None:
        part = nodes.made["outline", depth] = _Part(depth)
        _fill(part, nodes, depth)
    return part


def _fill(part: _Part, nodes: Nodes, depth: int) -> None:
    networks = 0  # side by side, in an included record
    # A redirect is evaluated after the mechanisms (RFC 7208 §6.1).
    redirects = [node for node in nodes if node.term.name == "redirect"]
    for node in [*(node for node in nodes if node.term.name != "redirect"), *redirects] if redirects else nodes:
        outcome, name = node.outcome, node.term.name
        if depth and outcome is NodeOutcome.OK and name in ("ip4", "ip6"):
            networks += 1
            continue
        if networks:
            part.add(_networks(depth, networks))
            networks = 0
        part.add(_row(node, depth))
        if outcome in _OPEN and name in ("include", "redirect"):
            part.is_open = True
        if node.children:
            part.add_part(_part(node.children, depth + 1))
    if networks:
        part.add(_networks(depth, networks))


def _networks(depth: int, number: int) -> dict[str, Any]:
    return {"depth": depth, "term": "", "name": "networks", "outcome": NodeOutcome.OK.value, "networks": number}


def _row(node: Node, depth: int) -> dict[str, Any]:
    term = node.term
    text, name = term.text, term.name
    row: dict[str, Any] = {
        "depth": depth, "term": text if len(text) <= MAX_TERM else clip(text, MAX_TERM),
        "name": name if len(name) <= MAX_NAME else clip(name, MAX_NAME), "outcome": node.outcome.value}
    if node.lookups:
        row["count"] = node.reached_at
    if node.total > node.lookups:
        row["total"] = node.total
    if node.addresses:
        row["addresses"] = len(node.addresses)
    if name == "all" and term.valid:
        row["qualifier"] = term.qualifier
    return row
