"""Which texts are names that DNS can be asked for, and which are mail domains."""

from __future__ import annotations

import unittest

from .. import DomainQuery, Path
from ..dns import names
from ..dns.names import CODES, ancestors, domain_of, domain_problem, is_subdomain, parent, to_ascii, to_unicode


class TestToAscii(unittest.TestCase):
    def test_a_name_is_asked_in_lower_case_without_its_final_dot(self):
        for text, name in {
            "Example.COM": "example.com",
            "example.com.": "example.com",
            "_dmarc.example.com": "_dmarc.example.com",
            "*.example.com": "*.example.com",
            "a+b=c._spf.example.com": "a+b=c._spf.example.com",
            "-.example": "-.example",
            "com": "com",
        }.items():
            with self.subTest(text):
                self.assertEqual(to_ascii(text), name)

    def test_an_international_name_is_asked_as_its_a_labels(self):
        for text, name in {
            "bücher.example": "xn--bcher-kva.example",
            "BÜCHER.example": "xn--bcher-kva.example",
            "例え.テスト": "xn--r8jz45g.xn--zckzah",
            "例え。テスト": "xn--r8jz45g.xn--zckzah",
            "_dmarc.bücher.example": "_dmarc.xn--bcher-kva.example",
            "XN--BCHER-KVA.example": "xn--bcher-kva.example",
        }.items():
            with self.subTest(text):
                self.assertEqual(to_ascii(text), name)

    @unittest.skipUnless(names.idna, "without the package idna there is IDNA 2003 only")
    def test_an_international_name_goes_by_idna_2008(self):
        self.assertEqual(to_ascii("straße.example"), "xn--strae-oqa.example")
        self.assertIsNone(to_ascii("a\u200d.example"))
        self.assertEqual(domain_problem("☃.example"), "name.idn")

    def test_what_dns_cannot_be_asked_has_no_ascii_form(self):
        for text in (
            "", ".", "..", ".example", "a..b", "a" * 64 + ".example", ".".join(["a" * 49] * 6), "with space.example",
            "tab\t.example", "nul\0.example", "back\\slash.example", "\u202eexample.com", "\ud800.example", "ü" * 64,
            "☃" * 2000, "xn--\u00fc.example",
        ):
            with self.subTest(text[:40]):
                self.assertIsNone(to_ascii(text))

    def test_a_name_of_253_characters_can_be_asked_and_of_254_not(self):
        longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
        self.assertEqual(to_ascii(longest), longest)
        self.assertIsNone(to_ascii("e" + longest))


class TestToUnicode(unittest.TestCase):
    def test_a_labels_are_shown_decoded(self):
        self.assertEqual(to_unicode("xn--bcher-kva.example"), "bücher.example")
        self.assertEqual(to_unicode("_dmarc.xn--bcher-kva.example"), "_dmarc.bücher.example")

    def test_what_is_no_valid_a_label_is_shown_as_it_is(self):
        for name in ("xn--.example", "xn--a-ecp.ru.xn--", "xn--99999999999999.example", "xn--" + "a" * 80, "xn--ü"):
            with self.subTest(name):
                self.assertEqual(to_unicode(name), name)

    def test_what_is_shown_leads_back_to_the_name(self):
        # An A-label of capital letters decodes to something that is asked differently.
        self.assertEqual(to_unicode("xn--Bcher-Kva.example"), "bücher.example")
        self.assertEqual(to_unicode("example.com"), "example.com")


class TestTree(unittest.TestCase):
    def test_a_subdomain_ends_at_a_dot(self):
        self.assertTrue(is_subdomain("a.example.com", "example.com"))
        self.assertTrue(is_subdomain("example.com", "example.com"))
        self.assertTrue(is_subdomain("example.com", ""))
        self.assertFalse(is_subdomain("badexample.com", "example.com"))
        self.assertFalse(is_subdomain("com", "example.com"))

    def test_parents_lead_up_to_the_root(self):
        self.assertEqual(parent("a.example.com"), "example.com")
        self.assertEqual(parent("com"), "")
        self.assertEqual(ancestors("a.example.com"), ["a.example.com", "example.com", "com"])
        self.assertEqual(ancestors(""), [])


class TestDomainProblem(unittest.TestCase):
    def test_a_mail_domain_has_no_problem(self):
        for text in ("example.com", "Example.COM.", "a.b.c.example", "xn--bcher-kva.example", "bücher.example",
                     "1und1.de", "3.example", "example.xn--p1ai"):
            with self.subTest(text):
                self.assertIsNone(domain_problem(text))

    def test_each_reason_why_a_text_is_no_mail_domain_has_its_code(self):
        for text, code in {
            "": "name.empty",
            " ": "name.empty",
            ".": "name.empty",
            "localhost": "name.single_label",
            "192.0.2.1": "name.ip_address",
            "[192.0.2.1]": "name.ip_address",
            "[IPv6:2001:db8::1]": "name.ip_address",
            "2001:db8::1": "name.ip_address",
            "a..example": "name.empty_label",
            ".example.com": "name.empty_label",
            "under_score.example": "name.underscore",
            "-a.example": "name.hyphen",
            "a-.example": "name.hyphen",
            "a" * 64 + ".example": "name.label_too_long",
            "a" * 80 + ".example": "name.label_too_long",
            ".".join(["a" * 60] * 5): "name.name_too_long",
            "exa mple.com": "name.bad_character",
            "example.com\n": "name.bad_character",
            "user@example.com": "name.bad_character",
            "<b>.example": "name.bad_character",
            "http://example.com": "name.bad_character",
            "a\u202eb.example": "name.idn",
            "300.1.2.3": "name.numeric_tld",
            "a" * 5000: "name.label_too_long",
        }.items():
            with self.subTest(text[:40]):
                self.assertEqual(domain_problem(text), code)
                self.assertIn(code, CODES)


class TestDomainOf(unittest.TestCase):
    def test_a_domain_has_one_form_however_it_is_written(self):
        for address in ("jane@bücher.example", "jane@BÜCHER.example.", "jane@xn--bcher-kva.example", "bücher.example",
                        "@Xn--Bcher-kva.Example", '"a@b"@bücher.example', " jane@bücher.example "):
            with self.subTest(address):
                self.assertEqual(domain_of(address), "xn--bcher-kva.example")

    def test_what_is_no_name_keeps_its_letters_and_nothing_is_nothing(self):
        self.assertEqual(domain_of("jane@No Name"), "no name")
        self.assertEqual([domain_of(text) for text in (None, "", "jane@", "@")], [""] * 4)

    def test_what_is_asked_about_and_who_sends_have_that_form(self):
        path = Path("1", "Bücher.example", "bounce@BÜCHER.example")
        self.assertEqual((path.from_domain, path.envelope_domain), ("xn--bcher-kva.example",) * 2)
        self.assertEqual(DomainQuery("bücher.example", paths=(path,)).domain, "xn--bcher-kva.example")
        self.assertEqual(DomainQuery("no name").domain, "no name")
