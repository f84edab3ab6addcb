"""The scheduled look at domains of contacts: politely, the most used first, in pieces that are each committed.

Any number of workers may do it side by side (scheduled actions that are copies of ours): each claims what it asks about.
"""

import logging
import time
from collections import deque
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from ..checking.scheduled_run import Clock
from ..mailauth.contact import CONTROLS, QUESTIONS, Pace, Reception, Silence
from . import consent, decisions, marks, pausing, storing

_logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=15)  # after which what a killed worker had begun is due again
STORED_AT_ONCE = 200  # domains
STORE_AFTER = 5.0  # seconds: what a killed worker loses at most
IDLE = 0.25  # seconds without another answer after which it is looked what else there is to do
LATENCY = 2.0  # seconds: so much is under way at once, at the rate that is allowed
LONGER = 20.0  # seconds after its time that a run waits for answers to what it asked
CONFIRMING = 20  # questions that a second source takes, about
GIVE_WAY = timedelta(minutes=1)  # until it is looked whether the watched domains are through
ATTEMPTS = 5  # to store, where others write the same rows


class ContactsRun:
    """One run: claims domains that are due, asks DNS, stores what it says.

    :param env: of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.Domain = env['mail.partner.domain']
        self.claimed = {}  # {name: row of storing.claim()} of what has no result yet
        self.waiting = deque()  # of these, what DNS has not been asked about
        self.results = []  # what is to be stored
        self.doubtful = []  # what a second source is to be asked about first
        self.silence = Silence()
        self.clock = None
        self.rate = consent.DEFAULT_RATE  # questions a second that this worker may ask
        self.is_dead = False

    def work(self):
        """Do what there is time for, and tell core what remains."""
        if consent.is_needed(self.env, consent.count_domains(self.env)):
            self._commit_progress(remaining=0)  # a person's answer wakes us
            return
        remaining = self._count_due()
        if remaining and watched_come_first(self.env):
            self._wait(fields.Datetime.now() + GIVE_WAY)
            return
        pause = pausing.get_pause(self.env)
        if pause.until > fields.Datetime.now():
            self._wait(pause.until)
            return
        # Before anything that takes time: or core takes a run that was killed for a complete one.
        time_left = self._commit_progress(remaining=remaining)
        if not remaining or not time_left:
            return
        self.clock = Clock(time_left)
        self.rate = consent.get_rate(self.env) / max(1, self.Domain._count_workers())
        self.resolver = self.env['mail.domain.health']._get_resolver()
        self.pace = Pace(self.resolver, self.rate)
        self.silence.pauses = pause.number
        self.is_dead = bool(pause.number) and not self._sees_dns()
        try:
            self._look()
            self._confirm()
        finally:
            self._store()
            self._free()
        if self.is_dead:
            self._wait(self._begin_pause())
        elif remaining := self._count_due():
            # Core has the rest wait until a cron worker looks again by itself, up to a minute: nobody is told that it is due.
            for cron in self.env['ir.cron'].browse(self.env.context.get('cron_id')):
                cron._trigger()
            self._commit_progress(remaining=remaining)
        else:
            self._commit_progress(remaining=0)

    def _count_due(self):
        return self.Domain.search_count([('next_check', '<=', fields.Datetime.now()), ('mailable_count', '>', 0)])

    def _commit_progress(self, processed=0, remaining=None):
        return self.env['ir.cron']._commit_progress(processed, remaining=remaining)

    def _wait(self, until):
        """Begin again then, and not at once."""
        self.Domain._trigger_cron(until)
        self._commit_progress(remaining=0)

    def _sees_dns(self):
        """Whether the name servers in use answer; asked past the pace of the run."""
        return mailauth.sees_dns(self.env['mail.domain.health']._get_resolver(), CONTROLS)

    def _begin_pause(self):
        """Have the name servers in use left alone for longer than the last time; return until when."""
        try:
            until = pausing.begin(self.env, self.silence)
            self._commit_progress()
        except OperationalError:  # another worker does the same
            self.env.cr.rollback()
            until = pausing.get_pause(self.env).until
        return until

    # Asking

    def _look(self):
        """Ask about one domain after the other until the time is up, and wait for what is under way then."""
        began = time.monotonic()
        looks = mailauth.iter_contact_domains(
            self.resolver, self._names(), spf=self.Domain._needs_spf(), idle=IDLE)
        for found in looks:
            if found:
                self._take(found)
            if len(self.results) >= STORED_AT_ONCE or self.results and time.monotonic() - began > STORE_AFTER:
                self._store()
                began = time.monotonic()
            if self.is_dead or time.monotonic() > self.clock.end + LONGER:
                break

    def _names(self):
        """Yield what is to be asked about next, and ``None`` where it can wait: for its turn, or because much is under way."""
        at_once = min(STORED_AT_ONCE, max(1, self.rate * LATENCY / QUESTIONS))
        while not self._has_enough():
            if len(self.claimed) - len(self.waiting) - len(self.doubtful) >= at_once:
                yield None
                continue
            if not self.waiting and not self._claim(at_once):
                return
            yield self.waiting.popleft() if self.pace.lets(QUESTIONS) else None

    def _has_enough(self):
        """Whether no more can be asked about in what is left of the time, second sources included."""
        confirming = len(self.doubtful) * CONFIRMING / self.rate
        return self.is_dead or self.clock.is_over() or time.monotonic() + confirming >= self.clock.end

    def _claim(self, at_once):
        """Claim some more; return whether there are any that may be asked about now."""
        if watched_come_first(self.env):
            return False
        now = fields.Datetime.now()
        for _attempt in range(ATTEMPTS):
            try:
                rows = storing.claim(self.env, int(max(at_once, 10)), now + CLAIM, now)
                self._commit_progress()
                break
            except OperationalError:  # another worker wrote them since our transaction began
                self.env.cr.rollback()
        else:
            return False
        self.claimed.update((row['name'], row) for row in rows)
        self.waiting.extend(row['name'] for row in rows)
        return bool(rows)

    def _take(self, found):
        row = self.claimed[found.name]
        if self.silence.hears(found.reception is not Reception.UNKNOWN) and not self._sees_dns():
            self.is_dead = True
        known = marks.Known(row['reception'], row['mark'], row['unreachable_since'])
        if marks.needs_second_source(known, found.reception, fields.Datetime.now()):
            self.doubtful.append(found)
        else:
            self.results.append((self.claimed.pop(found.name), found, None))

    def _confirm(self):
        """Ask a second source about what cannot receive mail, as far as there is time."""
        if not self.doubtful or self.is_dead:
            return
        self._store()
        looks = {found.domain: found for found in self.doubtful}
        for confirmation in mailauth.iter_confirmations(self.resolver, self.pace.each(looks, CONFIRMING), idle=IDLE):
            if confirmation:
                found = looks[confirmation.domain]
                self.results.append((self.claimed.pop(found.name), found, confirmation.opinion))
                if confirmation.why:
                    _logger.info("Email Domain Health: %s: %s", confirmation.domain, confirmation.why)
            if time.monotonic() > self.clock.end + 2 * LONGER:
                break

    # Storing

    def _store(self):
        """Write and commit what was found."""
        results, self.results = self.results, []
        if self.is_dead:  # then what was not answered says nothing about these domains
            self.results = [result for result in results if result[1].reception is Reception.UNKNOWN]
            results = [result for result in results if result[1].reception is not Reception.UNKNOWN]
        if not results:
            return
        for attempt in range(ATTEMPTS):
            try:
                if storing.store(self.env, results, fields.Datetime.now()):
                    decisions.tell(self.env)
                if not self.silence.pauses:
                    pausing.end(self.env)
                self._commit_progress(len(results))
                return
            except OperationalError:
                self.env.cr.rollback()
                if attempt + 1 == ATTEMPTS:
                    raise
                _logger.info("Email Domain Health: domains of contacts are stored once more", exc_info=True)

    def _free(self):
        """What there was no time for is due again at once."""
        ids = [row['id'] for row in self.claimed.values()] + [row['id'] for row, _found, _opinion in self.results]
        if ids:
            storing.free(self.env, ids, fields.Datetime.now())
            self._commit_progress()


def watched_come_first(env):
    """Whether the check of our own domains waits for its turn or is under way: then contacts' domains can wait."""
    cron = env['mail.domain.health']._get_cron()
    now = fields.Datetime.now()
    [(comes_first,)] = env.execute_query(SQL(
        """
        SELECT EXISTS (SELECT FROM mail_domain_health WHERE active AND next_check <= %(now)s)
           AND (EXISTS (SELECT FROM ir_cron WHERE id = %(cron)s AND active AND (
                           nextcall <= %(now)s
                           OR EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = %(cron)s AND call_at <= %(now)s)))
                OR EXISTS (SELECT FROM mail_domain_health_run WHERE ended IS NULL AND started > %(recently)s))
        """, now=now, cron=cron.id or 0, recently=now - CLAIM))
    return comes_first
