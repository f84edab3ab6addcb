from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..sending.asking_core import probe


@tagged('post_install', '-at_install')
class TestPath(TransactionCase):
    """Who sends as what, asked of core's own methods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([]).unlink()
        cls.alias_domain = cls.env['mail.alias.domain'].create({'name': 'ours.example'})
        cls.company = cls.env['res.company'].create({'name': 'Ours', 'alias_domain_id': cls.alias_domain.id})
        cls.env.cr.flush()
        cls.author = '"Jane Doe" <jane@elsewhere.example>'

    def route(self, filters=(), author=None, alias_domain=None, **options):
        """Return (envelope, From) for servers with these filters; ``options`` are those of the configuration file."""
        servers = self.env['ir.mail_server'].create([
            {'name': f'server {number}', 'smtp_host': 'smtp.test', 'from_filter': from_filter}
            for number, from_filter in enumerate(filters)
        ])
        saved = {key: config[key] for key in options}
        for key, value in options.items():
            config[key] = value
        try:
            route = probe(
                self.env, self.company, author or self.author, alias_domain=alias_domain)
        finally:
            for key, value in saved.items():
                config[key] = value
            servers.unlink()
        return route.envelope_from, route.from_email

    def test_envelope_and_from_follow_core(self):
        bounce, notifications, author = 'bounce@ours.example', 'notifications@ours.example', 'jane@elsewhere.example'
        for title, filters, options, expected in [
            ("one server, no filter", [False], {}, (bounce, notifications)),
            ("filter = the alias domain", ['ours.example'], {}, (bounce, notifications)),
            ("filter = the notifications address", [notifications], {}, (notifications, notifications)),
            ("filter = the author", [author], {}, (author, author)),
            ("filter matches nothing", ['nothing.example'], {}, (notifications, notifications)),
            ("no server, no --from-filter", [], {'from_filter': False}, (bounce, author)),
            ("no server, --from-filter = ours", [], {'from_filter': 'ours.example'}, (bounce, notifications)),
        ]:
            with self.subTest(title):
                self.assertEqual(self.route(filters, **options), expected)

    def test_insider_keeps_their_address(self):
        self.assertEqual(
            self.route(['ours.example'], author='jim@ours.example'), ('bounce@ours.example', 'jim@ours.example'))

    def test_without_alias_domain_the_configuration_file_decides(self):
        self.company.alias_domain_id = False
        none = self.env['mail.alias.domain']
        self.assertEqual(
            self.route([], alias_domain=none, email_from='odoo@host.example', from_filter=False),
            ('odoo@host.example', 'jane@elsewhere.example'))
        self.assertEqual(
            self.route([], alias_domain=none, email_from=False, from_filter=False),
            ('jane@elsewhere.example', 'jane@elsewhere.example'))

    def test_company_without_alias_domain_sends_documents_as_the_first_one_of_the_database(self):
        self.env['mail.alias.domain'].search([('id', '!=', self.alias_domain.id)]).sequence = 99
        other = self.env['res.company'].create({'name': "Other"})
        other.alias_domain_id = False
        route = probe(self.env, other, self.author)
        self.assertEqual(route.envelope_from, 'bounce@ours.example')

    def test_probing_warns_nobody(self):
        with self.assertNoLogs('odoo.addons.base.models.ir_mail_server', 'WARNING'):
            self.route(['nothing.example'])

    def test_many_users_of_one_domain_are_one_path(self):
        for number in range(3):
            self.env['res.users'].create({
                'name': f'User {number}', 'login': f'path_user_{number}', 'email': f'user{number}@ours.example',
                'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)],
            })
        self.env['mail.domain.health']._refresh()
        paths = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'user'), ('author_domain', '=', 'ours.example')])
        self.assertEqual(paths.mapped('author_count'), [3])

    def test_service_is_recognized_by_the_server(self):
        server = self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp-relay.brevo.com'})
        self.assertEqual(server.mail_sending_service_id.code, 'brevo')
        for host in ('192.0.2.1', 'localhost', 'mail.ours.example'):
            server.smtp_host = host
            self.assertFalse(server.mail_sending_service_id, host)

    def test_server_of_the_configuration_file_is_not_odoos_own(self):
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'notifications')])
        self.assertFalse(path.mail_server_id)
        self.assertFalse(path.mail_sending_service_id)
        self.company.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_odoo')
        self.env.cr.flush()
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'notifications')])
        self.assertEqual(path.mail_sending_service_id.code, 'odoo')

    def test_odoo_sh_is_recognized(self):
        IrMailServer = self.env['ir.mail_server']
        self.assertFalse(IrMailServer._get_configuration_file_service())
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://ours.odoo.com')
        self.assertEqual(IrMailServer._get_configuration_file_service().code, 'odoo')

    def test_every_service_recognizes_its_examples_and_no_other_does(self):
        services = self.env['mail.sending.service'].search([('smtp_host_examples', '!=', False)])
        self.assertGreaterEqual(len(services), 9)
        for service in services:
            for host in service.smtp_host_examples.split(','):
                with self.subTest(host=host):
                    self.assertEqual(self.env['mail.sending.service']._recognize(host), service)

    def test_every_dns_host_recognizes_its_examples_and_no_other_does(self):
        providers = self.env['mail.dns.provider'].search([('ns_examples', '!=', False)])
        self.assertGreaterEqual(len(providers), 9)
        for provider in providers:
            for host in provider.ns_examples.split(','):
                with self.subTest(host=host):
                    self.assertEqual(self.env['mail.dns.provider']._recognize([host.strip()]), provider)
