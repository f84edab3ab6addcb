"""What a receiver meant when it refused a mail: from the text of an SMTP error or a bounce to its cause.

Pure: no DNS, no clock. The text is whatever a stranger's server, or whoever writes to the bounce
address, wrote: only its beginning is read, and only fixed phrases and codes are looked for in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .finding import Kind, Severity
from .refusal_rules import BLOCKLISTS, LISTED, RECEIVERS, RULES, Cause

MAX_TEXT = 6000  # characters that are read; the status of a bounce stands at its beginning
MAX_EXCERPT = 300  # characters that are kept to be shown
MAX_STATUS_CODES = 20

# RFC 3463 §2; not a part of an IP address or of a version number.
_STATUS = re.compile(r"(?<![\w.])([45])\.(\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\w.@#-])([45]\d\d)(?=[ \-:,;'\"]|$)")
# "550-5.7.26 ": how a reply of several lines repeats its code (RFC 5321 §4.2.1).
_CONTINUATION = re.compile(r"(?<![\w.])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3} )?")
_HOST = re.compile(r"\bhost ([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}) ?\[")  # as Postfix and Exim write it

CODES: dict[str, Kind] = {
    "receivers.refused_authentication": Kind(
        Severity.ERROR, "Receivers refused mail because neither SPF nor DKIM, or not what they ask for, passed.",
        "RFC 7372 §3.4 (X.7.26), Google and Microsoft sender guidelines"),
    "receivers.refused_dmarc": Kind(
        Severity.ERROR, "Receivers refused mail because it did not pass DMARC.", "RFC 7489 §10.3, Microsoft 5.7.509"),
    "receivers.refused_spf": Kind(
        Severity.ERROR, "Receivers refused mail because its envelope sender did not pass SPF.",
        "RFC 7372 §3.2 (X.7.23, X.7.24)"),
    "receivers.refused_dkim": Kind(
        Severity.ERROR, "Receivers refused mail because no acceptable DKIM signature was on it.",
        "RFC 7372 §3.1 (X.7.20 to X.7.22)"),
    "receivers.refused_rdns": Kind(
        Severity.ERROR, "Receivers refused the sending address because its reverse DNS is missing or contradicts itself.",
        "RFC 7372 §3.3 (X.7.25)"),
    "receivers.blocklisted": Kind(
        Severity.ERROR, "Receivers refused the sending address or domain because a blocklist names it.", "RFC 5782"),
    "receivers.sender_not_permitted": Kind(
        Severity.ERROR, "The outgoing server does not let its account send as this From or envelope sender.",
        "RFC 6409 §6.1, Microsoft 5.7.60 and 5.2.252"),
    "receivers.relay_denied": Kind(
        Severity.ERROR, "The outgoing server does not relay for whom it does not know.", "RFC 5321 §3.6.2"),
    "receivers.login_refused": Kind(
        Severity.ERROR, "The outgoing server did not accept the user name or password.", "RFC 4954 §6 (5.7.8)"),
    "receivers.account_blocked": Kind(
        Severity.ERROR, "The outgoing service stopped sending for this account.", "Microsoft 5.1.8, 5.7.705, 5.7.708"),
    "receivers.sender_domain": Kind(
        Severity.ERROR, "Receivers refused the sender's domain: it does not exist, or cannot receive mail.",
        "RFC 7505 §4.2 (5.7.27), RFC 3463 §3.2 (5.1.8)"),
    "receivers.refused_tls": Kind(
        Severity.WARNING, "Receivers refused mail that was not delivered over an encrypted connection.", "RFC 3207 §4"),
    "receivers.too_fast": Kind(
        Severity.WARNING, "Receivers put mail off: too much of it, or too many complaints, came from the same sender.",
        "IANA enhanced status codes X.7.28"),
    "receivers.limit_reached": Kind(
        Severity.WARNING, "The outgoing service's limit of mails per day or hour was reached.", "RFC 3463 §3.5 (X.4.5)"),
    "receivers.judged_spam": Kind(
        Severity.WARNING, "Receivers took mail for unwanted, by its content or its sender's reputation.",
        "RFC 3463 §3.8 (X.7.1)"),
}
AUTHENTICATION = frozenset({Cause.AUTHENTICATION, Cause.DMARC, Cause.SPF, Cause.DKIM})
FINDINGS: dict[Cause, str] = {
    cause: code for cause in Cause for code in CODES
    if code in (f"receivers.refused_{cause.value}", f"receivers.{cause.value}")
}


@dataclass(frozen=True)
class Refusal:
    """Why a mail was refused.

    ``status`` is the enhanced status code (``5.7.26``) or ``None``; ``receiver`` who refused, as far as the
    text tells (a name of :data:`RECEIVERS`, or a host); ``blocklist`` the list's
    name, where there is one; ``text`` the part that says so, on one line; ``source`` of the rule that applied.
    """

    cause: Cause
    status: str | None
    receiver: str | None
    blocklist: str | None
    text: str
    source: str

    @property
    def code(self) -> str | None:
        """The finding about it; ``None`` where the fault is the recipient's."""
        return FINDINGS.get(self.cause)


def classify(text: str | None) -> Refusal | None:
    """Return why a mail was refused, or ``None`` if the text is no refusal, or one that no rule knows.

    ``text`` is an SMTP error as Odoo stores it, or the plain text of a bounce; never raises.
    """
    line = " ".join((text or "")[:MAX_TEXT].replace("\x00", "").split())
    lower = line.lower() if line.isascii() else "".join(map(_lower, line))
    statuses = [match for _number, match in zip(range(MAX_STATUS_CODES), _STATUS.finditer(lower), strict=False)]
    reply = _REPLY.search(lower)
    if not statuses and not reply:
        return None
    plain = _CONTINUATION.sub("", lower)
    receiver = _receiver(lower)
    blocklist = _blocklist(plain)
    subjects = frozenset(match[2] for match in statuses)
    for rule in RULES:
        if rule.receiver and rule.receiver != receiver:
            continue
        if rule.cause is Cause.BLOCKLISTED and rule.phrases is LISTED and not blocklist:
            continue
        if rule.matches(subjects, plain):
            # The class is the receiver's: the same subject may be put off (4) or refused (5).
            status = next((match for match in statuses if match[2] in rule.subjects), statuses[0] if statuses else None)
            start = min(match.start() for match in (status, reply) if match)
            return Refusal(
                rule.cause, f"{status[1]}.{status[2]}" if status else None, receiver,
                blocklist if rule.cause is Cause.BLOCKLISTED else None, _excerpt(line, start), rule.source)
    return None


def _lower(character: str) -> str:
    """Of the same length, so that what is found can be shown: some letters become two."""
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _receiver(lower: str) -> str | None:
    for marks, name in RECEIVERS:
        if any(mark in lower for mark in marks):
            return name
    host = _HOST.search(lower)
    return host[1] if host else None


def _blocklist(plain: str) -> str | None:
    return next((name for marks, name in BLOCKLISTS if any(mark in plain for mark in marks)), None)


def _excerpt(line: str, start: int) -> str:
    """The text from its code on: what comes before is how a bounce greets."""
    text = line[start:]
    return text if len(text) <= MAX_EXCERPT else text[:MAX_EXCERPT - 1] + "…"
