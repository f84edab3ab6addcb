from odoo import api, fields, models

from ..checking import retention
from ..sending import sent_rows


class MailDomainHealthSent(models.Model):
    """How many messages left, by path and server: rows that are only ever added, later summed up by day.

    A sender must neither wait nor fail because it is counted. Hence no shared row that two senders
    would write, no foreign key (it locks the row that it points to), one insertion after the end of
    a transaction, in another one, that gives up rather than wait for the table.

    Of what left in a way that no path foretells it keeps who sent it for which company, as what, until the
    scheduled check has looked at it (:func:`sent_rows.look_at_unforeseen`); then numbers, domains and one example.
    """

    _name = 'mail.domain.health.sent'
    _description = 'Emails Sent'
    _order = 'sent_on desc, id desc'
    _log_access = False  # who and when would be two columns and two foreign keys more

    path_id = fields.Integer("Sending Path", required=True, help="mail.domain.health.path; 0: none was predicted.")
    mail_server_id = fields.Integer(
        "Outgoing Mail Server", required=True,
        help="ir.mail_server; 0: the server of Odoo's configuration file; -1: another host, named by the sender's code.")
    sent_on = fields.Datetime(
        required=True, index=True, help="To the second for two days, then midnight (UTC) of the day.")
    messages = fields.Integer(required=True)
    # Of what no path foretold:
    company_id = fields.Integer()
    smtp_host = fields.Char("Host", help="Where it is not one of Odoo's servers.")
    author_email = fields.Char("Author", help="Once it has been processed: the domain, after an “@”.")
    from_email = fields.Char("Sent From", help="Once it has been processed: the domain, after an “@”, but for one "
                                               "example.")
    envelope_from = fields.Char("Bounces To", help="In the same form as the address it was sent from.")
    is_mailing = fields.Boolean("Mass Mailing")
    res_model = fields.Char("About")

    _unforeseen_idx = models.Index("(company_id) WHERE path_id = 0")

    @api.autovacuum
    def _gc_sent(self):
        """Sum up and forget, where the scheduled check does not run."""
        sent_rows.sum_up(self.env, retention.get_days(self.env, sent_rows.RETENTION_DAYS))
