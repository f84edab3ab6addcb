"""Whether a domain that mail is authenticated as is aligned with its From domain (RFC 9989 §4.10.2)."""

from __future__ import annotations

from ..dns.names import is_subdomain, to_ascii
from ..dns.protocol import Resolver
from ..status import RecordStatus
from .legacy import registrable_domain
from .policy import Policy
from .tree_walk import walk


async def aligned(
    resolver: Resolver, policy: Policy, from_domain: str, authenticated_domain: str, *, strict: bool
) -> bool | None:
    """Whether the authenticated domain (SPF's or a signature's) is aligned with the From domain.

    ``policy`` is the From domain's, ``strict`` what its ``aspf`` or ``adkim`` asks for.
    ``None``: DNS did not answer a tree walk that decides. Where no DMARC record applies,
    receivers do not ask; the answer then is what it will be once a record stands at the
    registrable domain (``None`` if nothing tells which that is).
    """
    own, other = to_ascii(from_domain), to_ascii(authenticated_domain)
    if own is None or other is None or own == other or strict:
        return own is not None and own == other
    if policy.status == RecordStatus.NONE:
        return _once_published(own, other)
    now = await _same_organization(resolver, policy, own, other)
    if policy.status == RecordStatus.UNKNOWN and policy.record is None and _once_published(own, other) is not now:
        return None  # there may be no record
    return now


async def _same_organization(resolver: Resolver, policy: Policy, own: str, other: str) -> bool | None:
    own_organization = await organizational_domain(resolver, own, policy)
    other_organization = await organizational_domain(resolver, other, policy)
    if own_organization is None or other_organization is None:
        # An organizational domain is its domain or a parent of it: each has to hold the other's.
        for known, name in ((own_organization, other), (other_organization, own)):
            if known is not None and not is_subdomain(name, known):
                return False
        return None
    return own_organization == other_organization


async def organizational_domain(resolver: Resolver, domain: str, policy: Policy | None = None) -> str | None:
    """The organizational domain by the tree walk; ``None`` if DNS did not answer all of it.

    ``policy`` spares the walk where it is that domain's.
    """
    if policy is not None and policy.domain == domain:
        return policy.organizational_domain
    return (await walk(resolver, domain)).organizational_domain


def _once_published(own: str, other: str) -> bool | None:
    domains = registrable_domain(own), registrable_domain(other)
    if None not in domains:
        return domains[0] == domains[1]
    if is_subdomain(own, other) or is_subdomain(other, own):
        return True
    return None if own.split(".")[-2:] == other.split(".")[-2:] else False
