from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..receiving import gateway, queue
from .mailbox_servers import IMAP, POP, Mailbox
from .received_common import ADDRESS, ReceivedCase, aggregate, report_mail


@tagged('post_install', '-at_install')
class TestFetchedReports(ReceivedCase):
    """Reports in a mailbox that one of Odoo's incoming servers fetches, by the packets of POP and IMAP."""

    def setUp(self):
        super().setUp()
        self.env['fetchmail.server'].search([('id', '!=', False)]).action_archive()
        self.env['mail.alias'].create({
            'alias_name': 'sales', 'alias_domain_id': self.company.alias_domain_id.id,
            'alias_model_id': self.env['ir.model']._get_id('res.partner')})

    def fetch(self, kind, *sent):
        """Have Odoo fetch these mails; return the mailbox as it is afterwards."""
        with Mailbox(kind, sent) as mailbox:
            host, port = mailbox.address
            server = self.env['fetchmail.server'].create({
                'name': kind, 'server_type': kind, 'server': host, 'port': port, 'user': 'a', 'password': 'b', 'state': 'done'})
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.assertIsNone(server.with_env(server.env(cr=cr))._fetch_mail())
            server.action_archive()
        self.env.invalidate_all()
        return mailbox

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
