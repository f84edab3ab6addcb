"""Which of SPF, DKIM and DMARC a refusing sentence names: in whatever language, and whatever it says of it."""

from __future__ import annotations

import re

from .causes import Cause

# Other scripts write no space beside it.
_AROUND = r"(?<![a-z0-9_.@/])(?:%s)(?![a-z0-9_]|\.[a-z0-9])"
_SPF = re.compile(_AROUND % r"spf[12]?|sender policy framework|sender id")
_DKIM = re.compile(_AROUND % "dkim|domainkeys?(?: identified mail)?")
_DMARC = re.compile(_AROUND % "dmarc")
# "spf=pass", "DKIM: passed", "SPF passes": what was in order is not what was refused; but "neither SPF nor DKIM passed".
_CHECK = r"\b(?:spf|dkim|dmarc|arc)\b(?: (?:check|result|validation|authentication))? ?"
_IS_PASS = re.compile(_CHECK + r"[=:] ?(?:pass(?:ed|es)?|ok|valid)\b")
_PASSES = re.compile(_CHECK + r"(?:was |is |has )?(?:pass(?:ed|es)?|ok|valid)\b")
_NOT = re.compile(r"\b(?:neither|nor|not|none|no|without|either|must)\b|n't\b")
_ALIGNED = re.compile(r"\balign(?:ed|ment)\b")
_UNAUTHENTICATED = re.compile(
    r"\bis unauthenticated|unauthenticated e?-?mail from|authentication (?:checks?|information)\b|required authentication level"
    r"|(?:sender|domain|e-?mail|message) authentication (?:failed|failure|is required|required|check)"
    r"|fail\w* (?:\w+ ){0,2}authentication checks?")

SPF_LINKS = ("openspf.", "spf.pobox.com", "spf-record.")
_SOURCES = {
    Cause.DMARC: "RFC 7489 §10.3", Cause.SPF: "RFC 7208 §8.4", Cause.DKIM: "RFC 6376 §6.3",
    Cause.AUTHENTICATION: "RFC 7372 §3.4",
}


def protocol(sentence: str) -> tuple[Cause, str, str] | None:
    """Return ``(cause, source, words)`` of the protocol that ``sentence`` names, ``None`` if it names none.

    SPF and DKIM together are ``AUTHENTICATION``, which either of them would end; DMARC is named with both.
    """
    named = _IS_PASS.sub(" ", sentence)
    if not _NOT.search(named):
        named = _PASSES.sub(" ", named)
    spf, dkim, dmarc = _SPF.search(named), _DKIM.search(named), _DMARC.search(named)
    found = dmarc or (spf or dkim) and _ALIGNED.search(named)
    if found:
        return Cause.DMARC, _SOURCES[Cause.DMARC], found[0]
    if spf and dkim:
        return Cause.AUTHENTICATION, _SOURCES[Cause.AUTHENTICATION], f"{spf[0]}, {dkim[0]}"
    if spf or dkim:
        cause = Cause.SPF if spf else Cause.DKIM
        return cause, _SOURCES[cause], (spf or dkim)[0]  # type: ignore[index]
    found = _UNAUTHENTICATED.search(sentence)
    return (Cause.AUTHENTICATION, _SOURCES[Cause.AUTHENTICATION], found[0]) if found else None
