from odoo import models

from ..receiving import addresses


class MailAlias(models.Model):
    _inherit = 'mail.alias'

    def unlink(self):
        """Propose an address for reports no longer once nothing that is sent to it arrives."""
        addresses.withdraw(self)
        return super().unlink()
