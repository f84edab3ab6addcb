from odoo import api, models

from ..sending.legacy_parameters import LEGACY_PARAMETERS, PARAMETER_HONOR
from ..sending.rules import FROM_FILTER

# These do steer the sender in Odoo 19.
LIVE_PARAMETERS = (FROM_FILTER, 'mail.disable_personal_mail_servers', PARAMETER_HONOR)


class IrConfigParameter(models.Model):
    _inherit = 'ir.config_parameter'

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        parameters._refresh_mail_domain_health()
        return parameters

    def write(self, vals):
        result = super().write(vals)
        if 'key' in vals or 'value' in vals:
            self._refresh_mail_domain_health()
        return result

    def unlink(self):
        concerned = any(parameter.key in LEGACY_PARAMETERS + LIVE_PARAMETERS for parameter in self)
        result = super().unlink()
        if concerned:
            self.env['mail.domain.health']._configuration_changed()
        return result

    def _refresh_mail_domain_health(self):
        if any(parameter.key in LEGACY_PARAMETERS + LIVE_PARAMETERS for parameter in self):
            self.env['mail.domain.health']._configuration_changed()
