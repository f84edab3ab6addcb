from odoo import api, fields, models
from odoo.tools import SQL


class MailDomainHealthNote(models.Model):
    """Something that the scheduled check has to follow: rows that others only ever add, and that it removes.

    Whoever changes an address must neither wait nor fail because of it. Hence no shared row that two transactions
    would write, and no foreign key (it locks the row that it points to).
    """

    _name = 'mail.domain.health.note'
    _description = 'Pending Change'
    _order = 'id'
    _log_access = False

    company_id = fields.Integer(required=True, help="res.company")
    scope = fields.Selection(
        [
            ('users', "User Addresses"),
            ('everything', "All Sending Paths"),
            ('findings', "Findings"),
        ], required=True)
    position = fields.Char(help="How far the scheduled check got with it: the last domain of users that it followed.")
    noted_on = fields.Datetime(required=True)

    @api.model
    def _add(self, scope, company_ids):
        """Note a change in these companies, as part of the transaction that makes it."""
        now = fields.Datetime.now()
        self.env.cr.execute(SQL(
            "INSERT INTO mail_domain_health_note (company_id, scope, noted_on) VALUES %s",
            SQL(", ").join(SQL("(%s, %s, %s)", company_id, scope, now) for company_id in company_ids)))

    @api.model
    def _add_missing(self, scope, company_ids):
        """Note it for those of these companies of which it is not noted yet."""
        self.flush_model()
        known = {company_id for [company_id] in self.env.execute_query(SQL(
            "SELECT company_id FROM mail_domain_health_note WHERE scope = %s AND position IS NULL", scope))}
        missing = sorted(set(company_ids) - known)
        if missing:
            self._add(scope, missing)

    def _forget(self):
        """Remove what was followed, without a line in the log for each."""
        if self:
            self.env.cr.execute(SQL("DELETE FROM mail_domain_health_note WHERE id = ANY(%s)", self.ids))
            self.invalidate_model()

    @api.model
    def _are_worked_out(self, companies):
        """Whether the sending paths of these companies are what their settings and addresses say, as far as we were told."""
        return self.env['mail.domain.health']._is_neutralized() or not self.sudo().search_count(
            [('company_id', 'in', companies.ids), ('scope', '!=', 'findings')], limit=1)
