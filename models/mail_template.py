from odoo import api, models


class MailTemplate(models.Model):
    _inherit = 'mail.template'

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if any(_decides(vals) for vals in vals_list):
            self._refresh_mail_domain_health()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if not {'active', 'email_from', 'mail_server_id'}.isdisjoint(vals):
            self._refresh_mail_domain_health()
        return result

    def unlink(self):
        result = super().unlink()
        self._refresh_mail_domain_health()
        return result

    @api.model
    def _refresh_mail_domain_health(self):
        if self.env.registry.ready:  # modules bring hundreds: the scheduled check follows them
            self.env['mail.domain.health']._configuration_changed()


def _decides(vals):
    """Whether a new template leaves another way than whoever sends it."""
    email_from = vals.get('email_from') or ''
    return bool(vals.get('mail_server_id')) or bool(email_from) and '{{' not in email_from
