"""What needs a browser runs in the suite that has one."""

from __future__ import annotations

import ast
import unittest

from places import CHECKOUT
from suite_odoo import TOURS

BROWSER = {"start_tour", "browser_js"}  # of Odoo's HttpCase


def classes_with_a_browser() -> set[str]:
    """The classes of tests in which a browser is started, by themselves or by a class of ours that they inherit."""
    found = {one.name: one for path in (CHECKOUT / "tests").glob("test_*.py") for one in ast.parse(path.read_text()).body
             if isinstance(one, ast.ClassDef)}
    started = {name for name, one in found.items() if BROWSER & {
        node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute)}}
    while more := {name for name, one in found.items() if started & {
            base.id for base in one.bases if isinstance(base, ast.Name)}} - started:
        started |= more
    return {name for name in started if any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in found[name].body)}


class TestBrowserSuite(unittest.TestCase):
    def test_each_class_that_starts_a_browser_is_of_the_suite_with_one(self):
        self.assertEqual(classes_with_a_browser(), {tour.rpartition(":")[2] for tour in TOURS})


if __name__ == "__main__":
    unittest.main()
