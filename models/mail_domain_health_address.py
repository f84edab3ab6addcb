from odoo import api, fields, models
from odoo.exceptions import UserError

from ..receiving import addresses


class MailDomainHealthAddress(models.Model):
    """An address of this database that receivers send reports to, an alias, and whether mail to it was seen to arrive."""

    _name = 'mail.domain.health.address'
    _description = 'Address for Reports'
    _inherit = ['mail.measured.mixin']

    alias_id = fields.Many2one('mail.alias', required=True, readonly=True, ondelete='cascade')
    name = fields.Char("Address", compute='_compute_name')
    domain_ids = fields.One2many('mail.domain.health', 'report_address_id', "Domains", readonly=True)
    token = fields.Char(readonly=True, groups='base.group_no_one', index='btree_not_null')
    asked_on = fields.Datetime("Test Sent", readonly=True)
    returned_on = fields.Datetime("Test Came Back", readonly=True)
    returned_address = fields.Char(readonly=True, help="The address at that time: the alias may have another name now.")
    is_proven = fields.Boolean(compute='_compute_is_proven', help="Mail to this address arrives here.")

    _alias_unique = models.UniqueIndex('(alias_id)')

    @api.depends('alias_id.alias_full_name')
    def _compute_name(self):
        for address in self:
            address.name = (address.sudo().alias_id.alias_full_name or '').lower()

    @api.depends('name', 'returned_on', 'returned_address')
    def _compute_is_proven(self):
        for address in self:
            address.is_proven = bool(address.returned_on) and address.returned_address == address.name

    @api.model
    def _get_for(self, alias_domain, alias_name):
        """Return the report address of that name, made where there is none; the name as core makes it of what is entered.

        :raises UserError: if there is none in it
        """
        alias_name = self.env['mail.alias']._sanitize_alias_name(alias_name)
        if not alias_name:
            raise UserError(self.env._("Alias name: enter the part before the @, for example “dmarc-reports”."))
        alias = self.env['mail.alias'].search([
            ('alias_model_id', '=', self.env['ir.model']._get_id(addresses.MODEL)), ('alias_domain_id', '=', alias_domain.id),
            ('alias_name', '=', alias_name)], limit=1)
        alias = alias or self.env['mail.alias'].create({
            'alias_name': alias_name, 'alias_domain_id': alias_domain.id,
            'alias_model_id': self.env['ir.model']._get_id(addresses.MODEL)})
        return self.search([('alias_id', '=', alias.id)], limit=1) or self.create({'alias_id': alias.id})
