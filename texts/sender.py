"""The words about the default sender address: how a company's mail leaves, and what changes it."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# How mail leaves now (sending.examples.sender_mode)
NOW = {
    'own': _lt(
        "Users with an address at %(domain)s send from their own address. Everybody else's mail is sent from "
        "%(address)s, with the author's name."),
    'outsiders': _lt(
        "All users send from their own address. Mail from customers and others that Odoo forwards is sent from "
        "%(address)s, with the author's name."),
    'one': _lt("All mail is sent from %(address)s, with the author's name."),
    'author': _lt(
        "All mail is sent from its author's own address, even a customer's when Odoo forwards a message. Many "
        "receivers reject mail sent from somebody else's domain."),
    'mixed': _lt("Which address mail is sent from depends on its author and on the server: see the examples."),
    'force': _lt(
        "All mail of every company is sent from %(address)s, with the author's name: the system parameter "
        "mail.force.smtp.from says so, and it is honored."),
    'dynamic': _lt(
        "Mail whose author has no address at %(domain)s is sent from %(address)s, with the author's name: the system "
        "parameter mail.dynamic.smtp.from says so, and it is honored."),
}

# What can be chosen in the wizard
CHOICES = {
    'own': _lt("Users with an address at the alias domain send from their own, everybody else from one address"),
    'outsiders': _lt("All users send from their own address, external senders from one address"),
    'one': _lt("All mail is sent from one address"),
    'keep': _lt("No change"),
}

WHO = {
    'insider': _lt("A user at your domain"),
    'user': _lt("A user at another domain"),
    'freemail': _lt("A user at a free mail provider"),
    'outsider': _lt("A customer whose message Odoo forwards"),
}

BOUNCES_COME_BACK = _lt("If an email cannot be delivered, Odoo learns of it: bounces come back to %(address)s.")
BOUNCES_LEAVE = _lt(
    "If an email cannot be delivered, the notice about it (the bounce) goes to %(address)s and not to Odoo, which "
    "keeps writing to addresses that do not exist.")

NO_ALIAS_DOMAIN = _lt(
    "This company has no alias domain, so it has no address to use instead of the author's. Choose one above under "
    "“Alias Domain” and save.")
DOMAINS_DIFFER = _lt(
    "mail.catchall.domain says %(parameter)s, but this company's alias domain is %(alias_domain)s: the alias domain "
    "counts.")
PARAMETER_DOMAIN_COUNTS = _lt(
    "This company has no alias domain, so %(parameter)s counts as its email domain (mail.catchall.domain).")
PARAMETER_UNREADABLE = _lt(
    "%(key)s is “%(value)s”, which is not a single email address, so it has no effect.")
PARAMETERS_IGNORED = _lt(
    "%(parameters)s: this system parameter from older versions of Odoo is set, but Odoo no longer reads it. Your mail "
    "is sent as shown above.")
FORCE_WINS = _lt("While mail.force.smtp.from is set, mail.dynamic.smtp.from has no effect.")

# What the wizard points out
PERSONAL_SERVERS = _lt(
    "Users with their own mail server: %(count)s. Nobody else can use it, so it keeps sending from their address.")
FORCED_SERVERS = _lt(
    "Email templates or mailings that name a server: %(count)s (such as %(names)s). Odoo never replaces the author of "
    "such mail, and has no setting for it: clear the server there if it should be sent like the rest.")
ACCOUNT_SERVER = _lt(
    "“%(server)s” only sends from its own account (%(account)s). Choose “All mail is sent from one address” with that "
    "address, or the service rejects or changes the rest.")
EXCEPTION = _lt(
    "Not affected by this change: mail of %(email)s is sent from %(from_email)s through %(server)s. Its “FROM "
    "Filtering” includes that author; change it there if you want.")
ONLY_HONOR_CARRIES = _lt(
    "With Odoo's own settings, bounces come back to Odoo. Where mail.dynamic.smtp.from changed the sender, they went "
    "to %(address)s; only “Honor them” does that.")
SERVER_MUST_ALLOW = _lt(
    "“%(server)s” must accept mail sent from %(parts)s. Odoo cannot check that: send yourself a test email afterwards.")
OTHER_DOMAIN = _lt(
    "%(address)s is not an address at %(domain)s: from now on the records of %(other)s decide whether receivers trust "
    "this company's mail.")

# A legacy parameter on the report, while it is honored
HONORED = {
    'mail.force.smtp.from': _lt(
        "Honored, as chosen in Settings: all mail of every company is sent from this address, and bounces go to it "
        "instead of to Odoo."),
    'mail.dynamic.smtp.from': _lt(
        "Honored, as chosen in Settings: mail whose author has no address at the company's email domain is sent from "
        "this address, and its bounces go to it instead of to Odoo."),
    'mail.catchall.domain': _lt(
        "Counts as the email domain for mail.dynamic.smtp.from where a company has no alias domain. Otherwise the "
        "alias domain counts."),
}
