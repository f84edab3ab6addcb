"""What enhanced status codes mean by themselves (RFC 3463, RFC 7372, IANA's registry, and what receivers add).

The key is subject and detail without the class: the same may be put off (4) or refused (5). Where several receivers
use one code for different things, the receiver decides: X.7.27 is Gmail's for SPF and RFC 7505's for a null MX, X.7.29
Gmail's for TLS and RFC 8617's for ARC, X.7.30 Gmail's for DKIM and RFC 8689's for REQUIRETLS.
"""

from __future__ import annotations

from .causes import Cause

GMAIL_CODES = "https://support.google.com/a/answer/3726730"
EXCHANGE_CODES = (
    "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/"
    "non-delivery-reports-in-exchange-online")
OUTLOOK_LEVEL = "https://support.microsoft.com/en-us/topic/fix-ndr-error-550-5-7-515-in-outlook-com-34cfe8f8-6fbf-457e-9e8b-9e4dbaf4e0ef"
IANA = "IANA enhanced status codes"

# The destination's own address: nothing that a receiver says besides changes that, unless it speaks of the sender.
OF_THE_RECIPIENT = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10"})
# Groups and mailboxes that take mail of their own people only.
RESTRICTED = frozenset({"7.12", "7.124", "7.129", "7.133", "7.134", "7.135", "7.136", "7.504", "7.505", "7.507"})


def _each(codes: str, cause: Cause | None, source: str) -> dict[str, tuple[Cause | None, str]]:
    return dict.fromkeys(codes.split(), (cause, source))


# Before the sentence is read: these codes have one meaning only.
CERTAIN: dict[str, tuple[Cause | None, str]] = {
    **_each(" ".join(RESTRICTED), Cause.RECIPIENT, EXCHANGE_CODES),
    **_each("7.13 7.17 7.18", Cause.RECIPIENT, IANA),
    **_each("4.1", Cause.RECIPIENT, EXCHANGE_CODES),  # whatever Exchange Online's edge says of an address that is not there
    **_each("7.60 2.252 7.750", Cause.SENDER_NOT_PERMITTED, EXCHANGE_CODES),
    **_each("7.501 7.502 7.503 7.705 7.708", Cause.ACCOUNT_BLOCKED, EXCHANGE_CODES),
    **_each("7.509", Cause.DMARC, EXCHANGE_CODES),
    **_each("7.515", Cause.AUTHENTICATION, OUTLOOK_LEVEL),
    **_each("7.511 " + " ".join(f"7.{number}" for number in range(606, 650)), Cause.BLOCKLISTED, EXCHANGE_CODES),
    **_each("7.650 7.651", Cause.TOO_FAST, EXCHANGE_CODES),
}

# After it, where it names nothing.
MEANINGS: dict[str, tuple[Cause | None, str]] = {
    **_each("1.7 1.8", Cause.SENDER_DOMAIN, "RFC 3463 §3.2"),
    **_each("2.0 2.1 2.2 2.4", Cause.RECIPIENT, "RFC 3463 §3.3"),
    **_each("4.4 4.7 4.14 4.310", Cause.RECIPIENT, "RFC 3463 §3.5"),
    **_each("4.5", Cause.LIMIT_REACHED, GMAIL_CODES),
    **_each("7.232 7.233", Cause.LIMIT_REACHED, EXCHANGE_CODES),
    **_each("7.8 7.57 7.139", Cause.LOGIN_REFUSED, "RFC 4954 §6"),
    **_each("7.4 7.10 7.11", Cause.TLS, IANA),
    **_each("7.20 7.21 7.22", Cause.DKIM, "RFC 7372 §3.1"),
    **_each("7.23 7.24", Cause.SPF, "RFC 7372 §3.2"),
    **_each("7.25", Cause.RDNS, "RFC 7372 §3.3"),
    **_each("7.26", Cause.AUTHENTICATION, "RFC 7372 §3.4"),
    **_each("7.27", Cause.SENDER_DOMAIN, "RFC 7505 §4.2"),
    **_each("7.28", Cause.TOO_FAST, IANA),
    **_each("7.31 7.32 7.40", Cause.DMARC, GMAIL_CODES),
    **_each("7.54 7.64", Cause.RELAY_DENIED, EXCHANGE_CODES),
    **_each("7.513", Cause.BLOCKLISTED, EXCHANGE_CODES),
}
# Of these the sentence only says which protocol: "authentication failed" is no login here, "rate limited" no amount.
ABOUT_AUTHENTICATION = frozenset({"7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26", "7.27", "7.31", "7.32", "7.40"})
# A code whose meaning the words beside it tell.
YAHOO_POLICY = "https://senders.yahooinc.com/smtp-error-codes/"
WITH_WORDS: tuple[tuple[str, str, Cause, str], ...] = (
    ("7.9", "policy reasons", Cause.AUTHENTICATION, YAHOO_POLICY),
)
OF_GMAIL: dict[str, tuple[Cause | None, str]] = {
    **_each("7.27", Cause.SPF, GMAIL_CODES),
    **_each("7.29", Cause.TLS, GMAIL_CODES),
    **_each("7.30", Cause.DKIM, GMAIL_CODES),
}

# Codes of their own, as "AUP#CDRBL" at the end of Cox's answers, and "AUP#In-1310" of Spectrum's.
COX_CODES = "https://www.cox.com/residential/support/email-error-codes.html"
OF_COX: tuple[tuple[str, Cause], ...] = (
    ("aup#cxdns", Cause.RDNS), ("aup#cxsndr", Cause.AUTHENTICATION),
    ("aup#cxcnct", Cause.TOO_FAST), ("aup#cxmxrt", Cause.TOO_FAST),
    ("aup#cxbl", Cause.BLOCKLISTED), ("aup#cdrbl", Cause.BLOCKLISTED), ("aup#ipbl", Cause.BLOCKLISTED),
    ("aup#urlbl", Cause.JUDGED_SPAM),
)
SPECTRUM_CODES = "https://www.spectrum.net/support/internet/understanding-email-error-codes"
OF_SPECTRUM: tuple[tuple[int, int, Cause], ...] = (
    (1000, 1000, Cause.BLOCKLISTED), (1100, 1150, Cause.RDNS), (1200, 1250, Cause.BLOCKLISTED), (1300, 1490, Cause.TOO_FAST),
    (1500, 1520, Cause.SENDER_NOT_PERMITTED), (1540, 1550, Cause.TOO_FAST), (1580, 1580, Cause.TOO_FAST),
)
