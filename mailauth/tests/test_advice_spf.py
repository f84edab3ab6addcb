"""One SPF record for everybody who sends, also where there is no room for all of it."""

from __future__ import annotations

import asyncio
import unittest

from .. import DomainQuery, Path, Resolver, Service
from ..advice.budget import without
from ..report import check_domain
from ..service import Envelope
from .dns_server import DnsServer

ODOO = Service("odoo", "Odoo", "include:_spf.odoo.test")
NEWS = Service("news", "News", "include:_spf.news.test")
OLD = Service("old", "Old", "include:_spf.old.test")
OWN = Service("own", "Own", "include:_spf.news.test", Envelope.REPLACE)
WORLD = {
    "odoo.test": '_spf TXT "v=spf1 ip4:192.0.2.0/26 ~all"',
    "news.test": '_spf TXT "v=spf1 include:_a.news.test ip4:198.51.100.0/28 -all"\n_a TXT "v=spf1 ip4:198.51.100.64/28 -all"',
    "old.test": '_spf TXT "v=spf1 ip4:203.0.113.64/28 -all"',
    "six.test": "\n".join(
        ['_spf TXT "v=spf1 %s -all"' % " ".join(f"include:_{n}.six.test" for n in range(5))]
        + [f'_{n} TXT "v=spf1 ip4:203.0.113.{n} -all"' for n in range(5)]),
    "loop.test": '@ TXT "v=spf1 include:loop.test -all"',
}
MX = "@ MX 10 mail\nmail A 203.0.113.25\n"


class TestSpfAdvice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(WORLD).start()
        cls.addClassCleanup(cls.server.stop)

    def report(self, record, *services, zone=""):
        """``services``, or pairs of one and whether it is in use."""
        self.server.set_zone("x.test", MX + (f'@ TXT "{record}"\n' if record else "") + zone)
        pairs = [service if isinstance(service, tuple) else (service, True) for service in services]
        query = DomainQuery("x.test", paths=tuple(
            Path(str(number), "x.test", "bounce@x.test", service, in_use)
            for number, (service, in_use) in enumerate(pairs)))
        return asyncio.run(check_domain(Resolver([self.server.address]), query))

    def spf(self, report):
        return [change for change in (*report.changes, *report.extras)
                if change.name == "x.test" and change.rdtype == "TXT"]

    def test_one_record_permits_every_service_that_keeps_the_envelope(self):
        [change] = self.spf(self.report("", ODOO, NEWS, OWN))
        self.assertEqual(change.value, "v=spf1 include:_spf.odoo.test include:_spf.news.test ~all")
        self.assertEqual(change.params["services"], ["Odoo", "News"])

    def test_a_service_that_replaces_the_envelope_needs_no_term(self):
        self.assertEqual(self.spf(self.report("v=spf1 mx ~all", OWN)), [])

    def test_a_service_that_nothing_uses_is_not_asked_for_and_stays_where_there_is_room(self):
        for record, value in (
            ("v=spf1 mx ~all", "v=spf1 include:_spf.odoo.test mx ~all"),
            ("v=spf1 include:_spf.old.test ~all", "v=spf1 include:_spf.odoo.test include:_spf.old.test ~all"),
        ):
            [change] = self.spf(self.report(record, (OLD, False), ODOO))
            self.assertEqual(change.value, value)
        self.assertEqual(self.spf(self.report("v=spf1 include:_spf.odoo.test ~all", (OLD, False), ODOO)), [])

    def test_several_terms_of_one_service_are_added_together(self):
        [change] = self.spf(self.report("v=spf1 mx ~all", Service("relay", "Relay", "ip4:192.0.2.1 ip4:192.0.2.2")))
        self.assertEqual(change.value, "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 mx ~all")

    def test_what_another_include_brings_and_what_names_nothing_goes_where_there_is_no_room(self):
        hosts = " ".join(f"a:h{n}.x.test" for n in range(6))
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(6))
        report = self.report(
            f"v=spf1 include:_spf.news.test include:_a.news.test {hosts} a:void.x.test ~all", ODOO, zone=zone)
        [change] = self.spf(report)
        self.assertEqual(change.reason, "spf.trim")
        self.assertEqual([(drop["term"], drop["why"]) for drop in change.params["drops"]],
                         [("a:void.x.test", "void")], "the least that is enough")
        self.assertEqual(report.budget.lookups, 11)
        self.assertEqual({term.term: term.why for term in report.budget.terms}["include:_a.news.test"], "covered")

    def test_an_include_that_breaks_the_record_goes_and_is_named(self):
        for broken in ("include:gone.test", "include:loop.test", "include:mail.x.test"):
            with self.subTest(broken):
                report = self.report(f"v=spf1 {broken} mx ~all", ODOO)
                [change] = self.spf(report)
                self.assertEqual(change.value, "v=spf1 include:_spf.odoo.test mx ~all")
                self.assertEqual([drop["why"] for drop in change.params["drops"]], ["broken"])

    def test_names_that_lead_nowhere_go_where_receivers_give_up_before_they_reach_the_service(self):
        self.server.set_zone(
            "x.test", '@ A 203.0.113.1\n@ TXT "v=spf1 a:void.x.test mx ptr"\n@ TXT "v=spf1 include:_spf.odoo.test +all"')
        query = DomainQuery("x.test", paths=(Path("1", "x.test", "bounce@x.test", ODOO),))
        resolver = Resolver([self.server.address])
        report = asyncio.run(check_domain(resolver, query))
        change = next(change for change in self.spf(report) if change.action == "replace")
        self.assertEqual(change.reason, "spf.mend")
        self.assertEqual([drop["term"] for drop in change.params["drops"]], ["a:void.x.test", "mx"])
        after = asyncio.run(check_domain(resolver.overlay(report.changes), query))
        self.assertNotIn("spf.not_authorised", [finding.code for finding in after.findings])

    def test_what_a_sending_service_needs_never_goes_however_broken_it_is(self):
        report = self.report("v=spf1 mx ~all", Service("gone", "Gone", "include:gone.test"))
        self.assertEqual(self.spf(report), [])
        self.assertIn("advice.merge_refused", [finding.code for finding in report.findings])

    def test_services_that_nothing_uses_go_before_there_is_no_room_for_those_that_send(self):
        report = self.report("v=spf1 include:_spf.six.test include:_spf.news.test include:_spf.old.test ~all",
                             ODOO, NEWS, (OLD, False))
        self.assertIsNone(next((c for c in self.spf(report) if "drops" in c.params), None), "ten lookups fit")
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(2))
        report = self.report(
            "v=spf1 include:_spf.six.test include:_spf.old.test a:h0.x.test a:h1.x.test ~all",
            ODOO, NEWS, (OLD, False), zone=zone)
        self.assertEqual(self.spf(report), [], "two too many, of which one may go")
        self.assertEqual([f.params["lookups"] for f in report.findings if f.code == "advice.lookup_limit"], [12])

    def test_a_service_that_nothing_uses_gives_its_place_to_one_that_sends(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(2))
        [change] = self.spf(self.report(
            "v=spf1 include:_spf.six.test include:_spf.old.test a:h0.x.test a:h1.x.test ~all",
            NEWS, (OLD, False), zone=zone))
        self.assertEqual(change.value, "v=spf1 include:_spf.news.test include:_spf.six.test a:h0.x.test a:h1.x.test ~all")
        self.assertEqual(change.params["drops"], [
            {"term": "include:_spf.old.test", "lookups": 1, "why": "unused", "services": ["Old"]}])

    def test_what_nobody_here_knows_is_never_left_out_unasked(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(4))
        record = "v=spf1 include:_spf.six.test a:h0.x.test a:h1.x.test a:h2.x.test a:h3.x.test ~all"
        report = self.report(record, ODOO, zone=zone)
        self.assertEqual(self.spf(report), [])
        self.assertEqual([(t.term, t.lookups, t.why) for t in report.budget.terms], [
            ("include:_spf.odoo.test", 1, "needed"), ("include:_spf.six.test", 6, "unknown"),
            *((f"a:h{n}.x.test", 1, "unknown") for n in range(4))])
        budget = report.to_dict()["budget"]
        (change,), lookups = without(budget, ["a:h2.x.test"], "x.test")
        value = change.value
        self.assertEqual((change.host, change.old_value, [drop["term"] for drop in change.params["drops"]]),
                         ("@", record, ["a:h2.x.test"]))
        self.assertEqual(value, "v=spf1 include:_spf.odoo.test include:_spf.six.test a:h0.x.test a:h1.x.test a:h3.x.test ~all")
        self.assertEqual(lookups, 10)
        self.assertEqual(self.report(value, ODOO, zone=zone).spf.code, "spf.ok", "as reckoned")
        self.assertEqual(without(budget, []), ((), 11), "still too many")
        self.assertEqual(without(budget, ["include:_spf.odoo.test"])[0], (), "a service that sends needs it")
        self.assertEqual(without(budget, ["mx"])[0], (), "not one of the terms")

    def test_a_redirect_is_left_out_where_a_person_says_so(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(4))
        record = "v=spf1 a:h0.x.test a:h1.x.test a:h2.x.test a:h3.x.test redirect=_spf.six.test"
        report = self.report(record, ODOO, zone=zone)
        self.assertEqual(self.spf(report), [])
        (change,), lookups = without(report.to_dict()["budget"], ["redirect=_spf.six.test"], "x.test")
        self.assertEqual(
            (change.value, lookups),
            ("v=spf1 include:_spf.odoo.test a:h0.x.test a:h1.x.test a:h2.x.test a:h3.x.test ~all", 5))

    def test_a_change_keeps_the_limits_of_the_whole_tree_though_our_own_mail_would_pass_before_them(self):
        hosts = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(11))

        def many(count):
            return " ".join(f"a:h{n}.x.test" for n in range(count))

        for record, refused in (
            (f"v=spf1 {many(9)} -all", ()),
            (f"v=spf1 {many(10)} -all", ("advice.lookup_limit",)),  # it would exceed ten
            (f"v=spf1 {many(11)} -all", ("advice.lookup_limit",)),  # it would exceed them further
            ("v=spf1 include:_spf.void.test -all", ()),
            ("v=spf1 include:_spf.voids.test -all", ("advice.merge_refused",)),  # three that find nothing, not ours to take out
        ):
            with self.subTest(record):
                self.server.set_zone("void.test", '_spf TXT "v=spf1 a:v1.void.test a:v2.void.test -all"')
                self.server.set_zone("voids.test", '_spf TXT "v=spf1 a:v1.void.test a:v2.void.test a:v3.void.test -all"')
                report = self.report(record, ODOO, zone=hosts)
                self.assertEqual(bool(self.spf(report)), not refused)
                self.assertEqual(tuple(f.code for f in report.findings if f.code.startswith("advice.")), refused)

    def test_a_change_keeps_the_limit_for_senders_of_one_family(self):
        relay = Service("relay", "Relay", "a:h3.x.test")
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\n" for n in range(1, 6))
        for count, fits in ((1, True), (2, False), (4, False)):
            record = "v=spf1 " + " ".join(f"a:h{n}.x.test" for n in (1, 2, 4, 5)[:count]) + " -all"
            self.assertEqual(bool(self.spf(self.report(record, relay, zone=zone))), fits, record)
        full = "v=spf1 a:h1.x.test a:h2.x.test a:h4.x.test a:h5.x.test -all"
        self.assertTrue(self.spf(self.report(full, ODOO, zone=zone)), "an excess that is there stays as it is")

    def test_mail_that_passes_keeps_passing_while_what_stands_behind_is_mended(self):
        for behind, left in (
            ("include:gone.test", ""), ("a:v1.x.test a:v2.x.test a:v3.x.test", " a:v2.x.test a:v3.x.test"),
            ("include:loop.test", ""),
        ):
            with self.subTest(behind):
                report = self.report(f"v=spf1 include:_spf.odoo.test {behind} -all", ODOO)
                self.assertEqual(report.spf.code, "spf.fault_behind")
                [change] = self.spf(report)
                self.assertEqual(change.value, f"v=spf1 include:_spf.odoo.test{left} -all")

    def test_a_person_cannot_choose_a_record_that_receivers_give_up_on_for_its_voids(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(9))
        self.server.set_zone("voids.test", '_spf TXT "v=spf1 a:v1.void.test a:v2.void.test a:v3.void.test -all"')
        record = "v=spf1 include:_spf.voids.test " + " ".join(f"a:h{n}.x.test" for n in range(8)) + " -all"
        report = self.report(record, ODOO, zone=zone)
        budget = report.to_dict()["budget"]
        self.assertEqual((budget["lookups"], budget["voids"]), (13, 3))
        self.assertEqual(without(budget, [f"a:h{n}.x.test" for n in range(4)]), ((), 9))
        self.assertEqual(without(budget, ["include:_spf.voids.test"])[1], 9)
        self.assertEqual(len(without(budget, ["include:_spf.voids.test"])[0]), 1)
        old = {**budget, "terms": [{key: value for key, value in term.items() if key != "voids"} for term in budget["terms"]]}
        del old["voids"]
        self.assertEqual(len(without(old, ["include:_spf.voids.test"])[0]), 1, "as an older version stored it")

    def test_a_first_record_is_not_proposed_while_somebody_unknown_sends_too(self):
        self.assertEqual(self.spf(self.report("", ODOO, None)), [])
        self.assertEqual([c.value for c in self.spf(self.report("v=spf1 mx ~all", ODOO, None))],
                         ["v=spf1 include:_spf.odoo.test mx ~all"])
        self.assertEqual(len(self.spf(self.report("", ODOO, (None, False)))), 1, "nobody uses that path")

    def test_silence_proposes_nothing(self):
        self.server.script("_spf.odoo.test", "TXT", "servfail")
        self.addCleanup(self.server.clear_scripts)
        self.assertEqual(self.spf(self.report("v=spf1 mx ~all", ODOO)), [])
        self.assertEqual(self.spf(self.report("v=spf1 mx ~all", ODOO, NEWS)), [], "nor for somebody else meanwhile")

    def test_a_service_whose_own_record_has_a_fault_is_not_put_before_all_others(self):
        self.server.set_zone("sick.test", '_spf TXT "v=spf1 ip4:192.0.2.200 include:gone.test -all"')
        sick = Service("sick", "Sick", "include:_spf.sick.test")
        report = self.report("v=spf1 mx ~all", sick)
        self.assertEqual(self.spf(report), [], "its own mail would pass, and nobody's behind it")
        self.assertIn("advice.merge_refused", [finding.code for finding in report.findings])

    def test_a_service_of_which_nothing_is_known_has_its_place_in_a_record_that_is_mended(self):
        by_name = Service("names", "By Name", "exists:%{i}._ok.x.test")
        [change] = self.spf(self.report("v=spf1 exists:%{h}.other.test include:gone.test -all", by_name))
        self.assertEqual(change.value, "v=spf1 exists:%{i}._ok.x.test exists:%{h}.other.test -all")

    def test_what_a_mended_record_lacks_is_added_and_no_more(self):
        for record, value in (
            ("v=spf1 ipv4:192.0.2.0/26 mx -all", "v=spf1 include:_spf.news.test ip4:192.0.2.0/26 mx -all"),
            ("v=spf1 ipv4:192.0.2.0/27 mx -all", "v=spf1 include:_spf.odoo.test include:_spf.news.test ip4:192.0.2.0/27 mx -all"),
            ("v=spf1 _spf.odoo.test mx -all", "v=spf1 include:_spf.news.test include:_spf.odoo.test mx -all"),
        ):
            with self.subTest(record):
                [change] = self.spf(self.report(record, ODOO, NEWS))
                self.assertEqual(change.value, value)

    def test_of_what_may_go_the_costliest_goes_first_and_no_more_than_needed(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(4))
        six = Service("six", "Six", "include:_spf.six.test")
        [change] = self.spf(self.report(
            "v=spf1 include:_spf.old.test include:_spf.six.test a:h0.x.test a:h1.x.test a:h2.x.test a:h3.x.test ~all",
            ODOO, (OLD, False), (six, False), zone=zone))
        self.assertEqual([drop["term"] for drop in change.params["drops"]], ["include:_spf.six.test"])

    def test_an_include_that_refuses_some_first_does_not_stand_for_what_it_includes(self):
        zone = "".join(f"h{n} A 203.0.113.{n + 1}\nh{n} AAAA 2001:db8::{n}\n" for n in range(7))
        hosts = " ".join(f"a:h{n}.x.test" for n in range(7))
        for before, why in (("", "covered"), ("-ip4:198.51.100.65 ", "unknown"), ("?ip4:198.51.100.65 ", "unknown")):
            self.server.set_zone("other.test", f'_spf TXT "v=spf1 {before}include:_a.news.test -all"')
            report = self.report(f"v=spf1 include:_spf.other.test include:_a.news.test {hosts} ~all", ODOO, zone=zone)
            self.assertEqual({term.term: term.why for term in report.budget.terms}["include:_a.news.test"], why)

    def test_a_service_of_which_a_part_passes_gets_all_of_it(self):
        [change] = self.spf(self.report("v=spf1 ip4:192.0.2.0/27 ~all", ODOO))
        self.assertEqual(change.value, "v=spf1 include:_spf.odoo.test ip4:192.0.2.0/27 ~all")

    def test_a_change_that_makes_another_sending_path_worse_is_refused(self):
        by_name = Service("names", "By Name", "exists:%{i}._ok.x.test")  # a name that is not there is a void lookup
        record = "v=spf1 a:v1.x.test a:v2.x.test include:_spf.news.test ~all"
        self.assertEqual(self.report(record, NEWS).results["0"].spf, "pass")
        report = self.report(record, by_name, NEWS)
        self.assertEqual(self.spf(report), [])
        self.assertIn("advice.merge_refused", [finding.code for finding in report.findings])
        self.assertEqual(len(self.spf(self.report(record.replace("a:v2.x.test ", ""), by_name, NEWS))), 1)


if __name__ == "__main__":
    unittest.main()
