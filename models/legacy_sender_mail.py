from odoo import models

from ..sending.legacy_parameters import CONTEXT_DECISION, Decision


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Decide once per mail whether a legacy parameter names its sender (legacy_sender.py), then send as core does."""
        IrMailServer = self.env['ir.mail_server']
        if not IrMailServer._honours_legacy_sender():
            return super().send(
                auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        mails_by_decision = {}
        for mail in self:
            sender = IrMailServer._get_honoured_sender(
                mail.email_from, mail.sudo().record_alias_domain_id, mail.mail_server_id)
            mails_by_decision.setdefault(Decision(sender), []).append(mail.id)
        for decision, mail_ids in mails_by_decision.items():
            mails = self.browse(mail_ids).with_context(**{CONTEXT_DECISION: decision})
            super(MailMail, mails).send(
                auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        return True
