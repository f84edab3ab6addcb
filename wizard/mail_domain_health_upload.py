import base64
import binascii
import time

from odoo import fields, models
from odoo.exceptions import UserError

from ..mailauth import reports as engine
from ..receiving import uploading
from ..texts import reports as texts


class MailDomainHealthUpload(models.TransientModel):
    """Count reports that a person has as files: reports as they came, archives of them, or the export of a whole mailbox."""

    _name = 'mail.domain.health.upload'
    _description = 'Upload Reports'
    _inherit = ['mail.health.wizard']

    file = fields.Binary(attachment=False)
    file_name = fields.Char()

    def action_upload(self):
        """Take the reports of the file; the first ones are read at once, the others by and by."""
        self.ensure_one()
        self.check_access('write')
        try:
            octets = base64.b64decode(self.file or b'', validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("The file did not arrive. Choose it again.")) from error
        if not octets:
            raise UserError(self.env._("File: choose a file first."))
        end = time.monotonic() + uploading.READ_AT_ONCE
        found, waiting, left_out = uploading.take(self.env, octets, lambda: time.monotonic() >= end)
        if not found:
            why = next((code for code in left_out if code not in engine.NOTHING), None)
            raise UserError(self.env._("File: %(why)s", why=texts.explain(self.env, 'refused', why)) if why else self.env._(
                "File: there is no report in it. Choose a report as it came (.xml, .gz, .zip or .eml), or a mailbox (.mbox)."))
        self.write({'file': False, 'file_name': False})
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_received_action')
        action['context'] = {'search_default_uploaded': 1}
        message = self.env._(
            "Reports found: %(found)s. Still to be read: %(waiting)s. Left out: %(left_out)s; the list says why.",
            found=found, waiting=waiting, left_out=left_out.total()) if left_out else self.env._(
            "Reports found: %(found)s. Still to be read: %(waiting)s.", found=found, waiting=waiting)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'warning' if left_out else 'success', 'message': message, 'next': action},
        }
