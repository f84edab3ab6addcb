from odoo import models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def write(self, vals):
        result = super().write(vals)
        if 'email' in vals:
            self.env['mail.domain.health']._users_changed(partners=self)
        return result
