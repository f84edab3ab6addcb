from odoo import api, fields, models

from ..contacts import recipients


class MailComposeMessage(models.TransientModel):
    """Says, before a mail is sent, which of its recipients cannot be reached or may be mistyped."""

    _inherit = 'mail.compose.message'

    recipient_notice = fields.Text(compute='_compute_recipient_notice')

    @api.depends('partner_ids', 'composition_batch', 'composition_mode', 'message_type', 'model', 'notify_skip_followers',
                 'res_ids', 'subtype_id', 'subtype_is_log')
    @api.depends_context('lang', 'uid')
    def _compute_recipient_notice(self):
        for composer in self:
            partners = composer.partner_ids._origin
            # To many records at once: whom it goes to is not shown there, and found only while sending.
            if composer.composition_mode != 'comment' or composer.composition_batch or composer.subtype_is_log:
                composer.recipient_notice = False
                continue
            if composer.model in self.env and not composer.notify_skip_followers:
                record = self.env[composer.model].browse(composer._evaluate_res_ids()[:1])
                if record:
                    partners |= recipients.followers_by_email(record, composer.message_type, composer.subtype_id.id)
            composer.recipient_notice = '\n'.join(recipients.read_notices(partners))
