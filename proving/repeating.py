"""Proofs that repeat by themselves where that was agreed to, and what is told when something stopped being as it was."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..checking import own_findings
from . import breaks, departing, waiting
from .breaks import NOT_ARRIVING, Facts

AREA = 'proof'
EVERY = timedelta(days=7)
TRY_AGAIN = timedelta(days=1)  # where there were enough proofs for a day
PATHS_AT_ONCE = 20  # in one transaction
MAX_PROOFS = 60  # of one path that are looked at: of the month for which they are kept
ACTIVITY_PROOF = own_findings.ACTIVITIES[AREA]


def facts(proof):
    """Return the :class:`breaks.Facts` of a proof."""
    return Facts(proof.state, proof.verdict, proof.dkim_result, proof.encrypted, proof.egress, proof.may_be_service)


def compare(proof):
    """Store at a proof what it shows to be worse than the last one that was as it should be, and tell what is confirmed."""
    earlier = _sent(proof.path_id).filtered(lambda other: other.id < proof.id and other.state == 'arrived') \
        if proof.path_id else proof.browse()
    sound = earlier.filtered(lambda other: not other.breaks)
    found = breaks.find_breaks(
        facts(sound[-1]) if sound else None, facts(proof), set(filter(None, sound.mapped('egress'))))
    proof.breaks = list(found)
    follow(proof.path_id)


def follow(paths):
    """Make the findings about the domains of these paths what their proofs bear out, and tell about new ones, once."""
    now = fields.Datetime.now()
    for domain in paths.sudo().from_health_id:
        wanted = {}
        for path in domain.path_ids:
            sent, codes, _pending = _read(path, now)
            confirmed, _once = breaks.hold(codes)
            if NOT_ARRIVING in confirmed:
                sent.filtered(lambda proof: proof.state == 'waiting' and _shown(proof, now, is_second=True)).state = 'missing'
            for code in confirmed:
                wanted[code, path.from_email] = _params(path, sent, codes, code)
        own_findings.sync(domain, AREA, wanted, now)


def run(env, commit):
    """Send what is due: the weekly proof of each path in use, and the second one where something broke.

    :param commit: called with the number of paths that were looked at; returns whether there is time left
    """
    if env['mail.domain.health']._is_neutralized():
        return
    paths = _candidates(env)
    for start in range(0, len(paths), PATHS_AT_ONCE):
        some, now = paths[start:start + PATHS_AT_ONCE].exists(), fields.Datetime.now()
        follow(some)
        due = some.browse(path.id for path in some if is_due(path, now))
        if due:
            env['mail.domain.health.proof']._send(due)
        if not commit(len(some)):
            return


def _candidates(env):
    """Return the paths in use on which nothing was sent for a week, and those whose last proofs leave something open."""
    companies = env['res.company'].search([('mail_health_repeats_proofs', '=', True), ('mail_health_proof_address', '!=', False)])
    ids = [path_id for [path_id] in env.execute_query(SQL(
        """
        SELECT path.id FROM mail_domain_health_path path
         WHERE path.is_used AND path.company_id = ANY(%(companies)s) AND (
               NOT EXISTS (SELECT FROM mail_domain_health_proof proof
                            WHERE proof.path_id = path.id AND proof.kind = 'path' AND proof.create_date > %(week)s)
            OR EXISTS (SELECT FROM mail_domain_health_proof proof
                        WHERE proof.path_id = path.id AND proof.kind = 'path'
                          AND proof.create_date > %(week)s AND proof.create_date < %(hour)s
                          AND (proof.state NOT IN ('arrived', 'internal') OR proof.breaks != '[]'::jsonb)))
         ORDER BY path.id
        """, companies=companies.ids, week=fields.Datetime.now() - EVERY, hour=fields.Datetime.now() - departing.EVERY))]
    return env['mail.domain.health.path'].browse(ids)


def is_due(path, now):
    """Whether a proof has to be sent on a path: a week after the last one, or because that one showed something that has
    to be seen twice."""
    refused = path.env['mail.domain.health.proof'].sudo().search(
        [('path_id', '=', path.id), ('state', '=', 'unprovable')], limit=1)
    if refused and now - refused.create_date < (TRY_AGAIN if refused.reason in ('quota', 'recent') else EVERY):
        return False
    sent, codes, pending = _read(path, now)
    if not sent:
        return True
    age = now - sent[-1].create_date
    if age < departing.EVERY:
        return False
    _confirmed, once = breaks.hold(codes)
    return bool(once) and not pending or age >= EVERY


def _sent(path):
    """Return the proofs of a path that were sent, the oldest first."""
    Proof = path.env['mail.domain.health.proof'].sudo()
    return Proof.search(
        [('path_id', '=', path.id), ('kind', '=', 'path'), ('token_hash', '!=', False)], order='id desc',
        limit=MAX_PROOFS).sorted('id')


def _read(path, now):
    """Return ``(proofs, what each of them shows, pending)``.

    ``pending`` tells that of the last one it is not known yet what it shows. That mail does not arrive shows only where it
    did before, and by a second proof not before a day has passed.
    """
    sent = _sent(path)
    codes, pending, missed = [], False, None
    has_arrived = False
    for proof in sent:
        shown = _shown(proof, now, is_second=missed is not None)
        pending = shown is None or bool(missed) and NOT_ARRIVING in shown and now - missed.create_date < breaks.ARRIVES_WITHIN
        if pending:
            continue
        if NOT_ARRIVING in shown and not has_arrived:
            shown = shown - {NOT_ARRIVING}
        missed = proof if NOT_ARRIVING in shown else None
        has_arrived = has_arrived or proof.state in ('arrived', 'internal')
        # An internal route proves delivery, and leaves the rest as it was.
        codes.append(codes[-1] - {NOT_ARRIVING} if proof.state == 'internal' and codes else shown)
    return sent, codes, pending


def _shown(proof, now, *, is_second):
    """Return the codes of what one proof shows to be worse than before; ``None`` where that is not known yet."""
    if proof.state == 'waiting':
        waits = proof.left_on and breaks.is_overdue(now - proof.left_on, is_second=is_second)
        return {NOT_ARRIVING} if waits and waiting.is_read(proof) else None
    return set(breaks.find_breaks(None, facts(proof), ())) | set(proof.breaks or ())


def _params(path, sent, codes, code):
    """Return what a finding says: on which path, since when, and what was before."""
    arrived = sent.filtered(lambda proof: proof.state == 'arrived')
    sound = arrived.filtered(lambda proof: not proof.breaks)
    first = len(codes)
    while first and code in codes[first - 1]:
        first -= 1
    return {
        'since': fields.Date.to_string(sent[first].create_date), 'address': path.from_email, 'server': path._server_name(),
        'before': sound[-1:].egress or '', 'after': arrived[-1:].egress or ''}
