"""What a receiver meant when it refused a mail: from the text of an SMTP error or a bounce to its cause.

Pure: no DNS, no clock. The text is whatever a stranger's server, or whoever writes to the bounce address, wrote: only
its beginning is read. In this order: who answered and in which words (:mod:`.answers`), the enhanced code where it
has one meaning, the sentences (:mod:`.rules`, :mod:`.protocols`), the codes by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..finding import Kind, Severity
from ..value import dataclass
from .answers import Answer, Speaker, answers
from .causes import TROUBLES, Cause, Trouble
from .known_names import BLOCKLISTS, RECEIVERS, named
from .protocols import SPF_LINKS, protocol
from .rules import (
    ACCOUNT,
    FIRST,
    LISTED,
    LOGIN,
    RECIPIENT,
    RELAY,
    SENDER_DOMAIN,
    SERVER_NAME,
    SPF_MEANT,
    STRONG,
    WEAK,
    Rule,
    match,
)
from .status_codes import (
    ABOUT_AUTHENTICATION,
    CERTAIN,
    COX_CODES,
    MEANINGS,
    OF_COX,
    OF_GMAIL,
    OF_SPECTRUM,
    OF_THE_RECIPIENT,
    SPECTRUM_CODES,
    WITH_WORDS,
)
from .words import Words, lowered, names_the_sender, read

MAX_EXCERPT = 300  # characters that are kept to be shown
MAX_WORDS = 100
_TO_A_LOGIN = frozenset({"534", "535", "538"})  # RFC 4954 §6: nobody else is answered so

CODES: dict[str, Kind] = {
    "receivers.refused_authentication": Kind(
        Severity.ERROR, "Receivers rejected mail because neither SPF nor DKIM passed, or not the one that they require.",
        "RFC 7372 §3.4 (X.7.26), Google and Microsoft sender guidelines"),
    "receivers.refused_dmarc": Kind(
        Severity.ERROR, "Receivers rejected mail because it did not pass DMARC.", "RFC 7489 §10.3, Microsoft 5.7.509"),
    "receivers.refused_spf": Kind(
        Severity.ERROR, "Receivers rejected mail because its envelope sender did not pass SPF.",
        "RFC 7372 §3.2 (X.7.23, X.7.24)"),
    "receivers.refused_dkim": Kind(
        Severity.ERROR, "Receivers rejected mail because it had no acceptable DKIM signature.",
        "RFC 7372 §3.1 (X.7.20 to X.7.22)"),
    "receivers.refused_rdns": Kind(
        Severity.ERROR, "Receivers rejected the sending address because its reverse DNS is missing or contradicts "
                        "itself.",
        "RFC 7372 §3.3 (X.7.25)"),
    "receivers.blocklisted": Kind(
        Severity.ERROR, "Receivers rejected the sending address or domain because a blocklist names it.", "RFC 5782"),
    "receivers.sender_not_permitted": Kind(
        Severity.ERROR, "The outgoing server does not let its account send as this From or envelope sender.",
        "RFC 6409 §6.1, Microsoft 5.7.60 and 5.2.252"),
    "receivers.relay_denied": Kind(
        Severity.ERROR, "The outgoing server does not relay for senders that it does not know.", "RFC 5321 §3.6.2"),
    "receivers.login_refused": Kind(
        Severity.ERROR, "The outgoing server did not accept the user name or password.", "RFC 4954 §6 (5.7.8)"),
    "receivers.oauth_required": Kind(
        Severity.ERROR, "The outgoing server no longer accepts passwords at all: it requires OAuth.",
        "Microsoft 5.7.30 and 5.7.139, RFC 7628"),
    "receivers.account_blocked": Kind(
        Severity.ERROR, "The outgoing service stopped sending for this account.", "Microsoft 5.1.8, 5.7.705, 5.7.708"),
    "receivers.sender_domain": Kind(
        Severity.ERROR, "Receivers rejected the sender's domain: it does not exist, or cannot receive mail.",
        "RFC 7505 §4.2 (5.7.27), RFC 3463 §3.2 (5.1.8)"),
    "receivers.refused_tls": Kind(
        Severity.WARNING, "Receivers rejected mail that was not delivered over an encrypted connection.", "RFC 3207 §4"),
    "receivers.too_fast": Kind(
        Severity.WARNING, "Receivers delayed mail: too much of it, or too many complaints, came from the same sender.",
        "IANA enhanced status codes X.7.28"),
    "receivers.limit_reached": Kind(
        Severity.WARNING, "The outgoing service's limit of emails per day or hour was reached.", "RFC 3463 §3.5 (X.4.5)"),
    "receivers.judged_spam": Kind(
        Severity.WARNING, "Receivers considered mail unwanted because of its content or its sender's reputation.",
        "RFC 3463 §3.8 (X.7.1)"),
}
AUTHENTICATION = frozenset({Cause.AUTHENTICATION, Cause.DMARC, Cause.SPF, Cause.DKIM})
FINDINGS: dict[Cause, str] = {
    cause: code for cause in Cause for code in CODES
    if code in (f"receivers.refused_{cause.value}", f"receivers.{cause.value}")
}


@dataclass(frozen=True)
class Rejection:
    """Why a mail was refused.

    ``status`` is the enhanced status code (``5.7.26``) or ``None``; ``receiver`` who refused, as far as the
    text tells (a name of :data:`mailauth.rejections.known_names.RECEIVERS`, or a host); ``blocklist`` the list's
    name, where there is one; ``text`` what it said, on one line; ``source`` of the rule that applied; ``speaker`` whose
    answer it is; ``words`` those that decided, in lower case (a code, where no sentence did).
    """

    cause: Cause
    status: str | None
    receiver: str | None
    blocklist: str | None
    text: str
    source: str
    speaker: Speaker = Speaker.UNKNOWN
    words: str = ""

    @property
    def code(self) -> str | None:
        """The finding about it; ``None`` where the fault is the recipient's."""
        return FINDINGS.get(self.cause)

    @property
    def trouble(self) -> Trouble:
        """Who can end it."""
        return TROUBLES[self.cause]


@dataclass(frozen=True)
class _Decision:
    cause: Cause | None  # None: said, and nobody's trouble
    source: str
    words: str


def classify(text: str | None) -> Rejection | None:
    """Return why a mail was refused, or ``None`` if the text is no rejection, or one that says nothing about anybody.

    ``text`` is an SMTP error as Odoo stores it, or the plain text of a bounce; never raises.
    """
    for answer in answers(text or ""):
        lower = lowered(answer.text)
        words = read(answer.text)
        if answer.speaker is Speaker.UNKNOWN and words.reply in _TO_A_LOGIN:
            answer = replace(answer, speaker=Speaker.RELAY)
        receiver = named(RECEIVERS, f"{lower} {answer.host or ''}") or answer.host
        decision = _decide(answer, words, lower, receiver)
        if decision is None:
            continue
        if decision.cause is None:
            return None
        status = ".".join(words.statuses[0]) if words.statuses else None
        return Rejection(
            decision.cause, status, receiver, named(BLOCKLISTS, lower) if decision.cause is Cause.BLOCKLISTED else None,
            _excerpt(answer.text), decision.source, answer.speaker, decision.words[:MAX_WORDS])
    return None


def _decide(answer: Answer, words: Words, lower: str, receiver: str | None) -> _Decision | None:
    """The first of what is certain, what a sentence says, what the codes mean, what is said in passing."""
    return next(filter(None, _decisions(answer, words, lower, receiver)), None)


def _decisions(answer: Answer, words: Words, lower: str, receiver: str | None) -> Iterator[_Decision | None]:
    if answer.prose:
        for sentence in words.sentences:
            yield _of_rules(RECIPIENT, sentence, answer, words)
        return
    status = words.status
    if status in CERTAIN:
        yield _Decision(*CERTAIN[status], status)
    if status in OF_THE_RECIPIENT and not words.names_the_sender:
        yield _Decision(Cause.RECIPIENT, "RFC 3463 §3.2", status)
    coded = status in ABOUT_AUTHENTICATION or receiver == "Gmail" and status in OF_GMAIL
    for sentence in words.sentences:
        yield _of_sentence(sentence, answer, words, coded)
    yield _of_codes(words, lower, receiver)
    yield _of_lists(words)
    for sentence in words.sentences:
        yield _of_rules(WEAK, sentence, answer, words)
    yield _of_links(words)
    yield _of_what_is_left(words)


def _of_sentence(sentence: str, answer: Answer, words: Words, coded: bool) -> _Decision | None:
    """What one sentence says about one side or the other, in the order in which the rules are to be believed.

    ``coded``: the code says already that it is about authentication.
    """
    found = _of_rules(FIRST, sentence, answer, words)
    if found:
        return found
    of_protocol = protocol(sentence)
    either = of_protocol and of_protocol[0] is Cause.AUTHENTICATION
    # "Unauthenticated", in the own session, is who has not logged in.
    if of_protocol and not (either and answer.speaker is Speaker.RELAY and _login(sentence, answer, words)):
        return _Decision(*of_protocol)
    if coded:
        return _of_rules(SERVER_NAME if words.status in ("7.23", "7.25", "7.27") else (), sentence, answer, words) or (
            _of_rules(SENDER_DOMAIN, sentence, answer, words) if words.status == "7.27" else None)
    compared = SPF_MEANT.search(sentence)
    if compared and answer.speaker is not Speaker.RELAY:
        return _Decision(Cause.SPF, "RFC 7208 §8.4", compared[0])
    name = named(BLOCKLISTS, sentence)
    if name and LISTED.search(sentence):
        return _Decision(Cause.BLOCKLISTED, "RFC 5782", name.lower())
    return (
        _of_rules(ACCOUNT, sentence, answer, words) or _login(sentence, answer, words)
        or _of_rules(RELAY, sentence, answer, words, theirs=True) or _of_rules(STRONG, sentence, answer, words))


def _login(sentence: str, answer: Answer, words: Words) -> _Decision | None:
    return _of_rules(LOGIN, sentence, answer, words, theirs=True)


def _of_rules(rules: tuple[Rule, ...], sentence: str, answer: Answer, words: Words, theirs: bool = False) -> _Decision | None:
    """``theirs``: what a remote server says so is the recipient's trouble, whose server does not take mail for it.

    Unless it asks the sender to log in there: then somebody writes as one of that server's own people.
    """
    found = match(rules, sentence, answer.speaker, names_the_sender(sentence), words.never_the_recipients)
    if not found:
        return None
    rule, said = found
    if theirs and answer.speaker is Speaker.RECEIVER:
        return _Decision(None if names_the_sender(sentence) else Cause.RECIPIENT, rule.source, said)
    return _Decision(rule.cause, rule.source, said)


_SPECTRUM = re.compile(r"aup#(?:in|out|i|o)?-?(\d{4})\b")


def _of_codes(words: Words, lower: str, receiver: str | None) -> _Decision | None:
    for mark, cause in OF_COX:
        if mark in lower:
            return _Decision(cause, COX_CODES, mark)
    number = _SPECTRUM.search(lower)
    if number:
        for first, last, cause in OF_SPECTRUM:
            if first <= int(number[1]) <= last:
                return _Decision(cause, SPECTRUM_CODES, number[0])
    status = words.status
    for code, said, cause, source in WITH_WORDS:
        if status == code and said in lower:
            return _Decision(cause, source, said)
    meaning = (OF_GMAIL.get(status) if receiver == "Gmail" else None) or MEANINGS.get(status) if status else None
    if status and meaning and not (meaning[0] is Cause.RECIPIENT and (status == "2.0" or words.never_the_recipients)):
        return _Decision(*meaning, status)
    if words.reply in _TO_A_LOGIN:
        return _Decision(Cause.LOGIN_REFUSED, "RFC 4954 §6", words.reply)
    return None


def _of_lists(words: Words) -> _Decision | None:
    name = named(BLOCKLISTS, words.links)
    return _Decision(Cause.BLOCKLISTED, "RFC 5782", name) if name else None


def _of_links(words: Words) -> _Decision | None:
    """A link says what it is about where the sentence does not."""
    for marks, cause, source in (
        (SPF_LINKS, Cause.SPF, "RFC 7208 §8.4"), (("dmarc",), Cause.DMARC, "RFC 7489 §10.3"),
        (("spam",), Cause.JUDGED_SPAM, "RFC 3463 §3.8"),
    ):
        mark = next((mark for mark in marks if mark in words.links), None)
        if mark:
            return _Decision(cause, source, mark)
    return None


def _of_what_is_left(words: Words) -> _Decision | None:
    status = words.status or ""
    if status in OF_THE_RECIPIENT:
        return _Decision(Cause.SENDER_DOMAIN, "RFC 3463 §3.2", status)
    if status in ("1.0", "2.0") and not words.names_the_sender:
        return _Decision(Cause.RECIPIENT, "RFC 3463 §3.2, §3.3", status)
    if words.restricted == "recipient" and (words.reply or "5").startswith("5"):
        return _Decision(Cause.RECIPIENT, "RFC 5321 §4.2.3", "recipient address rejected")
    return None


def _excerpt(text: str) -> str:
    return text if len(text) <= MAX_EXCERPT else text[:MAX_EXCERPT - 1] + "…"
