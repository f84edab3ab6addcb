"""What to look at where a proof has not come back: the first thing on its way that explains it, from Odoo outwards."""

from datetime import timedelta

from odoo import fields
from odoo.tools import format_datetime
from odoo.tools.mail import email_normalize

from . import way_back

PATIENCE = timedelta(minutes=15)
# Of these nobody knows whether the mail arrived: it is not read where it was sent to.
_UNREAD = ('no_alias', 'paste', 'incoming_error', 'incoming_idle')


def is_read(proof):
    """Whether it would be known here if a proof that left some time ago had arrived."""
    return look_at(proof)[0] not in _UNREAD


def look_at(proof):
    """Return ``(key, params)`` of a sentence (texts/proof.py: WAITING) about a proof that has not come back."""
    env = proof.env
    mail = proof.sudo().mail_mail_id
    if not proof.left_on and mail.state == 'outgoing' and fields.Datetime.now() - proof.create_date < PATIENCE:
        return 'queued', {}
    if not proof.left_on:
        return ('queue' if mail.state == 'outgoing' else 'removed'), {}
    if proof.failure:  # a mail server tells that it tries again
        return 'delayed', {'failure': proof.failure}
    if proof.kind == 'bounce':
        return 'bounce', {}
    if fields.Datetime.now() - proof.left_on < PATIENCE:
        return 'under_way', {}
    address = email_normalize(proof.address) or ''
    if not way_back.has_alias(env, address) and way_back.was_alias(proof):
        return 'no_alias', {'address': address}
    incoming = env['fetchmail.server'].sudo().search([('state', '=', 'done'), ('server_type', '!=', 'local')])
    own = incoming.filtered(lambda server: email_normalize(server.user) == address)
    broken = (own or incoming).filtered('error_date')[:1]
    if broken:
        return 'incoming_error', {'server': broken.name, 'error': (broken.error_message or '')[:300]}
    if not incoming and not proof.is_alias:
        return 'paste', {'address': address}
    fetched_on = max(filter(None, (own or incoming).mapped('date')), default=None)
    if incoming and (not fetched_on or fetched_on < proof.left_on):
        return 'incoming_idle', {
            'server': (own or incoming)[0].name,
            'since': format_datetime(env, fetched_on) if fetched_on else ''}
    return 'not_found', {'address': address}
