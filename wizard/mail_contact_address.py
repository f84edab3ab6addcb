from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from ..contacts.remedies import what_follows
from ..texts import relaying as texts
from ..texts.filling import say


class MailContactAddress(models.TransientModel):
    """Another address for one contact, entered by hand, with what that changes said before."""

    _name = 'mail.contact.address'
    _description = 'Another Address for a Contact'
    _inherit = ['mail.health.wizard']

    partner_id = fields.Many2one('res.partner', "Contact", required=True, readonly=True, ondelete='cascade')
    old_email = fields.Char("Now", related='partner_id.email', related_sudo=False)
    email = fields.Char("New Address", required=True)
    follows = fields.Char("What Follows", compute='_compute_follows')
    consequence = fields.Text(compute='_compute_consequence')

    @api.depends('email', 'partner_id')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_follows(self):
        for wizard in self:
            email = email_normalize(wizard.email)
            companies = wizard.partner_id.company_id or self.env.companies
            wizard.follows = email and what_follows(self.env, companies, email)

    @api.depends_context('lang')
    def _compute_consequence(self):
        self.consequence = self.env._(texts.ADDRESS_CONSEQUENCE)

    def action_apply(self):
        """Write the new address, with the rights of whoever asks; the old one stays in the chatter."""
        self.ensure_one()
        partner, email = self.partner_id, email_normalize(self.email)
        partner.check_access('write')
        if not email:
            raise UserError(self.env._("New Address: enter a single email address."))
        if partner.with_context(active_test=False).sudo().user_ids:
            raise UserError(self.env._("This contact logs in to Odoo: change the address of the user instead."))
        old = partner.email
        partner.email = email
        partner.message_post(body=say(self.env, texts.ADDRESS_CHANGED, old=old, new=email), subtype_xmlid='mail.mt_note')
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
