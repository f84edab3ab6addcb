from odoo import api, fields, models

from ..texts import sources as texts


class MailDomainHealthSource(models.Model):
    """Whose the mail is that leaves as a domain from a place, where an administrator said so: theirs, or not.

    ``place`` as ``receiving.sources.place_of`` names it: ``service:<code>`` or ``ip:<address>``. Everything else about a source
    is worked out of reports and configuration when it is looked at.
    """

    _name = 'mail.domain.health.source'
    _description = 'Decided Source of Email'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'domain_id, place'
    _rec_name = 'place'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, ondelete='cascade')
    place = fields.Char("Source", required=True, readonly=True)
    decision = fields.Selection(selection=lambda self: texts.decisions(self.env), required=True, readonly=True)
    decided_by_id = fields.Many2one('res.users', readonly=True, ondelete='set null')
    decided_on = fields.Datetime(required=True, readonly=True)

    _place_unique = models.UniqueIndex('(domain_id, place)')

    @api.model
    def _decide(self, domain, place, decision):
        """Store what the current user says of a source; ``False`` takes it back."""
        known = self.sudo().search([('domain_id', '=', domain.id), ('place', '=', place)])
        values = {'decision': decision, 'decided_by_id': self.env.uid, 'decided_on': fields.Datetime.now()}
        if not decision:
            known.unlink()
        elif known:
            known.write(values)
        else:
            self.sudo().create({'domain_id': domain.id, 'place': place, **values})
