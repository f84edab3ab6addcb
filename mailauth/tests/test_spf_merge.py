"""One SPF record out of the live ones and the wanted terms (rules: RFC 7208 §5.1, §6, §6.1)."""

from __future__ import annotations

import unittest

from hypothesis import given
from hypothesis import strategies as st

from ..spf import NOTES, merge, parse
from ..spf.record import parse_term
from ..spf.repair import repair
from .fuzz import examples

ODOO = "include:_spf.odoo.com"


def notes(merged) -> list[str]:
    return [note.code.removeprefix("spf.merge_") for note in merged.notes]


class Merging(unittest.TestCase):
    def check(self, records, expected, *expected_notes, terms=(ODOO,), **options):
        merged = merge(records, terms, **options)
        self.assertEqual(merged.value, expected)
        self.assertEqual(sorted(set(notes(merged))), sorted(expected_notes))
        return merged

    def test_no_record_gets_a_first_one(self):
        self.check([], "v=spf1 include:_spf.odoo.com ~all")

    def test_our_term_comes_first_and_everything_else_is_kept(self):
        self.check(["v=spf1 include:_spf.google.com ~all"], "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all")
        self.check(
            ["v=spf1 a mx/24 -ip4:192.0.2.1 ip4:192.0.2.0/24 moo=cow -all exp=why.example.com"],
            "v=spf1 include:_spf.odoo.com a mx/24 -ip4:192.0.2.1 ip4:192.0.2.0/24 moo=cow -all exp=why.example.com")

    def test_several_terms_come_in_the_order_given(self):
        self.check(["v=spf1 mx -all"], "v=spf1 include:b.example ip4:192.0.2.1 mx -all",
                   terms=("include:b.example", "ip4:192.0.2.1"))

    def test_a_term_that_is_there_stays_where_it_is(self):
        for record in ("v=spf1 mx include:_spf.odoo.com ~all", "v=spf1 mx +Include:_SPF.odoo.com. ~all"):
            self.check([record], record)
        self.check(["v=spf1 ip4:192.0.2.7/24 -all"], "v=spf1 ip4:192.0.2.7/24 -all", terms=("ip4:192.0.2.0/24",))

    def test_a_term_with_another_qualifier_gives_way(self):
        self.check(["v=spf1 mx -include:_spf.odoo.com ?all"], "v=spf1 include:_spf.odoo.com mx ~all",
                   "replaced", "all_changed")

    def test_several_records_become_one(self):
        merged = self.check(
            ["v=spf1 include:_spf.google.com mx ~all", "v=spf1 mx ip4:192.0.2.1 ~all"],
            "v=spf1 include:_spf.odoo.com include:_spf.google.com mx ip4:192.0.2.1 ~all", "records", "duplicate")
        self.assertEqual(merged.duplicates, ("mx",))
        self.check(["v=spf1 -all", "v=spf1 -all"], "v=spf1 -all", "records", terms=())

    def test_of_two_records_a_pass_wins_over_the_same_term_without(self):
        self.check(["v=spf1 ?include:a.example -all", "v=spf1 include:a.example -all"],
                   "v=spf1 include:a.example -all", "records", "duplicate", terms=())

    def test_within_one_record_the_first_match_decides_and_not_a_later_one(self):
        for record, whole in (
            ("v=spf1 -ip4:192.0.2.1 mx ip4:192.0.2.1 -all", "v=spf1 -ip4:192.0.2.1 mx -all"),
            ("v=spf1 ~include:a.example include:a.example -all", "v=spf1 ~include:a.example -all"),
            ("v=spf1 a -a -all", "v=spf1 a -all"),
        ):
            with self.subTest(record):
                self.check([record], whole, "duplicate", terms=())
        # Nor does a later one win because there is a second record, which says nothing of it.
        self.check(["v=spf1 -ip4:192.0.2.1 ip4:192.0.2.1 -all", "v=spf1 mx -all"], "v=spf1 -ip4:192.0.2.1 mx -all",
                   "records", "duplicate", terms=())

    def test_an_address_that_a_network_lets_pass_is_not_added(self):
        for record in ("v=spf1 ip4:192.0.2.64/26 -all", "v=spf1 ip6:2001:db8::/32 -ip4:192.0.2.0/30 ip4:192.0.2.0/24 ~all"):
            self.check([record], record, terms=("ip4:192.0.2.70",))
        self.check(["v=spf1 ip6:2001:db8::/32 -all"], "v=spf1 ip6:2001:db8::/32 -all", terms=("ip6:2001:db8:1::/48",))

    def test_an_address_that_is_perhaps_refused_before_is_added(self):
        for record in (
            "v=spf1 -ip4:192.0.2.64/30 ip4:192.0.2.64/26 -all",  # a part of the network is refused first
            "v=spf1 mx ip4:192.0.2.64/26 -all",  # mx may be a void lookup too many
            "v=spf1 ~ip4:192.0.2.64/26 -all", "v=spf1 ip4:192.0.2.72/29 -all",
        ):
            with self.subTest(record):
                merged = merge([record], ["ip4:192.0.2.64/29"])
                self.assertTrue(merged.value.startswith("v=spf1 ip4:192.0.2.64/29 "))

    def test_of_differing_ends_softfail_is_taken(self):
        merged = self.check(["v=spf1 mx -all", "v=spf1 a ~all"], "v=spf1 include:_spf.odoo.com mx a ~all",
                            "records", "all_differs")
        self.assertFalse(merged.all_changed)

    def test_a_weak_end_is_changed_and_said_to_be(self):
        for end, before in (("+all", "+all"), ("?all", "?all"), ("", None)):
            with self.subTest(end):
                merged = self.check([f"v=spf1 mx {end}"], "v=spf1 include:_spf.odoo.com mx ~all", "all_changed")
                self.assertEqual((merged.all_changed, merged.all_before, merged.all_after), (True, before, "~all"))
        for end in ("-all", "~all", "~ALL"):
            merged = self.check([f"v=spf1 mx {end}"], f"v=spf1 include:_spf.odoo.com mx {end}")
            self.assertFalse(merged.all_changed)

    def test_a_wanted_all_ends_the_record(self):
        merged = self.check(["v=spf1 mx ?all"], "v=spf1 mx -all", terms=("-all",))
        self.assertTrue(merged.all_changed)

    def test_a_redirect_without_all_goes_on_working(self):
        merged = self.check(["v=spf1 redirect=_spf.example.com"],
                            "v=spf1 include:_spf.odoo.com redirect=_spf.example.com")
        self.assertIsNone(merged.all_after)
        self.check(["v=spf1 redirect=_spf.example.com exp=why.example.com mx"],
                   "v=spf1 include:_spf.odoo.com exp=why.example.com mx redirect=_spf.example.com")

    def test_a_redirect_beside_all_is_dead_and_goes(self):
        self.check(["v=spf1 mx ~all redirect=_spf.example.com"], "v=spf1 include:_spf.odoo.com mx ~all",
                   "redirect_dropped")

    def test_a_redirect_becomes_an_include_where_all_follows(self):
        self.check(["v=spf1 redirect=_spf.example.com", "v=spf1 mx -all"],
                   "v=spf1 include:_spf.odoo.com include:_spf.example.com mx -all", "records", "redirect_included")
        self.check(["v=spf1 redirect=_spf.example.com"], "v=spf1 include:_spf.example.com -all", "redirect_included",
                   terms=("-all",))

    def test_two_redirects_or_two_explanations_are_refused(self):
        for records, code in (
            (["v=spf1 redirect=a.example", "v=spf1 redirect=b.example"], "spf.merge_two_redirects"),
            (["v=spf1 redirect=a.example redirect=b.example"], "spf.merge_two_redirects"),
            (["v=spf1 exp=a.example -all", "v=spf1 exp=b.example -all"], "spf.merge_two_explanations"),
            (["v=spf1 exp=a.example exp=b.example -all"], "spf.merge_two_explanations"),
        ):
            with self.subTest(records):
                merged = merge(records, [ODOO])
                self.assertEqual((merged.value, merged.refused), (None, code))
                self.assertIn(merged.refused, NOTES)
        self.check(["v=spf1 exp=a.example redirect=b.example", "v=spf1 exp=a.example redirect=b.example"],
                   "v=spf1 include:_spf.odoo.com exp=a.example redirect=b.example", "records", "duplicate")

    def test_terms_behind_all_come_before_it(self):
        self.check(["v=spf1 mx ~all include:a.example"], "v=spf1 include:_spf.odoo.com mx include:a.example ~all",
                   "all_moved")
        # Appended behind ~all it never worked: it takes the place of one that is missing.
        self.check(["v=spf1 mx ~all include:_spf.odoo.com"], "v=spf1 include:_spf.odoo.com mx ~all", "all_moved")
        self.check(["v=spf1 mx -all ~all"], "v=spf1 include:_spf.odoo.com mx -all")

    def test_terms_can_be_dropped(self):
        self.check(["v=spf1 include:old.example mx ~all"], "v=spf1 include:_spf.odoo.com mx ~all", "dropped",
                   drop=("include:OLD.example",))
        self.check(["v=spf1 +Include:OLD.example. ~ip4:192.0.2.7/24 mx ~all"], "v=spf1 include:_spf.odoo.com mx ~all", "dropped",
                   drop=("include:old.example", "ip4:192.0.2.0/24"))

    def test_a_redirect_can_be_dropped_and_leaves_an_end(self):
        self.check(["v=spf1 mx redirect=old.example"], "v=spf1 include:_spf.odoo.com mx ~all", "dropped", "all_changed",
                   drop=("redirect=OLD.example",))

    def test_a_wanted_term_that_is_none_is_refused(self):
        for term in ("smtp.example.com", "redirect=a.example", "include:", "a mx", ""):
            self.assertEqual(merge([], [term]).refused, "spf.merge_bad_term", term)


class Repairing(unittest.TestCase):
    def test_what_has_one_reading_is_put_right(self):
        for broken, whole in (
            ("v=spf1 ip4:192.0.2.1~all", "v=spf1 ip4:192.0.2.1 ~all"),
            ("v=spf1 include:a.exampleinclude:b.example -all", "v=spf1 include:a.example include:b.example -all"),
            ("v=spf1 include:a.example-all", "v=spf1 include:a.example -all"),
            ('"v=spf1 mx" "-all"', "v=spf1 mx -all"),
            ("“v=spf1 mx −all”", "v=spf1 mx -all"),
            ("v=spf1 ‘include:a.example’ ~all", "v=spf1 include:a.example ~all"),
            ("v=spf1 ipv4:192.0.2.1 ipv6:2001:db8::1 -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"),
            ("v=spf1 ip:192.0.2.1 ip:2001:db8::1 -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"),
            ("v=spf1 a:192.0.2.1 ip6:192.0.2.0/24 ip4:2001:db8::1 -all",
             "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::1 -all"),
            ("v=spf1 include:a.example, include:b.example; -all;", "v=spf1 include:a.example include:b.example -all"),
            ("v=spf1,include:a.example,~all", "v=spf1 include:a.example ~all"),
            ("v=spf1; mx ~all", "v=spf1 mx ~all"),
            ("v=spf1include:a.example ~all", "v=spf1 include:a.example ~all"),
            ("v=spf1\tmx\u00a0 ~all\r\n", "v=spf1 mx ~all"),
            ("v=spf1 include: a.example ip4 :192.0.2.1 - all", "v=spf1 include:a.example ip4:192.0.2.1 -all"),
            ("v=spf1 include a.example ip4 192.0.2.1 -IP6 2001:db8::1 ipv4 192.0.2.9 ~all",
             "v=spf1 include:a.example ip4:192.0.2.1 -IP6:2001:db8::1 ip4:192.0.2.9 ~all"),
            ("v=spf1 mx ~all.", "v=spf1 mx ~all"),
            ("v=spf1 redirect:a.example", "v=spf1 redirect=a.example"),
            ("v=spf1 include=a.example ~all", "v=spf1 include:a.example ~all"),
            ("v=spf1 mx v=spf1 include:a.example ~all", "v=spf1 mx include:a.example ~all"),
            ("v=spf1 include:bücher.example -all", "v=spf1 include:xn--bcher-kva.example -all"),
            ("spf1 mx -all", "v=spf1 mx -all"), ("v=spf mx -all", "v=spf1 mx -all"), ("v = spf1 mx -all", "v=spf1 mx -all"),
            ("v=spfl mx -all", "v=spf1 mx -all"), (" v=spf1  mx -all", "v=spf1 mx -all"),
            ("v=spf1 \\ufeffmx -all\\u200e", "v=spf1 mx -all"),
        ):
            with self.subTest(broken):
                merged = merge([broken], [])
                self.assertEqual(merged.value, whole)
                self.assertIn("repaired", notes(merged))

    def test_an_address_or_a_name_without_a_mechanism_is_read(self):
        for broken, whole in (
            ("v=spf1 198.51.100.9 ~all", "v=spf1 ip4:198.51.100.9 ~all"),
            ("v=spf1 198.51.100.0/24 ~all", "v=spf1 ip4:198.51.100.0/24 ~all"),
            ("v=spf1 2001:db8::25 2001:db8:7::/48 ~all", "v=spf1 ip6:2001:db8::25 ip6:2001:db8:7::/48 ~all"),
            ("v=spf1 [2001:db8::25] ~all", "v=spf1 ip6:2001:db8::25 ~all"),
            ("v=spf1 2001:db8:: 198.51.100.9 ~all", "v=spf1 ip6:2001:db8:: ip4:198.51.100.9 ~all"),
            ("v=spf1 198.51.100.0 /24 ~all", "v=spf1 ip4:198.51.100.0/24 ~all"),
            ("v=spf1 198.51.100.9,203.0.113.4; ~all", "v=spf1 ip4:198.51.100.9 ip4:203.0.113.4 ~all"),
            ("v=spf1 +198.51.100.9 -203.0.113.4 ~all", "v=spf1 +ip4:198.51.100.9 -ip4:203.0.113.4 ~all"),
            ("v=spf1 “198.51.100.9”. ~all", "v=spf1 ip4:198.51.100.9 ~all"),
            ("v=spf1 include:198.51.100.9 ~all", "v=spf1 ip4:198.51.100.9 ~all"),
            ("v=spf1 _spf.odoo.com ~all", "v=spf1 include:_spf.odoo.com ~all"),
            ("v=spf1 mx _SPF.Odoo.com. ~all", "v=spf1 mx include:_spf.odoo.com ~all"),
            ("v=spf1 relay.example, ~all", "v=spf1 a:relay.example ~all"),
        ):
            with self.subTest(broken):
                merged = merge([broken], [], known=[ODOO, "a:relay.example"])
                self.assertEqual(merged.value, whole)
                self.assertIn("repaired", notes(merged))
        merged = merge(["v=spf1 _spf.odoo.com mx ~all"], [ODOO])
        self.assertEqual(merged.value, "v=spf1 include:_spf.odoo.com mx ~all")
        self.assertEqual(merge(["v=spf1 _spf.other.com ~all"], [ODOO]).refused, "spf.merge_syntax")

    def test_nothing_is_repaired_into_a_wide_network_or_one_that_is_not_global(self):
        for term in (
            "198.51.0.0/15", "198.0.0.0/8", "0.0.0.0/0", "ipv4:198.0.0.0/8", "a:198.51.100.9/8", "include:198.51.100.9/15",
            "ip:198.0.0.0/8", "2001:db8::/31", "::/0", "ipv6:2a00::/12", "ip4:2a00::/31", "10.0.0.9", "ipv4:192.168.1.0/24",
            "172.16.0.5", "127.0.0.1", "169.254.1.1", "100.64.0.9", "224.0.0.9", "0.0.0.0", "ip6:10.1.2.3", "fe80::1", "fd00::/8",
            "fec0::1", "::1", "3fff::1", "64:ff9b::1", "ff02::1", "2002:a00::1", "ip4:198.0.0.0/8~all", "ip4:10.0.0.1~all",
            "include:a.exampleip4:10.0.0.0/8include:b.example", "a/8,", "mx/24//31;", "192.0.0.0/16", "192.88.99.1", "+10.0.0.1",
        ):
            with self.subTest(term):
                merged = merge([f"v=spf1 {term} mx -all"], [])
                self.assertEqual((merged.value, merged.refused), (None, "spf.merge_syntax"))
        for term in ("198.51.0.0/16", "2001:db8::/32", "a/16,", "ipv4:192.0.2.0/24"):
            self.assertIsNotNone(merge([f"v=spf1 {term} mx -all"], []).value, term)

    def test_what_the_owner_wrote_stays_however_wide(self):
        self.assertEqual(merge(["v=spf1 ip4:10.0.0.0/8 ipv4:192.0.2.1 -all"], []).value, "v=spf1 ip4:10.0.0.0/8 ip4:192.0.2.1 -all")
        # A modifier by its form: receivers ignore it, and the record is not broken.
        for record in ("v=spf1 ip4=10.0.0.0/8 mx -all", "v=spf1 ip4=198.0.0.0/8 mx -all"):
            self.assertEqual(merge([record], []).value, record)

    def test_what_has_several_readings_is_refused_and_named(self):
        for term in ("include", "include:", "ip4:192.0.2", "ip4:192.0.2.1/33", "foo=%z", "moo", "include:http", "a:b", "ip4:192.0.2.1:25", "-~all",
                     "include:a..-", "exists:%{x}.example.com", "all:x"):
            with self.subTest(term):
                merged = merge([f"v=spf1 mx {term} -all"], [ODOO])
                self.assertEqual((merged.value, merged.refused), (None, "spf.merge_syntax"))
                self.assertEqual(merged.refused_params["terms"], [term])

    def test_a_record_without_errors_is_left_alone(self):
        for record in ("v=spf1 a:foo:bar/baz.example.com -all", "v=spf1 include:spf-all.example.com -all"):
            merged = merge([record], [])
            self.assertEqual((merged.value, merged.notes), (record, ()))


NAMES = st.sampled_from(["a.example", "b.example", "mail.example.com", "_spf.odoo.com", "_spf.google.com"])
GOOD = st.one_of(
    st.builds("{}{}:{}".format, st.sampled_from(["", "", "+", "-", "~", "?"]),
              st.sampled_from(["include", "a", "mx", "exists", "ptr"]), NAMES),
    st.builds("{}ip4:192.0.2.{}{}".format, st.sampled_from(["", "-"]), st.integers(0, 5), st.sampled_from(["", "/24"])),
    st.sampled_from(["a", "mx", "ip6:2001:db8::/32", "-all", "~all", "?all", "all", "moo=cow", "exp=why.example.com",
                     "redirect=_spf.example.com", "redirect=other.example.com", "include:a.exampleinclude:b.example"]),
)
BAD = st.sampled_from([
    "ip4:192.0.2.1~all", "ipv4:192.0.2.9", "“mx”", "include:", "moo", ",", "all.", "redirect:x.example", "-", "a:192.0.2.3",
    "include:a.example,include:c.example", "198.51.100.7", "2001:db8::7", "10.0.0.1", "198.0.0.0/8", "_spf.odoo.com", "foo=%", "include=z.example", "v=spf1", "a:museum",
])
WANTED = st.lists(st.builds("{}:{}".format, st.sampled_from(["include", "a", "mx"]), NAMES), max_size=3)


class AnyRecords(unittest.TestCase):
    @given(st.lists(st.lists(st.one_of(GOOD, GOOD, BAD), max_size=7), max_size=3), WANTED)
    @examples(150)
    def test_the_result_parses_lets_the_wanted_terms_pass_and_ends_once(self, records, wanted):
        self.check(["v=spf1 " + " ".join(terms) for terms in records], wanted)

    @given(st.lists(st.text(max_size=60), max_size=2), WANTED)
    @examples(150)
    def test_any_text_is_merged_or_refused(self, records, wanted):
        self.check(records, wanted)
        self.check(["v=spf1 " + record for record in records], wanted)

    def check(self, records, wanted):
        merged = merge(records, wanted)
        if merged.value is None:
            self.assertIn(merged.refused, NOTES)
            return
        for note in merged.notes:
            self.assertIn(note.code, NOTES)
        result = parse(merged.value)
        self.assertEqual(result.errors, ())
        bodies = [term.body for term in result.mechanisms]
        self.assertEqual(len(bodies), len(set(bodies)), "a term stands there twice")
        for text in wanted:
            (found,) = [term for term in result.mechanisms if term.body == parse_term(text).body]
            self.assertEqual(found.qualifier, "+")
        ends = [term for term in result.terms if term.name in ("all", "redirect")]
        self.assertEqual(len(ends), 1)
        if ends[0].name == "all":
            self.assertEqual(result.mechanisms[-1], ends[0])
            self.assertIn(ends[0].qualifier, "-~")
        else:
            self.assertEqual(result.terms[-1], ends[0])
        again = merge([merged.value], wanted)
        self.assertEqual((again.value, again.notes), (merged.value, ()), "a merge of the result changes it")

    @given(st.text(max_size=200))
    @examples(150)
    def test_a_repair_yields_valid_terms_only(self, text):
        for record in (text, "v=spf1 " + text):
            for term in repair(record).terms:
                self.assertTrue(term.valid)
                self.assertIsNotNone(parse_term(term.text))
