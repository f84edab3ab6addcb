from odoo import api, fields, models

from ..receiving import storing


class MailDomainHealthIdentity(models.Model):
    """As what mail in reports came: its From domain, who signed it with which key, the domain that SPF was checked on.

    One row for each combination that the volumes of a domain have, at most ``storing.MAX_IDENTITIES`` a domain.
    """

    _name = 'mail.domain.health.identity'
    _description = 'Identity in Reports'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _log_access = False
    _rec_name = 'header_from'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade', index=True)
    header_from = fields.Char("From Domain", readonly=True)
    dkim_domain = fields.Char("Signed By", readonly=True, help="The aligned signature if there is one.")
    dkim_selector = fields.Char("Key", readonly=True)
    dkim_result = fields.Char("DKIM", readonly=True)
    spf_domain = fields.Char("SPF Domain", readonly=True)
    spf_result = fields.Char("SPF", readonly=True)

    @api.autovacuum
    def _gc_identities(self):
        storing.forget_identities(self.sudo().env)
