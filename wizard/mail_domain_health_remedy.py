from odoo import api, fields, models


class MailDomainHealthRemedy(models.TransientModel):
    """Shows what the remedy of a finding would change in Odoo, and changes it when told to."""

    _name = 'mail.domain.health.remedy'
    _description = 'Remedy of an Email Finding'
    _inherit = ['mail.health.wizard']

    finding_id = fields.Many2one('mail.domain.health.finding', required=True, readonly=True, ondelete='cascade')
    explanation = fields.Text(related='finding_id.explanation', related_sudo=False)
    remedy = fields.Text(related='finding_id.remedy', related_sudo=False)
    is_default_sender = fields.Boolean(compute='_compute_is_default_sender')
    line_ids = fields.One2many(
        'mail.domain.health.remedy.line', 'wizard_id', "Changes", domain=[('is_effect', '=', False)], readonly=True)
    effect_ids = fields.One2many(
        'mail.domain.health.remedy.line', 'wizard_id', "Mail That Improves", domain=[('is_effect', '=', True)],
        readonly=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        finding = self.env['mail.domain.health.finding'].browse(values.get('finding_id'))
        if finding and 'line_ids' in fields:
            values['line_ids'] = [
                (0, 0, {'name': label, 'old_value': old, 'new_value': new})
                for _record, _values, label, old, new in finding._get_changes()
            ]
        if finding and 'effect_ids' in fields:
            values['effect_ids'] = [
                (0, 0, {'is_effect': True, 'name': who, 'old_value': before, 'new_value': after})
                for who, before, after in finding._get_effects()
            ]
        return values

    @api.depends('finding_id')
    def _compute_is_default_sender(self):
        for wizard in self:
            wizard.is_default_sender = (wizard.finding_id.remedy_action or {}).get('wizard') == 'default_sender'

    def action_open_default_sender(self):
        """Open the dialog that offers every way that this company's mail can leave."""
        self.ensure_one()
        return self.env['mail.sender.address'].with_company(self.finding_id.company_id).action_open()

    def action_apply(self):
        """Make the changes, and show the ways that mail leaves as they are afterwards."""
        self.ensure_one()
        finding = self.finding_id
        finding._get_effects()  # what was shown may have changed since
        company, paths = finding.company_id, finding.path_ids
        kinds, authors = set(paths.mapped('kind')), set(paths.mapped('author_domain'))
        finding._apply_remedy()
        self.env.cr.flush()  # the ways follow the configuration at the end of a transaction: now
        successors = self.env['mail.domain.health.path'].search([
            ('company_id', '=', company.id), ('kind', 'in', list(kinds)), ('author_domain', 'in', list(authors))])
        action = self.env['ir.actions.act_window']._for_xml_id('mail_domain_health.mail_domain_health_path_action')
        if len(successors) == 1:
            return {**action, 'res_id': successors.id, 'views': [(False, 'form')], 'target': 'main'}
        return {**action, 'target': 'main'}


class MailDomainHealthRemedyLine(models.TransientModel):
    """One value that the remedy of a finding would change, or one way of mail that fares better for it."""

    _name = 'mail.domain.health.remedy.line'
    _description = 'Change of an Email Finding Remedy'

    wizard_id = fields.Many2one('mail.domain.health.remedy', required=True, ondelete='cascade')
    is_effect = fields.Boolean(readonly=True, help="Mail that improves, rather than a value that changes.")
    name = fields.Char("What Changes", readonly=True)
    old_value = fields.Char("Now", readonly=True)
    new_value = fields.Char("After", readonly=True)
