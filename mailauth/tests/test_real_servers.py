"""The DNS client against real servers: NSD and a validating Unbound, as a user's network has them."""

from __future__ import annotations

import asyncio
import unittest

from ..dns import zone
from ..dns.answer import Status
from ..dns.resolver import Nameserver, Resolver
from ..records import mx, precondition
from .real_servers import NameServers, available, sign

ZONE = """
@ 3600 IN SOA ns host 1 3600 600 86400 300
@ 3600 IN NS ns
ns 3600 IN A 127.0.0.1
@ 600 IN TXT "v=spf1 -all"
@ 600 IN MX 10 mail
mail 600 IN A 192.0.2.1
alias 600 IN CNAME target.plain.test.
dangling 600 IN CNAME nothing.plain.test.
big 600 IN TXT {big}
deep.below 600 IN TXT "x"
wild 600 IN TXT "x"
*.wild 600 IN TXT "any"
loop 600 IN CNAME loop2
loop2 600 IN CNAME loop
""".format(big=" ".join(['"' + "x" * 250 + '"'] * 8))
PLAIN = ZONE + 'target 600 IN TXT "the target"\n' + "".join(
    f"c{number} 600 IN CNAME c{number + 1}\n" for number in range(20)) + 'c20 600 IN TXT "end"\n'


@unittest.skipUnless(available(), "needs nsd and unbound, see real_servers.py")
class TestRealServers(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        signed, anchor = sign(ZONE, "signed.test")
        bogus, _ = sign(ZONE, "bogus.test")
        _, bogus_anchor = sign(ZONE, "bogus.test")  # another key: as after a change that the registry missed
        expired, expired_anchor = sign(ZONE, "expired.test", lifetime=-3600)
        zones = {"plain.test": PLAIN, "signed.test": signed, "bogus.test": bogus, "expired.test": expired}
        cls.servers = cls.enter(NameServers(zones, [anchor, bogus_anchor, expired_anchor], ("dead.test",)))

    @classmethod
    def enter(cls, context):
        cls.addClassCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def setUp(self):
        self.resolver = Resolver([self.servers.recursive], timeout=3.0)

    async def test_facts(self):
        for origin in ("plain.test", "signed.test"):
            for name, rdtype, status in (
                ("", "TXT", Status.OK), ("", "MX", Status.OK), ("mail.", "A", Status.OK), ("no.", "TXT", Status.NXDOMAIN),
                ("mail.", "TXT", Status.NODATA), ("below.", "TXT", Status.NODATA), ("alias.", "TXT", Status.OK),
                ("dangling.", "TXT", Status.NXDOMAIN), ("a.wild.", "TXT", Status.OK), ("a.wild.", "A", Status.NODATA),
                ("big.", "TXT", Status.OK), ("", "SOA", Status.OK), ("", "NS", Status.OK),
            ):
                with self.subTest(name=name + origin, rdtype=rdtype):
                    answer = await self.resolver.query(name + origin, rdtype)
                    self.assertEqual(answer.status, status, answer)

    async def test_an_alias_and_what_lies_behind_it(self):
        answer = await self.resolver.query("alias.signed.test", "TXT")
        self.assertEqual((answer.texts, answer.aliases), (("the target",), ("target.plain.test",)))
        answer = await self.resolver.query("dangling.signed.test", "TXT")
        self.assertEqual((answer.exists, answer.aliases), (True, ("nothing.plain.test",)))

    async def test_a_long_answer_comes_whole(self):
        answer = await self.resolver.query("big.plain.test", "TXT")
        self.assertEqual(len(answer.texts[0]), 2000)

    async def test_loops_and_long_chains_are_failures(self):
        for name in ("loop.plain.test", "c0.plain.test"):
            with self.subTest(name):
                self.assertEqual((await self.resolver.query(name, "TXT")).status, Status.SERVFAIL)
        self.assertEqual((await self.resolver.query("c12.plain.test", "TXT")).texts, ("end",))

    async def test_servers_that_do_not_answer_are_a_failure(self):
        resolver = Resolver([self.servers.recursive], timeout=0.4)
        self.assertFalse((await resolver.query("dead.test", "TXT")).is_fact)
        self.assertEqual((await precondition.inspect(resolver, "dead.test")).status, "unknown")

    async def test_dnssec(self):
        for name, authenticated, code in (
            ("signed.test", True, None), ("plain.test", False, None), ("bogus.test", False, "gate.dnssec_bogus"),
            ("expired.test", False, "gate.dnssec_bogus"),
        ):
            with self.subTest(name):
                self.assertEqual((await self.resolver.query(name, "MX")).authenticated, authenticated)
                found = (await precondition.inspect(self.resolver, name)).code
                self.assertEqual(found if found == "gate.dnssec_bogus" else None, code)

    async def test_gates(self):
        for name, expected in (
            ("signed.test", ("ok", None)), ("plain.test", ("ok", None)), ("mail.plain.test", ("ok", None)),
            ("bogus.test", ("fail", "gate.dnssec_bogus")), ("expired.test", ("fail", "gate.dnssec_bogus")),
            ("no.plain.test", ("fail", "gate.nxdomain")), ("wild.signed.test", ("fail", "gate.no_mail_host")),
        ):
            with self.subTest(name):
                found = await precondition.inspect(self.resolver, name)
                self.assertEqual((found.status, found.code), expected)

    async def test_the_zone_is_found_through_the_resolver(self):
        for name in ("plain.test", "mail.plain.test", "a.b.no.plain.test"):
            with self.subTest(name):
                found = await zone.zone_of(self.resolver, name)
                self.assertEqual((found.name, found.nameservers, found.negative_ttl),
                                 ("plain.test", ("ns.plain.test",), 300))
        self.assertTrue((await zone.zone_of(self.resolver, "mail.signed.test")).authenticated)
        self.assertEqual((await zone.zone_of(self.resolver, "bogus.test")).status, "unknown")

    async def test_mx(self):
        self.assertEqual((await mx.inspect(self.resolver, "signed.test")).findings, ())
        self.assertEqual((await mx.inspect(self.resolver, "bogus.test")).status, "unknown")

    async def test_the_zones_own_server_shows_a_change_that_the_resolver_does_not_know_yet(self):
        resolver = Resolver([self.servers.recursive], timeout=3.0)
        view = await resolver.authoritative("plain.test", port=self.servers.authoritative[1])
        self.assertEqual((view.status, view.negative_ttl, [s.state for s in view.servers]), ("ok", 300, ["ok"]))
        for name, rdtype in (("plain.test", "TXT"), ("no.plain.test", "TXT"), ("mail.plain.test", "TXT")):
            with self.subTest(name):
                found = await view.compare(name, rdtype)
                self.assertEqual((found.outcome, found.is_published), ("agree", False))
        self.assertEqual((await view.compare("alias.plain.test", "TXT")).answer.texts, ("the target",))
        self.servers.set_zone("plain.test", PLAIN.replace("v=spf1 -all", "v=spf1 ~all").replace("host 1", "host 2"))
        try:
            for _ in range(100):
                found = await view.compare("plain.test", "TXT", fresh=True)
                if found.is_published:
                    break
                await asyncio.sleep(0.05)
            self.assertEqual((found.answer.texts, found.cached.texts), (("v=spf1 ~all",), ("v=spf1 -all",)))
            self.assertEqual(found.outcome, "agree")
        finally:
            self.servers.set_zone("plain.test", PLAIN.replace("host 1", "host 3"))

    async def test_a_server_that_does_not_hold_the_zone_is_lame(self):
        answer = await self.resolver.ask_server(Nameserver(*self.servers.authoritative), "elsewhere.test", "SOA")
        self.assertEqual(answer.status, Status.REFUSED)
