"""SPF (RFC 7208): evaluation, inspection, authorisation of a service, and the one record to publish."""

from __future__ import annotations

from .codes import CODES
from .inspection import SpfReport, inspect
from .merge import NOTES, Merge, merge
from .record import Record, SyntaxProblem, Term, parse
from .tree import Node

__all__ = [
    "CODES",
    "NOTES",
    "Merge",
    "Node",
    "Record",
    "SpfReport",
    "SyntaxProblem",
    "Term",
    "inspect",
    "merge",
    "parse",
]
