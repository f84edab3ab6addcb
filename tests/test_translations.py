import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

MODULE = 'mail_domain_health'
I18N = Path(__file__).parent.parent / 'i18n'
LABEL = re.compile('“([A-Z][^”%]*)”')
# What our texts name that stands on screens of Odoo's, of mail programs or of mail services, or in mail.
OF_OTHERS = frozenset({
    'FROM Filtering', 'Connection Encryption', 'Default From Alias', 'Bounce Alias', 'Catchall Alias', 'Delivery Failed', 'Retry',
    'Microsoft Outlook', 'Gmail', 'Send As', 'Send mail as', 'Internet headers', 'Authenticated SMTP', 'Return-Path', 'From',
    'Jane Doe', 'BEGIN', 'END'})
IN_ITS_OWN_WORDS = frozenset({'Quarantine'})  # a step, where the label says what receivers do


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

    def test_what_a_text_names_in_quotation_marks_stands_on_a_screen_in_every_language(self):
        """Who is told to look under a tab that is called otherwise does not find it."""
        template = [entry.msgid for entry in polib.pofile(str(I18N / f'{MODULE}.pot'))]
        labels = {' '.join(part.split()).removesuffix('…') for text in template for part in re.split('<[^>]*>', text)}
        named = {(text, ' '.join(label.split())) for text in template for label in LABEL.findall(text)} - {
            (text, label) for text in template for label in OF_OTHERS}
        self.assertTrue(named)
        self.assertEqual(sorted((label, text) for text, label in named if label not in labels), [], "there is no such label")
        for path in I18N.glob('*.po'):
            said = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
            for text, label in sorted(named):
                if label not in IN_ITS_OWN_WORDS and (shown := said.get(label) or said.get(f'{label}…')):
                    with self.subTest(path.name, label=label):
                        self.assertIn(_plain(shown), _plain(said[text]))


def _plain(text):
    return ' '.join(text.split()).removesuffix('…').lower()
