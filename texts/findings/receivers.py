"""Findings about what receivers said (mailauth.rejections), in words."""

from odoo.tools.translate import LazyTranslate

from ..filling import Counted

_lt = LazyTranslate(__name__)

FINDINGS = {
    'receivers.refused_authentication': (
        _lt("Receivers rejected mail that they could not verify"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email sent from %(name)s, because neither the "
                "permission to send (SPF) nor the signature (DKIM) was valid for it. This is what happened, whatever the "
                "records say now. Their most recent answer is shown below."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails sent from %(name)s, because neither "
                "the permission to send (SPF) nor the signature (DKIM) was valid for them. This is what happened, whatever "
                "the records say now. Their most recent answer is shown below.")),
        _lt("Publish the records under “To Do”. If they are all published, mail is sent through a server "
            "that they do not name: compare “Mail is delivered by” in Settings with the server that is really used, or "
            "check a received email."),
    ),
    'receivers.refused_dmarc': (
        _lt("Receivers rejected mail because the domain asks them to"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email sent from %(name)s. The domain's own "
                "instructions (DMARC) ask them to reject mail that is neither permitted nor signed as the domain after the "
                "@, and this email was not."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails sent from %(name)s. The domain's own "
                "instructions (DMARC) ask them to reject mail that is neither permitted nor signed as the domain after the "
                "@, and these emails were not.")),
        _lt("Publish the signature (DKIM) that your mail service gives for %(name)s: it still works where permission "
            "to send (SPF) does not, such as when mail is forwarded. If it is already published, check a received "
            "email: it shows whether your mail is signed at all. Until then, ask your DNS administrator to set p=none "
            "in the DMARC record."),
    ),
    'receivers.refused_spf': (
        _lt("Receivers rejected mail from a server you did not permit"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email of %(name)s, because it came from an IP "
                "address that is not in the domain's list of permitted servers (the SPF record)."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails of %(name)s, because they came from an "
                "IP address that is not in the domain's list of permitted servers (the SPF record).")),
        _lt("Find the IP address in their answer below: the mail service that owns it must be named in the SPF record. "
            "If your service is already named, the mail was forwarded, or is sent through a different server than you "
            "think."),
    ),
    'receivers.refused_dkim': (
        _lt("Receivers rejected mail without a valid signature"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email of %(name)s, because they found no "
                "valid signature (DKIM) on it."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails of %(name)s, because they found no "
                "valid signature (DKIM) on them.")),
        _lt("Turn on signing (DKIM) for %(name)s at your mail service, and publish the record that it shows you."),
    ),
    'receivers.refused_rdns': (
        _lt("Receivers rejected your server because it has no name"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email, because the IP address that it came "
                "from has no name in DNS, or one that leads elsewhere (reverse DNS, a PTR record). Most providers require "
                "it."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails, because the IP address that they came "
                "from has no name in DNS, or one that leads elsewhere (reverse DNS, a PTR record). Most providers require "
                "it.")),
        _lt("Ask the provider of the server or its IP address for a PTR record that names your mail server; that name "
            "must lead back to the address. If you send through a mail service, you do not need this."),
    ),
    'receivers.blocklisted': (
        _lt("Receivers rejected mail because of a blocklist"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email, because the IP address that it came "
                "from, or a domain in it, is on a list of spam senders (%(blocklists)s). No record of your domain can "
                "change that."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails, because the IP address that they came "
                "from, or a domain in them, is on a list of spam senders (%(blocklists)s). No record of your domain can "
                "change that.")),
        _lt("Open the link in their answer below: it says what is listed, and why. If it is your own server, find out "
            "whether something on it sends spam, then ask to be removed. If it is your mail service's address, tell "
            "them."),
    ),
    'receivers.sender_not_permitted': (
        _lt("Your mail server does not let Odoo send as this address"),
        Counted(
            'count',
            _lt("Since %(since)s the outgoing mail server rejected %(count)s email: its account may not send as its sender "
                "or bounce address. Gmail and Outlook only allow the account's own address. This email was never sent."),
            _lt("Since %(since)s the outgoing mail server rejected %(count)s emails: its account may not send as their "
                "sender or bounce address. Gmail and Outlook only allow the account's own address. These emails were never "
                "sent.")),
        _lt("Set “FROM Filtering” of the outgoing mail server to the account's address: Odoo then uses it as the "
            "sender. Or allow the account to send as the other address, in your mail service's settings."),
    ),
    'receivers.relay_denied': (
        _lt("Your mail server does not relay mail for Odoo"),
        Counted(
            'count',
            _lt("Since %(since)s the outgoing mail server rejected %(count)s email, because it does not recognize Odoo or "
                "the address that Odoo connects from. This email was never sent."),
            _lt("Since %(since)s the outgoing mail server rejected %(count)s emails, because it does not recognize Odoo or "
                "the address that Odoo connects from. These emails were never sent.")),
        _lt("Enter a username and password in the outgoing mail server, or enter the address of your Odoo server in "
            "the relay settings of your mail service."),
    ),
    'receivers.login_refused': (
        _lt("Your mail server does not accept Odoo's password"),
        Counted(
            'count',
            _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in, so %(count)s email was never sent."),
            _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in, so %(count)s emails were never sent.")),
        _lt("Re-enter the username and password in the outgoing mail server. If the account uses two-step sign-in, it "
            "needs an app password, or Odoo's own connection to Gmail or Outlook. With Microsoft 365, “Authenticated "
            "SMTP” must also be enabled for the mailbox."),
    ),
    'receivers.oauth_required': (
        _lt("Your mail server no longer accepts passwords"),
        Counted(
            'count',
            _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in with a password, so %(count)s email "
                "was never sent. The password is not wrong: the service has disabled this way of signing in."),
            _lt("Since %(since)s the outgoing mail server refused to let Odoo sign in with a password, so %(count)s emails "
                "were never sent. The password is not wrong: the service has disabled this way of signing in.")),
        _lt("Let Odoo sign in with OAuth: install “Microsoft Outlook” or “Gmail” support under Settings → General "
            "Settings → Emails, choose it as the authentication method in the outgoing mail server and connect the "
            "account. Or send through another mail service."),
    ),
    'receivers.account_blocked': (
        _lt("Your mail service stopped sending for your account"),
        Counted(
            'count',
            _lt("Since %(since)s your own mail service rejected %(count)s email. This happens when an account is new, or "
                "when the service considers its mail to be spam. No record of your domain can change that."),
            _lt("Since %(since)s your own mail service rejected %(count)s emails. This happens when an account is new, or "
                "when the service considers its mail to be spam. No record of your domain can change that.")),
        _lt("Ask your mail service for the reason; their answer is shown below. Change the account's password if "
            "somebody else may have used it."),
    ),
    'receivers.sender_domain': (
        _lt("Receivers rejected a sender domain that has no email"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email of %(name)s, because the sender's "
                "domain does not exist in DNS, or declares that it has no email."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails of %(name)s, because the sender's "
                "domain does not exist in DNS, or declares that it has no email.")),
        _lt("Give the domain an MX record, which says where its mail goes; or choose another alias domain."),
    ),
    'receivers.refused_tls': (
        _lt("Receivers require an encrypted connection"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) delayed or rejected %(count)s email, because your mail server "
                "delivered it without encryption (TLS)."),
            _lt("Since %(since)s receivers (%(receivers)s) delayed or rejected %(count)s emails, because your mail server "
                "delivered them without encryption (TLS).")),
        _lt("Ask the administrator of your outgoing mail server to enable encryption (STARTTLS) for delivery. If that "
            "server itself requires it, choose TLS as “Connection Encryption” for it in Odoo."),
    ),
    'receivers.too_fast': (
        _lt("Receivers are slowing your mail down"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) delayed %(count)s email: too many came at once, or too many of their "
                "users reported your mail as spam."),
            _lt("Since %(since)s receivers (%(receivers)s) delayed %(count)s emails: too many came at once, or too many of "
                "their users reported them as spam.")),
        _lt("Only send to people who asked for it, send fewer at a time, and start slowly from a new domain or server. "
            "Google's Postmaster Tools (postmaster.google.com) show how often your mail is reported as spam there."),
    ),
    'receivers.limit_reached': (
        _lt("Your mail service's limit was reached"),
        Counted(
            'count',
            _lt("Since %(since)s %(count)s email was not sent, because your mail service only accepts a limited number per "
                "day or hour."),
            _lt("Since %(since)s %(count)s emails were not sent, because your mail service only accepts a limited number "
                "per day or hour.")),
        _lt("Send them again later (Settings, Technical, Emails), ask your mail service for a higher limit, or send "
            "mass mailings through another one."),
    ),
    'receivers.judged_spam': (
        _lt("Receivers considered mail to be spam"),
        Counted(
            'count',
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s email of %(name)s because of its content, or "
                "because of the sender's reputation. This is not about your records."),
            _lt("Since %(since)s receivers (%(receivers)s) rejected %(count)s emails of %(name)s because of their content, "
                "or because of the sender's reputation. This is not about your records.")),
        _lt("Test an email with mail-tester.com. Avoid link shorteners and emails that are a single picture; send only "
            "to people who expect it."),
    ),
}
