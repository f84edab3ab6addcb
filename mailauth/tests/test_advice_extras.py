"""What is good to have: offered only where it fits the mail that the domain really gets."""

from __future__ import annotations

import asyncio
import unittest

from .. import DomainQuery, Path, Resolver, Service
from ..records.mta_sts import parse_policy
from ..report import check_domain
from .dns_server import DnsServer

RELAY = Service("relay", "Relay", "ip4:192.0.2.0/26")
TWO_HOSTS = "@ MX 10 mail\n@ MX 20 mail2\nmail A 203.0.113.25\nmail2 A 203.0.113.26\n"


class TestExtras(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({}).start()
        cls.addClassCleanup(cls.server.stop)

    def extras(self, zone, service=RELAY, **options):
        self.server.set_zone("x.test", zone)
        paths = (Path("1", "x.test", "bounce@x.test", service),) if service else ()
        report = asyncio.run(check_domain(
            Resolver([self.server.address]), DomainQuery("x.test", paths=paths, **options)))

        return {change.reason: change for change in report.extras}

    def test_mta_sts_names_the_hosts_that_mail_goes_to_and_comes_with_its_file(self):
        change = self.extras(TWO_HOSTS)["mta_sts.create"]
        policy, findings = parse_policy("mta-sts.x.test", change.params["policy"])
        self.assertEqual((policy.mode, policy.mx), ("testing", ("mail.x.test", "mail2.x.test")))
        self.assertEqual([finding.code for finding in findings], ["mta_sts.testing"])
        self.assertEqual(change.params["url"], "https://mta-sts.x.test/.well-known/mta-sts.txt")
        self.assertRegex(change.value, r"v=STSv1; id=[0-9a-f]{16}")
        other = self.extras(TWO_HOSTS.replace("mail2", "mail3"))["mta_sts.create"]
        self.assertNotEqual(change.value, other.value, "another policy has another id")

    def test_no_mta_sts_where_it_would_promise_what_the_mx_records_do_not_hold(self):
        for zone in ("@ MX 10 gone\n", "@ MX 10 192.0.2.1\n", "@ A 203.0.113.25\n", "@ MX 0 .\n",
                     "@ MX 10 mail\nmail CNAME other\nother A 203.0.113.25\n",
                     TWO_HOSTS + '_mta-sts TXT "v=STSv1; id=1"\n'):
            with self.subTest(zone):
                self.assertNotIn("mta_sts.create", self.extras(zone))

    def test_reports_of_encryption_need_a_mailbox(self):
        self.assertNotIn("tls_rpt.create", self.extras(TWO_HOSTS))
        change = self.extras(TWO_HOSTS, dmarc_report_address="d@x.test")["tls_rpt.create"]
        self.assertEqual((change.name, change.value), ("_smtp._tls.x.test", "v=TLSRPTv1; rua=mailto:d@x.test"))
        there = TWO_HOSTS + '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:x@x.test"\n'
        self.assertNotIn("tls_rpt.create", self.extras(there, dmarc_report_address="d@x.test"))

    def test_mx_records_that_lead_nowhere_go_where_others_work(self):
        self.assertEqual(self.extras(TWO_HOSTS + "@ MX 0 .\n")["mx.delete_null"].value, "0 .")
        self.assertEqual(self.extras(TWO_HOSTS + "@ MX 30 gone\n")["mx.delete_dangling"].value, "30 gone.x.test")
        self.assertNotIn("mx.delete_dangling", self.extras("@ MX 30 gone\n"), "it is the only one")

    def test_a_domain_that_sends_never_gets_a_null_mx(self):
        for zone in ("@ A 203.0.113.25\n", '@ A 203.0.113.25\n@ TXT "v=spf1 -all"\n'):
            self.assertNotIn("mx.create_null", self.extras(zone))

    def test_a_domain_that_is_closed_may_be_closed_for_good(self):
        closed = '@ A 203.0.113.25\n@ TXT "v=spf1 -all"\n'
        self.assertEqual(set(self.extras(closed, None)), {"mx.create_null", "dmarc.parked"})
        weaker = self.extras(closed + '_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@x.test"\n', None)["dmarc.parked"]
        self.assertEqual((weaker.action, weaker.value), ("replace", "v=DMARC1; p=reject; rua=mailto:d@x.test"))
        self.assertEqual(set(self.extras(closed + "@ MX 10 mail\nmail A 203.0.113.25\n", None)), {"dmarc.parked"})
        self.assertEqual(self.extras('@ A 203.0.113.25\n@ TXT "v=spf1 mx -all"\n', None), {}, "who knows")

    def test_a_domain_that_somebody_unknown_sends_as_is_not_closed(self):
        self.server.set_zone("x.test", '@ A 203.0.113.25\n@ TXT "v=spf1 -all"\n')
        query = DomainQuery("x.test", paths=(Path("1", "x.test", "bounce@x.test"),))
        report = asyncio.run(check_domain(Resolver([self.server.address]), query))
        self.assertEqual((report.changes, report.extras), ((), ()))


if __name__ == "__main__":
    unittest.main()
