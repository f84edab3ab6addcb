from odoo import api, fields, models

from ..receiving import encryption
from ..texts import reports as texts


class MailDomainHealthTls(models.Model):
    """How connections to the mail servers of a domain ended on a day, as their senders report it (RFC 8460).

    One row for each result at each mail server: ``result`` is empty for connections that were encrypted as ``policy`` asks.
    """

    _name = 'mail.domain.health.tls'
    _description = 'Encryption of Received Email'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'date desc, sessions desc, id'
    _log_access = False
    _rec_name = 'mx_host'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade')
    date = fields.Date("Day", required=True, readonly=True)
    reporter_id = fields.Many2one(
        'mail.domain.health.reporter', required=True, readonly=True, ondelete='restrict', index=True)
    policy = fields.Selection(selection=lambda self: texts.tls_policies(self.env), readonly=True)
    mx_host = fields.Char("Mail Server", readonly=True, help="Empty: the report does not say, or names several.")
    result = fields.Char(readonly=True, help="Empty: encrypted. Else the result type of RFC 8460, “others” for any else.")
    sessions = fields.Integer("Connections", required=True, readonly=True)

    _by_domain_and_day = models.Index('(domain_id, date)')

    @api.autovacuum
    def _gc_tls(self):
        encryption.forget_old(self.sudo().env)
