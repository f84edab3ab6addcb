"""Words of code and pieces of sentences are noticed before a translator meets them."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import polib

import source_texts
import translation_files
from places import MODULE

CODE = "code:addons/mail_domain_health/texts/states.py"


class CodeWordsTest(unittest.TestCase):
    def found(self, source: str, *texts: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "states.py").write_text(source, encoding="utf-8")
            entries = [polib.POEntry(msgid=text, occurrences=[(CODE, "0")]) for text in texts]
            return [text for text in texts if any(repr(text) in fault for fault in source_texts.code_words(Path(folder), entries))]

    def test_key_in_the_call_for_a_translation_is_no_text(self):
        self.assertEqual(self.found("env._(TEXTS['count'])\nenv._('Two ' 'words')", "count", "Two words"), ["count"])

    def test_key_behind_a_text_is_no_text(self):
        self.assertEqual(self.found("ROWS = (_lt('One'), ('why', {}))", "why", "One"), ["why"])

    def test_texts_of_views_are_not_looked_for_in_code(self):
        view = polib.POEntry(msgid="count", occurrences=[("model:ir.model.fields,name:x", "0")])
        self.assertEqual(list(source_texts.code_words(Path(__file__).parent, [view])), [])


class PiecesTest(unittest.TestCase):
    def found(self, template: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "views").mkdir()
            (Path(folder) / "views" / "some.xml").write_text(f"<odoo>{template}</odoo>", encoding="utf-8")
            return list(source_texts.pieces(Path(folder)))

    def test_sentence_that_a_value_interrupts_is_noticed(self):
        for template in (
            '<p>Made on <t t-out="day"/>.</p>',
            '<p>It is at <b t-esc="host"/>, which is far.</p>',
            '<p>Resolved (<t t-esc="count"/>)</p>',
            '<p><span><t t-esc="name"/></span> gives each its own.</p>',
            '<button>Change it to <field name="suggestion"/></button>',
            '<div>Emails: <field name="sent"/>, rejected: <field name="refused"/></div>',
        ):
            with self.subTest(template):
                self.assertEqual(len(self.found(template)), 1)

    def test_label_before_a_value_and_texts_without_any_are_none(self):
        for template in (
            '<p>Full name: <span t-esc="name"/></p>',
            '<p><i class="fa"/>Nothing to do. <a href="x">More</a></p>',
            '<p><t t-if="busy">Checking…</t><t t-else="" t-esc="age"/></p>',
            '<p><t t-esc="name"/> (<t t-esc="count"/>)</p>',
            '<form>Several fields <group><field name="name"/></group></form>',
        ):
            with self.subTest(template):
                self.assertEqual(self.found(template), [])


class BeginningsTest(unittest.TestCase):
    def found(self, text: str, place: str = "model_terms:ir.ui.view,arch_db:x") -> bool:
        return bool(list(source_texts.beginnings([polib.POEntry(msgid=text, occurrences=[(place, "0")])])))

    def test_text_of_a_template_that_begins_or_ends_within_a_sentence_is_noticed(self):
        for text in (", contacts:", "and publish it.", "a day", ". After:", "<b>of</b> them", "Resolved ("):
            with self.subTest(text):
                self.assertTrue(self.found(text))

    def test_sentences_labels_examples_and_names_are_none(self):
        for text in ("Made on %s.", "Full name:", "(empty)", "e.g. s1", "notifications@example.com", "mail.force.smtp.from"):
            with self.subTest(text):
                self.assertFalse(self.found(text))

    def test_words_that_a_sentence_of_code_is_filled_with_are_none(self):
        self.assertFalse(self.found("accepted", CODE))


class PluralsTest(unittest.TestCase):
    def found(self, text: str, source: str = "") -> bool:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "states.py").write_text(source, encoding="utf-8")
            return bool(list(source_texts.plurals(Path(folder), [polib.POEntry(msgid=text, occurrences=[(CODE, "0")])])))

    def test_text_that_is_wrong_of_one_is_noticed(self):
        for text in ("%(count)s emails", "All %(domains)s domains", "%s problems", "%(count)s new entries", "%(count)s were left out",
                     "%(failed)s of them fail", "%(count)s SPF records", "%(count)s do", "Of %(total)s addresses 3 are"):
            with self.subTest(text):
                self.assertTrue(self.found(text))

    def test_figures_behind_a_label_and_names_are_none(self):
        for text in ("Emails: %(count)s.", "%(done)s of %(total)s", "%(name)s has records", "%(count)s was sent", "At most %(limit)s lines",
                     "%(count)s more", "%s has its own", "Addresses (%(count)s)"):
            with self.subTest(text):
                self.assertFalse(self.found(text))

    def test_text_of_others_that_one_of_its_own_stands_beside_is_none(self):
        self.assertFalse(self.found("%(count)s emails", "T = Counted('count', _lt('%(count)s email'), _lt('%(count)s emails'))"))
        self.assertTrue(self.found("%(count)s emails", "T = Counted('sent', _lt('%(count)s email'), _lt('%(count)s emails'))"))
        both = ("T = Counted('sent', _lt('1'), Counted('of', _lt('%(sent)s emails of %(of)s domain'),"
                " _lt('%(sent)s emails of %(of)s domains')))")
        self.assertFalse(self.found("%(sent)s emails of %(of)s domains", both))

    def test_each_exception_is_one(self):
        texts = [entry.msgid for entry in translation_files.read(translation_files.template(MODULE))]
        for beginning in source_texts.NOT_OF_ONE:
            with self.subTest(beginning):
                self.assertTrue(any(text.startswith(beginning) for text in texts))
        for parameter in source_texts.NEVER_ONE:
            with self.subTest(parameter):
                self.assertTrue(any(f"%({parameter})s" in text for text in texts))


if __name__ == "__main__":
    unittest.main()
