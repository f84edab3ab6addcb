"""What a receiver that still follows RFC 7489 reads: the public suffix list instead of the tree walk."""

from __future__ import annotations

from ..certain import certain
from ..dns.answer import Answer
from ..dns.names import to_ascii
from ..dns.protocol import Resolver
from ..dns.public_suffix import private_suffix, suffix_rules
from ..status import RecordStatus
from ..value import dataclass
from .record import POLICIES, DmarcRecord, Effect
from .tree_walk import Step, Walk, read_step, record_name


@dataclass(frozen=True)
class LegacyView:
    """The DMARC policy of a domain by RFC 7489 §6.6.3.

    ``status``: ``found``, ``none`` or ``unknown`` (DNS did not answer: see ``failed``).
    ``applied`` is ``requested`` after ``pct=0``, which lowers it by one step (§6.6.4);
    with ``pct`` between 1 and 99 the policy hits some mail, and ``applied`` is what it hits with.
    ``t``, ``np`` and ``psd`` are unknown tags to these receivers.
    """

    status: RecordStatus
    organizational_domain: str
    policy_domain: str | None = None
    record: str | None = None
    requested: str | None = None
    applied: str | None = None
    pct: int = 100
    failed: Answer | None = None


def registrable_domain(domain: str) -> str | None:
    """The organizational domain by RFC 7489 §3.2: one label below the public suffix.

    A public suffix is its own. ``None`` if the list is not installed or the name is no domain name.
    """
    name = to_ascii(domain)
    if not name or suffix_rules() is None:
        return None
    return private_suffix(name) or name


def aligned(from_domain: str, authenticated_domain: str, *, strict: bool) -> bool | None:
    """Whether RFC 7489 receivers take the two domains as aligned (§3.1); ``None`` without the list."""
    own, other = to_ascii(from_domain), to_ascii(authenticated_domain)
    if own is None or other is None or own == other or strict:
        return own is not None and own == other
    domains = registrable_domain(own), registrable_domain(other)
    return None if None in domains else domains[0] == domains[1]


async def view(resolver: Resolver, walk: Walk) -> LegacyView | None:
    """The RFC 7489 view of the domain that was walked; ``None`` if the public suffix list is not installed."""
    organizational_domain = registrable_domain(walk.domain)
    if organizational_domain is None:
        return None
    own = walk.steps[0]
    step = own
    if not own.failed and not own.record and not own.several and organizational_domain != walk.domain:
        step = walk.step(organizational_domain) or await _ask(resolver, organizational_domain)
    if step.failed:
        return LegacyView(RecordStatus.UNKNOWN, organizational_domain, failed=step.answer)
    record = step.record
    if record is None or record.legacy_effect is Effect.NO_PROCESSING:
        return LegacyView(RecordStatus.NONE, organizational_domain, record=record.text if record else None)
    requested = _requested(record, inherited=step is not own)
    return LegacyView(
        status=RecordStatus.FOUND,
        organizational_domain=organizational_domain,
        policy_domain=step.domain,
        record=record.text,
        requested=requested,
        applied=one_step_less(requested) if record.pct == 0 else requested,
        pct=record.pct,
    )


async def _ask(resolver: Resolver, domain: str) -> Step:
    return read_step(domain, await resolver.query(record_name(domain), "TXT"))


def _requested(record: DmarcRecord, *, inherited: bool) -> str:
    if record.legacy_effect is Effect.AS_NONE:
        return "none"
    return certain((record.sp or record.p) if inherited else record.p)


def one_step_less(policy: str) -> str:
    """The next weaker policy; ``none`` stays ``none``."""
    return POLICIES[max(POLICIES.index(policy) - 1, 0)]
