"""From the octets of a mail that came back to what the proof shows. DNS is asked; what is stored are facts, never the mail."""

from datetime import timezone

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from ..mailauth.arrival import Sent
from ..sending.freemail import NOBODYS_DOMAINS
from ..sending.measuring import UNCOUNTED
from . import bouncing, letter, repeating, token

_OF_MACHINES = ('precedence', 'x-autoreply', 'x-autorespond', 'x-failed-recipients')  # what some write in place of Auto-Submitted
# A proof that still waits for its mail, however late it is.
OPEN = ('waiting', 'missing', 'failed')


def find(env, octets):
    """Return ``(proof, its token)`` of the proof whose mail this is; an empty one where it is no mail of ours.

    One look at the octets, and a query only where something in them looks like a token.
    """
    for secret in token.find(octets):
        proof = env['mail.domain.health.proof'].sudo().search([('token_hash', '=', token.hash_of(secret))], limit=1)
        if proof:
            return proof, secret
    return env['mail.domain.health.proof'].sudo(), ''


def find_returned(env, octets):
    """As :func:`find`, in the mail of a server that tells what became of a mail of ours, its parts decoded.

    Many servers write it in no standard form, and what they repeat of the mail may be all that holds its token. What a
    person writes is no such mail, whatever it quotes.
    """
    texts = mailauth.arrival.texts_of_bounce(mailauth.arrival.read(octets))
    for text in (octets, *(text.encode('utf-8', 'replace') for text in texts)) if texts else ():
        proof, secret = find(env, text)
        if proof:
            return proof, secret
    return env['mail.domain.health.proof'].sudo(), ''


def is_persons_answer(header, secret):
    """Whether somebody answers a proof: that is for whoever the answer is to. What a machine answers by itself is for nobody.

    :param header: the :class:`Header` of a received mail that names the token
    """
    answered = ' '.join(value for name in ('in-reply-to', 'references') for value in header.values(name)).lower()
    automatic = next(iter(header.values('auto-submitted')), 'no').partition(';')[0].strip().lower()
    is_machine = automatic not in ('', 'no') or any(map(header.values, _OF_MACHINES)) or '<>' in header.values('return-path')
    return secret in answered and not is_machine


def find_anywhere(env, octets):
    """As :func:`find`, where it does not stand in the octets themselves in what the mail of a server says, too."""
    found = find(env, octets)
    return found if found[0] else find_returned(env, octets)


def take(env, octets, way, *, is_verifiable=True):
    """Judge a mail that came in, if it is a proof that is waited for; return the proof, or an empty one.

    :param str way: how it came: ``fetched`` or ``pasted``
    :param bool is_verifiable: see :func:`settle`
    """
    proof, secret = find_anywhere(env, octets)
    if not proof or proof.state not in OPEN:
        return proof.browse()
    arrival, services = read(proof.env, octets, is_proof=True)
    return proof if settle(
        proof, secret, octets, arrival, services, way, is_verifiable=is_verifiable) else proof.browse()


def read(env, given, *, is_proof=False):
    """Return what :func:`mailauth.read_arrival` does, of a mail that may be one of ours, as far as ``env`` sees them.

    :param bool is_proof: whether it is known to be ours, whatever sender a service gave it
    """
    services = env['mail.sending.service'].search([('spf_term', '=like', 'include:%')])
    return mailauth.read_arrival(
        env['mail.domain.health']._get_resolver(), given, () if is_proof else _sending_domains(env),
        {str(service.id): service.spf_term for service in services})


def _sending_domains(env):
    """Return the domains that mail from here leaves as, bounces to, or that are watched."""
    paths = env['mail.domain.health.path'].search([('from_email', '!=', False)])
    names = {name for path in paths for name in (path._from_domain(), path._envelope_domain())}
    return names.union(env['mail.domain.health'].search([('active', '=', True)]).mapped('name')) - {''}


def _own_domains(env):
    """Return those of them that are ours: where a mailbox of theirs received a mail, no other organization did."""
    watched = env['mail.domain.health'].sudo().search([('is_foreign', '=', False)])
    return set(watched.mapped('name')) - NOBODYS_DOMAINS


def settle(proof, secret, octets, arrival, services, way, *, is_verifiable=True):
    """Store what a mail shows about its proof; return whether it was that proof's, and the first one.

    A report that it could not be delivered settles the proof too. An answer to it, or another mail with its token, does not.

    :param Arrival arrival: what the engine read in ``octets``
    :param services: the services whose own SPF record lets the address pass that the mail left from; ``None``: not known
    :param bool is_verifiable: whether these are the octets that came. A copy as text proves a good signature, and no bad one.
    """
    [finding] = arrival.findings[-1:] or [None]
    code = finding.code if not arrival.readable else None
    if code in ('arrival.bounce', 'arrival.delayed'):
        said = finding.params.get('said') or finding.params.get('status') or ''
        if code == 'arrival.delayed':  # it is tried again: nothing is settled
            if proof.state == 'waiting':
                proof.failure = said
            return False
        return _settle_once(proof, {
            'state': 'returned', 'arrived_on': fields.Datetime.now(), 'way': way, 'failure': said,
            'is_understood': proof.kind == 'bounce' and bouncing.is_understood(proof, octets)})
    sent = Sent(letter.message_id(secret, proof.message_host), letter.subject(secret), proof.from_email, letter.text(secret))
    if not arrival.readable or not is_that_mail(octets, sent, secret):
        return False
    found = mailauth.arrival.to_dict(arrival)
    del found['subject'], found['message_id']
    changes = mailauth.arrival.changes(octets, sent)
    counts = mailauth.arrival.is_handed_over(arrival, _own_domains(proof.env), from_service=bool(services))
    arrived_on = arrival.date and arrival.date.astimezone(timezone.utc).replace(tzinfo=None)
    return _settle_once(proof, {
        'state': 'arrived' if counts else 'internal', 'way': way, 'failure': False,
        'arrived_on': arrived_on or fields.Datetime.now(), 'arrived': found,
        'verdict': get_verdict(found, changes, is_verifiable) if counts else 'unknown',
        'changes': list(changes), **columns(found, is_verifiable),
        'may_be_service': services is None or bool(services)})


def is_that_mail(octets, sent, secret):
    """Whether a mail that holds the token is the proof itself, and neither an answer to it nor one that quotes it."""
    message = mailauth.arrival.read(octets)
    subject, text = message.value('subject'), mailauth.arrival.text_of(message)
    answered = message.value('in-reply-to') + message.value('references')
    if sent.message_id in answered or secret in answered.lower() or secret not in (subject + text).lower():
        return False
    is_automatic = message.value('auto-submitted').partition(';')[0].strip().lower() == 'auto-replied'
    is_marked = message.value(UNCOUNTED.lower()) == letter.MARK
    return is_marked or sent.subject in subject and text.split()[:5] == sent.text.split()[:5] and not is_automatic


def get_verdict(found, changes=(), is_verifiable=True):
    """Return the state that a counted mail proves. The signature is looked at by itself: DMARC may pass by SPF alone.

    :param dict found: ``mailauth.arrival.to_dict``
    :param changes: ``mailauth.arrival.changes``: what passes as another sender is not as it should be
    """
    result, verified = found['dmarc']['result'], found['verified']
    if _dkim(found) == 'fail' and not is_verifiable:
        return 'unknown'
    if result == 'fail' or verified is False:
        return 'fail'
    if result == 'unknown' or verified is None:
        return 'unknown'
    return 'pass' if result == 'pass' and is_signed(found) and 'from' not in changes else 'warning'


def is_signed(found):
    """Whether a signature of a domain that is aligned with From verified, by our own reading."""
    return any(one['status'] == 'pass' and one['aligned'] for one in found['signatures'])


def columns(found, is_verifiable=True):
    """Return the facts that lists show and later proofs are held against."""
    encrypted = found['encrypted']
    return {
        'egress': found['egress'] or False, 'envelope_from': found['envelope'] or False,
        'encrypted': 'unknown' if encrypted is None else 'yes' if encrypted else 'no',
        'spf_result': found['spf']['result'] or False,
        'dkim_result': 'unknown' if _dkim(found) == 'fail' and not is_verifiable else _dkim(found),
        'dkim_said': found['said'].get('dkim') or False,
        'dmarc_result': found['dmarc']['result'] or False, 'receiver': found['receiver'] or False,
    }


def _dkim(found):
    """Return ``pass``, ``fail`` (signed, and it does not verify), ``not_aligned``, ``unknown`` or ``none`` (not signed)."""
    statuses = {one['status'] for one in found['signatures']}
    if is_signed(found):
        return 'pass'
    if not statuses:
        return 'none'
    if 'unknown' in statuses:
        return 'unknown'
    return 'not_aligned' if 'pass' in statuses else 'fail'


def _settle_once(proof, values):
    """Write the outcome, unless another mail with the same token was faster."""
    proof.flush_recordset()
    proof.env.cr.execute(SQL(
        "SELECT state FROM mail_domain_health_proof WHERE id = %s FOR NO KEY UPDATE", proof.id))
    [state] = proof.env.cr.fetchone() or [None]
    if state not in OPEN:
        return False
    proof.write(values)
    if proof.kind == 'path':
        repeating.compare(proof)
    return True
