from odoo import api, fields, models

from ..checking import retention


class MailDomainHealthEvent(models.Model):
    """What somebody did about a domain that broke or a finding, or what ended by itself."""

    _name = 'mail.domain.health.event'
    _description = 'What Was Done About an Email Domain'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'kind'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, index=True, ondelete='cascade')
    finding_id = fields.Many2one(
        'mail.domain.health.finding', readonly=True, index='btree_not_null', ondelete='cascade')
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        'res.users', "Who", readonly=True, ondelete='set null', help="Empty where it happened by itself, or the user is gone.")
    kind = fields.Selection([
        ('muted', "Finding muted"), ('unmuted', "Finding no longer muted"),
        ('mute_ended', "Mute ended: the finding changed or was resolved"),
        ('reported', "Receivers reported something new"),
        ('acknowledged', "Somebody is on it"), ('withdrawn', "Nobody is on it any more"),
    ], "What", required=True, readonly=True)
    title = fields.Char(related='finding_id.title')
    until = fields.Datetime(readonly=True)
    reason = fields.Char("Why", readonly=True)

    @api.autovacuum
    def _gc_events(self):
        """Remove what was done before the history that is kept."""
        self.search([('date', '<', retention.get_limit(self.env))]).unlink()
