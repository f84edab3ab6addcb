"""The tree of an SPF record, for people as lines and for programs as JSON types."""

from __future__ import annotations

from collections.abc import Iterator

from .inspection import SpfReport
from .tree import Node, NodeOutcome


def tree_to_dict(report: SpfReport) -> dict:
    """The tree as JSON types; see :class:`Node` for what the members mean."""
    return {
        "domain": report.domain,
        "status": report.status.value,
        "worst_lookups": report.worst_lookups,
        "void_lookups": list(report.void_lookups),
        "terms": [_node_to_dict(node) for node in report.tree],
    }


def _node_to_dict(node: Node) -> dict:
    return {
        "term": node.term.text,
        "outcome": str(node.outcome),
        "target": node.target,
        "lookups": node.lookups,
        "total": node.total,
        "running_total": node.reached_at,
        "void": node.void,
        "addresses": list(node.addresses),
        "record": node.record,
        "terms": [_node_to_dict(child) for child in node.children],
    }


def tree_lines(report: SpfReport) -> Iterator[str]:
    """The tree as lines: the count of lookups up to each term, the term, what it came to, and what it leads to."""
    voids = f", void lookups: {', '.join(report.void_lookups)}" if report.void_lookups else ""
    yield f"{report.domain}: {report.status}, {report.worst_lookups} of 10 lookups at worst{voids}"
    yield from _lines(report.tree, 1)


def _lines(nodes: tuple[Node, ...], depth: int) -> Iterator[str]:
    for node in nodes:
        count = f"{node.reached_at:>3}" if node.lookups else "   "
        outcome = "" if node.outcome is NodeOutcome.OK else f"  ({node.outcome})"
        below = f"  [{node.total} lookups]" if node.total > node.lookups else ""
        yield f"{count} {'  ' * depth}{node.term.text}{outcome}{below}"
        if node.addresses:
            more = ", …" if len(node.addresses) > 8 else ""
            yield f"    {'  ' * depth}  → {', '.join(node.addresses[:8])}{more}"
        elif node.record is not None:
            yield f"    {'  ' * depth}  → {node.target}: {node.record}"
        yield from _lines(node.children, depth + 1)
