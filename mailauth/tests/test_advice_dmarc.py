"""DMARC that fits what the domain's mail can meet: never stricter than that, and never as an alarm."""

from __future__ import annotations

import asyncio
import unittest

from .. import DomainQuery, Path, Resolver, Selector, Service
from ..advice.dmarc import on_trial, relaxed
from ..change import to_rdata
from ..report import check_domain
from ..service import Envelope
from .dkim_keys import RSA_2048
from .dns_server import DnsServer

ODOO = Service("odoo", "Odoo", "ip4:192.0.2.0/26", selectors=(Selector("odoo", "odoo.dkim.test"),), signs=True)
UNSIGNED = Service("plain", "Plain", "ip4:203.0.113.64/28", selectors=(Selector("other"),))
GOOD = '@ MX 10 mail\nmail A 203.0.113.25\n@ TXT "v=spf1 ip4:192.0.2.0/26 -all"\nodoo._domainkey CNAME odoo.dkim.test.\n'
WORLD = {
    "dkim.test": f"odoo TXT {to_rdata('TXT', 'v=DKIM1; p=' + RSA_2048)}",
    "reports.test": '@ MX 10 mail\nmail A 203.0.113.9\nx.test._report._dmarc TXT "v=DMARC1"',
    "free.test": "@ MX 10 mail\nmail A 203.0.113.9",
}


class TestDmarcAdvice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(WORLD).start()
        cls.addClassCleanup(cls.server.stop)

    def report(self, *records, services=(ODOO,), zone=GOOD, domain="x.test", **options):
        self.server.set_zone("x.test", zone + "".join(f'_dmarc TXT "{record}"\n' for record in records))
        pairs = [service if isinstance(service, tuple) else (service, True) for service in services]
        query = DomainQuery(domain, paths=tuple(
            Path(str(number), domain, f"bounce@{domain}", service, in_use)
            for number, (service, in_use) in enumerate(pairs)), **options)
        return asyncio.run(check_domain(Resolver([self.server.address]), query))

    def dmarc(self, changes):
        return [(change.reason, change.value) for change in changes if change.reason.startswith("dmarc.")]

    def step(self, *records, **options):
        report = self.report(*records, **options)
        self.assertEqual(self.dmarc(report.changes), [], "no step is an alarm")
        self.assertTrue(all(change.optional for change in report.extras))
        return self.dmarc(report.extras)

    def test_the_next_step_goes_up_one_by_one(self):
        rua = "; rua=mailto:d@x.test"
        self.assertEqual(self.step(f"v=DMARC1; p=none{rua}"), [("dmarc.next_quarantine", f"v=DMARC1; p=quarantine{rua}")])
        self.assertEqual(self.step(f"v=DMARC1; p=quarantine{rua}"), [("dmarc.next_reject", f"v=DMARC1; p=reject{rua}")])
        self.assertEqual(self.step(f"v=DMARC1; p=reject{rua}"), [])

    def test_a_step_back_by_hand_is_one_step_and_keeps_the_rest(self):
        for text, back in (
            ("v=DMARC1; p=reject; rua=mailto:a@x.test", ("v=DMARC1; p=quarantine; sp=reject; rua=mailto:a@x.test", "quarantine")),
            ("v=DMARC1; p=quarantine; sp=none", ("v=DMARC1; p=none; sp=none", "none")),
            ("v=DMARC1; p=none", None), ("v=DMARC1", None), ("v=DMARC1; p=rejekt", None), ("", None),
        ):
            with self.subTest(text):
                self.assertEqual(relaxed(text), back)

    def test_a_step_as_a_test_says_so_and_keeps_the_rest(self):
        for text, trial in (
            ("v=DMARC1; p=reject; rua=mailto:a@x.test", "v=DMARC1; p=reject; rua=mailto:a@x.test; t=y"),
            ("v=DMARC1; p=reject; t=n;", "v=DMARC1; p=reject; t=y;"),
        ):
            with self.subTest(text):
                self.assertEqual(on_trial(text), trial)

    def test_without_reports_the_step_says_so_and_with_an_address_reports_come_first(self):
        self.assertEqual(self.step("v=DMARC1; p=none"), [("dmarc.next_quarantine_blind", "v=DMARC1; p=quarantine")])
        self.assertEqual(self.step("v=DMARC1; p=none", dmarc_report_address="d@x.test"),
                         [("dmarc.add_reports", "v=DMARC1; p=none; rua=mailto:d@x.test")])
        self.assertEqual(self.step("v=DMARC1; p=quarantine", dmarc_report_address="d@x.test")[0][0], "dmarc.add_reports")

    def test_what_else_the_owner_wrote_stays(self):
        self.assertEqual(
            self.step("v=DMARC1;p=none ;  sp=none; fo=1; rua=mailto:d@x.test;"),
            [("dmarc.next_quarantine", "v=DMARC1;p=quarantine ;  sp=none; fo=1; rua=mailto:d@x.test;")])

    def test_testing_ends_before_anything_else(self):
        self.assertEqual(self.step("v=DMARC1; p=quarantine; t=y; rua=mailto:d@x.test"),
                         [("dmarc.next_untested", "v=DMARC1; p=quarantine; rua=mailto:d@x.test")])

    def test_no_step_while_a_path_in_use_fails_is_fragile_or_is_not_known(self):
        record = "v=DMARC1; p=none; rua=mailto:d@x.test"
        for services in ((ODOO, UNSIGNED), (ODOO, None)):
            with self.subTest(services):
                self.assertEqual(self.step(record, services=services), [])
        self.assertEqual(len(self.step(record, services=(ODOO, (UNSIGNED, False)))), 1, "nothing uses that path")
        self.assertEqual(self.step(record, services=((ODOO, False),)), [], "nothing is in use")

    def test_no_step_while_mail_of_a_subdomain_does_not_pass_or_dns_is_silent(self):
        record = "v=DMARC1; p=none; rua=mailto:d@x.test"
        self.assertEqual(self.step(record, subdomains_pass=False), [])
        self.server.script("odoo._domainkey.x.test", "TXT", "servfail")
        self.addCleanup(self.server.clear_scripts)
        self.assertEqual(self.step(record), [])

    def test_no_step_for_an_inherited_record_or_one_behind_an_alias(self):
        zone = GOOD.replace("@", "sub").replace("odoo._domainkey", "odoo._domainkey.sub").replace("mail A", "mail.x.test. A")
        self.assertEqual(self.step("v=DMARC1; p=none; rua=mailto:d@x.test", zone=zone, domain="sub.x.test"), [])
        alias = GOOD + '_dmarc CNAME d\nd TXT "v=DMARC1; p=none; rua=mailto:d@x.test"\n'
        self.assertEqual(self.step(zone=alias), [])

    def test_a_subdomain_whose_mail_passes_makes_nothing_stricter_at_its_parent(self):
        zone = "".join(f"{line}\n" for line in (
            "sub MX 10 mail", "mail A 203.0.113.25", 'sub TXT "v=spf1 ip4:192.0.2.0/26 -all"',
            "odoo._domainkey.sub CNAME odoo.dkim.test."))
        for records in (["p=quarantine; v=DMARC1"], ["p=reject; v=DMARC1"], ["v=DMARC1; p=reject", "v=DMARC1; p=quarantine"]):
            with self.subTest(records):
                report = self.report(*records, zone=zone, domain="sub.x.test")
                self.assertTrue(report.changes)
                for change in (*report.changes, *report.extras):
                    if change.name.startswith("_dmarc.") and change.action != "delete":
                        self.assertEqual(change.value, "v=DMARC1; p=none")
        for record in ("v=DMARC1; p=none", "v=DMARC1; p=quarantine; t=y", "v=DMARC1; p=quarantine"):
            self.assertEqual(self.step(record, zone=zone, domain="sub.x.test"), [])

    def test_nothing_is_made_stricter_behind_a_shut_gate(self):
        for gate in ("@ MX 0 .", ""):
            zone = GOOD.replace("@ MX 10 mail", gate)
            for record in ("v=DMARC1; p=none; rua=mailto:d@x.test", "v=DMARC1; p=quarantine; rua=mailto:d@x.test",
                           "v=DMARC1; p=reject; t=y; rua=mailto:d@x.test"):
                with self.subTest(gate=gate, record=record):
                    self.assertEqual(self.step(record, zone=zone), [])
            for broken in ("p=quarantine; v=DMARC1", "p=reject; v=DMARC1"):
                self.assertEqual(self.dmarc(self.report(broken, zone=zone).changes), [("dmarc.repair", "v=DMARC1; p=none")])

    def test_nothing_is_made_stricter_while_the_gate_is_not_known(self):
        self.server.script("x.test", "MX", "servfail")
        self.addCleanup(self.server.clear_scripts)
        self.assertEqual(self.step("v=DMARC1; p=none; rua=mailto:d@x.test"), [])

    def test_no_step_back_from_a_record_that_asks_for_nothing(self):
        replaced = Service("own", "Own", envelope=Envelope.REPLACE, selectors=(Selector("own"),), signs=True)
        for record in ("v=DMARC1; p=none", "v=DMARC1; p=none; sp=reject", "v=DMARC1; p=none; t=y; np=quarantine"):
            for services in ((replaced,), (UNSIGNED,), (replaced, ODOO)):
                with self.subTest(record=record, services=services):
                    self.assertEqual(self.step(record, services=services), [])

    def test_no_step_back_where_the_mail_is_refused_at_any_policy(self):
        lost = Service("lost", "Lost", "include:spf.gone.test", selectors=(Selector("own"),))
        self.assertEqual(self.step("v=DMARC1; p=reject; rua=mailto:d@x.test", services=(lost,)), [])

    def test_a_step_back_keeps_what_the_owner_wrote_for_subdomains(self):
        replaced = Service("own", "Own", envelope=Envelope.REPLACE, selectors=(Selector("own"),), signs=True)
        self.assertEqual(self.step("v=DMARC1; p=quarantine; sp=none", services=(replaced,)),
                         [("dmarc.step_back", "v=DMARC1; p=none; sp=none")])

    def test_a_step_back_where_nothing_else_lets_the_own_mail_through(self):
        policy = "v=DMARC1; p=reject; rua=mailto:d@x.test"
        account = Service("own", "Own", selectors=(Selector("own"),))  # a key that only the account shows
        replaced = Service("own", "Own", envelope=Envelope.REPLACE, selectors=(Selector("own"),), signs=True)
        self.assertEqual(self.step(policy, services=(replaced,)),
                         [("dmarc.step_back", "v=DMARC1; p=none; sp=reject; rua=mailto:d@x.test")])
        self.assertEqual(self.step(policy, services=(ODOO, (account, False))), [], "nothing uses it")
        gone = GOOD.replace("odoo._domainkey CNAME odoo.dkim.test.", "").replace("192.0.2.0/26", "192.0.2.200")
        report = self.report(policy, zone=gone)
        self.assertEqual((self.dmarc(report.changes), self.dmarc(report.extras)), ([], []), "SPF and DKIM are enough")
        partly = GOOD.replace("odoo._domainkey CNAME odoo.dkim.test.", "").replace("192.0.2.0/26", "192.0.2.0/27")
        report = self.report(policy, zone=partly)
        self.assertEqual((report.state.value, self.dmarc(report.extras)), ("fail", []), "refused now, and what is needed mends it")

    def test_a_first_record_names_the_mailbox_only_where_reports_arrive(self):
        for address, rua, said in (
            ("d@x.test", "; rua=mailto:d@x.test", []), ("d+m@x.test", "; rua=mailto:d+m@x.test", []),
            ("d@reports.test", "; rua=mailto:d@reports.test", []), ("d@free.test", "", ["advice.report_address"]),
            ("d@gone.x.test", "", ["advice.report_address"]), ("no address", "", []), (None, "", []),
            ("a;p=reject@x.test", "", ["advice.report_address"]),
        ):
            with self.subTest(address):
                report = self.report(dmarc_report_address=address)
                self.assertEqual(self.dmarc(report.changes), [("dmarc.create", f"v=DMARC1; p=none{rua}")])
                self.assertEqual([f.code for f in report.findings if f.code.startswith("advice.")], said)

    def test_where_reports_were_seen_to_arrive_their_address_comes_beside_others(self):
        ours = {"dmarc_report_address": "d@x.test", "receives_reports": True}
        for record, value in (
            ("v=DMARC1; p=none; rua=mailto:a@x.test; fo=1", "v=DMARC1; p=none; rua=mailto:a@x.test,mailto:d@x.test; fo=1"),
            ("v=DMARC1; p=reject; fo=1", "v=DMARC1; p=reject; fo=1; rua=mailto:d@x.test"),
        ):
            with self.subTest(record):
                self.assertEqual(self.step(record, **ours), [("dmarc.receive_reports", value)])
        for record in ("v=DMARC1; p=reject; rua=mailto:D@X.test", "v=DMARC1; p=reject; rua=mailto:d@x.test!10m,mailto:a@x.test"):
            self.assertEqual(self.step(record, **ours), [], "it is there")
        self.assertEqual(self.step("v=DMARC1; p=none; rua=mailto:a@x.test", services=(UNSIGNED,), **ours)[0][0],
                         "dmarc.receive_reports", "what fails is worth reporting most of all")

    def test_another_domain_is_asked_to_agree_to_reports_that_arrive_there(self):
        report = self.report(dmarc_report_address="d@free.test", receives_reports=True)
        self.assertEqual(self.dmarc(report.changes), [("dmarc.create", "v=DMARC1; p=none; rua=mailto:d@free.test")])
        [agreement] = [change for change in report.extras if change.reason == "dmarc.authorize_reports"]
        self.assertEqual((agreement.name, agreement.value, agreement.optional), (
            "x.test._report._dmarc.free.test", "v=DMARC1", True))
        self.assertEqual(agreement.name, f"{agreement.host}.{agreement.zone}")
        self.assertEqual([finding.code for finding in report.findings if finding.code.startswith("advice.")], [])
        report = self.report(dmarc_report_address="d@reports.test", receives_reports=True)
        self.assertFalse([change for change in report.extras if change.reason == "dmarc.authorize_reports"], "it agreed")

    def test_an_address_that_dns_did_not_tell_of_is_left_out_in_silence(self):
        self.server.script("x.test._report._dmarc.reports.test", "TXT", "servfail")
        self.addCleanup(self.server.clear_scripts)
        report = self.report(dmarc_report_address="d@reports.test")
        self.assertEqual(self.dmarc(report.changes), [("dmarc.create", "v=DMARC1; p=none")])
        self.assertNotIn("advice.report_address", [finding.code for finding in report.findings])
        self.assertNotIn("advice", report.answered, "silence resolves no finding")

    def test_a_broken_record_is_replaced_by_one_that_receivers_read(self):
        for broken, whole in (
            ("v=DMARC1 p=reject", "v=DMARC1; p=none"),
            ("v=DMARC1 p=reject; rua=mailto:d@x.test", "v=DMARC1; p=none; rua=mailto:d@x.test"),
            ("v=DMARC1; p=oops", "v=DMARC1; p=none"),
            ("p=quarantine; v=DMARC1", "v=DMARC1; p=quarantine"),
        ):
            with self.subTest(broken):
                report = self.report(broken)
                self.assertEqual(self.dmarc(report.changes), [("dmarc.repair", whole)])
        fails = self.report("p=quarantine; v=DMARC1", services=(UNSIGNED,))
        self.assertEqual(self.dmarc(fails.changes), [("dmarc.repair", "v=DMARC1; p=none")], "what the mail can meet")

    def test_several_records_become_one_that_asks_for_what_all_of_them_ask(self):
        report = self.report("v=DMARC1; p=reject; rua=mailto:a@x.test", "v=DMARC1; p=quarantine; rua=mailto:b@x.test")
        self.assertEqual(sorted(self.dmarc(report.changes)), [
            ("dmarc.delete_extra", "v=DMARC1; p=reject; rua=mailto:a@x.test"),
            ("dmarc.merge", "v=DMARC1; p=quarantine; rua=mailto:b@x.test,mailto:a@x.test")])


if __name__ == "__main__":
    unittest.main()
