"""MTA-STS: the record, the policy file, and whether the mail hosts are in it."""

from __future__ import annotations

import asyncio
import unittest

from ..dns.resolver import Resolver
from ..records.https import MAX_AT_ONCE, Fetcher, FetchError, Response
from ..records.mta_sts import CODES, StsPolicy, inspect, parse_policy
from .dns_server import DnsServer
from .https_server import HttpsServer, ok

ZONE = """
@ MX 10 mail
@ MX 20 backup.example.net.
mail A 192.0.2.1
_mta-sts 600 TXT "v=STSv1; id=20260101;"
mta-sts A 127.0.0.1
"""
POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"


class TestParse(unittest.TestCase):
    def codes(self, text):
        policy, findings = parse_policy("mta-sts.example.com", text)
        self.assertLessEqual({finding.code for finding in findings}, set(CODES))
        return policy, [finding.code for finding in findings]

    def test_a_policy_is_read(self):
        policy, codes = self.codes(POLICY)
        self.assertEqual(policy, StsPolicy("enforce", 604800, ("mail.example.com", "*.example.net")))
        self.assertEqual(codes, [])

    def test_line_ends_order_and_unknown_fields_do_not_matter(self):
        text = "max_age: 604800\nmx:mail.example.com  \nmode:\tenforce\nversion: STSv1\nfuture: x y\nfuture: z\nmode: enforce\n\n"
        self.assertEqual(self.codes(text), (StsPolicy("enforce", 604800, ("mail.example.com",)), []))

    def test_of_a_repeated_field_the_first_counts_and_each_that_says_something_else_is_told_of_once(self):
        text = POLICY + "mode: none\r\nmax_age: 86400\r\nmode: testing\r\nversion: STSv1\r\n"
        policy, found = parse_policy("mta-sts.example.com", text)
        self.assertEqual((policy.mode, policy.max_age), ("enforce", 604800))
        self.assertEqual([(finding.code, finding.params) for finding in found], [
            ("mta_sts.policy_repeated", {"line": 6, "text": "mode: none", "first": "mode: enforce"}),
            ("mta_sts.policy_repeated", {"line": 7, "text": "max_age: 86400", "first": "max_age: 604800"}),
        ])
        policy, codes = self.codes(POLICY.replace("mode: enforce", "mode: strict\r\nmode: enforce"))
        self.assertEqual((policy, codes), (None, ["mta_sts.policy_mode", "mta_sts.policy_repeated"]))

    def test_each_fault_has_its_finding(self):
        for old, new, code in (
            ("version: STSv1", "version: STSv2", "mta_sts.policy_version"),
            ("version: STSv1\r\n", "", "mta_sts.policy_version"),
            ("mode: enforce", "mode: Enforce", "mta_sts.policy_mode"),
            ("mode: enforce\r\n", "", "mta_sts.policy_mode"),
            ("604800", "-1", "mta_sts.policy_max_age"),
            ("604800", "31557601", "mta_sts.policy_max_age"),
            ("604800", "\u0661", "mta_sts.policy_max_age"),
            ("max_age: 604800\r\n", "", "mta_sts.policy_max_age"),
            ("mx: mail.example.com\r\nmx: *.example.net\r\n", "", "mta_sts.policy_no_mx"),
            ("*.example.net", "*.*.example.net", "mta_sts.bad_mx_pattern"),
            ("*.example.net", ".example.net", "mta_sts.bad_mx_pattern"),
            ("*.example.net", "a, b", "mta_sts.bad_mx_pattern"),
            ("mode: enforce", "mode enforce", "mta_sts.policy_syntax"),
            ("mode: enforce", "mode : enforce", "mta_sts.policy_syntax"),
            ("mode: enforce", " mode: enforce", "mta_sts.policy_syntax"),
            ("mode: enforce", "Mode: enforce", "mta_sts.policy_mode"),
            ("mode: enforce", "mode: enforce\r\n", "mta_sts.policy_empty_line"),
            ("version: STSv1", "\nversion: STSv1", "mta_sts.policy_empty_line"),
            ("version: STSv1", "\ufeffversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "x/y: z\nversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "n" * 33 + ": z\nversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "x:\nversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "x: a\tb\nversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "x: \udcff\nversion: STSv1", "mta_sts.policy_syntax"),
            ("version: STSv1", "x: a\rb\nversion: STSv1", "mta_sts.policy_syntax"),
            ("604800", "60480000000", "mta_sts.policy_max_age"),
            ("mail.example.com", "mail.example.com.", "mta_sts.bad_mx_pattern"),
        ):
            with self.subTest(ascii(new)):
                policy, codes = self.codes(POLICY.replace(old, new))
                self.assertIsNone(policy)
                self.assertIn(code, codes)

    def test_fields_of_later_versions_are_ignored(self):
        for line in ("x: 100% \u00e4; a=b", "n" * 32 + ":1", "9_.-: y", "MX: no name at all"):
            with self.subTest(line):
                self.assertEqual(self.codes(POLICY + line + "\r\n"), self.codes(POLICY))

    def test_what_is_right_but_weak_is_noted(self):
        for old, new, code in (
            ("enforce", "testing", "mta_sts.testing"),
            ("enforce", "none", "mta_sts.mode_none"),
            ("604800", "3600", "mta_sts.short_max_age"),
        ):
            with self.subTest(new):
                policy, codes = self.codes(POLICY.replace(old, new))
                self.assertIsNotNone(policy)
                self.assertEqual(codes, [code])

    def test_any_text_is_taken(self):
        for text in ("", "\0" * 100, "<html>\n" * 5000, ":\n" * 5000, "mx: a\n" * 5000, "x" * 65536):
            with self.subTest(text[:10]):
                policy, codes = self.codes(text)
                self.assertIsNone(policy)
                self.assertLess(len(codes), 60)

    def test_a_wildcard_stands_for_one_label(self):
        policy = StsPolicy("enforce", 1, ("*.example.com",))
        self.assertTrue(policy.allows("Mail.example.com"))
        for host in ("example.com", "a.b.example.com", "mail.example.net"):
            self.assertFalse(policy.allows(host))


class TestInspect(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer({"example.com": ZONE})
        self.server.start()
        self.addCleanup(self.server.stop)
        self.asked = []

    def fetch(self, answer):
        async def fetch(host, path, addresses):
            self.asked.append((host, path, addresses))
            if isinstance(answer, Exception):
                raise answer
            return answer

        return fetch

    async def inspect(self, answer=None, record=None):
        if record is not None:
            self.server.set_zone("_mta-sts.example.com", record)
        if answer is None:
            answer = Response(200, "text/plain", POLICY.encode())
        resolver = Resolver([self.server.address], timeout=0.2, attempts=1)
        return await inspect(resolver, "example.com", fetch=self.fetch(answer))

    def codes(self, report):
        self.assertLessEqual({finding.code for finding in report.findings}, set(CODES))
        return [finding.code for finding in report.findings]

    async def test_record_and_policy_in_order(self):
        report = await self.inspect()
        self.assertEqual((report.status, report.id, report.ttl, report.findings), ("found", "20260101", 600, ()))
        self.assertEqual(report.policy.mode, "enforce")
        self.assertEqual(self.asked, [("mta-sts.example.com", "/.well-known/mta-sts.txt", ["127.0.0.1"])])

    async def test_a_batch_fetches_few_files_at_once(self):
        running = most = 0

        async def fetch(host, path, addresses):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1
            return Response(200, "text/plain", POLICY.encode())

        resolver = Resolver([self.server.address])
        async with resolver.batch():
            reports = await asyncio.gather(
                *(inspect(resolver, "example.com", fetch=fetch) for _ in range(3 * MAX_AT_ONCE)))
        self.assertEqual(({report.status for report in reports}, most), ({"found"}, MAX_AT_ONCE))

    async def test_who_waits_for_a_turn_gives_up_at_the_deadline(self):
        async def fetch(host, path, addresses):
            await asyncio.sleep(1.2)
            return Response(200, "text/plain", POLICY.encode())

        resolver = Resolver([self.server.address], deadline=0.8)
        async with resolver.batch():
            reports = await asyncio.gather(
                *(inspect(resolver, "example.com", fetch=fetch) for _ in range(MAX_AT_ONCE + 1)))
        self.assertEqual(sorted(report.status for report in reports), ["found"] * MAX_AT_ONCE + ["unknown"])

    async def test_without_a_record_nothing_is_fetched(self):
        report = await self.inspect(record='@ TXT "something else"')
        self.assertEqual((report.status, report.findings, self.asked), ("none", (), []))

    async def test_each_fault_of_the_record_has_its_finding(self):
        for record, status, codes in (
            ('@ TXT "v=STSv1; id=1"\n@ TXT "v=STSv1; id=2"', "several", ["mta_sts.several"]),
            ('@ TXT "V=STSv1; id=1"', "invalid", ["mta_sts.version"]),
            ('@ TXT "v=STSv1 id=1"', "invalid", ["mta_sts.version"]),
            ('@ TXT "v=STSv1;"', "invalid", ["mta_sts.bad_id"]),
            ('@ TXT "v=STSv1; id=2026-01-01"', "invalid", ["mta_sts.bad_id"]),
            (f'@ TXT "v=STSv1; id={"1" * 33}"', "invalid", ["mta_sts.bad_id"]),
            ('@ TXT "v=STSv1; id=1; nonsense"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; x=y; id=1;"', "found", []),
            ('@ TXT "v=STSv1;id=1"', "found", []),
            ('@ TXT "v=STSv1; id=1; x=100%"', "found", []),
            ('@ TXT "v=STSv1; id=1; id=2-3"', "found", []),
            (f'@ TXT "v=STSv1; id=1; {"n" * 32}=1"', "found", []),
            (f'@ TXT "v=STSv1; id=1; {"n" * 33}=1"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x="', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x=y=z"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x/y=z"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; -x=y"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x=a b"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x=\\127"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1; x=\\195\\164"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id=1;;"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; ; id=1"', "invalid", ["mta_sts.syntax"]),
            ('@ TXT "v=STSv1; id = 1"', "invalid", ["mta_sts.syntax", "mta_sts.bad_id"]),
            ('@ TXT "v=STSv1; ID=1"', "invalid", ["mta_sts.bad_id"]),
            ('@ TXT "v=STSv1; id=1\\010"', "invalid", ["mta_sts.bad_id"]),
        ):
            with self.subTest(record):
                report = await self.inspect(record=record)
                self.assertEqual((report.status, self.codes(report)), (status, codes))

    async def test_each_way_of_not_getting_the_file_has_its_finding(self):
        for answer, status, code in (
            (Response(404, "text/html", b""), "invalid", "mta_sts.http_status"),
            (Response(301, "", b""), "invalid", "mta_sts.http_status"),
            (Response(503, "", b""), "unknown", "mta_sts.http_status"),
            (FetchError("certificate", "expired"), "invalid", "mta_sts.certificate"),
            (FetchError("not_public"), "invalid", "mta_sts.host_not_public"),
            (FetchError("too_large"), "invalid", "mta_sts.too_large"),
            (FetchError("timeout"), "unknown", "mta_sts.unreachable"),
            (FetchError("unreachable", "refused"), "unknown", "mta_sts.unreachable"),
            (FetchError("http"), "unknown", "mta_sts.unreachable"),
            (Response(200, "text/html", POLICY.encode()), "found", "mta_sts.content_type"),
        ):
            with self.subTest(repr(answer)):
                report = await self.inspect(answer)
                self.assertEqual((report.status, self.codes(report)), (status, [code]))

    async def test_a_policy_host_without_address(self):
        self.server.set_zone("mta-sts.example.com", "@ TXT x")
        report = await self.inspect()
        self.assertEqual((report.status, self.codes(report)), ("invalid", ["mta_sts.host_missing"]))

    async def test_what_dns_does_not_tell_is_unknown(self):
        for name, rdtype in (("_mta-sts.example.com", "TXT"), ("mta-sts.example.com", "A")):
            for behaviour in ("servfail", "drop"):
                with self.subTest(name=name, behaviour=behaviour):
                    self.server.clear_scripts()
                    self.server.script(name, rdtype, behaviour)
                    report = await self.inspect()
                    self.assertEqual((report.status, report.findings, report.failed.name), ("unknown", (), name))

    async def test_mail_hosts_that_the_policy_leaves_out_are_named(self):
        report = await self.inspect(Response(200, "text/plain", POLICY.replace("*.example.net", "b.example.org").encode()))
        self.assertEqual([(f.code, f.params["host"]) for f in report.findings],
                         [("mta_sts.mx_not_covered", "backup.example.net")])
        self.server.script("example.com", "MX", "servfail")
        report = await self.inspect(Response(200, "text/plain", POLICY.replace("*.example.net", "b.example.org").encode()))
        self.assertEqual((report.status, report.findings, report.failed.rdtype), ("found", (), "MX"))

    async def test_an_address_that_is_not_public_is_no_fault_while_the_other_family_is_not_known(self):
        self.server.script("mta-sts.example.com", "AAAA", "servfail")
        report = await self.inspect(FetchError("not_public"))
        self.assertEqual((report.status, report.findings, report.failed.rdtype), ("unknown", (), "AAAA"))

    async def test_over_the_network_from_record_to_policy(self):
        async with HttpsServer(["mta-sts.example.com"]) as https:
            https.response = ok(POLICY.encode())
            resolver = Resolver([self.server.address], timeout=0.5)
            fetcher = Fetcher(2.0, https.port, https.trusting, allowed=lambda _: True)
            report = await inspect(resolver, "example.com", fetch=fetcher)
            self.assertEqual((report.status, report.findings), ("found", ()))
            guarded = await inspect(resolver, "example.com", fetch=Fetcher(2.0, https.port, https.trusting))
            self.assertEqual(self.codes(guarded), ["mta_sts.host_not_public"])
