"""The parts of an email (RFC 2045, RFC 2046) and the emails of a mailbox (RFC 4155), bounded and without raising."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import BinaryIO

from ..arrival.message import MAX_HEADER, Message, content, fields_of
from ..value import dataclass

MAX_DEPTH = 8  # multiparts in each other
MAX_LINE = 1024 * 1024  # octets of a mailbox that are looked at as one line

_HEADER_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_FEEDBACK = re.compile(rb"\s*(?:[!-9;-~]{1,60}:[^\n]{0,500}\n){0,20}Feedback-Type[ \t]*:", re.IGNORECASE)
_REPORT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:H4sI|UEsD|<\?xml|<(?:[\w.-]+:)?feedback[\s>]|\{)")
_DIVIDER = re.compile(rb"From [^\n]{0,300}\d:\d\d")  # with a time: a sentence may begin with the word
_PACKED = re.compile(rb"\s*(?:H4sI|UEsD)")  # gzip and zip in Base64


@dataclass(frozen=True)
class Part:
    """A part that is no multipart; ``kind`` is its type in lower case, ``raw`` what it is before it is decoded."""

    kind: str
    encoding: str
    raw: memoryview

    @property
    def is_feedback(self) -> bool:
        """Whether it is a report by the fields of RFC 5965, whatever its type."""
        return self.kind in ("text/plain", "application/octet-stream") and bool(_FEEDBACK.match(self.raw[:4096]))

    @property
    def may_hold_report(self) -> bool:
        """Whether what is given as a text is a report after all."""
        return bool(_REPORT.match(self.raw[:2048]))

    def octets(self) -> bytes | memoryview:
        """What it is decoded; as far as that goes, and by its looks where the encoding is not said."""
        if self.encoding == "base64" or _PACKED.match(self.raw[:200]):
            return _base64(self.raw)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(self.raw)
        return self.raw


def parts(octets: bytes | memoryview) -> Iterator[Part]:
    """The parts of an email from the top down, without the multiparts."""
    return _parts(memoryview(octets), MAX_DEPTH)


def _parts(octets: memoryview, depth: int) -> Iterator[Part]:
    header, body = _split(octets)
    kind, boundary, encoding = content(Message(tuple(fields_of(header))))
    if not kind.startswith("multipart/") or not boundary or not depth:
        yield Part(kind, encoding, body)
        return
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    start = None
    for found in delimiter.finditer(body):
        if start is not None:
            yield from _parts(body[start:found.start()], depth - 1)
        if found[1]:
            return
        start = found.end() + 1
    if start is None:
        yield Part("application/octet-stream", encoding, body)
    else:  # cut off, or never closed
        yield from _parts(body[start:], depth - 1)


def _split(octets: memoryview) -> tuple[bytes, memoryview]:
    """The header, with CRLF, and the body."""
    end = _HEADER_END.search(octets, 0, MAX_HEADER)
    header, body = (octets[:end.start()], octets[end.end():]) if end else (octets[:MAX_HEADER], octets[:0])
    return _LINE_END.sub(b"\r\n", header), body


def _base64(raw: memoryview) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:  # cut off: without what is no whole group of four
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        try:
            return binascii.a2b_base64(letters[:len(letters) // 4 * 4])
        except binascii.Error:  # pragma: no cover - whole groups of its letters always decode
            return b""


def messages(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The emails of a mailbox file (RFC 4155), without the lines that divide them; ``None`` for one that is too large."""
    lines: list[bytes] = []
    size, began, after_empty = 0, False, True
    while line := stream.readline(MAX_LINE):
        if not began:  # the line that makes it a mailbox
            began = not line.isspace()
        elif after_empty and _DIVIDER.match(line):
            yield b"".join(lines) if size <= limit else None
            lines, size = [], 0
        else:
            size += len(line)
            if size <= limit:
                lines.append(line)
            else:
                lines.clear()
        after_empty = line in (b"\n", b"\r\n")
    if began:
        yield b"".join(lines) if size <= limit else None
