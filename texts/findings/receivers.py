"""Findings about what receivers said (mailauth.rejections), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'receivers.refused_authentication': (
        _lt("Receivers refused mail that they could not verify"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails that left as %(name)s, because neither "
            "the permission to send (SPF) nor the signature (DKIM) convinced them. That is what happened, whatever "
            "the records say now. Their newest words stand below."),
        _lt("Publish the records under “What to Publish”. If they are all there, mail leaves through a server that "
            "they do not name: compare “Mail leaves through” in Settings with the server that the mail really takes, "
            "or paste one received mail."),
    ),
    'receivers.refused_dmarc': (
        _lt("Receivers refused mail because the domain asks them to"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails that left as %(name)s. The domain's own "
            "instructions (DMARC) ask them to refuse what is neither permitted nor signed as the domain behind "
            "the @, and these mails were not."),
        _lt("Publish the signature (DKIM) that your mail service gives for %(name)s: it also holds where permission "
            "to send (SPF) does not, such as when mail is forwarded. If it is there already, paste one mail that "
            "arrived: it shows whether your mail is signed at all. Until then, ask whoever runs your DNS to set "
            "p=none in the DMARC record."),
    ),
    'receivers.refused_spf': (
        _lt("Receivers refused mail from a server you did not permit"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails of %(name)s, because they came from an "
            "address that the domain's record of permitted servers (SPF) does not contain."),
        _lt("Look for the address in their words below: the mail service that owns it has to be named in the SPF "
            "record. If your service is named already, the mail was forwarded, or leaves through another server "
            "than you think."),
    ),
    'receivers.refused_dkim': (
        _lt("Receivers refused mail without a valid signature"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails of %(name)s, because they found no "
            "signature (DKIM) on it that they could check."),
        _lt("Turn on signing (DKIM) for %(name)s at your mail service, and publish the record that it shows you."),
    ),
    'receivers.refused_rdns': (
        _lt("Receivers refused your server for its missing name"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails, because the address that they came from "
            "has no name in DNS, or one that leads elsewhere (reverse DNS, a PTR record). Most providers ask for it."),
        _lt("Whoever rents you the server or its address sets that name: ask them for a PTR record that names your "
            "mail server, whose name must lead back to the address. Through a mail service nobody needs to."),
    ),
    'receivers.blocklisted': (
        _lt("Receivers refused mail because of a blocklist"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails, because the address that they came from, "
            "or a domain in them, stands on a list of senders of spam (%(blocklists)s). No record of your domain "
            "can change that."),
        _lt("Open the link in their words below: it says what is listed, and why. If it is your own server, find out "
            "whether something on it sends spam, then ask to be taken off. If it is your mail service's address, "
            "tell them."),
    ),
    'receivers.sender_not_permitted': (
        _lt("Your mail server does not let Odoo send as this address"),
        _lt("Since %(since)s the outgoing mail server refused %(count)s mails: its account may not send as the address "
            "that they carried as sender or for bounces. Gmail and Outlook allow the account's own address only. "
            "These mails never left."),
        _lt("Set “FROM Filtering” of the outgoing mail server to the account's address: Odoo then uses it as the "
            "sender. Or let the account send as the other address, in your mail service's settings."),
    ),
    'receivers.relay_denied': (
        _lt("Your mail server does not pass mail on for Odoo"),
        _lt("Since %(since)s the outgoing mail server refused %(count)s mails, because it does not know Odoo, or not the "
            "address that it connects from. These mails never left."),
        _lt("Enter user name and password in the outgoing mail server, or enter the address of your Odoo server in "
            "the relay settings of your mail service."),
    ),
    'receivers.login_refused': (
        _lt("Your mail server does not accept Odoo's password"),
        _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in, so %(count)s mails never left."),
        _lt("Enter user name and password anew in the outgoing mail server. Where the account asks for a second "
            "step at sign-in, it needs a password for applications, or Odoo's own connection to Gmail or Outlook. With "
            "Microsoft 365, “Authenticated SMTP” also has to be switched on for the mailbox."),
    ),
    'receivers.oauth_required': (
        _lt("Your mail server takes no password any more"),
        _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in with a password, so %(count)s mails never "
            "left. It is not that the password is wrong: the service has switched this way of signing in off."),
        _lt("Let Odoo sign in by OAuth: install “Microsoft Outlook” or “Gmail” support under Settings → General Settings → "
            "Emails, choose it as authentication in the outgoing mail server and connect the account. Or send through "
            "another mail service."),
    ),
    'receivers.account_blocked': (
        _lt("Your mail service stopped sending for your account"),
        _lt("Since %(since)s your own mail service refused %(count)s mails. It does so when an account is new, or when "
            "it takes what it sends for spam. No record of your domain can change that."),
        _lt("Write to your mail service and ask what led to it; their words stand below. Change the account's "
            "password if somebody else may have used it."),
    ),
    'receivers.sender_domain': (
        _lt("Receivers refused a sender domain that has no mail"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails of %(name)s, because the domain of the "
            "sender does not exist in DNS, or declares that it never has mail."),
        _lt("Give the domain an MX record, which says where its mail goes; or choose another alias domain."),
    ),
    'receivers.refused_tls': (
        _lt("Receivers ask for an encrypted connection"),
        _lt("Since %(since)s receivers (%(receivers)s) put off or refused %(count)s mails, because your mail server "
            "delivered them without encryption (TLS)."),
        _lt("Whoever runs your outgoing mail server has to switch on encryption (STARTTLS) for delivery. If it is that "
            "server itself that asks, choose TLS as “Connection Encryption” in its form in Odoo."),
    ),
    'receivers.too_fast': (
        _lt("Receivers slow your mail down"),
        _lt("Since %(since)s receivers (%(receivers)s) put off %(count)s mails: too many came at once, or too many of "
            "their users called them spam."),
        _lt("Send to those who asked for it, fewer at a time, and more slowly from a new domain or server. Google's "
            "Postmaster Tools (postmaster.google.com) show how often your mail is called spam there."),
    ),
    'receivers.limit_reached': (
        _lt("Your mail service's limit was reached"),
        _lt("Since %(since)s %(count)s mails were not sent, because your mail service takes only so many a day or hour."),
        _lt("Send them again later (Settings, Technical, Emails), ask your mail service for more, or send mass "
            "mailings through another one."),
    ),
    'receivers.judged_spam': (
        _lt("Receivers took mail for spam"),
        _lt("Since %(since)s receivers (%(receivers)s) refused %(count)s mails of %(name)s for what stands in them, or "
            "for what they know of the sender. That is not about your records."),
        _lt("Have one mail looked at by mail-tester.com. Avoid link shorteners, and mails that are one picture; send "
            "only to those who expect it."),
    ),
}
