from odoo import api, fields, models

from ..display.received import name_reporters
from ..receiving import storing
from ..texts import reports as texts


class MailDomainHealthVolume(models.Model):
    """How much mail left as a domain on a day from where, and how it fared: all that is kept of the records of reports.

    ``date`` is the day (UTC) in which the middle of the reported period lies. ``source`` is an IP address, or, of what is beyond
    the largest :data:`storing.MAX_SOURCES` of a day, a network in CIDR form (``is_network``; ``0.0.0.0/0`` and ``::/0`` are
    the rest). Outcomes as the receiver evaluated them: ``dkim_aligned`` and ``spf_aligned`` (DMARC passed if one of them
    is true), ``disposition`` (what it did), ``reason`` (why it did not follow the policy). ``messages`` is the sum;
    ``by_reporter`` says which reporters it is of, as ``"3:120 7:15"``: ids of ``mail.domain.health.reporter``, each with
    its messages (:func:`storing.read_by_reporter`, :func:`storing.by_reporter_query` for SQL). ``is_trusted``: of reporters that
    count (``mail.domain.health.reporter.is_trusted``); others have rows of their own, so that they change nothing of these.
    """

    _name = 'mail.domain.health.volume'
    _description = 'Email Volume in Reports'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'date desc, messages desc, id'
    _log_access = False
    _rec_name = 'source'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade')
    date = fields.Date("Day", required=True, readonly=True)
    source = fields.Char(required=True, readonly=True, help="An IP address, or a network where many are summed up.")
    is_network = fields.Boolean("Summed Up", readonly=True)
    is_trusted = fields.Boolean("Counts", readonly=True)
    dkim_aligned = fields.Boolean("DKIM Aligned", readonly=True)
    spf_aligned = fields.Boolean("SPF Aligned", readonly=True)
    disposition = fields.Selection(selection=lambda self: texts.dispositions(self.env), readonly=True)
    reason = fields.Selection(selection=lambda self: texts.reasons(self.env), readonly=True)
    identity_id = fields.Many2one('mail.domain.health.identity', readonly=True, ondelete='set null', index=True)
    header_from = fields.Char(related='identity_id.header_from')
    dkim_domain = fields.Char(related='identity_id.dkim_domain')
    dkim_selector = fields.Char(related='identity_id.dkim_selector')
    dkim_result = fields.Char(related='identity_id.dkim_result')
    spf_domain = fields.Char(related='identity_id.spf_domain')
    spf_result = fields.Char(related='identity_id.spf_result')
    messages = fields.Integer("Emails", required=True, readonly=True)
    by_reporter = fields.Char(readonly=True)

    reporters_text = fields.Char("Reported By", compute='_compute_reporters_text')

    _by_domain_and_day = models.Index('(domain_id, date)')

    @api.depends('by_reporter')
    @api.depends_context('lang')
    def _compute_reporters_text(self):
        names = name_reporters(self)
        for volume in self:
            volume.reporters_text = names.get(volume.id, '')

    @api.autovacuum
    def _gc_volume(self):
        storing.forget_old(self.sudo().env)
