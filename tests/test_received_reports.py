import base64
import gzip
import io
import random
import re
import zipfile
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..display.received import get_received
from ..mailauth.tests import mails
from ..proving import way_back
from ..receiving import addresses, counting, gateway, queue, reading, reporter, storing, uploading
from ..texts import reports as report_texts
from .common import DKIM_RECORD, HEALTHY, SPF_RECORD
from .received_common import ADDRESS, LISTED, ReceivedCase, aggregate, report_mail, tls_report

# What a receiver sends at once of one mail that failed (RFC 9991), with that mail.
FAILURE = (
    b'From: Reports <noreply-dmarc-support@google.com>\r\nTo: ' + ADDRESS.encode() + b'\r\nSubject: FW: Hello\r\n'
    b'Date: Mon, 02 Nov 2026 12:05:00 +0000\r\nMessage-Id: <failure@google.com>\r\nMIME-Version: 1.0\r\n'
    b'Content-Type: multipart/report; report-type=feedback-report; boundary=f\r\n\r\n'
    b'--f\r\nContent-Type: text/plain\r\n\r\nAn email of xylophone-9431 failed.\r\n'
    b'--f\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nVersion: 1\r\n'
    b'User-Agent: x/1\r\nAuth-Failure: dmarc\r\nReported-Domain: ours.example\r\nSource-IP: 198.51.100.7\r\n'
    b'Original-Mail-From: <xylophone-9431@ours.example>\r\n\r\n'
    b'--f\r\nContent-Type: message/rfc822\r\n\r\nFrom: jane@ours.example\r\nTo: xylophone-9431@firm.example\r\n'
    b'Subject: xylophone-9431\r\n\r\nxylophone-9431\r\n--f--\r\n')


@tagged('post_install', '-at_install')
class TestNobodysNames(ReceivedCase):
    """What is kept of reports are domains, addresses of machines and numbers: nothing that names a person."""

    def test_no_address_of_anybody_is_kept_wherever_a_report_has_one(self):
        named = 'xylophone.9431@'
        dmarc = aggregate(org=f'{named}google.com', email=f'{named}google.com').replace(
            b'<header_from>', f'<header_from>{named}'.encode()).replace(b'<spf><domain>', f'<spf><domain>{named}'.encode()).replace(
            b'<dkim><domain>', f'<dkim><domain>{named}'.encode())
        tls = tls_report(report_id='2').replace(b'"Listed"', f'"{named}google.com"'.encode()).replace(
            b'tls@', named.encode())
        of_a_person = aggregate(report_id='3').replace(b'<policy_published><domain>', f'<policy_published><domain>{named}'.encode())
        found = self.receive_and_read(
            report_mail(dmarc), report_mail(tls), report_mail(of_a_person),
            report_mail(aggregate(report_id='4'), sender=f'{named}other.example', signed=False),
            report_mail(b'no report', sender=f'{named}other.example', signed=False), FAILURE)
        uploading.take(self.env(user=self.env.ref('base.user_admin')), dmarc.replace(b'<report_id>1', b'<report_id>5'), lambda: False)
        self.assertEqual(set(found.mapped('state')), {'counted', 'not_ours', 'unverified', 'refused'})
        self.assertEqual(self.volumes(source='192.0.2.10')[:1].identity_id.header_from, 'ours.example')
        for table in ('report', 'reporter', 'volume', 'identity', 'tls'):
            self.env.cr.execute(SQL("SELECT * FROM %s", SQL.identifier(f'mail_domain_health_{table}')))
            rows = self.env.cr.fetchall()
            self.assertTrue(rows, table)
            self.assertNotIn('xylophone', str(rows), table)


@tagged('post_install', '-at_install')
class TestStoring(ReceivedCase):
    """Whatever is reported, a day of a domain takes a bounded number of rows, and no mail is counted twice or lost."""

    def add(self, sources, is_trusted=True, reporter_id=1, **values):
        key = storing.Key('', False, is_trusted, False, False, 'none', None, None)._replace(**values)
        day = fields.Date.today() - timedelta(days=2)
        storing.add(self.env, {(self.domain.id, day): {
            key._replace(source=source): {reporter_id: messages} for source, messages in sources.items()}})

    def test_of_a_wave_the_largest_sources_stay_and_the_rest_is_summed_up_by_network(self):
        self.add({'192.0.2.1': 1000, '2001:db8::1': 900})
        for reporter_id in (1, 2):
            self.add({f'10.{number // 250}.{number % 250}.7': 1 + number % 3 for number in range(5000)}, reporter_id=reporter_id)
        rows = self.volumes()
        self.assertLessEqual(len(rows), storing.MAX_ROWS)
        self.assertEqual(len(rows.filtered(lambda row: not row.is_network)), storing.MAX_SOURCES)
        self.assertEqual(self.volumes(source='192.0.2.1').messages, 1000)
        self.assertEqual(sum(rows.mapped('messages')), 1900 + 2 * sum(1 + number % 3 for number in range(5000)))
        self.assertTrue(self.volumes(source='0.0.0.0/0'))
        said = [storing.read_by_reporter(row.by_reporter) for row in rows]
        self.assertEqual(sum(counts.get(2, 0) for counts in said), sum(1 + number % 3 for number in range(5000)))

    def test_outcomes_without_end_are_bounded_too(self):
        for disposition in ('none', 'quarantine', 'reject'):
            for reason in ('forwarded', 'mailing_list', 'other', None):
                for dkim in (True, False):
                    self.add({f'192.0.2.{n}': 5 for n in range(150)}, disposition=disposition, reason=reason, dkim=dkim)
        rows = self.volumes()
        self.assertLessEqual(len(rows), storing.MAX_ROWS + 10)
        self.assertEqual(sum(rows.mapped('messages')), 150 * 5 * 24)
        self.assertEqual(sum(row.messages for row in rows if row.dkim_aligned), 150 * 5 * 12, "whether it passed is not lost")

    def test_who_does_not_count_takes_no_room_of_who_does(self):
        self.add({f'192.0.2.{number}': 1 for number in range(200)})
        self.add({f'198.51.{number // 200}.{number % 200}': 999 for number in range(2000)}, is_trusted=False)
        own = self.volumes(is_trusted=True)
        self.assertEqual(len(own), 200)
        self.assertFalse(own.filtered('is_network'))
        self.assertLessEqual(len(self.volumes(is_trusted=False)), 2 * storing.MAX_UNTRUSTED + 10)

    def test_what_comes_again_is_added_to_what_was_there(self):
        self.add({'192.0.2.1': 3})
        self.add({'192.0.2.1': 4, '192.0.2.2': 1}, reporter_id=2)
        self.add({'192.0.2.1': 5})
        self.assertEqual(self.volumes(source='192.0.2.1').by_reporter, '1:8 2:4')
        self.assertEqual(sum(self.volumes().mapped('messages')), 13)
        [many] = self.env.execute_query(storing.SQL(
            "SELECT count(*), sum(reporter_messages) FROM (%s) each", storing.by_reporter_query(storing.SQL("domain_id = %s", self.domain.id))))
        self.assertEqual(many, (3, 13))

    def test_identities_of_a_domain_are_bounded(self):
        with patch.object(storing, 'MAX_IDENTITIES', 3):
            for number in range(5):
                self.add({'192.0.2.1': 1}, identity=storing.Identity(f'{number}.ours.example', '', '', '', '', ''))
        self.assertEqual(len(self.volumes().identity_id), 3)
        self.assertEqual(sum(self.volumes().mapped('messages')), 5)

    def test_confirming_and_ignoring_again_and_again_loses_nothing(self):
        for number in range(3):
            self.add({f'192.0.2.{n}': n + 1 for n in range(60)}, is_trusted=False, reporter_id=7)
            self.add({f'192.0.2.{n}': n + 1 for n in range(60)}, reporter_id=8)
            storing.move(self.env, 7, number % 2 == 0)
            self.assertEqual(sum(self.volumes().mapped('messages')), 2 * (number + 1) * sum(range(1, 61)))


def archive(*entries, encrypted=None):
    """Return a zip file; the entry of that number says that it is encrypted."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, 'w') as file:
        for number, entry in enumerate(entries):
            file.writestr(f'{number}.xml', entry)
    packed = bytearray(octets.getvalue())
    if encrypted is not None:
        at = -1
        for _number in range(encrypted + 1):
            at = packed.index(b'PK\1\2', at + 1)
        packed[at + 8] |= 1
    return bytes(packed)


@tagged('post_install', '-at_install')
class TestReceivedReports(ReceivedCase):
    """A report counts if its mail proves who sent it, once, and only about a domain of ours."""

    def states(self, *sent):
        return self.receive_and_read(*sent).sorted('id').mapped('state')

    def tables_with(self, word):
        """Return the tables of the database in which a word stands, octets included."""
        self.env.flush_all()
        tables = [name for name, in self.env.execute_query(SQL(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace"))]
        return [table for table in tables if self.env.execute_query(SQL(
            "SELECT FROM %s each WHERE each::text LIKE ANY(%s) LIMIT 1",
            SQL.identifier(table), [f'%{word}%', f'%{word.encode().hex()}%']))]

    def test_a_report_of_a_known_receiver_is_counted(self):
        report = self.receive_and_read(report_mail(aggregate(records=[
            ('192.0.2.10', 3, 'pass', 'pass', ''), ('198.51.100.7', 2, 'fail', 'fail', '<reason><type>forwarded</type></reason>'),
        ])))
        self.assertEqual((report.state, report.domain_id, report.messages, report.passed, report.records), ('counted', self.domain, 5, 3, 2))
        self.assertEqual((report.reporter_id.name, report.reporter_id.is_trusted), (LISTED, True))
        own, other = self.volumes().sorted('messages', reverse=True)
        self.assertEqual((own.source, own.messages, own.dkim_aligned, own.spf_aligned, own.disposition), ('192.0.2.10', 3, True, True, 'none'))
        self.assertEqual((other.source, other.messages, other.dkim_aligned, other.reason), ('198.51.100.7', 2, False, 'forwarded'))
        self.assertEqual(storing.read_by_reporter(own.by_reporter), {report.reporter_id.id: 3})
        self.assertEqual((own.identity_id.dkim_domain, own.identity_id.dkim_selector), ('ours.example', 's1'))
        self.assertEqual(own.date, report.date_begin.date())
        self.assertFalse(self.Incoming.sudo().search_count([]), "its text is not kept")

    def test_who_it_says_it_is_from_counts_for_nothing(self):
        """A throw-away domain passes DMARC, and its report names Google."""
        self.publish_reporter('throwaway.example')
        sender = 'noreply-dmarc@throwaway.example'
        report = self.receive_and_read(report_mail(aggregate(email='noreply-dmarc-support@google.com'), sender=sender))
        self.assertEqual((report.state, report.reason, report.reporter_id.name), ('unverified', 'passed_on', False))
        report = self.receive_and_read(report_mail(aggregate(org='google.com', email=sender), sender=sender))
        self.assertEqual((report.state, report.reporter_id.name, report.reporter_id.is_trusted), ('counted', 'throwaway.example', False))
        self.assertEqual(self.volumes().mapped('is_trusted'), [False])

    def test_what_nothing_proves_moves_nothing(self):
        own = report_mail(aggregate())
        self.publish_reporter('gmail.com')
        self.publish('ours.example', *HEALTHY, f's1._domainkey {mails.txt(mails.key_record(mails.rsa_key()))}')
        for mail, reason in (
            (report_mail(aggregate(), signed=False), 'not_signed'),
            (own.replace(b'noreply-dmarc-support@google.com', b'evil@google.com'), 'not_verified'),
            (mails.sign(report_mail(aggregate(), signed=False), domain='ours.example'), 'not_aligned'),
            (report_mail(aggregate(), sender='anybody@gmail.com'), 'shared_domain'),
            (report_mail(aggregate(), sender='calendar-notification@google.com'), 'other_address'),
        ):
            report = self.receive_and_read(mail)
            self.assertEqual((report.state, report.reason, report.reporter_id.name), ('unverified', reason, False))
            self.assertTrue(report.explanation)
        report = self.receive_and_read(own.decode())
        self.assertEqual((report.state, report.reason), ('unverified', 'altered'))
        self.assertFalse(self.volumes())
        self.assertEqual(self.states(own), ['counted'], "none of them took its place")

    def test_of_who_it_says_it_is_from_the_domain_is_kept_alone(self):
        wrapped = report_mail(aggregate(email='noreply-dmarc-support@google.com'), sender='Jane.Doe@Colleague.example', signed=False)
        report = self.receive_and_read(wrapped)
        self.assertEqual((report.state, report.claimed_by), ('unverified', 'colleague.example'))
        self.assertNotIn('jane', str(report.read()).lower())

    def test_forwarded_reports_stay_unverified_unless_the_signature_holds(self):
        self.publish_reporter('colleague.example')
        wrapped = report_mail(aggregate(email='noreply-dmarc-support@google.com'), sender='jane@colleague.example')
        self.assertEqual(self.receive_and_read(wrapped).state, 'unverified')
        moved = b'Received: from a by b; Mon, 2 Nov 2026 12:00:00 +0000\r\nResent-To: x@y.example\r\n' + report_mail(aggregate())
        self.assertEqual(self.receive_and_read(moved).reporter_id.name, LISTED)

    def test_whatever_comes_is_read_or_told_why_not(self):
        """Mails that are cut, doubled and changed at random: no traceback, nothing left that waits, nothing counted wrongly."""
        chance, whole = random.Random(13), [
            report_mail(aggregate()), report_mail(tls_report(failures=[('x', 'y', 3)])),
            report_mail(b'PK\x03\x04' + b'x' * 50, kind='application/zip'), report_mail(b'{"policies": [{}]}')]
        for _number in range(120):
            mail = bytearray(chance.choice(whole))
            for _change in range(chance.randrange(1, 6)):
                at = chance.randrange(len(mail))
                kind = chance.randrange(4)
                if kind == 0:
                    mail[at] = chance.randrange(256)
                elif kind == 1:
                    del mail[at:at + chance.randrange(1, 200)]
                elif kind == 2:
                    mail[at:at] = mail[max(0, at - 300):at]
                else:
                    mail[at:at] = bytes(chance.randrange(256) for _octet in range(20))
            with self.assertNoLogs('odoo.addons.mail_domain_health', 'ERROR'):
                gateway.take(self.env, bytes(mail))
        with self.assertNoLogs('odoo.addons.mail_domain_health', 'ERROR'):
            self.read_waiting()
        self.assertFalse(self.Incoming.sudo().search_count([('next_read', '!=', False)]))
        counted = self.Report.search([('state', '=', 'counted')])
        self.assertLessEqual(len(counted), 2, "but for the whole ones none is signed")
        self.assertTrue(all(report.explanation for report in self.Report.search([])))

    def test_silence_of_dns_is_waited_for(self):
        self.receive(report_mail(aggregate()))
        with self.silent_dns():
            self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
            reading.read_mails(self.env(su=True), queue.claim(self.env(su=True)))
            self.assertFalse(self.Report.search_count([]))
            later = self.Incoming.sudo().search([])
            self.assertGreater(later.next_read, fields.Datetime.now() + timedelta(minutes=9))
        self.read_waiting()
        self.assertEqual(self.Report.search([]).state, 'counted')

    def test_after_a_day_of_silence_it_is_told_that_nothing_proves_it(self):
        self.receive(report_mail(aggregate()))
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET received_on = received_on - interval '1 day'")
        with self.silent_dns():
            self.read_waiting()
        self.assertEqual((self.Report.search([]).state, self.Report.search([]).reason), ('unverified', 'unanswered'))

    def test_what_waits_for_dns_or_a_person_leaves_room_for_what_is_new(self):
        """Anybody can send what nobody can verify, as much as they like: what receivers report has to find room still."""
        for number in range(3):
            self.receive(report_mail(aggregate(report_id=f'silent{number}')))
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
        with patch.object(queue, 'MAX_SET_ASIDE', 2), self.silent_dns():
            for found in (queue.claim(self.env(su=True)), queue.claim(self.env(su=True))):
                reading.read_mails(self.env(su=True), found)
            self.env.invalidate_all()
            waiting = self.Incoming.sudo().search([('next_read', '!=', False)])
            self.assertEqual((len(waiting), self.Report.search([]).mapped('reason')), (2, ['unanswered']))
            waiting.unlink()
            for number in range(4):
                self.receive(report_mail(aggregate(report_id=f'unsigned{number}'), sender=f'a@forged{number}.example', signed=False))
            self.read_waiting()
        self.assertEqual(self.Report.search([]).mapped('state'), ['unverified'] * 5)
        self.assertEqual(len(self.Report.search([('incoming_id', '!=', 0)])), 2)
        self.assertEqual(self.Incoming.sudo().search_count([('next_read', '=', False)]), 2)

    def test_the_same_report_is_counted_once(self):
        self.assertEqual(self.states(report_mail(aggregate()), report_mail(aggregate(), message_id='2@x')), ['counted', 'duplicate'])
        self.assertEqual(self.states(report_mail(aggregate(), message_id='3@x')), ['duplicate'])
        self.assertEqual(sum(self.volumes().mapped('messages')), 3)
        old = aggregate(begin=fields.Datetime.now() - timedelta(days=3))
        self.assertEqual(self.states(report_mail(old), report_mail(aggregate(report_id='2'))), ['counted', 'counted'])
        self.publish_reporter('other.example')
        self.assertEqual(self.states(report_mail(aggregate(), sender='a@other.example')), ['counted'], "another one's number")

    def test_a_part_of_a_report_counts_for_nothing_and_the_whole_one_takes_its_place(self):
        whole = aggregate(records=[('192.0.2.10', 3, 'pass', 'pass', ''), ('192.0.2.11', 4, 'pass', 'pass', '')])
        broken = whole[:whole.rindex(b'<auth_results>')]
        self.domain.check_now()
        part = self.receive_and_read(report_mail(broken))
        self.assertEqual((part.state, part.is_partial, part.is_new), ('partial', True, False))
        self.assertTrue(part.explanation)
        self.assertTrue(part.skipped_text)
        self.assertFalse(self.volumes())
        self.assertTrue(get_received(self.domain)['partial'])
        self.assertIsNone(self.domain.dmarc_ladder['evidence'], "it moves nothing")
        self.assertEqual(self.states(report_mail(whole)), ['counted'])
        self.assertFalse(part.exists())
        self.assertFalse(get_received(self.domain)['partial'])
        self.assertEqual(sum(self.volumes().mapped('messages')), 7)
        self.assertEqual(self.states(report_mail(broken, message_id='2@x')), ['duplicate'])
        again, cut = (xml.replace(b'<report_id>1', b'<report_id>2') for xml in (whole, broken))
        self.assertEqual(self.states(report_mail(cut), report_mail(again)), ['counted'], "both come together")
        self.assertEqual(self.states(report_mail(cut, message_id='3@x'), report_mail(cut.replace(b'>2', b'>3'))), ['duplicate', 'partial'])
        self.assertEqual(sum(self.volumes().mapped('messages')), 14)

    def test_what_makes_a_report_less_certain_is_shown(self):
        policy = aggregate().partition(b'<policy_published>')[2].partition(b'</policy_published>')[0]
        broken = aggregate()[:-30]
        several = aggregate(report_id='2').replace(
            b'</policy_published>', b'</policy_published><policy_published>' + policy.replace(b'none', b'reject') + b'</policy_published>')
        against = aggregate(report_id='3').replace(b'<selector>s1</selector><result>pass', b'<selector>s1</selector><result>fail').replace(
            b'<spf>pass</spf>', b'<spf>fail</spf>')
        for xml, name in ((broken, 'is_partial'), (several, 'is_ambiguous'), (against, 'contradictions')):
            report = self.receive_and_read(report_mail(xml))
            self.assertTrue(report[name], name)
            shown = etree.fromstring(self.Report.get_view(view_type='form')['arch']).find(f'.//field[@name="{name}"]')
            self.assertEqual(shown.get('invisible'), f'not {name}')
            self.assertFalse([parent for parent in shown.iterancestors() if parent.get('invisible')])

    def test_reports_about_others_are_not_counted(self):
        self.env['mail.domain.health'].sudo().create({'name': 'partner.example', 'is_foreign': True})
        self.assertEqual(self.states(report_mail(aggregate('partner.example')), report_mail(aggregate('unknown.example'))), ['not_ours'] * 2)
        self.assertFalse(self.volumes())

    def test_dates_that_cannot_be_are_not_counted(self):
        now = fields.Datetime.now()
        for begin, reason in ((now + timedelta(days=2), 'future'), (now - timedelta(days=400), 'past')):
            report = self.receive_and_read(report_mail(aggregate(begin=begin)))
            self.assertEqual((report.state, report.reason), ('out_of_range', reason))
        xml = aggregate().decode()
        for start, end, reason in ((1, 2, 'past'), ('x', 'y', 'no_dates'), (int(now.timestamp()), 5, 'span')):
            broken = xml[:xml.index('<begin>')] + f'<begin>{start}</begin><end>{end}</end>' + xml[xml.index('</date_range>'):]
            report = self.receive_and_read(report_mail(broken.encode()))
            self.assertEqual((report.state, report.reason), ('out_of_range', reason))
        self.assertFalse(self.volumes())

    def test_a_flood_takes_a_bounded_part_of_the_list(self):
        self.publish_reporter('flood.example')
        with patch.object(counting, 'MAX_UNTRUSTED_A_DAY', 3), patch.object(counting, 'MAX_LISTED', 2):
            self.receive_and_read(*(report_mail(aggregate(report_id=str(n)), sender='a@flood.example') for n in range(6)))
            self.receive_and_read(*(report_mail(aggregate(report_id=str(n)), sender='a@forged.example', signed=False) for n in range(6)))
            self.receive_and_read(*(report_mail(aggregate(report_id=f'x{n}'), sender='a@forged.example', signed=False) for n in range(6)))
        by_state = {state: self.Report.search([('state', '=', state)]) for state in ('counted', 'unverified', 'flood')}
        self.assertEqual({state: len(found) for state, found in by_state.items()}, {'counted': 3, 'unverified': 2, 'flood': 2})
        self.assertEqual({row.claimed_by: row.emails for row in by_state['flood']}, {'flood.example': 3, 'forged.example': 10})
        self.assertEqual(sum(self.volumes().mapped('messages')), 9)
        self.assertEqual(self.Incoming.sudo().search_count([]), 2, "only what is listed is kept")

    def test_even_a_known_receiver_counts_so_often_a_day_for_each_domain(self):
        self.make_company("Other", 'other.example')
        with patch.object(counting, 'MAX_A_DAY', 3):
            self.receive_and_read(*(report_mail(aggregate(report_id=str(n))) for n in range(2)))
            self.receive_and_read(*(report_mail(aggregate(report_id=f'x{n}')) for n in range(4)))
            self.assertEqual(self.states(report_mail(aggregate('other.example'))), ['counted'], "another domain's own")
        counted, flood = (self.Report.search([('state', '=', state)]) for state in ('counted', 'flood'))
        self.assertEqual(len(counted.filtered(lambda report: report.domain_id == self.domain)), 3)
        self.assertEqual((len(flood), flood.emails, flood.claimed_by), (1, 3, LISTED))
        self.assertEqual(sum(self.volumes(domain_id=self.domain.id).mapped('messages')), 9)

    def test_all_unknown_senders_together_are_bounded_and_take_no_room_of_known_ones(self):
        names = [f'sender{n}.example' for n in range(5)]
        for name in names:
            self.publish_reporter(name)
        with patch.object(counting, 'MAX_UNTRUSTED_ALL', 3):
            states = self.states(*(report_mail(aggregate(), sender=f'a@{name}') for name in names[:2]))
            states += self.states(*(report_mail(aggregate(), sender=f'a@{name}') for name in names[2:]))
            self.assertEqual(states[:3], ['counted'] * 3)
            self.assertEqual(set(states[3:]), {'flood'})
            self.assertEqual(self.states(report_mail(aggregate())), ['counted'])
        self.assertEqual(sum(self.Report.search([('state', '=', 'flood')]).mapped('emails')), 2)
        self.assertEqual(sum(self.volumes(is_trusted=False).mapped('messages')), 9)

    def test_a_copy_is_known_as_one_for_longer_than_its_dates_are_believed(self):
        def age(days):
            self.env.cr.execute(
                "UPDATE mail_domain_health_report SET received_on = received_on - %s * interval '1 day'", [days])
            self.env.invalidate_all()
            self.Report._gc_reports()

        self.assertEqual(self.states(report_mail(aggregate()), report_mail(aggregate(), message_id='2@x')), ['counted', 'duplicate'])
        age(399)
        self.assertEqual(self.Report.search([]).mapped('state'), ['counted'])
        self.assertEqual(self.states(report_mail(aggregate(), message_id='3@x')), ['duplicate'])
        self.assertEqual(sum(self.volumes().mapped('messages')), 3)
        age(2)
        self.assertEqual(self.Report.search([]).mapped('state'), ['duplicate'], "what came today")
        self.assertGreater(timedelta(days=counting.KEPT_DAYS), counting.OLDEST + counting.AHEAD, "by then it is told as too old")

    def test_failure_reports_are_counted_and_what_they_repeat_of_a_mail_is_kept_nowhere(self):
        with self.nothing_else():
            self.receive(mails.sign(FAILURE, domain='google.com'))
            self.assertEqual(self.tables_with('xylophone-9431'), ['mail_domain_health_incoming'], "it waits to be read")
            self.read_waiting()
        report = self.Report.search([])
        self.assertEqual((report.kind, report.state, report.domain_id, report.messages, report.reporter_id.name), (
            'failure', 'counted', self.domain, 1, LISTED))
        self.assertTrue(report.explanation)
        self.assertFalse(self.volumes() or self.env['mail.domain.health.tls'].search_count([]))
        self.assertFalse(self.Incoming.sudo().search_count([]), "nothing is held")
        unsigned = self.receive_and_read(FAILURE)
        self.assertEqual((unsigned.kind, unsigned.state, unsigned.incoming_id), ('failure', 'unverified', 0))
        self.assertFalse(self.Incoming.sudo().search_count([]), "and nobody can vouch for one")
        self.assertFalse(self.tables_with('xylophone-9431'))

    def test_unknown_organizations_of_a_day_are_bounded(self):
        with patch.object(reporter, 'MAX_NEW', 1):
            for name in ('one.example', 'two.example'):
                self.publish_reporter(name)
            states = self.states(*(report_mail(aggregate(), sender=f'a@{name}') for name in ('one.example', 'two.example')))
        self.assertEqual(states, ['counted', 'flood'])

    def test_organizations_are_forgotten_with_what_they_sent(self):
        self.publish_reporter('small.example')
        self.receive_and_read(report_mail(aggregate(), sender='a@small.example'))
        small = self.env['mail.domain.health.reporter'].search([('name', '=', 'small.example')])
        self.env.cr.execute("UPDATE mail_domain_health_reporter SET write_date = write_date - interval '401 days', "
                            "last_report = last_report - interval '401 days'")
        self.env.invalidate_all()
        small._gc_reporters()
        self.assertTrue(small.exists(), "its report is known still")
        self.env.cr.execute("UPDATE mail_domain_health_report SET received_on = received_on - interval '401 days'")
        self.env.invalidate_all()
        self.Report._gc_reports()
        small._gc_reporters()
        self.assertFalse(small.exists())

    def test_what_is_older_than_settings_say_is_forgotten(self):
        self.receive_and_read(report_mail(aggregate()))
        Settings = self.env['res.config.settings']
        for days in (29, 3651):
            with self.assertRaises(UserError):
                Settings.create({'mail_domain_health_reports_retention_days': days}).execute()
        Settings.create({'mail_domain_health_reports_retention_days': 30}).execute()
        self.env.cr.execute("UPDATE mail_domain_health_volume SET date = date - 27")
        self.Volume._gc_volume()
        self.assertTrue(self.volumes())
        self.env.cr.execute("UPDATE mail_domain_health_volume SET date = date - 2")
        self.Volume._gc_volume()
        self.assertFalse(self.volumes())
        self.env['mail.domain.health.identity']._gc_identities()
        self.assertFalse(self.env['mail.domain.health.identity'].search_count([]))

    def test_a_confirmed_organization_counts_from_then_on_with_what_it_said_before(self):
        self.publish_reporter('small.example')
        self.receive_and_read(report_mail(aggregate()), report_mail(aggregate(), sender='a@small.example'))
        small = self.env['mail.domain.health.reporter'].search([('name', '=', 'small.example')])
        self.assertEqual(sorted(self.volumes().mapped('is_trusted')), [False, True])
        small.action_confirm()
        row = self.volumes()
        self.assertEqual((row.is_trusted, row.messages, len(storing.read_by_reporter(row.by_reporter))), (True, 6, 2))
        small.action_ignore()
        self.assertEqual({row.is_trusted: row.messages for row in self.volumes()}, {True: 3, False: 3})
        self.assertEqual(self.states(report_mail(aggregate(report_id='2'), sender='a@small.example')), ['ignored'])
        small.action_withdraw()
        self.assertEqual(small.decided_by_id.id, False)
        self.assertEqual(self.states(report_mail(aggregate(report_id='3'), sender='a@small.example')), ['counted'])

    def test_who_knows_where_a_report_comes_from_may_vouch_for_it(self):
        report = self.receive_and_read(report_mail(aggregate(), signed=False))
        self.assertTrue(report.incoming_id)
        report.action_vouch()
        [report] = self.Report.search([])
        self.assertEqual((report.state, report.is_uploaded, report.user_id, report.reporter_id.name), ('counted', True, self.env.user, LISTED))
        self.assertEqual(sum(self.volumes().mapped('messages')), 3)
        self.assertFalse(self.Incoming.sudo().search_count([]))

    def test_what_is_vouched_for_stays_the_record_that_is_open_with_all_that_came_in_its_mail(self):
        report, other = self.receive_and_read(report_mail(archive(aggregate(), aggregate(report_id='2')), signed=False)).sorted('id')
        report.action_vouch()
        self.assertEqual((report.exists(), report.state, report.incoming_id, report.is_uploaded), (report, 'counted', 0, True))
        self.assertEqual((other.exists(), other.state, other.incoming_id), (other, 'counted', 0))
        self.assertEqual(self.Report.search([]), report | other)
        self.assertEqual(sum(self.volumes().mapped('messages')), 6)
        report.action_vouch()
        self.assertEqual(sum(self.volumes().mapped('messages')), 6)

    def test_nobody_is_asked_to_vouch_for_what_is_kept_no_more(self):
        report = self.receive_and_read(report_mail(aggregate(), signed=False))
        self.assertTrue(report.incoming_id)
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET received_on = received_on - interval '30 days 1 minute'")
        self.Incoming._gc_incoming()
        self.assertFalse(report.incoming_id)

    def test_what_cannot_be_read_is_told_and_not_kept(self):
        broken = report_mail(b'<feedback><a')
        report = self.receive_and_read(broken)
        self.assertEqual(report.state, 'refused')
        self.assertTrue(report.reason)
        self.assertTrue(report.explanation)
        self.assertFalse(self.Incoming.sudo().search_count([]))

    def test_what_of_a_mail_is_left_out_is_listed_beside_what_is_read(self):
        good = aggregate(), aggregate(report_id='2'), aggregate(report_id='3')
        self.assertEqual(self.states(report_mail(archive(*good[:2], encrypted=1))), ['counted', 'refused'])
        refused = self.Report.search([('state', '=', 'refused')])
        self.assertEqual(refused.reason, 'reports.encrypted')
        with patch.object(counting, 'MAX_IN_MAIL', 2):
            self.assertEqual(self.states(report_mail(archive(*good[1:]))), ['counted', 'counted'], "as many as are looked at")
            self.assertEqual(self.states(report_mail(archive(*good))), ['duplicate', 'duplicate', 'refused'])
        self.assertEqual((self.Report.search([('state', '=', 'refused')]) - refused).reason, 'reports.too_many_entries')

    def test_what_of_a_file_is_left_out_is_listed_and_its_number_said(self):
        failure = (
            b'From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n'
            b'--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nVersion: 1\r\nUser-Agent: x\r\n'
            b'Reported-Domain: ours.example\r\n\r\n--b--\r\n')
        self.assertEqual(self.upload(archive(aggregate(), aggregate(report_id='2'), encrypted=1)), (['counted'], ['reports.encrypted']))
        self.assertEqual(self.upload(archive(aggregate(report_id='3'), failure, b'a note')), (['counted'], ['failure_report']))
        self.assertEqual(
            self.upload(archive(*(aggregate(report_id=str(4 + n)) for n in range(3))), MAX_REPORTS=2),
            (['counted'] * 2, ['reports.too_many_entries']))
        self.assertEqual(
            self.upload(archive(aggregate(report_id='7'), aggregate(report_id='8')), MAX_OCTETS=len(aggregate()) + 50),
            (['counted'], ['reports.unpacked_too_large']))
        self.upload(archive(aggregate(report_id='9'), *[failure] * 5), MAX_LISTED=2)
        self.assertEqual(sum(self.Report.search([('reason', '=', 'failure_report')]).mapped('emails')), 6)
        self.assertEqual(self.Report.search_count([('reason', '=', 'failure_report')]), 3)
        self.assertEqual(self.upload(gzip.compress(aggregate(report_id='10'))[:-8]), (['partial'], []), "it is read, and no whole one")

    def test_a_file_of_which_nothing_can_be_read_is_told_why(self):
        said = []
        for octets in (archive(aggregate(), encrypted=0), archive(b'a note')):
            with self.assertRaises(UserError) as raised:
                self.env['mail.domain.health.upload'].create({'file': base64.b64encode(octets)}).action_upload()
            said.append(str(raised.exception))
        self.assertIn(report_texts.explain(self.env, 'refused', 'reports.encrypted'), said[0])
        self.assertNotIn(said[1], said[0])

    def upload(self, octets, **bounds):
        """Upload a file; return the states of what was read of it, and why the rest was not."""
        before, wizard = self.Report.search([]), self.env['mail.domain.health.upload'].create({'file': base64.b64encode(octets)})
        with patch.multiple(uploading, **{'MAX_LISTED': 20, **bounds}):
            action = wizard.action_upload()
        found = (self.Report.search([]) - before).sorted('id')
        left_out = found.filtered('reason')
        self.assertEqual(action['params']['type'], 'warning' if left_out else 'success')
        self.assertEqual(
            [int(number) for number in re.findall(r'\d+', action['params']['message'])],
            [len(found - left_out), 0, *([sum(left_out.mapped('emails'))] if left_out else [])])
        return (found - left_out).mapped('state'), left_out.mapped('reason')

    def test_numbers_and_names_that_no_column_holds_are_cut(self):
        xml = aggregate(report_id='x' * 5000, org='=cmd()' + 'y' * 5000, records=[
            *[('192.0.2.1', 900_000_000, 'pass', 'pass', '')] * 3, ('no address', 1, 'PASS', '', '')])
        report = self.receive_and_read(report_mail(xml))
        self.assertEqual((report.state, report.messages), ('counted', 2_000_000_000))
        self.assertEqual(max(self.volumes().mapped('messages')), 2_000_000_000)

    def test_a_tls_report_is_counted_only_if_all_of_it_is_signed(self):
        kind = 'application/tlsrpt+gzip'
        octets = tls_report(failures=[('certificate-expired', 'MX1.x.example', 4), ('made-up', 'mx1.x.example', 1)])
        for mail in (report_mail(octets, kind=kind, signed=False), mails.sign(
                report_mail(octets, kind=kind, signed=False), domain='google.com', more=' l=5;', hashed=5)):
            report = self.receive_and_read(mail)
            self.assertEqual((report.kind, report.state, report.incoming_id), ('tls', 'unverified', 0))
        Tls = self.env['mail.domain.health.tls']
        self.assertFalse(Tls.search_count([]))
        self.assertFalse(self.Incoming.sudo().search_count([]), "they are ignored, and nobody can vouch for them")
        self.assertEqual(self.states(*[report_mail(octets, kind=kind)] * 2), ['counted', 'duplicate'])
        self.assertEqual({(row.mx_host, row.result or ''): row.sessions for row in Tls.search([])}, {
            ('*.x.example', ''): 50, ('mx1.x.example', 'certificate-expired'): 4, ('mx1.x.example', 'others'): 1,
            ('*.x.example', 'others'): 2})

    def test_files_of_an_administrator_are_counted_and_marked(self):
        own = aggregate(report_id='7')
        box = b''.join(b'From x Mon Nov  2 12:00:00 2026\n' + report_mail(aggregate(report_id=str(n)), signed=False).replace(b'\r\n', b'\n') + b'\n'
                       for n in range(3))
        for octets, number in ((own, 1), (box, 3)):
            wizard = self.env['mail.domain.health.upload'].create({'file': base64.b64encode(octets)})
            action = wizard.action_upload()
            self.assertEqual(action['tag'], 'display_notification')
            self.assertFalse(wizard.file)
            found = self.Report.search([('state', '=', 'counted')])
            self.assertEqual(len(found), number if number == 1 else 4)
        self.assertEqual((found.mapped('is_uploaded'), found.user_id), ([True] * 4, self.env.user))
        self.assertEqual(self.states(report_mail(own)), ['duplicate'], "the same one by mail")
        with self.assertRaises(UserError):
            self.env['mail.domain.health.upload'].create({'file': base64.b64encode(b'nothing')}).action_upload()

    def test_who_uploads_reports_counts_those_of_domains_that_they_see_only(self):
        elsewhere = self.make_company("Elsewhere", 'elsewhere.example')
        user = new_test_user(self.env, 'uploader', 'base.group_system', company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        Upload = self.env['mail.domain.health.upload'].with_user(user)
        for name in ('ours.example', 'elsewhere.example'):
            Upload.create({'file': base64.b64encode(aggregate(name))}).action_upload()
        self.assertEqual(self.Report.search([]).sorted('id').mapped('state'), ['not_ours', 'counted'])
        with self.assertRaises(AccessError):
            self.Report.with_user(user).search([]).write({'messages': 5})

    def test_a_copy_of_the_database_sends_no_test_of_an_address(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        self.domain.report_address_id = self.address
        wizard = self.env['mail.domain.health.receive'].create({'domain_id': self.domain.id, 'alias_name': 'elsewhere'})
        mails_, aliases = (self.env[name].search_count([]) for name in ('mail.mail', 'mail.alias'))
        for action in (wizard.action_receive, self.domain.action_test_report_address):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                action()
        self.assertEqual([self.env[name].search_count([]) for name in ('mail.mail', 'mail.alias')], [mails_, aliases])
        self.assertFalse(self.address.asked_on)

    def test_one_test_an_hour_is_sent_to_an_address_whoever_asks_for_it(self):
        def sent():
            return self.env['mail.mail'].search_count([('email_to', '=', self.address.name)])

        other = self.make_company("Other", 'other.example').alias_domain_id.mail_domain_health_id
        values = {'alias_domain_id': self.company.alias_domain_id.id}
        wizard, of_other = self.env['mail.domain.health.receive'].create([
            {'domain_id': self.domain.id, **values}, {'domain_id': other.id, **values}])
        wizard.action_receive()
        for action in (wizard.action_receive, self.domain.action_test_report_address):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                action()
        of_other.action_receive()
        self.assertEqual((sent(), other.report_address_id), (1, self.address), "the one that is under way is that of both")
        self.address.asked_on -= timedelta(minutes=59)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.domain.action_test_report_address()
        self.address.asked_on -= timedelta(minutes=1)
        self.domain.action_test_report_address()
        self.assertEqual(sent(), 2)

    def test_that_an_address_moved_is_told_and_not_that_a_test_was_sent_to_it(self):
        self.domain.report_address_id = self.address
        self.address.write({'asked_on': '2026-11-01', 'returned_on': '2026-11-01', 'returned_address': self.address.name})
        self.assertFalse(self.domain.awaits_report_address)
        self.company.alias_domain_id.name = 'renamed.example'
        self.assertTrue(self.domain.awaits_report_address)
        self.assertRegex(self.domain.report_address_text, f'{ADDRESS}.*dmarc-reports@renamed.example')
        self.assertNotIn("has not come back", self.domain.report_address_text)
        self.domain.action_test_report_address()
        self.assertIn("on its way to dmarc-reports@renamed.example", self.domain.report_address_text)

    def test_an_address_that_is_removed_is_proposed_no_longer_and_keeps_no_alias_domain(self):
        domains = self.domain | self.make_company("Other", 'other.example').alias_domain_id.mail_domain_health_id
        domains.write({'report_address_id': self.address.id, 'dmarc_report_address': ADDRESS})
        domains[1].dmarc_report_address = 'dmarc@firm.example'
        other = self.make_company("Moved", 'moved.example')
        proven = self.company | other
        proven.mail_health_proof_address = way_back.make_alias(self.company)
        alias_domain = self.company.alias_domain_id
        self.company.alias_domain_id = False
        alias_domain.unlink()
        self.assertFalse(self.address.exists())
        self.assertEqual(addresses.get_aliases(self.env).mapped('alias_full_name'), ['odoo-proofs@moved.example'])
        self.assertEqual(proven.mapped('mail_health_proof_address'), [False, 'odoo-proofs@moved.example'])
        self.assertEqual(domains.mapped('dmarc_report_address'), [False, 'dmarc@firm.example'])
        self.assertFalse(any(domains.mapped('report_address_text')))

    def test_the_test_of_an_address_leaves_where_nobody_has_an_address(self):
        self.company.alias_domain_id.default_from = False
        self.company.email = self.env.user.email = False
        self.domain.report_address_id = self.address
        self.domain.action_test_report_address()
        sent = self.env['mail.mail'].search([('email_to', '=', self.address.name)])
        self.assertEqual(sent.email_from, f'"Email Domain Health" <{ADDRESS}>')

    def test_what_somebody_uploaded_who_is_gone_by_now_is_about_nobody_s_domain(self):
        user = new_test_user(self.env, login='gone', groups='base.group_system')
        queue.add_uploads(self.env(su=True), 'mail.domain.health.report', [gzip.compress(aggregate())], user)
        user.unlink()
        with self.assertNoLogs('odoo.addons.mail_domain_health', 'ERROR'):
            self.read_waiting()
        self.assertEqual(self.Report.search([]).mapped('state'), ['not_ours'])

    def test_the_name_of_an_address_may_be_written_as_people_do(self):
        """Core makes a valid name of what is entered: the alias is looked for by that."""
        for name in ('dmarc-reports@ours.example', 'DMARC reports', ' dmarc-reports. '):
            wizard = self.env['mail.domain.health.receive'].create({'domain_id': self.domain.id, 'alias_name': name})
            self.address.token = False
            self.domain.report_address_id = False
            wizard.action_receive()
            self.assertEqual(self.domain.report_address_id, self.address, name)
        for name in ('@ours.example', '...', ' '):
            wizard = self.env['mail.domain.health.receive'].create({'domain_id': self.domain.id, 'alias_name': name})
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wizard.action_receive()

    def test_an_address_is_proposed_once_a_mail_to_it_came_back(self):
        domain = self.domain
        wizard = self.env['mail.domain.health.receive'].create({'domain_id': domain.id})
        self.assertEqual((wizard.alias_name, wizard.alias_domain_id, wizard.is_elsewhere), ('dmarc-reports', self.company.alias_domain_id, False))
        self.assertFalse(domain.report_address_text)
        wizard.action_receive()
        self.assertIn(self.address.name, domain.report_address_text)
        self.assertEqual((domain.report_address_id, domain.awaits_report_address, domain.dmarc_report_address), (self.address, True, False))
        mail = self.env['mail.mail'].sudo().search([('email_to', '=', self.address.name)])
        sent = f'From: x@ours.example\r\nTo: {mail.email_to}\r\nMessage-Id: {mail.message_id}\r\nSubject: {mail.subject}\r\n\r\nText\r\n'
        self.receive_and_read(sent.replace(self.address.token, 'A' * 43).encode())
        self.assertFalse(domain.dmarc_report_address, "a forged one changes nothing")
        self.Report.search([]).unlink()
        with self.nothing_else():
            self.receive_and_read(sent.encode())
        self.assertFalse(self.Report.search_count([]))
        self.assertEqual((domain.dmarc_report_address, domain.awaits_report_address), (self.address.name, False))
        self.assertTrue(domain._receives_reports())
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, '_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@ours.example"')
        domain.check_now()
        self.assertIn('rua=mailto:a@ours.example,mailto:dmarc-reports@ours.example', str(domain.report['extras']))
        domain.dmarc_report_address = False
        self.receive_and_read(sent.encode())
        self.assertFalse(domain.dmarc_report_address, "neither does a second one")
        self.address.alias_id.alias_name = 'renamed'
        self.assertFalse(self.address.is_proven)
