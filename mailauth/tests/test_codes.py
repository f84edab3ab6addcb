"""A finding as JSON: of a long record goes the piece that it points at, and the span counts in that piece."""

import unittest

from ..codes import MAX_RECORD, to_dict
from ..finding import Finding


class TestToDict(unittest.TestCase):
    def shown(self, record: str, span: tuple[int, int] | None) -> dict:
        return to_dict(Finding("spf.quotes", "example.com", {}, record, span))

    def test_short_record_goes_whole(self):
        found = self.shown("v=spf1 -all", (7, 11))
        self.assertEqual((found["record"], found["record_start"], found["span"]), ("v=spf1 -all", 0, [7, 11]))

    def test_span_points_at_the_same_text_wherever_it_stands(self):
        record = "v=spf1 " + " ".join(f"a:h{n}.example.com" for n in range(400))
        for at in (0, 500, MAX_RECORD - 3, MAX_RECORD, 3000, len(record) - 4):
            with self.subTest(at):
                found = self.shown(record, (at, at + 4))
                begin, end = found["span"]
                self.assertLessEqual(len(found["record"]), MAX_RECORD)
                self.assertEqual(found["record"][begin:end], record[at : at + 4])
                self.assertEqual(found["record_start"] + begin, at)

    def test_span_longer_than_the_piece_ends_with_it(self):
        found = self.shown("x" * 5000, (100, 4900))
        self.assertEqual(len(found["record"]), MAX_RECORD)
        self.assertEqual(found["span"][1], MAX_RECORD)

    def test_without_a_record_or_a_span(self):
        self.assertEqual((self.shown("x" * 5000, None)["span"], to_dict(Finding("spf.quotes", "a.b"))["record"]), (None, None))


if __name__ == "__main__":
    unittest.main()
