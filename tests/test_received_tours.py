import xmlrpc.client
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..mailauth.tests import mails
from ..receiving import uploading
from .common import DKIM_RECORD, SPF_RECORD, DnsServerCase
from .received_common import aggregate, report_mail, tls_report
from .test_accessible import REPORT, SHEET, WIZARD, AccessibleCase

ADDRESS = 'dmarc-reports@reported.example'
REPORTERS = ('noreply-dmarc-support@google.com', 'dmarcreport@microsoft.com', 'noreply-dmarc@zoho.com')


class ReportedCase(DnsServerCase):
    """Mail of reported.example leaves 192.0.2.10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.admin = cls.env.ref('base.user_admin')
        cls.env['mail.alias.domain'].create({'name': 'first.example'})  # core gives the first one to every company
        cls.company = cls.make_company("Reported", 'reported.example')
        cls.admin.write({'name': "Mitchell Admin", 'company_ids': [(6, 0, cls.company.ids)], 'company_id': cls.company.id})

    def setUp(self):
        super().setUp()
        self.domain = self.health('reported.example').with_context(active_test=True)
        self.domain.dkim_selectors = 's1'
        self.publish_policy('none')
        self.page = f'/odoo/mail.domain.health/{self.domain.id}'

    def publish_policy(self, policy):
        self.publish('reported.example', SPF_RECORD, DKIM_RECORD, f'_dmarc TXT "v=DMARC1; p={policy}"')
        self.domain.check_now()


@tagged('post_install', '-at_install')
class TestReceivedTours(ReportedCase, HttpCase):
    """From reports that came in to the next step of DMARC that is taken, in the browser."""

    def hand_over(self, mail):
        """Give Odoo a mail as odoo-mailgate does, to which a mail server pipes what it receives."""
        with mute_logger('odoo.addons.rpc.controllers.xmlrpc'):
            taken = self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.admin.id, 'admin', 'mail.thread', 'message_process', [False, xmlrpc.client.Binary(mail)], {})
        self.assertIs(taken, False, "it is nobody else's")

    def read_waiting(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)['mail.domain.health.incoming']._cron_read()
        self.env.invalidate_all()

    def the_test(self):
        """Return the mail that Odoo sends to see whether the address works."""
        mail = self.env['mail.mail'].search([('email_to', '=', ADDRESS)])
        [values] = mail._prepare_outgoing_list()
        return bytes(self.env['ir.mail_server']._build_email__(
            email_from=mail.email_from, **{name: values[name] for name in (
                'email_to', 'subject', 'body', 'message_id', 'reply_to', 'headers')}, subtype='html'))

    def test_have_reports_read_from_a_mailbox_outside(self):
        server = self.env['fetchmail.server'].create({
            'name': "Mailbox of reports", 'server_type': 'imap', 'user': 'dmarc@firm.example'})
        self.start_tour(self.page, 'mail_domain_health_receive_mailbox', login='admin')
        self.assertEqual((server.mail_health_reports, self.domain.report_server_id), ('only', server))

    def test_receive_look_decide_a_source_take_the_next_step_and_see_it_confirmed(self):
        self.start_tour(self.page, 'mail_domain_health_receive', login='admin')
        self.assertFalse(self.domain.dmarc_report_address, "it is not named before mail to it was seen to arrive")
        self.hand_over(self.the_test())
        key = mails.txt(mails.key_record(mails.rsa_key()))
        for sender in REPORTERS:
            self.publish(sender.partition('@')[2], '_dmarc TXT "v=DMARC1; p=reject"', f's1._domainkey {key}')
            for ago in (31, 30, *range(1, 30, 2)):
                self.hand_over(report_mail(aggregate(
                    'reported.example', report_id=f'{sender}{ago}', begin=fields.Datetime.now() - timedelta(days=ago), email=sender,
                    records=[('192.0.2.10', 300, 'pass', 'pass', ''), ('198.51.100.7', 40, 'fail', 'fail', '')]), sender, ADDRESS))
        self.read_waiting()
        self.start_tour(self.page, 'mail_domain_health_received', login='admin')
        decided = self.env['mail.domain.health.source'].search([('domain_id', '=', self.domain.id)])
        self.assertEqual((decided.place, decided.decision, decided.decided_by_id), ('ip:198.51.100.7', 'not_mine', self.admin))
        self.publish_policy('quarantine')
        self.start_tour(self.page, 'mail_domain_health_step_taken', login='admin')


@tagged('post_install', '-at_install')
class TestReceivedAccessible(ReportedCase, AccessibleCase):
    """The screens of what receivers report."""

    def count_reports(self):
        """Have the administrator vouch for reports of all kinds of sources, and of encryption."""
        for name in REPORTERS:
            for ago in (31, 30, *range(1, 30, 2)):
                self.upload(aggregate(
                    'reported.example', report_id=f'{name}{ago}', begin=fields.Datetime.now() - timedelta(days=ago), email=name,
                    records=[
                        ('192.0.2.10', 300, 'pass', 'pass', ''), ('192.0.2.11', 2, 'fail', 'pass', ''),
                        ('198.51.100.7', 40, 'fail', 'fail', ''),
                        ('203.0.113.4', 9, 'fail', 'fail', '<reason><type>mailing_list</type></reason>')]))
        self.upload(tls_report('reported.example', failures=[('certificate-expired', 'mx.reported.example', 7)]))

    def upload(self, octets):
        uploading.take(self.env(user=self.admin), octets, lambda: False)

    def test_what_receivers_report_of_a_domain(self):
        tab = f'{REPORT} .nav-link[name=received]'
        received = f'{REPORT} .o_mail_domain_health_received'
        self.look(self.page, ['click', tab], ['see', f'{received}_sentence'], ['look', f'{REPORT} .o_notebook'])
        self.count_reports()
        self.look(self.page, ['click', tab], ['see', f'{received} canvas'], ['see', f'{received} .o_mail_domain_health_tls'],
                  ['unfold', f'{received} details'], ['look', f'{REPORT} .o_notebook'],
                  ['click', f'{received} .o_mail_domain_health_not_mine'], ['see', f'{received} .o_mail_domain_health_undecide'],
                  ['look', f'{REPORT} .o_notebook'])

    def test_what_is_asked_before_the_last_step_of_dmarc(self):
        self.publish_policy('quarantine')
        self.domain.dmarc_step = {'policy': 'quarantine', 'since': fields.Date.to_string(fields.Date.today() - timedelta(days=30))}
        self.count_reports()
        for address in ('192.0.2.11', '198.51.100.7', '203.0.113.4'):
            self.domain.decide_source(f'ip:{address}', 'not_mine')
        ladder = f'{REPORT} .o_mail_domain_health_ladder'
        self.look(self.page, ['click', f'{REPORT} .nav-link[name=uses]'], ['see', f'{ladder} .o_mail_domain_health_lists_yes'],
                  ['look', ladder], ['click', f'{ladder} .o_mail_domain_health_lists_yes'],
                  ['see', f'{ladder} [data-verdict=last]'], ['look', ladder])

    def test_lists_charts_and_one_of_each(self):
        self.count_reports()
        self.upload(b'<feedback><record/></feedback>')
        one = {
            'received_summary': None, 'volume': self.env['mail.domain.health.volume'].search([], limit=1),
            'received': self.env['mail.domain.health.report'].search([], limit=1),
            'reporter': self.env['mail.domain.health.reporter'].search([('name', '=', 'google.com')])}
        for name, record in one.items():
            with self.subTest(action=name):
                action = f'/odoo/action-mail_domain_health.mail_domain_health_{name}_action'
                self.look(action, ['see', '.o_list_view .o_data_row'], ['look', '.o_content'])
                if record:
                    self.look(f'{action}/{record.id}', ['see', SHEET], ['look', SHEET])
        self.look('/odoo/action-mail_domain_health.mail_domain_health_volume_action', ['click', '.o_switch_view.o_graph'],
                  ['see', '.o_graph_view canvas'], ['look', '.o_content'])

    def test_cards_on_a_phone(self):
        self.count_reports()
        self.browser_size, self.touch_enabled = '375x667', True
        for name in ('received_summary', 'volume', 'received', 'reporter'):
            with self.subTest(action=name):
                self.look(f'/odoo/action-mail_domain_health.mail_domain_health_{name}_action',
                          ['see', '.o_kanban_record:not(.o_kanban_ghost)'], ['look', '.o_content'])
        self.look(self.page, ['click', f'{REPORT} .nav-link[name=received]'], ['see', '.o_mail_domain_health_received canvas'],
                  ['look', f'{REPORT} .o_notebook'])

    def test_dialogs(self):
        receive = f'{REPORT} button[name=action_receive_reports]'
        self.look(self.page, ['click', receive], ['look', WIZARD])
        self.look(self.page, ['click', receive], ['click', f'{WIZARD} input[data-value=mailbox]'],
                  ['see', f'{WIZARD} [name=fetchmail_server_id]'], ['look', WIZARD], ['click', '.modal-footer .btn-secondary'],
                  ['see', 'body:not(:has(.modal))'])
        self.look('/odoo/action-mail_domain_health.mail_domain_health_received_action',
                  ['choose', ['.o_control_panel button', "Upload Reports"]], ['look', WIZARD])
