"""Values: what the parts of the engine hand to each other, and nobody changes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

__all__ = ["cached_property", "dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
    from functools import cached_property
else:

    class cached_property:
        """:func:`functools.cached_property` as it is from Python 3.12 on: without a lock, which costs more than what is kept."""

        def __init__(self, function):
            self._function = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner, name):
            self._name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = self._function(instance)
            setattr(instance, self._name, value)  # and not in ``__dict__``, which Python makes when it is asked for
            return value

    def dataclass(cls=None, /, *, frozen: bool = False, **options):
        """:func:`dataclasses.dataclass`, but that a frozen one is held to that by mypy (``./dev/test lint``) and not at run time.

        There it costs five times as much to make: Python sets each field through ``object.__setattr__``, and one look at a
        domain makes some hundred values.
        """
        if frozen:
            options.setdefault("unsafe_hash", True)
        return dataclasses.dataclass(cls, **options) if cls is not None else dataclasses.dataclass(**options)
