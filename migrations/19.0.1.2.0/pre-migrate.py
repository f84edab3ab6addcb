"""Carry what is stored of a domain over to the fields' new names."""

from psycopg2.extras import Json

from odoo.tools import SQL
from odoo.tools.sql import column_exists

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
    put_published_beside_outcomes(cr)


def put_published_beside_outcomes(cr):
    """Store when a proposed record was first seen published with what else was seen of it. Odoo drops the column."""
    if not column_exists(cr, 'mail_domain_health', 'outcomes'):
        cr.execute("ALTER TABLE mail_domain_health ADD COLUMN outcomes jsonb")
    cr.execute("SELECT id, outcomes, published FROM mail_domain_health WHERE outcomes IS NOT NULL OR published IS NOT NULL")
    for domain_id, seen, published in cr.fetchall():
        known = {key: {'attempt': seen['attempt'], 'outcome': outcome}
                 for key, outcome in ((seen or {}).get('by_key') or {}).items()}
        for key, entry in (published or {}).items():
            known.setdefault(key, {})['published'] = entry
        cr.execute("UPDATE mail_domain_health SET outcomes = %s WHERE id = %s", (Json(known), domain_id))
