"""Which mistakes the tests would catch: each row of `_mutations_*.py` is made in a copy of the tree, and its tests run.

A row is a file, a text that stands there once, what takes its place, and the tests that have to fail then. One
that none of them sees is explained in its row (it changes nothing that can be observed) or it is a gap.
Before that the tests run on the copy as it is: what fails without a mistake proves nothing.

    ./dev/bench mutations [--json] [--only TEXT] [--jobs 2]
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import importlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from _mutation import Mutation
from _rows import parser, row, show

TREE = Path(__file__).resolve().parent.parent
MUST = 95  # percent of all of them
# Seconds for the tests of one row: several times what they take when nothing is wrong. Who hangs is caught.
TIMEOUT = {"engine": 240, "odoo": 900, "faults": 1800}
LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", "*.po", "*.png", "*.gif")


def rows() -> list[Mutation]:
    """Those of every `_mutations_*.py`."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("_mutations_*.py"))
    return [mutation for name in names for mutation in importlib.import_module(name).ROWS]


class Copy:
    """A copy of the tree in which one mistake is made at a time."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        shutil.copytree(TREE, self.tree, ignore=LEFT_OUT)
        self.engine = folder / "engine"  # the engine alone: the tree's root imports Odoo
        self.engine.mkdir()
        for name in ("mailauth", "dev", "docs"):
            (self.engine / name).symlink_to(self.tree / name)
        self._written = int(time.time())

    @contextlib.contextmanager
    def mutated(self, mutation: Mutation):
        """The copy with the mistake of a row."""
        file = self.tree / mutation.file
        before = file.read_text(encoding="utf-8")
        self._write(file, mutation.applied_to(before))
        try:
            yield
        finally:
            self._write(file, before)

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        # Python tells compiled files by seconds and size: each text gets a second of its own.
        self._written += 1
        os.utime(file, (self._written, self._written))

    def run(self, tests: str) -> tuple[str, str]:
        """``passed``, ``failed``, ``hangs`` or ``broken`` (nothing was tested), and what was said."""
        kind = "odoo" if tests.startswith("/") else "faults" if tests.startswith("faults") else "engine"
        if kind != "engine":
            chosen = ["odoo", tests] if kind == "odoo" else tests.split()
            command, folder = [sys.executable, self.tree / "dev" / "test", *chosen], self.tree
        else:
            command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider", *tests.split()]
            folder = self.engine
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        with subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, start_new_session=True) as child:
            try:
                said, _ = child.communicate(timeout=TIMEOUT[kind])
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, 15)
                child.communicate()
                return "hangs", ""
        if "proves nothing" in said or kind == "engine" and child.returncode > 2:
            return "broken", said
        return ("failed" if child.returncode else "passed"), said

    def forget(self) -> None:
        """Removes what `dev/` made for this copy in the cache."""
        program = "import places; places.remove(places.own_cache())"
        subprocess.run([sys.executable, "-c", program], cwd=self.tree / "dev", check=False)


def measure(chosen: list[Mutation], jobs: int, say) -> list[tuple[Mutation, str]]:
    """What became of each row: ``caught``, ``missed``, or why it says nothing."""
    with contextlib.ExitStack() as stack:
        copies: queue.Queue[Copy] = queue.Queue()
        for _ in range(jobs):
            copy = Copy(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutations-"))))
            stack.callback(copy.forget)
            copies.put(copy)

        def with_copy(look, mutation):
            copy = copies.get()
            try:
                return look(copy, mutation)
            finally:
                copies.put(copy)

        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(jobs))
        say("The tests without any mistake ...")
        suites = sorted({mutation.tests for mutation in chosen})
        sound = dict(zip(suites, pool.map(lambda tests: with_copy(_sound, tests), suites), strict=True))
        outcomes = pool.map(lambda mutation: with_copy(_look, mutation) if sound[mutation.tests] else "no sound tests", chosen)
        found = []
        for number, (mutation, outcome) in enumerate(zip(chosen, outcomes, strict=True), start=1):
            say(f"{number:>3}/{len(chosen)} {outcome:<8} {mutation}")
            found.append((mutation, outcome))
        return found


def _sound(copy: Copy, tests: str) -> bool:
    outcome, said = copy.run(tests)
    if outcome != "passed":
        print(f"without any mistake {tests} {outcome}:\n{said[-2000:]}", file=sys.stderr)
    return outcome == "passed"


def _look(copy: Copy, mutation: Mutation) -> str:
    with copy.mutated(mutation):
        outcome, said = copy.run(mutation.tests)
    if outcome == "broken":
        print(f"{mutation}\n{said[-2000:]}", file=sys.stderr)
    return {"failed": "caught", "hangs": "caught", "passed": "missed"}.get(outcome, outcome)


def result(found: Iterable[tuple[Mutation, str]]) -> dict:
    """The row for whoever compares benchmarks."""
    outcomes = [outcome for _mutation, outcome in found]
    caught, all_of_them = outcomes.count("caught"), len(outcomes)
    explained = all(mutation.why for mutation, outcome in found if outcome != "caught")
    share = 100 * caught / all_of_them if all_of_them else 0.0
    return {
        **row(f"mistakes that the tests catch ({caught} of {all_of_them}), percent", share, ok=share >= MUST and explained),
        "must": f"at least {MUST}, the others explained"}


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--only", default="", help="mistakes with this text in their file or tests")
    options.add_argument("--jobs", type=int, default=2, help="copies that are tried side by side")
    arguments = options.parse_args()
    chosen = [mutation for mutation in rows() if arguments.only in f"{mutation.file} {mutation.tests}"]
    found = measure(chosen, arguments.jobs, lambda line: print(line, flush=True))
    for mutation, outcome in found:
        if outcome != "caught":
            print(f"{outcome}: {mutation}\n    {mutation.why or 'not explained: no test protects this'}")
    return show([result(found)], arguments.json)


if __name__ == "__main__":
    sys.exit(main())
