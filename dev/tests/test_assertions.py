"""No test case has a helper by the name of one of unittest's own: named `fail`, it makes every assertion of its class pass."""

from __future__ import annotations

import ast
import unittest

from places import CHECKOUT

MEANT = {"setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown", "shortDescription"}
NAMES = {name for name in dir(unittest.IsolatedAsyncioTestCase) if not name.startswith("_")} - MEANT


def shadowing(source: str) -> list[str]:
    """The methods of test cases that stand before unittest's own of the same name."""
    return [
        f"{kind.name}.{item.name}" for kind in ast.walk(ast.parse(source)) if isinstance(kind, ast.ClassDef)
        and kind.name.endswith(("Case", "Test")) | kind.name.startswith("Test") | bool(kind.bases)
        for item in kind.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name in NAMES]


class AssertionsTest(unittest.TestCase):
    def test_no_helper_of_a_test_case_hides_a_method_of_unittest(self):
        files = [path for path in CHECKOUT.rglob("*.py") if path.name.startswith(("test_", "common"))]
        self.assertGreater(len(files), 100)
        found = [f"{path.relative_to(CHECKOUT)}: {name}" for path in files
                 for name in shadowing(path.read_text(encoding="utf-8"))]
        self.assertEqual(found, [])

    def test_one_that_does_is_seen(self):
        self.assertEqual(shadowing("class TestX(Y):\n    def fail(self, how): ...\n    def setUp(self): ..."), ["TestX.fail"])
