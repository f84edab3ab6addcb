from odoo import fields, models


class FetchmailServer(models.Model):
    _inherit = 'fetchmail.server'

    mail_health_reports = fields.Selection(
        [('also', "Read, Beside Other Mail"), ('only', "Read, and Nothing Else")], "DMARC and TLS Reports",
        help="For a mailbox that receivers send their reports to. Beside other mail: reports are read, and all other mail is "
             "processed as before. Nothing else: other mail makes no record in Odoo and is not answered, unless it is for one of "
             "Odoo's aliases or answers a message.")
