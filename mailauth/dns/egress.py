"""Where packets may go: which addresses are the Internet's, and which of the others may be asked.

One policy for everything that the engine connects to (the table in docs/engine.md):

| what | addresses | port |
| --- | --- | --- |
| questions to the resolver | those that the administrator or the system names | as named, else 53 |
| DNS over HTTPS | the host of the URL that the administrator names, whatever its address; no redirects | as named, else 443 |
| a zone's own name servers, which strangers name | the Internet's; others by :class:`Egress` | 53 |
| the policy file of MTA-STS, whose host strangers name | the Internet's only; no redirects | 443 |
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable

from ..value import dataclass
from .nameserver import Nameserver

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA's registries of special-purpose addresses (RFC 6890), multicast and what is not assigned. The ranges of
# which they say "globally reachable" are left out of what is around them by EXCEPTIONS. ipaddress.is_global
# follows another state of the registries in every version of Python.
_SPECIAL = {
    "internal": (  # reach some host inside the own network, or this machine
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "198.18.0.0/15", "::/96", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10",
    ),
    "documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    "reserved": ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "100::/64", "5f00::/16"),
}
_SPECIAL_NETWORKS = tuple(
    (kind, ipaddress.ip_network(network)) for kind, networks in _SPECIAL.items() for network in networks)
_EXCEPTIONS = tuple(map(ipaddress.ip_network, (
    "192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48",
    "2001:20::/28", "2001:30::/28",
)))
_UNICAST = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6; what lies outside is reserved
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
# Of the internal ones those that are nobody's name server, or that of whoever answers first on the wire.
_NOBODY = tuple(map(ipaddress.ip_network, ("0.0.0.0/8", "169.254.0.0/16", "::/128", "fe80::/10")))


def special_networks(*kinds: str) -> tuple[Network, ...]:
    """The ranges of these kinds, with what the registries except from them."""
    return tuple(network for kind, network in _SPECIAL_NETWORKS if kind in kinds)


@functools.lru_cache(maxsize=1024)  # the mail hosts of many domains are the same few
def kind(address: str) -> str | None:
    """Of what kind an address is that the Internet does not route, ``None`` for one that it does.

    ``"internal"``, ``"documentation"`` or ``"reserved"``. Seen through the ways to write an IPv4 address as one
    of IPv6 (mapped, NAT64, 6to4, Teredo). ``ValueError`` for what is no address.
    """
    ip = ipaddress.ip_address(address)
    return next((found for found in map(_kind, _inner(ip)) if found), None)


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet's; see :func:`kind`."""
    return kind(address) is None


def _inner(ip: Address) -> tuple[Address, ...]:
    """The addresses that packets to ``ip`` end up at: those embedded in it, else itself."""
    if ip.version == 6:
        if ip.ipv4_mapped:
            return (ip.ipv4_mapped,)
        if ip.sixtofour:
            return (ip.sixtofour,)
        if ip.teredo:
            return ip.teredo
        if ip in _NAT64:
            return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return (ip,)


def _kind(ip: Address) -> str | None:
    if _within(ip, _EXCEPTIONS):
        return None
    found = next((name for name, network in _SPECIAL_NETWORKS if ip.version == network.version and ip in network), None)
    if found is None and ip.version == 6 and ip not in _UNICAST:
        return "reserved"
    return found


def _within(ip: Address, networks: Iterable[Network]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)


def parse_networks(text: str) -> tuple[list[Network], list[str]]:
    """The networks of a setting (``10.0.0.0/8, fd00::/8``, or single addresses), and those of its items that are none."""
    networks: list[Network] = []
    problems: list[str] = []
    for item in text.replace(",", " ").replace(";", " ").split():
        try:
            networks.append(ipaddress.ip_network(item, strict=False))
        except ValueError:
            problems.append(item[:100])
    return networks, problems


@dataclass(frozen=True)
class Egress:
    """Which name servers of zones may be asked.

    ``networks`` are the internal ones that the administrator names; ``inside`` tells that the resolvers in use
    are internal themselves, as in an intranet: then its zones' servers may be, too.
    """

    networks: tuple[Network, ...] = ()
    inside: bool = False

    @classmethod
    def of(cls, resolvers: Iterable[Nameserver], networks: Iterable[Network] = ()) -> Egress:
        """The policy while these resolvers are in use."""
        resolvers = list(resolvers)
        return cls(tuple(networks), bool(resolvers) and all(map(_is_internal, resolvers)))

    def allows(self, address: str) -> bool:
        """Whether a zone's name server at this address is asked."""
        return all(map(self._allows, _inner(ipaddress.ip_address(address))))

    def _allows(self, ip: Address) -> bool:
        found = _kind(ip)
        wanted = self.inside or _within(ip, self.networks)
        return found is None or found == "internal" and wanted and not _within(ip, _NOBODY)


@functools.lru_cache(maxsize=64)
def _is_internal(resolver: Nameserver) -> bool:
    """Whether a resolver is one of the own network; the host of a URL is only if an address says so."""
    try:
        return kind(resolver.host) == "internal"
    except ValueError:
        return False
