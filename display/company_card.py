"""What Settings shows of a company's email domain, made of stored values only: no DNS is asked."""

from ..checking.watch_list import parameter_domain
from ..contacts.relaying import CODE
from ..mailauth.verdict import State
from ..sending.rules import REFUSED
from ..texts import states, verdicts
from .contacts_relaying import get_relaying
from .fix_it import get_own_rows, is_published
from .shared_domain import get_own_overview

# What is shown of the sending paths, read with them in one query.
SHOWN_OF_PATHS = [
    'kind', 'is_used', 'state', 'state_rank', 'verdict', 'from_email', 'from_health_id', 'mail_server_id',
    'mail_sending_service_id', 'author_email', 'author_domain', 'author_count', 'examples', 'is_exact', 'is_forced',
    'moment', 'company_id', 'sent_count', 'refusal', 'smtp_host', 'is_rewritten',
]


def get_card(company):
    """Return what Settings shows of this company's email domain.

    :return: ``{"domain": overview | None, "headline": dict | None, "problems": dict | None, "records": dict | None,
        "sender": dict, "other": overview | None, "adopt": str | None}``; ``domain`` is ``None`` without an
        alias domain, ``headline`` the worst of all paths in use (:func:`_get_headline`),
        ``problems`` what is to be set right in Odoo, ``records`` how many records the domain needs and has
        (``{"count", "published", "is_open"}``: whether there is anything to do about them), ``other`` the worst other domain
        that this company's mail leaves as, ``relaying`` how messages of contacts fare (:func:`get_relaying`), ``adopt`` the
        domain that a parameter of older versions names; ``is_gated`` says that the domain itself can have no mail,
        ``is_unseen`` that DNS answered nothing about it; ``working_out`` that the sending paths are older than a
        change, ``last_run`` and ``is_run_overdue`` how the scheduled check fares.
    """
    env = company.env
    alias_domain = company.alias_domain_id
    domain = alias_domain.mail_domain_health_id
    paths = env['mail.domain.health.path'].search_fetch([('company_id', '=', company.id)], SHOWN_OF_PATHS)
    shown = domain | paths.filtered('is_used').from_health_id
    shown.mapped('state')  # of all together, in one query
    path = paths.filtered(lambda path: path.kind == 'notifications')[:1]
    overview = get_own_overview(domain, paths) if domain else None
    report = domain._get_report() if domain else None
    findings = env['mail.domain.health.finding'].search_fetch([
        ('company_id', '=', company.id), ('area', '=', 'path'), ('resolved_on', '=', False),
        '|', ('severity', 'in', ('error', 'warning')), ('code', '=', CODE),
    ], ['severity', 'code', 'params', 'name', 'remedy_action', 'muted_until'], order='severity_rank, id')
    problems = findings.filtered(lambda found: not found.is_muted and found.severity != 'info')
    headline = _get_headline(env, report, overview, paths, problems)
    said = domain.id, headline and headline['domain_id']
    others = shown.filtered(lambda other: other.state in ('fail', 'warning') and other.id not in said)
    other = others.sorted(lambda health: State(health.state).rank, reverse=True)[:1]
    return {
        'domain': overview,
        'headline': headline,
        'problems': problems and {
            'ids': problems.ids, 'count': len(problems), 'severity': problems[0].severity,
        } or None,
        'alias_domain_id': alias_domain.id,
        'records': _get_records(domain, paths) if report else None,
        'is_gated': bool(report) and report.is_behind_gate,
        'is_unseen': bool(report) and report.is_unseen,
        'other': other and {
            'id': other.id, 'name': other.display_name, 'state': other.state,
            'label': states.state_label(env, other.state),
        } or None,
        'sender': {
            'server': path.mail_server_id.name or None,
            'service': path.mail_sending_service_id.name or None,
            'from_email': path.from_email or None,
        } if path else None,
        'relaying': get_relaying(env, paths, findings),
        'adopt': not alias_domain and parameter_domain(env, 'mail.catchall.domain') or None,
        'neutralized': env['mail.domain.health']._is_neutralized(),
        **env['mail.domain.health.run']._get_progress(company),
    }


def _get_records(domain, paths):
    publication, rows = get_own_rows(domain, paths)
    return {
        'count': len(rows),
        'published': sum(map(is_published, rows)),
        'unknown': sum(row['state'] == 'unknown' for row in rows),
        'is_open': bool(
            publication['changes'] or publication['to_copy'] or publication['gate']
            or (publication['budget'] or {}).get('is_open')),
    }


def _get_headline(env, report, overview, paths, problems):
    """Return the verdict about all mail of a company: that of its domain, or of what fares worse; ``None`` without either.

    :param report: of the last check of the alias domain, or ``None``
    :param overview: of the alias domain, or ``None``
    :param paths: the company's sending paths
    :param problems: lasting findings about Odoo's configuration
    :return: ``{"state", "label", "name", "domain_id", "sentence", "path_id"}``: ``name`` and ``domain_id`` are those of the
        domain that it is about, ``path_id`` of the path that fares worse than the alias domain
    """
    rank = states.STATES_WORST_FIRST.index
    known = rank(overview['state']) if overview and overview['last_check'] else len(states.STATES_WORST_FIRST)
    own = {
        'state': overview['state'], 'label': overview['label'], 'name': overview['name'], 'domain_id': overview['id'],
        'sentence': _get_sentence(env, report, overview, paths), 'path_id': None,
    } if overview else None
    # What was not looked at yet is no verdict; what Odoo itself refuses needs no look.
    worst = paths.filtered(
        lambda path: path.is_used and (path.refusal or path.from_health_id.last_check)).sorted('state_rank')[:1]
    refused = problems.filtered(lambda found: found.severity == 'error' and found.code in REFUSED)[:1]
    if refused and known > rank('fail') and worst.state != 'fail':
        return {'name': None, 'domain_id': None, **(own or {}),
                'state': 'fail', 'label': env._("Problem inside Odoo"), 'sentence': refused.title, 'path_id': None}
    if not worst or worst.state_rank >= known or not own and worst.state not in ('fail', 'warning'):
        return own
    return {
        'state': worst.state,
        'label': states.state_label(env, worst.state),
        'name': worst.from_health_id.display_name or (own and own['name']),
        'domain_id': worst.from_health_id.id or (own and own['domain_id']),
        'sentence': verdicts.headline_of_path(env, worst),
        'path_id': worst.id,
    }


def _get_sentence(env, report, overview, paths):
    """Return the sentence about a company's alias domain: where all mail fares alike, it names the invoices."""
    sentence, state = overview['sentence'], overview['state']
    if sentence != env._(verdicts.OVERALL[state]):
        return sentence
    if report and report.is_unseen and state == 'unknown':
        return env._(verdicts.UNSEEN)
    if state in verdicts.WITH_INVOICES and 'account.move' in env \
            and {path.state for path in paths if path.is_used} == {state}:
        return env._(verdicts.WITH_INVOICES[state])
    return sentence
