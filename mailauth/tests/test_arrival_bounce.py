"""Reports about mail that came back, is late or was delivered: known in every layout, and nothing else taken for one."""

from __future__ import annotations

import time
import unittest

from ..arrival import bounce, read
from .bounce_layouts import DAEMON, DELAYED, FAILED, RECEIPTS, REPORTS, SAID, SAID_LATER, TOP, mail, report, status
from .mails import EXIM, GMAIL, OWN, POSTFIX, arrived, plain, sign
from .test_arrival import ArrivalCase


class TestLayouts(ArrivalCase):
    async def found(self, given, own=("ours.example",)):
        arrival = await self.read(given, own=own)
        self.assertFalse(arrival.readable)
        (finding,) = arrival.findings[-1:]
        return finding

    async def test_what_came_back_is_a_bounce_with_what_the_receiver_said(self):
        for name, given in FAILED.items():
            for own in (("ours.example",), ()):
                with self.subTest(name, own=own):
                    finding = await self.found(given, own)
                    self.assertEqual(finding.code, "arrival.bounce")
                    self.assertEqual(finding.params["recipient"], "customer@receiver.example")
                    self.assertIn(SAID, finding.params["said"])
                    self.assertEqual((finding.params["status"], finding.params["cause"]), ("5.7.26", "authentication"))

    async def test_what_is_only_late_says_that_it_is_only_that(self):
        for name, given in DELAYED.items():
            with self.subTest(name):
                finding = await self.found(given)
                self.assertEqual(finding.code, "arrival.delayed")
                self.assertTrue(finding.params["said"].startswith(SAID_LATER), finding.params["said"])
                self.assertEqual(finding.params["status"], "4.7.1")

    async def test_a_receipt_and_a_complaint_are_no_bounces(self):
        for code, layouts in (("arrival.receipt", RECEIPTS), ("arrival.report", REPORTS)):
            for name, given in layouts.items():
                with self.subTest(name):
                    self.assertEqual((await self.found(given)).code, code)

    async def test_with_crlf_and_without_an_envelope_they_are_the_same(self):
        for code, layouts in (("arrival.bounce", FAILED), ("arrival.delayed", DELAYED)):
            for name, given in layouts.items():
                for changed in (given.replace(b"\n", b"\r\n"), given.replace(b"Return-Path: <>\n", b"")):
                    with self.subTest(name):
                        self.assertEqual((await self.found(changed)).code, code)

    async def test_the_mail_within_a_bounce_is_not_read_as_one_that_arrived(self):
        """It has Received fields, as far as the server that gave up: OpenSMTPD attaches it in a multipart/mixed."""
        self.assertEqual((await self.found(FAILED["OpenSMTPD"], own=())).code, "arrival.bounce")


class TestNotOne(ArrivalCase):
    async def test_ordinary_mails_are_not_taken_for_reports(self):
        about = "Re: Undelivered Mail Returned to Sender"
        quoting = (
            b"Hello,\r\n\r\nmy mail came back, what do I do?\r\n\r\n> This is the mail system at host mx.relay.example.\r\n"
            b"> I'm sorry to have to inform you that your message could not be delivered.\r\n> 550 5.1.1 user unknown\r\n")
        for name, given in (
            ("a subject about one", arrived(mail=sign(plain(OWN.replace("=?utf-8?q?Quotation_S00042?=", about))))),
            ("a text about one", arrived(mail=sign(plain(body=b"Our mail could not be delivered: 550 5.1.1 unknown user.\r\n")))),
            ("one that is quoted", arrived(mail=sign(plain(OWN.replace("=?utf-8?q?Quotation_S00042?=", about), quoting)))),
        ):
            with self.subTest(name):
                arrival = await self.read(given)
                self.assertTrue(arrival.readable, arrival.findings)

    async def test_what_a_shop_sends_about_a_delivery_is_a_mail(self):
        """It speaks as reports do, and often leaves as an address that nobody answers at; but it has an envelope sender."""
        for sender in ("noreply@ours.example", "No-Reply <no-reply@ours.example>", "Postmaster <postmaster@ours.example>"):
            own = OWN.replace("=?utf-8?q?J=C3=A4ne_Doe?= <jane@ours.example>", sender)
            for subject, text in (
                ("Your_order_is_delayed", b"We will try again tomorrow.\r\n"),
                ("Your_parcel", b"Your parcel could not be delivered: delivery attempt failed.\r\n"),
            ):
                given = plain(own.replace("Quotation_S00042", subject), text)
                for fields in (GMAIL, GMAIL.replace("bounce@ours.example", "noreply@ours.example")):
                    with self.subTest(sender, subject=subject):
                        arrival = await self.read(arrived(fields, sign(given)))
                        self.assertTrue(arrival.readable, arrival.findings)

    async def test_what_is_sent_without_an_envelope_is_still_read_by_what_it_says(self):
        """Odoo's answers to mail that it does not take have the null sender or MAILER-DAEMON as sender."""
        own = OWN.replace("=?utf-8?q?J=C3=A4ne_Doe?= <jane@ours.example>", "MAILER-DAEMON <bounce@ours.example>")
        answer = (
            b"Hello,\r\n\r\nThe email sent to catchall@ours.example cannot be processed. This address is used to collect replies"
            b" and should not be used to directly contact us.\r\n\r\nKind Regards\r\n")
        for given in (arrived(mail=sign(plain(own, answer))), arrived(
                POSTFIX.replace("Return-Path: <bounce@ours.example>", "Return-Path: <>"), sign(plain(own, answer)))):
            arrival = await self.read(given)
            self.assertTrue(arrival.readable, arrival.findings)

    async def test_an_answer_that_somebody_is_away_is_no_bounce(self):
        for fields in (GMAIL.replace("Return-Path: <bounce@ours.example>", "Return-Path: <>"), EXIM):
            away = plain(OWN + "Auto-Submitted: auto-replied\r\n", b"I am away until May 5 and read no mail.\r\n")
            self.assertIsNone(bounce.read(read(arrived(fields, away))))


class TestRead(unittest.TestCase):
    def test_of_exim_and_opensmtpd_the_status_is_never_read(self):
        """They write 5.0.0 whatever the other server said, and 4.4.7 for what expired."""
        exim = (
            "This message was created automatically by mail delivery software.\n\nThe following address(es) failed:\n\n"
            "  customer@receiver.example\n    retry timeout exceeded\n")
        opensmtpd = (
            "Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
            "customer@receiver.example: Envelope expired\n")
        for text in (exim, opensmtpd):
            for code in ("5.0.0", "5.1.1", "4.4.7"):
                found = bounce.read(read(report(DAEMON, "Mail delivery failed", text, status("failed", code))))
                self.assertEqual(found.status, "")
                self.assertIn(found.said, ("retry timeout exceeded", "Envelope expired"))
        found = bounce.read(read(report(
            DAEMON, "Mail delivery failed", "This message was created automatically by mail delivery software.\n",
            status("failed", "5.0.0", "smtp; 554 5.7.1 no"))))
        self.assertEqual((found.status, found.said), ("5.7.1", "554 5.7.1 no"))

    def test_a_status_that_is_no_more_than_a_class_says_nothing(self):
        for code, expected in (("5.0.0", ""), ("5.1.1", "5.1.1"), ("5.1.1 (bad mailbox)", "5.1.1"), ("nonsense", "")):
            found = bounce.read(read(report(DAEMON, "Undelivered", "could not be delivered", status("failed", code))))
            self.assertEqual(found.status, expected)

    def test_of_several_recipients_the_one_that_failed_is_told(self):
        several = status("delayed", "4.4.1", "smtp; 421 later", "one@receiver.example") + "\n" + status(
            "failed", "5.1.1", "smtp; 550 5.1.1 gone", "two@receiver.example").partition("\n\n")[2]
        found = bounce.read(read(report(DAEMON, "Undelivered", "could not be delivered", several)))
        self.assertEqual((found.kind, found.recipient, found.said), ("failed", "two@receiver.example", "550 5.1.1 gone"))

    def test_an_action_with_a_comment_is_the_action_without_it(self):
        """Fields of a delivery status may have comments, as those of a mail (RFC 3464 §2.1.1)."""
        for action in ("failed", "delayed", "delivered"):
            for written in (f"{action} (after 4 hours)", f"(so far) {action.upper()}", f"{action}(x (y) z)"):
                found = bounce.read(read(report(DAEMON, "About your mail", "This is what became of it.", status(written, "4.4.1"))))
                self.assertEqual((found.kind, found.recipient), (action, "customer@receiver.example"), written)

    def test_a_report_about_an_international_mail_is_read_as_any_other(self):
        """Its delivery status has a type of its own (RFC 6533 §4); Postfix writes it for mail that asks for SMTPUTF8."""
        for action, said in (("failed", "550 5.1.1 gone"), ("delayed", "421 4.4.1 later"), ("delivered", "250 2.0.0 kept")):
            given = report(DAEMON, "About your mail", "This is what became of it.", status(
                action, said.split()[1], f"smtp; {said}").replace("rfc822;", "utf-8;"))
            found = bounce.read(read(given.replace(b"message/delivery-status", b"message/global-delivery-status")))
            self.assertEqual((found.kind, found.recipient, found.said), (action, "customer@receiver.example", said))

    def test_a_recipient_is_read_in_each_form_that_an_address_has(self):
        """International names stand in such a report as people write them, and a local part may be quoted (RFC 5321 §4.1.2)."""
        for address in ("kunde@bücher.example", "用户@例子.example", '"o neil"@receiver.example', "o.neil+a@receiver.example"):
            given = report(DAEMON, "About your mail", "It came back.", status("failed", "5.1.1", "smtp; 550 5.1.1 gone", address))
            self.assertEqual(bounce.read(read(given.replace(b"rfc822;", b"utf-8;"))).recipient, address)

    def test_in_a_text_the_next_word_is_no_part_of_the_recipient(self):
        text = "Your mail could not be delivered.\ncustomer@receiver.example宛\n550 5.1.1 gone\n"
        self.assertEqual(bounce.read(read(mail(DAEMON, "Undelivered Mail", text))).recipient, "customer@receiver.example")

    def test_what_it_repeats_of_the_mail_is_not_what_the_receiver_said(self):
        for name, given in FAILED.items():
            with self.subTest(name):
                self.assertNotIn("things to do", bounce.read(read(given)).said)

    def test_its_parts_are_given_decoded_and_nothing_of_any_other_mail(self):
        for name, given in {**FAILED, **DELAYED}.items():
            self.assertTrue(any("customer@receiver.example" in text for text in bounce.texts(read(given))), name)
        encoded = mail(DAEMON, "failure notice", "VW5hYmxlIHRvIGRlbGl2ZXIuIG1kaC0x\n", "Content-Transfer-Encoding: base64\n")
        self.assertEqual(bounce.texts(read(encoded)), ["failure notice", "Unable to deliver. mdh-1"])
        subject = mail(DAEMON, "=?utf-8?b?VW5kZWxpdmVyYWJsZTogbWRoLTE=?=", "550 5.1.1 gone")
        self.assertIn("Undeliverable: mdh-1", bounce.texts(read(subject)))
        self.assertEqual(bounce.texts(read(arrived())), [])

    def test_texts_in_other_encodings_are_read(self):
        text = "Ihre Nachricht an customer@receiver.example konnte leider nicht zugestellt werden.=\n\n550 5.1.1 =C3=A4h\n"
        found = bounce.read(read(mail(
            "postmaster@relay.example", "Rueckmeldung", text,
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n")))
        self.assertEqual((found.kind, found.said), ("failed", "550 5.1.1 äh"))
        html = "<html><style>p {}</style><p>The message could not be delivered.</p><p>550 5.1.1 gone</p></html>"
        found = bounce.read(read(mail("postmaster@relay.example", "Notice", html, "Content-Type: text/html\n")))
        self.assertIn("550 5.1.1 gone", found.said)

    def test_hostile_reports_are_short_and_cost_little(self):
        for octets in (
            TOP.encode() + b"From: MAILER-DAEMON@x.example\nSubject: " + b"undeliver " * 3000 + b"\n\n" + b"5" * 900_000,
            TOP.encode() + b"From: MAILER-DAEMON@x.example\nContent-Type: text/html\n\n" + b"<style" * 200_000,
            TOP.encode() + b"From: MAILER-DAEMON@x.example\n\n" + b"deliver " * 100_000,
            TOP.encode() + b"From: MAILER-DAEMON@x.example\n\n" + b"550 " * 200_000,
            TOP.encode() + b"From: MAILER-DAEMON@x.example\n\n" + b"mailbox " * 100_000 + b"could not be delivered",
            report(DAEMON, "x", "y", "Action: failed\n\n" * 50_000),
            report(DAEMON, "x", "y", "Diagnostic-Code: smtp; " + "550 x " * 50_000),
        ):
            started = time.process_time()
            found = bounce.read(read(octets))
            self.assertLess(time.process_time() - started, 1)
            if found:
                self.assertLessEqual(len(found.said) + len(found.recipient), 1000)


if __name__ == "__main__":
    unittest.main()
