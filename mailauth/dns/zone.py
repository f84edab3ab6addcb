"""The zone that a name lies in, and what is wrong with its name servers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from ..finding import Finding, Kind, Severity
from ..status import RecordStatus
from ..value import dataclass
from .answer import Answer, Status
from .names import ancestors, is_subdomain
from .protocol import Resolver

CODES: dict[str, Kind] = {
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
    "zone.answer_truncated": Kind(
        Severity.INFO, "The resolver in use cuts off a long answer and cannot be asked for all of it over TCP.", "RFC 7766 §5"
    ),
    "zone.split_horizon": Kind(
        Severity.WARNING, "The zone's own servers and the resolver in use show different zones.", "RFC 8499 §6"
    ),
}

MAX_NAMESERVERS = 8  # of one zone that are looked at


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
    status: RecordStatus = RecordStatus.FOUND
    authenticated: bool = False
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


def shows_apex(denial: Answer) -> bool:
    """Whether an answer denies something of its name and shows, by the SOA record beside it, that a zone begins there."""
    return denial.zone == denial.name


async def zone_of(resolver: Resolver, name: str, denial: Answer | None = None) -> Zone:
    """Find the zone cut above a name by the SOA records of answers, negative ones included (RFC 2308 §2).

    ``denial`` is an answer about the name that is at hand anyway: where it :func:`shows_apex`, no SOA record is asked for.
    """
    findings: list[Finding] = []
    if denial is not None and shows_apex(denial):
        return _found(name, denial, await resolver.query(name, "NS"), findings)
    for at in ancestors(name):
        soa, nameservers = await resolver.query_all((at, "SOA"), (at, "NS"))
        if not soa.is_fact:
            return Zone(None, status=RecordStatus.UNKNOWN, failed=soa)
        begins = nameservers.status is Status.OK and not nameservers.aliases  # a resolver has NS records of apexes alone
        if soa.aliases:
            if begins:  # the alias stands at an apex, and hides the SOA record from a resolver that knows it
                return _found(at, replace(soa, minimum=None, authenticated=False), nameservers, findings)
            # The answer is about the target; the name itself lies in the zone of its parent.
            if at == name:
                findings.append(Finding("zone.sender_is_cname", name, {"target": soa.aliases[0]}))
            continue
        if soa.status is Status.OK:
            return _found(at, soa, nameservers, findings)
        if soa.zone and is_subdomain(at, soa.zone):
            apex, nameservers = await resolver.query_all((soa.zone, "SOA"), (soa.zone, "NS"))
            return _found(soa.zone, apex, nameservers, findings)
        if begins:  # a router hides SOA records (dnsmasq's filterwin2k)
            return _found(at, soa, nameservers, findings)
        if soa.zone == "":
            break
    return Zone(None, status=RecordStatus.NONE, findings=tuple(findings))


def _found(name: str, soa: Answer, nameservers: Answer, findings: list[Finding]) -> Zone:
    """``soa`` has the zone's SOA record among its records, or beside a denial."""
    failed = next((answer for answer in (soa, nameservers) if not answer.is_fact), None)
    hosts = tuple(sorted(nameservers.records)) if nameservers.status is Status.OK and not nameservers.aliases else ()
    if len(hosts) == 1:
        findings.append(Finding("zone.one_nameserver", name, {"nameserver": hosts[0]}))
    return Zone(
        name,
        hosts,
        # The lesser of MINIMUM and the record's own TTL (RFC 2308 §5), of which a cache shows only the rest.
        soa.records[0].minimum if soa.records else soa.minimum,
        RecordStatus.FOUND,
        soa.authenticated,
        tuple(findings),
        failed,
    )


def truncated_findings(unanswered: Iterable[Answer]) -> tuple[Finding, ...]:
    """Whether a long answer could not be had as a whole: one finding says so, for where that happens it happens to all."""
    return tuple(islice((
        Finding("zone.answer_truncated", answer.name, {"server": answer.server, "type": answer.rdtype})
        for answer in unanswered if answer.truncated), 1))
