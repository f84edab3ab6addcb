"""What a rejection is about, and whose trouble that is."""

from __future__ import annotations

from ..status import Word


class Cause(Word):
    """What a rejection is about; the value is the end of the finding's code (``mailauth.rejections.CODES``)."""

    AUTHENTICATION = "authentication"
    DMARC = "dmarc"
    SPF = "spf"
    DKIM = "dkim"
    RDNS = "rdns"
    BLOCKLISTED = "blocklisted"
    SENDER_NOT_PERMITTED = "sender_not_permitted"
    RELAY_DENIED = "relay_denied"
    LOGIN_REFUSED = "login_refused"
    OAUTH_REQUIRED = "oauth_required"
    ACCOUNT_BLOCKED = "account_blocked"
    SENDER_DOMAIN = "sender_domain"
    TLS = "tls"
    TOO_FAST = "too_fast"
    LIMIT_REACHED = "limit_reached"
    JUDGED_SPAM = "judged_spam"
    RECIPIENT = "recipient"


class Trouble(Word):
    """Who can end it: whoever looks after the domain's records, the sending server, the account at the mail
    service or the mails themselves, or somebody on the other side."""

    DOMAIN = "domain"
    SERVER = "server"
    ACCOUNT = "account"
    MAILS = "mails"
    RECIPIENT = "recipient"


TROUBLES: dict[Cause, Trouble] = {
    Cause.AUTHENTICATION: Trouble.DOMAIN,
    Cause.DMARC: Trouble.DOMAIN,
    Cause.SPF: Trouble.DOMAIN,
    Cause.DKIM: Trouble.DOMAIN,
    Cause.SENDER_DOMAIN: Trouble.DOMAIN,
    Cause.RDNS: Trouble.SERVER,
    Cause.BLOCKLISTED: Trouble.SERVER,
    Cause.TLS: Trouble.SERVER,
    Cause.SENDER_NOT_PERMITTED: Trouble.ACCOUNT,
    Cause.RELAY_DENIED: Trouble.ACCOUNT,
    Cause.LOGIN_REFUSED: Trouble.ACCOUNT,
    Cause.OAUTH_REQUIRED: Trouble.ACCOUNT,
    Cause.ACCOUNT_BLOCKED: Trouble.ACCOUNT,
    Cause.LIMIT_REACHED: Trouble.ACCOUNT,
    Cause.TOO_FAST: Trouble.MAILS,
    Cause.JUDGED_SPAM: Trouble.MAILS,
    Cause.RECIPIENT: Trouble.RECIPIENT,
}
