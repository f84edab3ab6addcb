"""What DNS said: the typed answer to one question."""

from __future__ import annotations

from ..status import Word
from ..value import cached_property, dataclass


class Status(Word):
    """How a DNS question ended.

    Only the facts (:attr:`Answer.is_fact`) say something about the domain asked
    for; the others say something about today's network, and nothing may be
    concluded from them ("unknown is not missing").
    """

    OK = "ok"  # at least one record of the type asked for
    NODATA = "nodata"  # the name exists, without that type (RFC 2308 §2.2)
    NXDOMAIN = "nxdomain"  # the name does not exist, nor anything below it (RFC 8020 §2)
    BAD_NAME = "bad_name"  # the name cannot be asked: a label over 63 octets, a name over 253
    SERVFAIL = "servfail"  # server failure, FORMERR, NOTIMP, garbage, a CNAME loop or over-long chain
    REFUSED = "refused"  # the server answered that it will not answer
    TIMEOUT = "timeout"  # nobody answered in time, or nothing listens there


FACTS = frozenset({Status.OK, Status.NODATA, Status.NXDOMAIN, Status.BAD_NAME})


@dataclass(frozen=True)
class MailExchange:
    """One MX record: ``host`` is lower case without the final dot, ``""`` for the null MX (RFC 7505)."""

    preference: int
    host: str


@dataclass(frozen=True)
class Soa:
    """The fields of a SOA record that we use; ``minimum`` is in seconds (RFC 2308 §5)."""

    mname: str
    serial: int
    minimum: int


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    ``records`` by type: A, AAAA → ``str``; CNAME, NS, PTR → ``str`` (lower case, no
    final dot); MX → :class:`MailExchange`; TXT, SPF → ``tuple[bytes, ...]`` (the
    strings of one record as sent); SOA → :class:`Soa`; any other type → its
    presentation text. Empty unless ``status`` is ``OK``.
    """

    name: str  # as asked: lower case A-labels, no final dot
    rdtype: str
    status: Status
    records: tuple = ()
    ttl: int = 0  # seconds: the least on the way (RFC 2308 §5 for negative answers)
    aliases: tuple[str, ...] = ()  # the targets of the CNAME chain, in order
    server: str | None = None  # "192.0.2.53:53": who answered, or failed last
    authenticated: bool = False  # the AD bit
    authoritative: bool = False  # the AA bit
    zone: str | None = None  # owner of the SOA record in a negative answer
    minimum: int | None = None  # seconds: the last field of that record, the zone's own idea of how long denials live
    detail: str = ""  # for a failure: what happened, extended DNS errors included (RFC 8914)
    size: int = 0  # octets of the whole DNS message
    extended_errors: tuple[int, ...] = ()  # codes of RFC 8914 that came with a failure
    alias_beside: str | None = None  # the target of a CNAME record that came with ``own_records`` of the same name
    own_records: tuple = ()
    truncated: bool = False  # for a failure: a server began to answer and could not be asked for the rest over TCP

    @property
    def is_fact(self) -> bool:
        """Whether this says something about the domain rather than about the network."""
        return self.status in FACTS

    @property
    def exists(self) -> bool | None:
        """Whether the name asked for exists: an NXDOMAIN behind a CNAME denies the target only (RFC 8020 §2).

        ``None`` when DNS did not answer.
        """
        if not self.is_fact:
            return None
        return self.status in (Status.OK, Status.NODATA) or bool(self.aliases)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The TXT records as text, strings joined without a space (RFC 7208 §3.3)."""
        return tuple(decode_text(b"".join(strings)) for strings in self.records)


# Bidirectional controls could make a record look like another one on a screen.
_UNSHOWABLE = (
    set(range(0x20)) - {0x09, 0x0A, 0x0D}
    | {0x7F}
    | set(range(0x80, 0xA0))
    | {0x200E, 0x200F}
    | set(range(0x202A, 0x202F))
    | set(range(0x2066, 0x206A))
    | {0xFEFF}
)
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _UNSHOWABLE}


def in_one_line(text: str) -> str:
    """The text without anything that ends a line or moves a cursor: for what leaves as part of a message.

    White space that :func:`decode_text` keeps becomes the escape that a zone file has for it (RFC 1035 §5.1).
    """
    return "".join(
        f"\\{ord(character):03d}" if ord(character) < 0x20 else _LINE_ENDS.get(character, character)
        for character in text.translate(_ESCAPES))


def decode_text(octets: bytes) -> str:
    """Text that can be stored and shown for the octets of a record.

    UTF-8 where they are UTF-8 (a pasted curly quote is then seen as one); other
    octets, control characters and direction marks become escapes. Tab, CR and LF
    stay: they are white space to RFC 6376 §3.2.
    """
    text = octets.decode("utf-8", "backslashreplace")
    return text if text.isascii() and text.isprintable() else text.translate(_ESCAPES)
