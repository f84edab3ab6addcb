"""The words about the default sender address: how a company's mail leaves, and what changes it."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# How mail leaves now (sending.examples.sender_mode)
NOW = {
    'own': _lt(
        "Users with an address at %(domain)s send as themselves. Everybody else's mail leaves as %(address)s, with "
        "the author's name beside it."),
    'outsiders': _lt(
        "All users send as themselves. Mail of customers and others that Odoo passes on leaves as %(address)s, with "
        "the author's name beside it."),
    'one': _lt("All mail leaves as %(address)s, with the author's name beside it."),
    'author': _lt(
        "Every mail leaves as its author's own address, a customer's too when Odoo passes a message on. Many "
        "receivers refuse mail that leaves as somebody else's domain."),
    'mixed': _lt("As which address a mail leaves depends on its author and on the server: see the examples."),
    'force': _lt(
        "All mail of every company leaves as %(address)s, with the author's name beside it: the system parameter "
        "mail.force.smtp.from says so, and it is honoured."),
    'dynamic': _lt(
        "Mail whose author has no address at %(domain)s leaves as %(address)s, with the author's name beside it: the "
        "system parameter mail.dynamic.smtp.from says so, and it is honoured."),
}

# What can be chosen in the wizard
CHOICES = {
    'own': _lt("Users with an address at the alias domain send as themselves, everybody else as one address"),
    'outsiders': _lt("All users send as themselves, whoever is from outside as one address"),
    'one': _lt("All mail leaves as one address"),
    'keep': _lt("As it is"),
}

WHO = {
    'insider': _lt("A user at your domain"),
    'user': _lt("A user at another domain"),
    'freemail': _lt("A user at a free mail provider"),
    'outsider': _lt("A customer whose message Odoo passes on"),
}

BOUNCES_COME_BACK = _lt("If a mail cannot be delivered, Odoo learns of it: bounces come back to %(address)s.")
BOUNCES_LEAVE = _lt(
    "If a mail cannot be delivered, the notice about it (the bounce) goes to %(address)s and not to Odoo, which "
    "goes on writing to addresses that do not exist.")

NO_ALIAS_DOMAIN = _lt(
    "This company has no alias domain, so there is no address of its own that could take the author's place. Choose "
    "one above under “Alias Domain” and save.")
DOMAINS_DIFFER = _lt(
    "mail.catchall.domain says %(parameter)s, the alias domain of this company is %(alias_domain)s: the alias domain "
    "counts.")
PARAMETER_DOMAIN_COUNTS = _lt(
    "This company has no alias domain, so %(parameter)s counts as its email domain (mail.catchall.domain).")
PARAMETER_UNREADABLE = _lt(
    "%(key)s is “%(value)s”, which is not one email address, so it changes nothing.")
PARAMETERS_IGNORED = _lt(
    "%(parameters)s: this system parameter of older versions of Odoo is set, but Odoo does not read it any more. Your "
    "mail leaves as shown above.")
FORCE_WINS = _lt("While mail.force.smtp.from is set, mail.dynamic.smtp.from changes nothing.")

# What the wizard points out
PERSONAL_SERVERS = _lt(
    "Users with a mail server of their own: %(count)s. Odoo lets nobody else use it, so it keeps sending as them.")
FORCED_SERVERS = _lt(
    "Email templates or mailings that name a server themselves: %(count)s (such as %(names)s). Odoo never replaces the "
    "author of such a mail, and has no setting for it: take the server out of them if they are to leave as the rest.")
ACCOUNT_SERVER = _lt(
    "“%(server)s” sends as its own account only (%(account)s). Choose “All mail leaves as one address” with that "
    "address, or the service refuses or changes the rest.")
EXCEPTION = _lt(
    "Not reached by this change: mail of %(email)s leaves as %(from_email)s through %(server)s. Its “FROM Filtering” "
    "names that author; change it there if you want.")
ONLY_HONOUR_CARRIES = _lt(
    "With Odoo's own settings bounces come back to Odoo. Where mail.dynamic.smtp.from changed the sender they went to "
    "%(address)s; only “Honour” does that.")
SERVER_MUST_ALLOW = _lt(
    "“%(server)s” has to accept mail that leaves as %(parts)s. Odoo cannot know that: send yourself a test mail "
    "afterwards.")
OTHER_DOMAIN = _lt(
    "%(address)s is not an address at %(domain)s: from now on the records of %(other)s decide whether receivers "
    "believe this company's mail.")

# A legacy parameter on the report, while it is honoured
HONOURED = {
    'mail.force.smtp.from': _lt(
        "Honoured, because Settings say so: all mail of every company leaves as this address, and bounces go to it "
        "instead of to Odoo."),
    'mail.dynamic.smtp.from': _lt(
        "Honoured, because Settings say so: mail whose author has no address at the company's email domain leaves as "
        "this address, and its bounces go to it instead of to Odoo."),
    'mail.catchall.domain': _lt(
        "Counts as the email domain for mail.dynamic.smtp.from where a company has no alias domain. Elsewhere the "
        "alias domain counts."),
}


def say(env, text, **params):
    """Return a text of this file in the user's language."""
    translated = env._(text)
    return translated % params
