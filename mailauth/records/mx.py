"""Where mail to a domain goes: its MX records and the hosts that they name (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from ..dns import egress
from ..dns.answer import Answer, MailExchange, Status
from ..dns.names import to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding, Kind, Severity
from ..status import Word
from ..value import dataclass

CODES: dict[str, Kind] = {
    "mx.none": Kind(
        Severity.INFO, "The domain has no MX record; its own address receives the mail.", "RFC 5321 §5.1"
    ),
    "mx.null": Kind(Severity.INFO, "The domain declares that it accepts no mail.", "RFC 7505 §3"),
    "mx.null_with_others": Kind(
        Severity.WARNING, "There is a null MX beside others; senders disagree about what that means.", "RFC 7505 §3"
    ),
    "mx.dangling": Kind(
        Severity.WARNING, "An MX record names a host that does not exist or has no address.", "RFC 5321 §5.1"
    ),
    "mx.all_dangling": Kind(
        Severity.ERROR, "None of the hosts that the MX records name has an address: mail to the domain bounces.",
        "RFC 5321 §5.1",
    ),
    "mx.alias": Kind(Severity.WARNING, "An MX record names a host that is an alias.", "RFC 2181 §10.3"),
    "mx.address_literal": Kind(
        Severity.WARNING, "An MX record has an IP address where a host name belongs.", "RFC 5321 §5.1"
    ),
    "mx.not_public": Kind(
        Severity.WARNING, "A host that an MX record names has only addresses that the Internet cannot reach.",
        "RFC 6890 §2",
    ),
    "mx.unanswered": Kind(
        Severity.INFO, "DNS did not answer about a host that an MX record names.", "RFC 5321 §5.1"
    ),
}

MAX_HOSTS = 20  # hosts that are looked up


class MxStatus(Word):
    """Who takes a domain's mail."""

    FOUND = "found"
    NULL = "null"  # it says that nobody does (RFC 7505)
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MxReport:
    """What the MX records of a domain come to.

    ``status``: ``"found"``, ``"null"`` (RFC 7505), ``"none"`` (no MX record, or no such
    domain), ``"unknown"`` (DNS did not answer; ``failed`` is the question). ``exchanges`` come
    in the order of their preference; ``ttl`` is in seconds.
    """

    status: MxStatus
    exchanges: tuple[MailExchange, ...] = ()
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


async def inspect(resolver: Resolver, domain: str) -> MxReport:
    """Look at a domain's MX records and at the hosts that they name."""
    answer = await resolver.query(domain, "MX")
    if not answer.is_fact:
        return MxReport(MxStatus.UNKNOWN, failed=answer)
    if answer.status is not Status.OK:
        found = (Finding("mx.none", domain),) if answer.exists else ()
        return MxReport(MxStatus.NONE, ttl=answer.ttl, findings=found)
    exchanges = _in_order(answer)
    hosts = _hosts(exchanges)
    if not hosts:
        return MxReport(MxStatus.NULL, exchanges, answer.ttl, (Finding("mx.null", domain),))
    looked_at = hosts[:MAX_HOSTS]
    answers = await _addresses(resolver, [host for host in looked_at if is_askable(host)])
    looked = [_look(domain, host, answers.get(host, ())) for host in looked_at]
    findings = []
    if len(hosts) < len({exchange.host for exchange in exchanges}):
        findings.append(Finding("mx.null_with_others", domain, {"hosts": hosts[:MAX_HOSTS]}))
    failed = None
    for host_findings, host_failed in looked:
        findings += host_findings
        failed = failed or host_failed
    dead = {"mx.dangling", "mx.address_literal"}
    if len(hosts) <= MAX_HOSTS and all(found and any(f.code in dead for f in found) for found, _ in looked):
        findings.append(Finding("mx.all_dangling", domain, {"hosts": hosts}))
    return MxReport(MxStatus.FOUND, exchanges, answer.ttl, tuple(findings), failed)


async def _addresses(resolver: Resolver, hosts: list[str]) -> dict[str, list[Answer]]:
    """The answers about the addresses of hosts; IPv6 matters only where there is nothing to reach over IPv4."""
    answers = await resolver.query_all(*((host, "A") for host in hosts))
    found = {host: [answer] for host, answer in zip(hosts, answers)}
    rest = [host for host, (answer,) in found.items() if all(map(is_inside, answer.records))]
    if rest:
        for host, answer in zip(rest, await resolver.query_all(*((host, "AAAA") for host in rest))):
            found[host].append(answer)
    return found


def askable_hosts(answer: Answer) -> list[str]:
    """The hosts of an MX answer whose addresses :func:`inspect` asks for."""
    return [host for host in _hosts(_in_order(answer))[:MAX_HOSTS] if is_askable(host)]


def _in_order(answer: Answer) -> tuple[MailExchange, ...]:
    if len(answer.records) < 2:
        return answer.records
    return tuple(sorted(answer.records, key=lambda exchange: (exchange.preference, exchange.host)))


def _hosts(exchanges: Iterable[MailExchange]) -> list[str]:
    return list(dict.fromkeys([exchange.host for exchange in exchanges if exchange.host]))


def is_askable(host: str) -> bool:
    return to_ascii(host) is not None and not _is_address(host)


def _look(domain: str, host: str, answers: Sequence[Answer]) -> tuple[list[Finding], Answer | None]:
    """The findings about one host by what :func:`_addresses` found, and the question that went unanswered."""
    params = {"host": host[:255]}
    if _is_address(host):
        return [Finding("mx.address_literal", domain, params)], None
    if not answers:
        return [Finding("mx.dangling", domain, {**params, "why": "bad_name"})], None
    findings = []
    aliases = next((answer.aliases for answer in answers if answer.aliases), ())
    if aliases:
        findings.append(Finding("mx.alias", domain, {**params, "target": aliases[0]}))
    addresses = [address for answer in answers for address in answer.records]
    failed = next((answer for answer in answers if not answer.is_fact), None)
    if not all(map(is_inside, addresses)):
        failed = None  # it can be reached
    elif failed:
        findings.append(Finding("mx.unanswered", domain, params))
    elif addresses:
        findings.append(Finding("mx.not_public", domain, {**params, "addresses": addresses[:10]}))
    else:
        why = "no_address" if any(answer.exists for answer in answers) else "nxdomain"
        findings.append(Finding("mx.dangling", domain, {**params, "why": why}))
    return findings, failed


def is_inside(address: str) -> bool:
    """Whether the Internet cannot reach an address. Those of documentation are no mistake that anybody makes."""
    return egress.kind(address) not in (None, "documentation")


def _is_address(host: str) -> bool:
    if not host[-1:].isdigit() and ":" not in host and "]" not in host:
        return False
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
