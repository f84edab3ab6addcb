"""One domain as a whole: given this zone and these senders, that is said and proposed."""

import asyncio
import json
import socket
import time
import unittest
from dataclasses import replace
from unittest import mock

from .. import CODES, DomainQuery, Path, Resolver, Selector, Service, check_domains, iter_reports
from ..blocking import MAX_WAITING
from ..change import to_rdata
from ..dns import cache
from ..service import Envelope
from ..spf import walk
from ..verdict.facts import PATHS_AT_ONCE
from .dkim_keys import RSA_2048
from .dns_server import DnsServer

KEY = to_rdata("TXT", f"v=DKIM1; k=rsa; p={RSA_2048}")
ODOO = Service(
    "odoo", "Odoo", "include:_spf.odoo.example", selectors=(Selector("odoo", "odoo._domainkey.odoo.example"),),
    signs=True)
OWN_ENVELOPE = Service(
    "own", "Own", envelope=Envelope.REPLACE, selectors=(Selector("k1", "k1.dkim.own.example"),), signs=True)
ACCOUNT = Service("account", "Account", "include:spf.account.example", signs=True)
WORLD = {
    "odoo.example": f'_spf TXT "v=spf1 ip4:192.0.2.0/26 ip6:2001:db8::/48 ~all"\nodoo._domainkey TXT {KEY}',
    "own.example": f"k1.dkim TXT {KEY}",
    "account.example": 'spf TXT "v=spf1 ip4:198.51.100.0/28 -all"',
}
MX = "@ MX 10 mail\nmail A 203.0.113.25\n"
SPF = '@ TXT "v=spf1 include:_spf.odoo.example ~all"\n'
DKIM = "odoo._domainkey CNAME odoo._domainkey.odoo.example.\n"
DMARC = '_dmarc TXT "v=DMARC1; p=none"\n'
REJECT = '_dmarc TXT "v=DMARC1; p=reject"\n'


class ReportCase(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer(WORLD).start()
        self.addCleanup(self.server.stop)

    async def report(self, zone, *services, name="x.example", **options):
        """The report on a domain with this zone whose mail leaves through these services."""
        self.server.set_zone(name, zone)
        paths = tuple(Path(service.code, name, f"bounce@{name}", service) for service in services)
        resolver = Resolver([self.server.address], timeout=0.2)
        [report] = await check_domains(resolver, [DomainQuery(name, paths=paths, **options)])
        json.dumps(report.to_dict(), ensure_ascii=False).encode()
        self.assertLessEqual({finding.code for finding in report.findings}, set(CODES))
        return report

    def states(self, report):
        return [area.state.value for area in (report.spf, report.dkim, report.dmarc)]

    def changes(self, report):
        return [(change.action, change.rdtype, change.host, change.value) for change in report.changes]


class TestVerdict(ReportCase):
    async def test_however_many_paths_bounce_to_a_domain_a_bounded_number_is_under_way(self):
        number, most = 3 * PATHS_AT_ONCE, 0
        self.server.set_zone("many.example", "\n".join(f'd{n} TXT "v=spf1 -all"' for n in range(number)))

        class Counting(Resolver):
            async def query(self, *arguments, **options):
                nonlocal most
                most = max(most, len(asyncio.all_tasks()))
                return await super().query(*arguments, **options)

        paths = tuple(Path(str(n), f"d{n}.many.example", "bounce@x.example", ODOO) for n in range(number))
        self.server.set_zone("x.example", MX + SPF + DKIM + DMARC)
        resolver = Counting([self.server.address], timeout=2.0, attempts=5)
        [report] = await check_domains(resolver, [DomainQuery("x.example", paths=paths)])
        self.assertEqual(len(report.paths), number)
        self.assertLess(most, 10 * PATHS_AT_ONCE)  # a path waits with several tasks

    async def test_everything_in_order_passes(self):
        report = await self.report(MX + SPF + DKIM + REJECT, ODOO)
        self.assertEqual((report.state.value, self.states(report)), ("pass", ["pass", "pass", "pass"]))
        self.assertEqual(self.changes(report), [])

    async def test_nothing_at_all_is_refused_even_without_a_policy(self):
        report = await self.report(MX, ODOO)
        self.assertEqual((report.state.value, self.states(report)), ("fail", ["fail", "fail", "warning"]))

    async def test_enforced_policy_without_authentication_is_said_to_refuse(self):
        report = await self.report(MX + REJECT, ODOO)
        self.assertEqual(report.dmarc.code, "dmarc.reject")

    async def test_a_report_says_what_receivers_are_asked_for_and_where(self):
        policy = (await self.report(MX + SPF + DKIM + REJECT, ODOO)).to_dict()["policy"]
        self.assertEqual(policy, {
            "status": "found", "requested": "reject", "testing": False, "name": "_dmarc.x.example", "inherited": False})
        self.assertEqual((await self.report(MX + SPF + DKIM, ODOO)).to_dict()["policy"]["status"], "none")
        self.server.script("_dmarc.x.example", "TXT", "servfail")
        self.assertEqual((await self.report(MX + SPF + DKIM + REJECT, ODOO)).to_dict()["policy"]["status"], "unknown")

    async def test_missing_spf_beside_a_good_signature_is_amber_not_red(self):
        report = await self.report(MX + DKIM + REJECT, ODOO)
        self.assertEqual((report.state.value, self.states(report)[:2]), ("warning", ["warning", "pass"]))

    async def test_a_fault_is_an_error_only_as_long_as_mail_may_be_refused_for_it(self):
        behind = '@ TXT "v=spf1 include:_spf.odoo.example include:gone.x.example ~all"\n'

        def severities(report):
            told = {found["code"]: found["severity"] for found in report.to_dict()["findings"]}
            self.assertEqual(told, {found.code: report.severity(found).value for found in report.findings})
            return told

        for zone, code, severity in (
            (MX + behind + DKIM + REJECT, "spf.include_none", "warning"),  # behind what lets the mail pass
            (MX + DKIM + REJECT, "spf.missing", "warning"),  # the signature speaks for it
            (MX + REJECT, "spf.missing", "error"),
            ("mail A 203.0.113.25\n@ MX 10 gone\n" + SPF + DKIM + REJECT, "mx.all_dangling", "error"),  # no matter of SPF
        ):
            with self.subTest(code, severity=severity):
                self.assertEqual(severities(await self.report(zone, ODOO)).get(code), severity)
        self.server.script("odoo._domainkey.x.example", "*", "servfail")
        silent = severities(await self.report(MX + REJECT, ODOO))
        self.assertEqual(silent["spf.missing"], "error", "silence makes no fault smaller")

    async def test_service_with_its_own_envelope_needs_no_spf(self):
        report = await self.report(MX + "k1._domainkey CNAME k1.dkim.own.example.\n" + DMARC, OWN_ENVELOPE)
        self.assertEqual((report.state.value, report.spf.state.value), ("pass", "not_needed"))

    async def test_service_with_its_own_envelope_and_no_key_fails_only_under_a_policy(self):
        self.assertEqual((await self.report(MX + DMARC, OWN_ENVELOPE)).state.value, "warning")
        self.assertEqual((await self.report(MX + REJECT, OWN_ENVELOPE)).state.value, "fail")

    async def test_service_that_bounces_below_the_domain_aligns_once_that_is_published(self):
        relay = Service("relay", "Relay", envelope=Envelope.SUBDOMAIN, selectors=(Selector("r1"),), signs=True,
                        bounce_subdomain="send")
        published = "send CNAME spf.account.example.\n"
        broken = 'send TXT "v=spf1 ip4:192.0.2"\n'
        strict = '_dmarc TXT "v=DMARC1; p=reject; aspf=s"\n'
        for about, zone, spf, state in (
            ("nothing there: the service's own domain", MX + REJECT, ("service", None, False), "fail"),
            ("published", MX + REJECT + published, ("pass", "send.x.example", True), "warning"),
            ("published, and the policy wants the very same domain", MX + strict + published,
             ("pass", "send.x.example", False), "fail"),
            ("published with an error", MX + REJECT + broken, ("permerror", "send.x.example", True), "fail"),
        ):
            with self.subTest(about):
                report = await self.report(zone, relay)
                shown = report.to_dict()["paths"][0]["spf"]
                self.assertEqual((shown["result"], shown["domain"], shown["aligned"]), spf)
                self.assertEqual(report.state.value, state)
                self.assertEqual([change for change in report.changes if change.rdtype == "TXT" and change.host == "@"], [])
        self.server.script("send.x.example", "TXT", "servfail")
        report = await self.report(MX + REJECT + published, relay)
        self.assertEqual((report.state.value, report.to_dict()["paths"][0]["spf"]["result"]), ("unknown", "unknown"))

    async def test_account_specific_subdomain_that_nobody_entered_counts_as_the_services_own(self):
        relay = Service("relay", "Relay", envelope=Envelope.SUBDOMAIN, selectors=(Selector("r1"),), signs=True)
        report = await self.report(MX + REJECT + f"r1._domainkey TXT {KEY}\n", relay)
        self.assertEqual((report.state.value, report.spf.state.value), ("pass", "not_needed"))

    async def test_unknown_sender_is_unknown_and_gets_no_snippet(self):
        self.server.set_zone("x.example", MX)
        query = DomainQuery("x.example", paths=(Path("1", "x.example", "bounce@x.example", None),))
        [report] = await check_domains(Resolver([self.server.address]), [query])
        self.assertEqual(report.state.value, "unknown")
        self.assertTrue(report.sender_unknown)
        self.assertEqual(report.changes, ())

    async def test_timeout_is_never_half_a_recovery(self):
        relay = Service("relay", "Relay", "ip4:203.0.113.0/28", signs=True, selectors=(Selector("r1"), Selector("r2")),
                        needs_all_selectors=False)
        keys = f"r1._domainkey TXT {KEY}\n"
        for about, zone, services, name in (
            ("the policy that makes a fault cost mail", MX + REJECT, [OWN_ENVELOPE], "_dmarc.x.example"),
            ("a key, beside a path that only warns", MX + SPF + REJECT, [ODOO, OWN_ENVELOPE],
             "k1._domainkey.x.example"),
            ("the second selector, which was missing", MX + '@ TXT "v=spf1 ip4:203.0.113.0/24 -all"\n' + keys + DMARC,
             [relay], "r2._domainkey.x.example"),
        ):
            with self.subTest(about):
                before = await self.report(zone, *services)
                self.server.script(name, "TXT", "drop")
                after = await self.report(zone, *services)
                self.server.clear_scripts()
                for area in ("gate", "spf", "dkim", "dmarc"):
                    self.assertIn(getattr(after, area).state.value, (getattr(before, area).state.value, "unknown"), area)
                self.assertIn(after.state.value, (before.state.value, "unknown"))

    async def test_gates_come_first(self):
        for zone, code in (
            ("@ MX 0 .\n" + SPF + DKIM + DMARC, "gate.null_mx"),
            (SPF + DKIM + DMARC, "gate.no_mail_host"),
        ):
            with self.subTest(code=code):
                report = await self.report(zone, ODOO)
                self.assertEqual((report.state.value, report.gate.code), ("fail", code))
        report = await self.report("", ODOO, name="elsewhere.test")
        query = DomainQuery("gone.invalid", paths=(Path("1", "gone.invalid", "b@gone.invalid", ODOO),))
        [report] = await check_domains(Resolver([self.server.address]), [query])
        self.assertEqual((report.state.value, report.gate.code), ("fail", "gate.nxdomain"))
        self.assertEqual(report.changes, ())

    async def test_bogus_dnssec_is_a_fact_that_fails(self):
        self.server.script("x.example", "MX", "bogus")
        report = await self.report(MX + SPF + DKIM + DMARC, ODOO)
        self.assertEqual((report.state.value, report.gate.code), ("fail", "gate.dnssec_bogus"))

    async def test_what_cannot_be_a_mail_domain_fails_without_a_question(self):
        for name in ("localhost", "-x.example", "a_b.example", "x" * 64 + ".example", "192.0.2.1", "a..example", ""):
            with self.subTest(name=name):
                resolver = Resolver([self.server.address])
                [report] = await check_domains(resolver, [DomainQuery(name)])
                self.assertEqual(report.state.value, "fail")
                self.assertEqual(resolver.questions, 0)


class TestFingerprint(unittest.TestCase):
    def test_what_a_report_is_judged_by_beside_dns_is_known_by_a_fingerprint(self):
        """It tells where somebody says who sends; not how many do, in which order, or what they are called here."""
        def mark(*services, **options):
            paths = tuple(Path(str(number), "x.example", f"{number}@x.example", service, in_use=number == 1)
                          for number, service in enumerate(services))
            return DomainQuery("x.example", paths=paths, **options).fingerprint

        self.assertEqual({mark(ODOO, None), mark(None, ODOO, ODOO), mark(None, replace(ODOO, name="Odoo, auf Deutsch"))},
                         {mark(ODOO, None)})
        others = [mark(), mark(sends_nothing=True), mark(ODOO), mark(None), mark(None, selectors=("s1",)), mark(ODOO, None),
                  mark(replace(ODOO, spf_term="include:other.example"), None), mark(replace(ODOO, selectors=()), None)]
        self.assertEqual(len(set(others)), len(others))
        self.assertNotEqual(mark(None), DomainQuery("x.example", paths=(Path("1", "x.example", "b@y.example", None),)).fingerprint)


class TestGroups(ReportCase):
    """Several companies whose mail leaves as one domain: each is told of its own."""

    async def groups(self, zone, **services):
        self.server.set_zone("x.example", zone)
        paths = tuple(
            Path(f"{group} {service.code}", "x.example", "bounce@x.example", service, group=group)
            for group, those in services.items() for service in those)
        resolver = Resolver([self.server.address], timeout=0.2)
        [report] = await check_domains(resolver, [DomainQuery("x.example", paths=paths)])
        return report.to_dict()

    async def test_group_is_explained_where_it_fares_otherwise_than_all_together(self):
        report = await self.groups(MX + SPF + DKIM + REJECT, ours=[ODOO], theirs=[ODOO, ACCOUNT])
        self.assertEqual(
            [report["state"], *(report[area]["code"] for area in ("spf", "dkim", "dmarc"))],
            ["unknown", "spf.not_authorised", "dkim.account_specific", "dmarc.enforced_unproven"])
        [ours] = report["groups"]
        self.assertEqual(ours["of"], ["ours"], "what holds for all together is not said twice")
        self.assertEqual(
            [ours["state"], *(ours[area]["code"] for area in ("gate", "spf", "dkim", "dmarc"))],
            ["pass", "gate.ok", "spf.ok", "dkim.ok", "dmarc.ok"])
        self.assertEqual(ours["spf"]["params"], {"services": ["Odoo"]})

    async def test_what_many_groups_have_in_common_is_said_once(self):
        many = {f"c{number}": [ODOO] for number in range(50)}
        report = await self.groups(MX + SPF + DKIM + REJECT, theirs=[ACCOUNT], **many)
        [alike] = [group for group in report["groups"] if group["state"] == "pass"]
        self.assertEqual(sorted(alike["of"]), sorted(many))

    async def test_nothing_is_said_of_groups_that_fare_alike_or_of_a_single_one(self):
        self.assertNotIn("groups", await self.groups(MX + SPF + DKIM + REJECT, ours=[ODOO], theirs=[ODOO]))
        self.assertNotIn("groups", await self.groups(MX + REJECT, ours=[ODOO, ACCOUNT]))


class TestParked(ReportCase):
    """Records that say that nothing is sent are right for a domain that sends nothing, and stop one that does."""

    ZONE = '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'

    async def test_complete_pack_is_in_order(self):
        report = await self.report(self.ZONE)
        self.assertEqual((report.state.value, report.gate.code), ("pass", "gate.parked"))
        self.assertIn("parked.complete", [finding.code for finding in report.findings])

    async def test_what_lacks_is_a_hint(self):
        report = await self.report('@ TXT "v=spf1 -all"\n')
        self.assertEqual(report.state.value, "pass")
        self.assertLessEqual(
            {"parked.no_reject", "parked.no_null_mx"}, {finding.code for finding in report.findings})

    async def test_domain_that_sends_is_stopped_by_it(self):
        self.assertEqual((await self.report(self.ZONE, ODOO)).state.value, "fail")


class TestConfirmed(unittest.IsolatedAsyncioTestCase):
    """What the zone's own servers say, past every cache."""

    async def test_cache_that_lags_behind_and_servers_that_are_gone(self):
        name = "x.example"
        own = "@ NS ns1\nns1 A 127.0.0.2\n" + MX
        cache = DnsServer({**WORLD, name: own + DKIM + DMARC}).start()
        self.addCleanup(cache.stop)
        server = DnsServer({name: own + SPF + DKIM + DMARC}, host="127.0.0.2", authoritative=True).start()
        port = server.address[1]

        class AtPort(Resolver):
            async def authoritative(self, zone, port=port):
                return await super().authoritative(zone, port)

        query = DomainQuery(name, paths=(Path("1", name, f"b@{name}", ODOO),), confirm=True)
        [report] = await check_domains(AtPort([cache.address], timeout=0.3), [query])
        self.assertEqual((report.spf.code, report.confirmed["spf"].value), ("spf.missing", "pass"))
        self.assertFalse([record for record in report.records if record.area == "spf"])
        [published] = [record for record in report.own.records if record.area == "spf"]
        self.assertEqual((published.name, published.type), (name, "TXT"))
        self.assertTrue(published.value.startswith("v=spf1"))
        self.assertEqual(report.own.nameservers, (f"ns1.{name}",))
        self.assertLessEqual({"spf", "dmarc", "mx", "zone", "gate"}, set(report.own.answered))
        self.assertEqual(report.to_dict()["own"]["records"], [vars(record) for record in report.own.records])
        server.script(name, "TXT", "servfail")
        [report] = await check_domains(AtPort([cache.address], timeout=0.3), [query])
        self.assertNotIn("spf", report.own.answered, "silence is no absence")
        server.stop()
        [report] = await check_domains(AtPort([cache.address], timeout=0.3), [query])
        self.assertEqual((report.spf.code, report.confirmed, report.own), ("spf.missing", {}, None))
        self.assertIsNone(report.to_dict()["own"])

    async def test_one_dead_server_of_a_zone_does_not_cost_the_deadline(self):
        name = "x.example"
        zone = "@ NS ns1\n@ NS ns2\nns1 A 127.0.0.2\nns2 A 127.0.0.3\n" + MX + DKIM + DMARC
        dead = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # takes questions and says nothing
        self.addCleanup(dead.close)
        with DnsServer({**WORLD, name: zone}) as cache, \
                DnsServer({name: zone}, host="127.0.0.2", authoritative=True) as own:
            dead.bind(("127.0.0.3", own.address[1]))
            # In the same proportion to each other as they are by default.
            resolver = Resolver([cache.address], timeout=0.4, deadline=2.0, authority_port=own.address[1])
            query = DomainQuery(name, paths=(Path("1", name, f"b@{name}", ODOO),), confirm=True)
            [report] = await check_domains(resolver, [query])
        self.assertFalse(report.deadline_passed)
        self.assertEqual((report.confirmed["gate"].value, report.confirmed["dmarc"].value), ("pass", "pass"))


class TestUnknown(ReportCase):
    """What DNS does not answer is unknown, whatever it is about, and nothing is proposed for it."""

    async def test_each_failure_makes_its_own_area_unknown(self):
        for name, rdtype, area in (
            ("x.example", "TXT", "spf"),
            ("_spf.odoo.example", "TXT", "spf"),
            ("odoo._domainkey.x.example", "TXT", "dkim"),
            ("_dmarc.x.example", "TXT", "dmarc"),
            ("x.example", "MX", "gate"),
        ):
            for how in ("servfail", "refused", "drop", "garbage", "truncate-only"):
                with self.subTest(name=name, how=how):
                    self.server.clear_scripts()
                    self.server.script(name, rdtype, how)
                    report = await self.report(MX + SPF + DKIM + DMARC, ODOO)
                    self.assertEqual(getattr(report, area).state.value, "unknown")
                    self.assertNotEqual(report.state.value, "fail")
                    self.assertEqual(self.changes(report), [])
                    self.assertTrue(report.unanswered)

    async def test_certain_verdict_stays_certain_beside_an_unknown(self):
        """SPF missing and DKIM missing fail whatever the policy would have been."""
        self.server.script("_dmarc.x.example", "TXT", "servfail")
        self.assertEqual((await self.report(MX, ODOO)).state.value, "fail")

    async def test_silence_about_a_report_address_resolves_nothing_that_was_found_about_it(self):
        other = MX + SPF + DKIM + '_dmarc TXT "v=DMARC1; p=none; rua=mailto:r@own.example"\n'
        report = await self.report(other, ODOO)
        self.assertIn("dmarc.external_not_authorised", {finding.code for finding in report.findings})
        self.assertEqual(report.left_open, ())
        self.server.script("x.example._report._dmarc.own.example", "TXT", "servfail")
        report = await self.report(other, ODOO)
        self.assertIn("dmarc.external_not_authorised", report.to_dict()["left_open"])
        self.assertIn("dmarc", report.answered, "about the record itself everything is known")

    async def test_silence_about_a_bounce_subdomain_or_a_policy_file_leaves_the_area_open(self):
        relay = Service("relay", "Relay", envelope=Envelope.SUBDOMAIN, selectors=(Selector("r1"),), signs=True,
                        bounce_subdomain="send")
        zone = MX + DMARC + '_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 127.0.0.1\n'
        report = await self.report(zone, relay)
        self.assertLessEqual({"spf", "mta_sts", "advice"}, set(report.answered))
        self.server.script("send.x.example", "TXT", "servfail")
        self.server.script("mta-sts.x.example", "*", "servfail")
        report = await self.report(zone, relay)
        self.assertFalse({"spf", "mta_sts"} & set(report.answered))
        self.assertIn(("send.x.example", "TXT"), {(answer.name, answer.rdtype) for answer in report.unanswered})

    async def test_silence_about_the_policy_leaves_the_advice_open(self):
        self.server.script("_dmarc.x.example", "TXT", "servfail")
        report = await self.report(MX + SPF + DKIM, ODOO, dmarc_report_address="d@x.example")
        self.assertNotIn("advice", report.answered)

    async def test_a_silent_mail_host_delays_nothing_else(self):
        with DnsServer({
            "x.example": '@ MX 10 mail.one.example.\n@ TXT "v=spf1 include:two.example -all"', "one.example": "", "two.example": "",
        }, silent=["one.example", "two.example"], timed=True) as server:
            await check_domains(Resolver([server.address], timeout=4.0, attempts=1), [DomainQuery("x.example")])
            begun = {question: server.times[server.log.index(question)]
                     for question in (("mail.one.example", "A"), ("two.example", "TXT"))}
        # Both are asked again after a third of a second, and given up after four.
        self.assertLess(begun["two.example", "TXT"] - begun["mail.one.example", "A"], 3.0)

    async def test_deadline_is_told(self):
        self.server.delay = 0.3
        self.server.set_zone("x.example", MX)
        [report] = await check_domains(Resolver([self.server.address], deadline=0.1), [DomainQuery("x.example")])
        self.assertTrue(report.deadline_passed)
        self.assertEqual(report.state.value, "unknown")


class TestAdvice(ReportCase):
    async def test_domain_without_records_gets_them_to_the_letter(self):
        self.assertEqual(self.changes(await self.report(MX, ODOO)), [
            ("create", "TXT", "@", "v=spf1 include:_spf.odoo.example ~all"),
            ("create", "CNAME", "odoo._domainkey", "odoo._domainkey.odoo.example"),
            ("create", "TXT", "_dmarc", "v=DMARC1; p=none"),
        ])

    async def test_host_is_relative_to_the_zone_cut(self):
        self.server.set_zone("x.example", "mail.sub MX 10 h\nh A 203.0.113.9\nsub MX 10 h.x.example.\n")
        query = DomainQuery("sub.x.example", paths=(Path("1", "sub.x.example", "b@sub.x.example", ODOO),))
        [report] = await check_domains(Resolver([self.server.address]), [query])
        self.assertEqual([change.host for change in report.changes], ["sub", "odoo._domainkey.sub", "_dmarc"])

    async def test_existing_record_is_replaced_with_ours_first_and_all_else_kept(self):
        self.server.set_zone("google.example", '_spf TXT "v=spf1 ip4:203.0.113.0/24 ~all"')
        report = await self.report(MX + '@ TXT "v=spf1 include:_spf.google.example ~all"\n' + DKIM + DMARC, ODOO)
        [change] = report.changes
        self.assertEqual((change.action, change.old_value), ("replace", "v=spf1 include:_spf.google.example ~all"))
        self.assertEqual(change.value, "v=spf1 include:_spf.odoo.example include:_spf.google.example ~all")

    async def test_two_records_never_become_three(self):
        zone = MX + '@ TXT "v=spf1 ip4:203.0.113.7 -all"\n@ TXT "v=spf1 include:spf.account.example ~all"\n' + DKIM + DMARC
        report = await self.report(zone, ODOO)
        self.assertEqual([change.action for change in report.changes], ["replace", "delete"])
        self.assertIn("include:_spf.odoo.example", report.changes[0].value)
        self.assertIn("ip4:203.0.113.7", report.changes[0].value)

    async def test_flattened_record_needs_no_change(self):
        report = await self.report(MX + '@ TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"\n' + DKIM + DMARC, ODOO)
        self.assertEqual((report.spf.state.value, self.changes(report)), ("pass", []))

    async def test_inherited_policy_is_never_weakened_by_a_first_record(self):
        self.server.set_zone("org.example", '_dmarc TXT "v=DMARC1; p=reject"\nsub MX 10 h\nh A 203.0.113.9')
        query = DomainQuery("sub.org.example", paths=(Path("1", "sub.org.example", "b@sub.org.example", ODOO),))
        [report] = await check_domains(Resolver([self.server.address]), [query])
        self.assertNotIn("_dmarc.sub.org.example", [change.name for change in report.changes])
        self.assertNotIn("_dmarc.org.example", [change.name for change in report.changes])

    async def test_broken_dmarc_record_gets_no_second_one(self):
        report = await self.report(MX + SPF + DKIM + '_dmarc TXT "v=DMARC1 p=reject"\n', ODOO)
        self.assertNotIn("create", [change.action for change in report.changes])

    async def test_report_address_is_used_only_where_no_authorisation_is_needed(self):
        mine = await self.report(MX, ODOO, dmarc_report_address="dmarc@x.example")
        self.assertIn("v=DMARC1; p=none; rua=mailto:dmarc@x.example", [change.value for change in mine.changes])
        other = await self.report(MX, ODOO, dmarc_report_address="me@freemail.example")
        self.assertIn("v=DMARC1; p=none", [change.value for change in other.changes])

    async def test_account_specific_key_is_never_invented(self):
        report = await self.report(MX + DMARC, ACCOUNT)
        self.assertEqual(self.changes(report), [("create", "TXT", "@", "v=spf1 include:spf.account.example ~all")])
        self.assertEqual(report.dkim.code, "dkim.account_specific")

    async def test_lookup_limit_is_refused_aloud(self):
        for number in range(10):
            self.server.set_zone(f"i{number}.example", f'@ TXT "v=spf1 ip4:203.0.113.{number} -all"')
        includes = " ".join(f"include:i{number}.example" for number in range(10))
        report = await self.report(MX + f'@ TXT "v=spf1 {includes} -all"\n' + DKIM + DMARC, ODOO)
        self.assertEqual(self.changes(report), [])
        self.assertIn("advice.lookup_limit", [finding.code for finding in report.findings])


class TestIterReports(unittest.TestCase):
    def test_reports_come_as_they_are_ready_and_a_silent_zone_comes_last(self):
        with DnsServer({**WORLD, "x.example": MX, "silent.example": MX}) as server:
            server.set_silent("silent.example")
            resolver = Resolver([server.address], timeout=0.2, deadline=1.0)
            queries = [DomainQuery("silent.example"), DomainQuery("x.example")]
            reports = list(iter_reports(resolver, queries))
        self.assertEqual([report.query.domain for report in reports], ["x.example", "silent.example"])
        self.assertEqual(reports[1].state.value, "unknown")

    def test_idle_caller_is_told_that_no_report_has_come_for_a_while(self):
        """So that it can store those that it has gathered, before the silent one gives up."""
        with DnsServer({**WORLD, "x.example": MX, "silent.example": MX}) as server:
            server.set_silent("silent.example")
            resolver = Resolver([server.address], timeout=0.5, deadline=1.0)
            queries = [DomainQuery("silent.example"), DomainQuery("x.example")]
            reports = list(iter_reports(resolver, queries, idle=0.1))
        self.assertEqual([report.query.domain for report in reports if report], ["x.example", "silent.example"])
        told = [bool(report) for report in reports]
        self.assertIn(False, told[told.index(True) + 1:-1])
        self.assertTrue(told[-1])

    def test_memory_does_not_grow_with_the_number_of_domains(self):
        """400 domains, some with failures, which no cache holds: entries are counted wherever answers are kept."""
        batches = []

        class Watched(Resolver):
            def batch(self, deadline=None):
                entered = super().batch(deadline)
                enter = entered.__class__.__aenter__

                class Noting(entered.__class__):
                    async def __aenter__(self):
                        batches.append(await enter(self))
                        return batches[-1]

                entered.__class__ = Noting
                return entered

        zones = {f"d{n}.example": MX + SPF + DMARC for n in range(400)}
        kept = []
        with DnsServer({**WORLD, **zones}) as server, mock.patch.object(cache, "MAX_TOLD", 300):
            for number in range(0, 400, 4):
                server.script(f"d{number}.example", "*", "servfail")
            resolver = Watched([server.address], timeout=0.5, attempts=1)
            resolver.cache = cache.Cache(time.monotonic, entries=500)
            for _report in iter_reports(resolver, [DomainQuery(name) for name in zones]):
                told = {id(batch.asked): batch.asked for batch in batches}
                kept.append((sum(map(len, told.values())), len(resolver.cache), len(told)))
        self.assertEqual(tuple(map(max, zip(*kept))), (300, 500, 1))
        self.assertGreater(resolver.questions, 4000)
        self.assertEqual(cache.MAX_ENTRIES + cache.MAX_TOLD + walk.MAX_REMEMBERED, 20_000)

    def test_a_slow_caller_does_not_let_reports_pile_up(self):
        with DnsServer({"x.example": MX}) as server:
            resolver = Resolver([server.address])
            reports = iter_reports(resolver, [DomainQuery(f"d{n}.x.example") for n in range(2 * MAX_WAITING)])
            next(reports)
            asked = -1
            while asked < (asked := len(server.log)):
                time.sleep(0.5)
            self.assertEqual(len({name for name, rdtype in server.log if rdtype == "MX"}), MAX_WAITING)
            self.assertEqual(len(list(reports)), 2 * MAX_WAITING - 1)

    def test_caller_that_has_seen_enough_leaves_nothing_running(self):
        with DnsServer({"x.example": MX}, delay=0.05) as server:
            resolver = Resolver([server.address])
            for _report in iter_reports(resolver, [DomainQuery(f"d{n}.x.example") for n in range(500)]):
                break
            asked = len(server.log)
        self.assertLess(asked, 500 * 5)


if __name__ == "__main__":
    unittest.main()
