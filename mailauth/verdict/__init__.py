"""Will the mail be believed: the facts of a domain, the decision table, and why each protocol stands as it does."""

from __future__ import annotations

from .areas import AREAS, FINDING_AREAS, PROTOCOLS
from .decision import REASONS, Dkim, Enforcement, Precondition, Spf, Verdict, path_state
from .explanation import Explanation, explain
from .state import KNOWN_STATES, State

__all__ = [
    "AREAS",
    "FINDING_AREAS",
    "KNOWN_STATES",
    "PROTOCOLS",
    "REASONS",
    "Dkim",
    "Enforcement",
    "Explanation",
    "Precondition",
    "Spf",
    "State",
    "Verdict",
    "explain",
    "path_state",
]
