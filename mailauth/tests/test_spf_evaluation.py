"""The SPF of a path is what check_host() says for the addresses that its service sends from, and nothing else."""

from __future__ import annotations

import asyncio
import ipaddress
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import DomainQuery, Path, Resolver, Service
from ..report import check_domain
from ..spf import authorises, check_host
from .dns_server import DnsServer
from .fuzz import examples
from .spf_zones import ADDRESSES, DOMAIN, POLICIES, records, zones

HOSTS = "".join(f"h{n} A 203.0.113.{n}\nh{n} AAAA 2001:db8:9::{n}\n" for n in range(12))
TEN = " ".join(f"a:h{n}.x.test" for n in range(10))
WORLD = {
    "mailer.test": """
spf TXT "v=spf1 ip4:192.0.2.64/28 ip6:2001:db8:1::/64 ~all"
two TXT "v=spf1 ip4:192.0.2.64/28 include:gone.mailer.test ip4:192.0.2.128/28 -all"
half TXT "v=spf1 ip4:192.0.2.64/28 include:slow.mailer.test -all"
macro TXT "v=spf1 exists:%{i}._x.mailer.test -all"
""",
    "x.test": "",
}
US = "include:spf.mailer.test"

# What stands in the zone besides: what may be wrong with it, at a term of its own.
FAULTS = f"""
{HOSTS}
several TXT "v=spf1 -all"
several TXT "v=spf1 +all"
typing TXT "v=spf1 ip4:198.51.100.0/24 moo -all"
behind TXT "v=spf1 ip4:198.51.100.0/24 -all moo"
nested TXT "v=spf1 ip4:198.51.100.0/24 include:typing.x.test -all"
loop TXT "v=spf1 include:loop.x.test -all"
many TXT "v=spf1 {TEN} -all"
void TXT "v=spf1 a:v1.x.test a:v2.x.test a:v3.x.test -all"
slow TXT "v=spf1 include:silent.x.test -all"
""" + "".join(f"mxs MX {n} h{n}\n" for n in range(11))

PERMERROR = ("include:gone.x.test", "include:several.x.test", "include:typing.x.test", "include:behind.x.test",
             "include:nested.x.test", "include:loop.x.test", "include:x.test", "include:many.x.test", TEN, "include:void.x.test",
             "a:v1.x.test a:v2.x.test mx:v3.x.test", "mx:mxs.x.test", "-include:gone.x.test", "?include:typing.x.test")
TEMPERROR = ("include:silent.x.test", "include:slow.x.test", "a:silent.x.test", "mx:silent.x.test", "exists:silent.x.test",
             "-include:silent.x.test")


class TestPath(unittest.TestCase):
    """Each fault before and behind the service's own term."""

    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(WORLD).start()
        cls.addClassCleanup(cls.server.stop)
        for name in ("silent.x.test", "slow.mailer.test"):
            cls.server.script(name, "*", "servfail")

    def look(self, record: str, term: str = US, zone: str = FAULTS):
        self.server.set_zone("x.test", f'@ MX 10 h1\n@ TXT "{record}"\n{zone}')
        service = Service("s", "Mailer", term, signs=False)
        query = DomainQuery("x.test", paths=(Path("1", "x.test", "bounce@x.test", service),))
        return asyncio.run(check_domain(Resolver([self.server.address]), query))

    def check(self, record: str, result: str, term: str = US):
        """The result of the path, held against what receivers conclude for one of the addresses."""
        report = self.look(record, term)
        self.assertEqual(report.results["1"].spf, result, record)
        codes = {finding.code for finding in report.findings}
        self.assertEqual("spf.fault_behind" in codes, result == "pass" and report.spf.code == "spf.fault_behind", record)
        return report, codes

    def host(self, ip: str):
        resolver = Resolver([self.server.address])
        return asyncio.run(check_host(resolver, ip=ip, domain="x.test", sender="bounce@x.test", helo="h1.x.test")).result

    def test_a_fault_behind_the_match_is_never_reached(self):
        for fault in PERMERROR:
            for record in (f"v=spf1 {US} {fault} -all", f"v=spf1 {fault} {US} -all", f"v=spf1 ip4:192.0.2.64/28 {fault} {US} -all"):
                with self.subTest(record):
                    report = self.look(record)
                    expected = {self.host("192.0.2.70"), self.host("2001:db8:1::1")}
                    result = expected.pop() if len(expected) == 1 else "part"
                    self.assertEqual(report.results["1"].spf, result)
                    self.assertEqual(result, "pass" if record.startswith(f"v=spf1 {US}") else
                                     "permerror" if "ip4" not in record else "part")

    def test_a_fault_behind_is_a_finding_that_says_who_passes(self):
        for fault in PERMERROR:
            with self.subTest(fault):
                report, codes = self.check(f"v=spf1 {US} {fault} -all", "pass")
                self.assertEqual((report.spf.state.value, report.spf.code), ("warning", "spf.fault_behind"))
                self.assertEqual(report.spf.params["services"], ["Mailer"])
                self.assertIn("spf.fault_behind", codes)
                self.assertEqual(report.paths["1"].reasons, ("selector_unknown", "no_dmarc"))

    def test_silence_behind_the_match_decides_nothing_and_before_it_everything(self):
        for fault in TEMPERROR:
            with self.subTest(fault):
                report, codes = self.check(f"v=spf1 {US} {fault} -all", "pass")
                self.assertEqual((report.spf.state.value, report.spf.code), ("pass", "spf.ok"))
                self.assertIn("spf.unanswered", codes)
                self.assertNotIn("dns_unknown", report.paths["1"].reasons)
                # What stands there may be a fault, but for an address that makes no third void lookup.
                worst = None if fault.startswith(("a:", "exists:")) else "warning"
                self.assertEqual(report.to_dict()["spf"].get("worst"), worst)
                report, codes = self.check(f"v=spf1 {fault} {US} -all", "unknown")
                self.assertEqual((report.spf.state.value, report.spf.code), ("unknown", "spf.unanswered"))

    def test_a_redirect_is_evaluated_after_all_else_wherever_it_stands(self):
        for record, result in (
            (f"v=spf1 redirect=gone.x.test {US}", "pass"),
            (f"v=spf1 {US} redirect=typing.x.test", "pass"),
            (f"v=spf1 {US} redirect=silent.x.test", "pass"),
            ("v=spf1 redirect=gone.x.test", "permerror"),
            ("v=spf1 redirect=silent.x.test", "unknown"),
            ("v=spf1 ip4:192.0.2.64/28 redirect=gone.x.test", "part"),
        ):
            with self.subTest(record):
                self.check(record, result)

    def test_an_error_in_a_record_that_is_read_counts_wherever_it_stands(self):
        for record in (f"v=spf1 {US} moo -all", f"v=spf1 {US} -all moo", f"v=spf1 {US} -all redirect=a.b redirect=c.d"):
            with self.subTest(record):
                self.check(record, "permerror")

    def test_what_stands_behind_the_match_within_an_include_is_not_reached(self):
        term = "include:two.mailer.test"
        report, codes = self.check(f"v=spf1 {term} -all", "pass", term)
        self.assertIn("spf.include_none", codes)
        self.assertEqual(self.host("192.0.2.129"), "permerror", "nor is that address one of the service's")
        self.assertEqual(report.spf.params["at"], "two.mailer.test")
        self.check(f"v=spf1 {term} ip4:203.0.113.99 -all", "permerror", "ip4:203.0.113.99")

    def test_records_behind_the_match_are_never_read(self):
        self.check(f"v=spf1 {US} include:typing.x.test -all", "pass")
        self.check("v=spf1 ip4:192.0.2.64/28 include:typing.x.test -all", "pass", "ip4:192.0.2.66")

    def test_the_families_may_differ(self):
        voids = "a:w1.x.test a:w2.x.test a:w3.x.test"
        names = "".join(f"w{n} A 203.0.113.{n}\n" for n in (1, 2, 3))
        report = self.look(f"v=spf1 {voids} {US} -all", zone=names)
        self.assertEqual(report.results["1"].spf, "part")
        self.assertEqual((self.host("192.0.2.70"), self.host("2001:db8:1::1")), ("pass", "permerror"))
        for term, result in (("ip4:192.0.2.70", "pass"), ("ip6:2001:db8:1::7", "permerror")):
            self.assertEqual(self.look(f"v=spf1 {voids} {US} -all", term, names).results["1"].spf, result)

    def test_addresses_that_differ_are_a_part(self):
        for record in ("v=spf1 ip4:192.0.2.64/29 -all", "v=spf1 ip4:192.0.2.64/28 include:gone.x.test",
                       f"v=spf1 -ip4:192.0.2.65 {US} -all", f"v=spf1 ip4:192.0.2.65 include:gone.x.test {US} -all"):
            with self.subTest(record):
                report, codes = self.check(record, "part")
                self.assertIn("spf.partly_authorised", codes)
                self.assertEqual(report.spf.code, "spf.partly_authorised")

    def test_a_term_that_depends_on_the_mail_hides_no_fault_behind_the_match(self):
        term = "include:macro.mailer.test"
        for fault in (*PERMERROR, *TEMPERROR):
            with self.subTest(fault):
                self.check(f"v=spf1 {term} {fault} -all", "pass", term)
                report = self.look(f"v=spf1 {fault} {term} -all", term)
                self.assertEqual(report.results["1"].spf, "permerror" if fault in PERMERROR else "unknown")
        report = self.look(f"v=spf1 exists:%{{i}}.other.x.test include:gone.x.test {term} -all", term)
        self.assertEqual(report.results["1"].spf, "unknown", "evaluation comes to it only where the first has passed already")

    def test_a_sender_that_is_known_in_part_is_judged_by_what_is_possible(self):
        term = "include:half.mailer.test"
        for record, possible in (
            ("v=spf1 ip4:192.0.2.64/28 -all", ("all", "some")), ("v=spf1 ip4:203.0.113.1 -all", ("some", "none")),
            (f"v=spf1 {term} -all", ("all", "some")),
        ):
            with self.subTest(record):
                self.server.set_zone("x.test", f'@ TXT "{record}"')
                answer = asyncio.run(authorises(Resolver([self.server.address]), term, "x.test"))
                self.assertEqual((answer.status, answer.possible), ("unknown", possible))
        self.server.set_zone("x.test", '@ TXT "v=spf1 ip4:192.0.2.64/29 -all"')
        self.assertEqual(asyncio.run(authorises(Resolver([self.server.address]), term, "x.test")).status, "some")

    def test_where_nobody_knows_who_sends_a_fault_is_no_proof_of_harm(self):
        for record, reasons in (
            (f"v=spf1 {US} include:gone.x.test -all", ()), ("v=spf1 include:gone.x.test -all", ("not_authorised",)),
        ):
            self.server.set_zone("x.test", f'@ MX 10 h1\n@ TXT "{record}"\n{HOSTS}')
            query = DomainQuery("x.test", paths=(Path("1", "x.test", "bounce@x.test"),))
            report = asyncio.run(check_domain(Resolver([self.server.address]), query))
            self.assertEqual(report.results["1"].spf, "unknown" if not reasons else "permerror")


class TestTooManyMailExchangers(unittest.IsolatedAsyncioTestCase):
    """More than ten are permerror (RFC 7208 §4.6.4); receivers differ where one of the first ten matches."""

    async def asyncSetUp(self):
        self.server = DnsServer().start()
        self.addCleanup(self.server.stop)

    async def answer(self, record: str, term: str, preferences=range(11), scripts=()):
        hosts = "".join(f"h{n} A 203.0.113.{n}\n" for n in range(len(preferences)))
        exchanges = "".join(f"@ MX {preference} h{n}\n" for n, preference in enumerate(preferences))
        self.server.set_zone("x.test", f'@ TXT "{record}"\nsub TXT "{record}"\n{exchanges}{hosts}')
        self.server.clear_scripts()
        for name in scripts:
            self.server.script(name, "*", "servfail")
        resolver = Resolver([self.server.address])
        result = await check_host(resolver, ip="203.0.113.3", domain="x.test", sender="a@x.test", helo="x.test")
        self.assertEqual(result.result, "permerror")
        return await authorises(resolver, term, "x.test")

    async def test_those_among_the_first_ten_are_a_part(self):
        answer = await self.answer("v=spf1 mx -all", "ip4:203.0.113.3")
        self.assertEqual((answer.status, answer.differ, answer.missing), ("some", ("203.0.113.3/32",), ()))
        self.assertEqual(answer.because_of, "spf.too_many_mx")

    async def test_preference_and_not_the_order_of_the_answer_says_which(self):
        for address, status in (("203.0.113.0", "none"), ("203.0.113.10", "some")):
            answer = await self.answer("v=spf1 mx -all", f"ip4:{address}", range(11, 0, -1))
            self.assertEqual(answer.status, status)

    async def test_who_is_as_preferred_as_the_tenth_may_be_among_them(self):
        for address in ("203.0.113.0", "203.0.113.10"):
            self.assertEqual((await self.answer("v=spf1 mx -all", f"ip4:{address}", [5] * 11)).status, "some")

    async def test_those_beyond_ten_pass_nowhere_and_neither_do_those_behind(self):
        for term in ("ip4:203.0.113.10", "ip4:192.0.2.1"):
            answer = await self.answer("v=spf1 mx ip4:192.0.2.1 -all", term)
            self.assertEqual((answer.status, answer.broken), ("none", True))

    async def test_a_relay_that_is_told_by_its_mail_exchangers_differs_too(self):
        answer = await self.answer("v=spf1 mx -all", "mx")
        self.assertEqual((answer.status, answer.differ, answer.missing), ("some", ("203.0.113.0/29", "203.0.113.8/31"), ()))

    async def test_only_a_match_that_would_pass_differs(self):
        for record in ("v=spf1 -mx -all", "v=spf1 ?mx -all"):
            self.assertEqual((await self.answer(record, "ip4:203.0.113.3")).status, "none")

    async def test_a_host_that_does_not_answer_leaves_it_open(self):
        answer = await self.answer("v=spf1 mx -all", "ip4:203.0.113.3", scripts=["h1.x.test"])
        self.assertEqual((answer.status, answer.failed.name), ("unknown", "h1.x.test"))

    async def test_who_passes_before_the_mail_exchangers_passes_everywhere(self):
        self.assertEqual((await self.answer("v=spf1 ip4:203.0.113.4 mx -all", "ip4:203.0.113.4")).status, "all")


SERVICES = st.one_of(
    st.sampled_from([f"include:{name}.{DOMAIN}" for name in POLICIES]),
    st.sampled_from([f"ip4:{address}" for address in ADDRESSES if "." in address]),
    st.sampled_from([f"ip6:{address}" for address in ADDRESSES if ":" in address]),
    st.sampled_from(["a", "mx", f"a:many.{DOMAIN}", f"mx:many.{DOMAIN}", f"a:h2.{DOMAIN}", "ip4:192.0.2.0/28"]),
)
BROKEN = st.sampled_from(["moo", "ip4:192.0.2.256", "include:", "redirect=a.b redirect=a.b", f"include:gone.{DOMAIN}",
                          f"include:{DOMAIN}", f"a:gone.{DOMAIN}", f"mx:gone.{DOMAIN}", f"mx:eleven.{DOMAIN}", f"include:silent.{DOMAIN}"])
ELEVEN = "\n" + "\n".join(f"eleven MX {n} e{n}\ne{n} A 192.0.2.{n}" for n in range(11))


class TestAgainstCheckHost(unittest.TestCase):
    """A definite ``all`` or ``none`` never contradicts what check_host() says for an address of the service."""

    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({DOMAIN: ""}).start()
        cls.addClassCleanup(cls.server.stop)
        cls.server.script(f"silent.{DOMAIN}", "*", "servfail")

    @given(zones(records(macros=True, broken=BROKEN)), SERVICES)
    @examples(200)
    def test_a_definite_answer_holds_for_each_address(self, zone, term):
        self.server.set_zone(DOMAIN, zone + ELEVEN)
        self.server.set_zone("service.test", f'@ TXT "v=spf1 {term} -all"')
        asyncio.run(self.compare(zone, term))

    async def compare(self, zone: str, term: str):
        resolver = Resolver([self.server.address], timeout=1.0)
        async with resolver.batch():
            answer = await authorises(resolver, term, DOMAIN)
            if answer.status in ("unknown", "some") or answer.likely or answer.because_of == "plus_all":
                return
            for ip in ADDRESSES:
                if not await self.is_one_of(resolver, term, ip):
                    continue
                result = await check_host(resolver, ip=ip, domain=DOMAIN, sender=f"bob@{DOMAIN}", helo=f"h2.{DOMAIN}")
                about = f"{term} {ip}: {answer}\n{result.result} {result.problem} {result.matched}\n{zone}"
                if answer.status == "all":
                    self.assertEqual(result.result, "pass", about)
                else:
                    self.assertNotIn(result.result, ("pass", "temperror"), about)
                    self.assertTrue(result.result == "permerror" or not answer.broken, about)

    async def is_one_of(self, resolver, term: str, ip: str) -> bool:
        """Whether the service's own term passes an address: asked of check_host() by a domain that permits nobody else."""
        if term.startswith("ip"):
            return ipaddress.ip_address(ip) in ipaddress.ip_network(term[4:], strict=False)
        full = term if ":" in term else f"{term}:{DOMAIN}"
        self.server.set_zone("service.test", f'@ TXT "v=spf1 {full} -all"')
        asked = Resolver([self.server.address], timeout=1.0)
        result = await check_host(asked, ip=ip, domain="service.test", sender="bob@service.test", helo="h2.service.test")
        return result.result == "pass"


if __name__ == "__main__":
    unittest.main()
