"""Typing mistakes of well-known mail providers: found where they are one, and nowhere else."""

from __future__ import annotations

import json
import unittest
from pathlib import Path

from .. import contact
from ..contact import likely_typo
from ..contact.typos import is_slip, neighbours
from ..dns.names import domain_problem, to_ascii

LISTED = json.loads((Path(contact.__file__).parent / "typos.json").read_text(encoding="utf-8"))
FREEMAIL = Path(contact.__file__).resolve().parents[2] / "data" / "freemail_domains.json"
# Of companies, of people, or of mail services that look like a mistake of another one.
SOMEBODYS_OWN = (
    "gail.com", "mail.com", "email.com", "ymail.com", "gotmail.com", "hitmail.com", "hotmail.co", "comcast.com", "cloud.com", "ao.com",
    "prontomail.com", "telnet.be", "libro.it", "liber.it", "fmail.com", "hmail.com", "gmx.de", "gmx.net", "gmx.at", "web.de", "me.com",
    "aim.com", "aol.com", "qq.com", "126.com", "163.com", "inbox.ru", "list.ru", "bk.ru", "orage.fr", "example.com", "odoo.com",
)


def without_one(text):
    return {text[:at] + text[at + 1:] for at in range(len(text))}


KINDS = {
    "transposed": lambda meant, typo: sorted(meant) == sorted(typo) and is_slip(meant, typo),
    "left_out": lambda meant, typo: typo in without_one(meant),
    "doubled": lambda meant, typo: any(meant == typo[:at] + typo[at + 1:] and typo[at] == typo[at - 1] for at in range(1, len(typo))),
    "adjacent_key": lambda meant, typo: sorted(meant) != sorted(typo) and is_slip(meant, typo),
    "inserted": lambda meant, typo: meant in without_one(typo),
    "ending": lambda meant, typo: meant.rpartition(".")[0] == typo.rpartition(".")[0],
}


class TestTheList(unittest.TestCase):
    def test_each_entry_is_the_one_mistake_under_which_it_stands(self):
        seen = set()
        for meant, kinds in LISTED["typos"].items():
            self.assertIn(meant, LISTED["providers"])
            for kind, typos in kinds.items():
                for typo in typos:
                    with self.subTest(typo):
                        self.assertTrue(KINDS[kind](meant, typo))
                        self.assertNotIn(typo, seen)
                        self.assertNotIn(typo, LISTED["providers"])
                        self.assertEqual(to_ascii(typo), typo)
                        seen.add(typo)
        self.assertGreater(len(seen), 150)

    def test_names_of_the_list_are_domains_and_endings_are_none(self):
        for provider in LISTED["providers"]:
            self.assertIsNone(domain_problem(provider), provider)
        top_level = {provider.rpartition(".")[2] for provider in LISTED["providers"]}
        for endings in LISTED["endings"].values():
            self.assertFalse(top_level & set(endings))

    @unittest.skipUnless(FREEMAIL.is_file(), "the engine stands alone")
    def test_domains_where_anybody_has_an_address_are_providers(self):
        domains = json.loads(FREEMAIL.read_text(encoding="utf-8"))
        self.assertLessEqual({domain for some in domains.values() for domain in some}, set(LISTED["providers"]))


class TestLikelyTypo(unittest.TestCase):
    def test_listed_mistakes_are_found_whether_they_take_mail_or_not(self):
        for domain, meant in (
            ("gmial.com", "gmail.com"), ("hotnail.com", "hotmail.com"), ("gmail.con", "gmail.com"), ("GMIAL.COM.", "gmail.com"),
            ("gamil.con", "gmail.com"), ("web.de", None), ("t-onlin.de", "t-online.de"), ("comcast.ent", "comcast.net"),
            ("yahoo.co.uk", None), ("ymail.con", "ymail.com"), ("icluod.com", "icloud.com"), ("me@gmial.com", "gmail.com"),
        ):
            for unreachable in (False, True):
                with self.subTest(domain, unreachable=unreachable):
                    self.assertEqual(likely_typo(domain, unreachable), meant)

    def test_one_slip_counts_only_where_mail_cannot_arrive(self):
        for domain, meant in (
            ("hotmsil.co.uk", "hotmail.co.uk"), ("fastmial.com", "fastmail.com"), ("gmc.net", "gmx.net"), ("gmq.net", None),
            ("posteo.dr", "posteo.de"), ("rambelr.ru", "rambler.ru"), ("seznam.cx", "seznam.cz"), ("gail.com", None),
        ):
            with self.subTest(domain):
                self.assertIsNone(likely_typo(domain, False))
                self.assertEqual(likely_typo(domain, True), meant)

    def test_what_lies_between_two_providers_is_not_guessed(self):
        self.assertIsNone(likely_typo("hotmail.fe", True))  # .de or .fr

    def test_a_provider_is_nobodys_mistake(self):
        for provider in LISTED["providers"]:
            self.assertIsNone(likely_typo(provider, True), provider)

    def test_what_is_somebodys_own_is_left_alone_while_it_takes_mail(self):
        for domain in SOMEBODYS_OWN:
            self.assertIsNone(likely_typo(domain, False), domain)

    def test_what_is_no_domain_is_no_mistake(self):
        for text in ("", ".", "com", "con", "gmail", "a" * 5000, "\x00", "gmail..com", "гмаил.com", "[192.0.2.1]", ".con"):
            self.assertIsNone(likely_typo(text, True), text[:20])


class TestKeyboards(unittest.TestCase):
    def test_a_key_has_the_neighbours_that_it_has_on_one_of_them(self):
        self.assertLessEqual(set("erfcxs"), neighbours("d"))
        self.assertTrue({"m", "b", "h", "j"} <= neighbours("n"))
        self.assertIn("a", neighbours("z"))  # AZERTY, and QWERTY too
        self.assertIn("z", neighbours("u"))  # QWERTZ
        self.assertFalse({"p", "a", "n"} & neighbours("d"))
        self.assertEqual(neighbours("ü"), frozenset())

    def test_neighbours_are_neighbours_of_each_other(self):
        for key in "abcdefghijklmnopqrstuvwxyz0123456789":
            for other in neighbours(key):
                self.assertIn(key, neighbours(other))


if __name__ == "__main__":
    unittest.main()
