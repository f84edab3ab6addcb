"""Sets of addresses: their algebra, and evaluation by sets held against evaluation of one address."""

from __future__ import annotations

import asyncio
import ipaddress
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ..dns.resolver import Resolver
from ..spf import check_host
from ..spf.authorise import _domain_walk
from ..spf.networks import Networks
from ..spf.passing import evaluate
from ..spf.walk import Known
from .dns_server import DnsServer
from .fuzz import examples
from .spf_zones import ADDRESSES, DOMAIN, records, zones

SMALL = st.lists(
    st.builds(lambda first, size: (first, min(first + size, 30)), st.integers(0, 30), st.integers(0, 8)), max_size=6)


def members(networks: Networks) -> set[int]:
    return {number for number in range(32) if ipaddress.IPv4Address(number) in networks}


def small(ranges) -> Networks:
    networks = Networks()
    for first, last in ranges:
        networks |= Networks(v4=((first, last),))
    return networks


class Algebra(unittest.TestCase):
    @given(SMALL, SMALL)
    @examples(150)
    def test_it_is_that_of_sets(self, ours, others):
        one, other = small(ours), small(others)
        for result, expected in (
            (one | other, members(one) | members(other)),
            (one & other, members(one) & members(other)),
            (one - other, members(one) - members(other)),
        ):
            self.assertEqual(members(result), expected)
            for before, after in zip(result.v4, result.v4[1:], strict=False):
                self.assertGreater(after[0], before[1])
        self.assertEqual(one <= other, members(one) <= members(other))
        self.assertEqual(bool(one), bool(members(one)))

    def test_both_families_at_once(self):
        networks = Networks.of(map(ipaddress.ip_network, ("192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32")))
        self.assertEqual(networks.cidrs(), ("192.0.2.0/24", "2001:db8::/32"))
        self.assertEqual((Networks.everything() - networks) & networks, Networks())
        self.assertEqual(networks.family(6).cidrs(), ("2001:db8::/32",))
        self.assertIn(networks.middle(), networks)
        self.assertNotIn(ipaddress.ip_address("192.0.3.0"), networks)
        self.assertEqual(len(Networks.everything().cidrs(1)), 1)

    def test_few_addresses_can_be_told_one_by_one(self):
        networks = Networks.of(map(ipaddress.ip_network, ("192.0.2.4/31", "2001:db8::/127")))
        self.assertEqual(networks.size, 4)
        self.assertEqual([single.cidrs() for single in networks.singles()],
                         [("192.0.2.4/32",), ("192.0.2.5/32",), ("2001:db8::/128",), ("2001:db8::1/128",)])

    def test_a_hundred_thousand_networks_are_no_matter(self):
        many = Networks.of(ipaddress.IPv4Network((number << 8, 25)) for number in range(100_000))
        self.assertEqual(len((Networks.everything() - many).v4), 100_000)


class AgainstOneAddress(unittest.TestCase):
    """What holds for a set must hold for each address in it, by the rules of check_host()."""

    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({"example.test": ""}).start()
        cls.addClassCleanup(cls.server.stop)

    @given(zones(records(macros=True)))
    @examples(50)
    def test_sets_are_treated_as_their_members(self, zone):
        self.server.set_zone(DOMAIN, zone)
        asyncio.run(self.compare(zone))

    async def compare(self, zone: str):
        resolver = Resolver([self.server.address], timeout=1.0)
        async with resolver.batch():
            outcome = evaluate(await _domain_walk(resolver, Known(), DOMAIN), Networks.everything())
            for text in ADDRESSES:
                address = ipaddress.ip_address(text)
                result = await check_host(
                    resolver, ip=text, domain=DOMAIN, sender=f"bob@{DOMAIN}", helo=f"h2.{DOMAIN}")
                expected = {"pass": ("passed", "world"), "permerror": ("broken",), "temperror": ("failed",)}
                fields = expected.get(result.result, ("refused",))
                where = [
                    name for name in ("passed", "world", "refused", "broken", "failed", "undecided")
                    if address in getattr(outcome, name)
                ]
                self.assertEqual(len(where), 1, f"{text}: {where}\n{zone}")
                if where != ["undecided"]:
                    self.assertIn(where[0], fields, f"{text}: {result.result} {result.problem}\n{zone}")
