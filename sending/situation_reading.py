"""The situation of a company as rules look at it, read from its settings, its paths and their last verdicts."""

from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of
from ..texts.findings.paths import CONFIGURATION_FILE as CONFIGURATION_FILE_NAME
from .departure import OTHER_HOST
from .external_senders import EXTERNAL_KINDS
from .freemail import NOBODYS_DOMAINS, sends_for
from .legacy_parameters import ignored_parameters
from .policies import read_policies
from .situation import SendingPath, Server, Situation
from .unforeseen import sending_modules

# Findings of the engine that mean: nobody can write to this domain.
DEAF = ('gate.nxdomain', 'gate.null_mx', 'gate.no_mail_host', 'mx.all_dangling')


def read_situations(env, companies):
    """Return ``{company: Situation}`` of these companies; what it costs depends on their paths only."""
    paths = env['mail.domain.health.path'].search([('company_id', 'in', companies.ids)])
    by_company = paths.grouped('company_id')
    domains = paths.from_health_id | paths.envelope_health_id | companies.alias_domain_id.mail_domain_health_id
    claimed = domains.filtered(lambda domain: not domain.is_foreign)
    foreign = frozenset({*NOBODYS_DOMAINS, *(domains - claimed).mapped('name')} - set(claimed.mapped('name')))
    IrMailServer = env['ir.mail_server']
    default_filter = IrMailServer._get_default_from_filter() or ''
    servers = {server.id: _server(server) for server in IrMailServer.search(
        [('active', '=', True)], order='sequence, id')}
    servers |= {server.id: _server(server) for server in paths.mail_server_id if server.id not in servers}
    rule = IrMailServer.browse()._get_sender_rule()
    servers[0] = Server(
        0, CONFIGURATION_FILE_NAME, default_filter, rule.provider, rule.account,
        never_matching=tuple(IrMailServer._get_parts_that_never_match(default_filter)), **_rule_values(rule))
    first = env['res.company'].search([('active', '=', True)], order='id', limit=1)
    shared = {
        'foreign': foreign,
        'policies': read_policies(env, domains - claimed),
        'deaf': _deaf_domains(env, {
            *domains.mapped('name'), *(domain_of(path.reply_to) for path in paths)}),
        'default_from_filter': default_filter,
        'ignored_parameters': ignored_parameters(env),
        'sending_modules': tuple(sending_modules(env)) if 'unforeseen' in paths.mapped('kind') else (),
        'idle_settings': tuple(IrMailServer._get_idle_settings()) if first in companies else (),
        'own_domains': _own_domains(env) - foreign if any(not path.mail_server_id for path in paths) else (),
        'servers': tuple(server for server in servers.values() if server.id),
        'configuration_file': servers[0],
        'servers_in_use': _servers_in_use(env) if first in companies else frozenset(),
    }
    shared['own_domains'] = tuple(sorted(shared['own_domains']))
    addresses = _notifications_addresses(env, paths, companies)
    alias_domains = _alias_domains_of_companies(env) if any(server.account for server in servers.values()) else {}
    accepted = _accepted(env, paths)
    return {
        company: Situation(
            company=company.name,
            paths=tuple(
                _sending_path(path, servers, foreign, path.id in accepted)
                for path in by_company.get(company, paths.browse())),
            alias_domain_id=company.alias_domain_id.id or 0,
            alias_domain=company.alias_domain_id.name or '',
            notifications_from=IrMailServer.with_company(company)._get_default_from_address() or '',
            catchall=company.catchall_email or '',
            company_domain=domain_of(company.partner_id.email_normalized or '')
            if domain_of(company.partner_id.email_normalized or '') not in foreign else '',
            others={address: name for address, (name, ids) in addresses.items() if company.id not in ids},
            other_domains={domain: name for domain, (name, ids) in alias_domains.items() if company.id not in ids},
            concerns_servers=company == first, **shared)
        for company in companies
    }


def _notifications_addresses(env, paths, companies):
    """Return ``{address: (company name, company ids)}`` of the alias domains that mail of these paths leaves as."""
    alias_domains = paths.from_health_id.alias_domain_ids | companies.alias_domain_id \
        | env['mail.alias.domain'].search([('default_from', 'like', '@')])
    addresses = {}
    for alias_domain in alias_domains:
        address = email_normalize(alias_domain.default_from_email)
        if address and alias_domain.company_ids:
            name, ids = addresses.get(address, (alias_domain.company_ids[0].name, set()))
            addresses[address] = (name, ids | set(alias_domain.company_ids.ids))
    return addresses


def _alias_domains_of_companies(env):
    """Return ``{domain: (company name, company ids)}`` of every alias domain that a company has."""
    domains = {}
    for alias_domain in env['mail.alias.domain'].search([('company_ids', '!=', False)]):
        name, ids = domains.get(domain_of(alias_domain.name), (alias_domain.company_ids[0].name, set()))
        domains[domain_of(alias_domain.name)] = name, ids | set(alias_domain.company_ids.ids)
    return domains


def _accepted(env, paths):
    """Return the ids of ``paths`` that their server took mail of since somebody changed the server last."""
    used = {path.id: path.mail_server_id for path in paths if path.sent_count and path.mail_server_id}
    if not used:
        return frozenset()
    sent = env['mail.domain.health.sent']._read_group(
        [('path_id', 'in', list(used)), ('sent_on', '>=', min(server.write_date for server in used.values()))],
        ['path_id'], ['sent_on:max'])
    return frozenset(path_id for path_id, sent_on in sent if sent_on >= used[path_id].write_date)


def _own_domains(env):
    """Return the domains of every company that the configuration file's server has to let through.

    A domain of users is one of them where receivers are known to believe their mail.
    """
    env['mail.alias.domain'].flush_model(['name', 'default_from'])
    env['res.company'].flush_model(['alias_domain_id', 'active'])
    env['mail.domain.health.path'].flush_model(['kind', 'is_rewritten', 'from_email', 'state'])
    return {domain_of(name) for (name,) in env.execute_query(SQL(
        """
        SELECT alias_domain.name FROM mail_alias_domain alias_domain
          JOIN res_company company ON company.alias_domain_id = alias_domain.id AND company.active
         UNION
        SELECT split_part(alias_domain.default_from, '@', 2) FROM mail_alias_domain alias_domain
          JOIN res_company company ON company.alias_domain_id = alias_domain.id AND company.active
         WHERE alias_domain.default_from LIKE '%%@%%'
         UNION
        SELECT split_part(from_email, '@', 2) FROM mail_domain_health_path
         WHERE kind IN ('user', 'company') AND state IN ('pass', 'warning') AND NOT COALESCE(is_rewritten, FALSE)
        """))} - {''}


def _servers_in_use(env):
    env['mail.domain.health.path'].flush_model(['mail_server_id'])
    return frozenset(server_id for (server_id,) in env.execute_query(SQL(
        "SELECT DISTINCT mail_server_id FROM mail_domain_health_path WHERE mail_server_id IS NOT NULL")))


def _sending_path(path, servers, foreign, is_accepted):
    path.ensure_one()
    service = path.mail_sending_service_id
    spf = (path.verdict or {}).get('spf') or {}
    is_own = path._from_domain() in foreign and is_provider_own(path, path.verdict)
    return SendingPath(
        id=path.id, kind=path.kind,
        server=Server(OTHER_HOST, path.smtp_host) if path.smtp_host else servers[path.mail_server_id.id or 0],
        from_email=path.from_email or '', envelope_from=path.envelope_from or '',
        author_email=path.author_email or '', reply_to=(path.reply_to or '').lower(),
        is_exact=path.is_exact, is_forced=path.is_forced, is_rewritten=path.is_rewritten, is_used=path.is_used,
        is_provider_own=is_own, moment=path.moment or 'any', state=path.state or 'unknown',
        spf=spf.get('result') or 'unknown', dmarc=((path.verdict or {}).get('dmarc') or {}).get('result') or 'unknown',
        refusal=path.refusal or '', is_accepted=is_accepted, service_id=service.id or 0,
        service=next(iter(service._get_stored_names()), ''),
        count=path.author_count, examples=tuple(path.examples or ()), sent_count=path.sent_count,
    )


def is_provider_own(path, verdict):
    """Whether the servers of the From domain itself send this mail; ``verdict`` as the engine gave it, if it did."""
    spf = (verdict or {}).get('spf') or {}
    return path.kind not in EXTERNAL_KINDS and (
        sends_for(path.mail_sending_service_id.code, path._from_domain())
        or (spf.get('result') == 'pass' and spf.get('aligned') is True))


def _deaf_domains(env, names):
    """Return ``{domain: code of the reason}`` of those among ``names`` that can receive no mail."""
    return {
        finding.domain_id.name: finding.code for finding in env['mail.domain.health.finding'].search([
            ('code', 'in', DEAF), ('resolved_on', '=', False), ('domain_id.name', 'in', list(names - {''}))])
    }


def _server(server):
    """The plain values of a server; an archived one that a template forces included."""
    rule = server._get_sender_rule()
    never = server._get_parts_that_never_match(server.from_filter)
    return Server(
        server.id, server.name, server.from_filter or '', rule.provider, rule.account, server.owner_user_id.name or '',
        never_matching=tuple(never), **_rule_values(rule))


def _rule_values(rule):
    return {
        'replaces': rule.rule == 'replaced', 'verifies': rule.rule == 'verified', 'service': rule.service,
        'login': rule.login}
