from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..display import sender_preview
from ..display.sender_box import sender_box
from ..sending.examples import default_sender, example_authors, example_routes, sender_mode
from ..sending.legacy_parameters import (
    PARAMETER_DYNAMIC,
    PARAMETER_FORCE,
    PARAMETER_HONOR,
    legacy_sender,
    sender_address,
)
from ..sending.sender_plan import SenderPlan, parameter_change, parameter_removals, write_changes
from ..texts import announcement as announcement_texts
from ..texts import sender as sender_texts


class MailSenderAddress(models.TransientModel):
    """Change as which address mail leaves, by Odoo's own settings, after showing what that does.

    Nothing is written before :meth:`action_apply`; what would change is worked out in
    a savepoint that is rolled back (sending/sender_plan.py).
    """

    _name = 'mail.sender.address'
    _description = 'Default Sender Address'
    _inherit = ['mail.health.wizard']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, readonly=True)
    company_ids = fields.Many2many(
        'res.company', string="Companies", required=True, default=lambda self: self.env.company, readonly=True)
    mode = fields.Selection(selection='_mode_selection', string="How Mail Is Sent", required=True, default='own')
    address = fields.Char(
        "Address Used Instead of the Author's", default=lambda self: default_sender(self.env.company),
        help="The address that receivers see where the author's own is not used. The author's name is kept.")
    drops_parameters = fields.Boolean("Remove the System Parameters", readonly=True)
    preview = fields.Json(readonly=True)
    previewed = fields.Char(readonly=True)
    is_previewed = fields.Boolean(compute='_compute_is_previewed')
    has_changes = fields.Boolean(compute='_compute_is_previewed')

    @api.model
    def _mode_selection(self):
        return [(mode, self.env._(text)) for mode, text in sender_texts.CHOICES.items()]

    @api.depends('mode', 'address', 'previewed', 'preview')
    def _compute_is_previewed(self):
        for wizard in self:
            wizard.is_previewed = bool(wizard.previewed) and wizard.previewed == wizard._choice()
            wizard.has_changes = wizard.is_previewed and bool((wizard.preview or {}).get('changes'))

    def _choice(self):
        return f'{self.mode} {self.address or ""}'

    @api.model
    def read_box(self):
        """Return what Settings unfold of the current company's mail (:func:`sender_box`); asks no DNS."""
        self.check_access('create')
        return sender_box(self.env.company)

    @api.model
    def action_open(self):
        """Open the dialog for the current company, with the way that mail leaves now chosen."""
        self.check_access('create')
        company = self.env.company
        mode = sender_mode(company, example_routes(company, example_authors(company)))
        return self.create({'mode': mode if mode in sender_texts.CHOICES else 'own'})._get_action()

    @api.model
    def action_convert_parameters(self):
        """Open the dialog with what the legacy parameters ask for, for every company, in Odoo's own settings."""
        self.check_access('create')
        force, dynamic = (legacy_sender(self.env, key) for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC))
        if not force and not dynamic:
            raise UserError(self.env._("The system parameters contain no email address, so there is nothing to convert."))
        companies = self.env.user.company_ids.filtered('alias_domain_id')
        if not companies:
            raise UserError(self.env._(
                "No company has an alias domain yet. Choose one in Settings under “Alias Domain” first."))
        wizard = self.create({
            'company_ids': [fields.Command.set(companies.ids)],
            'mode': 'one' if force else 'own',
            'address': force or dynamic,
            'drops_parameters': True,
        })
        return wizard.action_preview()

    @api.model
    def honor_parameters(self):
        """Have ``mail.force.smtp.from`` and ``mail.dynamic.smtp.from`` obeyed from now on."""
        self.check_access('create')
        self._post(self.env.companies, [parameter_change(self.env, PARAMETER_HONOR, 'True')])
        self.env['ir.config_parameter'].set_param(PARAMETER_HONOR, 'True')

    @api.model
    def remove_parameters(self):
        """Remove the legacy parameters; their values stay in the chatter of the company's email domain."""
        self.check_access('create')
        changes = parameter_removals(self.env)
        self._post(self.env.companies, changes)
        for change in changes:
            self.env['ir.config_parameter'].set_param(change['field'], False)

    def action_preview(self):
        """Work out what would change, and show it."""
        self.ensure_one()
        self.check_access('write')
        if self.mode != 'keep' and not sender_address(self.address):
            raise UserError(self.env._(
                "Address Used Instead of the Author's: enter a single email address, for example "
                "notifications@%(domain)s.", domain=self.company_id.alias_domain_id.name or 'example.com'))
        if not self.company_ids.alias_domain_id:
            raise UserError(self.env._(sender_texts.NO_ALIAS_DOMAIN))
        preview = sender_preview.preview(self._get_plan())
        self.write({'preview': preview, 'previewed': self._choice()})
        return self._get_action()

    def action_apply(self):
        """Make the changes that were shown; refuse if something else would change by now."""
        self.ensure_one()
        self.check_access('write')
        changes = self._get_plan().changes()
        if not self.is_previewed or changes != self.preview['changes']:
            raise UserError(self.env._(
                "Odoo's settings have changed since you looked, or you chose something else. Press “Show what "
                "changes” again."))
        write_changes(self.env, changes)
        self._post(self.company_ids, changes)
        return {'type': 'ir.actions.client', 'tag': 'reload'}

    def _get_plan(self):
        return SenderPlan(self.env, self.company_ids, self.mode, self.address, self.drops_parameters)

    def _post(self, companies, changes):
        """Tell on the report of these companies' domains what was changed, with the values from before."""
        self.env.cr.flush()  # a new domain's report is made at the end of the transaction
        body = Markup("<p>%s</p>%s<p>%s</p>") % (
            self.env._("The default sender address was changed in Settings."),
            announcement_texts.settings(self.env, ((change['label'], change['old'], change['new']) for change in changes)),
            self.env._("To go back, enter the previous values again."))
        for domain in companies.sudo().alias_domain_id.mail_domain_health_id:
            domain.with_user(self.env.user).sudo().message_post(body=body, subtype_xmlid='mail.mt_note')

    def _get_action(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Default Sender Address"),
            'res_model': self._name,
            'res_id': self.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
        }
