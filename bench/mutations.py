"""Which mistakes the tests would catch: each row of `_mutations_*.py` is made in a copy of the tree, and its tests run.

A row is a file, a text that stands there once, what takes its place, and the tests that have to fail then. One
that none of them sees is explained in its row (it changes nothing that can be observed) or it is a gap.
Before that the tests run on the copy as it is: what fails without a mistake proves nothing.

    ./dev/bench mutations [--json] [--only TEXT] [--jobs 2]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import importlib
import json
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

TREE = Path(__file__).resolve().parent.parent
MUST = 0.95  # of all of them
# Seconds for the tests of one row: several times what they take when nothing is wrong. Who hangs is caught.
TIMEOUT = {"engine": 240, "odoo": 900}
LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", "*.po", "*.png", "*.gif", "findings")


def rows() -> list[Mutation]:
    """Those of every `_mutations_*.py`."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("_mutations_*.py"))
    return [row for name in names for row in importlib.import_module(name).ROWS]


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
    def mutated(self, row: Mutation):
        """The copy with the mistake of a row."""
        file = self.tree / row.file
        before = file.read_text(encoding="utf-8")
        self._write(file, row.applied_to(before))
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
        kind = "odoo" if tests.startswith("/") else "engine"
        if kind == "odoo":
            command, folder = [sys.executable, self.tree / "dev" / "test", "odoo", tests], self.tree
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

        def with_copy(look, row):
            copy = copies.get()
            try:
                return look(copy, row)
            finally:
                copies.put(copy)

        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(jobs))
        say("The tests without any mistake ...")
        suites = sorted({row.tests for row in chosen})
        sound = dict(zip(suites, pool.map(lambda tests: with_copy(_sound, tests), suites), strict=True))
        outcomes = pool.map(lambda row: with_copy(_look, row) if sound[row.tests] else "no sound tests", chosen)
        found = []
        for number, (row, outcome) in enumerate(zip(chosen, outcomes, strict=True), start=1):
            say(f"{number:>3}/{len(chosen)} {outcome:<8} {row}")
            found.append((row, outcome))
        return found


def _sound(copy: Copy, tests: str) -> bool:
    outcome, said = copy.run(tests)
    if outcome != "passed":
        print(f"without any mistake {tests} {outcome}:\n{said[-2000:]}", file=sys.stderr)
    return outcome == "passed"


def _look(copy: Copy, row: Mutation) -> str:
    with copy.mutated(row):
        outcome, said = copy.run(row.tests)
    if outcome == "broken":
        print(f"{row}\n{said[-2000:]}", file=sys.stderr)
    return {"failed": "caught", "hangs": "caught", "passed": "missed"}.get(outcome, outcome)


def result(found: Iterable[tuple[Mutation, str]]) -> dict:
    """The row for whoever compares benchmarks."""
    outcomes = [outcome for _row, outcome in found]
    caught, all_of_them = outcomes.count("caught"), len(outcomes)
    ratio = caught / all_of_them if all_of_them else 0.0
    explained = all(row.why for row, outcome in found if outcome != "caught")
    return {"work": "mistakes caught by the tests", "ours": caught, "theirs": all_of_them, "ratio": round(ratio, 3),
            "must": MUST, "ok": ratio >= MUST and explained}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev/bench mutations", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print a list of one row and nothing else")
    parser.add_argument("--only", default="", help="rows with this text in their file or tests")
    parser.add_argument("--jobs", type=int, default=2, help="copies that are tried side by side")
    arguments = parser.parse_args()
    chosen = [row for row in rows() if arguments.only in f"{row.file} {row.tests}"]
    found = measure(chosen, arguments.jobs, (lambda line: None) if arguments.json else (lambda line: print(line, flush=True)))
    summary = result(found)
    if arguments.json:
        print(json.dumps([summary]))
    else:
        for row, outcome in found:
            if outcome != "caught":
                print(f"{outcome}: {row}\n    {row.why or 'not explained: no test protects this'}")
        print(f"{summary['ours']} of {summary['theirs']} caught (must be {MUST:.0%}), the rest explained: {summary['ok']}")
    return 0 if summary["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
