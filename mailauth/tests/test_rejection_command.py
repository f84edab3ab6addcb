"""``python -m mailauth rejection``: what it prints and its exit status."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from ..__main__ import main
from ..rejection_command import MAX_OCTETS, PROBLEM_WITH, text_of
from ..rejections import CODES, FINDINGS, Cause, Trouble, classify
from .bounce_layouts import DAEMON, FAILED, SAID, mail, report, status

BOUNCE = b"""\
Return-Path: <>
From: MAILER-DAEMON@mail.ours.example
To: bounce@ours.example
Subject: Undelivered: your DMARC policy
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=utf-8

This is the mail system at host mail.ours.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.ours.example

Final-Recipient: rfc822; anna@theirs.example
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx.theirs.example
Diagnostic-Code: smtp; 550 5.7.1 SPF: ours.example is not allowed
 to send mail.

--b
Content-Type: message/rfc822

From: info@ours.example
Subject: 550 5.1.1 User unknown

DKIM
--b--
"""


class TestRejectionCommand(unittest.TestCase):
    def run_main(self, given, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "bounce")
            file.write_bytes(given)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(["rejection", str(file), *arguments])
        return status, out.getvalue()

    def test_it_tells_the_cause_what_the_problem_is_with_the_receiver_and_the_words_that_decided(self):
        status, text = self.run_main(BOUNCE)
        self.assertEqual(status, 0)
        for words in (
            "spf: ", f"Problem with    {PROBLEM_WITH[Trouble.DOMAIN]}", "Rejected by     mx.theirs.example",
            "Recognized by   spf (", "ours.example is not allowed to send mail.",
        ):
            self.assertIn(words, text)

    def test_json(self):
        found = json.loads(self.run_main(b"554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org", "--json")[1])
        self.assertEqual(
            (found["cause"], found["trouble"], found["blocklist"], found["status"], found["words"], found["code"]),
            ("blocklisted", "server", "Spamhaus", "5.7.1", "blocked using", "receivers.blocklisted"))
        self.assertIsNone(json.loads(self.run_main(b"hello", "--json")[1])["cause"])

    def test_standard_input(self):
        stdin = io.TextIOWrapper(io.BytesIO(b"550 5.1.1 User unknown"))
        out = io.StringIO()
        with patch("sys.stdin", stdin), contextlib.redirect_stdout(out):
            self.assertEqual(main(["rejection", "-"]), 0)
        self.assertIn(PROBLEM_WITH[Trouble.RECIPIENT], out.getvalue())

    def test_exit_status_tells_what_says_nothing_and_what_cannot_be_read(self):
        self.assertEqual(self.run_main(b"I am on holiday")[0], 3)
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main(["rejection", "no-such-file"]), 2)
        self.assertIn("no-such-file", err.getvalue())

    def test_every_cause_has_its_words(self):
        self.assertEqual(set(PROBLEM_WITH), set(Trouble))
        for cause in set(Cause) - {Cause.RECIPIENT}:
            self.assertIn(FINDINGS.get(cause), CODES, cause)

    def test_reports_of_every_layout_are_read(self):
        page = f"<html><body><p>Your mail could not be delivered.</p><p>{SAID}</p></body></html>"
        layouts = {**FAILED, "a page only": mail("postmaster@relay.example", "Notice", page, "Content-Type: text/html\n")}
        for name, given in layouts.items():
            with self.subTest(name):
                self.assertIs(classify(text_of(given)).cause, Cause.AUTHENTICATION)

    def test_of_a_report_about_an_international_mail_only_the_report_is_read(self):
        """Its delivery status has a type of its own (RFC 6533 §4)."""
        written = report(DAEMON, "Undelivered", "It came back.", status("failed", "5.7.26", f"smtp; {SAID}"))
        text = text_of(written.replace(b"message/delivery-status", b"message/global-delivery-status"))
        self.assertIs(classify(text).cause, Cause.AUTHENTICATION)
        self.assertNotIn("Dear customer", text)

    def test_hostile_mails_raise_nothing(self):
        for given in (
            b"", b"\xff\xfe" * 1000, b"From: a\n" * 50_000, b"From: a\nContent-Type: text/plain; charset=no-such\n\n550 5.7.1 SPF \xff",
            b"From: a\nContent-Type: multipart/report; boundary=b\n\n" + b"--b\n\n" * 5000, b"\x00" * MAX_OCTETS,
            b"From: a\nContent-Type: message/delivery-status\n\nx", b"From: a\nContent-Transfer-Encoding: base64\n\n!!!!",
        ):
            self.assertIsInstance(text_of(given), str)
            self.run_main(given)


if __name__ == "__main__":
    unittest.main()
