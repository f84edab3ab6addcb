from datetime import timedelta

from odoo import api, fields, models

from ..receiving import addresses, counting, mailboxes
from ..texts import reports as texts


class MailDomainHealthReport(models.Model):
    """One report that was received or uploaded: who says what about which domain, and whether it was counted.

    Its records are in ``mail.domain.health.volume``, summed up; its text is not kept.
    """

    _name = 'mail.domain.health.report'
    _description = 'Received Report'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'received_on desc, id desc'
    _log_access = False
    _rec_name = 'report_number'

    kind = fields.Selection(
        [('dmarc', "DMARC"), ('tls', "TLS"), ('failure', "Failed Email"), ('other', "Not a Report")],
        required=True, readonly=True)
    state = fields.Selection(selection=lambda self: texts.states(self.env), required=True, readonly=True)
    reason = fields.Char(readonly=True, help="Why it is in this state (texts.reports.REASONS), a code.")
    explanation = fields.Char(compute='_compute_explanation')
    domain_id = fields.Many2one(
        'mail.domain.health', readonly=True, ondelete='cascade', index='btree_not_null', help="Empty: it is none of yours.")
    policy_domain = fields.Char("About", readonly=True)
    reporter_id = fields.Many2one(
        'mail.domain.health.reporter', readonly=True, ondelete='restrict', index='btree_not_null',
        help="Who signed the email that brought it. Of what was uploaded: who it says that it is of.")
    claimed_by = fields.Char("Sender", readonly=True, help="Where nothing proves who sent it: the domain that it says.")
    org_name = fields.Char("Calls Itself", readonly=True)
    report_number = fields.Char("Report ID", readonly=True)
    date_begin = fields.Datetime("From", readonly=True)
    date_end = fields.Datetime("To", readonly=True)
    received_on = fields.Datetime("Received", required=True, readonly=True, index=True)
    user_id = fields.Many2one('res.users', "Uploaded By", readonly=True, ondelete='set null')
    is_uploaded = fields.Boolean("Uploaded", readonly=True, help="Nobody but who uploaded it vouches for it.")
    emails = fields.Integer(
        "Emails Like This", readonly=True, default=1, help="Of a flood, how many came; only the first ones are listed.")
    messages = fields.Integer("Emails Reported", readonly=True)
    passed = fields.Integer("Passed DMARC", readonly=True)
    records = fields.Integer(readonly=True)
    contradictions = fields.Integer(
        readonly=True, help="Records whose single results do not fit what the receiver made of them.")
    is_partial = fields.Boolean("Partial", readonly=True, help="It was damaged, or larger than what is read.")
    is_ambiguous = fields.Boolean(
        "Several Policies", readonly=True, help="It names several policies, and not which one was applied to which emails.")
    skipped = fields.Json(readonly=True, help="What was not taken: codes of mailauth.reports.CODES, with the record.")
    skipped_text = fields.Text("Left Out", compute='_compute_skipped_text')
    is_new = fields.Boolean(readonly=True, help="What it says was not followed yet (receiving.following).")
    incoming_id = fields.Integer(readonly=True, help="mail.domain.health.incoming; 0: the email is not kept.")

    _to_follow = models.Index('(domain_id) WHERE is_new')
    # What was counted once is not counted again; others may not keep a place of it.
    _counted_once = models.UniqueIndex(
        "(reporter_id, report_number, policy_domain, date_begin, date_end, kind) WHERE state = 'counted' AND kind <> 'failure'")
    _parts = models.Index("(reporter_id, report_number) WHERE state = 'partial'")

    @api.depends('state', 'reason')
    @api.depends_context('lang')
    def _compute_explanation(self):
        for report in self:
            report.explanation = texts.explain(self.env, report.state, report.reason)

    @api.depends('skipped')
    @api.depends_context('lang')
    def _compute_skipped_text(self):
        for report in self:
            report.skipped_text = texts.describe_skipped(self.env, report.skipped)

    def action_vouch(self):
        """Count reports of which nothing proves who sent them: whoever does this vouches for them."""
        self.check_access('write')
        counting.vouch(self)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    @api.model
    def _find_recipient(self, header):
        return addresses.find_recipient(self.env, header) or mailboxes.find_mailbox(self.env, header)

    @api.model
    def _consume(self, mails, outcome):
        counting.consume(self.env, mails, outcome)

    @api.autovacuum
    def _gc_reports(self):
        """Forget old reports, those that keep their place last: none may be counted twice."""
        now = fields.Datetime.now()
        self.sudo().search([('received_on', '<', now - timedelta(days=counting.KEPT_DAYS))], limit=10_000).unlink()
        self.sudo().search([
            ('state', '!=', 'counted'), ('received_on', '<', now - timedelta(days=counting.NOT_COUNTED_KEPT_DAYS))],
            limit=10_000).unlink()
