"""check_host() beyond the conformance suite: limits, failures, what the trace and the explanation say."""

from __future__ import annotations

import unittest
from dataclasses import replace

from ..spf import check_host
from ..spf.macro import MAX_NAME, expand_name, expand_text
from .zone_case import ZoneCase, txt


class CheckHost(ZoneCase):
    async def check(self, zone: str, *, scripts: dict[tuple[str, str], str] | None = None, **arguments):
        resolver = self.serve({"example.test": zone}, timeout=0.2)
        for (name, rdtype), behaviour in (scripts or {}).items():
            self.server.script(name, rdtype, behaviour)
        given = {"ip": "192.0.2.1", "domain": "example.test", "sender": "bob@example.test", "helo": "mx.example.test"}
        return await check_host(resolver, **{**given, "trace": True, **arguments})

    async def test_the_trace_has_a_row_for_each_term_in_the_order_of_evaluation(self):
        result = await self.check(f"""
@ TXT {txt("v=spf1 ip4:198.51.100.1 include:_spf.example.test a:mx.example.test -all")}
_spf TXT {txt("v=spf1 a:other.example.test ~all")}
other A 198.51.100.2
mx A 192.0.2.1
""")
        self.assertEqual((result.result, result.matched, result.lookups), ("pass", "a:mx.example.test", 3))
        self.assertEqual(
            [(row.depth, row.domain, row.term, row.outcome, row.lookups) for row in result.trace],
            [
                (0, "example.test", "ip4:198.51.100.1", "no_match", 0),
                (0, "example.test", "include:_spf.example.test", "no_match", 2),
                (1, "_spf.example.test", "a:other.example.test", "no_match", 2),
                (1, "_spf.example.test", "~all", "match", 2),
                (0, "example.test", "a:mx.example.test", "match", 3),
            ],
        )
        self.assertEqual(result.trace[4].answers[0].records, ("192.0.2.1",))

    async def test_without_being_asked_for_there_is_no_trace_and_the_result_is_the_same(self):
        zone = f"@ TXT {txt('v=spf1 ip4:198.51.100.1 include:_spf.example.test -all')}\n_spf TXT {txt('v=spf1 a ?all')}\n@ A 192.0.2.1"
        traced, other = [await self.check(zone, trace=trace) for trace in (True, False)]
        self.assertTrue(traced.trace)
        self.assertEqual(other, replace(traced, trace=()))

    async def test_eleven_lookups_are_one_too_many_and_ten_are_not(self):
        hosts = "".join(f"h{n} A 198.51.100.{n}\n" for n in range(11))
        terms = [f"a:h{n}.example.test" for n in range(11)]
        result = await self.check(f"@ TXT {txt('v=spf1 ' + ' '.join(terms[:10]) + ' +all')}\n{hosts}")
        self.assertEqual((result.result, result.lookups), ("pass", 10))
        result = await self.check(f"@ TXT {txt('v=spf1 ' + ' '.join(terms) + ' +all')}\n{hosts}")
        self.assertEqual((result.result, result.problem), ("permerror", "spf.too_many_lookups"))
        self.assertEqual(result.problem_params["term"], "a:h10.example.test")

    async def test_exp_and_the_hosts_of_mx_do_not_count(self):
        hosts = "".join(f"@ MX 10 h{n}\nh{n} A 198.51.100.{n}\n" for n in range(10))
        result = await self.check(f"@ TXT {txt('v=spf1 mx -all exp=why.example.test')}\nwhy TXT \"no\"\n{hosts}")
        self.assertEqual((result.result, result.explanation, result.lookups), ("fail", "no", 1))

    async def test_a_third_void_lookup_is_one_too_many(self):
        result = await self.check(f"@ TXT {txt('v=spf1 a:x.example.test mx:x.example.test -all')}")
        self.assertEqual((result.result, result.void_lookups), ("fail", 2))
        result = await self.check(f"@ TXT {txt('v=spf1 a:x.example.test mx exists:y.example.test -all')}")
        self.assertEqual((result.result, result.problem), ("permerror", "spf.void_lookups"))

    async def test_void_lookups_depend_on_the_family_of_the_sender(self):
        zone = f"@ TXT {txt('v=spf1 a:h.example.test a:h.example.test a:h.example.test ~all')}\nh A 198.51.100.1"
        self.assertEqual((await self.check(zone)).result, "softfail")
        self.assertEqual((await self.check(zone, ip="2001:db8::1")).result, "permerror")

    async def test_an_mx_is_void_once_when_all_its_hosts_are(self):
        zone = f"@ TXT {txt('v=spf1 mx -all')}\n" + "".join(f"@ MX 10 h{n}\n" for n in range(5))
        result = await self.check(zone)
        self.assertEqual((result.result, result.void_lookups), ("fail", 1))

    async def test_no_answer_is_temperror_and_names_the_question(self):
        for record, question in (
            ("v=spf1 a:h.example.test -all", ("h.example.test", "A")),
            ("v=spf1 mx:h.example.test -all", ("h.example.test", "MX")),
            ("v=spf1 exists:h.example.test -all", ("h.example.test", "A")),
            ("v=spf1 include:h.example.test -all", ("h.example.test", "TXT")),
            ("v=spf1 redirect=h.example.test", ("h.example.test", "TXT")),
            ("v=spf1 include:_in.example.test -all", ("h.example.test", "A")),
            ("v=spf1 mx:m.example.test -all", ("h.example.test", "A")),
        ):
            for behaviour in ("servfail", "refused", "drop", "garbage"):
                with self.subTest(record, behaviour=behaviour):
                    zone = f"@ TXT {txt(record)}\n_in TXT {txt('v=spf1 a:h.example.test -all')}\nm MX 0 h\n"
                    result = await self.check(zone, scripts={question: behaviour})
                    self.assertEqual(result.result, "temperror")
                    self.assertEqual((result.failed.name, result.failed.rdtype), question)
        result = await self.check("", scripts={("example.test", "TXT"): "servfail"})
        self.assertEqual(result.result, "temperror")

    async def test_what_is_decided_before_a_silent_name_is_not_held_up_by_it(self):
        zone = f"@ TXT {txt('v=spf1 ip4:192.0.2.1 include:h.example.test -all')}"
        self.assertEqual((await self.check(zone, scripts={("h.example.test", "TXT"): "drop"})).result, "pass")
        self.assertEqual(self.asked("h.example.test"), 0)

    async def test_a_failing_ptr_does_not_match_and_does_not_stop(self):
        zone = f"@ TXT {txt('v=spf1 ptr ~all')}"
        result = await self.check(zone, scripts={("1.2.0.192.in-addr.arpa", "PTR"): "servfail"})
        self.assertEqual(result.result, "softfail")

    async def test_an_include_that_leads_nowhere_is_permerror(self):
        for zone, problem in (
            ("x A 192.0.2.9", "spf.include_none"),
            ("", "spf.include_none"),
            (f"x TXT {txt('v=spf1 -all')}\nx TXT {txt('v=spf1 mx -all')}", "spf.include_several"),
            (f"x TXT {txt('v=spf1 moo')}", "spf.syntax_unknown_mechanism"),
        ):
            for term in ("include:x.example.test", "redirect=x.example.test"):
                with self.subTest(term, zone=zone):
                    result = await self.check(f"@ TXT {txt('v=spf1 ' + term)}\n{zone}")
                    self.assertEqual((result.result, result.problem), ("permerror", problem))

    async def test_none_for_what_is_no_domain(self):
        for domain in ("localhost", "", "a..b", "[192.0.2.1]", "x" * 64 + ".example.test", "exa mple.test", "example.com"):
            with self.subTest(domain):
                self.assertEqual((await self.check("", domain=domain)).result, "none")

    async def test_an_international_domain_is_asked_for_as_its_a_label(self):
        result = await self.check(f"xn--bcher-kva TXT {txt('v=spf1 +all')}", domain="Bücher.example.test")
        self.assertEqual(result.result, "pass")

    async def test_an_explanation_with_control_characters_is_not_used(self):
        for text, sender, expected in (
            ("%{l} is not welcome", "bob@example.test", "bob is not welcome"),
            ("%{l} is not welcome", "bob\r\n250 ok@example.test", None),
            ("%{l} is not welcome", "bøb@example.test", None),
            ("%{x}", "bob@example.test", None),
            ("%{c} %{r} %{t}", "bob@example.test", "192.0.2.1 mx.receiver.test 1700000000"),
        ):
            with self.subTest(text, sender=sender):
                zone = f"@ TXT {txt('v=spf1 -all exp=why.example.test')}\nwhy TXT {txt(text)}"
                result = await self.check(zone, sender=sender, receiver="mx.receiver.test", now=1700000000.5)
                self.assertEqual((result.result, result.explanation), ("fail", expected))

    async def test_an_explanation_is_cut(self):
        zone = f"@ TXT {txt('v=spf1 -all exp=why.example.test')}\nwhy TXT {txt('%{s}' * 500)}"
        result = await self.check(zone, sender="b" * 200 + "@example.test")
        self.assertEqual(len(result.explanation), 1000)

    async def test_a_mapped_address_is_ipv4(self):
        zone = f"@ TXT {txt('v=spf1 ip4:192.0.2.1 -all')}"
        self.assertEqual((await self.check(zone, ip="::ffff:192.0.2.1")).result, "pass")
        with self.assertRaises(ValueError):
            await self.check(zone, ip="mail.example.test")

    async def test_the_whole_tree_has_one_deadline(self):
        zone = f"@ TXT {txt('v=spf1 ' + ' '.join(f'a:h{n}.example.test' for n in range(9)) + ' -all')}"
        resolver = self.serve({"example.test": zone}, timeout=0.4, deadline=0.6)
        self.server.script("*", "A", "delay:0.25")
        result = await check_host(resolver, ip="192.0.2.1", domain="example.test", sender="a@example.test", helo="h")
        self.assertIn(result.result, ("temperror", "permerror"))


class Macros(unittest.TestCase):
    VALUES = {
        "s": "strong-bad@email.example.com", "l": "strong-bad", "o": "email.example.com", "d": "email.example.com",
        "i": "192.0.2.3", "v": "in-addr", "h": "mx.example.org", "p": "mx.example.org",
    }

    def test_the_examples_of_rfc_7208_section_7_4(self):
        for text, expected in (
            ("%{s}", "strong-bad@email.example.com"), ("%{o}", "email.example.com"), ("%{d4}", "email.example.com"),
            ("%{d3}", "email.example.com"), ("%{d2}", "example.com"), ("%{d1}", "com"), ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"), ("%{l}", "strong-bad"), ("%{l-}", "strong.bad"), ("%{lr}", "strong-bad"),
            ("%{lr-}", "bad.strong"), ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
            ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
            ("%%.%_.%-.x.com", "%. .%20.x.com"),
        ):
            with self.subTest(text):
                self.assertEqual(expand_name(text, self.VALUES), expected)

    def test_capital_letters_escape_for_urls(self):
        self.assertEqual(expand_text("%{S} %{Sr-}", {"s": "a&b c-d@x_y.z~"}), "a%26b%20c-d%40x_y.z~ d%40x_y.z~.a%26b%20c")

    def test_a_name_loses_labels_on_the_left_until_it_fits(self):
        name = expand_name("%{l}.%{l}.%{l}.%{l}.%{l}.example.com.", {"l": "a" * 60})
        self.assertEqual(name, ".".join(["a" * 60] * 3 + ["example.com"]))
        self.assertLessEqual(len(expand_name("%{s}" * 10000 + ".example.com", {"s": "x.y"})), MAX_NAME)

    def test_huge_numbers_mean_all_parts(self):
        self.assertEqual(expand_name("%{d" + "9" * 6000 + "}", {"d": "a.b.c"}), "a.b.c")
        self.assertEqual(expand_name("%{d0002}", {"d": "a.b.c"}), "b.c")
