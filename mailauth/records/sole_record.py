"""The one TXT record that says its version, as MTA-STS and TLS-RPT want it (RFC 8461 §3.1, RFC 8460 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dns.answer import Answer, Status, decode_text
from ..dns.contested import look
from ..dns.protocol import Resolver
from ..finding import Finding
from ..status import RecordStatus
from ..value import dataclass

MAX_RECORDS = 10  # shown
MAX_FINDINGS = 50

# The grammar of a field that a record may have besides its own is the same in both standards.
_EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\x21-\x3a\x3c\x3e-\x7e]+")
_NO_ASCII = re.compile(r"[^\t\x20-\x7e]")
_SPACE = " \t"


@dataclass(frozen=True)
class Field:
    """One part between semicolons. ``name`` and ``value`` are what stands before and behind its first ``=``.

    ``span`` and ``value_span`` are half-open ranges of characters in the record as it is shown.
    """

    text: str
    name: str
    value: str
    span: tuple[int, int]
    value_span: tuple[int, int]

    @property
    def is_ascii(self) -> bool:
        """Whether it has visible ASCII characters, spaces and tabs only."""
        return not _NO_ASCII.search(self.text)

    @property
    def is_extension(self) -> bool:
        """Whether it is a field that whoever does not know it has to ignore; anything else breaks the record."""
        return bool(_EXTENSION.fullmatch(self.text))


@dataclass(frozen=True)
class SoleRecord:
    """``status``: ``found`` (see ``text``), ``none``, ``several``, ``invalid`` (what stands there only means to be
    one) or ``unknown`` (see ``failed``). ``records`` are those that it is about, ``ttl`` is in seconds."""

    status: RecordStatus
    name: str
    records: tuple[str, ...] = ()
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None
    octets: bytes = b""  # of the record that was found

    @property
    def text(self) -> str:
        return self.records[0]

    @property
    def fields(self) -> Iterator[Field]:
        """The fields behind the version. What stands behind the last semicolon may be empty."""
        before = len(self.octets.partition(b";")[0]) + 1
        pieces = self.octets[before:].split(b";")
        for number, piece in enumerate(pieces):
            text = piece.decode("latin-1")
            if number < len(pieces) - 1 or text.strip(_SPACE):
                yield self._field(text, before)
            before += len(piece) + 1

    def _field(self, text: str, before: int) -> Field:
        begin = before + len(text) - len(text.lstrip(_SPACE))
        text = text.strip(_SPACE)
        name, equals, value = text.partition("=")
        start, stop, value_start = begin, begin + len(text), begin + len(name) + len(equals)
        if not self.octets.isascii() or len(self.octets) != len(self.text):  # else it is shown sign by sign
            start, stop, value_start = [len(decode_text(self.octets[:place])) for place in (start, stop, value_start)]
        return Field(text, name, value, (start, stop), (value_start, stop))


async def read(resolver: Resolver, name: str, area: str, version: re.Pattern[str], nearly: re.Pattern[str]) -> SoleRecord:
    """Look for the record at ``name``. ``version`` is how it begins, ``nearly`` how one that fails of it does;
    the findings are ``<area>.several``, ``<area>.version`` and ``<area>.alias_beside_record``; with that, senders
    see different things, and the status is ``unknown``."""
    answer = await resolver.query(name, "TXT")

    def of_its_kind(seen: Answer) -> tuple[str, ...]:
        return tuple(sorted(text for text in seen.texts if version.match(text)))

    contest = await look(resolver, answer, of_its_kind)
    if contest:
        records = of_its_kind(contest.own)[:MAX_RECORDS]
        return SoleRecord(RecordStatus.UNKNOWN, name, records, contest.own.ttl, (contest.finding(area),))
    if not answer.is_fact:
        return SoleRecord(RecordStatus.UNKNOWN, name, failed=answer)
    if answer.status is not Status.OK:
        return SoleRecord(RecordStatus.NONE, name, ttl=answer.ttl)
    octets = sorted([b"".join(strings) for strings in answer.records])
    texts = {decode_text(text): text for text in octets}
    records = tuple([text for text in texts if version.match(text)])
    if len(records) == 1:
        return SoleRecord(RecordStatus.FOUND, name, records, answer.ttl, octets=texts[records[0]])
    if records:
        several = Finding(f"{area}.several", name, {"count": len(records)})
        return SoleRecord(RecordStatus.SEVERAL, name, records[:MAX_RECORDS], answer.ttl, (several,))
    meant = tuple(text for text in texts if nearly.match(text))[:MAX_RECORDS]
    findings = tuple(Finding(f"{area}.version", name, {}, text, (0, len(text))) for text in meant)
    return SoleRecord(RecordStatus.INVALID if meant else RecordStatus.NONE, name, meant, answer.ttl, findings)


def syntax(found: SoleRecord, area: str, field: Field) -> Finding:
    """That a field breaks the record's grammar; of an empty one the semicolons around it are shown."""
    start, stop = field.span
    if start == stop:
        text = found.text
        start, stop = text.rindex(";", 0, start), text.find(";", stop) + 1 or len(text)
    return Finding(f"{area}.syntax", found.name, {"text": found.text[start:stop][:200]}, found.text, (start, stop))
