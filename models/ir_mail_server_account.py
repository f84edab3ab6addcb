"""Servers that take mail of the account that logs in, and of nobody else."""

from collections import namedtuple

from odoo import api, models
from odoo.tools import config
from odoo.tools.mail import email_normalize

# Where a login without a password tells who delivers, whatever the host is called.
SERVICE_OF_AUTHENTICATION = {'gmail': 'google', 'outlook': 'microsoft'}

# ``rule`` as in mail.sending.service; ``provider`` is '', 'gmail', 'outlook', or 'account' for another service that takes
# its account's mail only; ``account`` is the address that logs in, ``login`` what it logs in with.
SenderRule = namedtuple('SenderRule', 'rule provider service account login')


class IrMail_Server(models.Model):
    _inherit = 'ir.mail_server'

    @api.model
    def _get_sender_rule(self):
        """Return the :class:`SenderRule` of this server; of the configuration file's where there is none (``self`` empty)."""
        server = self.sudo()
        is_own = bool(server) and server.smtp_authentication != 'cli'
        host, login = (server.smtp_host, server.smtp_user) if is_own else (config.get('smtp_server'), config.get('smtp_user'))
        service = server.mail_sending_service_id if server else server._get_configuration_file_service().sudo()
        rule = service._get_sender_rule(host)
        code = SERVICE_OF_AUTHENTICATION.get(server.smtp_authentication) if server else None
        if code:
            service = self.env.ref(f'mail_domain_health.sending_service_{code}', raise_if_not_found=False).sudo() or service
            rule = service.sender_rule or ''
        provider = {'google': 'gmail', 'microsoft': 'outlook'}.get(service.code, 'account') \
            if rule in ('account', 'replaced') else ''
        login = login or ''
        return SenderRule(rule, provider, service.name or '', email_normalize(login) or '', login)
