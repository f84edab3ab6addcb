"""What was changed on the way of a mail of which it is known how it left."""

from __future__ import annotations

import base64
import binascii
import quopri

from ..value import dataclass
from . import message as source
from .examine import author_of
from .message import Message

MAX_TEXT = 64 * 1024  # octets of a part that are compared


@dataclass(frozen=True)
class Sent:
    """How a mail left: in seven bits, ``text`` its plain text."""

    message_id: str
    subject: str
    from_email: str
    text: str


def changes(given: bytes | str, sent: Sent) -> tuple[str, ...]:
    """What differs: of ``message_id``, ``subject``, ``from``, ``encoding`` (some part has another one) and ``text``.

    Spaces and line ends are not compared. Raises nothing because of what the mail contains.
    """
    message = source.read(given)
    if not message.readable:
        return ()
    found = []
    if message.value("message-id") != sent.message_id:
        found.append("message_id")
    if " ".join(source.shown(message.value("subject")).split()) != " ".join(sent.subject.split()):
        found.append("subject")
    if author_of(message).lower() != sent.from_email.lower():
        found.append("from")
    if message.body is not None:
        parts = list(source.parts_of(message, message.body))
        if any(encoding not in ("", "7bit") for kind, encoding, _octets in parts if kind.startswith("text/")):
            found.append("encoding")
        plain = next((_decoded(encoding, octets) for kind, encoding, octets in parts if kind == "text/plain"), None)
        if plain is None or plain.split() != sent.text.split():
            found.append("text")
    return tuple(found)


def text_of(message: Message) -> str:
    """The texts of a mail, decoded, one after the other; bounded."""
    body = (message.body or b"")[:4 * MAX_TEXT]
    return "\n".join(
        _decoded(encoding, octets) for kind, encoding, octets in source.parts_of(message, body) if kind.startswith("text/"))


def _decoded(encoding: str, octets: bytes) -> str:
    octets = octets[:MAX_TEXT]
    try:
        if encoding == "base64":
            octets = base64.b64decode(octets[:len(octets) // 4 * 4] if b"=" not in octets else octets)
        elif encoding == "quoted-printable":
            octets = quopri.decodestring(octets)
    except (binascii.Error, ValueError):
        pass  # compared as it is written
    return octets.decode("utf-8", "replace")
