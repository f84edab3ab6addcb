"""The rows of `bench/mutations.py` fit the files that they are about: a table that rots measures nothing."""

from __future__ import annotations

import ast
import sys
import unittest
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TREE / "bench"))

import mutations


class MutationsTest(unittest.TestCase):
    def test_each_row_changes_one_place_and_leaves_valid_python(self):
        for row in mutations.rows():
            with self.subTest(str(row)):
                text = (TREE / row.file).read_text(encoding="utf-8")
                mutated = row.applied_to(text)
                self.assertNotEqual(ast.dump(ast.parse(mutated)), ast.dump(ast.parse(text)))

    def test_no_row_stands_there_twice(self):
        rows = [(row.file, row.old, row.new) for row in mutations.rows()]
        self.assertEqual(len(rows), len(set(rows)))

    def test_a_missed_mistake_counts_against_the_mark_and_has_to_be_explained(self):
        mutation = mutations.Mutation
        rows = [mutation("a", str(number), "", "t") for number in range(100)]
        caught = [(row, "caught") for row in rows]
        self.assertTrue(mutations.result(caught)["ok"])
        self.assertFalse(mutations.result([*caught[1:], (rows[0], "missed")])["ok"])
        explained = [(mutation("b", str(number), "", "t", why="nothing changes"), "missed") for number in range(6)]
        self.assertTrue(mutations.result([*caught[5:], *explained[:5]])["ok"])
        self.assertFalse(mutations.result([*caught[6:], *explained])["ok"])
        self.assertFalse(mutations.result([])["ok"])


if __name__ == "__main__":
    unittest.main()
