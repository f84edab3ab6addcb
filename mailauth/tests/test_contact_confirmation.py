"""A second opinion on "cannot receive mail": never on a timeout, and not from a source that denies what is there."""

from __future__ import annotations

import unittest

from .. import Resolver, iter_confirmations
from ..contact import Reception, confirm_unreachable
from .dns_server import DnsServer

ROOT = {".": "@ NS a.root.\na.root. A 127.0.0.2\ncom NS ns.com.\nns.com. A 127.0.0.3"}
COM = {"com": "@ NS ns\nns A 127.0.0.3\n" + "".join(
    f"{name} NS ns.{name}\nns.{name} A 127.0.0.4\n" for name in ("shop", "control", "nothing", "null", "dangling", "hosts"))}
APEX = "@ NS ns\nns A 127.0.0.4\n"
ZONES = {
    "shop.com": APEX + "@ MX 10 mail\nmail A 203.0.113.9",
    "control.com": APEX + "@ MX 10 mail\nmail A 203.0.113.9",
    "nothing.com": APEX + '@ TXT "no mail here"',
    "null.com": APEX + "@ MX 0 .",
    "dangling.com": APEX + "@ MX 10 gone.hosts.com.\n@ MX 20 inside.hosts.com.",
    "hosts.com": APEX + "inside A 10.0.0.1",
}


class TestConfirmation(unittest.IsolatedAsyncioTestCase):
    def serve(self, host, zones, port=0, **options):
        server = DnsServer(zones, host=host, port=port, **options).start()
        self.addCleanup(server.stop)
        return server

    def setUp(self):
        self.recursive = self.serve("127.0.0.1", {**ROOT, **COM, **ZONES})
        for _ in range(20):
            try:
                self.root = self.serve("127.0.0.2", ROOT, authoritative=True, outside="nxdomain")
                port = self.root.address[1]
                self.com = self.serve("127.0.0.3", COM, port, authoritative=True)
                self.zones = self.serve("127.0.0.4", ZONES, port, authoritative=True)
                break
            except OSError:  # the port is taken at one of the addresses
                self.root.stop()
        self.resolver = Resolver([self.recursive.address], timeout=0.2, attempts=1, authority_port=self.root.address[1])

    async def confirm(self, name, **options):
        return await confirm_unreachable(self.resolver, name, controls=("control.com",), **options)

    async def opinion(self, name, **options):
        return (await self.confirm(name, **options)).opinion

    async def test_what_both_find_unable_to_receive_is_confirmed(self):
        for name, reception in (
            ("gone.com", "no_domain"), ("gmail.con", "no_domain"), ("gone.shop.com", "no_domain"), ("nothing.com", "no_host"),
            ("null.com", "null_mx"), ("dangling.com", "not_public"),
        ):
            with self.subTest(name):
                found = await self.confirm(name)
                self.assertEqual((found.opinion, found.first, found.second, found.why), ("confirmed", reception, reception, ""))

    async def test_what_is_no_domain_is_confirmed_without_a_question(self):
        found = await self.confirm("a..b")
        self.assertEqual((found.opinion, found.first, self.recursive.log), ("confirmed", Reception.NOT_A_DOMAIN, []))

    async def test_a_domain_that_receives_contradicts_even_where_its_absence_is_remembered(self):
        self.recursive.script("shop.com", "MX", "nxdomain", times=1)
        self.assertFalse((await self.resolver.query("shop.com", "MX")).exists)
        found = await self.confirm("shop.com")
        self.assertEqual((found.opinion, found.first), ("contradicted", "ok"))

    async def test_a_resolver_that_denies_everything_is_not_believed(self):
        self.recursive.script("*", "*", "nxdomain")
        found = await self.confirm("shop.com")
        self.assertEqual((found.opinion, found.why), ("unknown", "the resolver in use: finds no MX record of control.com"))
        self.assertEqual(len(self.zones.log + self.com.log), 0)

    async def test_a_resolver_that_filters_one_domain_is_contradicted_by_the_parent(self):
        self.recursive.script("shop.com", "*", "nxdomain")
        found = await self.confirm("shop.com")
        self.assertEqual((found.opinion, found.first, found.why), ("contradicted", "no_domain", "the parent zone knows the domain"))

    async def test_a_resolver_that_says_nothing_of_one_domain_confirms_nothing(self):
        self.recursive.script("shop.com", "*", "nodata")
        self.assertEqual(await self.opinion("shop.com"), "unknown")
        self.recursive.clear_scripts()
        self.resolver.cache.clear()
        for rdtype in ("MX", "A", "AAAA"):
            self.recursive.script("shop.com", rdtype, "nodata")
        self.assertEqual(await self.opinion("shop.com"), "contradicted")

    async def test_a_resolver_with_a_zone_of_its_own_is_contradicted_by_the_public_one(self):
        self.recursive.set_zone("shop.com", APEX + '@ TXT "the inside of a house"')
        self.assertEqual(await self.opinion("shop.com"), "contradicted")

    async def test_silence_confirms_nothing(self):
        for server, question in (
            (self.recursive, ("nothing.com", "MX")), (self.recursive, ("nothing.com", "A")), (self.recursive, ("nothing.com", "AAAA")),
            (self.recursive, ("nothing.com", "SOA")), (self.recursive, ("ns.nothing.com", "*")), (self.recursive, ("control.com", "MX")),
            (self.zones, ("nothing.com", "MX")), (self.zones, ("nothing.com", "A")), (self.zones, ("nothing.com", "AAAA")),
            (self.zones, ("control.com", "MX")), (self.zones, ("*", "*")),
        ):
            for behaviour in ("drop", "servfail", "refused"):
                with self.subTest(server=server.address, question=question, behaviour=behaviour):
                    server.script(*question, behaviour)
                    self.resolver.cache.clear()
                    found = await self.confirm("nothing.com")
                    self.assertEqual(found.opinion, "unknown")
                    self.assertTrue(found.why)
                    server.clear_scripts()

    async def test_a_mail_host_whose_zone_is_silent_confirms_nothing(self):
        for server in (self.recursive, self.zones):
            server.script("gone.hosts.com", "A", "drop")
            self.assertEqual(await self.opinion("dangling.com"), "unknown")
            server.clear_scripts()

    async def test_a_network_that_answers_in_place_of_the_zone_confirms_nothing(self):
        """It takes every question to port 53, wherever it goes, and has no authority."""
        self.com.stop()
        self.serve("127.0.0.3", {}, self.root.address[1])
        self.assertEqual(await self.opinion("gone.com"), "unknown")

    async def test_servers_that_deny_everything_with_authority_are_not_believed(self):
        self.zones.script("*", "*", "nxdomain")
        self.assertEqual(await self.opinion("nothing.com"), "unknown")

    async def test_another_resolver_can_be_the_second_source(self):
        other = self.serve("127.0.0.1", {**ROOT, **COM, **ZONES})
        second = Resolver([other.address], timeout=0.2, attempts=1)
        self.assertEqual(await self.opinion("gone.com", second=second), "confirmed")
        self.recursive.script("shop.com", "*", "nxdomain")
        self.assertEqual(await self.opinion("shop.com", second=second), "contradicted")
        for behaviour in ("nxdomain", "drop", "servfail"):
            with self.subTest(behaviour):
                other.script("*", "*", behaviour)
                self.assertEqual(await self.opinion("gone.com", second=second), "unknown")
        self.assertEqual(self.com.log + self.zones.log + self.root.log, [])

    def test_many_come_as_they_are_there(self):
        found = list(iter_confirmations(self.resolver, ["gone.com", "shop.com", "null.com"], controls=["control.com"]))
        self.assertEqual({one.domain: one.opinion for one in found}, {
            "gone.com": "confirmed", "shop.com": "contradicted", "null.com": "confirmed"})
        self.assertEqual(found[0].to_dict().keys(), {"domain", "opinion", "first", "second", "why"})

    async def test_it_costs_a_bounded_number_of_questions(self):
        for name in ("gone.com", "null.com", "nothing.com"):
            self.resolver.cache.clear()
            before = self.resolver.questions
            await self.confirm(name)
            self.assertLess(self.resolver.questions - before, 30)


if __name__ == "__main__":
    unittest.main()
