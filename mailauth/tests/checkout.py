"""What of the checkout beside the engine its tests hold against it: scripts of `dev/`, files of `docs/`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def has(name: str) -> bool:
    """Whether `dev/` has this script: not where the engine stands alone."""
    return (ROOT / "dev" / f"{name}.py").exists()


def script(name: str) -> ModuleType:
    """A script of `dev/` as a module."""
    specification = importlib.util.spec_from_file_location(name, ROOT / "dev" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")
