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
    'null_mx': _lt("Mail cannot reach this contact: %(domain)s declares that it accepts no mail. Seen since %(since)s."),
    'no_domain': _lt("Mail cannot reach this contact: %(domain)s does not exist. Seen since %(since)s."),
    None: _lt("Mail cannot reach this contact: %(domain)s has no mail server that can be reached. Seen since %(since)s."),
}

# By contacts.relaying.Follows.reason, and the policy in force.
UNSAFE = {
    'policy.reject': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(policy_domain)s asks receivers to reject that."),
    'policy.quarantine': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(policy_domain)s asks receivers to file that as spam."),
    'relay': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "your mail server only sends from addresses that it knows."),
    'envelope': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "%(domain)s does not permit your mail server to send for it."),
    'own_envelope': _lt(
        "Colleagues may miss this contact's messages: Odoo forwards them by email from the contact's own address, and "
        "nothing shows receivers that your mail server may do that."),
}

CORRECTED = _lt("The email address was corrected from %(old)s to %(new)s: it looked like a typing mistake.")
