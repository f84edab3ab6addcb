from odoo import api, fields, models

from ..checking.watch_list import parameter_domain


class MailAliasDomainAdopt(models.TransientModel):
    """Turn the old parameter ``mail.catchall.domain`` into an alias domain, after showing what that changes."""

    _name = 'mail.alias.domain.adopt'
    _description = 'Create the Alias Domain'
    _inherit = ['mail.health.wizard']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, readonly=True)
    name = fields.Char("Alias Domain", compute='_compute_effects')
    is_first = fields.Boolean(compute='_compute_effects')
    company_names = fields.Char("Companies", compute='_compute_effects')
    alias_count = fields.Integer("Aliases", compute='_compute_effects')

    @api.depends('company_id')
    def _compute_effects(self):
        name = parameter_domain(self.env, 'mail.catchall.domain')
        existing = self.env['mail.alias.domain'].sudo().search_count([], limit=1)
        companies = self.env['res.company'].sudo().with_context(active_test=False).search(
            [('alias_domain_id', '=', False)])
        aliases = self.env['mail.alias'].sudo().search_count([('alias_domain_id', '=', False)])
        for adoption in self:
            adoption.name = name
            # core gives the very first alias domain to every company and alias without one
            adoption.is_first = not existing
            adoption.company_names = ', '.join((adoption.company_id if existing else companies).mapped('name'))
            adoption.alias_count = 0 if existing else aliases

    def action_create(self):
        """Create the alias domain by core's own migration, and give it to the company."""
        self.ensure_one()
        self.check_access('write')
        alias_domain = self.env['mail.alias.domain']._migrate_icp_to_domain()
        if not self.company_id.alias_domain_id:
            self.company_id.alias_domain_id = alias_domain
        return {'type': 'ir.actions.client', 'tag': 'reload'}
