import importlib
import pkgutil
from datetime import timedelta

from odoo.tests import TransactionCase, tagged

from .. import texts
from ..texts import durations, findings
from ..texts.filling import By, Counted, fill, number, say, variants

EMAIL = {
    'en_US': ('email', 'emails'), 'de_DE': ('E-Mail', 'E-Mails'), 'fr_FR': ('e-mail', 'e-mails'), 'es_ES': ('correo', 'correos')}


def counted():
    """Yield each :class:`Counted` of the texts."""
    for module in pkgutil.walk_packages(texts.__path__, texts.__name__ + '.'):
        yield from _within(list(vars(importlib.import_module(module.name)).values()))


def _within(value):
    if isinstance(value, Counted):
        yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _within(each)


@tagged('post_install', '-at_install')
class TestPlurals(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in EMAIL:
            cls.env['res.lang']._activate_lang(lang)

    def envs(self):
        for lang in EMAIL:
            with self.subTest(lang):
                yield lang, self.env(context={'lang': lang})

    def test_a_text_of_one_and_one_of_others_are_two_in_every_language(self):
        every = list(counted())
        self.assertGreater(len(every), 15)
        for _lang, env in self.envs():
            for text in every:
                one, other = env._(text.one), env._(text.other)
                self.assertNotEqual(one, other)
                for said in (one, other):
                    self.assertIn(f'%({text.parameter})s', said)
                for value, chosen in ((1, text.one), (2, text.other), (1000, text.other)):
                    self.assertEqual(
                        fill(env, text, {text.parameter: value}), fill(env, chosen, {text.parameter: number(env, value)}))

    def test_what_is_said_in_english_for_want_of_a_translation_counts_as_in_english(self):
        """None is one in Brazil, and 21 in Russia: not of English words."""
        english = self.env(context={'lang': 'en_US'})
        for lang in ('pt_BR', 'ru_RU'):
            self.env['res.lang']._activate_lang(lang)
            env = self.env(context={'lang': lang})
            for text in counted():
                for value in (0, 1, 21):
                    with self.subTest(lang=lang, value=value, text=str(text.one)):
                        self.assertEqual(
                            fill(env, text, {text.parameter: value}), fill(english, text, {text.parameter: value}))

    def test_one_email_is_one_in_every_language(self):
        for lang, env in self.envs():
            for value, word in zip((1, 2, 1000), (EMAIL[lang][0], *2 * EMAIL[lang][1:]), strict=True):
                told = {'count': value, 'since': '2026-01-02', 'receivers': ['gmail.com'], 'name': 'ours.example'}
                for code in findings.receivers.FINDINGS:
                    explanation = findings.finding(env, code, told)[1]
                    self.assertRegex(explanation, rf'\b{number(env, value)} {word}\b', code)

    def test_the_number_decides_and_not_what_it_looks_like(self):
        """Stored parameters are numbers; what was written for people before is one where it reads as such."""
        text = Counted('count', 'one: %(count)s', 'others: %(count)s')
        for value, said in (
            (1, 'one: 1'), ('1', 'one: 1'), (21, 'others: 21'), (1000, 'others: 1,000'), ('1,000', 'others: 1,000'),
            (0, 'others: 0'), (None, 'others: —'), ('', 'others: —'),
        ):
            with self.subTest(value=value):
                self.assertEqual(fill(self.env(context={'lang': 'en_US'}), text, {'count': value}), said)

    def test_french_says_of_none_what_it_says_of_one(self):
        text = Counted('count', 'one: %(count)s', 'others: %(count)s')
        for lang, said in (('fr_FR', 'one: 0'), ('de_DE', 'others: 0'), ('es_ES', 'others: 0')):
            self.assertEqual(say(self.env(context={'lang': lang}), text, count=0), said)

    def test_a_text_of_two_numbers_goes_by_both(self):
        env = self.env(context={'lang': 'en_US'})
        text = By('is_sent', {True: Counted('a', Counted('b', '1 1', '1 n'), Counted('b', 'n 1', 'n n')), None: 'not sent'})
        for numbers, said in (((1, 1), '1 1'), ((1, 2), '1 n'), ((2, 1), 'n 1'), ((2, 2), 'n n')):
            self.assertEqual(say(env, text, is_sent=True, a=numbers[0], b=numbers[1]), said)
        self.assertEqual(len(variants(text)), 5)

    def test_how_long_something_lasts_at_most_is_never_told_too_short(self):
        env = self.env(context={'lang': 'en_US'})
        for seconds, said in (
            (0, '1 minute'), (60, '1 minute'), (61, '2 minutes'), (7199, '2 hours'), (7201, '3 hours'), (90000, '25 hours'),
            (172801, '3 days'),
        ):
            with self.subTest(seconds=seconds):
                self.assertEqual(durations.at_most(env, timedelta(seconds=seconds)), said)
        for lang, said in (('de_DE', '1 Minute'), ('fr_FR', '1 minute'), ('es_ES', '1 minuto')):
            self.assertEqual(durations.at_most(self.env(context={'lang': lang}), timedelta(seconds=1)), said)
