from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import mailauth
from .mail_domain_health import PARAMETER_NAMESERVERS, PARAMETER_NETWORKS

# What a name server is called, and which senders older versions forced, is for settings administrators.
ADMINISTRATORS_ONLY = frozenset({
    'mail_domain_health_nameservers', 'mail_domain_health_networks', 'mail_domain_health_interval_number',
    'mail_domain_health_interval_type', 'mail_domain_health_odoo_daily_limit', 'mail_force_smtp_from',
    'mail_dynamic_smtp_from', 'honours_legacy_sender', 'shows_legacy_sender',
})
PROBE_TIMEOUT = 2.0  # seconds that a name server of Settings has to give any answer


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    mail_domain_health = fields.Json("Email Domain Health", compute='_compute_mail_domain_health')
    mail_sending_service_id = fields.Many2one(related='company_id.mail_sending_service_id', readonly=False)
    mail_health_user_id = fields.Many2one(related='company_id.mail_health_user_id', readonly=False)
    mail_domain_health_nameservers = fields.Char(
        "Name Servers to Ask", config_parameter=PARAMETER_NAMESERVERS,
        help="The name servers to ask, separated by commas, with a port if it is not 53. "
             "Empty: those of the machine that Odoo runs on.",
    )
    mail_domain_health_networks = fields.Char(
        "Networks of Your Own", config_parameter=PARAMETER_NETWORKS,
        help="Internal networks in which name servers of your domains are, such as 10.0.0.0/8, separated by commas. "
             "Name servers at internal addresses are not asked otherwise, unless those above are internal, too.",
    )
    mail_domain_health_interval_number = fields.Integer("Check Every")
    mail_domain_health_interval_type = fields.Selection(
        # all of ir.cron's: a unit that is missing here would be replaced whenever Settings are saved
        [('minutes', "minutes"), ('hours', "hours"), ('days', "days"), ('weeks', "weeks"), ('months', "months")],
        "Unit of the Interval")

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_mail_domain_health(self):
        for settings in self:
            settings.mail_domain_health = settings.company_id._get_mail_domain_health_box() \
                if settings._shows_mail_domain_health() else None

    def _shows_mail_domain_health(self):
        """Whether the current user runs the mail of this company: settings administrators do, of companies of theirs."""
        return self.env.user.has_group('base.group_system') and self.company_id in self.env.user.company_ids

    @api.model
    def default_get(self, fields):
        """Keep our parameters from who does not administer settings: core reads them for whoever asks."""
        if not self.env.user.has_group('base.group_system'):
            fields = [name for name in fields if name not in ADMINISTRATORS_ONLY]
        return super().default_get(fields)

    @api.model
    def get_values(self):
        values = super().get_values()
        cron = self._get_mail_domain_health_cron()
        if cron and self.env.user.has_group('base.group_system'):
            values.update(
                mail_domain_health_interval_number=cron.interval_number,
                mail_domain_health_interval_type=cron.interval_type,
            )
        return values

    def set_values(self):
        self._check_mail_domain_health_nameservers()
        self._check_mail_domain_health_networks()
        result = super().set_values()
        self.company_id._set_default_mail_health_user()
        cron = self._get_mail_domain_health_cron()
        number, unit = self.mail_domain_health_interval_number, self.mail_domain_health_interval_type
        if cron and unit and (cron.interval_number, cron.interval_type) != (number, unit):
            if number < 1:
                raise UserError(self.env._("Check Every: enter 1 or more."))
            cron.write({'interval_number': number, 'interval_type': unit})
        return result

    def _get_mail_domain_health_cron(self):
        # No look whether it exists: its name goes with it.
        return self.env['ir.cron'].sudo().browse(self.env['ir.model.data']._xmlid_to_res_id(
            'mail_domain_health.ir_cron_mail_domain_health_check'))

    def _check_mail_domain_health_nameservers(self):
        """Refuse name servers that cannot be read, or that do not answer; ask only when they changed."""
        text = self.mail_domain_health_nameservers or ''
        before = self.env['ir.config_parameter'].sudo().get_param(PARAMETER_NAMESERVERS) or ''
        if text == before or not text.strip():
            return
        nameservers, problems = mailauth.parse_nameservers(text)
        if problems or not nameservers:
            raise UserError(self.env._(
                "Name servers to ask: “%(items)s” is not the address of a name server. "
                "Enter IP addresses separated by commas, for example “192.0.2.53, 127.0.0.1:5353”.",
                items="”, “".join(problems) or text,
            ))
        silent = mailauth.probe_nameservers(nameservers, timeout=PROBE_TIMEOUT)
        if silent:
            raise UserError(self.env._(
                "Name servers to ask: no answer from %(servers)s. Check address and port, or leave the field empty to use "
                "the name servers of the machine that Odoo runs on.",
                servers=', '.join(map(str, silent)),
            ))

    def _check_mail_domain_health_networks(self):
        _networks, problems = mailauth.parse_networks(self.mail_domain_health_networks or '')
        if problems:
            raise UserError(self.env._(
                "Networks of your own: “%(items)s” is no network. Enter networks separated by commas, for example "
                "“10.0.0.0/8, fd00::/8”.",
                items="”, “".join(problems),
            ))
