"""The printed report: state, findings and records to publish of several domains, for a customer. Of stored values only."""

from odoo import fields
from odoo.tools import format_date, format_datetime

from . import records_page
from .fix_it import get_fix_it
from .letters import refuse_too_many


def get_printed_report(domains):
    """Return what the report shows of each domain, the worst first, in the language of the environment.

    :return: ``{domains, made_on}``, the date in a sentence; a domain is what the overview has (``get_overview``) with
        ``last_check`` as text, the ``progress`` of what is to be published, its ``rows`` (``records_page.get_open_rows``) and
        its ``findings``: ``{severity, label, mark, title, explanation, remedy, record}``
    """
    env = domains.env
    refuse_too_many(domains)
    findings = _get_findings(domains)
    return {
        'domains': [_get_domain(domain, findings.get(domain, ())) for domain in domains.sorted(_worst_first)],
        'made_on': env._("Made on %s.", format_date(env, fields.Date.context_today(domains), date_format='long')),
    }


def _worst_first(domain):
    return domain.state_rank, domain.name


def _get_domain(domain, findings):
    # Of somebody else's domain nothing of ours is to be published.
    fix_it = None if domain.is_foreign else get_fix_it(domain, domain.env['res.company'])
    return {
        **domain.overview,
        'last_check': domain.last_check and format_datetime(domain.env, domain.last_check, dt_format='medium') or None,
        'progress': fix_it and fix_it['sentence'],
        'rows': records_page.get_open_rows(domain) if fix_it and fix_it['rows'] else [],
        'findings': findings,
    }


def _get_findings(domains):
    """Return what lasts and is not muted, by domain; of the companies' own findings those that the user may see."""
    Finding = domains.env['mail.domain.health.finding']
    severities = dict(Finding._fields['severity']._description_selection(domains.env))
    by_domain = {}
    for finding in Finding.search([
        ('domain_id', 'in', domains.ids), ('resolved_on', '=', False),
        ('is_muted', '=', False),
        '|', ('company_id', '=', False), ('company_id', 'in', domains.env.companies.ids),
    ], order='severity_rank, id'):
        by_domain.setdefault(finding.domain_id, []).append({
            'severity': finding.severity, 'label': severities[finding.severity], 'title': finding.title,
            'explanation': finding.explanation, 'remedy': finding.remedy, 'record': finding.record,
            'mark': finding.security_mark,
        })
    return by_domain
