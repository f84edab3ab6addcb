"""ruff over everything, pylint-odoo with the rules of Odoo's community over the add-on, mypy over the engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from places import BRIDGES, CHECKOUT, MODULE, addons, bridges, own_cache
from python_packages import environment, mypy
from tally import Tally


def run() -> Tally:
    """Each linter is one test; its findings are the reason that it fails."""
    tally = Tally()
    _check(tally, "ruff", ["ruff", "check", "--no-cache", "--quiet", "--output-format=concise", "."], CHECKOUT)
    _check(tally, "pylint-odoo", [
        "pylint", f"--rcfile={CHECKOUT / 'pyproject.toml'}", "--jobs=2", "--score=n", MODULE,
        *(os.fspath(BRIDGES / bridge) for bridge in bridges()),
    ], addons())
    _check(tally, "mypy", [
        "mypy", f"--config-file={CHECKOUT / 'pyproject.toml'}", f"--cache-dir={own_cache() / 'mypy'}", "--package=mailauth",
    ], CHECKOUT, PYTHONPATH=str(mypy()))
    return tally


def _check(tally: Tally, name: str, arguments: list[str], folder: Path, **variables: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *arguments], check=False, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**environment(), "PYLINTHOME": str(own_cache() / "pylint"), **variables},
    )
    if ran.returncode:
        tally.fail(f"lint {name}", ran.stdout or f"exit status {ran.returncode}")
    else:
        tally.passed.add(f"lint {name}")
