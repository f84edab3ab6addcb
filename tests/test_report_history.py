from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..display.history import DAYS, MAX_CHECKS
from .common import HEALTHY, SPF_RECORD, DomainHealthCase


@tagged('post_install', '-at_install')
class TestDomainHistory(DomainHealthCase):
    """The last 90 days of a domain: a day each, what changed, how long each verdict held."""

    def setUp(self):
        super().setUp()
        self.domain = self.env['mail.domain.health'].create({'name': 'history.example'})

    def look(self, state, date, *records, **values):
        """Have a look that found this; ``date`` is in UTC or days ago."""
        if isinstance(date, (int, float)):
            date = fields.Datetime.now() - timedelta(days=date)
        return self.env['mail.domain.health.check'].create({
            'domain_id': self.domain.id, 'date': date, 'state': state, 'is_complete': True, **values,
            'records': [{'area': 'spf', 'name': name, 'type': 'TXT', 'value': value, 'ttl': 60} for name, value in records]})

    def history(self, **context):
        self.domain.invalidate_recordset()
        return self.domain.with_context(**context).history

    def test_a_verdict_holds_until_another_one_and_the_day_of_the_change_is_as_bad_as_it_was(self):
        self.look('fail', 30)
        self.look('pass', 10)
        days = self.history(tz='UTC')['days']
        self.assertEqual(len(days), DAYS)
        self.assertEqual([day['state'] for day in days], [None] * 59 + ['fail'] * 21 + ['pass'] * 10)
        self.assertEqual([len(day['changes']) for day in days if day['changes']], [1, 1])

    def test_what_was_before_the_90_days_still_holds_and_is_no_change_of_theirs(self):
        self.look('fail', 300)
        self.look('warning', 200)
        history = self.history(tz='UTC')
        self.assertEqual({day['state'] for day in history['days']}, {'warning'})
        self.assertFalse(history['changes'])
        [period] = history['periods']
        self.assertEqual((period['state'], period['end']), ('warning', None))

    def test_days_are_those_of_the_user(self):
        noon = fields.Datetime.now().replace(hour=23, minute=30) - timedelta(days=5)
        self.look('pass', noon)
        days = {tz: [day['date'] for day in self.history(tz=tz)['days'] if day['changes']] for tz in ('UTC', 'Asia/Tokyo')}
        date = noon.date()
        self.assertEqual(days, {'UTC': [str(date)], 'Asia/Tokyo': [str(date + timedelta(days=1))]})

    def test_a_change_tells_old_and_new(self):
        self.look('fail', 3, ('history.example', 'v=spf1 -all'), ('old.example', 'x'), spf_state='fail')
        self.look('pass', 1, ('history.example', 'v=spf1 mx -all'), ('new.example', 'y'), spf_state='pass')
        new, old = self.history()['changes']
        self.assertEqual(old['records'], [], "a first look tells no change")
        self.assertEqual([(each['title'], each['old'], each['new']) for each in new['verdicts']], [
            ("Verdict", "Rejected or filed as spam", "OK"), ("Permission to send (SPF)", "Rejected or filed as spam", "OK")])
        self.assertEqual([(each['name'], each['old'], each['new']) for each in new['records']], [
            ('history.example', 'v=spf1 -all', 'v=spf1 mx -all'), ('new.example', None, 'y'), ('old.example', 'x', None)])
        self.assertEqual(self.domain.check_ids[0].change, new)

    def test_what_dns_did_not_answer_is_neither_gone_nor_new(self):
        kept, changed = ('history.example', 'v=spf1 -all'), ('history.example', 'v=spf1 ~all')
        self.look('pass', 4, kept)
        self.look('unknown', 3, is_complete=False)
        self.look('pass', 2, kept)
        self.look('unknown', 1, is_complete=False)
        self.look('pass', 0.5, changed)
        records = [change['records'] for change in self.history()['changes']]
        self.assertEqual(records[1:], [[], [], [], []])
        self.assertEqual([(each['old'], each['new']) for each in records[0]], [(kept[1], changed[1])])
        self.assertEqual([check.change['records'] for check in self.domain.check_ids], records)

    def test_a_check_notes_whether_dns_answered_all(self):
        domain = self.health('ours.example')
        self.publish('ours.example', *HEALTHY)
        domain.check_now()
        self.assertTrue(domain.check_ids.is_complete)
        self.publish('ours.example', SPF_RECORD)
        self.dns.script('_dmarc.ours.example', 'TXT', 'servfail')
        domain.check_now()
        self.assertEqual(domain.check_ids.sorted('id').mapped('is_complete'), [True, False])

    def day(self, days, **context):
        """Return what is told of the day so many days ago."""
        date = fields.Date.to_string(fields.Datetime.now() - timedelta(days=days))
        return self.domain.with_context(**{'tz': 'UTC', **context}).read_day(date)

    def told(self, day):
        return [(record['name'], record['value'], bool(record['seen_on'])) for record in day['records']]

    def test_a_day_tells_what_was_published_when_it_ended(self):
        old, new = ('history.example', 'v=spf1 -all'), ('history.example', 'v=spf1 mx -all')
        self.look('fail', 300, old, spf_state='fail')
        changed = self.look('pass', 200, new, spf_state='pass')
        before, on, after = self.day(201), self.day(200), self.day(20)
        self.assertEqual((before['state'], self.told(before)), ('fail', [(*old, False)]))
        self.assertEqual([each['state'] for each in before['verdicts']], ['fail'])
        self.assertEqual((before['lasted'], before['until']), ("3 months", fields.Datetime.to_string(changed.date)))
        self.assertEqual((on['state'], self.told(on)), ('pass', [(*new, False)]))
        self.assertEqual([each['id'] for each in on['changes']], changed.ids)
        self.assertEqual((after['state'], self.told(after), after['changes'], after['until']), ('pass', [(*new, False)], [], None))

    def test_a_day_is_one_of_the_user(self):
        noon = fields.Datetime.now().replace(hour=23, minute=30) - timedelta(days=5)
        self.look('pass', noon, ('history.example', 'v=spf1 -all'))
        date = str(noon.date())
        self.assertEqual(self.domain.with_context(tz='UTC').read_day(date)['state'], 'pass')
        self.assertIsNone(self.domain.with_context(tz='Asia/Tokyo').read_day(date)['state'])

    def test_of_a_day_without_an_answer_of_dns_what_was_seen_before_is_told_with_its_date(self):
        spf, dmarc = ('history.example', 'v=spf1 -all'), ('_dmarc.history.example', 'v=DMARC1; p=none')
        seen = self.look('pass', 20, spf, dmarc)
        self.look('unknown', 10, dmarc, is_complete=False)
        day = self.day(5)
        self.assertEqual(day['state'], 'unknown')
        self.assertEqual(sorted(self.told(day)), [(*dmarc, False), (*spf, True)])
        self.assertEqual({record['seen_on'] for record in day['records'] if record['seen_on']}, {fields.Datetime.to_string(seen.date)})
        self.assertEqual(len(day['notes']), 1)
        self.look('pass', 3, spf)
        self.assertEqual(self.told(self.day(2)), [(*spf, False)], "a look that saw all tells that it is gone")

    def test_a_day_of_which_nothing_is_stored_says_why_and_tells_nothing(self):
        whys = [self.day(3)['notes']]  # not checked yet
        self.look('pass', 10, ('history.example', 'v=spf1 -all'))
        for days in (20, 500, -3):  # before the first look, beyond what is kept, to come
            day = self.day(days)
            self.assertEqual((day['state'], day['records'], day['changes'], day['since']), (None, [], [], None))
            whys.append(day['notes'])
        self.assertEqual([len(why) for why in whys], [1] * 4)
        self.assertEqual(len({why for [why] in whys}), 4)
        self.assertIn('365', whys[2][0])

    def test_a_day_between_two_looks_that_differ_is_not_claimed_to_be_known(self):
        self.look('pass', 30, look_number=1)
        self.look('fail', 10, look_number=9, look_before=fields.Datetime.now() - timedelta(days=20))
        known, between = self.day(25), self.day(15)
        self.assertEqual((known['state'], known['notes'], known['looks']), ('pass', [], 8))
        self.assertEqual((between['state'], len(between['notes'])), ('pass', 1))
        self.domain.write({'looks': 9, 'last_check': fields.Datetime.now() - timedelta(days=10)})
        self.assertEqual([len(self.day(days)['notes']) for days in (10, 5)], [0, 1], "nobody has looked since")

    def test_what_a_row_had_no_room_for_is_said(self):
        self.look('pass', 5, ('history.example', 'v=spf1 -all'), is_complete=False, left_out=12)
        [note] = self.day(2)['notes']
        self.assertIn('12', note)

    def test_what_is_no_day_is_refused(self):
        for date in ('x', '', None, False, '2026-02-30', '0001-01-01', '9999-12-31', '03/03/2026'):
            with self.subTest(date=date), self.assertRaises(UserError):
                self.domain.read_day(date)

    def test_a_day_costs_few_queries_however_much_is_stored(self):
        for days in range(200, 0, -1):
            self.look('pass' if days % 2 else 'fail', days, ('history.example', f'v=spf1 ip4:192.0.2.{days} -all'))
        self.env.flush_all()
        self.day(100)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.assertEqual(len(self.day(100)['records']), 1)

    def test_periods_are_told_once_each_with_the_newest_first(self):
        for state, days in (('pass', 60), ('fail', 40), ('fail', 30), ('pass', 20)):
            self.look(state, days)
        periods = self.history()['periods']
        self.assertEqual([period['state'] for period in periods], ['pass', 'fail', 'pass'])
        self.assertEqual(periods[1]['end'], periods[0]['start'])

    def test_it_costs_one_query_however_much_changed(self):
        for days in range(40, 0, -1):
            self.look('pass' if days % 2 else 'fail', days, ('history.example', f'v=spf1 ip4:192.0.2.{days} -all'))
        self.env.flush_all()
        self.history()
        self.domain.invalidate_recordset()
        self.env['mail.domain.health.check'].invalidate_model()
        self.domain.name  # noqa: B018 what every screen reads
        with self.assertQueryCount(1):
            self.assertTrue(self.domain.history['changes'])

    def test_a_history_that_is_too_long_tells_the_newest_part(self):
        for number in range(MAX_CHECKS + 20):
            self.look('fail' if number % 2 else 'pass', 50 - number / 20)
        history = self.history()
        self.assertEqual(len(history['changes']), MAX_CHECKS - 1)
        self.assertEqual(history['days'][-1]['state'], 'fail')
