"""Will the mail be believed: the decision table, as pure functions over what is known and what is not.

Every input is the *set* of its possible values. Where DNS answered the set has one
member; where it did not, it has every value that the answer could have given. The
verdict is certain if all the possible combinations agree, and ``unknown`` otherwise.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection

from ..status import Word
from ..value import dataclass
from .state import State


class Spf(Word):
    """What SPF does for one path."""

    ALIGNED = "aligned"  # envelope domain aligned with From, and the service's known addresses pass
    OWN = "own"  # the service replaces the envelope: SPF passes for it, and cannot align
    PART = "part"  # some of the service's known addresses pass, some do not; or receivers differ
    NO = "no"  # everything else, permerror included


class Dkim(Word):
    """What DKIM does for one path."""

    SEEN = "seen"  # a verified signature was seen, or the service signs once its record is there
    KEY = "key"  # a key is published, that mail is signed with it is not proven
    NO = "no"  # none
    UNKNOWN_SELECTOR = "?"  # nobody knows which selector to look at


class Enforcement(Word):
    """The DMARC policy in force: the stricter of what RFC 9989 and RFC 7489 receivers apply, after ``t``."""

    ENFORCING = "enforcing"  # quarantine or reject
    NONE = "none"  # a record is there, and asks for nothing
    NO_RECORD = "no_record"

    @classmethod
    def of(cls, policy: str | None) -> Enforcement:
        """The row for a policy as written in a record; ``None`` means that no record applies."""
        if policy is None:
            return cls.NO_RECORD
        return cls.NONE if policy == "none" else cls.ENFORCING

    @classmethod
    @functools.lru_cache(maxsize=16)  # there are no more
    def of_each(cls, policies: frozenset[str | None]) -> frozenset[Enforcement]:
        """The rows for several policies, of which it is not known which one it is."""
        return frozenset(map(cls.of, policies))


class Precondition(Word):
    """Facts about the From or envelope domain that stop mail whatever SPF, DKIM and DMARC say."""

    DOMAIN_MISSING = "domain_missing"  # NXDOMAIN, confirmed
    NULL_MX = "null_mx"  # the domain declares that it takes no mail (RFC 7505)
    NO_MAIL_HOST = "no_mail_host"  # neither MX nor an address
    BOGUS_DNSSEC = "bogus_dnssec"  # validating resolvers refuse its answers


@dataclass(frozen=True)
class Verdict:
    """The state of one path and why.

    ``reasons`` are machine codes that hold in *every* possible combination, and
    ``dns_unknown`` if there is more than one; ``best`` and ``worst`` are the states
    of the best and the worst of them (both equal ``state`` when it is certain).
    """

    state: State
    reasons: tuple[str, ...]
    best: State
    worst: State


REASONS = {
    "gate:domain_missing": "The From or envelope domain does not exist.",
    "gate:null_mx": "The From or envelope domain declares that it takes no mail.",
    "gate:no_mail_host": "The From or envelope domain has neither MX nor an address.",
    "gate:bogus_dnssec": "The DNSSEC of the From or envelope domain is broken.",
    "aligned_unsigned": "SPF passes and aligns, but the mail is not signed: forwarding breaks it.",
    "envelope_not_aligned": "The service uses an envelope domain of its own: only a signature can align.",
    "unsigned": "Nothing aligned is left but the mail is not signed; the policy asks for nothing yet.",
    "unsigned_enforcing": "Not signed, SPF does not cover all of it, and the policy is enforced.",
    "partly_authorised": "SPF passes for only some of the service's addresses, or only at some receivers.",
    "not_authorised": "SPF does not pass for the service.",
    "nothing_aligned": "Neither SPF nor DKIM: large receivers refuse such mail at any policy.",
    "policy_enforcing": "The DMARC policy asks receivers to quarantine or refuse the mail.",
    "prove_signature": "A key is published; one mail received would prove that mail is signed with it.",
    "selector_unknown": "Nobody knows the DKIM selector of this service.",
    "no_dmarc": "No DMARC record applies; large receivers ask for one.",
    "policy_none_next_step": "In order: the DMARC policy can be made stricter.",
    "dns_unknown": "DNS did not answer everything that decides.",
}

_Cell = tuple[State, tuple[str, ...]]

# (SPF, DKIM): the cell at a policy that asks for nothing, and the cell under an enforced one.
_TABLE: dict[tuple[Spf, Dkim], tuple[_Cell, _Cell]] = {}


def _row(spf: Spf, dkim: Dkim, relaxed: _Cell, enforced: _Cell | None = None) -> None:
    _TABLE[spf, dkim] = (relaxed, enforced or relaxed)


_row(Spf.ALIGNED, Dkim.SEEN, (State.PASS, ()))
_row(Spf.ALIGNED, Dkim.KEY, (State.PASS, ("prove_signature",)))
_row(Spf.ALIGNED, Dkim.NO, (State.WARNING, ("aligned_unsigned",)))
_row(Spf.ALIGNED, Dkim.UNKNOWN_SELECTOR, (State.WARNING, ("selector_unknown",)))

_row(Spf.OWN, Dkim.SEEN, (State.PASS, ()))
_row(Spf.OWN, Dkim.KEY, (State.WARNING, ("envelope_not_aligned", "prove_signature")))
_row(
    Spf.OWN,
    Dkim.NO,
    (State.WARNING, ("envelope_not_aligned", "unsigned")),
    (State.FAIL, ("envelope_not_aligned", "unsigned_enforcing", "policy_enforcing")),
)
_row(
    Spf.OWN,
    Dkim.UNKNOWN_SELECTOR,
    (State.WARNING, ("envelope_not_aligned", "selector_unknown")),
    (State.UNKNOWN, ("envelope_not_aligned", "selector_unknown", "policy_enforcing")),
)

_row(Spf.PART, Dkim.SEEN, (State.WARNING, ("partly_authorised",)))
_row(Spf.PART, Dkim.KEY, (State.WARNING, ("partly_authorised", "prove_signature")))
_row(
    Spf.PART,
    Dkim.NO,
    (State.WARNING, ("partly_authorised", "unsigned")),
    (State.FAIL, ("partly_authorised", "unsigned_enforcing", "policy_enforcing")),
)
_row(
    Spf.PART,
    Dkim.UNKNOWN_SELECTOR,
    (State.WARNING, ("partly_authorised", "selector_unknown")),
    (State.UNKNOWN, ("partly_authorised", "selector_unknown", "policy_enforcing")),
)

# Not more than a warning: some receivers refuse a "-all" miss before they read a signature.
_row(Spf.NO, Dkim.SEEN, (State.WARNING, ("not_authorised",)))
_row(Spf.NO, Dkim.KEY, (State.WARNING, ("not_authorised", "prove_signature")))
# Fails even at p=none: Gmail asks SPF or DKIM of everyone (5.7.26).
_row(
    Spf.NO,
    Dkim.NO,
    (State.FAIL, ("nothing_aligned",)),
    (State.FAIL, ("nothing_aligned", "policy_enforcing")),
)
_row(
    Spf.NO,
    Dkim.UNKNOWN_SELECTOR,
    (State.UNKNOWN, ("not_authorised", "selector_unknown")),
    (State.UNKNOWN, ("not_authorised", "selector_unknown", "policy_enforcing")),
)


def path_state(
    spf: Collection[Spf],
    dkim: Collection[Dkim],
    policy: Collection[Enforcement],
    *,
    unmet: Collection[Precondition] = (),
    uncertain: Collection[Precondition] = (),
) -> Verdict:
    """The verdict of one path: From domain, envelope domain, service.

    ``spf``, ``dkim`` and ``policy`` are the values that are possible; an empty one
    means that nothing is known, and stands for all of them. ``unmet`` are the preconditions
    known to stop the mail, ``uncertain`` those that may, DNS not having said.
    """
    return _path_state(
        frozenset(spf or Spf), frozenset(dkim or Dkim), frozenset(policy or Enforcement), frozenset(unmet),
        frozenset(uncertain))


@functools.lru_cache(maxsize=1024)  # most paths are in one of a few cells, and each is asked about more than once
def _path_state(
    spf: frozenset[Spf], dkim: frozenset[Dkim], policy: frozenset[Enforcement], unmet: frozenset[Precondition],
    uncertain: frozenset[Precondition],
) -> Verdict:
    if unmet:
        reasons = tuple(f"gate:{one.value}" for one in Precondition if one in unmet)
        return Verdict(State.FAIL, reasons, State.FAIL, State.FAIL)
    combinations = [_cell(*combination) for combination in itertools.product(spf, dkim, policy)]
    combinations += [(State.FAIL, (f"gate:{one.value}",)) for one in uncertain]
    states = [state for state, _reasons in combinations]
    best, lowest = _extremes(states)
    shared = set.intersection(*(set(reasons) for _state, reasons in combinations))
    reasons = tuple(code for code in REASONS if code in shared)
    if len(combinations) > 1:
        reasons += ("dns_unknown",)
    return Verdict(best if best is lowest else State.UNKNOWN, reasons, best, lowest)


def _cell(spf: Spf, dkim: Dkim, policy: Enforcement) -> _Cell:
    state, reasons = _TABLE[spf, dkim][policy is Enforcement.ENFORCING]
    if policy is Enforcement.NO_RECORD:
        return (State.WARNING if state is State.PASS else state), (*reasons, "no_dmarc")
    if policy is Enforcement.NONE and state is State.PASS:
        return state, (*reasons, "policy_none_next_step")
    return state, reasons


def _extremes(states: Collection[State]) -> tuple[State, State]:
    """The best and the worst of the states; an unknown among them may be either."""
    certain = [state for state in states if state is not State.UNKNOWN]
    if not certain:
        return State.UNKNOWN, State.UNKNOWN
    if len(certain) < len(states):
        # An unknown cell of the table stands for anything from a warning to a failure.
        certain += [State.WARNING, State.FAIL]
    return min(certain, key=lambda state: state.rank), State.worst(certain)
