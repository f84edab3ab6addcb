import os
from urllib.parse import urlsplit

from odoo import api, fields, models, tools

from ..sending.asking_core import ASKED, Asked


class IrMail_Server(models.Model):
    _inherit = 'ir.mail_server'

    mail_sending_service_id = fields.Many2one(
        'mail.sending.service', "Sending Service", index='btree_not_null',
        compute='_compute_mail_sending_service_id', store=True, readonly=False, groups='base.group_system',
        help="Who delivers the mail that is handed to this server. Recognised by the server's name; correct it here.",
    )

    @api.depends('smtp_host', 'smtp_authentication')
    def _compute_mail_sending_service_id(self):
        for server in self:
            host = tools.config['smtp_server'] if server.smtp_authentication == 'cli' else server.smtp_host
            server.mail_sending_service_id = self.env['mail.sending.service']._recognise(host)

    @api.model_create_multi
    def create(self, vals_list):
        servers = super().create(vals_list)
        self.env['mail.domain.health']._configuration_changed()
        return servers

    def write(self, vals):
        result = super().write(vals)
        if not {
            'active', 'from_filter', 'mail_sending_service_id', 'owner_user_id', 'sequence',
            'smtp_authentication', 'smtp_host', 'smtp_user',
        }.isdisjoint(vals):
            self.env['mail.domain.health']._configuration_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env['mail.domain.health']._configuration_changed()
        return result

    @api.model
    def _get_default_from_address(self):
        self._note_company_asked()
        return super()._get_default_from_address()

    @api.model
    def _get_default_bounce_address(self):
        self._note_company_asked()
        return super()._get_default_bounce_address()

    def _note_company_asked(self):
        """Tell a probe that this setting of the acting company decided; no answer is changed."""
        asked = self.env.context.get(ASKED)
        if isinstance(asked, Asked):  # and nothing that a client put there
            asked.company = True

    @api.model
    def _get_configuration_file_service(self):
        """Return the service behind the server of the configuration file, or an empty recordset.

        ``localhost``, an address and an unknown name say nothing about who delivers
        the mail in the end, and are *not* Odoo's own servers. Those are recognised by
        the environment of Odoo.sh, or by the database's address under odoo.com.
        """
        service = self.env['mail.sending.service']._recognise(tools.config['smtp_server'])
        if service:
            return service
        base_host = urlsplit(self.env['ir.config_parameter'].sudo().get_param('web.base.url') or '').hostname or ''
        if os.environ.get('ODOO_STAGE') or base_host.endswith('.odoo.com'):
            return self.env.ref('mail_domain_health.sending_service_odoo', raise_if_not_found=False) or service
        return service
