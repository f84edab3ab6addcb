"""Where a proof is sent so that it comes back: a mailbox that somebody named, or an alias of this database."""

from odoo.tools.mail import email_normalize

ALIAS_MODEL = 'mail.domain.health.incoming'  # core makes nothing of what comes to it (receiving/addresses.py)
ALIAS_NAME = 'odoo-proofs'


def has_alias(env, address):
    """Whether an alias of this database has this address now."""
    normalized = email_normalize(address)
    return bool(normalized) and bool(env['mail.alias'].sudo().search_count([('alias_full_name', '=ilike', normalized)], limit=1))


def make_alias(company):
    """Return the address of the company's alias for proofs, made where there is none; empty without an alias domain."""
    Alias = company.env['mail.alias'].sudo()
    alias_domain = company.sudo().alias_domain_id
    if not alias_domain:
        return ''
    values = {
        'alias_name': ALIAS_NAME, 'alias_domain_id': alias_domain.id,
        'alias_model_id': company.env['ir.model']._get_id(ALIAS_MODEL)}
    alias = Alias.search([(name, '=', value) for name, value in values.items()], limit=1) or Alias.create(values)
    return alias.alias_full_name
