"""The words of findings about sending paths (`sending.rules`), and of the button that leads to their remedy.

Where a text depends on a parameter it is ``By`` or ``Counted`` (`texts.filling`).
"""

from odoo.tools.translate import LazyTranslate

from .. import filling
from ..filling import By, Counted

_lt = LazyTranslate(__name__)

CONFIGURATION_FILE = 'odoo.conf'  # the name of the server that has none
_CONFIGURATION_FILE = _lt("the server of Odoo's configuration file")

_CONTACTS_UNPROVEN = _lt(
    "When a contact writes and Odoo forwards the message to followers by email, it is sent from the contact's own address, "
    "such as one at %(examples)s, and nothing shows receivers that your mail server may do that. Contacts: %(contacts)s, at "
    "domains: %(domains)s. Emails forwarded in the last 30 days: %(mails)s, rejected: %(refused)s. Users who are notified by "
    "email: %(users)s.")
_CONTACTS_OUR_SETTINGS = _lt(
    "Let Odoo replace the sender with an address of yours, or notify these users in Odoo instead of by email. See what each "
    "of these changes.")

_FIXED_FROM = By('policy', {
    'reject': _lt(
        "Most large providers will reject mail sent from %(from)s (%(examples)s): it comes from your server, and "
        "%(domain)s asks receivers to reject mail that does not come from its own servers."),
    'quarantine': _lt(
        "Most large providers will file mail sent from %(from)s (%(examples)s) as spam: it comes from your server, and "
        "%(domain)s asks receivers to distrust mail that does not come from its own servers."),
    'none': _lt(
        "Mail sent from %(from)s (%(examples)s) comes from your server, which %(domain)s does not mention. It does not "
        "ask receivers to reject such mail, but many still file it as spam or reject it."),
    'missing': _lt(
        "Mail sent from %(from)s (%(examples)s) comes from your server, and nothing shows receivers that %(domain)s "
        "allows it. Many file it as spam or reject it."),
    None: _lt(
        "Mail sent from %(from)s (%(examples)s) comes from your server, and nothing shows receivers that %(domain)s "
        "allows it. What that domain asks them to do about it could not be read yet."),
})

_OTHER_COMPANY = By('has_domain', {
    False: _lt("Give %(company)s its own alias domain in Settings (Emails, Alias Domain)."),
    None: _lt("Allow the server to send from the domain of %(company)s too: add it to “FROM Filtering”."),
})

FINDINGS = {
    'path.no_alias_domain': (
        _lt("Mail that Odoo forwards keeps an external address"),
        _lt("When a customer writes and Odoo forwards the message to followers, it is sent from the customer's own "
            "address. Their domain never allowed your server to use it, so many receivers reject such mail or file it "
            "as spam."),
        _lt("Give %(company)s an alias domain in Settings (Emails, Alias Domain). Odoo then sends such mail from an "
            "address of yours and keeps the customer's name."),
    ),
    'path.plain_server': (
        _lt("Customers' mail is forwarded from their own address"),
        _lt("When a customer writes and Odoo forwards the message to followers, it is sent from the customer's own "
            "address, because the server of Odoo's configuration file allows every address. If the customer's domain "
            "asks receivers to reject that, they do."),
        _lt("Tell Odoo which domains are yours: set the system parameter mail.default.from_filter to “%(filter)s”. "
            "Other mail is then sent from %(notifications)s, with the author's name."),
    ),
    'path.contacts': (
        By('reason', {
            'tolerated': _lt("Contacts' messages are forwarded from their own address"),
            'provider': _lt("Contacts' messages are forwarded from their own address"),
            'in_odoo': _lt("Contacts' messages are read in Odoo"),
            None: _lt("Contacts' messages cannot be forwarded by email"),
        }),
        By('reason', {
            'policy': _lt(
                "When a contact writes and Odoo forwards the message to followers by email, it is sent from the "
                "contact's own address. Domains such as %(examples)s ask receivers to reject that or file it as spam. "
                "Contacts: %(contacts)s, at domains: %(domains)s. Emails forwarded in the last 30 days: %(mails)s, rejected: "
                "%(refused)s. Users who are notified by email: %(users)s."),
            'relay': _lt(
                "When a contact writes and Odoo forwards the message to followers by email, it is sent from the "
                "contact's own address, such as one at %(examples)s, and your mail server only sends from addresses that "
                "it knows. Contacts: %(contacts)s, at domains: %(domains)s. Emails forwarded in the last 30 days: "
                "%(mails)s, rejected: %(refused)s. Users who are notified by email: %(users)s."),
            'envelope': _lt(
                "When a contact writes and Odoo forwards the message to followers by email, it is sent from the "
                "contact's own address, bounces included. Domains such as %(examples)s do not permit your mail server, so "
                "receivers reject that. Contacts: %(contacts)s, at domains: %(domains)s. Emails forwarded in the last 30 "
                "days: %(mails)s, rejected: %(refused)s. Users who are notified by email: %(users)s."),
            'own_envelope': _CONTACTS_UNPROVEN,
            'no_envelope': _CONTACTS_UNPROVEN,
            'in_odoo': _lt(
                "Everybody who follows what contacts at domains such as %(examples)s write is notified in Odoo, so nothing "
                "is sent that receivers could reject. Users: %(in_odoo)s. Whoever chooses to be notified by email may miss "
                "these messages: they would be sent from the contact's own address. Contacts: %(contacts)s, at domains: "
                "%(domains)s. Emails forwarded in the last 30 days, before that: %(mails)s, rejected: %(refused)s."),
            None: _lt(
                "When a contact writes and Odoo forwards the message to followers by email, it is sent from the "
                "contact's own address, such as one at %(examples)s. Their domains do not ask receivers to reject that, "
                "but nothing shows that your server may do it, and some receivers file it as spam. "
                "Contacts: %(contacts)s, at domains: %(domains)s. Emails forwarded in the last 30 days: %(mails)s, rejected: "
                "%(refused)s. Users who are notified by email: %(users)s."),
        }),
        By('reason', {
            'relay': _CONTACTS_OUR_SETTINGS,
            'own_envelope': _CONTACTS_OUR_SETTINGS,
            'no_envelope': _CONTACTS_OUR_SETTINGS,
            'in_odoo': _lt("Nothing has to be done. To be able to notify by email again, let Odoo replace the sender."),
            None: _lt(
                "Let Odoo replace the sender with an address of yours, notify these users in Odoo instead of by email, or "
                "enter another address for the contact. See what each of these changes."),
        }),
    ),
    'path.forced_server': (
        _lt("A mail server named in a template keeps the sender"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) is sent from %(from)s, because Odoo does not "
            "replace the sender there. As far as we can see, that server may not send from this address, so receivers "
            "reject such mail or file it as spam."),
        _lt("Open the template or mailing and clear its outgoing mail server, so that Odoo chooses one. Or set a "
            "sender that “%(server)s” may use."),
    ),
    'path.forced_records': (
        _lt("Your domain does not permit a template's server"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) is sent from %(from)s. Odoo works as it should, "
            "but %(domain)s does not tell receivers that this server may send for it, so they reject such mail or file "
            "it as spam."),
        _lt("Publish the records that the report of %(domain)s shows. If it shows none, ask whoever runs “%(server)s” "
            "which ones that server needs. Nothing needs to be changed in Odoo."),
    ),
    'path.refused': (
        _lt("Odoo refuses to send this"),
        By('why', {
            'no_server': _lt(
                "Odoo cannot send any mail of %(company)s: there is no outgoing mail server, and the configuration "
                "file names none. Every email fails with an error."),
            'no_author': _lt(
                "%(company)s cannot send mail: neither the company nor anybody in it has an email address, and there "
                "is no default sender to use instead."),
            'bad_author': _lt(
                "Odoo cannot send mail from %(author)s: it is not a valid email address."),
            'archived': _lt(
                "Mail that names “%(server)s” as its server (%(examples)s) is not sent: that server is archived."),
            None: _lt(
                "Mail that names “%(server)s” as its server (%(examples)s) is not sent: that server is a user's "
                "personal one, and nobody else may use it."),
        }),
        By('why', {
            'no_server': _lt("Add an outgoing mail server."),
            'no_author': _lt("Choose an alias domain in Settings (Emails, Alias Domain), or give the company an email "
                             "address."),
            'bad_author': _lt("Correct the address."),
            None: _lt("Open the template or mailing and clear its outgoing mail server, so that Odoo chooses one."),
        }),
    ),
    'path.forced_filter': (
        _lt("A template names a server that excludes your sender"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) is sent from %(from)s, because a system "
            "parameter says so, but the server's “FROM Filtering” does not include that address: receivers may reject "
            "such mail."),
        _lt("If the server may send from %(from)s, add the address to its “FROM Filtering”. If not, clear the server "
            "in the template or mailing."),
    ),
    'path.parameters_ignored': (
        _lt("A setting from an older version of Odoo has no effect"),
        _lt("Your mail is not sent as %(parameters)s says: Odoo has ignored this system parameter since version 15."),
        _lt("In Settings, under “Default sender address”, choose: honor it, convert it to Odoo's own settings, or "
            "remove it."),
    ),
    'path.parameters_dead': (
        _lt("Settings from older versions of Odoo have no effect"),
        _lt("These system parameters change nothing: %(parameters)s. Odoo read them once, when its mail app was "
            "installed. Since then the company's alias domain decides which address mail is sent from, and where "
            "bounces and replies go."),
        _lt("Set what you want in Settings (Emails, Alias Domain), and remove the parameters so that nobody relies on "
            "them."),
    ),
    'path.setting_idle': (
        _lt("A sender setting has no effect"),
        By('why', {
            'servers': _lt(
                "“%(key)s = %(value)s” has no effect: it only counts where no outgoing mail server is set up in Odoo, "
                "and there is one."),
            'parameter': _lt(
                "“%(key)s = %(value)s” in Odoo's configuration file has no effect: the system parameter "
                "mail.default.from_filter overrides it."),
            None: _lt(
                "“%(key)s = %(value)s” in Odoo's configuration file has no effect: every company has an alias domain "
                "with its own addresses, which override it."),
        }),
        By('why', {
            'servers': _lt("Enter what you want in “FROM Filtering” of the outgoing mail servers."),
            'parameter': _lt("Change the system parameter, or remove it."),
            None: _lt("Change “Default From Alias” of the alias domain (Settings, Emails, Alias Domain)."),
        }),
    ),
    'path.filter_never': (
        _lt("Part of a FROM filter never matches"),
        _lt("The filter of “%(server)s” (%(filter)s) has parts that no address matches: %(parts)s. Odoo only accepts "
            "whole addresses and whole domains, separated by commas: no *, no semicolons, and a domain does not "
            "include its subdomains. The mail you meant is sent differently."),
        _lt("Enter each domain separately, for example “example.com, mail.example.com”."),
    ),
    'path.template_from': (
        _lt("A template sends from somebody else's address"),
        _FIXED_FROM,
        _lt("Open the template and set its sender (From) to an address at a domain of yours. Replies can still go to "
            "%(from)s: enter it in Reply To."),
    ),
    'path.code_from': (
        _lt("Code sends from somebody else's address"),
        _FIXED_FROM,
        _lt("Open the server action and have its code send from an address at a domain of yours. Replies can still go "
            "to %(from)s, as the email's reply_to."),
    ),
    'path.organizer_from': (
        _lt("An event's emails are sent from an external organizer"),
        _FIXED_FROM,
        _lt("Open the event and choose an organizer whose address is at a domain of yours: your company, for example. "
            "You can name the organizer in the event's description."),
    ),
    'path.mailing_from': (
        _lt("A mailing sends from somebody else's address"),
        _FIXED_FROM,
        _lt("Open the mailing and set its sender (Send From) to an address at a domain of yours. Replies can still go "
            "to %(from)s: enter it in Reply To."),
    ),
    'path.foreign_author': (
        _lt("Mail is sent from a domain that is not yours"),
        By('policy', {
            'reject': _lt(
                "Most large providers will reject mail sent from @%(domain)s (%(examples)s): it comes from your "
                "server, and %(domain)s asks receivers to reject mail that does not come from its own servers."),
            'quarantine': _lt(
                "Most large providers will file mail sent from @%(domain)s (%(examples)s) as spam: it comes from your "
                "server, and %(domain)s asks receivers to distrust mail that does not come from its own servers."),
            'none': _lt(
                "Mail sent from @%(domain)s (%(examples)s) comes from your server, which %(domain)s does not mention. "
                "It does not ask receivers to reject such mail, but many still file it as spam or reject it."),
            'missing': _lt(
                "Mail sent from @%(domain)s (%(examples)s) comes from your server, and nothing shows receivers that "
                "%(domain)s allows it. Many file it as spam or reject it."),
            None: _lt(
                "Mail sent from @%(domain)s (%(examples)s) comes from your server, and nothing shows receivers that "
                "%(domain)s allows it. What that domain asks them to do about it could not be read yet."),
        }),
        _lt("Let Odoo replace the sender with an address of yours and keep the author's name, or give these people an "
            "address at your own domain."),
    ),
    'path.other_company': (
        _lt("One company's mail is sent as another company"),
        _lt("Mail of %(company)s is sent from %(from)s, the address of %(other)s: that is what customers see and reply "
            "to."),
        _OTHER_COMPANY,
    ),
    'path.other_company_queue': (
        _lt("One company's queued mail is sent as another company"),
        _lt("Queued mail of %(company)s is sent from %(from)s, the address of %(other)s, because the queue runs on "
            "behalf of %(other)s. Mail that is sent immediately is not affected."),
        _OTHER_COMPANY,
    ),
    'path.other_company_now': (
        _lt("One company's mail sent immediately goes out as another"),
        _lt("Mail of %(company)s that is sent immediately is sent from %(from)s, the address of %(other)s. Queued mail "
            "is not affected."),
        _OTHER_COMPANY,
    ),
    'path.gmail_from': (
        _lt("Gmail sends from its account, not from this address"),
        _lt("“%(server)s” logs in to Gmail as %(account)s, but Odoo's mail is sent from %(address)s. Gmail replaces it "
            "with %(account)s, unless that account has %(address)s under “Send mail as”: customers then see and reply "
            "to a different address than you expect."),
        _lt("Let Odoo send from %(account)s: it becomes the server's FROM Filtering and the default sender. If the "
            "account may send as %(address)s, mute this instead."),
    ),
    'path.gmail_envelope': (
        _lt("Bounces go to the Gmail account"),
        _lt("“%(server)s” logs in to Gmail as %(account)s, and Gmail uses that as the bounce address instead of "
            "%(address)s. Your mail arrives, but Odoo does not learn of mail that could not be delivered."),
        _lt("Set the server's FROM Filtering to %(account)s, so that Odoo shows what happens, and look for bounces in "
            "that mailbox."),
    ),
    'path.outlook_from': (
        _lt("Outlook refuses to send from this address"),
        _lt("“%(server)s” logs in to Outlook as %(account)s, but Odoo's mail is sent from %(address)s. Outlook does "
            "not send it (“does not have permissions to send as this sender”), unless that account has been given "
            "permission."),
        _lt("Let Odoo send from %(account)s: it becomes the server's FROM Filtering and the default sender. Or have "
            "your Microsoft 365 administrator give the account the permission “Send As” for %(address)s."),
    ),
    'path.outlook_envelope': (
        _lt("Outlook refuses a different bounce address"),
        _lt("“%(server)s” logs in to Outlook as %(account)s, but Odoo sets the bounce address %(address)s. Outlook "
            "does not send such mail (“does not have permissions to send as this sender”), unless that account has "
            "been given permission."),
        _lt("Set the server's FROM Filtering to %(account)s: Odoo then uses that address for both. Or have your "
            "Microsoft 365 administrator give the account the permission “Send As” for %(address)s."),
    ),
    'path.account_from': (
        _lt("The mail server refuses to send from this address"),
        _lt("“%(server)s” logs in to %(service)s as %(account)s, but Odoo's mail is sent from %(address)s. %(service)s "
            "rejects such mail: it only sends from the account that logs in."),
        _lt("Let Odoo send from %(account)s: it becomes both the server's FROM Filtering and the default sender. "
            "Replies still come back to Odoo."),
    ),
    'path.account_envelope': (
        _lt("The mail server refuses a different bounce address"),
        _lt("“%(server)s” logs in to %(service)s as %(account)s, but Odoo sets the bounce address %(address)s. "
            "%(service)s rejects such mail: it only accepts the account that logs in."),
        _lt("Set the server's FROM Filtering to %(account)s: Odoo then uses that address for both."),
    ),
    'path.account_company': (
        _lt("This mail server belongs to another company"),
        By('replaces', {
            True: _lt(
                "“%(server)s” logs in to %(service)s as %(account)s, an address of %(other)s, and %(service)s sends "
                "from that account: customers of %(company)s would see %(other)s."),
            None: _lt(
                "“%(server)s” logs in to %(service)s as %(account)s, an address of %(other)s. Mail that %(company)s "
                "sends from %(address)s is rejected there. If it were sent from %(account)s it would arrive, but "
                "customers of %(company)s would see %(other)s."),
        }),
        _lt("Add an outgoing mail server for %(company)s with its own account, and set its FROM Filtering to the "
            "domain of %(company)s."),
    ),
    'path.account_unknown': (
        _lt("The server only sends from its account"),
        _lt("%(service)s only sends from the mailbox that logs in. “%(server)s” logs in as “%(login)s”, which is not "
            "an email address, so we cannot tell whether that is %(address)s."),
        _lt("Enter the mailbox's full address as the username of “%(server)s”, if %(service)s accepts that. If not, "
            "make sure that %(address)s is its address."),
    ),
    'path.sender_unverified': (
        _lt("The mail service only accepts verified senders"),
        _lt("%(service)s, through which “%(server)s” sends, only accepts mail from addresses or domains that were "
            "verified there. Your mail is sent from %(domains)s, and as far as we know no such mail has been accepted "
            "yet."),
        _lt("Verify %(domains)s in your account at %(service)s: it shows the records to publish. This disappears as "
            "soon as it has accepted mail."),
    ),
    'path.filter_ignored': (
        _lt("A server sends from an address that it is not meant for"),
        _lt("Odoo has no server for mail from %(from)s, so it uses “%(server)s”, which is meant for %(filter)s. That "
            "server may reject the mail, or receivers may not trust it."),
        _lt("If the server may send from this address, add its domain to FROM Filtering. Otherwise add a server that "
            "may, or set Odoo's default sender to an address that the filter includes."),
    ),
    'path.filter_unused': (
        _lt("A server is meant for senders that you do not have"),
        _lt("“%(server)s” is for mail from %(filter)s only, and nothing in Odoo is sent from that, so none of your "
            "mail goes through it."),
        _lt("Check its FROM Filtering for a typo, or archive the server."),
    ),
    'path.capitals': (
        _lt("Capital letters keep Odoo from finding a server"),
        _lt("Your mail should be sent from %(address)s, written with capital letters, and “%(server)s” is for "
            "%(lower)s. To receivers this is the same address, but Odoo distinguishes capital letters and sends part "
            "of your mail differently."),
        _lt("Write the alias domain and its default sender in lower case. It stays the same domain."),
    ),
    'path.personal_server': (
        _lt("A user's own mail server sends outside your domain"),
        _lt("Mail of %(owner)s is sent from %(from)s through their own server (“%(server)s”). Customers see a domain "
            "other than your company's, and the records that you publish do not cover it."),
        _lt("If this is not intended, give %(owner)s an address at your domain, or archive the server. If it is, mute "
            "this."),
    ),
    'path.default_from': (
        _lt("The default sender is at another domain"),
        _lt("Odoo's notifications are sent from %(from)s, but their bounces go to %(alias_domain)s. A permission to "
            "send (SPF) by %(alias_domain)s does not count for %(domain)s; only a signature (DKIM) as %(domain)s "
            "would, and none is known."),
        _lt("Set the default sender to an address at %(alias_domain)s. Replies can still go elsewhere."),
    ),
    'path.no_replies': (
        _lt("Replies to your mail cannot arrive"),
        By('reason', {
            'gate.nxdomain': _lt(
                "Replies to your mail go to %(address)s, but %(domain)s does not exist in DNS, the directory of the "
                "internet."),
            'gate.null_mx': _lt(
                "Replies to your mail go to %(address)s, but %(domain)s declares that it accepts no mail (a “null MX” "
                "record)."),
            None: _lt(
                "Replies to your mail go to %(address)s, but %(domain)s has no mail server to accept them (no working "
                "MX record)."),
        }),
        _lt("Publish the MX record (it says where mail goes) that your mail provider gives you for %(domain)s, or "
            "choose another alias domain."),
    ),
    'path.two_services': (
        _lt("One of your sending services is not permitted"),
        _lt("Mail through %(service)s has a bounce address at %(domain)s. That domain's list of permitted servers (its "
            "SPF record) names %(others)s, but not %(service)s, so receivers distrust that part of your mail."),
        _lt("Add %(service)s to the one SPF record of %(domain)s, as its report shows. If it shows none, ask your DNS "
            "administrator to add it."),
    ),
    'path.unforeseen': (
        Counted(
            'count', _lt("%(count)s unexpected email was sent from %(from)s"),
            _lt("%(count)s unexpected emails were sent from %(from)s")),
        By('named', {
            True: _lt(
                "Mail of %(company)s was sent through “%(server)s” from %(from)s in the last 30 days, with bounces to "
                "%(envelope)s. None of Odoo's settings explains this. What we know: written by people at %(authors)s; "
                "documents: %(about)s. These added modules change how mail is sent: %(modules)s."),
            None: _lt(
                "Mail of %(company)s was sent through “%(server)s” from %(from)s in the last 30 days, with bounces to "
                "%(envelope)s. None of Odoo's settings explains this: custom code, such as a server action, may be the "
                "cause. What we know: written by people at %(authors)s; documents: %(about)s."),
        }),
        _lt("If mail is meant to be sent like this, publish what its verdict asks for, and mute this. If not, check "
            "what is named here to find where this address is set."),
    ),
}

# What to do where the remedy was tried, and would harm other mail or not help.
UNPROVEN = {
    'publish': _lt(
        "Publish a signature (DKIM) for %(domain)s: its report shows what is missing. A different default sender was "
        "tested and would not help."),
    'worse': _lt(
        "The change in Odoo that usually helps was tested and is not offered: mail of %(worse_author)s would then be "
        "sent from %(worse_from)s, with a worse verdict. First check what to publish for %(worse_domain)s."),
    'others': _lt(
        "The change in Odoo that usually helps was tested and is not offered: mail of another company would then get a "
        "worse verdict. See in Settings, under “Default sender address”, how mail is sent."),
    'refused': _lt(
        "The change in Odoo that usually helps was tested and is not offered: mail of %(worse_author)s could no longer "
        "be sent."),
    'untried': _lt(
        "The change in Odoo that usually helps could not be tested beforehand, so it is not offered here. See in "
        "Settings, under “Default sender address”, how mail is sent."),
    'useless': _lt(
        "The change in Odoo that usually helps was tested and would not help here. See in Settings, under “Default "
        "sender address”, how mail is sent."),
}

# What the button next to a finding says, by its remedy.
REMEDIES = {
    'open.ir.mail_server': _lt("Open the mail server"),
    'open.mail.alias.domain': _lt("Open the alias domain"),
    'open.mail.domain.health.path': _lt("Show this sending path"),
    'authors': _lt("Show what sends this"),
    'settings': _lt("Open Settings"),
    'report': _lt("See what to publish"),
    'change': _lt("Show what would change"),
    'new_server': _lt("Add a mail server"),
    'parameters': _lt("Open the system parameters"),
    'contacts': _lt("Show who is concerned, and what helps"),
}


def finding(env, code, params):
    """Return ``(title, explanation, remedy)`` of a finding about ways that mail leaves."""
    title, explanation, remedy = FINDINGS[code]
    if code == 'path.unforeseen':  # the kinds of documents, which are called by the reader's words
        models = params.get('about') or ()
        params = {**params, 'about': [env['ir.model']._get(model).name or model for model in models]}
    remedy = UNPROVEN.get(params.get('unproven'), remedy)
    return tuple(fill(env, text, params) for text in (title, explanation, remedy))


def fill(env, text, params):
    """Translate, then put the parameters in; the server of the configuration file has no name, and is called in words."""
    if params.get('server') == CONFIGURATION_FILE:
        params = {**params, 'server': env._(_CONFIGURATION_FILE)}
    return filling.fill(env, text, params)


def remedy_label(env, remedy):
    """Return what the button of a remedy says, or an empty text where there is none."""
    kind = (remedy or {}).get('kind')
    text = REMEDIES.get(f'{kind}.{remedy["model"]}' if kind == 'open' else kind) if kind else None
    return env._(text) if text else ''
