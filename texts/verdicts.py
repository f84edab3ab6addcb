"""The sentences about a domain, its areas and its worst sending path: what its verdict means."""

from odoo.tools.translate import LazyTranslate

from . import rejections, reported
from .filling import fill, say

_lt = LazyTranslate(__name__)

OVERALL = {
    'not_checked': _lt("Not checked yet."),
    'pass': _lt("Receivers can verify your mail."),
    'warning': _lt("Your mail arrives today, but it is one change away from being rejected."),
    'fail': _lt("Your mail is currently being rejected or filed as spam."),
    'unknown': _lt("We cannot tell yet whether receivers can verify your mail."),
    'not_needed': _lt("Odoo manages this domain: there is nothing to publish."),
}

# The same where no sending path fares better, and invoices are among what is sent.
WITH_INVOICES = {
    'warning': _lt("Your mail, invoices included, arrives today, but it is one change away from being rejected."),
    'fail': _lt("Your mail, invoices included, is currently being rejected or filed as spam."),
}

# Of a domain about which DNS answered nothing of what matters.
UNSEEN = _lt("DNS did not answer, so we could not check your mail.")

# The worst of a company's sending paths, where its domain alone is better.
PATHS = {
    'pass': _lt("Receivers can verify the mail sent from %(from_email)s."),
    'warning': _lt("Mail sent from %(from_email)s arrives today, but it is one change away from being rejected."),
    'fail': _lt("Mail sent from %(from_email)s is currently being rejected or filed as spam."),
    'unknown': _lt("We cannot tell yet whether receivers can verify the mail sent from %(from_email)s."),
}

SUMMARIES = {
    # one domain's gates (verdicts.md)
    'gate.ok': _lt("The domain exists and can receive mail."),
    'gate.unanswered': _lt("DNS did not answer about this domain (%(server)s)."),
    'gate.nxdomain': _lt(
        "This domain does not exist in DNS, so receivers reject its mail. Register it, or choose another alias domain."),
    'gate.null_mx': _lt(
        "This domain declares that it has no email (a “null MX” record), so receivers reject mail from it. Replace "
        "that MX record, or choose another alias domain."),
    'gate.no_mail_host': _lt(
        "This domain cannot receive mail (it has neither an MX record nor an address), so receivers reject mail from "
        "it. Publish an MX record, or choose another alias domain."),
    'gate.dnssec_bogus': _lt(
        "The domain's DNS signatures (DNSSEC) are broken, so many receivers cannot see it and reject its mail. Ask "
        "your DNS administrator to repair DNSSEC."),
    'gate.invalid_name': _lt(
        "“%(name)s” cannot be the domain of an email address, so receivers reject its mail. Choose another alias "
        "domain."),
    'gate.comes_first': _lt("Not checked: fix the domain itself first."),
    'gate.parked': _lt("The domain exists and declares that it has no email."),
    'spf.parked': _lt("The domain declares that nobody sends mail from it, and as far as we know nobody does."),
    'dkim.parked': _lt("The domain sends no mail, so there is nothing to sign."),
    'gate.parked_missing': _lt("This domain does not exist in DNS. Correct its spelling, or renew it."),
    'gate.contradicted': _lt("You said that this domain sends no mail, but something says that it does."),
    'spf.not_closed': _lt("Nothing tells receivers that nobody sends mail from this domain."),
    'dmarc.not_closed': _lt("Receivers are not asked to reject mail that pretends to come from this domain."),
    'dmarc.parked': _lt("Receivers are told to reject mail that pretends to come from this domain."),
    # permission to send
    'spf.ok': _lt("The servers that send your mail (%(services)s) are permitted to send for this domain."),
    'spf.ok_assumed': _lt("There is a valid record that says which servers may send for this domain."),
    'spf.sender_unknown': _lt(
        "There is a valid record, but we do not know yet which servers your mail is sent through. Choose them in "
        "Settings under “Mail is delivered by”, or check a received email, which shows them."),
    'spf.missing': _lt(
        "Nothing tells receivers which servers may send your mail: anybody could. An SPF record must say so."),
    'spf.missing_sender_unknown': _lt(
        "Nothing tells receivers which servers may send your mail. Choose in Settings under “Mail is delivered by” "
        "which servers you use, and we show the record to publish."),
    'spf.alias_beside_record': _lt(
        "%(name)s has an SPF record and points to %(target)s as well. DNS does not allow both, so receivers see "
        "different things: some your record, others none. Delete one of the two."),
    'spf.several': _lt(
        "There are %(count)s SPF records where receivers accept only one, so they ignore them all. Merge them into one."),
    'spf.invalid': _lt("The record has an error at which receivers give up. Replace it."),
    'spf.invalid_include': _lt(
        "Your record refers to %(target)s, whose own record is missing or broken. Receivers give up there, and permit "
        "no server that comes after it."),
    'spf.too_many_lookups': _lt(
        "Your record makes receivers ask DNS more than 10 times, which is where they give up: what they have not found "
        "by then is not permitted. Remove what no longer sends your mail."),
    'spf.not_authorised': _lt(
        "Your mail is sent through %(services)s, but your record does not permit that. Add it to the record."),
    'spf.partly_authorised': _lt(
        "Your record permits only some of the IP addresses that mail through %(services)s is sent from, so part of "
        "your mail fails."),
    'spf.receivers_differ': _lt(
        "Your record permits %(services)s through a list of more than ten mail servers. Receivers look at ten: some "
        "let this mail pass, others ignore the record."),
    'spf.fault_behind': _lt(
        "Mail through %(services)s passes. Mail through servers later in the record does not: receivers give up at "
        "“%(term)s” of %(at)s."),
    'spf.plus_all': _lt("Your record permits the whole world to send as you (“+all”), so it offers no protection."),
    'spf.fragile': _lt("Your servers are permitted to send, but the record has a weakness: see the findings."),
    'spf.own_envelope': _lt(
        "Mail through %(services)s uses the service's own bounce address, so your domain needs no SPF record for it."),
    'spf.no_sender': _lt("No mail uses this domain as its bounce domain, and there is no record: nothing to publish."),
    'spf.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    # signature
    'dkim.ok': _lt("Your mail can be signed as this domain (key: %(selectors)s)."),
    'dkim.ok_unproven': _lt(
        "A key is published (key: %(selectors)s). To see whether your mail is really signed with it, check a received email."),
    'dkim.no_sender': _lt("No mail is sent from this domain, so it needs no signature."),
    'dkim.selector_unknown': _lt(
        "We do not know under which name (“selector”) the key for your mail is published, and DNS cannot list them. "
        "Enter it in the report if your mail service gave you one, or check a received email, which shows it."),
    'dkim.sender_unknown': _lt(
        "We do not know yet which servers your mail is sent through, so we do not know which key to look for. A "
        "received email shows both."),
    'dkim.alias_beside_record': _lt(
        "%(name)s has a key and points elsewhere as well. DNS does not allow both, so receivers see different keys, or "
        "none. Delete one of the two."),
    'dkim.account_specific': _lt(
        "%(services)s gives each account its own DKIM record. Copy it from there, publish it, and enter its name "
        "(“selector”) in the report."),
    'dkim.missing': _lt(
        "The key that receivers check the signature of your mail with is missing (key: %(selectors)s). It must be published."),
    'dkim.missing_account_specific': _lt(
        "The key that receivers check the signature of your mail with is missing (key: %(selectors)s). "
        "Copy the record from %(services)s and publish it."),
    'dkim.partial': _lt("Some keys are missing (keys: %(selectors)s), so the signature of part of your mail does not count."),
    'dkim.revoked': _lt("The key “%(selectors)s” was withdrawn, so your signatures have no effect."),
    'dkim.malformed': _lt("The key “%(selectors)s” cannot be read, so your signatures have no effect."),
    'dkim.weak': _lt("The key “%(selectors)s” has a weakness: see the findings."),
    'dkim.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    # instructions to receivers
    'dmarc.ok': _lt("Receivers are told to act on mail that pretends to be from you, and your own mail passes."),
    'dmarc.policy_none': _lt(
        "Your instructions are there. They only ask receivers to monitor (p=none), which is the right start."),
    'dmarc.missing': _lt(
        "Nothing tells receivers what to do with mail that pretends to be from you. Large providers require it: a "
        "DMARC record must be published."),
    'dmarc.invalid': _lt("There is a record, but it has an error, so receivers ignore it. Replace it."),
    'dmarc.alias_beside_record': _lt(
        "%(name)s has a record and points to %(target)s as well. DNS does not allow both, so receivers see "
        "different instructions, or none. Delete one of the two."),
    'dmarc.several': _lt("There are several records where receivers accept only one, so they ignore them all."),
    'dmarc.quarantine': _lt(
        "Your own record tells receivers to file mail as spam if it cannot be verified, and mail from Odoo cannot be "
        "verified."),
    'dmarc.reject': _lt(
        "Your own record tells receivers to reject mail that cannot be verified, and mail from Odoo cannot be verified."),
    'dmarc.enforced_unproven': _lt(
        "Receivers are told to act on mail that cannot be verified. We do not know whether mail from Odoo can be: a "
        "received email shows it."),
    'dmarc.enforced_fragile': _lt(
        "Receivers are told to act on mail that cannot be verified. Mail from Odoo can be, but it is fragile: see the "
        "other verdicts."),
    'dmarc.unanswered': _lt("Could not check: %(server)s did not answer about %(name)s."),
    'managed': _lt("Odoo publishes this record: nothing to do."),
}

# What DNS hints at where it cannot list: added to the sentence about signatures.
HINTS = {
    'likely_none': _lt(
        "DNS says that nothing exists under %(name)s, so most likely no key has been published yet."),
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
        return say(env, OVERALL['not_checked'])
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
    return fill(env, PATHS[path.state], {'from_email': path.from_email})


def summary(env, area):
    """Return the sentence about one area of a report.

    :param Area area: its state, code and parameters (:class:`StoredReport`)
    """
    params = area.params
    text = fill(env, SUMMARIES.get(area.code) or reported.SUMMARIES.get(area.code) or rejections.summary(area.code), params)
    hint = HINTS.get(params.get('hint'))
    return f"{text} {fill(env, hint, params)}" if hint else text
