"""What nobody can translate: words of code that Odoo takes for texts, sentences that templates make of pieces, "1 emails"."""

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

# What follows a number and is wrong of one: "%(count)s new emails", "%(count)s were", "%(count)s of them".
_FOLLOWED = re.compile(r"%(?:\((\w+)\))?s((?: [A-Za-z]+){1,3})")
_PLURAL_NOUN = re.compile(r"\w*[^\Waiusy]s|\w+[aeou]ys", re.IGNORECASE)
_NO_NOUN = {"as", "was", "has", "does", "its", "this"}
_PLURAL_VERB = {"are", "were", "have", "do"}
# Parameters that hold a name, an address, a date: what follows is no noun of theirs.
_NAMES = {
    "address", "at", "behind", "company", "domain", "email", "envelope_domain", "examples", "from", "from_domain", "from_email",
    "host", "line", "name", "other", "p", "parameter", "parameters", "policy_domain", "receiver", "seen_at", "server", "service",
    "services", "since", "sp", "terms", "user"}
# Numbers that are never one, and why.
NEVER_ONE = {
    "bits": "of a key", "octets": "of records that are too large", "message_octets": "of an answer that is too large",
    "limit": "a bound of ours or of a standard", "looked_at": "a bound of ours", "milliseconds": "ms is said of one, too",
    "lookups": "more than ten", "questions": "several of each domain", "days": "30 at least, checking/retention.py"}
# Texts, by how they begin, in which a number is never one, and why.
NOT_OF_ONE = {
    "%(count)s entries of the list of permitted servers": "more than receivers accept, which are two",
    "%(count)s times the list of permitted servers": "more than some receivers accept, which are two",
    "%(published)s of %(count)s records published": "one record has a text of its own",
    "%s problems inside Odoo": "one problem has a text of its own",
    "A link needs a host name that leads to one database.": "several, or there is no obstacle",
    "At %(name)s there are %(count)s records that ask others to encrypt": "several, or it is no finding",
    "Nothing was sent: mail from %s leaves": "a name",
    "On %(since)s receivers reported %(messages)s emails from unknown sources": "100 at least, receiving/events.py",
    "Please change the DNS of %s as follows": "a name",
    "Since %(since)s receivers reported %(messages)s emails of yours": "100 at least, receiving/events.py",
    "The system parameter %s names": "a name",
    "There are %(count)s SPF records": "several, or there is no such verdict",
    "There are %(count)s addresses after": "more than two",
    "There are %(count)s keys": "several, or it is no finding",
    "There are %(count)s lists": "several, or it is no finding",
    "There are %(count)s sets": "several, or it is no finding",
    "To read the list of permitted servers (the SPF record), receivers have to ask DNS": "more than ten",
    "Your instructions (the DMARC record) at %(name)s name %(count)s places": "more than are checked",
}


def faults(folder: Path, entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """A line for each of them.

    :param folder: of the module
    :param entries: of its template of translations
    """
    entries = list(entries)
    yield from code_words(folder, entries)
    yield from pieces(folder)
    yield from beginnings(entries)
    yield from plurals(folder, entries)


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


def plurals(folder: Path, entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """Texts that are wrong of the number one, and that no ``Counted`` (texts/filling.py) has another one beside."""
    counted = {text for file in folder.rglob("*.py") for text in _said_of_others(ast.parse(file.read_bytes()))}
    for entry in entries:
        for parameter, follows in _FOLLOWED.findall(entry.msgid):
            if parameter in _NAMES or parameter in NEVER_ONE or not (words := _plural(follows.split())):
                continue
            if (parameter, entry.msgid) not in counted and not entry.msgid.startswith(tuple(NOT_OF_ONE)):
                yield f"{entry.occurrences[0][0]}: wrong of 1 ({words}): {entry.msgid!r} (see Counted in texts/filling.py)"


def _plural(words: list[str]) -> str:
    """The words up to the one that is in the plural, or an empty text."""
    for number, word in enumerate(words, 1):
        is_noun = _PLURAL_NOUN.fullmatch(word) and word not in _NO_NOUN
        if is_noun or word in _PLURAL_VERB or words[:2] == ["of", "them"]:
            return " ".join(words[:number])
    return ""


def _said_of_others(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """``(parameter, text)`` of each text that a ``Counted`` says of other numbers than one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "Counted" and len(node.args) == 3:
            parameter, _one, other = node.args
            yield from ((ast.literal_eval(parameter), text) for text in _said(other))


def _said(tree: ast.AST) -> Iterator[str]:
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
