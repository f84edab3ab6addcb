"""Who delivers what is handed to a mail server, and whose mail that service takes."""

import os
from collections import namedtuple
from urllib.parse import urlsplit

from odoo.tools import config
from odoo.tools.mail import email_normalize

# Where a login without a password tells who delivers, whatever the host is called.
SERVICE_OF_AUTHENTICATION = {'gmail': 'google', 'outlook': 'microsoft'}

# ``rule`` as in mail.sending.service; ``provider`` is '', 'gmail', 'outlook', or 'account' for another service that takes
# its account's mail only; ``account`` is the address that logs in, ``login`` what it logs in with.
SenderRule = namedtuple('SenderRule', 'rule provider service account login')


def sending_service(company, server):
    """Return the mail.sending.service that delivers what leaves through ``server`` (empty: the configuration file's)."""
    if server:
        return server.mail_sending_service_id or company.sudo().mail_sending_service_id
    return company.sudo().mail_sending_service_id or server._get_configuration_file_service()


def configuration_file_service(env):
    """Return the service behind the server of the configuration file, or an empty recordset.

    ``localhost``, an address and an unknown name say nothing about who delivers
    the mail in the end, and are *not* Odoo's own servers. Those are recognized by
    the environment of Odoo.sh, or by the database's address under odoo.com.
    """
    service = env['mail.sending.service']._recognize(config['smtp_server'])
    if service:
        return service
    base_host = urlsplit(env['ir.config_parameter'].sudo().get_param('web.base.url') or '').hostname or ''
    if os.environ.get('ODOO_STAGE') or base_host.endswith('.odoo.com'):
        return env.ref('mail_domain_health.sending_service_odoo', raise_if_not_found=False) or service
    return service


def sender_rule(server):
    """Return the :class:`SenderRule` of a server; of the configuration file's where ``server`` is empty."""
    env, server = server.env, server.sudo()
    is_own = bool(server) and server.smtp_authentication != 'cli'
    host, login = (server.smtp_host, server.smtp_user) if is_own else (config.get('smtp_server'), config.get('smtp_user'))
    service = server.mail_sending_service_id if server else server._get_configuration_file_service().sudo()
    rule = service._get_sender_rule(host)
    code = SERVICE_OF_AUTHENTICATION.get(server.smtp_authentication) if server else None
    if code:
        service = env.ref(f'mail_domain_health.sending_service_{code}', raise_if_not_found=False).sudo() or service
        rule = service.sender_rule or ''
    provider = {'google': 'gmail', 'microsoft': 'outlook'}.get(service.code, 'account') \
        if rule in ('account', 'replaced') else ''
    login = login or ''
    return SenderRule(rule, provider, next(iter(service._get_stored_names()), ''), email_normalize(login) or '', login)
