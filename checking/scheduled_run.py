"""The scheduled check: bounded pieces, each committed, none of which can starve or stop another."""

import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from ..mailauth.contact import CONTROLS
from . import about_to_be_lost, changes, claiming, learning, looking
from .announcing import schedule_for_all_companies
from .isolation import isolated
from .schedule import SILENT_FIRST

_logger = logging.getLogger(__name__)

ACTIVITY_STUCK = 'mail_domain_health.mail_activity_type_check_stuck'
RUN_EVERY = timedelta(minutes=5)  # at most, for domains whose regular time has come
FINDINGS_AFTER = timedelta(hours=1)  # at the latest, where a look at everything takes longer
COMPANIES_AT_ONCE = 20  # whose rejections are read, or whose findings are followed, in one transaction
# In this order, each with the share of the run that it may use; each does one piece whatever the time.
STEPS = {
    '_follow_step': 0.3,
    '_learn_step': 0.2,
    '_look_step': 0.2,
    '_check_step': 1.0,
    '_lost_step': 1.0,
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


class AdditionalRun:
    """What a copy of the scheduled action does: it takes a share of the domains that are due, and nothing else.

    :param env: of the superuser
    """

    def __init__(self, env):
        self.env = env

    def work(self):
        """Look at domains until the time is up, and tell core what remains."""
        remaining = self._count_remaining()
        time_left = self._commit_progress(remaining=remaining)
        if not remaining or not time_left:
            return
        clock = Clock(time_left)
        is_blind = claiming.check_due(self.env, clock.is_over, lambda done, _failed: self._commit_progress(done))
        remaining = self._count_remaining() if clock.is_over() and not is_blind else 0
        for cron in self.env['ir.cron'].browse(self.env.context.get('cron_id')) if remaining else ():
            cron._trigger()
        self.env['mail.domain.health']._wake_cron(fields.Datetime.now() + claiming.SOON)  # findings follow
        self._commit_progress(remaining=remaining)

    def _count_remaining(self):
        return self.env['mail.domain.health'].search_count([('next_check', '<=', fields.Datetime.now())])

    def _commit_progress(self, processed=0, remaining=None):
        return self.env['ir.cron']._commit_progress(processed, remaining=remaining)


def tell_if_ceased(env):
    """Tell the responsible users where no run begins any more: core deactivates what fails for a week, and no run tells that.

    Other scheduled actions call this. What is told goes with the next run that leaves nothing undone.

    :param env: of the superuser
    """
    if env['mail.domain.health.run']._have_ceased():
        schedule_for_all_companies(env, lambda env: env._(
            "The scheduled check of your email domains no longer runs: nobody would notice if a record broke now. See whether "
            "it is active among Odoo's scheduled actions, and Odoo's log."), ACTIVITY_STUCK)


class ScheduledRun:
    """One run: follows what changed, reads what became of sent mail, and looks at every domain whose time has come.

    :param env: of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.Health, self.Note = env['mail.domain.health'], env['mail.domain.health.note']
        self.run = self.clock = None
        self.is_handed_out = False  # whether others look at the domains whose time has come
        self.is_blind = False  # whether no DNS answers here at all

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
        """Return how much there is to do here: domains whose time has come, and changes to be followed."""
        if self.is_handed_out:  # findings follow once others have looked, and then they wake the next run
            return self.Note.search_count([('scope', '!=', 'findings')])
        return self.Health.search_count(self._due()) + self.Note.search_count([])

    def _end(self):
        remaining = self._count_remaining()
        self.run.write({'ended': fields.Datetime.now(), 'remaining': remaining})
        self._wake_for_next(remaining)
        if not self.run.is_blind and not self.run._is_stuck() and not self.run._is_neglected():
            self.env['mail.activity'].search([
                ('res_model', '=', self.Health._name),
                ('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id)]).unlink()
        self._commit_progress(remaining=0 if self.is_blind else remaining)

    def _wake_for_next(self, remaining):
        """Have the next run begin when something is due again: not each for itself, where there are many."""
        now = fields.Datetime.now()
        if self.is_blind:
            self.Health._wake_cron(now + SILENT_FIRST)
        elif remaining and self.clock.is_over():
            # Core has the rest wait until a cron worker looks again by itself, up to a minute: nobody is told that it is due.
            self.Health._trigger_cron()
        [(at,)] = self.env.execute_query(SQL(
            """
            SELECT LEAST((SELECT min(next_check) FROM mail_domain_health WHERE active AND next_check > %(now)s),
                         (SELECT min(next_registration_look) FROM mail_domain_health
                           WHERE active AND next_registration_look > %(now)s),
                         (SELECT min(next_look) FROM mail_domain_health_record WHERE next_look > %(now)s))
            """, now=now))
        if at:
            self.Health._wake_cron(max(at, now + RUN_EVERY))

    def _tell_step(self):
        """Tell the responsible users, once, where run after run got nowhere, or a domain has waited for too long."""
        if self.run._are_stuck():
            schedule_for_all_companies(self.env, lambda env: env._(
                "The scheduled check of your email domains makes no progress: nobody would notice if a record "
                "broke now. See Odoo's log."), ACTIVITY_STUCK)
        elif self.run._are_blind():
            schedule_for_all_companies(self.env, lambda env: env._(
                "No name server has answered for a day: none of your email domains can be checked, and nobody would notice if "
                "a record broke now. See the name servers in Settings, Advanced, and whether this server may ask DNS."
            ), ACTIVITY_STUCK)
        elif self.run._is_neglected():
            schedule_for_all_companies(self.env, lambda env: env._(
                "Some of your email domains have not been checked for too long: nobody would notice if one of their records "
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
        self.is_handed_out = self.Health._hand_out()
        if self.is_handed_out:  # whether they see anything, they leave no word of
            self.run.is_blind = not mailauth.sees_dns(self.Health._get_resolver(), CONTROLS)
        else:
            if self.Health.search_count(self._due(), limit=claiming.BATCH + 1) > claiming.BATCH:
                self.Health._trigger_additional_crons()
            looked = self.run.done
            self.is_blind = claiming.check_due(self.env, self.clock.is_over, self._note)
            if self.run.done > looked:  # else it is as it was
                self.run.is_blind = self.is_blind
        if not self.is_blind and not self.clock.is_over():
            self.run.done += self.Health.search_count(self._due())  # others look at these just now

    def _note(self, done, failed):
        self.run.done += done
        self.run.failed += failed
        self._commit_progress(done)

    # Domains about to be lost

    def _lost_step(self):
        """Ask parent zones about names in records that may be registrable by anybody."""
        while about_to_be_lost.look_at_due(self.env, self._commit_progress):
            if self.clock.is_over():
                self.Health._trigger_cron()
                self._commit_progress()
                break

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
