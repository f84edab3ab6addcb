import xmlrpc.client
from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.models.mail_thread import MailThread as Core

from .. import mailauth
from ..receiving import counting, gateway, queue, reading
from .received_common import ADDRESS, ReceivedCase, aggregate, daemon_mail, report_mail, tls_report

TLS_KIND = 'multipart/report; report-type=tlsrpt; boundary=b'


@tagged('post_install', '-at_install')
class TestGateway(ReceivedCase):
    """Mail to an address for reports is taken before Odoo's gateway makes anything of it; all other mail is untouched."""

    def setUp(self):
        super().setUp()
        self.given = []
        self.mail = report_mail(aggregate())

        def message_process(_self, model, message, **kwargs):
            self.given.append((model, message, kwargs))
            return 42

        self.startPatcher(patch.object(Core, 'message_process', message_process))

    def waiting(self):
        self.env.invalidate_all()
        return self.Incoming.sudo().search([])

    def test_a_mail_to_an_address_for_reports_is_queued_as_it_came(self):
        with self.nothing_else():
            self.assertIs(self.receive(self.mail), False)
        self.assertFalse(self.given)
        taken = self.waiting()
        self.assertEqual(bytes(taken.octets), self.mail)
        self.assertEqual((taken.recipient, taken.consumer, taken.is_verifiable), (ADDRESS, 'mail.domain.health.report', True))

    def test_every_field_in_which_core_looks_for_recipients_counts(self):
        for name in ('To', 'Cc', 'Delivered-To', 'Resent-To', 'Resent-Cc'):
            for written in (ADDRESS, f'"Reports, daily" <{ADDRESS.upper()}>', f'a@b.example,\r\n\t<{ADDRESS}>'):
                self.receive(f'{name}: {written}\r\nFrom: a@b.example\r\n\r\n'.encode())
        self.assertFalse(self.given)
        self.assertEqual(len(self.waiting()), 15)

    def test_other_mail_reaches_core_as_the_very_object_that_came(self):
        other = self.mail.replace(ADDRESS.encode(), b'sales@ours.example')
        for message in (other, other.decode(), xmlrpc.client.Binary(other), b'', '', b'\0\xff' * 500, b'\r\n' * 50, 7, None,
                        f'To: reports@ours.example\r\nSubject: {ADDRESS}\r\n\r\nTo: {ADDRESS}'.encode(),
                        f'To: {ADDRESS}.evil.example, x{ADDRESS}, "{ADDRESS}" <other@ours.example>\r\n\r\n'.encode()):
            self.given.clear()
            self.assertEqual(self.env['mail.thread'].message_process(
                'res.partner', message, {'name': 1}, save_original=True, strip_attachments=True, thread_id=3), 42)
            [(model, given, more)] = self.given
            self.assertIs(given, message)
            self.assertEqual((model, more), ('res.partner', {
                'custom_values': {'name': 1}, 'save_original': True, 'strip_attachments': True, 'thread_id': 3}))
        self.assertFalse(self.waiting())

    def test_what_pipes_and_pop_deliver_is_taken(self):
        self.receive(self.mail.replace(b'\r\n', b'\n'))
        self.receive(b'From reports@x Mon Nov  2\n' + self.mail.replace(b'\r\n', b'\n'))
        self.receive(xmlrpc.client.Binary(self.mail))
        self.assertEqual(self.waiting().mapped('is_verifiable'), [True] * 3)

    def test_a_text_can_be_read_and_not_verified(self):
        self.receive(self.mail.decode())
        self.assertEqual(self.waiting().mapped('is_verifiable'), [False])

    def test_a_mail_to_another_alias_as_well_is_core_s_too(self):
        self.env['mail.alias'].create({
            'alias_name': 'sales', 'alias_domain_id': self.company.alias_domain_id.id,
            'alias_model_id': self.env['ir.model']._get_id('res.partner')})
        both = self.mail.replace(f'To: {ADDRESS}'.encode(), f'To: {ADDRESS}, Sales <sales@ours.example>'.encode())
        self.assertEqual(self.receive(both), 42)
        self.assertIs(self.given[0][1], both)
        self.assertEqual(len(self.waiting()), 1)
        # A mailbox that is fetched is often an alias itself: each mail in it is delivered there.
        self.assertIs(self.receive(b'Delivered-To: sales@ours.example\r\n' + self.mail), False)
        self.given.clear()
        to_sales = b'Delivered-To: ' + ADDRESS.encode() + b'\r\n' + self.mail.replace(ADDRESS.encode(), b'sales@ours.example')
        self.assertEqual(self.receive(to_sales), 42, "what a mailbox of ours gets is for whom the sender named, too")
        self.assertIs(self.given[0][1], to_sales)

    def test_core_makes_nothing_of_our_alias_where_it_has_the_mail(self):
        self.assertEqual(self.Incoming._routing_check_route(None, {}, ('x', 0, None, 1, None)), ())

    def test_an_exception_of_ours_loses_no_mail(self):
        with patch.object(gateway.Header, '__init__', side_effect=ValueError), self.assertLogs(gateway.__name__, 'ERROR'):
            self.assertEqual(self.receive(self.mail), 42)
        with patch.object(type(self.Report), '_find_recipient', side_effect=ValueError), self.assertLogs(gateway.__name__, 'ERROR'):
            self.assertEqual(self.receive(self.mail), 42)
        self.assertEqual([given[1] for given in self.given], [self.mail, self.mail])
        self.assertTrue(self.env['res.partner'].search_count([]), "the transaction goes on")

    def test_a_mail_that_cannot_be_queued_here_is_queued_in_another_transaction(self):
        insert, failed = queue._insert, []

        def fail_once(env, rows):
            if not failed:
                failed.append(rows)
                env.cr.execute("SELECT 1 / 0", log_exceptions=False)
            return insert(env, rows)

        with patch.object(queue, '_insert', fail_once), self.enter_registry_test_mode(), self.assertLogs(queue.__name__, 'WARNING'):
            self.assertIs(self.receive(self.mail), False)
        self.assertEqual(len(self.waiting()), 1)
        with patch.object(queue, '_insert', side_effect=ValueError), self.enter_registry_test_mode(), \
                self.assertLogs(queue.__name__, 'WARNING'), self.assertLogs(gateway.__name__, 'ERROR'):
            self.assertEqual(self.receive(self.mail), 42)

    def test_the_scheduled_action_is_woken_once_for_many(self):
        cron = self.env.ref(queue.CRON)
        self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).unlink()
        for _number in range(5):
            self.receive(self.mail)
        self.assertEqual(self.env['ir.cron.trigger'].search_count([('cron_id', '=', cron.id)]), 1)

    def test_what_is_kept_is_bounded(self):
        with patch.object(queue, 'MAX_OCTETS', len(self.mail) - 1), self.assertLogs(queue.__name__, 'WARNING'):
            self.receive(self.mail)
        with patch.object(queue, 'MAX_WAITING', 2), self.assertLogs(queue.__name__, 'WARNING'):
            for _number in range(3):
                self.receive(self.mail)
        self.assertEqual([bool(row.octets) for row in self.waiting()], [False, True, True, False])
        self.read_waiting()
        self.assertEqual(sum(self.Report.search([('state', '=', 'refused')]).mapped('emails')), 2)

    def test_mail_is_not_kept_for_longer_than_a_month(self):
        self.receive(self.mail)
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET received_on = received_on - interval '30 days 1 minute'")
        self.Incoming._gc_incoming()
        self.assertFalse(self.waiting())

    def test_a_mail_that_ends_the_process_each_time_is_given_up(self):
        self.receive(self.mail)
        for _attempt in range(queue.MAX_ATTEMPTS):
            self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
            self.assertEqual(len(queue.claim(self.env(su=True))), 1)
        with self.assertLogs('odoo.addons.mail_domain_health.receiving.reading', 'WARNING'):
            self.read_waiting()
        self.assertFalse(self.waiting())

    def test_a_mail_that_the_engine_cannot_take_keeps_no_other_from_being_judged(self):
        find, broken = mailauth.iter_authors, report_mail(aggregate(report_id='broken'))

        def fail(resolver, asked, *, limit):
            if any(octets == broken for _number, octets, _received in asked):
                raise ValueError("a mistake of the engine")
            return find(resolver, asked, limit=limit)

        for mail in (self.mail, broken):
            self.receive(mail)
        with patch.object(mailauth, 'iter_authors', fail), self.assertLogs(reading.__name__, 'ERROR'):
            self.read_waiting()
        self.assertEqual({report.report_number: report.state for report in self.Report.search([])}, {
            '1': 'counted', 'broken': 'unverified'})

    def test_a_mail_that_cannot_be_read_harms_no_other(self):
        read, broken = counting._read, report_mail(aggregate(report_id='broken'))

        def fail(mail):
            if mail.octets == broken:
                raise ValueError("a mistake of ours")
            return read(mail)

        for mail in (self.mail, broken):
            self.receive(mail)
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
        with patch.object(counting, '_read', fail), self.assertLogs(reading.__name__, 'ERROR'):
            reading.read_mails(self.env(su=True), queue.claim(self.env(su=True)))
        self.assertEqual(self.Report.search([]).mapped('report_number'), ['1'])
        self.assertEqual([bytes(row.octets) for row in self.waiting()], [broken])


@tagged('post_install', '-at_install')
class TestBesideCore(ReceivedCase):
    """What would be a bounce, a loop or a duplicate to core's gateway is a report like any other here."""

    def test_500_reports_of_one_mailer_daemon_in_an_hour_are_all_read_and_nobody_is_answered(self):
        """Each is a bounce, most are a loop and some a duplicate to core: of several parts, by one sender, Message-Ids that repeat."""
        names = [f'd{number}.example' for number in range(50)]
        self.env['mail.domain.health'].sudo().create([{'name': name} for name in names])
        self.publish_reporter('other.example')
        self.env['res.partner'].create({'name': "R", 'email': 'mailer-daemon@other.example'})
        known = self.env['mail.message'].create({'body': "x", 'message_id': '<0@other.example>'})
        numbered = [(name, str(number)) for name in names for number in range(10)]
        sent = [
            daemon_mail(tls_report(name, number).replace(b'google.com', b'other.example'), message_id=place % 100, report_type='tlsrpt', attached='application/tlsrpt+gzip')
            if place % 2 else daemon_mail(aggregate(name, number, email='x@other.example'), message_id=place % 100)
            for place, (name, number) in enumerate(numbered)]
        with self.nothing_else():
            found = self.receive_and_read(*sent)
        self.assertEqual(Counter((one.kind, one.state) for one in found), {('dmarc', 'counted'): 250, ('tls', 'counted'): 250})
        self.assertEqual(set(found.reporter_id.mapped('name')), {'other.example'})
        self.assertFalse(self.Incoming.sudo().search_count([]))
        self.assertTrue(known.exists())

    def test_what_core_takes_for_a_bounce_a_loop_or_a_duplicate_is_taken(self):
        message = self.env['mail.message'].create({'body': "x", 'message_id': '<known@google.com>'})
        self.env['res.partner'].create({'name': "R", 'email': 'mailer-daemon@other.example'})
        self.publish_reporter('other.example')
        xml = [aggregate(report_id=str(number)) for number in range(5)]
        sent = (
            report_mail(xml[0], sender='mailer-daemon@other.example'),
            report_mail(xml[1], message_id=message.message_id.strip('<>')),
            report_mail(xml[2], more='Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n'),
            report_mail(xml[3], more=f'In-Reply-To: {message.message_id}\r\nReferences: {message.message_id}\r\n'),
            report_mail(xml[4], more='X-Loop: x\r\nReturn-Path: <>\r\n'),
        )
        with self.nothing_else():
            found = self.receive_and_read(*sent)
        self.assertEqual(found.mapped('state'), ['counted'] * 5)
        with self.nothing_else():
            self.receive(report_mail(xml[0], kind=TLS_KIND))
            self.receive(report_mail(xml[0], kind='multipart/report; report-type=delivery-status; boundary=b'))
        self.assertEqual(self.Incoming.sudo().search_count([]), 2)
