from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ..display.company_card import get_card
from ..sending.legacy_parameters import sender_address


class ResCompany(models.Model):
    _inherit = 'res.company'

    mail_sending_service_id = fields.Many2one(
        'mail.sending.service', "Mail Is Delivered By", groups='base.group_system',
        help="Who delivers the mail that Odoo sends through the server of its configuration file, or through an "
             "outgoing mail server that is not recognized.",
    )
    mail_health_user_is_default = fields.Boolean(default=True, groups='base.group_system')
    mail_health_user_id = fields.Many2one(
        'res.users', "Responsible for the Email Domain", groups='base.group_system',
        domain=lambda self: [
            ('share', '=', False), ('all_group_ids', 'in', self.env.ref('base.group_system').ids),
        ],
        help="Gets an activity when a record of the email domain breaks.",
    )

    mail_health_also_mails = fields.Boolean(
        "Also by Email", default=True, groups='base.group_system',
        help="What breaks, and what is in order again, is also mailed to whoever is responsible: from another domain, whose mail "
             "can be verified. Where there is none, nothing is mailed.")

    mail_health_sends_digest = fields.Boolean(
        "Weekly Digest", default=True, groups='base.group_system',
        help="Whoever is responsible gets an email in weeks in which something is broken or has changed, and else none.")

    mail_health_proof_address = fields.Char(
        "Mailbox for Proofs", groups='base.group_system',
        help="Where proofs of the sending paths are sent to: best a mailbox of another provider, which one of Odoo's incoming "
             "mail servers reads.")

    mail_health_repeats_proofs = fields.Boolean(
        "Repeat Proofs Every Week", groups='base.group_system',
        help="A proof is sent on each sending path in use once a week. Whoever is responsible is told once two in a row show "
             "that mail no longer arrives, is no longer signed or encrypted, or leaves from another IP address.")

    @api.constrains('mail_health_proof_address')
    def _check_mail_health_proof_address(self):
        """What could not be sent would be told as a sending path that fails."""
        for company in self.sudo():
            if company.mail_health_proof_address and not sender_address(company.mail_health_proof_address):
                raise ValidationError(company.env._(
                    "%(label)s: “%(value)s” is not a single email address.",
                    label=self._fields['mail_health_proof_address']._description_string(self.env),
                    value=company.mail_health_proof_address))

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._set_default_mail_health_user()
        self.env['mail.domain.health']._configuration_changed(companies)
        return companies

    def write(self, vals):
        if 'mail_health_user_id' in vals and not self.env.context.get('default_mail_health_user') \
                and any(company.mail_health_user_id.id != vals['mail_health_user_id'] for company in self.sudo()):
            vals = {**vals, 'mail_health_user_is_default': not vals['mail_health_user_id']}
        result = super().write(vals)
        if not {'active', 'alias_domain_id', 'email', 'mail_sending_service_id'}.isdisjoint(vals):
            self.env['mail.domain.health']._configuration_changed(self)
        return result

    def _set_default_mail_health_user(self):
        """Make the current user responsible where nobody was chosen: whoever installs, or saved Settings last.

        From the command line that is OdooBot, who reads no activities: then the
        database's administrator.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID:
            user = self.env.ref('base.user_admin', raise_if_not_found=False) or user
        if user.id == SUPERUSER_ID or not user.active or not user.has_group('base.group_system'):
            return
        self.sudo().with_context(default_mail_health_user=True).filtered(
            lambda company: company.mail_health_user_is_default and company.mail_health_user_id != user,
        ).mail_health_user_id = user

    def _get_mail_health_user(self):
        """Return the active settings administrator to tell, or an empty recordset."""
        self.ensure_one()
        user = self.sudo().mail_health_user_id
        if user.active and user.has_group('base.group_system') and self in user.company_ids:
            return user
        administrators = self.env['res.users'].sudo().search([
            ('active', '=', True), ('share', '=', False), ('id', '!=', SUPERUSER_ID),
            ('all_group_ids', 'in', self.env.ref('base.group_system').ids),
        ], order='id')
        # Rather somebody of another company than nobody.
        return administrators.filtered(lambda administrator: self in administrator.company_ids)[:1] \
            or administrators[:1]

    def _get_mail_domain_health_box(self):
        """Return what Settings shows of this company's email domain (:func:`get_card`); asks no DNS."""
        self.ensure_one()
        return get_card(self)
