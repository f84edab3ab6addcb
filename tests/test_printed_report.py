from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..display import letters
from ..models.report_mail_domain_health import REPORT
from .common import HEALTHY, DomainHealthCase, mute


@tagged('post_install', '-at_install')
class TestPrintedReport(DomainHealthCase):
    """The report of the chosen domains, for a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.make_company("Elsewhere", 'elsewhere.example')
        cls.admin = new_test_user(
            cls.env, 'printing', 'base.group_system', company_id=cls.company.id,
            company_ids=[(6, 0, (cls.company | cls.elsewhere).ids)])

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.publish('elsewhere.example')
        self.domains = self.health('ours.example') | self.health('elsewhere.example')
        self.domains.check_several()

    def render(self, domains=None, user=None, companies=None, **context):
        user = user or self.admin
        context = {'allowed_company_ids': (companies or user.company_ids).ids, 'lang': 'en_US', **context}
        Report = self.env(user=user, context=context)['ir.actions.report']
        return html.fromstring(Report._render_qweb_html(REPORT, (self.domains if domains is None else domains).ids)[0])

    def text(self, *args, **kwargs):
        return ' '.join(self.render(*args, **kwargs).text_content().split())

    def test_each_domain_has_its_verdict_and_what_is_to_be_published_the_worst_first(self):
        page = self.render()
        self.assertEqual([heading.text for heading in page.iter('h2')], ['elsewhere.example', 'ours.example'])
        text = ' '.join(page.text_content().split())
        for domain in self.domains:
            self.assertIn(domain.overview['sentence'], text)
            for area in domain.overview['areas']:
                self.assertIn(area['sentence'], text)
        self.assertIn('0 of 3 records published', text)
        self.assertIn('v=spf1 include:_spf.odoo.com ~all', text)
        missing = self.domains[1].finding_ids.filtered(lambda finding: finding.code == 'spf.missing')
        for said in (missing.title, missing.explanation, missing.remedy):
            self.assertIn(said, text)

    def test_of_one_domain_there_is_no_table_of_all(self):
        self.assertNotIn('What it means', self.text(self.domains[0]))
        self.assertIn('What it means', self.text())

    def test_what_is_muted_or_resolved_is_not_printed(self):
        missing = self.domains[1].finding_ids.filtered(lambda finding: finding.code == 'spf.missing')
        mute(missing)
        self.assertNotIn(missing.explanation, self.text())
        missing.action_unmute()
        missing.sudo().resolved_on = '2026-01-01'
        self.assertNotIn(missing.explanation, self.text())

    def test_what_dns_says_is_text(self):
        finding = self.domains[1].finding_ids[0]
        finding.sudo().record = '<script>alert(1)</script><img src=x onerror=alert(1)>'
        finding.sudo().name = '<b id="hostile">x</b>'
        page = self.render()
        self.assertFalse(page.xpath('//img[@onerror] | //*[@id="hostile"] | //main//script'))
        self.assertIn('<script>alert(1)</script>', page.text_content())

    def test_of_a_domain_that_dns_is_silent_about_nothing_is_said_to_be_missing_or_to_publish(self):
        self.make_company("Silent", 'silent.example')
        domain = self.health('silent.example')
        with self.silent_dns():
            domain.check_now()
        text = self.text(domain, user=self.env.ref('base.user_root'))
        self.assertIn(domain.overview['label'], text)
        for said in ('missing', 'Add this record', 'v=spf1 include', 'v=DMARC1', 'Error:'):
            self.assertNotIn(said, text.partition('silent.example')[2])

    def test_whoever_may_not_see_a_domain_prints_none(self):
        one = new_test_user(
            self.env, 'one_company', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        with self.assertRaises(AccessError):
            self.render(user=one)
        self.assertIn('ours.example', self.text(self.domains[0], user=one))
        with self.assertRaises(AccessError):
            self.render(user=new_test_user(self.env, 'nobody_special', 'base.group_user'))

    def test_findings_of_a_company_that_one_does_not_work_in_are_not_printed(self):
        self.env['mail.domain.health.finding'].create({
            'domain_id': self.domains[0].id, 'company_id': self.elsewhere.id, 'code': 'path.no_replies', 'name': 'x',
            'area': 'path', 'severity': 'warning', 'first_seen': '2026-01-01', 'last_seen': '2026-01-01',
            'record': 'only elsewhere'})
        self.assertIn('only elsewhere', self.text(self.domains[0]))
        self.assertNotIn('only elsewhere', self.text(self.domains[0], companies=self.company))

    def test_more_than_some_are_refused_in_words(self):
        with patch.object(letters, 'MOST', 1), self.assertRaisesRegex(UserError, "at most 1 domains"):
            self.render()

    def test_it_is_in_the_print_menu_of_list_and_form(self):
        bindings = self.env(user=self.admin)['ir.actions.actions'].get_bindings('mail.domain.health')
        report = self.env.ref('mail_domain_health.mail_domain_health_report_action')
        [action] = [action for action in bindings['report'] if action['id'] == report.id]
        self.assertEqual(action['binding_view_types'], 'list,form')
        self.assertEqual((report.report_name, self.env[f'report.{REPORT}']._abstract), (REPORT, True))

    def test_a_server_that_makes_no_pdf_says_so_and_how_to_print(self):
        Report = self.env.registry['ir.actions.report']
        for state, says in (('install', True), ('broken', True), ('ok', False), ('upgrade', False)):
            with self.subTest(state=state), patch.object(Report, 'get_wkhtmltopdf_state', lambda self, state=state: state):
                self.assertIs('wkhtmltopdf' in self.text(), says)

    def test_it_is_in_the_language_of_whoever_prints_it(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.env['ir.ui.view'].sudo().search([('key', '=', REPORT)]).update_field_translations('arch_db', {
            'fr_FR': {'Email domains': 'Domaines de messagerie'}})
        self.assertIn('Domaines de messagerie', self.text(lang='fr_FR'))
        self.assertEqual(self.render(lang='fr_FR').get('lang'), 'fr-FR')
