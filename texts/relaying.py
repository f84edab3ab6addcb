"""What is said of a contact's address: that their messages cannot be passed on, that mail cannot reach them, a typing mistake."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# The badge on a contact.
BADGES = {
    'mistyped': _lt("Typing mistake?"),
    'unreachable': _lt("Cannot receive mail"),
    'unsafe': _lt("Cannot be forwarded"),
}

MISTYPED = _lt("Did you mean %(suggestion)s? %(domain)s looks like a typing mistake.")

# By mail.partner.domain.reception.
UNREACHABLE = {
    'null_mx': _lt("Mail cannot reach this contact: %(domain)s declares that it accepts no mail."),
    'no_domain': _lt("Mail cannot reach this contact: %(domain)s does not exist."),
    None: _lt("Mail cannot reach this contact: %(domain)s has no mail server that can be reached."),
}
SEEN_SINCE = _lt("Seen since %(since)s.")

# Of a recipient, before a mail is sent; by mail.partner.domain.reception.
RECIPIENT_MISTYPED = _lt("%(email)s looks like a typing mistake. Did you mean %(suggestion)s?")
RECIPIENT_UNREACHABLE = {
    'null_mx': _lt("%(email)s cannot be reached: %(domain)s declares that it accepts no mail."),
    'no_domain': _lt("%(email)s cannot be reached: %(domain)s does not exist."),
    None: _lt("%(email)s cannot be reached: %(domain)s has no mail server that can be reached."),
}
RECIPIENTS_MORE = _lt("Other recipients of whom this can be said: %(count)s.")

# By contacts.relaying.Follows.reason, and the policy in force.
UNSAFE = {
    'policy.reject': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(policy_domain)s asks receivers to reject that."),
    'policy.quarantine': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(policy_domain)s asks receivers to file that as spam."),
    'envelope': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(domain)s does not permit your mail server to send for it."),
}

CORRECTED = _lt("The email address was corrected from %(old)s to %(new)s: it looked like a typing mistake.")

# How messages of contacts fare, by contacts.relaying.Follows.verdict.
FATES = {
    'unsafe': _lt("rejected or filed as spam"),
    'fragile': _lt("arrives, but fragile"),
    'unknown': _lt("not known yet"),
    'unsent': _lt("not sent"),
    'safe': _lt("accepted, if your own mail is"),
}
LEAVES = _lt("sent from %(address)s: %(fate)s")
MESSAGES_OF = _lt("Contacts at %(domain)s")

# What the sender remedy says where it cannot be offered, by contacts.remedies.SenderTrial.obstacle.
OBSTACLES = {
    'alias_domain': _lt(
        "Odoo has no address of yours to use instead: choose an alias domain in Settings (Emails, Alias Domain)."),
    'useless': _lt(
        "We tested the settings that usually replace the sender, and they would not help here. See in Settings, under "
        "“Default sender address”, how mail is sent."),
    'worse': _lt(
        "We tested the settings that usually replace the sender: they would help here, but mail of %(author)s would "
        "then get a worse verdict."),
    'others': _lt(
        "We tested the settings that usually replace the sender: they would help here, but mail of another company "
        "would then get a worse verdict."),
    'untried': _lt(
        "The settings that usually replace the sender could not be tested just now. See in Settings, under “Default "
        "sender address”, how mail is sent."),
}
SENDER_HELPS = _lt(
    "Tested with Odoo's own rules. Contacts whose messages are then no longer sent from their own address: %(count)s. No other "
    "mail gets worse.")

INBOX_TESTED = _lt(
    "Tested with Odoo's own rules on recent documents of these contacts (%(documents)s). Emails to these users for a new message "
    "on each of them: now %(before)s, afterwards %(after)s.")
NOTIFIED = {'email': _lt("By email"), 'inbox': _lt("In Odoo")}
INBOX_POSTED = _lt("Notified in Odoo instead of by email, because contacts' messages cannot be forwarded: %(names)s.")

ADDRESS_CONSEQUENCE = _lt(
    "Everything that Odoo sends to this contact will go to the new address from now on: invoices, quotations and "
    "reminders too. Only enter an address that the contact gave you, or one that you read for them.")
ADDRESS_CHANGED = _lt("The email address was changed from %(old)s to %(new)s, because messages could not be forwarded.")
ADDRESS_NOW = _lt("Messages from %(email)s: %(fate)s.")
ADDRESS_UNKNOWN = _lt(
    "We do not know %(domain)s yet, so we cannot say whether messages from there can be forwarded: it is looked at with "
    "the next check.")
ADDRESS_OURS = _lt("%(domain)s is your own domain: messages from there are sent as your other mail.")
