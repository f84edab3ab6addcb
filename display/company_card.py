"""What Settings shows of a company's email domain, made of stored values only: no DNS is asked."""

from ..checking.watch_list import parameter_domain
from ..contacts.relaying import CODE
from ..mailauth.verdict import State
from ..sending.rules import REFUSED
from ..texts import states, verdicts
from .contacts_relaying import get_relaying
from .shared_domain import get_own_overview, get_own_publication

# What is shown of the sending paths, read with them in one query.
SHOWN_OF_PATHS = [
    'kind', 'is_used', 'state', 'state_rank', 'verdict', 'from_email', 'from_health_id', 'mail_server_id',
    'mail_sending_service_id', 'author_email', 'author_domain', 'author_count', 'examples', 'is_exact', 'is_forced',
    'moment', 'company_id', 'sent_count', 'refusal', 'smtp_host', 'is_rewritten',
]


def get_card(company):
    """Return what Settings shows of this company's email domain.

    :return: ``{"domain": overview | None, "headline": dict | None, "problems": dict | None, "publication": dict | None,
        "sender": dict, "other": overview | None, "adopt": str | None}``; ``domain`` is ``None`` without an
        alias domain, ``headline`` the worst of all paths in use where the domain's own verdict is better,
        ``problems`` what is to be set right in Odoo, ``other`` the worst other domain that this company's
        mail leaves as, ``relaying`` how messages of contacts fare (:func:`get_relaying`), ``adopt`` the domain that a
        parameter of older versions names; ``working_out`` says that
        the sending paths are older than a change, ``last_run`` and ``is_run_overdue`` how the scheduled check fares.
    """
    env = company.env
    alias_domain = company.alias_domain_id
    domain = alias_domain.mail_domain_health_id
    paths = env['mail.domain.health.path'].search_fetch([('company_id', '=', company.id)], SHOWN_OF_PATHS)
    # All together, so that their rows are read at once.
    shown = domain | paths.filtered('is_used').from_health_id
    others = shown.filtered(lambda other: other.state in ('fail', 'warning')) - domain
    other = others.sorted(lambda health: State(health.state).rank, reverse=True)[:1]
    path = paths.filtered(lambda path: path.kind == 'notifications')[:1]
    overview = get_own_overview(domain, paths) if domain else None
    findings = env['mail.domain.health.finding'].search_fetch([
        ('company_id', '=', company.id), ('area', '=', 'path'), ('resolved_on', '=', False),
        '|', ('severity', 'in', ('error', 'warning')), ('code', '=', CODE),
    ], ['severity', 'code', 'params', 'name', 'remedy_action', 'muted_until'], order='severity_rank, id')
    problems = findings.filtered(lambda found: not found.is_muted and found.severity != 'info')
    return {
        'domain': overview,
        'headline': _get_headline(env, overview, paths, problems),
        'problems': problems and {
            'ids': problems.ids, 'count': len(problems), 'severity': problems[0].severity,
        } or None,
        'alias_domain_id': alias_domain.id,
        'publication': get_own_publication(domain, paths) if domain else None,
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


def _get_headline(env, overview, paths, problems):
    """Return the verdict about all mail of a company, where the one about its domain is better, or ``None``.

    :param overview: of the alias domain, or ``None``
    :param paths: the company's sending paths
    :param problems: lasting findings about Odoo's configuration
    :return: ``{"state", "label", "sentence", "path_id"}``
    """
    rank = states.STATES_WORST_FIRST.index
    known = rank(overview['state']) if overview and overview['last_check'] else len(states.STATES_WORST_FIRST)
    # What was not looked at yet is no verdict; what Odoo itself refuses needs no look.
    worst = paths.filtered(
        lambda path: path.is_used and (path.refusal or path.from_health_id.last_check)).sorted('state_rank')[:1]
    refused = problems.filtered(lambda found: found.severity == 'error' and found.code in REFUSED)[:1]
    if refused and known > rank('fail') and worst.state != 'fail':
        return {'state': 'fail', 'label': env._("Problem inside Odoo"), 'sentence': refused.title, 'path_id': None}
    if not worst or worst.state_rank >= known:
        return None
    return {
        'state': worst.state,
        'label': states.state_label(env, worst.state),
        'sentence': verdicts.headline_of_path(env, worst),
        'path_id': worst.id,
    }
