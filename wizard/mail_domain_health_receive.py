from odoo import api, fields, models
from odoo.exceptions import UserError

from ..receiving import addresses


class MailDomainHealthReceive(models.TransientModel):
    """Have DMARC reports about a domain read here: sent to an alias that is made for it, or fetched from a mailbox outside."""

    _name = 'mail.domain.health.receive'
    _description = 'Receive DMARC Reports Here'
    _inherit = ['mail.health.wizard']

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade')
    alias_domain_id = fields.Many2one(
        'mail.alias.domain', compute='_compute_alias_domain_id', store=True, readonly=False, precompute=True,
        ondelete='cascade', help="Mail to it has to reach Odoo: by an incoming mail server, or by your mail server.")
    alias_name = fields.Char(compute='_compute_alias_name', store=True, readonly=False, precompute=True)
    is_elsewhere = fields.Boolean(compute='_compute_is_elsewhere')
    way = fields.Selection(
        [('alias', "At a New Address in Odoo"), ('mailbox', "In a Mailbox That Odoo Fetches")], "Reports Arrive", required=True,
        default='alias')
    fetchmail_server_id = fields.Many2one(
        'fetchmail.server', "Incoming Mail Server", ondelete='cascade', domain="[('server_type', '!=', 'local')]",
        compute='_compute_fetchmail_server_id', store=True, readonly=False, precompute=True)
    reads = fields.Selection(
        selection=lambda self: self.env['fetchmail.server']._fields['mail_health_reports']._description_selection(self.env),
        string="Reports", compute='_compute_reads', store=True, readonly=False, precompute=True)

    @api.depends('domain_id')
    def _compute_alias_domain_id(self):
        """Prefer an address at the domain itself: nobody else has to agree to that."""
        for wizard in self:
            used = wizard.domain_id.report_address_id.sudo().alias_id.alias_domain_id
            wizard.alias_domain_id = used or wizard.domain_id.alias_domain_ids[:1] or self.env.company.alias_domain_id

    @api.depends('domain_id')
    def _compute_fetchmail_server_id(self):
        for wizard in self:
            wizard.fetchmail_server_id = wizard.domain_id.report_server_id

    @api.depends('fetchmail_server_id')
    def _compute_reads(self):
        for wizard in self:
            wizard.reads = wizard.fetchmail_server_id.mail_health_reports or 'also'

    @api.depends('alias_domain_id')
    def _compute_alias_name(self):
        for wizard in self:
            alias = self.env['mail.domain.health.address'].sudo().search(
                [('alias_id.alias_domain_id', '=', wizard.alias_domain_id.id)], limit=1).alias_id
            wizard.alias_name = alias.alias_name or 'dmarc-reports'

    @api.depends('alias_domain_id', 'domain_id')
    def _compute_is_elsewhere(self):
        for wizard in self:
            name = (wizard.alias_domain_id.name or '').lower()
            wizard.is_elsewhere = bool(name) and name != wizard.domain_id.name

    def action_receive(self):
        """Make the address, and send the mail that tells whether reports to it arrive; or have them read from a mailbox."""
        self.ensure_one()
        self.check_access('write')
        domain = self.domain_id
        domain.check_access('write')
        if domain._is_neutralized():
            raise UserError(self.env._("This is a copy of your database: it checks nothing and notifies nobody."))
        if self.way == 'mailbox':
            server = self.fetchmail_server_id
            if not server:
                raise UserError(self.env._("Incoming Mail Server: choose the one that fetches the mailbox, or create one."))
            server.mail_health_reports = self.reads or 'also'
            domain.sudo().report_server_id = server
            return {'type': 'ir.actions.act_window_close'}
        if not self.alias_domain_id:
            raise UserError(self.env._("Alias Domain: give your company an alias domain in Settings first."))
        address = self.env['mail.domain.health.address'].sudo()._get_for(self.alias_domain_id, self.alias_name or '')
        is_pressed_again = domain.report_address_id.id == address.id
        domain.sudo().report_address_id = address
        if address.is_proven:
            domain.sudo().dmarc_report_address = address.name
        elif is_pressed_again or not addresses.is_asked(address):  # the test that is under way is that of all its domains
            addresses.ask(address)
        return {'type': 'ir.actions.act_window_close'}
