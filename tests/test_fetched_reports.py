import gzip
from base64 import encodebytes
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_thread import MailThread as Core

from ..receiving import gateway, queue
from .mailbox_servers import IMAP, POP, Mailbox
from .received_common import ADDRESS, ReceivedCase, aggregate, daemon_mail, report_mail, tls_report


class FetchedCase(ReceivedCase):
    """One of Odoo's incoming servers fetches a mailbox, by the packets of POP and IMAP."""

    def setUp(self):
        super().setUp()
        self.env['fetchmail.server'].search([('id', '!=', False)]).action_archive()
        self.env['mail.alias'].create({
            'alias_name': 'sales', 'alias_domain_id': self.company.alias_domain_id.id,
            'alias_model_id': self.env['ir.model']._get_id('res.partner')})

    def fetch(self, kind, *sent, **values):
        """Have Odoo fetch these mails; return the mailbox as it is afterwards. ``values``: more of the incoming server."""
        with Mailbox(kind, sent) as mailbox:
            host, port = mailbox.address
            server = self.env['fetchmail.server'].create({
                'name': kind, 'server_type': kind, 'server': host, 'port': port, 'user': 'a', 'password': 'b', 'state': 'done',
                **values})
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.assertIsNone(server.with_env(server.env(cr=cr))._fetch_mail())
            server.action_archive()
        self.env.invalidate_all()
        return mailbox


@tagged('post_install', '-at_install')
class TestFetchedReports(FetchedCase):
    """Reports in a mailbox that mail to one of our aliases comes to."""

    def other_mail(self, subject):
        return (f'From: Jane <jane@customer.example>\r\nTo: sales@ours.example\r\nSubject: {subject}\r\n'
                f'Message-Id: <{subject}@customer.example>\r\n\r\n.A line with a dot\r\n').encode()

    def test_reports_are_verified_as_they_came_and_other_mail_is_routed(self):
        for number, kind in enumerate((POP, IMAP)):
            sent = (report_mail(aggregate(report_id=str(number))), self.other_mail(f'order{number}'))
            mailbox = self.fetch(kind, *sent)
            self.assertEqual(mailbox.deleted if kind == POP else mailbox.seen, {1, 2})
            self.assertEqual(self.Incoming.sudo().search([]).mapped('recipient'), [ADDRESS])
            self.read_waiting()
            report = self.Report.search([('report_number', '=', str(number))])
            self.assertEqual((kind, report.state), (kind, 'counted'))
            # Core made a contact of the other one.
            self.assertTrue(self.env['res.partner'].search([('name', '=', f'order{number}')]))

    def test_an_exception_of_ours_loses_no_mail(self):
        """Odoo marks a mail that raised as handled, and a POP server then deletes it."""
        for number, kind in enumerate((POP, IMAP)):
            with patch.object(gateway.Header, '__init__', side_effect=ValueError), mute_logger(gateway.__name__):
                self.fetch(kind, self.other_mail(f'first{number}'))
            self.assertTrue(self.env['res.partner'].search([('name', '=', f'first{number}')]), "it is routed as ever")
            insert, failed = queue._insert, []

            def fail_once(env, rows, insert=insert, failed=failed):
                if not failed:
                    failed.append(rows)
                    raise ValueError("a mistake of ours")
                return insert(env, rows)

            with patch.object(queue, '_insert', fail_once), mute_logger(queue.__name__):
                self.fetch(kind, report_mail(aggregate(report_id=f'x{number}')))
            self.assertTrue(failed)
            self.read_waiting()
            self.assertEqual(self.Report.search([('report_number', '=', f'x{number}')]).state, 'counted')


MAILBOX = 'dmarc@firm.example'


@tagged('post_install', '-at_install')
class TestMailboxOutside(FetchedCase):
    """Reports in a mailbox that is none of our aliases, as it is named in a record since long, which an incoming server fetches."""

    def setUp(self):
        super().setUp()
        self.server_model = self.env['ir.model']._get_id('res.partner')
        self.publish_reporter('other.example')

    def mail_to(self, to, subject, more='', text='Hello'):
        return (f'From: Jane <jane@customer.example>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-Id: <{subject}@customer.example>\r\n'
                f'{more}\r\n{text}\r\n').encode()

    def reports(self, start=0):
        """Return reports in the forms that receivers send them in, to the mailbox outside."""
        xml = [aggregate(report_id=str(start + number)) for number in range(3)]
        return (
            report_mail(xml[0], to=MAILBOX), report_mail(xml[1], to=f'"Reports" <{MAILBOX}>', kind='application/octet-stream'),
            daemon_mail(tls_report(report_id=str(start + 3)).replace(b'google.com', b'other.example'), to=MAILBOX, report_type='tlsrpt'),
            report_mail(xml[2], sender='forged@other.example', to=MAILBOX, signed=False))

    def found(self):
        self.read_waiting()
        return sorted((one.report_number, one.kind, one.state) for one in self.Report.search([]) if one.report_number)

    def test_until_somebody_says_that_reports_are_read_from_it_all_is_core_s(self):
        self.fetch(IMAP, self.reports()[0], object_id=self.server_model, user=MAILBOX)
        self.assertFalse(self.found())
        self.assertTrue(self.env['res.partner'].search([('name', '=', 'Report domain: ours.example')]))

    def test_reports_are_taken_and_other_mail_makes_the_records_of_the_server(self):
        for start, kind in ((0, IMAP), (10, POP)):
            *reports, forged = self.reports(start)
            with self.nothing_else():
                mailbox = self.fetch(
                    kind, *reports, forged, mail_health_reports='also', object_id=self.server_model, user=MAILBOX)
            self.assertEqual(mailbox.deleted if kind == POP else mailbox.seen, {1, 2, 3, 4})
            self.assertEqual([one for one in self.found() if int(one[0]) >= start], [
                (str(start), 'dmarc', 'counted'), (str(start + 1), 'dmarc', 'counted'), (str(start + 2), 'dmarc', 'unverified'),
                (str(start + 3), 'tls', 'counted')])
            self.fetch(
                kind, self.mail_to(MAILBOX, f'order{kind}'), self.mail_to('sales@ours.example', f'sale{kind}'),
                mail_health_reports='also', object_id=self.server_model, user=MAILBOX)
            for name in (f'order{kind}', f'sale{kind}'):
                self.assertTrue(self.env['res.partner'].search([('name', '=', name)]), name)

    def test_of_a_mailbox_for_reports_only_other_mail_is_left_alone(self):
        bounce = (f'Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\nTo: {MAILBOX}\r\nSubject: Undelivered\r\n'
                  'Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\ncould not be delivered\r\n--b--\r\n').encode()
        others = (self.mail_to(MAILBOX, 'spam'), self.mail_to('list@elsewhere.example', 'list'), bounce, bounce, b'no mail at all')
        with self.nothing_else(), patch.object(Core, 'message_process') as core:
            mailbox = self.fetch(IMAP, *others, *self.reports(), mail_health_reports='only', user=MAILBOX)
        core.assert_not_called()
        self.assertEqual(len(mailbox.seen), 9)
        self.assertEqual([state for _number, _kind, state in self.found()], ['counted', 'counted', 'unverified', 'counted'])
        self.assertFalse(self.Incoming.sudo().search([('next_read', '!=', False)]))

    def test_what_is_for_an_alias_or_answers_a_message_is_core_s_there_too(self):
        partner = self.env['res.partner'].create({'name': "Somebody"})
        message = partner.message_post(body="x", message_type='comment')
        self.fetch(
            IMAP, self.mail_to('sales@ours.example', 'sale'),
            self.mail_to(MAILBOX, 'answer', more=f'In-Reply-To: {message.message_id}\r\n'),
            self.mail_to(f'{MAILBOX}, sales@ours.example', 'both'), mail_health_reports='only', user=MAILBOX)
        report = report_mail(aggregate(), to=MAILBOX, more=f'References: <x@y.example> {message.message_id}\r\n')
        self.fetch(IMAP, report, mail_health_reports='also', user=MAILBOX)
        self.assertTrue(self.env['res.partner'].search([('name', '=', 'sale')]))
        self.assertTrue(self.env['res.partner'].search([('name', '=', 'both')]))
        self.assertEqual(len(partner.message_ids.filtered(lambda one: one.message_type == 'email')), 2)
        self.assertFalse(self.found())

    def bounce_of(self, message, to, content='x'):
        """Return what a mail server writes where a message could not be delivered; ``content``: what stood below its first field."""
        return (
            f'Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@customer.example>\r\nTo: {to}\r\n'
            f'Subject: Undelivered Mail\r\nMessage-Id: <{to}@customer.example>\r\nMIME-Version: 1.0\r\n'
            'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n'
            '--b\r\nContent-Type: text/plain\r\n\r\ncould not be delivered\r\n'
            '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n'
            'Final-Recipient: rfc822; gone@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n'
            f'--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-Id: {message.message_id}\r\n{content}\r\n--b--\r\n').encode()

    def test_what_is_for_the_bounce_or_catchall_address_or_delivered_to_an_alias_is_core_s_there_too(self):
        """One mailbox often holds a whole domain's mail: bounces, answers to the catchall, and what an alias got as a blind copy."""
        partner = self.env['res.partner'].create({'name': "Gone", 'email': 'gone@customer.example'})
        message = partner.message_post(body="x", message_type='comment', partner_ids=partner.ids)
        catchall = self.mail_to(self.company.catchall_email, 'lost')
        blind = self.mail_to('list@elsewhere.example', 'blind', more='Delivered-To: sales@ours.example\r\n')
        odd = self.mail_to('list@else%\\', 'odd')
        self.fetch(
            IMAP, self.bounce_of(message, self.company.bounce_email), catchall, blind, odd, mail_health_reports='only', user=MAILBOX)
        self.assertEqual(message.notification_ids.mapped('notification_status'), ['bounce'])
        self.assertTrue(self.env['mail.mail'].sudo().search([('subject', 'ilike', 'lost')]), "core says that nobody reads the catchall")
        self.assertTrue(self.env['res.partner'].search([('name', '=', 'blind')]))

    def test_what_a_person_sends_or_a_mail_server_returns_with_a_report_in_it_is_core_s(self):
        """A customer's question about a report is a ticket; a mail that came back is a bounce, whatever was attached to it."""
        part = encodebytes(gzip.compress(aggregate(report_id='asked'))).decode().replace('\n', '\r\n')
        kind = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=c\r\n'
        text = (
            '--c\r\nContent-Type: text/plain\r\n\r\nWhat does this file say? Regards, Jane\r\n'
            '--c\r\nContent-Type: application/gzip; name="google.com!ours.example!1!2.xml.gz"\r\n'
            f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n{part}--c--\r\n')
        partner = self.env['res.partner'].create({'name': "Gone", 'email': 'gone@customer.example'})
        for reads, to in (('also', 'sales@ours.example'), ('also', MAILBOX), ('only', f'sales@ours.example, {MAILBOX}')):
            subject = f'question{reads}{len(to)}'
            message = partner.message_post(body="x", message_type='comment', partner_ids=partner.ids)
            self.fetch(
                IMAP, self.mail_to(to, subject, more=kind, text=text),
                self.bounce_of(message, self.company.bounce_email, f'{kind}\r\n{text}'),
                mail_health_reports=reads, object_id=self.server_model, user=MAILBOX)
            self.assertTrue(self.env['res.partner'].search([('name', '=', subject)]), subject)
            self.assertEqual(message.notification_ids.mapped('notification_status'), ['bounce'], subject)
        self.assertFalse(self.found())

    def test_the_wizard_says_from_which_mailbox_reports_are_read(self):
        server = self.env['fetchmail.server'].create({'name': "Google", 'server_type': 'imap', 'user': MAILBOX, 'state': 'draft'})
        wizard = self.env['mail.domain.health.receive'].create({'domain_id': self.domain.id, 'way': 'mailbox'})
        with self.assertRaisesRegex(UserError, "Incoming Mail Server"):
            wizard.action_receive()
        aliases, mails = (self.env[name].search_count([]) for name in ('mail.alias', 'mail.mail'))
        self.assertEqual((wizard.reads, self.domain.report_address_text), ('also', ''))
        wizard.fetchmail_server_id = server
        wizard.action_receive()
        self.assertEqual((server.mail_health_reports, self.domain.report_server_id), ('also', server))
        self.assertIn("not confirmed", self.domain.report_address_text)
        server.state = 'done'
        self.assertNotIn("not confirmed", self.domain.report_address_text)
        self.assertIn(MAILBOX, self.domain.report_address_text)
        server.write({'error_date': '2026-11-02 12:00:00', 'error_message': "[AUTHENTICATIONFAILED]"})
        self.assertIn("[AUTHENTICATIONFAILED]", self.domain.report_address_text)
        self.assertEqual([self.env[name].search_count([]) for name in ('mail.alias', 'mail.mail')], [aliases, mails])
        self.assertFalse(self.domain.dmarc_report_address, "the record stays as it is")
        again = self.env['mail.domain.health.receive'].create({'domain_id': self.domain.id, 'way': 'mailbox', 'reads': 'only'})
        self.assertEqual(again.fetchmail_server_id, server)
        again.action_receive()
        self.assertEqual(server.mail_health_reports, 'only')
        server.mail_health_reports = False
        self.assertFalse(self.domain.report_address_text)
