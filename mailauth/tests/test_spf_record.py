"""The parser of SPF records: every term, every error, and where it is."""

from __future__ import annotations

import itertools
import unittest
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from ..dns.answer import decode_text
from ..spf import CODES, parse
from ..spf import record as record_module
from ..spf.record import MAX_PROBLEMS, glued_parts, hidden_parts, is_spf
from .fuzz import examples


def errors(record: str | bytes) -> list[tuple[str, str]]:
    """Codes of the errors, and the piece of the record that each is about."""
    parsed = parse(record)
    return [(error.code, parsed.text[slice(*error.span)]) for error in parsed.errors]


class Terms(unittest.TestCase):
    def test_each_kind_of_term_is_read(self):
        record = parse(
            "v=spf1 +a mx:mail.example.com/24//64 -include:%{d}._spf.example.com ?ip4:192.0.2.0/24 ip6:2001:DB8::/32 "
            "~exists:%{ir}.example.com ptr:example.com a:foo/bar.example.com/8 unknown=%{s} exp=why.example.com -all "
        )
        self.assertEqual(record.errors, ())
        self.assertEqual(
            [(term.kind[0], term.qualifier, term.name, term.domain_spec) for term in record.terms],
            [
                ("m", "+", "a", None),
                ("m", "+", "mx", "mail.example.com"),
                ("m", "-", "include", "%{d}._spf.example.com"),
                ("m", "?", "ip4", None),
                ("m", "+", "ip6", None),
                ("m", "~", "exists", "%{ir}.example.com"),
                ("m", "+", "ptr", "example.com"),
                ("m", "+", "a", "foo/bar.example.com"),
                ("m", "", "unknown", None),
                ("m", "", "exp", "why.example.com"),
                ("m", "-", "all", None),
            ],
        )
        self.assertEqual((record.terms[1].cidr4, record.terms[1].cidr6), (24, 64))
        self.assertEqual(str(record.terms[4].network), "2001:db8::/32")
        self.assertEqual(record.terms[8].value, "%{s}")
        for term in record.terms:
            self.assertEqual(record.text[slice(*term.span)], term.text)

    def test_names_are_compared_without_case_and_qualifier(self):
        one, other = parse("v=spf1 +INCLUDE:_SPF.Example.com. include:_spf.example.com").terms
        self.assertEqual(one.key, other.key)
        self.assertEqual(parse("v=spf1 ip4:192.0.2.7/24").terms[0].body, "ip4:192.0.2.0/24")

    def test_which_records_are_selected(self):
        for text, selected in (
            ("v=spf1", True), ("V=SPF1 -all", True), ("v=spf10 -all", False), ("v=spf1-all", False),
            (" v=spf1 -all", False), ('"v=spf1 -all"', False), ("v=spf1\t-all", False), ("v=spf1; -all", False),
        ):
            with self.subTest(text):
                self.assertIs(is_spf(text), selected)


class Errors(unittest.TestCase):
    def test_every_error_of_a_record_is_reported_with_its_place(self):
        self.assertEqual(
            errors("v=spf1 ipv4:192.0.2.1 a:museum ip4:192.0.2.1/33 include: moo -all exp=a.example exp=b.example foo=%x"),
            [
                ("spf.syntax_unknown_mechanism", "ipv4"),
                ("spf.syntax_domain", "museum"),
                ("spf.syntax_prefix_length", "/33"),
                ("spf.syntax_domain_missing", ""),
                ("spf.syntax_unknown_mechanism", "moo"),
                ("spf.syntax_repeated_modifier", "exp=b.example"),
                ("spf.syntax_macro", "%"),
            ],
        )

    def test_each_error_has_its_code_and_place(self):
        for term, code, piece in (
            ("ip4:192.0.2.1~all", "spf.glued_terms", "ip4:192.0.2.1~all"),
            ("mx:a.example+ip4:192.0.2.1~all", "spf.glued_terms", "mx:a.example+ip4:192.0.2.1~all"),
            ("include:a.example~include:b.example~all", "spf.glued_terms", "include:a.example~include:b.example~all"),
            ('ip4:192.0.2.1"', "spf.quotes", '"'),
            ("include:“a.example", "spf.curly_quotes", "“"),
            ("include:a.example\u00a0", "spf.syntax_character", "\u00a0"),
            ("include:ä.example", "spf.syntax_character", "ä"),
            ("include:a.example,", "spf.syntax_separator", ","),
            ("-all;", "spf.syntax_separator", ";"),
            ("include", "spf.syntax_domain_missing", "include"),
            ("exists:", "spf.syntax_domain_missing", ""),
            ("redirect=", "spf.syntax_domain_missing", ""),
            ("a:", "spf.syntax_domain_missing", ""),
            ("a:192.0.2.1", "spf.syntax_address_as_name", "192.0.2.1"),
            ("include:192.0.2.1", "spf.syntax_address_as_name", "192.0.2.1"),
            ("a:abc.123", "spf.syntax_domain", "abc.123"),
            ("a:example.-com", "spf.syntax_domain", "example.-com"),
            ("a:example.com:8080", "spf.syntax_domain", "example.com:8080"),
            ("include:a.example/24", "spf.syntax_domain", "a.example/24"),
            ("exists:%{d}com", "spf.syntax_domain", "%{d}com"),
            ("a/24/64", "spf.syntax_prefix_length", "/24/64"),
            ("a//129", "spf.syntax_prefix_length", "//129"),
            ("a/", "spf.syntax_prefix_length", "/"),
            ("ip4:192.0.2.1/032", "spf.syntax_prefix_length", "/032"),
            ("ip4:192.0.2.1//32", "spf.syntax_prefix_length", "//32"),
            ("ip4", "spf.syntax_network_missing", ""),
            ("ip4:192.0.2", "spf.syntax_network", "192.0.2"),
            ("ip4:192.0.2.256", "spf.syntax_network", "192.0.2.256"),
            ("ip4:192.0.2.01", "spf.syntax_network", "192.0.2.01"),
            ("ip4:2001:db8::1", "spf.syntax_network", "2001:db8::1"),
            ("ip4:mail.example.com", "spf.syntax_network", "mail.example.com"),
            ("ip6:192.0.2.1", "spf.syntax_network", "192.0.2.1"),
            ("ip6:fe80::1%eth0", "spf.syntax_network", "fe80::1%eth0"),
            ("ip6::2001:db8::1::2", "spf.syntax_network", ":2001:db8::1::2"),
            ("all.", "spf.syntax_unknown_mechanism", "all."),
            ("-all:foo", "spf.syntax_argument", ":foo"),
            ("ptr/24", "spf.syntax_argument", "/24"),
            ("redirect:a.example", "spf.syntax_modifier_sign", "redirect:a.example"),
            ("-redirect=a.example", "spf.syntax_qualifier", "-"),
            ("-", "spf.syntax_qualifier", "-"),
            ("--all", "spf.syntax_unknown_mechanism", "--all"),
            ("1up=foo", "spf.syntax_modifier_name", "1up"),
            ("=all", "spf.syntax_modifier_name", ""),
            ("moo.cow/far=man", "spf.syntax_unknown_mechanism", "moo.cow"),
            ("exists:%(ir).a.example", "spf.syntax_macro", "%"),
            ("exists:%{x}.a.example", "spf.syntax_macro", "%{x}"),
            ("exists:%{c}.a.example", "spf.syntax_macro", "%{c}"),
            ("exists:%{i0}.a.example", "spf.syntax_macro", "%{i0}"),
            ("exists:%{i.a.example", "spf.syntax_macro", "%{"),
        ):
            with self.subTest(term):
                found = errors(f"v=spf1 mx {term} a")
                self.assertEqual(found, [(code, piece)])

    def test_each_code_is_in_the_table(self):
        for record in ("hello", "v=spf1 a:b ip4:x/y “all” %{ foo=%z redirect:a.b"):
            for code, _piece in errors(record):
                self.assertIn(code, CODES)

    def test_a_misspelled_mechanism_gets_a_suggestion(self):
        for term, suggestion in (("ipv4:192.0.2.1", "ip4"), ("inlcude:a.example", "include"), ("all.", "all"),
                                 ("exist:a.example", "exists"), ("zebra", None)):
            self.assertEqual(parse(f"v=spf1 {term}").errors[0].params["suggestion"], suggestion, term)

    def test_octets_that_are_no_text_are_errors_where_they_are_shown(self):
        self.assertEqual(errors(b"v=spf1 a:\x80b.example \xc3\xa4 mx"), [
            ("spf.syntax_character", "\\x80"), ("spf.syntax_character", "ä")])
        # A control character is shown as an escape, of which every sign would be lawful.
        self.assertEqual(errors(b"v=spf1 a:f\x01oo.example.com"), [("spf.syntax_character", "\\x01")])

    def test_legal_things_that_other_checkers_flag_are_no_errors(self):
        for record in (
            "v=spf1  a   mx -all  ", "v=spf1 a:foo:bar/baz.example.com -all", "v=spf1 include:_spf.example.com. -all",
            "v=spf1 moo.cow-far_out=man:dog/cat -all", "v=spf1 a:foo.example.xn--zckzah", "v=spf1 exists:%%%_%-",
            "v=spf1 ip6:::1.1.1.1/0", "v=spf1", "v=spf1 a/0//0", "v=spf1 exists:%{l1r+-}._spf.%{D} -all", "v=spf1 x=",
        ):
            with self.subTest(record):
                self.assertEqual(errors(record), [])

    def test_glued_terms_are_told_apart(self):
        self.assertEqual(glued_parts("ip4:192.0.2.1~all"), ("ip4:192.0.2.1", "~all"))
        self.assertEqual(
            glued_parts("include:a.exampleinclude:b.exampleip4:192.0.2.1"),
            ("include:a.example", "include:b.example", "ip4:192.0.2.1"))
        self.assertEqual(glued_parts("include:a.exampleredirect=b.example"), ("include:a.example", "redirect=b.example"))
        # These two are one lawful name each, and surely not meant so.
        for text in ("include:a.exampleinclude:b.example", "include:a.example-all"):
            record = parse(f"v=spf1 {text}")
            self.assertEqual(record.errors, ())
            self.assertEqual(len(hidden_parts(record.terms[0])), 2)
        self.assertEqual(hidden_parts(parse("v=spf1 a:foo:bar/baz.example.com").terms[0]), ())
        self.assertEqual(hidden_parts(parse("v=spf1 include:spf-all.example.com").terms[0]), ())


class Hostile(unittest.TestCase):
    @given(st.binary(max_size=300))
    @examples(150)
    def test_no_octets_raise_and_every_span_lies_within_the_text(self, octets):
        for record in (parse(octets), parse(b"v=spf1 " + octets)):
            self.assertLessEqual({error.code for error in record.errors}, CODES.keys())
            for error in record.errors:
                self.assertLessEqual(0, error.span[0])
                self.assertLessEqual(error.span[0], error.span[1])
                self.assertLessEqual(error.span[1], len(record.text))
            for term in record.terms:
                self.assertEqual(record.text[slice(*term.span)], term.text)

    @given(st.binary(max_size=200))
    @example("é“x”".encode() + b"\xe2\x80\x00\xff")
    @examples(150)
    def test_what_is_shown_is_what_the_answer_shows(self, octets):
        self.assertEqual(parse(octets).text, decode_text(octets))

    @given(st.text(alphabet=" abimx460123.:/=~-+?%{}[];,\"“_@ncludexspr", max_size=120))
    @examples(150)
    def test_a_term_is_valid_or_has_an_error(self, text):
        record = parse("v=spf1 " + text)
        self.assertEqual(all(term.valid for term in record.terms), not record.errors)

    def test_a_record_of_errors_is_not_read_to_its_end(self):
        self.assertLessEqual(len(parse("v=spf1 " + "moo " * 20000).errors), MAX_PROBLEMS + 2)

    def test_sixty_kilobytes_are_read_in_no_time(self):
        for text in ("a " * 30000, "a:" + "a" * 60000 + ".com", "exists:" + "%{d}" * 15000, "ip4:1.1.1.1 " * 5000,
                     "a:1" + ".1" * 30000, "x=" + "%" * 60000, "“" * 20000, "-" * 60000, "a:b~all" * 8000,
                     "include:" * 8000, ",;" * 30000):
            with self.subTest(text[:10]):
                parse("v=spf1 " + text)


class ShortWay(unittest.TestCase):
    """Terms as nearly all records have them are read by one pattern: it takes none that the whole reader takes otherwise."""

    PARTS = (
        ("", "+", "-", "~", "?"),
        ("all", "include", "a", "mx", "exists", "ip4", "ip6", "redirect", "exp", "ptr", "A", "ALL", "Include", "IP4"),
        ("", ":", "=", "/"),
        ("", "example.test", "192.0.2.1", "192.0.2.1/24", "192.0.2.1/33", "192.0.2.1/024", "192.0.2.256", "a.b-", "x..y.test",
         "_spf.A.Test.", "com", "a.1b", "24", "a.test/24", "%{d}", "2001:db8::/32", "include:b.test", "é.test", "a.test-all",
         "0.0.0.0/0", "1.2.3.4/00", "1.2.3.4/9", "-a.test", "a_b.test", "::", "::/0", "::/128", "::/129", "::/064", ":::", "1::2::3",
         "1:2:3:4:5:6:7:8/64", "1:2:3:4:5:6:7:8:9", "12345::", "::ffff:192.0.2.1", "::1%eth0", "2001:DB8::F", "a.teſt", "1.2.3.4/２",
         "a.test  a:b.test", "a.test redirect=a.test redirect=b.test "),
    )

    def test_it_reads_what_the_whole_reader_reads(self):
        for pieces in itertools.product(*self.PARTS):
            text = "v=spf1 " + "".join(pieces)
            with mock.patch.object(record_module, "_plain_term", return_value=None):
                expected = parse(text)
            self.assertEqual(parse(text), expected)
