"""SPF (RFC 7208): evaluation, inspection, authorisation of a service, and the one record to publish."""

from __future__ import annotations

from .authorise import Authorisation, are_service_terms, authorises
from .check import CheckResult, TraceRow, check_host
from .codes import CODES
from .inspection import SpfReport, inspect
from .merge import NOTES, Merge, merge
from .record import parse
from .terms import Record, SyntaxProblem, Term
from .tree import Node

__all__ = [
    "Authorisation",
    "CODES",
    "CheckResult",
    "NOTES",
    "Merge",
    "Node",
    "Record",
    "SpfReport",
    "SyntaxProblem",
    "Term",
    "TraceRow",
    "are_service_terms",
    "authorises",
    "check_host",
    "inspect",
    "merge",
    "parse",
]
