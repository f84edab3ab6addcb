"""Words of closed sets are their texts, and what an enum of Python's is to whoever uses it."""

from __future__ import annotations

import copy
import json
import pickle
import unittest

from ..status import RecordStatus, Word


class Color(Word):
    """A set of its own."""

    RED = "red"
    GREEN = "green"

    @property
    def is_red(self) -> bool:
        return self is Color.RED


class TestWord(unittest.TestCase):
    def test_a_word_is_its_text_wherever_it_is_written_or_compared(self):
        self.assertEqual((Color.RED, str(Color.RED), f"{Color.RED:>5}", json.dumps(Color.RED)), ("red", "red", "  red", '"red"'))
        self.assertEqual({Color.RED: 1}["red"], 1)
        self.assertEqual((Color.RED.value, Color.RED.name), ("red", "RED"))
        self.assertIs(type(Color.RED.value), str)

    def test_a_set_gives_the_same_word_for_a_text_and_knows_no_other(self):
        self.assertIs(Color("green"), Color.GREEN)
        self.assertIs(Color(Color.GREEN), Color.GREEN)
        for text in ("blue", "GREEN", "", None):
            with self.subTest(text), self.assertRaises(ValueError):
                Color(text)

    def test_a_set_has_its_words_in_the_order_in_which_they_are_written(self):
        self.assertEqual((list(Color), list(reversed(Color)), len(Color)), (["red", "green"], ["green", "red"], 2))
        self.assertTrue(all(isinstance(color, Color) for color in Color))

    def test_words_have_what_their_set_defines(self):
        self.assertEqual([color.is_red for color in Color], [True, False])

    def test_a_copy_of_a_word_is_the_same_word(self):
        for made in (copy.copy(Color.RED), copy.deepcopy(Color.RED), pickle.loads(pickle.dumps(Color.RED))):
            self.assertIs(made, Color.RED)

    def test_a_word_is_shown_to_programmers_as_a_member_of_its_set(self):
        self.assertEqual(repr(RecordStatus.FOUND), "<RecordStatus.FOUND: 'found'>")
