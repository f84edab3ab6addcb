from odoo import api, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env['mail.domain.health']._users_changed(users)
        return users

    def write(self, vals):
        result = super().write(vals)
        if not {'active', 'company_id', 'partner_id'}.isdisjoint(vals):
            self.env['mail.domain.health']._users_changed(self)
        return result
