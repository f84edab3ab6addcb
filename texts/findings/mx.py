"""Findings about where mail to a domain goes (MX), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'mx.none': (
        _lt("The domain does not say where its mail goes"),
        _lt("Without an MX record, which names the mail server, replies to %(name)s go to the website's server, which "
            "rarely accepts mail."),
        _lt("If you expect replies at this domain, publish the MX record that your mail provider gives you."),
    ),
    'mx.null': (
        _lt("The domain declares that it accepts no mail"),
        _lt("The MX record (which says where mail goes) of %(name)s is a single dot: “no mail here”. Replies bounce, "
            "and many receivers reject mail from such a domain."),
        _lt("If you send mail from this domain, replace that MX record with the one of your mail provider."),
    ),
    'mx.null_with_others': (
        _lt("The domain says both that it accepts mail and does not"),
        _lt("Besides real mail servers, %(name)s has an MX record (which says where mail goes) with a single dot: “no "
            "mail here”. Some senders follow one, some the other."),
        _lt("Delete the MX record with the single dot; keep those with %(hosts)s."),
    ),
    'mx.dangling': (
        _lt("A mail server of the domain does not exist"),
        _lt("An MX record (which says where mail goes) of %(name)s leads to %(host)s, which has no address. "
            "Replies may arrive late or not at all."),
        _lt("Correct the name in that MX record, or delete it if another one names the server in use."),
    ),
    'mx.all_dangling': (
        _lt("None of the domain's mail servers exists"),
        _lt("The MX records (which say where mail goes) of %(name)s lead to names without an address: "
            "%(hosts)s. Replies to your mail bounce."),
        _lt("Replace them with the MX records that your mail provider gives you."),
    ),
    'mx.alias': (
        _lt("A mail server is named by an alias"),
        _lt("An MX record (which says where mail goes) of %(name)s leads to %(host)s, which is only a "
            "pointer (CNAME record) to %(target)s. A few senders do not follow that."),
        _lt("Put %(target)s directly into that MX record, unless your mail provider says otherwise."),
    ),
    'mx.address_literal': (
        _lt("A mail server is given as a number instead of a name"),
        _lt("An MX record (which says where mail goes) of %(name)s contains the IP address %(host)s, but must contain "
            "a name. Replies may not arrive."),
        _lt("Put the name of the mail server into that MX record, as your mail provider gives it."),
    ),
    'mx.not_public': (
        _lt("A mail server cannot be reached from the internet"),
        _lt("%(host)s, named by an MX record (which says where mail goes) of %(name)s, only has addresses in private "
            "networks: %(addresses)s. Replies from outside do not reach it."),
        _lt("Put a mail server with a public address into that MX record."),
    ),
    'mx.unanswered': (
        _lt("No answer about a mail server of the domain"),
        _lt("DNS did not answer about %(host)s, the mail server that an MX record of %(name)s names. It may well be "
            "correct."),
        _lt("Check again later. If this continues, tell that server's administrator."),
    ),
}
