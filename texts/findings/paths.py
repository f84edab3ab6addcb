"""The words of findings about sending paths (`sending.rules`), and of the button that leads to their remedy.

Where a text depends on a parameter it is ``(name of the parameter, {value: text})``, ``None`` for any other value.
"""

from odoo.tools.translate import LazyTranslate

from .. import filling

_lt = LazyTranslate(__name__)

CONFIGURATION_FILE = 'odoo.conf'  # the name of the server that has none
_CONFIGURATION_FILE = _lt("the server of Odoo's configuration file")

_FIXED_FROM = ('policy', {
    'reject': _lt(
        "Most large providers will refuse mail that leaves as %(from)s (%(examples)s): it comes from your server, "
        "and %(domain)s asks receivers to refuse whatever does not come from its own."),
    'quarantine': _lt(
        "Most large providers will file mail as spam that leaves as %(from)s (%(examples)s): it comes from your "
        "server, and %(domain)s asks receivers to distrust whatever does not come from its own."),
    'none': _lt(
        "Mail that leaves as %(from)s (%(examples)s) comes from your server, of which %(domain)s says nothing. It "
        "does not ask receivers to refuse such mail, but many file it as spam or refuse it all the same."),
    'missing': _lt(
        "Mail that leaves as %(from)s (%(examples)s) comes from your server, and nothing shows receivers that "
        "%(domain)s allows it. Many file it as spam or refuse it."),
    None: _lt(
        "Mail that leaves as %(from)s (%(examples)s) comes from your server, and nothing shows receivers that "
        "%(domain)s allows it. What that domain asks them to do about it could not be read yet."),
})

_OTHER_COMPANY = ('has_domain', {
    False: _lt("Give %(company)s an alias domain of its own in Settings (Emails, Alias Domain)."),
    None: _lt("Let the server send as the domain of %(company)s too: add it to the filter of senders."),
})

FINDINGS = {
    'path.no_alias_domain': (
        _lt("Mail that Odoo passes on keeps a stranger's address"),
        _lt("When a customer writes and Odoo passes the message on to followers, it leaves with the customer's own "
            "address as its sender. Their domain never allowed your server to use it, so many receivers refuse "
            "such mail or file it as spam."),
        _lt("Give %(company)s an alias domain in Settings (Emails, Alias Domain). Odoo then sends such mail as an "
            "address of yours and keeps the customer's name."),
    ),
    'path.plain_server': (
        _lt("Customers' mail is passed on under their own address"),
        _lt("When a customer writes and Odoo passes the message on to followers, it leaves with the customer's own "
            "address as its sender, because the server of Odoo's configuration file lets every address through. "
            "Where the customer's domain asks receivers to refuse that, they do."),
        _lt("Tell Odoo which domains are yours: set the system parameter mail.default.from_filter to “%(filter)s”. "
            "Mail from elsewhere then leaves as %(notifications)s, with the author's name."),
    ),
    'path.forced_server': (
        _lt("A mail server named in a template keeps its sender"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) leaves as %(from)s: Odoo replaces no sender "
            "there. As far as we can see that server may not send as this address, so receivers refuse such mail "
            "or file it as spam."),
        _lt("Open the template or mailing and clear its outgoing mail server, so that Odoo chooses one. Or give it "
            "a sender that “%(server)s” may use."),
    ),
    'path.forced_records': (
        _lt("Your domain does not permit a template's server"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) leaves as %(from)s. Odoo does what it should, but "
            "%(domain)s does not tell receivers that this server may send for it, so they refuse such mail or file it "
            "as spam."),
        _lt("Publish the records that the report of %(domain)s shows. Nothing has to be changed in Odoo."),
    ),
    'path.refused': (
        _lt("Odoo refuses to send this"),
        ('why', {
            'no_server': _lt(
                "Nothing that %(company)s sends leaves Odoo: there is no outgoing mail server, and the configuration "
                "file names none. Every mail ends with an error."),
            'no_author': _lt(
                "%(company)s cannot send mail: neither the company nor anybody in it has an email address, and there is "
                "no default sender that could stand in."),
            'bad_author': _lt(
                "Odoo sends no mail of %(author)s: it cannot read that as an email address."),
            'archived': _lt(
                "Mail that names “%(server)s” as its server (%(examples)s) does not leave Odoo: that server is archived."),
            None: _lt(
                "Mail that names “%(server)s” as its server (%(examples)s) does not leave Odoo: that server is a user's "
                "own, and nobody else may use it."),
        }),
        ('why', {
            'no_server': _lt("Add an outgoing mail server."),
            'no_author': _lt("Choose an alias domain in Settings (Emails, Alias Domain), or give the company an email "
                             "address."),
            'bad_author': _lt("Correct the address."),
            None: _lt("Open the template or mailing and clear its outgoing mail server, so that Odoo chooses one."),
        }),
    ),
    'path.forced_filter': (
        _lt("A template names a server that excludes your sender"),
        _lt("Mail that names “%(server)s” as its server (%(examples)s) leaves as %(from)s, because a system parameter "
            "says so, but the server's “FROM Filtering” does not name that address: receivers may refuse such mail."),
        _lt("If the server may send as %(from)s, add the address to its “FROM Filtering”. If not, clear the server in "
            "the template or mailing."),
    ),
    'path.parameters_ignored': (
        _lt("A setting of an older version of Odoo does nothing"),
        _lt("Your mail does not leave as %(parameters)s says: Odoo stopped reading this system parameter in version "
            "15."),
        _lt("In Settings, under “Default sender address”, choose: honour it, convert it to Odoo's own settings, or "
            "remove it."),
    ),
    'path.parameters_dead': (
        _lt("Settings of older versions of Odoo do nothing"),
        _lt("These system parameters change nothing: %(parameters)s. Odoo read them once, when its mail app was installed. "
            "Since then the company's alias domain says what mail leaves as, and where bounces and answers go."),
        _lt("Set what you want in Settings (Emails, Alias Domain), and remove the parameters so that nobody trusts them."),
    ),
    'path.setting_idle': (
        _lt("A setting about the sender does nothing"),
        ('why', {
            'servers': _lt(
                "“%(key)s = %(value)s” changes nothing: it counts only where no outgoing mail server is set up in Odoo, "
                "and there is one."),
            'parameter': _lt(
                "“%(key)s = %(value)s” in Odoo's configuration file changes nothing: the system parameter "
                "mail.default.from_filter says otherwise, and wins."),
            None: _lt(
                "“%(key)s = %(value)s” in Odoo's configuration file changes nothing: every company has an alias domain with "
                "addresses of its own, and these win."),
        }),
        ('why', {
            'servers': _lt("Write what you want into “FROM Filtering” of the outgoing mail servers."),
            'parameter': _lt("Change the system parameter, or remove it."),
            None: _lt("Change “Default From Alias” of the alias domain (Settings, Emails, Alias Domain)."),
        }),
    ),
    'path.filter_never': (
        _lt("Part of a filter of senders never matches"),
        _lt("The filter of “%(server)s” (%(filter)s) has parts that no address matches: %(parts)s. Odoo knows whole "
            "addresses and whole domains only, separated by commas; no *, no semicolons, and a domain does not stand for "
            "those below it. Mail that you meant goes another way."),
        _lt("Write each domain by itself, for example “example.com, mail.example.com”."),
    ),
    'path.template_from': (
        _lt("A template sends as somebody else's address"),
        _FIXED_FROM,
        _lt("Open the template and let its sender (From) be an address at a domain of yours. Answers can still go "
            "to %(from)s: write it into Reply To."),
    ),
    'path.code_from': (
        _lt("Code sends as somebody else's address"),
        _FIXED_FROM,
        _lt("Open the server action and let its code send as an address at a domain of yours. Answers can still go to "
            "%(from)s: as the mail's reply_to."),
    ),
    'path.organizer_from': (
        _lt("An event's mails leave as an organizer from outside"),
        _FIXED_FROM,
        _lt("Open the event and choose an organizer whose address is at a domain of yours: your company, for example. "
            "Tell visitors in the event's text who organizes it."),
    ),
    'path.mailing_from': (
        _lt("A mailing sends as somebody else's address"),
        _FIXED_FROM,
        _lt("Open the mailing and let its sender (Send From) be an address at a domain of yours. Answers can still "
            "go to %(from)s: write it into Reply To."),
    ),
    'path.foreign_author': (
        _lt("Mail leaves under a domain that is not yours"),
        ('policy', {
            'reject': _lt(
                "Most large providers will refuse mail that leaves as @%(domain)s (%(examples)s): it comes from "
                "your server, and %(domain)s asks receivers to refuse whatever does not come from its own."),
            'quarantine': _lt(
                "Most large providers will file mail as spam that leaves as @%(domain)s (%(examples)s): it comes "
                "from your server, and %(domain)s asks receivers to distrust whatever does not come from its own."),
            'none': _lt(
                "Mail that leaves as @%(domain)s (%(examples)s) comes from your server, of which %(domain)s says "
                "nothing. It does not ask receivers to refuse such mail, but many file it as spam or refuse it all "
                "the same."),
            'missing': _lt(
                "Mail that leaves as @%(domain)s (%(examples)s) comes from your server, and nothing shows receivers "
                "that %(domain)s allows it. Many file it as spam or refuse it."),
            None: _lt(
                "Mail that leaves as @%(domain)s (%(examples)s) comes from your server, and nothing shows receivers "
                "that %(domain)s allows it. What that domain asks them to do about it could not be read yet."),
        }),
        _lt("Let Odoo replace the sender by an address of yours and keep the author's name, or give these people "
            "an address at your own domain."),
    ),
    'path.other_company': (
        _lt("One company's mail leaves as another company"),
        _lt("Mail of %(company)s leaves as %(from)s, the address of %(other)s: that is what customers see, and "
            "where they answer."),
        _OTHER_COMPANY,
    ),
    'path.other_company_queue': (
        _lt("One company's mail in the queue leaves as another company"),
        _lt("Mail of %(company)s that waits in the queue leaves as %(from)s, the address of %(other)s, because the "
            "queue works on behalf of %(other)s. What is sent at once is not concerned."),
        _OTHER_COMPANY,
    ),
    'path.other_company_now': (
        _lt("One company's mail sent at once leaves as another company"),
        _lt("Mail of %(company)s that is sent at once leaves as %(from)s, the address of %(other)s. What waits in "
            "the queue is not concerned."),
        _OTHER_COMPANY,
    ),
    'path.gmail_from': (
        _lt("Gmail sends as its account, not as this address"),
        _lt("“%(server)s” logs in to Gmail as %(account)s, but Odoo's mail leaves as %(address)s. Gmail puts "
            "%(account)s in its place, unless that account has %(address)s under “Send mail as”: customers then "
            "see and answer another address than you expect."),
        _lt("Let Odoo send as %(account)s: it becomes the server's FROM Filtering and the default sender. If the "
            "account may send as %(address)s, mute this instead."),
    ),
    'path.gmail_envelope': (
        _lt("Undeliverable mail comes back to the Gmail account"),
        _lt("“%(server)s” logs in to Gmail as %(account)s, which Gmail puts in place of %(address)s as the address "
            "that undeliverable mail comes back to. Your mail arrives, but Odoo does not learn of the mail that "
            "does not."),
        _lt("Let FROM Filtering of the server be %(account)s, so that Odoo shows what happens, and look for "
            "returned mail in that mailbox."),
    ),
    'path.outlook_from': (
        _lt("Outlook refuses to send as this address"),
        _lt("“%(server)s” logs in to Outlook as %(account)s, but Odoo's mail leaves as %(address)s. Outlook does "
            "not send it (“does not have permissions to send as this sender”), unless that account was given the "
            "permission to."),
        _lt("Let Odoo send as %(account)s: it becomes the server's FROM Filtering and the default sender. Or have "
            "your Microsoft 365 administrator give the account the permission “Send As” for %(address)s."),
    ),
    'path.outlook_envelope': (
        _lt("Outlook refuses another address for bounces"),
        _lt("“%(server)s” logs in to Outlook as %(account)s, but Odoo asks that undeliverable mail come back to "
            "%(address)s. Outlook does not send such mail (“does not have permissions to send as this sender”), "
            "unless that account was given the permission to."),
        _lt("Let FROM Filtering of the server be %(account)s: Odoo then uses that address for both. Or have your "
            "Microsoft 365 administrator give the account the permission “Send As” for %(address)s."),
    ),
    'path.account_from': (
        _lt("The mail server refuses to send as this address"),
        _lt("“%(server)s” logs in to %(service)s as %(account)s, but Odoo's mail leaves as %(address)s. %(service)s refuses "
            "such mail: it sends as the account that logs in, and as nobody else."),
        _lt("Let Odoo send as %(account)s: it becomes the server's FROM Filtering and the default sender, both together. "
            "Answers still come back to Odoo."),
    ),
    'path.account_envelope': (
        _lt("The mail server refuses another address for bounces"),
        _lt("“%(server)s” logs in to %(service)s as %(account)s, but Odoo asks that undeliverable mail come back to "
            "%(address)s. %(service)s refuses such mail: it takes the account that logs in, and nobody else."),
        _lt("Let FROM Filtering of the server be %(account)s: Odoo then uses that address for both."),
    ),
    'path.account_company': (
        _lt("This mail server belongs to another company"),
        ('replaces', {
            True: _lt(
                "“%(server)s” logs in to %(service)s as %(account)s, an address of %(other)s, and %(service)s sends as that "
                "account: customers of %(company)s would see %(other)s."),
            None: _lt(
                "“%(server)s” logs in to %(service)s as %(account)s, an address of %(other)s. What %(company)s sends as "
                "%(address)s is refused there. If it left as %(account)s it would arrive, but customers of %(company)s "
                "would see %(other)s."),
        }),
        _lt("Add an outgoing mail server for %(company)s with an account of its own, and let its FROM Filtering be the domain "
            "of %(company)s."),
    ),
    'path.account_unknown': (
        _lt("The server sends as its account only"),
        _lt("%(service)s sends as the mailbox that logs in, and as nobody else. “%(server)s” logs in as “%(login)s”, which "
            "is no address, so we cannot tell whether that is %(address)s."),
        _lt("Write the mailbox's whole address as the username of “%(server)s”, if %(service)s takes that. If not, make sure "
            "that %(address)s is its address."),
    ),
    'path.sender_unverified': (
        _lt("The mail service takes verified senders only"),
        _lt("%(service)s, through which “%(server)s” sends, takes mail only as addresses or domains that were verified there. "
            "Your mail leaves as %(domains)s, and no such mail has been accepted yet as far as we know."),
        _lt("Verify %(domains)s in your account at %(service)s: it shows the records to publish. As soon as it has accepted "
            "mail this is gone."),
    ),
    'path.filter_ignored': (
        _lt("A server sends for an address that it is not meant for"),
        _lt("Odoo has no server for mail from %(from)s, so it takes “%(server)s”, which is meant for %(filter)s. "
            "That server may refuse the mail, or receivers may not believe it."),
        _lt("If the server may send as this address, add its domain to FROM Filtering. Else add a server that may, "
            "or let Odoo's default sender be an address that the filter names."),
    ),
    'path.filter_unused': (
        _lt("A server waits for senders that you do not have"),
        _lt("“%(server)s” is for mail from %(filter)s only, and nothing in Odoo leaves as that, so none of your "
            "mail goes through it."),
        _lt("Look for a slip of the pen in its FROM Filtering, or archive the server."),
    ),
    'path.capitals': (
        _lt("Capital letters keep Odoo from finding a server"),
        _lt("Your mail shall leave as %(address)s, written with capital letters, and “%(server)s” is for "
            "%(lower)s. For receivers that is the same address, but Odoo compares letter by letter and takes "
            "another way for part of your mail."),
        _lt("Write the alias domain and its default sender in lower case. It stays the same domain."),
    ),
    'path.personal_server': (
        _lt("A user's own mail server sends outside your domain"),
        _lt("Mail of %(owner)s leaves as %(from)s through a server of their own (“%(server)s”). Customers see "
            "another domain than your company's, and the records that you publish say nothing about it."),
        _lt("If that is not meant to be, give %(owner)s an address at your domain, or archive the server. If it "
            "is, mute this."),
    ),
    'path.default_from': (
        _lt("The default sender is at another domain"),
        _lt("Odoo's notifications leave as %(from)s, but undeliverable mail comes back to %(alias_domain)s. A "
            "permission to send (SPF) that %(alias_domain)s gives cannot speak for %(domain)s; only a signature "
            "(DKIM) as %(domain)s could, and none is known."),
        _lt("Let the default sender be an address at %(alias_domain)s. Answers can still go elsewhere."),
    ),
    'path.no_replies': (
        _lt("Answers to your mail cannot arrive"),
        ('reason', {
            'gate.nxdomain': _lt(
                "Whoever answers your mail writes to %(address)s, and %(domain)s does not exist in DNS, the "
                "directory of the internet."),
            'gate.null_mx': _lt(
                "Whoever answers your mail writes to %(address)s, and %(domain)s declares that it takes no mail "
                "(a “null MX” record)."),
            None: _lt(
                "Whoever answers your mail writes to %(address)s, and %(domain)s has no mail server that could "
                "take it (no MX record that works)."),
        }),
        _lt("Publish the MX record (it says where mail goes) that your mail provider gives you for %(domain)s, or "
            "choose another alias domain."),
    ),
    'path.two_services': (
        _lt("One of the services that send for you is not permitted"),
        _lt("Mail through %(service)s has %(domain)s as the domain that undeliverable mail comes back to. That "
            "domain's list of permitted senders (its SPF record) names %(others)s, but not %(service)s, so "
            "receivers doubt that part of your mail."),
        _lt("Add %(service)s to the one SPF record of %(domain)s: the report shows the line to replace."),
    ),
    'path.unforeseen': (
        ('count', {
            1: _lt("One mail left as %(from)s, which we did not foresee"),
            None: _lt("%(count)s mails left as %(from)s, which we did not foresee"),
        }),
        ('named', {
            True: _lt(
                "Mail of %(company)s left through “%(server)s” as %(from)s in the last 30 days, and undeliverable mail "
                "comes back to %(envelope)s. None of Odoo's settings says so. What is known of it: written by people "
                "at %(authors)s, about %(about)s. These added modules change how mail is sent: %(modules)s."),
            None: _lt(
                "Mail of %(company)s left through “%(server)s” as %(from)s in the last 30 days, and undeliverable mail "
                "comes back to %(envelope)s. None of Odoo's settings says so: code of your own, such as a server "
                "action, may have decided it. What is known of it: written by people at %(authors)s, about "
                "%(about)s."),
        }),
        _lt("If mail is meant to leave like this, publish what its verdict asks for, and mute this. If not, look in what is "
            "named here for the place where this address is written."),
    ),
}

# What to do where the remedy was tried, and would harm other mail or not help.
UNPROVEN = {
    'publish': _lt(
        "Publish a signature (DKIM) for %(domain)s: its report shows what is missing. Another default sender was tried, "
        "and would fare no better."),
    'worse': _lt(
        "The change in Odoo that helps elsewhere was tried, and is not offered: mail of %(worse_author)s would then leave "
        "as %(worse_from)s and fare worse. Look first at what is to be published for %(worse_domain)s."),
    'others': _lt(
        "The change in Odoo that helps elsewhere was tried, and is not offered: mail of another company would then fare "
        "worse. See in Settings, under “Default sender address”, how mail leaves."),
    'refused': _lt(
        "The change in Odoo that helps elsewhere was tried, and is not offered: mail of %(worse_author)s could not leave "
        "any more."),
    'untried': _lt(
        "The change in Odoo that helps elsewhere could not be tried out beforehand, so it is not offered here. See in "
        "Settings, under “Default sender address”, how mail leaves."),
    'useless': _lt(
        "The change in Odoo that helps elsewhere was tried, and would not help here. See in Settings, under “Default "
        "sender address”, how mail leaves."),
}

# What the button next to a finding says, by its remedy.
REMEDIES = {
    'open.ir.mail_server': _lt("Open the mail server"),
    'open.mail.alias.domain': _lt("Open the alias domain"),
    'open.mail.domain.health.path': _lt("Show this way"),
    'authors': _lt("Show what sends this"),
    'settings': _lt("Open Settings"),
    'report': _lt("See what to publish"),
    'change': _lt("Show what would change"),
    'new_server': _lt("Add a mail server"),
    'parameters': _lt("Open the system parameters"),
}


def finding(env, code, params):
    """Return ``(title, explanation, remedy)`` of a finding about ways that mail leaves."""
    title, explanation, remedy = FINDINGS[code]
    remedy = UNPROVEN.get(params.get('unproven'), remedy)
    return tuple(fill(env, _variant(text, params), params) for text in (title, explanation, remedy))


def _variant(text, params):
    if not isinstance(text, tuple):
        return text
    name, variants = text
    return variants.get(params.get(name), variants[None])


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
