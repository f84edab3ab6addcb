from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import mailauth
from ..checking import crons, retention
from ..contacts.consent import DEFAULT_RATE, PARAMETER_RATE
from ..receiving import storing
from ..sending.legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, PARAMETER_HONOR, sender_address
from .mail_domain_health import CRON, PARAMETER_NAMESERVERS, PARAMETER_NETWORKS
from .mail_domain_health_path import MEASURED_SINCE

# What a name server is called, and which senders older versions forced, is for settings administrators.
ADMINISTRATORS_ONLY = frozenset({
    'mail_domain_health_nameservers', 'mail_domain_health_networks', 'mail_domain_health_interval_number',
    'mail_domain_health_interval_type', 'mail_domain_health_additional_workers', 'mail_domain_health_odoo_daily_limit',
    'mail_force_smtp_from', 'mail_dynamic_smtp_from', 'honors_legacy_sender', 'shows_legacy_sender',
    'mail_domain_health_contacts_rate',
    'mail_domain_health_retention_days', 'mail_domain_health_reports_retention_days',
})
PROBE_TIMEOUT = 2.0  # seconds that a name server of Settings has to give any answer
PARAMETER_LIMIT = 'mail_domain_health.odoo_daily_limit'
DEFAULT_LIMIT = 200  # Odoo's documentation: between 5 and 200 a day, by subscription and applications
NEAR = 0.8  # of the limit


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    mail_domain_health = fields.Json("Email Domain Health", compute='_compute_mail_domain_health')
    mail_sending_service_id = fields.Many2one(related='company_id.mail_sending_service_id', readonly=False)
    mail_health_user_id = fields.Many2one(related='company_id.mail_health_user_id', readonly=False)
    mail_health_proof_address = fields.Char(related='company_id.mail_health_proof_address', readonly=False)
    mail_health_repeats_proofs = fields.Boolean(related='company_id.mail_health_repeats_proofs', readonly=False)
    mail_health_also_mails = fields.Boolean(related='company_id.mail_health_also_mails', readonly=False)
    mail_health_sends_digest = fields.Boolean(related='company_id.mail_health_sends_digest', readonly=False)
    mail_domain_health_nameservers = fields.Char(
        "Name Servers to Ask", config_parameter=PARAMETER_NAMESERVERS,
        help="The name servers to ask, separated by commas, with a port if it is not 53. Empty: those of the server "
             "that Odoo runs on.",
    )
    mail_domain_health_networks = fields.Char(
        "Your Own Networks", config_parameter=PARAMETER_NETWORKS,
        help="Internal networks that contain name servers of your domains, such as 10.0.0.0/8, separated by commas. "
             "Otherwise name servers at internal addresses are not asked, unless those above are internal too.",
    )
    mail_domain_health_contacts_rate = fields.Integer(
        "Questions to DNS a Second About Domains of Contacts", config_parameter=PARAMETER_RATE, default=DEFAULT_RATE,
        help="Of all workers together. 10,000 or more: as fast as the name servers answer.")
    mail_domain_health_retention_days = fields.Integer(
        "Days of History to Keep", config_parameter=retention.PARAMETER_RETENTION, default=retention.DEFAULT_DAYS,
        help="What was published and found longer ago is removed once a day, and so are findings that were resolved before.")
    mail_domain_health_reports_retention_days = fields.Integer(
        "Days of DMARC Reports to Keep", config_parameter=storing.PARAMETER_RETENTION, default=storing.DEFAULT_DAYS,
        help="What receivers reported is kept as numbers by day, IP address of the sending server and outcome, without any email "
             "or address of a person. The emails that brought reports are removed once they are read, those whose sender nothing "
             "proves after 30 days. Which reports were counted is known for 400 days, so that none is counted twice.")
    mail_domain_health_interval_number = fields.Integer("Check Every")
    mail_domain_health_interval_type = fields.Selection(
        # all of ir.cron's: a unit that is missing here would be replaced whenever Settings are saved
        [('minutes', "minutes"), ('hours', "hours"), ('days', "days"), ('weeks', "weeks"), ('months', "months")],
        "Unit of the Interval")
    mail_domain_health_additional_workers = fields.Integer(
        "Additional Workers",
        help="Scheduled actions that share the check of many domains. Each takes one of the server's cron workers "
             "(max_cron_threads) while it runs.")

    shows_legacy_sender = fields.Boolean("System Parameters of Older Versions")
    mail_force_smtp_from = fields.Char(
        "All Mail Is Sent From", config_parameter=PARAMETER_FORCE,
        help="System parameter mail.force.smtp.from: all mail of all companies is sent from this address.")
    mail_dynamic_smtp_from = fields.Char(
        "Mail From Other Domains Is Sent From", config_parameter=PARAMETER_DYNAMIC,
        help="System parameter mail.dynamic.smtp.from: mail whose author has no address at the company's email domain "
             "is sent from this address.")
    honors_legacy_sender = fields.Boolean(
        "Honor These System Parameters", config_parameter=PARAMETER_HONOR,
        help="Odoo itself has ignored both since version 15.")

    # How much of the daily limit of Odoo's own mail servers is used up
    sends_through_odoo = fields.Boolean(compute='_compute_odoo_mails')
    odoo_mails_sent = fields.Integer("Emails in the Last 24 Hours", compute='_compute_odoo_mails')
    odoo_mails_since = fields.Datetime("Counted Since", compute='_compute_odoo_mails', help="Set on the first day only.")
    odoo_mails_limit_is_near = fields.Boolean(compute='_compute_odoo_mails')
    odoo_mails_limit_is_reached = fields.Boolean(compute='_compute_odoo_mails')
    mail_domain_health_odoo_daily_limit = fields.Integer(
        "Daily Limit", config_parameter=PARAMETER_LIMIT, default=DEFAULT_LIMIT,
        help="How many emails a day Odoo's own servers send for your database: 200, unless Odoo has told you otherwise.")

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_mail_domain_health(self):
        for settings in self:
            settings.mail_domain_health = settings.company_id._get_mail_domain_health_box() \
                if settings._shows_mail_domain_health() else None

    @api.depends('mail_domain_health', 'mail_domain_health_odoo_daily_limit')
    def _compute_odoo_mails(self):
        now = fields.Datetime.now()
        since = fields.Datetime.to_datetime(self.env['ir.config_parameter'].sudo().get_param(MEASURED_SINCE)) or now
        for settings in self:
            count = (settings.mail_domain_health or {}).get('odoo_mails')
            limit = settings.mail_domain_health_odoo_daily_limit or DEFAULT_LIMIT
            settings.sends_through_odoo = count is not None
            settings.odoo_mails_sent = count or 0
            settings.odoo_mails_since = since if now - since < timedelta(days=1) else False
            settings.odoo_mails_limit_is_reached = settings.odoo_mails_sent >= limit
            settings.odoo_mails_limit_is_near = NEAR * limit <= settings.odoo_mails_sent < limit

    @api.onchange('mail_force_smtp_from', 'mail_dynamic_smtp_from')
    def _onchange_legacy_sender(self):
        """Honor what is created here; what was there before waits for a decision of its own."""
        get_param = self.env['ir.config_parameter'].sudo().get_param
        if not get_param(PARAMETER_FORCE) and not get_param(PARAMETER_DYNAMIC):
            self.honors_legacy_sender = bool(self.mail_force_smtp_from or self.mail_dynamic_smtp_from)

    def _shows_mail_domain_health(self):
        """Whether the current user runs the mail of this company: settings administrators do, of companies of theirs."""
        return self.env.user.has_group('base.group_system') and self.company_id.id in self.env.user._get_company_ids()

    @api.model
    def default_get(self, fields):
        """Keep our parameters from who does not administer settings: core reads them for whoever asks."""
        if not self.env.user.has_group('base.group_system'):
            fields = [name for name in fields if name not in ADMINISTRATORS_ONLY]
        return super().default_get(fields)

    @api.model
    def get_values(self):
        values = super().get_values()
        if not self.env.user.has_group('base.group_system'):
            return values
        workers = crons.get_workers(self.env, 'mail.domain.health')  # ours, which the box asks for as well, is read with them
        if cron := self.env['mail.domain.health']._get_cron():
            values.update(
                mail_domain_health_interval_number=cron.interval_number,
                mail_domain_health_interval_type=cron.interval_type,
                mail_domain_health_additional_workers=len(workers - cron),
            )
        get_param = self.env['ir.config_parameter'].sudo().get_param
        values['shows_legacy_sender'] = any(
            get_param(key) for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC, PARAMETER_HONOR))
        values['honors_legacy_sender'] = self.env['ir.mail_server']._honors_legacy_sender()
        return values

    def set_values(self):
        self._check_legacy_sender()
        self._check_mail_domain_health_nameservers()
        self._check_mail_domain_health_networks()
        if self.env.user.has_group('base.group_system') and self.mail_domain_health_contacts_rate < 1:
            raise UserError(self.env._("Questions a second about domains of contacts: enter 1 or more."))
        self._check_mail_domain_health_retention()
        result = super().set_values()
        self.company_id._set_default_mail_health_user()
        cron = self.env['mail.domain.health']._get_cron()
        number, unit = self.mail_domain_health_interval_number, self.mail_domain_health_interval_type
        if cron and unit and (cron.interval_number, cron.interval_type) != (number, unit):
            if number < 1:
                raise UserError(self.env._("Check Every: enter 1 or more."))
            cron.write({'interval_number': number, 'interval_type': unit})
        self._set_additional_workers()
        return result

    def _set_additional_workers(self):
        number = self.mail_domain_health_additional_workers
        if not self.env.user.has_group('base.group_system') or number == len(crons.get_additional(self.env, CRON)):
            return
        if not 0 <= number <= crons.MOST:
            raise UserError(self.env._("Additional workers: enter a number from 0 to %(most)s.", most=crons.MOST))
        crons.set_additional(self.env, CRON, number)

    def _check_legacy_sender(self):
        get_param = self.env['ir.config_parameter'].sudo().get_param
        for name in ('mail_force_smtp_from', 'mail_dynamic_smtp_from'):
            value = (self[name] or '').strip()
            if value and value != get_param(self._fields[name].config_parameter) and not sender_address(value):
                raise UserError(self.env._(
                    "%(label)s: “%(value)s” is not a single email address.",
                    label=self._fields[name]._description_string(self.env), value=value))

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
                "Name servers to ask: no answer from %(servers)s. Check address and port, or leave the field empty to "
                "use the name servers of the server that Odoo runs on.",
                servers=', '.join(map(str, silent)),
            ))

    def _check_mail_domain_health_retention(self):
        days = self.mail_domain_health_retention_days
        if self.env.user.has_group('base.group_system') and not retention.MIN_DAYS <= days <= retention.MAX_DAYS:
            raise UserError(self.env._(
                "Days of history to keep: enter between %(least)s and %(most)s.",
                least=retention.MIN_DAYS, most=retention.MAX_DAYS))
        days = self.mail_domain_health_reports_retention_days
        if self.env.user.has_group('base.group_system') and not storing.MIN_DAYS <= days <= storing.MAX_DAYS:
            raise UserError(self.env._(
                "Days of DMARC reports to keep: enter between %(least)s and %(most)s.",
                least=storing.MIN_DAYS, most=storing.MAX_DAYS))

    def _check_mail_domain_health_networks(self):
        _networks, problems = mailauth.parse_networks(self.mail_domain_health_networks or '')
        if problems:
            raise UserError(self.env._(
                "Your own networks: “%(items)s” is not a network. Enter networks separated by commas, for example "
                "“10.0.0.0/8, fd00::/8”.",
                items="”, “".join(problems),
            ))
