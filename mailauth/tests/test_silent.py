"""A domain of which an administrator says that it sends nothing: closed where nothing speaks against it."""

from __future__ import annotations

import asyncio
import unittest

from .. import DomainQuery, Path, Resolver, Service
from ..report import check_domain
from .dns_server import DnsServer

WEB = "@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\nns1 A 192.0.2.53\n@ A 203.0.113.25\n"
CLOSED = WEB + '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'
ALL_THREE = {("TXT", "x.test", "v=spf1 -all"), ("MX", "x.test", "0 ."), ("TXT", "_dmarc.x.test", "v=DMARC1; p=reject")}


class TestSilent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({}).start()
        cls.addClassCleanup(cls.server.stop)

    def report(self, zone, **options):
        self.server.set_zone("x.test", zone)
        query = DomainQuery("x.test", **{"sends_nothing": True, **options})
        return asyncio.run(check_domain(Resolver([self.server.address]), query))

    def changes(self, zone, **options):
        return {(change.rdtype, change.name, change.value) for change in self.report(zone, **options).changes}

    def codes(self, report):
        return {finding.code for finding in report.findings}

    def test_a_domain_that_only_has_a_website_is_closed_by_three_records(self):
        report = self.report(WEB)
        self.assertEqual(self.changes(WEB), ALL_THREE)
        self.assertFalse([change for change in report.changes if change.optional])
        self.assertEqual((report.state.value, report.spf.code, report.dmarc.code), ("warning", "spf.not_closed", "dmarc.not_closed"))
        self.assertIn("parked.open", self.codes(report))
        self.assertFalse([found for found in report.to_dict()["findings"] if found["severity"] == "error"], "no mail is harmed")

    def test_who_forges_it_is_reported_to_where_reports_were_seen_to_arrive(self):
        self.server.set_zone("reports.test", "@ MX 10 mail\nmail A 203.0.113.9")
        report = self.report(WEB, dmarc_report_address="d@reports.test", receives_reports=True)
        self.assertIn("v=DMARC1; p=reject; rua=mailto:d@reports.test", [change.value for change in report.changes])
        self.assertEqual([(change.name, change.value) for change in report.extras], [
            ("x.test._report._dmarc.reports.test", "v=DMARC1")])
        self.assertEqual(self.changes(WEB, dmarc_report_address="d@reports.test"), ALL_THREE, "that mail arrives was not seen")

    def test_once_they_are_published_all_is_in_order(self):
        report = self.report(CLOSED)
        self.assertEqual((report.state.value, report.changes), ("pass", ()))
        self.assertIn("parked.complete", self.codes(report))
        self.assertNotIn("parked.open", self.codes(report))

    def test_without_that_word_nothing_is_proposed(self):
        self.assertFalse(self.changes(WEB, sends_nothing=False))

    def test_an_mx_record_contradicts(self):
        report = self.report(WEB + "@ MX 10 mail\nmail A 203.0.113.26\n")
        self.assertEqual((report.changes, report.state.value), ((), "warning"))
        self.assertEqual([code for code in self.codes(report) if code.startswith("parked.has")], ["parked.has_mx"])

    def test_an_spf_record_that_permits_somebody_contradicts(self):
        for record in ("v=spf1 ip4:192.0.2.1 -all", "v=spf1 a -all", "v=spf1 +all", "v=spf1 all", "v=spf1 redirect=_spf.x.test",
                       "v=spf1 include:gone.test -all", "v=spf1 nonsense:x -all"):
            with self.subTest(record):
                report = self.report(f'{WEB}@ TXT "{record}"\n')
                self.assertEqual(report.changes, ())
                self.assertIn("parked.has_spf", self.codes(report))
        several = self.report(f'{WEB}@ TXT "v=spf1 -all"\n@ TXT "v=spf1 mx -all"\n')
        self.assertEqual(several.changes, ())

    def test_a_record_that_permits_nobody_but_says_so_softly_is_replaced(self):
        for record in ("v=spf1 ~all", "v=spf1 ?all", "v=spf1", "v=spf1 -ip4:192.0.2.1 ~all"):
            with self.subTest(record):
                [change] = [change for change in self.report(f'{WEB}@ TXT "{record}"\n').changes if change.reason == "spf.parked"]
                self.assertEqual((change.action, change.old_value, change.value), ("replace", record, "v=spf1 -all"))

    def test_mail_that_was_seen_contradicts(self):
        report = self.report(WEB, mail_seen=True)
        self.assertEqual(report.changes, ())
        self.assertEqual([code for code in self.codes(report) if code.startswith("parked.has")], ["parked.has_mail"])

    def test_a_path_of_ours_makes_the_word_count_for_nothing(self):
        service = Service("relay", "Relay", "ip4:192.0.2.0/26")
        report = self.report(WEB, paths=(Path("1", "x.test", "bounce@x.test", service),))
        self.assertNotIn("v=spf1 -all", {change.value for change in report.changes})
        self.assertNotIn("0 .", {change.value for change in report.changes})

    def test_no_reject_where_mail_of_a_subdomain_would_meet_it(self):
        self.assertEqual({value for _type, _name, value in self.changes(WEB, subdomains_pass=False)}, {"v=spf1 -all", "0 ."})

    def test_reports_that_somebody_receives_go_on(self):
        changes = self.changes(WEB + '_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@x.test"\n')
        self.assertIn(("TXT", "_dmarc.x.test", "v=DMARC1; p=reject; rua=mailto:d@x.test"), changes)

    def test_silence_of_dns_proposes_nothing_and_is_no_fault(self):
        for name, rdtype in (("x.test", "MX"), ("x.test", "TXT")):
            with self.subTest(rdtype):
                self.server.set_zone("x.test", WEB)
                self.server.script(name, rdtype, "servfail")
                try:
                    query = DomainQuery("x.test", sends_nothing=True)
                    report = asyncio.run(check_domain(Resolver([self.server.address], timeout=0.2), query))
                finally:
                    self.server.clear_scripts()
                self.assertEqual(report.changes, ())
                self.assertNotIn(report.state.value, ("fail", "pass"))
                self.assertFalse([code for code in self.codes(report) if code.startswith("parked.has")])

    def test_a_domain_that_does_not_exist_harms_no_mail(self):
        self.server.set_zone("test", "@ SOA ns1 hostmaster 1 3600 600 86400 300\n")
        query = DomainQuery("gone.test", sends_nothing=True)
        report = asyncio.run(check_domain(Resolver([self.server.address]), query))
        self.assertEqual((report.state.value, report.gate.code, report.changes), ("warning", "gate.parked_missing", ()))
        self.assertEqual(self.codes(report), {"parked.missing"})

    def test_nothing_is_published_beside_an_alias(self):
        self.server.set_zone("web.test", "@ A 203.0.113.25\n")
        self.assertFalse(self.changes("@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ CNAME web.test.\n"))


if __name__ == "__main__":
    unittest.main()
