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
    domain_count = fields.Integer("Domains", readonly=True, aggregator='count_distinct')
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="Verdict", readonly=True)
    is_foreign = fields.Boolean("Somebody Else's", readonly=True)
    mail_dns_provider_id = fields.Many2one('mail.dns.provider', "DNS Host", readonly=True)

    @property
    def _table_query(self):
        # Of each look the weeks that end while it is the last one, counted back from the present week (0).
        return SQL(
            """
            SELECT look.domain_id * 64 + week AS id, (present.began - week * interval '7 days')::date AS date, look.domain_id,
                   look.domain_id AS domain_count, look.state, look.is_foreign, look.mail_dns_provider_id
              FROM (SELECT date_trunc('week', now() AT TIME ZONE 'UTC') AS began) present
             CROSS JOIN (SELECT domain.id AS domain_id, seen.state, domain.is_foreign, domain.mail_dns_provider_id, seen.date,
                                lead(seen.date) OVER (PARTITION BY domain.id ORDER BY seen.date, seen.id) AS until
                           FROM mail_domain_health domain JOIN mail_domain_health_check seen ON seen.domain_id = domain.id
                          WHERE domain.active) look
             CROSS JOIN LATERAL generate_series(
                   CASE WHEN look.until IS NULL THEN 0
                        ELSE GREATEST(0, ceil(extract(epoch FROM present.began - look.until) / 604800)::int + 1) END,
                   LEAST(%s, ceil(extract(epoch FROM present.began - look.date) / 604800)::int)) week
            """, WEEKS)
