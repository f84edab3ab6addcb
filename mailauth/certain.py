"""What is there although its type allows that it is not."""

from __future__ import annotations

from typing import TypeVar, cast

T = TypeVar("T")


def certain(value: T | None) -> T:
    """The value as it is: something else has told already that there is one (a status, mostly)."""
    return cast(T, value)
