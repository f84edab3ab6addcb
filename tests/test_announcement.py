import random
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..checking import announcement
from ..checking.announcement import (
    ACKNOWLEDGE,
    AREAS,
    BETTER,
    CHANGED,
    CONFIRM_AFTER,
    CONFIRMED,
    CONFIRMED_MUTED,
    MUTE,
    OPEN,
    REFUTED,
    REMIND,
    REPUBLISHED,
    RESTORED,
    RETIRE,
    RULES,
    SAME,
    UNKNOWN,
    UNMUTE,
    WHOLE,
    WORSE,
    Cell,
    Look,
    act,
    follow_mutes,
    has,
    is_broken,
    is_told,
    step,
)
from ..checking.observation import borne_out
from ..checking.stored_report import Area, StoredReport

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
            self.assertEqual(borne_out(area, Area('unknown', code), 'unknown', StoredReport()), kind, code)

    def test_worse_state_is_announced_once_after_it_was_confirmed(self):
        self.assertEqual(
            self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'fail')),
            [[], [], [('broken', 'pass', 'fail')], []])
        self.assertTrue(is_broken(self.announced))

    def test_worse_state_is_not_confirmed_before_its_time(self):
        """Two presses of the button within seconds confirm nothing."""
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (61, 'fail')), [[], [], []])
        self.assertTrue(self.confirm)

    def test_a_look_in_between_does_not_put_the_confirmation_off(self):
        self.assertEqual(self.play((0, 'pass'), (60, 'fail'), (65, 'fail'), (70, 'fail'))[3], [('broken', 'pass', 'fail')])
        self.assertEqual(self.play((0, 'unknown'), (60, 'fail'), (65, 'fail'), (70, 'fail'))[3], [('broken', 'unknown', 'fail')])

    def test_what_is_broken_and_was_seen_worse_once_is_looked_at_twice_again(self):
        self.assertEqual(self.play(
            (0, 'pass'), (60, 'warning'), (70, 'warning'), (80, 'fail'), (85, 'warning'), (100, 'fail'))[3:], [[], [], []])
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

    def test_what_the_zones_own_servers_refute_does_not_wait_any_more(self):
        """A resolver says for hours that it is broken; when it does break, nobody has seen that for ten minutes."""
        for first in ('pass', 'unknown'):
            with self.subTest(first):
                self.assertEqual(self.play((0, first), (60, 'fail'), (70, 'refuted'), (130, 'fail')), [[], [], [], []])
                self.assertEqual(self.play(
                    (0, first), (60, 'fail'), (70, 'refuted'), (130, 'fail'), (140, 'fail'))[4], [('broken', first, 'fail')])
        self.play((0, 'pass'), (60, 'fail'), (70, 'refuted'))
        self.assertFalse(self.confirm)
        self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'refuted'))
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
        for area in ('spf', 'dkim', 'dmarc'):
            for looks in (
                [(0, 'open', 'record', 1), (60, 'fail', 'record', 2), (70, 'fail', 'record', 2)],
                [(0, 'open', 'old', 1), (60, 'fail', 'new', 2), (70, 'fail', 'new', 2)],
                [(0, 'unknown', '', 1), (30, 'open', 'record', 1), (60, 'fail', 'record', 2), (70, 'fail', 'record', 2)],
                [(0, 'open', 'record', 1), (60, 'fail', 'gone', 1), (70, 'fail', 'gone', 2)],
            ):
                with self.subTest(area=area, looks=looks):
                    self.assertFalse(any(self.play_open(area, *looks)))
                    self.assertTrue(has({'area': self.announced[area]}, 'settled'))
                    self.assertFalse(self.confirm)
        self.assertEqual(self.play((0, 'pass'), (30, 'open'), (60, 'fail'), (70, 'fail'))[3],
                         [('broken', 'pass', 'fail')])

    def test_instructions_to_receivers_are_not_open_where_dns_did_not_tell_whether_mail_passes(self):
        missing = Area('warning', 'dmarc.missing')
        for code, seen, own in (('spf.unanswered', 'unknown', 'unknown'), ('spf.sender_unknown', 'open', 'refuted')):
            codes = {'spf': code, 'dkim': 'dkim.ok', 'dmarc': 'dmarc.enforced_unproven'}
            report = StoredReport(areas={area: Area('unknown', codes[area]) for area in codes})
            for area, expected in (('dmarc', seen), ('spf', 'unknown' if seen == 'unknown' else 'open')):
                self.assertEqual(borne_out(area, report.areas[area], 'unknown', report), expected, code)
            report = StoredReport(confirmed={'dmarc': 'unknown'}, own={'codes': codes})
            self.assertEqual(borne_out('dmarc', missing, 'warning', report), own, code)
        codes = {'spf': Area('unknown', 'spf.sender_unknown'), 'dkim': Area('unknown', 'dkim.unanswered')}
        self.assertEqual(borne_out('spf', codes['spf'], 'unknown', StoredReport(areas=codes)), 'open', "its own record was seen")

    def test_what_is_open_with_the_zones_own_servers_refutes_what_is_worse(self):
        """They have the record that a resolver denies, and it is not known who sends: nothing is wrong with it."""
        missing = Area('warning', 'spf.missing_sender_unknown')
        for code, expected in (('spf.sender_unknown', 'refuted'), ('spf.unanswered', 'unknown')):
            report = StoredReport(confirmed={'spf': 'unknown'}, own={'codes': {'spf': code}})
            self.assertEqual(borne_out('spf', missing, 'warning', report), expected, code)

    def test_what_the_zones_own_servers_have_less_bad_is_told_as_that_where_it_is_worse_than_before(self):
        for known, seen, own, expected in (
            ('pass', 'fail', 'warning', 'warning'), ('unknown', 'fail', 'warning', 'warning'), ('open', 'fail', 'warning', 'warning'),
            ('warning', 'fail', 'warning', 'refuted'), ('pass', 'fail', 'pass', 'refuted'), ('fail', 'fail', 'warning', 'refuted'),
            (None, 'fail', 'warning', 'refuted'), ('pass', 'fail', 'fail', 'fail'), ('pass', 'warning', 'fail', 'warning'),
            ('pass', 'fail', 'unknown', 'unknown'),
        ):
            report = StoredReport(confirmed={'spf': own})
            self.assertEqual(borne_out('spf', Area(seen, 'spf.x'), seen, report, known), expected, (known, seen, own))

    def play_open(self, area, *looks):
        """Play ``(minutes since the start, state, record, configuration)``; return the kinds of events of each look."""
        announced, kinds = {}, []
        for minutes, state, record, asked in looks:
            announced, events, self.confirm = step(
                announced, {area: Look(state, record, asked=str(asked))}, START + timedelta(minutes=minutes))
            kinds.append([event.kind for event in events])
            self.events = events or getattr(self, 'events', [])
        self.announced = announced
        return kinds

    def test_what_breaks_while_nobody_said_who_sends_is_told_and_its_end_too(self):
        for area in ('spf', 'dkim', 'dmarc'):
            for wrong in ('', 'two records'):
                with self.subTest(area=area, wrong=wrong):
                    self.assertEqual(self.play_open(
                        area, (0, 'open', 'record', 1), (60, 'warning', wrong, 1), (65, 'warning', wrong, 1),
                        (70, 'warning', wrong, 1)), [[], [], [], ['broken']])
                    [event] = self.events
                    self.assertEqual((event.old_state, event.old_record, event.new_record), ('open', 'record', wrong))
                    self.assertTrue(is_broken(self.announced))
                    self.assertEqual(self.play_open(
                        area, (0, 'open', 'record', 1), (60, 'warning', wrong, 1), (70, 'warning', wrong, 1),
                        (80, 'unknown', '', 1), (90, 'open', 'record', 1), (100, 'open', 'record', 1))[4:], [['recovered'], []])
                    [event] = self.events
                    self.assertEqual(event.since, (START + timedelta(minutes=60)).isoformat())
                    self.assertFalse(is_broken(self.announced))
                    self.assertTrue(has(self.announced, 'unjudged'), "it is noticed when it breaks again")

    def test_a_record_that_vanishes_as_the_configuration_changes_is_gone_all_the_same(self):
        """But for a key of DKIM: which of them are asked for is up to the configuration."""
        for area, expected in (('spf', 'broken'), ('dmarc', 'broken'), ('dkim', None)):
            kinds = self.play_open(area, (0, 'open', 'record', 1), (60, 'fail', '', 2), (70, 'fail', '', 2))
            self.assertEqual(kinds[2], [expected] if expected else [], area)
            kinds = self.play_open(
                area, (0, 'open', 'record', 1), (60, 'fail', '', 1), (70, 'fail', '', 1), (80, 'open', 'record', 2))
            self.assertEqual(kinds[3], ['recovered'] if expected else [], area)

    def test_instructions_to_receivers_break_by_no_other_area(self):
        """They harm mail once SPF or DKIM breaks, which is told by itself."""
        looks = (0, 'open', 'record', 1), (60, 'fail', 'record', 1), (70, 'fail', 'record', 1)
        self.assertFalse(any(self.play_open('dmarc', *looks)))
        self.assertEqual(self.play_open('spf', *looks)[2], ['broken'], "a record that it includes has gone")

    def test_silence_and_a_resolver_that_lies_break_nothing_that_is_open(self):
        self.assertFalse(any(self.play_open(
            'spf', (0, 'open', 'record', 1), (60, 'unknown', '', 1), (70, 'unknown', '', 1), (80, 'open', 'record', 1))))
        self.assertFalse(any(self.play_open(
            'spf', (0, 'open', 'record', 1), (60, 'fail', '', 1), (70, 'refuted', '', 1), (130, 'fail', '', 1))))
        self.assertFalse(any(self.play_open(
            'spf', (0, 'open', 'record', 1), (60, 'fail', '', 1), (65, 'open', 'record', 1), (130, 'fail', '', 1))),
            "deleted and added again")
        self.assertEqual(self.play_open(
            'spf', (0, 'open', 'record', 1), (60, 'fail', '', 1), (65, 'unknown', '', 1), (130, 'fail', '', 1))[3], ['broken'])

    def test_what_was_wrong_when_it_was_seen_first_and_is_open_then_is_told_when_it_breaks(self):
        looks = (0, 'fail', '', 1), (60, 'open', 'record', 1), (120, 'fail', '', 1), (130, 'fail', '', 1)
        self.assertEqual(self.play_open('spf', *looks), [[], [], [], ['broken']])
        looks = (0, 'fail', 'record', 1), (60, 'open', 'record', 2), (120, 'fail', 'record', 3), (130, 'fail', 'record', 3)
        self.assertFalse(any(self.play_open('spf', *looks)), "somebody who changes the service to and fro")

    def test_what_broke_from_a_verdict_is_whole_once_dns_mended_it_though_it_is_open(self):
        """Meanwhile somebody sends of whom it is not known how; else the activity would stay for ever."""
        looks = (0, 'pass', 'record', 1), (60, 'fail', '', 2), (70, 'fail', '', 2), (80, 'open', 'record', 2)
        self.assertEqual(self.play_open('dkim', *looks), [[], [], ['broken'], ['recovered']])
        looks = (0, 'pass', 'record', 1), (60, 'fail', '', 1), (70, 'fail', '', 1), (80, 'fail', '', 2), (90, 'open', 'record', 2)
        self.assertEqual(self.play_open('dkim', *looks)[4], ['recovered'], "it was broken by that configuration, too")
        looks = (0, 'pass', 'record', 1), (60, 'fail', 'other', 1), (70, 'fail', 'other', 1), (80, 'open', 'other', 2)
        self.assertEqual(self.play_open('spf', *looks)[3], [], "whoever takes the service back mends nothing")

    def test_what_broke_while_it_was_open_is_whole_once_it_is_judged_to_be(self):
        looks = (0, 'open', 'record', 1), (60, 'fail', '', 1), (70, 'fail', '', 1), (80, 'pass', 'record', 2)
        self.assertEqual(self.play_open('spf', *looks)[3], ['recovered'])
        self.assertTrue(has(self.announced, 'settled'))

    def test_what_is_open_waits_for_no_second_look(self):
        """Or the domain would be looked at each hour for as long as nobody says who sends."""
        self.play_open('spf', (0, 'pass', 'record', 1), (60, 'fail', 'record', 2), (70, 'open', 'record', 3))
        self.assertFalse(self.confirm)

    def test_warning_that_becomes_a_failure_is_announced(self):
        self.assertEqual(self.play((0, 'warning'), (60, 'fail'), (70, 'fail'))[2], [('broken', 'warning', 'fail')])
        self.assertEqual(self.play((0, 'warning'), (60, 'warning'), (70, 'warning')), [[]] * 3)

    def test_two_steps_down_and_one_up_are_still_broken(self):
        kinds = self.play((0, 'pass'), (60, 'warning'), (70, 'warning'), (80, 'fail'), (90, 'fail'), (100, 'warning'))
        self.assertEqual(kinds, [
            [], [], [('broken', 'pass', 'warning')], [], [('broken', 'warning', 'fail')], []], "nothing in between")
        self.assertTrue(is_broken(self.announced), "it was in order before it broke")
        announced, [event], _confirm = step(self.announced, {'spf': ('pass', 'whole')}, START + timedelta(minutes=110))
        self.assertEqual((event.kind, event.since), ('recovered', (START + timedelta(minutes=60)).isoformat()))
        self.assertFalse(is_broken(announced))

    def test_what_got_better_and_breaks_again_is_announced_again(self):
        kinds = self.play((0, 'pass'), (60, 'fail'), (70, 'fail'), (80, 'warning'), (90, 'fail'), (100, 'fail'), (110, 'pass'))
        self.assertEqual(kinds[3:], [[], [], [('broken', 'warning', 'fail')], [('recovered', 'fail', 'pass')]])

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

    def test_broken_since_is_when_it_was_seen_first_however_much_worse_it_gets(self):
        self.play((0, 'pass'), (60, 'warning'), (70, 'warning'), (80, 'fail'), (90, 'unknown'), (100, 'fail'))
        self.assertEqual(self.announced['spf']['broken_since'], (START + timedelta(minutes=60)).isoformat())
        older = {'spf': {'state': 'fail', 'record': '', 'broken_from': 'pass'}}  # an older version did not note when
        _announced, [event], _confirm = step(older, {'spf': ('pass', '')}, START)
        self.assertIsNone(event.since)
        older['spf']['state'] = 'warning'
        for minutes, state in ((0, 'fail'), (10, 'fail'), (20, 'pass')):
            older, events, _confirm = step(older, {'spf': (state, '')}, START + timedelta(minutes=minutes))
        self.assertIsNone(events[0].since, "it broke before it got worse")


# What is said where an area stands so and this happens: message, what becomes of the activity, and how it stands then.
NOTHING = (None, None, None)
ALARM = ('broken', 'add', 'broken')
TOLD = ('changed', None, None)
EXPECTED = {
    'new': {
        # A first look tells what is, not what changed.
        SAME: (None, None, 'settled'), CHANGED: (None, None, 'settled'), WORSE: (None, None, 'settled'),
        CONFIRMED: (None, None, 'settled'), CONFIRMED_MUTED: (None, None, 'settled'), BETTER: (None, None, 'settled'),
        WHOLE: (None, None, 'settled'), UNKNOWN: (None, None, 'unseen'), REFUTED: (None, None, 'unseen'), OPEN: (None, None, 'unjudged'), REPUBLISHED: TOLD, RESTORED: (None, None, 'unjudged'),
        MUTE: NOTHING, UNMUTE: NOTHING, ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'unseen': {
        # Presumed to have been in order: what is broken when it is seen at last has broken meanwhile.
        SAME: (None, None, 'settled'), CHANGED: (None, None, 'settled'), BETTER: (None, None, 'settled'),
        WHOLE: (None, None, 'settled'), UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: (None, None, 'unjudged'), WORSE: NOTHING,
        CONFIRMED: ALARM, CONFIRMED_MUTED: (None, None, 'untold'), REPUBLISHED: TOLD, RESTORED: (None, None, 'unjudged'),
        MUTE: NOTHING, UNMUTE: NOTHING, ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'unjudged': {
        # Choosing who sends tells what is; what DNS breaks before somebody does is told.
        SAME: (None, None, 'settled'), CHANGED: (None, None, 'settled'), BETTER: (None, None, 'settled'),
        WHOLE: (None, None, 'settled'), UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING, CONFIRMED: ALARM,
        CONFIRMED_MUTED: (None, None, 'untold'), REPUBLISHED: TOLD, RESTORED: NOTHING,
        MUTE: NOTHING, UNMUTE: NOTHING, ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'settled': {
        SAME: NOTHING, CHANGED: NOTHING, REPUBLISHED: TOLD, UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING,
        CONFIRMED: ALARM,
        CONFIRMED_MUTED: (None, None, 'untold'), BETTER: ('recovered', None, None), WHOLE: NOTHING,
        RESTORED: (None, None, 'unjudged'),
        MUTE: NOTHING, UNMUTE: NOTHING, ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'broken': {
        SAME: NOTHING, CHANGED: NOTHING, REPUBLISHED: TOLD, UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING,
        CONFIRMED: ALARM,
        CONFIRMED_MUTED: (None, 'remove', 'muted'), BETTER: NOTHING, WHOLE: ('recovered', 'remove', 'settled'),
        RESTORED: ('recovered', 'remove', 'unjudged'),
        MUTE: (None, 'remove', 'muted'), UNMUTE: NOTHING, ACKNOWLEDGE: (None, 'remove', 'acknowledged'), REMIND: NOTHING,
        RETIRE: (None, 'remove', 'new'),
    },
    'acknowledged': {
        SAME: NOTHING, CHANGED: NOTHING, REPUBLISHED: TOLD, UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING,
        CONFIRMED: ALARM,
        CONFIRMED_MUTED: (None, 'remove', 'muted'), BETTER: NOTHING, WHOLE: ('recovered', 'remove', 'settled'),
        RESTORED: ('recovered', 'remove', 'unjudged'),
        MUTE: (None, 'remove', 'muted'), UNMUTE: NOTHING, ACKNOWLEDGE: NOTHING, REMIND: (None, 'add', 'broken'),
        RETIRE: (None, 'remove', 'new'),
    },
    'muted': {
        SAME: NOTHING, CHANGED: NOTHING, REPUBLISHED: NOTHING, UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING,
        CONFIRMED: ALARM,
        CONFIRMED_MUTED: NOTHING, BETTER: NOTHING, WHOLE: (None, 'remove', 'settled'), RESTORED: (None, 'remove', 'unjudged'),
        MUTE: NOTHING, UNMUTE: (None, 'add', 'broken'), ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'untold': {
        SAME: NOTHING, CHANGED: NOTHING, REPUBLISHED: NOTHING, UNKNOWN: NOTHING, REFUTED: NOTHING, OPEN: NOTHING, WORSE: NOTHING,
        CONFIRMED: ALARM,
        CONFIRMED_MUTED: NOTHING, BETTER: NOTHING, WHOLE: (None, 'remove', 'settled'), RESTORED: (None, 'remove', 'unjudged'),
        MUTE: NOTHING, UNMUTE: ALARM, ACKNOWLEDGE: NOTHING, REMIND: NOTHING, RETIRE: (None, 'remove', 'new'),
    },
    'theirs': {
        **dict.fromkeys(
            (SAME, CHANGED, UNKNOWN, REFUTED, OPEN, WORSE, CONFIRMED, CONFIRMED_MUTED, BETTER, WHOLE, RESTORED, MUTE, UNMUTE,
             ACKNOWLEDGE, REMIND),
            NOTHING),
        REPUBLISHED: TOLD,  # who asked
        RETIRE: (None, 'remove', 'new'),
    },
}
# What no look and nobody can bring about: a first look is the same as itself, nothing is better than what is presumed to be
# in order, and what never broke is not whole again.
NEVER = {
    *(('new', look) for look in (CHANGED, WORSE, CONFIRMED, CONFIRMED_MUTED, BETTER, WHOLE, RESTORED)),
    *((standing, look) for standing in ('unseen', 'unjudged') for look in (CHANGED, BETTER, WHOLE, RESTORED)), ('settled', WHOLE),
    ('theirs', RESTORED),
}
CAUSE = 'spf.cause'


@tagged('post_install', '-at_install')
class TestTable(BaseCase):
    """The rule of when to speak, cell by cell; and each cell as it comes about."""

    def test_each_cell_says_what_is_expected(self):
        expected = {(standing, happened): Cell(*cell) for standing, row in EXPECTED.items() for happened, cell in row.items()}
        self.assertEqual(set(expected), {
            (standing, happened) for standing in announcement.STANDINGS for happened in announcement.LOOKS + announcement.ACTS})
        for place, cell in expected.items():
            with self.subTest(cell=place):
                self.assertEqual(RULES[place], cell)

    def test_only_four_kinds_of_messages_and_activities_are_said(self):
        self.assertEqual({cell.message for cell in RULES.values()}, {None, 'broken', 'recovered', 'changed'})
        self.assertEqual({cell.activity for cell in RULES.values()}, {None, 'add', 'remove'})
        for (standing, happened), cell in RULES.items():
            if standing == 'theirs' and happened != 'republished' or happened in (
                    'unknown', 'refuted', 'open', 'worse', 'same', 'changed'):
                self.assertIsNone(cell.message, "nothing of third parties, nothing because DNS is silent, nothing of what is as it was")
            if cell.message == 'broken':
                self.assertIn((happened, cell.activity), {('confirmed', 'add'), ('unmute', 'add')})

    def look(self, announced, state, minutes, record='record', muted=(), asked=None, **options):
        return step(
            announced, {'spf': (state, record, CAUSE, asked)}, START + timedelta(minutes=minutes), muted=set(muted), **options)

    def reach(self, standing, state):
        """Return what is announced of an area that stands so, at a state that may get better or worse."""
        announced = {}
        if standing == 'new':
            return announced
        if standing == 'unseen':
            return self.look(announced, 'unknown', 0)[0]
        if standing == 'unjudged':
            return self.look(announced, 'open', 0)[0]
        if standing == 'theirs':
            return self.look(announced, state, 0, is_theirs=True)[0]
        if standing == 'settled':
            return self.look(announced, state, 0)[0]
        muted = [CAUSE] if standing == 'untold' else []
        for minutes, seen in ((0, 'pass'), (10, state), (20, state)):
            announced, _events, _confirm = self.look(announced, seen, minutes, muted=muted)
        if standing == 'muted':
            announced, _events = follow_mutes(announced, {CAUSE}, {'spf'})
        if standing == 'acknowledged':
            announced, _events = act(announced, ACKNOWLEDGE)
        return announced

    def bring_about(self, standing, happened):
        """Return what is announced before and after, and the events."""
        state = 'fail' if happened in (BETTER, WHOLE) else 'warning'
        before = self.reach(standing, state)
        muted = [CAUSE] if standing in ('muted', 'untold') else []
        theirs = {'is_theirs': standing == 'theirs'}
        if happened in (ACKNOWLEDGE, REMIND, RETIRE):
            return before, *act(before, happened)
        if happened in (MUTE, UNMUTE):
            return before, *follow_mutes(before, {CAUSE} if happened == MUTE else set(), {'spf'})
        if happened in (CONFIRMED, CONFIRMED_MUTED):
            waiting, events, _confirm = self.look(before, 'fail', 30, muted=muted, **theirs)
            self.assertFalse(events)
            muted = [CAUSE] if happened == CONFIRMED_MUTED else []
            if happened == CONFIRMED and standing in ('muted', 'untold'):
                muted, announced = [CAUSE], waiting
                after = step(announced, {'spf': ('fail', 'record', 'spf.other')}, START + timedelta(minutes=40), muted={CAUSE})
            else:
                after = self.look(waiting, 'fail', 40, muted=muted, **theirs)
            return before, *after[:2]
        seen, record = {
            SAME: ('pass' if standing in ('unseen', 'unjudged') else state, 'record'), CHANGED: (state, 'other'),
            UNKNOWN: ('unknown', ''), REFUTED: ('refuted', ''), OPEN: ('open', 'record'), RESTORED: ('open', 'record'),
            WORSE: ('fail', 'record'), BETTER: ('warning', 'record'), WHOLE: ('pass', 'record'),
        }[happened]
        asked = 'of another configuration' if happened == OPEN else None
        return before, *self.look(before, seen, 30, record, muted, asked, **theirs)[:2]

    def test_each_cell_comes_about_by_looks_and_people(self):
        for (standing, happened), cell in RULES.items():
            if (standing, happened) in NEVER:
                continue
            if happened == REPUBLISHED:
                announced = self.reach(standing, 'warning')
                self.assertEqual(is_told(announced, 'spf', standing == 'theirs'), cell.message == 'changed', standing)
                continue
            with self.subTest(standing=standing, happened=happened):
                before, after, events = self.bring_about(standing, happened)
                if standing not in ('new', 'theirs'):
                    self.assertTrue(has(before, standing), before)
                self.assertEqual([(event.kind, event.activity) for event in events],
                                 [(cell.message, cell.activity)] if before and (cell.message or cell.activity) else [])
                becomes = cell.becomes or standing
                self.assertTrue(not after if becomes in ('new', 'theirs') else has(after, becomes), after)

    def test_a_mute_or_an_acknowledgement_ends_when_its_date_passes_and_not_while_dns_is_silent(self):
        for standing, options in (('acknowledged', {'is_reminded': True}), ('muted', {})):
            announced = self.reach(standing, 'fail')
            announced, events, _confirm = self.look(announced, 'unknown', 60, **options)
            self.assertFalse(events)
            self.assertTrue(has(announced, standing))
            announced, [event], _confirm = self.look(announced, 'fail', 70, **options)
            self.assertEqual((event.kind, event.activity), (None, 'add'))
            _announced, events, _confirm = self.look(announced, 'fail', 80)
            self.assertFalse(events, "once")

    def test_what_is_unmuted_while_dns_is_silent_is_told_once_it_is_seen(self):
        announced = self.reach('untold', 'fail')
        announced, events = follow_mutes(announced, set(), set())
        self.assertFalse(events)
        announced, events, _confirm = self.look(announced, 'unknown', 60)
        self.assertFalse(events)
        _announced, [event], _confirm = self.look(announced, 'fail', 70)
        self.assertEqual(event.kind, 'broken')
        _announced, [event] = follow_mutes(self.reach('broken', 'fail'), {CAUSE}, set())
        self.assertEqual(event.activity, 'remove', "what is muted is quiet at once")

    def test_what_is_whole_when_the_date_passes_brings_no_activity_back(self):
        announced = self.reach('acknowledged', 'fail')
        announced, [event], _confirm = self.look(announced, 'pass', 60, is_reminded=True)
        self.assertEqual((event.kind, event.activity), ('recovered', 'remove'))

    def test_another_cause_ends_a_mute_though_the_state_is_the_same(self):
        announced = self.reach('untold', 'fail')
        after, [event], _confirm = step(
            announced, {'spf': ('fail', 'another', 'spf.other')}, START + timedelta(minutes=60), muted={CAUSE})
        self.assertEqual((event.kind, event.old_state, event.new_state), ('broken', 'pass', 'fail'))
        self.assertEqual((event.old_record, event.new_record), ('record', 'another'))
        self.assertTrue(has(after, 'broken'))
        held, events, _confirm = step(announced, {'spf': ('fail', 'record', None)}, START + timedelta(minutes=60), muted={CAUSE})
        self.assertFalse(events, "a state that is held is of the cause that it had")
        self.assertTrue(has(held, 'untold'))
        _announced, [event] = follow_mutes(held, set(), {'spf'})
        self.assertEqual(event.kind, 'broken')
