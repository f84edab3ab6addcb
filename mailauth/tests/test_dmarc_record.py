"""DMARC records as text: what receivers read, and where an error stands (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import time
import unittest
from functools import partial

from .. import dmarc
from ..dmarc import is_dmarc, parse
from ..dmarc.record import Effect, means_dmarc
from .fuzz import check_problems
from .problems import problem_of, spanned
from .zone_case import codes

RUA = "rua=mailto:d@example.com"
problem = partial(problem_of, parse)
piece = partial(spanned, parse)


class GoodRecords(unittest.TestCase):
    def test_full_record_has_no_problem(self):
        text = (
            "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s; fo=1:d:s; psd=n; t=n; "
            "rua=mailto:a@example.com,mailto:b@example.com; ruf=mailto:c@example.com"
        )
        record = parse(text)
        self.assertEqual((record.valid, record.problems, record.effect), (True, (), Effect.AS_WRITTEN))
        self.assertEqual((record.p, record.sp, record.np, record.adkim, record.aspf, record.psd),
                         ("reject", "reject", "reject", "s", "s", "n"))
        self.assertEqual([uri.host for uri in record.rua + record.ruf], ["example.com"] * 3)

    def test_white_space_around_tags_is_legal(self):
        text = f"v = DMARC1 ;\tp = Reject ; {RUA.replace('=', ' = ')} ;"
        self.assertEqual((parse(text).p, parse(text).problems), ("reject", ()))

    def test_values_are_not_case_sensitive_and_the_version_is(self):
        self.assertEqual(parse(f"v=DMARC1; p=QUARANTINE; ADKIM=S; {RUA}").adkim, "s")
        self.assertFalse(is_dmarc("v=dmarc1; p=reject"))
        self.assertTrue(is_dmarc("V=DMARC1; p=reject"))

    def test_unknown_tags_are_ignored_and_new_ones_known(self):
        record = parse(f"v=DMARC1; p=reject; foo=bar; np=none; t=y; psd=u; {RUA}")
        self.assertEqual(record.effect, Effect.AS_WRITTEN)
        self.assertEqual(codes(record.problems), ["dmarc.unknown_tag", "dmarc.testing", "dmarc.weaker_nonexistent"])

    def test_sp_none_is_not_read_as_p_none(self):
        record = parse(f"v=DMARC1; sp=none; p=reject; {RUA}")
        self.assertEqual((record.p, record.sp), ("reject", "none"))
        self.assertEqual(codes(record.problems), ["dmarc.policy_not_second", "dmarc.weaker_subdomain"])

    def test_defaults(self):
        record = parse("v=DMARC1; p=none")
        self.assertEqual((record.adkim, record.aspf, record.psd, record.testing, record.pct), ("r", "r", "u", False, 100))
        self.assertEqual(codes(record.problems), ["dmarc.no_rua", "dmarc.policy_none"])


class MissingOrBadPolicies(unittest.TestCase):
    def test_bad_or_missing_policy_is_p_none_with_a_valid_rua_and_nothing_without(self):
        for tags in ("p=rejected", "p=", "sp=reject", "p=reject; sp=rejct", "p=reject; np=off", ""):
            with_rua, without = parse(f"v=DMARC1; {tags}; {RUA}"), parse(f"v=DMARC1; {tags}")
            self.assertEqual((with_rua.effect, without.effect), (Effect.AS_NONE, Effect.NO_PROCESSING), tags)
            self.assertIn("dmarc.read_as_none", codes(with_rua.problems))
            self.assertIn("dmarc.no_processing", codes(without.problems))

    def test_invalid_rua_does_not_save_the_record(self):
        for rua in ("rua=d@example.com", "rua=", "rua=mailto:", "rua=,"):
            self.assertEqual(parse(f"v=DMARC1; {rua}").effect, Effect.NO_PROCESSING, rua)

    def test_any_valid_uri_saves_the_record(self):
        self.assertEqual(parse("v=DMARC1; rua=https://example.com/report").effect, Effect.AS_NONE)

    def test_bad_np_is_nothing_to_older_receivers(self):
        record = parse(f"v=DMARC1; p=reject; np=off; {RUA}")
        self.assertEqual((record.effect, record.legacy_effect), (Effect.AS_NONE, Effect.AS_WRITTEN))

    def test_bad_policy_has_its_place(self):
        text = f"v=DMARC1; p=reject; sp=rejct; {RUA}"
        self.assertEqual(piece(text, "dmarc.bad_policy"), "sp=rejct")

    def test_other_bad_tags_take_their_defaults(self):
        text = f"v=DMARC1; p=reject; adkim=strict; t=yes; psd=maybe; fo=0:1; {RUA}; ruf=mailto:a@example.com"
        record = parse(text)
        self.assertEqual((record.effect, record.adkim, record.testing, record.psd), (Effect.AS_WRITTEN, "r", False, "u"))
        self.assertEqual(codes(record.problems), ["dmarc.bad_tag"] * 4)
        self.assertEqual(text[slice(*record.problems[0].span)], "adkim=strict")

    def test_fo(self):
        for value, good in (("0", True), ("1:d:s", True), ("d:s", True), ("s:d:1", True), ("0:1", False),
                            ("d:d", False), ("x", False), ("", False), ("0,d", False)):
            found = codes(parse(f"v=DMARC1; p=reject; fo={value}; {RUA}; ruf=mailto:a@example.com").problems)
            self.assertEqual(found, [] if good else ["dmarc.bad_tag"], value)


class WhatIsARecord(unittest.TestCase):
    def test_text_that_does_not_start_with_the_version_is_no_record(self):
        for text, reason in (
            ("p=reject; v=DMARC1", "not_first"),
            ("p=reject", "missing"),
            ("v=DMARC2; p=reject", "value"),
            ("v=dmarc1; p=reject", "value"),
            (" v=DMARC1; p=reject", "leading_space"),
            ("v=DMARC1.0; p=reject", "value"),
            ("v:DMARC1; p=reject", "missing"),
            ("DMARC1; p=reject", "missing"),
            ("rua=mailto:a@example.com; v=DMARC1; p=none", "not_first"),
        ):
            self.assertFalse(parse(text).valid)
            self.assertTrue(means_dmarc(text), text)
            self.assertEqual(problem(text, "dmarc.bad_version").params["reason"], reason, text)

    def test_other_texts_do_not_mean_dmarc(self):
        for text in ("v=spf1 -all", "", ";", "google-site-verification=x", "v=DKIM1; p=none", "hello p=reject",
                     "v=spf1 include:dmarc1.example.com -all", "dmarc=pass"):
            self.assertFalse(means_dmarc(text), text)

    def test_semicolon_lost_after_the_version_loses_the_record(self):
        for text in (f"v=DMARC1 p=reject; {RUA}", f"v=DMARC1, p=reject; {RUA}"):
            self.assertFalse(is_dmarc(text))
            self.assertEqual(problem(text, "dmarc.lost_semicolon").span, (8, 9))
            self.assertNotIn("dmarc.bad_version", codes(parse(text).problems))

    def test_semicolon_lost_between_tags(self):
        text = f"v=DMARC1; p=none sp=none; {RUA}"
        self.assertEqual(problem(text, "dmarc.lost_semicolon").params, {"tag": "p", "next": "sp"})
        self.assertEqual(problem(text, "dmarc.lost_semicolon").span, (16, 17))
        self.assertEqual(parse(text).effect, Effect.AS_NONE)
        text = f"v=DMARC1; p=none; {RUA} pct=100"
        self.assertIn("dmarc.lost_semicolon", codes(parse(text).problems))

    def test_curly_and_plain_quotes_pasted(self):
        for text, code in (
            (f"“v=DMARC1; p=none; {RUA}”", "dmarc.curly_quotes"),
            (f"v=“DMARC1”; p=none; {RUA}", "dmarc.curly_quotes"),
            (f'"v=DMARC1; p=none; {RUA}"', "dmarc.pasted_quotes"),
            (f"v=DMARC1\\; p=none\\; {RUA}", "dmarc.pasted_backslash"),
        ):
            self.assertFalse(is_dmarc(text))
            self.assertTrue(means_dmarc(text), text)
            self.assertIn(code, codes(parse(text).problems), text)

    def test_duplicate_tag_the_first_counts(self):
        text = f"v=DMARC1; p=reject; p=none; {RUA}"
        self.assertEqual((parse(text).p, codes(parse(text).problems)), ("reject", ["dmarc.duplicate_tag"]))
        self.assertEqual(problem(text, "dmarc.duplicate_tag").span, (20, 26))

    def test_stray_text_and_empty_tags(self):
        text = f"v=DMARC1; p=reject;; none; {RUA};"
        self.assertEqual(codes(parse(text).problems), ["dmarc.empty_tag", "dmarc.stray_text"])
        self.assertEqual(piece(text, "dmarc.stray_text"), "none")

    def test_capitals_in_a_tags_name(self):
        record = parse(f"v=DMARC1; P=reject; {RUA}")
        self.assertEqual((record.p, codes(record.problems)), ("reject", ["dmarc.tag_case"]))


class RemovedAndTestingTags(unittest.TestCase):
    def test_removed_tags_warn(self):
        text = f"v=DMARC1; p=reject; pct=100; rf=afrf; ri=86400; {RUA}"
        self.assertEqual(codes(parse(text).problems), ["dmarc.removed_tag"] * 3)
        self.assertEqual([each.params["tag"] for each in parse(text).problems], ["pct", "rf", "ri"])

    def test_pct_under_100_is_enforced_in_full_by_new_receivers(self):
        record = parse(f"v=DMARC1; p=reject; pct=25; {RUA}")
        self.assertEqual((record.pct, codes(record.problems)), (25, ["dmarc.removed_tag", "dmarc.pct_partial"]))

    def test_pct_that_is_no_percentage_means_nothing(self):
        for value in ("", "x", "-1", "1000", "5%"):
            self.assertEqual(parse(f"v=DMARC1; p=reject; pct={value}; {RUA}").pct, 100, value)

    def test_psd_yes(self):
        self.assertEqual(codes(parse(f"v=DMARC1; p=reject; psd=y; {RUA}").problems), ["dmarc.psd_yes"])

    def test_fo_without_ruf(self):
        self.assertEqual(codes(parse(f"v=DMARC1; p=reject; fo=1; {RUA}").problems), ["dmarc.fo_without_ruf"])


class ReportAddresses(unittest.TestCase):
    def problems(self, value: str):
        return [each for each in parse(f"v=DMARC1; p=reject; rua={value}").problems if each.code != "dmarc.no_rua"]

    def test_atoms_in_any_script_and_quoted_strings_are_addresses(self):
        for uri in ("mailto:a.b+c=d@example.com", "mailto:%22a:b@c%22@example.com", "mailto:%C3%A9@example.com", "mailto:a..b@example.com"):
            self.assertEqual(self.problems(uri), [], uri)

    def test_bad_addresses_have_a_reason_and_a_place(self):
        for uri, reason in (
            ("d@example.com", "no_mailto"),
            ("example.com", "no_scheme"),
            ("mailto:example.com", "no_address"),
            ("mailto:@example.com", "no_address"),
            ("mailto:a@b@example.com", "no_address"),
            ("mailto::d@example.com", "no_address"),
            ("mailto:(d)@example.com", "no_address"),
            ("mailto:%22d@example.com", "no_address"),
            ("mailto:d@", "bad_host"),
            ("mailto:d@localhost", "bad_host"),
            ("mailto:d@192.0.2.1", "bad_host"),
            ("mailto:d@exa_mple.com", "bad_host"),
            ("mailto: d@example.com", "space"),
            ("mailto://d@example.com", "slashes"),
            ("mailto:d@example.com>", "bad_character"),
            ("mailto:d!x@example.com", "bad_character"),
            ("mailto:", "no_address"),
        ):
            (found,) = self.problems(f"mailto:x@example.com,{uri}")
            text = f"v=DMARC1; p=reject; rua=mailto:x@example.com,{uri}"
            self.assertEqual((found.code, found.params["reason"]), ("dmarc.bad_uri", reason), uri)
            self.assertEqual(text[slice(*found.span)], uri)

    def test_good_addresses(self):
        for uri in ("mailto:d@example.com", "MAILTO:d@EXAMPLE.com", "mailto:a%2Cb@example.com",
                    "mailto:d+x@example.com?subject=hello", "mailto:d%21x@example.com"):
            self.assertEqual(self.problems(uri), [], uri)

    def test_empty_piece_of_the_list(self):
        self.assertEqual(codes(self.problems("mailto:a@example.com,")), ["dmarc.bad_uri"])

    def test_white_space_around_commas_is_legal(self):
        self.assertEqual(self.problems("mailto:a@example.com , mailto:b@example.com"), [])

    def test_addresses_without_comma_between_them(self):
        text = "v=DMARC1; p=reject; rua=mailto:a@example.com mailto:b@example.com"
        self.assertEqual([uri.host for uri in parse(text).rua], ["example.com"] * 2)
        self.assertEqual(problem(text, "dmarc.uri_separator").span, (44, 45))
        text = "v=DMARC1; p=reject; rua=mailto:a@example.com; mailto:b@example.com"
        self.assertEqual(codes(parse(text).problems), ["dmarc.uri_separator"])
        self.assertEqual(piece(text, "dmarc.uri_separator"), "mailto:b@example.com")

    def test_size_limit_is_obsolete_and_does_no_harm(self):
        text = "v=DMARC1; p=reject; rua=mailto:a@example.com!10m"
        self.assertEqual(codes(parse(text).problems), ["dmarc.uri_size_limit"])
        self.assertEqual((piece(text, "dmarc.uri_size_limit"), parse(text).rua[0].host), ("!10m", "example.com"))

    def test_schemes_that_receivers_need_not_support(self):
        self.assertEqual(codes(self.problems("https://example.com/r")), ["dmarc.uri_scheme"])

    def test_long_lists_and_repetitions(self):
        found = self.problems(",".join(f"mailto:a{n}@example.com" for n in range(5)))
        self.assertEqual((codes(found), found[0].params["count"]), (["dmarc.uri_list_long"], 5))
        self.assertEqual(codes(self.problems("mailto:a@example.com,MAILTO:a@example.com")), ["dmarc.uri_repeated"])

    def test_international_destination_is_its_a_label(self):
        self.assertEqual(parse("v=DMARC1; p=none; rua=mailto:a@m%C3%BCller.example").rua[0].host,
                         "xn--mller-kva.example")


class AnyText(unittest.TestCase):
    def test_long_and_odd_texts_are_read_quickly_and_raise_nothing(self):
        texts = [
            character * 65000
            for character in (";", "=", "a", " ", '"', "“", "p=;", "v=DMARC1;", "rua=mailto:", "!1", ",", "\\;", "|")
        ]
        texts += [f"v=DMARC1; rua={piece * (60000 // len(piece))}" for piece in (
            " ", "a ", ",", "mailto:a@b.c,", "mailto:a@b.c ", "!1", "%", "@", "a:", "!" + "1" * 50, " | ",
        )]
        texts += [f"v=DMARC1{' ' * 60000}p=none", f"v=DMARC1; p=none{' ' * 60000}sp=none", "v" + " " * 60000 + "=DMARC1",
                  "dmarc " * 10000, "v=DMARC1; p" + "\t" * 60000, f"v=DMARC1; fo={'0:' * 30000}"]
        for text in texts:
            started = time.process_time()
            parsed = parse(text)
            means_dmarc(text)
            self.assertLess(time.process_time() - started, 1.0, text[:30])
            self.assertLessEqual(len(parsed.problems), 32)

    def test_every_problem_has_a_kind_and_a_span_inside_the_record(self):
        check_problems(self, dmarc.CODES, parse, ("v=DMARC1;;p", "=;=;=", "v=DMARC1;rua=,,!1;ruf=mailto:", "v=DMARC1;p", "v=DMARC1; p=\n", "“", "\x00"))


if __name__ == "__main__":
    unittest.main()
