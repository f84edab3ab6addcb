"""What inspection tells a person: the status, the tree with its counts, and a finding for each thing worth one."""

from __future__ import annotations

from ..dns.answer import Status
from ..spf import CODES, inspect
from .zone_case import ZoneCase, at, codes, finding, txt


class Inspection(ZoneCase):
    async def inspect(self, record: str | None, zone: str = "", *, scripts=None, zones=None, **options):
        """Inspects example.test, whose zone has ``record`` and the lines of ``zone``; scripts by (name, type)."""
        own = "" if record is None else f"@ TXT {txt(record)}\n"
        resolver = self.serve({"example.test": own + zone, **(zones or {})}, timeout=0.5)
        for (name, rdtype), behaviour in (scripts or {}).items():
            self.server.script(name, rdtype, behaviour)
        report = await inspect(resolver, "example.test", **options)
        self.assertLessEqual(set(codes(report.findings)), CODES.keys())
        return report


class Statuses(Inspection):
    async def test_found(self):
        report = await self.inspect("v=spf1 ip4:192.0.2.1 -all")
        self.assertEqual((report.status, report.record, report.all_qualifier), ("found", "v=spf1 ip4:192.0.2.1 -all", "-"))
        self.assertEqual((report.findings, report.worst_lookups, report.failed), ((), 0, None))
        self.assertEqual(report.ttl, 3600)

    async def test_none_whether_the_name_exists_or_not(self):
        report = await self.inspect(None, '@ TXT "google-site-verification=abc"')
        self.assertEqual((report.status, codes(report.findings)), ("none", ["spf.missing"]))
        self.assertEqual(finding(report.findings, "spf.missing").params, {"exists": True})
        report = await inspect(self.serve({"other": ""}), "gone.test")
        self.assertEqual(finding(report.findings, "spf.missing").params, {"exists": False})
        self.assertEqual(self.asked("_spf.gone.test"), 0)  # nothing is below a name that does not exist (RFC 8020)

    async def test_several(self):
        report = await self.inspect("v=spf1 mx -all", f"@ TXT {txt('V=SPF1 ~all')}\n@ TXT \"other\"")
        self.assertEqual((report.status, sorted(report.records)), ("several", ["V=SPF1 ~all", "v=spf1 mx -all"]))
        self.assertEqual(finding(report.findings, "spf.several").params["count"], 2)

    async def test_invalid_shows_the_record_and_every_error(self):
        report = await self.inspect("v=spf1 ipv4:192.0.2.1 include:_spf.example.test a:museum -all",
                                    f"_spf TXT {txt('v=spf1 -all')}")
        self.assertEqual(report.status, "invalid")
        self.assertEqual([at(f) for f in report.findings], ["ipv4", "museum"])
        self.assertEqual([node.outcome for node in report.tree], ["syntax_error", "ok", "syntax_error", "ok"])

    async def test_unknown_if_the_domain_itself_does_not_answer(self):
        for behaviour in ("servfail", "refused", "drop", "garbage", "truncate-only"):
            with self.subTest(behaviour):
                report = await self.inspect("v=spf1 -all", scripts={("example.test", "TXT"): behaviour})
                self.assertEqual((report.status, report.failed.name), ("unknown", "example.test"))
                self.assertEqual(codes(report.findings), ["spf.unanswered"])

    async def test_unknown_if_an_include_does_not_answer_at_any_depth(self):
        zone = f"""
a TXT {txt("v=spf1 include:b.example.test ~all")}
b TXT {txt("v=spf1 redirect=c.example.test")}
c TXT {txt("v=spf1 include:d.example.test ~all")}
d TXT {txt("v=spf1 -all")}
"""
        for depth, name in enumerate("abcd"):
            for behaviour in ("servfail", "drop"):
                with self.subTest(name, behaviour=behaviour):
                    question = (f"{name}.example.test", "TXT")
                    report = await self.inspect("v=spf1 include:a.example.test -all", zone, scripts={question: behaviour})
                    self.assertEqual((report.status, report.failed.name), ("unknown", question[0]))
                    unanswered = finding(report.findings, "spf.unanswered")
                    self.assertEqual((unanswered.name, len(unanswered.params["via"])), (question[0], depth + 1))
        self.assertEqual((await self.inspect("v=spf1 include:a.example.test -all", zone)).status, "found")

    async def test_an_error_that_is_there_for_sure_stays_one_beside_a_timeout(self):
        silent = {("slow.example.test", "TXT"): "drop"}
        report = await self.inspect("v=spf1 include:slow.example.test moo -all", scripts=silent)
        self.assertEqual((report.status, report.failed.status), ("invalid", Status.TIMEOUT))
        many = "v=spf1 include:slow.example.test " + "ptr " * 10 + "-all"
        self.assertEqual((await self.inspect(many, scripts=silent)).status, "invalid")
        report = await self.inspect("v=spf1 include:slow.example.test include:bad.example.test -all",
                                    f"bad TXT {txt('v=spf1 a:b')}", scripts=silent)
        self.assertEqual(report.status, "invalid")

    async def test_a_host_that_does_not_answer_matters_only_at_the_limit_of_void_lookups(self):
        silent = {("slow.example.test", "A"): "servfail", ("slow.example.test", "AAAA"): "servfail"}
        report = await self.inspect("v=spf1 a:slow.example.test -all", scripts=silent)
        self.assertEqual((report.status, report.failed.name), ("found", "slow.example.test"))
        self.assertIn("spf.unanswered", codes(report.findings))
        report = await self.inspect("v=spf1 a:slow.example.test a:x.example.test mx -all", scripts=silent)
        self.assertEqual(report.status, "unknown")

    async def test_a_bad_name_is_none_and_nothing_raises(self):
        resolver = self.serve({"other": ""})
        for name in ("", "localhost", "a" * 64 + ".test", "..", "x y.test", "\x00.test", "[192.0.2.1]", "ü" * 300):
            with self.subTest(name):
                self.assertEqual((await inspect(resolver, name)).status, "none")


class Tree(Inspection):
    ZONE = f"""
@ MX 10 mx1
@ MX 20 mx2
mx1 A 192.0.2.1
mx2 A 192.0.2.2
mx2 AAAA 2001:db8::2
_spf TXT {txt("v=spf1 include:_more.example.test mx:example.test ~all a:never.example.test")}
_more TXT {txt("v=spf1 a:mx1.example.test exists:%{i}.example.test -all")}
_end TXT {txt("v=spf1 ptr ?all")}
"""

    async def test_each_term_has_its_lookups_and_the_running_total(self):
        report = await self.inspect("v=spf1 redirect=_end.example.test include:_spf.example.test mx ip4:192.0.2.9", self.ZONE)
        rows = [(n.domain.partition(".")[0], n.term.text, n.outcome, n.lookups, n.total, n.running_total)
                for n in report.nodes()]
        self.assertEqual(rows, [
            ("example", "redirect=_end.example.test", "ok", 1, 2, 8),
            ("_end", "ptr", "ok", 1, 1, 8),
            ("_end", "?all", "ok", 0, 0, 8),
            ("example", "include:_spf.example.test", "ok", 1, 5, 5),
            ("_spf", "include:_more.example.test", "ok", 1, 3, 4),
            ("_more", "a:mx1.example.test", "ok", 1, 1, 3),
            ("_more", "exists:%{i}.example.test", "varies", 1, 1, 4),
            ("_more", "-all", "ok", 0, 0, 4),
            ("_spf", "mx:example.test", "ok", 1, 1, 5),
            ("_spf", "~all", "ok", 0, 0, 5),
            ("_spf", "a:never.example.test", "not_reached", 0, 0, 5),
            ("example", "mx", "ok", 1, 1, 6),
            ("example", "ip4:192.0.2.9", "ok", 0, 0, 6),
        ])
        self.assertEqual((report.worst_lookups, report.all_qualifier), (8, "?"))
        self.assertEqual(report.tree[2].addresses, ("192.0.2.1", "192.0.2.2", "2001:db8::2"))
        self.assertEqual(report.tree[1].record, 'v=spf1 include:_more.example.test mx:example.test ~all a:never.example.test')
        self.assertEqual(self.asked("never.example.test", "A"), 0)

    async def test_the_lookups_of_one_address_are_told_beside_the_worst_case(self):
        record = "v=spf1 include:_spf.example.test include:_end.example.test -all"
        report = await self.inspect(record, self.ZONE, ip="192.0.2.1")
        self.assertEqual((report.worst_lookups, report.evaluated.lookups, report.evaluated.result), (7, 3, "pass"))

    async def test_no_question_is_asked_twice(self):
        record = "v=spf1 include:_spf.example.test include:_spf.example.test mx mx a:mx1.example.test -all"
        report = await self.inspect(record, self.ZONE)
        self.assertEqual(report.worst_lookups, 5 + 5 + 3)
        self.assertEqual(len(self.server.log), len(set(self.server.log)))

    async def test_macros_that_the_domain_settles_are_followed(self):
        report = await self.inspect("v=spf1 include:%{d2}.spf.example.test include:%{l}.example.test -all",
                                    f"example.test.spf TXT {txt('v=spf1 a:%{d}.example.test -all')}")
        first, second, _all = report.tree
        self.assertEqual((first.target, first.outcome), ("example.test.spf.example.test", "ok"))
        self.assertEqual(first.children[0].target, "example.test.spf.example.test.example.test")
        self.assertEqual((second.outcome, second.target), ("varies", None))

    async def test_loops_end(self):
        zone = f"a TXT {txt('v=spf1 include:b.example.test -all')}\nb TXT {txt('v=spf1 include:a.example.test -all')}"
        report = await self.inspect("v=spf1 include:a.example.test -all", zone)
        self.assertEqual((report.status, finding(report.findings, "spf.loop").name), ("invalid", "a.example.test"))
        report = await self.inspect("v=spf1 redirect=example.test")
        self.assertEqual((report.status, report.tree[0].outcome), ("invalid", "loop"))

    async def test_ten_includes_of_ten_includes_end_quickly(self):
        lines = []
        for level in range(6):
            for number in range(10):
                terms = " ".join(f"include:n{other}.l{level + 1}.example.test" for other in range(10))
                lines.append(f"n{number}.l{level} TXT {txt(f'v=spf1 {terms} -all')}")
        top = " ".join(f"include:n{number}.l0.example.test" for number in range(10))
        report = await self.inspect(f"v=spf1 {top} -all", "\n".join(lines))
        self.assertEqual(report.status, "invalid")
        self.assertGreater(report.worst_lookups, 100)
        self.assertLess(len(self.server.log), 60)
        self.assertLessEqual(len(list(report.nodes())), 500)

    async def test_a_record_with_hundreds_of_hosts_asks_a_bounded_number_of_questions(self):
        terms = " ".join(f"mx:h{number}.example.test" for number in range(2000))
        report = await self.inspect(f"v=spf1 {terms} -all", "* MX 10 x\n" + "".join(f"* MX 10 x{n}\n" for n in range(9)))
        self.assertEqual((report.status, report.worst_lookups), ("invalid", 2000))
        self.assertLess(len(set(self.server.log)), 260)  # a busy machine may need some of them twice


class Limits(Inspection):
    async def test_too_many_lookups(self):
        report = await self.inspect("v=spf1 " + "ptr " * 8 + "include:a.example.test -all",
                                    f"a TXT {txt('v=spf1 mx a -all')}\n@ MX 0 m\nm A 192.0.2.1\na MX 0 m\na A 192.0.2.1")
        self.assertEqual((report.status, report.worst_lookups), ("invalid", 11))
        found = finding(report.findings, "spf.too_many_lookups")
        self.assertEqual((found.params["count"], found.params["limit"], found.params["at"]), (11, 10, "a.example.test"))

    async def test_void_lookups_name_the_terms(self):
        report = await self.inspect("v=spf1 a:x.example.test mx -all")
        self.assertEqual((report.status, report.void_lookups), ("found", ("x.example.test", "example.test")))
        self.assertEqual(codes(report.findings), ["spf.void_lookup", "spf.void_lookup"])
        report = await self.inspect("v=spf1 a:x.example.test mx exists:y.example.test -all")
        self.assertEqual(report.status, "invalid")
        found = finding(report.findings, "spf.void_lookups")
        self.assertEqual(found.params["terms"], ["a:x.example.test", "mx", "exists:y.example.test"])

    async def test_a_record_that_breaks_over_one_family_alone(self):
        for rdtype, address, code in (("A", "192.0.2.1", "spf.ipv6_only_breaks"), ("AAAA", "2001:db8::1", "spf.ipv4_only_breaks")):
            zone = "".join(f"h{n} {rdtype} {address}\n" for n in range(3))
            report = await self.inspect("v=spf1 a:h0.example.test a:h1.example.test a:h2.example.test -all", zone)
            self.assertEqual((report.status, codes(report.findings)), ("found", [code]))
            self.assertEqual(report.void_lookups, ())

    async def test_hosts_without_ipv6_that_some_receivers_count_one_by_one(self):
        """See findings/spf_mx_hosts_without_ipv6.sh. Two are allowed, and what breaks by the RFC is told as that alone."""
        mx = "".join(f"@ MX 10 m{n}\nm{n} A 192.0.2.{n}\n" for n in range(2))
        third = "@ MX 10 m2\nm2 A 192.0.2.9\n"
        for record, zone, hosts, terms in (
            ("v=spf1 mx -all", mx, None, None),
            ("v=spf1 mx -all", f"{mx}{third}m2 AAAA 2001:db8::1\n", None, None),
            ("v=spf1 mx -all", mx + third, ["m0", "m1", "m2"], ["mx"]),
            ("v=spf1 mx a:m2.example.test -all", f"{mx}m2 A 192.0.2.9\n", ["m0", "m1", "m2"], ["mx", "a:m2.example.test"]),
            ("v=spf1 mx a:m1.example.test -all", mx, ["m0", "m1"], ["mx", "a:m1.example.test"]),  # each look at m1 counts
        ):
            with self.subTest(record, zone=zone):
                report = await self.inspect(record, zone)
                self.assertEqual(report.status, "found")
                if hosts is None:
                    self.assertEqual(codes(report.findings), [])
                else:
                    self.assertEqual(codes(report.findings), ["spf.ipv6_hosts_break"])
                    found = report.findings[0].params
                    self.assertEqual((found["count"], found["terms"]), (3, terms))
                    self.assertEqual(found["hosts"], [f"{host}.example.test" for host in hosts])

    async def test_more_than_ten_mail_exchangers(self):
        report = await self.inspect("v=spf1 mx -all", "".join(f"@ MX 10 h{n}\n" for n in range(11)))
        self.assertEqual((report.status, finding(report.findings, "spf.too_many_mx").params["count"]), ("invalid", 11))

    async def test_a_null_mx_is_no_void_lookup(self):
        report = await self.inspect("v=spf1 mx -all", "@ MX 0 .")
        self.assertEqual((report.status, report.void_lookups), ("found", ()))


class Remarks(Inspection):
    async def test_each_remark_about_one_record(self):
        for record, code, piece in (
            ("v=spf1 mx +all", "spf.plus_all", "+all"),
            ("v=spf1 mx all", "spf.plus_all", "all"),
            ("v=spf1 mx ?all", "spf.neutral_all", "?all"),
            ("v=spf1 mx", "spf.no_all", "v=spf1 mx"),
            ("v=spf1 mx -all ip4:192.0.2.1 ip4:192.0.2.2", "spf.after_all", "ip4:192.0.2.1 ip4:192.0.2.2"),
            ("v=spf1 mx -all redirect=a.example.test", "spf.redirect_ignored", "redirect=a.example.test"),
            ("v=spf1 mx ip4:192.0.2.1 ip4:192.0.2.1/32 -all", "spf.duplicate_term", "ip4:192.0.2.1/32"),
            ("v=spf1 mx -mx -all", "spf.contradiction", "-mx"),
            ("v=spf1 mx ip4:192.0.2.0/24 ip4:192.0.2.8/29 -all", "spf.overlap", "ip4:192.0.2.8/29"),
            ("v=spf1 mx ptr -all", "spf.ptr", "ptr"),
            ("v=spf1 mx exists:%{p}.example.test -all", "spf.ptr_macro", "exists:%{p}.example.test"),
            ("v=spf1 mx ip4:10.1.2.3 -all", "spf.private_network", "ip4:10.1.2.3"),
            ("v=spf1 mx ip6:fec0::1 -all", "spf.private_network", "ip6:fec0::1"),
            ("v=spf1 mx ip6:4000::/16 -all", "spf.private_network", "ip6:4000::/16"),
            ("v=spf1 mx ip4:203.0.0.0/8 -all", "spf.broad_network", "ip4:203.0.0.0/8"),
            ("v=spf1 mx ip4:0.0.0.0/0 -all", "spf.everyone", "ip4:0.0.0.0/0"),
            ("v=spf1 mx ip6:::/0 -all", "spf.everyone", "ip6:::/0"),
            ("v=spf1 mx include=a.example.test -all", "spf.mechanism_as_modifier", "include=a.example.test"),
            ("v=spf1 mx moo=cow -all", "spf.unknown_modifier", "moo=cow"),
            ("v=spf1 mx v=spf1 -all", "spf.version_repeated", "v=spf1"),
            ("v=spf1 mx ?include:a.example.test -all", "spf.include_neutral", "?include:a.example.test"),
            ("v=spf1 mx exp=none.example.test -all", "spf.exp_unusable", "exp=none.example.test"),
        ):
            with self.subTest(record):
                report = await self.inspect(record, f"@ MX 0 m\nm A 192.0.2.1\na TXT {txt('v=spf1 -all')}")
                self.assertEqual(codes(report.findings), [code])
                self.assertEqual((at(report.findings[0]), report.status), (piece, "found"))

    async def test_what_is_right_gets_no_remark(self):
        zone = f"@ MX 0 m\nm A 192.0.2.1\na TXT {txt('v=spf1 ip4:192.0.2.5 -all')}\nwhy TXT \"because %{{s}}\""
        for record in ("v=spf1 -all", "v=spf1 mx include:a.example.test ~all", "v=spf1 redirect=a.example.test",
                       "v=spf1 ip4:192.0.2.0/24 -ip4:198.51.100.1 a:m.example.test/28 -all exp=why.example.test"):
            with self.subTest(record):
                self.assertEqual(codes((await self.inspect(record, zone, zones={"other": ""})).findings), [])

    async def test_two_glued_names_are_told_though_they_are_lawful(self):
        report = await self.inspect("v=spf1 include:a.example.testinclude:b.example.test -all")
        self.assertEqual(codes(report.findings)[:1], ["spf.glued_terms"])
        self.assertEqual(report.status, "invalid")  # no such domain

    async def test_strings_joined_without_the_space_that_they_need(self):
        report = await self.inspect(None, '@ TXT "v=spf1 include:a.example.test" "include:b.example.test -all"')
        found = finding(report.findings, "spf.joined_strings")
        self.assertEqual(found.params, {"before": "include:a.example.test", "behind": "include:b.example.test"})
        report = await self.inspect(None, '@ TXT "v=spf1 mx" "-all"')
        self.assertIn("spf.joined_strings", codes(report.findings))
        report = await self.inspect(None, '@ TXT "v=spf1" "mx -all"')
        self.assertEqual((report.status, "spf.glued_terms" in codes(report.findings)), ("none", True))

    async def test_a_record_cut_every_255_octets_is_whole(self):
        record = "v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(60)) + " -all"
        report = await self.inspect(record)
        self.assertEqual((report.record, report.status), (record, "found"))
        self.assertEqual(codes(report.findings), ["spf.answer_size"])

    async def test_answer_sizes_are_in_octets(self):
        report = await self.inspect("v=spf1 -all", f"@ TXT {txt('x' * 430)}")
        found = finding(report.findings, "spf.answer_size")
        self.assertEqual((found.params["octets"], found.params["limit"]), (453, 450))
        report = await self.inspect("v=spf1 -all", f"@ TXT {txt('x' * 1300)}")
        self.assertGreater(finding(report.findings, "spf.answer_needs_tcp").params["message_octets"], 1300)

    async def test_the_withdrawn_record_type(self):
        report = await self.inspect("v=spf1 -all", f"@ SPF {txt('v=spf1 -all')}")
        self.assertEqual(codes(report.findings), ["spf.type99"])
        report = await self.inspect("v=spf1 -all", f"@ SPF {txt('v=spf1 +all')}")
        self.assertEqual(codes(report.findings), ["spf.type99_differs"])
        report = await self.inspect(None, f"@ SPF {txt('v=spf1 +all')}")
        self.assertEqual((report.status, codes(report.findings)), ("none", ["spf.missing", "spf.type99_differs"]))

    async def test_what_was_meant_as_spf_and_is_not_read_as_such(self):
        for record, code in (
            ('"v=spf1 -all"', "spf.quotes"), ("“v=spf1 -all”", "spf.curly_quotes"), (" v=spf1 -all", "spf.not_selected"),
            ("v=spf1; -all", "spf.not_selected"), ("v=spf1include:a.example.test -all", "spf.glued_terms"),
            ("spf1 -all", "spf.not_selected"), ("v=spf -all", "spf.not_selected"), ("v = spf1 -all", "spf.not_selected"),
            ("spf2.0/pra -all", "spf.spf2"), ("v=spf1.0 -all", "spf.not_selected"), ("v=spf1\t-all", "spf.not_selected"),
            ("v=spfl mx -all", "spf.not_selected"),
        ):
            with self.subTest(record):
                report = await self.inspect(record)
                self.assertEqual((report.status, codes(report.findings)), ("none", ["spf.missing", code]))
                self.assertEqual(len(report.meant), code != "spf.spf2")
        for record in ("spf-token=abc", "google-site-verification=v=spf1", "v=DMARC1; p=none", "spfcheck 12", "vspf"):
            report = await self.inspect(record)
            self.assertEqual(codes(report.findings), ["spf.missing"], record)

    async def test_the_wrong_place_is_looked_at_only_if_the_right_one_is_empty(self):
        zone = f"spf TXT {txt('v=spf1 mx -all')}\n_spf TXT {txt('v=spf1 mx ~all')}\nexample.test TXT {txt('v=spf1 a -all')}"
        report = await self.inspect(None, zone)
        self.assertEqual([(f.code, f.name) for f in report.findings], [
            ("spf.missing", "example.test"), ("spf.wrong_place", "_spf.example.test"),
            ("spf.wrong_place", "spf.example.test"), ("spf.doubled_domain", "example.test.example.test")])
        report = await self.inspect("v=spf1 -all", zone)
        self.assertEqual((codes(report.findings), self.asked("spf.example.test")), ([], 0))

    async def test_an_include_without_record_and_one_with_two(self):
        zone = f"none TXT \"hello\"\ntwo TXT {txt('v=spf1 -all')}\ntwo TXT {txt('v=spf1 mx')}"
        report = await self.inspect("v=spf1 include:none.example.test -all", zone)
        found = finding(report.findings, "spf.include_none")
        self.assertEqual((report.status, found.name, at(found)), ("invalid", "none.example.test", "include:none.example.test"))
        report = await self.inspect("v=spf1 redirect=two.example.test", zone)
        self.assertEqual((report.status, codes(report.findings)), ("invalid", ["spf.include_several"]))

    async def test_errors_of_an_included_record_name_it_and_the_way_to_it(self):
        zone = f"a TXT {txt('v=spf1 include:b.example.test -all')}\nb TXT {txt('v=spf1 ipv4:192.0.2.1 -all')}"
        report = await self.inspect("v=spf1 include:a.example.test -all", zone)
        found = finding(report.findings, "spf.syntax_unknown_mechanism")
        self.assertEqual((report.status, found.name, at(found)), ("invalid", "b.example.test", "ipv4"))
        self.assertEqual(found.params["via"], ["example.test", "a.example.test"])

    async def test_a_redirect_that_ends_without_all(self):
        report = await self.inspect("v=spf1 redirect=a.example.test", f"a TXT {txt('v=spf1 ip4:192.0.2.1')}")
        self.assertEqual([(f.code, f.name) for f in report.findings], [("spf.no_all", "a.example.test")])
        report = await self.inspect("v=spf1 redirect=a.example.test", f"a TXT {txt('v=spf1 ?all')}")
        self.assertEqual([(f.code, f.name) for f in report.findings], [("spf.neutral_all", "a.example.test")])

    async def test_what_is_wrong_with_an_include_is_told_once(self):
        report = await self.inspect("v=spf1 include:a.example.test -all", f"a TXT {txt('v=spf1 a:x.example.test a:x.example.test')}")
        self.assertEqual(codes(report.findings), ["spf.void_lookup"])

    async def test_an_included_record_that_passes_everybody(self):
        report = await self.inspect("v=spf1 include:a.example.test -all", f"a TXT {txt('v=spf1 +all')}")
        self.assertEqual([(f.code, f.name) for f in report.findings], [("spf.plus_all", "a.example.test")])

    async def test_a_domain_that_nobody_has_registered_is_told(self):
        report = await self.inspect("v=spf1 include:_spf.gone-example.com a:mail.lost-example.com -all",
                                    zones={"com": ""})
        names = {f.name for f in report.findings if f.code == "spf.include_unregistered"}
        self.assertEqual(names, {"gone-example.com", "lost-example.com"})
        report = await self.inspect("v=spf1 include:_spf.gone-example.com -all", zones={"gone-example.com": ""})
        self.assertNotIn("spf.include_unregistered", codes(report.findings))

    async def test_markup_and_bidirectional_controls_are_shown_harmlessly(self):
        octets = "v=spf1 <script>alert(1)</script> \u202eall"
        report = await self.inspect(octets)
        self.assertEqual(report.status, "invalid")
        self.assertIn("\\u202e", report.record)
        for found in report.findings:
            self.assertEqual(found.record, report.record)
            self.assertNotIn("\u202e", str(found.params))

    async def test_extras_can_be_left_out(self):
        await self.inspect("v=spf1 include:_spf.gone-example.com -all", extras=False)
        self.assertEqual(set(self.server.log), {("example.test", "TXT"), ("_spf.gone-example.com", "TXT")})
