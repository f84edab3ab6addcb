"""From whatever a person pastes or drops to a header and a body (RFC 5322), bounded and without raising."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Fields

from ..dns.answer import decode_text
from ..finding import Finding
from ..value import dataclass

MAX_MESSAGE = 2 * 1024 * 1024  # octets; of a larger mail only the header is read
MAX_HEADER = 256 * 1024  # octets
MAX_FIELDS = 1000
MAX_FIELD = 32 * 1024  # octets of one field; a longer one is cut
MAX_STRAY = 20  # lines in a header that are none, before it counts as ended
MAX_PREAMBLE = 400  # lines of a mail program's page that may stand above the header
MAX_PARTS = 32  # of a multipart body that are looked at
MAX_SHOWN = 300  # characters of a value that is shown

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_TRACE = re.compile(
    rb"(?:Delivered-To|Return-Path|Received|X-Received|X-Apparently-To|Authentication-Results|ARC-Seal"
    rb"|DKIM-Signature|X-Original-To|Envelope-To)[ \t]*:", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Outlook's .msg files
_FORWARD = re.compile(
    r"(?<!-)-{4,}[^\n-]{4,60}-{4,}[ \t]*\r?\n[ \t>*]{0,9}\w[\w ./-]{1,20}:|^[ \t>]{0,9}Begin forwarded message:",
    re.IGNORECASE | re.MULTILINE)
_SHOWN_FIELDS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "sent", "reply-to"})


@dataclass(frozen=True)
class Message:
    """A mail as it was received: the fields from the top down, values as sent (folded, CRLF).

    ``body`` has CRLF line ends; ``None`` where it was not given or is too large. ``findings``
    tell what was odd about what was given; ``readable`` is false where they are all there is.
    """

    fields: tuple[tuple[str, bytes], ...] = ()
    body: bytes | None = None
    findings: tuple[Finding, ...] = ()
    readable: bool = True

    def raw(self, name: str) -> list[bytes]:
        """The values of a field as sent, the topmost first."""
        return [value for field, value in self.fields if field.lower() == name]

    def values(self, name: str) -> list[str]:
        """The values of a field unfolded, as text that can be shown."""
        return [unfold(value) for value in self.raw(name)]

    def placed(self, name: str) -> list[tuple[int, str]]:
        """The values of a field unfolded, each with the number of ``Received`` fields above it."""
        found, above = [], 0
        for field, value in self.fields:
            if field.lower() == name:
                found.append((above, unfold(value)))
            above += field.lower() == "received"
        return found

    def value(self, name: str) -> str:
        """The topmost value of a field; empty if there is none."""
        return next(iter(self.values(name)), "")


def unfold(value: bytes) -> str:
    """A field's value in one line (RFC 5322 §2.2.3)."""
    return decode_text(value.replace(b"\r\n", b"")).replace("\r", " ").replace("\n", " ").strip()


def shown(text: str) -> str:
    """A value short enough to be stored and shown, encoded words decoded (RFC 2047)."""
    try:
        parts = decode_header(text[:4 * MAX_SHOWN])
        text = "".join(
            part if isinstance(part, str) else part.decode(charset or "ascii", "replace") for part, charset in parts)
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        pass  # shown as it is written
    text = decode_text(" ".join(text.split()).encode("utf-8", "replace"))
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN - 1] + "…"


def read(given: bytes | str, limit: int = MAX_MESSAGE) -> Message:
    """Read a mail from the text or the file that somebody gave. Takes anything; of more than ``limit`` octets the header."""
    octets = given.encode("utf-8", "replace") if isinstance(given, str) else given
    size = len(octets)
    octets = octets[:limit + 1]
    if octets.startswith(_OLE):
        return _unreadable("arrival.outlook_file")
    octets = _as_eight_bit(octets)
    if not octets.strip():
        return _unreadable("arrival.empty")
    lines, at = _begin(_LINE_END.sub(b"\r\n", octets).lstrip(b"\r\n"))
    if lines is None:
        binary = b"\0" in octets[:4096] or octets.lstrip()[:1] in (b"<", b"{", b"%") or not _is_text(octets[:4096])
        return _unreadable("arrival.not_a_mail" if binary else "arrival.body_only")
    header, _empty, body = lines[at:].partition(b"\r\n\r\n")
    given_body = bool(_empty)
    findings = []
    if size > limit:
        findings.append(_finding("arrival.too_large", size=size, limit=limit))
    if len(header) > MAX_HEADER:
        findings.append(_finding("arrival.header_too_large", limit=MAX_HEADER))
        header = header[:MAX_HEADER]
    fields, complete = _fields(header)
    if not complete and not findings:
        findings.append(_finding("arrival.header_too_large", limit=MAX_HEADER))
    names = {name.lower() for name, _value in fields}
    if not names & {"from", "received", "return-path", "dkim-signature"}:
        return _unreadable("arrival.not_a_mail" if names - _SHOWN_FIELDS else "arrival.body_only")
    whole = given_body and bool(body.strip(b"\r\n")) and size <= limit
    if not whole and size <= limit:
        # Nothing tells a mail without text from a header that was copied by itself, unless a signature does.
        findings.append(_finding("arrival.no_body"))
    return Message(tuple(fields), body if whole else None, tuple(findings))


def is_shown_only(message: Message) -> bool:
    """Whether only what mail programs show of a header is there."""
    return {name.lower() for name, _value in message.fields} <= _SHOWN_FIELDS


def unwrapped(message: Message) -> Message | None:
    """The mail that is attached to this one ("forward as attachment"), if there is one; one level deep."""
    kind, boundary, _encoding = content(message)
    if not kind.startswith("multipart/") or kind == "multipart/report" or not boundary or message.body is None:
        return None
    for part_fields, octets in _split(message.body, boundary):
        part_kind, _boundary, encoding = content(Message(tuple(part_fields)))
        if part_kind != "message/rfc822" and not _is_eml(part_fields):
            continue
        if encoding == "base64":
            try:
                octets = base64.b64decode(octets[:2 * MAX_MESSAGE])
            except (binascii.Error, ValueError):
                continue
        inner = read(octets)
        if inner.readable and inner.raw("received"):
            return replace(inner, findings=(_finding("arrival.unwrapped"), *inner.findings))
    return None


def parts_of(message: Message, body: bytes) -> Iterator[tuple[str, str, bytes]]:
    """The parts of a body as type, transfer encoding and octets, those of a multipart within it too (two levels)."""
    kind, boundary, encoding = content(message)
    if not kind.startswith("multipart/") or not boundary:
        yield kind, encoding, body
        return
    for part_fields, octets in _split(body, boundary):
        part = Message(tuple(part_fields))
        part_kind, part_boundary, part_encoding = content(part)
        if part_kind.startswith("multipart/") and part_boundary:
            for inner_fields, inner_octets in _split(octets, part_boundary):
                inner_kind, _boundary, inner_encoding = content(Message(tuple(inner_fields)))
                yield inner_kind, inner_encoding, inner_octets
        else:
            yield part_kind, part_encoding, octets


def fields_of(header: bytes) -> list[tuple[str, bytes]]:
    """The fields of a block that is written as a header is (RFC 3464 §2.1)."""
    return _fields(header[:MAX_HEADER])[0]


def _split(body: bytes, boundary: bytes) -> Iterator[tuple[list[tuple[str, bytes]], bytes]]:
    """The parts of a multipart body (RFC 2046 §5.1): each one's fields and octets."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:MAX_PARTS + 1]:
        header, _empty, octets = part.partition(b"\r\n\r\n")
        if header.startswith(b"--"):
            return
        yield _fields(header.lstrip(b" \t\r\n")[:MAX_HEADER])[0], octets


def is_tnef(message: Message) -> bool:
    """Whether Exchange packed its content into TNEF."""
    kind = content(message)[0]
    return kind.endswith(("/ms-tnef", "/vnd.ms-tnef")) or b"winmail.dat" in (message.body or b"")[:8192]


def is_inline_forward(message: Message) -> bool:
    """Whether a person forwarded another mail as text within this one."""
    if re.match(r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|doorst|pd)\s?:", message.value("subject"), re.IGNORECASE):
        return True
    return bool(_FORWARD.search((message.body or b"")[:65536].decode("utf-8", "replace")))


def _finding(code: str, **params: object) -> Finding:
    return Finding(code, "", params)


def _unreadable(code: str) -> Message:
    return Message(findings=(_finding(code),), readable=False)


def _as_eight_bit(octets: bytes) -> bytes:
    """Without byte order marks; a text that was saved as UTF-16 becomes UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if octets.startswith(mark):
            return octets[2:].decode(encoding, "replace").encode("utf-8", "replace")
    return octets.removeprefix(b"\xef\xbb\xbf")


def _is_text(octets: bytes) -> bool:
    return sum(octet < 0x20 and octet not in (9, 10, 13) for octet in octets) * 20 <= len(octets)


def _begin(octets: bytes) -> tuple[bytes | None, int]:
    """The text and where its header begins: behind an mbox line, or below what a page shows above the source."""
    if octets[:1] in (b" ", b"\t"):  # the whole text was indented where it was copied from
        first = octets.split(b"\r\n", 1)[0]
        margin = first[:len(first) - len(first.lstrip(b" \t"))]
        octets = octets.removeprefix(margin).replace(b"\r\n" + margin, b"\r\n")
    if octets.startswith((b"From ", b">From ")):  # the separator line of an mbox file
        octets = octets.partition(b"\r\n")[2]
    if _FIELD.match(octets):
        return octets, 0
    top = octets[:MAX_HEADER]
    start = 0
    for _number in range(MAX_PREAMBLE):
        if _TRACE.match(top, start):
            return octets, start
        end = top.find(b"\r\n", start)
        if end < 0:
            break
        start = end + 2
    return None, 0


def _fields(header: bytes) -> tuple[list[tuple[str, bytes]], bool]:
    """The fields of a header, and whether they are all of it."""
    fields: list[tuple[str, bytes]] = []
    pieces: list[bytes] = []
    name, stray = "", 0

    def close() -> None:
        if name:
            fields.append((name, b"\r\n".join(pieces)[:MAX_FIELD]))

    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and name:
            pieces.append(line)
            continue
        found = _FIELD.match(line)
        if not found:
            stray += 1
            if stray > MAX_STRAY:
                break
            continue
        close()
        if len(fields) >= MAX_FIELDS:
            return fields, False
        # What stands between a name and its colon is part of what is signed (RFC 6376 §3.4.1): rare, left as it is.
        name, pieces = found[1].decode("ascii"), [line[found.end():]]
    close()
    return fields, stray <= MAX_STRAY


def content(message: Message) -> tuple[str, bytes, str]:
    """The type of the content, its boundary and its transfer encoding."""
    fields = Fields()
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        value = message.value(name.lower())[:2048]
        if value:
            fields[name] = value
    try:
        boundary = fields.get_boundary() or ""
        encoding = str(fields.get("Content-Transfer-Encoding", "")).strip().lower()
        return fields.get_content_type(), boundary.encode("utf-8", "replace")[:200], encoding
    except (ValueError, LookupError, TypeError, HeaderParseError):
        return "text/plain", b"", ""


def _is_eml(fields: list[tuple[str, bytes]]) -> bool:
    """Whether a part is a mail that was attached as a file of some other type."""
    return any(
        re.search(rb'name\*?=[^;\r\n]{0,200}\.eml"?[ \t]*(?:;|$)', value.replace(b"\r\n", b""), re.IGNORECASE)
        for name, value in fields if name.lower() in ("content-type", "content-disposition"))
