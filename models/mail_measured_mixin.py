from odoo import api, models
from odoo.exceptions import AccessError


class MailMeasuredMixin(models.AbstractModel):
    """Rows that tell what checks saw: nobody writes that from outside, whatever rights they have.

    A form does not show a read-only field for input, but a remote call writes it all the same. A
    verdict that a person wrote would look like one that receivers gave.
    """

    _name = 'mail.measured.mixin'
    _description = 'Written by Checks'

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("“%s” can only be created by a check.", self._description))
        return super().create(vals_list)

    def write(self, vals):
        measured = [self._fields[name] for name in vals if name in self._fields
                    and self._fields[name].readonly and self._fields[name].store]
        if measured and not self.env.su:
            raise AccessError(self.env._(
                "%(fields)s: only a check can change this. Press “Check now” instead.",
                fields=', '.join(field._description_string(self.env) for field in measured[:3])))
        return super().write(vals)
