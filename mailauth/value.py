"""Values: what the parts of the engine hand to each other, and nobody changes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen: bool = False, **options):
        """:func:`dataclasses.dataclass`, but that a frozen one is held to that by mypy (``./dev/test lint``) and not at run time.

        There it costs five times as much to make: Python sets each field through ``object.__setattr__``, and one look at a
        domain makes some hundred values.
        """
        if frozen:
            options.setdefault("unsafe_hash", True)
        return dataclasses.dataclass(cls, **options) if cls is not None else dataclasses.dataclass(**options)
