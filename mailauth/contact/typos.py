"""Typing mistakes of the domains of well-known mail providers: which one was meant."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from ..dns.names import domain_of
from ..value import dataclass

# Rows of keys as they lie below each other (QWERTY, QWERTZ and AZERTY): what is a key's neighbour on one of them is one.
_KEYBOARDS = (
    ("1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm,."),
    ("1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm,.-"),
    ("1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn,."),
)


@dataclass(frozen=True)
class _Known:
    """``typos`` and ``endings`` lead to what was meant; ``providers`` are nobody's mistake."""

    providers: tuple[str, ...]
    typos: dict[str, str]
    endings: dict[str, str]


def likely_typo(domain: str, unreachable: bool) -> str | None:
    """The provider's domain that was probably meant, ``None`` if the domain is no likely typing mistake.

    ``domain`` may be written in any way. Those of a curated list are one whether they take mail or not (most are owned by
    people who wait for it). What is one adjacent key or one transposition away from a provider is one only if it is
    ``unreachable``: if it is known that it cannot receive mail. What is a provider itself never is, nor what lies that
    near to two of them.
    """
    name, known = domain_of(domain), _known()
    if name in known.providers:
        return None
    rest, _dot, ending = name.rpartition(".")
    right = f"{rest}.{known.endings.get(ending, ending)}"
    meant = known.typos.get(right) or (right if right in known.providers and right != name else None)
    if meant or not unreachable:
        return meant
    near = [provider for provider in known.providers if len(provider) == len(name) and is_slip(provider, name)]
    return near[0] if len(near) == 1 else None


def is_slip(meant: str, typed: str) -> bool:
    """Whether one key beside the right one was hit, or two characters that follow each other change places."""
    at = [number for number, (one, other) in enumerate(zip(meant, typed)) if one != other]
    if len(meant) != len(typed) or not at:
        return False
    if len(at) == 1:
        return typed[at[0]] in neighbours(meant[at[0]])
    first, *others = at
    return others == [first + 1] and meant[first] == typed[first + 1] and meant[first + 1] == typed[first]


@functools.lru_cache(maxsize=64)
def neighbours(key: str) -> frozenset[str]:
    """The keys around one, on any of the keyboards: rows stand half a key apart."""
    found: set[str] = set()
    for rows in _KEYBOARDS:
        for number, row in enumerate(rows):
            at = row.find(key)
            if at < 0:
                continue
            found.update(row[max(at - 1, 0):at + 2])
            if number:
                found.update(rows[number - 1][at:at + 2])
            if number + 1 < len(rows):
                found.update(rows[number + 1][max(at - 1, 0):at + 1])
    return frozenset(found - {key})


@functools.lru_cache(maxsize=1)
def _known() -> _Known:
    found = json.loads(Path(__file__).with_name("typos.json").read_text(encoding="utf-8"))
    return _Known(
        providers=tuple(found["providers"]),
        typos={typo: meant for meant, kinds in found["typos"].items() for typos in kinds.values() for typo in typos},
        endings={wrong: right for right, endings in found["endings"].items() for wrong in endings},
    )
