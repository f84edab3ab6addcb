"""A person has several domains looked at: some at a time, each stored by itself."""

import logging

from odoo import fields

from . import changes, learning
from .rows import Rows

_logger = logging.getLogger(__name__)


def check_together(domains):
    """Ask DNS about these domains at once and store what it says; what goes wrong with one stops no other.

    :param domains: locked ones, of the superuser
    :return: ``{"checked", "late", "failed"}``: how many; about a late one DNS took too long to answer
    """
    env, company_ids = domains.env, set()
    seen = {'checked': 0, 'late': 0, 'failed': 0}
    learning.learn_rejections(env, domains.company_ids)
    for domain, report in domains._check():
        rows = Rows()
        try:
            with env.cr.savepoint():
                domain._apply_report(report, rows)
                rows.write_to(env)
                env.flush_all()
        except Exception:  # the others are stored all the same
            _logger.exception("Email Domain Health: cannot store the check of domain %s", domain.id)
            seen['failed'] += 1
            continue
        company_ids |= rows.company_ids
        seen['late' if report['deadline_passed'] else 'checked'] += 1
    _follow_findings(env, company_ids)
    if domains:
        domains._wake_cron(min(domains.mapped('next_check')))
    return seen


def _follow_findings(env, company_ids):
    """Have the findings about these companies' paths follow, at once where that is quick."""
    if changes.is_small(env):
        env['mail.domain.health']._sync_findings_of(env['res.company'].browse(company_ids))
    elif company_ids:
        env['mail.domain.health.note']._add_missing('findings', company_ids)
        env['mail.domain.health']._trigger_cron(fields.Datetime.now())
