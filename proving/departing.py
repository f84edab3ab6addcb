"""Sends proofs as core sends the path's mail, within bounds, and notes how each one left."""

import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import fields
from odoo.exceptions import UserError

from ..mailauth.dns.names import domain_of
from ..sending.measuring import UNCOUNTED
from . import letter, token, way_back
from .plan import Obstacle, plan

_logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)  # at most one proof for each path
# Of one server: well below the 200 mails a day that Odoo's own servers take.
MAX_A_DAY = 20
QUEUE = 'mail.ir_cron_mail_scheduler_action'
FETCHING = 'mail.ir_cron_mail_gateway_action'
# When incoming servers are looked at after a proof left, besides their own five minutes.
FETCH_AFTER = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))


def send(paths, get_address, **more):
    """Send a proof on each of these paths on which that is possible.

    Return a proof for each, sent or not, and those that were sent just before.

    :param get_address: takes a company and the token, returns the address that the proof goes to; empty: there is none
    :param more: other values of the proofs
    :raises UserError: by a copy of a database, which sends nothing
    """
    env = paths.env
    if env['mail.domain.health']._is_neutralized():
        raise UserError(env._("This is a copy of your database: it sends nothing."))
    Proof = env['mail.domain.health.proof'].sudo()
    # Whoever presses twice at once: the second one finds what the first one sent.
    locked = paths.sudo().try_lock_for_update(allow_referencing=True)
    sent_today = _count_today(Proof)
    proofs, mails = Proof, defaultdict(env['mail.mail'].sudo)
    for path in paths:
        secret = token.make()
        address = get_address(path.company_id, secret)
        planned = _plan(path, address, path.id in locked.ids, sent_today)
        values = {
            'path_id': path.id, 'company_id': path.company_id.id, 'mail_server_id': path.mail_server_id.id,
            'foretold': path.state, 'who': path._who(), **more}
        if isinstance(planned, Obstacle):
            Proof.search([('path_id', '=', path.id), ('state', '=', 'unprovable')]).unlink()
            proofs |= Proof.create({**values, 'state': 'unprovable', 'reason': planned.reason}) | _recent(path)
            continue
        mail = env['mail.mail'].sudo().create({**planned.values, **letter.compose(secret, address, path.from_email)})
        proofs |= Proof.create({
            **values, 'address': address, 'is_alias': way_back.has_alias(env, address),
            'token_hash': token.hash_of(secret), 'mail_mail_id': mail.id,
            'message_host': domain_of(path.from_email), 'from_email': path.from_email,
            'sent_envelope': path.envelope_from})
        sent_today[path.mail_server_id.id] += 1
        mails[planned.company, planned.queued] |= mail
    for (company, queued), group in mails.items():
        if not queued:  # as core does where somebody waits: at once, once it is certain that it is sent
            group.with_context(allowed_company_ids=company.ids).send_after_commit()
    if any(queued for _company, queued in mails):
        _trigger(env, QUEUE)
    if mails:
        for delay in FETCH_AFTER:
            _trigger(env, FETCHING, fields.Datetime.now() + delay)
    return proofs


def _plan(path, address, is_locked, sent_today):
    planned = plan(path)
    if isinstance(planned, Obstacle):
        return planned
    if not address:
        return Obstacle('no_address')
    if not is_locked or _recent(path):
        return Obstacle('recent')
    if sent_today[path.mail_server_id.id] >= MAX_A_DAY:
        return Obstacle('quota')
    return planned


def _recent(path):
    """Return the proof that was sent on a path within the last hour, if one was."""
    return path.env['mail.domain.health.proof'].sudo().search([
        ('path_id', '=', path.id), ('token_hash', '!=', False), ('create_date', '>', fields.Datetime.now() - EVERY)], limit=1)


def _count_today(Proof):
    """Return ``{mail server id: how many proofs left through it in the last day}``."""
    counts = defaultdict(int)
    for server, count in Proof._read_group(
            [('token_hash', '!=', False), ('create_date', '>', fields.Datetime.now() - timedelta(days=1))],
            ['mail_server_id'], ['__count']):
        counts[server.id] = count
    return counts


def _trigger(env, xmlid, at=None):
    cron = env.ref(xmlid, raise_if_not_found=False)
    if cron:
        cron.sudo()._trigger(at)


def proofs_of(mails):
    """Return the proofs that these mails are; asks the database nothing about any other mail."""
    ours = mails.filtered(lambda mail: UNCOUNTED in (mail.headers or ''))
    Proof = mails.env['mail.domain.health.proof'].sudo()
    return Proof.search([('mail_mail_id', 'in', ours.ids)]) if ours else Proof


def follow(mails, failure_type):
    """Note, where core is through with mails, that those of them that are proofs were handed to a mail server, or not."""
    for proof in proofs_of(mails.sudo()):
        if not failure_type:
            proof.write({'left_on': proof.left_on or fields.Datetime.now(), 'failure': False})
            if proof.state == 'failed':  # tried again
                proof.state = 'waiting'
        elif proof.state == 'waiting':
            reason = ' '.join((proof.mail_mail_id.failure_reason or '').split())  # core parts code and words by a line break
            proof.write({'state': 'failed', 'failure': reason})


def get_taker(mail):
    """Return what takes the departure of a mail (:class:`departure.Departure`), where it is a proof; ``None`` else."""
    try:
        proof = proofs_of(mail[:1].sudo())
    except Exception:  # the mail leaves all the same
        _logger.warning("Email Domain Health: cannot tell whether mail %s is a proof", mail.ids, exc_info=True)
        return None
    return partial(_note_departure, proof) if proof else None


def _note_departure(proof, departure):
    """Note as what a proof really left: another module may have changed it."""
    with proof.env.cr.savepoint():
        proof.write({
            'left_on': fields.Datetime.now(), 'from_email': departure.from_email,
            'sent_envelope': departure.envelope_from, 'smtp_host': departure.smtp_host})
