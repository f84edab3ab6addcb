"""The ``tag=value; tag=value`` lists of DKIM keys and DMARC policies, each part with its place (RFC 6376 §3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from ..finding import Finding
from ..value import dataclass

Span = tuple[int, int]

MAX_TAGS = 128  # what comes after so many semicolons stays one piece of text
MAX_SHOWN = 200  # characters of a record that a parameter repeats

_SPACE = " \t\r\n"


@dataclass(frozen=True)
class Tag:
    """One part of the list. ``name`` is empty for text without ``=``, which then is the ``value``.

    Spans are half-open ranges of characters in the record; white space around names and
    values belongs to neither (RFC 6376 §3.2).
    """

    name: str
    value: str
    name_span: Span
    value_span: Span
    position: int  # 0 for the first part

    @property
    def span(self) -> Span:
        return self.name_span[0], self.value_span[1]


@dataclass(frozen=True)
class Problem:
    """Something noticed in a record's text, before it is known to which name the record belongs."""

    code: str
    span: Span | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    def finding(self, name: str, record: str) -> Finding:
        return Finding(self.code, name, self.params, record, self.span)


def split(text: str) -> tuple[Tag, ...]:
    """The parts between the semicolons, without the empty one after the last. Takes any text."""
    tags = []
    start = 0
    for position, part in enumerate(text.split(";", MAX_TAGS)):
        if "=" in part or part.strip(_SPACE) or position == 0:
            tags.append(_tag(part, start, position))
        elif start + len(part) < len(text):
            tags.append(Tag("", "", (start, start), (start, start + len(part)), position))
        start += len(part) + 1
    return tuple(tags)


def _tag(part: str, start: int, position: int) -> Tag:
    name, equals, value = part.partition("=")
    before, span = _trimmed(name, start)
    if not equals:
        return Tag("", before, (span[0], span[0]), span, position)
    behind, value_span = _trimmed(value, start + len(name) + 1)
    return Tag(before, behind, span, value_span, position)


def _trimmed(piece: str, start: int) -> tuple[str, Span]:
    """The piece that begins at ``start`` without the white space around it, and its span; an empty one at the end of nothing."""
    text = piece.strip(_SPACE)
    if len(text) < len(piece):
        start += piece.find(text) if text else len(piece)
    return text, (start, start + len(text))


def shown(text: str) -> str:
    """The text short enough for a parameter of a finding."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


CURLY_QUOTES = "“”„‟‘’‚‛«»″′"
_CURLY = re.compile(f"[{CURLY_QUOTES}]+")


def curly_quotes(text: str) -> tuple[Span, ...]:
    """Where typographic quotes stand: word processors and some web pages make them of plain ones."""
    return () if text.isascii() else tuple(match.span() for match in _CURLY.finditer(text))
