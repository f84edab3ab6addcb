import json
import runpy
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged

from ..checking import history_fold, history_row, retention
from ..models import mail_domain_health_check
from .common import DKIM_RECORD, DMARC_RECORD, HEALTHY, SPF_RECORD, DomainHealthCase

MIGRATION = Path(__file__).parent.parent / 'migrations' / '19.0.1.4.0' / 'post-history.py'
START = datetime(2026, 1, 1)
TLS_RPT = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@ours.example"'


@tagged('post_install', '-at_install')
class TestHistoryRows(DomainHealthCase):
    """Which looks leave a row, what is kept in it, and how long each lasted."""

    def setUp(self):
        super().setUp()
        self.domain = self.health('ours.example')
        self.publish('ours.example', *HEALTHY, TLS_RPT)

    def look(self, days=0):
        """Look, so many days after the last look; return the rows, the oldest first."""
        if days:
            dates = {name: self.domain[name] - timedelta(days=days) for name in ('last_check', 'state_since')}
            self.domain.write(dates)
            for check in self.domain.check_ids:
                check.write({'date': check.date - timedelta(days=days),
                             'look_before': check.look_before and check.look_before - timedelta(days=days)})
        self.domain.check_now()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.domain.check_ids.sorted('id')

    def test_looks_that_find_nothing_new_are_counted_and_not_stored(self):
        self.look()
        self.look(days=1)
        [row] = self.look(days=1)
        self.assertEqual((row.looks, row.until, row.lasted), (3, False, "2 days"))
        self.assertEqual(row.last_seen, self.domain.last_check)

    def test_a_row_tells_how_long_it_was_so_and_when_that_was_seen_last(self):
        self.look()
        self.look(days=3)
        self.publish('ours.example', SPF_RECORD, DKIM_RECORD, TLS_RPT)
        before, after = self.look(days=1)
        self.assertEqual((before.looks, before.until, before.lasted), (2, after.date, "4 days"))
        self.assertAlmostEqual(
            before.last_seen, after.date - timedelta(days=1), delta=timedelta(minutes=1), msg="what came between is not known")
        self.assertEqual((after.looks, after.until), (1, False))

    def test_an_answer_that_dns_does_not_give_is_no_change_where_the_verdict_stays(self):
        self.look()
        self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
        [row] = self.look()
        self.assertEqual(row.looks, 2)
        self.dns.clear_scripts()
        [row] = self.look()
        self.assertEqual(row.looks, 3)

    def test_what_went_while_dns_was_silent_is_told_by_the_next_whole_look(self):
        self.look()
        self.publish('ours.example', *HEALTHY)
        self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
        self.look()
        self.dns.clear_scripts()
        _first, gone = self.look()
        [record] = gone.change['records']
        self.assertEqual((record['name'], record['new']), ('_smtp._tls.ours.example', None))
        self.assertTrue(gone.is_complete)

    def test_what_dns_says_is_gone_is_told_so_though_it_does_not_answer_another_question(self):
        self.look()
        self.publish('ours.example', DKIM_RECORD, DMARC_RECORD, TLS_RPT)
        self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
        _first, gone = self.look()
        self.assertFalse(gone.is_complete)
        self.assertEqual([(record['name'], record['new']) for record in gone.change['records']], [('ours.example', None)])
        day = self.domain.read_day(fields.Date.to_string(fields.Datetime.now()))
        names = {record['name']: bool(record['seen_on']) for record in day['records']}
        self.assertNotIn('ours.example', [record['name'] for record in day['records'] if record['type'] == 'TXT'])
        self.assertEqual(names['_smtp._tls.ours.example'], True, "what DNS did not answer is as it was seen before")
        self.assertEqual(len(day['notes']), 1)
        self.publish('ours.example', *HEALTHY, TLS_RPT)
        _first, _gone, back = self.look()
        self.assertEqual([(record['name'], record['old']) for record in back.change['records']], [('ours.example', None)])

    def test_what_is_gone_leaves_a_row_though_the_verdict_stays_and_another_question_is_not_answered(self):
        self.look()
        self.publish('ours.example', *HEALTHY)
        self.dns.script('_mta-sts.ours.example', 'TXT', 'servfail')
        _first, gone = self.look()
        self.assertEqual([(record['name'], record['new']) for record in gone.change['records']], [('_smtp._tls.ours.example', None)])
        self.assertEqual(len(self.look()), 2, "once")
        self.dns.clear_scripts()
        self.assertEqual(len(self.look()), 2)

    def test_silence_takes_nothing_away_whoever_the_domain_is(self):
        for theirs in (False, True):
            with self.subTest(theirs=theirs):
                self.dns.clear_scripts()
                self.publish('ours.example', *HEALTHY, TLS_RPT)
                self.domain.write({'ownership': 'theirs' if theirs else 'ours', 'is_foreign': theirs})
                known = self.look()
                self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
                self.dns.script('ours.example', 'TXT', 'servfail')
                self.publish('ours.example', DKIM_RECORD, DMARC_RECORD)
                rows = self.look() - known
                self.assertFalse([record for row in rows for record in row.change['records']])
                day = self.domain.read_day(fields.Date.to_string(fields.Datetime.now()))
                self.assertIn('_smtp._tls.ours.example', [record['name'] for record in day['records']])

    def test_silence_about_a_key_takes_no_key_away(self):
        self.look()
        self.dns.script('odoo._domainkey.ours.example', '*', 'servfail')
        self.publish('ours.example', SPF_RECORD, DMARC_RECORD, TLS_RPT)
        rows = self.look()
        self.assertFalse([record for row in rows for record in row.change['records']])

    def test_what_is_new_is_told_though_dns_does_not_answer_the_rest(self):
        self.look()
        self.publish('ours.example', SPF_RECORD.replace('~all', '-all'), DKIM_RECORD, DMARC_RECORD, TLS_RPT)
        self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
        _first, changed = self.look()
        self.assertEqual([record['name'] for record in changed.change['records']], ['ours.example'])
        self.assertFalse(changed.is_complete)
        self.dns.clear_scripts()
        self.assertEqual(len(self.look()), 2)

    def test_a_domain_without_records_leaves_one_row(self):
        self.dns.set_zone('ours.example', '@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\nns1 A 192.0.2.53')
        self.look()
        self.assertEqual(len(self.look()), 1)

    def test_what_an_older_version_saw_last_is_no_change(self):
        self.look()
        self.domain.write({'places_seen': False, 'looks': 0})
        self.domain.check_ids.write({'look_number': 0, 'look_before': False})
        [row] = self.look()
        self.assertEqual(row.looks, 0, "it is not known how many there were")
        self.publish('ours.example', *HEALTHY)
        self.assertEqual(len(self.look()), 2)

    def test_a_hostile_zone_fills_no_row_beyond_its_bounds(self):
        huge = ' '.join(f'"{"x" * 250}"' for _string in range(14))
        self.publish('ours.example', *HEALTHY, *(f'@ TXT "v=spf1 ip4:192.0.2.{number} " {huge}' for number in range(15)))  # 52 KB: DNS has room for no more
        [row] = self.look()
        self.assertLessEqual(len(json.dumps(row.records)), history_row.MAX_BYTES)
        self.assertGreater(row.left_out, 8)
        self.assertFalse(row.is_complete, "what there is no room for is not gone")
        self.assertIn('dmarc', {record['area'] for record in row.records}, "what is huge takes no other's place")
        self.assertEqual(len(self.look()), 1)

    def test_a_zone_that_never_answers_all_is_not_remembered_for_ever(self):
        class Report:
            unanswered = ['x']

        report = Report()
        for number in range(30):
            report.records = [
                {'area': 'spf', 'name': f'{number}-{index}.example', 'type': 'TXT', 'value': 'v'} for index in range(50)]
            self.domain.places_seen = history_row.get_places(self.domain, None, report, ())
        self.assertLessEqual(len(self.domain.places_seen['places']), history_row.MAX_PLACES)

    def test_rows_of_many_domains_are_told_apart_in_one_query_of_all(self):
        domains = self.env['mail.domain.health'].create([{'name': f'd{number}.example'} for number in range(20)])
        checks = self.env['mail.domain.health.check'].create([
            {'domain_id': domain.id, 'date': fields.Datetime.now() - timedelta(days=days), 'state': 'pass', 'look_number': 11 - days}
            for domain in domains for days in (10, 5)])
        domains.looks = 8
        self.assertEqual(set(checks.mapped('lasted')), {"5 days"})
        self.env.flush_all()
        self.env.invalidate_all()
        checks.fetch(['date', 'domain_id', 'look_number', 'folded'])
        domains.fetch(['looks', 'last_check'])
        with self.assertQueryCount(3):  # the other two read the language of the words
            self.assertEqual(set(checks.mapped('looks')), {5, 3})

    def test_an_update_notes_that_the_newest_row_is_complete_where_the_last_look_was(self):
        migrate = runpy.run_path(str(MIGRATION))['migrate']
        for silent in (False, True):
            with self.subTest(silent=silent):
                if silent:
                    self.dns.script('_smtp._tls.ours.example', 'TXT', 'servfail')
                    self.publish('ours.example', *HEALTHY[:2], TLS_RPT)
                rows = self.look()
                self.env.cr.execute('UPDATE mail_domain_health_check SET is_complete = NULL WHERE domain_id = %s', [self.domain.id])
                migrate(self.env.cr, '19.0.1.3.0')
                self.env.invalidate_all()
                self.assertEqual(rows.mapped('is_complete'), [False, False] if silent else [True])

    def test_what_changed_is_said_in_lines_for_files(self):
        self.look()
        self.publish('ours.example', SPF_RECORD.replace('~all', '-all'), *HEALTHY[1:])
        _first, changed = self.look()
        lines = changed.change_text.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(any('v=spf1 include:_spf.odoo.com -all' in line and '~all' in line for line in lines))
        self.assertTrue(any('v=TLSRPTv1' in line for line in lines))


@tagged('post_install', '-at_install')
class TestRetention(TransactionCase):
    """How long history stays: what Settings say, whatever somebody wrote."""

    def setUp(self):
        super().setUp()
        self.domain = self.env['mail.domain.health'].create({'name': 'kept.example'})
        self.Check = self.env['mail.domain.health.check']
        self.Check.search([]).unlink()

    def rows(self, *days):
        return self.Check.create([{
            'domain_id': self.domain.id, 'state': 'pass', 'date': fields.Datetime.now() - timedelta(days=each)} for each in days])

    def keep(self, days):
        self.env['ir.config_parameter'].set_param(retention.PARAMETER_RETENTION, days)

    def test_a_year_is_kept_and_what_was_so_when_it_began(self):
        gone, held, inside, newest = self.rows(800, 400, 300, 10)
        self.Check._gc_checks()
        self.assertEqual(self.Check.search([]), newest | inside | held)
        self.assertFalse(gone.exists())

    def test_the_newest_row_stays_however_old(self):
        _old, newest = self.rows(900, 800)
        self.Check._gc_checks()
        self.assertEqual(self.Check.search([]), newest)

    def test_settings_say_how_long(self):
        self.keep(60)
        self.rows(300, 90, 50)
        self.Check._gc_checks()
        self.assertEqual(len(self.Check.search([])), 2)

    def test_of_a_domain_that_changes_all_the_time_the_newest_stay(self):
        other = self.env['mail.domain.health'].create({'name': 'steady.example'})
        steady = self.Check.create({'domain_id': other.id, 'state': 'pass', 'date': fields.Datetime.now() - timedelta(days=200)})
        rows = self.rows(*range(12, 0, -1))
        with patch.object(history_fold, 'get_most', lambda env: 5):
            self.Check._gc_checks()
        self.assertEqual(self.Check.search([]).sorted('id'), (steady | rows[-5:]).sorted('id'))

    def test_what_there_is_no_time_for_is_asked_for_again(self):
        self.rows(*range(420, 400, -1))
        with patch.object(mail_domain_health_check, 'REMOVED_AT_ONCE', 8):
            left = [self.Check._gc_checks() for _turn in range(3)]
        self.assertEqual([removed for removed, _remaining in left], [8, 8, 3])
        self.assertEqual([bool(remaining) for _removed, remaining in left], [True, True, False])

    def test_findings_that_were_resolved_go_with_it(self):
        def finding(days):
            return self.env['mail.domain.health.finding'].create({
                'domain_id': self.domain.id, 'code': 'spf.missing', 'name': f'{days}.example', 'area': 'spf', 'severity': 'error',
                'first_seen': '2020-01-01', 'last_seen': '2020-01-01',
                'resolved_on': days and fields.Datetime.now() - timedelta(days=days)})

        old, kept, lasting = finding(80), finding(20), finding(0)
        self.keep(60)
        self.env['mail.domain.health.finding']._gc_findings()
        self.assertEqual((old | kept | lasting).exists(), kept | lasting)

    def test_a_parameter_that_somebody_wrote_is_brought_within_its_bounds(self):
        for value, days in ((False, 365), ('x', 365), ('-5', 30), ('0', 30), ('1', 30), ('99999999', 3650), ('90', 90)):
            with self.subTest(value=value):
                self.keep(value)
                self.assertEqual(retention.get_days(self.env), days)
        self.assertEqual(retention.get_days(self.env, at_most=40), 40)

    def test_settings_take_days_within_bounds_only(self):
        company = self.env.company
        admin = new_test_user(self.env, 'keeper', 'base.group_system', company_id=company.id, company_ids=[(6, 0, company.ids)])
        Settings = self.env['res.config.settings'].with_user(admin)
        for days in (0, -1, 29, 3651):
            with self.subTest(days=days), self.assertRaisesRegex(UserError, '30.*3650'):
                Settings.create({'mail_domain_health_retention_days': days}).execute()
        self.assertEqual(Settings.default_get(['mail_domain_health_retention_days'])['mail_domain_health_retention_days'], 365)
        Settings.create({'mail_domain_health_retention_days': 730}).execute()
        self.assertEqual(retention.get_days(self.env), 730)


@tagged('post_install', '-at_install')
class TestFold(BaseCase):
    """Which rows of a domain that changes all the time go, and what the rows before them say then."""

    def fold(self, *rows, zone='UTC', first_stays=True):
        """Fold rows ``(hours since the start, verdict, whether complete)``; return which stay, by number, and what is folded."""
        made = [{'id': number, 'date': START + timedelta(hours=hours), 'state': state, 'is_complete': complete, 'folded': None,
                 'look_number': 100 + number, 'look_before': START + timedelta(hours=hours - 1)}
                for number, (hours, state, complete) in enumerate(rows)]
        gone, folded = history_fold.fold(made, zone, first_stays)
        return [row['id'] for row in made if row['id'] not in gone], folded

    def test_the_last_row_of_each_day_stays_and_the_one_before_tells_of_the_rest(self):
        rows = [(0, 'pass', True), *((25 + hour, 'fail' if hour % 2 else 'pass', True) for hour in range(5)), (50, 'pass', True)]
        stay, folded = self.fold(*rows)
        self.assertEqual(stay, [0, 5, 6])
        self.assertEqual(folded, {0: {
            'count': 4, 'state': 'fail', 'date': START + timedelta(hours=25), 'look_number': 101,
            'look_before': START + timedelta(hours=24)}})

    def test_days_end_where_most_users_are(self):
        rows = [(hours, 'pass', True) for hours in (0, 12, 13, 20, 30)]
        self.assertEqual(self.fold(*rows)[0], [0, 3, 4])
        self.assertEqual(self.fold(*rows, zone='Asia/Tokyo')[0], [0, 2, 4], "midnight there is 15:00 UTC")

    def test_of_what_a_row_did_not_see_the_last_one_that_did_stays(self):
        rows = [(0, 'pass', True), (1, 'fail', True), (2, 'pass', True), (3, 'unknown', False), (4, 'unknown', False), (30, 'pass', True)]
        self.assertEqual(self.fold(*rows)[0], [0, 2, 4, 5])

    def test_what_was_folded_before_is_added_and_begins_where_it_began(self):
        def row(number, hours, folded=None):
            return {'id': number, 'date': START + timedelta(hours=hours), 'state': 'pass', 'is_complete': True, 'look_number': number,
                    'look_before': START, 'folded': folded}

        known = {'count': 3, 'state': 'warning', 'date': '2026-01-01 00:30:00', 'look_number': 1, 'look_before': '2026-01-01 00:00:00'}
        gone, folded = history_fold.fold(
            [row(0, 0, known), row(1, 4, {**known, 'count': 2, 'state': 'fail'}), row(2, 5), row(3, 40)], 'UTC')
        self.assertEqual((gone, folded), ([1], {0: {**known, 'count': 6, 'state': 'fail'}}))

    def test_history_that_begins_on_a_day_that_is_folded_begins_with_what_was_so_when_it_ended(self):
        self.assertEqual(self.fold((1, 'pass', True), (2, 'fail', True), (30, 'pass', True), first_stays=False), ([1, 2], {}))


@tagged('post_install', '-at_install')
class TestFlapping(TransactionCase):
    """A domain that is another one with each look, for a year: bounded, and each day can be told."""

    def setUp(self):
        super().setUp()
        self.Check = self.env['mail.domain.health.check']
        self.Check.search([]).unlink()
        self.domain = self.env['mail.domain.health'].create({'name': 'flapping.example'})
        self.env['res.users'].search([]).partner_id.tz = 'UTC'
        self.now = fields.Datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)

    def flap(self, domain, days, each=1):
        """Have another SPF record, and another verdict, each some hours for so many days."""
        return self.Check.create([{
            'domain_id': domain.id, 'date': self.now - timedelta(hours=hours), 'state': 'fail' if hours % 2 else 'pass',
            'is_complete': True, 'look_number': 24 * days - hours, 'look_before': self.now - timedelta(hours=hours + 1),
            'records': [{'area': 'spf', 'name': domain.name, 'type': 'TXT', 'value': f'v=spf1 ip4:192.0.2.{hours % 2} -all', 'ttl': 60}],
        } for hours in range(24 * days, 0, -each)])

    def day(self, days):
        return self.domain.with_context(tz='UTC').read_day(fields.Date.to_string(self.now - timedelta(days=days)))

    def clean(self):
        self.Check._gc_checks()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_its_rows_are_bounded_and_what_was_published_on_each_day_is_known(self):
        self.flap(self.domain, 380)
        before = {days: self.day(days)['records'] for days in (3, 30, 200, 360)}
        self.clean()
        rows = self.Check.search_count([('domain_id', '=', self.domain.id)])
        self.assertLessEqual(rows, history_fold.get_most(self.env))
        self.assertLess(rows, 365 + 8 * 24 + 5, "a row a day, and the last week as it was")
        self.assertEqual({days: self.day(days)['records'] for days in before}, before)
        self.assertEqual([len(self.day(days)['notes']) for days in (3, 30, 200, 360)], [0, 1, 1, 1])
        self.assertIn('23', self.day(30)['notes'][0])
        kept = self.Check.search([('domain_id', '=', self.domain.id)])
        self.clean()
        self.assertEqual(self.Check.search([('domain_id', '=', self.domain.id)]), kept, "a second time changes nothing")

    def test_a_folded_row_says_how_long_it_was_so_and_the_day_is_as_bad_as_it_was(self):
        self.flap(self.domain, 30)
        self.clean()
        ended = self.Check.search([('folded', '!=', False)], order='date', limit=1)
        self.assertEqual((ended.looks, ended.until, ended.folded_count), (1, ended.date + timedelta(hours=1), 23))
        history = self.domain.with_context(tz='UTC').history
        self.assertEqual({day['state'] for day in history['days'][-29:-8]}, {'fail'})

    def test_what_changes_now_and_then_is_kept_as_it_was(self):
        rows = self.flap(self.domain, 365, each=7 * 24) | self.flap(self.domain, 60, each=24 * 20)
        burst = self.Check.create([{
            'domain_id': self.domain.id, 'date': self.now - timedelta(days=20, minutes=minutes), 'state': 'pass'} for minutes in range(30)])
        self.clean()
        self.assertEqual(self.Check.search([]), (rows | burst).exists().sorted(lambda row: (row.date, row.id), reverse=True))
        self.assertEqual(len(rows | burst), len((rows | burst).exists()))
