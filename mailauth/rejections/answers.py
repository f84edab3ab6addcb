"""Who refused, and in which words: told apart from what a bounce says besides, and from the mail that it repeats.

Odoo keeps smtplib's errors of its own session, and the text of bounces, whose lines have lost their indentation and
some of the blank lines between them. A bounce is a letter of somebody's software: a greeting, the receiver's answer,
then the mail that did not arrive. Only the answer counts; what was sent may speak of anything.

Patterns are in lower case and meet a copy in lower case: ignoring case would cost them twice the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..status import Word
from ..value import dataclass
from .words import lowered

MAX_TEXT = 8000  # characters that are read: the answer stands at a bounce's beginning
MAX_ANSWER = 1500
MAX_ANSWERS = 5  # a bounce names several recipients at times
_MAX_LINES = 14  # of one answer


class Speaker(Word):
    """Whose answer it is: the server's that Odoo itself talks to, or one's that a bounce tells of."""

    RELAY = "relay"
    RECEIVER = "receiver"
    UNKNOWN = "unknown"  # an answer, and not a word about whose it is


@dataclass(frozen=True)
class Answer:
    """What a server said: ``text`` in one line, ``host`` as far as the bounce names it."""

    text: str
    speaker: Speaker
    host: str | None = None
    prose: bool = False  # a letter's own words: no reply and no code is in it


def answers(text: str) -> Iterator[Answer]:
    """Yield what servers said in ``text``, in the order in which it is to be believed; at most MAX_ANSWERS."""
    kept = _without_the_mail(_unescaped(text[:MAX_TEXT]))
    lower = lowered(kept)
    session = _SESSION.search(kept) if "SMTP" in kept else None
    if session:
        yield from _only(Answer(_spoken(kept[session.end():]).rstrip("})'\""), Speaker.RELAY))
    elif _BARE.match(lower):
        # Postfix is the one that says in reply to what another server said it.
        speaker = Speaker.RECEIVER if "(in reply to " in kept[:MAX_ANSWER] else Speaker.UNKNOWN
        yield from _only(Answer(_spoken(kept), speaker, _host(lower)))
    else:
        host = _host(lower)
        told: set[str] = set()
        for said in _reported(kept, lower):
            if said and said not in told:
                told.add(said)
                yield Answer(said, Speaker.RECEIVER, host)
            if len(told) == MAX_ANSWERS:
                return
        if not told:
            yield from _loose(kept, lower, host)


def _only(answer: Answer) -> Iterator[Answer]:
    if answer.text:
        yield answer


def _loose(kept: str, lower: str, host: str | None) -> Iterator[Answer]:
    """A reply that nothing introduces, or what a letter says that tells of none."""
    reply = _LINE.search(lower) or _ANYWHERE.search(lower)
    letter = _LETTER.search(lower)
    if reply:
        speaker = Speaker.RECEIVER if letter and letter.start() < reply.start() else Speaker.UNKNOWN
        yield from _only(Answer(_spoken(kept[reply.start():].lstrip(":'\"(> ")), speaker, host))
    elif letter:
        yield Answer(" ".join(kept[letter.start():].split())[:MAX_ANSWER], Speaker.RECEIVER, host, prose=True)


# smtplib's exceptions, as Odoo writes them; the words around them are in the user's language.
_SESSION = re.compile(r"\bSMTP[A-Z][A-Za-z]{2,30}(?:Error|Refused|Exception|Disconnected|Supported)\b:?")
_REPLY = r"[45]\d\d(?=[ \-:,;'\"#]|$)"
_ENHANCED = r"#?[45]\.[0-7]\.\d{1,3}(?![\d.]*\d)"  # RFC 3463 §3: subjects 0 to 7; not a date, nor a version
_CODE = rf"(?:{_REPLY}|{_ENHANCED})"
_BARE = re.compile(rf"[\s\"'(#\[]*<?(?:smtp; ?)?{_CODE}", re.MULTILINE)
_LINE = re.compile(rf"^[\"'(#\[ ]*<?{_CODE}", re.MULTILINE)
# Amid other words a reply code alone is any number, unless something introduces it.
_ANYWHERE = re.compile(
    rf"(?<![\w.@#/=+-])(?:[45]\d\d[ -]{_ENHANCED}|{_ENHANCED})|(?:[:'\"(>]\s?|\b(?:error|code|said|fehler|erreur) ){_REPLY}",
    re.MULTILINE)
# How a bounce begins that tells of no reply.
_LETTER = re.compile(
    r"could(?: not|n't) be delivered|was not delivered|not be delivered to|unable to deliver|delivery (?:has )?failed"
    r"|delivery failure|undeliver(?:able|ed)|did not reach|delivery errors|delivery problems|failure reasons|were rejected"
    r"|nicht zugestellt|n'a pas pu .tre|no se ha podido entregar|non . stato (?:possibile )?(?:recapita|consegna)"
    r"|n.o p.de ser entregue")


# What was sent

# Fields of a mail's header, and of those the ones that only a mail has: one is enough to see that it is repeated here.
_OF_A_MAIL = re.compile(
    r"(?:received|return-path|dkim-signature|arc-[\w-]+|authentication-results|received-spf|mime-version|content-type"
    r"|content-transfer-encoding|delivered-to) ?:")
_FIELD = re.compile(
    _OF_A_MAIL.pattern + r"|(?:message-id|from|to|cc|subject|date|reply-to|sender|references|in-reply-to|list-[\w-]+|user-agent"
    r"|feedback-id|x-[\w-]+) ?:")
_HEADER_LINES = 8  # two of so many lines are fields,
_NEAR = 3  # and one of the first few is of a mail only
_COPY = re.compile(
    r"-{2,} ?(?:begin )?(?:original|returned|unsent|undelivered|forwarded) message"
    r"|this is a copy of (?:the|your) message|(?:below )?this line is a copy of|below is a copy of"
    r"|copy of (?:the|your) (?:original )?message(?: follows|:)|the headers? of the original message"
    r"|^original message headers?|^(?:the )?(?:original|unsent|undelivered) message (?:headers? )?follows"
    r"|^message headers? follows?|undelivered-message headers"
    r"|^urspr.ngliche nachrichtenkopf|^en-t.tes d(?:u|e) message d'origine|^encabezados (?:del|de) mensaje original"
    r"|^intestazioni (?:del )?messaggio original|^cabe.alhos (?:da )?mensage[mn]s? original|^oorspronkelijke berichtkop"
    r"|^oryginalne nag..wki")
_COPY_WORDS = re.compile("messag|mensa|copy|nachricht|bericht|header|nag")  # one of them is in each
# What a notice repeats of the mail in a line of its own.
_SUBJECT = re.compile(
    r"(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|emne|.mne|\u4ef6\u540d|\u4e3b\u9898|\u4e3b\u65e8"
    r"|\u0442\u0435\u043c\u0430) ?:")


# A tuple is a reply: (550, b'5.7.1 no'); SMTPRecipientsRefused has one for each address.
_TUPLE = re.compile(r"(?:\{['\"][^'\"\n]{1,320}['\"]: )?\(([245]\d\d), ?b?['\"]")


def _unescaped(text: str) -> str:
    """The text with its lines apart: smtplib's errors hold octets as Python writes them (``b'5.7.1 no\\n5.7.1 way'``)."""
    text = text.replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n")
    if "b'" in text or 'b"' in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace("\\'", "'")
    return _TUPLE.sub(r"\1 ", text) if ", '" in text or ", \"" in text or ", b" in text else text


def _without_the_mail(text: str) -> str:
    """The text up to where it repeats the mail, without its subject and without what is quoted."""
    lines = text.split("\n")
    lower = [line.strip() for line in lowered(text).split("\n")]
    kept: list[str] = []
    skipping = False
    for number, line in enumerate(lines):
        bare = lower[number]
        if _separates(bare) or _begins_a_mail(lower, number):
            break
        if skipping and bare and line[0] in " \t":
            continue  # a long subject goes on
        skipping = bool(_SUBJECT.match(bare))
        if not skipping and not (bare.startswith(">") and not bare.startswith(">>>")):
            kept.append(line.strip())
    return "\n".join(kept)


def _separates(line: str) -> bool:
    return len(line) < 120 and bool(_COPY_WORDS.search(line)) and bool(_COPY.search(line))


def _begins_a_mail(lower: list[str], number: int) -> bool:
    if ":" not in lower[number] or not _FIELD.match(lower[number]):
        return False
    ahead = lower[number:number + _HEADER_LINES]
    # A line of an answer may begin with "From:", too, just before the mail is repeated.
    if not _OF_A_MAIL.match(ahead[0]) and not (len(ahead) > 1 and _FIELD.match(ahead[1])):
        return False
    return any(map(_OF_A_MAIL.match, ahead[:_NEAR])) and sum(1 for line in ahead if _FIELD.match(line)) > 1


# What was answered

# What introduces an answer, each after a text without which it need not be looked for.
_MARKS = tuple((literal, re.compile(pattern, re.MULTILINE)) for literal, pattern in (
    ("said:", r"\bhost\s\S{1,255}?\s?\[[^\]\n]{1,60}\](?::\d+)?\ssaid:"),  # Postfix, which breaks lines anywhere
    ("me:", r"\bhost\s\S{1,255}?\s?\[[^\]\n]{1,60}\](?::\d+)?\srefused\sto\stalk\sto\sme:"),
    ("smtp error from remote mail",  # Exim
     r"smtp error from remote mail(?:er| server) after [^\n]{1,300}?:(?=\s+(?:<|host |[245]\d\d|[45]\.\d))"),
    ("smtp error from remote server", r"smtp error from remote server (?:for|after) [^\n]{1,250}?(?:reason:|command:)"),  # GMX
    ("remote host said", r"remote host said(?:\[[^\]\n]{0,40}\])?:"),  # qmail
    ("returned '", r"returned '(?=[\"#]?[45])"),  # Exchange
    ("error:", r"gave this error:|(?:^|\berror details\s+)(?:reported )?error:"),
    (" was:", r"\bthe (?:response(?: from the remote server)?|error that the other server returned) was:"),  # Gmail
    ("error_code", r"error_code ?:(?=[245]\d\d\b)"),  # Zoho
    ("additional information follows", r"additional information follows ?:\s*--"),  # Mimecast
    ("because:", r"^because:"),  # Notes
    ("did not reach the following", r"^did not reach the following recipient\(s\):"),  # Exchange of old
    ("reason:", r"^\(?reason:"),
    ("with the following error message:", r"with the following error message:"),
    ("it responded as follows:", r"it responded as follows:"),
))
_DIAGNOSTIC = re.compile(r"^diagnostic[- ]code: ?(?:[\w-]{1,20} ?;)?", re.MULTILINE)
_TRANSCRIPT = re.compile(r"(?:^<<<.*\n?)+", re.MULTILINE)
_ADDRESSED = re.compile(rf"^<?[^\s<>@]{{1,64}}@[^\s<>:]{{1,255}}>?(?:\.\.\.|:)? ?(?={_CODE})", re.MULTILINE)
_STATUS = re.compile(r"^status: ?([45]\.(?!0\.0)\d{1,3}\.\d{1,3})", re.MULTILINE)


def _reported(text: str, lower: str) -> Iterator[str]:
    """The answers of which a bounce tells; first those whose place its format defines.

    A Status field is read last, and never X.0.0: some software writes that whatever was said.
    """
    cut_off = []
    for found in _DIAGNOSTIC.finditer(lower) if "diagnostic" in lower else ():
        said = _spoken(text[found.end():])
        if _GOES_ON.match(said) and not _LAST_LINE.search(said):
            cut_off.append(said)  # Sendmail keeps the first line of a reply here, and all of it in its transcript
        else:
            yield said
    for found in _TRANSCRIPT.finditer(text) if "<<<" in text else ():
        yield _spoken(found[0].replace("<<<", ""))
    for end in _after_marks(lower):
        yield _spoken(text[end:])
    for found in _ADDRESSED.finditer(lower):
        yield _spoken(text[found.end():])
    yield from cut_off
    for found in _STATUS.finditer(lower):
        yield found[1]


def _after_marks(lower: str) -> list[int]:
    return sorted(
        found.end() for literal, pattern in _MARKS if literal in lower
        for _number, found in zip(range(MAX_ANSWERS), pattern.finditer(lower), strict=False))


# Before the answer itself: whom it came from, and what the software that tells of it makes of it.
_BEFORE = re.compile(
    r"\s*(?:<[^>\n]{0,320}>:?\s*(?=host |[245]\d\d|[45]\.\d))?"
    r"(?:host:? \S{1,255} ?(?:[\[(][^\])\n]{0,60}[\])])?:?\s*(?:said:|reason:)?\s*(?=[245]\d\d|[45]\.\d))?")
_WRAPPED = re.compile(
    r"(?:[45]\d\d )?[45]\.\d{1,3}\.\d{1,3} (?:- [\w ]{3,40} error (?=[45]\d\d)|remote server returned [^>\n]{0,200}-> )",
    re.IGNORECASE)
_TOLD_ON = re.compile(r"host \S{1,255}? ?\[[^\]\n]{1,60}\](?::\d+)? (?:said|refused to talk to me):", re.IGNORECASE)
# RFC 5321 §4.2.1: every line but the last of a reply has a hyphen after its code.
_GOES_ON = re.compile(r"[245]\d\d-")
_LAST_LINE = re.compile(r"(?<![\w.-])[245]\d\d (?!\S*@)")
_WORDS = re.compile(r"[^\W\d_]{2}")
_CODES = re.compile(r"<[^>]{0,320}>|[245]\d\d|[45]\.\d{1,3}\.\d{1,3}")
_STOP = re.compile(
    r"[-=_]{3,}|<[^>\s]{1,320}>:?(?: (?:host|connect|delivery|unknown user|\(expanded)\b|$)|>>> |<<< "
    r"|(?:reporting-mta|final-recipient|original-recipient|action|status|remote-mta|diagnostic-code|last-attempt-date"
    r"|arrival-date|will-retry-until|original-envelope-id|x-[\w-]+|dsn generated by|remote server|generating server"
    r"|message rejected by|remote system|recipient address|step) ?:(?: |$)|(?:message hops|original message details)$"
    r"|(?:giving up on|this condition occurred|for (?:further|more) assistance|i'm not going to try again"
    r"|please, do not reply)\b"
    r"|554 5\.0\.0 service unavailable$|the mail system$")
_END = re.compile(r" ?\(in reply to | ?##| \[\d\] https?://")


def _spoken(text: str) -> str:
    """One answer in one line, from where ``text`` begins to where the letter goes on."""
    text = text[:2 * MAX_ANSWER]
    before = _BEFORE.match(text)
    if before:
        text = text[before.end():]
    lines: list[str] = []
    said_something = goes_on = False
    for line in text.split("\n"):
        bare = line.strip()
        if said_something and (not bare and not goes_on or _STOP.match(bare.lower())):
            break
        if bare:
            lines.append(bare)
            goes_on = bool(_GOES_ON.match(bare))
            said_something = said_something or bool(_WORDS.search(_CODES.sub("", bare)))
        if len(lines) == _MAX_LINES:
            break
    said = " ".join(" ".join(lines).split()).replace(", ERROR_CODE :", " ")
    wrapped = _WRAPPED.match(said) or _TOLD_ON.match(said)
    if wrapped:
        said = said[wrapped.end():].lstrip()
    end = _END.search(said)
    return said[:end.start() if end else None][:MAX_ANSWER].strip(" \"'").lstrip("#")


# Who answered

_NAME = r"([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24})"
_HOSTS = tuple((literal, re.compile(pattern % _NAME, re.MULTILINE)) for literal, pattern in (
    ("host", r"\bhost:?\s%s\.?\s?[\[(]"),  # Postfix, Exim, GMX
    ("while talking to", r"^\.\.\. ?while talking to %s"),  # Sendmail
    ("remote-mta", r"^remote-mta: ?dns; ?%s"),  # RFC 3464 §2.3.5
    ("remote server:", r"^remote server: ?%s"),  # Exchange
    ("]:", r"^%s \[[\d.:a-f]+\]:"),  # Courier
    ("gave this error:", r"^%s gave this error:"),  # Exchange Online
))


def _host(lower: str) -> str | None:
    """The name of the server that answered, as far as the bounce tells."""
    for literal, pattern in _HOSTS:
        found = pattern.search(lower) if literal in lower else None
        if found:
            return found[1]
    return None
