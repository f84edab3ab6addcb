"""The addresses that DMARC reports go to: the lists of ``rua`` and ``ruf`` (RFC 9989 §4.6)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..dns.names import domain_problem, to_ascii
from ..records.taglist import Problem, Span, shown
from ..value import dataclass

MAX_URIS = 32  # addresses of one list that are read
REQUIRED_URIS = 2  # RFC 7489 §6.2: receivers serve at least so many

_SIZE_LIMIT = re.compile(r"!([0-9]+)([kmgt]?)$", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
# RFC 3986 §2, without the comma and the exclamation mark, which DMARC wants encoded.
_SIGNS = r"[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]*"
_URI = re.compile(rf"{_SIGNS}(?:%[0-9A-Fa-f]{{2}}{_SIGNS})*")
# RFC 6068 §2 with RFC 6532: atoms and dots, or a quoted string. Where the dots stand is left to the recipient,
# and so is a comma, which can only be an encoded one.
_LOCAL_PART = re.compile(r'[^\x00-\x20\x7f"():;<>@\[\\\]]+|"[^\x00-\x1f\x7f]+"')
_GAP = re.compile(r"[\s|]")
_NEXT_URI = re.compile(r"(?<![\s|])[\s|]+(?=[A-Za-z]+:)")  # looked at once per run of spaces, so linear


@dataclass(frozen=True)
class ReportUri:
    """One report address. ``host`` is the destination's A-label name, ``None`` unless it is a valid mailto:."""

    text: str  # without the size limit
    span: Span
    scheme: str = ""
    address: str | None = None
    host: str | None = None
    valid: bool = False  # a syntactically valid URI, of whatever scheme


def read_uris(tag: str, value: str, start: int) -> tuple[tuple[ReportUri, ...], list[Problem]]:
    """The addresses of a ``rua`` or ``ruf`` value that begins at character ``start`` of its record."""
    uris: list[ReportUri] = []
    problems: list[Problem] = []
    for piece in value.split(",", MAX_URIS)[:MAX_URIS]:
        for begin, text in _pieces(piece, start):
            if begin > start:
                problems.append(Problem("dmarc.uri_separator", (begin - 1, begin), {"tag": tag}))
            uri, problem = _read(tag, text, begin)
            uris.append(uri)
            problems += problem
        start += len(piece) + 1
    seen: set[str] = set()
    for uri in uris:
        if uri.text.lower() in seen:
            problems.append(Problem("dmarc.uri_repeated", uri.span, {"tag": tag, "uri": shown(uri.text)}))
        seen.add(uri.text.lower())
    if len(uris) > REQUIRED_URIS:
        span = uris[REQUIRED_URIS].span[0], uris[-1].span[1]
        problems.append(Problem("dmarc.uri_list_long", span, {"tag": tag, "count": len(uris)}))
    return tuple(uris), problems


def _pieces(piece: str, start: int) -> list[tuple[int, str]]:
    """The URIs in what stands between two commas: more than one if only white space divides them."""
    if not _GAP.search(piece):
        return [(start, piece)]
    cuts = [0, *(match.end() for match in _NEXT_URI.finditer(piece) if piece[: match.start()].strip())]
    ends = [*cuts[1:], len(piece)]
    return [(start + begin, piece[begin:end]) for begin, end in zip(cuts[:8], ends)]


def _read(tag: str, piece: str, start: int) -> tuple[ReportUri, list[Problem]]:
    text = piece.strip()
    begin = start + len(piece) - len(piece.lstrip())
    span = begin, begin + len(text)
    problems = []
    limit = _SIZE_LIMIT.search(text) if "!" in text else None
    if limit:
        limit_span = begin + limit.start(), span[1]
        problems.append(Problem("dmarc.uri_size_limit", limit_span, {"tag": tag, "limit": shown(limit.group()[1:])}))
        text = text[: limit.start()]
    before_colon = _SCHEME.match(text)
    scheme = before_colon.group().lower() if before_colon else ""

    def bad(reason: str) -> tuple[ReportUri, list[Problem]]:
        params = {"tag": tag, "uri": shown(text), "reason": reason}
        return ReportUri(text, span, scheme), [*problems, Problem("dmarc.bad_uri", span, params)]

    if not text:
        return bad("empty")
    if not scheme:
        return bad("no_mailto" if "@" in text else "no_scheme")
    if not _URI.fullmatch(text):
        return bad("space" if any(character.isspace() for character in text) else "bad_character")
    if scheme != "mailto":
        problems.append(Problem("dmarc.uri_scheme", span, {"tag": tag, "uri": shown(text)}))
        return ReportUri(text, span, scheme, valid=True), problems
    address = unquote(text[len("mailto:") :].partition("?")[0])
    local, at, host = address.rpartition("@")
    if address.startswith("//"):
        return bad("slashes")
    if not at or not _LOCAL_PART.fullmatch(local):
        return bad("no_address")
    if domain_problem(host):
        return bad("bad_host")
    return ReportUri(text, span, "mailto", address, to_ascii(host), valid=True), problems
