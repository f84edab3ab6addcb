"""What many domains include is read, followed and built once for a batch: each report is what it is by itself."""

from __future__ import annotations

import asyncio
import unittest
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ..dns.resolver import Resolver
from ..spf import authorises, inspect
from ..spf.inspection import SpfReport
from ..status import RecordStatus
from .dns_server import DnsServer
from .fuzz import examples
from .spf_zones import DOMAIN, POLICIES, records, zones
from .zone_case import ZoneCase, txt

NAMES = (DOMAIN, f"twin.{DOMAIN}", *(f"{name}.{DOMAIN}" for name in POLICIES))


class TestOfManyDomains(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({DOMAIN: ""}).start()
        cls.addClassCleanup(cls.server.stop)

    @given(zones(records(macros=True)), records(), st.permutations(NAMES))
    @examples(40)
    def test_a_report_is_the_same_alone_and_after_others(self, zone, twin, names):
        self.server.set_zone(DOMAIN, f"{zone}\ntwin TXT {txt(twin)}")
        asyncio.run(self.compare(names, zone))

    async def compare(self, names: list[str], zone: str):
        shared = Resolver([self.server.address], timeout=1.0)
        async with shared.batch():
            for name in names:
                alone = Resolver([self.server.address], timeout=1.0)
                after, by_itself = await inspect(shared, name), await inspect(alone, name)
                self.assertEqual((after, after.tree), (by_itself, by_itself.tree), f"{name} after others\n{zone}")
                for term in (f"include:{names[0]}", "a:h1.example.test include:p1.example.test"):
                    self.assertEqual(
                        await authorises(shared, term, name), await authorises(alone, term, name), f"{name} {term}\n{zone}")


class TestTwins(ZoneCase):
    async def test_two_domains_with_one_record_differ_by_their_names_only(self):
        record = '@ TXT "v=spf1 include:_spf.service.test ~all"\n@ TXT "other"'
        resolver = self.serve({
            "one.test": record, "two.test": record,
            "service.test": '_spf TXT "v=spf1 include:_a.service.test ip4:192.0.2.1 -all"\n_a TXT "v=spf1 ip4:192.0.2.0/26 -all"',
        })
        async with resolver.batch():
            one, two = await inspect(resolver, "one.test"), await inspect(resolver, "two.test")
        self.assertIs(one.tree[0].children[0], two.tree[0].children[0])
        self.assertEqual(self.asked("_a.service.test"), 1)
        self.assertEqual({node.domain for node in two.tree}, {"two.test"})
        as_one = replace(two, domain="one.test", answer=one.answer)
        self.assertEqual((as_one, as_one.tree), (one, one.tree))

    async def test_a_twin_of_a_domain_that_was_looked_at_is_seen_as_if_it_were_alone(self):
        for record, below in (
            ("v=spf1 include:_spf.service.test ~all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 include:_spf.service.test ~all", "v=spf1 +all"),
            ("v=spf1 include:_spf.service.test ~all", "v=spf1 include:two.test -all"),
            ("v=spf1 include:_spf.service.test ~all", "v=spf1 a:%{o} -all"),
            ("v=spf1 include:%{d}.service.test ~all", "v=spf1 -all"),
            ("v=spf1 include:_spf.service.test exp=why.%{d} ~all", "v=spf1 -all"),
            ("v=spf1 include:_spf.service.test a ~all", "v=spf1 -all"),
            ("v=spf1 redirect=_spf.service.test", "v=spf1 ip4:192.0.2.1"),
            ("v=spf1 include:_spf.service.test ip4:192.0.2.1 ip4:192.0.2.1 ~all", "v=spf1 -all"),
        ):
            resolver = self.serve({
                "zero.test": f'@ TXT "{record}"\n@ A 192.0.2.1\nwhy TXT "because"',
                "one.test": f'@ TXT "{record}"\n@ A 192.0.2.1\nwhy TXT "because"',
                "two.test": f'@ TXT "{record}"\nwhy TXT "of" \nwhy TXT "two"',
                "service.test": f'_spf TXT "{below}"\none.test TXT "v=spf1 -all"',
            })
            names = "zero.test", "one.test", "two.test"
            with self.subTest(record=record, below=below):
                alone = [await inspect(resolver, name) for name in names]
                async with resolver.batch():
                    shared = [await inspect(resolver, name) for name in names]
                self.assertEqual(shared, alone)
                self.assertEqual([report.tree for report in shared], [report.tree for report in alone])
                async with resolver.batch():
                    beside = await asyncio.gather(*(inspect(resolver, name) for name in names))
                self.assertEqual(beside, alone)
                self.assertEqual([report.tree for report in beside], [report.tree for report in alone])

    async def test_of_domains_side_by_side_with_one_record_one_is_looked_at(self):
        names = "one.test", "two.test", "three.test"
        resolver = self.serve({
            **dict.fromkeys(names, '@ TXT "v=spf1 include:_spf.service.test ~all"'),
            "service.test": '_spf TXT "v=spf1 include:_a.service.test -all"\n_a TXT "v=spf1 ip4:192.0.2.0/26 -all"',
        }, delay=0.05)
        async with resolver.batch():
            first, *others = await asyncio.gather(*(inspect(resolver, name) for name in names))
        for other in others:
            self.assertIs(other.shared_tree, first.shared_tree)

    async def test_who_waits_for_the_look_at_a_twin_waits_no_longer_than_there_is_time(self):
        record = '@ TXT "v=spf1 include:_spf.service.test ~all"'
        resolver = self.serve({"one.test": record, "two.test": record}, silent=["_spf.service.test"], timeout=2.0, deadline=4.0)

        async def in_a_hurry() -> SpfReport:
            async with resolver.batch(0.5):
                return await inspect(resolver, "two.test")

        async with resolver.batch():
            patient, hurried = map(asyncio.ensure_future, (inspect(resolver, "one.test"), in_a_hurry()))
            self.assertIs((await hurried).status, RecordStatus.UNKNOWN)
            self.assertFalse(patient.done(), "who had more time was waited for")
            self.assertIs((await patient).status, RecordStatus.UNKNOWN)

    async def test_nobody_waits_for_a_look_that_is_of_no_use_to_others(self):
        record = '@ TXT "v=spf1 mx a:h.slow.test -all"\n@ MX 10 mail\nmail A 192.0.2.1'
        names = "one.test", "two.test"
        zones = dict.fromkeys(names, record)
        resolver = self.serve(zones, silent=["slow.test"], timeout=2.0, deadline=3.0)
        async with resolver.batch():
            looks = [asyncio.ensure_future(inspect(resolver, name)) for name in names]
            await asyncio.sleep(0.5)
            self.assertEqual([self.asked(name, "MX") for name in names], [1, 1], "each asks for its own mail hosts at once")
            reports = await asyncio.gather(*looks)
        self.assertEqual([(report.status, report.passes) for report in reports], [(RecordStatus.FOUND, True)] * 2)

    async def test_a_look_that_was_given_up_holds_up_no_twin(self):
        record = '@ TXT "v=spf1 include:_spf.service.test ~all"'
        resolver = self.serve(
            {"one.test": record, "two.test": record, "service.test": '_spf TXT "v=spf1 -all"'}, delay=0.1)
        async with resolver.batch():
            given_up = asyncio.ensure_future(inspect(resolver, "one.test"))
            other = asyncio.ensure_future(inspect(resolver, "two.test"))
            await asyncio.sleep(0.15)  # both records are there, and what is below is asked for
            given_up.cancel()
            self.assertIs((await asyncio.wait_for(other, 10)).status, RecordStatus.FOUND)

    async def test_an_include_that_leads_back_to_the_domain_is_followed_for_itself(self):
        resolver = self.serve({
            "customer.test": '@ TXT "v=spf1 ip4:198.51.100.1 include:service.test -all"',
            "service.test": '@ TXT "v=spf1 ip4:192.0.2.1 include:inner.test -all"',
            "inner.test": '@ TXT "v=spf1 ip4:192.0.2.2 -all"',
            "other.test": '@ TXT "v=spf1 include:customer.test -all"',
        })
        names, term = ("other.test", "customer.test", "inner.test", "service.test"), "include:customer.test"
        async with resolver.batch():
            shared = [(await inspect(resolver, name), await authorises(resolver, term, name)) for name in names]
        self.assertEqual(shared, [(await inspect(resolver, name), await authorises(resolver, term, name)) for name in names])


if __name__ == "__main__":
    unittest.main()
