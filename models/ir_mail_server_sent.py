import logging

from odoo import models
from odoo.tools import config

from ..sending.departure import (
    CONFIGURATION_FILE,
    OTHER_HOST,
    Sender,
    expect,
    first_address,
    host_of,
    is_watched,
    watch,
)
from .mail_domain_health_sent import SENDING, Sending

_logger = logging.getLogger(__name__)

CHOSEN = 'mail_domain_health_chosen'  # context key: which server core chose while it connects


class _Choice:
    """The server that core chose last; compared by identity, for Odoo shares environments of equal contexts."""

    mail_server_id = None
    host = ''


class IrMailServer(models.Model):
    """Notes through which server and as whom a message left; changes nothing about how it is sent."""

    _inherit = 'ir.mail_server'

    def _connect__(self, host=None, *args, **kwargs):
        choice = _Choice()
        session = super(IrMailServer, self.with_context(**{CHOSEN: choice}))._connect__(host, *args, **kwargs)
        if session is not None:
            self._watch(session, choice, host)
        return session

    def _watch(self, session, choice, host):
        try:
            watch(session, *self._get_server_of(session, choice, host), self._get_sender())
        except Exception:  # the mail leaves all the same
            _logger.warning("Email Domain Health: cannot tell which server a session leads to", exc_info=True)

    def _find_mail_server(self, email_from, mail_servers=None):
        mail_server, smtp_from = super()._find_mail_server(email_from, mail_servers)
        self._note_chosen(mail_server)
        return mail_server, smtp_from

    def _check_forced_mail_server(self, mail_server, allow_archived, smtp_from):
        result = super()._check_forced_mail_server(mail_server, allow_archived, smtp_from)
        self._note_chosen(mail_server)
        return result

    def _note_chosen(self, mail_server):
        choice = self.env.context.get(CHOSEN)
        if isinstance(choice, _Choice):  # and nothing that a client put there
            choice.mail_server_id = mail_server.id if mail_server else CONFIGURATION_FILE
            is_own = mail_server and mail_server.smtp_authentication != 'cli'
            choice.host = mail_server.smtp_host if is_own else config.get('smtp_server')

    def _get_server_of(self, session, choice, host):
        """Return ``(mail_server_id, host that is none of Odoo's servers)`` of a session that was opened.

        What core chose, unless a module that is loaded after this one made another choice of it.
        """
        opened = host_of(session)
        if choice.mail_server_id is None:  # nothing chosen: the caller gave a host of their own
            return OTHER_HOST, opened or host or ''
        if not opened or opened == choice.host:
            return choice.mail_server_id, ''
        named = self.sudo().search([('smtp_host', '=', opened)], limit=2)
        return (named.id, '') if len(named) == 1 else (OTHER_HOST, opened)

    def _prepare_email_message__(self, message, smtp_session):
        author = message['From']
        prepared = super()._prepare_email_message__(message, smtp_session)
        if smtp_session:
            self._expect(smtp_session, author)
        return prepared

    def _expect(self, smtp_session, author):
        """Have the next message of a session noted, whoever opened it; nothing here may stop a mail."""
        try:
            sender = self._get_sender(author)
            if not is_watched(smtp_session) and hasattr(smtp_session, 'send_message'):
                watch(smtp_session, OTHER_HOST, host_of(smtp_session), sender)
            expect(smtp_session, sender)
        except Exception:  # the mail leaves all the same
            _logger.warning("Email Domain Health: cannot tell who sends a mail", exc_info=True)

    def _get_sender(self, author=''):
        """Return the :class:`Sender` of the mail that is being sent; of ``author`` where it is no ``mail.mail``."""
        sending = self.env.context.get(SENDING)
        if isinstance(sending, Sending) and sending.sender:  # and nothing that a client put there
            return sending.sender
        Sent = self.env['mail.domain.health.sent'].sudo()
        return Sender(Sent._note, Sent.env.company.id, first_address(str(author or '')))
