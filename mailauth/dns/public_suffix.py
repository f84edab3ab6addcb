"""The public suffix list: under which names anybody may register one (https://publicsuffix.org/list/).

The list is the one that the optional package ``publicsuffixlist`` brings. It is read here
because the package takes twenty times as long for it, which the first check would wait for.
"""

from __future__ import annotations

import functools
import re

from .names import to_unicode

_RULE = re.compile(r"^[^/\s]\S*", re.MULTILINE)  # a line up to the first white space, unless it is a comment


@functools.lru_cache(maxsize=1)
def suffix_rules() -> frozenset[str] | None:
    """The rules as they stand in the list, read once when they are needed; ``None`` without the package."""
    try:
        from publicsuffixlist import PSLFILE
    except ImportError:
        return None
    with open(PSLFILE, "rb") as file:
        return frozenset(_RULE.findall(file.read().decode("utf-8")))


def private_suffix(name: str) -> str | None:
    """The public suffix of a name and one label more; ``None`` for a public suffix, and without the package.

    ``name`` is what :func:`mailauth.dns.names.to_ascii` gives. A top-level domain that the list
    does not know is a public suffix.
    """
    rules = suffix_rules()
    if rules is None:
        return None
    labels = name.split(".")
    length = _suffix_length(rules, to_unicode(name).split("."))
    return ".".join(labels[-length - 1 :]) if length < len(labels) else None


def _suffix_length(rules: frozenset[str], labels: list[str]) -> int:
    """Of how many labels the public suffix is made; the rule with the most labels counts, an exception first."""
    whole = ".".join(labels)
    if f"*.{whole}" in rules:  # what has only public suffixes below it is one
        return len(labels)
    rest = whole
    for length in range(len(labels), 1, -1):
        if f"!{rest}" in rules:
            return length - 1
        above = rest.partition(".")[2]
        if rest in rules or f"*.{above}" in rules:
            return length
        rest = above
    return 1
