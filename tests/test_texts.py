import ast
import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .. import mailauth
from ..checking.stored_report import Area
from ..mailauth.__main__ import EXIT_STATUS
from ..mailauth.records import precondition
from ..mailauth.verdict import State
from ..sending import fate
from ..texts import findings, paths, states, verdicts
from ..texts import publication as publication_texts

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
        return [text._source for text in findings.FINDINGS[code]]

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
        """A parameter is written in the engine as a key or a keyword; what nobody writes is a slip of the text."""
        written = {'name'}
        for path in engine_files():
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

    def test_every_reason_of_the_engine_has_a_text_and_every_text_is_used(self):
        written = set().union(*(reasons(path) for path in (MAILAUTH / 'advice').glob('*.py')))
        self.assertEqual(written, set(publication_texts.REASONS))


def engine_codes():
    """The codes of every table in the engine, merged into ``mailauth.codes`` or not yet."""
    codes = set(mailauth.CODES)
    for module in pkgutil.walk_packages(mailauth.__path__, mailauth.__name__ + '.'):
        if not {'tests', '__main__'} & set(module.name.split('.')):
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
