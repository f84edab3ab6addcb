"""How grave a finding is: an error where mail really leaves that way and the last look does not say that it arrives."""

from __future__ import annotations

from collections.abc import Iterable

from ..fate import ENFORCING
from ..situation import SendingPath, Situation

ERROR, WARNING, INFO = 'error', 'warning', 'info'
ORDER = (ERROR, WARNING, INFO)
ARRIVES = ('pass', 'warning', 'not_needed')
BY_STATE = {'fail': ERROR, 'pass': INFO, 'not_needed': INFO}  # of the last verdict


def by_use(paths: Iterable[SendingPath]) -> str:
    """An error only where mail really leaves that way."""
    return ERROR if any(path.is_used for path in paths) else WARNING


def by_harm(paths: Iterable[SendingPath]) -> str:
    """An error only where mail leaves that way, and the last look does not say that receivers take it."""
    return by_use(path for path in paths if path.state not in ARRIVES)


def by_policy(situation: Situation, domain: str, paths: list[SendingPath]) -> str:
    """An error only where the domain asks receivers to refuse or distrust such mail, too."""
    return by_harm(paths) if situation.policies.get(domain) in ENFORCING else WARNING
