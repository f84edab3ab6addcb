from odoo import api, fields, models

from ..display.rejections import receivers_said


class MailDomainHealth(models.Model):
    """The page about what receivers said of a domain's mail, made of stored values only."""

    _inherit = 'mail.domain.health'

    receivers_said = fields.Json("What Receivers Said", compute='_compute_receivers_said')

    @api.depends('judged_path_ids.evidence', 'judged_path_ids.sent_count', 'state')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_receivers_said(self):
        for domain in self:
            paths = domain.judged_path_ids.filtered(lambda path: path.company_id in self.env.companies)
            domain.receivers_said = receivers_said(paths, domain.state)
