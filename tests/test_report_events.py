from dataclasses import replace
from datetime import date, timedelta

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged

from ..checking import digest, own_findings
from ..receiving import events, following, gathering, queue
from ..receiving.events import Own, Seen, Sighting
from .common import HEALTHY, mute
from .received_common import ReceivedCase, aggregate, report_mail

TODAY = date(2026, 3, 31)  # a Tuesday
RECEIVERS = ('big.example', 'large.example', 'wide.example')
NEW, OWN = '203.0.113.99', '192.0.2.10'


def ago(days, today=TODAY):
    return today - timedelta(days=days)


def reporting(*agos):
    return {ago(number) for number in agos}


ALWAYS = reporting(*range(1, 60))


@tagged('post_install', '-at_install')
class TestEvents(BaseCase):
    """What happens in reports: each rule, just met and just not. Pure."""

    def seen(self, **values):
        return Seen('ours.example', TODAY, **{
            'first': ago(300), 'days': dict.fromkeys(RECEIVERS, ALWAYS), 'mailed': values.get('days', {}), **values})

    def codes(self, **values):
        return {(code.partition('.')[2], name) for code, name in events.find(self.seen(**values))}

    def unknown(self, usual=10, receiver='big.example', **days):
        """Return what failed: so much each day, and other numbers on some (``a3``: three days ago)."""
        counts = {ago(number): {receiver: usual} for number in range(1, 40)}
        counts.update({ago(int(name[1:])): {receiver: emails} for name, emails in days.items()})
        return counts

    def test_a_rise_is_several_times_what_is_usual_on_such_a_day(self):
        for case, unknown, rises in (
            ("nothing fails", {}, False),
            ("as usual", self.unknown(1000), False),
            ("not three times as much", self.unknown(1000, a1=2999), False),
            ("three times as much", self.unknown(1000, a1=3000), True),
            ("more, and still little", self.unknown(1, a1=99), False),
            ("more than little", self.unknown(1, a1=100), True),
            ("it lasts some days", self.unknown(1, a5=500), True),
            ("and is over then", self.unknown(1, a6=500), False),
            ("as on each Monday", self.unknown(1, a1=500, a8=500, a15=400, a22=450, a29=480), False),
            ("more than on other Mondays, and as on other days", self.unknown(100, a1=200, a8=10, a15=10, a22=10, a29=10), False),
            ("as on one Monday before", self.unknown(1, a1=500, a15=500), True),
            ("one wave before makes no other usual", self.unknown(10, a20=9000, a21=9000, a2=300), True),
        ):
            with self.subTest(case):
                self.assertEqual(self.codes(unknown=unknown), {('failing_rise', 'ours.example')} if rises else set())

    def test_a_receiver_that_begins_to_report_is_no_rise(self):
        unknown = {ago(1): {'late.example': 500}}
        for reported, rises in ((reporting(1), False), (reporting(*range(1, 15)), False), (reporting(*range(1, 16)), True)):
            found = self.codes(unknown=unknown, days={'big.example': ALWAYS, 'late.example': reported})
            self.assertEqual(found, {('failing_rise', 'ours.example')} if rises else set())

    def test_reports_that_are_not_there_yet_make_no_rise_and_no_silence(self):
        unknown = self.unknown(10)
        for number in (1, 2):
            unknown.pop(ago(number))
        self.assertFalse(self.codes(unknown=unknown, days=dict.fromkeys(RECEIVERS, reporting(*range(3, 60)))))

    def test_a_new_source_is_one_that_sends_for_some_days_and_never_did(self):
        new = Sighting('ip:203.0.113.9', '203.0.113.9', 50, 2, ago(5))
        for case, source, is_new in (
            ("new", new, True), ("little", new._replace(messages=49), False), ("one day is a wave", new._replace(days=1), False),
            ("not so new any more", new._replace(first=ago(15)), False), ("just", new._replace(first=ago(14)), True),
        ):
            with self.subTest(case):
                self.assertEqual(self.codes(sources=[source]), {('new_source', '203.0.113.9')} if is_new else set())
        self.assertFalse(self.codes(sources=[new], first=ago(32)), "without a month of reports before, all would be new")
        self.assertTrue(self.codes(sources=[new], first=ago(33)))

    def test_what_was_new_stays_so_for_a_month_and_is_not_pushed_out_by_a_wave(self):
        first = Sighting('ip:203.0.113.9', '203.0.113.9', 60, 4, ago(20))
        wave = [Sighting(f'ip:198.51.100.{number}', '', 900, 3, ago(3)) for number in range(20)]
        lasting = {('observed.new_source', '203.0.113.9')}
        found = self.codes(sources=[*wave, first], lasting=lasting)
        self.assertIn(('new_source', '203.0.113.9'), found)
        self.assertEqual(len(found), 5)
        self.assertFalse(self.codes(sources=[first._replace(first=ago(31))], lasting=lasting))

    def test_a_receiver_is_silent_that_reported_nearly_every_day_while_others_still_do(self):
        others = dict.fromkeys(RECEIVERS, ALWAYS)
        gone = reporting(*range(7, 60))
        for case, days, silent in (
            ("all report", others, ()),
            ("one stopped a week ago", {**others, 'gone.example': gone}, ('gone.example',)),
            ("its reports may be late, and a long weekend", {**others, 'gone.example': reporting(*range(6, 60))}, ()),
            ("one that missed many days anyway", {**others, 'gone.example': reporting(*range(7, 26), 40, 50)}, ()),
            ("one that reported just enough", {**others, 'gone.example': reporting(*range(7, 27))}, ('gone.example',)),
            ("it is long ago", {**others, 'gone.example': reporting(*range(46, 76))}, ()),
            ("nobody reports: it is our mailbox", dict.fromkeys(RECEIVERS, gone), ()),
            ("half of them: it is ours, too", {'a.example': ALWAYS, 'b.example': gone, 'c.example': gone}, ()),
            ("one of two", {'a.example': ALWAYS, 'b.example': gone}, ('b.example',)),
            ("our mailbox is back since yesterday, and not all have reported yet", {
                'a.example': reporting(1, *range(9, 60)), 'b.example': reporting(1, *range(9, 60)), 'c.example': reporting(*range(9, 60))}, ()),
        ):
            with self.subTest(case):
                self.assertEqual(self.codes(days=days), {('receiver_silent', name) for name in silent})
        self.assertFalse(self.codes(days={**others, 'gone.example': gone}, mailed=others), "what was uploaded has no habit")

    def test_reports_against_a_prediction_are_a_finding_and_less_is_none(self):
        own = Own('service:odoo', "Odoo", 100, 10, {'published'}, ago(14))
        for case, one, code in (
            ("predicted to be signed, and is not", own, 'not_signed'),
            ("some of it is", own._replace(signed=11), None),
            ("too little mail", own._replace(messages=99, signed=0), None),
            ("not predicted", own._replace(predicted={'not_known'}), None),
            ("one of two paths is predicted otherwise", own._replace(predicted={'published', 'missing'}), None),
            ("nothing is known of its paths", own._replace(predicted=set()), None),
            ("predicted not to be signed, and is", own._replace(signed=90, predicted={'missing'}), 'signed'),
            ("most of it is", own._replace(signed=89, predicted={'missing'}), None),
            ("as predicted", own._replace(signed=100), None),
        ):
            with self.subTest(case):
                self.assertEqual(self.codes(own=[one]), {(code, 'odoo')} if code else set())

    def test_nothing_is_found_where_nothing_was_reported(self):
        self.assertFalse(events.find(replace(self.seen(), first=None, days={})))


@tagged('post_install', '-at_install')
class TestReportEvents(ReceivedCase):
    """What happens in reports is a finding, and told where somebody asked for it: once, when it begins."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env, 'told', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
            notification_type='inbox')
        self.company.mail_health_user_id = self.user
        self.domain.check_now()
        for days in (44, 40):
            self.receive_day(days, (OWN, 5, 'pass', 'pass', ''))
        self.before = self.domain.message_ids

    def receive_day(self, number, *records, sender='noreply-dmarc-support@google.com'):
        self.receive_and_read(report_mail(aggregate(
            report_id=f'{number}{records}', begin=fields.Datetime.now() - timedelta(days=number), records=list(records)),
            sender=sender))

    def receive_new(self):
        for number in (3, 2):
            self.receive_day(number, (NEW, 40, 'fail', 'fail', ''))

    def follow(self):
        self.domain.reports_followed_on = fields.Datetime.now() - timedelta(days=2)
        following.follow_due(self.env(su=True), lambda: False, self.env.flush_all)
        self.env.invalidate_all()

    def found(self):
        return self.domain.finding_ids.filtered(lambda found: found.area == 'observed' and not found.resolved_on)

    def told(self):
        return self.domain.message_ids - self.before

    def activities(self):
        return self.domain.activity_search([own_findings.ACTIVITIES['observed']])

    def test_nobody_is_told_who_did_not_ask(self):
        self.receive_new()
        self.follow()
        self.assertEqual(self.found().mapped('code'), ['observed.new_source'])
        self.assertEqual((self.found().name, self.found().severity), (NEW, 'info'))
        self.assertIn('80', self.found().explanation)
        self.assertFalse(self.told() or self.activities())
        self.assertEqual(self.domain.event_ids.mapped(lambda event: (event.kind, event.title, bool(event.user_id))), [
            ('reported', self.found().title, False)], "it stands in the history anyway")
        self.domain.tells_report_events = True
        self.follow()
        mute(self.found())
        self.found().action_unmute()
        self.assertFalse(self.told(), "what began before somebody asked is no news")

    def test_whoever_asked_is_told_once_and_a_decision_ends_it(self):
        self.domain.tells_report_events = True
        self.receive_new()
        self.follow()
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(self.activities().user_id, self.user)
        self.receive_day(1, (NEW, 70, 'fail', 'fail', ''))
        self.follow()
        self.follow()
        self.assertEqual((len(self.told()), self.found().params['messages']), (1, 80), "what it says stays as it was told")
        self.assertEqual(len(self.domain.event_ids), 1)
        self.domain.with_user(self.user).decide_source(f'ip:{NEW}', 'not_mine')
        self.assertFalse(self.found() or self.activities())
        self.assertEqual(len(self.told()), 1)

    def test_the_run_that_reads_reports_follows_them_and_once_a_day_what_may_fall_silent(self):
        for number in (3, 2):
            self.receive(report_mail(aggregate(
                report_id=f'run{number}', begin=fields.Datetime.now() - timedelta(days=number),
                records=[(NEW, 40, 'fail', 'fail', '')])))
        self.run_cron()
        self.assertEqual(self.found().mapped('name'), [NEW])
        followed = self.domain.reports_followed_on
        self.run_cron()
        self.assertEqual(self.domain.reports_followed_on, followed, "nothing came, and it is not a day ago")
        self.domain.reports_followed_on = fields.Datetime.now() - timedelta(hours=25)
        self.run_cron()
        self.assertGreaterEqual(self.domain.reports_followed_on, followed)

    def run_cron(self):
        """Do what the scheduled action does."""
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(queue.CRON).method_direct_trigger()
        self.env.invalidate_all()

    def test_it_is_asked_for_many_domains_at_once(self):
        wizard = self.env['mail.domain.health.assign'].with_user(self.user).with_context(
            active_model='mail.domain.health', active_ids=self.domain.ids)
        for chosen, is_told in (('told', True), (False, True), ('not_told', False)):
            wizard.create({'report_events': chosen, 'added_tag_ids': [(0, 0, {'name': f'{chosen}'})]}).action_apply()
            self.assertEqual(self.domain.tells_report_events, is_told)

    def test_of_a_domain_that_is_somebody_elses_by_now_nothing_is_left(self):
        self.domain.tells_report_events = True
        self.receive_new()
        self.follow()
        self.domain.action_disclaim()
        self.assertFalse(self.activities())
        self.follow()
        self.assertFalse(self.found() or self.domain.reported or self.domain.reports_followed_on)

    def test_a_mute_lasts_whatever_else_comes(self):
        self.domain.tells_report_events = True
        self.receive_new()
        self.follow()
        found = self.found()
        found.action_mute()
        mute(found)
        found.muted_until = False
        self.assertFalse(self.activities())
        self.receive_day(1, (NEW, 70, 'fail', 'fail', ''))
        self.follow()
        self.assertTrue(found.is_muted)
        self.assertFalse(self.activities())

    def test_whoever_no_longer_asks_has_no_activity_left(self):
        self.domain.tells_report_events = True
        self.receive_new()
        self.follow()
        self.domain.with_user(self.user).tells_report_events = False
        self.assertFalse(self.activities())

    def test_a_source_that_sent_before_or_that_is_ones_own_is_not_new(self):
        self.receive_day(40, (NEW, 1, 'fail', 'fail', ''))
        self.domain.decide_source('ip:203.0.113.98', 'mine')
        for number in (3, 2):
            self.receive_day(number, (NEW, 60, 'fail', 'fail', ''), ('203.0.113.98', 60, 'fail', 'fail', ''))
        self.follow()
        self.assertFalse(self.found())

    def test_reporters_that_nobody_confirmed_cause_nothing(self):
        self.publish_reporter('small.example')
        for number in (3, 2):
            self.receive_day(number, (NEW, 9000, 'fail', 'fail', ''), sender='a@small.example')
        self.follow()
        self.assertFalse(self.found())

    def test_a_check_of_dns_ends_none_of_it(self):
        self.receive_new()
        self.follow()
        self.domain.check_now()
        self.assertEqual(self.domain.state, 'pass', "it colors nothing")
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual(self.found().mapped('code'), ['observed.new_source'])

    def test_a_rise_and_a_silent_receiver_are_read_from_reports(self):
        self.publish_reporter('microsoft.com')
        for number in range(30, 0, -1):
            self.receive_day(number, ('198.51.100.1', 3, 'fail', 'fail', ''), *(
                [(f'198.51.100.{host}', 9, 'fail', 'fail', '') for host in range(20, 40)] if number == 2 else []))
            if number > 8:
                self.receive_day(number, (OWN, 1, 'pass', 'pass', ''), sender='dmarcreport@microsoft.com')
        self.follow()
        self.assertLessEqual(
            {('observed.failing_rise', 'ours.example'), ('observed.receiver_silent', 'microsoft.com')},
            set(self.found().mapped(lambda found: (found.code, found.name))))
        rise = self.found().filtered(lambda found: found.code == 'observed.failing_rise')
        self.assertEqual((rise.params['messages'], rise.params['usual']), (183, 3))

    def test_a_service_that_signs_otherwise_than_was_predicted_is_a_finding(self):
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        gathering.read_networks(self.env)
        self.domain.dkim_selectors = 's1'
        self.receive_day(2, (OWN, 120, 'fail', 'pass', ''))
        self.assertEqual({path.verdict['dkim']['status'] for path in self.domain.path_ids.filtered('is_used')}, {'published'})
        self.follow()
        self.assertEqual(self.found().mapped('code'), ['observed.not_signed'])
        self.domain.records_changed_on = fields.Date.today() - timedelta(days=1)
        self.follow()
        self.assertFalse(self.found(), "what was reported before the records changed was about others")

    def test_the_digest_has_it_in_any_case_and_is_sent_for_it_where_somebody_asked(self):
        self.company.mail_health_sends_digest = True
        self.receive_new()
        self.follow()
        for is_asked in (False, True):
            self.domain.tells_report_events = is_asked
            found = digest.gather(self.env, fields.Datetime.now())[self.user]
            self.assertEqual((found.observed, found.asked), (self.found().ids, is_asked))
            self.assertIn(NEW, digest.render(self.env, found, fields.Datetime.now()))
