import smtplib
from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import MockSmtplibCase

from ..sending.rejections import read_failures
from .test_evidence import SPAMHAUS_REFUSAL, EvidenceCase

LOGIN_REFUSAL = smtplib.SMTPAuthenticationError(535, b"5.7.8 Error: authentication failed: bad username or password")


@tagged('post_install', '-at_install')
class TestFailures(MockSmtplibCase, EvidenceCase):
    """Why mail failed is read wherever core leaves the reason: on the notification, on the mail, or on the mail alone."""

    def setUp(self):
        super().setUp()
        self.env['ir.mail_server'].create({
            'name': "Ours", 'smtp_host': 'smtp.test', 'smtp_encryption': 'none', 'from_filter': 'ours.example',
            'smtp_authentication': 'login', 'smtp_user': 'odoo@ours.example', 'smtp_pass': 'wrong'})
        self.env['mail.domain.health']._refresh(self.company)

    def send(self, mails, **fails):
        """Have core send ``mails`` through a session whose named methods raise."""
        with self.mock_smtplib_connection(), mute_logger('odoo.addons.mail.models.mail_mail'), ExitStack() as failing:
            for method, error in fails.items():
                failing.enter_context(patch.object(type(self.testing_smtp_session), method, side_effect=error))
            mails.send()

    def notify(self, count=1):
        """A message to customers, each of whom is told by mail."""
        customers = self.env['res.partner'].create([
            {'name': f'C{number}', 'email': f'c{number}@elsewhere{number}.example'} for number in range(count)])
        message = self.message()
        mail = self.env['mail.mail'].create({
            'mail_message_id': message.id, 'is_notification': True, 'email_from': '"Jim" <jim@ours.example>',
            'recipient_ids': customers.ids, 'body_html': '<p>Hello</p>', 'record_company_id': self.company.id,
            'record_alias_domain_id': self.company.alias_domain_id.id})
        self.env['mail.notification'].create([{
            'mail_message_id': message.id, 'mail_mail_id': mail.id, 'res_partner_id': customer.id,
            'notification_type': 'email', 'notification_status': 'ready'} for customer in customers])
        return mail

    def rows(self):
        return read_failures(self.env, self.company, '2000-01-01')

    def test_refused_login_that_core_notes_on_the_mail_alone(self):
        mails = self.notify() | self.notify() | self.notify() | self.notify()
        self.send(mails, login=LOGIN_REFUSAL)
        notifications = self.env['mail.notification'].search([('mail_mail_id', 'in', mails.ids)])
        self.assertEqual(
            set(notifications.mapped(lambda found: (found.notification_status, found.failure_type, found.failure_reason))),
            {('exception', 'mail_smtp', False)}, "what core does")
        self.assertEqual(self.heard(), {'login_refused': 4})
        self.domain.check_now()
        self.assertIn('receivers.login_refused', self.lasting())

    def test_each_recipient_of_a_mail_counts_and_is_known(self):
        self.send(self.notify(3), login=LOGIN_REFUSAL)
        self.assertEqual(
            sorted(row[-2] for row in self.rows()), [f'c{number}@elsewhere{number}.example' for number in range(3)])

    def test_login_refused_for_mail_without_notifications(self):
        """Password resets, invitations, mailings to contacts: the recipient stands among the mail's contacts."""
        mail = self.env['mail.mail'].create({
            'mail_message_id': self.message().id, 'email_from': 'jim@ours.example', 'recipient_ids': self.customer.ids,
            'body_html': '<p>Reset</p>', 'record_company_id': self.company.id})
        self.send(mail, login=LOGIN_REFUSAL)
        [row] = self.rows()
        self.assertEqual(row[-2], 'customer@elsewhere.example')
        self.assertEqual(self.heard(), {'login_refused': 1})

    def test_refusal_of_the_message_is_read_from_its_notification(self):
        self.send(self.notify(2), send_message=smtplib.SMTPDataError(554, SPAMHAUS_REFUSAL.encode()))
        self.assertEqual(self.heard(), {'blocklisted': 2})

    def test_reason_is_read_whatever_core_calls_the_failure(self):
        kinds = [name for name, _label in self.env['mail.mail']._fields['failure_type'].selection]
        kinds += [name for name, _label in self.env['mail.notification']._fields['failure_type'].selection]
        for kind in sorted({*kinds} - {'sms_number_missing'}):
            for on_notification in (True, False):
                with self.subTest(failure_type=kind, on_notification=on_notification):
                    mail = self.notify()
                    mail.write({'state': 'exception', 'failure_type': kind if kind in dict(
                        self.env['mail.mail']._fields['failure_type'].selection) else 'unknown',
                        'failure_reason': SPAMHAUS_REFUSAL})
                    notification = self.env['mail.notification'].search([('mail_mail_id', '=', mail.id)])
                    notification.write({
                        'notification_status': 'exception', 'failure_type': kind,
                        'failure_reason': SPAMHAUS_REFUSAL if on_notification else False})
                    self.assertEqual([row[-1] for row in self.rows()], [SPAMHAUS_REFUSAL])
                    mail.mail_message_id.unlink()
                    self.env.flush_all()

    def test_mail_that_was_sent_again_has_failed_no_longer(self):
        mail = self.notify()
        self.send(mail, login=LOGIN_REFUSAL)
        mail.state = 'outgoing'
        self.send(mail)
        self.assertEqual(self.heard(), {})
