"""Where mail in reports came from, in words, and what to do about it."""

from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from . import reports
from .filling import Counted, number, say

_lt = LazyTranslate(__name__)

KINDS = {
    'yours': _lt("Yours"),
    'through': _lt("Through a service"),
    'sent_on': _lt("Signed by you, sent on"),
    'forwarded': _lt("Forwarded, signature broken"),
    'not_yours': _lt("Not yours"),
    'unknown': _lt("Unknown"),
}
WHAT = {
    'yours': _lt("Mail of yours: one of your sending paths leaves from here, it is signed with your key, or you said so."),
    'through': Counted(
        'messages',
        _lt("%(messages)s email in 30 days left %(service)s as you. Is it yours? Other customers of %(service)s send from "
            "there, too."),
        _lt("%(messages)s emails in 30 days left %(service)s as you. Is it yours? Other customers of %(service)s send from "
            "there, too.")),
    'sent_on': _lt("Signed with a key of your domain, but sent from elsewhere. Nothing tells who sent it on."),
    'forwarded': _lt(
        "Nothing in it can be verified any more, for a mailing list or a forwarder sent it on. It does not pretend to be you."),
    'not_yours': _lt("You said that this is not yours: somebody sends as you."),
    'unknown': _lt("Nothing tells that this is yours. If you do not know the address, somebody pretends to be you."),
}
# How mail that is signed by the domain came to leave elsewhere.
WAYS = {
    'forwarder': _lt(
        "Signed with a key that you use elsewhere: a recipient has mail forwarded, or a mailing list passes it on unchanged."),
    'service': _lt(
        "Signed with a key of your domain that Odoo does not know, with somebody else's bounce address: most likely a service "
        "of yours."),
    'replay': _lt(
        "Signed with a key of your domain, and nearly all of it on one day: perhaps one email of yours that somebody sends again "
        "and again."),
}
# What to do about mail that fails.
SIGN = _lt("Emails that could not be verified: %(failed)s. Have this sender sign with a key of your domain (DKIM).")
SIGN_SERVICE = _lt(
    "Emails that could not be verified: %(failed)s. Have %(service)s sign with a key of your domain (DKIM): its settings show "
    "the records that this needs.")
UNSIGNED = _lt(
    "Emails that rest on SPF alone, and are lost when somebody forwards them: %(unsigned)s. Have this sender sign (DKIM).")
SPF_ALLOWS = _lt("Your SPF record lets this address send as you. If it is not yours, take it out there.")
ASK = _lt("If it is yours, say so: then it counts for the next step of DMARC. If not, say that, too.")

DECISIONS = {
    'mine': _lt("Mine"),
    'not_mine': _lt("Not mine"),
}
DECIDED = {
    'mine': _lt("%(user)s said on %(date)s: mine."),
    'not_mine': _lt("%(user)s said on %(date)s: not mine."),
}


def decisions(env):
    return [(value, env._(text)) for value, text in DECISIONS.items()]


def what(env, source, service):
    """Return what a source is.

    :param source: ``receiving.sources.Source``
    :param service: the name of the service, if it is one
    """
    return say(env, WAYS.get(source.way) or WHAT[source.kind], messages=source.messages, service=service)


def to_do(env, source, service):
    """Return what to do about a source, or an empty text."""
    if source.kind == 'yours':
        if source.failed:
            return say(env, SIGN_SERVICE if service else SIGN, failed=number(env, source.failed), service=service)
        return say(env, UNSIGNED, unsigned=number(env, source.unsigned)) if source.unsigned else ''
    if source.kind == 'unknown' and source.spf:
        return env._(SPF_ALLOWS)
    return env._(ASK) if source.is_open else ''


# What became of the mail of a day.
OUTCOMES = {
    'passed': _lt("Verified"),
    'delivered': _lt("Not verified, delivered"),
    'quarantined': _lt("Not verified, filed as spam"),
    'rejected': _lt("Not verified, rejected"),
}
SUMMARY = _lt(
    "Emails reported as sent from this domain in the last 30 days: %(total)s. Verified: %(passed)s, not verified: %(failed)s.")
NOTHING = _lt(
    "No report about this domain was counted yet. Receivers send one a day once the DMARC record names an address for them.")
NOTHING_ASKED = _lt(
    "No report about this domain was counted yet. Press “Receive DMARC Reports Here” under “To Do”: receivers then send one a "
    "day.")
REPORTERS = _lt("Reported by: %(names)s.")
UNTRUSTED = _lt(
    "Reports that do not count, because nothing proves who sent them or nobody confirmed their sender: %(count)s. They are "
    "listed under “Received Reports”, and change nothing here.")
PARTIAL = _lt(
    "Reports that do not count, because they came damaged or are larger than what is read: %(count)s. They are listed under "
    "“Received Reports”.")
OTHERS = _lt("Smaller sources that nothing is known of: %(count)s. Emails from them: %(messages)s.")
NO_ADDRESS = _lt("No address given")
REST_OF = _lt("All smaller sources (%(network)s)")
PERIOD = _lt("%(first)s to %(last)s")
OTHER_REPORTERS = _lt("Others")

TLS_SUMMARY = _lt(
    "Connections to your mail servers that senders reported in the last 30 days: %(total)s. Not encrypted as you ask for: "
    "%(failed)s.")
TLS_ALL = Counted(
    'total',
    _lt("Last 30 days: senders reported %(total)s connection to your mail servers, encrypted as you ask for."),
    _lt("Last 30 days: senders reported %(total)s connections to your mail servers, all encrypted as you ask for."))
TLS_FAILURES = {  # RFC 8460 §4.3
    'starttls-not-supported': (
        _lt("The mail server offered no encryption (STARTTLS)."), _lt("Switch TLS on at this mail server.")),
    'certificate-host-mismatch': (
        _lt("The certificate is for another name than the mail server's."),
        _lt("Give the mail server a certificate that has the name in your MX record.")),
    'certificate-expired': (_lt("The certificate had expired."), _lt("Renew the certificate of this mail server.")),
    'certificate-not-trusted': (
        _lt("The certificate was issued by nobody whom senders trust."),
        _lt("Give the mail server a certificate of a public authority, with all intermediate certificates.")),
    'validation-failure': (
        _lt("The certificate could not be verified."), _lt("Look at the certificate of this mail server.")),
    'tlsa-invalid': (
        _lt("The TLSA records (DANE) fit no certificate of the mail server."),
        _lt("Publish TLSA records of the certificate that is in use.")),
    'dnssec-invalid': (
        _lt("DNSSEC of the mail server's name could not be verified."), _lt("Have whoever runs the DNS look at DNSSEC.")),
    'dane-required': (
        _lt("The sender demands DANE, and found no TLSA records."),
        _lt("Nothing, unless you want to receive that sender's mail.")),
    'sts-policy-fetch-error': (
        _lt("The MTA-STS policy could not be fetched."), _lt("See that the policy's web page can be reached.")),
    'sts-policy-invalid': (
        _lt("The MTA-STS policy cannot be read."), _lt("Correct the file mta-sts.txt.")),
    'sts-webpki-invalid': (
        _lt("The certificate of the MTA-STS policy's web page could not be verified."),
        _lt("Renew the certificate of that web page.")),
    'others': (_lt("The connection failed for another reason."), _lt("Look into the log of this mail server.")),
}


def summary(env, total, passed):
    """Return how much mail was reported, and how much of it was verified."""
    return say(env, SUMMARY, total=number(env, total), passed=number(env, passed), failed=number(env, total - passed))


def nothing(env, is_asked):
    return env._(NOTHING if is_asked else NOTHING_ASKED)


def reporters(env, names):
    return say(env, REPORTERS, names=names)


def untrusted(env, count):
    return say(env, UNTRUSTED, count=number(env, count))


def partial(env, count):
    return say(env, PARTIAL, count=number(env, count))


def others(env, count, messages):
    return say(env, OTHERS, count=number(env, count), messages=number(env, messages))


def address(env, source):
    """Return what a source is called that is no service's."""
    if not source:
        return env._(NO_ADDRESS)
    return say(env, REST_OF, network=source) if source in ('0.0.0.0/0', '::/0') else source


def period(env, first, last):
    return say(env, PERIOD, first=format_date(env, first), last=format_date(env, last)) if first and last else ''


def decided(env, row):
    """Return who decided about a source, and when."""
    return say(env, DECIDED[row.decision], user=row.decided_by_id.sudo().name, date=format_date(env, row.decided_on))


def by_reporter(env, counts):
    """Return reporters with their emails; ``None`` for those that are not told apart."""
    return ', '.join(f'{name or env._(OTHER_REPORTERS)}: {number(env, messages)}' for name, messages in counts)


def reasons(env):
    return reports.reasons(env)


def tls_summary(env, total, failed):
    if not failed:
        return say(env, TLS_ALL, total=total)
    return say(env, TLS_SUMMARY, total=number(env, total), failed=number(env, failed))


def tls_failure(env, result):
    return env._(TLS_FAILURES.get(result, TLS_FAILURES['others'])[0])


def tls_mend(env, result):
    return env._(TLS_FAILURES.get(result, TLS_FAILURES['others'])[1])


def tls_policy(env, policy):
    return dict(reports.tls_policies(env)).get(policy, '')
