"""Closed sets of words: what DNS has of a record."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:

    class Word(str, enum.Enum):
        """One of a closed set of words: it is its text, in JSON and wherever it is written."""

else:

    class _Words(type):
        """The type of a closed set: each text in its body becomes one of its words.

        To who reads and to mypy it is an :class:`enum.Enum`. That one has Python before 3.12 go through a function whenever a
        member is looked up in its class, and a look at a domain does that some two hundred times.
        """

        def __new__(metaclass, name, bases, body):
            texts = {key: text for key, text in body.items() if isinstance(text, str) and not key.startswith("_")}
            cls = super().__new__(metaclass, name, bases, {key: one for key, one in body.items() if key not in texts})
            cls._words = {text: str.__new__(cls, text) for text in texts.values()}
            for key, text in texts.items():
                word = cls._words[text]
                word.name, word.value = key, text
                setattr(cls, key, word)
            return cls

        def __call__(cls, text):
            word = cls._words.get(text)
            if word is None:
                raise ValueError(f"{text!r} is not a valid {cls.__qualname__}")
            return word

        def __iter__(cls):
            return iter(cls._words.values())

        def __reversed__(cls):
            return reversed(cls._words.values())

        def __len__(cls):
            return len(cls._words)

    class Word(str, metaclass=_Words):
        """One of a closed set of words: it is its text, in JSON and wherever it is written."""

        def __reduce__(self):
            return type(self), (self.value,)

        def __repr__(self):
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"


class RecordStatus(Word):
    """What stands where a record is looked for."""

    FOUND = "found"
    NONE = "none"  # DNS says that there is none
    SEVERAL = "several"  # where one only may be
    INVALID = "invalid"  # there is one, and it is not as its standard has it
    UNKNOWN = "unknown"  # DNS did not answer what decides
