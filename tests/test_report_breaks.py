from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged

from ..checking import announcing, reported
from ..checking.reported import bear_out
from ..receiving import following, gathering, uploading
from ..receiving.failing import Day, Failing, find
from .common import DKIM_RECORD, SPF_RECORD, mute
from .received_common import ReceivedCase, aggregate, report_mail

TODAY = date(2026, 3, 31)
OWN, FOREIGN = '192.0.2.10', '203.0.113.99'
SERVICE = 'service:odoo'


def day(messages, failed=0, stopped=0):
    return Day(messages, failed, stopped, messages - failed, messages - failed)


def days(*rows):
    """Return the days up to yesterday, the oldest first."""
    return {TODAY - timedelta(days=len(rows) - number): row for number, row in enumerate(rows) if row}


@tagged('post_install', '-at_install')
class TestFailing(BaseCase):
    """From what was reported of a source each day to since when it fails. Pure."""

    def test_what_fails_is_what_passed_before(self):
        sound = [day(10)] * 3
        for case, rows, since in (
            ("all is in order", [*sound, day(10)], None),
            ("it stopped yesterday", [*sound, day(10, 10)], 1),
            ("part of it", [*sound, day(10, 2)], 1),
            ("no more than forwarding takes", [*sound, day(10, 1)], None),
            ("it stopped at noon the day before", [*sound, day(10, 5), day(10, 10)], 2),
            ("a few late mails tell nothing", [*sound, day(2, 2)], None),
            ("a weekend without mail is no end", [*sound, day(10, 10), None, None, day(1)], 4),
            ("little mail a day adds up", [*[day(2)] * 10, day(2, 2), day(2, 2)], 2),
            ("and so does what is in order again", [*[day(2)] * 10, day(2, 2), day(2, 2), day(2), day(2)], None),
            ("it was mended", [*sound, day(10, 10), day(10)], None),
            ("it never passed", [day(10, 10)] * 4, None),
            ("half of it never did", [day(10, 5)] * 4, None),
            ("some of it never did", [*[day(10, 1)] * 3, day(10, 10)], None),
            ("too little was in order before to tell", [day(19), day(10, 10)], None),
            ("enough was", [day(20), day(10, 10)], 1),
            ("nothing is known", [], None),
        ):
            with self.subTest(case):
                found = find(days(*rows))
                self.assertEqual(found and found.since, since and TODAY - timedelta(days=since))

    def test_it_lasts_until_a_day_is_in_order(self):
        known = Failing(TODAY - timedelta(days=40), 0, 0, 0, ('dkim',))
        for rows, lasts in (
            ([day(100, 30)], True), ([day(100, 10)], True), ([day(100, 5)], False), ([day(100, 30), day(2)], True), ([], True),
        ):
            with self.subTest(rows):
                found = find(days(*rows), known)
                self.assertEqual(found and (found.since, found.relied), (known.since, known.relied) if lasts else None)

    def test_it_is_told_by_what_the_mail_passed_and_how_much_was_stopped(self):
        before = Day(100, 0, 0, 100, 20)
        found = find(days(before, Day(10, 8, 6, 0, 2)))
        self.assertEqual(found, Failing(TODAY - timedelta(days=1), 10, 8, 6, ('dkim',)))
        self.assertEqual(find(days(Day(100, 0, 0, 60, 90), day(10, 8))).relied, ('dkim', 'spf'))

    def test_reports_alone_prove_nothing(self):
        gone, not_permitted = {'dkim': {'status': 'missing'}}, {'spf': {'result': 'fail'}}
        for case, relied, verdicts, proofs, code in (
            ("nothing else says so", ('dkim', 'spf'), [{'dkim': {'status': 'published'}, 'spf': {'result': 'pass'}}], [], None),
            ("its key is gone", ('dkim',), [gone], [], 'sources.key_missing'),
            ("a key that it never relied on", ('spf',), [gone], [], None),
            ("SPF", ('spf',), [not_permitted], [], 'sources.not_permitted'),
            ("SPF that it never relied on", ('dkim',), [not_permitted], [], None),
            ("silence of DNS", ('dkim', 'spf'), [{'dkim': {'status': 'unknown'}, 'spf': {'result': 'unknown'}}], [], None),
            ("what is there in part may have been so before", ('dkim', 'spf'), [
                {'dkim': {'status': 'partial'}, 'spf': {'result': 'part'}}], [], None),
            ("a path that was not looked at", ('dkim', 'spf'), [{}], [], None),
            ("a proof", ('dkim',), [], ['proof.signature_stopped'], 'sources.proof_failed'),
            ("a proof that shows something else", ('dkim',), [], ['proof.unencrypted'], None),
            ("one of two paths", ('dkim',), [{'dkim': {'status': 'published'}}, gone], [], 'sources.key_missing'),
        ):
            with self.subTest(case):
                self.assertEqual(bear_out(relied, verdicts, proofs), code)


@tagged('post_install', '-at_install')
class TestReportBreaks(ReceivedCase):
    """Own mail that begins to fail under enforcement is told once, when DNS or a proof says the same, and its end, too."""

    def setUp(self):
        super().setUp()
        self.domain.dkim_selectors = 's1'
        self.user = new_test_user(
            self.env, 'told', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
            notification_type='inbox')
        self.company.mail_health_user_id = self.user
        self.publish_policy('quarantine')
        self.receive_days(range(30, 3, -3), ('pass', 'pass'))
        gathering.read_networks(self.env)
        following.follow(self.domain)
        self.look()
        self.before = self.domain.message_ids

    def publish_policy(self, policy, spf=SPF_RECORD, dkim=DKIM_RECORD):
        self.publish('ours.example', *filter(None, (spf, dkim, policy and f'_dmarc TXT "v=DMARC1; p={policy}"')))

    def receive_days(self, agos, results, *, sender='noreply-dmarc-support@google.com', many=10, source=OWN, more='', fate='none'):
        """Have a receiver report these days, so many days ago."""
        for ago in agos:
            self.receive_and_read(report_mail(aggregate(
                report_id=f'{sender}{ago}{results}{fate}', begin=fields.Datetime.now() - timedelta(days=ago),
                records=[(source, many, *results, more, fate)]), sender=sender))

    def follow(self):
        following.follow_due(self.env(su=True), lambda: False, self.env.flush_all)
        self.env.invalidate_all()

    def look(self, times=1):
        """Look at DNS, so often, each time more than ten minutes after the one before."""
        for _time in range(times):
            self.domain.announced = {
                area: {**known, **({'pending_since': (fields.Datetime.now() - timedelta(minutes=11)).isoformat()}
                                   if 'pending_since' in known else {})}
                for area, known in (self.domain.announced or {}).items()}
            self.domain.next_check = fields.Datetime.now()
            self.domain.check_now()
        self.env.invalidate_all()

    def break_dns(self, policy='quarantine'):
        """Have neither SPF nor the key there any more, which is told as what it is."""
        self.publish_policy(policy, spf='@ TXT "v=spf1 -all"', dkim=None)
        self.look(2)

    def told(self):
        """Return the notes about what reports say, the oldest first."""
        return [message.body for message in (self.domain.message_ids - self.before).sorted('id')
                if "receivers&#39; reports" in message.body or "receivers' reports" in message.body]

    def codes(self):
        return set(self.domain.finding_ids.filtered(lambda found: found.area == 'sources' and not found.resolved_on).mapped('code'))

    def test_it_is_told_once_with_the_mend_before_the_step_back_and_its_end_once(self):
        self.break_dns()
        self.assertFalse(self.told())
        self.receive_days([1], ('fail', 'fail'))
        self.assertFalse(self.domain.reported['failing'])
        self.follow()
        self.assertEqual(list(self.domain.reported['failing']), [SERVICE])
        self.assertLessEqual(self.domain.next_check, fields.Datetime.now(), "DNS is asked at once")
        self.look()
        self.assertFalse(self.told(), "not before a second look")
        self.look()
        [note] = self.told()
        self.assertIn(self.user, self.domain.activity_search([announcing.ACTIVITY_BROKEN]).user_id)
        mend, back = note.index('DKIM'), note.index('v=DMARC1; p=none; sp=quarantine')
        self.assertLess(mend, back)
        self.assertLess(note.index('odoo._domainkey'), back, "the record that mends it comes first")
        self.assertEqual(self.codes(), {'sources.key_missing'})
        self.assertIn('p=none', self.domain.dmarc_ladder['failing']['back']['value'])
        self.look(2)
        self.assertEqual(self.domain._get_report().areas['sources'].state, 'warning', "nothing was stopped yet")
        self.receive_days([0], ('fail', 'fail'))
        self.follow()
        self.look(2)
        self.assertEqual(len(self.told()), 1)
        self.publish_policy('quarantine')
        self.look(2)
        self.assertEqual(len(self.told()), 1, "DNS is in order; the reports have not said so yet")
        self.assertTrue(self.domain.dmarc_ladder['failing'])
        self.env.cr.execute("UPDATE mail_domain_health_volume SET date = date - 1")
        self.receive_days([0], ('pass', 'fail'))
        self.follow()
        self.look(2)
        self.assertEqual(len(self.told()), 2)
        self.assertFalse(self.codes())
        self.assertFalse(self.domain.dmarc_ladder['failing'])
        self.assertFalse(self.domain.activity_search([announcing.ACTIVITY_BROKEN]))

    def test_what_receivers_stopped_is_counted_and_makes_it_a_failure(self):
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'), fate='none')
        following.follow(self.domain)
        self.look(2)
        self.assertEqual((self.domain.reported['failing'][SERVICE]['stopped'], self.domain._get_report().areas['sources'].state), (0, 'warning'))
        self.receive_days([1], ('fail', 'fail'), many=4, fate='quarantine')
        self.receive_days([1], ('fail', 'fail'), many=3, fate='reject')
        self.receive_days([1], ('pass', 'fail'), many=9, fate='reject')
        following.follow(self.domain)
        self.look(2)
        seen = self.domain.reported['failing'][SERVICE]
        self.assertEqual((seen['messages'], seen['failed'], seen['stopped']), (26, 17, 7))
        self.assertEqual(self.domain._get_report().areas['sources'].state, 'fail')
        self.assertEqual(len(self.told()), 2, "that it got worse is told, too")

    def test_what_the_first_reports_show_to_have_broken_is_told(self):
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'))
        self.domain.write({
            'reported': False, 'announced': {area: known for area, known in self.domain.announced.items() if area != 'sources'}})
        self.follow()
        self.look(2)
        self.assertEqual(len(self.told()), 1)

    def test_what_dns_has_in_order_is_told_nobody(self):
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        self.look(3)
        self.assertTrue(self.domain.reported['failing'])
        self.assertFalse(self.told() or self.codes() or self.domain.dmarc_ladder['failing'])

    def test_silence_of_dns_neither_bears_it_out_nor_ends_it(self):
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        with self.silent_dns():
            self.look(3)
        self.assertFalse(self.told())
        self.break_dns()
        self.look()
        self.assertEqual(len(self.told()), 1)
        with self.silent_dns():
            self.look(3)
        self.assertEqual((len(self.told()), self.codes()), (1, {'sources.key_missing'}))

    def test_mail_that_nobody_reports_any_more_is_over_only_when_dns_is_in_order(self):
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        self.look(2)
        self.env.cr.execute("UPDATE mail_domain_health_volume SET date = date - 60")
        following.follow(self.domain)
        self.look(2)
        self.assertEqual((len(self.told()), self.codes()), (1, {'sources.key_missing'}), "no mail is no recovery")
        with self.silent_dns():
            self.look(2)
        self.assertEqual(len(self.told()), 1)
        self.publish_policy('quarantine')
        self.look(2)
        self.assertEqual((len(self.told()), self.codes()), (2, set()))
        following.follow(self.domain)
        self.assertFalse(self.domain.reported['failing'], "what is over is forgotten")

    def test_nothing_is_told_where_receivers_are_not_asked_to_stop_mail(self):
        self.break_dns('none')
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        self.look(3)
        self.assertFalse(self.told() or self.codes())
        self.assertIsNone(reported.get_step_back(self.domain._get_report()))

    def test_reporters_that_nobody_confirmed_cause_nothing(self):
        self.publish_reporter('small.example')
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'), sender='a@small.example')
        self.follow()
        self.look(3)
        self.assertFalse(self.domain.reported['failing'] or self.told())
        self.env['mail.domain.health.reporter'].search([('name', '=', 'small.example')]).action_confirm()
        following.follow(self.domain)
        self.look(2)
        self.assertEqual(len(self.told()), 1)

    def test_what_somebody_forwarded_and_what_is_somebody_elses_is_no_break(self):
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'), more='<reason><type>forwarded</type></reason>')
        self.receive_days([2], ('fail', 'fail'), source=FOREIGN, many=500)
        self.follow()
        self.look(3)
        self.assertFalse(self.domain.reported['failing'] or self.told())

    def test_a_proof_bears_it_out(self):
        path = self.domain.path_ids.filtered('is_used')[:1]
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        now = fields.Datetime.now()
        self.env['mail.domain.health.finding'].create({
            'domain_id': self.domain.id, 'code': 'proof.unverified', 'name': path.from_email, 'area': 'proof', 'severity': 'error',
            'params': {}, 'first_seen': now, 'last_seen': now})
        self.look(2)
        self.assertEqual((len(self.told()), self.codes()), (1, {'sources.proof_failed'}))

    def test_a_muted_one_is_quiet_and_a_new_report_ends_no_mute(self):
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        self.publish_policy('quarantine', spf='@ TXT "v=spf1 -all"', dkim=None)
        self.look()
        found = self.domain.finding_ids.filtered(lambda found: found.area == 'sources')
        found.action_mute()
        mute(found)
        found.muted_until = False
        self.look()
        self.receive_days([0], ('fail', 'fail'), many=77)
        self.follow()
        self.look(2)
        self.assertFalse(self.told())
        self.assertTrue(found.is_muted)

    def test_each_reader_is_told_in_their_language(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms(['mail_domain_health'], ['de_DE'])
        self.user.lang = 'de_DE'
        self.break_dns()
        self.receive_days([1], ('fail', 'fail'))
        self.follow()
        self.look(2)
        [note] = [message.body for message in (self.domain.message_ids - self.before) if 'p=none; sp=quarantine' in message.body]
        self.assertNotIn("First publish", note)

    def test_what_cannot_be_followed_stops_no_other_domain(self):
        self.receive_days([1], ('fail', 'fail'))
        self.domain.reported = {'failing': {SERVICE: {'since': 'x'}}}
        self.env.flush_all()
        with self.assertLogs('odoo.addons.mail_domain_health.receiving.following', 'ERROR'), \
                patch.object(self.env.cr, 'rollback', lambda: None):
            self.follow()
        self.assertFalse(self.Report.search([('is_new', '=', True)]), "it waits for a day")

    def test_uploaded_reports_are_followed_as_others_are(self):
        self.break_dns()
        uploading.take(self.env(user=self.user), aggregate(
            report_id='up', begin=fields.Datetime.now() - timedelta(days=1), records=[(OWN, 9, 'fail', 'fail', '')],
            email='dmarc@google.com'), lambda: False)
        self.follow()
        self.assertEqual(list(self.domain.reported['failing']), [SERVICE])

    def test_a_source_of_ones_own_that_an_administrator_named_counts(self):
        self.domain.decide_source(f'ip:{FOREIGN}', 'mine')
        self.receive_days((20, 19, 18), ('pass', 'fail'), source=FOREIGN)
        self.receive_days([1], ('fail', 'fail'), source=FOREIGN)
        following.follow(self.domain)
        seen = self.domain.reported['failing'][f'ip:{FOREIGN}']
        self.assertEqual((seen['relied'], seen['failed']), (['dkim'], 10))
        self.domain.decide_source(f'ip:{FOREIGN}', 'not_mine')
        following.follow(self.domain)
        self.assertFalse(self.domain.reported['failing'])
