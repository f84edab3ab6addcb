from odoo import models

from .mail_domain_health_sent import COLLECTOR, Departures, collector


class MailMail(models.Model):
    """Counts the mails that leave (mail.domain.health.sent); changes nothing about how they are sent."""

    _inherit = 'mail.mail'

    def _send(self, *args, **kwargs):
        return super(MailMail, self.with_context(**{COLLECTOR: Departures()}))._send(*args, **kwargs)

    def _postprocess_sent_message(self, *args, **kwargs):
        # Before super, which deletes the mail. A mail to several people may have left for some of them only.
        departures = collector(self.env)
        departed = departures.take() if departures else ()
        if departed:
            mail = self[:1].sudo()
            self.env['mail.domain.health.sent']._note(
                departed, mail.record_company_id or mail.env.company, mail.email_from,
                is_mailing='mailing_id' in mail._fields and bool(mail.mailing_id))
        return super()._postprocess_sent_message(*args, **kwargs)
