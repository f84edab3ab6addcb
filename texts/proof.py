"""What is said of a proof: what became of it, why there is none, and what to look at while it has not come back."""

from markupsafe import Markup

from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..mailauth.dns.names import domain_of
from . import arrival
from .filling import say

_lt = LazyTranslate(__name__)

OUTCOMES = {  # by state and, where it arrived, verdict
    'pass': _lt("Proven: it arrived signed, and receivers can verify it."),
    'warning': _lt("It arrived and receivers can verify it, but not as well as they should."),
    'fail': _lt("It arrived, but receivers cannot verify it."),
    'unknown': _lt("It arrived. DNS did not answer whether receivers can verify it."),
    'internal': _lt(
        "Internal route: proves delivery only. No other organization's mail server took the email over, so nobody checked it."),
    'returned': _lt("The mail server accepted it, and it came back undelivered: “%(failure)s”"),
    'failed': _lt(
        "Odoo could not hand it to the mail server, and other mail on this sending path fares no better: “%(failure)s”. Test the "
        "connection of the outgoing mail server."),
    'address_refused': _lt(
        "The mail server refused to take it for %(address)s: “%(failure)s”. If that is because of this address, enter another "
        "mailbox for proofs in Settings. If not, other mail on this sending path fares no better."),
    'missing': _lt("No longer arrives: two proofs in a row did not come back."),
}
BOUNCES = {  # what became of a mail to an address that does not exist
    'home': _lt("Bounces come back, and Odoo understands them: “%(failure)s”"),
    'not_understood': _lt(
        "A report came back, but Odoo does not recognize it as a bounce of that address. Which messages failed is not shown."),
    'refused': _lt("Refused at once, so Odoo shows it with the message that failed: “%(failure)s”"),
    'not_sent': _lt(
        "Odoo could not hand it to the mail server, and other mail on this sending path fares no better: “%(failure)s”. Test the "
        "connection of the outgoing mail server."),
    'swallowed': _lt(
        "A catch-all took the email: mail to addresses that do not exist at this domain is not returned, so nobody notices."),
    'nothing': _lt(
        "Nothing came back within 24 hours. See whether an incoming mail server in Odoo reads the mailbox of %(envelope)s."),
}
REASONS = {
    'refused': _lt("Odoo refuses to send this mail, so there is nothing to prove."),
    'third_party': _lt(
        "This mail is sent from an address that is not yours. No proof is sent in somebody else's name: what you see is the "
        "prediction."),
    'owner': _lt(
        "This mail is sent through a personal mail server. Only its owner can prove it: what you see is the prediction."),
    'otherwise': _lt(
        "With Odoo's current settings this mail would be sent in another way. Check the domain again, then send the proof."),
    'no_address': _lt("No mailbox is set that proofs are sent to."),
    'recent': _lt("A proof was sent on this path less than an hour ago."),
    'quota': _lt("Enough proofs were sent through this mail server within 24 hours."),
}
WAITING = {
    'queued': _lt("Waiting in Odoo's queue of outgoing mail."),
    'bounce': _lt("Sent to an address that does not exist. Waiting for the report that it could not be delivered."),
    'under_way': _lt("Sent. Waiting for it to arrive."),
    'delayed': _lt("It was sent. A mail server could not deliver it yet and tries again: “%(failure)s”"),
    'queue': _lt(
        "Odoo has not sent it yet: it waits in the queue of outgoing mail. See whether the scheduled action for it is running."),
    'removed': _lt("It was removed from Odoo's outgoing mail before it was sent."),
    'no_alias': _lt(
        "It was sent to %(address)s, and no alias in Odoo has this address any more, so it cannot come in. Enter another mailbox "
        "for proofs in Settings."),
    'incoming_error': _lt("It was sent. The incoming mail server “%(server)s” reports an error: %(error)s"),
    'incoming_idle': _lt(
        "It was sent. The incoming mail server “%(server)s” has not been read since. See whether its scheduled action is "
        "running."),
    'paste': _lt(
        "It was sent to %(address)s. No incoming mail server in Odoo reads that mailbox: open it, and paste the email under "
        "“Check a Received Email”."),
    'not_found': _lt(
        "It was sent to %(address)s, incoming mail was read since, and it is not there. Look into the spam folder of that "
        "mailbox, and into the log of the outgoing mail server."),
}
LAST = _lt("Proof email of %(date)s: %(outcome)s")
ENCRYPTED = {'yes': _lt("Encrypted"), 'no': _lt("Not encrypted"), 'unknown': _lt("The receiver does not say")}
CHANGES = {
    'message_id': _lt("its Message-ID"),
    'subject': _lt("the subject"),
    'from': _lt("the sender"),
    'encoding': _lt("how the text is encoded"),
    'text': _lt("the text"),
    'envelope': _lt("the bounce address"),
}
DKIM = {
    'pass': _lt("verified"),
    'fail': _lt("signed, but it does not verify"),
    'not_aligned': _lt("signed, but not as the sender's domain"),
    'unknown': _lt("signed, and DNS did not answer about the key"),
    'none': _lt("not signed"),
}


def outcome(env, proof, waiting, *, is_address_refused=False):
    """Return in a sentence what became of a proof.

    :param tuple waiting: what to look at, where it has not come back (:func:`waiting.look_at`)
    :param bool is_address_refused: whether a mail server refused its recipient
    """
    if proof.state == 'unprovable':
        return env._(REASONS[proof.reason])
    if proof.state == 'waiting':
        key, params = waiting
        return say(env, WAITING[key], **params)
    key = 'address_refused' if is_address_refused else proof.verdict if proof.state == 'arrived' else proof.state
    return say(env, OUTCOMES[key], failure=proof.failure, address=proof.address)


def alone(proof):
    """Return as markup on which path a proof left and what became of it, where nothing else stands beside it."""
    return Markup('<p><strong>%s</strong></p><p class="text-break">%s</p>') % (proof.who, proof.outcome)


def told(env, proof):
    """Return what became of a proof, with its day, where it stands beside the prediction of its path."""
    return say(env, LAST, date=format_date(env, proof.create_date), outcome=proof.with_env(env).sudo().outcome)


def bounce(env, proof, key):
    """Return in a sentence what became of a mail to an address that does not exist (:func:`bouncing.get_outcome`)."""
    return say(env, BOUNCES[key], failure=proof.failure, envelope=proof.sent_envelope)


def changed(env, proof):
    """Return what was changed on the way, as a list in words."""
    names = list(proof.changes or ())
    if proof.envelope_from and domain_of(proof.envelope_from) != domain_of(proof.sent_envelope):
        names.append('envelope')
    return ', '.join(env._(CHANGES[name]) for name in names)


def table(env, proof):
    """Return how a proof left and arrived as markup, everything from the mail escaped."""
    found = proof.arrived
    rows = [
        (env._("Sent as"), proof.from_email),
        (env._("Arrived after"), proof.arrived_after),
        (env._("Received by"), proof.receiver),
        (env._("Sent from IP address"), proof.egress),
        (env._("Bounces to"), (proof.envelope_from or '').removeprefix('@')),
        (env._("Connection to the receiver"), env._(ENCRYPTED[proof.encrypted])),
        (env._("Permission to send (SPF)"), proof.spf_result),
        (env._("Signature (DKIM)"), env._(DKIM[proof.dkim_result])),
        (env._("The receiver said"), ', '.join(
            f"{one['method'].upper()}: {one['result']}" for one in found['receiver_said'][:8]
            if one['method'] in ('spf', 'dkim', 'dmarc')) or env._("nothing trustworthy")),
        (env._("DMARC"), proof.dmarc_result),
        (env._("Changed on the way"), changed(env, proof) or env._("nothing")),
    ]
    body = Markup().join(
        Markup('<tr><th class="text-nowrap pe-3 align-top" scope="row">%s</th><td class="text-break">%s</td></tr>') % (
            title, value or env._("unknown")) for title, value in rows)
    return Markup('<table class="table table-sm o_mail_domain_health_arrival"><tbody>%s</tbody></table>%s') % (
        body, arrival.notes(env, found))
