"""The states that everything comes to, and their order."""

from __future__ import annotations

from collections.abc import Iterable

from ..status import Word


class State(Word):
    """The state of one path, area, domain or company; they stand here from the best to the worst."""

    NOT_NEEDED = "not_needed"  # nothing to publish
    PASS = "pass"  # in order
    UNKNOWN = "unknown"  # DNS did not answer, or the sender or selector is not known
    WARNING = "warning"  # mail arrives today, one change away from not
    FAIL = "fail"  # mail is being refused or filed as spam now

    @property
    def rank(self) -> int:
        """How bad it is: of two states the worse one has the higher rank."""
        return _RANKS[self]

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do, and nothing left open."""
        return self in (State.NOT_NEEDED, State.PASS)

    def is_worse_than(self, other: State) -> bool:
        """Whether something got worse if this followed ``other``; of the two that are fine neither is."""
        return not self.is_fine and self.rank > other.rank

    @classmethod
    def worst(cls, states: Iterable[State]) -> State:
        """The worst of the states; ``NOT_NEEDED`` is also what nothing gives."""
        return max(states, key=_RANKS.__getitem__, default=cls.NOT_NEEDED)


# What is not known neither breaks nor recovers.
KNOWN_STATES = frozenset(State) - {State.UNKNOWN}
_RANKS = {state: rank for rank, state in enumerate(State)}
