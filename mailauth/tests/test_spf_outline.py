"""The rows of an SPF record's tree: what receivers count, in their order, and never more than is stored."""

from __future__ import annotations

import json

from ..query import DomainQuery
from ..report import check_domain
from ..spf import inspect, outline
from ..spf.outline import MAX_ROWS, MAX_TERM, MAX_TEXT
from .test_spf_inspect import Inspection
from .zone_case import txt


def told(tree) -> list[tuple]:
    """Depth, term and count of each row."""
    return [(row["depth"], row["term"], row.get("count")) for row in tree.rows]


class TestOutline(Inspection):
    async def outline(self, *args, **options):
        return outline(await self.inspect(*args, **options))

    async def test_the_count_runs_on_through_included_records(self):
        tree = await self.outline("v=spf1 include:a.example.test mx ~all", f"""
@ MX 10 mail
mail A 192.0.2.1
a TXT {txt("v=spf1 a:mail.example.test include:b.example.test ?all")}
b TXT {txt("v=spf1 ip4:192.0.2.0/24 ~all")}
""")
        self.assertEqual(told(tree), [
            (0, "include:a.example.test", 1), (1, "a:mail.example.test", 2), (1, "include:b.example.test", 3),
            (2, "", None), (2, "~all", None), (1, "?all", None), (0, "mx", 4), (0, "~all", None)])
        self.assertEqual((tree.rows[0]["total"], tree.lookups, tree.is_open), (3, 4, False))
        self.assertEqual((tree.rows[1]["addresses"], tree.rows[-1]["qualifier"]), (1, "~"))

    async def test_a_redirect_is_counted_where_it_is_evaluated(self):
        tree = await self.outline(
            "v=spf1 redirect=r.example.test a:mail.example.test",
            f'mail A 192.0.2.1\nr TXT {txt("v=spf1 a:mail.example.test -all")}')
        self.assertEqual(told(tree), [
            (0, "a:mail.example.test", 1), (0, "redirect=r.example.test", 2), (1, "a:mail.example.test", 3), (1, "-all", None)])

    async def test_an_include_that_comes_twice_counts_twice(self):
        tree = await self.outline(
            "v=spf1 include:a.example.test include:a.example.test -all", f'a TXT {txt("v=spf1 ip4:192.0.2.1 -all")}')
        self.assertEqual([row.get("count") for row in tree.rows if row["name"] == "include"], [1, 2])

    async def test_the_count_goes_on_past_the_limit(self):
        hosts = "\n".join(f"h{number} A 192.0.2.{number}" for number in range(1, 13))
        record = " ".join(f"a:h{number}.example.test" for number in range(1, 13))
        tree = await self.outline(f"v=spf1 {record} -all", hosts)
        self.assertEqual([row["count"] for row in tree.rows if "count" in row], list(range(1, 13)))
        self.assertEqual((tree.lookups, tree.to_dict()["limit"]), (12, 10))

    async def test_what_dns_does_not_answer_leaves_the_count_open(self):
        record = "v=spf1 include:gone.example.test include:silent.example.test -all"
        tree = await self.outline(record, scripts={("silent.example.test", "TXT"): "servfail"})
        self.assertEqual([row["outcome"] for row in tree.rows], ["no_record", "unanswered", "ok"])
        self.assertTrue(tree.is_open)
        self.assertFalse((await self.outline("v=spf1 include:gone.example.test -all")).is_open)

    async def test_networks_of_the_own_record_stand_alone_and_those_of_others_are_one_row(self):
        tree = await self.outline(
            "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 include:a.example.test -all",
            f'a TXT {txt("v=spf1 ip4:198.51.100.1 ip4:198.51.100.2 ip6:2001:db8::1 a:example.test ip4:198.51.100.3 -all")}')
        self.assertEqual(
            [(row["depth"], row["name"], row.get("networks")) for row in tree.rows if row["name"] in ("ip4", "networks")],
            [(0, "ip4", None), (0, "ip4", None), (1, "networks", 3), (1, "networks", 1)])

    async def test_a_record_that_two_domains_include_at_different_depths_stands_right_in_both(self):
        common = f'a TXT {txt("v=spf1 ip4:192.0.2.0/24 ~all")}\nb TXT {txt("v=spf1 include:a.service.test ~all")}'
        resolver = self.serve({
            "service.test": f'{common}\nc TXT {txt("v=spf1 -all")}',
            "deep.test": f'@ TXT {txt("v=spf1 include:b.service.test -all")}',
            "flat.test": f'@ TXT {txt("v=spf1 include:c.service.test include:a.service.test -all")}'})
        async with resolver.batch():
            deep, flat = [outline(await inspect(resolver, name)) for name in ("deep.test", "flat.test")]
        below = [(1, "", None), (1, "~all", None)]
        self.assertEqual(told(flat)[2:5], [(0, "include:a.service.test", 2), *below])
        self.assertEqual(told(deep)[1:4], [(1, "include:a.service.test", 2), *((depth + 1, *rest) for depth, *rest in below)])

    async def test_a_hostile_record_gives_few_and_short_rows_and_says_how_many_are_left_out(self):
        long = ".".join(["x" * 60] * 3)
        tree = await self.outline("v=spf1 " + " ".join(f"a:{long}.{number}.test" for number in range(250)) + " -all")
        self.assertLessEqual(len(tree.rows), MAX_ROWS)
        self.assertLessEqual(max(len(row["term"]) for row in tree.rows), MAX_TERM)
        self.assertLessEqual(sum(len(row["term"]) for row in tree.rows), MAX_TEXT)
        self.assertEqual(len(tree.rows) + tree.left_out, 251)
        self.assertEqual(tree.lookups, 250)
        self.assertLess(len(json.dumps(tree.to_dict())), 20_000)

    async def test_without_one_readable_record_there_is_no_tree(self):
        self.assertIsNone(await self.outline(None))
        self.assertIsNone(await self.outline("v=spf1 -all", f"@ TXT {txt('v=spf1 ~all')}"))
        self.assertIsNone(await self.outline("v=spf1 -all", scripts={("example.test", "TXT"): "servfail"}))

    async def test_a_report_has_the_tree_as_json(self):
        resolver = self.serve({"example.test": f"@ TXT {txt('v=spf1 a -all')}\n@ A 192.0.2.1"})
        report = (await check_domain(resolver, DomainQuery("example.test"))).to_dict()
        [tree] = json.loads(json.dumps(report["spf_trees"]))
        self.assertEqual(tree, outline(await inspect(resolver, "example.test")).to_dict())
        self.assertEqual((tree["name"], tree["lookups"]), ("example.test", 1))
