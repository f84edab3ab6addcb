"""How receivers word their refusals: a table of status codes and phrases, each with its source.

The first rule that matches counts, so what names a cause in words comes before codes that several
receivers use for different things: X.7.27 is Gmail's for SPF and RFC 7505's for a null MX, X.7.29 is
Gmail's for TLS and RFC 8617's for ARC, X.7.30 Gmail's for DKIM and RFC 8689's for REQUIRETLS.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Cause(str, enum.Enum):
    """What a refusal is about; the value is the end of the finding's code (``mailauth.refusals.CODES``)."""

    AUTHENTICATION = "authentication"
    DMARC = "dmarc"
    SPF = "spf"
    DKIM = "dkim"
    RDNS = "rdns"
    BLOCKLISTED = "blocklisted"
    SENDER_NOT_PERMITTED = "sender_not_permitted"
    RELAY_DENIED = "relay_denied"
    LOGIN_REFUSED = "login_refused"
    ACCOUNT_BLOCKED = "account_blocked"
    SENDER_DOMAIN = "sender_domain"
    TLS = "tls"
    TOO_FAST = "too_fast"
    LIMIT_REACHED = "limit_reached"
    JUDGED_SPAM = "judged_spam"
    RECIPIENT = "recipient"


@dataclass(frozen=True)
class Rule:
    """One way to word a refusal.

    ``subjects`` are enhanced status codes without their class (``7.26``), ``phrases`` lower-case texts: one
    of each kind that is given must be there. ``receiver`` limits the rule to one of :data:`RECEIVERS`.
    """

    cause: Cause
    source: str
    subjects: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    receiver: str | None = None

    def matches(self, subjects: frozenset[str], text: str) -> bool:
        """Whether a refusal with these status codes and this lower-case text is meant."""
        return (not self.subjects or not self.subjects.isdisjoint(subjects)) \
            and (not self.phrases or any(phrase in text for phrase in self.phrases))


def _rule(cause: Cause, source: str, subjects: str = "", phrases: tuple[str, ...] = (), receiver: str | None = None) -> Rule:
    return Rule(cause, source, frozenset(subjects.split()), phrases, receiver)


# Who speaks, by what stands in its texts.
RECEIVERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("gsmtp", "gmail-smtp-in", "aspmx.l.google.com", "smtp.gmail.com", "support.google.com"), "Gmail"),
    (("protection.outlook.com", "outbound.protection", "prod.outlook.com", "olc.protection", "postmaster.live.com",
      "sendasdenied", "5.7.515", "5.7.509", "5.7.60 smtp; client"), "Microsoft"),
    (("yahoodns.net", "yahooinc.com", "postmaster.yahoo.com", "yahoo requires"), "Yahoo"),
    (("mail.icloud.com", "support.apple.com"), "Apple"),
)

# Blocklists by name; in order of how specific the mark is.
BLOCKLISTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("spamhaus",), "Spamhaus"),
    (("barracudacentral", "barracudanetworks.com/reputation", "using barracuda", "barracuda reputation"), "Barracuda"),
    (("spamcop",), "SpamCop"),
    (("sorbs.net", "sorbs"), "SORBS"),
    (("uceprotect",), "UCEPROTECT"),
    (("csi.cloudmark", "cloudmark sender intelligence", "cloudmark csi"), "Cloudmark"),
    (("ipcheck.proofpoint", "proofpoint dynamic reputation"), "Proofpoint"),
    (("mail.abusix", "abusix"), "Abusix"),
    (("mailspike",), "Mailspike"),
    (("spfbl.net",), "SPFBL"),
    (("gbudb",), "Truncate (GBUdb)"),
    (("psbl.surriel", "psbl.org"), "PSBL"),
    (("mail-abuse.com", "trend micro email reputation", "trendmicro.com/reputation"), "Trend Micro"),
    (("invaluement",), "Invaluement"),
    (("nixspam", "manitu.net"), "NiX Spam"),
    (("spamrats",), "SpamRATS"),
    (("senderscore", "validity.com"), "Validity"),
    (("(s3150)", "(s3140)", "sender.office.com", "delist@microsoft.com", "delist@messaging.microsoft.com"), "Microsoft"),
)
# Words that make the mention of a list a listing, rather than an advertisement under a mail.
LISTED = ("block", "listed", "blacklist", "reject", "refused", "denied", "not accepted", "banned", "in spamhaus", "reputation")

_GMAIL = "https://support.google.com/a/answer/3726730"
_EXCHANGE = ("https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/"
             "non-delivery-reports-in-exchange-online")
_OUTLOOK = "https://support.microsoft.com/en-us/topic/fix-ndr-error-550-5-7-515-in-outlook-com-34cfe8f8-6fbf-457e-9e8b-9e4dbaf4e0ef"
_YAHOO = "https://senders.yahooinc.com/smtp-error-codes/"
_YAHOO_POLICY = "https://help.yahoo.com/kb/SLN7253.html"
_POSTFIX = "https://www.postfix.org/postconf.5.html"

RULES: tuple[Rule, ...] = (
    # The outgoing server itself, before any receiver
    _rule(Cause.SENDER_NOT_PERMITTED, _EXCHANGE, phrases=(
        "not have permissions to send as this sender", "not have permission to send as", "sendasdenied",
        "not allowed to send as")),
    _rule(Cause.SENDER_NOT_PERMITTED, _EXCHANGE, "7.60 2.252 7.750"),
    _rule(Cause.SENDER_NOT_PERMITTED, _POSTFIX + "#reject_sender_login_mismatch", phrases=(
        "sender address rejected: not owned by", "mail from not owned by user", "not logged in as",
        "sender is not allowed to relay", "relaying disallowed as", "sender address is not allowed",
        "not authorized to send from this", "not authorized to use this sender", "sender address not allowed")),
    _rule(Cause.SENDER_NOT_PERMITTED, "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/sender-identity",
          phrases=("does not match a verified sender identity",)),
    _rule(Cause.SENDER_NOT_PERMITTED, "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html",
          phrases=("email address is not verified", "identities failed the check in region")),
    _rule(Cause.ACCOUNT_BLOCKED, _EXCHANGE, phrases=(
        "outboundspamexception", "bad outbound sender", "tenant has exceeded threshold", "traffic not accepted from this ip",
        "access denied, spam abuse detected", "has an outgoing mail suspension")),
    _rule(Cause.ACCOUNT_BLOCKED, _EXCHANGE, "7.501 7.502 7.503 7.705 7.708"),
    # "Authentication failed" is said of logins and of SPF, DKIM and DMARC.
    _rule(Cause.DMARC, "RFC 7489 §10.3", phrases=("dmarc authentication failed",)),
    _rule(Cause.DKIM, "RFC 7372 §3.1", phrases=("dkim authentication failed",)),
    _rule(Cause.DKIM, "RFC 7372 §3.1", "7.20 7.21 7.22", phrases=("authentication failed",)),
    _rule(Cause.SPF, "RFC 7372 §3.2", phrases=("spf authentication failed",)),
    _rule(Cause.SPF, "RFC 7372 §3.2", "7.23 7.24", phrases=("authentication failed",)),
    _rule(Cause.AUTHENTICATION, "RFC 7372 §3.4", phrases=(
        "sender authentication failed", "email authentication failed", "message authentication failed")),
    _rule(Cause.AUTHENTICATION, "RFC 7372 §3.4", "7.26", phrases=("authentication failed",)),
    _rule(Cause.LOGIN_REFUSED, "RFC 4954 §6", phrases=(
        "username and password not accepted", "authentication unsuccessful", "authentication credentials invalid",
        "incorrect authentication data",
        "smtpclientauthentication is disabled", "client was not authenticated to send", "authentication failed",
        "application-specific password required", "please log in via your web browser", "authentication required")),
    _rule(Cause.LOGIN_REFUSED, "RFC 4954 §6", "7.8 7.57 7.139"),
    _rule(Cause.LIMIT_REACHED, _GMAIL, phrases=(
        "daily user sending limit exceeded", "daily user sending quota exceeded", "daily smtp relay limit exceeded",
        "daily smtp relay sending limit", "daily sending limit", "daily message limit exceeded", "daily message quota exceeded",
        "sending rate exceeded", "maximum sending rate exceeded", "hourly limit", "daily limit", "email limit reached")),
    _rule(Cause.LIMIT_REACHED, "RFC 3463 §3.5", "4.5", phrases=("limit", "quota")),
    # Who is believed to be the sender
    _rule(Cause.AUTHENTICATION, _GMAIL, phrases=(
        "with either spf or dkim", "fails to pass authentication checks", "does not have authentication information",
        "at least one of spf or dkim", "because the sender is unauthenticated", "must pass either spf or dkim")),
    _rule(Cause.AUTHENTICATION, _OUTLOOK, phrases=("meet the required authentication level",)),
    _rule(Cause.AUTHENTICATION, _OUTLOOK, "7.515"),
    _rule(Cause.DMARC, _EXCHANGE, "7.509"),
    _rule(Cause.DMARC, _GMAIL, phrases=(
        "dmarc policy", "pass dmarc verification", "aligned with either the authenticated spf or dkim", "per dmarc",
        "due to dmarc", "dmarc failure", "dmarc failed", "dmarc fail", "failed dmarc", "fails dmarc", "failing dmarc",
        "dmarc check failed", "dmarc rejection", "violates dmarc", "dmarc violation", "dmarc validation",
        "dmarc evaluation", "dmarc authentication", "have a dmarc record", "blocked by dmarc", "rejected by dmarc",
        "not pass dmarc")),
    _rule(Cause.RDNS, _GMAIL, phrases=(
        "ptr record", "reverse dns", "reverse lookup", "cannot find your hostname", "cannot find your reverse hostname",
        "rdns", "no ptr", "ip name lookup failed", "unresolvable relay host name")),
    _rule(Cause.RDNS, "RFC 7372 §3.3", "7.25"),
    _rule(Cause.SPF, _GMAIL, phrases=(
        "senders to authenticate with spf", "authenticate their email with spf", "spf record with a hard fail",
        "fails to pass spf checks", "spf record of the sending domain")),
    _rule(Cause.DKIM, _GMAIL, phrases=(
        "senders to authenticate with dkim", "authenticate their email with dkim", "because dkim does not pass",
        "dkim authentication didn't pass", "dkim authentication did not pass")),
    _rule(Cause.DKIM, "RFC 7372 §3.1", phrases=(
        "no passing dkim signature", "no acceptable dkim signature", "author-matched dkim signature",
        "dkim signature is not valid", "dkim verification failed", "dkim validation failed", "bad dkim signature",
        "dkim signature verification failed", "dkim check failed", "dkim failure", "not dkim signed", "dkim signature required")),
    _rule(Cause.SPF, "RFC 7372 §3.2", phrases=(
        "spf validation failed", "spf validation error", "sender policy framework", "spf check: fail", "spf check failed",
        "spf fail", "spf failure", "spf hardfail", "failed spf", "fails spf", "openspf.", "//spf.pobox.com", "spf-result=fail",
        "because of spf", "due to spf", "rejected by spf", "blocked by spf", "violates spf", "bad spf record",
        "inspect your spf settings", "per it's spf record", "not authorized by spf", "spf unauthorized")),
    _rule(Cause.AUTHENTICATION, _YAHOO_POLICY, "7.9", phrases=("not accepted for policy reasons",)),
    _rule(Cause.AUTHENTICATION, "RFC 7372 §3.4", phrases=("multiple authentication checks failed",)),
    _rule(Cause.SENDER_DOMAIN, "RFC 7505 §4.2", phrases=(
        "null mx", "sender address rejected: domain not found", "domain of sender address", "unresolvable rfc.5321",
        "sender domain must resolve", "sender domain does not exist", "sender verify failed", "unroutable sender",
        "sender's domain does not", "from domain does not exist", "does not resolve sender", "badsendermx",
        "without a valid sender domain")),
    _rule(Cause.TLS, _GMAIL, phrases=(
        "use tls/ssl for smtp", "must issue a starttls", "tls required", "starttls is required", "encryption required",
        "wasn't sent over a tls", "session encryption is required")),
    # Reputation
    _rule(Cause.BLOCKLISTED, "RFC 5782", phrases=LISTED),
    _rule(Cause.BLOCKLISTED, _EXCHANGE, phrases=(
        "is on our block list", "blocked using", "customer block list", "banned sending ip", "banned sender", "dnsbl",
        "blacklisted", "on a blacklist", "in a black list", "on our blacklist", "in an rbl", "listed in rbl", "listed by rbl",
        "not authorized to send email directly to our servers", "dynamic ip", "blocklist")),
    _rule(Cause.BLOCKLISTED, _EXCHANGE, "7.511 7.513 " + " ".join(f"7.{number}" for number in range(606, 650))),
    _rule(Cause.TOO_FAST, _YAHOO, phrases=(
        "unexpected volume or user complaints", "due to user complaints", "unusual rate of", "permanently deferred",
        "rate limited due to ip reputation", "too many messages", "too many connections", "rate limit", "exceeded the rate",
        "throttled", "receiving mail too quickly")),
    _rule(Cause.TOO_FAST, "IANA enhanced status codes", "7.28 7.650"),
    _rule(Cause.JUDGED_SPAM, _GMAIL, phrases=(
        "likely unsolicited mail", "very low reputation", "identified as spam", "considered spam", "detected as spam",
        "looks like spam", "spam message rejected", "message rejected as spam", "spam content", "message content rejected",
        "classified as spam", "spam score", "high probability of spam", "unsolicited", "not accepted for policy reasons",
        "[cs01]", "message blocked due to", "suspicious", "phishing", "bulk email", "rejected due to content")),
    # Codes by themselves
    _rule(Cause.DKIM, "RFC 7372 §3.1", "7.20 7.21 7.22"),
    _rule(Cause.SPF, "RFC 7372 §3.2", "7.23 7.24"),
    _rule(Cause.AUTHENTICATION, "RFC 7372 §3.4", "7.26"),
    _rule(Cause.SPF, _GMAIL, "7.27", receiver="Gmail"),
    _rule(Cause.DKIM, _GMAIL, "7.30", receiver="Gmail"),
    _rule(Cause.DMARC, _GMAIL, "7.31 7.32", receiver="Gmail"),
    _rule(Cause.TLS, _GMAIL, "7.29", receiver="Gmail"),
    _rule(Cause.SENDER_DOMAIN, "RFC 7505 §4.2", "7.27"),
    _rule(Cause.SENDER_DOMAIN, "RFC 3463 §3.2", "1.8"),
    # Relays that know nobody: after blocklists, whose texts speak of denied access too
    _rule(Cause.RELAY_DENIED, _POSTFIX + "#reject_unauth_destination", phrases=(
        "relay access denied", "relaying denied", "relay denied", "unable to relay", "relay not permitted",
        "relaying not permitted", "not permitted to relay", "relaying disallowed", "invalid credentials for relay",
        "we do not relay", "tenant attribution")),
    _rule(Cause.RELAY_DENIED, _EXCHANGE, "7.54 7.64"),
    # The other side's own trouble
    _rule(Cause.RECIPIENT, "RFC 3463 §3.2, §3.3", "1.0 1.1 1.2 1.3 1.6 1.10 2.0 2.1 2.2 2.3 4.1 4.4 4.7 4.14 4.310"),
    _rule(Cause.RECIPIENT, "RFC 5321 §4.2.3", phrases=(
        "user unknown", "unknown user", "no such user", "does not exist", "mailbox unavailable", "mailbox full", "over quota",
        "recipient address rejected", "recipient not found", "invalid recipient", "address rejected", "no mailbox",
        "out of storage space", "mailbox not found", "mailbox is disabled", "no longer valid")),
)
