"""DNS as it would be: what is asked through the overlay answers like a server on which the changes were made."""

from __future__ import annotations

import unittest

from ..change import Change
from ..dns.answer import MailExchange, Status
from ..dns.resolver import Resolver
from .dns_server import DnsServer

ZONE = """
@ 300 IN SOA ns host 1 2 3 4 60
@ TXT "v=spf1 -all"
@ TXT "site-verification=1"
@ MX 10 mail
mail A 192.0.2.1
www CNAME mail
alias CNAME target.example.net.
*.wild TXT "wild"
self.wild TXT "own"
"""
TARGET = 'target TXT "at the target"\n'


def create(rdtype, name, value):
    return Change("create", rdtype, name, value)


def replace(rdtype, name, old, new):
    return Change("replace", rdtype, name, new, old_value=old)


def delete(rdtype, name, value):
    return Change("delete", rdtype, name, value, old_value=value)


class TestOverlay(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = DnsServer({"example.com": ZONE, "example.net": TARGET})
        self.server.start()
        self.addCleanup(self.server.stop)
        self.resolver = Resolver([self.server.address], timeout=0.5, attempts=1)

    async def ask(self, changes, name, rdtype="TXT"):
        return await self.resolver.overlay(changes).query(name, rdtype)

    async def test_other_questions_pass_through(self):
        change = create("TXT", "new.example.com", "x")
        for name, rdtype in (("example.com", "TXT"), ("www.example.com", "A"), ("no.example.com", "A"), ("a..b", "A"),
                             ("alias.example.com", "TXT"), ("mail.example.com", "TXT")):
            with self.subTest(name):
                self.assertEqual(await self.ask([change], name, rdtype), await self.resolver.query(name, rdtype))

    async def test_a_creation_adds_to_the_records_of_the_type(self):
        answer = await self.ask([create("TXT", "example.com", "second")], "example.com")
        self.assertEqual(answer.texts, ("v=spf1 -all", "site-verification=1", "second"))

    async def test_what_is_there_already_is_not_there_twice(self):
        answer = await self.ask([create("TXT", "example.com", "v=spf1 -all")], "example.com")
        self.assertEqual(answer.texts, ("v=spf1 -all", "site-verification=1"))

    async def test_a_replacement_takes_the_place_of_the_record_that_it_names(self):
        answer = await self.ask([replace("TXT", "example.com", "v=spf1 -all", "v=spf1 ~all")], "example.com")
        self.assertEqual(answer.texts, ("v=spf1 ~all", "site-verification=1"))

    async def test_a_deletion_of_the_last_record_leaves_a_name_without_data(self):
        answer = await self.ask([delete("MX", "example.com", "10 mail.example.com")], "example.com", "MX")
        self.assertEqual((answer.status, answer.records), (Status.NODATA, ()))

    async def test_several_changes_at_one_name_go_together(self):
        changes = [
            replace("TXT", "example.com", "v=spf1 -all", "v=spf1 a -all"),
            delete("TXT", "example.com", "site-verification=1"),
            create("MX", "example.com", "20 mx2.example.com"),
        ]
        self.assertEqual((await self.ask(changes, "example.com")).texts, ("v=spf1 a -all",))
        self.assertEqual(
            (await self.ask(changes, "example.com", "MX")).records,
            (MailExchange(10, "mail.example.com"), MailExchange(20, "mx2.example.com")),
        )

    async def test_a_new_name_exists_and_so_do_the_names_above_it(self):
        change = create("TXT", "_dmarc.new.example.com", "v=DMARC1; p=none")
        self.assertEqual((await self.ask([change], "_dmarc.new.example.com")).texts, ("v=DMARC1; p=none",))
        for name, rdtype in (("_dmarc.new.example.com", "MX"), ("new.example.com", "TXT")):
            with self.subTest(name):
                self.assertEqual((await self.ask([change], name, rdtype)).status, Status.NODATA)
        self.assertEqual((await self.ask([change], "other.example.com")).status, Status.NXDOMAIN)

    async def test_a_new_alias_is_followed(self):
        change = create("CNAME", "odoo._domainkey.example.com", "target.example.net")
        answer = await self.ask([change], "odoo._domainkey.example.com")
        self.assertEqual((answer.texts, answer.aliases), (("at the target",), ("target.example.net",)))
        self.assertEqual(answer.name, "odoo._domainkey.example.com")
        seen = await self.ask([change], "odoo._domainkey.example.com", "CNAME")
        self.assertEqual((seen.records, seen.aliases), (("target.example.net",), ()))

    async def test_a_new_alias_of_nothing_dangles(self):
        answer = await self.ask([create("CNAME", "a.example.com", "nowhere.example.net")], "a.example.com")
        self.assertEqual((answer.status, answer.exists), (Status.NXDOMAIN, True))

    async def test_a_replaced_alias_leads_to_its_new_target(self):
        change = replace("CNAME", "alias.example.com", "target.example.net", "self.wild.example.com")
        self.assertEqual((await self.ask([change], "alias.example.com")).texts, ("own",))

    async def test_a_deleted_alias_makes_room_for_records(self):
        changes = [delete("CNAME", "alias.example.com", "target.example.net"), create("TXT", "alias.example.com", "mine")]
        self.assertEqual((await self.ask(changes, "alias.example.com")).texts, ("mine",))
        self.assertEqual((await self.ask(changes[:1], "alias.example.com")).status, Status.NODATA)

    async def test_a_change_at_the_target_is_seen_through_the_alias(self):
        change = replace("TXT", "target.example.net", "at the target", "changed")
        answer = await self.ask([change], "alias.example.com")
        self.assertEqual((answer.texts, answer.aliases), (("changed",), ("target.example.net",)))

    async def test_a_loop_of_new_aliases_is_a_failure(self):
        changes = [create("CNAME", "a.example.com", "b.example.com"), create("CNAME", "b.example.com", "a.example.com")]
        self.assertEqual((await self.ask(changes, "a.example.com")).status, Status.SERVFAIL)

    async def test_a_record_of_its_own_takes_a_name_out_of_a_wildcard(self):
        answer = await self.ask([create("TXT", "new.wild.example.com", "mine")], "new.wild.example.com")
        self.assertEqual(answer.texts, ("mine",))
        answer = await self.ask([create("TXT", "self.wild.example.com", "mine")], "self.wild.example.com")
        self.assertEqual(answer.texts, ("own", "mine"))

    async def test_a_new_wildcard_answers_for_names_that_do_not_exist(self):
        change = create("TXT", "*.example.com", "any")
        self.assertEqual((await self.ask([change], "no.example.com")).texts, ("any",))
        self.assertEqual((await self.ask([change], "mail.example.com")).status, Status.NODATA)

    async def test_what_dns_does_not_answer_stays_unanswered(self):
        self.server.script("example.com", "TXT", "refused")
        answer = await self.ask([create("TXT", "example.com", "v=spf1 ~all")], "example.com")
        self.assertEqual(answer.status, Status.REFUSED)

    async def test_overlays_lie_on_top_of_each_other(self):
        first = self.resolver.overlay([replace("TXT", "example.com", "v=spf1 -all", "v=spf1 a -all")])
        second = first.overlay([replace("TXT", "example.com", "v=spf1 a -all", "v=spf1 mx -all")])
        self.assertEqual((await second.query("example.com", "TXT")).texts[0], "v=spf1 mx -all")

    async def test_the_size_of_the_message_is_reckoned(self):
        # SPF's advice on size looks at it (RFC 7208 §3.4): compare with what a server really sends.
        long = "v=spf1 " + "ip4:192.0.2.1 " * 30 + "-all"
        told = await self.ask([replace("TXT", "example.com", "v=spf1 -all", long)], "example.com")
        self.server.set_zone("example.com", ZONE.replace('"v=spf1 -all"', f'"{long[:250]}" "{long[250:]}"'))
        real = await self.resolver.query("example.com", "TXT", fresh=True)
        self.assertAlmostEqual(told.size, real.size, delta=2)

    async def test_it_asks_no_more_than_the_resolver_would(self):
        overlay = self.resolver.overlay([replace("TXT", "example.com", "v=spf1 -all", "v=spf1 ~all")])
        async with overlay.batch():
            for _ in range(3):
                await overlay.query("example.com", "TXT")
        self.assertEqual(overlay.questions, 1)


class TestPublished(unittest.IsolatedAsyncioTestCase):
    """The overlay before and the server after the same changes give the same answers."""

    async def test_what_the_overlay_answers_is_what_the_changed_zone_answers(self):
        cases = (
            ([create("TXT", "_dmarc.example.com", "v=DMARC1; p=none")], ZONE + '_dmarc TXT "v=DMARC1; p=none"\n'),
            ([create("CNAME", "k._domainkey.example.com", "target.example.net")],
             ZONE + "k._domainkey CNAME target.example.net.\n"),
            ([replace("CNAME", "www.example.com", "mail.example.com", "target.example.net")],
             ZONE.replace("www CNAME mail", "www CNAME target.example.net.")),
            ([delete("TXT", "example.com", "site-verification=1")], ZONE.replace('@ TXT "site-verification=1"', "")),
            ([replace("MX", "example.com", "10 mail.example.com", "0 .")], ZONE.replace("@ MX 10 mail", "@ MX 0 .")),
        )
        questions = [
            (name, rdtype)
            for name in ("example.com", "_dmarc.example.com", "_domainkey.example.com", "k._domainkey.example.com",
                         "www.example.com", "mail.example.com", "no.example.com", "alias.example.com")
            for rdtype in ("TXT", "MX", "A", "CNAME")
        ]
        for changes, after in cases:
            with self.subTest(changes[0].name), DnsServer({"example.com": ZONE, "example.net": TARGET}) as server:
                told = {q: await Resolver([server.address]).overlay(changes).query(*q) for q in questions}
                server.set_zone("example.com", after)
                resolver = Resolver([server.address])
                for question in questions:
                    real = await resolver.query(*question)
                    self.assertEqual(
                        (told[question].status, set(told[question].records), told[question].aliases),
                        (real.status, set(real.records), real.aliases), question)
