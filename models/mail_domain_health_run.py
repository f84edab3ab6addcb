from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..checking import schedule

RETENTION_DAYS = 30
OVERDUE_AFTER = 2.25  # times the interval of Settings
LEARN_AGAIN_AFTER = timedelta(minutes=30)
REFRESH_AGAIN_AFTER = timedelta(hours=12)  # in a database of many domains; changes are followed at once
REFRESH_SMALL_AFTER = timedelta(hours=1)  # in any other
STUCK_RUNS = 2  # without progress, one after the other, which is an alarm
STUCK_AFTER = timedelta(hours=1)  # since the first of them began
BLIND_AFTER = timedelta(days=1)  # without an answer from DNS, whatever is asked, which is an alarm
# When the domain was looked at that was not for longest, and since when one has been due.
WAITING = """
    LEAST((SELECT min(last_attempt) FROM mail_domain_health WHERE active),
          (SELECT min(create_date) FROM mail_domain_health WHERE active AND last_attempt IS NULL)),
    (SELECT min(next_check) FROM mail_domain_health WHERE active)
"""
UNDER_WAY = timedelta(minutes=15)  # so long a run without an end may still have one
# :meth:`_is_stuck` and :meth:`_get_stuck` of the rows of a table, for what is read with other things.
IS_STUCK = "(COALESCE(done, 0) = 0 AND (ended IS NULL OR COALESCE(remaining, 0) > 0 OR COALESCE(failed, 0) > 0))"
IS_TOLD = "(ended IS NOT NULL OR started <= %s)"  # since when a run without an end is taken for killed
COUNTED = 100  # runs without progress, at most


class MailDomainHealthRun(models.Model):
    """One run of the scheduled check: where it stands, and whether it got anywhere.

    Only our own scheduled action writes here, and core never runs one twice at once; whoever shares its work
    (:mod:`checking.crons`, jobs of a queue) leaves no row. A row without an end is a run that is under way, or was killed.
    """

    _name = 'mail.domain.health.run'
    _description = 'Scheduled Check Run'
    _order = 'id desc'
    _log_access = False

    started = fields.Datetime(required=True)
    ended = fields.Datetime(index='btree_not_null')
    step = fields.Char(help="What it did last, or was doing when it was killed.")
    done = fields.Integer(help="Domains checked and changes processed.")
    failed = fields.Integer(help="Domains that could not be stored, and steps that failed.")
    remaining = fields.Integer(help="What was left when it ended.")
    learned_to = fields.Integer(help="Reading rejections stopped after the company of this id; 0: all were read.")
    learned_on = fields.Datetime(help="When reading rejections began last.")
    refreshed_on = fields.Datetime(help="When all sending paths were computed last.")
    is_blind = fields.Boolean(help="When it looked last, or a run before it did, no DNS answered at all: nothing was seen.")

    @api.model
    def _begin(self):
        """Return the row of a run that starts now."""
        last = self.search([('id', '!=', False)], limit=1)
        return self.create({
            'started': fields.Datetime.now(), 'learned_on': last.learned_on, 'learned_to': last.learned_to,
            'refreshed_on': last.refreshed_on, 'is_blind': last.is_blind,
        })

    def _get_last(self):
        """Return the run before this one, or an empty recordset."""
        self.ensure_one()
        return self.search([('id', '<', self.id)], limit=1)

    @api.model
    def _get_stuck(self):
        """Return the last runs in a row that got nowhere, up to now; that of a run that is under way is not known yet."""
        stuck = self.browse()
        for run in self.search_fetch([], ['started', 'ended', 'done', 'remaining', 'failed'], limit=COUNTED):
            if not run.ended and fields.Datetime.now() - run.started < UNDER_WAY:
                continue
            if not run._is_stuck():
                break
            stuck |= run
        return stuck

    @api.model
    def _are_stuck(self):
        """Whether run after run got nowhere, for longer than an incident takes."""
        stuck = self._get_stuck()
        return len(stuck) >= STUCK_RUNS and fields.Datetime.now() - min(stuck.mapped('started')) >= STUCK_AFTER

    @api.model
    def _are_blind(self):
        """Whether no DNS has answered here for a day: then nothing is known of any domain, and none of them is to blame."""
        seeing = self.search([('is_blind', '=', False)], limit=1)
        first = self.search([('is_blind', '=', True), ('id', '>', seeing.id or 0)], order='id', limit=1)
        return bool(first) and fields.Datetime.now() - first.started >= BLIND_AFTER

    @api.model
    def _have_ceased(self):
        """Whether no run has begun for so long that somebody has to look; one that begins tells itself what it leaves undone."""
        last = self.search([], limit=1)
        if not last:
            return self._is_neglected()
        interval = self.env['mail.domain.health']._get_interval()
        return fields.Datetime.now() - last.started > OVERDUE_AFTER * max(interval, timedelta(days=1))

    @api.model
    def _get_waiting(self):
        """Return what :data:`WAITING` is."""
        self.env['mail.domain.health'].flush_model(['active', 'last_attempt', 'next_check'])
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(WAITING)))
        return row

    @api.model
    def _is_neglected(self, waiting=None):
        """Whether a domain has waited for longer than the schedule and a busy day allow.

        :param waiting: what :meth:`_get_waiting` returned
        """
        oldest, due = waiting or self._get_waiting()
        now, interval = fields.Datetime.now(), self.env['mail.domain.health']._get_interval()
        return bool(oldest) and now - oldest > OVERDUE_AFTER * schedule.longest(interval) \
            or bool(due) and now - due > (OVERDUE_AFTER - 1) * max(interval, timedelta(days=1))

    def _is_stuck(self):
        """Whether this run got nowhere: it was killed, or failed, or left everything as it was."""
        self.ensure_one()
        return not self.done and (not self.ended or self.remaining > 0 or self.failed > 0)

    def _has_to_learn(self):
        return not self.learned_on or bool(self.learned_to) or fields.Datetime.now() - self.learned_on >= LEARN_AGAIN_AFTER

    def _has_to_refresh(self, is_small):
        return not self.refreshed_on \
            or fields.Datetime.now() - self.refreshed_on >= (REFRESH_SMALL_AFTER if is_small else REFRESH_AGAIN_AFTER)

    def _order_steps(self, steps):
        """Return ``steps`` in the order of this run: what the last run was killed in comes last, and stops nothing."""
        last = self._get_last()
        if last and not last.ended and last.step in steps:
            turn = steps.index(last.step) + 1
            return (*steps[turn:], *steps[:turn])
        return steps

    @api.model
    def _get_progress(self, company, also):
        """Return how the scheduled check fares, and what ``also``, SQL expressions that are read with it, come to.

        :return: ``({working_out, last_run, is_run_overdue, oldest_check, stuck_runs}, [also])``, times in UTC, as text, or
            ``None``: whether a company's sending paths are older than a change; when a run last left nothing undone, and
            whether one should have again since, or a domain has waited for too long; when the domain was checked that was
            not for longest; how many runs in a row got nowhere
        """
        Health = self.env['mail.domain.health']
        self.flush_model()
        Health.flush_model(['active', 'last_attempt', 'next_check'])
        is_told = SQL(IS_TOLD, fields.Datetime.now() - UNDER_WAY)
        [(is_noted, last, first, stuck, oldest, due, *also)] = self.env.execute_query(SQL(
            """
            SELECT EXISTS (SELECT FROM mail_domain_health_note WHERE company_id = %s AND scope != 'findings'),
                   (SELECT MAX(ended) FROM mail_domain_health_run
                     WHERE ended IS NOT NULL AND remaining = 0 AND is_blind IS NOT TRUE),
                   (SELECT MIN(started) FROM mail_domain_health_run),
                   (SELECT count(*) FROM mail_domain_health_run WHERE %s AND id > COALESCE(
                        (SELECT max(id) FROM mail_domain_health_run WHERE %s AND NOT %s), 0)),
                   %s, %s
            """, company.id, is_told, is_told, SQL(IS_STUCK), SQL(WAITING), SQL(", ").join(also)))
        since = last or first
        is_late = bool(since) and fields.Datetime.now() - since > OVERDUE_AFTER * Health._get_interval()
        progress = {
            'working_out': is_noted and not Health._is_neutralized(),
            'last_run': fields.Datetime.to_string(last) if last else None,
            'is_run_overdue': is_late or self._is_neglected([oldest, due]),
            'oldest_check': fields.Datetime.to_string(oldest) if oldest else None,
            'stuck_runs': min(stuck, COUNTED),
        }
        return progress, also

    @api.autovacuum
    def _gc_runs(self):
        """Remove old runs; the last complete one stays."""
        last = self.search([('ended', '!=', False), ('remaining', '=', 0), ('is_blind', '=', False)], limit=1)
        self.search([
            ('started', '<', fields.Datetime.now() - relativedelta(days=RETENTION_DAYS)), ('id', '!=', last.id)]).unlink()
