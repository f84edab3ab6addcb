"""Macro strings: reading them and expanding them (RFC 7208 §7)."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from collections.abc import Mapping

from ..value import dataclass

LETTERS = frozenset("slodipvh")
EXP_LETTERS = frozenset("crt")  # only in the text that "exp" points at (RFC 7208 §7.2)

# Letters whose value the publisher cannot know: who sends, as whom, from where.
SENDER_LETTERS = frozenset("slhr")
MAX_NAME = 253  # RFC 7208 §7.3
MAX_TEXT = 1000  # our limit for an explanation (RFC 7208 §6.2 allows one)

_MACRO = re.compile(r"%\{([A-Za-z])(\d*)([rR]?)([.\-+,/_=]*)\}")
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}


@dataclass(frozen=True)
class Macro:
    """One ``%{…}``: a letter, how many right-hand parts to keep, and how to split."""

    letter: str  # lower case
    escape: bool = False  # the letter was upper case: URL-escape the value
    keep: int = 0  # 0: all parts
    reverse: bool = False
    delimiters: str = ""

    def apply(self, value: str) -> str:
        """The value after the transformers (RFC 7208 §7.3)."""
        if self.keep or self.reverse or self.delimiters:
            parts = re.split("[" + re.escape(self.delimiters or ".") + "]", value)
            if self.reverse:
                parts.reverse()
            if self.keep:
                parts = parts[-self.keep:]
            value = ".".join(parts)
        if self.escape:
            value = urllib.parse.quote(value, safe="-._~", errors="replace")
        return value


@dataclass(frozen=True)
class MacroProblem:
    """Why a piece of a macro string is no macro: ``reason`` and the range of characters."""

    reason: str  # "percent" | "letter" | "exp_only_letter" | "zero" | "form"
    start: int
    end: int


def read_macro_string(text: str, *, explanation: bool = False) -> tuple[list[str | Macro], list[MacroProblem]]:
    """Literal pieces and macros of ``text``, and every error in it.

    ``explanation`` allows the letters of "exp" text. ``%%``, ``%_`` and ``%-`` come
    back as a :class:`str` of their own, so that the last piece tells how a
    domain-spec ends (see :func:`ends_with_macro`).
    """
    pieces: list[str | Macro] = []
    problems: list[MacroProblem] = []
    at = 0
    while at < len(text):
        percent = text.find("%", at)
        if percent < 0:
            pieces.append(text[at:])
            break
        if percent > at:
            pieces.append(text[at:percent])
        pair = text[percent : percent + 2]
        if pair in _ESCAPES:
            pieces.append(_ESCAPES[pair])
            at = percent + 2
            continue
        found = _MACRO.match(text, percent)
        if not found:
            at = _end_of_broken_macro(text, percent)
            problems.append(MacroProblem("form" if pair == "%{" else "percent", percent, at))
            continue
        at = found.end()
        letter, digits, reverse, delimiters = found.groups()
        lower = letter.lower()
        if lower in EXP_LETTERS and not explanation:
            problems.append(MacroProblem("exp_only_letter", percent, at))
        elif lower not in LETTERS and lower not in EXP_LETTERS:
            problems.append(MacroProblem("letter", percent, at))
        significant = digits.lstrip("0")
        if digits and not significant:
            problems.append(MacroProblem("zero", percent, at))
        pieces.append(
            Macro(
                letter=lower,
                escape=letter.isupper(),
                # More parts than a name can have means all of them; int() of a long text would be slow.
                keep=int(significant) if 0 < len(significant) <= 4 else 0,
                reverse=bool(reverse),
                delimiters=delimiters,
            )
        )
    return pieces, problems


def _end_of_broken_macro(text: str, percent: int) -> int:
    if text[percent : percent + 2] != "%{":
        return percent + 1
    brace = text.find("}", percent, percent + 40)
    return brace + 1 if brace >= 0 else percent + 2


def ends_with_macro(text: str) -> bool:
    """Whether a (valid) macro string ends in a macro-expand, which a domain-spec may (RFC 7208 §7.1)."""
    ends = [found.end() for found in re.finditer(r"%(?:\{[^}]*\}|[%_\-])", text)]
    return bool(ends) and ends[-1] == len(text)


def letters(text: str) -> frozenset[str]:
    """The macro letters in ``text``, lower case."""
    if "%" not in text:
        return frozenset()
    return frozenset(piece.letter for piece in read_macro_string(text)[0] if isinstance(piece, Macro))


def expand_name(text: str, values: Mapping[str, str]) -> str:
    """The name that a (valid) domain-spec stands for; ``values`` by letter.

    At most 253 characters: whole labels are removed on the left (RFC 7208 §7.3), and so
    is one final dot. A name is made from its right end on, so that no record can make it long.
    """
    if "%" not in text and len(text) <= MAX_NAME:
        return text.removesuffix(".")
    pieces = read_macro_string(text)[0] if "%" in text else [text]
    done: list[str] = []
    size = 0
    for piece in reversed(pieces):
        done.append(piece if isinstance(piece, str) else piece.apply(values.get(piece.letter, "")))
        size += len(done[-1])
        if size > 2 * MAX_NAME:
            break
    name = "".join(reversed(done))
    if name.endswith("."):
        name = name[:-1]
    if len(name) > MAX_NAME:
        dot = name.find(".", len(name) - MAX_NAME - 1)
        name = name[dot + 1 :] if dot >= 0 else name[-MAX_NAME:]
    return name


def expand_text(text: str, values: Mapping[str, str]) -> str:
    """The text of a (valid) explain-string, cut at :data:`MAX_TEXT` characters."""
    done: list[str] = []
    size = 0
    for piece in read_macro_string(text, explanation=True)[0]:
        done.append(piece if isinstance(piece, str) else piece.apply(values.get(piece.letter, "")))
        size += len(done[-1])
        if size > MAX_TEXT:
            break
    return "".join(done)[:MAX_TEXT]


def address_value(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """``%{i}``: dotted quad, or 32 dotted nibbles for IPv6."""
    if ip.version == 4:
        return str(ip)
    return ".".join(ip.exploded.replace(":", "").upper())
