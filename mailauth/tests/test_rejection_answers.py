"""Whose words in a bounce count: the receiver's, in every layout; never the subject, header or body of one's own mail."""

import unittest

from hypothesis import given
from hypothesis import strategies as st

from ..rejections.answers import MAX_ANSWER, MAX_TEXT, Speaker, answers
from ..rejections.classification import MAX_EXCERPT, MAX_WORDS, classify
from .corpus import LAYOUTS, SUBJECTS, lay_out, stored
from .fuzz import examples

REPLIES = (
    ("550 5.1.1 <anna@theirs.example>: Recipient address rejected: User unknown", "recipient"),
    ("550 5.7.1 DKIM verification failed", "dkim"),
    ("554-No SMTP service\n554-Bad DNS PTR resource record.\n554 For explanation visit https://postmaster.test/", "rdns"),
    (("550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n"
      "550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n550 5.7.26 - gsmtp"), "authentication"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org", "blocklisted"),
)
SESSIONS = ("odoo", "smtplib", "recipients", "login")


class TestLayouts(unittest.TestCase):
    def test_receivers_words_are_found_in_every_layout_as_sent_and_as_stored(self):
        for layout in LAYOUTS:
            for reply, cause in REPLIES:
                for text in (lay_out(layout, reply), stored(lay_out(layout, reply))):
                    with self.subTest(layout, reply=reply, text=text):
                        refusal = classify(text)
                        self.assertEqual(refusal and refusal.cause.value, cause)
                        self.assertNotIn("Dear Anna", refusal.text)

    def test_what_a_bounce_repeats_is_not_what_the_receiver_said(self):
        for layout in set(LAYOUTS) - {"reply", *SESSIONS}:
            for reply in ("550 5.7.1 nothing said", "421 4.3.0 nothing said"):
                for subject in SUBJECTS:
                    text = lay_out(layout, reply).replace("Quote S00042", subject)
                    with self.subTest(layout, subject=subject):
                        self.assertIsNone(classify(text))
                        self.assertIsNone(classify(stored(text)))

    def test_subject_stands_wherever_a_notice_puts_it(self):
        for subject in SUBJECTS:
            for text in (
                ("Your message\n\n  To: anna@theirs.example\n  Subject: %s\n  Sent: 1/1/2026\n\ndid not reach the following"
                " recipient(s):\n\nanna@theirs.example on 1/1/2026\n    The recipient name is not recognized"),
                ("Your message to anna@theirs.example couldn't be delivered.\nSubject: %s\nError Details\n"
                "Error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
                "Betreff: %s\n\nDiagnostic-Code: smtp; 550 5.1.1 unbekannter Empf\u00e4nger",
                ("This report relates to a message you sent with the following header fields:\n  Message-id: <1@a>\n"
                "  Subject: %s\n  and\n\nYour message cannot be delivered to the following recipients:\n"
                "  Diagnostic code: smtp;550 5.1.1 <anna@theirs.example>... User Unknown"),
            ):
                with self.subTest(subject, text=text):
                    self.assertEqual(classify(text % subject).cause.value, "recipient")

    def test_line_of_an_answer_that_begins_like_a_field_belongs_to_it(self):
        for begins in ("From: header is of a domain that does not exist", "Action not taken: mailbox disabled", "Status of anna: gone"):
            text = (f"<a@b.example>: host mx.b.example[192.0.2.9] said: 550 the\n{begins} (in reply to end of DATA\ncommand)\n"
                    "Received: from x\nFrom: y")
            with self.subTest(begins):
                self.assertEqual(next(answers(text)).text, f"550 the {begins}")

    def test_notices_in_other_languages_are_read(self):
        for text, cause in (
            (("Ihre Nachricht an anna@theirs.example konnte nicht zugestellt werden.\nBetreff: Ihre DMARC-Richtlinie\nFehlerdetails\n"
              "Fehler: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"), "recipient"),
            (("Votre message \u00e0 anna@theirs.example n'a pas pu \u00eatre remis.\nObjet : SPF et DKIM\n"
              "Le serveur distant a renvoy\u00e9 '550 5.7.1 Message refused, DMARC verification Failed'"), "dmarc"),
            ("No se ha podido entregar el mensaje.\nAsunto: Spamhaus\nerror 552 5.2.2 Buz\u00f3n lleno", "recipient"),
            ("\u0422\u0435\u043c\u0430: SPF\n\u0421\u0435\u0440\u0432\u0435\u0440: 550 5.7.1 SPF", "spf"),
        ):
            with self.subTest(text):
                self.assertEqual(classify(text).cause.value, cause)

    def test_who_speaks(self):
        for layout in LAYOUTS:
            expected = Speaker.RELAY if layout in SESSIONS else Speaker.UNKNOWN if layout == "reply" else Speaker.RECEIVER
            with self.subTest(layout):
                self.assertIs(next(answers(stored(lay_out(layout, "550 5.7.1 no")))).speaker, expected)

    def test_server_that_a_receiver_quotes_does_not_speak(self):
        text = "450 4.1.7 <a@ours.example>: Sender address rejected: host mail.ours.example[192.0.2.5] said: 550 5.1.1 no mailbox"
        self.assertEqual(classify(text).cause.value, "sender_domain")
        self.assertEqual(classify(f"<b@c.example>: host mx.c.example[192.0.2.9] said: {text}").cause.value, "sender_domain")

    def test_report_of_which_a_field_holds_one_line_only_is_read_in_its_transcript(self):
        text = (
            "<<< 550-5.7.26 Unauthenticated email from ours.example is not accepted due to domain's\n<<< 550 5.7.26 DMARC policy.\n"
            "Diagnostic-Code: SMTP; 550-5.7.26 Unauthenticated email from ours.example is not accepted due to domain's\n")
        self.assertEqual(classify(text).cause.value, "dmarc")

    def test_status_field_counts_where_nothing_else_is_said_and_never_as_zero(self):
        self.assertEqual(classify("Final-Recipient: rfc822; anna@theirs.example\nAction: failed\nStatus: 5.1.1").cause.value, "recipient")
        self.assertIsNone(classify("Action: failed\nStatus: 5.0.0"))
        text = "Status: 5.0.0\nDiagnostic-Code: smtp; 550 SPF check failed"
        self.assertEqual(classify(text).cause.value, "spf")


PIECES = st.sampled_from((
    "550 ", "550-", "5.7.26 ", "5.1.1 ", "SMTPDataError: ", "(550, b'", "')", "\\n", "\n", "host x.example[192.0.2.1] said: ", "<<< ",
    ">>> DATA", "Diagnostic-Code: smtp; ", "Subject: ", "Received: from a\n", "-- original message --", "<a@b.example>: ",
    "Sender address rejected: ", "spf", "dkim ", "dmarc", "user unknown", "relay ", "https://", "spamhaus", "\x00", "\u0130", "\u202e",
    "%s", "{0}", "'", "aup#in-1310", "(in reply to ", "->", "returned '5", "ERROR_CODE :"))


class TestHostileText(unittest.TestCase):
    @examples(300)
    @given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=40).map("".join))
    def test_nothing_raises_and_all_is_bounded(self, text):
        for answer in answers(text):
            self.assertLessEqual(len(answer.text), MAX_ANSWER)
            self.assertNotIn("\n", answer.text)
        refusal = classify(text)
        if refusal:
            self.assertLessEqual(len(refusal.text), MAX_EXCERPT)
            self.assertLessEqual(len(refusal.words), MAX_WORDS)

    def test_what_stands_behind_the_limit_is_not_read(self):
        self.assertIsNone(classify("x" * MAX_TEXT + "\n550 5.7.1 DKIM verification failed"))


if __name__ == "__main__":
    unittest.main()
