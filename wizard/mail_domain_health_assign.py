from odoo import api, fields, models
from odoo.exceptions import UserError


class MailDomainHealthAssign(models.TransientModel):
    """Say who is responsible for several domains and told what, and which tags they have."""

    _name = 'mail.domain.health.assign'
    _description = 'Responsible and Tags of Email Domains'
    _inherit = ['mail.health.wizard']

    domain_ids = fields.Many2many(
        'mail.domain.health', 'mail_domain_health_assign_domain_rel', 'assign_id', 'domain_id', "Domains",
        default=lambda self: self._default_domain_ids())
    domain_count = fields.Integer("Number of Domains", compute='_compute_domain_count')
    user_id = fields.Many2one(
        'res.users', "Responsible",
        domain=lambda self: [('share', '=', False), ('all_group_ids', 'in', self.env.ref('base.group_system').ids)])
    is_user_removed = fields.Boolean(
        "Whoever is responsible for the company's domain",
        help="These domains have nobody of their own any more.")
    added_tag_ids = fields.Many2many(
        'mail.domain.health.tag', 'mail_domain_health_assign_added_tag_rel', 'assign_id', 'tag_id', "Tags to Add")
    removed_tag_ids = fields.Many2many(
        'mail.domain.health.tag', 'mail_domain_health_assign_removed_tag_rel', 'assign_id', 'tag_id', "Tags to Remove")
    record_changes = fields.Selection(
        [('told', "Tell whoever is responsible"), ('not_told', "Tell nobody")], "When Records Change",
        help="Changes of SPF, DKIM, DMARC, MX or NS records that leave mail verified as before. What breaks is told anyway.")

    report_events = fields.Selection(
        [('told', "Tell whoever is responsible"), ('not_told', "Tell nobody")], "When Reports Show Something New",
        help="New sources of mail, more mail that pretends to be yours, receivers that no longer report. What breaks is told "
             "anyway.")

    @api.model
    def _default_domain_ids(self):
        if self.env.context.get('active_model') != 'mail.domain.health':
            return False
        return [fields.Command.set(self.env.context.get('active_ids') or [])]

    @api.depends('domain_ids')
    def _compute_domain_count(self):
        for assignment in self:
            assignment.domain_count = len(assignment.domain_ids)

    def action_apply(self):
        """Write what was chosen, with the rights of whoever asks; what was left empty stays as it is."""
        self.ensure_one()
        self.check_access('write')
        if not (self.user_id or self.is_user_removed or self.added_tag_ids or self.removed_tag_ids or self.record_changes
                or self.report_events):
            raise UserError(self.env._("Choose somebody who is responsible, a tag, or what is to be told."))
        values = {}
        if self.user_id or self.is_user_removed:
            values['user_id'] = False if self.is_user_removed else self.user_id.id
        tags = [fields.Command.link(tag.id) for tag in self.added_tag_ids]
        tags += [fields.Command.unlink(tag.id) for tag in self.removed_tag_ids - self.added_tag_ids]
        if tags:
            values['tag_ids'] = tags
        if self.record_changes:
            values['tells_record_changes'] = self.record_changes == 'told'
        if self.report_events:
            values['tells_report_events'] = self.report_events == 'told'
        self.domain_ids.write(values)
        return {'type': 'ir.actions.act_window_close'}
