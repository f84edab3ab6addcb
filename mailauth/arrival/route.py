"""The address that a mail left from: where it enters the receiver's side (RFC 5321 §4.4).

The topmost Received field is the receiver's own word. The one below it is too, as long as the
mail was handed on within the receiver's side, and so on down. The first one in which the other side is
somebody else names the address that the receiver saw; everything below is what the sender claims,
and is never looked at for it.

What a program wrote that took the mail out of the mailbox stands on top of all that, and tells nothing of the way.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection, Sequence

from ..certain import certain
from ..dmarc import legacy
from ..dns.names import is_subdomain
from ..dns.protocol import Resolver
from ..value import dataclass
from .received import Hop

MAX_HOPS = 50
MAX_CONFIRMED = 8  # names whose addresses are asked for

# Large receivers use several domains for one and the same service.
_RECEIVERS = {
    "google": ("google.com", "gmail.com", "googlemail.com"),
    "microsoft": ("outlook.com", "hotmail.com", "live.com", "office365.com", "exchangelabs.com", "microsoft.com"),
    "yahoo": ("yahoo.com", "yahoo.net", "yahoodns.net", "aol.com", "ymail.com"),
    "apple": ("icloud.com", "me.com", "mac.com", "apple.com"),
    "proton": ("proton.me", "protonmail.ch", "proton.ch", "protonmail.com"),
    "fastmail": ("fastmail.com", "messagingengine.com"),
    "zoho": ("zoho.com", "zoho.eu", "zohomail.com"),
    "gmx": ("gmx.net", "gmx.com", "gmx.de", "web.de", "kundenserver.de"),
}
# Exchange Online's own machines hand mail on over public addresses, and ask no reverse DNS.
_MICROSOFT_INSIDE = tuple(map(ipaddress.ip_network, ("2603:1000::/24", "2a01:110::/31")))


@dataclass(frozen=True)
class Route:
    """The way of a mail as far as the receiver vouches for it.

    The hops from ``start`` on (those above tell how the mail was fetched) up to ``trusted`` are the receiver's word;
    ``entry`` is the index of the one that says where the mail came from, ``None`` if none names a public address;
    ``receivers`` are the organizations that wrote them.
    """

    hops: tuple[Hop, ...]
    trusted: int = 0
    entry: int | None = None
    receivers: frozenset[str] = frozenset()
    start: int = 0

    @property
    def egress(self) -> Hop | None:
        """The hop with the address that the mail left from."""
        return None if self.entry is None else self.hops[self.entry]

    @property
    def received(self) -> tuple[Hop, ...]:
        """The hops that are the receiver's word, the topmost first."""
        return self.hops[self.start:self.trusted]


def organization(name: str | None) -> str | None:
    """Who a host belongs to: a known receiver's word, else its registrable domain; ``None`` for no such name."""
    if not name or "." not in name or ":" in name or name.rpartition(".")[2].isdigit():
        return None
    for receiver, domains in _RECEIVERS.items():
        if any(is_subdomain(name, domain) for domain in domains):
            return receiver
    return legacy.registrable_domain(name) or ".".join(name.split(".")[-2:])


async def own_addresses(resolver: Resolver, hops: Sequence[Hop]) -> frozenset[str]:
    """The public addresses among the hops whose HELO name, of somebody who wrote a field, really leads to them.

    A HELO is a claim; that DNS gives the name that very address cannot be claimed by anybody else. Whether
    it is the receiver who bears that name is for :func:`follow` to say.
    """
    receivers = {organization(hop.by) for hop in hops} - {None}
    claims = {
        (hop.helo, hop.address) for hop in hops
        if hop.public and hop.name is None and hop.helo and hop.address and organization(hop.helo) in receivers
    }
    chosen = sorted(claims)[:MAX_CONFIRMED]
    answers = await asyncio.gather(
        *(resolver.query(name, "AAAA" if ":" in address else "A") for name, address in chosen))
    return frozenset(
        address for (_name, address), answer in zip(chosen, answers, strict=True) if address in answer.records)


def follow(hops: Sequence[Hop], *, confirmed: Collection[str] = (), stated: Collection[str] = ()) -> Route:
    """Walk from the receiver towards the sender.

    ``confirmed`` are the addresses of :func:`own_addresses`; ``stated`` are those that the
    receiver itself names as the sender's, which decide where sender and receiver use the same
    service.
    """
    receivers: set[str] = set()
    entry, trusted, start = None, 0, 0
    for number, hop in enumerate(hops):
        if hop.fetched:  # out of the mailbox: what stands below was there before
            receivers, entry, trusted, start = set(), None, number + 1, number + 1
            continue
        if hop.logged_in and not _is_inner(hop, hops[number + 1:number + 2], receivers, confirmed):
            break  # the sender's own program handed it to its service: the hop above is where it left
        trusted = number + 1
        receivers |= _known(organization(hop.by))
        if hop.delivered:
            continue
        if not hop.public:
            if _is_elsewhere(hop, receivers):
                break
            continue
        entry = number
        if hop.address in stated or not _is_own(hop, receivers, confirmed):
            break
    return Route(tuple(hops), trusted, entry, frozenset(receivers), start)


def _is_inner(hop: Hop, below: Sequence[Hop], receivers: set[str], confirmed: Collection[str]) -> bool:
    """Whether who logged in is a server of the receiver's own that handed the mail on, and no program that submits it.

    A server wrote a field itself before, which stands right below.
    """
    receivers = receivers | _known(organization(hop.by))
    if not below or hop.public and not _is_own(hop, receivers, confirmed) or _is_elsewhere(hop, receivers):
        return False
    writer = below[0].by
    if writer is None:
        return False
    whose = organization(writer)
    # A name of one label is nobody else's.
    is_own = whose in receivers or whose is None and not hop.public
    return is_own or writer in (hop.name, hop.helo, hop.address)


def _known(name: str | None) -> set[str]:
    return {name} if name is not None else set()


def _is_own(hop: Hop, receivers: set[str], confirmed: Collection[str]) -> bool:
    """Whether the other side of a hop with a public address is the receiver's, too."""
    if organization(hop.name) in receivers or hop.address in confirmed and organization(hop.helo) in receivers:
        return True
    address = ipaddress.ip_address(certain(hop.address))
    return "microsoft" in receivers and organization(hop.helo) == "microsoft" and any(
        address.version == network.version and address in network for network in _MICROSOFT_INSIDE)


def _is_elsewhere(hop: Hop, receivers: set[str]) -> bool:
    """Whether a hop without a public address comes from somebody else: a name is given, and no address at all."""
    return hop.address is None and organization(hop.helo) is not None and organization(hop.helo) not in receivers
