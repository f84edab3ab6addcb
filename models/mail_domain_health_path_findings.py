from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..mailauth.names import domain_of
from . import path_findings, path_texts
from .mail_domain_health_path import NOBODYS_DOMAINS, STRANGERS
from .mail_domain_health_watch import domain_name
from .path_situation import Server, Situation, Way
from .smtp_departure import OTHER_HOST

# Findings of the engine that mean: nobody can write to this domain.
DEAF = ('gate.nxdomain', 'gate.null_mx', 'gate.no_mail_host', 'mx.all_dangling')
# Whose servers send for a freemail domain; the records of these domains say the same.
OWN_SERVICES = {
    'google': ('gmail.com', 'googlemail.com'),
    'microsoft': ('outlook.com', 'hotmail.com', 'live.com', 'msn.com'),
    'yahoo': ('yahoo.com', 'yahoo.fr', 'aol.com'),
    'icloud': ('icloud.com',),
    'proton': ('proton.me', 'protonmail.com'),
    'yandex': ('yandex.com', 'yandex.ru'),
    'mail_ru': ('mail.ru',),
}
NO_POLICY = ('dmarc.missing', 'dmarc.invalid', 'dmarc.several')


class MailDomainHealthPath(models.Model):
    """What the ways that mail leaves tell of the configuration: plain values for `path_findings`, and its answer."""

    _inherit = 'mail.domain.health.path'

    finding_ids = fields.Many2many(
        'mail.domain.health.finding', 'mail_domain_health_finding_path_rel', 'path_id', 'finding_id', "Findings",
        readonly=True)

    @api.model
    def _sync_findings(self, companies):
        """Make the findings about the ways of ``companies`` what configuration and last checks say. Asks no DNS."""
        self = self.sudo()  # noqa: PLW0642
        situations = self._situations(companies)
        found = self._with_proven_remedies(situations, [
            (company, finding) for company, situation in situations.items()
            for finding in path_findings.findings(situation)])
        homes = {company: self._home_of_findings(company, situation) for company, situation in situations.items()}
        rows = [(homes[company](finding), company, finding, trial) for company, finding, trial in found]
        self.env['mail.domain.health.finding']._sync_paths(companies, [row for row in rows if row[0]])

    @api.model
    def _home_of_findings(self, company, situation):
        """Return the function that tells on which domain's report a finding stands: the alias domain's, else its From's."""
        alias_domain = company.alias_domain_id.mail_domain_health_id
        if alias_domain:
            return lambda _finding: alias_domain
        paths = self.browse(way.id for way in situation.ways)
        # Where nothing of the company's leaves there is no domain of its own: then on one that others here use.
        others = paths.from_health_id[:1] or paths.envelope_health_id[:1] \
            or self.env['mail.alias.domain'].search([('mail_domain_health_id', '!=', False)], limit=1).mail_domain_health_id
        return lambda finding: self.browse(finding.way_ids).from_health_id[:1] or others

    @api.model
    def _situations(self, companies):
        """Return ``{company: Situation}`` of these companies; what it costs depends on their ways only."""
        paths = self.search([('company_id', 'in', companies.ids)])
        by_company = paths.grouped('company_id')
        domains = paths.from_health_id | paths.envelope_health_id | companies.alias_domain_id.mail_domain_health_id
        claimed = domains.filtered(lambda domain: not domain.is_foreign)
        foreign = frozenset({*NOBODYS_DOMAINS, *(domains - claimed).mapped('name')} - set(claimed.mapped('name')))
        IrMailServer = self.env['ir.mail_server']
        default_filter = IrMailServer._get_default_from_filter() or ''
        servers = {server.id: _server(server) for server in IrMailServer.search(
            [('active', '=', True)], order='sequence, id')}
        servers |= {server.id: _server(server) for server in paths.mail_server_id if server.id not in servers}
        rule = IrMailServer.browse()._get_sender_rule()
        servers[0] = Server(
            0, path_texts.CONFIGURATION_FILE, default_filter, rule.provider, rule.account,
            never_matching=tuple(IrMailServer._get_parts_that_never_match(default_filter)), **_rule_values(rule))
        first = self.env['res.company'].search([('active', '=', True)], order='id', limit=1)
        shared = {
            'foreign': foreign,
            'policies': self._policies_of(domains - claimed),
            'deaf': self._deaf_domains({
                *domains.mapped('name'), *(domain_of(path.reply_to) for path in paths)}),
            'default_from_filter': default_filter,
            'ignored_parameters': IrMailServer._get_ignored_parameters(),
            'sending_modules': tuple(self._get_sending_modules()) if 'unforeseen' in paths.mapped('kind') else (),
            'idle_settings': tuple(IrMailServer._get_idle_settings()) if first in companies else (),
            'own_domains': self._own_domains() - foreign if any(not path.mail_server_id for path in paths) else (),
            'servers': tuple(server for server in servers.values() if server.id),
            'configuration_file': servers[0],
            'servers_in_use': self._servers_in_use() if first in companies else frozenset(),
        }
        shared['own_domains'] = tuple(sorted(shared['own_domains']))
        addresses = self._notifications_addresses(paths, companies)
        alias_domains = self._alias_domains_of_companies() if any(server.account for server in servers.values()) else {}
        accepted = self._get_accepted(paths)
        return {
            company: Situation(
                company=company.name,
                ways=tuple(path._way(servers, foreign, path.id in accepted) for path in by_company.get(company, self.browse())),
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

    @api.model
    def _notifications_addresses(self, paths, companies):
        """Return ``{address: (company name, company ids)}`` of the alias domains that mail of these paths leaves as."""
        alias_domains = paths.from_health_id.alias_domain_ids | companies.alias_domain_id \
            | self.env['mail.alias.domain'].search([('default_from', 'like', '@')])
        addresses = {}
        for alias_domain in alias_domains:
            address = email_normalize(alias_domain.default_from_email)
            if address and alias_domain.company_ids:
                name, ids = addresses.get(address, (alias_domain.company_ids[0].name, set()))
                addresses[address] = (name, ids | set(alias_domain.company_ids.ids))
        return addresses

    @api.model
    def _alias_domains_of_companies(self):
        """Return ``{domain: (company name, company ids)}`` of every alias domain that a company has."""
        domains = {}
        for alias_domain in self.env['mail.alias.domain'].search([('company_ids', '!=', False)]):
            name, ids = domains.get(domain_name(alias_domain.name), (alias_domain.company_ids[0].name, set()))
            domains[domain_name(alias_domain.name)] = name, ids | set(alias_domain.company_ids.ids)
        return domains

    @api.model
    def _get_accepted(self, paths):
        """Return the ids of ``paths`` that their server took mail of since somebody changed the server last."""
        used = {path.id: path.mail_server_id for path in paths if path.sent_count and path.mail_server_id}
        if not used:
            return frozenset()
        sent = self.env['mail.domain.health.sent']._read_group(
            [('path_id', 'in', list(used)), ('sent_on', '>=', min(server.write_date for server in used.values()))],
            ['path_id'], ['sent_on:max'])
        return frozenset(path_id for path_id, sent_on in sent if sent_on >= used[path_id].write_date)

    @api.model
    def _own_domains(self):
        """Return the domains of every company that the configuration file's server has to let through.

        A domain of users is one of them where receivers are known to believe their mail.
        """
        self.env['mail.alias.domain'].flush_model(['name', 'default_from'])
        self.env['res.company'].flush_model(['alias_domain_id', 'active'])
        self.flush_model(['kind', 'is_rewritten', 'from_email', 'state'])
        return {domain_name(name) for (name,) in self.env.execute_query(SQL(
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

    @api.model
    def _servers_in_use(self):
        self.flush_model(['mail_server_id'])
        return frozenset(server_id for (server_id,) in self.env.execute_query(SQL(
            "SELECT DISTINCT mail_server_id FROM mail_domain_health_path WHERE mail_server_id IS NOT NULL")))

    def _way(self, servers, foreign, is_accepted):
        self.ensure_one()
        service = self.mail_sending_service_id
        spf = (self.verdict or {}).get('spf') or {}
        is_provider_own = self._from_domain() in foreign and self._is_provider_own(self.verdict)
        return Way(
            id=self.id, kind=self.kind,
            server=Server(OTHER_HOST, self.smtp_host) if self.smtp_host else servers[self.mail_server_id.id or 0],
            from_email=self.from_email or '', envelope_from=self.envelope_from or '',
            author_email=self.author_email or '', reply_to=(self.reply_to or '').lower(),
            is_exact=self.is_exact, is_forced=self.is_forced, is_rewritten=self.is_rewritten, is_used=self.is_used,
            is_provider_own=is_provider_own, moment=self.moment or 'any', state=self.state or 'unknown',
            spf=spf.get('result') or 'unknown', dmarc=((self.verdict or {}).get('dmarc') or {}).get('result') or 'unknown',
            refusal=self.refusal or '', is_accepted=is_accepted, service_id=service.id or 0, service=service.name or '',
            count=self.author_count, examples=tuple(self.examples or ()), sent_count=self.sent_count,
        )

    def _is_provider_own(self, verdict):
        """Whether the servers of the From domain itself send this mail; ``verdict`` as the engine gave it, if it did."""
        spf = (verdict or {}).get('spf') or {}
        return self.kind not in STRANGERS and (
            self._from_domain() in OWN_SERVICES.get(self.mail_sending_service_id.code, ())
            or (spf.get('result') == 'pass' and spf.get('aligned') is True))

    @api.model
    def _policies_of(self, domains):
        """Return ``{domain: policy}`` of what DMARC asks for them, as far as the last check could read it."""
        policies = {}
        for domain in domains.filtered('report'):
            area = domain.report['dmarc']
            policy = next((
                path.verdict['dmarc']['policy'] for path in domain.path_ids
                if path.verdict and path.verdict.get('dmarc') and path.verdict['dmarc']['policy']), None)
            if area['code'] in NO_POLICY:
                policies[domain.name] = 'missing'
            elif policy and area['state'] != 'unknown':
                policies[domain.name] = policy
            elif area['code'] == 'dmarc.policy_none':
                policies[domain.name] = 'none'
        return policies

    @api.model
    def _deaf_domains(self, names):
        """Return ``{domain: code of the reason}`` of those among ``names`` that can receive no mail."""
        return {
            finding.domain_id.name: finding.code for finding in self.env['mail.domain.health.finding'].search([
                ('code', 'in', DEAF), ('resolved_on', '=', False), ('domain_id.name', 'in', list(names - {''}))])
        }

    def _reassurance(self):
        """Return why an author's address at somebody else's domain is in order, in words, or an empty text."""
        self.ensure_one()
        situation = self.sudo()._situations(self.company_id)[self.company_id]
        way = next(way for way in situation.ways if way.id == self.id)
        code = path_findings.reassurance(situation, way)
        return path_texts.fill(self.env, path_texts.REASSURANCES[code], {
            'author': self.author_email, 'from': self.from_email, 'domain': way.from_domain}) if code else ''


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
