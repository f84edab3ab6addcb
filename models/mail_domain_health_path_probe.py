import contextlib
import logging
import threading
from collections import namedtuple

from odoo import api, models
from odoo.tools.mail import email_normalize, email_split_and_format_normalize

Route = namedtuple('Route', 'server from_email envelope_from')
_mail_server_logger = logging.getLogger('odoo.addons.base.models.ir_mail_server')


class _Session:
    """Stands in for an SMTP connection where core wants to know what the server lets through."""

    def __init__(self, from_filter, smtp_from):
        self.from_filter = from_filter
        self.smtp_from = smtp_from


@contextlib.contextmanager
def _silent_mail_server_log():
    """Keep core's warnings about filters out of the log while we only ask what would happen."""
    thread = threading.get_ident()

    def concerns_another_thread(_record):
        return threading.get_ident() != thread

    _mail_server_logger.addFilter(concerns_another_thread)
    try:
        yield
    finally:
        _mail_server_logger.removeFilter(concerns_another_thread)


class MailDomainHealthPath(models.Model):
    """How a mail would leave, asked of core's own methods."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _probe(self, company, author, mail_servers=None):
        """Return the :class:`Route` that core would choose for mail of ``author`` in ``company``.

        Core's own methods answer, with a stand-in for the SMTP session: a copy of
        their logic would be wrong sooner or later. Nothing is sent or connected to.

        :param str author: an address, as it stands in ``mail.mail.email_from``
        :param mail_servers: the servers that this author may use (default: all that are nobody's own)
        :return: ``None`` where core finds no address that mail could leave as
        """
        alias_domain = company.sudo().alias_domain_id
        IrMailServer = self.env['ir.mail_server'].with_company(company).sudo()
        IrMailServer = IrMailServer._with_sender_decided(author, alias_domain)
        contextual = IrMailServer.with_context(
            domain_notifications_email=alias_domain.default_from_email,
            domain_bounce_address=alias_domain.bounce_email,
        ) if alias_domain else IrMailServer
        if mail_servers is None:
            mail_servers = self._get_shared_mail_servers()
        normalized = email_split_and_format_normalize(author)
        email_from = normalized[0] if normalized else author
        with _silent_mail_server_log():
            server, smtp_from = contextual._find_mail_server(email_from, mail_servers)
            if not server:
                # _connect__ asks again, without the alias domain (see _find_mail_server, step 5)
                server, smtp_from = IrMailServer._find_mail_server(smtp_from)
            server = server or IrMailServer.browse()
            from_filter = server.from_filter if server else IrMailServer._get_default_from_filter()
            message = contextual._build_email__(
                email_from=email_from, email_to=['receiver@example.com'], subject='', body='',
            )
            try:
                envelope_from, _to, message = contextual._prepare_email_message__(
                    message, _Session(from_filter, smtp_from))
            except AssertionError:  # no address that could stand in the envelope
                return None
        return Route(server, email_normalize(message['From']) or '', email_normalize(envelope_from) or '')

    @api.model
    def _get_shared_mail_servers(self):
        return self.env['ir.mail_server'].sudo().search([('owner_user_id', '=', False)], order='sequence, id')
