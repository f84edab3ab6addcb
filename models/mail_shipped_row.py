from odoo import api, fields, models

_COMPARED = ('char', 'text', 'boolean', 'integer', 'selection')


class MailShippedRow(models.AbstractModel):
    """Rows of a catalog that come with the module and may be corrected.

    What an administrator changed stays as it is when the module is updated; what nobody
    touched follows the module, so that new facts arrive. To know one from the other each row
    remembers what the module said last, fields of which it said nothing included.
    """

    _name = 'mail.shipped.row'
    _description = 'Catalog Entry'

    shipped = fields.Json(readonly=True, copy=False, prefetch=False, help="The module's values for this row at the last update.")
    is_corrected = fields.Boolean(
        "Corrected Here", compute='_compute_is_corrected',
        help="This row differs from the module's values. Updates keep the differences.",
    )

    @api.depends(lambda self: self._compared_fields())
    def _compute_is_corrected(self):
        for row in self:
            row.is_corrected = bool(row._corrected_fields())

    def action_take_shipped(self):
        """Forget the corrections: say again what the module says."""
        for row in self.filtered('shipped'):
            row.with_context(lang=None).write({name: row.shipped[name] for name in row._corrected_fields()})

    @api.model
    def _compared_fields(self):
        return [
            name for name, field in self._fields.items()
            if field.store and field.type in _COMPARED and name not in models.MAGIC_COLUMNS
        ]

    def _corrected_fields(self):
        """Return the names of the fields that differ from what the module said last."""
        self.ensure_one()
        row = self.with_context(lang=None)  # as the module says it: in English
        return {name for name, value in (self.shipped or {}).items()
                if name in self._fields and (row[name] or False) != (value or False)}

    def _load_records_write(self, values):
        """Called where the module's data is loaded over a row that is there already."""
        if not self._loads_own_data():  # an imported file, or a module that corrects another one's row
            return super()._load_records_write(values)
        corrected = self._corrected_fields()
        shipped = self._everything_said(values)
        super()._load_records_write({
            name: value for name, value in {**shipped, **values}.items() if name not in corrected})
        self.shipped = shipped
        return None

    def _load_records_create(self, vals_list):
        rows = super()._load_records_create(vals_list)
        if self._loads_own_data():
            for row, values in zip(rows, vals_list, strict=True):
                row.shipped = row._everything_said(values)
        return rows

    @api.model
    def _loads_own_data(self):
        """Return whether a module is loading a row of its own."""
        module, _dot, _name = self.env.context.get('install_xmlid', '').rpartition('.')
        return bool(self.env.context.get('install_mode')) and module in ('', self.env.context.get('install_module'))

    @api.model
    def _everything_said(self, values):
        """Return what the module says of every field: ``values``, and the default of those that it leaves out."""
        silent = [name for name in self._compared_fields() if name not in values and not self._fields[name].required]
        defaults = self.default_get(silent)
        return {
            **{name: defaults.get(name, False) for name in silent},
            **{name: value for name, value in values.items() if name in self._compared_fields()},
        }
