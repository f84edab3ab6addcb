"""Will the mail be believed: the facts of a domain, the decision table, and why each protocol stands as it does."""

from __future__ import annotations

from .decision import REASONS, Dkim, Enforcement, Gate, Spf, State, Verdict, path_state, worst

__all__ = ["REASONS", "Dkim", "Enforcement", "Gate", "Spf", "State", "Verdict", "path_state", "worst"]
