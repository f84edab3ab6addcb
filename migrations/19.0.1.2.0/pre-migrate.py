"""Carry what is stored of a domain over to the fields' new names."""

from odoo.tools import SQL

RENAMED = {'memory': 'announced', 'known': 'last_known'}


def migrate(cr, version):
    """Rename the columns and what Odoo knows of the fields: what was announced must not be announced again."""
    for before, after in RENAMED.items():
        cr.execute(SQL(
            "ALTER TABLE mail_domain_health RENAME COLUMN %s TO %s", SQL.identifier(before), SQL.identifier(after)))
        cr.execute(
            "UPDATE ir_model_fields SET name = %s WHERE model = 'mail.domain.health' AND name = %s", (after, before))
        cr.execute(
            "UPDATE ir_model_data SET name = %s WHERE module = 'mail_domain_health' AND name = %s",
            (f'field_mail_domain_health__{after}', f'field_mail_domain_health__{before}'))
