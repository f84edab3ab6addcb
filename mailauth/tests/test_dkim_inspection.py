"""DKIM selectors in zones: CNAME chains, wildcards, misplaced keys, services with several selectors."""

from __future__ import annotations

import unittest

from .. import dkim
from ..service import Selector, Service
from . import dkim_keys as keys
from .zone_case import ZoneCase, codes, finding, txt

KEY = f"v=DKIM1; k=rsa; p={keys.RSA_2048}"
OTHER_KEY = f"v=DKIM1; k=rsa; p={keys.RSA_2048_OTHER}"
TARGET = "odoo._domainkey.odoo.com"
ODOO = {"odoo.com": f"odoo._domainkey 300 TXT {txt(KEY)}"}
SERVICE_ZONE = {
    "mail.test": f"""
a TXT {txt(KEY)}
b TXT {txt(OTHER_KEY)}
e TXT {txt('v=DKIM1; k=ed25519; p=' + keys.ED25519)}
r TXT {txt('v=DKIM1; p=')}
""",
}


class OneSelector(ZoneCase):
    async def inspect(self, zone: str, selector: str = "s", target: str | None = None, **zones: str):
        self.resolver = self.serve({"example.com": zone, **zones})
        async with self.resolver.batch():
            report = await dkim.inspect(self.resolver, "example.com", selector, target=target)
        for found in report.findings:
            self.assertIn(found.code, dkim.CODES)
        return report

    async def test_key_in_the_zone_is_found(self):
        report = await self.inspect(f"s._domainkey 600 TXT {txt(KEY)}")
        self.assertEqual((report.status, report.bits, report.key_type, report.usable), ("found", 2048, "rsa", True))
        self.assertEqual((report.name, report.record, report.ttl), ("s._domainkey.example.com", KEY, 600))
        self.assertEqual((report.aliases, report.findings), ((), ()))

    async def test_key_split_into_strings_at_any_place_is_one_key(self):
        strings = " ".join(f'"{KEY[start : start + 11]}"' for start in range(0, len(KEY), 11))
        report = await self.inspect(f"s._domainkey TXT ( {strings} )")
        self.assertEqual((report.status, report.findings), ("found", ()))

    async def test_key_behind_the_expected_cname_costs_one_question(self):
        report = await self.inspect(f"odoo._domainkey CNAME {TARGET}.", "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, report.aliases), ("found", (TARGET,)))
        self.assertEqual((report.findings, len(self.server.log)), ((), 1))

    async def test_cname_that_leads_to_the_target_over_a_third_name_is_fine(self):
        zone = f"odoo._domainkey CNAME keys\nkeys CNAME {TARGET}."
        report = await self.inspect(zone, "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, report.aliases), ("found", ("keys.example.com", TARGET)))
        self.assertEqual(report.findings, ())

    async def test_flattened_cname_is_fine(self):
        report = await self.inspect(f"odoo._domainkey TXT {txt(KEY)}", "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, report.findings), ("found", ()))

    async def test_copied_key_that_the_service_has_replaced_since_warns(self):
        report = await self.inspect(f"odoo._domainkey TXT {txt(OTHER_KEY)}", "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, codes(report.findings)), ("found", ["dkim.differs_from_target"]))

    async def test_wrong_target_shows_expected_beside_seen(self):
        zone = f"odoo._domainkey CNAME elsewhere\nelsewhere TXT {txt(OTHER_KEY)}"
        report = await self.inspect(zone, "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, codes(report.findings)), ("found", ["dkim.wrong_target"]))
        self.assertEqual(report.findings[0].params, {"expected": TARGET, "seen": "elsewhere.example.com"})

    async def test_other_cname_that_serves_the_right_key_is_fine(self):
        zone = f"odoo._domainkey CNAME elsewhere\nelsewhere TXT {txt(KEY)}"
        report = await self.inspect(zone, "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, report.findings), ("found", ()))

    async def test_dangling_cname(self):
        for zone in ("s._domainkey CNAME nowhere.test.", "s._domainkey CNAME mx\nmx A 192.0.2.1"):
            report = await self.inspect(zone)
            self.assertEqual((report.status, codes(report.findings)), ("none", ["dkim.dangling_alias"]))

    async def test_cname_whose_target_lost_its_final_dot(self):
        report = await self.inspect(f"odoo._domainkey CNAME {TARGET}", "odoo", TARGET, **ODOO)
        self.assertEqual(report.status, "none")
        self.assertEqual(codes(report.findings), ["dkim.dangling_alias", "dkim.target_doubled"])
        self.assertEqual(report.findings[1].params["seen"], f"{TARGET}.example.com")

    async def test_cname_to_a_text_that_is_no_key(self):
        report = await self.inspect('s._domainkey CNAME spf\nspf TXT "v=spf1 -all"')
        self.assertEqual(report.status, "none")
        self.assertEqual(codes(report.findings), ["dkim.dangling_alias", "dkim.not_a_key"])

    async def test_txt_beside_cname_is_an_error_of_the_zone(self):
        self.resolver = self.serve({"example.com": f"s._domainkey TXT {txt(KEY)}"})
        self.server.script("s._domainkey.example.com", "CNAME", "records:s._domainkey.example.com. CNAME a.test.")
        report = await dkim.inspect(self.resolver, "example.com", "s")
        self.assertEqual((report.status, codes(report.findings)), ("found", ["dkim.alias_beside_record"]))

    async def test_revoked_weak_testing_and_malformed_keys_have_their_status(self):
        for text, status, usable in (
            ("v=DKIM1; p=", "revoked", False),
            (f"v=DKIM1; p={keys.RSA_768}", "found", False),
            (f"v=DKIM1; t=y; p={keys.RSA_2048}", "found", True),
            (f"v=DKIM1; h=sha1; p={keys.RSA_2048}", "found", False),
            (f"v=DKIM1; p={keys.RSA_2048[:300]}", "malformed", False),
        ):
            report = await self.inspect(f"s._domainkey TXT {txt(text)}")
            self.assertEqual((report.status, report.usable, report.record), (status, usable, text))
            self.assertEqual(len(report.findings), 1)

    async def test_several_keys_are_undefined_and_their_order_means_nothing(self):
        zone = f"s._domainkey TXT {txt(OTHER_KEY)}\ns._domainkey TXT {txt(KEY)}\ns._domainkey TXT {txt('v=DKIM1; p=')}"
        report = await self.inspect(zone)
        self.assertEqual((report.status, report.record), ("found", min(KEY, OTHER_KEY)))
        self.assertEqual(finding(report.findings, "dkim.several").params["count"], 3)

    async def test_other_text_beside_the_key(self):
        report = await self.inspect(f's._domainkey TXT {txt(KEY)}\ns._domainkey TXT "token=1"')
        self.assertEqual((report.status, codes(report.findings)), ("found", ["dkim.other_text"]))

    async def test_wildcard_text_that_is_no_key_means_absent(self):
        report = await self.inspect('* TXT "v=spf1 -all"\n@ A 192.0.2.1')
        self.assertEqual((report.status, report.wildcard, report.records), ("none", True, ()))
        self.assertEqual(codes(report.findings), ["dkim.missing", "dkim.wildcard_no_key"])

    async def test_wildcard_cname_means_absent_and_not_dangling(self):
        report = await self.inspect("* CNAME parking.test.", target=TARGET)
        self.assertEqual((report.status, report.aliases), ("none", ()))
        self.assertEqual(codes(report.findings), ["dkim.missing", "dkim.wildcard_no_key"])

    async def test_text_of_the_selectors_own_that_is_no_key(self):
        report = await self.inspect('s._domainkey TXT "hello"\n* TXT "v=spf1 -all"')
        self.assertEqual((report.status, report.wildcard), ("none", False))
        self.assertEqual(codes(report.findings), ["dkim.missing", "dkim.not_a_key"])

    async def test_wildcard_key_is_served_and_said(self):
        report = await self.inspect(f"*._domainkey TXT {txt(KEY)}")
        self.assertEqual((report.status, report.wildcard, codes(report.findings)), ("found", True, ["dkim.wildcard"]))

    async def test_unanswered_probe_is_no_wildcard_and_changes_no_fact(self):
        self.resolver = self.serve({"example.com": 's._domainkey TXT "hello"'})
        self.server.script(dkim.inspection.probe_name("example.com"), "TXT", "servfail")
        report = await dkim.inspect(self.resolver, "example.com", "s")
        self.assertEqual((report.status, report.wildcard), ("none", False))

    async def test_key_at_a_name_to_which_the_panel_appended_the_zone(self):
        report = await self.inspect(f"s._domainkey.example.com TXT {txt(KEY)}")
        self.assertEqual(codes(report.findings), ["dkim.missing", "dkim.doubled_domain"])
        self.assertEqual(report.findings[1].params["seen_at"], "s._domainkey.example.com.example.com")

    async def test_cname_at_a_name_to_which_the_panel_appended_the_zone(self):
        report = await self.inspect(f"odoo._domainkey.example.com CNAME {TARGET}.", "odoo", TARGET, **ODOO)
        self.assertEqual((report.status, codes(report.findings)), ("none", ["dkim.missing", "dkim.doubled_domain"]))

    async def test_key_at_a_name_without_domainkey(self):
        for place in ("s", "@", "_domainkey"):
            report = await self.inspect(f"{place} TXT {txt(KEY)}")
            self.assertEqual(codes(report.findings), ["dkim.missing", "dkim.wrong_place"], place)

    async def test_selector_that_no_name_can_have(self):
        for selector in ("", "x" * 64, "a..b", ".", "s._domainkey.example.com." * 20):
            report = await self.inspect(f"s._domainkey TXT {txt(KEY)}", selector)
            self.assertEqual((report.status, codes(report.findings)), ("none", ["dkim.bad_selector"]), selector)

    async def test_domain_that_no_name_can_have_is_no_fault_of_the_selector(self):
        resolver = self.serve({})
        for domain in ("", "a..b", "x" * 64 + ".test", "y." * 130):
            report = await dkim.inspect(resolver, domain, "s")
            self.assertEqual((report.status, report.findings), ("none", ()), domain)

    async def test_selector_of_several_labels_and_any_case(self):
        report = await self.inspect(f"Foo.Bar._domainkey TXT {txt(KEY)}", "fOO.bAR")
        self.assertEqual((report.status, report.name), ("found", "foo.bar._domainkey.example.com"))

    async def test_international_domain_is_asked_for_as_its_a_label(self):
        resolver = self.serve({"xn--mller-kva.example": f"s._domainkey TXT {txt(KEY)}"})
        report = await dkim.inspect(resolver, "Müller.example.", "s")
        self.assertEqual((report.status, report.domain), ("found", "xn--mller-kva.example"))

    async def test_questions_are_bounded(self):
        for zone, most in (
            (f"s._domainkey TXT {txt(KEY)}", 4),
            ("@ A 192.0.2.1", 6),
            ("s._domainkey CNAME nowhere.test.", 2),
        ):
            await self.inspect(zone, target=TARGET)
            self.assertLessEqual(len(self.server.log), most, self.server.log)


class UnknownIsNotMissing(ZoneCase):
    async def test_expected_target_that_does_not_answer_accuses_nobody(self):
        resolver = self.serve({"example.com": f"odoo._domainkey TXT {txt(OTHER_KEY)}", **ODOO})
        self.server.script(TARGET, "TXT", "servfail")
        report = await dkim.inspect(resolver, "example.com", "odoo", target=TARGET)
        self.assertEqual((report.status, report.findings), ("found", ()))

    async def test_places_that_do_not_answer_leave_the_fact(self):
        resolver = self.serve({"example.com": "@ A 192.0.2.1"})
        self.server.script("*", "TXT", "servfail")
        self.server.script("s._domainkey.example.com", "TXT", "nxdomain")
        report = await dkim.inspect(resolver, "example.com", "s")
        self.assertEqual((report.status, codes(report.findings)), ("none", ["dkim.missing"]))


class HintOfDomainkey(ZoneCase):
    async def test_hint(self):
        for zone, status in (
            ("@ A 192.0.2.1", "likely_none"),
            (f"s._domainkey TXT {txt(KEY)}", "exists"),
            ('* TXT "v=spf1 -all"', "unclear"),
            ("* CNAME nowhere.test.", "unclear"),
        ):
            resolver = self.serve({"example.com": zone})
            self.assertEqual((await dkim.hint(resolver, "example.com")).status, status, zone)
        self.server.script("_domainkey.example.com", "TXT", "servfail")
        resolver = self.serve({})
        self.server.script("_domainkey.example.com", "TXT", "servfail")
        self.assertEqual((await dkim.hint(resolver, "example.com")).status, "unknown")


class Services(ZoneCase):
    """Microsoft's two selectors (one is enough), and a service that needs both of its own."""

    async def look(self, zone: str, *, needs_all: bool, unanswered: str = "", target: bool = True):
        selectors = tuple(Selector(name, f"{name[-1]}.mail.test" if target else None) for name in ("sel-a", "sel-b"))
        service = Service("mail", "Mail", selectors=selectors, needs_all_selectors=needs_all)
        resolver = self.serve({"example.com": zone, **SERVICE_ZONE})
        if unanswered:
            self.server.script(unanswered, "*", "servfail")
        found = await dkim.inspect_service(resolver, "example.com", service)
        for each in (*found.findings, *(one for key in found.keys for one in key.findings)):
            self.assertIn(each.code, dkim.CODES)
        return found

    A = "sel-a._domainkey CNAME a.mail.test.\n"
    B = "sel-b._domainkey CNAME b.mail.test.\n"
    B_DANGLING = "sel-b._domainkey CNAME none.mail.test.\n"
    B_REVOKED = "sel-b._domainkey CNAME r.mail.test.\n"

    async def test_one_is_enough(self):
        for zone, status, enough, found in (
            (self.A + self.B, "published", True, []),
            (self.A + self.B_DANGLING, "published", True, []),
            (self.A + self.B_REVOKED, "published", True, []),
            (self.A, "partial", True, ["dkim.selector_missing"]),
            ("sel-a._domainkey CNAME none.mail.test.\n" + self.B_DANGLING, "missing", False, []),
            ("@ A 192.0.2.1", "missing", False, []),
        ):
            keys_found = await self.look(zone, needs_all=False)
            self.assertEqual((keys_found.status, keys_found.enough, codes(keys_found.findings)), (status, enough, found))

    async def test_spare_selector_that_dangles_is_no_error(self):
        found = await self.look(self.A + self.B_DANGLING, needs_all=False)
        self.assertIn("dkim.spare_dangling", codes(found.keys[1].findings))
        self.assertNotIn("dkim.dangling_alias", codes(found.keys[1].findings))

    async def test_all_are_needed(self):
        for zone, status, enough, found in (
            (self.A + self.B, "published", True, []),
            (self.A + self.B_DANGLING, "partial", False, ["dkim.selectors_incomplete"]),
            (self.A, "partial", False, ["dkim.selectors_incomplete"]),
            ("@ A 192.0.2.1", "missing", False, []),
        ):
            keys_found = await self.look(zone, needs_all=True)
            self.assertEqual((keys_found.status, keys_found.enough, codes(keys_found.findings)), (status, enough, found))

    async def test_unanswered_selector_decides_nothing_that_the_other_does_not(self):
        b = "sel-b._domainkey.example.com"
        for zone, needs_all, status, enough in (
            (self.A, False, "published", True),
            (self.A, True, "unknown", None),
            ("@ A 192.0.2.1", False, "unknown", None),
            ("@ A 192.0.2.1", True, "unknown", False),
        ):
            found = await self.look(zone, needs_all=needs_all, unanswered=b)
            self.assertEqual((found.status, found.enough), (status, enough), (zone, needs_all))

    async def test_ed25519_with_and_without_an_rsa_companion(self):
        alone = "sel-a._domainkey CNAME e.mail.test.\nsel-b._domainkey CNAME e.mail.test.\n"
        found = await self.look(alone, needs_all=False, target=False)
        self.assertEqual((found.status, codes(found.findings)), ("published", ["dkim.ed25519_only"]))
        paired = await self.look("sel-a._domainkey CNAME e.mail.test.\n" + self.B, needs_all=False, target=False)
        self.assertEqual((paired.status, codes(paired.findings)), ("published", []))

    async def test_service_without_known_selectors_is_never_missing(self):
        resolver = self.serve({"example.com": "@ A 192.0.2.1"})
        found = await dkim.inspect_service(resolver, "example.com", Service("mail", "Mail"))
        self.assertEqual((found.status, found.enough, found.keys), ("not_known", None, ()))
        self.assertEqual(found.findings[0].params, {"service": "mail", "hint": "likely_none"})


if __name__ == "__main__":
    unittest.main()
