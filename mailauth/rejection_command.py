"""``python -m mailauth rejection FILE``: why a mail was refused, on the command line."""

from __future__ import annotations

import email
import email.policy
import json
import sys
import textwrap
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

from .arrival import bounce, read
from .certain import certain
from .rejections import CODES, MAX_TEXT, Cause, Rejection, Trouble, classify

MAX_OCTETS = 2 * 1024 * 1024  # of a bounce with the mail that it repeats
MAX_PARTS = 20
UNREADABLE, UNKNOWN = 2, 3

RECIPIENT = "A problem on the recipient's side: a wrong address, a full mailbox, or a server that accepts no mail for it."
PROBLEM_WITH = {
    Trouble.DOMAIN: "the sending domain's records",
    Trouble.SERVER: "the sending server, or its address",
    Trouble.ACCOUNT: "the account at the outgoing mail service",
    Trouble.MAILS: "the emails: their content, or how many are sent",
    Trouble.RECIPIENT: "the recipient",
}


def add_parser(commands: Any) -> ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = commands.add_parser(
        "rejection", help="explain why an email was rejected",
        epilog="Exit status: 0 the cause is known, 2 the file cannot be read, 3 the cause is unknown.")
    parser.add_argument("file", help="an SMTP error, the text of a bounce, or the bounce itself (.eml); - for standard input")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    return parser


def run(options: Namespace) -> int:
    """Read the file and print what it tells; returns the exit status."""
    try:
        given = sys.stdin.buffer.read(MAX_OCTETS) if options.file == "-" else _read(options.file)
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    rejection = classify(text_of(given))
    if options.json:
        json.dump(to_dict(rejection), sys.stdout, indent=2)
        print()
    else:
        print("\n".join(_lines(rejection)))
    return 0 if rejection else UNKNOWN


def to_dict(rejection: Rejection | None) -> dict:
    """What ``--json`` prints; all values are ``None`` where no cause can be told."""
    if rejection is None:
        return dict.fromkeys(
            ("cause", "trouble", "receiver", "speaker", "status", "blocklist", "words", "text", "source", "code"))
    return {
        "cause": rejection.cause.value, "trouble": rejection.trouble.value, "receiver": rejection.receiver,
        "speaker": rejection.speaker.value, "status": rejection.status, "blocklist": rejection.blocklist,
        "words": rejection.words, "text": rejection.text, "source": rejection.source, "code": rejection.code,
    }


def text_of(given: bytes) -> str:
    """Return the text of a bounce that is given as a mail, with its report (RFC 3464); of anything else itself."""
    message = email.message_from_bytes(given, policy=email.policy.compat32)
    if not any(message.get(name) for name in ("From", "Received", "Return-Path")):
        return given.decode("utf-8", "replace")
    texts: list[str] = []
    for _number, part in zip(range(MAX_PARTS), message.walk(), strict=False):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            groups = part.get_payload()
            texts += [
                f"{name}: {' '.join(str(value).split())}" for group in groups if isinstance(group, Message)
                for name, value in group.items()
            ] if isinstance(groups, list) else []
            break  # the mail itself follows
        if kind == "message/global-delivery-status":  # of SMTPUTF8 (RFC 6533 §4); the parser takes it for a mail
            groups = part.get_payload()
            texts += [_decoded(group) for group in groups if isinstance(group, Message)] if isinstance(groups, list) else []
            break
        if kind == "text/plain":
            texts.append(_decoded(part))
    if not texts:  # a report that is a page only
        about = bounce.read(read(given))
        return about.said if about else ""
    return "\n".join(texts)[:2 * MAX_TEXT]


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(MAX_OCTETS)


def _lines(rejection: Rejection | None) -> Iterator[str]:
    if rejection is None:
        yield "No known cause: nothing was rejected, or the text says nothing about either side."
        return
    meaning = RECIPIENT if rejection.cause is Cause.RECIPIENT else CODES[certain(rejection.code)].meaning
    yield f"{rejection.cause.value}: {meaning}"
    yield f"  Problem with    {PROBLEM_WITH[rejection.trouble]}"
    named = f", using {rejection.blocklist}" if rejection.blocklist else ""
    yield f"  Rejected by     {rejection.receiver or 'unknown'}{named}"
    yield f"  Recognized by   {rejection.words} ({rejection.source})"
    yield from textwrap.wrap(f"  Error text      {rejection.text}", 110, subsequent_indent=" " * 18, break_on_hyphens=False)
