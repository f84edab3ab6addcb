"""What Settings shows of a company's email domain, made of stored values only: no DNS is asked."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..checking.about_to_be_lost import AREA
from ..checking.watch_list import parameter_domain
from ..contacts.relaying import CODE
from ..sending.rules import REFUSED
from ..sending.sent_rows import count_of_service
from ..texts import states, verdicts
from .contacts_relaying import get_relaying
from .fix_it import get_own_rows, is_published
from .shared_domain import get_own_overview

ODOO = 'odoo'  # the code of Odoo's own servers in the catalog
# What is shown of the sending paths, read with them in one query.
SHOWN_OF_PATHS = [
    'kind', 'is_used', 'state', 'state_rank', 'verdict', 'from_email', 'from_health_id', 'mail_server_id',
    'mail_sending_service_id', 'author_email', 'author_domain', 'author_count', 'examples', 'is_exact', 'is_forced',
    'moment', 'company_id', 'sent_count', 'refusal', 'smtp_host', 'is_rewritten',
]
# And of their domains; the report, which is not read with the rest, of few.
SHOWN_OF_DOMAINS = [
    'name', 'state', 'state_rank', 'spf_state', 'dkim_state', 'dmarc_state', 'last_check', 'attempts', 'is_foreign',
    'is_outdated', 'report', 'last_known',
]
WORST_FIRST = 'state_rank, kind, author_count desc, id'


def get_card(company):
    """Return what Settings shows of this company's email domain.

    :return: ``{"domain": overview | None, "headline": dict | None, "problems": dict | None, "records": dict | None,
        "sender": dict, "other": overview | None, "adopt": str | None}``; ``domain`` is ``None`` without an
        alias domain, ``headline`` the worst of all paths in use (:func:`_get_headline`),
        ``problems`` what is to be set right in Odoo, ``records`` how many records the domain needs and has
        (``{"count", "published", "is_open"}``: whether there is anything to do about them), ``other`` the worst other domain
        that this company's mail leaves as, ``relaying`` how messages of contacts fare (:func:`get_relaying`), ``adopt`` the
        domain that a parameter of older versions names; ``is_gated`` says that the domain itself can have no mail,
        ``is_unseen`` that DNS answered nothing about it; ``danger`` what may let somebody else have a domain of this company
        (``{"domain_id", "title"}``); ``working_out`` that the sending paths are older than a
        change, and how the scheduled check fares (``mail.domain.health.run: _get_progress``); ``odoo_mails`` how many mails
        left in 24 hours through Odoo's own servers, ``None`` where none leaves through them.
    """
    env = company.env
    alias_domain = company.alias_domain_id
    domain = alias_domain.mail_domain_health_id
    paths = _get_paths(company, domain)
    shown = domain | paths.filtered('is_used').from_health_id
    shown.fetch(SHOWN_OF_DOMAINS)
    path = paths.filtered(lambda path: path.kind == 'notifications')[:1]
    overview = get_own_overview(domain, paths) if domain else None
    report = domain._get_report() if domain else None
    found = env['mail.domain.health.finding'].search_fetch([
        ('resolved_on', '=', False),
        '|', '&', ('area', '=', AREA), ('domain_id.company_ids', '=', company.id),
        '&', '&', ('company_id', '=', company.id), ('area', '=', 'path'),
        '|', ('severity', 'in', ('error', 'warning')), ('code', '=', CODE),
    ], ['severity', 'area', 'domain_id', 'code', 'params', 'name', 'remedy_action', 'muted_on', 'muted_until'],
        order='severity_rank, id')
    dangers = found.filtered(lambda found: found.area == AREA and not found.is_muted)
    findings = found.filtered(lambda found: found.area == 'path')
    problems = findings.filtered(lambda found: not found.is_muted and found.severity != 'info')
    progress, (odoo_mails, all_alike) = env['mail.domain.health.run']._get_progress(company, (
        count_of_service(env, company, ODOO, fields.Datetime.now() - timedelta(days=1)), _all_fare_alike(company, overview)))
    headline = _get_headline(company, report, overview, paths, problems, all_alike)
    # That of the domain that is shown, before one of any other.
    danger = dangers.filtered(lambda found: found.domain_id == domain)[:1] or dangers[:1]
    said = domain.id, headline and headline['domain_id']
    others = shown.filtered(lambda other: other.state in ('fail', 'warning') and other.id not in said)
    other = others.sorted('state_rank')[:1]
    return {
        'domain': overview,
        'headline': headline,
        'danger': danger and {
            'domain_id': danger.domain_id.id, 'title': danger.title,
        } or None,
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
        **progress, 'odoo_mails': odoo_mails,
    }


def _get_paths(company, domain):
    """Return the sending paths that something is said of: of thousands of domains the two worst, besides the company's own."""
    env, own = company.env, [('company_id', '=', company.id)]
    in_use = [*own, ('is_used', '=', True)]
    Path = env['mail.domain.health.path']
    refused = Path._search([*in_use, ('refusal', '!=', False)], order='id', limit=1)
    worst = Path._search([*in_use, ('from_health_id.last_check', '!=', False)], order=WORST_FIRST, limit=1)
    others = env['mail.domain.health']._search([
        ('state', 'in', ('fail', 'warning')), ('id', '!=', domain.id), ('path_ids', 'any', in_use),
    ], order='state_rank, state_since, name', limit=2)
    return Path.search_fetch([
        *own, '|', '|', '|', ('id', 'in', refused), ('id', 'in', worst), ('kind', 'in', ('notifications', 'outsider')),
        '|', ('from_health_id', '=', domain.id), ('from_health_id', 'in', others),
    ], SHOWN_OF_PATHS)


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


def _all_fare_alike(company, overview):
    """Return the SQL of whether all mail of a company fares as its alias domain, which is looked for where that is said."""
    env = company.env
    if not overview or overview['state'] not in verdicts.WITH_INVOICES or 'account.move' not in env:
        return SQL("FALSE")
    others = env['mail.domain.health.path']._search([
        ('company_id', '=', company.id), ('is_used', '=', True), ('state', '!=', overview['state'])], limit=1)
    return SQL("NOT EXISTS %s", others.subselect())


def _get_headline(company, report, overview, paths, problems, all_alike):
    """Return the verdict about all mail of a company: that of its domain, or of what fares worse; ``None`` without either.

    :param report: of the last check of the alias domain, or ``None``
    :param overview: of the alias domain, or ``None``
    :param paths: the company's sending paths, the worst of those in use among them
    :param problems: lasting findings about Odoo's configuration
    :param all_alike: whether invoices are among the mail, and all of it fares as the alias domain
    :return: ``{"state", "label", "name", "domain_id", "sentence", "path_id"}``: ``name`` and ``domain_id`` are those of the
        domain that it is about, ``path_id`` of the path that fares worse than the alias domain
    """
    env, rank = company.env, states.STATES_WORST_FIRST.index
    known = rank(overview['state']) if overview and overview['last_check'] else len(states.STATES_WORST_FIRST)
    own = {
        'state': overview['state'], 'label': overview['label'], 'name': overview['name'], 'domain_id': overview['id'],
        'sentence': _get_sentence(env, report, overview, all_alike), 'path_id': None,
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


def _get_sentence(env, report, overview, all_alike):
    """Return the sentence about a company's alias domain: where all mail fares alike, it names the invoices."""
    sentence, state = overview['sentence'], overview['state']
    if sentence != env._(verdicts.OVERALL[state]):
        return sentence
    if report and report.is_unseen and state == 'unknown':
        return env._(verdicts.UNSEEN)
    return env._(verdicts.WITH_INVOICES[state]) if all_alike else sentence
