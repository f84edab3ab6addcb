from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from ..mailauth.tests import mails
from ..proving import letter, token
from .common import DnsServerCase
from .test_accessible import REPORT, SETTING, SHEET, WIZARD, AccessibleCase
from .test_proof import REPORT as REPORT_MAIL

HOST = 'proof.test'  # what stands around Odoo; no packet leaves for it
SECRET = f'{token.PREFIX}{"0123456789abcdef" * 2}'


class ProofCase(DnsServerCase):
    """Mail of ours.example leaves through a relay that signs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.env['mail.alias.domain'].create({'name': 'first.example'})
        cls.company = cls.make_company("Ours", 'ours.example')
        cls.admin.write({'company_ids': [(6, 0, cls.company.ids)], 'company_id': cls.company.id})
        cls.relay = cls.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'relay.ours.example', 'smtp_encryption': 'none', 'from_filter': 'ours.example'})
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.dns.set_zone('ours.example', '\n'.join((
            '@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 192.0.2.53', mails.zones()['ours.example'])))
        self.domain = self.health('ours.example')
        self.domain.check_now()
        self.path = self.domain.path_ids.filtered(lambda path: path.kind == 'notifications')
        others = self.domain.path_ids - self.path
        others.kind = 'template'  # not in use: one mail is enough here
        self.startPatcher(patch.object(token, 'make', lambda: SECRET))

    def arrived(self):
        """Return the mail as the receiver stores it."""
        mail = self.env['mail.mail'].create({
            'email_from': self.path.from_email, **letter.compose(SECRET, 'proofs@receiver.example', self.path.from_email)})
        [values] = mail._prepare_outgoing_list()
        message = self.env['ir.mail_server']._build_email__(
            email_from=self.path.from_email, **{name: values[name] for name in (
                'email_to', 'subject', 'body', 'body_alternative', 'message_id', 'reply_to', 'headers')}, subtype='html',
            subtype_alternative='plain')
        mail.unlink()
        return mails.POSTFIX.encode() + mails.sign(bytes(message))


@tagged('post_install', '-at_install')
class TestProofTours(ProofCase, HttpCase):
    """A person sends a proof, waits, sees it arrive, and keeps what it showed, in the browser."""

    def fetch_proxy(self, url):
        if urlsplit(url).hostname != HOST:
            return super().fetch_proxy(url)
        return self.make_fetch_proxy_response(self.mail.decode())

    def test_send_wait_see_and_keep(self):
        self.mail = self.arrived()
        self.start_tour(f'/odoo/mail.domain.health/{self.domain.id}', 'mail_domain_health_proof', login='admin', timeout=120)
        proof = self.path.proof_ids
        self.assertEqual((proof.state, proof.verdict, proof.way), ('arrived', 'pass', 'fetched'))
        self.assertEqual(self.relay.observation_ids.egress, '192.0.2.10')


@tagged('post_install', '-at_install')
class TestProofAccessible(ProofCase, AccessibleCase):
    """The screens of proofs."""

    def test_what_is_asked_before_the_first_proof(self):
        self.look(f'/odoo/mail.domain.health/{self.domain.id}',
                  ['click', f'{SHEET} button[name=action_send_proof]'], ['look', WIZARD])

    def test_a_proof(self):
        self.company.mail_health_proof_address = 'proofs@receiver.example'
        proof = self.env['mail.domain.health.proof'].sudo()._send(self.path)
        self.env['mail.domain.health.proof']._take(self.arrived(), 'fetched')
        self.assertEqual(proof.state, 'arrived')
        action = '/odoo/action-mail_domain_health.mail_domain_health_proof_action'
        self.look(f'{action}/{proof.id}', ['see', '.o_field_widget[name=table] table'], ['look', SHEET])
        self.look(action, ['see', '.o_list_view .o_data_row'], ['look', '.o_content'])
        self.look(f'/odoo/mail.domain.health.path/{self.path.id}', ['click', f'{REPORT} .nav-link[name=proofs]'],
                  ['see', f'{REPORT} .o_field_widget[name=proof_ids] .o_kanban_record'], ['look', f'{REPORT} .o_notebook'])
        self.browser_size, self.touch_enabled = '375x667', True
        self.look(action, ['see', '.o_kanban_record:not(.o_kanban_ghost)'], ['look', '.o_content'])

    def test_a_proof_that_came_back_undelivered_and_is_pasted(self):
        self.company.mail_health_proof_address = 'proofs@receiver.example'
        self.env['mail.domain.health.proof'].sudo()._send(self.path)
        report = (REPORT_MAIL % self.arrived()).decode()
        self.look('/odoo/settings', ['see', SETTING], ['open', 'mail_domain_health.mail_domain_health_arrival_action'],
                  ['enter', [f'{WIZARD} [name=mail_text] textarea', report]], ['click', '.modal button[name=action_read]'],
                  ['see', f'{WIZARD} .o_field_widget[name=summary] strong'], ['look', WIZARD])
        self.assertEqual(self.path.proof_ids.state, 'returned', "what was read is kept")
