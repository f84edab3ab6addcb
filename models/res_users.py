from odoo import api, fields, models

from ..display import user_notice
from ..mailauth.dns.names import domain_of


class ResUsers(models.Model):
    _inherit = 'res.users'

    mail_address_policy = fields.Char("Policy of the Address's Domain", compute='_compute_mail_address_notice')
    mail_address_notice = fields.Text(
        "Notice About the Address", compute='_compute_mail_address_notice',
        help="Only where mail leaves as an address of theirs that is not at a domain of yours.")
    mail_address_remedy = fields.Text("What to Do", compute='_compute_mail_address_notice')

    mail_health_digest_on = fields.Datetime(
        readonly=True, groups='base.group_system', help="When they had the last weekly digest.")
    mail_health_digest_waits = fields.Boolean(
        readonly=True, groups='base.group_system', help="No sending path worked that it could leave on: it is tried again.")

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, 'mail_address_policy', 'mail_address_notice']

    @api.depends('email', 'company_id', 'share', 'active')
    @api.depends_context('uid', 'su', 'lang')
    def _compute_mail_address_notice(self):
        """Tell of users' own addresses whoever administers users; everybody else of their own only."""
        readable = self if self.env.su or self.env.user.has_group('base.group_erp_manager') \
            else self.filtered(lambda user: user._origin == self.env.user)
        notices = user_notice.read_notices(readable) if readable else {}
        for user in self:
            notice = notices.get(user)
            user.mail_address_policy = notice and notice.policy
            user.mail_address_notice = notice and notice.text
            user.mail_address_remedy = notice and notice.remedy

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env['mail.domain.health']._users_changed(users)
        return users

    def write(self, vals):
        # Where they are no longer, or no longer internal users, their sending paths end.
        left = None
        if not {'company_id', 'group_ids'}.isdisjoint(vals):
            left = self.sudo().filtered(lambda user: not user.share).company_id
        result = super().write(vals)
        if not {'active', 'company_id', 'email', 'group_ids', 'partner_id'}.isdisjoint(vals):
            self.env['mail.domain.health']._users_changed(self, left=left)
        return result

    def unlink(self):
        left = self.sudo().filtered(lambda user: not user.share).company_id
        result = super().unlink()
        self.env['mail.domain.health']._users_changed(left=left)
        return result

    def action_mail_address_remedy(self):
        """Open what helps: what the finding about such mail offers, or Settings where there is none yet."""
        self.ensure_one()
        self.check_access('read')
        finding = self.env['mail.domain.health.finding'].search([
            ('code', '=', user_notice.CODE), ('company_id', '=', self.company_id.id), ('resolved_on', '=', False),
            ('name', '=', domain_of(self.email))], limit=1)
        if finding.remedy_action:
            return finding.action_remedy()
        return {**self.env['ir.actions.act_window']._for_xml_id('base_setup.action_general_configuration'),
                'context': {'module': 'general_settings', 'bin_size': False}}
