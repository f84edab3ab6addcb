from odoo import api, fields, models

from ..proving import way_back
from ..receiving import addresses


class MailAliasDomain(models.Model):
    _inherit = 'mail.alias.domain'

    # Spares Settings a search by name.
    mail_domain_health_id = fields.Many2one(
        'mail.domain.health', "Email Domain Health", index='btree_not_null', readonly=True, copy=False,
        groups='base.group_system', ondelete='set null',
    )

    @api.model_create_multi
    def create(self, vals_list):
        alias_domains = super().create(vals_list)
        self.env['mail.domain.health']._configuration_changed(alias_domains.sudo().company_ids)
        return alias_domains

    def write(self, vals):
        companies = self.sudo().company_ids
        result = super().write(vals)
        if not {'name', 'bounce_alias', 'catchall_alias', 'default_from', 'company_ids'}.isdisjoint(vals):
            self.env['mail.domain.health']._configuration_changed(companies | self.sudo().company_ids)
        return result

    def unlink(self):
        companies = self.sudo().company_ids
        # Core deletes no domain that aliases are at, and nobody looks for ours.
        ours = addresses.get_aliases(self.env).filtered(lambda alias: alias.alias_domain_id in self)
        former = ours.mapped('alias_full_name')
        ours.unlink()
        result = super().unlink()
        way_back.move(self.env, former)
        self.env['mail.domain.health']._configuration_changed(companies)
        return result
