"""DKIM key records as text: what receivers read, and where an error stands (RFC 6376, 8301, 8463)."""

from __future__ import annotations

import base64
import time
import unittest
from functools import partial

from .. import dkim
from ..dkim import means_key, parse
from . import dkim_keys as keys
from .fuzz import check_problems
from .problems import problem_of, spanned
from .zone_case import codes


def record(p: str, tags: str = "v=DKIM1; k=rsa; ") -> str:
    return f"{tags}p={p}"


problem = partial(problem_of, parse)
piece = partial(spanned, parse)


class GoodKeys(unittest.TestCase):
    def test_rsa_key_is_read_with_its_size(self):
        for name, bits in (("RSA_2048", 2048), ("RSA_4096", 4096)):
            key = parse(record(getattr(keys, name)))
            self.assertEqual((key.status, key.key.kind, key.key.bits), ("valid", "rsa", bits))
            self.assertEqual(key.problems, ())
            self.assertTrue(key.usable)

    def test_rsa_key_without_its_wrapper_is_what_the_standard_asks_for_and_many_cannot_read_it(self):
        # RFC 6376 §3.6.1 names RSAPublicKey; everybody publishes SubjectPublicKeyInfo, and some read nothing else.
        key = parse(record(keys.RSA_2048_PKCS1))
        self.assertEqual((key.status, key.key.bits, [problem.code for problem in key.problems]), ("valid", 2048, ["dkim.pkcs1_key"]))

    def test_rsa_is_the_default_type_and_v_may_be_left_out(self):
        for tags in ("", "v=DKIM1; ", "k=rsa; "):
            self.assertEqual(parse(record(keys.RSA_2048, tags)).status, "valid", tags)

    def test_ed25519_key_is_the_bare_32_octets(self):
        key = parse(record(keys.ED25519, "v=DKIM1; k=ed25519; "))
        self.assertEqual((key.status, key.key_type, key.key.bits, key.problems), ("valid", "ed25519", 256, ()))

    def test_white_space_inside_base64_is_legal(self):
        folded = "\r\n\t".join(keys.RSA_2048[start : start + 60] for start in range(0, len(keys.RSA_2048), 60))
        for value in (folded, " ".join(keys.RSA_2048[start : start + 7] for start in range(0, 392, 7)), f" {folded} "):
            self.assertEqual(parse(record(value)).problems, ())

    def test_white_space_around_tags_is_legal(self):
        text = f"  v = DKIM1 ;\tk = rsa ; p = {keys.RSA_2048} ; "
        self.assertEqual((parse(text).status, parse(text).problems), ("valid", ()))

    def test_notes_and_unknown_tags_mean_nothing(self):
        for tag in ("n=none", 'n=say "hello"', "n=“key” of May", "x=1", "q_2=a:b", "n="):
            key = parse(record(keys.RSA_2048, f"v=DKIM1; {tag}; "))
            self.assertEqual((key.status, key.problems), ("valid", ()), tag)

    def test_services_and_flags(self):
        key = parse(record(keys.RSA_2048, "v=DKIM1; s=tlsrpt : email; t=s:y; h=sha1:sha256; "))
        self.assertEqual((key.services, key.flags), (("tlsrpt", "email"), ("s", "y")))
        self.assertTrue(key.testing and key.for_email and not key.sha1_only and key.usable)
        self.assertEqual(codes(key.problems), ["dkim.testing", "dkim.exact_domain"])


class KeysThatReceiversDoNotTake(unittest.TestCase):
    def test_under_1024_bits_fails_and_under_2048_warns(self):
        weak, short = parse(record(keys.RSA_768)), parse(record(keys.RSA_1024))
        self.assertEqual((weak.status, weak.usable, codes(weak.problems)), ("valid", False, ["dkim.weak_key"]))
        self.assertEqual((short.status, short.usable, codes(short.problems)), ("valid", True, ["dkim.short_key"]))
        self.assertEqual(problem(weak.text, "dkim.weak_key").params, {"bits": 768})
        self.assertEqual(piece(short.text, "dkim.short_key"), f"p={keys.RSA_1024}")

    def test_over_4096_bits_need_not_be_verified(self):
        self.assertEqual(codes(parse(record(keys.RSA_8192)).problems), ["dkim.long_key"])

    def test_empty_p_is_revoked_and_not_malformed(self):
        for text in ("v=DKIM1; p=", "v=DKIM1; k=rsa; p=;", "p= ; k=rsa"):
            key = parse(text)
            self.assertEqual((key.status, key.usable, codes(key.problems)), ("revoked", False, ["dkim.revoked"]))

    def test_h_without_sha256_leaves_no_hash(self):
        for hashes in ("sha1", "SHA1", "md5:sha1", ""):
            key = parse(record(keys.RSA_2048, f"v=DKIM1; h={hashes}; "))
            self.assertEqual((key.usable, codes(key.problems)), (False, ["dkim.sha1_only"]))

    def test_s_without_email_excludes_email(self):
        key = parse(record(keys.RSA_2048, "v=DKIM1; s=tlsrpt; "))
        self.assertEqual((key.usable, codes(key.problems)), (False, ["dkim.not_for_email"]))

    def test_version_counts_to_the_letter_and_comes_first(self):
        for version in ("DKIM1.0", "dkim1", "DKIM2", ""):
            key = parse(record(keys.RSA_2048, f"v={version}; "))
            self.assertEqual((key.status, codes(key.problems)), ("malformed", ["dkim.bad_version"]))
        text = f"k=rsa; p={keys.RSA_2048}; v=DKIM1"
        self.assertEqual(codes(parse(text).problems), ["dkim.version_not_first"])
        self.assertEqual(piece(text, "dkim.version_not_first"), "v=DKIM1")

    def test_a_version_at_the_wrong_place_still_means_a_key_and_breaks_it(self):
        for text in ("p=; v=DKIM1", "k=rsa; p=; v=DKIM1", f"p={keys.RSA_2048}; v=DKIM1", "t=y; v=dkim1", "n=x; v=DKIM1;"):
            with self.subTest(text):
                self.assertEqual((means_key(text), parse(text).status), (True, "malformed"))
        for text in ("v=spf1 -all", "v=DMARC1; p=", "x=y; v=BIMI1"):
            self.assertFalse(means_key(text), text)

    def test_names_of_tags_are_case_sensitive(self):
        """A tag in capitals is one that nobody knows (RFC 6376 §3.2): it says nothing, good or bad."""
        for tags in ("V=DKIM2; ", "K=dsa; ", "T=y; ", "H=sha1; ", "S=tlsrpt; "):
            with self.subTest(tags):
                key = parse(record(keys.RSA_2048, tags))
                self.assertEqual((key.status, key.usable, codes(key.problems)), ("valid", True, ["dkim.tag_case"]))
        self.assertEqual(parse(record(keys.RSA_2048, "N=x; v=DKIM1; ")).status, "malformed")
        key = parse(f"v=DKIM1; P={keys.RSA_2048}")
        self.assertEqual((key.status, codes(key.problems)), ("malformed", ["dkim.no_public_key"]))

    def test_unknown_key_type(self):
        text = record(keys.RSA_2048, "v=DKIM1; k=dsa; ")
        self.assertEqual((parse(text).status, parse(text).key_type), ("malformed", "dsa"))
        self.assertEqual(piece(text, "dkim.unknown_key_type"), "k=dsa")

    def test_key_of_another_type_than_k_says(self):
        for tags, p, seen in (
            ("v=DKIM1; k=rsa; ", keys.ED25519, "ed25519"),
            ("v=DKIM1; ", keys.ED25519, "ed25519"),
            ("v=DKIM1; k=ed25519; ", keys.RSA_2048, "rsa"),
            ("v=DKIM1; k=rsa; ", keys.EC_P256, "ec secp256r1"),
            ("v=DKIM1; k=ed25519; ", keys.EC_P256, "ec secp256r1"),
        ):
            key = parse(record(p, tags))
            self.assertEqual((key.status, codes(key.problems)), ("malformed", ["dkim.key_type_mismatch"]))
            self.assertEqual(key.problems[0].params["seen"], seen)

    def test_ed25519_key_in_the_wrapper_that_openssl_makes(self):
        key = parse(record(keys.ED25519_WRAPPED, "v=DKIM1; k=ed25519; "))
        self.assertEqual((key.status, key.problems[0].params["reason"]), ("malformed", "wrapped"))

    def test_duplicate_tag_makes_the_whole_list_invalid(self):
        text = record(keys.RSA_2048, "v=DKIM1; k=rsa; k=rsa; ")
        self.assertEqual((parse(text).status, codes(parse(text).problems)), ("malformed", ["dkim.duplicate_tag"]))
        self.assertEqual(problem(text, "dkim.duplicate_tag").span, (16, 21))

    def test_tags_are_case_sensitive(self):
        self.assertEqual(codes(parse(f"v=DKIM1; P={keys.RSA_2048}").problems), ["dkim.no_public_key"])


class DamagedRecords(unittest.TestCase):
    def test_pem_frame_pasted(self):
        frame = "-----BEGIN PUBLIC KEY-----"
        for text in (
            record(f"{frame}{keys.RSA_2048}-----END PUBLIC KEY-----"),
            record(f"{frame.replace(' ', '')}{keys.RSA_2048}"),
            f"{frame} {keys.RSA_2048} -----END PUBLIC KEY-----",
        ):
            key = parse(text)
            self.assertTrue(means_key(text))
            self.assertEqual(key.status, "malformed")
            self.assertIn("dkim.pem_pasted", codes(key.problems))
            self.assertNotIn("dkim.private_key", codes(key.problems))

    def test_private_key_published(self):
        for text in (
            record(keys.PRIVATE_PKCS1),
            record(keys.PRIVATE_PKCS8),
            record(f"-----BEGIN PRIVATE KEY-----{keys.PRIVATE_PKCS8}-----END PRIVATE KEY-----"),
        ):
            self.assertEqual(parse(text).status, "malformed")
            self.assertIn("dkim.private_key", codes(parse(text).problems))

    def test_truncated_key_wherever_it_was_cut(self):
        for length in range(40, len(keys.RSA_2048) - 1):
            text = record(keys.RSA_2048[:length])
            self.assertEqual(codes(parse(text).problems), ["dkim.truncated_key"], length)
            self.assertEqual(problem(text, "dkim.truncated_key").span, (len(text), len(text)))

    def test_truncated_key_tells_how_much_is_there(self):
        params = problem(record(keys.RSA_2048[:240]), "dkim.truncated_key").params
        self.assertEqual(params, {"reason": "der", "octets": 180, "expected": 294})

    def test_character_that_base64_does_not_have_is_shown_with_its_place(self):
        for wrong in ("-", "_", "*", "é", "\x00", "."):
            text = record(keys.RSA_2048[:50] + wrong + keys.RSA_2048[50:])
            found = problem(text, "dkim.bad_base64")
            self.assertEqual((text[slice(*found.span)], found.params["character"]), (wrong, wrong))

    def test_two_keys_in_one_p(self):
        text = record(keys.ED25519 + keys.ED25519, "v=DKIM1; k=ed25519; ")
        self.assertEqual(problem(text, "dkim.bad_base64").span, (65, 66))

    def test_p_written_twice(self):
        self.assertIn("dkim.bad_base64", codes(parse(record("p=" + keys.RSA_2048)).problems))

    def test_lost_padding(self):
        text = record(keys.ED25519.rstrip("="), "v=DKIM1; k=ed25519; ")
        self.assertEqual(problem(text, "dkim.bad_base64").params["reason"], "padding")

    def test_text_behind_the_key(self):
        longer = base64.b64encode(base64.b64decode(keys.RSA_2048) + b"trailing").decode()
        self.assertEqual(problem(record(longer), "dkim.bad_key").params["reason"], "trailing")

    def test_octets_that_are_no_key(self):
        for octets in (b"hello, world: no key at all", bytes(64), b"\x30\x03\x02\x01\x05", b"\x30\x00"):
            key = parse(record(base64.b64encode(octets).decode()))
            self.assertEqual((key.status, codes(key.problems)), ("malformed", ["dkim.bad_key"]), octets)

    def test_lost_p(self):
        for text in (
            f"v=DKIM1; k=rsa; {keys.RSA_2048}",
            f"v=DKIM1; k=rsa; ={keys.RSA_2048}",
            f"v=DKIM1; k=rsa; {keys.ED25519}",
        ):
            self.assertEqual(parse(text).status, "malformed")
            self.assertEqual(problem(text, "dkim.no_public_key").params["reason"], "lost_p", text)
        self.assertEqual(problem("v=DKIM1; k=rsa", "dkim.no_public_key").params["reason"], "missing")
        self.assertEqual(problem(keys.RSA_2048, "dkim.no_public_key").params["reason"], "lost_p")

    def test_lost_semicolon(self):
        for text, tag in (
            (f"v=DKIM1 k=rsa; p={keys.RSA_2048}", "v"),
            (f"v=DKIM1; k=rsa p={keys.RSA_2048}", "k"),
            (f"v=DKIM1; k=rsa, p={keys.RSA_2048}", "k"),
            (f"v=DKIM1; p={keys.RSA_2048} t=s", "p"),
        ):
            self.assertEqual(parse(text).status, "malformed")
            self.assertEqual(problem(text, "dkim.lost_semicolon").params, {"tag": tag}, text)
            self.assertNotIn("dkim.bad_version", codes(parse(text).problems))
            self.assertNotIn("dkim.unknown_key_type", codes(parse(text).problems))

    def test_base64_that_looks_like_a_tag_behind_white_space_is_no_lost_semicolon(self):
        octets = base64.b64decode(keys.ED25519)[:31] + b"\x84"  # ends in "k=" once folded
        p = base64.b64encode(octets).decode()
        folded = f"{p[:-2]} {p[-2:]}"
        self.assertRegex(folded, " [vkptshng]=$|=$")
        self.assertEqual(parse(record(folded, "v=DKIM1; k=ed25519; ")).status, "valid")

    def test_quotes_and_backslashes_pasted(self):
        for text, code in (
            (f'"v=DKIM1; k=rsa; p={keys.RSA_2048}"', "dkim.pasted_quotes"),
            (f'v=DKIM1; k=rsa; p={keys.RSA_2048[:200]}" "{keys.RSA_2048[200:]}', "dkim.pasted_quotes"),
            (f"v=DKIM1\\; k=rsa\\; p={keys.RSA_2048}", "dkim.pasted_backslash"),
            (f"“v=DKIM1; k=rsa; p={keys.RSA_2048}”", "dkim.curly_quotes"),
        ):
            self.assertTrue(means_key(text), text)
            self.assertEqual(parse(text).status, "malformed", text)
            self.assertIn(code, codes(parse(text).problems), text)

    def test_stray_text(self):
        text = f"v=DKIM1; hello; p={keys.RSA_2048}"
        self.assertEqual((parse(text).status, piece(text, "dkim.stray_text")), ("malformed", "hello"))

    def test_tag_of_the_older_standard(self):
        key = parse(record(keys.RSA_2048, "v=DKIM1; g=*; "))
        self.assertEqual((key.status, codes(key.problems)), ("valid", ["dkim.obsolete_tag"]))
        for value in ("", "jane", "jane*"):  # findings/dkim_key_with_a_dropped_tag.sh
            with self.subTest(value):
                key = parse(record(keys.RSA_2048, f"v=DKIM1; g={value}; "))
                self.assertEqual((key.status, codes(key.problems)), ("valid", ["dkim.granularity"]))
                self.assertEqual(key.problems[0].params, {"value": value})

    def test_two_semicolons_do_no_harm(self):
        text = f"v=DKIM1;; p={keys.RSA_2048};"
        self.assertEqual((parse(text).status, codes(parse(text).problems)), ("valid", ["dkim.empty_tag"]))

    def test_every_error_is_reported_not_only_the_first(self):
        text = f"k=dsa; v=DKIM2; hello; t=y; k=rsa; h=sha1; p={keys.RSA_2048}"
        self.assertEqual(
            set(codes(parse(text).problems)),
            {"dkim.unknown_key_type", "dkim.bad_version", "dkim.stray_text", "dkim.testing",
             "dkim.duplicate_tag", "dkim.sha1_only"},
        )


class WhatIsNoKey(unittest.TestCase):
    def test_other_records_are_not_taken_for_keys(self):
        for text in (
            "v=spf1 include:_spf.example.com -all",
            "v=DMARC1; p=none",
            "v=DMARC1; p=none; rua=mailto:a@example.com; k",
            "google-site-verification=abcdefghijklmnopqrstuvwxyz0123456789abcdefg",
            "MS=ms12345678",
            "o=~; r=postmaster@example.com",
            "p=none",
            "hello",
            "",
            ";",
        ):
            self.assertFalse(means_key(text), text)

    def test_damaged_keys_are_taken_for_keys(self):
        for text in (
            "v=DKIM1", "V=dkim1; p=", "p=", "k=rsa", "k=ed25519; p=x", keys.RSA_2048, f"p={keys.RSA_1024}",
            f"v=DKM1; p={keys.RSA_1024}",
        ):
            self.assertTrue(means_key(text), text)


class AnyText(unittest.TestCase):
    def test_long_and_odd_texts_are_read_quickly_and_raise_nothing(self):
        texts = [
            character * 65000
            for character in (";", "=", "a", " ", '"', "“", "p=;", "v=DKIM1;", "-", "M", "A=", ":", "\\;", 'n=";', "v k=")
        ]
        texts += [f"v=DKIM1; p={'A' * 64000}", f"v=DKIM1; k=rsa; p={'M ' * 32000}", "v=DKIM1; t=" + "y:" * 32000]
        texts += [f"v=DKIM1; h=sha256{' ' * 60000}x; p=", f"v=DKIM1; k{' ' * 60000}=x", f"p=BEGIN{' ' * 60000}KEY"]
        texts += [f"n={';n='.join('x' * 500)}" + '"' * 60000]
        for text in texts:
            started = time.process_time()
            parsed = parse(text[:65000])
            means_key(text[:65000])
            self.assertLess(time.process_time() - started, 1.0, text[:20])
            self.assertLessEqual(len(parsed.problems), 32)

    def test_every_problem_has_a_kind_and_a_span_inside_the_record(self):
        check_problems(self, dkim.CODES, parse, ("v=DKIM1;;p", "=;=;=", "k=;p= x;t=y;v=", "p=\n", "v=DKIM1; p=AAAA====", "“", "p=="))


if __name__ == "__main__":
    unittest.main()
