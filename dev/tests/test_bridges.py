"""A bridge is a module of its own that comes by itself, and the module knows nothing of it."""

from __future__ import annotations

import ast
import re
import unittest

import places

MANIFEST = "__manifest__.py"


def manifest(folder):
    return ast.literal_eval((folder / MANIFEST).read_text(encoding="utf-8"))


class BridgesTest(unittest.TestCase):
    def test_each_folder_is_a_module_that_installs_itself_where_both_are(self):
        folders = [path for path in places.BRIDGES.iterdir() if path.name != "__pycache__"]
        self.assertEqual(sorted(path.name for path in folders), places.bridges())
        self.assertTrue(folders)
        parent = manifest(places.CHECKOUT)
        for folder in folders:
            with self.subTest(bridge=folder.name):
                bridge = manifest(folder)
                self.assertIs(bridge["auto_install"], True)
                self.assertIn(places.MODULE, bridge["depends"])
                self.assertGreater(len(bridge["depends"]), 1)
                self.assertTrue(folder.name.startswith(f"{places.MODULE}_"))
                for key in ("license", "author"):
                    self.assertEqual(bridge[key], parent[key])
                self.assertEqual(bridge["version"].split(".")[:2], parent["version"].split(".")[:2])

    def test_folder_of_bridges_is_no_package_of_the_module(self):
        self.assertFalse((places.BRIDGES / "__init__.py").exists())
        for name in places.bridges():
            for line in (places.CHECKOUT / "__init__.py", places.CHECKOUT / MANIFEST):
                self.assertNotIn(name, line.read_text(encoding="utf-8"))

    def test_texts_of_each_stand_in_its_own_template_only(self):
        for name, folder in ((places.MODULE, places.CHECKOUT), *((name, places.BRIDGES / name) for name in places.bridges())):
            with self.subTest(module=name):
                if not (folder / "i18n").exists():  # it says nothing to people
                    self.assertFalse([path for path in folder.rglob("*.py") if re.search(r"\b_\(", path.read_text("utf-8"))])
                    self.assertFalse([*folder.glob("views/*"), *folder.glob("static/src/**/*")])
                    continue
                template = (folder / "i18n" / f"{name}.pot").read_text(encoding="utf-8")
                self.assertEqual(set(re.findall(r"^#\. module: (.+)$", template, re.MULTILINE)), {name})
                self.assertEqual(set(re.findall(r"^#: code:addons/(\w+)/", template, re.MULTILINE)), {name})
                self.assertNotIn("/bridges/", template)


if __name__ == "__main__":
    unittest.main()
