import io
import re
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged

from ..display.dmarc_ladder import is_held_back
from ..receiving import uploading
from ..receiving.ladder import Evidence, assess
from ..receiving.sources import Source
from .common import DKIM_RECORD, SPF_RECORD
from .received_common import ReceivedCase, aggregate, report_mail


def source(kind, messages, dkim=None, passed=None, place='ip:192.0.2.1', way=None):
    dkim = messages if dkim is None else dkim
    return Source(kind, place, way, messages=messages, dkim=dkim, passed=dkim if passed is None else passed)


OWN = source('yours', 10_000)
EVERY_DAY = range(1, 31)
WORKING_DAYS = [ago for ago in range(1, 34) if ago % 7 not in (1, 2)]  # 20 of 30


@tagged('post_install', '-at_install')
class TestAssess(BaseCase):
    """Which step of DMARC the reports carry: each condition by itself, just met and just not."""

    def assess(self, *sources, days=30, reported=EVERY_DAY, receivers=3, writes=None, target='quarantine'):
        return assess(Evidence(days, frozenset(reported), receivers, list(sources), writes), target)

    def test_each_condition_decides(self):
        for case, given, unmet in (
            ("all is met", {}, None),
            ("29 days", {'days': 29}, 'days'),
            ("the last of 30 days alone, after a report of a month ago", {'reported': (1, 31)}, 'days'),
            ("working days alone", {'reported': WORKING_DAYS}, None),
            ("the same with two holidays, and two days not reported yet", {'reported': WORKING_DAYS[2:18]}, None),
            ("one day less", {'reported': WORKING_DAYS[3:18]}, 'days'),
            ("two weeks and three days of the month alone", {'reported': range(14, 31)}, 'days'),
            ("what lies before the 30 days", {'reported': [1, 8, 15, 22, *range(31, 60)]}, 'days'),
            ("two receivers of the list", {'receivers': 2}, 'receivers'),
            ("99.5 % signed", {'sources': [source('yours', 1000, 995)]}, None),
            ("less signed, though SPF passes", {'sources': [source('yours', 1000, 994, 1000)]}, 'signed'),
            ("a service that nobody decided about", {'sources': [OWN, source('through', 100, 0, place='service:brevo')]}, 'decided'),
            ("the same, of which all passes", {'sources': [OWN, source('through', 100, place='service:brevo')]}, None),
            ("an unknown source of a thousandth", {'sources': [OWN, source('unknown', 11, 0)]}, 'decided'),
            ("a smaller one", {'sources': [OWN, source('unknown', 9, 0)]}, None),
            ("a smaller one that passed once", {'sources': [OWN, source('unknown', 9, 0, 1)]}, 'decided'),
            ("signed elsewhere by nobody knows whom", {'sources': [OWN, source('sent_on', 50, 40, 40, way='open')]}, 'decided'),
            ("a forwarder", {'sources': [OWN, source('sent_on', 50, 40, 40, way='forwarder')]}, None),
            ("a mailing list", {'sources': [OWN, source('forwarded', 500, 0)]}, None),
            ("what is not yours", {'sources': [OWN, source('not_yours', 5000, 0)]}, None),
        ):
            with self.subTest(case):
                found = self.assess(*given.pop('sources', [OWN]), **given)
                self.assertEqual([condition.code for condition in found.unmet], [unmet] if unmet else [])
                self.assertEqual(found.verdict, 'wait' if unmet else 'ready')

    def test_too_little_mail_is_for_a_person_to_decide(self):
        self.assertEqual(self.assess(source('yours', 500)).verdict, 'ready')
        for few in (source('yours', 499), source('yours', 10, 0), source('unknown', 5000, 0)):
            self.assertEqual(self.assess(few, days=3, receivers=1).verdict, 'decide')
        self.assertEqual(self.assess().verdict, 'decide')

    def test_before_reject_it_is_asked_who_writes(self):
        for writes, verdict in ((None, 'ask'), (True, 'last'), (False, 'ready')):
            self.assertEqual(self.assess(OWN, writes=writes, target='reject').verdict, verdict)
            self.assertEqual(self.assess(OWN, writes=writes).verdict, 'ready', "quarantine needs no answer")
        self.assertEqual(self.assess(OWN, days=1, target='reject').verdict, 'wait', "nothing is asked for what is far away")
        self.assertEqual(self.assess(OWN, days=1, writes=True, target='reject').verdict, 'last')
        self.assertEqual(self.assess(source('yours', 9), target='reject').verdict, 'ask')

    def test_what_the_step_would_have_done_is_told_apart(self):
        own, relay = source('yours', 10_000, 9_990, 9_995), source('yours', 100, 90, 93, place='ip:192.0.2.2')
        found = self.assess(
            own, relay, source('not_yours', 40, 0), source('unknown', 3, 0), source('forwarded', 20, 0),
            source('sent_on', 10, 8, way='forwarder'), source('through', 60, place='service:brevo'))
        self.assertEqual((found.own, found.refused, found.refusing), (10_100, 12, [own, relay]))
        self.assertEqual((found.stopped, found.indirect, found.grouped), (43, 22, 1))


@tagged('post_install', '-at_install')
class TestEvidence(ReceivedCase):
    """The next step rests on reports where there are some, and on DNS alone where there are none."""

    def setUp(self):
        super().setUp()
        self.publish_policy('none')
        self.user = new_test_user(self.env, 'uploads', 'base.group_system', company_id=self.company.id)

    def publish_policy(self, policy):
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, f'_dmarc TXT "v=DMARC1; p={policy}"')
        self.domain.check_now()

    def receive_month(self, records, receivers=('google.com', 'microsoft.com', 'yahoo.com'), days=WORKING_DAYS):
        """Have an administrator upload what receivers said, whose addresses are those of the shipped list."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w') as file:
            for name in receivers:
                for ago in days:
                    file.writestr(f'{name}{ago}.xml', aggregate(
                        report_id=f'{name}{ago}', begin=fields.Datetime.now() - timedelta(days=ago), records=records, email=f'dmarc@{name}'))
        self.upload(archive.getvalue())
        self.env.invalidate_all()

    def upload(self, xml):
        uploading.take(self.env(user=self.user), xml, lambda: False)

    @property
    def ladder(self):
        return self.domain.dmarc_ladder

    def test_without_reports_it_is_as_it_was(self):
        self.assertIsNone(self.ladder['evidence'])
        self.assertEqual(self.ladder['change']['value'], 'v=DMARC1; p=quarantine')

    def test_the_step_waits_for_what_is_not_decided_and_comes_once_it_is(self):
        self.domain.dkim_selectors = 's1'
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', ''), ('198.51.100.7', 40, 'fail', 'fail', '')])
        self.assertEqual((self.ladder['change'], self.ladder['evidence']['verdict']), (None, 'wait'))
        self.assertIn('198.51.100.7', self.ladder['evidence']['conditions'][-1]['text'])
        self.domain.decide_source('ip:198.51.100.7', 'not_mine')
        self.env.invalidate_all()
        self.assertEqual(self.ladder['change']['value'], 'v=DMARC1; p=quarantine')
        self.assertEqual(self.ladder['evidence']['verdict'], 'ready')

    def test_a_report_of_a_month_ago_and_a_busy_day_are_no_month(self):
        self.domain.dkim_selectors = 's1'
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')], days=(31, 1))
        self.assertEqual((self.ladder['evidence']['verdict'], self.ladder['change']), ('wait', None))
        self.assertFalse(self.ladder['evidence']['conditions'][0]['is_met'])
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')])
        self.assertEqual(self.ladder['evidence']['verdict'], 'ready')

    def test_days_before_the_present_policy_cover_nothing(self):
        self.domain.dkim_selectors = 's1'
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')], days=range(25, 60))
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')], days=(22, 15, 8, *range(1, 7)))
        for since, is_met in ((30, False), (60, False)):
            self.domain.dmarc_step = {'policy': 'none', 'since': fields.Date.to_string(fields.Date.today() - timedelta(days=since))}
            self.assertEqual(self.ladder['evidence']['conditions'][0]['is_met'], is_met)
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')], days=range(9, 15))
        for since, is_met in ((29, False), (30, True)):
            self.domain.dmarc_step = {'policy': 'none', 'since': fields.Date.to_string(fields.Date.today() - timedelta(days=since))}
            self.assertEqual(self.ladder['evidence']['conditions'][0]['is_met'], is_met)

    def test_a_test_is_offered_only_where_the_reports_carry_the_step_without_it(self):
        self.domain.dkim_selectors = 's1'
        self.assertTrue(self.ladder['change'])
        self.assertIsNone(self.ladder['trial'], "no reports")
        self.receive_month([('192.0.2.10', 3, 'pass', 'pass', '')], days=(31, 16, 1))
        self.assertEqual(self.ladder['evidence']['verdict'], 'decide')
        self.assertTrue(self.ladder['change'])
        self.assertIsNone(self.ladder['trial'], "too little mail: older receivers would act in full")
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')])
        self.assertEqual(self.ladder['evidence']['verdict'], 'ready')
        self.assertEqual(self.ladder['trial']['value'], 'v=DMARC1; p=quarantine; t=y')
        self.receive_month([('198.51.100.7', 400, 'fail', 'fail', '')], days=(2,))
        self.assertEqual((self.ladder['change'], self.ladder['trial']), (None, None))

    def test_each_rung_lasts_thirty_days(self):
        self.domain.dkim_selectors = 's1'
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')])
        self.assertEqual(self.ladder['evidence']['verdict'], 'ready')
        self.publish_policy('quarantine')
        self.domain.writes_to_lists = 'no'
        self.env.invalidate_all()
        self.assertEqual((self.ladder['evidence']['verdict'], self.ladder['change']), ('wait', None))
        with self.silent_dns():
            self.domain.check_now()
        self.assertEqual(self.domain.dmarc_step, {'policy': 'quarantine', 'since': fields.Date.to_string(fields.Date.today())})
        self.domain.dmarc_step = {'policy': 'quarantine', 'since': fields.Date.to_string(fields.Date.today() - timedelta(days=30))}
        self.publish_policy('quarantine')
        self.assertEqual(self.ladder['change']['value'], 'v=DMARC1; p=reject')
        self.domain.writes_to_lists = False
        self.assertEqual(self.ladder['evidence']['verdict'], 'ask')
        # The button that answers has the form work out what follows, before it is saved.
        shown = {name: {} for name in ('writes_to_lists', 'dmarc_ladder', 'path_count', 'finding_count', 'check_count')}
        with self.assertNoLogs('odoo.domains', 'WARNING'):
            answered = self.domain.onchange({'writes_to_lists': 'yes'}, ['writes_to_lists'], shown)
        self.assertEqual(answered['value']['dmarc_ladder']['evidence']['verdict'], 'last')
        self.domain.writes_to_lists = 'yes'
        self.assertEqual((self.ladder['evidence']['verdict'], self.ladder['change']), ('last', None))

    def test_what_the_step_would_have_stopped_is_told_with_whose_it_is_and_mail_that_was_sent_on_apart(self):
        self.domain.dkim_selectors = 's1'
        own = ('192.0.2.10', 300, 'pass', 'pass', '')
        self.receive_month([own], days=(16,))
        [note] = self.ladder['evidence']['notes']
        self.assertIn('900', note)
        self.assertNotIn('192.0.2.10', note, "none of it would have been lost")
        self.domain.decide_source('ip:192.0.2.10', 'mine')
        self.domain.decide_source('ip:198.51.100.7', 'not_mine')
        self.receive_month([
            own, ('192.0.2.10', 4, 'fail', 'fail', ''), ('198.51.100.7', 41, 'fail', 'fail', ''),
            ('198.51.100.9', 5, 'fail', 'fail', '<reason><type>mailing_list</type></reason>')], days=(1,))
        refused, stopped, indirect = self.ladder['evidence']['notes']
        for note, shown in ((refused, ('12', '1,812', '192.0.2.10', '30')), (stopped, ('123',)), (indirect, ('15',))):
            with self.subTest(note):
                self.assertEqual(sorted(re.findall(r'(?:\d[\d.,]*)?\d', note)), sorted(shown))

    def test_reporters_that_nobody_confirmed_carry_nothing(self):
        self.publish_reporter('small.example')
        self.receive_and_read(report_mail(aggregate(), sender='a@small.example'))
        self.assertIsNone(self.ladder['evidence'])
        self.assertTrue(self.ladder['change'])

    def test_what_to_do_does_not_offer_a_step_that_waits(self):
        report = self.domain._get_report()
        self.assertTrue(report.extras)
        self.assertFalse(is_held_back(self.domain, report))
        self.domain.dkim_selectors = 's1'
        self.receive_month([('192.0.2.10', 300, 'pass', 'pass', '')], receivers=('google.com',))
        self.assertTrue(is_held_back(self.domain, report))
