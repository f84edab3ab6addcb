from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..checking import quieting

MUTE_DAYS = 90  # that are proposed


class MailDomainHealthMute(models.TransientModel):
    """Keep findings quiet: of the list, of one report, or all that last of several domains."""

    _name = 'mail.domain.health.mute'
    _description = 'Mute Email Domain Findings'
    _inherit = ['mail.health.wizard']

    finding_ids = fields.Many2many(
        'mail.domain.health.finding', 'mail_domain_health_mute_finding_rel', 'mute_id', 'finding_id', "Findings",
        default=lambda self: self._default_finding_ids())
    finding_count = fields.Integer("Findings to Mute", compute='_compute_finding_count')
    ends = fields.Selection(
        [('date', "A certain day has come"), ('change', "They change or are resolved")], "Mute Until", required=True,
        default='date')
    date = fields.Date("Day", default=lambda self: fields.Date.context_today(self) + relativedelta(days=MUTE_DAYS))
    reason = fields.Char("Why")

    @api.model
    def _default_finding_ids(self):
        Finding, ids = self.env['mail.domain.health.finding'], self.env.context.get('active_ids') or []
        model = self.env.context.get('active_model')
        if model == 'mail.domain.health':
            return Finding.search([('domain_id', 'in', ids), ('resolved_on', '=', False), ('is_muted', '=', False)])
        return Finding.search([('id', 'in', ids), ('resolved_on', '=', False)]) if model == Finding._name else Finding

    @api.depends('finding_ids')
    def _compute_finding_count(self):
        for wizard in self:
            wizard.finding_count = len(wizard.finding_ids)

    def action_apply(self):
        """Mute them, with the rights of whoever asks."""
        self.ensure_one()
        self.check_access('write')
        if not (self.reason or '').strip():
            raise UserError(self.env._("Say why, so that others know: one sentence is enough."))
        quieting.mute(
            self.finding_ids, quieting.get_until(self.env, self.date) if self.ends == 'date' else False, self.reason.strip())
        return {'type': 'ir.actions.act_window_close'}
