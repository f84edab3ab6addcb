"""What receivers say when they refuse a mail: texts as they are seen, and hostile ones."""

import random
import re
import time
import unittest

from ..rejections import CODES, FINDINGS, MAX_EXCERPT, TROUBLES, Cause, Trouble, classify
from ..rejections.rules import ACCOUNT, FIRST, LOGIN, RELAY, STRONG, WEAK
from ..rejections.status_codes import CERTAIN, MEANINGS, OF_GMAIL

# Each with its cause, its status, and who refused: the receiver, or the blocklist's name.
SEEN = [
    # Gmail
    (("550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550-5.7.26 Gmail requires all senders to "
     "authenticate with either SPF or DKIM.\n550-5.7.26\n550-5.7.26  Authentication results:\n550-5.7.26  DKIM = did not pass\n"
     "550-5.7.26  SPF [ours.example] with ip: [192.0.2.25] = did not pass\n550 5.7.26  https://support.google.com/mail/answer/"
     "81126#authentication ab12-gsmtp"), Cause.AUTHENTICATION, "5.7.26", "Gmail"),
    (("host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.7.26 Unauthenticated email from ours.example is not accepted due to "
     "550-5.7.26 domain's DMARC policy. Please contact the administrator of ours.example domain (in reply to end of DATA command)"),
     Cause.DMARC, "5.7.26", "Gmail"),
    (("550-5.7.26 The MAIL FROM domain [ours.example] has an SPF record with a hard 550-5.7.26 fail policy (-all) but it fails to pass "
     "SPF checks with the ip: 550 5.7.26 [192.0.2.25]. - gsmtp"), Cause.SPF, "5.7.26", "Gmail"),
    (("421-4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message. Gmail requires all bulk "
     "email senders to authenticate their email with SPF. - gsmtp"), Cause.SPF, "4.7.27", "Gmail"),
    (("550 5.7.30 This mail has been blocked because DKIM does not pass. Gmail requires all large senders to authenticate with DKIM. "
     "- gsmtp"), Cause.DKIM, "5.7.30", "Gmail"),
    (("421 4.7.32 Your email has been rate limited because the From: header (RFC5322) in this message isn't aligned with either the "
     "authenticated SPF or DKIM organizational domain. - gsmtp"), Cause.DMARC, "4.7.32", "Gmail"),
    (("550-5.7.25 [192.0.2.25] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS "
     "entry does not match the sending IP. - gsmtp"), Cause.RDNS, "5.7.25", "Gmail"),
    (("421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection. Gmail requires all bulk "
     "email senders to use TLS/SSL for SMTP connections. - gsmtp"), Cause.TLS, "4.7.29", "Gmail"),
    ("550-5.7.1 [192.0.2.25] Our system has detected that this message is likely unsolicited mail. - gsmtp",
     Cause.JUDGED_SPAM, "5.7.1", "Gmail"),
    ("421-4.7.28 Gmail has detected an unusual rate of mail originating from your IP address - gsmtp",
     Cause.TOO_FAST, "4.7.28", "Gmail"),
    (("SMTPDataError: 550\n5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to "
     "https://support.google.com/a/answer/166852 ab-gsmtp"), Cause.LIMIT_REACHED, "5.4.5", "Gmail"),
    (("SMTPSenderRefused: 550\n5.7.0 Mail relay denied [192.0.2.25]. Invalid credentials for relay for one of the domains in: "
     "ours.example - gsmtp"), Cause.RELAY_DENIED, "5.7.0", "Gmail"),
    ("SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted. - gsmtp')", Cause.LOGIN_REFUSED, "5.7.8", "Gmail"),
    # Microsoft
    (("550 5.7.515 Access denied, sending domain ours.example does not meet the required authentication level. "
     "[AM6PR0732.eurprd07.prod.outlook.com]"), Cause.AUTHENTICATION, "5.7.515", "Microsoft"),
    (("550 5.7.509: Access denied, sending domain ours.example does not pass DMARC verification and has a DMARC policy of reject. "
     "[DB5PEPF.eurprd02.prod.outlook.com]"), Cause.DMARC, "5.7.509", "Microsoft"),
    (("550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP. For more information please go to "
     "http://go.microsoft.com/fwlink/?LinkId=526653 AS(8651) [X.prod.outlook.com]"), Cause.ACCOUNT_BLOCKED, "5.7.708", "Microsoft"),
    ("550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 5.7.1;", Cause.SPF, "5.7.23", None),
    (("550 5.7.1 Unfortunately, messages from [192.0.2.25] weren't sent. Please contact your Internet service provider since part of "
     "their network is on our block list (S3150). [X.prod.protection.outlook.com]"), Cause.BLOCKLISTED, "5.7.1", "Microsoft"),
    (("550 5.7.606 Access denied, banned sending IP [192.0.2.25]. To request removal from this list please visit "
     "https://sender.office.com/ [X.mail.protection.outlook.com]"), Cause.BLOCKLISTED, "5.7.606", "Microsoft"),
    (("Mail delivery failed via SMTP server 'None'.\nSMTPDataError: 550\n5.7.60 SMTP; Client does not have permissions to send as this "
     "sender [AM0.eurprd.prod.outlook.com]"), Cause.SENDER_NOT_PERMITTED, "5.7.60", "Microsoft"),
    (("554\n5.2.252 SendAsDenied; jim@ours.example not allowed to send as bounce@ours.example; STOREDRV.Submission.Exception:"
     "SendAsDeniedException"), Cause.SENDER_NOT_PERMITTED, "5.2.252", "Microsoft"),
    ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
     Cause.LOGIN_REFUSED, "5.7.139", None),
    ("550 5.1.8 Access denied, bad outbound sender AS(41812462)", Cause.ACCOUNT_BLOCKED, "5.1.8", None),
    # Yahoo, Apple
    ("554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
     Cause.AUTHENTICATION, "5.7.9", "Yahoo"),
    (("550 5.7.9 This mail has been blocked because the sender is unauthenticated. Yahoo requires all senders to authenticate with "
     "either SPF or DKIM."), Cause.AUTHENTICATION, "5.7.9", "Yahoo"),
    (("421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see "
     "https://postmaster.yahooinc.com/error-codes"), Cause.TOO_FAST, "4.7.0", "Yahoo"),
    (("553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.25, because the ip is in Spamhaus's list; see "
     "http://postmaster.yahoo.com/550-bl23.html"), Cause.BLOCKLISTED, "5.7.1", "Spamhaus"),
    ("554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
     Cause.JUDGED_SPAM, "5.7.1", "Apple"),
    # Blocklists
    ("554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/",
     Cause.BLOCKLISTED, "5.7.1", "Spamhaus"),
    (("554 Service unavailable; Client host [192.0.2.25] blocked using Barracuda Reputation; http://www.barracudanetworks.com/"
     "reputation/?r=1&ip=192.0.2.25"), Cause.BLOCKLISTED, None, "Barracuda"),
    ("554 5.7.1 Client host [192.0.2.25] blocked using bl.spamcop.net; Blocked - see https://www.spamcop.net/bl.shtml",
     Cause.BLOCKLISTED, "5.7.1", "SpamCop"),
    ("554 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.25", Cause.BLOCKLISTED, "5.7.0", "Proofpoint"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using dnsbl.nobody.example", Cause.BLOCKLISTED, "5.7.1", None),
    # RFC 7372's own texts, RFC 7505
    ("550 5.7.20 No passing DKIM signature found", Cause.DKIM, "5.7.20", None),
    ("550 5.7.21 No acceptable DKIM signature found", Cause.DKIM, "5.7.21", None),
    ("550 5.7.22 No valid author-matched DKIM signature found", Cause.DKIM, "5.7.22", None),
    ("550 5.7.23 SPF validation failed", Cause.SPF, "5.7.23", None),
    ("451 4.7.24 SPF validation error", Cause.SPF, "4.7.24", None),
    ("550 5.7.25 Reverse DNS validation failed", Cause.RDNS, "5.7.25", None),
    ("550 5.7.26 Multiple authentication checks failed", Cause.AUTHENTICATION, "5.7.26", None),
    ("550 5.7.27 Sender address has null MX", Cause.SENDER_DOMAIN, "5.7.27", None),
    # Codes alone, in any language
    ("550 5.7.23 abgelehnt", Cause.SPF, "5.7.23", None),
    ("550 5.7.26 abgelehnt", Cause.AUTHENTICATION, "5.7.26", None),
    # Others
    ("553 5.7.1 <bounce@ours.example>: Sender address rejected: not owned by user jim@ours.example",
     Cause.SENDER_NOT_PERMITTED, "5.7.1", None),
    ("SMTPDataError: 550\nThe from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.",
     Cause.SENDER_NOT_PERMITTED, None, None),
    (("554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: "
     "jim@ours.example"), Cause.SENDER_NOT_PERMITTED, None, None),
    ("554 5.7.1 <customer@elsewhere.example>: Relay access denied", Cause.RELAY_DENIED, "5.7.1", None),
    ("450 4.1.8 <bounce@ours.example>: Sender address rejected: Domain not found", Cause.SENDER_DOMAIN, "4.1.8", None),
    ("450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]", Cause.RDNS, "4.7.25", None),
    ("550 5.7.1 Email rejected per DMARC policy for ours.example", Cause.DMARC, "5.7.1", None),
    ("host mx.elsewhere.example[192.0.2.9] said: 550 5.7.1 SPF check failed", Cause.SPF, "5.7.1", "mx.elsewhere.example"),
    ("550 5.7.26 DKIM authentication failed", Cause.DKIM, "5.7.26", None),
    ("550 5.7.1 DMARC authentication failed for ours.example", Cause.DMARC, "5.7.1", None),
    ("550 5.7.23 SPF authentication failed", Cause.SPF, "5.7.23", None),
    ("550 5.7.1 Sender authentication failed", Cause.AUTHENTICATION, "5.7.1", None),
    ("550 5.7.20 Authentication failed: no acceptable signature", Cause.DKIM, "5.7.20", None),
    ("535 5.7.0 Authentication failed: wrong user or password", Cause.LOGIN_REFUSED, "5.7.0", None),
    ("SMTPAuthenticationError: (535, b'Incorrect authentication data')", Cause.LOGIN_REFUSED, None, None),
    # The recipient's own trouble
    ("550 5.1.1 <customer@elsewhere.example>: Recipient address rejected: User unknown in virtual mailbox table",
     Cause.RECIPIENT, "5.1.1", None),
    ("552 5.2.2 The email account that you tried to reach is over quota. - gsmtp", Cause.RECIPIENT, "5.2.2", "Gmail"),
]

NOTHING = [
    None, "", "Error without exception. Probably due to sending an email without computed recipients.",
    "Unable to connect to SMTP Server: [Errno 111] Connection refused",
    "I am on holiday until May. Our DMARC policy and Spamhaus are fine.",  # no refusal at all
    "I am in room 550, and our DMARC policy is strict.", "Since 5.11.26 we have a DMARC policy; see Spamhaus for 421 others.",
    "250 2.0.0 OK", "Call us: +49 511 550 26 15", "See version 5.7.26.1 of our product",
]


class TestClassify(unittest.TestCase):
    def test_every_text_that_was_seen_has_its_cause(self):
        for text, cause, status, who in SEEN:
            with self.subTest(text=text[:90]):
                refusal = classify(text)
                self.assertIsNotNone(refusal)
                self.assertEqual((refusal.cause, refusal.status), (cause, status))
                self.assertEqual(refusal.blocklist if cause is Cause.BLOCKLISTED else refusal.receiver, who)
                self.assertTrue(refusal.source)

    def test_what_is_no_rejection_has_none(self):
        for text in NOTHING:
            with self.subTest(text=text):
                self.assertIsNone(classify(text))

    def test_bounce_that_quotes_odoos_own_greeting_shows_the_status(self):
        refusal = classify(
            "This is the mail system at host mail.ours.example.\n\nI'm sorry to have to inform you that your message could not be "
            "delivered.\n\n<customer@elsewhere.example>: host mx.elsewhere.example[192.0.2.9] said: 550 5.7.23 SPF validation failed "
            "(in reply to MAIL FROM command)")
        self.assertEqual((refusal.cause, refusal.receiver), (Cause.SPF, "mx.elsewhere.example"))
        self.assertTrue(refusal.text.startswith("550 5.7.23 SPF"))

    def test_every_cause_has_a_finding_and_every_finding_a_cause(self):
        self.assertEqual(set(FINDINGS), set(Cause) - {Cause.RECIPIENT})
        self.assertEqual(set(FINDINGS.values()), set(CODES))

    def test_every_rule_can_be_met(self):
        """A pattern in capitals would never be found: sentences are in lower case."""
        rules = (*FIRST, *ACCOUNT, *LOGIN, *RELAY, *STRONG, *WEAK)
        for rule in rules:
            literal = re.sub(r"\\[A-Za-z]", "", rule.pattern.pattern)
            self.assertEqual(literal, literal.lower())
            self.assertTrue(rule.source)
        coded = {cause for table in (CERTAIN, MEANINGS, OF_GMAIL) for cause, _source in table.values()}
        named = {Cause.AUTHENTICATION, Cause.DMARC, Cause.SPF, Cause.DKIM}  # mailauth.rejections.protocols
        self.assertEqual({rule.cause for rule in rules} | coded | named, {*Cause, None})

    def test_every_cause_is_somebodys_trouble(self):
        self.assertEqual(set(TROUBLES), set(Cause))
        self.assertIs(classify("550 5.7.23 SPF validation failed").trouble, Trouble.DOMAIN)
        self.assertIs(classify("550 5.1.1 User unknown").trouble, Trouble.RECIPIENT)
        self.assertIs(classify("535 5.7.8 Username and Password not accepted").trouble, Trouble.ACCOUNT)

    def test_words_that_decided_are_told(self):
        for text, words in (
            ("550 5.7.1 DKIM verification failed", "dkim"), ("550 5.7.509 Access denied", "7.509"), ("550 5.1.1 no", "1.1"),
            ("554 5.7.1 <a@b.example>: Relay access denied", "relay access denied"),
        ):
            self.assertEqual(classify(text).words, words)

    def test_excerpt_is_short_and_one_line(self):
        refusal = classify("550 5.7.26 unauthenticated\n" + "x\n" * 5000)
        self.assertLessEqual(len(refusal.text), MAX_EXCERPT)
        self.assertNotIn("\n", refusal.text)

    def test_letters_that_grow_in_lower_case_do_not_move_the_excerpt(self):
        refusal = classify("\u0130" * 40 + " 550 5.7.26 unauthenticated")
        self.assertEqual((refusal.text, refusal.cause), ("550 5.7.26 unauthenticated", Cause.AUTHENTICATION))

    def test_hostile_text_costs_no_time_and_raises_nothing(self):
        chance = random.Random(7372)
        pieces = ["5.7.26", "5.", "550-", "550 ", ".", "host ", "a.", "dmarc policy", "spamhaus", "\x00", "\n", "\u202e", "%s", "<script>"]
        texts = [piece * 1_000_000 for piece in pieces]
        texts += ["".join(chance.choices(pieces, k=400)) for _ in range(300)]
        for text in texts:
            start = time.process_time()
            refusal = classify(text)
            self.assertLess(time.process_time() - start, 0.25)
            if refusal:
                self.assertLessEqual(len(refusal.text), MAX_EXCERPT)
