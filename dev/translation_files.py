"""The translations beside the template of each module: brought up to date with it, and what they lack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

import source_texts
from places import BRIDGES, CHECKOUT, MODULE, bridges

LANGUAGES = {"de": "nplurals=2; plural=(n != 1);", "es": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
WIDTH = 78  # columns, as Odoo wraps them
# What a sentence is filled with; a lone percent sign is none, two of them are one.
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\$\{[^}]*\}|<[^>]+>")
_SAID_BY_TAG = re.compile(r'\b(aria-label|title|placeholder|alt)="[^"]*"')
_DATES = ("POT-Creation-Date", "PO-Revision-Date")


def modules() -> dict[str, Path]:
    """The folder of each module that says something to people, by its name; this one first."""
    return {MODULE: CHECKOUT, **{name: BRIDGES / name for name in bridges() if (BRIDGES / name / "i18n").exists()}}


def template(name: str) -> Path:
    return modules()[name] / "i18n" / f"{name}.pot"


def translations(name: str) -> dict[str, Path]:
    """The file of each language that we ship, whether it is there or not."""
    return {language: modules()[name] / "i18n" / f"{language}.po" for language in LANGUAGES}


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=WIDTH)


def count(name: str) -> Iterator[str]:
    """How many texts there are, and how many are left to translate."""
    yield f"{len(read(template(name)))} texts"
    for language, path in translations(name).items():
        yield f"{language}: {len(read(path).untranslated_entries())} not translated"


def write(path: Path, fresh: polib.POFile) -> None:
    """Write a file, with the dates that it had where nothing else changed: a new date alone is no news."""
    if path.exists():
        before = read(path)
        dates = {name: before.metadata[name] for name in _DATES if name in before.metadata}
        unchanged = polib.POFile(wrapwidth=WIDTH)
        unchanged.header, unchanged.metadata = fresh.header, {**fresh.metadata, **dates}
        unchanged.extend(fresh)
        if str(unchanged) == str(before):
            return
    fresh.save(str(path))


def merge(name: str) -> None:
    """Bring the translations of a module up to date with its template: what is new is empty, what is gone goes.

    Nothing is guessed from similar texts: a sentence that changed is to be translated anew.
    """
    source = read(template(name))
    for language, path in translations(name).items():
        known = {entry.msgid: entry.msgstr for entry in read(path)} if path.exists() else {}
        merged = polib.POFile(wrapwidth=WIDTH)
        merged.header = source.header
        merged.metadata = {**source.metadata, "Language": language, "Plural-Forms": LANGUAGES[language]}
        for entry in source:
            merged.append(polib.POEntry(
                msgid=entry.msgid, msgstr=known.get(entry.msgid, ""), comment=entry.comment, occurrences=entry.occurrences))
        write(path, merged)


def faults(name: str) -> Iterator[str]:
    """What a person who reads another language would miss, a line each."""
    source = read(template(name))
    yield from source_texts.faults(modules()[name], source)
    wanted = {entry.msgid for entry in source}
    for path in translations(name).values():
        if not path.exists():
            yield f"{path.relative_to(CHECKOUT)} is missing"
            continue
        found = {entry.msgid: entry for entry in read(path)}
        where = path.relative_to(CHECKOUT)
        yield from (f"{where}: not there: {text!r}" for text in sorted(wanted - found.keys()))
        yield from (f"{where}: no longer said: {text!r}" for text in sorted(found.keys() - wanted))
        for text in sorted(wanted & found.keys()):
            entry = found[text]
            if not entry.msgstr or entry.fuzzy:
                yield f"{where}: not translated: {text!r}"
            elif fillings(text) != fillings(entry.msgstr):
                yield f"{where}: other placeholders or tags than its source has: {text!r}"
            elif text.strip() and _edges(text) != _edges(entry.msgstr):
                yield f"{where}: begins or ends with another space than its source: {text!r}"


def fillings(text: str) -> list[str]:
    """The placeholders and tags of a text, in order of the alphabet; what a tag says to people may differ."""
    return sorted(_SAID_BY_TAG.sub(r'\1=""', found) for found in _PLACEHOLDER.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text != text.lstrip(), text != text.rstrip()
