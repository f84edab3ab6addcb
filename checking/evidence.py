"""Evidence outranks prediction: what receivers said is held against each report before it is stored."""

from dataclasses import replace

from odoo import fields

from ..mailauth.codes import to_dict
from ..mailauth.rejections import FINDINGS, Cause, summary
from ..mailauth.verdict import PROTOCOLS, State, one_click
from ..sending.rejections import numbers
from . import reported
from .stored_report import Area

AREA_RECEIVERS, AREA_MAILING = 'receivers', 'mailing'


def with_evidence(domain, before, report):
    """Return ``report`` as what receivers said makes it: states of paths and domain, and findings about it.

    :param StoredReport before: of the last look, or ``None``
    :param StoredReport report: what this look found

    The only place where evidence meets prediction. It makes nothing better: that nobody complained
    does not prove that mail arrived.
    """
    if before and _have_records_changed(before, report):
        domain.records_changed_on = fields.Date.today()
    paths = domain.judged_path_ids
    verdicts, state, overruled = _weigh(domain, report, paths)
    everything = summary.merge((path.evidence or {}).get('heard', ()) for path in paths)
    found = [*summary.findings(domain.name, everything, paths.mail_sending_service_id._get_stored_names()),
             *_get_mailing_findings(domain, paths, report)]
    return reported.with_reported(domain, replace(
        report, paths=verdicts, state=state, overruled=overruled,
        areas={**report.areas, AREA_RECEIVERS: _get_receivers_area(domain, everything)},
        findings=[*report.findings, *map(to_dict, found)],
        answered=[*report.answered, AREA_RECEIVERS, AREA_MAILING],
    ))


def _weigh(domain, report, paths):
    """Return ``(verdicts, state of the domain, overruled)``; the last is what the report was wrong about, if it was."""
    by_key = {str(path.id): path for path in paths}
    verdicts, state, overruled = [], report.state, None
    for verdict in report.paths:
        path = by_key.get(verdict['key'])
        said, worst = summary.weigh(
            (path and path.evidence or {}).get('heard', ()), fields.Date.today(), domain.records_changed_on or None)
        if not said or not _outweighs(said, verdict['state']):
            verdicts.append(verdict)
            continue
        verdicts.append({**verdict, 'state': said, 'predicted': verdict['state'],
                         'reasons': [*verdict['reasons'], f'receivers:{worst["cause"]}']})
        if path.is_used and path.from_health_id == domain and _outweighs(said, state):
            state = said
            overruled = {'state': said, 'predicted': report.state, **numbers(worst, domain.records_changed_on)}
    return verdicts, state, overruled


def _get_receivers_area(domain, everything):
    """Return what receivers make of the domain's mail as an area of its report: announced as the others are."""
    state, worst = summary.weigh(everything, fields.Date.today(), domain.records_changed_on or None)
    if not state:
        return Area('pass', 'receivers.none')
    return Area(state, FINDINGS[Cause(worst['cause'])], numbers(worst, domain.records_changed_on))


def _get_mailing_findings(domain, paths, report):
    """Return what makes one-click unsubscribe void for the mailings that leave as this domain."""
    mailings = paths.filtered(lambda path: path.kind == 'mailing')
    keys = {verdict['key']: (verdict.get('dkim') or {}).get('status') for verdict in report.paths}
    unsigned = mailings.filtered(lambda path: keys.get(str(path.id)) == 'missing')
    if not mailings:
        return ()
    base_url = domain.env['ir.config_parameter'].sudo().get_param('web.base.url') or ''
    return one_click.findings(
        domain.name, 'missing' if unsigned else 'published', base_url,
        tuple(unsigned.mail_sending_service_id._get_stored_names()))


def _outweighs(said, state):
    """Whether what receivers said is worse than ``state``; where nothing is published there was nothing to predict."""
    return state != State.NOT_NEEDED and State(said).is_worse_than(State(state))


def _have_records_changed(before, after):
    """Whether what is published is another than at the last look, as far as DNS answered both times."""
    def records(report, area):
        return sorted((record['name'], record['type'], record['value']) for record in report.records_of(area))

    return any(
        area in before.answered and area in after.answered and records(before, area) != records(after, area)
        for area in PROTOCOLS)

