"""What may import what in the engine: each layer knows those below it, and no module needs one that needs it."""

from __future__ import annotations

import ast
import subprocess
import sys
import unittest
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ENGINE = Path(__file__).parent.parent
# From the lowest to the highest; what stands in one row knows nothing of its neighbors.
LAYERS = (
    ("value", "status"),
    ("finding", "change", "together", "service", "certain"),
    ("dns",),
    ("query", "records"),
    ("spf", "dkim", "dmarc"),
    ("rejections", "contact"),
    ("arrival",),
    ("verdict", "reports"),
    ("advice", "registration"),
    ("codes",),
    ("report",),
    ("blocking", "rejection_command"),
    ("list_command",),
    ("",),  # the package itself
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# Python runs a package before its modules, and ours imports nearly everything: an empty one takes its place.
ALONE = """
import importlib, os, sys, traceback, types
import cryptography.hazmat.primitives.serialization, dns.resolver
package = types.ModuleType("mailauth")
package.__path__ = [sys.argv[1]]
sys.modules["mailauth"] = package
for name in sys.argv[2:]:
    if not os.fork():
        try:
            importlib.import_module("mailauth." + name)
        except BaseException:
            print(name, "by itself:", flush=True)
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
        os._exit(0)
    os.wait()
"""


def modules() -> dict[str, Path]:
    """The engine's modules and packages without its tests: ``spf.tree``, ``spf`` for the package itself."""
    found = {}
    for path in ENGINE.rglob("*.py"):
        parts = path.relative_to(ENGINE).with_suffix("").parts
        if parts[0] != "tests":
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()


def imported(name: str) -> Iterator[str]:
    """The modules of the engine that one imports when it is run, or when its functions are."""
    path = MODULES[name]
    package = name.split(".") if path.name == "__init__.py" and name else name.split(".")[:-1]
    for node in _run(ast.parse(path.read_text(encoding="utf-8"))):
        if not node.level:
            continue
        above = package[:len(package) - node.level + 1]
        module = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            part = f"{module}.{alias.name}".lstrip(".")
            yield part if part in MODULES else module


def _run(node: ast.AST) -> Iterator[ast.ImportFrom]:
    """The imports below a node but for those that only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.ImportFrom):
            yield child
        else:
            yield from _run(child)


class TestLayers(unittest.TestCase):
    def test_every_module_has_its_layer(self):
        self.assertEqual({name.partition(".")[0] for name in MODULES}, set(LEVEL))

    def test_no_layer_knows_of_one_above_it_or_beside_it(self):
        for name in MODULES:
            own = name.partition(".")[0]
            for other in {part.partition(".")[0] for part in imported(name)}:
                if other != own:
                    with self.subTest(name, imports=other):
                        self.assertLess(LEVEL[other], LEVEL[own])

    def test_no_module_needs_one_that_needs_it(self):
        # A package is run before what is in it, and needs what it imports: its modules do not need it for that.
        graph = {name: {other for other in imported(name) if other != name} for name in MODULES}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            self.fail(" → ".join(error.args[1]))

    def test_every_module_can_be_the_first_that_is_imported(self):
        names = [name for name in MODULES if name not in ("", "__main__")]
        ran = subprocess.run(
            [sys.executable, "-c", ALONE, str(ENGINE), *names], check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, ""))
