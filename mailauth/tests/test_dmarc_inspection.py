"""What else there is to say about DMARC: misplaced records, where reports go, alignment and its trap."""

from __future__ import annotations

import unittest

from .. import dmarc
from ..dmarc.destinations import MAX_DESTINATIONS
from .zone_case import ZoneCase, at, codes, finding, txt

MX = "@ MX 10 mx\nmx A 192.0.2.1\n"
WITH_MX = {"rua.test": MX + "example.com._report._dmarc TXT v=DMARC1"}


def record(tags: str) -> str:
    return txt(f"v=DMARC1; {tags}")


class InspectionCase(ZoneCase):
    async def inspect(self, domain: str, zones: dict[str, str], scripts: dict[str, str] | None = None, **options):
        self.resolver = self.serve(zones)
        for name, behaviour in (scripts or {}).items():
            name, _colon, rdtype = name.partition(":")
            self.server.script(name, rdtype or "*", behaviour)
        async with self.resolver.batch():
            policy = await dmarc.inspect(self.resolver, domain, **options)
        for found in policy.findings:
            self.assertIn(found.code, dmarc.CODES)
        return policy


class MisplacedRecords(InspectionCase):
    async def test_misplaced_record_is_found(self):
        for place, code in (
            ("@", "dmarc.wrong_place_apex"),
            ("dmarc", "dmarc.wrong_place_prefix"),
            ("_dmarc.example.com", "dmarc.doubled_domain"),
        ):
            policy = await self.inspect("example.com", {"example.com": f"{place} TXT {record('p=reject')}"})
            self.assertEqual(policy.status, "none")
            self.assertEqual(codes(policy.findings), ["dmarc.missing", code])
            self.assertEqual(policy.findings[1].record, "v=DMARC1; p=reject")

    async def test_misplaced_record_of_the_organizational_domain_is_found_from_below(self):
        policy = await self.inspect("a.example.com", {"example.com": f"@ TXT {record('p=reject')}"})
        self.assertEqual(finding(policy.findings, "dmarc.wrong_place_apex").name, "_dmarc.example.com")

    async def test_name_to_which_the_parents_zone_was_appended(self):
        zone = f"_dmarc.a.example.com TXT {record('p=reject')}"
        policy = await self.inspect("a.example.com", {"example.com": zone})
        self.assertEqual(finding(policy.findings, "dmarc.doubled_domain").params["seen_at"],
                         "_dmarc.a.example.com.example.com")

    async def test_nobody_looks_for_misplaced_records_where_one_is_in_place(self):
        zones = {"example.com": f"@ TXT {record('p=none')}\n_dmarc TXT {record('p=reject; rua=mailto:d@example.com')}\n{MX}"}
        policy = await self.inspect("example.com", zones)
        self.assertEqual(policy.findings, ())
        self.assertEqual(self.asked("dmarc.example.com"), 0)

    async def test_unanswered_place_is_no_finding(self):
        policy = await self.inspect("example.com", {"example.com": "@ A 192.0.2.1"}, {
            "example.com:TXT": "servfail", "dmarc.example.com": "drop"})
        self.assertEqual((policy.status, codes(policy.findings)), ("none", ["dmarc.missing"]))

    async def test_dangling_alias(self):
        policy = await self.inspect("example.com", {"example.com": "_dmarc CNAME gone.test."})
        self.assertEqual(codes(policy.findings), ["dmarc.missing", "dmarc.dangling_alias"])
        self.assertEqual(policy.findings[1].params, {"target": "gone.test"})

    async def test_wildcard_alias_delegates_nothing(self):
        policy = await self.inspect("example.com", {"example.com": "* CNAME parking.test."})
        self.assertEqual(codes(policy.findings), ["dmarc.missing"])


class WhereReportsGo(InspectionCase):
    def zones(self, rua: str, **zones: str) -> dict[str, str]:
        return {"example.com": f"{MX}_dmarc TXT {record(f'p=reject; rua={rua}')}",
                **{name.replace("__", "."): zone for name, zone in zones.items()}}

    async def test_own_domain_and_its_subdomains_need_no_authorisation(self):
        zones = self.zones("mailto:d@example.com,mailto:d@reports.example.com")
        zones["example.com"] += "\nreports MX 10 mx"
        policy = await self.inspect("example.com", zones)
        self.assertEqual(policy.findings, ())

    async def test_authorised_destination(self):
        policy = await self.inspect("example.com", {**self.zones("mailto:d@rua.test"), **WITH_MX})
        self.assertEqual(policy.findings, ())

    async def test_wildcard_authorisation(self):
        zones = self.zones("mailto:d@rua.test", rua__test=f"{MX}*._report._dmarc TXT v=DMARC1;")
        self.assertEqual((await self.inspect("example.com", zones)).findings, ())

    async def test_record_of_the_policy_domain_is_what_is_authorised(self):
        zones = {**self.zones("mailto:d@rua.test"), **WITH_MX}
        zones["example.com"] += "\na A 192.0.2.1"
        policy = await self.inspect("a.example.com", zones)
        self.assertEqual(codes(policy.findings), ["dmarc.inherited"])

    async def test_destination_that_does_not_authorise(self):
        for authorisation in ("", "example.com._report._dmarc TXT v=DMARC2", "other.test._report._dmarc TXT v=DMARC1",
                              '* TXT "v=spf1 -all"', "example.com._report._dmarc TXT hello"):
            policy = await self.inspect("example.com", self.zones("mailto:d@rua.test", rua__test=MX + authorisation))
            found = finding(policy.findings, "dmarc.external_not_authorised")
            self.assertEqual((found.params["record_name"], at(found)),
                             ("example.com._report._dmarc.rua.test", "mailto:d@rua.test"))

    async def test_one_of_several_texts_is_enough(self):
        zone = f"{MX}example.com._report._dmarc TXT hello\nexample.com._report._dmarc TXT v=DMARC1"
        self.assertEqual((await self.inspect("example.com", self.zones("mailto:d@rua.test", rua__test=zone))).findings, ())

    async def test_unanswered_authorisation_is_unknown_and_never_a_refusal(self):
        name = "example.com._report._dmarc.rua.test"
        for behaviour in ("servfail", "drop"):
            policy = await self.inspect("example.com", {**self.zones("mailto:d@rua.test"), **WITH_MX}, {name: behaviour})
            self.assertEqual(policy.status, "found")
            self.assertEqual(codes(policy.findings), ["dmarc.external_unknown"], behaviour)
            self.assertEqual(policy.findings[0].params["question"], name)

    async def test_override_on_the_same_host_is_fine_and_elsewhere_is_not(self):
        for override, found in (("d2@rua.test", []), ("d2@third.test", ["dmarc.external_override_elsewhere"])):
            zone = f"{MX}example.com._report._dmarc TXT {record(f'rua=mailto:{override}')}"
            policy = await self.inspect("example.com", self.zones("mailto:d@rua.test", rua__test=zone))
            self.assertEqual(codes(policy.findings), found)

    async def test_name_of_the_authorisation_that_is_too_long(self):
        long = ".".join(["x" * 60] * 3) + ".example"
        zones = {"example": f"_dmarc.{long[:-8]} TXT {record('p=reject; rua=mailto:d@' + 'y' * 60 + '.test')}",
                 "y" * 60 + ".test": MX}
        policy = await self.inspect(long, zones)
        self.assertIn("dmarc.external_name_too_long", codes(policy.findings))

    async def test_subdomain_that_is_an_organization_of_its_own_has_to_authorise(self):
        zones = self.zones("mailto:d@sub.example.com")
        zones["example.com"] += f"\nsub MX 10 mx\n_dmarc.sub TXT {record('p=none; psd=n')}"
        policy = await self.inspect("example.com", zones)
        self.assertEqual(codes(policy.findings), ["dmarc.external_not_authorised"])

    async def test_walk_of_the_destination_that_was_not_answered(self):
        zones = self.zones("mailto:d@sub.example.com")
        zones["example.com"] += "\nsub MX 10 mx"
        policy = await self.inspect("example.com", zones, {"_dmarc.sub.example.com": "servfail"})
        self.assertEqual(codes(policy.findings), ["dmarc.external_unknown"])

    async def test_record_only_at_a_subdomain_makes_its_parent_external(self):
        zones = {"example.com": f"{MX}_dmarc.mail TXT {record('p=reject; rua=mailto:d@example.com')}"}
        policy = await self.inspect("mail.example.com", zones)
        self.assertIn("dmarc.external_not_authorised", codes(policy.findings))

    async def test_record_of_a_public_suffix_reports_to_the_suffix(self):
        zones = {"bank.example": f"{MX}_dmarc TXT {record('p=reject; psd=y; rua=mailto:d@bank.example')}\n"
                                 "a.mega A 192.0.2.1\nreports MX 10 mx"}
        policy = await self.inspect("a.mega.bank.example", zones)
        self.assertEqual((policy.policy_domain, policy.organizational_domain), ("bank.example", "mega.bank.example"))
        self.assertFalse([code for code in codes(policy.findings) if "external" in code])

    async def test_destination_that_cannot_receive(self):
        for zone, found in (
            ("@ MX 0 .", ("dmarc.destination_cannot_receive", "null_mx")),
            ("@ TXT hello", ("dmarc.destination_cannot_receive", "no_mail_host")),
            (None, ("dmarc.destination_cannot_receive", "domain_missing")),
            ("@ A 192.0.2.1", ("dmarc.destination_without_mx", None)),
            ("@ AAAA 2001:db8::1", ("dmarc.destination_without_mx", None)),
        ):
            zones = self.zones("mailto:d@rua.test")
            if zone:
                zones["rua.test"] = zone + "\nexample.com._report._dmarc TXT v=DMARC1"
            else:
                zones["test"] = "example.com._report._dmarc.rua TXT v=DMARC1"
            scripts = {} if zone else {"rua.test": "nxdomain"}
            policy = await self.inspect("example.com", zones, scripts)
            (only,) = policy.findings
            self.assertEqual((only.code, only.params.get("reason")), found)

    async def test_unanswered_destination_is_unknown(self):
        for scripts in ({"rua.test:MX": "servfail"}, {"rua.test:MX": "nodata", "rua.test:A": "nodata",
                                                      "rua.test:AAAA": "drop"}):
            policy = await self.inspect("example.com", {**self.zones("mailto:d@rua.test"), **WITH_MX}, scripts)
            self.assertEqual(codes(policy.findings), ["dmarc.destination_unknown"])

    async def test_destinations_are_bounded_and_each_is_looked_at_once(self):
        uris = ",".join(f"mailto:d@r{n}.test" for n in range(30))
        zones = self.zones(uris + ",mailto:e@r0.test")
        policy = await self.inspect("example.com", zones)
        self.assertEqual(finding(policy.findings, "dmarc.destinations_not_checked").params["looked_at"], MAX_DESTINATIONS)
        self.assertLessEqual(len(self.server.log), 2 + MAX_DESTINATIONS * 4)

    async def test_failure_report_addresses_are_looked_at_too(self):
        zones = {"example.com": f"{MX}_dmarc TXT {record('p=reject; rua=mailto:d@example.com; ruf=mailto:f@rua.test')}",
                 "rua.test": MX}
        policy = await self.inspect("example.com", zones)
        self.assertEqual(finding(policy.findings, "dmarc.external_not_authorised").params["tag"], "ruf")


class Alignment(InspectionCase):
    async def aligned(self, zones, from_domain, other, *, strict=False, scripts=None):
        resolver = self.serve(zones)
        for name, behaviour in (scripts or {}).items():
            self.server.script(name, "*", behaviour)
        policy = await dmarc.discover(resolver, from_domain)
        return await dmarc.aligned(resolver, policy, from_domain, other, strict=strict)

    ORDINARY = f"_dmarc TXT {record('p=reject')}"

    async def test_identical_domains_align_in_any_spelling(self):
        zones = {"example.com": self.ORDINARY}
        for strict in (False, True):
            self.assertIs(await self.aligned(zones, "example.com", "EXAMPLE.com.", strict=strict), True)

    async def test_relaxed_alignment_is_the_same_organizational_domain(self):
        zones = {"example.com": self.ORDINARY, "example.net": self.ORDINARY}
        for own, other, expected in (
            ("example.com", "bounce.example.com", True),
            ("mail.example.com", "bounce.example.com", True),
            ("example.com", "example.net", False),
            ("example.com", "badexample.com", False),
        ):
            self.assertIs(await self.aligned(zones, own, other), expected, (own, other))
            self.assertIs(await self.aligned(zones, own, other, strict=True), False)

    async def test_giant_and_mega_bank(self):
        # RFC 9989 Appendix B.4.3
        zones = {"bank.example": f"_dmarc TXT {record('p=reject; psd=y')}\n_dmarc.giant TXT {record('p=none')}"}
        self.assertIs(await self.aligned(zones, "giant.bank.example", "mail.giant.bank.example"), True)
        self.assertIs(await self.aligned(zones, "giant.bank.example", "mail.mega.bank.example"), False)

    async def test_psd_n_parts_a_department_from_its_company(self):
        zones = {"example.com": f"{self.ORDINARY}\n_dmarc.dept TXT {record('p=none; psd=n')}"}
        self.assertIs(await self.aligned(zones, "example.com", "x.dept.example.com"), False)
        self.assertIs(await self.aligned(zones, "dept.example.com", "x.dept.example.com"), True)

    async def test_record_only_at_the_from_subdomain_aligns_with_nothing_beside_it(self):
        zones = {"example.com": f"_dmarc.mail TXT {record('p=reject')}\nbounce A 192.0.2.1"}
        self.assertIs(await self.aligned(zones, "mail.example.com", "bounce.example.com"), False)
        self.assertIs(await self.aligned(zones, "mail.example.com", "x.mail.example.com"), True)

    async def test_unanswered_walk_is_unknown_unless_nothing_could_make_them_align(self):
        zones = {"example.com": self.ORDINARY, "example.net": self.ORDINARY}
        scripts = {"_dmarc.bounce.example.com": "servfail"}
        self.assertIsNone(await self.aligned(zones, "example.com", "bounce.example.com", scripts=scripts))
        scripts = {"_dmarc.bounce.example.net": "servfail"}
        self.assertIs(await self.aligned(zones, "example.com", "bounce.example.net", scripts=scripts), False)
        self.assertIsNone(await self.aligned(zones, "example.com", "b.example.com", scripts={"_dmarc.com": "drop"}))
        self.assertIs(await self.aligned(zones, "example.com", "example.com", scripts={"_dmarc.com": "drop"}), True)

    async def test_without_any_record_it_is_what_a_first_record_will_make_it(self):
        for other, expected in (("bounce.example.com", True), ("example.net", False)):
            self.assertIs(await self.aligned({"example.com": "@ A 192.0.2.1"}, "mail.example.com", other), expected)

    async def test_what_is_no_domain_aligns_with_nothing(self):
        self.assertIs(await self.aligned({"example.com": self.ORDINARY}, "example.com", ""), False)

    async def test_strict_alignment_that_a_path_does_not_meet(self):
        zones = {"example.com": f"{MX}_dmarc TXT {record('p=reject; aspf=s; adkim=s; rua=mailto:d@example.com')}"}
        policy = await self.inspect("example.com", zones, envelope_domains=["bounce.example.com", "example.com"],
                                    signing_domains=["Example.com"])
        self.assertEqual(codes(policy.findings), ["dmarc.strict_alignment"])
        self.assertEqual(policy.findings[0].params["tag"], "aspf")

    async def test_alignment_trap(self):
        zones = {"example.com": f"{MX}mail A 192.0.2.1\nmail MX 10 mx\n"
                                f"_dmarc.mail TXT {record('p=reject; rua=mailto:d@mail.example.com')}"}
        policy = await self.inspect("mail.example.com", zones, envelope_domains=["bounce.example.com"])
        self.assertEqual(codes(policy.findings), ["dmarc.views_differ", "dmarc.alignment_trap"])
        self.assertEqual(policy.findings[1].params["authenticated"], "bounce.example.com")

    async def test_identifiers_of_others_and_unanswered_ones(self):
        zones = {"example.com": f"{MX}_dmarc TXT {record('p=reject; rua=mailto:d@example.com')}"}
        policy = await self.inspect("example.com", zones, {"_dmarc.b.example.com": "servfail"},
                                    envelope_domains=["amazonses.com"], signing_domains=["b.example.com", "c.example.com"])
        self.assertEqual(codes(policy.findings), ["dmarc.not_aligned", "dmarc.alignment_unknown"])


if __name__ == "__main__":
    unittest.main()
