from odoo import fields, models
from odoo.tools import SQL

WEEKS = 52  # before the present one


class MailDomainHealthHistory(models.Model):
    """The verdict of each domain at the end of each week of the last year; of the present week, as it is now.

    Checks leave a row only where something changed: this has one for every week, to be counted.
    """

    _name = 'mail.domain.health.history'
    _description = 'Email Domains Over Time'
    _auto = False
    _order = 'date desc, domain_id'
    _rec_name = 'domain_id'

    date = fields.Date("Week", readonly=True, help="Its Monday.")
    domain_id = fields.Many2one('mail.domain.health', readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="Verdict", readonly=True)
    is_foreign = fields.Boolean("Somebody Else's", readonly=True)
    mail_dns_provider_id = fields.Many2one('mail.dns.provider', "DNS Host", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT domain.id * 64 + week.number AS id, week.began::date AS date, domain.id AS domain_id, look.state,
                   domain.is_foreign, domain.mail_dns_provider_id
              FROM mail_domain_health domain
              JOIN (SELECT domain_id, state, date AS seen,
                           lead(date, 1, 'infinity') OVER (PARTITION BY domain_id ORDER BY date, id) AS until
                      FROM mail_domain_health_check) look ON look.domain_id = domain.id
              JOIN (SELECT number, date_trunc('week', now() AT TIME ZONE 'UTC') - number * interval '7 days' AS began
                      FROM generate_series(0, %s) number) week
                   ON look.seen < week.began + interval '7 days' AND look.until >= week.began + interval '7 days'
             WHERE domain.active
            """, WEEKS)
