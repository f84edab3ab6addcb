"""SPF (RFC 7208): evaluation, inspection, authorisation of a service, and the one record to publish."""

from __future__ import annotations

from .authorise import Authorisation, are_service_terms, authorises, networks_of
from .check import CheckResult, Result, TraceRow, check_host
from .codes import CODES
from .display import tree_lines, tree_to_dict
from .inspection import SpfReport, inspect
from .merge import NOTES, Merge, merge
from .networks import Networks
from .outline import Outline, outline
from .record import parse
from .terms import Record, SyntaxProblem, Term
from .tree import Node, NodeOutcome

__all__ = [
    "Authorisation",
    "CODES",
    "CheckResult",
    "NOTES",
    "Merge",
    "Networks",
    "Node",
    "NodeOutcome",
    "Outline",
    "Record",
    "Result",
    "SpfReport",
    "SyntaxProblem",
    "Term",
    "TraceRow",
    "are_service_terms",
    "authorises",
    "check_host",
    "inspect",
    "merge",
    "networks_of",
    "outline",
    "parse",
    "tree_lines",
    "tree_to_dict",
]
