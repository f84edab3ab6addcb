"""Watched domains whose time has come, taken and looked at by any number of workers side by side: on one machine or on several.

:func:`claim_batch` takes some of them, :func:`check_claimed` looks at these; both commit. No lock is held while DNS is asked.
What a worker took is due again after :data:`CLAIM`, so that one that is killed loses nothing.
"""

import logging
import time
from collections import namedtuple
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from ..mailauth.contact import CONTROLS
from . import attempt
from .query import names_above_fragile
from .rows import Rows
from .schedule import SILENT_LAG, after_outage
from .stored_report import StoredReport

_logger = logging.getLogger(__name__)

BATCH = 50  # domains whose questions share one cache and one event loop: what a killed worker loses
CLAIM = timedelta(minutes=15)  # after which what a killed worker had begun is due again
ATTEMPTS = 5  # to claim, where others claim at the same moment
MAX_LOCKED = 1.0  # seconds after which what is stored is committed; the last domain and the database come on top
SOON = timedelta(minutes=1)  # until the scheduled check follows what a worker beside it stored
IDLE = 0.2  # seconds without another report after which those that are there are stored

# How many domains were looked at, and how many of them could not be stored; whether no DNS answers here at all.
Checked = namedtuple('Checked', 'done failed is_blind', defaults=(False,))


def claim_batch(env, limit):
    """Take domains whose time has come, so that nobody else takes them until :data:`CLAIM` has passed. Commits.

    What has been due longest comes first, and what others have locked is passed over: they are looking at it. Domains that were
    silent last take their turn an hour later and among themselves, for each of them takes until the deadline to be silent again.

    :param env: of the superuser
    :return: the ids of at most ``limit`` domains, what has been due longest first
    """
    for _attempt in range(ATTEMPTS):
        # What others claimed by now is passed over, and no conflict.
        env.cr.commit()  # pylint: disable=invalid-commit
        now = fields.Datetime.now()
        try:
            silent_first = _are_silent_first(env, now)
            rows = _claim(env, limit, now, silent_first) or _claim(env, limit, now, not silent_first)
            if rows:
                env['mail.domain.health']._wake_cron(now + CLAIM)  # should we be killed
            env.cr.commit()  # pylint: disable=invalid-commit
        except OperationalError:  # another worker claimed some of them since our transaction began
            env.cr.rollback()
            continue
        return [domain_id for _due_since, domain_id in sorted(rows)]
    return []


def _are_silent_first(env, now):
    """Whether it is the turn of the domains that were silent last."""
    [(silent, others)] = env.execute_query(SQL(
        """
        SELECT (SELECT next_check FROM mail_domain_health WHERE active AND next_check <= %(now)s AND silences > 0
                 ORDER BY next_check LIMIT 1),
               (SELECT next_check FROM mail_domain_health WHERE active AND next_check <= %(now)s AND (silences > 0) IS NOT TRUE
                 ORDER BY next_check LIMIT 1)
        """, now=now))
    return bool(silent) and (not others or silent + SILENT_LAG < others)


def _claim(env, limit, now, are_silent):
    """Claim domains of one kind; return ``[(since when it was due, id)]``."""
    # Materialized: a plan may run a subquery once for each row, and then it locks and returns more of them.
    return env.execute_query(SQL(
        """
        WITH due AS MATERIALIZED (
            SELECT id, next_check FROM mail_domain_health WHERE active AND next_check <= %s AND %s
             ORDER BY next_check, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE mail_domain_health domain SET next_check = %s FROM due WHERE domain.id = due.id
     RETURNING due.next_check, domain.id
        """, now, SQL("silences > 0") if are_silent else SQL("(silences > 0) IS NOT TRUE"), limit, now + CLAIM))


def check_due(env, is_over, note):
    """Claim and check one batch after the other, until the time is up or nothing is due that others do not look at.

    See :func:`check_claimed` for the parameters.

    :return: whether no DNS answers here at all: then it can wait
    """
    fragile = None
    while ids := claim_batch(env, BATCH):
        fragile = names_above_fragile(env) if fragile is None else fragile
        if check_claimed(env, ids, fragile=fragile, is_over=is_over, note=note).is_blind:
            return True
        if is_over():
            break
    return False


def check_claimed(env, ids, *, fragile=None, is_over=None, note=None):
    """Ask DNS about domains that :func:`claim_batch` gave, and store what it says. Commits.

    What goes wrong with one domain stops no other; that one is due again when its claim ends. Those that there was no time for
    are due again at once. Some are stored whatever the time, or a run whose other steps took all of it would never look at any.

    :param env: of the superuser
    :param set fragile: what :func:`query.names_above_fragile` returned, for whoever checks several batches
    :param is_over: returns whether the time is up
    :param note: called with :class:`Checked` of what was stored since the last call, to commit it; by default that is all it does
    :return: :class:`Checked` of all of them
    """
    look = _Look(env, names_above_fragile(env) if fragile is None else fragile, is_over or (lambda: False), note, ids)
    try:
        try:
            look.check(ids)
        except Exception:  # noqa: BLE001 - of what was to be asked: whose fault it is shows when each is asked about alone
            env.cr.rollback()
            look.check_each()
    finally:
        look.free()
    return Checked(look.done, look.failed, look.is_blind is True)


class _Look:
    """A look at domains that were claimed: ``waiting`` are the ids of those that nothing was stored of yet."""

    def __init__(self, env, fragile, is_over, note, ids):
        self.env, self.fragile, self.is_over, self.note = env, fragile, is_over, note
        self.Health = env['mail.domain.health'].with_context(tracking_disable=True)
        self.waiting = set(ids)
        self.done = self.failed = 0
        self.is_blind = None  # whether no DNS answers here at all; not known yet

    def check(self, ids):
        """Ask DNS about these domains and store what it says, what comes together in one transaction."""
        reports = []
        for domain_id, report in self.Health.browse(ids).exists()._check_by_id(self.fragile, idle=IDLE):
            if report:
                reports.append((domain_id, report))
            if reports and (not report or len(reports) == BATCH):
                self._store(reports)
                reports = []
                if self.is_over():
                    return
        self._store(reports)

    def check_each(self):
        """Do the same with one after the other; what nothing can be asked about is due again when its claim ends."""
        for domain_id in sorted(self.waiting):
            if self.is_over():
                break
            try:
                self.check([domain_id])
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Email Domain Health: cannot check domain %s", domain_id)
                self.waiting.discard(domain_id)
                self._count(failed=1)

    def free(self):
        """What there was no time for is due again at once; what somebody is looking at is left to them."""
        if not self.waiting:
            return
        self.env.flush_all()
        now = fields.Datetime.now()
        self.env.cr.execute(SQL(
            """
            UPDATE mail_domain_health SET next_check = %(now)s WHERE id IN (
                SELECT id FROM mail_domain_health WHERE id = ANY(%(ids)s) AND next_check > %(now)s
                   FOR NO KEY UPDATE SKIP LOCKED)
            """, now=now, ids=list(self.waiting)))
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _store(self, reports):
        """Store and commit reports, ``[(id of the domain, report)]``; what goes wrong with one stops no other."""
        self.waiting.difference_update(domain_id for domain_id, _report in reports)
        self._find_out_about_dns(reports)
        while reports:
            try:
                stored = self._store_together(reports)
            except Exception:  # noqa: BLE001 - whose fault it is shows when each is stored alone
                self.env.cr.rollback()
                stored = sum(self._store_alone(*alone) for alone in reports)
                self._count(stored, len(reports) - stored)
                return
            self._count(stored)
            reports = reports[stored:]

    def _find_out_about_dns(self, reports):
        """See whether it is DNS as a whole that is silent, where all that was heard of this batch by now is silence."""
        if self.is_blind is not False and reports:
            self.is_blind = all(map(_is_silent, dict(reports).values())) and (
                self.is_blind or not mailauth.sees_dns(self.Health._get_resolver(), CONTROLS))

    def _store_together(self, reports):
        """Store the first of these reports in one transaction, as many as its locks may last; return how many."""
        began, rows = time.monotonic(), Rows()
        domains = self._lock(domain_id for domain_id, _report in reports)
        domains._read_together()
        by_id = {domain.id: domain for domain in domains}
        stored = 0
        for domain_id, report in reports:
            if domain_id in by_id:
                self._apply(by_id[domain_id], report, rows)
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
                self._apply(domain, report, rows)
            self._create(rows)
            self.env.cr.commit()  # pylint: disable=invalid-commit
        except Exception as error:
            _logger.error("Email Domain Health: cannot store the check of domain %s", domain_id, exc_info=error)
            self.env.cr.rollback()
            return False
        return True

    def _apply(self, domain, report, rows):
        """Store a report; what made the domain due again since it was claimed, the question did not know of."""
        now, silences, is_outdated = fields.Datetime.now(), domain.silences, domain.is_outdated
        changed = domain.next_check <= now
        domain._apply_report(report, rows, is_blind=bool(self.is_blind))
        if changed:
            domain.write({'next_check': now, 'is_outdated': is_outdated})
        elif self.is_blind:
            domain.write({'next_check': after_outage(domain.id, now), 'silences': silences})

    def _lock(self, ids):
        return self.Health.browse(ids).try_lock_for_update(allow_referencing=True)

    def _create(self, rows):
        rows.write_to(self.env)
        self.env['mail.domain.health.note']._add_missing('findings', rows.company_ids)

    def _count(self, done=0, failed=0):
        """Commit what was stored, and how much that is."""
        self.done += done
        self.failed += failed
        if self.note:
            self.note(done, failed)
        else:
            if done:  # it follows the findings about the companies' sending paths
                self.Health._wake_cron(fields.Datetime.now() + SOON)
            self.env.cr.commit()  # pylint: disable=invalid-commit


def _is_silent(report):
    return attempt.is_silent(StoredReport.from_dict(report))
