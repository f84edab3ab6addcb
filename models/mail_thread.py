from odoo import api, models

from ..receiving import gateway


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None):
        """Take a mail that is ours, such as a report of a receiver; core processes every other one, as it came."""
        if gateway.take(self.env, message):
            return False
        return super().message_process(
            model, message, custom_values=custom_values, save_original=save_original,
            strip_attachments=strip_attachments, thread_id=thread_id)
