import random
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..checking.announcement import AREAS, CONFIRM_AFTER, is_broken, step
from ..checking.observation import borne_out
from ..checking.stored_report import Area

START = datetime(2026, 1, 1)


@tagged('post_install', '-at_install')
class TestAnnouncement(BaseCase):

    def play(self, *looks):
        """Play ``(minutes since the start, state)`` of SPF; return the kinds of events of each look."""
        announced, kinds = {}, []
        for minutes, state in looks:
            announced, events, self.confirm = step(
                announced, {'spf': (state, f'record of {state}')}, START + timedelta(minutes=minutes))
            kinds.append([(event.kind, event.old_state, event.new_state) for event in events])
        self.announced = announced
        return kinds

    def test_first_look_announces_nothing(self):
        for state in ('pass', 'warning', 'fail', 'unknown', 'not_needed'):
            with self.subTest(state=state):
                self.assertEqual(self.play((0, state)), [[]])

    def test_what_only_settings_or_a_received_mail_tell_is_no_silence_of_dns(self):
        """Or the key that somebody names at last, before it is published, would be one that broke meanwhile."""
        for code, kind in (
            ('spf.sender_unknown', 'open'), ('dkim.sender_unknown', 'open'), ('dkim.selector_unknown', 'open'),
            ('dkim.account_specific', 'open'), ('dmarc.enforced_unproven', 'open'), ('spf.unanswered', 'unknown'),
            ('dkim.unanswered', 'unknown'), ('dmarc.unanswered', 'unknown'),
        ):
            area = code.partition('.')[0]
            self.assertEqual(borne_out(area, Area('unknown', code), 'unknown', {}), kind, code)

    def test_worse_state_is_announced_once_after_it_was_confirmed(self):
        self.assertEqual(
            self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'fail')),
            [[], [], [('broken', 'pass', 'fail')], []])
        self.assertTrue(is_broken(self.announced))

    def test_worse_state_is_not_confirmed_before_its_time(self):
        """Two presses of the button within seconds confirm nothing."""
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (61, 'fail')), [[], [], []])
        self.assertTrue(self.confirm)

    def test_record_deleted_and_added_again_announces_nothing(self):
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (70, 'pass'), (80, 'fail')), [[], [], [], []])

    def test_recovery_is_announced_once(self):
        self.assertEqual(
            self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'pass'), (90, 'pass'))[3:],
            [[('recovered', 'fail', 'pass')], []])
        self.assertFalse(is_broken(self.announced))

    def test_partial_recovery_stays_broken(self):
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'warning'))
        self.assertTrue(is_broken(self.announced))
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'warning'), (90, 'pass'))
        self.assertFalse(is_broken(self.announced))

    def test_unknown_never_alarms_confirms_or_recovers(self):
        self.assertEqual(self.play((0, 'pass'), (60, 'unknown'), (70, 'unknown')), [[], [], []])
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (70, 'unknown')), [[], [], []])
        self.assertTrue(self.confirm, "what waits to be confirmed still waits")
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'unknown'))
        self.assertTrue(is_broken(self.announced))

    def test_break_behind_an_unknown_first_look_is_announced(self):
        """DNS never answered, and when it does the record is broken: nobody has been told yet."""
        for state in ('fail', 'warning'):
            with self.subTest(state=state):
                self.assertEqual(
                    self.play((0, 'unknown'), (60, state), (70, state), (80, state)),
                    [[], [], [('broken', 'unknown', state)], []])
                self.assertTrue(is_broken(self.announced))
        self.assertEqual(
            self.play((0, 'unknown'), (60, 'fail'), (70, 'fail'), (80, 'pass'))[3], [('recovered', 'fail', 'pass')])
        self.assertFalse(is_broken(self.announced))

    def test_first_known_state_behind_an_unknown_look_is_confirmed_too(self):
        self.assertEqual(self.play((0, 'unknown'), (60, 'fail'), (61, 'fail'), (70, 'pass')), [[]] * 4)
        self.assertEqual(self.play((0, 'unknown'), (60, 'fail'), (65, 'unknown'), (70, 'fail'))[3],
                         [('broken', 'unknown', 'fail')])

    def test_what_is_in_order_behind_an_unknown_look_is_told_nobody(self):
        for state in ('pass', 'not_needed'):
            self.assertEqual(self.play((0, 'unknown'), (60, 'unknown'), (70, state), (80, state)), [[]] * 4)
        self.assertEqual(self.play((0, 'unknown'), (60, 'pass'), (70, 'fail'), (80, 'fail'))[3],
                         [('broken', 'pass', 'fail')])

    def test_break_after_unknown_counts(self):
        self.assertEqual(self.play((0, 'pass'), (60, 'unknown'), (120, 'fail'), (130, 'fail'))[3],
                         [('broken', 'pass', 'fail')])

    def test_choosing_the_service_is_no_break(self):
        """Until somebody says who sends there is no verdict; the first one tells what is, not what changed."""
        for looks in (
            [(0, 'open'), (60, 'fail'), (70, 'fail')],
            [(0, 'unknown'), (30, 'open'), (60, 'fail'), (70, 'fail')],
        ):
            with self.subTest(looks=looks):
                self.assertFalse(any(self.play(*looks)))
        self.assertEqual(self.play((0, 'pass'), (30, 'open'), (60, 'fail'), (70, 'fail'))[3],
                         [('broken', 'pass', 'fail')])

    def test_warning_that_becomes_a_failure_is_announced(self):
        self.assertEqual(self.play((0, 'warning'), (60, 'fail'), (70, 'fail'))[2], [('broken', 'warning', 'fail')])
        self.assertEqual(self.play((0, 'warning'), (60, 'warning'), (70, 'warning')), [[]] * 3)

    def test_two_steps_down_and_one_up_are_still_broken(self):
        kinds = self.play((0, 'pass'), (60, 'warning'), (70, 'warning'), (80, 'fail'), (90, 'fail'), (100, 'warning'))
        self.assertEqual(kinds, [
            [], [], [('broken', 'pass', 'warning')], [], [('broken', 'warning', 'fail')],
            [('recovered', 'fail', 'warning')]])
        self.assertTrue(is_broken(self.announced), "it was in order before it broke")
        announced, _events, _confirm = step(self.announced, {'spf': ('pass', 'whole')}, START + timedelta(minutes=110))
        self.assertFalse(is_broken(announced))

    def test_what_was_a_warning_before_is_whole_as_one(self):
        self.play((0, 'warning'), (60, 'fail'), (70, 'fail'), (80, 'warning'))
        self.assertFalse(is_broken(self.announced))

    def test_areas_are_announced_each_for_itself(self):
        announced, _events, _confirm = step({}, {area: ('pass', area) for area in AREAS}, START)
        seen = {**{area: ('pass', area) for area in AREAS}, 'dkim': ('fail', ''), 'receivers': ('unknown', '')}
        announced, _events, confirm = step(announced, seen, START)
        self.assertTrue(confirm)
        announced, events, confirm = step(announced, seen, START + CONFIRM_AFTER)
        self.assertEqual([event.area for event in events], ['dkim'])
        self.assertFalse(confirm)
        self.assertTrue(is_broken(announced), "one of them is enough")

    def test_what_the_caller_knows_stays_as_it_is(self):
        announced, _events, _confirm = step({}, {'spf': ('pass', 'old')}, START)
        before = {'spf': dict(announced['spf'])}
        step(announced, {'spf': ('fail', 'new')}, START)
        self.assertEqual(announced, before)

    def test_three_weeks_of_flapping_dns_raise_no_false_alarm_and_miss_no_break(self):
        """A hundred domains looked at daily, and again where something waits; a third of the looks see no answer.

        A panel that deletes and then adds is caught by a single look now and then. What is broken
        for two looks is told once, and so is its end; nothing else is told.
        """
        breaks = glitches = 0
        for number in range(100):
            told, real, caught = self.three_weeks(random.Random(number))
            self.assertEqual(told, real, f"domain {number}")
            breaks += sum(kind == 'broken' for kind, _minute in real)
            glitches += caught
        self.assertGreater(breaks, 100)
        self.assertGreater(glitches, 30)

    def three_weeks(self, chance):
        """Return ``(told, real, glitches)``: ``[(kind, minute)]`` of what was announced and of what had to be."""
        day, announced, told, real = 24 * 60, {}, [], []
        broken = [(start * day, (start + chance.uniform(1, 3)) * day) for start in (chance.uniform(2, 6), chance.uniform(10, 16))]
        minute = seen = glitches = 0
        is_told = False
        while minute < 21 * day:
            truth = 'fail' if any(start <= minute < end for start, end in broken) else 'pass'
            look = 'unknown' if chance.random() < 0.35 else truth
            if minute and look == 'pass' and not seen and chance.random() < 0.05:
                look, glitches = 'glitch', glitches + 1
            announced, events, confirm = step(
                announced, {'spf': ('fail' if look == 'glitch' else look, '')}, START + timedelta(minutes=minute))
            told += [(event.kind, minute) for event in events]
            if look == 'fail':
                seen += 1
                if seen == 2:
                    real.append(('broken', minute))
                    is_told = True
            elif look == 'pass':
                if is_told:
                    real.append(('recovered', minute))
                seen, is_told = 0, False
            elif look == 'glitch':
                minute += 10  # whole again when it is looked at for confirmation
                announced, events, confirm = step(announced, {'spf': ('pass', '')}, START + timedelta(minutes=minute))
                told += [(event.kind, minute) for event in events]
            minute += 10 if confirm else day
        return told, real, glitches

    def test_old_and_new_record_come_with_the_event(self):
        announced, _events, _confirm = step({}, {'spf': ('pass', 'old')}, START)
        announced, _events, _confirm = step(announced, {'spf': ('fail', 'new')}, START)
        _announced, [event], _confirm = step(announced, {'spf': ('fail', 'new')}, START + CONFIRM_AFTER)
        self.assertEqual((event.old_record, event.new_record), ('old', 'new'))
