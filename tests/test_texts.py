import ast
import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from .. import mailauth
from ..checking.stored_report import Area
from ..mailauth import reports
from ..mailauth.__main__ import EXIT_STATUS
from ..mailauth.records import precondition
from ..mailauth.verdict import State
from ..sending import fate
from ..texts import findings, paths, states, verdicts
from ..texts import publication as publication_texts
from ..texts import reports as report_texts
from ..texts.filling import variants
from .common import DomainHealthCase

MAILAUTH = Path(__file__).parent.parent / 'mailauth'
PLACEHOLDER = re.compile(r'%\((\w+)\)s')
UNWANTED = re.compile(r'misconfigured|invalid syntax|simply|please note', re.IGNORECASE)
MAX_TITLE = 60


@tagged('post_install', '-at_install')
class TestStateTexts(TransactionCase):

    def test_every_state_has_its_words_its_rank_its_look_and_its_exit_status(self):
        """What a new state has to be added to; some of these are met on a bad day only."""
        every, said_elsewhere = {state.value for state in State}, {'unknown', 'not_needed'}
        self.assertEqual(set(states.STATES), every)
        self.assertEqual(set(verdicts.OVERALL) - {'not_checked'}, every)
        self.assertLessEqual(every - said_elsewhere, set(verdicts.PATHS))
        self.assertLessEqual(every - said_elsewhere, set(paths.OUTCOMES))
        self.assertEqual(set(fate.RANKS), set(State) - {State.UNKNOWN}, "what is not known is between the worst and the best")
        self.assertEqual(set(EXIT_STATUS), set(State))
        look = (Path(__file__).parent.parent / 'static' / 'src' / 'state' / 'state.js').read_text(encoding='utf-8')
        self.assertEqual(set(re.findall(r'^    (\w+): { badge: .*icon:', look, re.MULTILINE)), every)


@tagged('post_install', '-at_install')
class TestFindingTexts(TransactionCase):

    def sources(self, code):
        """Title, explanation and remedy; where it depends on a number, of more than one."""
        return [variants(text)[-1]._source for text in findings.FINDINGS[code]]

    def params(self, code):
        """A value for every parameter that the texts of a code name."""
        names = {name for source in self.sources(code) for name in PLACEHOLDER.findall(source)}
        return {name: f'<{name}>' for name in names}

    def test_every_code_has_a_text_and_every_text_a_code(self):
        self.assertEqual(engine_codes(), set(findings.FINDINGS))

    def test_every_text_shows_all_its_parameters(self):
        for code in findings.FINDINGS:
            with self.subTest(code):
                params = self.params(code)
                shown = findings.finding(self.env, code, params)
                self.assertEqual(len(shown), 3)
                self.assertTrue(all(shown), "a finding has a title, an explanation and a remedy")
                for value in params.values():
                    self.assertIn(value, ' '.join(shown))
                self.assertNotRegex(' '.join(shown), r'%[(%]', "a percent sign is left over")

    def test_each_finding_of_a_standard_names_the_rule_that_it_comes_from(self):
        Finding = self.env['mail.domain.health.finding']
        for code in findings.FINDINGS:
            self.assertTrue(Finding.new({'code': code}).source, code)
        self.assertFalse(Finding.new({'code': 'path.contacts'}).source)

    def test_missing_parameter_is_a_dash(self):
        for code in findings.FINDINGS:
            with self.subTest(code):
                for source, shown in zip(self.sources(code), findings.finding(self.env, code, {}), strict=True):
                    self.assertGreaterEqual(shown.count('—'), len(PLACEHOLDER.findall(source)))

    def test_every_placeholder_is_a_name_that_the_engine_gives(self):
        """A parameter is written as a key or a keyword where findings are made; what nobody writes is a slip of the text."""
        written = {'name'}
        rooms = (MAILAUTH.parent / name for name in ('proving/repeating.py', 'checking/reported.py', 'receiving/events.py'))
        for path in (*engine_files(), *rooms):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    written.add(node.value)
                elif isinstance(node, ast.keyword) and node.arg:
                    written.add(node.arg)
        for code in findings.FINDINGS:
            with self.subTest(code):
                self.assertLessEqual(set(self.params(code)), written)

    def test_title_fits_its_place_and_needs_no_parameter(self):
        for code in findings.FINDINGS:
            with self.subTest(code):
                title = self.sources(code)[0]
                self.assertLessEqual(len(title), MAX_TITLE)
                self.assertNotIn('%', title)

    def test_no_text_blames_or_talks_down(self):
        for code in findings.FINDINGS:
            with self.subTest(code):
                self.assertNotRegex(' '.join(self.sources(code)), UNWANTED)

    def test_name_is_the_dns_name_whatever_the_parameters_say(self):
        domain = self.env['mail.domain.health'].create({'name': 'texts.example'})
        finding = self.env['mail.domain.health.finding'].create({
            'domain_id': domain.id, 'code': 'spf.syntax_argument', 'name': 'texts.example', 'area': 'spf',
            'severity': 'error', 'first_seen': '2025-01-01', 'last_seen': '2025-01-01',
            'params': {'name': 'all', 'text': ':x'},
        })
        self.assertIn('texts.example', finding.explanation)
        self.assertIn(':x', finding.remedy)


@tagged('post_install', '-at_install')
class TestReportTexts(TransactionCase):

    def test_what_is_said_of_reports_is_about_what_the_reader_remarks(self):
        self.assertLessEqual(set(report_texts.SKIPPED), set(reports.CODES))
        for code in reports.CODES:
            self.assertTrue(report_texts.describe_skipped(self.env, [[code, None], [code, 3]]), code)
            self.assertTrue(report_texts.explain(self.env, 'refused', code), code)

    def test_each_state_and_each_reason_of_an_unproven_sender_is_explained(self):
        self.assertEqual(set(report_texts.STATES), set(report_texts.EXPLANATIONS))
        written = {node.value for name in ('author', 'examine') for node in ast.walk(ast.parse(
            (MAILAUTH / 'arrival' / f'{name}.py').read_text())) if isinstance(node, ast.Constant)}
        for reason in ('not_a_mail', 'no_author', 'not_signed', 'not_verified', 'partly_signed', 'not_aligned', 'unanswered'):
            self.assertIn(reason, written)
            self.assertIn(reason, report_texts.REASONS)


@tagged('post_install', '-at_install')
class TestServiceNames(DomainHealthCase):

    def test_service_is_stored_in_english_and_said_in_the_language_of_the_reader(self):
        self.env['res.lang']._activate_lang('fr_FR')
        service, french = self.env.ref('mail_domain_health.sending_service_odoo'), "Les serveurs d'Odoo"
        english = service.name
        service.with_context(lang='fr_FR').name = french
        self.publish('ours.example', '_dmarc TXT "v=DMARC1; p=reject"')
        domain = self.health('ours.example')
        domain.with_context(lang='fr_FR').check_now()
        self.assertIn(english, str(domain.report))
        self.assertNotIn(french, str(domain.report))
        for lang, name in (('en_US', english), ('fr_FR', french)):
            reader = domain.with_context(lang=lang)
            with self.subTest(lang):
                self.assertIn(name, ' '.join(row['why'] for row in reader.read_fix_it()['rows']))
        service.with_context(lang='fr_FR').name = french = "Ceux d'Odoo"
        domain.invalidate_recordset()
        self.assertIn(french, ' '.join(row['why'] for row in domain.with_context(lang='fr_FR').read_fix_it()['rows']))


@tagged('post_install', '-at_install')
class TestSummaryTexts(TransactionCase):

    def test_every_summary_of_the_engine_has_a_text_and_every_text_is_used(self):
        used = area_codes(MAILAUTH / 'verdict' / 'areas.py') | area_codes(MAILAUTH / 'verdict' / 'explanation.py')
        used |= area_codes(MAILAUTH / 'report.py')
        used |= {*precondition.CODES}
        self.assertEqual(used, set(verdicts.SUMMARIES))

    def test_what_dns_hints_at_is_said_behind_the_sentence(self):
        area = Area('unknown', 'dkim.selector_unknown')
        plain = verdicts.summary(self.env, area)
        for hint in ('likely_none', 'exists'):
            with self.subTest(hint):
                hinted = replace(area, params={'hint': hint, 'name': '_domainkey.example.com'})
                shown = verdicts.summary(self.env, hinted)
                self.assertTrue(shown.startswith(plain))
                self.assertIn('_domainkey.example.com', shown.removeprefix(plain))
        self.assertEqual(verdicts.summary(self.env, replace(area, params={'hint': 'unknown'})), plain)

    def test_what_one_mail_would_tell_is_a_summary(self):
        self.assertLessEqual(verdicts.PROVABLE, set(verdicts.SUMMARIES))

    def test_name_servers_that_nobody_asked_are_not_said_to_be_silent(self):
        """They may be inside, or DNS did not tell where they are: of that only their silence is their fault."""
        silent = {code: publication_texts.outcome(
            self.env, {'code': code, 'why': 'unreachable'}, 0, {'current': 'ns1.example'}) for code in ('seen', 'not_seen')}
        for why in ('unknown', 'lame'):
            for code, sentence in silent.items():
                with self.subTest(why=why, code=code):
                    said = publication_texts.outcome(self.env, {'code': code, 'why': why}, 0, {'current': 'ns1.example'})
                    self.assertNotEqual(said, sentence)
                    self.assertNotIn('—', said)

    def test_every_reason_of_the_engine_has_a_text_and_every_text_is_used(self):
        written = set().union(*(reasons(path) for path in (MAILAUTH / 'advice').glob('*.py')))
        self.assertEqual(written, set(publication_texts.REASONS))


def engine_codes():
    """The codes of findings of every table in the engine, merged into ``mailauth.codes`` or not yet.

    What the reader of reports left out is remarked of a report, and no finding about a domain.
    """
    codes = set(mailauth.CODES)
    for module in pkgutil.walk_packages(mailauth.__path__, mailauth.__name__ + '.'):
        if not {'tests', '__main__', 'reports'} & set(module.name.split('.')):
            codes.update(getattr(importlib.import_module(module.name), 'CODES', ()))
    return codes


def engine_files():
    return (path for path in MAILAUTH.rglob('*.py') if 'tests' not in path.parts)


def area_codes(path):
    """The codes that a module of the engine gives to AreaReport, literal or put together from literals."""
    tree = ast.parse(path.read_text())
    codes = set()
    for call, loops in calls(tree):
        called = getattr(call.func, 'id', '')
        if called == 'AreaReport':
            codes |= written_codes(call.args[1], loops, tree)
    return codes


def calls(tree):
    """Every call with the loops around it, innermost last."""
    def walk(node, loops):
        if isinstance(node, ast.Call):
            yield node, loops
        if isinstance(node, ast.For):
            loops = (*loops, node)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, loops)

    yield from walk(tree, ())


def written_codes(node, loops, tree):
    """Every value that an expression for a code can have."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return written_codes(node.body, loops, tree) | written_codes(node.orelse, loops, tree)
    if isinstance(node, ast.JoinedStr):
        codes = {''}
        for part in node.values:
            values = written_codes(part.value if isinstance(part, ast.FormattedValue) else part, loops, tree)
            codes = {code + value for code in codes for value in values}
        return codes
    if isinstance(node, ast.Name):
        return loop_values(node.id, loops) or argument_values(node.id, tree)
    if ast.unparse(node).endswith('.code'):
        return set()  # a gate's: precondition.CODES has them
    raise ValueError(f'a code that this test cannot read: {ast.unparse(node)}')


def loop_values(name, loops):
    """What a loop over a tuple of literals gives to ``name``."""
    for loop in reversed(loops):
        targets = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
        for place, target in enumerate(targets):
            if getattr(target, 'id', '') == name and isinstance(loop.iter, ast.Tuple):
                rows = [row.elts[place] if isinstance(row, ast.Tuple) else row for row in loop.iter.elts]
                return {row.value for row in rows if isinstance(row, ast.Constant)}
    return set()


def argument_values(name, tree):
    """The literals that the module itself passes as the argument ``name`` of its functions."""
    values = set()
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for call, _loops in calls(tree):
        function = functions.get(getattr(call.func, 'id', ''))
        names = [argument.arg for argument in function.args.args] if function else []
        if name in names and names.index(name) < len(call.args):
            value = call.args[names.index(name)]
            values |= {value.value} if isinstance(value, ast.Constant) else set()
    return values


def reasons(path):
    """The literals that become the ``reason`` of a change."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        argument = isinstance(node, ast.keyword) and node.arg == 'reason'
        variable = isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', '') == 'reason'
        if argument or variable:
            found |= literals(node.value)
    return found


def literals(node):
    return {
        part.value for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


@tagged('post_install', '-at_install')
class TestNamesOfFields(TransactionCase):
    """A field of Odoo's that a text names in quotation marks is called as Odoo calls it on its own screens."""

    FIELDS = ("FROM Filtering", "Default From Alias", "Bounce Alias", "Catchall Alias")

    def test_fields_are_called_as_odoo_calls_them_in_each_language(self):
        for lang in ('de', 'es', 'fr'):
            known = {entry.msgid: entry.msgstr for module in ('base', 'mail') for entry in polib.pofile(
                file_path(f'{module}/i18n/{lang}.po')) if entry.msgid in self.FIELDS}
            self.assertEqual(set(known), set(self.FIELDS))
            for entry in polib.pofile(file_path(f'mail_domain_health/i18n/{lang}.po')):
                for name in self.FIELDS:
                    if f'“{name}”' in entry.msgid:
                        self.assertIn(known[name].lower(), entry.msgstr.lower().replace('’', "'"), f'{lang}: {entry.msgid}')
