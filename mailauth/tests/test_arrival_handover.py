"""Whether another organization took a mail over, whether it came encrypted, and what was changed on its way."""

from __future__ import annotations

import unittest
from dataclasses import replace

from ..arrival import Sent, changes, is_handed_over, to_dict
from ..arrival.received import parse
from . import mails
from .mails import EXIM, GMAIL, OWN, POSTFIX, RECEIVERS, SENDING, arrived, plain, sign
from .test_arrival import OURS, ArrivalCase


class TestHandover(ArrivalCase):
    async def test_every_receiver_elsewhere_took_it_over(self):
        for name, receiver in RECEIVERS.items():
            with self.subTest(name):
                arrival = await self.read(arrived(receiver))
                self.assertTrue(is_handed_over(arrival, OURS))

    async def test_from_ones_own_relay_to_ones_own_mailbox_it_stayed_inside(self):
        """Whatever name the relay has: at home nobody checks what comes from it."""
        for name, relay in (
            ("the same domain", "mail.ours.example (mail.ours.example [192.0.2.10])"),
            ("a rented machine", "vm-7.hoster.example (vm-7.hoster.example [192.0.2.10])"),
            ("no name", "unknown (unknown [192.0.2.10])"),
            ("a private address", "odoo-host (unknown [10.0.0.5])"),
        ):
            receiver = (
                f"Received: from {relay}\r\n\tby mx.ours.example (Postfix) with ESMTPS id 4XkAA\r\n"
                "\tfor <proof@ours.example>; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n")
            with self.subTest(name):
                arrival = await self.read(receiver.encode() + sign(plain()))
                self.assertTrue(arrival.readable, arrival.findings)
                self.assertFalse(is_handed_over(arrival, OURS))

    async def test_from_a_service_to_ones_own_mailbox_it_was_handed_over(self):
        receiver = (
            "Received: from out.service.example (out.service.example [192.0.2.10])\r\n"
            "\tby mx.ours.example (Postfix) with ESMTPS id 4XkAA; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n")
        arrival = await self.read(receiver.encode() + sign(plain()))
        self.assertFalse(is_handed_over(arrival, OURS))
        self.assertTrue(is_handed_over(arrival, OURS, from_service=True))

    async def test_within_one_service_it_stayed_inside(self):
        """A Gmail account that writes to another one: no other organization saw it, even though a service sent it."""
        receiver = GMAIL.replace(
            "mail.ours.example (mail.ours.example. [192.0.2.10])", "mail-sor.google.com (mail-sor.google.com. [192.0.2.10])")
        arrival = await self.read(arrived(receiver))
        self.assertFalse(is_handed_over(arrival, OURS, from_service=True))

    async def test_what_the_sender_claims_is_no_handover(self):
        """The chain below the receiver's own fields is whoever sent's word."""
        forged = (
            "Received: from other.example (other.example [198.51.100.9])\r\n"
            "\tby mx.google.com with ESMTPS id 1; Mon, 02 Nov 2026 04:05:04 -0800 (PST)\r\n")
        inside = (
            "Received: from relay.ours.example (relay.ours.example [192.0.2.10])\r\n"
            "\tby mx.ours.example (Postfix) with ESMTPS id 4XkAA; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n")
        arrival = await self.read(inside.encode() + forged.encode() + sign(plain()))
        self.assertFalse(is_handed_over(arrival, OURS))


class TestEncryption(ArrivalCase):
    async def test_every_receiver_tells_whether_it_came_encrypted(self):
        for name, receiver in RECEIVERS.items():
            with self.subTest(name):
                told = to_dict(await self.read(arrived(receiver)))["encrypted"]
                self.assertIs(told, None if name == "Exchange" else True)

    def test_by_the_words_of_each_server(self):
        for text, encrypted in (
            ("from a.example (a.example [192.0.2.1]) by b.example with ESMTPS id 1", True),
            ("from a.example (a.example [192.0.2.1]) by b.example with esmtpsa (TLS1.3) tls X", True),
            ("from a.example (a.example [192.0.2.1]) by b.example with UTF8SMTPS id 1", True),
            ("from a.example (192.0.2.1) by b.example with (AES256-SHA encrypted) SMTP; x", True),
            ("from a.example (a.example [192.0.2.1]) by b.example (8.17) with ESMTP id 1 (version=TLSv1.3 cipher=X)", True),
            ("from a.example (a.example [192.0.2.1]) by b.example with ESMTP id 1", False),
            ("from a.example (a.example [192.0.2.1]) by b.example with ESMTPA id 1", False),
            ("from [192.0.2.1] (helo=cipher=TLS1.3) by b.example with esmtp id 1", False),
            ("from TLS1.3 (a.example [192.0.2.1]) by b.example with SMTP id 1", False),
            ("from a.example (192.0.2.1) by b.example with Microsoft SMTP Server id 1", None),
            ("from a.example by b.example", None),
        ):
            with self.subTest(text):
                self.assertIs(parse(f"{text}; Mon, 2 Nov 2026 12:05:06 +0000").encrypted, encrypted)


TEXT = "Dear customer,\r\n\r\nhere is your quotation.\r\n"
BODY = TEXT.encode()
SENT = Sent(
    "<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>", "Quotation S00042", "jane@ours.example", TEXT)


class TestChanges(unittest.TestCase):
    def changes(self, own=OWN, body=BODY):
        return changes(POSTFIX.encode() + sign(SENDING.encode() + plain(own, body)), SENT)

    def test_what_arrived_as_it_left_has_none(self):
        self.assertEqual(self.changes(), ())
        self.assertEqual(changes(EXIM.encode() + plain(body=TEXT.encode()), SENT), ())

    def test_each_change_is_told_by_itself(self):
        own = OWN.replace("<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>", "<new@relay.example>")
        self.assertEqual(self.changes(own), ("message_id",))
        self.assertEqual(self.changes(OWN.replace("Subject: ", "Subject: [EXTERNAL] ")), ("subject",))
        self.assertEqual(self.changes(OWN.replace("jane@ours.example", "bounce@ours.example")), ("from",))
        self.assertEqual(self.changes(body=TEXT.encode() + b"-- \r\nThis email is confidential.\r\n"), ("text",))

    def test_a_body_that_was_recoded_is_the_same_text_in_another_encoding(self):
        own = f"{OWN}Content-Transfer-Encoding: quoted-printable\r\n"
        self.assertEqual(self.changes(own, TEXT.replace("here is", "here=20=\r\nis").encode()), ("encoding",))
        own = f"{OWN}Content-Transfer-Encoding: base64\r\n"
        self.assertEqual(self.changes(own, mails.base64.b64encode(TEXT.encode()) + b"\r\n"), ("encoding",))

    def test_a_copy_without_its_text_tells_nothing_of_it(self):
        self.assertEqual(changes(POSTFIX.encode() + OWN.encode(), SENT), ())

    def test_nothing_that_a_mail_contains_is_an_error(self):
        for given in (b"", b"\0\xff" * 99, OWN.encode() + b"\r\n\xff=", b"Subject: =?x?b?=\r\nFrom: @\r\nReceived: by x\r\n\r\n."):
            with self.subTest(given):
                self.assertIsInstance(changes(given, SENT), tuple)
        self.assertEqual(changes(plain(body=TEXT.encode()), replace(SENT, subject="")), ("subject",))
