"""The reader held against the texts of rejections from public material: how often it is right, and what it must never do."""

import hashlib
import unittest

from ..rejections import Cause, classify
from . import checkout, corpus

AUTHENTICATION = {"authentication", "dmarc", "spf", "dkim"}


def found(text):
    refusal = classify(text)
    return refusal.cause.value if refusal else "none"


class TestCorpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.halves = {half: list(corpus.read(half)) for half in ("writing", "sealed")}
        cls.all = [case for half in cls.halves.values() for case in half]

    def test_it_is_large_and_split_by_receiver(self):
        receivers = {half: {case.receiver for case in cases} for half, cases in self.halves.items()}
        self.assertGreaterEqual(len(self.all), 400)
        self.assertGreaterEqual(len(receivers["writing"] | receivers["sealed"]), 60)
        self.assertFalse(receivers["writing"] & receivers["sealed"])
        self.assertGreaterEqual(len(self.halves["sealed"]), len(self.all) // 2)
        for case in self.all:
            self.assertTrue(case.source)
            self.assertLessEqual(set(case.causes), {cause.value for cause in Cause} | {"none"})

    def test_the_sealed_half_is_what_was_sealed(self):
        sealed = (corpus.FOLDER / "sealed.tsv").read_bytes()
        self.assertEqual(hashlib.sha256(sealed).hexdigest(), (corpus.FOLDER / "sealed.sha256").read_text().strip())

    def test_every_text_of_the_writing_half_is_read_rightly(self):
        wrong = [
            (found(text), case.causes, text) for case in self.halves["writing"] for text in (case.text, corpus.stored(case.text))
            if found(text) not in case.causes]
        self.assertEqual(wrong, [])

    def test_lines_of_a_bounce_may_end_anywhere(self):
        """A line that begins with “Action” or with an address is not always a field or another recipient."""
        other = []
        for case in self.halves["writing"]:
            reply = case.reply.replace("\n", " ")
            whole = found(corpus.as_postfix_wraps(reply, 10_000))
            for columns in range(44, 100, 11):
                text = corpus.as_postfix_wraps(reply, columns)
                other += [kept for kept in (text, corpus.stored(text)) if found(kept) != whole]
        self.assertEqual(other, [])

    def test_at_least_95_of_100_of_the_sealed_half_are_read_rightly(self):
        cases = self.halves["sealed"]
        for form in (str, corpus.stored):
            self.assertGreaterEqual(sum(found(form(case.text)) in case.causes for case in cases), 0.95 * len(cases))

    def test_recipients_trouble_is_never_taken_for_authentication_nor_the_other_way_round(self):
        for case in self.all:
            telling = {"recipient", *AUTHENTICATION} & set(case.causes)
            layouts = corpus.LAYOUTS if telling else (case.layout,)
            for text in (case.text, *(corpus.stored(corpus.lay_out(layout, case.reply)) for layout in layouts)):
                cause = found(text)
                if not set(case.causes) & AUTHENTICATION:
                    self.assertNotIn(cause, AUTHENTICATION, text)
                if "recipient" not in case.causes and set(case.causes) & AUTHENTICATION:
                    self.assertNotEqual(cause, "recipient", text)


@unittest.skipUnless(checkout.has("rejections_table"), "not in a checkout")
class TestTable(unittest.TestCase):
    def test_published_figures_are_those_of_the_code(self):
        current = checkout.script("rejections_table").current(corpus, classify)
        self.assertEqual(current, checkout.document("rejections.md"), "run: python dev/rejections_table.py")


if __name__ == "__main__":
    unittest.main()
