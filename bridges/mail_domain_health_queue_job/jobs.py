"""Domains whose time has come, handed out as jobs. The scheduled check makes them, and does their work where nobody runs them.

One job looks at one batch, whichever is due when it begins. None has a time of its own (``eta``): one job that waits for a
time far away would keep the queue from noticing dead ones. Nor an identity key, which does not see what another transaction
adds: two jobs too many find nothing due, and end.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.mail_domain_health.checking.claiming import BATCH

MODEL, METHOD = 'mail.domain.health', '_check_batch_as_job'
PATIENCE = timedelta(minutes=5)  # without a sign of life of the queue, after which the scheduled check does the work
MAX_JOBS = 1000  # that wait at a time


def hand_out(env):
    """Have as many jobs as there are batches due.

    :param env: of the superuser
    :return: whether jobs do the work; if not, whoever asks has to
    """
    Health, now = env['mail.domain.health'], fields.Datetime.now()
    due = Health.search_count([('next_check', '<=', now)])
    if not due:
        return False
    waiting, oldest, alive = _read_jobs(env, now)
    if oldest and now - oldest > PATIENCE and not alive:
        return False
    # One after the other: a group of them would be a graph, whose jobs wait for each other.
    for _job in range(min(-(-due // BATCH), MAX_JOBS) - waiting):
        Health.with_delay()._check_batch_as_job()
    Health._wake_cron(now + PATIENCE + timedelta(minutes=1))
    return True


def _read_jobs(env, now):
    """Return of our jobs how many are not done, when the oldest of them was made, and whether one began or ended lately."""
    env['queue.job'].flush_model()
    [(waiting, oldest, alive)] = env.execute_query(SQL(
        """
        SELECT count(*) FILTER (WHERE state IN ('pending', 'enqueued', 'started')),
               min(date_created) FILTER (WHERE state IN ('pending', 'enqueued')),
               coalesce(bool_or(GREATEST(date_started, date_done) > %(lately)s), FALSE)
          FROM queue_job
         WHERE model_name = %(model)s AND method_name = %(method)s
               AND (state IN ('pending', 'enqueued', 'started') OR date_done > %(lately)s)
        """, lately=now - PATIENCE, model=MODEL, method=METHOD))
    return waiting, oldest, alive
