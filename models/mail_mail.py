from odoo import models

from ..proving import departing
from ..sending.legacy_parameters import CONTEXT_DECISION, by_decision
from ..sending.measuring import SENDING, Sending, note_mail


class MailMail(models.Model):
    """Tells as which address and for whom mails leave (legacy_parameters.py, measuring.py, proving/); core sends them."""

    _inherit = 'mail.mail'

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Decide once per mail whether a legacy parameter names its sender, then send as core does."""
        if not self.env['ir.mail_server']._honors_legacy_sender():
            return super().send(
                auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        for decision, mails in by_decision(self).items():
            super(MailMail, mails.with_context(**{CONTEXT_DECISION: decision})).send(
                auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        return True

    def _send(self, *args, **kwargs):
        return super(MailMail, self.with_context(**{SENDING: Sending()}))._send(*args, **kwargs)

    def _prepare_outgoing_list(self, *args, **kwargs):
        note_mail(self, departing.get_taker(self))
        return super()._prepare_outgoing_list(*args, **kwargs)

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        departing.follow(self, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)
