"""What a server does wrong on demand, word by word.

| word | what the client sees |
| --- | --- |
| ``servfail``, ``refused``, ``formerr``, ``notimp`` | that response code |
| ``ede:22`` | SERVFAIL with that extended error |
| ``bogus`` | SERVFAIL with the extended error 6, unless the question has the CD bit |
| ``bogus-silent`` | the same without an extended error |
| ``nxdomain``, ``nodata`` | that negative answer, with SOA |
| ``blocked`` | "no such name" with the extended error 15, as filtering resolvers say it |
| ``empty`` | NOERROR without any record |
| ``referral`` | no answer, but the names of servers elsewhere |
| ``drop`` | nothing |
| ``delay:0.5`` | the right answer, so many seconds later |
| ``truncate`` | the TC bit and no records over UDP; the whole over TCP |
| ``truncate-only`` | the TC bit over UDP, and nothing over TCP |
| ``truncate-always`` | the TC bit over UDP and TCP |
| ``garbage`` | the right id and question, then nonsense |
| ``noise`` | random octets |
| ``cut:20`` | the right answer without its last octets |
| ``wrong_id``, ``wrong_question`` | an answer that does not fit the question |
| ``wrong_name`` | an answer whose records belong to another name |
| ``query`` | the question itself, not marked as a response |
| ``spoofed`` | forgeries first, with a wrong id, a wrong question and wrong contents, then the right answer |
| ``no_edns`` | FORMERR, in twelve octets, as long as the question has EDNS |
| ``records:…`` | these records, one a line as in a master file, whatever the zone says |
| ``denied:…`` | the same, and that there is no such name |
"""

from __future__ import annotations

import os
import struct
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .dns_zones import AA, AD, CD, FIXED, HEADER, QR, RA, TC, RecordSet, Zone, labels_of, message, parse_zone, wire_name

_RCODES = {"formerr": 1, "servfail": 2, "notimp": 4, "refused": 5}
_ADDRESS = FIXED.pack(1, 1, 300, 4) + bytes((192, 0, 2, 66))
_OTHER_QUESTION = b"\x05wrong"
_ids: deque[bytes] = deque(maxlen=128)  # of the questions that were answered with a wrong one


@dataclass(frozen=True)
class Asked:
    """A question, with all that a misbehaviour may twist; ``right`` is the right answer."""

    query: bytes
    question: bytes
    name: tuple[bytes, ...]
    flags: int  # of the right answer
    edns: bool
    transport: str
    zone: Zone | None
    right: bytes

    @property
    def kind(self) -> int:
        return int.from_bytes(self.question[-4:-2], "big")

    @property
    def soa(self) -> list[bytes]:
        return [self.zone.soa] if self.zone else []

    @property
    def wrong_id(self) -> bytes:
        """An id that neither this question has nor one before it, which may still be waiting for its answer."""
        _ids.append(self.query[:2])
        others = (bytes((self.query[0] ^ mask, self.query[1])) for mask in range(1, 256))
        return next(other for other in others if other not in _ids)

    @property
    def other_question(self) -> bytes:
        return _OTHER_QUESTION + self.question[-5:]

    @property
    def unchecked(self) -> bool:
        return bool(int.from_bytes(self.query[2:4], "big") & CD)

    def answer(
        self, rcode: int = 0, answers: Iterable[bytes] = (), authority: Iterable[bytes] = (), *, more: int = 0,
        less: int = 0, question: bytes | None = None, ede: int | None = None,
    ) -> bytes:
        """An answer to this question; ``more`` and ``less`` are flags to add and take away."""
        flags = self.flags & ~(AD | AA | less) | more | rcode
        return self.query[:2] + message(flags, question or self.question, answers, authority, self.edns, ede)[2:]


def misbehave(behaviour: str, asked: Asked) -> tuple[float | None, list[bytes]]:
    """How long to wait (seconds; ``None``: as always), and which messages to send instead of the right one."""
    word, _, value = behaviour.partition(":")
    if word == "delay":
        return float(value), [asked.right]
    if word in _RCODES:
        return None, [asked.answer(_RCODES[word])]
    if word not in _BEHAVIOURS:
        raise ValueError(f"no such behaviour: {behaviour!r}")
    return None, _BEHAVIOURS[word](asked, value)


def _bogus(asked: Asked, ede: int | None) -> list[bytes]:
    return [asked.right if asked.unchecked else asked.answer(2, ede=ede)]


def _referral(asked: Asked) -> list[bytes]:
    target = wire_name((b"ns", b"elsewhere", b"test"))
    record = wire_name(asked.name[-1:]) + FIXED.pack(2, 1, 300, len(target)) + target
    return [asked.answer(0, (), [record], less=RA)]


def _truncate(asked: Asked, over_tcp: list[bytes]) -> list[bytes]:
    return [asked.answer(more=TC)] if asked.transport == "udp" else over_tcp


def _garbage(asked: Asked) -> list[bytes]:
    header = HEADER.pack(0, asked.flags & ~(AD | AA), 1, 3, 0, 0)[2:]
    return [asked.query[:2] + header + asked.question + b"\xc0\xff\x01garbage"]


def _wrong_name(asked: Asked) -> list[bytes]:
    sets = (asked.zone.lookup(asked.name) if asked.zone else None) or {}
    records = sets[asked.kind].records if asked.kind in sets else [_ADDRESS]
    return [asked.answer(0, [b"\x05wrong\x04test\x00" + record for record in records])]


def _spoofed(asked: Asked) -> list[bytes]:
    return [
        asked.wrong_id + asked.answer(3, (), asked.soa)[2:],
        asked.answer(3, (), asked.soa, question=asked.other_question),
        asked.query[:2] + b"\xff" * 30,
        asked.right,
    ]


def _no_edns(asked: Asked) -> list[bytes]:
    return [asked.query[:2] + struct.pack(">HHHHH", QR | 1, 0, 0, 0, 0)] if asked.edns else [asked.right]


def _records(asked: Asked, text: str, rcode: int = 0) -> list[bytes]:
    answers = []
    for rrset in parse_zone(text):
        owner = wire_name(labels_of(rrset.name))
        answers += [owner + record for record in RecordSet(rrset).records]
    return [asked.answer(rcode, answers, more=asked.flags & AA)]


_BEHAVIOURS: dict[str, Callable[[Asked, str], list[bytes]]] = {
    "ede": lambda asked, value: [asked.answer(2, ede=int(value))],
    "bogus": lambda asked, _: _bogus(asked, 6),
    "bogus-silent": lambda asked, _: _bogus(asked, None),
    "nxdomain": lambda asked, _: [asked.answer(3, (), asked.soa)],
    "nodata": lambda asked, _: [asked.answer(0, (), asked.soa)],
    "blocked": lambda asked, _: [asked.answer(3, (), asked.soa, ede=15)],
    "empty": lambda asked, _: [asked.answer()],
    "referral": lambda asked, _: _referral(asked),
    "drop": lambda _, __: [],
    "truncate": lambda asked, _: _truncate(asked, [asked.right]),
    "truncate-only": lambda asked, _: _truncate(asked, []),
    "truncate-always": lambda asked, _: [asked.answer(more=TC)],
    "garbage": lambda asked, _: _garbage(asked),
    "noise": lambda _, __: [os.urandom(64)],
    "cut": lambda asked, value: [asked.right[: max(12, len(asked.right) - int(value))]],
    "wrong_id": lambda asked, _: [asked.wrong_id + asked.right[2:]],
    "wrong_question": lambda asked, _: [asked.answer(0, [b"\xc0\x0c" + _ADDRESS], question=asked.other_question)],
    "wrong_name": lambda asked, _: _wrong_name(asked),
    "query": lambda asked, _: [asked.query],
    "spoofed": lambda asked, _: _spoofed(asked),
    "no_edns": lambda asked, _: _no_edns(asked),
    "records": _records,
    "denied": lambda asked, text: _records(asked, text, 3),
}
