"""The text of a DMARC policy record: its tags, their places, and every error (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ..records.taglist import CURLY_QUOTES, Problem, Tag, curly_quotes, shown, split
from ..status import Word
from ..value import cached_property, dataclass
from .report_uri import ReportUri, read_uris

POLICIES = ("none", "quarantine", "reject")  # from the weakest to the strictest
ACTIVE_TAGS = ("v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "psd", "t")
REMOVED_TAGS = ("pct", "rf", "ri")
MAX_PROBLEMS = 32

_TAGS = frozenset((*ACTIVE_TAGS, *REMOVED_TAGS))

_POLICY_TAGS = ("p", "sp", "np")
_ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(_POLICY_TAGS, frozenset(POLICIES)),
    "adkim": frozenset("rs"),
    "aspf": frozenset("rs"),
    "psd": frozenset("ynu"),
    "t": frozenset("yn"),
}
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
# How texts begin that nobody writes for anything but DMARC, however wrong they are.
_INTENDED = re.compile(
    rf"[\s\"'{CURLY_QUOTES}]{{0,8}}(?:v[ \t]{{0,8}}[=:][\s\"'{CURLY_QUOTES}]{{0,8}})?dmarc\W{{0,3}}[0-9]"
    rf"|[\s\"'{CURLY_QUOTES}]{{0,8}}(?:p|sp|np)[ \t]{{0,8}}=[ \t]{{0,8}}(?:none|quarantine|reject)\b"
    r"|[^;]{0,300};[ \t]{0,8}v[ \t]{0,8}=[ \t]{0,8}DMARC1",
    re.IGNORECASE,
)
_LOST_SEMICOLON = re.compile(
    rf"[\s,:|]({'|'.join(sorted(_TAGS, key=lambda tag: (-len(tag), tag)))})[ \t]*=",
    re.IGNORECASE,
)
_FO = re.compile(r"[01ds](?::[01ds])*", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Effect(Word):
    """What receivers do with a record once they have found it (RFC 9989 §4.10.1)."""

    AS_WRITTEN = "as_written"
    AS_NONE = "as_none"  # p missing or bad, or sp or np bad, and a valid rua is there
    NO_PROCESSING = "no_processing"  # the same without a valid rua


@dataclass(frozen=True)
class DmarcRecord:
    """What the text of one TXT record says as a DMARC record. Values are those that count, defaults included.

    ``valid`` tells whether receivers take it for a DMARC record at all (its first tag is
    ``v=DMARC1``); the other fields mean nothing otherwise. ``p``, ``sp`` and ``np`` are
    ``None`` where the tag is missing or bad, ``bad_policies`` names the bad ones.
    """

    text: str
    valid: bool
    tags: tuple[Tag, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)  # lower-case name → value, first one if repeated
    p: str | None = None
    sp: str | None = None
    np: str | None = None
    bad_policies: tuple[str, ...] = ()
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    adkim: str = "r"
    aspf: str = "r"
    psd: str = "u"
    testing: bool = False
    pct: int = 100  # what RFC 7489 receivers read
    problems: tuple[Problem, ...] = ()

    @cached_property
    def effect(self) -> Effect:
        """For RFC 9989 receivers."""
        return self._effect(self.p is None or bool(self.bad_policies))

    @property
    def legacy_effect(self) -> Effect:
        """For RFC 7489 receivers, to whom ``np`` is an unknown tag (RFC 7489 §6.6.3)."""
        return self._effect(self.p is None or "sp" in self.bad_policies)

    def _effect(self, broken: bool) -> Effect:
        if not broken:
            return Effect.AS_WRITTEN
        return Effect.AS_NONE if any(uri.valid for uri in self.rua) else Effect.NO_PROCESSING


def is_dmarc(text: str) -> bool:
    """Whether receivers take the text for a DMARC record: its first tag is ``v=DMARC1`` (RFC 9989 §4.10)."""
    return _VERSION.match(text) is not None


def means_dmarc(text: str) -> bool:
    """Whether somebody wrote the text as a DMARC record, right or wrong."""
    return is_dmarc(text) or _INTENDED.match(text) is not None


def parse(text: str) -> DmarcRecord:
    """Read a text as a DMARC record. Takes any text, and reports every problem with its place."""
    tags = split(text)
    problems = _pasted(text)
    first: dict[str, Tag] = {}  # of each name
    for tag in tags:
        if tag.name in _TAGS and tag.name not in first:
            first[tag.name] = tag
            continue
        name = tag.name.lower()
        problems += _shape(tag, name in first)
        if name:
            first.setdefault(name, tag)
    values = {name: tag.value for name, tag in first.items()}
    valid = is_dmarc(text)
    if not valid:
        problems.insert(0, _no_version(text, tags))
        return DmarcRecord(text, False, tags, values, problems=_bounded(problems))

    uris: dict[str, tuple[ReportUri, ...]] = {"rua": (), "ruf": ()}
    bad_policies = []
    chosen: dict[str, str] = {}  # of the tags with few values, those that have one of them
    for name, tag in first.items():
        lost = _LOST_SEMICOLON.search(tag.value) if name in _TAGS and "=" in tag.value else None
        if lost:
            at = tag.value_span[0] + lost.start()
            params = {"tag": name, "next": lost.group(1).lower()}
            problems.append(Problem("dmarc.lost_semicolon", (at, at + 1), params))
        if name in uris:
            uris[name], found = read_uris(name, tag.value, tag.value_span[0])
            problems += found
        elif name in _ALLOWED and tag.value.lower() in _ALLOWED[name]:
            chosen[name] = tag.value.lower()
        elif name in _POLICY_TAGS:
            bad_policies.append(name)
            problems.append(Problem("dmarc.bad_policy", tag.span, {"tag": name, "value": shown(tag.value)}))
        elif name in _ALLOWED or name == "fo" and not _is_fo(tag.value):
            problems.append(Problem("dmarc.bad_tag", tag.span, {"tag": name, "value": shown(tag.value)}))
        if name in REMOVED_TAGS:
            problems.append(Problem("dmarc.removed_tag", tag.span, {"tag": name, "value": shown(tag.value)}))

    fields: dict[str, Any] = {
        "text": text,
        "valid": True,
        "tags": tags,
        "values": values,
        "p": chosen.get("p"),
        "sp": chosen.get("sp"),
        "np": chosen.get("np"),
        "bad_policies": tuple(bad_policies),
        "rua": uris["rua"],
        "ruf": uris["ruf"],
        "adkim": chosen.get("adkim", "r"),
        "aspf": chosen.get("aspf", "r"),
        "psd": chosen.get("psd", "u"),
        "testing": chosen.get("t") == "y",
        "pct": _percent(values.get("pct")),
    }
    record = DmarcRecord(**fields)
    problems += _consequences(record, first)
    return DmarcRecord(**fields, problems=_bounded(problems)) if problems else record


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(problems[:MAX_PROBLEMS])


def _pasted(text: str) -> list[Problem]:
    if text.isascii() and '"' not in text and "\\" not in text:
        return []
    problems = [Problem("dmarc.curly_quotes", span) for span in curly_quotes(text)[:4]]
    for code, character in (("dmarc.pasted_quotes", '"'), ("dmarc.pasted_backslash", "\\;")):
        at = text.find(character)
        if at >= 0:
            problems.append(Problem(code, (at, at + 1)))
    return problems


def _shape(tag: Tag, repeated: bool) -> list[Problem]:
    """What is wrong with one part of the list whatever its value; its name is none of the tags, or is there a second time."""
    if not tag.name:
        if not tag.value:
            return [Problem("dmarc.empty_tag", tag.value_span)]
        if re.match(r"(?i)mailto:", tag.value):
            return [Problem("dmarc.uri_separator", tag.value_span, {"tag": "rua"})]
        return [Problem("dmarc.stray_text", tag.value_span, {"text": shown(tag.value)})]
    name = tag.name.lower()
    if repeated:
        return [Problem("dmarc.duplicate_tag", tag.span, {"tag": shown(name)})]
    bare = name.strip(f'"{CURLY_QUOTES}')  # pasted quotes are a problem of their own
    if not _NAME.fullmatch(bare):
        return [Problem("dmarc.stray_text", tag.span, {"text": shown(tag.name)})]
    if bare not in _TAGS:
        return [Problem("dmarc.unknown_tag", tag.span, {"tag": shown(tag.name)})]
    if tag.name != name:
        return [Problem("dmarc.tag_case", tag.name_span, {"tag": tag.name})]
    return []


def _no_version(text: str, tags: tuple[Tag, ...]) -> Problem:
    """Why the text is not taken for a DMARC record."""
    first = tags[0]
    after = re.match(r"DMARC1[\s,|:]+(?=\w+[ \t]*=)", first.value) if first.name.lower() == "v" else None
    if after and text[:1] in "vV":
        at = first.value_span[0] + len("DMARC1")
        return Problem("dmarc.lost_semicolon", (at, at + 1), {"tag": "v", "next": ""})
    if first.name.lower() == "v":
        reason = "leading_space" if text[:1].isspace() else "value"
        return Problem("dmarc.bad_version", first.span, {"reason": reason, "value": shown(first.value)})
    for tag in tags[1:]:
        if tag.name.lower() == "v":
            return Problem("dmarc.bad_version", tag.span, {"reason": "not_first", "value": shown(tag.value)})
    return Problem("dmarc.bad_version", first.span, {"reason": "missing", "value": ""})


def _is_fo(value: str) -> bool:
    options = value.lower().split(":")
    return bool(_FO.fullmatch(value)) and len(options) == len(set(options)) and not {"0", "1"} <= set(options)


def _percent(value: str | None) -> int:
    if value is None or not re.fullmatch(r"[0-9]{1,3}", value):
        return 100
    return min(int(value), 100)


def _consequences(record: DmarcRecord, first: Mapping[str, Tag]) -> list[Problem]:
    """What follows from the tags together, of which these are the first of each name."""
    problems = []
    if "p" not in record.values:
        problems.append(Problem("dmarc.missing_policy"))
    elif record.tags[1].name.lower() != "p":
        problems.append(Problem("dmarc.policy_not_second", first["p"].span))
    if record.effect is Effect.AS_NONE:
        problems.append(Problem("dmarc.read_as_none", params={"bad": list(record.bad_policies)}))
    elif record.effect is Effect.NO_PROCESSING:
        problems.append(Problem("dmarc.no_processing", params={"bad": list(record.bad_policies)}))
    if record.pct < 100:
        problems.append(Problem("dmarc.pct_partial", first["pct"].span, {"pct": record.pct}))
    if record.testing:
        problems.append(Problem("dmarc.testing", first["t"].span, {"p": record.p or "none"}))
    if record.psd == "y":
        problems.append(Problem("dmarc.psd_yes", first["psd"].span))
    if "fo" in record.values and "ruf" not in record.values:
        problems.append(Problem("dmarc.fo_without_ruf", first["fo"].span))
    if not record.rua:
        problems.append(Problem("dmarc.no_rua"))
    if record.effect is Effect.AS_WRITTEN:
        problems += _strengths(record, first)
    return problems


def _strengths(record: DmarcRecord, first: Mapping[str, Tag]) -> list[Problem]:
    problems = []
    p, sp, np = record.p, record.sp or record.p, record.np or record.sp or record.p
    if p == "none":
        problems.append(Problem("dmarc.policy_none", first["p"].span))
    if POLICIES.index(sp) < POLICIES.index(p):
        problems.append(Problem("dmarc.weaker_subdomain", first["sp"].span, {"p": p, "sp": sp}))
    if POLICIES.index(np) < POLICIES.index(sp):
        problems.append(Problem("dmarc.weaker_nonexistent", first["np"].span, {"sp": sp, "np": np}))
    return problems
