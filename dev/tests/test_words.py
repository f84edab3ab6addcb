"""What `dev/` says when something is to be done: it names the very thing that helps."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import time
import unittest
from unittest import mock

import postgres
import running
import speech


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


if __name__ == "__main__":
    unittest.main()
