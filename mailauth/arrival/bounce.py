"""Mails that are about another mail: that it came back, is late, was delivered or read, or was complained of (RFC 3464).

Many servers write such a report in no standard form. It is known by who writes it (an automatic sender, no envelope
sender) together with what it says; what somebody writes to somebody else about a bounce is none.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator

from ..dns.answer import decode_text
from ..rejections.answers import answers
from ..value import dataclass
from .bounce_words import COPY, DAEMON, FAILED, GIVEN_UP, LATE, NO_PERSON
from .message import Message, content, fields_of, parts_of, shown
from .results import without_comments

MAX_TEXT = 64 * 1024  # octets of a report that are read
MAX_HEAD = 1500  # characters of a text in which it says what it is
MAX_BLOCKS = 50  # of recipients
MAX_SAID = 300

_STATUS = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.])")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,64}@[A-Za-z0-9.-]{1,253}[A-Za-z0-9]")
# In a field of a delivery status; in a text other letters may be the next word.
_RECIPIENT = re.compile(r"""(?:"[^"\s@]{1,64}(?: [^"\s@]{1,64}){0,3}"|[^\s<>()\[\],;:"']{1,64})@[\w.-]{1,253}\w""")
# Exim and OpenSMTPD write the same Status whatever the other server said.
_NO_STATUS = re.compile(
    r"created automatically by mail delivery software|this is the mailer-daemon, please do not reply", re.IGNORECASE)
_QUOTED = re.compile(r"^[ \t]*(?:>(?!>>)|\|).*$", re.MULTILINE)  # ">>>" is what a server said in a session
_TAG = re.compile(r"<[^<>@]{0,2000}>")
_HIDDEN = re.compile(r"<(/?)(?:style|script)\b", re.IGNORECASE)
# What a report says that one recipient's mail became; the worst of several counts.
_ACTIONS = {"failed": "failed", "delayed": "delayed", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}
_ORDER = ("failed", "delayed", "delivered")
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")  # the second for SMTPUTF8 (RFC 6533 §4)
_KINDS = {
    "disposition-notification": "read", "feedback-report": "complaint", "tlsrpt": "complaint", "delivery-status": "failed"}


@dataclass(frozen=True)
class Bounce:
    """A mail about another one.

    ``kind`` is ``failed``, ``delayed`` (it is still tried), ``delivered``, ``read`` (a receipt) or ``complaint`` (what
    is reported is no delivery). ``said`` is the receiver's own answer on one line, ``status`` its enhanced status
    code, ``recipient`` whose mail it was; each empty where the report does not tell.
    """

    kind: str
    recipient: str = ""
    said: str = ""
    status: str = ""


def read(message: Message) -> Bounce | None:
    """What a mail says about another one; ``None`` for a mail that is none such."""
    kind, _boundary, _encoding = content(message)
    parts = list(_parts(message))
    blocks = next((_blocks(text) for part, text in parts if part in _STATUS_PARTS), None)
    if kind != "multipart/report" and blocks is None:
        return _plain(message, parts)
    named = next((value for value in _KINDS if value in message.value("content-type").lower()), "delivery-status")
    outcome = _KINDS[named]
    text = _text_of(parts)
    if named == "delivery-status":
        actions = {_outcome(block) for block in blocks or ()}
        outcome = next((one for one in _ORDER if one in actions), None) or (
            "delayed" if _is_late(message, text) else "failed")
    chosen = next((block for block in blocks or () if _outcome(block) == outcome), None) \
        or next(iter(blocks or ()), {})
    recipient = _address(chosen.get("final-recipient", "") or chosen.get("original-recipient", ""), _RECIPIENT)
    said = _diagnostic(chosen) or (_said(text, recipient) if outcome in ("failed", "delayed") else "")
    field = "" if _NO_STATUS.search(text[:MAX_HEAD]) else chosen.get("status", "")
    return Bounce(outcome, recipient or _recipient(message, text), said, _status(said, field))


def texts(message: Message) -> list[str]:
    """What a mail about another one says and repeats, decoded: its subject, its parts; nothing of any other mail.

    Of a mail that a person wrote no more than the header is looked at.
    """
    is_report = content(message)[0] == "multipart/report" or bool(message.value("x-failed-recipients"))
    if not (is_report or _is_automatic(message)) or not read(message):
        return []
    return [shown(message.value("subject")), *(text for _kind, text in _parts(message))]


def _plain(message: Message, parts: list[tuple[str, str]]) -> Bounce | None:
    """A report in a form of its own: an automatic sender, and words that say so."""
    failed = message.value("x-failed-recipients")
    if not failed and not _is_automatic(message):
        return None
    text = _text_of(parts)
    subject = shown(message.value("subject"))
    head = f"{subject}\n{text[:MAX_HEAD]}"
    late = _is_late(message, text)
    if not (failed or late or FAILED.search(head)):
        return None
    recipient = _recipient(message, text)
    said = _said(text, recipient)
    return Bounce("delayed" if late else "failed", recipient, said, _status(said, ""))


def _is_automatic(message: Message) -> bool:
    """Whether no person wrote it: no envelope sender (RFC 5321 §4.5.5), or the address of a mail server."""
    envelope, sender = message.value("return-path"), shown(message.value("from"))
    if envelope.replace(" ", "") == "<>" or not sender.strip("<> "):
        return True
    if DAEMON.search(sender) or DAEMON.search(shown(envelope)):
        return True
    return not envelope and bool(NO_PERSON.search(sender))


def _is_late(message: Message, text: str) -> bool:
    head = f"{shown(message.value('subject'))}\n{text[:MAX_HEAD]}"
    return bool(LATE.search(head)) and not GIVEN_UP.search(head)


def _parts(message: Message) -> Iterator[tuple[str, str]]:
    """The parts of a mail as type and text; what a part of a report holds in turn is not looked into."""
    body = (message.body or b"")[:MAX_TEXT]
    for kind, encoding, octets in parts_of(message, body):
        yield kind, _decoded(octets, encoding, kind)


def _decoded(octets: bytes, encoding: str, kind: str) -> str:
    try:
        if encoding == "base64":
            octets = base64.b64decode(octets[:len(octets) // 4 * 4] if b"=" not in octets else octets)
        elif encoding == "quoted-printable":
            octets = quopri.decodestring(octets)
    except (binascii.Error, ValueError):
        pass  # read as it is written
    text = octets.decode("utf-8", "replace") if b"\x1b$" not in octets else octets.decode("iso-2022-jp", "replace")
    return _TAG.sub(" ", _without_styles(text)) if kind == "text/html" else text


def _without_styles(text: str) -> str:
    """A page without what stands between the tags of styles and scripts."""
    kept, hidden, start = [], False, 0
    for tag in _HIDDEN.finditer(text):
        if not hidden:
            kept.append(text[start:tag.start()])
        hidden, start = not tag[1], tag.start()
    return "".join(kept) + ("" if hidden else text[start:])


def _text_of(parts: list[tuple[str, str]]) -> str:
    """What the report itself says: its first text, without what it quotes of the other mail."""
    text = next((text for kind, text in parts if kind == "text/plain"), None)
    if text is None:
        text = next((text for kind, text in parts if kind.startswith("text/")), "")
    text = _QUOTED.sub("", text.replace("\r\n", "\n"))
    copy = next((found for found in COPY.finditer(text) if text[:found.start()].strip()), None)
    return text[:copy.start()] if copy else text


def _blocks(text: str) -> list[dict[str, str]]:
    """The recipients of a delivery status, each with its fields (RFC 3464 §2.1)."""
    blocks = []
    for piece in re.split(r"(?:\r?\n){2,}", text.strip())[:MAX_BLOCKS]:
        fields: dict[str, str] = {}
        for name, value in fields_of(piece.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")):
            fields.setdefault(name.lower(), " ".join(decode_text(value.replace(b"\r\n", b" ")).split()))
        if fields.keys() & {"final-recipient", "original-recipient", "action", "diagnostic-code"}:
            blocks.append(fields)
    return blocks


def _outcome(block: dict[str, str]) -> str:
    """What became of the mail for one recipient; empty where it does not tell. Comments may stand there (RFC 3464 §2.1.1)."""
    return _ACTIONS.get(without_comments(block.get("action", "")).strip().lower(), "")


def _diagnostic(block: dict[str, str]) -> str:
    """What the other server said."""
    kind, semicolon, text = block.get("diagnostic-code", "").partition(";")
    return shown((text if semicolon and " " not in kind.strip() else block.get("diagnostic-code", "")).strip())


def _said(text: str, recipient: str) -> str:
    """The answer of the other server; where none is given, what stands behind the recipient."""
    answer = next(answers(text), None)
    if answer and not answer.prose:
        return shown(answer.text)
    if recipient and recipient in text:
        rest = text[text.index(recipient) + len(recipient):].lstrip(">):, \t\r\n\"")
        sentence = shown(re.split(r"\n[ \t]*\n", rest, maxsplit=1)[0][:2 * MAX_SAID])
        return sentence if re.search(r"\w{3}", sentence) else ""
    return ""


def _recipient(message: Message, text: str) -> str:
    return _address(message.value("x-failed-recipients")) or _address(text[:4 * MAX_HEAD])


def _address(text: str, pattern: re.Pattern[str] = _ADDRESS) -> str:
    found = pattern.search(text)
    return shown(found[0]) if found else ""


def _status(said: str, field: str) -> str:
    """The enhanced status code: the other server's own, else the report's, which may be no more than a class."""
    found = _STATUS.search(said)
    if found:
        return found[0]
    status = field.split(" ")[0]
    return "" if not _STATUS.fullmatch(status) or status.endswith(".0.0") else status
