from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from ..proving import way_back


class MailDomainHealthProofStart(models.TransientModel):
    """Ask for the mailbox that proofs of sending paths go to, where none is named yet, and send them."""

    _name = 'mail.domain.health.proof.start'
    _description = 'Send a Proof'
    _inherit = ['mail.health.wizard']

    path_ids = fields.Many2many(
        'mail.domain.health.path', 'mail_domain_health_proof_start_path_rel', 'start_id', 'path_id', "Sending Paths",
        readonly=True)
    path_count = fields.Integer("Sending Paths to Prove", compute='_compute_path_count')
    way = fields.Selection(
        [('outside', "A mailbox at another provider"), ('own', "Odoo's own incoming mail")], "Send To", required=True,
        default='outside')
    address = fields.Char("Mailbox", help="The address that the proofs are sent to.")

    repeats = fields.Boolean(
        "Repeat Every Week", help="Whoever is responsible is told once two proofs in a row show that something stopped working.")

    @api.depends('path_ids')
    def _compute_path_count(self):
        for wizard in self:
            wizard.path_count = len(wizard.path_ids)

    @api.model
    def _start(self, paths):
        """Send a proof on each of these paths, once it is known to which mailbox; return the next action."""
        if not paths:
            raise UserError(self.env._("No mail is sent on any of these sending paths, so there is nothing to prove."))
        if self.env['mail.domain.health']._is_neutralized():
            raise UserError(self.env._("This is a copy of your database: it sends nothing."))
        if all(company.sudo().mail_health_proof_address for company in paths.company_id):
            return self.env['mail.domain.health.proof']._send(paths)._get_action()
        wizard = self.create({'path_ids': [fields.Command.set(paths.ids)]})
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_proof_start_action')
        return {**action, 'res_id': wizard.id}

    def action_send(self):
        """Name the mailbox for the companies that have none, and send."""
        self.ensure_one()
        self.check_access('write')
        address = email_normalize(self.address or '')
        if self.way == 'outside' and not address:
            raise UserError(self.env._(
                "Mailbox: enter the address of a mailbox that you can read, for example odoo-proofs@example.com."))
        for company in self.path_ids.company_id.sudo():
            if not company.mail_health_proof_address:
                own = way_back.make_alias(company) if self.way == 'own' else address
                if not own:
                    raise UserError(self.env._(
                        "Send To: %s has no alias domain, so no mail to an address of its own reaches Odoo.", company.name))
                company.write({'mail_health_proof_address': own, 'mail_health_repeats_proofs': self.repeats})
        return self.env['mail.domain.health.proof']._send(self.path_ids)._get_action()
