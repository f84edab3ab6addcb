from odoo import api, fields, models


class MailShippedRow(models.AbstractModel):
    """Rows of a catalogue that come with the module and may be corrected.

    What an administrator changed stays as it is when the module is updated; what nobody
    touched follows the module, so that new facts arrive. To know one from the other each row
    remembers what the module said last.
    """

    _name = 'mail.shipped.row'
    _description = 'Row of a Catalogue'

    shipped = fields.Json(readonly=True, copy=False, prefetch=False, help="What the module said of this row last.")
    is_corrected = fields.Boolean(
        "Corrected Here", compute='_compute_is_corrected',
        help="This row differs from what comes with the module. Updates leave the differences alone.",
    )

    @api.depends(lambda self: [
        name for name, field in self._fields.items()
        if field.store and name not in models.MAGIC_COLUMNS and field.type in _COMPARED])
    def _compute_is_corrected(self):
        for row in self:
            row.is_corrected = bool(row._corrected_fields())

    def action_take_shipped(self):
        """Forget the corrections: say again what the module says."""
        for row in self.filtered('shipped'):
            corrected = row._corrected_fields()
            row.with_context(lang=None).write({name: row.shipped[name] for name in corrected})

    def _corrected_fields(self):
        """Return the names of the fields that differ from what the module said last."""
        self.ensure_one()
        row = self.with_context(lang=None)  # as the module says it: in English
        return {name for name, value in (self.shipped or {}).items() if (row[name] or False) != (value or False)}

    def _load_records_write(self, values):
        """Called where the module's data is loaded over a row that is there already."""
        if not self.env.context.get('install_mode'):  # somebody imports a file
            return super()._load_records_write(values)
        corrected = self._corrected_fields()
        # What the module does not say any more is taken back.
        gone = {name: False for name in (self.shipped or {}) if name not in values}
        news = {name: value for name, value in {**gone, **values}.items() if name not in corrected}
        super()._load_records_write(news)
        self.shipped = _as_json(values)
        return None

    def _load_records_create(self, vals_list):
        rows = super()._load_records_create(vals_list)
        if self.env.context.get('install_mode'):
            for row, values in zip(rows, vals_list, strict=True):
                row.shipped = _as_json(values)
        return rows


_COMPARED = ('char', 'text', 'boolean', 'integer', 'selection')


def _as_json(values):
    return {name: value for name, value in values.items() if value is None or isinstance(value, (str, bool, int))}
