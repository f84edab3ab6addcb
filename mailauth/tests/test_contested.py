"""An alias and a text at one name: the same verdict, whichever of the two (or neither) the resolver in use shows."""

from __future__ import annotations

import json
import unittest

from .. import DomainQuery, Path, Resolver, Selector, Service, check_domain, dmarc, spf
from ..dns.answer import Status
from ..dns.contested import look
from .dkim_keys import RSA_2048
from .dns_server import DnsServer

KEY = f'"v=DKIM1; k=rsa; p={RSA_2048[:200]}" "{RSA_2048[200:]}"'
SERVICE = Service("s", "S", "include:spf.service.test", selectors=(Selector("s1", "s1.service.test"),), signs=True)
SOA = "@ 3600 SOA ns host 1 3600 600 86400 900\n@ NS ns\nns A 127.0.0.2\n"
OTHERS = {
    "service.test": f'spf TXT "v=spf1 ip4:198.51.100.0/24 -all"\ns1 TXT {KEY}\n',
    "target.test": '@ TXT "v=spf1 -all"\nd TXT "v=DMARC1; p=reject"\ns TXT "v=STSv1; id=9"\nt TXT "v=TLSRPTv1; rua=mailto:t@target.test"\n'
                   'r TXT "v=DMARC1"\nempty A 192.0.2.1\n',
}
MAIL = '@ MX 10 mail.x.test.\nmail A 192.0.2.25\n'
SPF = '@ TXT "v=spf1 include:spf.service.test -all"\n'
DMARC = '_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@x.test"\n'
DKIM = "s1._domainkey CNAME s1.service.test.\n"
WHOLE = SOA + MAIL + SPF + DMARC + DKIM

# What resolvers that were tried do with it (docs/resolvers.md).
KINDS = ("shows the text", "follows the alias", "passes both on", "denies the name, with both")
OF_THE_MOMENT = ("started", "duration", "unanswered")


class ContestedCase(unittest.IsolatedAsyncioTestCase):
    def serve(self, *, authoritative=False, host="127.0.0.1", port=0):
        server = DnsServer(OTHERS if not authoritative else {}, host=host, port=port, authoritative=authoritative)
        server.start()
        self.addCleanup(server.stop)
        return server

    def setUp(self):
        self.recursive = self.serve()
        self.own = self.serve(authoritative=True, host="127.0.0.2")

    def publish(self, kind, zone, name, target, own, behind):
        """A zone in which ``name`` has an alias to ``target`` and a text; ``behind`` is the text at the target."""
        self.recursive.clear_scripts()
        for server in (self.recursive, self.own):
            server.set_zone("x.test", f"{zone}{name}. CNAME {target}.\n")
        alias = f"{name}. 3600 IN CNAME {target}.\n"
        both = alias + f'{name}. 3600 IN TXT "{own}"\n'
        answer = {
            "follows the alias": "records:" + alias + (f'{target}. 3600 IN TXT "{behind}"\n' if behind else ""),
            "passes both on": "records:" + both,
            "denies the name, with both": "denied:" + both,
        }.get(kind)
        if answer:
            self.recursive.script(name, "TXT", answer)

    def resolver(self):
        return Resolver([self.recursive.address], timeout=0.3, attempts=1, authority_port=self.own.address[1])

    async def report(self, *services, domain="x.test"):
        paths = tuple(Path(service.code, domain, f"bounce@{domain}", service) for service in services)
        report = await check_domain(self.resolver(), DomainQuery(domain, paths=paths))
        shown = {key: value for key, value in report.to_dict().items() if key not in OF_THE_MOMENT}
        return json.loads(json.dumps(shown))

    async def same_for_all(self, zone, name, target, own, behind, *services):
        """The report, after it was seen to be the same through every kind of resolver."""
        reports = {}
        for kind in KINDS:
            self.publish(kind, zone, name, target, own, behind)
            reports[kind] = await self.report(*services)
        for kind, report in reports.items():
            with self.subTest(kind):
                self.assertEqual(report, reports[KINDS[0]])
        return reports[KINDS[0]]

    def codes(self, report, code):
        return [(finding["name"], finding["params"]["target"]) for finding in report["findings"] if finding["code"] == code]


class TestSpf(ContestedCase):
    OWN = "v=spf1 include:spf.service.test -all"

    async def test_own_record_passes_and_what_others_see_does_not(self):
        report = await self.same_for_all(WHOLE, "x.test", "target.test", self.OWN, "v=spf1 -all", SERVICE)
        self.assertEqual(self.codes(report, "spf.alias_beside_record"), [("x.test", "target.test")])
        self.assertEqual((report["state"], report["spf"]["state"], report["spf"]["code"]),
                         ("unknown", "unknown", "spf.alias_beside_record"))
        self.assertEqual(report["changes"], [])

    async def test_best_and_worst_case_make_the_verdict(self):
        zone = SOA + MAIL + '@ TXT "v=spf1 -all"\n' + DMARC
        report = await self.same_for_all(zone, "x.test", "target.test", "v=spf1 -all", "v=spf1 -all", SERVICE)
        self.assertEqual((report["state"], report["paths"][0]["state"]), ("fail", "fail"), "whoever looks sees no pass")
        self.assertEqual(self.codes(report, "spf.alias_beside_record"), [("x.test", "target.test")])

    async def test_a_text_that_is_no_spf_record_contests_nothing(self):
        zone = SOA + MAIL + '@ TXT "verification=1"\n' + DMARC + DKIM
        for kind in KINDS:
            self.publish(kind, zone, "x.test", "empty.target.test", "verification=1", "")
            with self.subTest(kind):
                report = await self.report(SERVICE)
                self.assertEqual(self.codes(report, "spf.alias_beside_record"), [])
                self.assertEqual(report["spf"]["code"], "spf.missing")

    async def test_no_question_more_than_usual_finds_it(self):
        self.publish(KINDS[0], WHOLE, "x.test", "target.test", self.OWN, "")
        before = len(self.recursive.log)
        report = await spf.inspect(self.resolver(), "x.test")
        self.assertEqual(report.contest.target, "target.test")
        self.assertNotIn(("x.test", "CNAME"), self.recursive.log[before:])

    async def test_through_a_name_that_bounces_below(self):
        bounces = Service("b", "B", "include:spf.service.test", selectors=SERVICE.selectors, signs=True,
                          envelope=spf_envelope(), bounce_subdomain="bounce")
        zone = WHOLE + 'bounce TXT "v=spf1 include:spf.service.test -all"\n'
        report = await self.same_for_all(zone, "bounce.x.test", "target.test", self.OWN, "v=spf1 -all", bounces)
        self.assertEqual(report["paths"][0]["state"], "unknown")


class TestDmarc(ContestedCase):
    OWN = "v=DMARC1; p=none; rua=mailto:a@x.test"

    async def test_three_kinds_of_receivers_have_three_policies(self):
        report = await self.same_for_all(WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject", SERVICE)
        self.assertEqual(self.codes(report, "dmarc.alias_beside_record"), [("_dmarc.x.test", "d.target.test")])
        self.assertEqual((report["dmarc"]["state"], report["dmarc"]["code"]), ("unknown", "dmarc.alias_beside_record"))
        self.assertEqual(report["changes"] + [c for c in report["extras"] if c["name"] == "_dmarc.x.test"], [])

    async def test_the_policy_may_be_any_of_them(self):
        for kind in KINDS:
            self.publish(kind, WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject")
            with self.subTest(kind):
                policy = await dmarc.inspect(self.resolver(), "x.test")
                self.assertEqual(policy.possible, {None, "none", "reject"})
                self.assertEqual((policy.status, policy.record), ("found", self.OWN))

    async def test_the_verdict_is_that_of_best_and_worst_case(self):
        zone = SOA + MAIL + '@ TXT "v=spf1 -all"\n' + DMARC
        report = await self.same_for_all(zone, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject", SERVICE)
        self.assertEqual(report["paths"][0]["state"], "fail", "neither SPF nor DKIM: no policy makes that better")
        report = await self.same_for_all(WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject", SERVICE)
        self.assertEqual(report["paths"][0]["state"], "unknown", "in order for who sees a record, and fragile for who sees none")

    async def test_a_record_above_that_is_inherited(self):
        for kind in KINDS:
            self.publish(kind, WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject")
            with self.subTest(kind):
                policy = await dmarc.inspect(self.resolver(), "sub.x.test")
                self.assertEqual([f.name for f in policy.findings if f.code == "dmarc.alias_beside_record"], ["_dmarc.x.test"])
                self.assertEqual(policy.possible, {None, "none", "reject"})

    async def test_an_alias_alone_is_nobodys_fault(self):
        zone = SOA + MAIL + SPF + DKIM
        for server in (self.recursive, self.own):
            server.set_zone("x.test", zone + "_dmarc CNAME d.target.test.\n")
        report = await self.report(SERVICE)
        self.assertEqual((self.codes(report, "dmarc.alias_beside_record"), report["dmarc"]["code"]), ([], "dmarc.ok"))

    async def test_an_alias_that_was_replaced_by_a_record_is_not_taken_for_both(self):
        self.recursive.set_zone("x.test", SOA + MAIL + SPF + DKIM + "_dmarc CNAME d.target.test.\n")
        self.own.set_zone("x.test", WHOLE)
        self.assertEqual(self.codes(await self.report(SERVICE), "dmarc.alias_beside_record"), [])

    async def test_silence_of_the_zones_servers_costs_little_and_says_nothing(self):
        self.publish("follows the alias", WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "v=DMARC1; p=reject")
        self.own.script("*", "*", "drop")
        report = await self.report(SERVICE)
        self.assertEqual((self.codes(report, "dmarc.alias_beside_record"), report["dmarc"]["code"]), ([], "dmarc.ok"))
        self.own.log.clear()
        resolver = self.resolver()
        async with resolver.batch():
            for _ in range(8):
                await look(resolver, await resolver.query("_dmarc.x.test", "TXT"), lambda answer: answer.texts)
        self.assertLess(len(self.own.log), 20)

    async def test_what_dns_does_not_say_of_the_alias_changes_nothing(self):
        self.publish(KINDS[0], WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "")
        for behaviour in ("servfail", "drop", "refused"):
            self.recursive.script("_dmarc.x.test", "CNAME", behaviour)
            report = await self.report(SERVICE)
            self.assertEqual((report["state"], report["dmarc"]["code"]), ("pass", "dmarc.policy_none"))

    async def test_a_target_that_does_not_answer_is_one_more_case(self):
        self.publish(KINDS[0], WHOLE, "_dmarc.x.test", "d.target.test", self.OWN, "")
        self.recursive.script("d.target.test", "TXT", "servfail")
        policy = await dmarc.inspect(self.resolver(), "x.test")
        self.assertEqual(policy.possible, {None, "none", "quarantine", "reject"})


class TestDkim(ContestedCase):
    async def test_a_key_that_some_receivers_see_is_not_taken_for_seen_by_all(self):
        """Through a resolver that follows the alias nothing is asked beside it: aliases of keys are what services ask for."""
        text = f"v=DKIM1; k=rsa; p={RSA_2048}"
        zone = SOA + MAIL + DMARC + f's1._domainkey TXT {KEY}\n'
        reports = {}
        for kind in KINDS:
            if kind == "follows the alias":
                continue
            self.publish(kind, zone, "s1._domainkey.x.test", "empty.target.test", text[:250], "")
            if kind != KINDS[0]:
                both = f's1._domainkey.x.test. 3600 IN CNAME empty.target.test.\ns1._domainkey.x.test. 3600 IN TXT {KEY}\n'
                word = "denied:" if kind.startswith("denies") else "records:"
                self.recursive.script("s1._domainkey.x.test", "TXT", word + both)
            reports[kind] = await self.report(SERVICE)
        for kind, report in reports.items():
            with self.subTest(kind):
                self.assertEqual(report, reports[KINDS[0]])
                self.assertEqual((report["state"], report["dkim"]["state"], report["dkim"]["code"]),
                                 ("unknown", "unknown", "dkim.alias_beside_record"))
                self.assertEqual(self.codes(report, "dkim.alias_beside_record"), [("s1._domainkey.x.test", "empty.target.test")])


class TestOthers(ContestedCase):
    async def test_transport_security(self):
        for area, name, target, own, behind in (
            ("mta_sts", "_mta-sts", "s.target.test", "v=STSv1; id=1", "v=STSv1; id=9"),
            ("tls_rpt", "_smtp._tls", "t.target.test", "v=TLSRPTv1; rua=mailto:a@x.test", "v=TLSRPTv1; rua=mailto:t@target.test"),
        ):
            with self.subTest(area):
                zone = WHOLE + f'{name} TXT "{own}"\n'
                report = await self.same_for_all(zone, f"{name}.x.test", target, own, behind, SERVICE)
                found = [finding["code"] for finding in report["findings"] if finding["code"].startswith(area)]
                self.assertEqual(found, [f"{area}.alias_beside_record"])
                self.assertEqual(self.codes(report, found[0]), [(f"{name}.x.test", target)])
                self.assertEqual(report["state"], "pass", "it concerns mail that comes, not mail that goes")

    async def test_authorisation_of_reports_elsewhere(self):
        zone = WHOLE.replace("mailto:a@x.test", "mailto:a@reports.test")
        name = "x.test._report._dmarc.reports.test"
        for kind in KINDS:
            with self.subTest(kind):
                self.publish(kind, zone, "other.x.test", "target.test", "x", "")
                texts = f'{SOA}@ MX 10 mail.x.test.\n{name}. TXT "v=DMARC1"\n{name}. CNAME empty.target.test.\n'
                for server in (self.recursive, self.own):
                    server.set_zone("reports.test", texts)
                both = f'{name}. 3600 IN CNAME empty.target.test.\n{name}. 3600 IN TXT "v=DMARC1"\n'
                answer = {"follows the alias": "records:" + both.partition("\n")[0], "passes both on": "records:" + both,
                          "denies the name, with both": "denied:" + both}.get(kind)
                if answer:
                    self.recursive.script(name, "TXT", answer)
                report = await self.report(SERVICE)
                self.assertEqual(self.codes(report, "dmarc.alias_beside_record"), [(name, "empty.target.test")])
                self.assertEqual(self.codes(report, "dmarc.external_not_authorised"), [])

    async def test_both_in_one_message_are_seen_without_a_question(self):
        self.publish("denies the name, with both", WHOLE, "_dmarc.x.test", "d.target.test", TestDmarc.OWN, "")
        answer = await self.resolver().query("_dmarc.x.test", "TXT")
        self.assertEqual((answer.status, answer.alias_beside, answer.own_records),
                         (Status.NXDOMAIN, "d.target.test", ((TestDmarc.OWN.encode(),),)))


def spf_envelope():
    from ..service import Envelope

    return Envelope.SUBDOMAIN


if __name__ == "__main__":
    unittest.main()
