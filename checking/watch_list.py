"""Which domains are watched: a record is made where its cause changes, never in a compute."""

from collections import namedtuple

from odoo import fields
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from ..sending.freemail import FREEMAIL_DOMAINS
from ..sending.identity import watched_domains
from ..sending.legacy_parameters import LEGACY_PARAMETERS
from ..texts.states import STATES_WORST_FIRST
from .third_party import refresh_ownership

MAX_NAME = 253  # characters; no longer text can be a domain name (RFC 1035 §2.3.4)
LINKED_AT_ONCE = 1000

PathRow = namedtuple('PathRow', 'id company_id kind author_email from_domain envelope_domain from_id envelope_id judge_id')


def follow_paths(env):
    """Watch the domains that mail leaves as, and no others, and have every path point to its own."""
    Health = env['mail.domain.health'].sudo().with_context(active_test=False, tracking_disable=True)
    env = Health.env
    companies = env['res.company'].search([('active', '=', True)])
    paths = _read_paths(env, companies)
    users = domains_in_use(env, companies, paths)
    known = _read_known(Health)
    created = _make(Health, [name for name in users if name not in known])
    # Read again: one that another transaction made just now is left out.
    known.update({domain.name: (domain.id, True, set()) for domain in created})
    now = fields.Datetime.now()
    for name, (domain_id, active, company_ids) in known.items():
        if name not in users:
            if active:
                Health.browse(domain_id)._stop_watching()
        elif not active or company_ids != users[name]:
            Health.browse(domain_id).write({
                'active': True, 'company_ids': [fields.Command.set(users[name])], 'next_check': now})
    ids = {name: domain_id for name, (domain_id, _active, _company_ids) in known.items()}
    for alias_domain in env['mail.alias.domain'].search([('name', '!=', False)]):
        domain_id = ids.get(domain_of(alias_domain.name), False)
        if alias_domain.mail_domain_health_id.id != domain_id:
            alias_domain.mail_domain_health_id = domain_id
    _link_paths(Health, companies, paths, ids)
    refresh_ownership(Health, parameter_domain(env, 'mail.catchall.domain'))
    if created:
        Health._trigger_cron()


def domains_in_use(env, companies, paths):
    """Return ``{domain name: set of company ids}``; a domain that only a parameter names has none."""
    users = {}
    for company in companies.filtered('alias_domain_id'):
        users.setdefault(domain_of(company.alias_domain_id.name), set()).add(company.id)
    for name, company_ids in _read_added(env).items():
        if company_ids & set(companies.ids):
            users.setdefault(name, set()).update(company_ids & set(companies.ids))
    for path in paths:
        for name in watched_domains(path.kind, path.author_email, path.from_domain, path.envelope_domain):
            users.setdefault(name, set()).add(path.company_id)
    for key in LEGACY_PARAMETERS:
        name = parameter_domain(env, key)
        if name and name not in FREEMAIL_DOMAINS:
            users.setdefault(name, set())
    return {name: company_ids for name, company_ids in users.items() if 0 < len(name) <= MAX_NAME}


def add_domains(env, company, names):
    """Watch domains because somebody asked for it, for as long as nobody takes that back.

    :param list[str] names: as A-labels
    :return: the records of all of them; the ids of those that are watched from now on only
    """
    Health = env['mail.domain.health'].sudo().with_context(active_test=False, tracking_disable=True)
    known = Health.search([('name', 'in', names)])
    created = _make(Health, [name for name in names if name not in set(known.mapped('name'))])
    domains = Health.search([('name', 'in', names)])
    added = domains.filtered(lambda domain: company not in domain.watched_company_ids)
    added.write({'watched_company_ids': [fields.Command.link(company.id)], 'company_ids': [fields.Command.link(company.id)]})
    resting = domains.filtered(lambda domain: not domain.active)
    resting.write({'active': True, 'next_check': fields.Datetime.now()})
    domains.filtered(lambda domain: not domain.ownership).write({'ownership': 'ours', 'is_foreign': False})
    if created or resting:
        Health._trigger_cron()
    return domains, (created | resting).ids


def _read_added(env):
    """Return ``{name: ids of the companies that asked for it}`` of the domains that somebody added."""
    added = env['mail.domain.health'].with_context(active_test=False).search([('watched_company_ids', '!=', False)])
    return {domain.name: set(domain.watched_company_ids.ids) for domain in added}


def parameter_domain(env, key):
    """Return the domain that a legacy parameter names, or an empty text."""
    value = (env['ir.config_parameter'].sudo().get_param(key) or '').strip()
    if '@' in value:
        return domain_of(value.rpartition('@')[2].rstrip('>'))
    return domain_of(value) if key == 'mail.catchall.domain' else ''


def _read_paths(env, companies):
    """Return the sending paths of these companies as plain rows: records of thousands take seconds."""
    env['mail.domain.health.path'].flush_model()
    return [
        PathRow(*row[:4], domain_of(row[4]), domain_of(row[5]), *row[6:]) for row in env.execute_query(SQL(
            """
            SELECT id, company_id, kind, author_email, from_email, envelope_from, from_health_id, envelope_health_id, judge_id
              FROM mail_domain_health_path WHERE company_id = ANY(%s)
            """, companies.ids))]


def _read_known(Health):
    """Return ``{name: (id, active, company ids)}`` of every domain that is or was watched."""
    Health.flush_model(['name', 'active', 'company_ids'])
    relation = Health._fields['company_ids']
    table, domain_column, company_column = map(SQL.identifier, (relation.relation, relation.column1, relation.column2))
    rows = Health.env.execute_query(SQL(
        """
        SELECT domain.id, domain.name, domain.active, COALESCE(array_agg(rel.%s) FILTER (WHERE rel.%s IS NOT NULL), '{}')
          FROM mail_domain_health domain LEFT JOIN %s rel ON rel.%s = domain.id GROUP BY domain.id
        """, company_column, company_column, table, domain_column))
    return {name: (domain_id, active, set(company_ids)) for domain_id, name, active, company_ids in rows}


def _link_paths(Health, companies, paths, ids):
    """Have every path point to the domains it uses, and to the one whose check judges it; ``ids`` are all by name."""
    alias_domains = {company.id: ids.get(domain_of(company.alias_domain_id.name)) for company in companies}
    links = []
    for path in paths:
        from_id, envelope_id = ids.get(path.from_domain), ids.get(path.envelope_domain)
        judge_id = from_id or envelope_id or alias_domains[path.company_id]
        if (path.from_id, path.envelope_id, path.judge_id) != (from_id, envelope_id, judge_id):
            links.append((path.id, from_id, envelope_id, judge_id))
    for start in range(0, len(links), LINKED_AT_ONCE):
        Health.env.cr.execute(SQL(
            """
            UPDATE mail_domain_health_path path SET from_health_id = link.from_id::int,
                   envelope_health_id = link.envelope_id::int, judge_id = link.judge_id::int
              FROM (VALUES %s) link(id, from_id, envelope_id, judge_id) WHERE path.id = link.id
            """, SQL(", ").join(SQL("(%s, %s, %s, %s)", *link) for link in links[start:start + LINKED_AT_ONCE])))
    if links:
        Health.env['mail.domain.health.path'].invalidate_model(['from_health_id', 'envelope_health_id', 'judge_id'])
        Health.invalidate_model(['path_ids', 'envelope_path_ids', 'judged_path_ids'])


def _make(Health, names):
    """Create records for domain names; one that another transaction makes just now is left to it."""
    if not names:
        return Health.browse()
    now, uid, rank = fields.Datetime.now(), Health.env.uid, STATES_WORST_FIRST.index('unknown')
    Health.flush_model()
    rows = Health.env.execute_query(SQL(
        """
        INSERT INTO mail_domain_health (
            name, active, state, state_rank, state_since, spf_state, dkim_state, dmarc_state, attempts, is_outdated,
            next_check, create_uid, create_date, write_uid, write_date)
        VALUES %s ON CONFLICT (name) DO NOTHING RETURNING id
        """,
        SQL(", ").join(
            SQL("(%s, TRUE, 'unknown', %s, %s, 'unknown', 'unknown', 'unknown', 0, FALSE, %s, %s, %s, %s, %s)",
                name, rank, now, now, uid, now, uid, now)
            for name in names),
    ))
    return Health.browse(row[0] for row in rows)
