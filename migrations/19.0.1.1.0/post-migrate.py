"""Have every domain looked at again: what an older version concluded is not what this one would."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Make every watched domain due, and start the scheduled check; verdicts, messages and mutes stay until it has looked."""
    cr.execute("UPDATE mail_domain_health SET next_check = now() AT TIME ZONE 'UTC' WHERE active")
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.ref('mail_domain_health.ir_cron_mail_domain_health_check')._trigger()
