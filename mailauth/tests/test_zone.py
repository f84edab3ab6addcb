"""The zone cut, broken DNSSEC, and the four gates: facts only where DNS gave facts."""

from __future__ import annotations

import unittest

from ..dns.answer import Status
from ..dns.resolver import Resolver
from ..dns.zone import zone_of
from ..query import DomainQuery
from ..records import precondition
from ..report import check_domain
from .dns_server import DnsServer

ZONES = {
    "test": "@ NS ns.registry\n",
    "example.test": """
        @ SOA ns1 host 1 3600 600 86400 900
        @ NS ns1
        @ NS ns2.elsewhere.test.
        @ MX 10 mail
        ns1 A 192.0.2.53
        mail A 192.0.2.1
        www CNAME mail
        sub.deep TXT "x"
        addressed A 192.0.2.2
        addressed6 AAAA 2001:db8::2
        text TXT "only text"
        refuses MX 0 .
        both MX 0 .
        both MX 10 mail
        alias CNAME nowhere.elsewhere.test.
    """,
    "child.example.test": "@ NS ns1\n@ TXT x\nns1 A 192.0.2.54\n",
}


# Seconds for a server that answers: a busy machine may take its time, and nothing waits for it.
PATIENT = 5.0


class ZoneTestCase(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer(ZONES)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.resolver = Resolver([self.server.address], timeout=PATIENT, attempts=1)


class TestZoneOf(ZoneTestCase):
    async def test_the_apex_is_its_own_zone(self):
        zone = await zone_of(self.resolver, "example.test")
        self.assertEqual((zone.status, zone.name, zone.negative_ttl), ("found", "example.test", 900))
        self.assertEqual(zone.nameservers, ("ns1.example.test", "ns2.elsewhere.test"))
        self.assertFalse(zone.authenticated)

    async def test_a_name_belongs_to_the_zone_that_answers_for_it_whether_it_exists_or_not(self):
        for name in ("mail.example.test", "no.example.test", "sub.deep.example.test", "deep.example.test",
                     "a.b.c.d.e.no.example.test"):
            with self.subTest(name):
                self.assertEqual((await zone_of(self.resolver, name)).name, "example.test")

    async def test_a_delegated_name_is_a_zone_of_its_own(self):
        for name in ("child.example.test", "a.child.example.test"):
            with self.subTest(name):
                self.assertEqual((await zone_of(self.resolver, name)).name, "child.example.test")

    async def test_an_alias_lies_in_its_parents_zone_and_cannot_send(self):
        zone = await zone_of(self.resolver, "www.example.test")
        self.assertEqual(zone.name, "example.test")
        (finding,) = zone.findings
        self.assertEqual((finding.code, finding.params), ("zone.sender_is_cname", {"target": "mail.example.test"}))

    async def test_a_domain_that_does_not_exist_lies_in_the_zone_that_says_so(self):
        self.assertEqual((await zone_of(self.resolver, "notregistered.test")).name, "test")
        zone = await zone_of(self.resolver, "nothing.nowhere")
        self.assertEqual((zone.status, zone.name), ("none", None))

    async def test_one_name_server_is_noted(self):
        zone = await zone_of(self.resolver, "child.example.test")
        self.assertEqual([finding.code for finding in zone.findings], ["zone.one_nameserver"])

    async def test_a_zone_that_dns_vouches_for_is_authenticated(self):
        self.server.set_signed("example.test")
        self.assertTrue((await zone_of(self.resolver, "mail.example.test")).authenticated)

    async def test_no_answer_is_no_zone_and_no_absence_of_one(self):
        for behaviour in ("servfail", "refused", "garbage", "referral"):
            with self.subTest(behaviour):
                self.server.script("example.test", "SOA", behaviour)
                resolver = Resolver([self.server.address], timeout=0.2, attempts=1)
                zone = await zone_of(resolver, "example.test")
                self.assertEqual((zone.status, zone.name, zone.failed.name), ("unknown", None, "example.test"))

    async def test_name_servers_tell_of_the_zone_where_a_router_hides_the_soa_record(self):
        self.server.script("example.test", "SOA", "empty")
        self.server.script("mail.example.test", "SOA", "empty")
        self.server.script("child.example.test", "SOA", "empty")
        for name, apex in (("example.test",) * 2, ("mail.example.test", "example.test"), ("child.example.test",) * 2):
            with self.subTest(name):
                zone = await zone_of(self.resolver, name)
                self.assertEqual((zone.status, zone.name, zone.negative_ttl, zone.failed), ("found", apex, None, None))
                self.assertIn(f"ns1.{apex}", zone.nameservers)

    async def test_a_denial_at_the_apex_tells_of_the_zone_what_its_soa_record_does(self):
        for name in ("example.test", "child.example.test"):
            with self.subTest(name):
                zone = await zone_of(self.resolver, name, await self.resolver.query(name, "SPF"))
                self.assertEqual(self.server.count(name, "SOA"), 0)
                self.assertEqual(zone, await zone_of(self.resolver, name))

    async def test_an_answer_that_shows_no_apex_changes_nothing(self):
        self.server.script("addressed.example.test", "SPF", "servfail")
        for name, rdtype in (("mail.example.test", "SPF"), ("no.example.test", "SPF"), ("www.example.test", "SPF"),
                             ("addressed.example.test", "SPF"), ("example.test", "MX"), ("nothing.nowhere", "SPF")):
            with self.subTest(name):
                resolver = Resolver([self.server.address], timeout=PATIENT, attempts=1)
                answer = await resolver.query(name, rdtype)
                self.assertEqual(await zone_of(resolver, name, answer), await zone_of(self.resolver, name))

    async def test_an_alias_at_an_apex_hides_no_zone_that_has_name_servers(self):
        for target, negative_ttl in (("no.child.example.test", None), ("mail.example.test", 900)):  # of another zone, and of its own
            for rdtype in ("SOA", "SPF"):
                self.server.script("example.test", rdtype, f"records:example.test. 60 IN CNAME {target}.")
            resolver = Resolver([self.server.address], timeout=PATIENT, attempts=1)
            for denial in (None, await resolver.query("example.test", "SPF")):
                with self.subTest(target, denial=denial is not None):
                    zone = await zone_of(resolver, "example.test", denial)
                    self.assertEqual((zone.name, zone.findings), ("example.test", ()))
                    self.assertEqual(zone.nameservers, ("ns1.example.test", "ns2.elsewhere.test"))
                    self.assertEqual(zone.negative_ttl, negative_ttl if denial else None)

    async def test_a_look_at_a_domain_asks_for_the_soa_record_only_where_its_denials_do_not_show_it(self):
        for name, confirm, asked in (("example.test", False, 0), ("child.example.test", False, 0), ("mail.example.test", False, 1),
                                     ("example.test", True, 1)):
            with self.subTest(name, confirm=confirm):
                self.server.log.clear()
                resolver = Resolver([self.server.address], timeout=PATIENT, attempts=1, authority_port=9)
                await check_domain(resolver, DomainQuery(name, confirm=confirm))
                self.assertEqual(self.server.count(name, "SOA"), asked)

    async def test_unknown_name_servers_leave_the_zone_known(self):
        self.server.script("example.test", "NS", "servfail")
        zone = await zone_of(self.resolver, "example.test")
        self.assertEqual((zone.status, zone.name, zone.nameservers), ("found", "example.test", ()))
        self.assertEqual(zone.failed.rdtype, "NS")
        self.assertEqual(zone.findings, ())


class TestDnssec(ZoneTestCase):
    async def test_an_authenticated_answer_is_signed_and_one_without_is_not_called_unsigned(self):
        self.assertFalse((await self.resolver.query("example.test", "MX")).authenticated)
        self.server.set_signed("example.test")
        resolver = Resolver([self.server.address], timeout=PATIENT)
        self.assertTrue((await resolver.query("example.test", "MX")).authenticated)

    async def test_bogus_takes_servfail_an_unchecked_answer_and_servfail_again(self):
        for behaviour in ("bogus", "bogus-silent"):
            with self.subTest(behaviour):
                self.server.script("example.test", "MX", behaviour)
                found = await precondition.inspect(Resolver([self.server.address], timeout=PATIENT), "example.test")
                self.assertEqual((found.status, found.code), ("fail", "gate.dnssec_bogus"))

    async def test_a_failure_of_the_moment_is_not_bogus(self):
        # Three questions before our client believes in the first SERVFAIL, and then all is well.
        self.server.script("example.test", "MX", "servfail", times=3)
        self.assertEqual((await precondition.inspect(self.resolver, "example.test")).status, "unknown")

    async def test_a_server_that_fails_with_and_without_checking_is_not_bogus(self):
        for behaviour in ("servfail", "ede:6", "refused", "drop"):
            with self.subTest(behaviour):
                self.server.script("example.test", "MX", None)
                self.server.script("example.test", "MX", behaviour)
                resolver = Resolver([self.server.address], timeout=0.1 if behaviour == "drop" else PATIENT, attempts=1)
                self.assertEqual((await precondition.inspect(resolver, "example.test")).status, "unknown")


class TestPrecondition(ZoneTestCase):
    async def outcome(self, name):
        found = await precondition.inspect(self.resolver, name)
        self.assertEqual([finding.code for finding in found.findings], [found.code] if found.code else [])
        return found.status, found.code

    async def test_a_domain_that_takes_mail_passes(self):
        for name in ("example.test", "both.example.test"):
            with self.subTest(name):
                self.assertEqual(await self.outcome(name), ("ok", None))

    async def test_an_address_stands_in_for_the_mx(self):
        for name in ("addressed.example.test", "addressed6.example.test", "www.example.test"):
            with self.subTest(name):
                self.assertEqual(await self.outcome(name), ("ok", None))

    async def test_a_domain_that_does_not_exist_is_shut(self):
        self.assertEqual(await self.outcome("no.example.test"), ("fail", "gate.nxdomain"))
        self.assertEqual(self.server.count("no.example.test", "MX"), 2)  # seen twice

    async def test_an_absence_that_is_not_seen_again_is_no_absence(self):
        self.server.script("example.test", "MX", "nxdomain", times=1)
        self.assertEqual(await self.outcome("example.test"), ("ok", None))

    async def test_an_absence_that_cannot_be_confirmed_is_unknown(self):
        self.server.script("no.example.test", "MX", "refused")
        self.server.script("no.example.test", "MX", "nxdomain", times=1)
        found = await precondition.inspect(self.resolver, "no.example.test")
        self.assertEqual((found.status, found.failed.status), ("unknown", Status.REFUSED))

    async def test_a_null_mx_is_shut(self):
        self.assertEqual(await self.outcome("refuses.example.test"), ("fail", "gate.null_mx"))

    async def test_neither_mx_nor_address_is_shut(self):
        for name in ("text.example.test", "deep.example.test", "alias.example.test"):
            with self.subTest(name):
                self.assertEqual(await self.outcome(name), ("fail", "gate.no_mail_host"))

    async def test_broken_signatures_are_shut_wherever_they_are_met(self):
        self.server.script("example.test", "MX", "bogus-silent")
        self.assertEqual(await self.outcome("example.test"), ("fail", "gate.dnssec_bogus"))
        self.server.script("text.example.test", "AAAA", "bogus")
        self.assertEqual(await self.outcome("text.example.test"), ("fail", "gate.dnssec_bogus"))

    async def test_no_answer_is_unknown_at_every_depth(self):
        for rdtype in ("MX", "A", "AAAA"):
            for behaviour in ("servfail", "refused", "drop", "garbage", "referral", "truncate-only", "ede:22"):
                with self.subTest(rdtype=rdtype, behaviour=behaviour):
                    self.server.clear_scripts()
                    self.server.script("text.example.test", rdtype, behaviour)
                    resolver = Resolver([self.server.address], timeout=0.3, attempts=1)
                    found = await precondition.inspect(resolver, "text.example.test")
                    self.assertEqual((found.status, found.findings), ("unknown", ()))
                    self.assertEqual(found.failed.rdtype, rdtype)
