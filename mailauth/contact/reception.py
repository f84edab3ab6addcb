"""Whether mail to a domain has a host that it can be delivered to, with as few questions as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from ..dns.answer import Answer, Status
from ..dns.protocol import Resolver
from ..records.mx import MAX_HOSTS, is_askable, is_inside
from ..value import dataclass
from .domain import Reception

_LOCALHOST = "localhost"  # always this machine, whatever DNS says of it (RFC 6761 §6.3)


@dataclass(frozen=True)
class Found:
    """``mx_hosts`` in the order of preference; ``failed`` are the questions that decided and were not answered."""

    reception: Reception
    mx_hosts: tuple[str, ...] = ()
    failed: tuple[Answer, ...] = ()


async def find(resolver: Resolver, domain: str) -> Found:
    """Where mail to a domain (A-labels) goes. Hosts are looked at in their order until one can be reached."""
    mx = await resolver.query(domain, "MX")
    if not mx.is_fact:
        return Found(Reception.UNKNOWN, failed=(mx,))
    if mx.status is not Status.OK:
        return await _own_address(resolver, domain, mx)
    exchanges = sorted(mx.records, key=lambda exchange: (exchange.preference, exchange.host))
    hosts = tuple(dict.fromkeys(exchange.host for exchange in exchanges if exchange.host))
    if not hosts:
        return Found(Reception.NULL_MX)
    shown = hosts[:MAX_HOSTS]
    unreachable = Reception.DANGLING
    failed: list[Answer] = []
    for host in shown:
        found = await _host(resolver, host)
        if isinstance(found, Answer):
            failed.append(found)
        elif found is Reception.OK:
            return Found(found, shown)
        elif found is Reception.NOT_PUBLIC:
            unreachable = found
    if failed or len(hosts) > MAX_HOSTS:
        return Found(Reception.UNKNOWN, shown, tuple(failed))
    return Found(unreachable, shown)


async def _own_address(resolver: Resolver, domain: str, mx: Answer) -> Found:
    """Without an MX record the domain's own address takes its mail."""
    addresses = await resolver.query(domain, "A")
    if mx.exists is False and addresses.exists is False:
        return Found(Reception.NO_DOMAIN)
    # Some servers deny the whole name where only the type is missing: one that has an address is there.
    found = await _judge(resolver, domain, addresses)
    if isinstance(found, Answer):
        return Found(Reception.UNKNOWN, failed=(found,))
    return Found(Reception.NO_HOST if found is Reception.DANGLING else found)


async def _host(resolver: Resolver, host: str) -> Reception | Answer:
    """Whether a mail host can be reached: ``OK``, ``NOT_PUBLIC``, ``DANGLING``, or the question that was not answered."""
    if host == _LOCALHOST or host.endswith(f".{_LOCALHOST}"):
        return Reception.NOT_PUBLIC
    if not is_askable(host):
        return Reception.DANGLING
    return await _judge(resolver, host, await resolver.query(host, "A"))


async def _judge(resolver: Resolver, host: str, first: Answer) -> Reception | Answer:
    """The same by the answer about the IPv4 address; IPv6 matters only where there is nothing to reach over IPv4."""
    if _is_public(first.records):
        return Reception.OK
    second = await resolver.query(host, "AAAA")
    if _is_public(second.records):
        return Reception.OK
    for answer in (first, second):
        if not answer.is_fact:
            return answer
    return Reception.NOT_PUBLIC if first.records or second.records else Reception.DANGLING


def _is_public(addresses: Iterable[str]) -> bool:
    return any(not is_inside(address) for address in addresses)
