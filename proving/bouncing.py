"""Whether reports about mail that could not be delivered come home: one mail to an address that one's own domain does not have.

On demand only, and at most once a day. Never through a service that puts its own bounce address in, or may do so: reports go to
it, it counts them, and too many of them cost the account.
"""

import email
import email.policy
import logging
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from . import departing
from .plan import Obstacle, plan

_logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
NOTHING_AFTER = timedelta(days=1)
# As core writes it, in any of its languages, with the exception of smtplib: what was answered to this recipient, or to the
# mail. A number alone may be that of a port, and what is answered to a login or to the sender says nothing about the recipient.
_REFUSED = re.compile(r'\bSMTP(RecipientsRefused\W{1,3}\{.*?|DataError\W{1,3})\(5\d\d, ', re.DOTALL)  # RFC 5321 §4.2.1


def send(domain):
    """Send one mail to a random address of a domain, and return the proof; that of the last day, where there is one.

    :raises UserError: where there is no sending path that it may leave on
    """
    env = domain.env
    Proof = env['mail.domain.health.proof'].sudo()
    last = Proof.search([
        ('kind', '=', 'bounce'), ('domain_id', '=', domain.id), ('create_date', '>', fields.Datetime.now() - EVERY)], limit=1)
    if last:
        return last
    path = next(filter(_is_possible, domain.path_ids.filtered(
        lambda path: path.is_used and path.company_id in env.companies).sorted(
        lambda path: (path.kind != 'notifications', path.id))), None)
    if path is None:
        raise UserError(env._(
            "Nothing was sent: mail from %s leaves through a service that takes and counts bounces itself, through a personal "
            "mail server, or not at all.", domain.display_name))
    proofs = departing.send(
        path, lambda _company, secret: f'{secret}@{domain.name}', kind='bounce', domain_id=domain.id)
    sent = proofs.filtered(lambda proof: proof.kind == 'bounce' and proof.token_hash)
    if not sent:
        proofs.filtered(lambda proof: proof.state == 'unprovable').unlink()
        raise UserError(env._("A proof was sent through this mail server just now. Try again in an hour."))
    return sent


def _is_possible(path):
    service, server = path.sudo().mail_sending_service_id, path.sudo().mail_server_id
    if service and service.envelope != 'keep' or server.owner_user_id:
        return False
    return not isinstance(plan(path), Obstacle)


def is_understood(proof, octets):
    """Whether Odoo's own gateway takes a report for a bounce of that very address."""
    try:
        message = email.message_from_bytes(octets, policy=email.policy.SMTP)
        found = proof.env['mail.thread'].sudo().message_parse(message)
    except Exception:  # whatever core makes of a mail that anybody may have written: it does not understand it
        _logger.info("Email Domain Health: Odoo cannot parse a report", exc_info=True)
        return False
    return bool(found.get('is_bounce')) and found.get('bounced_email') == proof.address


def is_address_refused(proof):
    """Whether a mail server refused the address that a proof was to go to, which may say nothing of other mail."""
    found = proof.state == 'failed' and _REFUSED.search(proof.failure or '')
    return bool(found) and found[1].startswith('Recipients')


def get_outcome(proof):
    """Return what became of it: a key of texts/proof.py: BOUNCES, or ``None`` where that is not known yet."""
    if proof.state == 'failed':
        return 'refused' if _REFUSED.search(proof.failure or '') else 'not_sent'
    if proof.state == 'returned':
        return 'home' if proof.is_understood else 'not_understood'
    if proof.state in ('arrived', 'internal'):
        return 'swallowed'
    waits = proof.left_on and fields.Datetime.now() - proof.left_on >= NOTHING_AFTER
    return 'nothing' if waits else None
