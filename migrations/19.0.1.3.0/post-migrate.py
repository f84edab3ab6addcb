"""Fill what lists sort, filter and search by, of what is stored: nobody has to wait for the next check."""

from odoo import SUPERUSER_ID, api

from odoo.addons.mail_domain_health.checking.overview_columns import get_columns

AT_ONCE = 200  # domains, whose reports are in memory together


def migrate(cr, version):
    """Work out since when each verdict lasts, from the history, and the other columns, from the last report."""
    fill_since(cr)
    domains = api.Environment(cr, SUPERUSER_ID, {})['mail.domain.health'].with_context(
        active_test=False, tracking_disable=True)
    ids = domains.search([('report', '!=', False)]).ids
    for start in range(0, len(ids), AT_ONCE):
        some = domains.browse(ids[start:start + AT_ONCE])
        some._read_together()
        for domain in some:
            domain.write(get_columns(domain))
        some.flush_recordset()
        some.invalidate_recordset()


def fill_since(cr):
    """A verdict began with the first row behind the last one of another verdict; silence ends none but its own.

    A domain without history is as it is since it was looked at, or watched, first.
    """
    cr.execute("""
        UPDATE mail_domain_health domain SET state_since = COALESCE((
            SELECT min(look.date) FROM mail_domain_health_check look
             WHERE look.domain_id = domain.id AND look.state = domain.state AND NOT EXISTS (
                   SELECT FROM mail_domain_health_check other
                    WHERE other.domain_id = domain.id AND other.state != domain.state
                      AND (other.state != 'unknown' OR domain.state = 'unknown')
                      AND (other.date, other.id) > (look.date, look.id))
        ), domain.last_check, domain.create_date)
    """)
    cr.execute("UPDATE mail_domain_health SET known_since = state_since WHERE state != 'unknown'")
