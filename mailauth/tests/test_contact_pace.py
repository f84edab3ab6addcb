"""How fast questions about domains of others leave: smoothly, and what was missed is not made up for at once."""

from __future__ import annotations

import unittest
from types import SimpleNamespace

from ..contact.pace import BURST, Pace


class TestPace(unittest.TestCase):
    def setUp(self):
        self.resolver = SimpleNamespace(questions=7)
        self.now = 1000.0
        self.pace = Pace(self.resolver, 20, lambda: self.now)

    def test_each_has_its_turn(self):
        self.assertTrue(self.pace.lets(4))
        self.assertFalse(self.pace.lets(4))
        self.now += 0.21
        self.assertTrue(self.pace.lets(4))
        self.assertFalse(self.pace.lets(4))

    def test_what_was_not_asked_in_time_is_not_made_up_for_all_at_once(self):
        self.pace.lets(4)
        self.now += 3600.0
        self.assertEqual([self.pace.lets(4) for _turn in range(9)].count(True), 20 * BURST // 4 + 1)

    def test_messages_that_were_not_expected_count(self):
        self.pace.lets(4)
        self.resolver.questions += 100
        self.now += 4.9
        self.assertFalse(self.pace.lets(4))
        self.now += 0.2
        self.assertTrue(self.pace.lets(4))

    def test_without_a_limit_everything_has_its_turn(self):
        pace = Pace(self.resolver, float("inf"), lambda: self.now)
        self.assertTrue(all(pace.lets(4) for _turn in range(100)))

    def test_things_come_in_their_order_with_nothing_in_between(self):
        found = []
        for thing in self.pace.each(["a", None, "b"], 4):
            found.append(thing)
            self.now += 0.1
        self.assertEqual([thing for thing in found if thing], ["a", "b"])
        self.assertGreaterEqual(found.count(None), 1)


if __name__ == "__main__":
    unittest.main()
