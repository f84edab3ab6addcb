"""Findings about where mail to a domain goes (MX), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'mx.none': (
        _lt("The domain does not say where its mail goes"),
        _lt("Without an MX record, which names the mail server, replies to %(name)s go to the server of the "
            "web site, which seldom takes mail."),
        _lt("If you expect replies at this domain, publish the MX record that your mail provider gives you."),
    ),
    'mx.null': (
        _lt("The domain declares that it takes no mail"),
        _lt("The MX record (which says where mail goes) of %(name)s is a single dot: “no mail here”. Replies "
            "bounce, and many receivers refuse mail from such a domain."),
        _lt("If you send mail from this domain, replace that MX record by the one of your mail provider."),
    ),
    'mx.null_with_others': (
        _lt("The domain says both that it takes mail and that not"),
        _lt("Beside real mail servers, %(name)s has an MX record (which says where mail goes) with a single "
            "dot: “no mail here”. Some senders believe the one, some the other."),
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
        _lt("Replace them by the MX records that your mail provider gives you."),
    ),
    'mx.alias': (
        _lt("A mail server is given by a second name"),
        _lt("An MX record (which says where mail goes) of %(name)s leads to %(host)s, which is only a "
            "pointer (CNAME record) to %(target)s. A few senders do not follow that."),
        _lt("Put %(target)s directly into that MX record, if your mail provider does not say otherwise."),
    ),
    'mx.address_literal': (
        _lt("A number stands where the name of a mail server belongs"),
        _lt("An MX record (which says where mail goes) of %(name)s has the IP address %(host)s, and takes a "
            "name. Replies may not arrive."),
        _lt("Put the name of the mail server into that MX record, as your mail provider gives it."),
    ),
    'mx.not_public': (
        _lt("A mail server cannot be reached from the internet"),
        _lt("%(host)s, named by an MX record (which says where mail goes) of %(name)s, has addresses for "
            "private networks only: %(addresses)s. Replies from outside do not reach it."),
        _lt("Put a mail server with a public address into that MX record."),
    ),
    'mx.unanswered': (
        _lt("No answer about a mail server of the domain"),
        _lt("DNS did not answer about %(host)s, to which an MX record (which says where mail goes) of "
            "%(name)s leads. It may well be in order."),
        _lt("Check again later. If it stays so, tell whoever runs that server."),
    ),
}
