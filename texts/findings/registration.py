"""Findings about domains that anybody may register, or that are being lost, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'registration.domain': (
        _lt("Anybody may be able to register this domain"),
        _lt("The servers that know which domains exist said on %(since)s that there is no %(name)s, and again at "
            "least a day later. Whoever registers it may send and receive mail as you."),
        _lt("Renew %(name)s at the registrar (where the domain was bought) today. If it is not yours any more, stop "
            "using its addresses."),
    ),
    'registration.spf': (
        _lt("Whoever registers a missing domain may send as you"),
        _lt("“%(term)s” at %(at)s lets %(host)s say who may send your mail. The servers that know which domains exist "
            "said on %(since)s that there is no %(name)s, and again at least a day later. It may be registrable, and "
            "whoever registers it may send as you."),
        _lt("Remove “%(term)s” from the line that starts with v=spf1 at %(at)s now; leave other TXT lines alone. If "
            "that record is not yours, tell its owner, and remove the entry of yours that leads there until then."),
    ),
    'registration.dkim': (
        _lt("Whoever registers a missing domain may sign as you"),
        _lt("%(at)s is a pointer (CNAME record) that leads to a signing key at %(host)s. The servers that know which "
            "domains exist said on %(since)s that there is no %(name)s, and again at least a day later. It may be "
            "registrable, and whoever registers it may publish a key there and sign mail as you."),
        _lt("Delete the CNAME record %(at)s now, or let it point to where your mail service says."),
    ),
    'registration.mx': (
        _lt("Whoever registers a missing domain may receive your mail"),
        _lt("An MX record of %(at)s has mail delivered to %(host)s. The servers that know which domains exist said on "
            "%(since)s that there is no %(name)s, and again at least a day later. It may be registrable, and whoever "
            "registers it may receive mail that is meant for you."),
        _lt("Delete the MX record that names %(host)s now, or correct the name."),
    ),
    'registration.ns': (
        _lt("Whoever registers a missing domain may take over yours"),
        _lt("%(host)s is one of the name servers of %(at)s. The servers that know which domains exist said on "
            "%(since)s that there is no %(name)s, and again at least a day later. It may be registrable, and whoever "
            "registers it may answer for your domain: receive your mail, and send as you."),
        _lt("Remove that name server now, in your DNS and at the registrar (where the domain was bought)."),
    ),
    'registration.reports': (
        _lt("Whoever registers a missing domain may read your reports"),
        _lt("Reports about your mail go to %(host)s. The servers that know which domains exist said on %(since)s that "
            "there is no %(name)s, and again at least a day later. It may be registrable, and whoever registers it "
            "may read which servers send mail as you, and to whom."),
        _lt("Remove that address from the DMARC record at %(at)s now, or name a mailbox of yours."),
    ),
    'registration.parking': (
        _lt("The domain has moved to a parking service"),
        _lt("The name servers of %(name)s have changed to those of %(service)s. They serve domains that have expired, "
            "were suspended or are for sale, and none of the records that your mail needs."),
        _lt("See today at the registrar (where the domain was bought) whether the domain has expired, and renew it. "
            "If you parked it on purpose, mute this finding."),
    ),
    'registration.servfail': (
        _lt("The domain's name servers give no valid answer"),
        _lt("Since %(since)s every question about %(name)s has failed (SERVFAIL), while other domains answer. "
            "Receivers cannot check your mail. It happens when a DNS provider no longer serves a domain, which others "
            "may then be able to take over there, or when its DNSSEC signatures have expired."),
        _lt("Ask your DNS administrator today whether the DNS provider still serves %(name)s, and to correct the list "
            "of name servers at the registrar (where the domain was bought), or the DNSSEC keys there."),
    ),
}
