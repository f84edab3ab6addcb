import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

MODULE = 'mail_domain_health'
I18N = Path(__file__).parent.parent / 'i18n'


@tagged('post_install', '-at_install')
class TestTranslations(TransactionCase):

    def test_template_says_what_the_screens_say_now(self):
        """A translation of what a screen said before helps nobody: ``./dev/translations`` brings them up to date."""
        written = io.BytesIO()
        trans_export(False, [MODULE], written, 'po', self.env)
        # Odoo takes every file below a module for its own; those of the bridges have templates of their own.
        said = {entry.msgid for entry in polib.pofile(written.getvalue().decode())
                if not all('/bridges/' in path for path, _line in entry.occurrences)}
        template = {entry.msgid for entry in polib.pofile(str(I18N / f'{MODULE}.pot'))}
        self.assertEqual(sorted(said - template), [], "not in the template yet")
        self.assertEqual(sorted(template - said), [], "no longer said")
