"""What the MX records of a domain come to."""

from __future__ import annotations

import unittest

from ..dns.resolver import Resolver
from ..records.mx import CODES, inspect
from .dns_server import DnsServer

ZONE = """
@ 600 MX 20 backup
@ 600 MX 10 Mail
mail A 192.0.2.1
backup AAAA 2001:db8::1
none TXT "no mail here"
null MX 0 .
nullplus MX 0 .
nullplus MX 10 mail
dangling MX 10 mail
dangling MX 20 gone
alldangling MX 10 gone
alldangling MX 20 textonly
textonly TXT "x"
alias MX 10 points
points CNAME mail
pointsnowhere CNAME gone
deadalias MX 10 pointsnowhere
literal MX 10 192.0.2.7.
literal MX 20 mail
inside MX 10 lan
lan A 192.168.1.5
lan A 10.0.0.1
halfinside MX 10 dual
dual A 10.0.0.1
dual AAAA 2001:db8::5
fails MX 10 failing
fails MX 20 mail
failing A 192.0.2.3
odd MX 10 a\\032b\\.c
"""


class TestMx(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer({"example.com": ZONE})
        self.server.start()
        self.addCleanup(self.server.stop)

    async def inspect(self, name):
        return await inspect(Resolver([self.server.address], timeout=0.2, attempts=1), name)

    async def findings(self, label):
        report = await self.inspect(f"{label}.example.com" if label else "example.com")
        return report.status, [(finding.code, finding.params.get("host")) for finding in report.findings]

    async def test_hosts_come_in_the_order_of_preference(self):
        report = await self.inspect("example.com")
        self.assertEqual((report.status, report.ttl, report.findings), ("found", 600, ()))
        self.assertEqual([e.host for e in report.exchanges], ["mail.example.com", "backup.example.com"])

    async def test_each_fault_has_its_finding(self):
        for label, expected in {
            "none": ("none", [("mx.none", None)]),
            "null": ("null", [("mx.null", None)]),
            "nullplus": ("found", [("mx.null_with_others", None)]),
            "dangling": ("found", [("mx.dangling", "gone.example.com")]),
            "alldangling": ("found", [("mx.dangling", "gone.example.com"), ("mx.dangling", "textonly.example.com"),
                                      ("mx.all_dangling", None)]),
            "alias": ("found", [("mx.alias", "points.example.com")]),
            "deadalias": ("found", [("mx.alias", "pointsnowhere.example.com"), ("mx.dangling", "pointsnowhere.example.com"),
                                    ("mx.all_dangling", None)]),
            "literal": ("found", [("mx.address_literal", "192.0.2.7")]),
            "inside": ("found", [("mx.not_public", "lan.example.com")]),
            "halfinside": ("found", []),
            "odd": ("found", [("mx.dangling", "a\\032b\\.c.example.com"), ("mx.all_dangling", None)]),
            "gone": ("none", []),
        }.items():
            with self.subTest(label):
                self.assertEqual(await self.findings(label), expected)
                self.assertLessEqual({code for code, _ in expected[1]}, set(CODES))

    async def test_an_mx_that_dns_does_not_tell_is_unknown(self):
        for behaviour in ("servfail", "refused", "drop", "garbage", "referral"):
            with self.subTest(behaviour):
                self.server.script("example.com", "MX", behaviour)
                report = await self.inspect("example.com")
                self.assertEqual((report.status, report.findings, report.failed.rdtype), ("unknown", (), "MX"))

    async def test_a_host_that_dns_does_not_tell_is_not_dangling(self):
        for rdtype in ("A", "AAAA"):
            for behaviour in ("servfail", "drop"):
                with self.subTest(rdtype=rdtype, behaviour=behaviour):
                    self.server.clear_scripts()
                    self.server.set_zone("failing.example.com", "@ TXT x")  # no address of the other family
                    self.server.script("failing.example.com", rdtype, behaviour)
                    report = await self.inspect("fails.example.com")
                    self.assertEqual([f.code for f in report.findings], ["mx.unanswered"])
                    self.assertEqual(report.failed.name, "failing.example.com")

    async def test_an_address_for_one_network_only_is_no_fault_while_the_other_family_is_not_known(self):
        self.server.script("lan.example.com", "AAAA", "servfail")
        report = await self.inspect("inside.example.com")
        self.assertEqual([f.code for f in report.findings], ["mx.unanswered"])
        self.assertEqual((report.failed.name, report.failed.rdtype), ("lan.example.com", "AAAA"))

    async def test_a_crowd_of_hosts_costs_a_bounded_number_of_questions(self):
        self.server.set_zone("crowd.test", "".join(f"@ MX 10 m{i}\n" for i in range(200)))
        resolver = Resolver([self.server.address], timeout=0.5)
        await inspect(resolver, "crowd.test")
        self.assertLessEqual(resolver.questions, 45)
