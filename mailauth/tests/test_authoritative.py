"""A zone as its own servers show it: several of them, on loopback addresses, beside a resolver with a cache."""

from __future__ import annotations

import os
import stat
import unittest

from ..dns.answer import Status
from ..dns.resolver import Resolver
from .dns_server import DnsServer

ZONE = """
@ 3600 SOA ns1 host 1 3600 600 86400 900
@ 3600 NS ns1
@ 3600 NS ns2
ns1 A 127.0.0.2
ns2 A 127.0.0.3
@ 600 TXT "v=spf1 -all"
@ MX 10 mail
mail A 192.0.2.1
key._domainkey CNAME key.service.test.
inner CNAME mail
loop CNAME loop
child NS ns.child
ns.child A 127.0.0.4
"""
SERVICE = """
@ SOA ns host 1 3600 600 86400 900
@ NS ns
ns A 127.0.0.4
key 300 TXT "v=DKIM1; p=abc"
"""
CHILD = "@ NS ns\nns A 127.0.0.4\n@ TXT child\n"


class AuthoritativeTestCase(unittest.IsolatedAsyncioTestCase):
    def serve(self, host, zones, port=0, **options):
        server = DnsServer(zones, host=host, port=port, **options)
        server.start()
        self.addCleanup(server.stop)
        return server

    def setUp(self):
        self.recursive = self.serve("127.0.0.1", {
            "example.test": ZONE, "service.test": SERVICE, "child.example.test": CHILD,
        })
        for _ in range(20):
            try:
                self.first = self.serve("127.0.0.2", {"example.test": ZONE}, authoritative=True)
                self.port = self.first.address[1]
                self.second = self.serve("127.0.0.3", {"example.test": ZONE}, self.port, authoritative=True)
                self.other = self.serve(
                    "127.0.0.4", {"service.test": SERVICE, "child.example.test": CHILD}, self.port, authoritative=True)
                break
            except OSError:  # the port is taken at one of the addresses
                self.first.stop()
        self.resolver = Resolver([self.recursive.address], timeout=0.2, attempts=1)

    async def view(self, zone="example.test"):
        return await self.resolver.authoritative(zone, port=self.port)

    async def compare(self, name, rdtype="TXT"):
        return await (await self.view()).compare(name, rdtype)


class TestLook(AuthoritativeTestCase):
    async def test_every_server_of_the_zone_is_asked(self):
        view = await self.view()
        self.assertEqual((view.status, view.negative_ttl, view.findings), ("ok", 900, ()))
        self.assertEqual([(s.host, s.address, s.state) for s in view.servers], [
            ("ns1.example.test", "127.0.0.2", "ok"), ("ns2.example.test", "127.0.0.3", "ok")])

    async def test_a_name_inside_the_zone_finds_it(self):
        self.assertEqual((await self.view("mail.example.test")).zone, "example.test")

    async def test_servers_that_misbehave_are_noted(self):
        for behaviour, state, code in (
            ("refused", "lame", "zone.lame_nameserver"),
            ("servfail", "lame", "zone.lame_nameserver"),
            ("referral", "lame", "zone.lame_nameserver"),
            ("drop", "silent", "zone.nameserver_silent"),
        ):
            with self.subTest(behaviour):
                self.second.clear_scripts()
                self.second.script("*", "*", behaviour)
                view = await self.view()
                self.assertEqual((view.status, view.servers[1].state), ("ok", state))
                self.assertEqual([(f.code, f.params["nameserver"]) for f in view.findings], [(code, "ns2.example.test")])

    async def test_a_server_that_is_a_resolver_only_has_no_authority(self):
        self.second.stop()
        self.serve("127.0.0.3", {"example.test": ZONE}, self.port)
        self.assertEqual((await self.view()).servers[1].state, "lame")

    async def test_different_versions_of_the_zone_are_noted(self):
        self.second.set_zone("example.test", ZONE.replace("host 1 ", "host 2 "))
        (finding,) = (await self.view()).findings
        self.assertEqual((finding.code, finding.params), ("zone.serials_differ", {"serials": [1, 2]}))

    async def test_a_name_server_without_address_is_noted(self):
        self.recursive.set_zone("example.test", ZONE.replace("ns2 A 127.0.0.3", ""))
        view = await self.view()
        self.assertEqual([f.code for f in view.findings], ["zone.nameserver_missing"])
        self.assertEqual((view.status, view.servers[-1].state), ("ok", "missing"))

    async def test_an_alias_as_name_server_is_noted(self):
        self.recursive.set_zone("example.test", ZONE.replace("ns2 A 127.0.0.3", "ns2 CNAME real\nreal A 127.0.0.3"))
        self.assertEqual([f.code for f in (await self.view()).findings], ["zone.nameserver_is_cname"])

    async def test_a_zone_that_is_none_has_no_servers(self):
        view = await self.view("nothing.nowhere")
        self.assertEqual((view.status, view.servers), ("none", ()))

    async def test_when_the_resolver_does_not_answer_nothing_is_known(self):
        self.recursive.script("*", "*", "servfail")
        view = await self.view()
        self.assertEqual((view.status, view.servers, view.findings), ("unknown", (), ()))


class TestCompare(AuthoritativeTestCase):
    async def test_all_servers_agree(self):
        found = await self.compare("example.test")
        self.assertEqual((found.outcome, found.answer.texts), ("agree", ("v=spf1 -all",)))
        self.assertEqual((found.answer.ttl, found.is_published), (600, False))
        self.assertEqual(len(found.answers), 2)

    async def test_a_change_that_caches_have_not_seen_yet_is_published(self):
        for server in (self.first, self.second):
            server.set_zone("example.test", ZONE.replace("-all", "~all"))
        found = await self.compare("example.test")
        self.assertEqual((found.outcome, found.is_published), ("agree", True))
        self.assertEqual((found.answer.texts, found.cached.texts), (("v=spf1 ~all",), ("v=spf1 -all",)))

    async def test_a_new_name_that_caches_still_deny_is_published(self):
        for server in (self.first, self.second):
            server.set_zone("example.test", ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        found = await self.compare("_dmarc.example.test")
        self.assertTrue(found.is_published)
        self.assertEqual(found.cached.status, Status.NXDOMAIN)

    async def test_servers_that_disagree_agree_on_nothing(self):
        self.second.set_zone("example.test", ZONE.replace("-all", "~all"))
        found = await self.compare("example.test")
        self.assertEqual((found.outcome, found.answer), ("disagree", None))
        self.assertEqual([answer.texts for _, answer in found.answers], [("v=spf1 -all",), ("v=spf1 ~all",)])
        view = await self.view()
        answer = await view.query("example.test", "TXT")
        self.assertEqual((answer.status, answer.exists), (Status.SERVFAIL, None))
        self.assertEqual([(f.code, f.name) for f in view.findings], [("zone.nameservers_disagree", "example.test")])

    async def test_addresses_may_differ_from_server_to_server(self):
        self.second.set_zone("example.test", ZONE.replace("192.0.2.1", "192.0.2.2"))
        found = await self.compare("mail.example.test", "A")
        self.assertEqual((found.outcome, set(found.answer.records)), ("agree", {"192.0.2.1", "192.0.2.2"}))

    async def test_one_server_that_fails_does_not_spoil_the_others(self):
        for behaviour in ("drop", "refused", "servfail", "garbage"):
            with self.subTest(behaviour):
                self.first.clear_scripts()
                self.first.script("*", "*", behaviour)
                self.assertEqual((await self.compare("example.test")).outcome, "agree")

    async def test_silent_server_beside_others_is_waited_for_once(self):
        self.second.set_silent(".")
        view = await self.view()
        for name in ("example.test", "mail.example.test", "nothing.example.test"):
            self.assertEqual((await view.compare(name, "TXT")).outcome, "agree")
        self.assertEqual({name for name, _rdtype in self.second.log}, {"example.test"})
        self.assertEqual({rdtype for _name, rdtype in self.second.log}, {"SOA"})

    async def test_server_that_falls_silent_later_is_waited_for_once(self):
        view = await self.view()
        self.second.set_silent(".")
        for name in ("mail.example.test", "nothing.example.test"):
            self.assertEqual((await view.compare(name, "TXT")).outcome, "agree")
        self.assertEqual(self.second.count("nothing.example.test", "TXT"), 0)

    async def test_servers_that_are_all_silent_are_asked_again(self):
        self.first.set_silent(".")
        self.second.set_silent(".")
        view = await self.view()
        self.assertEqual((await view.compare("mail.example.test", "TXT")).outcome, "blocked")
        self.assertTrue(self.second.count("mail.example.test", "TXT"))

    async def test_closed_port_53_is_told_from_a_dead_zone(self):
        self.first.set_silent(".")
        self.second.set_silent(".")
        self.assertEqual((await self.view()).status, "blocked")
        self.assertEqual((await self.compare("example.test")).outcome, "blocked")
        answer = await (await self.view()).query("example.test", "TXT")
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.recursive.script("example.test", "TXT", "servfail")
        self.resolver.cache.clear()
        self.assertEqual((await self.compare("example.test")).outcome, "unreachable")

    async def test_nobody_with_authority_is_lame(self):
        self.first.script("*", "*", "refused")
        self.second.script("*", "*", "refused")
        self.assertEqual((await self.compare("example.test")).outcome, "lame")

    async def test_a_resolver_with_a_zone_of_its_own_is_a_split(self):
        inside = ZONE.replace("-all", "ip4:10.0.0.1 -all").replace("SOA ns1", "SOA dc1")
        self.recursive.set_zone("example.test", inside)
        self.assertEqual((await self.compare("example.test")).outcome, "split")
        self.assertEqual((await self.compare("mail.example.test", "A")).outcome, "agree")
        view = await self.view()
        for name in ("example.test", "mail.example.test", "example.test"):
            await view.query(name, "TXT")
        self.assertEqual([(f.code, f.name) for f in view.findings], [("zone.split_horizon", "example.test")])

    async def test_an_alias_is_followed_into_its_own_zone(self):
        found = await self.compare("key._domainkey.example.test")
        self.assertEqual((found.outcome, found.answer.texts), ("agree", ("v=DKIM1; p=abc",)))
        self.assertEqual((found.answer.aliases, found.answer.ttl), (("key.service.test",), 300))
        self.assertIn(("key.service.test", "TXT"), self.other.log)
        self.assertEqual((await self.compare("inner.example.test", "A")).answer.records, ("192.0.2.1",))

    async def test_a_change_in_the_zone_of_the_target_is_published(self):
        self.other.set_zone("service.test", SERVICE.replace("p=abc", "p="))
        self.assertTrue((await self.compare("key._domainkey.example.test")).is_published)

    async def test_a_loop_of_aliases_ends(self):
        answer = await (await self.view()).query("loop.example.test", "TXT")
        self.assertEqual(answer.status, Status.SERVFAIL)

    async def test_a_delegated_name_is_asked_of_its_own_servers(self):
        found = await self.compare("child.example.test")
        self.assertEqual((found.outcome, found.answer.texts), ("agree", ("child",)))

    async def test_unknown_servers_are_unknown(self):
        view = await self.view()
        self.recursive.script("*", "*", "servfail")
        self.resolver.cache.clear()
        self.assertEqual((await view.compare("example.test", "TXT")).outcome, "unknown")


class TestQuery(AuthoritativeTestCase):
    async def test_it_stands_in_for_the_resolver(self):
        for server in (self.first, self.second):
            server.set_zone("example.test", ZONE.replace("-all", "~all"))
        view = await self.view()
        self.assertEqual((await view.query("example.test", "TXT")).texts, ("v=spf1 ~all",))
        self.assertEqual((await view.query("key.service.test", "TXT")).texts, ("v=DKIM1; p=abc",))
        self.assertEqual((await view.query("no.example.test", "TXT")).status, Status.NXDOMAIN)
        self.assertEqual((await view.query("mail.example.test", "TXT")).status, Status.NODATA)
        self.assertEqual((await view.query("a..b", "TXT")).status, Status.BAD_NAME)

    async def test_no_socket_is_kept_for_each_zone(self):
        before = len(socket_files())
        async with self.resolver.batch():
            await (await self.view()).query("example.test", "TXT")
            self.assertLessEqual(len(socket_files()) - before, 16)
        self.assertLessEqual(len(socket_files()), before)


def socket_files():
    """The sockets that this process has open."""
    return [fd for fd in os.listdir("/dev/fd") if is_socket(int(fd))]


def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
