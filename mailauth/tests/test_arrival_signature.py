"""DKIM signatures of a received mail: verified as RFC 6376 and RFC 8463 say, and as another implementation does."""

from __future__ import annotations

import importlib.util
import logging
import random
import time
import unittest
from datetime import datetime, timezone

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ..arrival import read, signature
from ..dns.answer import Answer, Status
from . import mails
from .dkim_keys import RSA_768
from .mails import BODY, OWN, plain, sign

ARRIVED = datetime(2026, 11, 2, 12, 5, tzinfo=timezone.utc)


def answer(*records: str, status=Status.OK) -> Answer:
    return Answer("s1._domainkey.ours.example", "TXT", status, tuple((record.encode(),) for record in records))


KEY = answer(mails.key_record(mails.rsa_key()))


def verify(mail: bytes, key: Answer = KEY, number: int = 0) -> signature.Signature:
    message = read(mail)
    return signature.verify(message, signature.read(message)[number], key, ARRIVED)


class TestVerify(unittest.TestCase):
    def outcome(self, mail: bytes, key: Answer = KEY) -> tuple[str, str | None]:
        found = verify(mail, key)
        return found.status, found.reason

    def test_every_canonicalization_survives_what_it_is_meant_to(self):
        for c in ("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed", "relaxed", "simple"):
            mail = sign(plain(), c=c)
            with self.subTest(c):
                self.assertEqual(self.outcome(mail), ("pass", None))
                self.assertEqual(self.outcome(mail + b"\r\n\r\n"), ("pass", None), "empty lines at the end")
                spaced = mail.replace(b"Subject: ", b"subject:   ")
                self.assertEqual(self.outcome(spaced)[0] == "pass", c.startswith("relaxed"))
                gaps = mail.replace(b"here is", b"here \t is")
                self.assertEqual(self.outcome(gaps)[0] == "pass", c.endswith("/relaxed"))

    def test_bodies_at_the_edges(self):
        for body in (b"", b"\r\n", b"\r\n\r\n", b" \t \r\n", b"no line end", b"x \t", b"x\r\n \r\n\r\n", b"\r\n\r\nx\r\n"):
            for c in ("relaxed/simple", "relaxed/relaxed"):
                with self.subTest(body=body, c=c):
                    mail = plain(body=body)
                    self.assertIn(self.outcome(sign(mail, c=c))[0], ("pass",))

    def test_ed25519_is_verified(self):
        key = mails.ed25519_key()
        mail = sign(plain(), key=key)
        self.assertEqual(self.outcome(mail, answer(mails.key_record(key))), ("pass", None))
        self.assertEqual(
            self.outcome(mail.replace(b"Quotation", b"Invoice__"), answer(mails.key_record(key))), ("fail", "altered"))

    def test_why_a_signature_fails_is_told(self):
        mail = sign(plain())
        cases = (
            ("altered", mail.replace(b"Quotation", b"Invoice__"), KEY),
            ("altered", mail, answer(mails.key_record(mails.rsa_key("other")))),
            ("no_key", mail, answer(status=Status.NXDOMAIN)),
            ("no_key", mail, answer("v=spf1 -all")),
            ("revoked", mail, answer("v=DKIM1; p=")),
            ("bad_key", mail, answer("v=DKIM1; p=!!!")),
            ("bad_key", mail, answer("v=DKIM1; s=tlsrpt; " + mails.key_record(mails.rsa_key())[8:])),
            ("bad_key", mail, answer(mails.key_record(mails.ed25519_key()))),
            ("algorithm", mail.replace(b"a=rsa-sha256", b"a=rsa-sha1"), KEY),
            ("syntax", mail.replace(b"d=ours.example", b"d="), KEY),
            ("syntax", mail.replace(b"v=1;", b"v=2;"), KEY),
            ("syntax", mail.replace(b"c=relaxed/relaxed", b"c=loose"), KEY),
            ("syntax", sign(plain(), more=" i=@theirs.example;"), KEY),
            ("from_not_signed", sign(plain(), h="to:subject:date"), KEY),
            ("expired", sign(plain(), more=f" x={int(ARRIVED.timestamp()) - 60};"), KEY),
        )
        for reason, given, key in cases:
            with self.subTest(reason, key=key.records):
                self.assertEqual(self.outcome(given, key), ("fail", reason))

    def test_a_signing_domain_that_is_no_domain_name_never_verifies_and_is_shown_as_it_is(self):
        for domain in (
            "ours.example(comment)", "(x)ours.example", "ours example", "ours.exam ple", "ours", "ours.example.",
            "ours..example", "-ours.example", "ours-.example", "ours.example/x", "a@ours.example", "ours=2Eexample",
            '"ours.example"', "*.ours.example",
        ):
            with self.subTest(domain):
                found = verify(sign(plain(), domain=domain))
                self.assertEqual((found.status, found.reason, found.domain), ("fail", "syntax", domain))
        for domain in ("OURS.example", "x_y.ours.example", "\r\n ours.example \r\n "):
            with self.subTest(domain):
                found = verify(sign(plain(), domain=domain))
                self.assertEqual((found.status, found.domain), ("pass", domain.strip().lower()))

    def test_names_of_tags_are_case_sensitive(self):
        mail = sign(plain())
        for old, new in ((b" d=", b" D="), (b" s=", b" S="), (b"\th=", b"\tH="), (b"\tbh=", b"\tBH="), (b"v=1", b"V=1")):
            with self.subTest(new):
                self.assertEqual(self.outcome(mail.replace(old, new, 1)), ("fail", "syntax"))
        self.assertEqual(self.outcome(sign(plain(), more=" Q=ldap; I=@theirs.example; X=1;"))[0], "pass")

    def test_a_key_that_is_to_be_had_over_dns_only_can_be_verified(self):
        for methods, expected in (
            ("dns/txt", "pass"), ("DNS/TXT", "pass"), ("ldap:dns/txt", "pass"), ("dns/txt:x/y=20z", "pass"),
            (" dns/txt \r\n : other", "pass"), ("dns", "fail"), ("http", "fail"), ("dns/srv:ldap", "fail"), ("", "fail"),
        ):
            with self.subTest(methods):
                found = verify(sign(plain(), more=f" q={methods};"))
                self.assertEqual((found.status, found.reason), (expected, None if expected == "pass" else "query"))

    def test_the_identity_is_read_through_its_encoding(self):
        for written, status, read_as in (
            ("jo=3Den@ours.example", "pass", "jo=en@ours.example"),
            ("joe=40sales@ours.example", "pass", "joe@sales@ours.example"),
            ("joe=40theirs.example", "fail", "joe@theirs.example"),
            ("joe=40ours.example", "pass", "joe@ours.example"),
            ("joe@=6Furs.example", "pass", "joe@ours.example"),
            ("j\r\n oe@mail.ours.example", "pass", "joe@mail.ours.example"),
            ("=C3=A4@ours.example", "pass", "\u00e4@ours.example"),
            ("a=3Bb@ours.example", "pass", "a;b@ours.example"),
            ("=FF=00@ours.example", "pass", "\\xff\\x00@ours.example"),
            ("=zz@ours.example", "pass", "=zz@ours.example"),
            ("ours.example", "fail", "ours.example"),
            ("joe@notours.example", "fail", "joe@notours.example"),
        ):
            with self.subTest(written):
                found = verify(sign(plain(), more=f" i={written};"))
                self.assertEqual((found.status, found.identity), (status, read_as))

    def test_a_key_for_the_exact_domain_is_held_against_the_decoded_identity(self):
        exact = answer("v=DKIM1; t=s; " + mails.key_record(mails.rsa_key())[8:])
        for written, expected in (
            ("x@=6Durs.example", ("fail", "syntax")), ("x@=6Furs.example", ("pass", None)),
            ("x@a.=6Furs.example", ("fail", "bad_key")), (300 * "x" + "@ours.example", ("pass", None)),
        ):
            with self.subTest(written[-20:]):
                self.assertEqual(self.outcome(sign(plain(), more=f" i={written};"), exact), expected)

    def test_expiry_is_held_against_the_day_of_arrival_and_not_against_today(self):
        self.assertEqual(self.outcome(sign(plain(), more=f" x={int(ARRIVED.timestamp()) + 60};"))[0], "pass")

    def test_a_key_of_1024_bits_still_counts_and_a_shorter_one_does_not(self):
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        self.assertEqual(self.outcome(sign(plain(), key=key), answer(mails.key_record(key))), ("pass", None))
        short = answer(f"v=DKIM1; p={RSA_768}")
        self.assertEqual(self.outcome(sign(plain()), short), ("fail", "weak_key"))

    def test_a_second_author_put_on_top_does_not_pass(self):
        """A name that is listed once more than it occurs forbids another one (RFC 6376 §5.4)."""
        mail = sign(plain(), h="from:" + mails.SIGNED)
        self.assertEqual(self.outcome(mail)[0], "pass")
        self.assertEqual(self.outcome(b"From: jim@ours.example\r\n" + mail), ("fail", "altered"))

    def test_what_l_leaves_out_may_be_added(self):
        canonical = len(signature._canonical_body(BODY, simple=False))
        mail = sign(plain(), more=f" l={canonical};")
        self.assertEqual(self.outcome(mail)[0], "pass")
        self.assertEqual(self.outcome(mail + b"A footer.\r\n")[0], "pass")
        self.assertEqual(self.outcome(mail.replace(b"customer,", b"friend,"))[0], "body_changed")

    def test_no_answer_about_the_key_is_unknown(self):
        for status in (Status.TIMEOUT, Status.SERVFAIL, Status.REFUSED):
            self.assertEqual(self.outcome(sign(plain()), answer(status=status)), ("unknown", None))

    def test_one_of_several_keys_at_a_name_is_enough(self):
        both = answer(mails.key_record(mails.rsa_key("other")), mails.key_record(mails.rsa_key()), "unrelated")
        self.assertEqual(self.outcome(sign(plain()), both), ("pass", None))


@unittest.skipIf(importlib.util.find_spec("dkim") is None, "dkimpy is not installed")
class TestAgainstDkimpy(unittest.TestCase):
    """dkimpy signs and we verify, we sign and dkimpy verifies, and of damaged mails both say the same."""

    @classmethod
    def setUpClass(cls):
        logger = logging.getLogger("dkimpy")
        logger.setLevel(logging.CRITICAL + 1)
        cls.record = mails.key_record(mails.rsa_key()).encode()
        cls.private = mails.rsa_key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())

    def theirs(self, mail: bytes) -> bool:
        import dkim

        try:
            return bool(dkim.DKIM(mail, logger=logging.getLogger("dkimpy")).verify(dnsfunc=lambda *_a, **_k: self.record))
        except (dkim.DKIMException, ValueError, IndexError):
            return False

    def test_what_dkimpy_signs_verifies(self):
        import dkim

        for header in (b"simple", b"relaxed"):
            for body in (b"simple", b"relaxed"):
                for text in (BODY, b"x", b"\r\n", b"a  b \r\n\r\n c\t\r\n"):
                    mail = plain(body=text)
                    signed = dkim.sign(
                        mail, b"s1", b"ours.example", self.private, canonicalize=(header, body)) + mail
                    with self.subTest(header=header, body=body, text=text):
                        self.assertEqual(verify(signed).status, "pass")

    def test_of_damaged_mails_both_say_the_same(self):
        chance = random.Random(7)
        passed = 0
        for number in range(400):
            c = chance.choice(("simple/simple", "relaxed/relaxed", "simple/relaxed", "relaxed/simple"))
            body = bytes(chance.choice(b"ab \t\r\n") for _ in range(chance.randrange(60)))
            mail = sign(plain(body=b"".join(line + b"\r\n" for line in body.splitlines())), c=c)
            if number % 2:
                at = chance.randrange(len(mail))
                piece = chance.choice((b"", b" ", b"x", b"\r\n ", b"  "))
                mail = mail[:at] + piece + mail[at + chance.randrange(2):]
            ours = verify(mail) if signature.read(read(mail)) else None
            with self.subTest(number, mail=mail):
                mine = ours is not None and ours.status == "pass"
                if _is_clean(mail):  # of what is no mail each may think what it likes
                    self.assertEqual(mine, self.theirs(mail))
                passed += mine
        self.assertGreater(passed, 150)


def _is_clean(mail: bytes) -> bool:
    """Whether the mail has CRLF line ends only, also at its end, and a header of fields only."""
    header = mail.partition(b"\r\n\r\n")[0]
    bare = mail.replace(b"\r\n", b"")
    return mail.endswith(b"\r\n") and not (b"\r" in bare or b"\n" in bare) and all(
        line[:1] in (b" ", b"\t") or b":" in line and b" " not in line.partition(b":")[0] for line in header.split(b"\r\n"))


class TestTime(unittest.TestCase):
    def test_hostile_signatures_cost_little(self):
        for name, field in (
            ("white space", b"b=" + b"\r\n " * 60_000),
            ("names", b"v=1; a=rsa-sha256; d=ours.example; s=s1; bh=AAAA; b=AAAA; h=" + b"from:" * 40_000),
            ("tags", b"b=A;" * 50_000),
        ):
            mail = b"DKIM-Signature: " + field + b"\r\n" + OWN.encode() + b"\r\nx"
            with self.subTest(name):
                started = time.perf_counter()
                for one in signature.read(read(mail * 1)):
                    signature.verify(read(mail), one, KEY, ARRIVED)
                self.assertLess(time.perf_counter() - started, 1)

    def test_bodies_of_white_space_cost_little(self):
        for body in (b" " * 1_900_000, b" \r\n" * 600_000, b"\r\n" * 900_000, b"\t \r" * 600_000, b"x " * 900_000):
            started = time.perf_counter()
            message = read(sign(plain()).partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body)
            signature.verify(message, signature.read(message)[0], KEY, ARRIVED)
            self.assertLess(time.perf_counter() - started, 2)


if __name__ == "__main__":
    unittest.main()
