"""Which DMARC policy applies: the tree walk, inheritance, testing mode, and the older receivers' view."""

from __future__ import annotations

import sys
import unittest
from unittest import mock

from .. import dmarc
from ..dmarc import legacy
from ..dmarc.tree_walk import walk_names
from ..dns.public_suffix import suffix_rules
from .zone_case import ZoneCase, codes, finding, txt


def record(tags: str) -> str:
    return txt(f"v=DMARC1; {tags}")


RUA = "rua=mailto:d@example.com"


class DiscoveryCase(ZoneCase):
    async def discover(self, domain: str, zones: dict[str, str], **scripts: str) -> dmarc.Policy:
        """``scripts``: behaviours by name, with two underscores for a dot (Python has no dots in names)."""
        resolver = self.serve(zones)
        for name, behaviour in scripts.items():
            self.server.script(name.replace("__", "."), "*", behaviour)
        policy = await dmarc.discover(resolver, domain)
        for found in policy.findings:
            self.assertIn(found.code, dmarc.CODES)
        return policy


class TreeWalk(DiscoveryCase):
    def test_names_of_the_standards_own_example(self):
        # RFC 9989 §4.10
        self.assertEqual(walk_names("a.b.c.d.e.f.g.h.i.j.mail.example.com"), [
            "a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
            "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com",
        ])

    def test_at_most_eight_questions_whatever_the_depth(self):
        for depth in range(1, 60):
            names = walk_names(".".join("abcdefghij"[n % 10] for n in range(depth)))
            self.assertEqual(len(names), min(depth, 8))
            self.assertEqual(len(set(names)), len(names))

    async def test_deep_author_domain_asks_eight_questions_and_finds_the_organization(self):
        # RFC 9989 Appendix B.4.2
        domain = "a.b.c.d.e.f.g.h.i.j.k.example.com"
        policy = await self.discover(domain, {"example.com": f"_dmarc TXT {record('p=reject; ' + RUA)}"})
        self.assertEqual((policy.status, policy.policy_domain, policy.organizational_domain),
                         ("found", "example.com", "example.com"))
        walked = [name for name, rdtype in self.server.log if rdtype == "TXT"]
        self.assertEqual(len(walked), 8)
        self.assertEqual([name for name, _answer in policy.walked], [f"_dmarc.{name}" for name in walk_names(domain)])

    async def test_record_at_a_skipped_name_is_never_found(self):
        # RFC 9989 §5.1.8
        zones = {"example.com": f"_dmarc TXT {record('p=none')}\n_dmarc.b.c.d.e.f.g TXT {record('p=reject; psd=n')}"}
        policy = await self.discover("mail.a.b.c.d.e.f.g.example.com", zones)
        self.assertEqual(policy.policy_domain, "example.com")

    async def test_fewest_labels_win_for_a_domain_without_a_record_of_its_own(self):
        # RFC 9989 §4.10.2, the first of its examples
        zones = {"example.com": f"_dmarc TXT {record('p=reject')}\n_dmarc.mail TXT {record('p=none')}"}
        policy = await self.discover("a.mail.example.com", zones)
        self.assertEqual((policy.policy_domain, policy.organizational_domain, policy.requested),
                         ("example.com", "example.com", "reject"))

    async def test_psd_n_makes_the_organizational_domain(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject')}\n_dmarc.mail TXT {record('p=quarantine; psd=n')}"}
        policy = await self.discover("a.mail.example.com", zones)
        self.assertEqual((policy.policy_domain, policy.organizational_domain, policy.requested),
                         ("mail.example.com", "mail.example.com", "quarantine"))
        self.assertEqual(policy.walked[-1][0], "_dmarc.mail.example.com")

    async def test_psd_y_makes_the_domain_below_it_the_organizational_one(self):
        # RFC 9989 Appendix B.4.3
        zones = {
            "bank.example": f"_dmarc TXT {record('p=reject; sp=quarantine; psd=y')}\n"
            f"_dmarc.giant TXT {record('p=none')}\nmega A 192.0.2.1\nmail.mega A 192.0.2.1",
        }
        for domain, policy_domain, organization, requested in (
            ("giant.bank.example", "giant.bank.example", "giant.bank.example", "none"),
            ("mail.giant.bank.example", "giant.bank.example", "giant.bank.example", "none"),
            ("mail.mega.bank.example", "bank.example", "mega.bank.example", "quarantine"),
            ("bank.example", "bank.example", "bank.example", "reject"),
        ):
            policy = await self.discover(domain, zones)
            self.assertEqual((policy.policy_domain, policy.organizational_domain, policy.requested),
                             (policy_domain, organization, requested), domain)

    async def test_nothing_found_leaves_the_domain_its_own_organization(self):
        policy = await self.discover("a.example.com", {"example.com": "@ A 192.0.2.1"})
        self.assertEqual((policy.status, policy.organizational_domain, policy.record), ("none", "a.example.com", None))
        self.assertEqual(codes(policy.findings), ["dmarc.missing"])
        self.assertEqual((policy.possible, policy.stricter), (frozenset({None}), None))

    async def test_several_records_at_one_name_are_all_discarded_and_the_walk_goes_on(self):
        zones = {"example.com": f"_dmarc.a TXT {record('p=none')}\n_dmarc.a TXT {record('p=reject')}\n"
                                f"_dmarc TXT {record('p=quarantine')}"}
        policy = await self.discover("a.example.com", zones)
        self.assertEqual((policy.policy_domain, policy.requested), ("example.com", "quarantine"))
        self.assertEqual(finding(policy.findings, "dmarc.several").name, "_dmarc.a.example.com")

    async def test_several_records_and_nothing_above_is_no_dmarc(self):
        zones = {"example.com": f"_dmarc TXT {record('p=none')}\n_dmarc TXT {record('p=reject')}"}
        policy = await self.discover("example.com", zones)
        self.assertEqual((policy.status, policy.record), ("none", None))
        self.assertEqual([text for _name, text in policy.discarded], ["v=DMARC1; p=none", "v=DMARC1; p=reject"])
        self.assertIn("dmarc.several", codes(policy.findings))
        self.assertNotIn("dmarc.missing", codes(policy.findings))

    async def test_other_texts_beside_the_record_do_not_count(self):
        zones = {"example.com": f'_dmarc TXT "v=spf1 -all"\n_dmarc TXT {record("p=reject")}\n_dmarc TXT "token=1"'}
        policy = await self.discover("example.com", zones)
        self.assertEqual((policy.status, policy.requested), ("found", "reject"))

    async def test_text_that_means_to_be_a_record_is_shown_and_not_applied(self):
        policy = await self.discover("example.com", {"example.com": '_dmarc TXT "v=DMARC1 p=reject"'})
        self.assertEqual((policy.status, policy.discarded), ("none", (("_dmarc.example.com", "v=DMARC1 p=reject"),)))
        self.assertEqual(codes(policy.findings), ["dmarc.lost_semicolon", "dmarc.missing"])

    async def test_wildcard_text_is_no_record(self):
        policy = await self.discover("a.example.com", {"example.com": f'* TXT "v=spf1 -all"\n_dmarc TXT {record("p=reject")}'})
        self.assertEqual((policy.status, policy.policy_domain), ("found", "example.com"))

    async def test_record_behind_a_cname_counts(self):
        zones = {"example.com": "_dmarc CNAME p.dmarc.test.", "dmarc.test": f"p 120 TXT {record('p=reject')}"}
        policy = await self.discover("example.com", zones)
        self.assertEqual((policy.status, policy.record_name, policy.ttl), ("found", "_dmarc.example.com", 120))

    async def test_record_split_into_strings_is_joined_without_space(self):
        policy = await self.discover("example.com", {"example.com": '_dmarc TXT "v=DMARC1; p=rej" "ect"'})
        self.assertEqual(policy.requested, "reject")

    async def test_domains_that_dns_cannot_be_asked_for_have_no_record(self):
        for domain in ("", ".", "a..b", "x" * 64 + ".example", "y." * 130, "\x00"):
            policy = await self.discover(domain, {})
            self.assertEqual((policy.status, len(policy.walked)), ("none", 1), repr(domain))

    async def test_longest_domain_whose_dmarc_name_is_too_long_is_asked_about_above(self):
        domain = ".".join(["x" * 60] * 4) + ".example"
        policy = await self.discover(domain, {"example": f"_dmarc TXT {record('p=reject')}"})
        self.assertEqual((len(domain), policy.policy_domain), (251, "example"))

    async def test_international_and_upper_case_domains(self):
        zones = {"xn--mller-kva.example": f"_dmarc TXT {record('p=reject')}"}
        for domain in ("müller.example", "MÜLLER.Example.", "XN--MLLER-KVA.example"):
            policy = await self.discover(domain, zones)
            self.assertEqual((policy.status, policy.domain), ("found", "xn--mller-kva.example"))


class PolicyInForce(DiscoveryCase):
    ZONE = (
        f"_dmarc TXT {record('p=reject; sp=quarantine; np=none; ' + RUA)}\n"
        "@ A 192.0.2.1\nsub A 192.0.2.1\nx.ent A 192.0.2.1\n_dmarc.text TXT hello"
    )

    async def test_domain_existing_and_nonexisting_subdomain(self):
        for domain, requested in (
            ("example.com", "reject"),
            ("sub.example.com", "quarantine"),
            ("ent.example.com", "quarantine"),  # an empty non-terminal exists
            ("text.example.com", "quarantine"),  # something below it exists, so it does
            ("nowhere.example.com", "none"),
            ("a.nowhere.example.com", "none"),
        ):
            policy = await self.discover(domain, {"example.com": self.ZONE})
            self.assertEqual((policy.status, policy.requested), ("found", requested), domain)
            self.assertEqual((policy.subdomain_policy, policy.nonexistent_policy), ("quarantine", "none"))

    async def test_absent_np_is_sp_and_absent_sp_is_p(self):
        for tags, existing, missing in (
            ("p=reject", "reject", "reject"),
            ("p=reject; sp=none", "none", "none"),
            ("p=none; np=reject", "none", "reject"),
            ("p=none; sp=quarantine; np=reject", "quarantine", "reject"),
        ):
            policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record(tags)}"})
            self.assertEqual((policy.subdomain_policy, policy.nonexistent_policy), (existing, missing), tags)

    async def test_existence_is_asked_only_where_it_matters(self):
        await self.discover("a.example.com", {"example.com": f"_dmarc TXT {record('p=reject; sp=none')}"})
        self.assertEqual(self.asked("a.example.com", "MX"), 0)
        await self.discover("a.example.com", {"example.com": self.ZONE})
        self.assertEqual(self.asked("a.example.com", "MX"), 1)
        await self.discover("text.example.com", {"example.com": self.ZONE})
        self.assertEqual(self.asked("text.example.com", "MX"), 0)

    async def test_t_lowers_what_is_applied_by_one_step_and_nothing_else(self):
        for requested, applied in (("reject", "quarantine"), ("quarantine", "none"), ("none", "none")):
            zones = {"example.com": f"_dmarc TXT {record(f'p={requested}; sp=reject; t=y')}"}
            policy = await self.discover("example.com", zones)
            self.assertEqual((policy.requested, policy.applied, policy.testing), (requested, applied, True))
            self.assertEqual(policy.subdomain_policy, "quarantine")

    async def test_stricter_is_what_older_receivers_apply_to_a_testing_record(self):
        # RFC 7489 receivers do not know t.
        policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record('p=quarantine; t=y')}"})
        self.assertEqual((policy.applied, policy.legacy.applied, policy.stricter), ("none", "quarantine", "quarantine"))

    async def test_pct_is_nothing_to_new_receivers_and_zero_is_one_step_to_older_ones(self):
        for pct, older in ((0, "quarantine"), (50, "reject"), (100, "reject")):
            policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record(f'p=reject; pct={pct}')}"})
            self.assertEqual((policy.applied, policy.legacy.applied, policy.stricter), ("reject", older, "reject"))

    async def test_missing_or_bad_policy_with_a_valid_rua_is_none(self):
        for tags in ("", "p=rejct; ", "p=reject; sp=x; "):
            policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record(tags + RUA)}"})
            self.assertEqual((policy.status, policy.requested, policy.subdomain_policy), ("found", "none", "none"))

    async def test_missing_or_bad_policy_without_rua_is_no_dmarc_and_the_record_is_shown(self):
        policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record('p=rejct')}"})
        self.assertEqual((policy.status, policy.requested, policy.stricter), ("none", None, None))
        self.assertEqual((policy.record, policy.record_name), ("v=DMARC1; p=rejct", "_dmarc.example.com"))
        self.assertNotIn("dmarc.missing", codes(policy.findings))

    async def test_bad_record_of_the_domain_does_not_let_the_parents_apply(self):
        zones = {"example.com": f"_dmarc.a TXT {record('p=')}\n_dmarc TXT {record('p=reject')}"}
        policy = await self.discover("a.example.com", zones)
        self.assertEqual((policy.status, policy.policy_domain), ("none", "a.example.com"))

    async def test_sp_in_the_record_of_a_subdomain_has_no_effect(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject; sp=quarantine')}\n_dmarc.a TXT {record('p=none; sp=reject')}"}
        policy = await self.discover("a.example.com", zones)
        self.assertEqual((policy.requested, policy.subdomain_policy), ("none", "quarantine"))
        found = finding(policy.findings, "dmarc.sp_without_effect")
        self.assertEqual(found.record[slice(*found.span)], "sp=reject")

    async def test_sp_of_a_subdomain_that_is_its_own_organization_has_effect(self):
        for zone in (f"_dmarc.a TXT {record('p=none; sp=reject')}",
                     f"_dmarc TXT {record('p=reject')}\n_dmarc.a TXT {record('p=none; sp=reject; psd=n')}"):
            policy = await self.discover("a.example.com", {"example.com": zone})
            self.assertEqual(policy.subdomain_policy, "reject")
            self.assertNotIn("dmarc.sp_without_effect", codes(policy.findings))

    async def test_subdomain_policy_of_a_deep_domain_is_not_guessed(self):
        domain = "a.b.c.d.e.f.g.h.example.com"
        policy = await self.discover(domain, {"example.com": f"_dmarc TXT {record('p=reject')}"})
        self.assertEqual((policy.requested, policy.subdomain_policy), ("reject", "reject"))

    async def test_fields_of_the_record(self):
        tags = f"p=reject; aspf=s; adkim=s; psd=n; {RUA}; ruf=mailto:f@example.net"
        policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record(tags)}"})
        self.assertEqual((policy.aspf, policy.adkim, policy.psd, policy.tags["p"]), ("s", "s", "n", "reject"))
        self.assertEqual((policy.rua[0].host, policy.ruf[0].host), ("example.com", "example.net"))


class WhenDnsDoesNotAnswer(DiscoveryCase):
    ZONE = f"_dmarc TXT {record('p=reject')}\n@ A 192.0.2.1\na A 192.0.2.1"

    def zone(self):
        return {"example.com": self.ZONE}

    async def test_unanswered_own_name_is_unknown_whatever_stands_above(self):
        for behaviour in ("servfail", "drop"):
            policy = await self.discover("a.example.com", self.zone(), _dmarc__a__example__com=behaviour)
            self.assertEqual((policy.status, policy.record, policy.requested), ("unknown", None, None), behaviour)
            self.assertEqual(policy.failed.name, "_dmarc.a.example.com")
            self.assertEqual(policy.organizational_domain, None)
            self.assertEqual(len(policy.possible), 4)
            self.assertEqual(codes(policy.findings), ["dmarc.unanswered"])

    async def test_unanswered_parent_is_unknown_for_a_domain_without_a_record_of_its_own(self):
        policy = await self.discover("a.example.com", self.zone(), _dmarc__example__com="servfail")
        self.assertEqual((policy.status, codes(policy.findings)), ("unknown", ["dmarc.unanswered"]))
        # A name above the record could hold one with fewer labels.
        policy = await self.discover("a.example.com", self.zone(), _dmarc__com="servfail")
        self.assertEqual(policy.status, "unknown")

    async def test_unanswered_name_between_is_unknown_too(self):
        zones = {"example.com": f"{self.ZONE}\nb.a A 192.0.2.1"}
        policy = await self.discover("b.a.example.com", zones, _dmarc__a__example__com="servfail")
        self.assertEqual(policy.status, "unknown")

    async def test_own_record_is_certain_without_its_parents_but_not_its_organization(self):
        policy = await self.discover("example.com", self.zone(), _dmarc__com="servfail")
        self.assertEqual((policy.status, policy.requested, policy.applied), ("found", "reject", "reject"))
        self.assertEqual((policy.organizational_domain, policy.subdomain_policy), (None, None))
        self.assertEqual(policy.failed.name, "_dmarc.com")

    async def test_walk_that_was_stopped_does_not_need_what_lies_above(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject; psd=n')}\na A 192.0.2.1"}
        policy = await self.discover("a.example.com", zones, _dmarc__com="drop")
        self.assertEqual((policy.status, policy.organizational_domain, policy.failed), ("found", "example.com", None))

    async def test_unanswered_existence_leaves_two_policies_possible(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject; sp=none; np=reject')}"}
        policy = await self.discover("a.example.com", zones, a__example__com="servfail")
        self.assertEqual((policy.status, policy.requested), ("unknown", None))
        self.assertEqual((policy.policy_domain, policy.failed.name), ("example.com", "a.example.com"))
        self.assertEqual(policy.possible, {"none", "reject"})

    async def test_unanswered_question_of_older_receivers_leaves_the_stricter_open(self):
        # The walk skips example.com's neighbors of a deep name, the public suffix list does not.
        zones = {"example.com": f"_dmarc.a TXT {record('p=quarantine; psd=n')}\na A 192.0.2.1\nb.a A 192.0.2.1"}
        policy = await self.discover("b.a.example.com", zones, _dmarc__example__com="servfail")
        self.assertEqual((policy.status, policy.applied, policy.legacy.status), ("found", "quarantine", "unknown"))
        self.assertEqual((policy.possible, policy.stricter), ({"quarantine", "reject"}, None))


class OlderReceivers(DiscoveryCase):
    """RFC 7489: the public suffix list, two questions, no np, no psd, no t."""

    async def test_views_agree_on_an_ordinary_domain(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject; sp=none; ' + RUA)}\na A 192.0.2.1"}
        for domain in ("example.com", "a.example.com"):
            policy = await self.discover(domain, zones)
            view = policy.legacy
            self.assertEqual((view.status, view.requested, view.policy_domain, view.organizational_domain),
                             ("found", policy.requested, "example.com", "example.com"))
            self.assertNotIn("dmarc.views_differ", codes(policy.findings))

    async def test_record_between_is_seen_by_new_receivers_only(self):
        zones = {"example.com": f"_dmarc.a TXT {record('p=reject')}\nb.a A 192.0.2.1"}
        policy = await self.discover("b.a.example.com", zones)
        self.assertEqual((policy.status, policy.policy_domain, policy.legacy.status), ("found", "a.example.com", "none"))
        self.assertEqual(policy.stricter, "reject")
        self.assertEqual(finding(policy.findings, "dmarc.views_differ").params["reason"], "policy")

    async def test_psd_n_parts_the_views(self):
        zones = {"example.com": f"_dmarc TXT {record('p=reject')}\n_dmarc.a TXT {record('p=none; psd=n')}\nb.a A 192.0.2.1"}
        policy = await self.discover("b.a.example.com", zones)
        self.assertEqual((policy.requested, policy.legacy.requested, policy.stricter), ("none", "reject", "reject"))

    async def test_record_only_at_a_subdomain_parts_the_organizations(self):
        policy = await self.discover("mail.example.com", {"example.com": f"_dmarc.mail TXT {record('p=reject')}"})
        self.assertEqual((policy.organizational_domain, policy.legacy.organizational_domain),
                         ("mail.example.com", "example.com"))
        self.assertEqual(finding(policy.findings, "dmarc.views_differ").params["reason"], "organizational_domain")

    async def test_several_records_end_the_search_of_older_receivers(self):
        # RFC 7489 §6.6.3 step 5; RFC 9989 goes on to the parents.
        zones = {"example.com": f"_dmarc.a TXT {record('p=none')}\n_dmarc.a TXT {record('p=reject')}\n"
                                f"_dmarc TXT {record('p=quarantine')}"}
        policy = await self.discover("a.example.com", zones)
        self.assertEqual((policy.status, policy.legacy.status), ("found", "none"))
        self.assertIn("dmarc.views_differ", codes(policy.findings))

    async def test_bad_np_stops_new_receivers_only(self):
        policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record('p=reject; np=x')}"})
        self.assertEqual((policy.status, policy.legacy.requested, policy.stricter), ("none", "reject", "reject"))
        self.assertIn("dmarc.views_differ", codes(policy.findings))

    async def test_t_and_pct_have_findings_of_their_own(self):
        for tags in ("p=reject; t=y", "p=reject; pct=0"):
            policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record(tags)}"})
            self.assertNotIn("dmarc.views_differ", codes(policy.findings))

    async def test_public_suffix_of_two_labels(self):
        self.assertEqual(dmarc.registrable_domain("a.b.example.co.uk"), "example.co.uk")
        self.assertEqual(dmarc.registrable_domain("co.uk"), "co.uk")
        self.assertEqual(dmarc.registrable_domain("Müller.example."), "xn--mller-kva.example")
        self.assertIsNone(dmarc.registrable_domain("a..b"))

    async def test_without_the_list_the_view_is_left_out_and_a_finding_says_so(self):
        suffix_rules.cache_clear()
        self.addCleanup(suffix_rules.cache_clear)
        with mock.patch.dict(sys.modules, {"publicsuffixlist": None}):
            policy = await self.discover("example.com", {"example.com": f"_dmarc TXT {record('p=reject; ' + RUA)}"})
            self.assertEqual((policy.status, policy.legacy, policy.stricter), ("found", None, "reject"))
            self.assertEqual(codes(policy.findings), ["dmarc.no_psl"])
            self.assertIsNone(dmarc.registrable_domain("a.example.com"))
            self.assertIsNone(legacy.aligned("a.example.com", "b.example.com", strict=False))


if __name__ == "__main__":
    unittest.main()
