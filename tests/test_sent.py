import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

from odoo.addons.base.tests.common import MockSmtplibCase
from odoo.addons.mail.models.mail_mail import MailMail

from ..sending.asking_core import ASKED
from ..sending.counting import PENDING, note, update_paths
from ..sending.departure import OTHER_HOST, Departure
from ..sending.legacy_parameters import CONTEXT_DECISION, CONTEXT_TRIAL, PARAMETER_HONOR
from ..sending.measuring import CHOSEN, SENDING
from ..sending.sent_rows import count_of_service, sum_up
from .common import HEALTHY, DomainHealthCase

LOGGER = 'odoo.addons.mail_domain_health.sending.counting'


@tagged('post_install', '-at_install')
class TestSent(MockSmtplibCase, DomainHealthCase):
    """Every mail that leaves is counted, and nobody who sends one notices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env['ir.mail_server'].create({
            'name': 'Ours', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'})
        cls.author = cls.env['res.users'].create({
            'name': 'Jim', 'login': 'sent_jim', 'email': 'jim@ours.example',
            'company_id': cls.company.id, 'company_ids': [(6, 0, cls.company.ids)],
        })
        cls.env.cr.flush()
        cls.path = cls.env['mail.domain.health.path'].search([
            ('company_id', '=', cls.company.id), ('kind', '=', 'user'), ('author_domain', '=', 'ours.example')])

    def mail(self, **values):
        return self.env['mail.mail'].create({
            'subject': 'Hello', 'body_html': '<p>Hello</p>', 'email_from': '"Jim" <jim@ours.example>',
            'email_to': 'customer@elsewhere.example', 'record_company_id': self.company.id,
            'record_alias_domain_id': self.company.alias_domain_id.id, **values,
        })

    def rows(self):
        self.write_sent()
        return self.env['mail.domain.health.sent'].search([], order='id')

    def send(self, mails, **options):
        with self.mock_smtplib_connection(), mute_logger('odoo.addons.mail.models.mail_mail'):
            mails.send(**options)

    def test_mail_is_counted_on_the_path_that_it_took(self):
        self.assertTrue(self.path)
        self.send(self.mail())
        row = self.rows()
        self.assertEqual(len(self.emails), 1)
        self.assertEqual(
            (row.path_id, row.mail_server_id, row.messages), (self.path.id, self.server.id, 1))
        self.assertLess(fields.Datetime.now() - row.sent_on, timedelta(minutes=1))

    def test_each_message_of_a_mail_to_several_people_counts(self):
        partners = self.env['res.partner'].create([
            {'name': f'P{number}', 'email': f'p{number}@elsewhere.example'} for number in range(3)])
        self.send(self.mail(recipient_ids=partners.ids))
        self.assertEqual(len(self.emails), 4)
        self.assertEqual(sum(self.rows().mapped('messages')), 4)

    def test_mails_of_one_transaction_make_one_row(self):
        mails = self.mail() | self.mail() | self.mail()
        self.send(mails)
        self.assertEqual(self.rows().mapped('messages'), [3])

    def test_mail_that_is_deleted_once_sent_is_counted(self):
        mail = self.mail(auto_delete=True)
        self.send(mail)
        self.assertFalse(mail.exists())
        self.assertEqual(self.rows().mapped('messages'), [1])

    def test_mail_that_the_server_refuses_is_not_counted(self):
        mail = self.mail()
        with self.mock_smtplib_connection(), mute_logger('odoo.addons.mail.models.mail_mail'), \
                patch.object(type(self.testing_smtp_session), 'send_message', side_effect=OSError("refused")):
            mail.send()
        self.assertEqual(mail.state, 'exception')
        self.assertFalse(self.rows())

    def test_nothing_is_counted_while_odoo_sends_nothing(self):
        """In tests and while a registry is built core skips the sending."""
        self.mail().send()
        self.assertFalse(self.rows())

    def test_mail_that_no_path_foretold_is_counted_without_one(self):
        self.send(self.mail(email_from='ceo@unheard-of.example', mail_server_id=self.server.id))
        row = self.rows()
        self.assertEqual((row.path_id, row.mail_server_id), (0, self.server.id))

    def test_message_sent_without_a_mail_is_counted_too(self):
        IrMailServer = self.env['ir.mail_server'].with_company(self.company)
        with self.mock_smtplib_connection():
            IrMailServer.send_email(self._build_email('jim@ours.example', email_to='customer@elsewhere.example'))
            IrMailServer.send_email(
                self._build_email('jim@ours.example', email_to='customer@elsewhere.example'),
                mail_server_id=self.server.id)
        self.assertEqual(self.rows().mapped(lambda row: (row.mail_server_id, row.messages)), [(self.server.id, 2)])

    def test_message_through_a_host_of_the_callers_own_is_not_odoos(self):
        with self.mock_smtplib_connection():
            self.env['ir.mail_server'].with_company(self.company).send_email(
                self._build_email('jim@ours.example', email_to='customer@elsewhere.example'),
                smtp_server='their.host.example')
        row = self.rows()
        self.assertEqual((row.path_id, row.mail_server_id, row.smtp_host), (0, OTHER_HOST, 'their.host.example'))
        through_odoo = count_of_service(self.env, self.company, 'odoo', fields.Datetime.now() - timedelta(days=1))
        self.assertEqual(self.env.execute_query(SQL("SELECT %s", through_odoo)), [(0,)], "nothing of what Odoo's servers send")

    def test_server_of_the_configuration_file_is_zero(self):
        self.server.active = False
        self.send(self.mail())
        self.assertEqual(self.rows().mapped('mail_server_id'), [0])

    def test_missing_table_stops_no_mail(self):
        self.env.cr.execute("ALTER TABLE mail_domain_health_sent RENAME TO mail_domain_health_gone")
        mail = self.mail()
        self.send(mail)
        with self.assertLogs(LOGGER, 'WARNING'):
            self.write_sent()
        self.assertEqual(mail.state, 'sent')

    def test_what_a_client_puts_into_the_context_stops_no_mail(self):
        for key in (SENDING, CHOSEN, ASKED, CONTEXT_DECISION, CONTEXT_TRIAL):
            for value in ('text', ['list'], {'a': 1}, True):
                with self.subTest(key=key, value=value):
                    mail = self.mail().with_context(**{key: value})
                    self.send(mail)
                    self.assertEqual(mail.state, 'sent')
                    with self.mock_smtplib_connection():
                        self.env['ir.mail_server'].with_context(**{key: value}).send_email(
                            self._build_email('jim@ours.example', email_to='customer@elsewhere.example'))
                    self.assertEqual(len(self.emails), 1)

    def test_company_that_the_sender_may_not_see_stops_no_mail(self):
        """Core needs no company where the addresses are given."""
        IrMailServer = self.env['ir.mail_server'].with_user(self.author).with_context(
            allowed_company_ids=self.env.ref('base.main_company').ids,
            domain_notifications_email='notifications@ours.example', domain_bounce_address='bounce@ours.example')
        with self.mock_smtplib_connection():
            IrMailServer.send_email(self._build_email('jim@ours.example', email_to='customer@elsewhere.example'))
        self.assertEqual(len(self.emails), 1)
        self.assertEqual(sum(self.rows().mapped('messages')), 1)

    def test_failing_match_stops_no_mail(self):
        Path = self.env.registry['mail.domain.health.path']
        mail = self.mail()
        with patch.object(Path, '_match_id', side_effect=ValueError("broken")):
            self.send(mail)
            with self.assertLogs(LOGGER, 'WARNING'):
                self.write_sent()
        self.assertEqual(mail.state, 'sent')

    def test_users_mail_is_not_taken_for_a_templates(self):
        """Templates are sent as their users, so both ways look alike from outside."""
        Path = self.env['mail.domain.health.path']
        key = (self.company.id, self.server.id, 'jim@ours.example', 'jim@ours.example', '@ours.example')
        self.assertTrue(Path.search([('company_id', '=', self.company.id), ('kind', '=', 'template')]))
        self.assertEqual(Path._match_id(*key), self.path.id)
        mailing = self.path.copy({'kind': 'mailing'})
        self.env.registry.clear_cache()
        self.assertEqual(Path._match_id(*key), self.path.id)
        self.assertEqual(Path._match_id(*key, is_mailing=True), mailing.id)

    def test_how_mail_is_sent_is_the_same_with_and_without_counting(self):
        """What reaches the mail server: message, envelope, recipients."""
        self.env['ir.config_parameter'].set_param('mail.default.from_filter', 'ours.example')
        sent = []
        for counting in (True, False):
            mail = self.mail(message_id='<same@ours.example>')
            if counting:
                self.send(mail)
            else:
                core = MailMail._send
                with patch.object(self.env.registry['mail.mail'], '_send', core):
                    self.send(mail)
            sent.append([
                (email['smtp_from'], email['smtp_to_list'], email['msg_from']) for email in self.emails])
        self.assertEqual(*sent)

    def test_days_are_summed_up_and_forgotten(self):
        Sent = self.env['mail.domain.health.sent']
        now = fields.Datetime.now()
        Sent.create([
            {'path_id': self.path.id, 'mail_server_id': 0, 'messages': 2, 'sent_on': now - timedelta(**age)}
            for age in ({'hours': 1}, {'days': 3, 'hours': 0}, {'days': 3, 'seconds': 1}, {'days': 100})
        ])
        recent = Sent.search([], order='sent_on desc', limit=1)
        sum_up(self.env)
        rows = Sent.search([], order='sent_on desc')
        self.assertEqual(rows[0], recent)
        self.assertEqual(sum(rows.mapped('messages')), 6, "only what is older than 90 days is forgotten")
        self.assertTrue(all(row.sent_on == row.sent_on.replace(hour=0, minute=0, second=0) for row in rows[1:]))
        sum_up(self.env)
        self.assertEqual(Sent.search([], order='sent_on desc'), rows, "a second time changes nothing")

    def test_path_tells_how_much_it_is_used(self):
        self.send(self.mail())
        self.rows()
        update_paths(self.env)
        self.assertEqual((self.path.sent_count, self.path.last_sent), (1, fields.Date.today()))
        self.env['mail.domain.health.sent'].search([]).sent_on = fields.Datetime.now() - timedelta(days=40)
        self.env.flush_all()
        update_paths(self.env)
        self.assertEqual(self.path.sent_count, 0)
        self.assertEqual(self.path.last_sent, fields.Date.today() - timedelta(days=40))

    def test_path_that_comes_into_use_has_its_domain_looked_at_again(self):
        domain = self.health('ours.example')
        self.publish('ours.example', *HEALTHY)
        domain.check_now()
        template = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'template')], limit=1)
        self.assertFalse(template.is_used or domain.is_outdated)
        self.env['mail.domain.health.sent'].create({
            'path_id': template.id, 'mail_server_id': self.server.id, 'messages': 1, 'sent_on': fields.Datetime.now()})
        self.env.flush_all()
        update_paths(self.env)
        self.assertTrue(template.is_used and domain.is_outdated)

    def test_mail_whose_sender_a_parameter_names_is_counted(self):
        self.env['ir.config_parameter'].set_param('mail.force.smtp.from', 'office@ours.example')
        self.env['ir.config_parameter'].set_param(PARAMETER_HONOR, True)
        self.send(self.mail())
        self.assertEqual(self.emails[0]['smtp_from'], 'office@ours.example')
        self.assertEqual(self.rows().mapped('messages'), [1])

    def test_mail_whose_sender_a_parameter_names_is_counted_as_its_authors(self):
        self.env['ir.config_parameter'].set_param('mail.force.smtp.from', 'office@ours.example')
        self.env['ir.config_parameter'].set_param(PARAMETER_HONOR, True)
        self.env.cr.flush()
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'user'), ('author_domain', '=', 'ours.example')])
        self.assertEqual(path.from_email, 'office@ours.example')
        self.send(self.mail())
        self.assertEqual(self.rows().mapped('path_id'), path.ids)


@tagged('post_install', '-at_install')
class TestSentAtOnce(BaseCase):
    """Real transactions beside each other: no sender waits for another, nor for whoever changes a path."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            cr.execute("SELECT COALESCE(MAX(id), 0) FROM mail_domain_health_sent")
            [self.last] = cr.fetchone()
        self.addCleanup(self.forget)

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM mail_domain_health_sent WHERE id > %s", [self.last])

    def count(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT COALESCE(SUM(messages), 0) FROM mail_domain_health_sent WHERE id > %s", [self.last])
            return cr.fetchone()[0]

    @contextmanager
    def sender(self):
        """A transaction that sent one mail and ended, whose writing is done with; it would fail of whatever it waited for."""
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            note(cr, Departure(
                env.company.id, 0, '', 'jim@ours.example', 'jim@ours.example', 'bounce@ours.example', False, ''))
            yield cr
            self.start = time.monotonic()
        self.waited = time.monotonic() - self.start

    def test_mail_of_a_transaction_that_is_undone_has_left_all_the_same(self):
        for undo in ('rollback', 'commit', 'savepoint', 'error'):
            with self.subTest(undo=undo):
                before = self.count()
                with suppress(UserError), self.sender() as cr:
                    if undo == 'savepoint':
                        with suppress(UserError), cr.savepoint():
                            raise UserError("undone")  # pylint: disable=translation-required
                    elif undo == 'error':
                        raise UserError("undone")  # pylint: disable=translation-required
                    else:
                        getattr(cr, undo)()
                self.assertEqual(self.count() - before, 1)

    def test_each_transaction_of_a_cursor_counts_its_own(self):
        with self.sender() as cr:
            for _number in range(2):
                cr.commit()  # pylint: disable=invalid-commit
                env = Environment(cr, SUPERUSER_ID, {})
                note(cr, Departure(
                    env.company.id, 0, '', 'jim@ours.example', 'jim@ours.example', 'bounce@ours.example', False, ''))
                cr.rollback()
        self.assertEqual(self.count(), 3)

    def test_nothing_is_said_once_the_module_is_gone(self):
        models = self.registry.models
        with self.sender():
            gone = models.pop(PENDING)
            self.addCleanup(models.setdefault, PENDING, gone)
            with self.assertNoLogs(LOGGER, 'WARNING'):
                pass
        models.setdefault(PENDING, gone)
        self.assertEqual(self.count(), 0)

    def test_senders_do_not_wait_for_each_other(self):
        with self.sender(), self.sender(), self.sender():
            pass
        self.assertEqual(self.count(), 3)

    def test_sender_does_not_wait_for_whoever_sums_up(self):
        with self.sender():
            pass
        with self.registry.cursor() as cr:
            cr.execute("UPDATE mail_domain_health_sent SET sent_on = sent_on - interval '3 days' WHERE id > %s", [self.last])
        with self.registry.cursor() as cr:
            sum_up(Environment(cr, SUPERUSER_ID, {}))
            with self.sender():
                pass
        self.assertEqual(self.count(), 2)

    def test_sender_does_not_wait_for_whoever_changes_the_paths(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT id FROM mail_domain_health_path FOR UPDATE")
            cr.execute("SELECT id FROM res_company FOR UPDATE")
            with self.sender():
                pass
        self.assertEqual(self.count(), 1)

    def test_sender_rather_goes_uncounted_than_waits_for_the_table(self):
        """An update of the module rewrites the table meanwhile; what else the sender did is kept."""
        with self.registry.cursor() as cr:
            cr.execute("LOCK TABLE mail_domain_health_sent IN ACCESS EXCLUSIVE MODE")
            with self.assertLogs(LOGGER, 'WARNING'), self.sender():
                pass
            self.assertLess(self.waited, 0.3)
        self.assertEqual(self.count(), 0)
