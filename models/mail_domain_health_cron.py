import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from .mail_domain_health import ROWS, Rows
from .mail_domain_health_run import ACTIVITY_STUCK

_logger = logging.getLogger(__name__)

CRON_BATCH = 50  # domains whose questions share one cache and one event loop: what a killed worker loses
CRON_CLAIM = timedelta(minutes=15)  # after which what a killed worker had begun is due again
MAX_LOCKED = 1.0  # seconds after which what is stored is committed; the last domain and the database come on top
IDLE = 0.2  # seconds without another report after which those that are there are stored
OVERDUE_AFTER = 2.5  # of the shortest time between two daily runs
FINDINGS_AFTER = timedelta(hours=1)  # at the latest, where a look at everything takes longer
COMPANIES_AT_ONCE = 20  # whose refusals are read, or whose findings are followed, in one transaction
# In this order, each with the share of the run that it may use; each does one piece whatever the time.
STEPS = {
    '_follow_step': 0.3,
    '_learn_step': 0.2,
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


class MailDomainHealth(models.Model):
    """The scheduled check: bounded pieces, each committed, none of which can starve or stop another."""

    _inherit = 'mail.domain.health'

    is_working_out = fields.Boolean(compute='_compute_is_working_out', help="Its ways of mail are older than a change.")

    @api.depends('company_ids')
    def _compute_is_working_out(self):
        Note = self.env['mail.domain.health.note']
        for domain in self:
            domain.is_working_out = not Note._are_worked_out(domain.sudo().company_ids)

    @api.model
    def _cron_check(self):
        """Follow what changed, read what became of sent mail, and look at every domain whose time has come."""
        if self._is_neutralized():
            return
        self = self.sudo()  # noqa: PLW0642
        # Before anything that takes time: or core takes a run that got nowhere for a complete one.
        time_left = self._commit_progress(remaining=self._count_remaining() + 1)
        if not time_left:  # core asks again in the same run, whose time is up
            return
        run = self.env['mail.domain.health.run']._begin()
        self._commit_progress()  # whatever goes wrong with what follows is undone, and the run would be with it
        clock = Clock(time_left)
        self._take_step('_tell_step', run, clock)
        for step in run._order_steps(tuple(STEPS)):
            run.step = step
            self._commit_progress()
            clock.share(STEPS[step])
            self._take_step(step, run, clock)
        self._end_run(run)

    @api.model
    def _take_step(self, step, run, clock):
        """Do one of :data:`STEPS`; whatever goes wrong with it stops none of the others."""
        try:
            getattr(self, step)(run, clock)
        except OperationalError:  # somebody else was faster, or the table is locked: the next run tries again
            self.env.cr.rollback()
            _logger.info("Email Domain Health: %s is left to the next run", step, exc_info=True)
        except Exception:
            self.env.cr.rollback()
            run.failed += 1
            _logger.exception("Email Domain Health: %s failed", step)

    @api.model
    def _commit_progress(self, processed=0, remaining=None):
        """Commit; return the seconds that the run has left."""
        return self.env['ir.cron']._commit_progress(processed, remaining=remaining)

    @api.model
    def _count_remaining(self):
        """Return how much there is to do: domains whose time has come, and changes to be followed."""
        return self.search_count([('next_check', '<=', fields.Datetime.now())]) \
            + self.env['mail.domain.health.note'].search_count([])

    @api.model
    def _end_run(self, run):
        remaining = self._count_remaining()
        run.write({'ended': fields.Datetime.now(), 'remaining': remaining})
        if not run._is_stuck():
            self.env['mail.activity'].search([
                ('res_model', '=', self._name), ('activity_type_id', '=', self.env.ref(ACTIVITY_STUCK).id)]).unlink()
        self._commit_progress(remaining=remaining)

    @api.model
    def _tell_step(self, run, clock):
        """Tell the responsible users, once, where neither of the two runs before this one got anywhere."""
        before = run.search([('id', '<', run.id)], limit=2)
        if len(before) < 2 or not all(last._is_stuck() for last in before):
            return
        for company in self.env['res.company'].search([('active', '=', True)]):
            domain = company.alias_domain_id.mail_domain_health_id or self.search([('company_ids', 'in', company.ids)], limit=1)
            for user in company._get_mail_health_user() if domain else ():
                domain = domain.with_context(lang=user.lang)
                domain._schedule_activity(user, domain.env._(
                    "The scheduled check of your email domains gets nowhere: nobody would notice if a record broke now. "
                    "Look into Odoo's log."), ACTIVITY_STUCK)

    @api.model
    def _get_progress(self, company):
        """Return ``{working_out, last_run, is_run_overdue}``: whether a company's ways of mail are older than a change, when
        the scheduled check last left nothing undone (UTC, as text, or ``None``), and whether it should have again since."""
        self.env['mail.domain.health.run'].flush_model()
        [(is_noted, last, first)] = self.env.execute_query(SQL(
            """
            SELECT EXISTS (SELECT FROM mail_domain_health_note WHERE company_id = %s AND scope != 'findings'),
                   (SELECT MAX(ended) FROM mail_domain_health_run WHERE ended IS NOT NULL AND remaining = 0),
                   (SELECT MIN(started) FROM mail_domain_health_run)
            """, company.id))
        since = last or first
        return {
            'working_out': is_noted and not self._is_neutralized(),
            'last_run': fields.Datetime.to_string(last) if last else None,
            'is_run_overdue': bool(since) and fields.Datetime.now() - since > OVERDUE_AFTER * self._get_interval(),
        }

    # Following changes

    @api.model
    def _follow_step(self, run, clock):
        """Bring the ways of mail up to date, piece by piece."""
        self.env['mail.domain.health.path']._begin_measuring()
        self._follow_changes(run, clock)

    @api.model
    def _follow_changes(self, run, clock):
        Note = self.env['mail.domain.health.note']
        is_small = self._is_small()
        companies = self.env['res.company'].search([('active', '=', True)])
        if run._has_to_refresh(is_small):
            if is_small:
                noted = Note.search([('scope', '!=', 'findings')])
                self._refresh_or_log(companies)
                noted._forget()
            else:
                Note._add_missing('everything', companies.ids)
            run.refreshed_on = fields.Datetime.now()
            self._commit_progress()
        while note := Note.search([('scope', '!=', 'findings')], limit=1):
            self._follow_note(note)
            run.done += 1
            self._commit_progress(1)
            if clock.is_over():
                break

    # Learning

    @api.model
    def _learn_step(self, run, clock):
        """Read how much each way of mail is used and what receivers said, some companies at a time."""
        if not run._has_to_learn():
            return
        if not run.learned_to:
            run.learned_on = fields.Datetime.now()
            self._learn_numbers()
            self._commit_progress()
        companies = self.env['res.company'].search([('active', '=', True), ('id', '>', run.learned_to)], order='id')
        for start in range(0, len(companies), COMPANIES_AT_ONCE):
            some = companies[start:start + COMPANIES_AT_ONCE]
            self._learn_refusals(some)
            run.learned_to = some[-1].id if some[-1] != companies[-1] else 0
            self._commit_progress()
            if clock.is_over():
                break

    # Looking

    @api.model
    def _check_step(self, run, clock):
        """Look at every domain whose time has come; what is looked at together is stored together."""
        due = self.search([('next_check', '<=', fields.Datetime.now())], order='next_check, id').ids
        if not due:
            return
        self._trigger_cron(fields.Datetime.now() + CRON_CLAIM)
        fragile = self._get_above_fragile()
        for start in range(0, len(due), CRON_BATCH):
            chosen = due[start:start + CRON_BATCH]
            batch = self.browse(chosen).try_lock_for_update(allow_referencing=True)
            run.done += len(chosen) - len(batch)  # a person looks at them just now
            # Claim them: the locks end with the commit, the claim stays for a while.
            batch.with_context(tracking_disable=True).next_check = fields.Datetime.now() + CRON_CLAIM
            self._commit_progress()
            self._check_batch(batch, run, clock, fragile)
            if clock.is_over():
                break

    def _check_batch(self, batch, run, clock, fragile):
        """Ask DNS about these domains and store what it says; those that there was no time for are due again at once.

        Some are stored whatever the time: or a run whose other steps took all of it would never look at any.
        """
        waiting, reports = set(batch.ids), []
        try:
            for domain_id, report in batch._check_by_id(fragile, idle=IDLE):
                if report:
                    reports.append((domain_id, report))
                if reports and (not report or len(reports) == CRON_BATCH):
                    waiting -= self._store_in_cron(reports, run)
                    reports = []
                    if clock.is_over():
                        break
            waiting -= self._store_in_cron(reports, run)
        finally:
            self.browse(waiting).exists().with_context(tracking_disable=True).next_check = fields.Datetime.now()
            self._commit_progress()

    def _store_in_cron(self, reports, run):
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
                run.failed += len(reports) - stored
                reports = []
            run.done += stored
            self._commit_progress(stored)
            reports = reports[stored:]
        return ids

    def _store_together(self, reports):
        """Store the first of these reports in one transaction, as many as its locks may last; return how many."""
        began, rows = time.monotonic(), Rows()
        domains = self.browse(domain_id for domain_id, _report in reports).with_context(
            tracking_disable=True, **{ROWS: rows}).try_lock_for_update(allow_referencing=True)
        domains._read_together()
        by_id = {domain.id: domain for domain in domains}
        stored = 0
        for domain_id, report in reports:
            if domain_id in by_id:
                by_id[domain_id]._apply_report(report)
            stored += 1
            if time.monotonic() - began > MAX_LOCKED:
                break
        for model, values in rows.items():
            self.env[model].create(values)
        self.env['mail.domain.health.note']._add_missing('findings', rows.company_ids)
        self.env.flush_all()
        return stored

    def _store_alone(self, domain_id, report):
        """Store and commit one report; return whether that went well."""
        rows = Rows()
        try:
            domain = self.browse(domain_id).with_context(tracking_disable=True, **{ROWS: rows})
            if domain.try_lock_for_update(allow_referencing=True):
                domain._apply_report(report)
                for model, values in rows.items():
                    self.env[model].create(values)
                self.env['mail.domain.health.note']._add_missing('findings', rows.company_ids)
            self.env.cr.commit()  # pylint: disable=invalid-commit
        except Exception as error:  # noqa: BLE001 - logged; whatever it is, the others are to be stored
            self._log_not_stored(domain_id, error)
            self.env.cr.rollback()
            return False
        return True

    def _read_together(self):
        """Read what storing a report reads, of all these domains at once."""
        self.fetch(['report', 'known', 'memory'])
        self.judged_path_ids.fetch(['evidence'])
        self.mapped('finding_ids.code')
        self.mapped('activity_ids.activity_type_id')

    # Findings about the ways of a company

    @api.model
    def _findings_step(self, run, clock):
        """Follow what the checks say of a company's ways: once they are all looked at, for it reads them all."""
        Note = self.env['mail.domain.health.note']
        if self.search_count([('next_check', '<=', fields.Datetime.now())], limit=1):
            oldest = Note.search([('scope', '=', 'findings')], limit=1)
            if not oldest or fields.Datetime.now() - oldest.noted_on < FINDINGS_AFTER:
                return
        while notes := Note.search([('scope', '=', 'findings')], limit=COMPANIES_AT_ONCE):
            companies = self.env['res.company'].browse(set(notes.mapped('company_id'))).exists().filtered('active')
            with self._whatever_goes_wrong():
                self.env['mail.domain.health.path']._sync_findings(companies)
            run.done += len(notes)
            notes._forget()
            self._commit_progress(len(notes))
            if clock.is_over():
                break
