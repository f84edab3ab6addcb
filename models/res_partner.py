from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..contacts import badges, recipients
from ..texts import relaying as relaying_texts


class ResPartner(models.Model):
    _inherit = 'res.partner'

    mail_notice = fields.Char("Email Notice", compute='_compute_mail_badges', groups='base.group_user')
    mail_notice_text = fields.Text("What the Email Notice Means", compute='_compute_mail_badges', groups='base.group_user')
    mail_suggestion = fields.Char("Probably Meant", compute='_compute_mail_badges', groups='base.group_user')
    mail_relaying = fields.Selection(
        [('fragile', "Fragile"), ('unsafe', "Cannot Be Relayed")], "Relaying of Mail", compute='_compute_mail_badges',
        search='_search_mail_relaying', groups='base.group_user',
        help="What becomes of messages of this contact that Odoo forwards to followers by email. Empty: nothing to know.")
    mail_cannot_receive = fields.Boolean(
        "Domain Cannot Receive Mail", compute='_compute_mail_badges', search='_search_mail_cannot_receive',
        groups='base.group_user')
    mail_is_mistyped = fields.Boolean(
        "Likely Typing Mistake", compute='_compute_mail_badges', search='_search_mail_is_mistyped', groups='base.group_user')

    @api.depends('email_normalized', 'company_id', 'partner_share')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_mail_badges(self):
        found = badges.read_badges(self)
        for partner in self:
            said = found.get(partner.id, badges.Badges())
            partner.mail_notice = ' · '.join(self.env._(relaying_texts.BADGES[code]) for code in said.codes)
            partner.mail_notice_text = '\n'.join(said.sentences)
            partner.mail_suggestion = said.suggestion
            partner.mail_relaying = said.relaying
            partner.mail_cannot_receive = 'unreachable' in said.codes
            partner.mail_is_mistyped = 'mistyped' in said.codes

    def _search_mail_relaying(self, operator, value):
        if operator != 'in':
            return NotImplemented
        verdicts = tuple(verdict for verdict in badges.TOLD if verdict in value)
        found = badges.relaying_condition(self.env, verdicts) if verdicts else Domain.FALSE
        return found | ~badges.relaying_condition(self.env, badges.TOLD) if False in value else found

    def _search_mail_cannot_receive(self, operator, value):
        return self._search_flag(operator, value, badges.marked_condition)

    def _search_mail_is_mistyped(self, operator, value):
        return self._search_flag(operator, value, badges.mistyped_condition)

    def _search_flag(self, operator, value, get_condition):
        if operator != 'in':
            return NotImplemented
        condition = get_condition(self.env)
        return Domain.OR(condition if wanted else ~condition for wanted in {bool(each) for each in value})

    @api.model
    def read_recipient_notices(self, partner_ids, emails, thread_model, thread_id):
        """Return what is to be said of whom a message in a record's chatter goes to (:func:`recipients.read_notices`).

        :param list emails: of recipients that are no contacts yet
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only internal users send messages to chosen recipients."))
        partners = self.browse(partner_ids)
        if thread_model in self.env and thread_id:
            partners |= recipients.followers_by_email(
                self.env[thread_model].browse(thread_id), 'comment', self.env.ref('mail.mt_comment').id)
        return recipients.read_notices(partners, emails)

    def action_correct_email(self):
        """Correct a typing mistake in the address of this one contact."""
        badges.correct_address(self)
