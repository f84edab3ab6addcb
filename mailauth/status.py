"""Closed sets of words: what DNS has of a record."""

from __future__ import annotations

import enum


class Word(str, enum.Enum):
    """One of a closed set of words: it is its text, in JSON and wherever it is written."""

    # As the text that it equals; the enum's own is a function in Python, and such words stand in many sets and mappings.
    __hash__ = str.__hash__

    @property
    def value(self) -> str:
        """The text. The enum's own comes to the same by two functions, and a report asks for it some dozen times."""
        return self._value_

    def __str__(self) -> str:
        return str.__str__(self.value)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self.value, format_spec)


class RecordStatus(Word):
    """What stands where a record is looked for."""

    FOUND = "found"
    NONE = "none"  # DNS says that there is none
    SEVERAL = "several"  # where one only may be
    INVALID = "invalid"  # there is one, and it is not as its standard has it
    UNKNOWN = "unknown"  # DNS did not answer what decides
