"""`dev/bench`: runs the benchmarks, each a program of its own in `bench/`."""

from __future__ import annotations

import argparse
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
    parser.add_argument("name", nargs="?", help=f"only this one: {', '.join(names) or 'there are none yet'}")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its own arguments")
    chosen = parser.parse_args()
    if chosen.name and chosen.name not in names:
        raise Missing(f"There is no benchmark {chosen.name}; there are: {', '.join(names) or 'none yet'}.")
    python_packages.enter(odoo=True)
    env = {**python_packages.environment(), "PYTHONPATH": os.pathsep.join([str(engine()), str(DEV)])}
    missed = 0
    for name in [chosen.name] if chosen.name else names:
        say(f"== {name}")
        program = CHECKOUT / "bench" / f"{name}.py"
        missed += subprocess.run([sys.executable, program, *chosen.arguments], check=False, env=env).returncode != 0
    return 1 if missed else 0
