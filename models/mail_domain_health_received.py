from odoo import fields, models


class MailDomainHealthReceived(models.Model):
    """What reporters that count said of each domain in the last 30 days, summed up: which one has the worst."""

    _name = 'mail.domain.health.received'
    _description = 'Email in Reports'
    _inherit = ['mail.harmless.export.mixin']
    _auto = False
    _depends = {'mail.domain.health.volume': [
        'domain_id', 'date', 'messages', 'dkim_aligned', 'spf_aligned', 'disposition', 'is_trusted']}
    _order = 'failed desc, messages desc, id'
    _rec_name = 'domain_id'

    domain_id = fields.Many2one('mail.domain.health', readonly=True)
    messages = fields.Integer("Emails", readonly=True)
    passed = fields.Integer("Verified", readonly=True)
    failed = fields.Integer("Not Verified", readonly=True)
    failed_share = fields.Float("Not Verified (%)", readonly=True, aggregator=None)
    unsigned = fields.Integer("Without Your Signature", readonly=True, help="Emails without a signature (DKIM) of the domain.")
    refused = fields.Integer("Rejected or Spam", readonly=True)
    last_date = fields.Date("Last Day", readonly=True)

    @property
    def _table_query(self):
        # The volumes of a month first, by their index; then a row for each domain.
        return """
            SELECT domain_id AS id, domain_id, sum(messages) AS messages,
                   COALESCE(sum(messages) FILTER (WHERE dkim_aligned OR spf_aligned), 0) AS passed,
                   COALESCE(sum(messages) FILTER (WHERE NOT dkim_aligned AND NOT spf_aligned), 0) AS failed,
                   round(100.0 * COALESCE(sum(messages) FILTER (WHERE NOT dkim_aligned AND NOT spf_aligned), 0)
                         / GREATEST(sum(messages), 1), 1)::float AS failed_share,
                   COALESCE(sum(messages) FILTER (WHERE NOT dkim_aligned), 0) AS unsigned,
                   COALESCE(sum(messages) FILTER (WHERE disposition IN ('reject', 'quarantine')), 0) AS refused,
                   max(date) AS last_date
              FROM mail_domain_health_volume WHERE is_trusted AND date >= CURRENT_DATE - 30 GROUP BY domain_id
        """

    def action_open_domain(self):
        """Open the report of the domain."""
        self.ensure_one()
        self.check_access('read')
        return self.domain_id._get_report_action()
