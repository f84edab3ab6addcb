"""Domains that may be registered by anybody: what only the parent zone's own servers know, and what proves nothing."""

from __future__ import annotations

import asyncio
import json
import sys
import unittest
from importlib.util import find_spec
from pathlib import Path as File
from unittest import mock

from .. import CODES, DomainQuery, Resolver, check_domain, iter_registrations, registration
from ..dns.public_suffix import suffix_rules
from ..query import Path
from ..registration import KINDS, look_up, parking_service
from ..service import Selector, Service
from .dns_server import DnsServer

ROOT = {".": "@ NS a.root.\na.root. A 127.0.0.2\ncom NS ns.com.\nns.com. A 127.0.0.3\njp NS ns.jp.\nns.jp. A 127.0.0.3\n"
             "hash NS ns.hash.\nns.hash. A 127.0.0.3\n"}
LIVING = "".join(f"{name} NS ns.{name}\nns.{name} A 127.0.0.4\n" for name in ("shop", "ours"))
TOP = {
    "com": "@ NS ns\n@ NS ns2\nns A 127.0.0.3\nns2 A 127.0.0.2\n" + LIVING + "empty.is.under TXT there\n",
    "jp": "@ NS ns\nns A 127.0.0.3\nsold.co NS ns.shop.com.\n",
}
SHOP = {"shop.com": "@ NS ns\nns A 127.0.0.4\n@ MX 10 mail\nmail A 203.0.113.9\n"}


class RegistrationTestCase(unittest.IsolatedAsyncioTestCase):
    """A resolver, the servers of the root and of two top-level domains (two for com), and those of one shop."""

    def serve(self, host, zones, port=0, **options):
        server = DnsServer(zones, host=host, port=port, **options).start()
        self.addCleanup(server.stop)
        return server

    def setUp(self):
        self.recursive = self.serve("127.0.0.1", {**ROOT, **TOP, **SHOP})
        for _ in range(20):
            try:
                self.second = self.serve("127.0.0.2", {"com": TOP["com"]}, authoritative=True)
                port = self.second.address[1]
                self.first = self.serve("127.0.0.3", TOP, port, authoritative=True)
                self.shop = self.serve("127.0.0.4", SHOP, port, authoritative=True)
                break
            except OSError:  # the port is taken at one of the addresses
                self.second.stop()
        self.resolver = Resolver([self.recursive.address], timeout=0.2, attempts=1, authority_port=self.second.address[1])

    def script_parents(self, *script, **options):
        for server in (self.first, self.second):
            server.script(*script, **options)


@unittest.skipUnless(find_spec("publicsuffixlist"), "publicsuffixlist is not installed")
class TestLookUp(RegistrationTestCase):
    async def registered(self, name):
        return (await look_up(self.resolver, name)).registered

    async def test_a_domain_is_missing_where_the_servers_of_its_parent_zone_deny_it_with_authority(self):
        found = await look_up(self.resolver, "spf.eu.gone.com")
        self.assertEqual((found.registered, found.domain, found.zone), ("missing", "gone.com", "com"))
        self.assertIn(found.server.partition(":")[0], ("127.0.0.2", "127.0.0.3"))
        self.assertIn(("gone.com", "NS"), self.first.log + self.second.log)
        self.assertEqual(self.shop.log, [])

    async def test_a_domain_below_a_suffix_that_is_no_zone_of_its_own_is_missing_by_the_zone_above(self):
        found = await look_up(self.resolver, "mail.gone.co.jp")
        self.assertEqual((found.registered, found.domain, found.zone), ("missing", "gone.co.jp", "jp"))

    async def test_a_delegated_domain_exists_whatever_its_own_servers_do(self):
        self.assertEqual(await self.registered("gone.shop.com"), "exists")  # it lies within somebody's own zone
        self.shop.script("*", "*", "drop")
        self.recursive.script("shop.com", "*", "servfail")
        self.assertEqual(await self.registered("shop.com"), "exists")
        self.assertEqual(await self.registered("www.sold.co.jp"), "exists")

    async def test_an_empty_non_terminal_exists(self):
        self.assertEqual(await self.registered("gone.under.com"), "exists")

    async def test_a_public_suffix_and_what_lies_in_no_top_level_domain_is_nothing_that_is_sold(self):
        for name in ("com", "co.jp", "gone.local", "spf.gone.nowhere", "a..b", "", "kawasaki.jp", "a.b.kawasaki.jp"):
            with self.subTest(name):
                self.assertEqual(await self.registered(name), "not_for_sale")

    async def test_what_is_no_denial_with_authority_proves_nothing(self):
        for behaviour in (
            "drop", "servfail", "refused", "formerr", "notimp", "ede:22", "bogus", "truncate-only", "truncate-always", "garbage",
            "noise", "cut:20", "wrong_id", "wrong_question", "query",
        ):
            with self.subTest(behaviour):
                for server in (self.first, self.second):
                    server.clear_scripts()
                self.script_parents("*", "*", behaviour)
                self.assertEqual(await self.registered("gone.com"), "unknown")

    async def test_a_truncated_denial_counts_only_once_it_came_whole(self):
        self.script_parents("*", "*", "truncate")
        self.assertEqual(await self.registered("gone.com"), "missing")
        self.script_parents("*", "*", "truncate-only")
        self.assertEqual(await self.registered("other.com"), "unknown")

    async def test_one_server_that_denies_is_enough_while_the_others_say_nothing(self):
        self.second.script("*", "*", "drop")
        self.assertEqual(await self.registered("gone.com"), "missing")

    async def test_one_server_that_knows_the_domain_outweighs_those_that_deny_it(self):
        self.second.set_zone("com", TOP["com"] + "gone NS ns.shop\n")
        self.assertEqual(await self.registered("gone.com"), "exists")

    async def test_servers_that_answer_without_authority_prove_nothing(self):
        self.first.stop()
        self.second.stop()
        for host in ("127.0.0.2", "127.0.0.3"):
            self.serve(host, TOP, self.second.address[1])  # a resolver
        self.assertEqual(await self.registered("gone.com"), "unknown")

    async def test_a_resolver_that_does_not_say_who_the_parents_servers_are_makes_it_unknown(self):
        self.recursive.script("com", "*", "servfail")
        self.assertEqual(await self.registered("gone.com"), "unknown")

    async def test_a_resolver_that_denies_what_is_there_is_contradicted(self):
        self.recursive.script("shop.com", "*", "nxdomain")
        self.assertEqual(await self.registered("shop.com"), "exists")

    async def test_it_costs_a_bounded_number_of_questions(self):
        self.recursive.set_zone("com", TOP["com"] + "".join(f"@ NS ns{n}\nns{n} A 127.0.1.{n}\n" for n in range(3, 40)))
        await look_up(self.resolver, "a.b.c.d.e.gone.com")
        self.assertLess(self.resolver.questions, 20)

    async def test_without_the_list_only_what_lies_right_below_a_top_level_domain_is_told(self):
        suffix_rules.cache_clear()
        self.addCleanup(suffix_rules.cache_clear)
        with mock.patch.dict(sys.modules, publicsuffixlist=None):
            self.assertEqual(await self.registered("spf.gone.com"), "missing")
            self.assertEqual(await self.registered("gone.co.jp"), "exists")  # co.jp is there: the rest is not known
            self.assertEqual(await self.registered("gone.shop.com"), "exists")
            self.assertEqual(await self.registered("gone.nowhere"), "not_for_sale")


class TestBlocking(RegistrationTestCase):
    def test_several_are_looked_up_side_by_side(self):
        found = {one.name: one.registered for one in iter_registrations(self.resolver, ["shop.com", "gone.com", "x"])}
        self.assertEqual(found, {"shop.com": "exists", "gone.com": "missing", "x": "not_for_sale"})


OURS = """
@ NS ns
@ NS ns.ns-gone.com.
ns A 127.0.0.4
@ MX 10 mail
@ MX 20 in.mx-gone.com.
mail A 203.0.113.9
@ TXT "v=spf1 include:spf.include-gone.com a:host.a-gone.com mx:mx-term-gone.com exists:e.exists-gone.com \
include:_spf.shop.com include:%{d}.macro-gone.com -a:host.minus-gone.com include:gone.shop.com a:gone.ours.com \
redirect=_spf.redirect-gone.com"
key._domainkey CNAME key.dkim-gone.com.
_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@rua-gone.com,mailto:a@shop.com; ruf=mailto:a@ruf-gone.com"
"""
SERVICE = Service("s", "S", selectors=(Selector("key"),))
QUERY = DomainQuery("ours.com", paths=(Path("p", "ours.com", "ours.com", SERVICE),))


@unittest.skipUnless(find_spec("publicsuffixlist"), "publicsuffixlist is not installed")
class TestDeadNames(RegistrationTestCase):
    def setUp(self):
        super().setUp()
        self.recursive.set_zone("ours.com", OURS)
        self.recursive.set_zone("shop.com", SHOP["shop.com"] + '_spf TXT "v=spf1 a:deep.nested-gone.com -all"\n')

    def look(self, query=QUERY):
        return asyncio.run(check_domain(self.resolver, query))

    def dead(self, query=QUERY):
        return {(one.kind, one.domain) for one in self.look(query).dead_names.found}

    def test_every_name_that_the_records_rely_on_is_found_with_the_domain_that_somebody_would_register(self):
        self.assertEqual(self.dead(), {
            *(("spf", f"{kind}-gone.com") for kind in ("include", "a", "mx-term", "exists", "redirect", "nested")),
            ("dkim", "dkim-gone.com"), ("mx", "mx-gone.com"), ("ns", "ns-gone.com"), ("reports", "rua-gone.com"),
            ("reports", "ruf-gone.com"),
        })

    def test_macros_terms_that_let_nobody_send_living_domains_and_names_of_ones_own_are_none(self):
        self.assertEqual({domain for _kind, domain in self.dead()} & {
            "macro-gone.com", "minus-gone.com", "shop.com", "ours.com"}, set())

    def test_it_is_told_which_record_says_what(self):
        found = {one.domain: one for one in self.look().dead_names.found}
        for domain, name, at, term in (
            ("include-gone.com", "spf.include-gone.com", "ours.com", "include:spf.include-gone.com"),
            ("nested-gone.com", "deep.nested-gone.com", "_spf.shop.com", "a:deep.nested-gone.com"),
            ("dkim-gone.com", "key.dkim-gone.com", "key._domainkey.ours.com", "CNAME key.dkim-gone.com"),
            ("mx-gone.com", "in.mx-gone.com", "ours.com", "MX in.mx-gone.com"),
            ("ns-gone.com", "ns.ns-gone.com", "ours.com", "NS ns.ns-gone.com"),
            ("rua-gone.com", "rua-gone.com", "_dmarc.ours.com", "rua=mailto:a@rua-gone.com"),
        ):
            with self.subTest(domain):
                one = found[domain]
                self.assertEqual((one.name, one.at, one.term), (name, at, term))

    def test_behind_an_alias_it_is_the_target_that_is_missing(self):
        self.recursive.set_zone("ours.com", '@ MX 10 mail\n@ TXT "v=spf1 include:_spf.ours.com -all"\n_spf CNAME x.alias-gone.com.\n')
        self.assertEqual(self.dead(), {("spf", "alias-gone.com")})

    def test_a_domain_that_does_not_exist_is_told_itself_and_its_records_are_left_open(self):
        report = self.look(DomainQuery("gone.com"))
        self.assertEqual([(one.kind, one.domain) for one in report.dead_names.found], [("domain", "gone.com")])
        self.assertEqual(report.dead_names.left_open, KINDS[1:])
        self.assertEqual(self.dead(DomainQuery("gone.shop.com")), set())

    def test_what_dns_does_not_answer_is_left_open_and_never_dead(self):
        for name, kind in (
            ("spf.include-gone.com", "spf"), ("key._domainkey.ours.com", "dkim"), ("in.mx-gone.com", "mx"),
            ("ns.ns-gone.com", "ns"), ("rua-gone.com", "reports"),
        ):
            for behaviour in ("servfail", "refused"):
                with self.subTest(name, behaviour=behaviour):
                    self.recursive.clear_scripts()
                    self.recursive.script(name, "*", behaviour)
                    self.resolver.cache.clear()
                    report = self.look()
                    self.assertIn(kind, report.dead_names.left_open)
                    self.assertNotIn(name, {one.name for one in report.dead_names.found})

    def test_a_domain_above_that_is_not_answered_for_is_left_open(self):
        self.recursive.script("include-gone.com", "NS", "servfail")
        report = self.look()
        self.assertEqual(report.dead_names.left_open, ("spf",))
        self.assertNotIn("include-gone.com", {one.domain for one in report.dead_names.found})

    def test_a_sound_domain_has_none_and_nothing_is_left_open(self):
        self.recursive.set_zone("ours.com", '@ NS ns.shop.com.\n@ MX 10 mail\nmail A 203.0.113.9\n@ TXT "v=spf1 mx -all"\n')
        self.recursive.set_zone("shop.com", SHOP["shop.com"])
        report = self.look(DomainQuery("ours.com"))
        self.assertEqual((report.dead_names.found, report.dead_names.left_open), ((), ()))

    def test_many_names_are_bounded_and_those_left_out_are_left_open(self):
        for count, name, found, left_open in (
            (10, "x%d-gone.com", 10, ()), (11, "x%d-gone.com", 10, ("spf",)),
            (40, "x%d.shop.com", 0, ()), (41, "x%d.shop.com", 0, ("spf",)),
        ):
            with self.subTest(name, count=count):
                terms = " ".join(f"a:{name % n}" for n in range(count))
                strings = " ".join(f'"{terms[start:start + 200]}"' for start in range(0, len(terms), 200))
                self.recursive.set_zone("ours.com", f'@ MX 10 mail\n@ TXT "v=spf1 " {strings} " -all"\n')
                self.resolver.cache.clear()
                report = self.look(DomainQuery("ours.com"))
                self.assertEqual((len(report.dead_names.found), report.dead_names.left_open), (found, left_open))

    def test_it_is_json(self):
        stored = json.loads(json.dumps(self.look().to_dict()))["dead_names"]
        self.assertEqual(set(stored), {"found", "left_open"})
        self.assertEqual(set(stored["found"][0]), {"kind", "domain", "name", "at", "term"})


class TestParking(unittest.TestCase):
    def test_a_service_is_known_by_all_of_a_zones_name_servers(self):
        for nameservers, service in (
            (["ns1.sedoparking.com", "ns2.sedoparking.com"], "Sedo"), (["NS1.SedoParking.com."], "Sedo"),
            (["ns1.renewyourname.net", "ns2.renewyourname.net"], "Tucows (expired)"),
            (["verify-contact-details.namecheap.com", "failed-whois-verification.namecheap.com"], "Namecheap (suspended)"),
            (["ns1.sedoparking.com", "ns1.example.com"], None), ([], None), (["dns1.registrar-servers.com"], None),
            (["ns.notsedoparking.com"], None), (["namecheap.com"], None), (["a..b"], None),
        ):
            with self.subTest(nameservers):
                self.assertEqual(parking_service(nameservers), service)

    def test_every_service_names_a_source_and_no_server_twice(self):
        stored = json.loads(File(registration.__file__).with_name("parking.json").read_text(encoding="utf-8"))
        servers = [server for service in stored["services"] for server in service["servers"]]
        self.assertEqual(len(servers), len(set(servers)))
        for service in stored["services"]:
            self.assertLessEqual(set(service["source"]), set(stored["sources"]))
            self.assertTrue(service["source"])


class TestCodes(unittest.TestCase):
    def test_each_kind_has_a_code(self):
        self.assertLessEqual({f"registration.{kind}" for kind in KINDS}, set(CODES))


if __name__ == "__main__":
    unittest.main()
