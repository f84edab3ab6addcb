"""The scheduled check: bounded pieces, each committed, none of which can starve or stop another."""

import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields

from . import changes, learning, looking
from .announcing import schedule_for_all_companies
from .isolation import isolated
from .query import names_above_fragile
from .rows import Rows

_logger = logging.getLogger(__name__)

ACTIVITY_STUCK = 'mail_domain_health.mail_activity_type_check_stuck'
CRON_BATCH = 50  # domains whose questions share one cache and one event loop: what a killed worker loses
CRON_CLAIM = timedelta(minutes=15)  # after which what a killed worker had begun is due again
MAX_LOCKED = 1.0  # seconds after which what is stored is committed; the last domain and the database come on top
IDLE = 0.2  # seconds without another report after which those that are there are stored
FINDINGS_AFTER = timedelta(hours=1)  # at the latest, where a look at everything takes longer
COMPANIES_AT_ONCE = 20  # whose rejections are read, or whose findings are followed, in one transaction
# In this order, each with the share of the run that it may use; each does one piece whatever the time.
STEPS = {
    '_follow_step': 0.3,
    '_learn_step': 0.2,
    '_look_step': 0.2,
    '_check_step': 1.0,
    '_findings_step': 1.0,
}


class Clock:
    """How much of a run is left, and how much of it a step may use."""

    def __init__(self, time_left):
        self.end = time.monotonic() + time_left
        self.time_left = time_left
        self.step_end = self.end

    def share(self, part):
        self.step_end = min(self.end, time.monotonic() + part * self.time_left) if part < 1 else self.end

    def is_over(self):
        return time.monotonic() >= self.step_end


class ScheduledRun:
    """One run: follows what changed, reads what became of sent mail, and looks at every domain whose time has come.

    :param env: of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.Health, self.Note = env['mail.domain.health'], env['mail.domain.health.note']
        self.run = self.clock = None

    def work(self):
        """Do what there is time for, and tell core what remains."""
        # Before anything that takes time: or core takes a run that got nowhere for a complete one.
        time_left = self._commit_progress(remaining=self._count_remaining() + 1)
        if not time_left:  # core asks again in the same run, whose time is up
            return
        self.run = self.env['mail.domain.health.run']._begin()
        self._commit_progress()  # whatever goes wrong with what follows is undone, and the run would be with it
        self.clock = Clock(time_left)
        self._take_step('_tell_step')
        for step in self.run._order_steps(tuple(STEPS)):
            self.run.step = step
            self._commit_progress()
            self.clock.share(STEPS[step])
            self._take_step(step)
        self._end()

    def _take_step(self, step):
        """Do one of :data:`STEPS`; whatever goes wrong with it stops none of the others."""
        try:
            getattr(self, step)()
        except OperationalError:  # somebody else was faster, or the table is locked: the next run tries again
            self.env.cr.rollback()
            _logger.info("Email Domain Health: %s is left to the next run", step, exc_info=True)
        except Exception:
            self.env.cr.rollback()
            self.run.failed += 1
            _logger.exception("Email Domain Health: %s failed", step)

    def _commit_progress(self, processed=0, remaining=None):
        """Commit; return the seconds that the run has left."""
        return self.env['ir.cron']._commit_progress(processed, remaining=remaining)

    def _due(self):
        return [('next_check', '<=', fields.Datetime.now())]

    def _count_remaining(self):
        """Return how much there is to do: domains whose time has come, and changes to be followed."""
        return self.Health.search_count(self._due()) + self.Note.search_count([])

    def _end(self):
        remaining = self._count_remaining()
        self.run.write({'ended': fields.Datetime.now(), 'remaining': remaining})
        if not self.run._is_stuck():
            self.env['mail.activity'].search([
                ('res_model', '=', self.Health._name),
                ('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id)]).unlink()
        self._commit_progress(remaining=remaining)

    def _tell_step(self):
        """Tell the responsible users, once, where neither of the two runs before this one got anywhere."""
        before = self.run.search([('id', '<', self.run.id)], limit=2)
        if len(before) < 2 or not all(last._is_stuck() for last in before):
            return
        schedule_for_all_companies(self.env, lambda env: env._(
            "The scheduled check of your email domains makes no progress: nobody would notice if a record "
            "broke now. See Odoo's log."), ACTIVITY_STUCK)

    # Following changes

    def _follow_step(self):
        """Bring the sending paths up to date, piece by piece."""
        self.env['mail.domain.health.path']._begin_measuring()
        self._follow_changes()

    def _follow_changes(self):
        is_small = changes.is_small(self.env)
        companies = self.env['res.company'].search([('active', '=', True)])
        if self.run._has_to_refresh(is_small):
            if is_small:
                noted = self.Note.search([('scope', '!=', 'findings')])
                changes.refresh_or_log(self.env, companies)
                noted._forget()
            else:
                self.Note._add_missing('everything', companies.ids)
            self.run.refreshed_on = fields.Datetime.now()
            self._commit_progress()
        else:
            changes.notice_addresses(self.env)
        while note := self.Note.search([('scope', '!=', 'findings')], limit=1):
            changes.follow_note(note)
            self.run.done += 1
            self._commit_progress(1)
            if self.clock.is_over():
                break

    # Learning

    def _learn_step(self):
        """Read how much each sending path is used and what receivers said, some companies at a time."""
        run = self.run
        if not run._has_to_learn():
            return
        if not run.learned_to:
            run.learned_on = fields.Datetime.now()
            learning.learn_numbers(self.env)
            self._commit_progress()
        companies = self.env['res.company'].search([('active', '=', True), ('id', '>', run.learned_to)], order='id')
        for start in range(0, len(companies), COMPANIES_AT_ONCE):
            some = companies[start:start + COMPANIES_AT_ONCE]
            learning.learn_rejections(self.env, some)
            run.learned_to = some[-1].id if some[-1] != companies[-1] else 0
            self._commit_progress()
            if self.clock.is_over():
                break

    # Looking

    def _look_step(self):
        """Look at the records that somebody is publishing just now; once all are there, their domain is due."""
        while looking.look_at_due(self.env, self._commit_progress):
            if self.clock.is_over():
                self.Health._trigger_cron()
                self._commit_progress()
                break

    def _check_step(self):
        """Look at every domain whose time has come; what is looked at together is stored together."""
        due = self.Health.search(self._due(), order='next_check, id').ids
        if not due:
            return
        self.Health._trigger_cron(fields.Datetime.now() + CRON_CLAIM)
        fragile = names_above_fragile(self.env)
        for start in range(0, len(due), CRON_BATCH):
            chosen = due[start:start + CRON_BATCH]
            batch = self.Health.browse(chosen).try_lock_for_update(allow_referencing=True)
            self.run.done += len(chosen) - len(batch)  # a person looks at them just now
            # Claim them: the locks end with the commit, the claim stays for a while.
            batch.with_context(tracking_disable=True).next_check = fields.Datetime.now() + CRON_CLAIM
            self._commit_progress()
            self._check_batch(batch, fragile)
            if self.clock.is_over():
                break

    def _check_batch(self, batch, fragile):
        """Ask DNS about these domains and store what it says; those that there was no time for are due again at once.

        Some are stored whatever the time: or a run whose other steps took all of it would never look at any.
        """
        waiting, reports = set(batch.ids), []
        try:
            for domain_id, report in batch._check_by_id(fragile, idle=IDLE):
                if report:
                    reports.append((domain_id, report))
                if reports and (not report or len(reports) == CRON_BATCH):
                    waiting -= self._store(reports)
                    reports = []
                    if self.clock.is_over():
                        break
            waiting -= self._store(reports)
        finally:
            self.Health.browse(waiting).exists().with_context(tracking_disable=True).next_check = fields.Datetime.now()
            self._commit_progress()

    def _store(self, reports):
        """Store and commit reports, ``[(id of the domain, report)]``; what goes wrong with one stops no other.

        :return: the ids of the domains
        """
        ids = {domain_id for domain_id, _report in reports}
        while reports:
            try:
                stored = self._store_together(reports)
            except Exception:  # noqa: BLE001 - whose fault it is shows when each is stored alone
                self.env.cr.rollback()
                stored = sum(self._store_alone(*alone) for alone in reports)
                self.run.failed += len(reports) - stored
                reports = []
            self.run.done += stored
            self._commit_progress(stored)
            reports = reports[stored:]
        return ids

    def _store_together(self, reports):
        """Store the first of these reports in one transaction, as many as its locks may last; return how many."""
        began, rows = time.monotonic(), Rows()
        domains = self._lock(domain_id for domain_id, _report in reports)
        domains._read_together()
        by_id = {domain.id: domain for domain in domains}
        stored = 0
        for domain_id, report in reports:
            if domain_id in by_id:
                by_id[domain_id]._apply_report(report, rows)
            stored += 1
            if time.monotonic() - began > MAX_LOCKED:
                break
        self._create(rows)
        self.env.flush_all()
        return stored

    def _store_alone(self, domain_id, report):
        """Store and commit one report; return whether that went well."""
        rows = Rows()
        try:
            for domain in self._lock([domain_id]):
                domain._apply_report(report, rows)
            self._create(rows)
            self.env.cr.commit()  # pylint: disable=invalid-commit
        except Exception as error:
            _logger.error("Email Domain Health: cannot store the check of domain %s", domain_id, exc_info=error)
            self.env.cr.rollback()
            return False
        return True

    def _lock(self, ids):
        return self.Health.browse(ids).with_context(tracking_disable=True).try_lock_for_update(allow_referencing=True)

    def _create(self, rows):
        rows.write_to(self.env)
        self.Note._add_missing('findings', rows.company_ids)

    # Findings about a company's sending paths

    def _findings_step(self):
        """Follow what the checks say of a company's paths: once they are all looked at, for it reads them all."""
        if self.Health.search_count(self._due(), limit=1):
            oldest = self.Note.search([('scope', '=', 'findings')], limit=1)
            if not oldest or fields.Datetime.now() - oldest.noted_on < FINDINGS_AFTER:
                return
        while notes := self.Note.search([('scope', '=', 'findings')], limit=COMPANIES_AT_ONCE):
            companies = self.env['res.company'].browse(set(notes.mapped('company_id'))).exists().filtered('active')
            with isolated(self.env):
                self.env['mail.domain.health.path']._sync_findings(companies)
            self.run.done += len(notes)
            notes._forget()
            self._commit_progress(len(notes))
            if self.clock.is_over():
                break
