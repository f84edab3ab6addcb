"""The names of an address that mail leaves from: forward-confirmed reverse DNS and HELO."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable

from ..dns.answer import Answer, Status
from ..dns.names import domain_problem, to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding, Kind, Severity
from ..status import Word
from ..value import dataclass

MAX_NAMES = 5  # names of one address that are followed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CODES: dict[str, Kind] = {
    "reverse.none": Kind(
        Severity.ERROR, "The address has no name (PTR record); Gmail and others reject mail from it.",
        "RFC 1912 §2.1; RFC 8601 §2.7.3",
    ),
    "reverse.not_confirmed": Kind(
        Severity.ERROR, "The address's name does not lead back to the address.", "RFC 8601 §2.7.3"
    ),
    "reverse.helo_not_a_name": Kind(
        Severity.WARNING, "The server introduces itself (HELO) with something that is not a host name.",
        "RFC 5321 §4.1.1.1",
    ),
    "reverse.helo_elsewhere": Kind(
        Severity.WARNING, "The name that the server introduces itself with does not lead to its address.",
        "RFC 5321 §4.1.4",
    ),
    "reverse.unanswered": Kind(
        Severity.INFO, "DNS did not answer about the names of the address.", "RFC 8601 §2.7.3"
    ),
}


class ReverseStatus(Word):
    """Whether an address has a name that leads back to it."""

    CONFIRMED = "confirmed"
    NONE = "none"
    NOT_CONFIRMED = "not_confirmed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReverseReport:
    """``status``: ``confirmed``, ``none`` (no name), ``not_confirmed`` or ``unknown`` (see ``failed``).

    ``names`` are the names of the address, the confirmed one first.
    """

    address: str
    status: ReverseStatus
    names: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


async def inspect(resolver: Resolver, address: str, helo: str | None = None) -> ReverseReport:
    """Look up the names of an IP address and whether one of them leads back to it.

    ``helo`` is the name that the server introduces itself with, if it is known. Raises
    ``ValueError`` if ``address`` is no IP address; what DNS does not answer is ``unknown``.
    """
    ip = ipaddress.ip_address(address)
    answer = await resolver.query(ip.reverse_pointer, "PTR")
    helo_findings, helo_failed = await _helo(resolver, ip, helo) if helo else ((), None)
    if not answer.is_fact:
        return _unanswered(ip, answer, helo_findings)
    names = answer.records[:MAX_NAMES] if answer.status is Status.OK else ()
    if not names:
        finding = Finding("reverse.none", str(ip), {"address": str(ip)})
        return ReverseReport(str(ip), ReverseStatus.NONE, (), (finding, *helo_findings), helo_failed)
    leads = await asyncio.gather(*(_leads_to(resolver, name, ip) for name in names))
    confirmed = [name for name, (found, _failed) in zip(names, leads) if found]
    if confirmed:
        rest = [name for name in names if name not in confirmed]
        return ReverseReport(str(ip), ReverseStatus.CONFIRMED, (*confirmed, *rest), helo_findings, helo_failed)
    failed = next((failed for _found, failed in leads if failed), None)
    if failed:
        return _unanswered(ip, failed, helo_findings, names)
    finding = Finding("reverse.not_confirmed", str(ip), {"address": str(ip), "names": list(names)})
    return ReverseReport(str(ip), ReverseStatus.NOT_CONFIRMED, names, (finding, *helo_findings), helo_failed)


def _unanswered(
    ip: Address, failed: Answer, findings: Iterable[Finding], names: Iterable[str] = (),
) -> ReverseReport:
    finding = Finding("reverse.unanswered", str(ip), {"address": str(ip), "server": failed.server or failed.detail})
    return ReverseReport(str(ip), ReverseStatus.UNKNOWN, tuple(names), (finding, *findings), failed)


async def _leads_to(resolver: Resolver, name: str, ip: Address) -> tuple[bool, Answer | None]:
    """Whether a name has the address, and the question about it that went unanswered."""
    answer = await resolver.query(name, "A" if ip.version == 4 else "AAAA")
    if not answer.is_fact:
        return False, answer
    return any(ipaddress.ip_address(record) == ip for record in answer.records), None


async def _helo(resolver: Resolver, ip: Address, helo: str) -> tuple[tuple[Finding, ...], Answer | None]:
    params = {"address": str(ip), "helo": helo[:255]}
    name = to_ascii(helo)
    if name is None or domain_problem(name):
        return (Finding("reverse.helo_not_a_name", str(ip), params),), None
    found, failed = await _leads_to(resolver, name, ip)
    return (() if found or failed else (Finding("reverse.helo_elsewhere", str(ip), params),)), failed
