"""Whether a domain's record lets a service pass: by addresses, whatever the record looks like."""

from __future__ import annotations

import ipaddress

from ..spf import authorises, networks_of
from .zone_case import ZoneCase, txt

SERVICE = f"""
_spf TXT {txt("v=spf1 -ip4:198.51.100.7 include:a._spf.service.test ip4:203.0.113.0/25 ~all")}
a._spf TXT {txt("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:1::/48 -all")}
relay A 192.0.2.10
relay AAAA 2001:db8:2::10
exists TXT {txt("v=spf1 exists:%{i}._x.service.test -all")}
local TXT {txt("v=spf1 exists:%{l}._x.service.test -all")}
192.0.2.99._x A 127.0.0.2
"""
NETWORKS = "ip4:198.51.100.0/24 ip4:203.0.113.0/25 ip6:2001:db8:1::/48"


class Authorises(ZoneCase):
    async def answer(self, record: str, term: str = "include:_spf.service.test", zone: str = "", **options):
        text = f"@ TXT {txt(record)}\n{zone}" if record else f"other A 192.0.2.1\n{zone}"
        resolver = self.serve({"service.test": SERVICE, "example.test": text}, timeout=0.2)
        for name, behaviour in options.pop("scripts", {}).items():
            self.server.script(name, "*", behaviour)
        return await authorises(resolver, term, "example.test", **options)

    async def test_the_services_own_include_passes_all(self):
        answer = await self.answer("v=spf1 include:_spf.service.test -all")
        self.assertEqual((answer.status, answer.likely, answer.because_of), ("all", False, "include:_spf.service.test"))

    async def test_a_flattened_record_passes_all_without_the_word_include(self):
        answer = await self.answer(f"v=spf1 {NETWORKS} -all")
        self.assertEqual((answer.status, answer.likely, answer.missing), ("all", False, ()))

    async def test_a_flattened_record_that_has_grown_old_passes_some_and_says_which_not(self):
        answer = await self.answer("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:1::/48 -all")
        self.assertEqual((answer.status, answer.missing), ("some", ("203.0.113.0/25",)))

    async def test_an_include_of_an_include_and_a_redirect_pass_all(self):
        zone = f"""
_all TXT {txt("v=spf1 include:_more.example.test ~all")}
_more TXT {txt("v=spf1 include:_spf.service.test -all")}
"""
        self.assertEqual((await self.answer("v=spf1 redirect=_all.example.test", zone=zone)).status, "all")

    async def test_a_network_that_the_service_excludes_is_not_asked_for(self):
        # 198.51.100.7 fails by the service's own record: it need not pass here.
        answer = await self.answer("v=spf1 -ip4:198.51.100.7 " + NETWORKS + " -all")
        self.assertEqual(answer.status, "all")

    async def test_an_exclusion_before_the_include_counts(self):
        answer = await self.answer("v=spf1 -ip4:198.51.100.128/25 include:_spf.service.test -all")
        self.assertEqual((answer.status, answer.missing), ("some", ("198.51.100.128/25",)))

    async def test_a_relay_of_which_several_addresses_were_seen_is_all_of_them(self):
        seen = "ip4:198.51.100.7 ip6:2001:db8:1::7"
        for record, expected in (
            ("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:1::/48 -all", ("all", ())),
            ("v=spf1 ip4:198.51.100.7 -all", ("some", ("2001:db8:1::7/128",))),
            ("v=spf1 -all", ("none", ("198.51.100.7/32", "2001:db8:1::7/128"))),
        ):
            with self.subTest(record):
                answer = await self.answer(record, seen)
                self.assertEqual((answer.status, answer.missing), expected)

    async def test_a_qualifier_other_than_pass_authorises_nobody(self):
        for qualifier in "-~?":
            with self.subTest(qualifier):
                answer = await self.answer(f"v=spf1 {qualifier}include:_spf.service.test -all")
                self.assertEqual((answer.status, answer.because_of), ("none", f"{qualifier}include:_spf.service.test"))

    async def test_plus_all_alone_never_authorises(self):
        answer = await self.answer("v=spf1 +all")
        self.assertEqual((answer.status, answer.because_of), ("none", "plus_all"))
        answer = await self.answer("v=spf1 ip4:203.0.113.0/24 all")
        self.assertEqual((answer.status, answer.because_of), ("some", "plus_all"))
        self.assertEqual(answer.missing[:1], ("198.51.100.0/30",))

    async def test_a_network_of_all_addresses_is_plus_all(self):
        answer = await self.answer("v=spf1 ip4:0.0.0.0/0 ip6:::/0 -all")
        self.assertEqual((answer.status, answer.because_of), ("none", "plus_all"))

    async def test_an_include_that_ends_in_plus_all_is_plus_all(self):
        answer = await self.answer("v=spf1 include:_open.example.test -all", zone=f"_open TXT {txt('v=spf1 +all')}")
        self.assertEqual((answer.status, answer.because_of), ("none", "plus_all"))

    async def test_no_record_several_and_a_broken_one_are_none(self):
        for record, zone, reason in (
            ("", "", "spf.missing"),
            ("v=spf1 -all", f"@ TXT {txt('v=spf1 include:_spf.service.test -all')}", "spf.several"),
            ("v=spf1 include:_spf.service.test ipv4:192.0.2.1 -all", "", "spf.syntax_unknown_mechanism"),
        ):
            with self.subTest(record):
                answer = await self.answer(record, zone=zone)
                self.assertEqual((answer.status, answer.because_of), ("none", reason))

    async def test_what_passes_before_the_limit_of_ten_passes(self):
        hosts = "".join(f"h{n} A 192.0.2.{n}\nh{n} AAAA 2001:db8:9::{n}\n" for n in range(12))
        many = " ".join(f"a:h{n}.example.test" for n in range(10))
        answer = await self.answer(f"v=spf1 include:_spf.service.test {many} -all", zone=hosts)
        self.assertEqual(answer.status, "all")
        answer = await self.answer(f"v=spf1 {many} include:_spf.service.test -all", zone=hosts)
        self.assertEqual((answer.status, answer.because_of), ("none", "spf.too_many_lookups"))

    async def test_lookups_are_counted_for_each_way_through_the_tree(self):
        # Those in 198.51.100.0/24 leave the first include at once and so never come to eleven lookups.
        hosts = "".join(f"h{n} A 192.0.2.{n}\nh{n} AAAA 2001:db8:9::{n}\n" for n in range(12))
        many = " ".join(f"a:h{n}.example.test" for n in range(8))
        zone = hosts + f"_first TXT {txt(f'v=spf1 -ip4:198.51.100.0/24 {many} -all')}"
        answer = await self.answer("v=spf1 include:_first.example.test include:_spf.service.test -all", zone=zone)
        self.assertEqual((answer.status, answer.because_of), ("some", "spf.too_many_lookups"))
        self.assertEqual(answer.missing, ("203.0.113.0/25", "2001:db8:1::/48"))

    async def test_void_lookups_are_counted_for_each_family(self):
        hosts = "".join(f"h{n} A 192.0.2.{n}\n" for n in range(3))
        record = "v=spf1 a:h0.example.test a:h1.example.test a:h2.example.test include:_spf.service.test -all"
        answer = await self.answer(record, zone=hosts)
        self.assertEqual((answer.status, answer.because_of), ("some", "spf.void_lookups"))
        self.assertEqual(answer.missing, ("2001:db8:1::/48",))

    async def test_a_relay_of_ones_own_by_name_address_and_mx(self):
        term = "a:relay.service.test"
        for record in ("v=spf1 a:relay.service.test -all", "v=spf1 ip4:192.0.2.0/28 ip6:2001:db8:2::/64 -all",
                       "v=spf1 mx -all", "v=spf1 a:relay.service.test/24//64 ~all"):
            with self.subTest(record):
                answer = await self.answer(record, term, zone="@ MX 10 relay.service.test.")
                self.assertEqual((answer.status, answer.likely), ("all", False))
        answer = await self.answer("v=spf1 ip4:192.0.2.10 -all", term)
        self.assertEqual((answer.status, answer.missing), ("some", ("2001:db8:2::10/128",)))
        answer = await self.answer("v=spf1 mx -all", "mx", zone="@ MX 10 relay.service.test.")
        self.assertEqual(answer.status, "all")

    async def test_a_name_server_that_is_silent_makes_it_unknown_where_it_matters(self):
        for record in ("v=spf1 include:slow.example.test include:_spf.service.test -all", "v=spf1 a:slow.example.test -all",
                       "v=spf1 mx:slow.example.test -all"):
            with self.subTest(record):
                answer = await self.answer(record, scripts={"slow.example.test": "drop"})
                self.assertEqual((answer.status, answer.because_of), ("unknown", "spf.unanswered"))
                self.assertEqual(answer.failed.name, "slow.example.test")

    async def test_a_silent_name_server_behind_the_decision_does_not_matter(self):
        answer = await self.answer(
            "v=spf1 include:_spf.service.test include:slow.example.test -all", scripts={"slow.example.test": "servfail"})
        self.assertEqual(answer.status, "all")

    async def test_a_domain_or_a_service_that_does_not_answer_is_unknown(self):
        for name in ("example.test", "_spf.service.test", "a._spf.service.test"):
            with self.subTest(name):
                answer = await self.answer("v=spf1 include:_spf.service.test -all", scripts={name: "servfail"})
                self.assertEqual((answer.status, answer.failed.name), ("unknown", name))

    async def test_a_record_that_passes_nobody_needs_no_answer_of_the_service(self):
        answer = await self.answer("v=spf1 -all", scripts={"a._spf.service.test": "drop"})
        self.assertEqual((answer.status, answer.because_of), ("none", "-all"))

    async def test_macros_over_the_address_are_tried_with_samples(self):
        term = "ip4:192.0.2.99"
        answer = await self.answer("v=spf1 exists:%{i}._x.service.test -all", term)
        self.assertEqual((answer.status, answer.likely), ("all", True))
        answer = await self.answer("v=spf1 exists:%{i}._x.service.test -all", "ip4:192.0.2.98")
        self.assertEqual((answer.status, answer.likely, answer.missing), ("none", True, ("192.0.2.98/32",)))

    async def test_macros_that_may_match_do_no_harm_to_what_passes_behind_them(self):
        answer = await self.answer("v=spf1 exists:%{l}.x.example.test ptr include:_spf.service.test -all")
        self.assertEqual((answer.status, answer.likely), ("all", False))

    async def test_a_miss_that_depends_on_the_sender_or_helo_is_unknown(self):
        for letter in "slh":
            with self.subTest(letter):
                answer = await self.answer(f"v=spf1 exists:%{{{letter}}}._y.service.test -all", bounce_address="b@example.test")
                self.assertEqual(answer.status, "unknown")

    async def test_the_bounce_address_is_the_sender_of_the_samples(self):
        zone = "bounce._ok A 127.0.0.2"
        record = "v=spf1 exists:%{l}._ok.example.test -all"
        answer = await self.answer(record, "ip4:192.0.2.5", zone, bounce_address="bounce@example.test")
        self.assertEqual((answer.status, answer.likely), ("all", True))

    async def test_of_a_few_addresses_each_is_tried(self):
        zone = "".join(f"192.0.2.{n}._z A 127.0.0.2\n" for n in (64, 65, 66))
        answer = await self.answer("v=spf1 exists:%{i}._z.example.test -all", "ip4:192.0.2.64/30", zone)
        self.assertEqual((answer.status, answer.missing), ("some", ("192.0.2.67/32",)))

    async def test_at_most_six_samples_are_tried(self):
        networks = " ".join(f"ip4:192.0.2.{n}" for n in range(0, 200, 2))
        zone = f"_many TXT {txt('v=spf1 ' + networks + ' -all')}"
        await self.answer("v=spf1 exists:%{i}._y.example.test -all", "include:_many.example.test", zone)
        asked = {name for name, _type in self.server.log if name.endswith("._y.example.test")}
        self.assertEqual(len(asked), 6)

    async def test_a_service_of_macros_alone_is_compared_by_its_term(self):
        term = "include:exists.service.test"
        answer = await self.answer("v=spf1 include:exists.service.test ~all", term)
        self.assertEqual((answer.status, answer.likely), ("all", True))
        answer = await self.answer("v=spf1 exists:%{i}._x.service.test ~all", term)
        self.assertEqual((answer.status, answer.likely), ("all", True))
        answer = await self.answer("v=spf1 ip4:192.0.2.1 -all", term)
        self.assertEqual((answer.status, answer.likely), ("none", True))
        answer = await self.answer("v=spf1 exists:%{i}.elsewhere.test -all", term)
        self.assertEqual(answer.status, "unknown")
        answer = await self.answer("v=spf1 -include:exists.service.test ~all", term)
        self.assertNotEqual(answer.status, "all")

    async def test_a_service_of_macros_behind_the_limit_of_ten_is_none(self):
        hosts = "".join(f"h{n} A 192.0.2.{n}\nh{n} AAAA 2001:db8:9::{n}\n" for n in range(10))
        many = " ".join(f"a:h{n}.example.test" for n in range(10))
        answer = await self.answer(f"v=spf1 {many} include:exists.service.test -all", "include:exists.service.test", hosts)
        self.assertEqual((answer.status, answer.because_of), ("none", "spf.too_many_lookups"))

    async def test_a_service_that_passes_everybody_must_be_named(self):
        zone = f"_open TXT {txt('v=spf1 +all')}"
        for record, status in (("v=spf1 include:_open.example.test -all", "all"), ("v=spf1 mx -all", "none")):
            answer = await self.answer(record, "include:_open.example.test", zone)
            self.assertEqual((answer.status, answer.likely), (status, True))
        answer = await self.answer(record, "include:_open.example.test", zone, scripts={"example.test": "servfail"})
        self.assertEqual(answer.status, "unknown")

    async def test_a_macro_term_as_the_service_is_compared_by_structure(self):
        term = "include:%{d}._spf.service.test"
        answer = await self.answer("v=spf1 exists:%{i}.%{h}._x.service.test -all", "exists:%{i}.%{h}._x.service.test")
        self.assertEqual((answer.status, answer.likely), ("all", True))
        answer = await self.answer(f"v=spf1 {term} -all", "include:%{i}._spf.service.test")
        self.assertEqual(answer.status, "none")

    async def test_a_term_that_is_none_is_unknown(self):
        self.assertEqual((await self.answer("v=spf1 -all", "smtp.example.com")).status, "unknown")

    async def test_a_loop_ends(self):
        answer = await self.answer("v=spf1 include:example.test -all")
        self.assertEqual((answer.status, answer.because_of), ("none", "spf.too_many_lookups"))


class NetworksOf(ZoneCase):
    """Whose an address is, by a service's own term."""

    async def of(self, term: str, **scripts):
        resolver = self.serve({"service.test": SERVICE}, timeout=0.2)
        for name, behaviour in scripts.items():
            self.server.script(f"{name}.service.test", "*", behaviour)
        return await networks_of(resolver, term)

    async def test_its_networks_are_those_that_pass(self):
        found = await self.of("include:_spf.service.test")
        for address, expected in (
            ("198.51.100.8", True), ("198.51.100.7", False), ("203.0.113.1", True), ("203.0.113.200", False), ("2001:db8:1::5", True),
        ):
            self.assertEqual(ipaddress.ip_address(address) in found, expected, address)

    async def test_a_part_that_dns_does_not_tell_is_no_answer(self):
        self.assertIsNone(await self.of("include:_spf.service.test", **{"a._spf": "servfail"}))

    async def test_what_depends_on_the_mail_or_lets_all_pass_names_nobody(self):
        for term in ("include:exists.service.test", "ip4:0.0.0.0/0", "all", "-ip4:192.0.2.1 x=y"):
            self.assertFalse(await self.of(term), term)
