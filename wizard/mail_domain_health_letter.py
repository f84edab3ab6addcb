from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.mail import email_normalize, parse_contact_from_email
from odoo.tools.misc import get_lang

from ..display.records_page import get_open_rows
from ..mailauth.dns.names import to_ascii
from ..texts import letter as texts
from ..texts.filling import say


class MailDomainHealthLetter(models.TransientModel):
    """A mail with the records to publish, for whoever runs the DNS: to whom, in which language, with a link or without."""

    _name = 'mail.domain.health.letter'
    _description = 'Send to Whoever Runs the DNS'
    _inherit = ['mail.health.wizard']

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade')
    email = fields.Char("Recipient")
    lang = fields.Selection(
        '_get_languages', "Language", compute='_compute_lang', store=True, readonly=False, precompute=True,
        required=True)
    has_link = fields.Boolean(
        "Include a Link", compute='_compute_has_link', store=True, readonly=False,
        help="To a page that needs no login: it shows the same records with what was last seen of each, for 14 days or "
             "until all are published.")
    obstacle = fields.Char(compute='_compute_obstacle')
    can_link = fields.Boolean(compute='_compute_obstacle')
    links = fields.Text("Links Sent Before", compute='_compute_links')

    @api.model
    def _get_languages(self):
        return self.env['res.lang'].get_installed()

    @api.depends('email')
    def _compute_lang(self):
        """Write to a contact in their language, else in the one of whoever writes."""
        for letter in self:
            known = letter._find_contact(email_normalize(letter.email or '')).lang
            letter.lang = known or letter.lang or get_lang(self.env).code

    @api.depends('domain_id')
    def _compute_obstacle(self):
        code, host, count = self.env['mail.domain.health.link']._get_obstacle()
        for letter in self:
            letter.obstacle = code and say(self.env, texts.OBSTACLES[code], host=host, count=count)
            letter.can_link = code not in texts.EFFECTIVE

    @api.depends('can_link')
    def _compute_has_link(self):
        for letter in self:
            letter.has_link = letter.can_link

    @api.depends('domain_id')
    @api.depends_context('lang')
    def _compute_links(self):
        for letter in self:
            letter.links = '\n'.join(
                say(self.env, texts.LINK_OPEN, email=link.email, date=format_date(self.env, link.expires_on))
                for link in letter._get_open_links())

    def _get_open_links(self):
        if self.domain_id:
            self.domain_id.check_access('write')
        return self.env['mail.domain.health.link'].sudo()._search_open(self.domain_id)

    def _find_contact(self, email):
        """Return the contact that has this address, of those that the user may see; it may be empty."""
        return self.env['res.partner'].search([('email_normalized', '=', email)], limit=1) if email else self.env['res.partner']

    def action_write(self):
        """Open Odoo's composer with the letter; its link begins to work when the letter is sent."""
        self.ensure_one()
        self.check_access('write')
        domain = self.domain_id
        domain.check_access('write')
        if not get_open_rows(domain):
            raise UserError(self.env._("There is nothing to publish for %s.", domain.display_name))
        if self.has_link and not self.can_link:
            raise UserError(self.obstacle)
        template = self.env.ref('mail_domain_health.mail_template_records', raise_if_not_found=False)
        if not template:
            raise UserError(self.env._(
                "The email template “DNS Records to Publish” was deleted. Update the module to have it again."))
        partner = self._get_recipient()
        address = False
        if self.has_link:
            link = self.env['mail.domain.health.link'].sudo().create({
                'domain_id': domain.id, 'email': partner.email_normalized, 'lang': self.lang})
            address = link._get_waiting_address()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Email Your DNS Administrator"),
            'res_model': 'mail.compose.message',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_model': domain._name,
                'default_res_ids': domain.ids,
                'default_composition_mode': 'comment',
                'default_template_id': template.id,
                'default_partner_ids': partner.ids,
                'default_subtype_xmlid': 'mail.mt_comment',
                'mail_domain_health_letter': {'lang': self.lang, 'address': address, 'partner_id': partner.id},
            },
        }

    def _get_recipient(self):
        """Return the contact to write to, a new one where nobody has the address yet."""
        email = email_normalize(self.email or '')
        local, _at, domain = (email or '').rpartition('@')
        if not local or not to_ascii(domain):
            raise UserError(self.env._("Recipient: enter a single email address, for example dns@example.com."))
        if self.env['mail.alias.domain'].sudo()._find_aliases([email]):
            raise UserError(self.env._(
                "Recipient: %s is an address of this Odoo. Enter the address of whoever runs the DNS.", email))
        # An administrator of settings need not be allowed to create contacts; the composer creates them all the same.
        return self._find_contact(email) or self.env['res.partner'].sudo().create(
            {'name': parse_contact_from_email(self.email)[0] or email, 'email': email, 'lang': self.lang}).sudo(False)

    def action_withdraw(self):
        """Have no link to this domain's records work any more."""
        self.ensure_one()
        self.check_access('write')
        self._get_open_links().unlink()
        self.invalidate_recordset(['links'])
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_letter_action')
        return {**action, 'res_id': self.id}
