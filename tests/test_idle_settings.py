"""Settings that do nothing are told, and core is asked whether that is so."""

from odoo.tests import TransactionCase, tagged

from ..sending.asking_core import probe
from .common import DomainHealthCase
from .sender_common import configuration_file

NEVER = ('*.ours.example', '.ours.example', 'ours.example.', '@ours.example', 'ours.example;theirs.example', 'ours.example ; x',
         'https://ours.example', 'ours example', 'a@ours.example;b@ours.example', '<ours.example>', '*')
EVER = ('ours.example', 'Ours.Example', 'jane@ours.example', 'Jane <jane@ours.example>', 'mail.ours.example', 'localhost')


@tagged('post_install', '-at_install')
class TestFilterParts(TransactionCase):

    def test_what_is_said_to_never_match_matches_nothing_and_the_rest_something(self):
        IrMailServer = self.env['ir.mail_server']
        addresses = [f'{local}@{domain}' for local in ('jane', 'a', 'x') for domain in (
            'ours.example', 'mail.ours.example', 'theirs.example', 'localhost')]
        for part in (*NEVER, *EVER):
            with self.subTest(part):
                server = IrMailServer.create({'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': part, 'sequence': 1})
                chosen = [IrMailServer.with_context(domain_notifications_email='n@nowhere.example')._find_mail_server(
                    address, server)[1] for address in addresses]
                matches = any(IrMailServer._match_from_filter(address, part) for address in addresses) \
                    or any(sender in addresses for sender in chosen)
                self.assertEqual(matches, part in EVER)
                self.assertEqual(IrMailServer._get_parts_that_never_match(f'good.example, {part}'), [part] if part in NEVER else [])


@tagged('post_install', '-at_install')
class TestIdleSettings(DomainHealthCase):

    def idle(self):
        return {setting.key: setting.why for setting in self.env['ir.mail_server']._get_idle_settings()}

    def set_param(self, key, value):
        self.env['ir.config_parameter'].set_param(key, value)

    def finding(self, code):
        self.env['mail.domain.health']._refresh()
        first = self.env['res.company'].search([], order='id', limit=1)
        return self.env['mail.domain.health.finding'].search([
            ('code', '=', code), ('company_id', '=', first.id), ('resolved_on', '=', False)])

    def routes(self):
        """How everybody's mail leaves: what a setting that does nothing must not change."""
        companies = self.env['res.company'].search([])
        return [probe(self.env, company, author) for company in companies
                for author in ('jane@ours.example', 'customer@elsewhere.example', '')]

    def test_parameters_that_are_read_once_at_installation_do_nothing(self):
        before = self.routes()
        for key, value in (('mail.default.from', 'office'), ('mail.bounce.alias', 'bounces'), ('mail.catchall.alias', 'all'),
                           ('mail.catchall.domain', 'old.example')):
            self.set_param(key, value)
            self.assertEqual(self.routes(), before)
            self.assertEqual(self.idle()[key], 'dead')
        finding = self.finding('path.parameters_dead')
        self.assertIn('mail.bounce.alias = bounces', finding.explanation)
        action = finding.action_remedy()
        self.assertEqual(len(self.env[action['res_model']].search(action['domain'])), 4)
        for key in list(self.idle()):
            self.set_param(key, False)
        self.assertFalse(self.finding('path.parameters_dead'))

    def test_filter_parameter_loses_to_outgoing_mail_servers(self):
        self.set_param('mail.default.from_filter', 'ours.example')
        self.assertEqual(self.idle(), {})
        server = self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test', 'from_filter': 'nothing.example'})
        self.assertEqual(self.idle(), {'mail.default.from_filter': 'servers'})
        self.assertTrue(self.finding('path.setting_idle'))
        before = self.routes()
        self.set_param('mail.default.from_filter', 'elsewhere.example')
        self.assertEqual(self.routes(), before)
        server.smtp_authentication = 'cli'
        self.assertEqual(self.idle(), {'mail.default.from_filter': 'servers'}, "its own filter counts")
        server.active = False
        self.assertFalse(self.finding('path.setting_idle'))

    def test_options_of_the_configuration_file_where_they_lose(self):
        self.env['res.company'].search([('alias_domain_id', '=', False)]).alias_domain_id = self.company.alias_domain_id
        with configuration_file(from_filter='ours.example', email_from='odoo@host.example'):
            self.assertEqual(self.idle(), {'email_from': 'alias_domains'})
            before = self.routes()
            with configuration_file(email_from='other@host.example'):
                self.assertEqual(self.routes(), before)
            self.set_param('mail.default.from_filter', 'ours.example')
            self.assertEqual(self.idle(), {'email_from': 'alias_domains', 'from_filter': 'parameter'})
            self.company.alias_domain_id.default_from = False
            self.assertEqual(self.idle(), {'from_filter': 'parameter'}, "now it stands in")
            self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test'})
            self.assertEqual(self.idle(), {'from_filter': 'servers', 'mail.default.from_filter': 'servers'})

    def test_filter_that_never_matches_is_told(self):
        server = self.env['ir.mail_server'].create(
            {'name': 'Relay', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example, *.ours.example'})
        finding = self.finding('path.filter_never')
        self.assertIn('*.ours.example', finding.explanation)
        self.assertEqual(finding.action_remedy()['res_id'], server.id)
        server.from_filter = 'ours.example, mail.ours.example'
        self.assertFalse(self.finding('path.filter_never'))
        self.env['ir.mail_server'].search([]).active = False
        self.set_param('mail.default.from_filter', '.ours.example')
        self.assertEqual(self.finding('path.filter_never').action_remedy()['res_model'], 'ir.config_parameter')
