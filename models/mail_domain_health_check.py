from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from .. import mailauth
from ..display.history import get_changes

RETENTION_DAYS = 365
LOOKS_BEFORE = 20  # that may have to be read for what a look found anew, where DNS did not answer all of them


class MailDomainHealthCheck(models.Model):
    """One look at a domain that differed from the look before it."""

    _name = 'mail.domain.health.check'
    _description = 'Email Domain Check'
    _inherit = ['mail.harmless.export.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'

    domain_id = fields.Many2one('mail.domain.health', required=True, index=True, ondelete='cascade')
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    duration = fields.Float("Duration (s)", digits=(6, 2))
    state = fields.Selection(selection=lambda self: self.env['mail.domain.health']._state_selection())
    spf_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="SPF")
    dkim_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="DKIM")
    dmarc_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="DMARC")
    records = fields.Json("Records Seen", help="By protocol: the records that were published at that time.")
    is_complete = fields.Boolean(help="DNS answered all that was asked, so a record that is not here was not published.")
    records_text = fields.Text("Records", compute='_compute_records_text')
    change = fields.Json("What Changed", compute='_compute_change')

    @api.depends('date', 'domain_id.name')
    @api.depends_context('lang', 'tz')
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "%(domain)s, %(date)s", domain=check.domain_id.display_name,
                date=format_datetime(self.env, check.date, tz=str(self.env.tz)) if check.date else '')

    @api.depends('records')
    def _compute_records_text(self):
        for check in self:
            check.records_text = '\n'.join(
                f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in check.records or ())

    @api.depends('date', 'records')
    @api.depends_context('lang')
    def _compute_change(self):
        for check in self:
            before = self.search([
                ('domain_id', '=', check.domain_id.id),
                '|', ('date', '<', check.date), '&', ('date', '=', check.date), ('id', '<', check.id or 0),
            ], limit=LOOKS_BEFORE)
            *_before, (_check, check.change) = get_changes(before[::-1] + check)

    @api.autovacuum
    def _gc_checks(self):
        """Remove history past its retention; the newest row of a domain stays."""
        limit = fields.Datetime.now() - relativedelta(days=RETENTION_DAYS)
        newest = self._read_group([], ['domain_id'], ['id:max'])
        self.search([('date', '<', limit), ('id', 'not in', [check_id for _domain, check_id in newest])]).unlink()
