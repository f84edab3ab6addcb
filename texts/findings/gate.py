"""Why a domain can have no mail at all, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'gate.nxdomain': (
        _lt("The domain does not exist"),
        _lt("%(name)s does not exist in DNS, the directory of the internet, so receivers reject mail from it."),
        _lt("Register or renew the domain, correct its spelling, or choose another one for Odoo's mail."),
    ),
    'gate.null_mx': (
        _lt("The domain declares that it has no email"),
        _lt("The MX record (which says where mail goes) of %(name)s is a single dot: “no mail here”. Many receivers "
            "therefore reject mail from it."),
        _lt("Replace that MX record with the one of your mail provider, or choose another domain for Odoo's mail."),
    ),
    'gate.no_mail_host': (
        _lt("Nobody can reply to mail from this domain"),
        _lt("%(name)s has neither a mail server (an MX record) nor an address of its own. Receivers reject mail that "
            "they could not reply to."),
        _lt("Publish the MX record that your mail provider gives you, or choose another domain for Odoo's "
            "mail."),
    ),
    'gate.dnssec_bogus': (
        _lt("The domain's DNS signature is broken"),
        _lt("%(name)s has signatures in DNS (DNSSEC) that cannot be verified, so many receivers cannot see the domain "
            "and reject its mail."),
        _lt("Ask your DNS administrator to repair DNSSEC or to switch it off. Often the DS record at the registrar is "
            "left over from the previous DNS provider."),
    ),
}
