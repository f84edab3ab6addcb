"""The text of a DKIM key record: its tags, its key, and every error with its place (RFC 6376 §3.6.1, RFC 8463)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import field, replace

from ..certain import certain
from ..records.taglist import CURLY_QUOTES, Problem, Tag, curly_quotes, shown, split
from ..status import Word
from ..value import cached_property, dataclass
from .public_key import PublicKey, pem_frame, read

KEY_TYPES = ("rsa", "ed25519")
MIN_BITS, GOOD_BITS, MAX_BITS = 1024, 2048, 4096  # RFC 8301 §3.2
MAX_PROBLEMS = 32

# What makes receivers ignore the record (RFC 6376 §6.1.2 step 5).
_FATAL = frozenset(
    f"dkim.{what}"
    for what in (
        "bad_version", "version_not_first", "lost_semicolon", "stray_text", "duplicate_tag", "curly_quotes",
        "pasted_quotes", "pasted_backslash", "no_public_key", "pem_pasted", "private_key", "bad_base64",
        "truncated_key", "bad_key", "key_type_mismatch", "unknown_key_type",
    )
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SMALL = frozenset("vhknst")  # of "P=" it is said that there is no p=
_LOST_SEMICOLON = re.compile(r"[\s,:]([vkptshng])[ \t]*=")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/]{40}")
_VERSION = re.compile(rf"[\s\"{CURLY_QUOTES}]*v[ \t]*=[\s\"{CURLY_QUOTES}]*DKIM", re.IGNORECASE)


class KeyStatus(Word):
    """Whether a record holds a key, the best first."""

    VALID = "valid"
    REVOKED = "revoked"  # an empty p=
    MALFORMED = "malformed"  # receivers ignore the record


@dataclass(frozen=True)
class KeyRecord:
    """What the text of one TXT record says as a DKIM key.

    ``status``: ``valid``, ``revoked`` (an empty ``p=``) or ``malformed`` (receivers ignore the
    record; the problems say why). ``hashes`` is ``None`` where every hash is allowed.
    """

    text: str
    status: KeyStatus
    tags: tuple[Tag, ...] = ()
    key_type: str = "rsa"
    key: PublicKey = field(default_factory=PublicKey)
    hashes: tuple[str, ...] | None = None
    services: tuple[str, ...] = ("*",)
    flags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def testing(self) -> bool:
        return "y" in self.flags

    @property
    def sha1_only(self) -> bool:
        """Whether ``h=`` leaves no hash that receivers still take (RFC 8301 §3.1)."""
        return self.hashes is not None and "sha256" not in self.hashes

    @property
    def for_email(self) -> bool:
        return bool({"*", "email"} & set(self.services))

    @cached_property
    def usable(self) -> bool:
        """Whether a signature made with the key can be valid anywhere today."""
        weak = self.key.kind == "rsa" and (self.key.bits or 0) < MIN_BITS
        return self.status is KeyStatus.VALID and not weak and not self.sha1_only and self.for_email


def means_key(text: str) -> bool:
    """Whether somebody published the text as a DKIM key, right or wrong; a verification token is none."""
    if _VERSION.match(text):
        return True
    values = _values(split(text))
    if values.get("v", "").upper().startswith("DKIM"):  # at the wrong place
        return True
    p = values.get("p")
    if p is not None and (_BASE64_RUN.search(re.sub(r"\s+", "", p)) or "BEGIN" in p):
        return True
    if "v" in values:  # v=spf1, v=DMARC1 and their like
        return "k" in values and "p" in values
    if p == "" or values.get("k", "").lower() in KEY_TYPES:
        return True
    return "BEGIN PUBLIC KEY" in text or re.match(r'\s*"?MI[A-Za-z0-9+/]{38}', text) is not None


def parse(text: str) -> KeyRecord:
    """Read a text as a key record. Takes any text, and reports every problem with its place."""
    tags = split(text)
    values = _values(tags)
    problems = _pasted(text, tags) + _shapes(tags) + _version(tags)
    key_type = values.get("k", "rsa").lower()
    if key_type not in KEY_TYPES:
        # A lost semicolon has put more than the type into the value.
        if not _lost_semicolon(values["k"]):
            span = next(tag.span for tag in tags if tag.name == "k")
            problems.append(Problem("dkim.unknown_key_type", span, {"key_type": shown(values["k"])}))
        key_type = key_type.split()[0] if key_type.split()[:1] else key_type
    key = PublicKey()
    p = next((tag for tag in tags if tag.name == "p"), None)
    if p is None:
        problems += [_no_public_key(tags), *pem_frame(text)]
    elif p.value:
        if key_type in KEY_TYPES:
            key = read(p.value, p.value_span[0], key_type)
        problems += key.problems
    problems += [
        Problem("dkim.lost_semicolon", (tag.value_span[0] + at, tag.value_span[0] + at + 1), {"tag": tag.name})
        for tag in tags
        for at in [_lost_semicolon(tag.value)]
        if at is not None and tag.name in ("v", "k", "t", "s", "h", *(("p",) if key.problems else ()))
    ]
    fatal = any(problem.code in _FATAL for problem in problems)
    revoked = p is not None and not p.value
    record = KeyRecord(
        text=text,
        status=KeyStatus.MALFORMED if fatal else KeyStatus.REVOKED if revoked else KeyStatus.VALID,
        tags=tags,
        key_type=key_type,
        key=key,
        hashes=_listed(values["h"]) if "h" in values else None,
        services=_listed(values.get("s", "*")),
        flags=_listed(values.get("t", "")),
    )
    problems += _quality(record, {tag.name: tag.span for tag in reversed(tags)})
    return replace(record, problems=tuple(problems[:MAX_PROBLEMS]))


def _values(tags: tuple[Tag, ...]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for tag in tags:
        if tag.name:
            values.setdefault(tag.name, tag.value)
    return values


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip().lower() for item in value.split(":") if item.strip())


def _lost_semicolon(value: str) -> int | None:
    match = _LOST_SEMICOLON.search(value)
    return match.start() if match else None


def _pasted(text: str, tags: tuple[Tag, ...]) -> list[Problem]:
    """Characters of somebody's editor or zone file; in notes (``n=``) they are nobody's business."""
    notes = [tag.span for tag in tags if tag.name == "n"]

    def outside(span: tuple[int, int]) -> bool:
        return not any(begin <= span[0] < end for begin, end in notes)

    problems = [Problem("dkim.curly_quotes", span) for span in curly_quotes(text)[:64] if outside(span)][:4]
    for code, pattern in (("dkim.pasted_quotes", '"'), ("dkim.pasted_backslash", r"\\;")):
        spans = (match.span() for match in itertools.islice(re.finditer(pattern, text), 64))
        found = next((span for span in spans if outside(span)), None)
        if found:
            problems.append(Problem(code, (found[0], found[0] + 1)))
    return problems


def _shapes(tags: tuple[Tag, ...]) -> list[Problem]:
    """What is wrong with parts of the list whatever their values (RFC 6376 §3.2)."""
    problems = []
    seen: set[str] = set()
    for tag in tags:
        if not tag.name and not tag.value:
            problems.append(Problem("dkim.empty_tag", tag.value_span))
        elif not tag.name:
            problems.append(Problem("dkim.stray_text", tag.value_span, {"text": shown(tag.value)}))
        elif tag.name in seen:
            problems.append(Problem("dkim.duplicate_tag", tag.span, {"tag": shown(tag.name)}))
        elif not _NAME.fullmatch(tag.name.strip(f'"{CURLY_QUOTES}')):
            problems.append(Problem("dkim.stray_text", tag.span, {"text": shown(tag.name)}))
        elif tag.name not in _SMALL and tag.name.lower() in _SMALL:
            problems.append(Problem("dkim.tag_case", tag.name_span, {"tag": tag.name}))
        seen.add(tag.name)
    return problems


def _version(tags: tuple[Tag, ...]) -> list[Problem]:
    for tag in tags:
        if tag.name.strip(f'"{CURLY_QUOTES}') != "v":
            continue
        if tag.value != "DKIM1" and _lost_semicolon(tag.value) is None:
            return [Problem("dkim.bad_version", tag.span, {"value": shown(tag.value)})]
        if tag.position:
            return [Problem("dkim.version_not_first", tag.span)]
        return []
    return []


def _no_public_key(tags: tuple[Tag, ...]) -> Problem:
    for tag in tags:
        piece = tag.name if _BASE64_RUN.search(tag.name) else tag.value
        if _BASE64_RUN.search(re.sub(r"\s+", "", piece)):
            return Problem("dkim.no_public_key", tag.span, {"reason": "lost_p"})
    return Problem("dkim.no_public_key", params={"reason": "missing"})


def _quality(record: KeyRecord, spans: Mapping[str, tuple[int, int]]) -> list[Problem]:
    """What a record that can be read leaves to be desired."""
    problems = []
    if record.status is KeyStatus.REVOKED:
        problems.append(Problem("dkim.revoked", spans["p"]))
    bits = record.key.bits if record.key.kind == "rsa" else None
    if bits is not None:
        params = {"bits": bits}
        if bits < MIN_BITS:
            problems.append(Problem("dkim.weak_key", spans["p"], params))
        elif bits < GOOD_BITS:
            problems.append(Problem("dkim.short_key", spans["p"], params))
        elif bits > MAX_BITS:
            problems.append(Problem("dkim.long_key", spans["p"], params))
        if record.key.is_pkcs1:
            problems.append(Problem("dkim.pkcs1_key", spans["p"]))
    if record.testing:
        problems.append(Problem("dkim.testing", spans["t"]))
    if "s" in record.flags:
        problems.append(Problem("dkim.exact_domain", spans["t"]))
    if record.sha1_only:
        problems.append(Problem("dkim.sha1_only", spans["h"], {"hashes": [shown(name) for name in certain(record.hashes)[:8]]}))
    if not record.for_email:
        services = [shown(name) for name in record.services[:8]]
        problems.append(Problem("dkim.not_for_email", spans["s"], {"services": services}))
    granularity = _values(record.tags).get("g")
    if granularity == "*":
        problems.append(Problem("dkim.obsolete_tag", spans["g"], {"tag": "g"}))
    elif granularity is not None:
        problems.append(Problem("dkim.granularity", spans["g"], {"value": shown(granularity)}))
    return problems
