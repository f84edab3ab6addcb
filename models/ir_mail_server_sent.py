from odoo import models

from .mail_domain_health_sent import COLLECTOR, CONFIGURATION_FILE, Departure, Departures, collector

CHOSEN = 'mail_domain_health_chosen'  # context key: which server core chose while it connects


class _Choice:
    """The server that core chose last; compared by identity, for Odoo shares environments of equal contexts."""

    mail_server_id = None


class IrMailServer(models.Model):
    """Notes through which server and as whom a message left; changes nothing about how it is sent."""

    _inherit = 'ir.mail_server'

    def _connect__(self, *args, **kwargs):
        choice = _Choice()
        session = super(IrMailServer, self.with_context(**{CHOSEN: choice}))._connect__(*args, **kwargs)
        if session is not None:
            # Nothing chosen: the caller gave a host of their own, which is none of Odoo's servers.
            session.mail_domain_health_server = choice.mail_server_id
        return session

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

    def _prepare_email_message__(self, message, smtp_session):
        envelope_from, recipients, message = super()._prepare_email_message__(message, smtp_session)
        departures = collector(self.env)
        if departures is not None:
            mail_server_id = getattr(smtp_session, 'mail_domain_health_server', None)
            departures.prepared = None if mail_server_id is None else \
                Departure(mail_server_id, message['From'], envelope_from)
        return envelope_from, recipients, message

    def send_email(self, message, *args, **kwargs):
        if self._disable_send():
            return super().send_email(message, *args, **kwargs)
        departures = collector(self.env)
        if departures is not None:  # a mail.mail, which is counted as a whole
            message_id = super().send_email(message, *args, **kwargs)
            departures.leave()
            return message_id
        departures, author = Departures(), message['From']
        message_id = super(IrMailServer, self.with_context(**{COLLECTOR: departures})).send_email(
            message, *args, **kwargs)
        departures.leave()
        self.env['mail.domain.health.sent']._note(departures.take(), self.sudo().env.company, author)
        return message_id
