"""What `dev/` says when something is to be done names the very thing that helps; what people read is spelled as Odoo does."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
import time
import unittest
from unittest import mock

import postgres
import running
import speech
from places import CHECKOUT

# Codes and the names that other programs call stay as they were given: spf.not_authorised.
BRITISH = re.compile(
    r"(?<![\w.])\w*?(?:behaviour|catalogue|centre|colour|favour|honour|licence|neighbour|judgement|labelled|travelled|misspelt"
    r"|(?:author|organ|recogn|normal|initial|summar|real|custom|synchron|util)is(?:e[sdr]?|ing|ation)s?)\b", re.IGNORECASE)


class WordsTest(unittest.TestCase):
    def test_every_demo_names_the_command_that_starts_it_over(self):
        with tempfile.TemporaryDirectory() as cache, mock.patch.dict(os.environ, {"XDG_CACHE_HOME": cache}):
            for name, story, command in (
                ("demo", "domains", "./dev/run"), ("senders", "senders", "./dev/run --story senders"),
                ("mine", "domains", "./dev/run --instance mine"),
                ("mine", "plain", "./dev/run --story plain --instance mine"),
            ):
                with self.subTest(name=name, story=story):
                    self.assertEqual(running.Instance(name, story)._command(), command)

    def test_refused_login_to_postgresql_says_what_to_set(self):
        server = {"PGHOST": "db.example"}
        for said, words in (
            ('connection failed: FATAL:  role "root" does not exist\n', ("user root", "set PGUSER", "createuser")),
            ('FATAL:  password authentication failed for user "x"', ("PGUSER and PGPASSWORD",)),
            ("could not translate host name", ("set PGHOST",)),
        ):
            with self.subTest(said=said):
                text = postgres._refusal(said, server)
                for word in ("db.example", *words):
                    self.assertIn(word, text)

    def test_nobody_waits_for_long_without_a_word(self):
        said = io.StringIO()
        with mock.patch.object(speech, "SIGN_OF_LIFE", 0.1), contextlib.redirect_stdout(said):
            life = speech._Life()
            life.begin()
            with life.with_news(lambda: "7 passed so far"):
                time.sleep(1.3)
            with life.hushed():
                before = said.getvalue()
                time.sleep(1.3)
                self.assertEqual(said.getvalue(), before)
        self.assertIn("still at it", before)
        self.assertIn("7 passed so far", before)

    def test_what_people_read_is_spelled_as_odoo_does(self):
        template = (CHECKOUT / "i18n" / "mail_domain_health.pot").read_text("utf-8")
        texts = {"i18n": "\n".join(line for line in template.splitlines() if not line.startswith("#"))}
        for path in (CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md", *(CHECKOUT / "docs").glob("*.md")):
            texts[path.name] = re.sub(r"`[^`]*`|\]\([^)]*\)", "", path.read_text("utf-8"))
        for name, text in texts.items():
            self.assertEqual(BRITISH.findall(text), [], name)


if __name__ == "__main__":
    unittest.main()
