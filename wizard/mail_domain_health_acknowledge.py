from odoo import api, fields, models

from ..checking import announcement, quieting


class MailDomainHealthAcknowledge(models.TransientModel):
    """Say that somebody is on what broke: nobody is reminded until a day, or until it is in order again."""

    _name = 'mail.domain.health.acknowledge'
    _description = 'Somebody Is on It'
    _inherit = ['mail.health.wizard']

    domain_ids = fields.Many2many(
        'mail.domain.health', 'mail_domain_health_acknowledge_domain_rel', 'acknowledge_id', 'domain_id', "Domains",
        default=lambda self: self._default_domain_ids())
    domain_count = fields.Integer("Broken Domains", compute='_compute_domain_count')
    ends = fields.Selection(
        [('whole', "All is in order again"), ('date', "A certain day has come")], "Remind Nobody Until", required=True,
        default='whole')
    date = fields.Date("Day")
    reason = fields.Char("What You Do About It")

    @api.model
    def _default_domain_ids(self):
        if self.env.context.get('active_model') != 'mail.domain.health':
            return False
        return [fields.Command.set(self.env.context.get('active_ids') or [])]

    @api.depends('domain_ids')
    def _compute_domain_count(self):
        for wizard in self:
            wizard.domain_count = len(wizard.domain_ids.filtered(
                lambda domain: domain.acknowledged_on or announcement.has(domain.announced or {}, announcement.BROKEN)))

    def action_apply(self):
        """Note it of those of the domains that are broken, with the rights of whoever asks."""
        self.ensure_one()
        self.check_access('write')
        quieting.acknowledge(
            self.domain_ids, quieting.get_until(self.env, self.date) if self.ends == 'date' else False,
            (self.reason or '').strip() or False)
        return {'type': 'ir.actions.act_window_close'}
