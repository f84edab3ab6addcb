from odoo import api, models
from odoo.exceptions import AccessError

NOT_OURS = ('create_uid', 'write_uid')


class MailHealthWizard(models.AbstractModel):
    """A wizard that names records: only those that whoever opened it may see.

    The form offers no others, a remote call names any number; and the name of a record that a wizard
    points to is shown without asking for rights on it. Security rules keep each wizard to its maker.
    Constraints would not do: core checks them as superuser.
    """

    _name = 'mail.health.wizard'
    _description = 'Email Domain Health Wizard'

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_referred_records(self._fields)
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self._check_referred_records(vals)
        return result

    def _check_referred_records(self, names):
        """Raise where one of the fields ``names`` points to what the current user may not see."""
        if self.env.su:
            return
        for name in names:
            field = self._fields.get(name)
            if not field or not field.store or name in NOT_OURS or field.type not in ('many2one', 'many2many'):
                continue
            records = self[name]
            records.check_access('read')
            # Settings administrators may read every company, and work in those that are theirs.
            if records._name == 'res.company' and records - self.env.user.company_ids:
                raise AccessError(self.env._("You do not work in this company."))
