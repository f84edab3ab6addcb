"""A server's answer, taken apart: its codes, its sentences, and whom of the two sides it names."""

from __future__ import annotations

import re

from ..value import dataclass

MAX_SENTENCES = 24

# RFC 3463 §2; not a part of an IP address or of a version number.
STATUS = re.compile(r"(?<![\w.])([45])\.([0-7]\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\w.@#-])([45]\d\d)(?=[ \-:,;'\"]|$)")
# "550-5.7.26 ": how a reply of several lines repeats its code (RFC 5321 §4.2.1).
_CONTINUATION = re.compile(r"(?<![\w.@/])[245]\d\d[ -](?:#?[245]\.\d{1,3}\.\d{1,3}:? )?(?=\S)")
_URL = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"')\]]{1,500}")
_ADDRESS = re.compile(r"<?[\w.+=*/'-]{1,64}@[\w.-]{1,255}>?")
# Of an address without its domain, which may be called what is looked for elsewhere.
_MAILBOX = re.compile(
    r"\b(user|mailbox|recipient|account|alias) ['\"<(]?(?:spf|dkim|dmarc)"
    r"(?:['\">)]|(?= (?:is|was|has|here|not|does|disabled|unknown)\b)|$)")
# A host's name; Exchange's own words have dots, too.
_NAME = re.compile(
    r"(?<![\w.@-])(?!(?:resolver|storedrv|transport|smtpsend)\.)(?:[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-]|\.\w)")
# Of another server's answer that is quoted, the words are the other's.
_NESTED = re.compile(r":? \bhost \S{1,255}? ?\[[^\]]{1,60}\](?::\d+)? said: ?")
# Which of Postfix's restrictions refused (smtpd_check.c), and others in its words.
_RESTRICTION = re.compile(
    r"(?:@|<[^>]{0,300}>)?:? ?(recipient|sender|client host|client|helo command|end-of-data|data command|etrn command)"
    r" (?:(?:e-?mail )?address(?:es)? )?(?:rejected|refused) ?: ?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|;\s+")
_SENDER = re.compile(
    r"\bsenders?\b|\bmail ?from\b|\bfrom:?[ -]?(?:address|domain|header)|\breturn[ -]?path|\benvelope[ -]?from"
    r"|\b(?:bounce|originat\w+) address"
    r"|\bsending domain|\bemett?eur|\bexpediteur|\bexp.diteur|\b.metteur|\babsender|\bremitente|\bmittente|\bremetente"
    r"|\bnadawc|\bafzender"
    r"|\u043e\u0442\u043f\u0440\u0430\u0432\u0438\u0442\u0435\u043b|\u53d1\u4ef6\u4eba|\u5bc4\u4ef6\u4eba"
    r"|\u9001\u4fe1\u8005|\ubc1c\uc2e0\uc790"
    r"|\bsending (?:ip|server|host|mta)\b")


@dataclass(frozen=True)
class Words:
    """An answer in lower case.

    ``sentences`` are its own, without codes, addresses and links; ``links`` those; ``status`` the first enhanced
    code without its class (``7.26``) and ``statuses`` all of them as ``(class, subject)``; ``reply`` the first reply
    code; ``restricted`` what a restriction of Postfix's kind was about (``recipient``, ``sender``, ``client`` ...).
    """

    sentences: tuple[str, ...]
    links: str
    statuses: tuple[tuple[str, str], ...]
    reply: str | None
    restricted: str | None

    @property
    def status(self) -> str | None:
        """The first enhanced code's subject and detail (RFC 3463 §2)."""
        return self.statuses[0][1] if self.statuses else None

    @property
    def never_the_recipients(self) -> bool:
        """Whether a restriction or the code (RFC 3463 §3.2) says that it is about the sending side."""
        return self.restricted in ("sender", "client", "helo") or self.status in ("1.7", "1.8")

    @property
    def names_the_sender(self) -> bool:
        """Whether the receiver speaks of the sending side in its own words."""
        return self.restricted in ("sender", "client", "helo") or any(map(_SENDER.search, self.sentences))


def names_the_sender(sentence: str) -> bool:
    """Whether one sentence speaks of the sending side."""
    return bool(_SENDER.search(sentence))


def read(text: str) -> Words:
    """Take an answer apart. Linear in its length, which whoever calls has bounded."""
    lower = lowered(text)
    reply = _REPLY.search(lower)
    statuses = tuple((match[1], match[2]) for match in STATUS.finditer(lower))[:20]
    links = " ".join(_URL.findall(lower))
    own = _URL.sub(" ", lower)
    nested = _NESTED.search(own)
    if nested and nested.start() > 20:
        own = own[:nested.start()]
    own = _CONTINUATION.sub(" ", own)
    own = STATUS.sub(" ", own)
    own = _MAILBOX.sub(r"\1 @", _ADDRESS.sub("@", own))
    restriction = _RESTRICTION.search(own)
    if restriction:
        own = own[:restriction.start()] + " " + own[restriction.end():]
    own = " ".join(own.split()).strip(" -:;,'\"()[]#")
    sentences = tuple(filter(None, (_NAME.sub("~", part).strip() for part in _SENTENCE.split(own)[:MAX_SENTENCES])))
    return Words(
        sentences, links, statuses, reply[1] if reply else None,
        restriction[1].removesuffix(" host").removesuffix(" command") if restriction else None)


def lowered(text: str) -> str:
    """In lower case and of the same length: some letters would become two."""
    return text.lower() if text.isascii() else "".join(
        lower if len(lower := character.lower()) == 1 else character for character in text)
