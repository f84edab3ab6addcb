"""Mail that Odoo itself refuses to send is told, whatever DNS says."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HEALTHY, DomainHealthCase
from .sender_common import configuration_file, smtp_outbox


@tagged('post_install', '-at_install')
class TestPathRefused(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.env['mail.domain.health']._refresh()
        self.health('ours.example').check_now()

    def finding(self, company=None):
        self.env.cr.flush()
        return self.env['mail.domain.health.finding'].search([
            ('code', '=', 'path.refused'), ('company_id', '=', (company or self.company).id), ('resolved_on', '=', False)])

    def paths(self, company=None, **values):
        self.env.cr.flush()
        return self.env['mail.domain.health.path'].search([
            ('company_id', '=', (company or self.company).id), *((name, '=', value) for name, value in values.items())])

    def send(self, **values):
        """Have core send one mail; return why it did not leave, or an empty text."""
        mail = self.env['mail.mail'].sudo().create({
            'email_to': 'receiver@elsewhere.example', 'subject': "Hello", 'body_html': "<p>Hello</p>", 'auto_delete': False,
            'reply_to': 'answers@ours.example', **values})
        with smtp_outbox(self.env), mute_logger('odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server'):
            mail.with_company(self.company).send()
        return mail.failure_reason or '' if mail.state == 'exception' else ''

    def test_without_any_server_nothing_leaves_and_the_company_is_told_so(self):
        self.assertFalse(self.finding())
        with configuration_file(smtp_server=False):
            self.assertIn("int() argument", self.send(email_from='info@ours.example'), "core's own words get lost")
            self.env['mail.domain.health']._refresh()
            finding = self.finding()
            self.assertEqual((finding.severity, finding.title), ('error', "Odoo refuses to send this"))
            self.assertEqual(finding.action_remedy()['res_model'], 'ir.mail_server')
            path = self.paths(kind='notifications')
            self.assertEqual((path.state, path.refusal, path.is_used), ('fail', 'no_server', True))
            self.assertIn("Odoo refuses to send this", path.story['outcome'])
            self.health('ours.example').check_now()
            self.assertEqual(path.state, 'fail', "a check of the domain changes nothing about it")
            overview = self.company._get_mail_domain_health_box()['domain']
            self.assertEqual(overview['state'], 'fail')
            self.assertIn("Odoo refuses to send this", overview['sentence'])
            self.assertNotIn("arrives today", overview['sentence'])
        self.env['mail.domain.health']._refresh()
        self.assertFalse(self.finding())
        self.assertEqual(self.paths(kind='notifications').from_email, 'notifications@ours.example')

    def test_server_without_a_host(self):
        server = self.env['ir.mail_server'].create({'name': 'Broken', 'smtp_host': False})
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.send(email_from='info@ours.example'))
        self.assertEqual(self.finding().name, 'no_server')
        server.smtp_host = 'smtp.test'
        self.assertFalse(self.finding())

    def test_company_without_any_address_of_its_own(self):
        with configuration_file(email_from=False):
            bare = self.env['res.company'].create({'name': "Bare"})
            bare.write({'alias_domain_id': False, 'email': False})
            self.env['mail.alias.domain'].search([]).default_from = False
            self.env['mail.domain.health']._refresh()
            self.assertEqual(self.finding(bare).name, 'no_author')
            self.assertEqual(self.paths(bare, kind='notifications').state, 'fail')
            self.assertEqual(self.finding(bare).action_remedy()['res_model'], 'res.config.settings')
            bare.email = 'info@bare.example'
            self.assertFalse(self.finding(bare))

    def test_template_that_names_an_archived_server(self):
        server = self.env['ir.mail_server'].create({'name': 'Old', 'smtp_host': 'smtp.test'})
        self.env['mail.template'].create({
            'name': 'Offer', 'model_id': self.env['ir.model']._get('res.partner').id, 'email_from': 'sales@ours.example',
            'mail_server_id': server.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_mail_server SET active = FALSE WHERE id = %s", [server.id])  # core forbids it
        server.invalidate_recordset()
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.send(email_from='sales@ours.example', mail_server_id=server.id))
        first = self.env['res.company'].search([], order='id', limit=1)
        finding = self.finding(first)
        self.assertEqual((finding.name, finding.severity), ('archived', 'warning'))
        self.assertIn("Old", finding.explanation)
