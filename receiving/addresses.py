"""Addresses of this database that receivers send reports to: aliases, and whether a mail to each was seen to come back."""

import re
import secrets
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formataddr
from odoo.tools.sql import escape_psql

from ..checking.extra_mail import QUEUE
from ..sending.measuring import UNCOUNTED

MODEL = 'mail.domain.health.incoming'  # of the aliases; core makes nothing of what comes to them
EVERY = timedelta(hours=1)  # at most one mail to each address
_TOKEN = re.compile(r'\[([A-Za-z0-9_-]{43})\]')


def get_aliases(env):
    """Return our aliases: those that reports and proofs are sent to."""
    return env['mail.alias'].sudo().search_fetch(
        [('alias_model_id', '=', env['ir.model']._get_id(MODEL)), ('alias_name', '!=', False)],
        ['alias_name', 'alias_full_name', 'alias_incoming_local', 'alias_domain_id'])


def withdraw(aliases):
    """Propose no longer that reports be sent to these aliases."""
    for address in aliases.env['mail.domain.health.address'].sudo().search([('alias_id', 'in', aliases.ids)]):
        address.domain_ids.filtered(
            lambda domain, name=address.name: (domain.dmarc_report_address or '').lower() == name).dmarc_report_address = False


def find_recipient(env, header):
    """Return which of our aliases a mail is for, in lower case; empty for none."""
    aliases = get_aliases(env)
    local_parts = {address.partition('@')[0] for address in header.recipients} if aliases else ()
    return next((
        alias.alias_full_name.lower() for alias in aliases
        if alias.alias_full_name.lower() in header.recipients
        or alias.alias_incoming_local and alias.alias_name.lower() in local_parts), '')


def is_of_another(env, named, recipients=()):
    """Whether a mail is for an address of Odoo's that is none of ours: an alias, or where bounces and answers without one go.

    :param named: the addresses that the sender named, in lower case
    :param recipients: those that it was delivered to as well; only an alias counts there, as in core
    """
    given = {*named, *recipients}
    local_parts = [address.partition('@')[0] for address in given]
    domains = {address.partition('@')[2] for address in named}
    return bool(env['mail.alias'].search_count([
        ('alias_model_id', '!=', env['ir.model']._get_id(MODEL)),
        '|', ('alias_full_name', 'in', list(given)),
        '&', ('alias_name', 'in', local_parts), ('alias_incoming_local', '=', True)], limit=1)) or not named.isdisjoint(
            address.lower() for domain in env['mail.alias.domain'].search(
                Domain.OR(Domain('name', '=ilike', escape_psql(name)) for name in domains))
            for address in (domain.bounce_email, domain.catchall_email) if address)


def is_asked(address):
    """Whether a mail to a report address was sent within the hour and has not come back: another one would tell nothing else."""
    return bool(address.token) and fields.Datetime.now() - address.asked_on < EVERY


def ask(address):
    """Send a mail to a report address that tells, by coming back, that reports to it arrive.

    :raises UserError: if one was sent within the hour
    """
    env = address.env
    if is_asked(address):
        raise UserError(env._(
            "A test was sent to this address less than an hour ago, so no other one is sent now. If it does not come back, see "
            "whether mail to this address reaches Odoo."))
    token = secrets.token_urlsafe(32)
    address.write({'token': token, 'asked_on': fields.Datetime.now(), 'returned_on': False, 'returned_address': False})
    alias_domain, company = address.alias_id.alias_domain_id, env.company
    sender = alias_domain.default_from_email or company.partner_id.email_normalized or env.user.email_normalized or address.name
    text = env._("This email tells Odoo, by coming back, that DMARC reports sent to %s arrive.", address.name)
    env['mail.mail'].sudo().create({
        'subject': env._("Test of an address for reports [%s]", token), 'body_html': text,
        'email_from': formataddr((env._("Email Domain Health"), sender)), 'email_to': address.name, 'author_id': False,
        'message_type': 'email_outgoing', 'record_company_id': company.id, 'record_alias_domain_id': alias_domain.id,
        'auto_delete': True, 'headers': repr({
            'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', UNCOUNTED: 'yes'})})
    queue = env.ref(QUEUE, raise_if_not_found=False)
    if queue:
        queue.sudo()._trigger()


def take_answer(env, header, recipient):
    """Note that a mail which we sent to one of our addresses came back; tell whether this is one."""
    found = next(filter(None, map(_TOKEN.search, header.values('subject')[:1])), None)
    address = found and env['mail.domain.health.address'].search([('token', '=', found[1])], limit=1)
    if not address or address.name != recipient:
        return False
    address.write({'token': False, 'returned_on': fields.Datetime.now(), 'returned_address': recipient})
    # From now on the address stands in the records that are proposed.
    address.domain_ids.write({'dmarc_report_address': recipient})
    return True
