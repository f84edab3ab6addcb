from odoo import api, fields, models
from odoo.tools import formatLang

from .. import recipients


class MailingMailing(models.Model):
    """A mailing knows, before it is sent, how many of its addresses cannot be reached, and leaves them out if told to."""

    _inherit = 'mailing.mailing'

    unreachable_handling = fields.Selection(
        selection=[('send', "Send to all anyway"), ('leave_out', "Leave them out")],
        string="Addresses That Cannot Receive Mail", default='send', required=True,
        help="What happens with addresses at domains that cannot receive mail when this mailing is sent. "
             "Nothing is blacklisted or deleted.")
    unreachable_count = fields.Integer("Unreachable Addresses", compute='_compute_unreachable')
    unreachable_notice = fields.Char(compute='_compute_unreachable')
    left_out_count = fields.Integer(
        "Left Out", readonly=True, copy=False, help="Addresses left out when it was sent: their domains cannot receive mail.")

    @api.depends('mailing_type', 'mailing_model_id', 'mailing_domain', 'contact_list_ids', 'use_exclusion_list', 'state',
                 'ab_testing_enabled', 'ab_testing_pc', 'campaign_id')
    @api.depends_context('uid', 'allowed_company_ids', 'lang')
    def _compute_unreachable(self):
        self.unreachable_count = 0
        self.unreachable_notice = False
        waiting = self.filtered(lambda mailing: mailing.mailing_type == 'mail' and mailing.state in ('draft', 'in_queue'))
        if not waiting or not recipients.is_any_marked(self.env):
            return
        for mailing in waiting:
            counted = recipients.count(mailing, mailing._get_all_recipients_domain())
            mailing.unreachable_count = counted.unreachable
            if counted.unreachable:
                mailing.unreachable_notice = mailing._get_unreachable_notice(counted)

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'done':
            for mailing in self.filtered(lambda mailing: mailing._leaves_out()):
                mailing.left_out_count = recipients.count(mailing, mailing._get_all_recipients_domain()).unreachable
        return result

    def action_view_unreachable(self):
        """Show the records whose address cannot be reached."""
        self.ensure_one()
        return {
            'name': self.env._("Cannot Receive Mail"),
            'type': 'ir.actions.act_window',
            'view_mode': 'list,form',
            'res_model': self.mailing_model_real,
            'domain': [('id', 'in', recipients.unreachable_ids(self, self._get_all_recipients_domain()))],
            'context': dict(self.env.context, create=False),
        }

    def _get_recipients_domain(self):
        """Leave out, where that was chosen, whose domain cannot receive mail at the time of sending."""
        domain = super()._get_recipients_domain()
        if self._leaves_out() and not self.env.context.get('mailing_with_unreachable'):
            domain &= recipients.reachable_condition(self.env[self.mailing_model_real])
        return domain

    def _get_all_recipients_domain(self):
        return self.with_context(mailing_with_unreachable=True)._get_recipients_domain()

    def _leaves_out(self):
        return self.mailing_type == 'mail' and self.unreachable_handling == 'leave_out'

    def _get_unreachable_notice(self, counted):
        numbers = {
            'count': formatLang(self.env, counted.unreachable, digits=0),
            'total': formatLang(self.env, counted.addresses, digits=0),
        }
        is_test = self.ab_testing_enabled and self.ab_testing_pc < 100 and not self.ab_testing_is_winner_mailing
        if is_test:
            return self.env._(
                "Addresses that this test picks from: %(total)s. At domains that cannot receive mail: %(count)s.", **numbers)
        return self.env._("Addresses at domains that cannot receive mail: %(count)s of %(total)s.", **numbers)
