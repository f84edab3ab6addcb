"""How grave a finding is: an error where mail really leaves that way and the last look does not say that it arrives."""

from __future__ import annotations

from collections.abc import Iterable

from ..fate import ENFORCING
from ..situation import Situation, Way

ERROR, WARNING, INFO = 'error', 'warning', 'info'
ORDER = (ERROR, WARNING, INFO)
ARRIVES = ('pass', 'warning', 'not_needed')
BY_STATE = {'fail': ERROR, 'pass': INFO, 'not_needed': INFO}  # of the last verdict


def by_use(ways: Iterable[Way]) -> str:
    """An error only where mail really leaves that way."""
    return ERROR if any(way.is_used for way in ways) else WARNING


def by_harm(ways: Iterable[Way]) -> str:
    """An error only where mail leaves that way, and the last look does not say that receivers take it."""
    return by_use(way for way in ways if way.state not in ARRIVES)


def by_policy(situation: Situation, domain: str, ways: list[Way]) -> str:
    """An error only where the domain asks receivers to refuse or distrust such mail, too."""
    return by_harm(ways) if situation.policies.get(domain) in ENFORCING else WARNING
