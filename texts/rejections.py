"""What receivers said of mail, in words: as an area of its domain, and on the page about rejections."""

from odoo.tools.translate import LazyTranslate

from .filling import Counted, fill, say

_lt = LazyTranslate(__name__)

# What receivers make of a domain's mail, as one area of it: said when it breaks and when it recovers.
NONE_REFUSED = _lt("No receiver has recently rejected mail because it could not be verified.")
REFUSED = Counted(
    'count',
    _lt("Receivers (%(receivers)s) have rejected %(count)s email since %(since)s because they could not verify it: see "
        "“Rejections”."),
    _lt("Receivers (%(receivers)s) have rejected %(count)s emails since %(since)s because they could not verify them: see "
        "“Rejections”."))

AREAS = {
    'receivers': _lt("Rejections"),
}

# Shown instead of the prediction where it was wrong.
OVERRULED = {
    'fail': Counted(
        'count',
        _lt("Your records look OK, so we predicted that receivers accept your mail. But they have rejected %(count)s "
            "email since %(since)s because they could not verify it: see “Rejections”."),
        _lt("Your records look OK, so we predicted that receivers accept your mail. But they have rejected %(count)s "
            "emails since %(since)s because they could not verify them: see “Rejections”.")),
    'warning': Counted(
        'count',
        _lt("We predicted that receivers accept your mail, but %(count)s email has been rejected since %(since)s because "
            "it could not be verified: see “Rejections”."),
        _lt("We predicted that receivers accept your mail, but %(count)s emails have been rejected since %(since)s because "
            "they could not be verified: see “Rejections”.")),
}

# The causes of mailauth.rejections.rules, as the first words of a row.
CAUSES = {
    'authentication': _lt("Could not be verified"),
    'dmarc': _lt("Rejected as the domain asks (DMARC)"),
    'spf': _lt("From a server that is not permitted (SPF)"),
    'dkim': _lt("Without a valid signature (DKIM)"),
    'rdns': _lt("From a server without a name in DNS"),
    'blocklisted': _lt("From an address on a blocklist"),
    'sender_not_permitted': _lt("The mail server does not let Odoo send as this address"),
    'relay_denied': _lt("The mail server does not relay mail for Odoo"),
    'login_refused': _lt("The mail server does not accept the password"),
    'oauth_required': _lt("The mail server no longer accepts passwords"),
    'account_blocked': _lt("The mail service stopped sending for the account"),
    'sender_domain': _lt("The sender's domain has no email"),
    'tls': _lt("Not delivered over an encrypted connection"),
    'too_fast': _lt("Slowed down"),
    'limit_reached': _lt("The mail service's limit was reached"),
    'judged_spam': _lt("Considered spam"),
    'recipient': _lt("A wrong address or a full mailbox: not about your domain"),
    'unexplained': _lt("Unknown reasons"),
}

# Causes that somebody who sends can do something about; the other side's own trouble is not.
ABOUT_US = frozenset(CAUSES) - {'recipient', 'unexplained'}

NOTHING_SENT = _lt("No sent emails and no rejections were recorded in the last 30 days.")
NONE_OF = Counted(
    'sent',
    _lt("%(sent)s email was sent in the last 30 days, and no rejection was reported to Odoo. That does not mean it reached the "
        "inbox: most receivers do not report when they file mail as spam."),
    _lt("%(sent)s emails were sent in the last 30 days, and no rejection was reported to Odoo. That does not "
        "mean they reached the inbox: most receivers do not report when they file mail as spam."))
SOME_OF = _lt("Emails sent in the last 30 days: %(sent)s. Rejections reported to Odoo: %(refused)s.")
ONLY_REFUSED = Counted(
    'refused', _lt("%(refused)s rejection was reported to Odoo in the last 30 days."),
    _lt("%(refused)s rejections were reported to Odoo in the last 30 days."))

TIPS = (
    (_lt("Test an email: send it to the address shown on mail-tester.com, and read the report."),
     'https://www.mail-tester.com/'),
    (_lt("See how Gmail rates your domain, and how often your mail is reported as spam there (Google Postmaster Tools)."),
     'https://postmaster.google.com/'),
    (_lt("Check the content: emails that are a single picture, shortened links and unexpected attachments are often "
         "filed as spam."),
     None),
    (_lt("Check the volume: a lot of mail at once from a new domain, or mail to people who never asked for it, is "
         "often filed as spam."),
     None),
)


def overruled(env, state, numbers):
    """Return that receivers did otherwise than was predicted of one sending path."""
    return fill(env, OVERRULED.get(state, OVERRULED['warning']), numbers)


def sentence(env, sent, refused):
    """Return how much was sent and refused, as far as Odoo knows."""
    text = {
        (True, True): SOME_OF, (True, False): NONE_OF, (False, True): ONLY_REFUSED, (False, False): NOTHING_SENT,
    }[bool(sent), bool(refused)]
    return say(env, text, sent=sent, refused=refused)


def tips(env):
    """Return where to look on when all is in order and mail is filed as spam nevertheless: ``[{text, url}]``."""
    return [{'text': env._(text), 'url': url} for text, url in TIPS]


def summary(code):
    """Return the text about what receivers make of a domain's mail."""
    return NONE_REFUSED if code == 'receivers.none' else REFUSED


def cause(env, code):
    """Return what a cause is called."""
    return env._(CAUSES[code])
