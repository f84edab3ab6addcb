"""What a domain's mail comes to and why, as a whole or for a part of its paths: pure, over facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..records.precondition import PreconditionStatus
from ..status import RecordStatus
from ..value import dataclass
from . import areas, parked
from .areas import AreaReport
from .decision import Precondition, Verdict, path_state
from .facts import Facts, PathFacts
from .state import State

_UNMET = {
    "gate.nxdomain": Precondition.DOMAIN_MISSING,
    "gate.null_mx": Precondition.NULL_MX,
    "gate.no_mail_host": Precondition.NO_MAIL_HOST,
    "gate.dnssec_bogus": Precondition.BOGUS_DNSSEC,
}


@dataclass(frozen=True)
class Explanation:
    """``state`` in all, and each area with its state and the code of the sentence that says why."""

    state: State
    gate: AreaReport
    spf: AreaReport
    dkim: AreaReport
    dmarc: AreaReport


def explain(facts: Facts, paths: Iterable[PathFacts] | None = None) -> Explanation:
    """What the mail on ``paths``, some of those of the facts, comes to; without any, all of the domain's mail."""
    if paths is not None:
        facts = replace(facts, paths=tuple(paths))
    failing = _fails(facts.verdicts, facts)
    by_itself = State.UNKNOWN if failing is None else authenticated(facts)
    return Explanation(
        state=_state(facts, by_itself),
        gate=areas.precondition(facts),
        spf=areas.spf(facts, failing),
        dkim=areas.dkim(facts, failing),
        dmarc=areas.dmarc(facts, by_itself),
    )


def explain_groups(facts: Facts) -> dict[str, Explanation]:
    """What the mail of each group of paths comes to, where that is something else than all of it together does."""
    groups: dict[str, list[PathFacts]] = {}
    for path in facts.paths:
        groups.setdefault(path.path.group, []).append(path)
    if len(groups) < 2:
        return {}
    whole = explain(facts)
    explained = {group: explain(facts, paths) for group, paths in groups.items()}
    return {group: found for group, found in explained.items() if found != whole}


def explain_parked(facts: Facts) -> Explanation:
    """A domain that declares to send nothing, and of which we know no mail: that is in order."""
    rejects = facts.dmarc.stricter == "reject"
    return Explanation(
        state=State.PASS,
        gate=AreaReport(State.PASS, "gate.parked"),
        spf=AreaReport(State.PASS, "spf.parked"),
        dkim=AreaReport(State.NOT_NEEDED, "dkim.parked"),
        dmarc=AreaReport(State.PASS, "dmarc.parked") if rejects else areas.dmarc(facts, State.PASS),
    )


def explain_silent(facts: Facts) -> Explanation:
    """A domain that is said to send nothing: whether receivers are told so. No mail of anybody's is harmed, so nothing is red."""
    if facts.precondition.code == "gate.nxdomain":
        other = areas.PRECONDITION_FIRST
        return Explanation(State.WARNING, AreaReport(State.WARNING, "gate.parked_missing"), other, other, other)
    spf, dmarc = _silent_spf(facts), _silent_dmarc(facts)
    against = parked.contradictions(facts.query, facts.mx, facts.spf)
    gate = areas.unanswered("gate", facts.mx.failed) if against is None and facts.mx.failed else AreaReport(
        State.WARNING, "gate.contradicted") if against else AreaReport(State.PASS, "gate.parked")
    return Explanation(
        state=State.worst((gate.state, spf.state, dmarc.state)), gate=gate, spf=spf,
        dkim=AreaReport(State.NOT_NEEDED, "dkim.parked"), dmarc=dmarc)


def _silent_spf(facts: Facts) -> AreaReport:
    if facts.spf.status == RecordStatus.UNKNOWN:
        return areas.unanswered("spf", facts.spf.failed)
    return AreaReport(State.PASS, "spf.parked") if parked.is_closed(facts.spf) else AreaReport(State.WARNING, "spf.not_closed")


def _silent_dmarc(facts: Facts) -> AreaReport:
    if facts.dmarc.status == RecordStatus.UNKNOWN:
        return areas.unanswered("dmarc", facts.dmarc.failed)
    if facts.dmarc.stricter == "reject":
        return AreaReport(State.PASS, "dmarc.parked")
    return AreaReport(State.WARNING, "dmarc.not_closed")


def path_verdict(path: PathFacts, facts: Facts) -> Verdict:
    """The verdict of one path, with what stops mail whatever SPF, DKIM and DMARC say."""
    unmet = [_UNMET[one.code] for one in path.preconditions if one.code]
    uncertain = Precondition if any(one.status == PreconditionStatus.UNKNOWN for one in path.preconditions) else ()
    return path_state(
        path.possible_spf, path.possible_dkim, facts.enforcement_of(path), unmet=unmet, uncertain=tuple(uncertain))


def authenticated(facts: Facts) -> State:
    """What SPF, DKIM and DMARC come to by themselves: that a precondition is not met is no fault of theirs."""
    if not facts.verdicts:
        return areas.spf(facts, failing=False).state
    return State.worst([verdict.state for _path, verdict in facts.verdicts])


def _state(facts: Facts, by_itself: State) -> State:
    """The worst among the paths in use that leave as this domain; its preconditions come first.

    ``by_itself`` is what SPF, DKIM and DMARC come to, or ``UNKNOWN`` where what DNS did not say decides that.
    """
    if facts.precondition.status == PreconditionStatus.FAIL:
        return State.FAIL
    if all(one.status is PreconditionStatus.OK for path in facts.from_paths for one in path.preconditions):
        return by_itself
    own = [(path, path_verdict(path, facts)) for path in facts.from_paths]
    return State.UNKNOWN if _fails(own, facts) is None else State.worst(verdict.state for _path, verdict in own)


def _fails(verdicts: Iterable[tuple[PathFacts, Verdict]], facts: Facts) -> bool | None:
    """Whether mail is being refused; ``None`` if what DNS did not say decides that.

    Then a path that only warns does not make it a warning: the last look may have seen a failure, and
    a timeout must not look like half a recovery. What nobody can know (a selector) is another matter.
    """
    undecided = False
    for path, verdict in verdicts:
        if verdict.state is State.FAIL:
            return True
        if verdict.worst is State.FAIL and (path.failed or facts.policy_of(path).failed):
            undecided = True
    return None if undecided else False
