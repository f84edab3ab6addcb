from datetime import timedelta

from odoo import fields
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
