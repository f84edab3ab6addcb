"""How far a record has come that somebody was asked to publish, and what went wrong with it."""

from __future__ import annotations

from ..dns.answer import Answer
from ..dns.authoritative import Consensus
from ..status import Word
from ..value import dataclass


class OutcomeCode(Word):
    """How far one change has come, or which mistake was made with it."""

    PUBLISHED = "published"  # the zone has it, and so has the resolver in use
    SPREADING = "spreading"  # the zone has it, the resolver in use still holds what was before or does not answer
    OLD = "old"  # the zone still has the old record
    NOT_YET = "not_yet"  # the zone has neither
    DIFFERS = "differs"  # the zone has something else of the kind: ``seen``
    QUOTED = "quoted"  # it was pasted with the quotes around it: ``seen``
    CURLY = "curly"  # it was pasted with typographic quotes around it: ``seen``
    PADDED = "padded"  # it was pasted with a space before it: ``seen``
    SECOND = "second"  # the zone has it beside another one of the kind, of which there may be one: ``seen`` is the other
    DOUBLED = "doubled"  # it stands at a name with the zone twice: ``seen`` is that name
    MISPLACED = "misplaced"  # it stands at another name where people enter it by mistake: ``seen`` is that name
    SPACED = "spaced"  # it stands at a name with a space behind the host: ``seen`` is that name
    UNDOTTED = "undotted"  # it points to its target with the zone behind it, for want of a final dot: ``seen`` is that
    WRONG_TYPE = "wrong_type"  # it stands there as a record of another type: ``seen`` is that type
    PROXIED = "proxied"  # addresses stand there in the place of the alias: ``seen``
    WRONG_ZONE = "wrong_zone"  # it stands in another zone of the same people: ``seen`` is its name there
    FORMER_HOST = "former_host"  # it stands on a server that the zone has left: ``seen`` is that server
    DISAGREE = "disagree"  # of the zone's servers ``servers_with`` have it and ``servers_without`` do not
    SPLIT = "split"  # the zone has it, and the resolver in use has a zone of its own by that name
    SEEN = "seen"  # the zone's servers could not be asked (``why``), and the resolver in use has it
    NOT_SEEN = "not_seen"  # they could not, and it does not have it
    UNKNOWN = "unknown"  # DNS did not answer: ``failed``, or time ran out: ``deadline_passed``


@dataclass(frozen=True)
class Outcome:
    """What became of one change.

    ``seconds`` is how long receivers may hold the old answer, counted from the change at most.
    ``done`` tells whether the zone, or failing that the resolver in use, has it; ``padded`` that it has a space at its
    end, which does no harm. ``why`` is why the zone's servers could not be asked, where that is so.
    """

    code: OutcomeCode
    done: bool = False
    seconds: int = 0
    seen: tuple[str, ...] = ()
    servers_with: int = 0
    servers_without: int = 0
    was_there: bool = False  # receivers hold an old record rather than that there is none
    padded: bool = False
    why: Consensus | None = None
    failed: Answer | None = None
    deadline_passed: bool = False

    def to_dict(self) -> dict:
        """The outcome as JSON types."""
        failed = self.failed and {"name": self.failed.name, "server": self.failed.server or self.failed.detail}
        return {**vars(self), "code": str(self.code), "why": str(self.why or ""), "seen": list(self.seen), "failed": failed}
