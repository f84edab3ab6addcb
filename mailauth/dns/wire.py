"""DNS messages as octets: the question that we send, and as much of an answer as mail checks need (RFC 1035 §4).

dnspython builds an object for every name and record of a message, which costs more than
all the rest of a check. Here a message is read once, from its answer section on, and only
as far as its meaning needs. The tests hold it against dnspython, message by message.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from .answer import Answer, MailExchange, Soa, Status, decode_text

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, OPT, SPF = 1, 2, 5, 6, 12, 15, 16, 28, 41, 99
_NUMBERS = {
    "A": A, "NS": NS, "CNAME": CNAME, "SOA": SOA, "PTR": PTR, "MX": MX, "TXT": TXT, "AAAA": AAAA, "SPF": SPF,
}

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, BADVERS = 0, 1, 2, 3, 4, 5, 16
_ANSWERS = (NOERROR, NXDOMAIN)

RESPONSE = 0x8000
AUTHORITATIVE = 0x0400
TRUNCATED = 0x0200
RECURSION_DESIRED = 0x0100
AUTHENTIC_DATA = 0x0020  # in a question it asks for that bit without the signatures (RFC 6840 §5.7)
CHECKING_DISABLED = 0x0010

EDNS_SIZE = 1232  # octets that fit an unfragmented packet on every path (DNS flag day 2020)
LARGE_SIZE = 4096  # octets, in fragments: for what cannot be had otherwise (RFC 6891 §6.2.5)
MAX_ALIASES = 16  # links of a CNAME chain that are followed
MAX_TTL = 86400  # seconds: nothing is kept for longer than a day
MAX_POINTERS = 32  # compression pointers followed for one name; an honest server needs a handful
MAX_ERRORS = 4  # extended errors read of one message

_OPT_RECORD = b"\x00" + struct.pack(">HHIH", OPT, EDNS_SIZE, 0, 0)
_LARGE_OPT_RECORD = b"\x00" + struct.pack(">HHIH", OPT, LARGE_SIZE, 0, 0)
_OPT_LENGTH = len(_OPT_RECORD)
_FIXED = struct.Struct(">HHIH")  # type, class, TTL, length: what follows the owner of a record
_OPT = struct.Struct(">BHHIH")  # the same with the root in front
_OWN_FIXED = struct.Struct(">HHHIH")  # the same with a pointer in front that is the owner
_COUNTS = struct.Struct(">HHHHHH")
_OWN_NAME = 0xC00C  # a pointer to the first question (RFC 1035 §4.1.4)
_LENGTHS = [bytes((length,)) for length in range(256)]  # each as the octet in front of a label
_HEADER = struct.Struct(">HHHHH")  # without the id
_EDNS_HEADERS: dict[int, bytes] = {}  # of queries with an OPT record, by their flags
_TYPE_AND_CLASS = {number: struct.pack(">HH", number, 1) for number in _NUMBERS.values()}  # behind the name of a question
# The header (without the id) of the responses that most are, and what it says: one record or a denial with a SOA record, nothing
# cut off; with an OPT record. Then the AD bit and the AA bit.
_USUAL = {
    _HEADER.pack(RESPONSE | bits | rcode, 1, answers, 1 - answers, 1):
        (status, bool(bits & AUTHENTIC_DATA), bool(bits & AUTHORITATIVE))
    for rcode, answers, status in ((NOERROR, 1, Status.OK), (NOERROR, 0, Status.NODATA), (NXDOMAIN, 0, Status.NXDOMAIN))
    for bits in range(0, 0x800, 0x10) if not bits & TRUNCATED}
MAX_NAME = 255  # octets of a name, the root's included (RFC 1035 §2.3.4)


class Malformed(ValueError):
    """The octets are no DNS message. Stays inside the DNS client."""


def type_number(rdtype: str) -> int:
    """The number of a record type given by its mnemonic; ``KeyError`` if there is none such."""
    number = _NUMBERS.get(rdtype)
    if number is None:
        try:
            number = int(dns.rdatatype.from_text(rdtype))
        except (dns.exception.DNSException, ValueError) as error:
            raise KeyError(rdtype) from error
    return number


def encode_name(name: str) -> bytes:
    """The octets of a name as :func:`mailauth.dns.names.to_ascii` gives it (``""`` is the root)."""
    octets = b"\x00"
    for label in reversed(name.encode("ascii").split(b".")) if name else ():
        octets = _LENGTHS[len(label)] + label + octets
    return octets


def encode_question(name: str, rdtype: int) -> bytes:
    """The question section for one name and type, class IN."""
    return encode_name(name) + (_TYPE_AND_CLASS.get(rdtype) or struct.pack(">HH", rdtype, 1))


def encode_query(question: bytes, flags: int, edns: bool = True, large: bool = False) -> bytes:
    """A query without its first two octets, which are the id; ``large`` allows an answer of :data:`LARGE_SIZE`."""
    if not edns:
        return _HEADER.pack(flags, 1, 0, 0, 0) + question
    header = _EDNS_HEADERS.get(flags)
    if header is None:  # of few: which flags there are is up to us
        header = _EDNS_HEADERS[flags] = _HEADER.pack(flags, 1, 0, 0, 1)
    return b"".join((header, question, _LARGE_OPT_RECORD if large else _OPT_RECORD))


def is_response(message: bytes) -> bool:
    """Whether a message is a response, to a standard query with one question."""
    return message[2] & 0xF8 == 0x80 and message[4:6] == b"\x00\x01"


def answers_question(message: bytes, question: bytes) -> bool:
    """Whether this is a response, to a standard query, that repeats our question (RFC 5452 §4.2)."""
    if len(message) < 12 or not is_response(message):
        return False
    echoed = message[12 : 12 + len(question)]
    return echoed == question or echoed.lower() == question.lower()


@dataclass(init=False)
class Reply:
    """What a response says about its question; ``records`` are those of ``end``, the name behind all aliases."""

    def __init__(self, rcode: int, authoritative: bool, authenticated: bool, truncated: bool, size: int) -> None:
        # The rest is set as it is read; most answers have little of it.
        self.rcode = rcode
        self.authoritative = authoritative
        self.authenticated = authenticated
        self.truncated = truncated
        self.size = size

    rcode: int
    authoritative: bool
    authenticated: bool
    truncated: bool
    size: int
    aliases: tuple[str, ...] = ()
    end: str = ""
    records: tuple = ()
    ttl: int = 0
    problem: str = ""  # why the answer cannot be used although it is well-formed
    soa_owner: str | None = None
    minimum: int | None = None  # seconds: the last field of that SOA record
    negative_ttl: int | None = None  # seconds, by the SOA record beside a negative answer
    referral: bool = False  # no answer, but other servers to ask (RFC 2308 §2.2)
    errors: tuple[tuple[int, str], ...] = ()  # extended errors (RFC 8914)
    alias_beside: str | None = None  # the target of an alias that stands beside the records, which forbids them

    @property
    def is_plain(self) -> bool:
        """Whether it says without reserve what is there, or that nothing is."""
        return self.rcode in _ANSWERS and not (self.truncated or self.errors or self.problem or self.referral)


def plain_answer(message: bytes, question: bytes, name: str, rdtype: str, number: int, server: str) -> Answer | None:
    """The answer of a response to our question, octet by octet, that is one of the two which most are; without much ado.

    ``None`` for any other.

    One record of our name, or a denial with its SOA record; and a short OPT record beside it.
    """
    usual = _USUAL.get(message[2:12])
    offset, stop = 12 + len(question), len(message) - _OPT_LENGTH
    if usual is None or message[12:offset] != question:
        return None
    status, authenticated, authoritative = usual
    records: tuple = ()
    zone: str | None = None
    minimum: int | None = None
    try:
        if status is Status.OK:
            owner, kind, rdclass, ttl, size = _OWN_FIXED.unpack_from(message, offset)
            offset += 12
            read = _READERS.get(number)
            if owner != _OWN_NAME or kind != number or rdclass != 1 or offset + size != stop or read is None:
                return None
            records = (read(message, offset, stop),)
        else:
            at = message[offset + 1] - 12
            if message[offset] == 0xC0 and 0 <= at < len(name) and (not at or name[at - 1] == ".") and " " not in name:
                zone = name[at:]  # a pointer into our question, in which text and octets have their places in common
                offset += 2
            else:
                zone, offset = read_name(message, offset)
            kind, rdclass, ttl, size = _FIXED.unpack_from(message, offset)
            root, opt, _, extended, options = _OPT.unpack_from(message, stop)
            if kind != SOA or rdclass != 1 or size < 22 or offset + 10 + size != stop \
                    or root or opt != OPT or extended >> 24 or options:  # another answer code, an extended error
                return None
            minimum = int.from_bytes(message[stop - 4 : stop], "big")
            ttl = _negative_ttl(ttl, minimum)
    except (IndexError, struct.error, OSError, Malformed):
        return None
    if ttl > MAX_TTL:
        ttl = _bounded(ttl)
    return Answer(
        name, rdtype, status, records, ttl, (), server, authenticated, authoritative, zone, minimum, "",
        stop + _OPT_LENGTH)


def _bounded(ttl: int) -> int:
    """How long something may live; the first bit of a TTL means zero (RFC 2181 §8)."""
    if ttl <= MAX_TTL:
        return ttl
    return MAX_TTL if ttl < 0x80000000 else 0


def _negative_ttl(ttl: int, minimum: int) -> int:
    """How long a denial lives: the lesser of its SOA record's TTL and of that record's last field (RFC 2308 §5)."""
    ttl = _bounded(ttl)
    return minimum if minimum < ttl else ttl


def decode(message: bytes, name: str, rdtype: int, question_length: int) -> Reply:
    """Read any response that :func:`answers_question`; ``Malformed`` if it cannot be read."""
    try:
        _, flags, _, answers, authorities, additionals = _COUNTS.unpack_from(message)
        reply = Reply(
            flags & 15, bool(flags & AUTHORITATIVE), bool(flags & AUTHENTIC_DATA), bool(flags & TRUNCATED), len(message))
        if not reply.truncated:
            _read_all(reply, message, name, rdtype, 12 + question_length, answers, authorities, additionals)
    except (IndexError, struct.error, OSError) as error:
        raise Malformed(str(error)) from error
    return reply


def _read_all(
    reply: Reply, message: bytes, name: str, rdtype: int, offset: int, answers: int, authorities: int, additionals: int,
) -> None:
    length = len(message)
    found: dict[str, list[tuple[int, int, int]]] = {}
    cnames: dict[str, tuple[str, int]] = {}
    for _ in range(answers):
        if message[offset] == 0xC0 and message[offset + 1] == 12:
            owner = name
            offset += 2
        else:
            owner, offset = read_name(message, offset)
        kind, rdclass, ttl, size = _FIXED.unpack_from(message, offset)
        start = offset + 10
        offset = start + size
        if offset > length:
            raise Malformed("a record is longer than the message")
        if rdclass != 1:
            continue
        if kind == rdtype:
            if owner in found:
                found[owner].append((ttl, start, offset))
            else:
                found[owner] = [(ttl, start, offset)]
        elif kind == CNAME and owner not in cnames:
            cnames[owner] = (read_name(message, start)[0], ttl)

    least = MAX_TTL
    end = name
    if cnames:
        end, least = _follow(reply, name, found, cnames)
    reply.end = end
    if end in found:
        read = _READERS.get(rdtype)
        records = []
        for ttl, start, stop in found[end]:
            ttl = _bounded(ttl)
            if ttl < least:
                least = ttl
            records.append(read(message, start, stop) if read else _presentation(message, rdtype, start, stop))
        # A record comes once in a set (RFC 2181 §5).
        reply.records = tuple(dict.fromkeys(records)) if len(records) > 1 else tuple(records)
        reply.ttl = least
        if end == name and name in cnames and rdtype != CNAME:
            reply.alias_beside = cnames[name][0]
        if reply.rcode == NOERROR and length - offset == len(_OPT_RECORD) and additionals == 1:
            return  # nothing follows but an OPT record without options
    _read_rest(reply, message, offset, authorities, additionals)
    if reply.records:
        return
    if answers and not reply.aliases and reply.negative_ttl is None and reply.rcode == NOERROR:
        reply.problem = "an answer about another name"  # which says nothing about ours
    if reply.negative_ttl is not None:
        least = min(least, reply.negative_ttl)
    elif reply.rcode == NXDOMAIN or not reply.aliases:
        least = 0  # a negative answer without SOA is not to be cached (RFC 2308 §5)
    reply.ttl = least


def _follow(reply: Reply, name: str, found: dict, cnames: dict[str, tuple[str, int]]) -> tuple[str, int]:
    least = MAX_TTL
    seen = {name}
    end = name
    aliases = []
    while end not in found and end in cnames:
        end, ttl = cnames[end]
        aliases.append(end)
        ttl = _bounded(ttl)
        if ttl < least:
            least = ttl
        if end in seen:
            reply.problem = "CNAME loop"
            break
        if len(aliases) > MAX_ALIASES:
            reply.problem = f"CNAME chain of more than {MAX_ALIASES} links"
            break
        seen.add(end)
    reply.aliases = tuple(aliases)
    return end, least


def _read_rest(reply: Reply, message: bytes, offset: int, authorities: int, additionals: int) -> None:
    nameservers = False
    for position in range(authorities + additionals):
        owner, offset = read_name(message, offset)
        kind, rdclass, ttl, size = _FIXED.unpack_from(message, offset)
        start = offset + 10
        offset = start + size
        if offset > len(message):
            raise Malformed("a record is longer than the message")
        if kind == OPT:
            if position >= authorities:
                reply.rcode |= ttl >> 24 << 4
                reply.errors = _extended_errors(message, start, offset)
        elif position < authorities and rdclass == 1:
            if kind == SOA and reply.negative_ttl is None:
                if size < 22:
                    raise Malformed("a SOA record of the wrong size")
                reply.soa_owner = owner
                reply.minimum = int.from_bytes(message[offset - 4 : offset], "big")
                reply.negative_ttl = _negative_ttl(ttl, reply.minimum)
            elif kind == NS:
                nameservers = True
    reply.referral = nameservers and reply.negative_ttl is None and not reply.authoritative and not reply.records


def _extended_errors(message: bytes, start: int, stop: int) -> tuple[tuple[int, str], ...]:
    errors: list[tuple[int, str]] = []
    while start + 4 <= stop and len(errors) < MAX_ERRORS:
        code, size = struct.unpack_from(">HH", message, start)
        start += 4
        if start + size > stop:
            break
        if code == 15 and size >= 2:
            info = int.from_bytes(message[start : start + 2], "big")
            errors.append((info, decode_text(message[start + 2 : start + min(size, 120)])))
        start += size
    return tuple(errors)


def read_name(message: bytes, offset: int) -> tuple[str, int]:
    """The name at an offset, lower case without final dot, and the offset behind it.

    Octets that text cannot show, dots inside a label and backslashes are escaped as in
    master files (RFC 1035 §5.1); such a name cannot be asked for again.
    """
    labels = []
    behind = jumps = 0
    floor = offset
    room = MAX_NAME - 1
    while size := message[offset]:
        if size < 64:
            room -= size + 1
            if room < 0:
                raise Malformed("a name is too long")
            start = offset + 1
            offset = start + size  # beyond the message there is nothing to go on with
            labels.append(message[start:offset])
        elif size >= 0xC0:
            pointer = (size & 0x3F) << 8 | message[offset + 1]
            behind = behind or offset + 2
            jumps += 1
            # Only backwards, each time further: no loop (RFC 1035 §4.1.4). The header holds no names.
            if not 12 <= pointer < floor or jumps > MAX_POINTERS:
                raise Malformed("a compression pointer that does not point back to a name")
            floor = offset = pointer
        else:
            raise Malformed("a label of unknown kind")
    joined = b".".join(labels)
    if joined.isascii():
        name = joined.decode("ascii").lower()
        if name.isprintable() and name.count(".") < len(labels) and " " not in name and "\\" not in name:
            return name, behind or offset + 1
    return ".".join([_escape(label.lower()) for label in labels]), behind or offset + 1


def _escape(label: bytes) -> str:
    return "".join(
        "\\" + chr(octet) if octet in b".\\" else chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}"
        for octet in label
    )


# Readers of record data: message, start, end → the record as ``Answer.records`` has it.


def _a(message: bytes, start: int, stop: int) -> str:
    return socket.inet_ntop(socket.AF_INET, _exactly(message, start, stop, 4))


def _aaaa(message: bytes, start: int, stop: int) -> str:
    return socket.inet_ntop(socket.AF_INET6, _exactly(message, start, stop, 16))


def _exactly(message: bytes, start: int, stop: int, size: int) -> bytes:
    if stop - start != size:
        raise Malformed("an address of the wrong size")
    return message[start:stop]


def _name(message: bytes, start: int, stop: int) -> str:
    name, behind = read_name(message, start)
    if behind != stop:
        raise Malformed("a name does not fill its record")
    return name


def _mx(message: bytes, start: int, stop: int) -> MailExchange:
    return MailExchange(message[start] << 8 | message[start + 1], _name(message, start + 2, stop))


def _txt(message: bytes, start: int, stop: int) -> tuple[bytes, ...]:
    if message[start] + 1 == stop - start:
        return (message[start + 1 : stop],)  # one string, as most have
    strings = []
    while start < stop:
        behind = start + 1 + message[start]
        strings.append(message[start + 1 : behind])
        start = behind
    if start != stop or not strings:
        raise Malformed("the strings of a TXT record do not fill it")
    return tuple(strings)


def _soa(message: bytes, start: int, stop: int) -> Soa:
    mname, start = read_name(message, start)
    _, start = read_name(message, start)
    if stop - start != 20:
        raise Malformed("a SOA record of the wrong size")
    serial, _, _, _, minimum = struct.unpack_from(">IIIII", message, start)
    return Soa(mname, serial, minimum)


_READERS = {
    A: _a, AAAA: _aaaa, NS: _name, CNAME: _name, PTR: _name, MX: _mx, TXT: _txt, SPF: _txt, SOA: _soa,
}


def _presentation(message: bytes, rdtype: int, start: int, stop: int) -> str:
    """The text of a record of a type that we do not know by heart."""
    try:
        rdata = dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), message, start, stop - start)
        return rdata.to_text()
    except (dns.exception.DNSException, ValueError) as error:
        raise Malformed(str(error)) from error
