import logging

from odoo import models

from ..sending.departure import Sender, first_address
from .mail_domain_health_sent import SENDING, Sending

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Tells who sends while mails leave (mail.domain.health.sent); changes nothing about how they are sent."""

    _inherit = 'mail.mail'

    def _send(self, *args, **kwargs):
        return super(MailMail, self.with_context(**{SENDING: Sending()}))._send(*args, **kwargs)

    def _prepare_outgoing_list(self, *args, **kwargs):
        sending = self.env.context.get(SENDING)
        if isinstance(sending, Sending):  # and nothing that a client put there
            sending.sender = self._get_sender()
        return super()._prepare_outgoing_list(*args, **kwargs)

    def _get_sender(self):
        """Return the :class:`Sender` of this mail, or ``None``: nothing here may stop it."""
        try:
            mail = self[:1].sudo()
            return Sender(
                mail.env['mail.domain.health.sent']._note, (mail.record_company_id or mail.env.company).id,
                first_address(mail.email_from), 'mailing_id' in mail._fields and bool(mail.mailing_id), mail.model or '')
        except Exception:
            _logger.warning("Email Domain Health: cannot tell who sends mail %s", self.ids, exc_info=True)
            return None
