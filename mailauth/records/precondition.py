"""Whether a domain can have mail at all: it exists, no null MX, somewhere to reply to, DNSSEC not broken."""

from __future__ import annotations

from ..dns.answer import Answer, Status
from ..dns.protocol import Resolver
from ..finding import Finding, Kind, Severity
from ..status import Word
from ..value import dataclass

CODES: dict[str, Kind] = {
    "gate.nxdomain": Kind(Severity.ERROR, "The domain does not exist.", "RFC 5321 §3.6.1, RFC 8020 §2"),
    "gate.null_mx": Kind(
        Severity.ERROR, "A null MX says that the domain accepts no mail; many receivers reject mail from it.",
        "RFC 7505 §4.2",
    ),
    "gate.no_mail_host": Kind(
        Severity.ERROR, "The domain has neither an MX record nor an address: nobody can reply to its mail.",
        "RFC 5321 §5.1",
    ),
    "gate.dnssec_bogus": Kind(
        Severity.ERROR, "The signatures of the zone do not verify: validating resolvers reject every answer.",
        "RFC 4035 §5.5",
    ),
}

# Extended errors that say that validation failed (RFC 8914 §4.7 to §4.13, §4.26).
_BOGUS = frozenset({6, 7, 8, 9, 10, 11, 12, 25})


async def _is_bogus(resolver: Resolver, answer: Answer) -> bool:
    """Whether the signatures of a zone do not verify (RFC 4035 §5.5).

    That is SERVFAIL, then an answer with validation switched off, then SERVFAIL again or an
    extended error that says so; each by itself happens for other reasons (forwarders
    mishandle the CD bit).
    """
    if answer.status is not Status.SERVFAIL:
        return False
    unchecked = await resolver.query(answer.name, answer.rdtype, fresh=True, checking_disabled=True)
    if not unchecked.is_fact:
        return False
    if _BOGUS.intersection(answer.extended_errors):
        return True
    again = await resolver.query(answer.name, answer.rdtype, fresh=True)
    return again.status is Status.SERVFAIL


class PreconditionStatus(Word):
    """Whether a domain can have mail."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Precondition:
    """Whether a domain can have mail at all.

    ``status`` is ``"ok"``, ``"fail"`` (``code`` says what is not met) or ``"unknown"``
    (``failed`` is the question that DNS did not answer).
    """

    status: PreconditionStatus
    code: str | None = None
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


async def inspect(resolver: Resolver, name: str) -> Precondition:
    """Look at the four of them: exists, no null MX, somewhere to reply to, DNSSEC not broken."""
    mx = await resolver.query(name, "MX")
    if mx.status is Status.OK:
        hosts = {exchange.host for exchange in mx.records}
        return _unmet("gate.null_mx", name) if hosts == {""} else Precondition(PreconditionStatus.OK)
    if mx.exists is False:
        # Seen twice, for a name that is not there stops everything.
        again = await resolver.query(name, "MX", fresh=True)
        if again.exists is False:
            return _unmet("gate.nxdomain", name)
        if again.status is Status.OK:
            return await inspect(resolver, name)
        return Precondition(PreconditionStatus.UNKNOWN, failed=again)
    if not mx.is_fact:
        return await _unanswered(resolver, name, mx)
    addresses = await resolver.query_all((name, "A"), (name, "AAAA"))
    if any(answer.status is Status.OK for answer in addresses):
        return Precondition(PreconditionStatus.OK)  # the address stands in for the MX (RFC 5321 §5.1)
    for answer in addresses:
        if not answer.is_fact:
            return await _unanswered(resolver, name, answer)
    return _unmet("gate.no_mail_host", name)


async def _unanswered(resolver: Resolver, name: str, answer: Answer) -> Precondition:
    if await _is_bogus(resolver, answer):
        return _unmet("gate.dnssec_bogus", name)
    return Precondition(PreconditionStatus.UNKNOWN, failed=answer)


def _unmet(code: str, name: str) -> Precondition:
    return Precondition(PreconditionStatus.FAIL, code, (Finding(code, name),))
