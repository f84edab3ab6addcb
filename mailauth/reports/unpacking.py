"""From a file, an email or a mailbox to the octets of each report: by content, bounded, without raising because of it."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from . import mime
from .failure import read_failure
from .model import DEFAULT_LIMITS, FailureReport, Limits, Refused

CHUNK = 64 * 1024
HEAD = 1024  # octets that tell what something is
MAX_MEMBERS = 10_000  # of a gzip file
MAX_DIRECTORY = 20_000  # rows in the directory of a zip file

_PADDING = b"\0\r\n"
_GZIP, _ZIP, _ZIP_EMPTY = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_CENTRAL = b"PK\x01\x02"  # begins each row of a zip's directory
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:[ \t\r\n]")
_JUNK_BEFORE = re.compile(rb"<\?xml[\s?]|<(?:[\w.-]+:)?feedback[\s>]")
_ENCODED = re.compile(rb"[A-Za-z0-9+/=\r\n]*\Z")
_ZIP_TROUBLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, struct.error,
    KeyError, IndexError, OverflowError, AttributeError,
)


Unpack = Callable[[], Iterator[bytes]]


class Damaged(Exception):
    """What is unpacked ends here; ``code`` says why. All that came before is good."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Budget:
    """How many octets may still be unpacked from one file or email."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def charge(self, unpack: Unpack) -> Unpack:
        """The same octets, each time from the beginning, until what is left now is used up; again they cost nothing more."""
        allowed = self.left

        def chunks() -> Iterator[bytes]:
            used = 0
            for chunk in unpack():
                used += len(chunk)
                self.left = min(self.left, max(0, allowed - used))
                if used > allowed:
                    yield chunk[:len(chunk) - (used - allowed)]
                    raise Damaged("reports.unpacked_too_large")
                yield chunk

        return chunks


class Payload:
    """What is most likely one report: ``kind`` is ``xml`` or ``json``, ``place`` where it lies in what was given.

    Payloads of one file or email share what may be unpacked of it: read one before the next is asked for.
    """

    def __init__(self, kind: str, place: str, unpack: Unpack) -> None:
        self.kind = kind
        self.place = place
        self._unpack = unpack

    def chunks(self) -> Iterator[bytes]:
        """Its octets, each time from the beginning; raises :class:`Damaged` where they end too early."""
        return self._unpack()

    def read(self) -> bytes:
        """All of it that can be unpacked within the limits."""
        pieces: list[bytes] = []
        with contextlib.suppress(Damaged):
            pieces.extend(self.chunks())
        return b"".join(pieces)


Found = Payload | FailureReport | Refused


def extract(data: bytes | BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Iterator[Found]:
    """The reports that lie in a file, an email or a mailbox, whatever they are called and packed into.

    Failure reports come as such, for their content is not read; what cannot be opened as :class:`Refused`.
    """
    for found in units(data, limits):
        yield from found


def units(data: bytes | BinaryIO, limits: Limits) -> Iterator[Iterator[Found]]:
    """What :func:`extract` finds, for each email of a mailbox by itself; of anything else all together."""
    stream = io.BytesIO(data) if isinstance(data, (bytes, bytearray, memoryview)) else _seekable(data, limits)
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    if sniff(head) == "mbox":
        for number, mail in enumerate(mime.messages(stream, limits.packed), start=1):
            place = f"email {number}"
            yield iter([Refused("reports.too_large", place)]) if mail is None else _Unit(limits).mail(mail, place, 0)
    else:
        yield _Unit(limits).stream(stream, start)


def _seekable(stream: BinaryIO, limits: Limits) -> BinaryIO:
    return stream if stream.seekable() else io.BytesIO(stream.read(limits.packed + 1))


def sniff(head: bytes) -> str:
    """What begins like this: ``gzip``, ``zip``, ``xml``, ``json``, ``mbox``, ``mail``, ``empty``, or ``""``."""
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith((_ZIP, _ZIP_EMPTY)):
        return "zip"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\0" or head[:1] == b"\0":  # UTF-16, mark or not
        head = head.replace(b"\xff\xfe", b"").replace(b"\xfe\xff", b"").replace(b"\0", b"")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "empty"
    if text[:1] == b"<":
        return "xml"
    if text[:1] in (b"{", b"["):
        return "json"
    if text.startswith(b"From "):
        return "mbox"
    if _FIELD.match(text):
        return "mail"
    return "xml" if _JUNK_BEFORE.search(text) else ""


class _Unit:
    """One file or email, with what is left of its budget."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits.unpacked)
        self.entries = 0  # of archives and emails, all together

    def stream(self, stream: BinaryIO, start: int) -> Iterator[Found]:
        """What lies in a file, read from where it stands."""
        def octets() -> Iterator[bytes]:
            stream.seek(start)
            while chunk := stream.read(CHUNK):
                yield chunk

        yield from self.content(self.budget.charge(octets), "", 0)

    def content(self, octets: Unpack, place: str, depth: int, *, sure: bool = True) -> Iterator[Found]:
        """What lies in something that can be read again and again; ``sure``: say so if it is nothing that holds a report."""
        head, trouble = _first(octets())
        kind = sniff(head)
        if kind in ("xml", "json"):
            yield Payload(kind, place, octets)
        elif kind in ("gzip", "zip", "mail", "mbox"):
            if depth >= self.limits.nesting:
                yield Refused("reports.nested_too_deeply", place)
            elif kind == "gzip":
                yield from self.content(self.budget.charge(lambda: gunzip(octets())), _in(place, "gzip"), depth + 1)
            elif (whole := _all(octets(), self.limits.packed)) is None:
                yield Refused("reports.too_large", place)
            elif kind == "zip":
                yield from self.zip(whole, place, depth)
            elif kind == "mbox":
                for number, mail in enumerate(mime.messages(io.BytesIO(whole), self.limits.packed), start=1):
                    yield from self.mail(mail or b"", _in(place, f"email {number}"), depth + 1)
            else:
                yield from self.mail(whole, place, depth)
        elif trouble:
            yield Refused(trouble, place)
        elif sure:
            yield Refused("reports.empty" if kind == "empty" else "reports.no_report", place)

    def zip(self, octets: bytes, place: str, depth: int) -> Iterator[Found]:
        """What lies in the entries of a zip file."""
        if octets.count(_CENTRAL) > MAX_DIRECTORY:  # else they would all be read before they are counted
            yield Refused("reports.too_many_entries", place)
            return
        try:
            archive = zipfile.ZipFile(io.BytesIO(octets))
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        except _ZIP_TROUBLE:
            yield Refused("reports.archive_damaged", place)
            return
        if not entries:
            yield Refused("reports.empty", place)
        for entry in entries:
            inside = _in(place, entry.filename)
            if self._too_many():
                yield Refused("reports.too_many_entries", place)
                return
            if entry.flag_bits & 0x1:
                yield Refused("reports.encrypted", inside)
            elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others may ask for any memory
                yield Refused("reports.archive_damaged", inside)
            elif not entry.filename.startswith("__MACOSX/"):
                yield from self.content(self.budget.charge(partial(_unzip, archive, entry)), inside, depth + 1)

    def mail(self, octets: bytes | memoryview, place: str, depth: int) -> Iterator[Found]:
        """What lies in the parts of an email; of a failure report nothing but that it is one."""
        for number, part in enumerate(mime.parts(octets), start=1):
            inside = _in(place, f"part {number}")
            if self._too_many():
                yield Refused("reports.too_many_entries", place)
                return
            if part.kind == "message/feedback-report" or part.is_feedback:
                if report := read_failure(part.octets(), inside):
                    yield report
                    return  # what follows is the mail that it is about
            elif part.kind in ("message/rfc822", "message/global"):
                if depth >= self.limits.nesting:
                    yield Refused("reports.nested_too_deeply", inside)
                else:
                    yield from self.mail(part.octets(), inside, depth + 1)
            elif part.kind not in ("text/plain", "text/html") or part.may_hold_report:
                yield from self.content(self.budget.charge(partial(_slices, part.octets())), inside, depth + 1, sure=False)

    def _too_many(self) -> bool:
        self.entries += 1
        return self.entries > self.limits.entries


def gunzip(packed: Iterator[bytes]) -> Iterator[bytes]:
    """What all members of a gzip file hold (RFC 1952 §2.2: they simply follow one another)."""
    unpacker = zlib.decompressobj(31)
    members, waiting = 1, b""
    for chunk in packed:
        waiting += chunk
        while waiting:
            if unpacker.eof:
                waiting = waiting.lstrip(_PADDING)
                if len(waiting) < len(_GZIP):
                    break
                if not waiting.startswith(_GZIP):
                    raise Damaged("reports.other_content")
                members += 1
                if members > MAX_MEMBERS:
                    raise Damaged("reports.too_many_entries")
                unpacker = zlib.decompressobj(31)
            try:
                unpacked = unpacker.decompress(waiting, CHUNK)
            except zlib.error:
                raise Damaged("reports.compression_damaged") from None
            waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacked:
                yield unpacked
    try:
        while not unpacker.eof and (unpacked := unpacker.decompress(b"", CHUNK)):
            yield unpacked
    except zlib.error:
        raise Damaged("reports.compression_damaged") from None
    if not unpacker.eof:
        raise Damaged("reports.cut_off")


def _unzip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except _ZIP_TROUBLE:
        raise Damaged("reports.compression_damaged") from None


def _slices(octets: bytes | memoryview) -> Iterator[bytes]:
    view = memoryview(octets)
    for at in range(0, len(octets), CHUNK):
        yield bytes(view[at:at + CHUNK])


def _first(chunks: Iterator[bytes]) -> tuple[bytes, str]:
    """So many octets that what they are can be told, and why there are no more."""
    head = b""
    try:
        for chunk in chunks:
            head += chunk
            if len(head.lstrip()) >= HEAD // 2 or len(head) >= CHUNK:
                break
    except Damaged as damage:
        return head[:HEAD], damage.code
    return head.lstrip()[:HEAD] or head[:HEAD], ""


def _all(chunks: Iterator[bytes], limit: int) -> bytes | None:
    pieces, size = [], 0
    with contextlib.suppress(Damaged):
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                return None
            pieces.append(chunk)
    return b"".join(pieces)


def _in(place: str, name: str) -> str:
    name = name if len(name) <= 100 else name[:99] + "…"
    return f"{place}, {name}" if place else name
