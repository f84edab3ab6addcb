"""How a mail arrived: from mails as large receivers store them, with DNS in real packets."""

from __future__ import annotations

import base64
import dataclasses

from ..arrival import examine, services_of
from . import mails
from .mails import BODY, EXCHANGE, EXIM, GMAIL, OWN, POSTFIX, RECEIVERS, SENDING, arrived, plain, sign
from .zone_case import ZoneCase

OURS = ("ours.example",)


class ArrivalCase(ZoneCase):
    async def read(self, given, zones=None, own=OURS, **options):
        resolver = self.serve(zones or mails.zones(), timeout=0.2, **options)
        return await examine(resolver, given, own_domains=own)

    def codes(self, arrival):
        return {finding.code for finding in arrival.findings}


class TestWay(ArrivalCase):
    async def test_every_receivers_mail_tells_the_address_that_it_left_from_and_its_envelope(self):
        for name, receiver in RECEIVERS.items():
            with self.subTest(name):
                arrival = await self.read(arrived(receiver))
                self.assertTrue(arrival.readable, arrival.findings)
                self.assertEqual(arrival.egress.address, mails.EGRESS)
                self.assertEqual(arrival.egress.helo or arrival.egress.name, mails.EGRESS_NAME)
                self.assertEqual(arrival.envelope_from, "bounce@ours.example")
                self.assertEqual((arrival.spf.result, arrival.spf_aligned, arrival.dmarc), ("pass", True, "pass"))
                self.assertEqual([one.status for one in arrival.signatures], ["pass"])
                self.assertEqual(arrival.from_email, "jane@ours.example")
                self.assertFalse(arrival.findings)

    async def test_what_was_learned_is_address_selector_domain_and_that_the_envelope_was_kept(self):
        arrival = await self.read(arrived())
        learned = arrival.learned("bounce@ours.example")
        self.assertEqual(dataclasses.astuple(learned), (
            ("192.0.2.10",), "ours.example", ("s1",), "keep", "ours.example"))
        self.assertEqual(arrival.learned().envelope, None)

    async def test_a_service_with_an_envelope_of_its_own_replaces_it(self):
        receiver = GMAIL.replace("bounce@ours.example", "msg-1@bounces.service.example")
        arrival = await self.read(arrived(receiver), {
            **mails.zones(), "service.example": f'bounces {mails.txt("v=spf1 ip4:192.0.2.0/24 -all")}'})
        self.assertEqual(arrival.learned("bounce@ours.example").envelope, "replace")
        self.assertEqual((arrival.spf.result, arrival.spf_aligned, arrival.dmarc), ("pass", False, "pass"))

    async def test_lower_hops_are_the_senders_claims_whatever_they_say(self):
        forged = (
            "Received: from mx.google.com (mx.google.com. [198.51.100.66])\r\n"
            "        by mx.google.com with ESMTPS id forged; Mon, 02 Nov 2026 04:05:04 -0800 (PST)\r\n"
            "Authentication-Results: mx.google.com; dmarc=fail header.from=ours.example\r\n")
        arrival = await self.read(arrived(GMAIL, forged.encode() + sign(SENDING.encode() + plain())))
        self.assertEqual(arrival.egress.address, "192.0.2.10")
        self.assertEqual(arrival.results.of("dmarc")[0].result, "pass")

    async def test_a_helo_with_the_receivers_name_does_not_open_the_way_down(self):
        """Whoever connects may call themselves anything; the name that the receiver found by itself counts."""
        for receiver, claimed in (
            (GMAIL, "from mx.google.com (unknown [192.0.2.10])"),
            (POSTFIX, "from mx9.receiver.example (unknown [192.0.2.10])"),
        ):
            with self.subTest(claimed):
                head, _entry, rest = receiver.partition("from mail.ours.example (mail.ours.example")
                receiver = head + claimed + rest[rest.index("\r\n"):]
                below = (
                    "Received: from relay.example (relay.example [203.0.113.66])\r\n"
                    "\tby mx9.receiver.example (Postfix); Mon, 02 Nov 2026 12:05:00 +0000\r\n")
                arrival = await self.read(arrived(receiver, below.encode() + sign(plain())))
                self.assertEqual(arrival.egress.address, "192.0.2.10")

    async def test_a_helo_that_dns_bears_out_is_the_receivers_own_machine(self):
        receiver = POSTFIX.replace("(mx1.receiver.example [198.51.100.5])", "([198.51.100.5])")
        arrival = await self.read(arrived(receiver), {
            **mails.zones(), "receiver.example": "mx1 A 198.51.100.5"})
        self.assertEqual(arrival.egress.address, "192.0.2.10")
        arrival = await self.read(arrived(receiver), {**mails.zones(), "receiver.example": "mx1 A 198.51.100.6"})
        self.assertEqual(arrival.egress.address, "198.51.100.5")

    async def test_an_address_in_a_helo_is_a_claim_and_not_where_the_mail_came_from(self):
        entry = EXIM.partition("from [192.0.2.10] (helo=mail.ours.example)")
        for claimed in (
            "from [192.0.2.10] (helo=[8.8.8.8])",
            "from [192.0.2.10] (port=25 helo=8.8.8.8)",
            "from [192.0.2.10] (ident=8.8.8.8 helo=[IPv6:2001:4860:4860::8888])",
            "from unknown (HELO [8.8.8.8]) (192.0.2.10)",
            "from [8.8.8.8] (unknown [192.0.2.10])",
        ):
            with self.subTest(claimed):
                arrival = await self.read(arrived(entry[0] + claimed + entry[2]))
                self.assertEqual(arrival.egress.address, "192.0.2.10")
                self.assertIsNone(arrival.egress.name)

    async def test_a_helo_that_is_a_word_of_the_field_does_not_open_the_way_down(self):
        """A server writes the HELO first: ``from by (evil.example [203.0.113.66]) by mx1.receiver.example``."""
        below = (
            "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n"
            "\tby mx1.receiver.example (Postfix); Mon, 02 Nov 2026 12:05:00 +0000\r\n"
            "Authentication-Results: mx1.receiver.example; dmarc=pass header.from=ours.example\r\n")
        for word in ("by", "with", "from", "id", "via", "for"):
            with self.subTest(word):
                receiver = POSTFIX.replace(
                    "from mail.ours.example (mail.ours.example [192.0.2.10])", f"from {word} (evil.example [203.0.113.66])")
                arrival = await self.read(arrived(receiver, below.encode() + sign(plain())))
                self.assertEqual(arrival.egress.address, "203.0.113.66")
                self.assertEqual(arrival.egress.by, "mx1.receiver.example")
                self.assertFalse(arrival.results.of("dmarc"))

    async def test_a_helo_that_dns_bears_out_is_not_the_receivers_because_the_sender_wrote_a_field_too(self):
        """Exchange writes no name that it found; below stands what the sending server wrote about its own client."""
        below = (
            "Received: from odoo.ours.example (odoo.ours.example [203.0.113.5])\r\n"
            "\tby mail.ours.example (Postfix) with ESMTP id 4X; Mon,  2 Nov 2026 12:05:01 +0000 (UTC)\r\n"
            "Authentication-Results: mail.ours.example; dmarc=pass header.from=ours.example\r\n")
        arrival = await self.read(arrived(EXCHANGE, below.encode() + sign(plain())))
        self.assertEqual(arrival.egress.address, "192.0.2.10")
        self.assertIsNone(arrival.results)

    async def test_between_two_customers_of_one_service_the_address_that_the_receiver_names_counts(self):
        receiver = GMAIL.replace(
            "from mail.ours.example (mail.ours.example. [192.0.2.10])",
            "from mail-sor-f41.google.com (mail-sor-f41.google.com. [203.0.113.41])",
        ).replace("192.0.2.10", "203.0.113.41")
        sending = (
            "Received: from odoo-host ([198.51.100.9])\r\n        by smtp.gmail.com with ESMTPSA id madeup\r\n"
            "        for <customer@gmail.com>; Mon, 02 Nov 2026 04:05:04 -0800 (PST)\r\n")
        arrival = await self.read(arrived(receiver, sending.encode() + sign(plain())))
        self.assertEqual(arrival.egress.address, "203.0.113.41")
        without = receiver[:receiver.index("Received-SPF")] + "X-Nothing: said\r\n"
        arrival = await self.read(arrived(without, sending.encode() + sign(plain())))
        self.assertEqual(arrival.egress.address, "203.0.113.41")

    async def test_mail_within_one_network_has_no_address_to_learn(self):
        receiver = (
            "Return-Path: <bounce@ours.example>\r\n"
            "Received: from odoo-host (unknown [10.0.0.5])\r\n"
            "\tby mail.ours.example (Postfix) with ESMTP id 4X; Mon,  2 Nov 2026 12:05:01 +0000 (UTC)\r\n")
        arrival = await self.read(arrived(receiver, sign(plain())))
        self.assertIn("arrival.internal_only", self.codes(arrival))
        self.assertEqual(arrival.learned("bounce@ours.example").egress, ())

    async def test_a_forwarder_is_not_where_the_mail_left_from_but_the_signature_counts(self):
        for extra in ("X-Forwarded-To: other@gmail.com\r\n", "Resent-From: someone@else.example\r\n"):
            with self.subTest(extra):
                arrival = await self.read(arrived(extra + GMAIL))
                self.assertIn("arrival.forwarded", self.codes(arrival))
                learned = arrival.learned("bounce@ours.example")
                self.assertEqual((learned.egress, learned.envelope, learned.selectors), ((), None, ("s1",)))
        arrival = await self.read(arrived(GMAIL.replace(
            "<bounce@ours.example>", "<SRS0=abcd=XY=ours.example=bounce@forwarder.example>")))
        self.assertIn("arrival.forwarded", self.codes(arrival))

    async def test_a_mailing_list_that_mangles_is_told_apart(self):
        receiver = GMAIL.replace("bounce@ours.example", "list-bounces@lists.example")
        mail = sign(SENDING.encode() + plain())
        mangled = mail.replace(b"\r\n\r\nDear", b"\r\nList-Id: <all.lists.example>\r\n\r\n[footer]\r\nDear")
        arrival = await self.read(receiver.encode() + mangled)
        self.assertIn("arrival.mailing_list", self.codes(arrival))
        self.assertEqual(arrival.learned("bounce@ours.example").egress, ())

    async def test_the_service_is_known_by_the_address(self):
        resolver = self.serve({
            "service.example": f'_spf {mails.txt("v=spf1 include:_a.service.example ~all")}\n'
                               f'_a {mails.txt("v=spf1 ip4:192.0.2.0/24 ~all")}',
            "other.example": f'_spf {mails.txt("v=spf1 ip4:198.51.100.0/24 ~all")}',
        }, timeout=0.2)
        self.assertEqual(await services_of(resolver, "192.0.2.10", {
            "one": "include:_spf.service.example", "two": "include:_spf.other.example", "three": "ip4:192.0.2.10",
            "gone": "include:_spf.nowhere.example",
        }), ("one",))

    async def test_silence_of_a_services_dns_leaves_open_whose_the_address_is(self):
        resolver = self.serve({
            "service.example": f'_spf {mails.txt("v=spf1 ip4:192.0.2.0/24 ~all")}',
            "silent.example": f'_spf {mails.txt("v=spf1 ip4:198.51.100.0/24 ~all")}',
        }, timeout=0.2)
        self.server.script("_spf.silent.example", "*", "servfail")
        known, silent = {"one": "include:_spf.service.example"}, {"two": "include:_spf.silent.example"}
        for terms, found in (({}, ()), (known, ("one",)), (silent, None), ({**known, **silent}, ("one",))):
            self.assertEqual(await services_of(resolver, "192.0.2.10", terms), found)
        self.assertEqual(await services_of(resolver, "203.0.113.1", known), ())


class TestReceiversWord(ArrivalCase):
    async def test_only_the_receivers_own_identifier_is_believed(self):
        receiver = GMAIL.replace("Authentication-Results: mx.google.com;", "Authentication-Results: mx.gooogle.example;")
        arrival = await self.read(arrived(receiver))
        self.assertIsNone(arrival.results)
        self.assertIn("arrival.results_not_believed", self.codes(arrival))

    async def test_what_the_sender_brought_along_is_not_the_receivers_word(self):
        brought = b"Authentication-Results: mx1.receiver.example; dmarc=pass header.from=ours.example\r\n"
        receiver = "".join(
            field for field in POSTFIX.replace("\r\n\t", "\n\t").splitlines(keepends=True)
            if not field.startswith("Auth")).replace("\n\t", "\r\n\t")
        arrival = await self.read(arrived(receiver, SENDING.encode() + brought + sign(plain())))
        self.assertIsNone(arrival.results)

    async def test_fields_of_one_server_are_read_together(self):
        arrival = await self.read(arrived(POSTFIX))
        self.assertEqual([(result.method, result.result) for result in arrival.results.results], [
            ("dkim", "pass"), ("dkim-atps", "neutral"), ("spf", "pass")])

    async def test_what_others_said_before_is_not_believed(self):
        receiver = GMAIL.replace("Authentication-Results: mx.google.com", "X-Was: mx.google.com")
        receiver = receiver.replace("ARC-X-Was", "ARC-Authentication-Results")
        arrival = await self.read(arrived(receiver))
        self.assertIsNone(arrival.results)

    async def test_dns_that_changed_since_is_said(self):
        arrival = await self.read(arrived(), mails.zones(spf="v=spf1 ip4:198.51.100.1 -all"))
        self.assertIn("arrival.receiver_disagrees", self.codes(arrival))
        self.assertIn("arrival.spf_not_passed", self.codes(arrival))
        self.assertEqual(arrival.dmarc, "pass", "the signature is aligned")


class TestVerdict(ArrivalCase):
    async def test_neither_spf_nor_dkim_aligned_fails_with_the_policy(self):
        arrival = await self.read(
            arrived(mail=SENDING.encode() + plain()), mails.zones("v=spf1 -all", "v=DMARC1; p=reject"))
        self.assertEqual((arrival.dmarc, arrival.policy), ("fail", "reject"))
        self.assertLessEqual(
            {"arrival.dmarc_failed", "arrival.not_signed", "arrival.spf_not_passed"}, self.codes(arrival))

    async def test_a_signature_of_the_service_alone_does_not_align(self):
        mail = sign(SENDING.encode() + plain(), domain="service.example")
        arrival = await self.read(arrived(mail=mail), {
            **mails.zones(), "service.example": f"s1._domainkey {mails.txt(mails.key_record(mails.rsa_key()))}"})
        self.assertIn("arrival.not_aligned", self.codes(arrival))
        self.assertEqual(arrival.learned().selectors, ())

    async def test_a_signature_of_the_domain_above_aligns_and_is_learned_as_that(self):
        own = OWN.replace("jane@ours.example", "jane@mail.ours.example")
        arrival = await self.read(arrived(mail=sign(SENDING.encode() + plain(own))))
        self.assertEqual((arrival.learned().signing_domain, arrival.learned().selectors), ("ours.example", ("s1",)))

    async def test_silence_of_dns_is_unknown_and_no_fault_of_the_mail(self):
        resolver = self.serve(mails.zones(), timeout=0.1, attempts=1)
        self.server.set_silent("ours.example")
        arrival = await examine(resolver, arrived(), own_domains=OURS)
        self.assertEqual((arrival.dmarc, arrival.spf.result, arrival.signatures[0].status), (
            "unknown", "temperror", "unknown"))
        self.assertEqual(self.codes(arrival) - {
            "arrival.signature_unanswered", "arrival.spf_unanswered", "arrival.dmarc_unanswered"}, set())
        self.assertEqual(arrival.learned("bounce@ours.example").egress, ("192.0.2.10",))

    async def test_silence_about_the_policy_is_unknown_even_where_nothing_passes(self):
        """Without a record nobody asks for anything: that is not known where DNS did not answer about it."""
        resolver = self.serve(mails.zones(spf="v=spf1 -all"), timeout=0.1, attempts=1)
        self.server.set_silent("_dmarc.ours.example")
        arrival = await examine(resolver, arrived(mail=SENDING.encode() + plain()), own_domains=OURS)
        self.assertEqual((arrival.spf.result, arrival.dmarc, arrival.policy), ("fail", "unknown", None))
        self.assertIn("arrival.dmarc_unanswered", self.codes(arrival))
        self.assertNotIn("arrival.dmarc_failed", self.codes(arrival))

    async def test_a_bounce_address_of_nobody_is_checked_by_the_helo(self):
        arrival = await self.read(
            arrived(GMAIL.replace("Return-Path: <bounce@ours.example>", "Return-Path: <>")),
            {"ours.example": mails.zones()["ours.example"] + f'\nmail {mails.txt("v=spf1 a -all")}'})
        self.assertEqual((arrival.envelope_from, arrival.spf_domain, arrival.spf.result), (
            "", "mail.ours.example", "pass"))


class TestGiven(ArrivalCase):
    """What people really paste, and the sentence that it gets."""

    async def unreadable(self, given, code, own=OURS):
        arrival = await self.read(given, own=own)
        self.assertFalse(arrival.readable)
        self.assertEqual([finding.code for finding in arrival.findings], [code])
        return arrival

    async def test_what_is_no_mail_says_what_it_is(self):
        copied = "From: jane@ours.example\nTo: a@b.example\nSubject: Quotation\nDate: today\n\nDear customer,\n"
        for given, code in (
            ("", "arrival.empty"), (b"  \r\n\t\n", "arrival.empty"),
            ("<html><body>Dear customer</body></html>", "arrival.not_a_mail"),
            (bytes(range(256)) * 20, "arrival.not_a_mail"),
            ("%PDF-1.7 and so on", "arrival.not_a_mail"),
            ("Dear customer,\n\nhere is your quotation.\n", "arrival.body_only"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "arrival.outlook_file"),
            (plain(), "arrival.no_received"),
            (copied, "arrival.headers_stripped"),
            (GMAIL.encode() + plain(OWN.replace("From:", "X-From:")), "arrival.no_from"),
            (arrived(mail=plain(OWN.replace("<jane@ours.example>", "<jane@ours.example>, jim@else.example"))),
             "arrival.several_from"),
            (arrived(mail=plain(OWN.replace("ours.example", "theirs.example"))).replace(
                b"ours.example", b"theirs.example"), "arrival.foreign"),
            (GMAIL.replace("ours.example", "theirs.example").encode() + plain(
                OWN.replace("ours.example", "theirs.example").replace("=?utf-8?q?Quotation_S00042?=", "Fwd: Quotation"),
                b"See below.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Jane <jane@ours.example>\r\n"),
             "arrival.forwarded_inline"),
            (arrived(mail=plain(OWN.replace("text/plain", "multipart/report; boundary=x; report-type=delivery-status"))),
             "arrival.bounce"),
        ):
            with self.subTest(code, given=given[:30]):
                await self.unreadable(given, code)

    async def test_a_mail_attached_to_another_is_read_from_there(self):
        inner = arrived()
        for encoding, encoded in (("8bit", inner), ("base64", base64.encodebytes(inner))):
            outer = GMAIL.replace("ours.example", "theirs.example").encode() + (
                b"From: customer@theirs.example\r\nSubject: the mail that you asked for\r\n"
                b'Content-Type: multipart/mixed; boundary="=-x"\r\n\r\n'
                b"--=-x\r\nContent-Type: text/plain\r\n\r\nhere\r\n"
                b'--=-x\r\nContent-Type: message/rfc822; name="q.eml"\r\n'
                b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + encoded + b"\r\n--=-x--\r\n")
            for own in (OURS, ()):
                arrival = await self.read(outer, own=own)
                self.assertEqual(arrival.from_email, "jane@ours.example")
                self.assertIn("arrival.unwrapped", self.codes(arrival))
                self.assertEqual(arrival.signatures[0].status, "pass")

    async def test_a_copied_header_without_body_still_proves_who_signed(self):
        header = arrived().partition(b"\r\n\r\n")[0]
        arrival = await self.read(header)
        self.assertEqual([one.status for one in arrival.signatures], ["body_missing"])
        self.assertEqual(arrival.learned().selectors, ("s1",))
        self.assertEqual(self.codes(arrival), {"arrival.no_body"})

    async def test_a_copy_whose_text_was_changed_proves_who_signed_and_the_receivers_word_counts(self):
        arrival = await self.read(arrived().replace(b"your quotation", b"your  offer"))
        self.assertEqual([one.status for one in arrival.signatures], ["body_changed"])
        self.assertNotIn("arrival.signature_invalid", self.codes(arrival))
        silent = GMAIL.replace("dkim=pass", "dkim=neutral")
        arrival = await self.read(arrived(silent).replace(b"your quotation", b"your  offer"))
        self.assertIn("arrival.signature_invalid", self.codes(arrival))

    async def test_ways_of_copying_that_do_no_harm(self):
        mail = arrived()
        page = b"Original Message\nMessage ID\t<x@y>\nFrom:\tJane\nDownload Original\nCopy to clipboard\n\n"
        for name, given in (
            ("line feeds", mail.replace(b"\r\n", b"\n")),
            ("text", mail.replace(b"\r\n", b"\n").decode()),
            ("mbox", b"From bounce@ours.example Mon Nov  2 12:05:06 2026\n" + mail),
            ("blank lines on top", b"\n\n\n" + mail),
            ("the page around it", page + mail),
            ("byte order mark", b"\xef\xbb\xbf" + mail),
            ("UTF-16", b"\xff\xfe" + mail.decode().encode("utf-16-le")),
            ("indented", b"".join(b"    " + line for line in mail.splitlines(keepends=True))),
        ):
            with self.subTest(name):
                arrival = await self.read(given)
                self.assertEqual((arrival.egress.address, arrival.signatures[0].status), ("192.0.2.10", "pass"))

    async def test_a_huge_mail_is_read_by_its_header(self):
        mail = arrived(mail=sign(SENDING.encode() + plain(body=BODY + b"x" * 78 + b"\r\n" * 2_000_000)))
        arrival = await self.read(mail)
        self.assertIn("arrival.too_large", self.codes(arrival))
        self.assertEqual((arrival.egress.address, arrival.signatures[0].status), ("192.0.2.10", "body_missing"))

    async def test_repacked_by_exchange(self):
        arrival = await self.read(arrived(mail=plain(OWN.replace("text/plain", "application/ms-tnef"))))
        self.assertIn("arrival.tnef", self.codes(arrival))

    async def test_more_fields_than_are_looked_at_are_said(self):
        arrival = await self.read(arrived(mail=SENDING.encode() * 60 + sign(plain())))
        self.assertIn("arrival.too_many", self.codes(arrival))
        self.assertEqual(arrival.egress.address, "192.0.2.10")

    async def test_values_are_short_and_cannot_direct_a_screen(self):
        own = OWN.replace("=?utf-8?q?Quotation_S00042?=", "\u202egnp.exe" + "x" * 5000 + "\x1b[31m")
        arrival = await self.read(arrived(mail=plain(own)))
        self.assertLessEqual(len(arrival.subject), 310)
        self.assertTrue(arrival.subject.isprintable())
