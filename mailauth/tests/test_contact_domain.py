"""The light look at domains of contacts: the policy of mail from them, and whether mail to them can arrive."""

from __future__ import annotations

import threading
import unittest

from .. import CODES, Resolver, iter_contact_domains
from ..contact import ContactDomain, PolicyInForce, Reception, SpfDefault, check_contact_domain, check_contact_domains
from .dns_server import DnsServer

ZONES = {
    "com": "root TXT x",
    "example.com": """
@ MX 20 backup
@ MX 10 Mail
mail A 203.0.113.9
backup A 203.0.113.10
_dmarc TXT "v=DMARC1; p=reject"
""",
    "null.com": "@ MX 0 .",
    "nothing.com": '@ TXT "no mail here"',
    "parked.com": "@ A 203.0.113.20\n* A 203.0.113.20",
    "six.com": "@ AAAA 2001:db8::5",
    "dangling.com": '@ MX 10 gone\n@ MX 20 textonly\ntextonly TXT "x"\n@ MX 30 203.0.113.5.\n@ MX 40 a\\032b',
    "half.com": "@ MX 10 gone\n@ MX 20 mail.example.com.",
    "local.com": "@ MX 10 localhost.",
    "inside.com": "@ MX 10 lan\n@ MX 20 loop\n@ MX 30 link\n@ MX 40 gone\nlan A 192.168.1.5\nloop A 127.0.0.1\nlink AAAA fe80::1",
    "zero.com": "@ A 0.0.0.0",
    "dual.com": "@ MX 10 dual\ndual A 10.0.0.1\ndual AAAA 2001:db8::5",
    "wild.com": "@ NS ns\n* MX 10 mail.example.com.",
    "target.com": "@ MX 10 alias\n@ MX 20 sub.localhost.\nalias CNAME mail.example.com.",
    "alias.com": "www CNAME example.com.\nnull CNAME null.com.\nparked CNAME a.parked.com.\nlost CNAME gone.example.com.\nloop CNAME loop2\nloop2 CNAME loop",
    "xn--bcher-kva.com": "@ MX 10 mail.example.com.",
    "crowd.com": "".join(f"@ MX 10 m{number}\n" for number in range(30)),
}
REFUSED = {
    "": "name.empty", " ": "name.empty", "localhost": "name.single_label", "com.": "name.single_label",
    "192.0.2.1": "name.ip_address", "[192.0.2.1]": "name.ip_address", "[IPv6:2001:db8::1]": "name.ip_address",
    "2001:db8::1": "name.ip_address", "a..com": "name.empty_label", ".example.com": "name.empty_label",
    f"{'a' * 64}.com": "name.label_too_long", ".".join(["abcdefgh"] * 34): "name.name_too_long",
    "x" * 5000: "name.label_too_long", "a b.com": "name.bad_character", "a@b.com": "name.bad_character",
    "a,b.com": "name.bad_character", "a\x00.com": "name.bad_character", "\u0378.com": "name.idn", "a.123": "name.numeric_tld",
}


class ContactCase(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer(ZONES).start()
        self.addCleanup(self.server.stop)
        self.resolver = Resolver([self.server.address], timeout=0.2, attempts=1)

    async def look(self, name, **options):
        return await check_contact_domain(self.resolver, name, **options)


class TestReception(ContactCase):
    async def test_each_kind_of_domain_has_its_answer(self):
        for name, reception, hosts in (
            ("example.com", "ok", ("mail.example.com", "backup.example.com")),
            ("null.com", "null_mx", ()),
            ("nothing.com", "no_host", ()),
            ("gone.com", "no_domain", ()),
            ("parked.com", "ok", ()),
            ("anything.parked.com", "ok", ()),
            ("six.com", "ok", ()),
            ("dangling.com", "dangling", ("gone.dangling.com", "textonly.dangling.com", "203.0.113.5", "a\\032b.dangling.com")),
            ("half.com", "ok", ("gone.half.com", "mail.example.com")),
            ("local.com", "not_public", ("localhost",)),
            ("inside.com", "not_public", ("lan.inside.com", "loop.inside.com", "link.inside.com", "gone.inside.com")),
            ("zero.com", "not_public", ()),
            ("dual.com", "ok", ("dual.dual.com",)),
            ("any.thing.wild.com", "ok", ("mail.example.com",)),
            ("www.alias.com", "ok", ("mail.example.com", "backup.example.com")),
            ("null.alias.com", "null_mx", ()),
            ("parked.alias.com", "ok", ()),
            ("lost.alias.com", "no_host", ()),
            ("target.com", "ok", ("alias.target.com", "sub.localhost")),  # RFC 2181 §10.3 forbids it, and it works
            ("loop.alias.com", "unknown", ()),
        ):
            with self.subTest(name):
                found = await self.look(name)
                self.assertEqual((found.reception, found.mx_hosts), (reception, hosts))
                self.assertEqual(found.reception.is_fault, reception not in ("ok", "unknown"))

    async def test_capitals_a_final_dot_and_umlauts_are_the_same_name(self):
        for given, domain in (
            ("Example.COM.", "example.com"), ("bücher.com", "xn--bcher-kva.com"), ("BÜCHER。com", "xn--bcher-kva.com"),
            ("XN--BCHER-KVA.com", "xn--bcher-kva.com"),
        ):
            with self.subTest(given):
                found = await self.look(given)
                self.assertEqual((found.name, found.domain, found.reception), (given, domain, "ok"))

    async def test_what_is_no_domain_has_a_code_and_costs_no_question(self):
        for name, problem in REFUSED.items():
            with self.subTest(name[:50]):
                found = await self.look(name)
                self.assertEqual((found.problem, found.domain, found.reception), (problem, "", "not_a_domain"))
                self.assertIn(found.problem, CODES)
                self.assertEqual((found.policy, found.enforces), ("none", False))
        self.assertEqual(self.server.log, [])

    async def test_a_name_with_an_underscore_or_a_hyphen_at_the_edge_is_asked_for_as_some_deliver_there(self):
        self.server.set_zone("my_shop.com", "@ MX 10 mail.example.com.")
        self.server.set_zone("-shop.com", "@ MX 10 mail.example.com.")
        self.assertEqual([(await self.look(name)).reception for name in ("my_shop.com", "-shop.com")], ["ok", "ok"])

    async def test_localhost_is_not_asked_for(self):
        await self.look("local.com")
        self.assertEqual(self.server.count("localhost", "A"), 0)

    async def test_a_domain_whose_mx_is_denied_but_has_an_address_is_there(self):
        """Some load balancers answer NXDOMAIN to all types that they do not know."""
        self.server.script("parked.com", "MX", "nxdomain")
        self.assertEqual((await self.look("parked.com")).reception, "ok")

    async def test_what_is_not_answered_is_never_missing(self):
        for name, question in (
            ("example.com", ("example.com", "MX")),
            ("null.com", ("null.com", "MX")),
            ("nothing.com", ("nothing.com", "A")),
            ("nothing.com", ("nothing.com", "AAAA")),
            ("gone.com", ("gone.com", "MX")),
            ("gone.com", ("gone.com", "A")),
            ("dangling.com", ("gone.dangling.com", "A")),
            ("dangling.com", ("textonly.dangling.com", "AAAA")),
            ("inside.com", ("lan.inside.com", "AAAA")),
            ("zero.com", ("zero.com", "AAAA")),
        ):
            for behaviour in ("drop", "servfail", "refused", "garbage"):
                with self.subTest(name=name, question=question, behaviour=behaviour):
                    self.server.clear_scripts()
                    self.resolver.cache.clear()
                    self.server.script(*question, behaviour)
                    found = await self.look(name)
                    self.assertEqual(found.reception, "unknown")
                    self.assertFalse(found.reception.is_fault)
                    self.assertTrue([one for one in found.unanswered if one.startswith(" ".join(question) + ": ")])

    async def test_one_host_that_can_be_reached_is_enough(self):
        self.server.script("mail.example.com", "*", "servfail")
        found = await self.look("example.com")
        self.assertEqual((found.reception, found.unanswered), ("ok", ()))

    async def test_more_hosts_than_are_looked_at_are_not_all_dangling(self):
        found = await self.look("crowd.com")
        self.assertEqual((found.reception, len(found.mx_hosts)), ("unknown", 20))


class TestPolicyInForce(ContactCase):
    async def policy(self, name, **records):
        self.server.set_zone("com", "root TXT x")
        self.server.set_zone("shop.com", "".join(
            f'_dmarc{"." if label else ""}{label.replace("_", ".")} TXT "{record}"\n' for label, record in records.items())
            + "www A 203.0.113.9\nsub A 203.0.113.9")
        return await check_contact_domain(Resolver([self.server.address], timeout=0.2, attempts=1), name)

    async def test_record_sp_np_and_parents_decide(self):
        for expected, name, record in (
            (("none", None), "shop.com", None),
            (("monitor", "shop.com"), "shop.com", "v=DMARC1; p=none"),
            (("quarantine", "shop.com"), "shop.com", "v=DMARC1; p=quarantine; sp=reject"),
            (("reject", "shop.com"), "shop.com", "v=DMARC1; p=reject; sp=none"),
            (("reject", "shop.com"), "www.shop.com", "v=DMARC1; p=reject"),
            (("monitor", "shop.com"), "www.shop.com", "v=DMARC1; p=reject; sp=none; np=reject"),
            (("quarantine", "shop.com"), "gone.shop.com", "v=DMARC1; p=none; sp=none; np=quarantine"),
            (("reject", "shop.com"), "gone.shop.com", "v=DMARC1; p=reject; sp=reject; np=none"),  # older ones know no np
            (("none", None), "shop.com", "v=DMARC1; q=none"),
        ):
            with self.subTest(name, record=record):
                found = await self.policy(name, **({"": record} if record else {}))
                self.assertEqual((found.policy, found.policy_domain), expected)
                self.assertEqual(found.enforces, expected[0] in ("quarantine", "reject"))
                self.assertEqual(found.inherited, expected[1] not in (None, name))

    async def test_t_lowers_the_policy_for_those_only_who_know_it(self):
        found = await self.policy("shop.com", **{"": "v=DMARC1; p=reject; t=y"})
        self.assertEqual((found.policy, found.testing), ("reject", True))

    async def test_a_walk_that_was_not_answered_is_no_missing_policy(self):
        await self.policy("shop.com")
        self.server.script("_dmarc.shop.com", "TXT", "servfail")
        found = await check_contact_domain(Resolver([self.server.address], timeout=0.2, attempts=1), "shop.com")
        self.assertEqual((found.policy, found.enforces), ("unknown", None))
        self.assertEqual(found.unanswered, ("_dmarc.shop.com TXT: servfail",))

    async def test_an_answer_that_could_not_change_the_policy_is_not_missed(self):
        await self.policy("shop.com", **{"": "v=DMARC1; p=reject"})
        self.server.script("_dmarc.com", "TXT", "servfail")
        found = await check_contact_domain(Resolver([self.server.address], timeout=0.2, attempts=1), "shop.com")
        self.assertEqual((found.policy, found.unanswered), ("reject", ()))

    async def test_whether_it_enforces_may_be_known_where_the_policy_is_not(self):
        await self.policy("gone.shop.com", **{"": "v=DMARC1; p=reject; sp=reject; np=quarantine"})
        self.server.script("gone.shop.com", "MX", "servfail")
        found = await check_contact_domain(Resolver([self.server.address], timeout=0.2, attempts=1), "gone.shop.com")
        self.assertIs(found.enforces, True)


class TestSpfDefault(ContactCase):
    async def test_a_server_that_the_record_does_not_name_gets_its_all(self):
        self.server.set_zone("ends.com", '@ TXT "v=spf1 ip4:203.0.113.5 -all"')
        self.server.set_zone("circle.com", '@ TXT "v=spf1 redirect=circle.com"')
        for expected, record in (
            ("none", "something else"), ("fail", "v=spf1 mx -all"), ("softfail", "v=spf1 include:gone.com ~all"),
            ("neutral", "v=spf1 ?all"), ("pass", "v=spf1 all"), ("neutral", "v=spf1 mx"), ("fail", "v=spf1 redirect=ends.com"),
            ("pass", "v=spf1 redirect=ends.com +all"), ("invalid", "v=spf1 redirect=gone.com"), ("invalid", "v=spf1 ipv4:1.2.3.4 -all"),
            ("invalid", "v=spf1 redirect=circle.com"), ("unknown", "v=spf1 redirect=%{l}.ends.com"),
        ):
            with self.subTest(record):
                self.resolver.cache.clear()
                self.server.set_zone("sender.com", f'@ TXT "{record}"')
                self.assertEqual((await self.look("sender.com", spf=True)).spf, expected)

    async def test_it_is_asked_only_if_asked_for_and_unknown_if_not_answered(self):
        self.assertIsNone((await self.look("example.com")).spf)
        self.assertEqual(self.server.count("example.com", "TXT"), 0)
        self.server.script("example.com", "TXT", "servfail")
        found = await self.look("example.com", spf=True)
        self.assertEqual((found.spf, found.unanswered), (SpfDefault.UNKNOWN, ("example.com TXT: servfail",)))


class TestManyDomains(ContactCase):
    def test_value_survives_json(self):
        found = list(iter_contact_domains(self.resolver, [*ZONES, *REFUSED, "gone.com"], spf=True))
        self.assertEqual(len({one.reception for one in found}), len(Reception))
        for one in found:
            self.assertEqual(ContactDomain.from_dict(one.to_dict()), one)

    async def test_answers_come_in_the_order_of_the_names(self):
        found = await check_contact_domains(self.resolver, iter(["null.com", "gone.com", "null.com", "x"]))
        self.assertEqual([(one.name, one.reception) for one in found], [
            ("null.com", "null_mx"), ("gone.com", "no_domain"), ("null.com", "null_mx"), ("x", "not_a_domain")])

    def test_ancestors_and_mail_hosts_are_asked_for_once_and_a_domain_costs_four_questions_at_most(self):
        names = [f"d{number}.{top}" for number in range(100) for top in ("com", "co.uk")]
        for number, name in enumerate(names):
            self.server.set_zone(name, f"@ MX 10 mx{number % 5}.example.com.\n_dmarc TXT \"v=DMARC1; p=none\"")
        for number in range(5):
            self.server.set_zone(f"mx{number}.example.com", "@ A 203.0.113.7")
        found = list(iter_contact_domains(self.resolver, names))
        self.assertEqual({one.reception for one in found}, {"ok"})
        for name in ("_dmarc.com", "_dmarc.co.uk", "_dmarc.uk"):
            self.assertEqual(self.server.count(name, "TXT"), 1)
        self.assertEqual(len(self.server.log), len(set(self.server.log)))
        self.assertLessEqual(self.resolver.questions, 2 * len(names) + 8)

    def test_dead_domains_do_not_hold_up_the_others(self):
        self.server.set_zone("dead.com", "@ A 203.0.113.9")
        self.server.set_silent("dead.com")
        found = list(iter_contact_domains(self.resolver, ["dead.com", "null.com", "gone.com"]))
        self.assertEqual((found[-1].name, found[-1].reception, found[-1].policy), ("dead.com", "unknown", "unknown"))

    def test_names_are_fetched_as_there_is_room_and_in_the_thread_of_the_caller(self):
        fetched = []

        def names():
            for number in range(2000):
                fetched.append(threading.current_thread())
                yield f"d{number}.gone.com"

        coming = iter_contact_domains(self.resolver, names())
        next(coming)
        self.assertLess(len(fetched), 500)
        coming.close()
        self.assertEqual(set(fetched), {threading.main_thread()})

    def test_an_iterator_that_has_no_name_at_the_moment_holds_up_no_answer(self):
        told = []

        def names():
            yield "null.com"
            while not told:
                yield None
            yield "gone.com"

        told.extend(one.name for one in iter_contact_domains(self.resolver, names()))
        self.assertEqual(told, ["null.com", "gone.com"])

    def test_with_dns_dead_nothing_is_said_of_any_domain(self):
        self.server.script("*", "*", "servfail")
        for one in iter_contact_domains(self.resolver, [*ZONES, "gone.com"][1:], spf=True):
            with self.subTest(one.name):
                self.assertEqual((one.policy, one.reception, one.spf), (PolicyInForce.UNKNOWN, Reception.UNKNOWN, SpfDefault.UNKNOWN))
                self.assertIsNone(one.enforces)


if __name__ == "__main__":
    unittest.main()
