"""The sentences about a domain, its areas and its worst sending path: what its verdict means."""

from odoo.tools.translate import LazyTranslate

from . import rejections
from .filling import fill

_lt = LazyTranslate(__name__)

OVERALL = {
    'not_checked': _lt("Not checked yet."),
    'pass': _lt("Receivers can verify your mail."),
    'warning': _lt("Your mail arrives today, but it is one change away from being refused."),
    'fail': _lt("Your mail is being refused or filed as spam now."),
    'unknown': _lt("We cannot tell yet whether receivers can verify your mail."),
    'not_needed': _lt("Odoo takes care of this domain: there is nothing to publish."),
}

# The worst of a company's sending paths, where its domain alone is better.
PATHS = {
    'pass': _lt("Receivers can verify the mail that leaves as %(from_email)s (%(who)s)."),
    'warning': _lt(
        "Mail that leaves as %(from_email)s (%(who)s) arrives today, but it is one change away from being refused."),
    'fail': _lt("Mail that leaves as %(from_email)s (%(who)s) is being refused or filed as spam now."),
    'unknown': _lt("We cannot tell yet whether receivers can verify the mail that leaves as %(from_email)s (%(who)s)."),
}

SUMMARIES = {
    # one domain's gates (verdicts.md)
    'gate.ok': _lt("The domain exists and can receive mail."),
    'gate.unanswered': _lt("DNS did not answer about this domain (%(server)s)."),
    'gate.nxdomain': _lt(
        "This domain does not exist in DNS, so receivers refuse its mail. Register it, or choose another alias "
        "domain."),
    'gate.null_mx': _lt(
        "This domain declares that it never has mail (a “null MX” record), so receivers refuse mail from it. "
        "Replace that MX record, or choose another alias domain."),
    'gate.no_mail_host': _lt(
        "This domain can receive no mail (it has neither an MX record nor an address), so receivers refuse mail "
        "from it. Publish an MX record, or choose another alias domain."),
    'gate.dnssec_bogus': _lt(
        "The domain's DNS signatures (DNSSEC) are broken, so many receivers see nothing of it and refuse its mail. "
        "Ask whoever runs your DNS to repair DNSSEC."),
    'gate.invalid_name': _lt(
        "“%(name)s” cannot be the domain of an email address, so receivers refuse its mail. Choose another alias "
        "domain."),
    'gate.comes_first': _lt("Not looked at: the domain itself comes first."),
    'gate.parked': _lt("The domain exists and declares that it has no mail."),
    'spf.parked': _lt("The domain declares that nobody sends mail as it, and as far as we know nobody does."),
    'dkim.parked': _lt("The domain sends no mail, so there is nothing to sign."),
    'dmarc.parked': _lt("Receivers are told to refuse whatever pretends to come from this domain."),
    # permission to send
    'spf.ok': _lt("The servers that your mail leaves from (%(services)s) are permitted to send for this domain."),
    'spf.ok_assumed': _lt("There is a valid record of which servers may send for this domain."),
    'spf.sender_unknown': _lt(
        "There is a valid record, but we do not know yet through which servers your mail leaves. "
        "Choose them in Settings under “Mail leaves through”, or check a mail you received: it tells."),
    'spf.missing': _lt(
        "Nothing tells receivers which servers may send your mail: anybody could. An SPF record has to say so."),
    'spf.missing_sender_unknown': _lt(
        "Nothing tells receivers which servers may send your mail. Choose in Settings under “Mail leaves through” "
        "which servers it leaves from, and we show the record to publish."),
    'spf.alias_beside_record': _lt(
        "%(name)s has an SPF record and points to %(target)s as well. DNS does not allow both, so receivers see "
        "different things: some your record, others none. Delete one of the two."),
    'spf.several': _lt(
        "There are %(count)s SPF records where receivers accept one only, so they ignore them all. "
        "Merge them into one."),
    'spf.invalid': _lt("The record has an error at which receivers give up. Replace it."),
    'spf.invalid_include': _lt(
        "Your record refers to %(target)s, whose own record is missing or broken. Receivers give up there, and permit "
        "no server that stands behind it."),
    'spf.too_many_lookups': _lt(
        "Your record makes receivers ask DNS more than 10 times, which is where they give up: what they "
        "have not found by then is not permitted. Take out what no longer sends your mail."),
    'spf.not_authorised': _lt(
        "Your mail leaves through %(services)s, but your record does not permit that. Add it to the record."),
    'spf.partly_authorised': _lt(
        "Your record permits only some of the addresses that mail through %(services)s leaves from, so part of your mail "
        "fails."),
    'spf.receivers_differ': _lt(
        "Your record permits %(services)s through a list of more than ten mail servers. Receivers look at ten: some let "
        "this mail pass, others ignore the record."),
    'spf.fault_behind': _lt(
        "Mail through %(services)s passes. Mail through servers that stand later in the record does not: receivers give "
        "up at “%(term)s” of %(at)s."),
    'spf.plus_all': _lt("Your record permits the whole world to send as you (“+all”), so it protects nobody."),
    'spf.fragile': _lt("Your servers are permitted to send, but the record has a weakness: see the findings."),
    'spf.own_envelope': _lt(
        "Mail through %(services)s has an address of the service's own for bounces, so your domain needs no SPF record for "
        "it."),
    'spf.no_sender': _lt("No mail uses this domain for bounces, and there is no record: nothing to publish."),
    'spf.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    # signature
    'dkim.ok': _lt("Your mail can be signed as this domain (%(selectors)s)."),
    'dkim.ok_unproven': _lt(
        "A key is published (%(selectors)s). Whether your mail really is signed with it, one mail that arrived "
        "proves: check a mail you received."),
    'dkim.no_sender': _lt("No mail leaves with this domain as its sender, so it needs no signature."),
    'dkim.selector_unknown': _lt(
        "We do not know under which name (“selector”) the key for your mail is published, and DNS cannot list "
        "them. Enter it in the report if your mail service gave you one, or check a mail you received: it tells."),
    'dkim.sender_unknown': _lt(
        "We do not know yet through which servers your mail leaves, so not which key to look for. A mail you "
        "received tells both."),
    'dkim.alias_beside_record': _lt(
        "%(name)s has a key and points elsewhere as well. DNS does not allow both, so receivers see different keys, "
        "or none. Delete one of the two."),
    'dkim.account_specific': _lt(
        "%(services)s gives every account its own DKIM record. Copy it from there, publish it, and enter its name "
        "(“selector”) in the report."),
    'dkim.missing': _lt(
        "The key that receivers check the signature of your mail with is missing (%(selectors)s). "
        "It has to be published."),
    'dkim.missing_account_specific': _lt(
        "The key that receivers check the signature of your mail with is missing (%(selectors)s). "
        "Copy the record from %(services)s and publish it."),
    'dkim.partial': _lt("Some keys are missing (%(selectors)s): part of your mail may go unsigned."),
    'dkim.revoked': _lt("The key (%(selectors)s) was withdrawn, so your signatures count for nothing."),
    'dkim.malformed': _lt("The key (%(selectors)s) cannot be read, so your signatures count for nothing."),
    'dkim.weak': _lt("The key (%(selectors)s) has a weakness: see the findings."),
    'dkim.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    # instructions to receivers
    'dmarc.ok': _lt("Receivers are told to act on mail that pretends to be you, and your own mail passes."),
    'dmarc.policy_none': _lt(
        "Your instructions are there. They only ask receivers to watch (p=none), which is the right start."),
    'dmarc.missing': _lt(
        "Nothing tells receivers what to do with mail that pretends to be you. Large providers ask for it: "
        "a DMARC record has to be published."),
    'dmarc.invalid': _lt("There is a record, but it has an error, so receivers ignore it. Replace it."),
    'dmarc.alias_beside_record': _lt(
        "%(name)s has a record and points to %(target)s as well. DNS does not allow both, so receivers see "
        "different instructions, or none. Delete one of the two."),
    'dmarc.several': _lt("There are several records where receivers accept one only, so they ignore them all."),
    'dmarc.quarantine': _lt(
        "Your own record tells receivers to file mail as spam that cannot be verified, and mail from Odoo cannot."),
    'dmarc.reject': _lt(
        "Your own record tells receivers to refuse mail that cannot be verified, and mail from Odoo cannot."),
    'dmarc.enforced_unproven': _lt(
        "Receivers are told to act on mail that cannot be verified. Whether mail from Odoo can, is not known: a "
        "mail you received tells."),
    'dmarc.enforced_fragile': _lt(
        "Receivers are told to act on mail that cannot be verified. Mail from Odoo can, but it is fragile: "
        "see the other verdicts."),
    'dmarc.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    'managed': _lt("Odoo publishes this record: nothing to do."),
}

# What DNS hints at where it cannot list: added to the sentence about signatures.
HINTS = {
    'likely_none': _lt(
        "DNS says that nothing at all exists under %(name)s, so most likely no key has been published yet."),
    'exists': _lt("Something is published under %(name)s, so there may be a key already."),
}

# Sentences about what one received mail would tell.
PROVABLE = frozenset({
    'spf.sender_unknown', 'spf.missing_sender_unknown', 'dkim.ok_unproven', 'dkim.selector_unknown',
    'dkim.sender_unknown', 'dkim.account_specific', 'dmarc.enforced_unproven',
})


def overall(env, report):
    """Return the sentence about a domain as a whole.

    :param StoredReport report: of its last check, or ``None``
    """
    if not report:
        return env._(OVERALL['not_checked'])
    if report.is_behind_gate:
        return summary(env, report.areas['gate'])
    if report.state == 'not_needed' and report.areas['gate'].code != 'managed':
        return summary(env, report.areas['spf'])
    overruled = report.overruled
    if overruled and overruled['state'] == report.state:
        return fill(env, rejections.OVERRULED[report.state], overruled)
    return env._(OVERALL[report.state])


def headline_of_path(env, path):
    """Return the sentence about one sending path, as the headline of its company."""
    return fill(env, PATHS[path.state], {'from_email': path.from_email, 'who': path.who})


def summary(env, area):
    """Return the sentence about one area of a report.

    :param Area area: its state, code and parameters (:class:`StoredReport`)
    """
    params = area.params
    text = fill(env, SUMMARIES.get(area.code) or rejections.summary(area.code), params)
    hint = HINTS.get(params.get('hint'))
    return f"{text} {fill(env, hint, params)}" if hint else text
