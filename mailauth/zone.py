"""The zone that a name lies in, whether its DNSSEC is broken, and whether the domain can have mail at all."""

from __future__ import annotations

from dataclasses import dataclass

from .answer import Answer, Status
from .finding import Finding, Kind, Severity
from .names import ancestors, is_subdomain

CODES: dict[str, Kind] = {
    "gate.nxdomain": Kind(Severity.ERROR, "The domain does not exist.", "RFC 5321 §3.6.1, RFC 8020 §2"),
    "gate.null_mx": Kind(
        Severity.ERROR, "A null MX says that the domain takes no mail; many receivers refuse mail from it.",
        "RFC 7505 §4.2",
    ),
    "gate.no_mail_host": Kind(
        Severity.ERROR, "The domain has neither an MX record nor an address: nobody can answer its mail.",
        "RFC 5321 §5.1",
    ),
    "gate.dnssec_bogus": Kind(
        Severity.ERROR, "The signatures of the zone do not verify: validating resolvers refuse every answer.",
        "RFC 4035 §5.5",
    ),
    "zone.sender_is_cname": Kind(
        Severity.ERROR, "The name is an alias: it can carry neither SPF nor MX records of its own.", "RFC 1034 §3.6.2"
    ),
    "zone.one_nameserver": Kind(Severity.INFO, "The zone has one name server only.", "RFC 1034 §4.1"),
    "zone.nameserver_missing": Kind(
        Severity.WARNING, "A name server of the zone has a name that does not exist or has no address.",
        "RFC 1912 §2.8",
    ),
    "zone.nameserver_internal": Kind(
        Severity.WARNING, "A name server of the zone has an address that the Internet cannot reach; it is not asked there.",
        "RFC 6890 §2",
    ),
    "zone.nameserver_is_cname": Kind(
        Severity.INFO, "A name server of the zone is given by an alias.", "RFC 2181 §10.3"
    ),
    "zone.lame_nameserver": Kind(
        Severity.WARNING, "A server that the zone names as its own does not answer for it with authority.",
        "RFC 1912 §2.8",
    ),
    "zone.nameserver_silent": Kind(
        Severity.INFO, "A name server of the zone does not answer us although another one does.", "RFC 2182 §3"
    ),
    "zone.nameservers_disagree": Kind(
        Severity.WARNING, "The zone's name servers give different answers.", "RFC 1034 §4.3.5"
    ),
    "zone.serials_differ": Kind(
        Severity.INFO, "The zone's name servers hold different versions of the zone; normal shortly after a change.",
        "RFC 1912 §2.2",
    ),
    "zone.split_horizon": Kind(
        Severity.WARNING, "The zone's own servers and the resolver in use show different zones.", "RFC 8499 §6"
    ),
}

MAX_NAMESERVERS = 8  # of one zone that are looked at
# Extended errors that say that validation failed (RFC 8914 §4.7 to §4.13, §4.26).
_BOGUS = frozenset({6, 7, 8, 9, 10, 11, 12, 25})


@dataclass(frozen=True)
class Zone:
    """The zone that a name belongs to.

    ``status`` is ``"found"``, ``"none"`` (nothing above the name answers for it) or
    ``"unknown"`` (DNS did not answer, ``failed`` tells which question). ``negative_ttl`` is in
    seconds: how long resolvers may hold "there is no such record" at most. ``authenticated``
    tells that the resolver vouches for the zone by DNSSEC; false means "not known".
    """

    name: str | None
    nameservers: tuple[str, ...] = ()
    negative_ttl: int | None = None
    status: str = "found"
    authenticated: bool = False
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


async def zone_of(resolver, name: str) -> Zone:
    """Find the zone cut above a name by the SOA records of answers, negative ones included (RFC 2308 §2)."""
    findings: list[Finding] = []
    for at in ancestors(name):
        soa, nameservers = await resolver.query_all((at, "SOA"), (at, "NS"))
        if not soa.is_fact:
            return Zone(None, status="unknown", failed=soa)
        if soa.aliases:
            # The answer is about the target; the name itself lies in the zone of its parent.
            if at == name:
                findings.append(Finding("zone.sender_is_cname", name, {"target": soa.aliases[0]}))
            continue
        if soa.status is Status.OK:
            return await _found(resolver, at, soa, nameservers, findings)
        if soa.zone and is_subdomain(at, soa.zone):
            apex, nameservers = await resolver.query_all((soa.zone, "SOA"), (soa.zone, "NS"))
            return await _found(resolver, soa.zone, apex, nameservers, findings)
        if soa.zone == "":
            break
    return Zone(None, status="none", findings=tuple(findings))


async def _found(resolver, name: str, soa: Answer, nameservers: Answer, findings: list[Finding]) -> Zone:
    failed = next((answer for answer in (soa, nameservers) if not answer.is_fact), None)
    hosts = tuple(sorted(nameservers.records)) if nameservers.status is Status.OK and not nameservers.aliases else ()
    if len(hosts) == 1:
        findings.append(Finding("zone.one_nameserver", name, {"nameserver": hosts[0]}))
    return Zone(
        name,
        hosts,
        # The lesser of MINIMUM and the record's own TTL (RFC 2308 §5), of which a cache shows only the rest.
        soa.records[0].minimum if soa.records else None,
        "found",
        soa.authenticated,
        tuple(findings),
        failed,
    )


async def dnssec(resolver, name: str, rdtype: str = "MX") -> str:
    """The state of DNSSEC at a name as the resolver sees it.

    ``"signed"`` (it vouches for the answer); ``"unsigned or unknown"`` (no AD bit, which a
    resolver that does not validate never sets); ``"bogus"``; ``"unknown"`` (no answer).
    Bogus is SERVFAIL, then an answer with validation switched off, then SERVFAIL again or an
    extended error that says so; each by itself happens for other reasons (forwarders
    mishandle the CD bit).
    """
    answer = await resolver.query(name, rdtype)
    if answer.is_fact:
        return "signed" if answer.authenticated else "unsigned or unknown"
    return "bogus" if await _is_bogus(resolver, answer) else "unknown"


async def _is_bogus(resolver, answer: Answer) -> bool:
    if answer.status is not Status.SERVFAIL:
        return False
    unchecked = await resolver.query(answer.name, answer.rdtype, fresh=True, checking_disabled=True)
    if not unchecked.is_fact:
        return False
    if _BOGUS.intersection(answer.extended_errors):
        return True
    again = await resolver.query(answer.name, answer.rdtype, fresh=True)
    return again.status is Status.SERVFAIL


@dataclass(frozen=True)
class Gate:
    """Whether a domain can have mail at all.

    ``status`` is ``"ok"``, ``"fail"`` (``code`` says which gate is shut) or ``"unknown"``
    (``failed`` is the question that DNS did not answer).
    """

    status: str
    code: str | None = None
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


async def gate(resolver, name: str) -> Gate:
    """Go through the four gates: exists, no null MX, somewhere to reply to, DNSSEC not broken."""
    mx = await resolver.query(name, "MX")
    if mx.status is Status.OK:
        hosts = {exchange.host for exchange in mx.records}
        return _shut("gate.null_mx", name) if hosts == {""} else Gate("ok")
    if mx.exists is False:
        # Seen twice, for a name that is not there shuts every door.
        again = await resolver.query(name, "MX", fresh=True)
        if again.exists is False:
            return _shut("gate.nxdomain", name)
        return await gate(resolver, name) if again.status is Status.OK else Gate("unknown", failed=again)
    if not mx.is_fact:
        return await _unanswered(resolver, name, mx)
    addresses = await resolver.query_all((name, "A"), (name, "AAAA"))
    if any(answer.status is Status.OK for answer in addresses):
        return Gate("ok")  # the address stands in for the MX (RFC 5321 §5.1)
    for answer in addresses:
        if not answer.is_fact:
            return await _unanswered(resolver, name, answer)
    return _shut("gate.no_mail_host", name)


async def _unanswered(resolver, name: str, answer: Answer) -> Gate:
    if await _is_bogus(resolver, answer):
        return _shut("gate.dnssec_bogus", name)
    return Gate("unknown", failed=answer)


def _shut(code: str, name: str) -> Gate:
    return Gate("fail", code, (Finding(code, name),))
