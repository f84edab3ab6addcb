"""Where a proof is sent so that it comes back: a mailbox that somebody named, or an alias of this database."""

from odoo.tools.mail import email_normalize
from odoo.tools.sql import escape_psql

ALIAS_MODEL = 'mail.domain.health.incoming'  # core makes nothing of what comes to it (receiving/addresses.py)
ALIAS_NAME = 'odoo-proofs'


def has_alias(env, address):
    """Whether an alias of this database has this address now."""
    normalized = email_normalize(address)
    return bool(normalized) and bool(env['mail.alias'].sudo().search_count(
        [('alias_full_name', '=ilike', escape_psql(normalized))], limit=1))


def was_alias(proof):
    """Whether the address of a proof was an alias of this database when it, or an earlier proof to it, was sent."""
    return proof.is_alias or bool(proof.sudo().search_count(
        [('address', '=', proof.address), ('is_alias', '=', True), ('id', '<', proof.id)], limit=1))


def get_address(company):
    """Return where the proofs of a company go; empty: nowhere. Its own alias has moved where the alias domain was renamed."""
    company = company.sudo()
    address = company.mail_health_proof_address or ''
    if address.partition('@')[0].lower() != ALIAS_NAME or has_alias(company.env, address):
        return address
    former = company.env['mail.domain.health.proof'].sudo().search_count(
        [('address', '=', address), ('is_alias', '=', True)], limit=1)
    own = former and _find_alias(company)
    if own:
        company.mail_health_proof_address = own.alias_full_name
    return own.alias_full_name if own else address


def make_alias(company):
    """Return the address of the company's alias for proofs, made where there is none; empty without an alias domain."""
    if not company.sudo().alias_domain_id:
        return ''
    alias = _find_alias(company) or company.env['mail.alias'].sudo().create(_alias_values(company))
    return alias.alias_full_name


def move(env, former):
    """Have the companies whose proofs went to these addresses send them to an alias at their alias domain of now, if any."""
    for company in env['res.company'].sudo().search([('mail_health_proof_address', 'in', former)]) if former else ():
        company.mail_health_proof_address = make_alias(company) or False


def _find_alias(company):
    return company.env['mail.alias'].sudo().search(
        [(name, '=', value) for name, value in _alias_values(company).items()], limit=1)


def _alias_values(company):
    return {
        'alias_name': ALIAS_NAME, 'alias_domain_id': company.sudo().alias_domain_id.id,
        'alias_model_id': company.env['ir.model']._get_id(ALIAS_MODEL)}
