from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..checking.announcement import CONFIRM_AFTER
from ..checking.schedule import HOURLY, SILENT_FIRST, SILENT_LAG, Situation, latest, next_look
from .test_schedule import DAY, INTERVALS, NOW

BATCHES = 3 * 24 * 6  # three days of them


def examples(count):
    return settings(max_examples=count, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def looks():
    """Return a strategy of what one look leaves behind and when the next run comes, as :func:`follow` reads it."""
    days = st.integers(0, 40).map(lambda number: timedelta(days=number))
    hours = st.integers(0, 30).map(lambda number: timedelta(hours=number))
    return st.tuples(
        st.booleans(), st.none() | days, st.none() | hours, st.booleans(), st.booleans(),
        st.sampled_from((0, 300, 3600, 86400, 2 ** 31)),
        # A run comes when it comes: in time, late, or because a person or a change asked for it.
        st.sampled_from((timedelta(), timedelta(hours=5), None)))


def follow(seen, look):
    """Return what a domain leaves behind after such a look, the one before it being ``seen``."""
    is_used, broken_for, pending_for, is_publishing, is_silent, ttl, _late = look
    return replace(
        seen, is_used=is_used, broken_since=None if broken_for is None else seen.now - broken_for,
        pending_since=None if pending_for is None else seen.now - pending_for, is_publishing=is_publishing,
        silences=seen.silences + 1 if is_silent else 0, ttl=ttl)


def run(zones, interval, minutes, flips, resets, missed):
    """Simulate that each ten minutes one batch of ten is looked at, of one kind; return how long each waited, and the most.

    The order is that of ``claim_batch``: what has been due longest, what was silent an hour later; a batch takes one kind.

    :param list[bool] zones: whether the servers of each are silent
    :param dict flips: in which batch the servers of which zones fall silent or answer again
    :param set resets: in which batches somebody changes the configuration before: all are due at once
    :param set missed: which batches nobody is there for
    """
    silent, silences = list(zones), [0] * len(zones)
    due, waited = [NOW] * len(zones), [timedelta()] * len(zones)
    for batch in range(minutes // 10):
        now = NOW + timedelta(minutes=10 * batch)
        for zone in flips.get(batch, ()):
            silent[zone % len(zones)] = not silent[zone % len(zones)]
        if batch in resets:
            due = [min(at, now) for at in due]
        if batch in missed:
            continue
        turn = sorted((due[zone] + (SILENT_LAG if silences[zone] else timedelta()), zone) for zone in range(len(zones)) if due[zone] <= now)
        for zone in [zone for _at, zone in turn if bool(silences[zone]) == bool(silences[turn[0][1]])][:10]:
            waited[zone] = max(waited[zone], now - due[zone])
            silences[zone] = silences[zone] + 1 if silent[zone] else 0
            due[zone] = next_look(Situation(zone + 1, now, interval, silences=silences[zone]))
    end = NOW + timedelta(minutes=minutes)
    return [max(wait, end - at) for wait, at in zip(waited, due, strict=True)]


@tagged('post_install', '-at_install')
class TestTurns(BaseCase):
    """Any settings, and anything that DNS and people do (hypothesis: the same histories in each run).

    Two thousand histories of one domain, and 150 of up to a hundred that share the time: more of these take minutes.
    """

    @examples(2000)
    @given(st.integers(1, 10 ** 7), st.integers(0, 10 ** 8), st.sampled_from(INTERVALS), st.lists(looks(), min_size=1, max_size=12))
    def test_whatever_happens_the_next_look_comes_and_comes_in_time(self, domain_id, began, interval, history):
        seen = Situation(domain_id, NOW + timedelta(seconds=began), interval)
        for look in history:
            seen = follow(seen, look)
            at = next_look(seen)
            self.assertGreaterEqual(at - seen.now, min(SILENT_FIRST / 2, interval / 4))
            self.assertLessEqual(at - seen.now, latest(seen))
            if not seen.silences and seen.is_used:
                self.assertLessEqual(at - seen.now, max(interval, CONFIRM_AFTER))
            late = look[-1]
            seen = replace(seen, now=seen.now + (at - seen.now) / 3 if late is None else at + late)

    @examples(150)
    @given(
        st.integers(1, 100), st.sets(st.integers(0, 99), max_size=30), st.sampled_from((DAY, HOURLY)),
        st.dictionaries(st.integers(0, BATCHES), st.lists(st.integers(0, 99), max_size=20), max_size=20),
        st.sets(st.integers(0, BATCHES), max_size=10), st.sets(st.integers(0, BATCHES), max_size=10))
    def test_nothing_starves(self, zones, silent, interval, flips, resets, missed):
        """Neither the living nor the silent wait longer than it takes to look at all of them twice, and an hour.

        With more work than there is time for, too: a hundred domains, each hour, by sixty looks. What nobody was there for comes on top.
        """
        waited = run([zone in silent for zone in range(zones)], interval, 10 * BATCHES, flips, resets, missed)
        batches = 2 * -(-zones // 10) + len(missed)
        self.assertLessEqual(max(waited), SILENT_LAG + timedelta(minutes=10) * batches)
