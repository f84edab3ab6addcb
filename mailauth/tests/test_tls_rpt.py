"""The TLS-RPT record."""

from __future__ import annotations

import unittest

from ..dns.resolver import Resolver
from ..records.tls_rpt import CODES, inspect
from .dns_server import DnsServer


class TestTlsRpt(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer({})
        self.server.start()
        self.addCleanup(self.server.stop)

    async def inspect(self, *texts):
        self.server.set_zone("example.com", "".join(f'_smtp._tls 300 TXT "{text}"\n' for text in texts))
        return await inspect(Resolver([self.server.address], timeout=0.2, attempts=1), "example.com")

    async def test_a_record_is_read(self):
        report = await self.inspect("v=TLSRPTv1; rua=mailto:tls@example.com, https://r.example/x;", "unrelated")
        self.assertEqual((report.status, report.uris, report.ttl, report.findings),
                         ("found", ("mailto:tls@example.com", "https://r.example/x"), 300, ()))

    async def test_no_record_is_none(self):
        self.assertEqual((await self.inspect()).status, "none")
        self.assertEqual((await self.inspect("v=spf1 -all")).status, "none")

    async def test_each_fault_has_its_finding(self):
        good = "v=TLSRPTv1; rua=mailto:a@example.com"
        for texts, status, codes in (
            ((good, good + ";x=1"), "several", ["tls_rpt.several"]),
            (("v=TLSRPTv1",), "invalid", ["tls_rpt.no_rua"]),
            (("v=TLSRPTv1; rua=a@example.com",), "invalid", ["tls_rpt.bad_uri"]),
            (("v=TLSRPTv1; rua=http://example.com",), "invalid", ["tls_rpt.bad_uri"]),
            (("v=TLSRPTv1; rua=https://[",), "invalid", ["tls_rpt.bad_uri"]),
            ((good + "; nonsense",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=50%; y=a:b/c?d!e~",), "found", []),
            ((good + "; " + "n" * 32 + "=1",), "found", []),
            ((good + "; 9_.-=1;\t",), "found", []),
            ((good + "; " + "n" * 33 + "=1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; _x=1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x+y=1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; =1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=1=2",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x = 1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=a b",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=\\001",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; x=\\195\\164",), "invalid", ["tls_rpt.syntax"]),
            ((good + ";\\013\\010 x=1",), "invalid", ["tls_rpt.syntax"]),
            ((good + ";; x=1",), "invalid", ["tls_rpt.syntax"]),
            ((good + "; ;",), "invalid", ["tls_rpt.syntax"]),
            (("v=TLSRPTv1;; " + good[12:],), "invalid", ["tls_rpt.syntax"]),
            (("v=TLSRPTv1; RUA=mailto:a@example.com",), "invalid", ["tls_rpt.no_rua"]),
            (("v=TLSRPTv1; rua =mailto:a@example.com",), "invalid", ["tls_rpt.syntax", "tls_rpt.no_rua"]),
            ((good + ", https://r.example/x?y=1&z=2%2C",), "found", []),
            ((good + "?subject=a%3Db",), "found", []),
            ((good + ", b@example.com",), "invalid", ["tls_rpt.bad_uri"]),
            ((good + ",",), "invalid", ["tls_rpt.bad_uri"]),
            ((good + "!10m",), "invalid", ["tls_rpt.bad_uri"]),
            ((good + ", ftp://example.com/",), "found", ["tls_rpt.bad_uri"]),
            ((good + "; rua=https://r.example/",), "found", []),
            (("V=tlsrptv1; rua=mailto:a@example.com",), "invalid", ["tls_rpt.version"]),
            (("v=TLSRPTv1 rua=mailto:a@example.com",), "invalid", ["tls_rpt.version"]),
        ):
            with self.subTest(texts):
                report = await self.inspect(*texts)
                self.assertEqual((report.status, [f.code for f in report.findings]), (status, codes))
                self.assertLessEqual(set(codes), set(CODES))
                for finding in report.findings:
                    if finding.span:
                        self.assertTrue(0 <= finding.span[0] <= finding.span[1] <= len(finding.record))

    async def test_what_is_wrong_is_shown_where_it_stands(self):
        (finding,) = (await self.inspect("v=TLSRPTv1; a\\195\\164=1;rua=mailto:a@example.com; x=a\\001b")).findings[1:]
        self.assertEqual((finding.params["text"], finding.record[slice(*finding.span)]), ("x=a\\x01b", "x=a\\x01b"))

    async def test_an_empty_field_is_shown_by_the_semicolons_around_it(self):
        for text, shown in (("v=TLSRPTv1; rua=mailto:a@example.com;;", ";;"), ("v=TLSRPTv1; ; rua=mailto:a@example.com", "; ;")):
            (finding,) = (await self.inspect(text)).findings
            self.assertEqual((finding.params["text"], finding.record[slice(*finding.span)]), (shown, shown))

    async def test_no_answer_is_unknown(self):
        for behaviour in ("servfail", "refused", "drop", "garbage", "truncate-only"):
            with self.subTest(behaviour):
                self.server.script("_smtp._tls.example.com", "TXT", behaviour)
                report = await self.inspect("v=TLSRPTv1; rua=mailto:a@example.com")
                self.assertEqual((report.status, report.findings), ("unknown", ()))
                self.assertIsNotNone(report.failed)
