from odoo import api, fields, models

from ..receiving import reporter


class MailDomainHealthReporter(models.Model):
    """An organization that sends reports, by its domain, and whether what it says counts.

    Anybody may send reports, and name themselves as they like: what the mail proves is a domain. What those say that are
    in the list of known ones (``mailauth/reports/reporters``), or that an administrator confirmed, decides something; what
    others say is shown.
    """

    _name = 'mail.domain.health.reporter'
    _description = 'Sender of Reports'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'name'

    name = fields.Char("Domain", required=True, readonly=True, help="The organizational domain that its emails are signed by.")
    org_name = fields.Char("Calls Itself", readonly=True)
    is_listed = fields.Boolean("Known", readonly=True, help="One of the receivers that are known to send reports.")
    decision = fields.Selection(
        [('confirmed', "Confirmed"), ('ignored', "Ignored")], readonly=True, help="What an administrator decided.")
    decided_by_id = fields.Many2one('res.users', readonly=True, ondelete='set null')
    is_trusted = fields.Boolean(
        "Counts", compute='_compute_is_trusted', store=True,
        help="What it reports may change what is proposed and announced, not only what is shown.")
    last_report = fields.Datetime(readonly=True)
    report_ids = fields.One2many('mail.domain.health.report', 'reporter_id', "Reports", readonly=True)
    tls_ids = fields.One2many('mail.domain.health.tls', 'reporter_id', "Encryption of Received Email", readonly=True)

    _name_unique = models.UniqueIndex('(name)')

    @api.depends('is_listed', 'decision')
    def _compute_is_trusted(self):
        for sender in self:
            sender.is_trusted = sender.decision == 'confirmed' or sender.is_listed and not sender.decision

    def action_confirm(self):
        """Say that these are what they seem: what they report decides, what they reported before too."""
        return self._decide('confirmed')

    def action_ignore(self):
        """Say that nothing of these is to be counted from now on."""
        return self._decide('ignored')

    def action_withdraw(self):
        """Take back what was decided about these."""
        return self._decide(False)

    @api.autovacuum
    def _gc_reporters(self):
        """Forget organizations of which nothing is kept any more, and about which nobody decided."""
        reporter.forget(self.sudo().env)

    def _decide(self, decision):
        self.check_access('write')
        reporter.decide(self.sudo(), decision, self.env.user)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
