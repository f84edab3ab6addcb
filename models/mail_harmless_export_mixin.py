import json
import re

from odoo import api, models

# What makes a spreadsheet compute a cell, at its start; some apostrophe before it and it is text. A program that takes
# another character for the separator begins a cell behind it, so there, too. XlsxWriter takes “{=…}” for a formula.
_COMPUTED = re.compile(r'(^[\t\r\n]*|[;,|\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20]|\{=)')
_LEADING = ('\t', '\r', '\n')


class MailHarmlessExportMixin(models.AbstractModel):
    """Rows that hold what DNS, mail servers and senders said: exported, nothing of it is a formula.

    Core's CSV export sees to ``=``, ``+`` and ``-`` alone, its Excel export to nothing: a TXT record could
    call up an address, or a program, on the computer of whoever opens the file.
    """

    _name = 'mail.harmless.export.mixin'
    _description = 'Exported Without Formulas'

    def _export_rows(self, fields, **options):
        return [[_harmless(value) for value in row] for row in super()._export_rows(fields, **options)]

    @api.model
    def formatted_read_group(self, *args, **kwargs):
        """Give the headings of a grouped export without formulas, too."""
        groups = super().formatted_read_group(*args, **kwargs)
        if 'import_compat' in self.env.context:  # core's export
            for group in groups:
                for name, value in group.items():
                    if isinstance(value, tuple) and len(value) == 2:
                        group[name] = (value[0], _harmless(value[1]))
                    elif isinstance(value, str):
                        group[name] = _harmless(value)
        return groups


def _harmless(value):
    """Return what an exported cell has instead of ``value``: text that no spreadsheet computes."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    text = _COMPUTED.sub(r"\1'", value)
    return f"'{text}" if text.startswith(_LEADING) else text
