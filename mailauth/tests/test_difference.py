"""What is said to be other in a record."""

from __future__ import annotations

import unittest

from mailauth.records.difference import Difference, compare


class TestDifference(unittest.TestCase):

    def test_terms_that_came_and_went(self):
        self.assertEqual(
            compare("v=spf1 a include:one.example -all", "v=spf1 include:two.example a ~all"),
            Difference(("include:two.example", "~all"), ("include:one.example", "-all")))

    def test_tags_are_told_apart_whatever_space_is_around_them(self):
        self.assertEqual(
            compare("v=DMARC1;p=none;rua=mailto:a@x.example", "v=DMARC1; p = reject ; rua=mailto:a@x.example;"),
            Difference(("p=reject",), ("p=none",)))

    def test_another_order_or_space_is_neither(self):
        for before, after in (("v=spf1 a  mx -all", "v=spf1 mx a -all"), ("v=DMARC1; p=none", "v=DMARC1;p=none;")):
            self.assertEqual(compare(before, after), Difference((), ()))

    def test_a_part_that_stands_twice_counts_twice(self):
        self.assertEqual(compare("v=spf1 a a", "v=spf1 a"), Difference((), ("a",)))

    def test_what_is_not_of_one_kind_has_no_parts_in_common(self):
        for before, after in (("", "v=spf1 -all"), ("v=spf1 -all", "v=DMARC1; p=none"), ("10 mx.example", "20 mx.example")):
            self.assertIsNone(compare(before, after))


if __name__ == "__main__":
    unittest.main()
