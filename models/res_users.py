from odoo import api, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env['mail.domain.health']._users_changed(users)
        return users

    def write(self, vals):
        # Where they are no longer, or no longer internal users, their sending paths end.
        left = None
        if not {'company_id', 'group_ids'}.isdisjoint(vals):
            left = self.sudo().filtered(lambda user: not user.share).company_id
        result = super().write(vals)
        if not {'active', 'company_id', 'group_ids', 'partner_id'}.isdisjoint(vals):
            self.env['mail.domain.health']._users_changed(self, left=left)
        return result

    def unlink(self):
        left = self.sudo().filtered(lambda user: not user.share).company_id
        result = super().unlink()
        self.env['mail.domain.health']._users_changed(left=left)
        return result
