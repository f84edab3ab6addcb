from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

RETENTION_DAYS = 30
OVERDUE_AFTER = 2.5  # of the shortest time between two daily runs
LEARN_AGAIN_AFTER = timedelta(minutes=30)  # where a look at everything takes many runs
REFRESH_AGAIN_AFTER = timedelta(hours=12)  # in a database of many domains; changes are followed at once


class MailDomainHealthRun(models.Model):
    """One run of the scheduled check: where it stands, and whether it got anywhere.

    Only the scheduled check writes here, and it never runs twice at once. A row without an end is a run that was killed.
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

    @api.model
    def _begin(self):
        """Return the row of a run that starts now."""
        last = self.search([('id', '!=', False)], limit=1)
        return self.create({
            'started': fields.Datetime.now(), 'learned_on': last.learned_on, 'learned_to': last.learned_to,
            'refreshed_on': last.refreshed_on,
        })

    def _get_last(self):
        """Return the run before this one, or an empty recordset."""
        self.ensure_one()
        return self.search([('id', '<', self.id)], limit=1)

    def _is_stuck(self):
        """Whether this run got nowhere: it was killed, or failed, or left everything as it was."""
        self.ensure_one()
        return not self.done and (not self.ended or self.remaining > 0 or self.failed > 0)

    def _starts_over(self):
        """Whether the run before this one left nothing undone, so that this one begins anew."""
        last = self._get_last()
        return not last or bool(last.ended) and not last.remaining

    def _has_to_learn(self):
        return self._starts_over() or not self.learned_on or bool(self.learned_to) \
            or fields.Datetime.now() - self.learned_on >= LEARN_AGAIN_AFTER

    def _has_to_refresh(self, is_small):
        return not self.refreshed_on or is_small and self._starts_over() \
            or fields.Datetime.now() - self.refreshed_on >= REFRESH_AGAIN_AFTER

    def _order_steps(self, steps):
        """Return ``steps`` in the order of this run: what the last run was killed in comes last, and stops nothing."""
        last = self._get_last()
        if last and not last.ended and last.step in steps:
            turn = steps.index(last.step) + 1
            return (*steps[turn:], *steps[:turn])
        return steps

    @api.model
    def _get_progress(self, company):
        """Return ``{working_out, last_run, is_run_overdue}``: whether a company's sending paths are older than a change, when
        the scheduled check last left nothing undone (UTC, as text, or ``None``), and whether it should have again since."""
        Health = self.env['mail.domain.health']
        self.flush_model()
        [(is_noted, last, first)] = self.env.execute_query(SQL(
            """
            SELECT EXISTS (SELECT FROM mail_domain_health_note WHERE company_id = %s AND scope != 'findings'),
                   (SELECT MAX(ended) FROM mail_domain_health_run WHERE ended IS NOT NULL AND remaining = 0),
                   (SELECT MIN(started) FROM mail_domain_health_run)
            """, company.id))
        since = last or first
        return {
            'working_out': is_noted and not Health._is_neutralized(),
            'last_run': fields.Datetime.to_string(last) if last else None,
            'is_run_overdue': bool(since) and fields.Datetime.now() - since > OVERDUE_AFTER * Health._get_interval(),
        }

    @api.autovacuum
    def _gc_runs(self):
        """Remove old runs; the last complete one stays."""
        last = self.search([('ended', '!=', False), ('remaining', '=', 0)], limit=1)
        self.search([
            ('started', '<', fields.Datetime.now() - relativedelta(days=RETENTION_DAYS)), ('id', '!=', last.id)]).unlink()
