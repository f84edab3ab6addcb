"""What is there although its type allows that it is not."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def certain(value: T | None) -> T:
    """The value as it is: something else has told already that there is one (a status, mostly)."""
    return value  # type: ignore[return-value]  # no cast(): that is a call, and this one is made often
