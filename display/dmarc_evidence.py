"""What reports say about the next step of DMARC, where there are reports. Of stored values only."""

from odoo import fields
from odoo.tools import SQL

from ..receiving import gathering, ladder
from ..texts import dmarc_ladder as texts
from ..texts import sources as source_texts

MAX_NAMED = 5  # sources in a sentence


def assess_step(domain, policy):
    """Return the :class:`ladder.Assessment` of the step after a policy; ``None`` where no report counts.

    :param dict policy: ``StoredReport.policy``
    """
    if not policy or policy['status'] != 'found' or domain.is_foreign:
        return None
    steps = tuple(texts.STEPS)
    at = steps.index(policy['requested']) if policy['requested'] in steps else 0
    target = policy['requested'] if policy['testing'] else steps[min(at + 1, len(steps) - 1)]
    env, today = domain.env, fields.Date.today()
    stored = domain._origin  # what a form has not saved yet has no row of its own
    env['mail.domain.health.report'].flush_model()
    [(first, receivers, reported)] = env.execute_query(SQL(
        """
        SELECT min(report.date_begin)::date,
               count(DISTINCT reporter.id) FILTER (WHERE reporter.is_listed AND report.date_end >= %(since)s),
               array_agg(DISTINCT (report.date_begin + (report.date_end - report.date_begin) / 2)::date)
                    FILTER (WHERE report.date_end >= %(since)s)
          FROM mail_domain_health_report report JOIN mail_domain_health_reporter reporter ON reporter.id = report.reporter_id
         WHERE report.domain_id = %(domain)s AND report.kind = 'dmarc' AND report.state = 'counted'
               AND (reporter.is_trusted OR report.is_uploaded)
        """, since=today - gathering.PERIOD, domain=stored.id or None))
    if not first:
        return None
    since = fields.Date.to_date((domain.dmarc_step or {}).get('since')) or first
    return ladder.assess(ladder.Evidence(
        days=(today - max(first, since)).days, reported=frozenset((today - day).days for day in reported or () if day >= since),
        receivers=receivers, sources=gathering.get_sources(stored),
        writes_to_lists={'yes': True, 'no': False}.get(domain.writes_to_lists)), target)


def get_evidence(domain, assessment):
    """Return what is shown of an assessment: ``{verdict, sentence, conditions: [{is_met, text}], notes}``."""
    env = domain.env
    codes = {source.service for condition in assessment.conditions for source in condition.params.get('sources', ())} | {
        source.service for source in assessment.refusing}
    services = env['mail.sending.service'].sudo().search_fetch([('code', 'in', list(codes - {None}))], ['code', 'name'])
    names = {service.code: service.name for service in services}

    def named(sources):
        shown = [names.get(source.service) or source_texts.address(env, source.address) for source in sources[:MAX_NAMED]]
        return [*dict.fromkeys(shown), *texts.more(env, len(sources) - MAX_NAMED)]

    return {
        'verdict': assessment.verdict,
        'sentence': env._(texts.VERDICTS[assessment.verdict]),
        'conditions': [{
            'is_met': condition.is_met,
            'text': texts.condition(env, condition, named(condition.params.get('sources', ()))),
        } for condition in assessment.conditions],
        'notes': texts.notes(env, assessment, named(assessment.refusing)),
    }
