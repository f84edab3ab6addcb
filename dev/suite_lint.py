"""ruff over everything, the rules of Odoo's community over the add-on and its translations, mypy over the engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import translation_files
from places import BRIDGES, CHECKOUT, MODULE, addons, bridges, own_cache
from python_packages import environment, mypy, oca_hooks
from tally import Tally

MAX_FAULTS = 40  # shown


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
    _check(tally, "oca-checks-po", [
        "oca_pre_commit_hooks.cli_po", "--disable=po-pretty-format",  # it empties what is the same in another language
        *(os.fspath(path) for name in translation_files.modules()
          for path in (translation_files.template(name), *translation_files.translations(name).values())),
    ], CHECKOUT, PYTHONPATH=str(oca_hooks()))
    for name in translation_files.modules():
        if faults := list(translation_files.faults(name)):
            tally.fail(f"translations of {name}", "\n".join(faults[:MAX_FAULTS]) + f"\n{len(faults)} in all; ./dev/translations")
        else:
            tally.passed.add(f"translations of {name}")
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
