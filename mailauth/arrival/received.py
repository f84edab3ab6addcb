"""One Received field: who handed the mail to whom (RFC 5321 §4.4), as mail servers really write it."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from ..dns import egress
from ..dns.names import to_ascii
from ..value import dataclass

MAX_LENGTH = 4096  # characters of one field that are looked at
_DEPTH = 8  # comments within comments

_HOST = re.compile(r"(?=.{1,253}\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})(?:%\w{1,20})?\]", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w.:])([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:])")
_HELO = re.compile(r"\b(?:helo|ehlo)[= ]\[?([^\s\]()]{1,255})", re.IGNORECASE)
# What the other side says of itself; an address in there is nobody's word but its own.
_CLAIMED = re.compile(r"\b(?:helo|ehlo|ident)[= ][^\s()]*", re.IGNORECASE)
_KEYWORDS = ("from", "by", "via", "with", "id", "for")
# RFC 3848: the A stands for a client that authenticated itself, as whoever submits mail does.
_LOGGED_IN = re.compile(r"(?:UTF8)?E?SMTPS?A\b|ASMTP\b", re.IGNORECASE)
# How sendmail, Postfix and Courier say it in words; some write no letter for it.
_LOGIN = re.compile(r"\((?:authenticated (?:bits|user|sender|id)\b|AUTH: )", re.IGNORECASE)
_DELIVERED = re.compile(r"(?:UTF8)?LMTPS?A?\b|LMTPProxy\b", re.IGNORECASE)  # RFC 2033 §1: within one side only
_FETCHED = re.compile(
    r"(?:SDPS|KPOP|R?POP[23]?|APOP|IMAP(?:[24](?:REV1)?)?|ETRN|ODMR)(?:[-/_]?(?:SSL|TLS|S))?(?![A-Z0-9])", re.IGNORECASE)
# RFC 3848: an S for a session that was encrypted; Exchange, Gmail and sendmail say it in words, qmail in words only.
_ENCRYPTED = re.compile(r"(?:UTF8)?(?:E?SMTP|LMTP)SA?\b|HTTPS\b", re.IGNORECASE)
_PLAIN = re.compile(r"(?:UTF8)?ESMTPA?\b|SMTP\b", re.IGNORECASE)
_CIPHER = re.compile(r"\bTLS(?:v?1[._ ]?[0-3]|_[A-Z])|\b(?:version|cipher)=|\bencrypted\b", re.IGNORECASE)
_ENVELOPE = re.compile(r"\benvelope-(?:from|sender)[ =]*(<[^<>\s]{0,320}>|[^<>()\s]{3,320})", re.IGNORECASE)


@dataclass(frozen=True)
class Hop:
    """One step of the way. ``by`` wrote it, and all of it is that host's word.

    ``helo`` is what the other side called itself, ``name`` the name that ``by`` found for its
    ``address`` by itself (``None`` where it wrote none). ``logged_in`` tells that the other side
    was a client with a name and a password, ``delivered`` that the mail was put into its mailbox (LMTP), ``fetched``
    that a program took it out of one (POP, IMAP). ``encrypted`` tells whether it came through TLS, ``None`` where ``by`` says
    nothing that would tell. ``envelope`` is the envelope sender as the field tells it, ``<>``
    the null sender.
    """

    by: str | None = None
    helo: str | None = None
    name: str | None = None
    address: str | None = None
    protocol: str | None = None
    logged_in: bool = False
    delivered: bool = False
    encrypted: bool | None = None
    fetched: bool = False
    envelope: str | None = None
    date: datetime | None = None

    @property
    def public(self) -> bool:
        """Whether the address is one that the Internet knows."""
        return self.address is not None and is_public(self.address)


def is_public(address: str) -> bool:
    """Whether an address is no private, local or otherwise internal one (:func:`mailauth.dns.egress.kind`).

    The ranges of documentation count as public: nobody's own network uses them.
    """
    return egress.kind(address) in (None, "documentation")


def parse(value: str) -> Hop:
    """Read the value of one Received field, unfolded. Takes any text."""
    text, _semicolon, date = value[:MAX_LENGTH].rpartition(";")
    if not _semicolon:
        text, date = date, ""
    words, comments = _clauses(text)
    origin, remarks = words.get("from", ""), comments.get("from", [])
    helo_remark = next((found[1] for remark in remarks for found in [_HELO.search(remark)] if found), None)
    name = next((found for remark in remarks for found in [_verified(remark)] if found), None)
    helo = helo_remark or origin
    if name is None and helo_remark is not None:
        # Exim and qmail write the name that they found first, and the HELO behind it.
        name = _host(origin) if origin.lower() != "unknown" else None
    protocol = words.get("with", "")
    delivered = bool(_DELIVERED.match(protocol) or not protocol and "(LMTPProxy)" in text)
    return Hop(
        by=_host(words.get("by", "")) or _address_in(words.get("by", "")),
        helo=_host(helo) or _address_in(helo),
        name=name,
        address=_address(origin, remarks),
        protocol=protocol[:40] or None,
        logged_in=not delivered and bool(_LOGGED_IN.match(protocol) or _LOGIN.search(text)),
        delivered=delivered,
        fetched=bool(_FETCHED.match(protocol)),
        encrypted=_encrypted(protocol, comments),
        envelope=next((found[1] for found in _ENVELOPE.finditer(text)), None),
        date=_date(date),
    )


def _encrypted(protocol: str, comments: dict[str, list[str]]) -> bool | None:
    if _ENCRYPTED.match(protocol):
        return True
    # What the other side calls itself may hold any word.
    if any(_CIPHER.search(_CLAIMED.sub(" ", remark)) for remarks in comments.values() for remark in remarks):
        return True
    return False if _PLAIN.match(protocol) else None


def _clauses(text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """For each keyword the word behind it, and the comments that follow."""
    words: dict[str, str] = {}
    comments: dict[str, list[str]] = {}
    keyword, start, depth = "", 0, 0
    for token in re.finditer(r"[()]|[^\s()]+", text):
        piece = token[0]
        if piece == "(":
            depth += 1
            start = token.end() if depth == 1 else start
            if depth > _DEPTH:
                break
        elif piece == ")":
            if depth == 1:
                comments.setdefault(keyword, []).append(text[start:token.start()])
            depth = max(0, depth - 1)
        elif depth == 0:
            # Right behind a keyword stands its word, whatever it is: a HELO may be "by".
            due = bool(keyword) and not words[keyword] and keyword not in comments
            if piece.lower() in _KEYWORDS and piece.lower() not in words and not due:
                keyword = piece.lower()
                words[keyword] = ""
            elif keyword and not words[keyword]:
                words[keyword] = piece
    return words, comments


def _verified(remark: str) -> str | None:
    """The name in ``(name [192.0.2.1])``: what the server itself found for the address."""
    if "may be forged" in remark or _HELO.search(remark):
        return None
    before, bracket, _rest = remark.partition("[")
    words = before.split()
    name = _host(words[-1]) if bracket and words else None
    return None if name in ("unknown", None) else name


def _address(origin: str, remarks: list[str]) -> str | None:
    for text in (*(_CLAIMED.sub(" ", remark) for remark in remarks), origin):
        for pattern in (_BRACKETED, _BARE):
            for found in pattern.finditer(text):
                address = _ip(found[1])
                if address:
                    return address
    return None


def _address_in(text: str) -> str | None:
    found = _BRACKETED.search(text) or _BARE.search(text)
    return _ip(found[1]) if found else None


def _ip(text: str) -> str | None:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if ip.version == 6 else None
    return str(mapped or ip)


def _host(text: str) -> str | None:
    """A host name as DNS knows it; an address is none."""
    text = text.strip("<>,")
    if not _HOST.fullmatch(text) or _ip(text.rstrip(".")):
        return None
    return to_ascii(text)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(" ".join(text.split())[:120])
        return date if date.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
