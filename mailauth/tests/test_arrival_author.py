"""Who answers for a mail: signatures that cover all of it, from keys in real DNS packets."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

from .. import iter_authors
from ..arrival import find_author
from ..dns.resolver import Resolver
from . import mails
from .mails import BODY, GMAIL, OWN, plain, sign
from .zone_case import ZoneCase

RECEIVED = datetime(2026, 11, 2, 12, 6, tzinfo=timezone.utc)


class TestAuthor(ZoneCase):
    async def find(self, mail, zones=None, **options):
        return await find_author(self.serve(zones or mails.zones(), timeout=0.2), mail, received=RECEIVED, **options)

    async def outcome(self, mail, zones=None, **options):
        author = await self.find(mail, zones, **options)
        return author.domain, author.reason

    async def test_a_signature_over_the_whole_mail_proves_who_wrote_it(self):
        author = await self.find(GMAIL.encode() + sign(plain()))
        self.assertEqual((author.from_email, author.domain, author.reason), ("jane@ours.example", "ours.example", ""))

    async def test_line_ends_of_pop_and_pipes_change_nothing(self):
        mail = GMAIL.encode() + sign(plain())
        self.assertEqual((await self.find(mail.replace(b"\r\n", b"\n"))).domain, "ours.example")
        self.assertEqual((await self.find(b"From bounce@ours.example Mon Nov  2\n" + mail.replace(b"\r\n", b"\n"))).domain,
                         "ours.example")

    async def test_the_address_that_it_came_from_proves_nothing(self):
        """SPF would pass for what Received says, and whoever sends writes Received fields, too."""
        self.assertEqual(await self.outcome(GMAIL.encode() + plain()), (None, "not_signed"))

    async def test_a_subdomain_belongs_to_its_organization(self):
        own = OWN.replace("jane@ours.example", "reports@dmarc.ours.example")
        self.assertEqual(await self.outcome(sign(plain(own))), ("ours.example", ""))
        zones = mails.zones(dmarc="v=DMARC1; p=none; adkim=s")
        self.assertEqual(await self.outcome(sign(plain(own)), zones), (None, "not_aligned"))

    async def test_a_signature_of_somebody_else_proves_nothing_about_from(self):
        own = OWN.replace("jane@ours.example", "noreply@google.example")
        self.assertEqual(await self.outcome(sign(plain(own))), (None, "not_aligned"))

    async def test_what_was_added_below_a_signed_length_is_nobodys_word(self):
        mail = sign(plain(), more=f" l={len(BODY) - 8};", hashed=len(BODY) - 8)
        self.assertEqual(await self.outcome(mail + b"added"), (None, "partly_signed"))
        self.assertEqual(await self.outcome(sign(mail)), ("ours.example", ""), "another one covers all of it")

    async def test_a_changed_mail_is_not_verified(self):
        mail = sign(plain())
        for changed in (mail.replace(b"quotation.", b"quotation!"), mail.replace(b"Subject: ", b"Subject: Re: "), mail[:-40]):
            self.assertEqual(await self.outcome(changed), (None, "not_verified"))

    async def test_a_mail_of_several_authors_has_none(self):
        for own in ("From: evil@evil.example\r\n" + OWN, OWN.replace("jane@ours.example>", "jane@ours.example>, evil@evil.example"),
                    OWN.replace("jane@ours.example", "jane")):
            self.assertEqual((await self.outcome(sign(plain(own))))[1], "no_author")

    async def test_an_expired_signature_is_held_against_when_the_mail_came(self):
        late, soon = int(RECEIVED.timestamp()) - 5, int(RECEIVED.timestamp()) + 5
        self.assertEqual(await self.outcome(sign(plain(), more=f" x={late};")), (None, "not_verified"))
        self.assertEqual(await self.outcome(sign(plain(), more=f" x={soon};")), ("ours.example", ""))

    async def test_silence_of_dns_is_no_forgery(self):
        resolver = Resolver(nameservers=[("127.0.0.1", 1)], timeout=0.1, attempts=1)
        author = await find_author(resolver, sign(plain()), received=RECEIVED)
        self.assertEqual((author.domain, author.reason), (None, "unanswered"))

    async def test_a_mail_too_large_to_be_read_is_not_verified(self):
        mail = sign(plain(body=b"x" * 70 + b"\r\n" + BODY * 10))
        self.assertEqual(await self.outcome(mail, limit=len(mail)), ("ours.example", ""))
        self.assertEqual(await self.outcome(mail, limit=len(mail) - 1), (None, "not_verified"))

    async def test_whatever_comes_is_answered(self):
        for mail in (b"", b"\0" * 100, b"From: x", b"<html>", b"From: a@b.example\r\nDKIM-Signature: ;;;\r\n\r\nx", b"\xff\xfe\0"):
            author = await self.find(mail)
            self.assertIsNone(author.domain)
            self.assertTrue(author.reason)

    async def test_many_are_told_apart_by_their_number(self):
        resolver = self.serve(mails.zones(), timeout=0.2)
        given = [(1, sign(plain()), RECEIVED), (2, plain(), RECEIVED), (3, sign(plain()), RECEIVED)]
        found = await asyncio.to_thread(lambda: dict(iter_authors(resolver, given, limit=10_000)))
        self.assertEqual({number: author.domain for number, author in found.items()}, {
            1: "ours.example", 2: None, 3: "ours.example"})
