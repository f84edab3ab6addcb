from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..checking.announcement import CONFIRM_AFTER
from ..checking.schedule import (
    BROKEN_FOR,
    CONFIRMED_WITHIN,
    HOURLY,
    MAX_TTL,
    SILENT_FIRST,
    SILENT_LONG,
    SILENT_MOST,
    Situation,
    after_outage,
    next_look,
)

NOW = datetime(2026, 3, 3, 12, 0)
DAY = timedelta(days=1)
INTERVALS = (timedelta(minutes=5), timedelta(hours=1), DAY, timedelta(weeks=1), timedelta(days=30))


def wait(**situation):
    """Return how long a domain waits for its next look."""
    seen = Situation(**{'domain_id': 7, 'now': NOW, 'interval': DAY, **situation})
    return next_look(seen) - seen.now


@tagged('post_install', '-at_install')
class TestSchedule(BaseCase):
    """When a domain is looked at next."""

    def test_domain_in_use_is_looked_at_daily_and_no_later(self):
        for domain_id in range(500):
            self.assertGreaterEqual(wait(domain_id=domain_id), DAY / 2)
            self.assertLessEqual(wait(domain_id=domain_id), DAY)

    def test_interval_of_settings_is_what_regular_means(self):
        for interval in INTERVALS:
            self.assertLessEqual(wait(interval=interval), interval)
            self.assertLessEqual(wait(interval=interval, broken_since=NOW), max(HOURLY, CONFIRM_AFTER))
            self.assertLessEqual(wait(interval=interval, broken_since=NOW), interval)

    def test_domain_that_nothing_uses_is_looked_at_weekly(self):
        for domain_id in range(500):
            self.assertGreaterEqual(wait(domain_id=domain_id, is_used=False), 3.5 * DAY)
            self.assertLessEqual(wait(domain_id=domain_id, is_used=False), 7 * DAY)

    def test_what_is_broken_or_being_published_is_looked_at_hourly(self):
        for situation in ({'broken_since': NOW - DAY}, {'is_publishing': True}):
            for is_used in (True, False):
                waited = wait(**situation, is_used=is_used)
                self.assertLessEqual(waited, HOURLY)
                self.assertGreaterEqual(waited, 0.9 * HOURLY)

    def test_what_stays_broken_is_looked_at_as_often_as_the_rest_after_two_weeks(self):
        self.assertGreater(wait(broken_since=NOW - BROKEN_FOR), DAY / 2 - HOURLY)

    def test_worse_state_is_confirmed_after_ten_minutes(self):
        self.assertEqual(wait(pending_since=NOW), CONFIRM_AFTER)
        self.assertEqual(wait(pending_since=NOW, broken_since=NOW, ttl=86400), CONFIRM_AFTER)

    def test_worse_state_that_dns_does_not_tell_about_is_not_asked_for_every_ten_minutes_for_ever(self):
        self.assertGreater(wait(pending_since=NOW - CONFIRMED_WITHIN), 0.8 * HOURLY)
        self.assertLessEqual(wait(pending_since=NOW - CONFIRMED_WITHIN), HOURLY)

    def test_nobody_looks_again_before_a_resolver_could_have_forgotten_the_old_answer(self):
        for ttl in (0, 3600, 7200):
            self.assertGreaterEqual(wait(broken_since=NOW, ttl=ttl), timedelta(seconds=ttl))
        for ttl in (86400, 2 ** 31, -5):
            self.assertLessEqual(wait(broken_since=NOW, ttl=ttl), 1.1 * MAX_TTL)

    def test_silent_domain_is_asked_after_ten_minutes_and_then_half_as_often_each_time(self):
        waits = [wait(domain_id=0, silences=number) for number in range(1, 60)]
        self.assertEqual(waits[:6], [SILENT_FIRST * 2 ** number for number in range(6)])
        self.assertEqual(waits[6], SILENT_MOST)
        self.assertEqual(waits[-1], SILENT_LONG)
        self.assertEqual(wait(domain_id=0, silences=20, is_used=False), SILENT_LONG)
        self.assertLessEqual(wait(silences=1000), SILENT_LONG)

    def test_silence_does_not_keep_a_break_from_being_confirmed(self):
        for number in range(1, 40):
            self.assertLessEqual(wait(silences=number, pending_since=NOW), HOURLY)

    def test_outage_of_our_own_is_not_held_against_a_domain(self):
        waits = [after_outage(domain_id, NOW) - NOW for domain_id in range(500)]
        self.assertGreaterEqual(min(waits), SILENT_FIRST)
        self.assertLessEqual(max(waits), 2 * SILENT_FIRST)

    def test_ten_thousand_domains_that_were_looked_at_together_are_spread_over_the_day(self):
        """And stay so: on no day is there an hour with twice its share."""
        domains = 10_000
        times = dict.fromkeys(range(1, domains + 1), NOW)
        for day in range(4):
            times = {domain_id: next_look(Situation(domain_id, at, DAY)) for domain_id, at in times.items()}
            if day:
                hours = [0] * 24
                for at in times.values():
                    hours[at.hour] += 1
                self.assertLess(max(hours), 2 * domains / 24, day)

    def test_same_domain_at_the_same_time_gets_the_same_answer(self):
        self.assertEqual(wait(domain_id=12345), wait(domain_id=12345))
