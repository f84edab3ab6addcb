"""What is other in a record than in the one before it, part by part: terms of SPF, tags of DKIM, DMARC and their like."""

from __future__ import annotations

from collections import Counter

from ..value import dataclass
from . import taglist

_SPF = "v=spf1"


@dataclass(frozen=True)
class Difference:
    """The parts that came and those that are gone, as they are written; neither where only order or space is another."""

    came: tuple[str, ...]
    gone: tuple[str, ...]


def compare(before: str, after: str) -> Difference | None:
    """How one record differs from another; ``None`` where they are not of one kind that has parts. Takes any text."""
    old, new = _parts(before), _parts(after)
    if not old or not new or old[0].lower() != new[0].lower():
        return None
    return Difference(_without(new, old), _without(old, new))


def _parts(record: str) -> list[str]:
    words = record.split()
    if words and words[0].lower() == _SPF:
        return words
    return [f"{tag.name}={tag.value}" if tag.name else tag.value for tag in taglist.split(record) if tag.name or tag.value] \
        if ";" in record else []


def _without(parts: list[str], others: list[str]) -> tuple[str, ...]:
    left = Counter(others)
    kept = []
    for part in parts:
        left[part] -= 1
        if left[part] < 0:
            kept.append(part)
    return tuple(kept)
