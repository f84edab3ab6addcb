"""`dev/bench`: runs the benchmarks, each a program of its own in `bench/`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

import python_packages
from places import CHECKOUT, DEV, engine
from speech import Missing, say


def main() -> int:
    names = sorted(path.stem for path in (CHECKOUT / "bench").glob("[!_]*.py"))
    parser = argparse.ArgumentParser(
        prog="dev/bench", description="Runs the benchmarks of bench/; exit status 1 if one misses its mark.",
    )
    parser.add_argument("--json", action="store_true", help="print all rows as one list in JSON and nothing else")
    parser.add_argument("name", nargs="?", help=f"only this one: {', '.join(names) or 'there are none yet'}")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its own arguments")
    chosen = parser.parse_args()
    if chosen.name and chosen.name not in names:
        raise Missing(f"There is no benchmark {chosen.name}; there are: {', '.join(names) or 'none yet'}.")
    as_json = chosen.json or "--json" in chosen.arguments
    output, sys.stdout = sys.stdout, sys.stderr if as_json else sys.stdout
    python_packages.enter(odoo=True)
    env = {**python_packages.environment(), "PYTHONPATH": os.pathsep.join([str(engine()), str(DEV)])}
    missed, rows = 0, []
    for name in [chosen.name] if chosen.name else names:
        say(f"== {name}")
        program = CHECKOUT / "bench" / f"{name}.py"
        arguments = [*chosen.arguments, *(["--json"] if chosen.json else [])]
        ran = subprocess.run([sys.executable, program, *arguments], check=False, env=env,
                             stdout=subprocess.PIPE if as_json else None)
        missed += ran.returncode != 0
        rows += json.loads(ran.stdout or "[]") if as_json else []
    if as_json:
        print(json.dumps(rows, indent=1), file=output)
    return 1 if missed else 0
