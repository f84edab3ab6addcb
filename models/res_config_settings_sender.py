from odoo import api, fields, models
from odoo.exceptions import UserError

from ..display.sender_box import sender_box
from ..sending.legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, PARAMETER_HONOUR, sender_address


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    mail_sender_box = fields.Json("Default Sender Address", compute='_compute_mail_sender_box')
    shows_legacy_sender = fields.Boolean("System Parameters of Older Versions")
    mail_force_smtp_from = fields.Char(
        "All Mail Leaves As", config_parameter=PARAMETER_FORCE,
        help="System parameter mail.force.smtp.from: every mail of every company leaves as this address.")
    mail_dynamic_smtp_from = fields.Char(
        "Mail From Outside Leaves As", config_parameter=PARAMETER_DYNAMIC,
        help="System parameter mail.dynamic.smtp.from: mail whose author has no address at the company's email domain "
             "leaves as this address.")
    honours_legacy_sender = fields.Boolean(
        "Honour These System Parameters", config_parameter=PARAMETER_HONOUR,
        help="Odoo itself reads neither of them since version 15.")

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_mail_sender_box(self):
        for settings in self:
            settings.mail_sender_box = sender_box(settings.company_id.with_company(settings.company_id)) \
                if settings._shows_mail_domain_health() else None

    @api.model
    def get_values(self):
        values = super().get_values()
        if not self.env.user.has_group('base.group_system'):
            return values
        get_param = self.env['ir.config_parameter'].sudo().get_param
        values['shows_legacy_sender'] = any(
            get_param(key) for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC, PARAMETER_HONOUR))
        values['honours_legacy_sender'] = self.env['ir.mail_server']._honours_legacy_sender()
        return values

    @api.onchange('mail_force_smtp_from', 'mail_dynamic_smtp_from')
    def _onchange_legacy_sender(self):
        """Honour what is created here; what was there before waits for a decision of its own."""
        get_param = self.env['ir.config_parameter'].sudo().get_param
        if not get_param(PARAMETER_FORCE) and not get_param(PARAMETER_DYNAMIC):
            self.honours_legacy_sender = bool(self.mail_force_smtp_from or self.mail_dynamic_smtp_from)

    def set_values(self):
        get_param = self.env['ir.config_parameter'].sudo().get_param
        for name in ('mail_force_smtp_from', 'mail_dynamic_smtp_from'):
            value = (self[name] or '').strip()
            if value and value != get_param(self._fields[name].config_parameter) and not sender_address(value):
                raise UserError(self.env._(
                    "%(label)s: “%(value)s” is not one plain email address.",
                    label=self._fields[name]._description_string(self.env), value=value))
        return super().set_values()
