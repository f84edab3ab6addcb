from random import randint

from odoo import fields, models


class MailDomainHealthTag(models.Model):
    """A word of the administrators' own for a group of domains."""

    _name = 'mail.domain.health.tag'
    _description = 'Email Domain Tag'
    _order = 'name, id'

    name = fields.Char(required=True)
    color = fields.Integer(default=lambda self: randint(1, 11))
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', ondelete='cascade', help="Who sees the tag. Empty: all companies.")

    _name_unique = models.UniqueIndex(
        '(lower(name), COALESCE(company_id, 0))', "This tag exists already.")
