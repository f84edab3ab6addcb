from datetime import timedelta

from odoo import api, fields, models

from ..sending.departure import CONFIGURATION_FILE
from .mail_domain_health_path import MEASURED_SINCE

PARAMETER_LIMIT = 'mail_domain_health.odoo_daily_limit'
DEFAULT_LIMIT = 200  # Odoo's documentation: between 5 and 200 a day, by subscription and applications
NEAR = 0.8  # of the limit
ODOO = 'odoo'  # the code of Odoo's own servers in the catalogue


class ResConfigSettings(models.TransientModel):
    """How much of the daily limit of Odoo's own mail servers is used up."""

    _inherit = 'res.config.settings'

    sends_through_odoo = fields.Boolean(compute='_compute_odoo_mails')
    odoo_mails_sent = fields.Integer("Mails in the Last 24 Hours", compute='_compute_odoo_mails')
    odoo_mails_since = fields.Datetime("Counted Since", compute='_compute_odoo_mails', help="Set on the first day only.")
    odoo_mails_limit_is_near = fields.Boolean(compute='_compute_odoo_mails')
    odoo_mails_limit_is_reached = fields.Boolean(compute='_compute_odoo_mails')
    mail_domain_health_odoo_daily_limit = fields.Integer(
        "Daily Limit", config_parameter=PARAMETER_LIMIT, default=DEFAULT_LIMIT,
        help="How many mails a day Odoo's own servers send for your database: 200, if Odoo has told you nothing else.")

    @api.depends('company_id', 'mail_domain_health_odoo_daily_limit')
    def _compute_odoo_mails(self):
        servers = self._get_odoo_mail_servers() if self.env.user.has_group('base.group_system') else []
        now = fields.Datetime.now()
        count = self.env['mail.domain.health.sent']._count_since(now - timedelta(days=1), servers) if servers else 0
        since = fields.Datetime.to_datetime(self.env['ir.config_parameter'].sudo().get_param(MEASURED_SINCE)) or now
        for settings in self:
            limit = settings.mail_domain_health_odoo_daily_limit or DEFAULT_LIMIT
            settings.sends_through_odoo = bool(servers)
            settings.odoo_mails_sent = count
            settings.odoo_mails_since = since if now - since < timedelta(days=1) else False
            settings.odoo_mails_limit_is_reached = count >= limit
            settings.odoo_mails_limit_is_near = not settings.odoo_mails_limit_is_reached and count >= NEAR * limit

    def _get_odoo_mail_servers(self):
        """Return the servers that deliver through Odoo's own (0: the configuration file's); the limit is the database's."""
        paths = self.env['mail.domain.health.path'].sudo().search([
            ('company_id', 'in', self.company_id.ids), ('mail_sending_service_id.code', '=', ODOO)])
        return list({path.mail_server_id.id or CONFIGURATION_FILE for path in paths})
