from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..models.announcement import CONFIRM_AFTER, is_broken, step

START = datetime(2026, 1, 1)


@tagged('post_install', '-at_install')
class TestAnnouncement(BaseCase):

    def play(self, *looks):
        """Play ``(minutes since the start, state)`` of SPF; return the kinds of events of each look."""
        memory, kinds = {}, []
        for minutes, state in looks:
            memory, events, self.confirm = step(
                memory, {'spf': (state, f'record of {state}')}, START + timedelta(minutes=minutes))
            kinds.append([(event.kind, event.old_state, event.new_state) for event in events])
        self.memory = memory
        return kinds

    def test_first_look_announces_nothing(self):
        for state in ('pass', 'warning', 'fail', 'unknown', 'not_needed'):
            with self.subTest(state=state):
                self.assertEqual(self.play((0, state)), [[]])

    def test_worse_state_is_announced_once_after_it_was_confirmed(self):
        self.assertEqual(
            self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'fail')),
            [[], [], [('broken', 'pass', 'fail')], []])
        self.assertTrue(is_broken(self.memory))

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
        self.assertFalse(is_broken(self.memory))

    def test_partial_recovery_stays_broken(self):
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'warning'))
        self.assertTrue(is_broken(self.memory))
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'warning'), (90, 'pass'))
        self.assertFalse(is_broken(self.memory))

    def test_unknown_never_alarms_confirms_or_recovers(self):
        self.assertEqual(self.play((0, 'pass'), (60, 'unknown'), (70, 'unknown')), [[], [], []])
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (70, 'unknown')), [[], [], []])
        self.assertTrue(self.confirm, "what waits to be confirmed still waits")
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'unknown'))
        self.assertTrue(is_broken(self.memory))

    def test_old_and_new_record_come_with_the_event(self):
        memory, _events, _confirm = step({}, {'spf': ('pass', 'old')}, START)
        memory, _events, _confirm = step(memory, {'spf': ('fail', 'new')}, START)
        _memory, [event], _confirm = step(memory, {'spf': ('fail', 'new')}, START + CONFIRM_AFTER)
        self.assertEqual((event.old_record, event.new_record), ('old', 'new'))
