"""Exact sets of IP addresses, both families at once: sorted, disjoint ranges of integers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any, cast

from ..value import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Ranges = tuple[tuple[int, int], ...]  # first and last address, both within; sorted, with a gap between any two

_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


def is_within(network: Network, wider: Network) -> bool:
    """Whether all of a network's addresses are another one's too."""
    return network.version == wider.version and cast(Any, network).subnet_of(wider)


@dataclass(frozen=True)
class Networks:
    """A set of addresses. Supports ``|``, ``&``, ``-``, ``<=``, truth and ``in``."""

    v4: Ranges = ()
    v6: Ranges = ()

    @classmethod
    def of(cls, networks: Iterable[Network]) -> Networks:
        """The union of networks."""
        ranges: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
        for network in networks:
            first = int(network.network_address)
            ranges[network.version].append((first, first + network.num_addresses - 1))
        return cls(_merged(ranges[4]), _merged(ranges[6]))

    @classmethod
    def everything(cls) -> Networks:
        """All addresses of both families."""
        return cls(((0, _LAST[4]),), ((0, _LAST[6]),))

    def family(self, version: int) -> Networks:
        """The addresses of one family."""
        return Networks(v4=self.v4) if version == 4 else Networks(v6=self.v6)

    def __or__(self, other: Networks) -> Networks:
        if not self:
            return other
        if not other:
            return self
        return Networks(_merged([*self.v4, *other.v4]), _merged([*self.v6, *other.v6]))

    def __and__(self, other: Networks) -> Networks:
        return Networks(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __sub__(self, other: Networks) -> Networks:
        return Networks(_without(self.v4, other.v4), _without(self.v6, other.v6))

    def __le__(self, other: Networks) -> bool:
        return not self - other

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def __contains__(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        number = int(address)
        return any(first <= number <= last for first, last in (self.v4 if address.version == 4 else self.v6))

    def parts(self) -> list[Networks]:
        """Each range as a set of its own."""
        return [Networks(v4=(part,)) for part in self.v4] + [Networks(v6=(part,)) for part in self.v6]

    @property
    def size(self) -> int:
        """How many addresses there are."""
        return sum(last - first + 1 for first, last in (*self.v4, *self.v6))

    def singles(self) -> list[Networks]:
        """Each address as a set of its own; only for few."""
        return [
            Networks(**{family: ((number, number),)})
            for family in ("v4", "v6") for first, last in getattr(self, family) for number in range(first, last + 1)]

    def middle(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """An address from the middle of the first range; the set must not be empty."""
        first, last = (self.v4 or self.v6)[0]
        kind = ipaddress.IPv4Address if self.v4 else ipaddress.IPv6Address
        return kind(first + (last - first + 1) // 2)

    def cidrs(self, limit: int = 256) -> tuple[str, ...]:
        """The set as networks in their usual notation, at most ``limit`` of them."""
        shown: list[str] = []
        for kind, ranges in ((ipaddress.IPv4Address, self.v4), (ipaddress.IPv6Address, self.v6)):
            for first, last in ranges:
                for network in ipaddress.summarize_address_range(kind(first), kind(last)):
                    if len(shown) == limit:
                        return tuple(shown)
                    shown.append(str(network))
        return tuple(shown)


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    if len(ranges) < 2:
        return tuple(ranges)
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return tuple(merged)


def _common(ours: Ranges, others: Ranges) -> Ranges:
    common = []
    at = 0
    for first, last in ours:
        while at < len(others) and others[at][1] < first:
            at += 1
        here = at
        while here < len(others) and others[here][0] <= last:
            common.append((max(first, others[here][0]), min(last, others[here][1])))
            here += 1
        at = max(at, here - 1)
    return tuple(common)


def _without(ours: Ranges, others: Ranges) -> Ranges:
    if not ours or not others:
        return ours
    left = []
    at = 0
    for first, last in ours:
        while at < len(others) and others[at][1] < first:
            at += 1
        here = at
        while first <= last and here < len(others) and others[here][0] <= last:
            if others[here][0] > first:
                left.append((first, others[here][0] - 1))
            first = others[here][1] + 1
            here += 1
        if first <= last:
            left.append((first, last))
        at = max(at, here - 1)
    return tuple(left)
