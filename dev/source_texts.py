"""What nobody can translate: words of code that Odoo takes for texts, and sentences that templates make of pieces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from lxml import etree

FUNCTIONS = {"_", "_lt"}
TEMPLATES = ("static/src", "views", "wizard")  # an email's template is one text, with what it is filled with
# Elements that stand within a sentence, and what makes one of them a value.
_INLINE = {"t", "span", "b", "strong", "i", "em", "u", "del", "ins", "code", "small", "time", "a"}
_VALUE = {"t-esc", "t-out", "t-field"}
# "e.g. ..." in an empty field, or a name: of a parameter, a domain, an address.
_NO_SENTENCE = re.compile(r"e\.g\. |\S+[.@=]\S")


def faults(folder: Path, entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """A line for each of them.

    :param folder: of the module
    :param entries: of its template of translations
    """
    entries = list(entries)
    yield from code_words(folder, entries)
    yield from pieces(folder)
    yield from beginnings(entries)


def code_words(folder: Path, entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """Texts of Python files that no call for a translation is given: ``env._(TEXTS['count'])`` makes ``count`` one of them."""
    said = {text for file in folder.rglob("*.py") for text in _said(ast.parse(file.read_bytes()))}
    for entry in entries:
        files = [path for path, _line in entry.occurrences if path.startswith("code:") and path.endswith(".py")]
        if files and entry.msgid not in said:
            yield f"{files[0].removeprefix('code:')}: the text of no call, a word of code: {entry.msgid!r} (see texts/filling.py)"


def pieces(folder: Path) -> Iterator[str]:
    """Sentences in templates that a value interrupts: translators see the pieces, each by itself.

    What ends in a colon is a label, and no sentence: ``Full name: <t t-esc="name"/>``.
    """
    for file in sorted(file for place in TEMPLATES for file in (folder / place).rglob("*.xml")):
        for element in etree.parse(file).iter(etree.Element):
            texts = [(-1, element.text), *((number, child.tail) for number, child in enumerate(element))]
            said = [(number, " ".join(text.split())) for number, text in texts if _has_letters(text)]
            values = [number for number, child in enumerate(element) if _is_value(child)]
            is_label = len(said) == 1 and said[0][1].endswith(":") and said[0][0] < min(values, default=0)
            if said and values and not is_label:
                shown = " … ".join(text for _number, text in said)
                yield (f"{file.relative_to(folder)}:{element.sourceline}: a sentence in pieces: {shown!r} "
                       "(a whole one with placeholders: static/src/sentence, or a text of texts/)")


def beginnings(entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """Texts of templates that do not begin, or do not end, as a sentence or a label does."""
    for entry in entries:
        places = [path for path, _line in entry.occurrences if path.startswith("model_terms:") or path.endswith(".xml")]
        text = re.sub(r"<[^>]+>", "", entry.msgid).strip()
        if places and not _NO_SENTENCE.match(text) and (re.match(r"[a-z]|[,.;:)]", text) or text.endswith((",", "("))):
            yield f"{places[0]}: a piece of a sentence: {entry.msgid!r}"


def _said(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in FUNCTIONS and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_value(element) -> bool:
    if element.tag == "field":
        return True
    return element.tag in _INLINE and (
        bool(_VALUE & set(element.attrib)) or not _has_letters(element.text) and any(_is_value(child) for child in element))


def _has_letters(text: str | None) -> bool:
    return bool(re.search(r"[^\W\d_]", text or ""))
