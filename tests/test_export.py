import csv
import io
import json
import zipfile

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase, tagged

from ..models.mail_harmless_export_mixin import _harmless

# What OWASP lists as the beginnings of a formula, and how each is made harmless.
FORMULAS = (
    '=HYPERLINK("http://evil.example","look")', '+1+1', '-2+3', '@SUM(1)', '\t=1+1', '\r=1+1', '\n=1+1', '{=1+1}',
    '\uff1d1+1', '\uff0b1', '\uff0d1', '\uff201', "=cmd|' /C calc'!A0",
)
HARMLESS = (
    'v=spf1 include:_spf.odoo.com -all', 'v=DMARC1; p=none; rua=mailto:dmarc@ours.example', 'v=DKIM1; k=rsa; p=MIIB+/==',
    'example.com', '', "it's fine", '_dmarc.example.com TXT v=DMARC1;p=reject',
)


@tagged('post_install', '-at_install')
class TestHarmless(TransactionCase):

    def test_no_cell_begins_as_a_formula(self):
        for formula in FORMULAS:
            with self.subTest(formula):
                self.assertTrue(_harmless(formula).startswith("'"))
                self.assertEqual(_harmless(formula).replace("'", ''), formula.replace("'", ''), "nothing is lost")

    def test_no_cell_begins_within_another_one_where_the_separator_is_taken_to_be_another(self):
        for separator in ';,|\t\n':
            for cell in _harmless(f'v=spf1{separator}=1+1{separator}@x').split(separator):
                with self.subTest(separator=separator, cell=cell):
                    self.assertNotIn(cell[:1], ('=', '+', '-', '@'))

    def test_records_as_they_should_be_stay_as_they_are(self):
        for text in HARMLESS:
            self.assertEqual(_harmless(text), text)

    def test_what_is_no_text_stays_what_it_is(self):
        for value in (5, -5, 1.5, True, False, None):
            self.assertIs(_harmless(value), value)

    def test_every_model_that_holds_what_others_said_is_exported_without_formulas(self):
        for model in ('mail.domain.health', 'mail.domain.health.check', 'mail.domain.health.finding', 'mail.domain.health.path',
                      'mail.sending.observation', 'mail.partner.domain', 'mail.domain.health.report',
                      'mail.domain.health.reporter', 'mail.domain.health.identity', 'mail.domain.health.volume',
                      'mail.domain.health.tls', 'mail.domain.health.source', 'mail.domain.health.received'):
            with self.subTest(model):
                exports = type(self.env[model])._export_rows
                self.assertEqual(exports.__module__.rpartition('.')[2], 'mail_harmless_export_mixin')


@tagged('post_install', '-at_install')
class TestExport(HttpCase):
    """The files that core's export makes of our rows, as a spreadsheet reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domains = cls.env['mail.domain.health'].create([
            {'name': f'formula{number}.example', 'records_text': formula, 'state': 'fail'}
            for number, formula in enumerate(FORMULAS)])
        for domain, formula in zip(cls.domains, FORMULAS, strict=True):
            cls.env['mail.domain.health.finding'].create({
                'domain_id': domain.id, 'code': 'spf.syntax_argument', 'name': formula, 'area': 'spf', 'severity': 'error',
                'record': formula, 'params': {'text': formula, 'name': 'x'}, 'first_seen': '2026-01-01', 'last_seen': '2026-01-01'})

    def export(self, kind, model, ids, names, groupby=(), import_compat=False):
        self.authenticate('admin', 'admin')
        answer = self.url_open(f'/web/export/{kind}', data={'csrf_token': Request.csrf_token(self), 'data': json.dumps({
            'model': model, 'ids': ids, 'domain': [], 'import_compat': import_compat, 'groupby': list(groupby), 'context': {},
            'fields': [{'name': name, 'label': name, 'type': 'char'} for name in names]})})
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def cells(self, content):
        return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]

    def test_a_csv_file_has_no_formula(self):
        for import_compat in (False, True):
            names = ['name', 'records_text']
            if not import_compat:
                names += ['finding_ids/record', 'finding_ids/explanation', 'finding_ids/params']
            content = self.export('csv', 'mail.domain.health', self.domains.ids, names, import_compat=import_compat)
            cells = self.cells(content)
            self.assertTrue([cell for cell in cells if 'HYPERLINK' in cell])
            for cell in cells:
                self.assertNotIn(cell[:1], ('=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20'), cell)

    def test_a_history_is_downloaded_with_dates_states_records_durations_and_what_changed(self):
        ours, other = self.domains[:2]
        for domain in (ours, other):
            self.env['mail.domain.health.check'].create([
                {'domain_id': domain.id, 'date': f'2026-01-0{day}', 'state': state, 'is_complete': True, 'records': [
                    {'area': 'spf', 'name': domain.name, 'type': 'TXT', 'value': value}]}
                for day, state, value in ((1, 'pass', 'v=spf1 -all'), (5, 'fail', FORMULAS[0]))])
        self.authenticate('admin', 'admin')
        for kind in ('csv', 'xlsx'):
            params = ours.action_download_history(kind)['params']
            answer = self.url_open(params['url'], data={
                'csrf_token': Request.csrf_token(self), 'data': json.dumps({**params['data'], 'context': {'tz': 'UTC'}})})
            self.assertEqual(answer.status_code, 200)
            self.assertIn(f'.{kind}', answer.headers['Content-Disposition'])
            if kind == 'csv':
                heading, new, old = csv.reader(io.StringIO(answer.content.decode()))
                new, old = dict(zip(heading, new, strict=True)), dict(zip(heading, old, strict=True))
                self.assertEqual({row['Domain'] for row in (new, old)}, {ours.display_name})
                self.assertEqual((old['From'], old['Until'], old['Lasted']), ('2026-01-01 00:00:00', '2026-01-05 00:00:00', "4 days"))
                self.assertEqual((old['Verdict'], new['Verdict'], new['Until']), ("OK", "Rejected or filed as spam", ''))
                self.assertIn('v=spf1 -all', old['Records'])
                self.assertIn('HYPERLINK', new['What Changed'])
                self.assertIn('v=spf1 -all', new['What Changed'])
                for cell in self.cells(answer.content):
                    self.assertNotIn(cell[:1], ('=', '+', '-', '@'))
            else:
                with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                    self.assertIn('HYPERLINK', book.read('xl/sharedStrings.xml').decode())
                    self.assertNotIn('<f', book.read('xl/worksheets/sheet1.xml').decode().replace('<formatting', ''))

    def test_a_history_of_many_domains_is_written_with_few_queries_each(self):
        self.env['mail.domain.health.check'].create([
            {'domain_id': domain.id, 'date': f'2026-01-{day:02}', 'state': 'pass'} for domain in self.domains for day in range(1, 21)])
        self.env.flush_all()
        self.env.invalidate_all()
        data = self.domains.action_download_history()['params']['data']
        checks = self.env['mail.domain.health.check'].search(data['domain'])
        before = self.env.cr.sql_log_count
        self.assertEqual(len(checks.export_data([field['name'] for field in data['fields']])['datas']), 20 * len(self.domains))
        self.assertLess(self.env.cr.sql_log_count - before, 4 * len(self.domains))

    def test_another_kind_of_file_is_refused(self):
        with self.assertRaises(UserError):
            self.domains.action_download_history('../../x')

    def test_an_excel_file_has_no_formula_in_cells_or_headings(self):
        findings = self.domains.finding_ids
        for model, ids, names, groupby in (
            ('mail.domain.health', self.domains.ids, ['name', 'records_text', 'finding_ids/record'], ()),
            ('mail.domain.health.finding', findings.ids, ['code', 'record'], ('name',)),
        ):
            with self.subTest(model):
                content = self.export('xlsx', model, ids, names, groupby)
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    sheet = book.read('xl/worksheets/sheet1.xml').decode()
                    self.assertIn('HYPERLINK', book.read('xl/sharedStrings.xml').decode())
                self.assertNotIn('<f', sheet.replace('<formatting', ''))
