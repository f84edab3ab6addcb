"""What is said about received reports: whether one was counted, and what of it was not taken."""

from datetime import timedelta

from odoo.tools.translate import LazyTranslate

from .filling import say

_lt = LazyTranslate(__name__)

STATES = {
    'counted': _lt("Counted"),
    'unverified': _lt("Not verified"),
    'not_ours': _lt("Not your domain"),
    'out_of_range': _lt("Wrong dates"),
    'duplicate': _lt("Received before"),
    'ignored': _lt("Sender ignored"),
    'partial': _lt("Partial"),
    'flood': _lt("Too many"),
    'refused': _lt("Not readable"),
}
EXPLANATIONS = {
    'counted': _lt("Its numbers are part of what is shown about your domain."),
    'unverified': _lt("Nothing proves who sent it, so nothing of it is counted."),
    'not_ours': _lt("It is about a domain that is not monitored here as one of yours. Nothing of it is counted."),
    'out_of_range': _lt("Nothing of it is counted."),
    'duplicate': _lt("The same report was counted before."),
    'ignored': _lt("An administrator said that reports of this sender are not counted."),
    'partial': _lt(
        "It was damaged, or is larger than what is read, so a part of it is missing and nothing of it is counted. If it comes "
        "whole, that is counted instead."),
    'flood': _lt("More came on this day than any receiver sends. Nothing of these is counted."),
    'refused': _lt("Nothing of it is counted."),
}
# Why, where that says more; codes of mailauth.arrival.Author and of receiving/.
REASONS = {
    'not_a_mail': _lt("It is not an email as it was received."),
    'no_author': _lt("The email does not name exactly one sender."),
    'not_signed': _lt("The email is not signed (DKIM). Forwarded reports often lose their signature."),
    'not_verified': _lt("The signature of the email (DKIM) does not fit: it was changed on its way, or is forged."),
    'partly_signed': _lt("The signature covers a part of the email only, so that anybody may have added the rest."),
    'not_aligned': _lt("The email is signed by somebody else than the domain that it says it is from."),
    'unanswered': _lt(
        "DNS did not answer for a day, or for too many emails at once, so that the signature could not be verified."),
    'shared_domain': _lt("The email comes from a domain at which anybody can have an address."),
    'other_address': _lt("The email is from a known receiver, but not from the address that its reports come from."),
    'passed_on': _lt("It says that it is of a known receiver, and came from somebody else: it was forwarded, or is forged."),
    'altered': _lt("The email reached Odoo as text, and no longer as it was signed."),
    'no_dates': _lt("It does not say which days it covers."),
    'span': _lt("It covers more than a month, or ends before it begins."),
    'future': _lt("It is about days that have not come yet."),
    'past': _lt("It is about days more than a year ago."),
    'failure_report': _lt("It reports a single email that failed. What such reports say is not read."),
}
# Codes of mailauth.reports.CODES, as far as more is to be said than that.
SKIPPED = {
    'reports.empty': _lt("There is nothing in it."),
    'reports.no_report': _lt("There is no report in it."),
    'reports.not_a_report': _lt("It is XML or JSON, and not a report about DMARC or TLS."),
    'reports.too_large': _lt("It is larger than what is read."),
    'reports.encrypted': _lt("The archive is encrypted."),
    'reports.archive_damaged': _lt("The archive cannot be opened."),
    'reports.too_many_entries': _lt("There is more in it than is looked at; the rest is left out."),
    'reports.nested_too_deeply': _lt("Archives lie in each other more often than is looked into."),
    'reports.has_dtd': _lt("The XML brings a document type of its own, which no report has."),
    'reports.json_unreadable': _lt("The JSON cannot be read."),
    'reports.xml_unreadable': _lt("The XML ends before anything could be read."),
    'reports.cut_off': _lt("The compressed report ends before its end."),
    'reports.compression_damaged': _lt("The compressed report is damaged; what could be unpacked was read."),
    'reports.unpacked_too_large': _lt("Unpacked it is larger than what is read; the rest is left out."),
    'reports.xml_repaired': _lt("The XML is malformed and was repaired: some of it may be missing or wrong."),
    'reports.encoding_repaired': _lt("Some characters of the XML cannot be read and were replaced."),
    'reports.too_many_records': _lt("There are more records than are read; the others are left out."),
    'reports.record_without_row': _lt("It does not say of which emails it is, and is left out."),
    'reports.count_missing': _lt("It does not say of how many emails it is, and is left out."),
    'reports.count_unreadable': _lt("Its number of emails cannot be read; it is left out."),
    'reports.address_unreadable': _lt("The address that its emails came from is missing or cannot be read."),
    'reports.not_evaluated': _lt("It does not say how DMARC ended for its emails."),
}
OTHER = _lt("Something in it cannot be read (%(code)s).")
RECORD = _lt("Record %(record)s: %(sentence)s")

DISPOSITIONS = {
    'none': _lt("Delivered"),
    'quarantine': _lt("Filed as spam"),
    'reject': _lt("Rejected"),
    'pass': _lt("Passed"),
}
TLS_POLICIES = {
    'sts': _lt("MTA-STS"),
    'tlsa': _lt("DANE"),
    'no-policy-found': _lt("No policy"),
}
REASONS_OF_RECEIVERS = {
    'mailing_list': _lt("Mailing list"),
    'forwarded': _lt("Forwarded"),
    'trusted_forwarder': _lt("Trusted forwarder"),
    'local_policy': _lt("The receiver's own rules"),
    'sampled_out': _lt("Not in the sample"),
    'policy_test_mode': _lt("Policy in test mode"),
    'other': _lt("Other"),
}

# Whether reports to an address of this database arrive.
ADDRESS_PROVEN = _lt("Reports to %(address)s arrive here: a test email came back.")
ADDRESS_WAITS = _lt("A test email is on its way to %(address)s. Once it comes back, the address is part of the proposed record.")
ADDRESS_LATE = _lt(
    "The test email to %(address)s has not come back. Look whether it was sent (Technical, Emails), whether your mail server "
    "passes mail for this address on to Odoo, and whether an incoming mail server of Odoo fetches it.")
ADDRESS_MOVED = _lt(
    "The address for reports was %(former)s when its test came back, and is %(address)s now, because the alias or its domain was "
    "renamed. Send the test again. Once it comes back, publish the proposed record: receivers still send to the old address.")
LATE = timedelta(minutes=15)
MAILBOX = _lt("Reports are read from the mailbox %(mailbox)s, which the incoming mail server “%(server)s” fetches.")
MAILBOX_IDLE = _lt(
    "Reports are not read from the mailbox %(mailbox)s yet: the incoming mail server “%(server)s” is not confirmed, or archived. "
    "Open it, and test and confirm it.")
MAILBOX_ERROR = _lt(
    "No reports come from the mailbox %(mailbox)s: the incoming mail server “%(server)s” reports an error: %(error)s")


def describe_address(env, address, is_proven, age, former):
    """Return how it stands with an address that reports are to be sent to.

    :param age: how long ago the test was sent
    :param former: the address that it came back to, empty where it has not
    """
    if former and not is_proven:
        return say(env, ADDRESS_MOVED, address=address, former=former)
    return say(env, ADDRESS_PROVEN if is_proven else ADDRESS_WAITS if age < LATE else ADDRESS_LATE, address=address)


def describe_mailbox(env, server):
    """Return from which mailbox outside reports are read by an incoming server, and whether it is fetched."""
    is_fetched = server.active and server.state == 'done'
    text = MAILBOX_IDLE if not is_fetched else MAILBOX_ERROR if server.error_date else MAILBOX
    return say(env, text, mailbox=server.user or server.name, server=server.name, error=(server.error_message or '')[:300])


def states(env):
    return [(state, env._(text)) for state, text in STATES.items()]


def dispositions(env):
    return [(value, env._(text)) for value, text in DISPOSITIONS.items()]


def tls_policies(env):
    return [(value, env._(text)) for value, text in TLS_POLICIES.items()]


def reasons(env):
    return [(value, env._(text)) for value, text in REASONS_OF_RECEIVERS.items()]


def explain(env, state, reason):
    """Return why a report is counted or not."""
    why = REASONS.get(reason) or SKIPPED.get(reason)
    said = env._(EXPLANATIONS[state]) if state in EXPLANATIONS else ''
    return f'{env._(why)} {said}' if why else said


def describe_skipped(env, skipped):
    """Return what was not taken from a report, a line each.

    :param list skipped: ``[[code, number of the record or None]]``
    """
    lines = []
    for code, record in skipped or ():
        sentence = say(env, SKIPPED.get(code, OTHER), code=code)
        lines.append(say(env, RECORD, record=record, sentence=sentence) if record else sentence)
    return '\n'.join(lines)
