import logging
from collections import namedtuple

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of, to_ascii
from ..sending.freemail import FREEMAIL_DOMAINS
from ..sending.identity import watched_domains
from ..sending.parts import PART_SIZE
from .ir_config_parameter import LEGACY_PARAMETERS

_logger = logging.getLogger(__name__)

MAX_NAME = 253  # characters; no longer text can be a domain name (RFC 1035 §2.3.4)
# Above that a change that concerns every company is left to the cron: nobody waits for it.
MAX_COMPANIES_AT_ONCE = 20
MAX_PATHS_AT_ONCE = 200  # more than that are worked out by the scheduled check
LINKED_AT_ONCE = 1000
PENDING = 'mail.domain.health'  # the companies whose configuration this transaction changed
PENDING_USERS = 'mail.domain.health.users'  # the users and partners that it changed
CRON = 'mail_domain_health.ir_cron_mail_domain_health_check'

Way = namedtuple('Way', 'id company_id kind author_email from_domain envelope_domain from_id envelope_id judge_id')


class MailDomainHealth(models.Model):
    """Which domains are watched: a record is made where its cause changes, never in a compute."""

    _inherit = 'mail.domain.health'

    @api.model
    def _configuration_changed(self, companies=None):
        """Follow a change of Odoo's configuration at the end of its transaction, once for all that it changes.

        :param companies: the companies that it concerns (default: all)
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = set()
            precommit.add(self.env['mail.domain.health'].sudo()._follow_configuration)
        precommit.data[PENDING].update([None] if companies is None else companies.ids)

    @api.model
    def _users_changed(self, users=None, partners=None, left=None):
        """Follow users, or the partners of some, whose addresses may have changed: the scheduled check does.

        It is noted when the transaction ends, so that a thousand new users cost no more than one.

        :param left: companies that they may have left
        """
        if not self.env.registry.ready:
            return
        precommit = self.env.cr.precommit
        if PENDING_USERS not in precommit.data:
            precommit.data[PENDING_USERS] = set(), set(), set()
            precommit.add(self.env['mail.domain.health'].sudo()._follow_users)
        user_ids, partner_ids, left_ids = precommit.data[PENDING_USERS]
        left_ids.update(left.ids if left else ())
        user_ids.update(users.ids if users else ())
        partner_ids.update(partners.ids if partners else ())

    @api.model
    def _follow_users(self):
        """Note the companies whose users, or whose own address, :meth:`_users_changed` named, and wake the scheduled check."""
        user_ids, partner_ids, left_ids = map(list, self.env.cr.precommit.data.pop(PENDING_USERS, ((), (), ())))
        self.env['res.users'].flush_model(['company_id', 'partner_id', 'share'])
        self.env['res.company'].flush_model(['partner_id'])
        companies = {scope: [company_id for [company_id] in self.env.execute_query(query)] for scope, query in (
            ('users', SQL(
                """
                SELECT DISTINCT company_id FROM res_users
                 WHERE (id = ANY(%s) OR partner_id = ANY(%s)) AND NOT share AND id != %s
                 UNION SELECT id FROM res_company WHERE id = ANY(%s)
                """, user_ids, partner_ids, api.SUPERUSER_ID, left_ids)),
            ('everything', SQL("SELECT id FROM res_company WHERE partner_id = ANY(%s)", partner_ids)),
        )}
        for scope, company_ids in companies.items():
            if company_ids:
                self.env['mail.domain.health.note']._add(scope, company_ids)
        if any(companies.values()):
            self._trigger_cron()

    @api.model
    def _follow_configuration(self):
        """Refresh what :meth:`_configuration_changed` noted; whoever made the change never fails or waits for it."""
        concerned = self.env.cr.precommit.data.pop(PENDING, ())
        companies = self.env['res.company'].sudo().search([('active', '=', True)])
        if None not in concerned:
            companies = companies.filtered(lambda company: company.id in concerned)
        self._refresh_or_note(companies)

    @api.model
    def _refresh_or_note(self, companies):
        """Work out the ways of mail of these companies, or leave it to the scheduled check where that takes longer."""
        if len(companies) > MAX_COMPANIES_AT_ONCE or not self._is_small():
            self.env['mail.domain.health.note'].sudo()._add_missing('everything', companies.ids)
            self._trigger_cron()
        else:
            self._refresh_or_log(companies)

    @api.model
    def _is_small(self):
        """Whether all ways of mail can be worked out while somebody waits."""
        return self.env['mail.domain.health.path'].sudo().search_count([], limit=MAX_PATHS_AT_ONCE + 1) <= MAX_PATHS_AT_ONCE

    @api.model
    def _follow_note(self, note):
        """Follow one change, or a part of it, and remove what is followed; what cannot be followed is logged and dropped."""
        company = self.env['res.company'].browse(note.company_id).exists().filtered('active')
        rest = None
        with self._whatever_goes_wrong():
            rest = self._follow_part(company, note) if company else None
        if rest is not None:
            note.position = rest
            return
        is_last = note.scope == 'everything' and not note.search_count(
            [('scope', '=', 'everything'), ('id', '!=', note.id)], limit=1)
        note._forget()
        if is_last:
            with self._whatever_goes_wrong():
                self._follow_paths()  # once for all companies

    @api.model
    def _follow_part(self, company, note):
        """Work out a part of the ways of mail of a company; return its last domain, or ``None`` where none is left."""
        Path = self.env['mail.domain.health.path']
        if note.scope == 'users':
            part, rest = Path._get_changed_part(company), None
            if len(part.domains) > PART_SIZE:
                note.scope = 'everything'
        if note.scope != 'users':
            part, rest = Path._get_part(company, note.position)
        if not note.position:  # what was noted until now is seen from now on
            note.search([('company_id', '=', company.id), ('scope', 'in', ('users', note.scope)), ('id', '!=', note.id),
                         ('position', '=', False)])._forget()
        changed = Path._refresh(company, part) if part.domains or part.others else set()
        if changed and note.scope == 'users':
            self._follow_paths()
        if rest is None and (changed or note.scope == 'everything'):
            self.env['mail.domain.health.note']._add_missing('findings', company.ids)
        self.search([('name', 'in', list(changed))])._mark_outdated()
        return rest

    @api.model
    def _refresh_or_log(self, companies):
        try:
            with self.env.cr.savepoint():
                self._refresh(companies)
        except OperationalError:  # to be repeated as a whole, as core does
            raise
        except Exception:  # whoever made the change has done nothing wrong
            _logger.exception("Email Domain Health: cannot follow the change of the configuration")
            self._trigger_cron()

    @api.model
    def _trigger_cron(self, at=None):
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:  # absent while the module is being installed
            cron.sudo()._trigger(at)

    @api.model
    def _refresh(self, companies=None):
        """Make domain records and paths match Odoo's configuration. Asks no DNS.

        :param companies: the companies whose paths may have changed (default: all)
        """
        Path = self.env['mail.domain.health.path'].sudo()
        active_companies = self.env['res.company'].sudo().search([('active', '=', True)])
        companies = active_companies if companies is None else companies & active_companies
        changed = Path._refresh(companies)
        self._follow_paths()
        self.sudo().search([('name', 'in', list(changed))])._mark_outdated()
        Path._sync_findings(companies)

    @api.model
    def _follow_paths(self):
        """Watch the domains that mail leaves as, and no others, and have every path point to its own."""
        self = self.sudo().with_context(active_test=False, tracking_disable=True)  # noqa: PLW0642
        companies = self.env['res.company'].search([('active', '=', True)])
        ways = self._read_ways(companies)
        users = self._get_domains_in_use(companies, ways)
        known = self._read_known()
        created = self._make([name for name in users if name not in known])
        # Read again: one that another transaction made just now is left out.
        known.update({domain.name: (domain.id, True, set()) for domain in created})
        now = fields.Datetime.now()
        for name, (domain_id, active, company_ids) in known.items():
            if name not in users:
                if active:
                    self.browse(domain_id)._stop_watching()
            elif not active or company_ids != users[name]:
                self.browse(domain_id).write({
                    'active': True, 'company_ids': [fields.Command.set(users[name])], 'next_check': now})
        ids = {name: domain_id for name, (domain_id, _active, _company_ids) in known.items()}
        for alias_domain in self.env['mail.alias.domain'].search([('name', '!=', False)]):
            domain_id = ids.get(domain_name(alias_domain.name), False)
            if alias_domain.mail_domain_health_id.id != domain_id:
                alias_domain.mail_domain_health_id = domain_id
        self._link_paths(companies, ways, ids)
        self._refresh_ownership()
        if created:
            self._trigger_cron()

    @api.model
    def _read_ways(self, companies):
        """Return the ways of these companies as plain rows: records of thousands take seconds."""
        self.env['mail.domain.health.path'].flush_model()
        return [
            Way(*row[:4], domain_of(row[4]), domain_of(row[5]), *row[6:]) for row in self.env.execute_query(SQL(
                """
                SELECT id, company_id, kind, author_email, from_email, envelope_from, from_health_id, envelope_health_id, judge_id
                  FROM mail_domain_health_path WHERE company_id = ANY(%s)
                """, companies.ids))]

    @api.model
    def _read_known(self):
        """Return ``{name: (id, active, company ids)}`` of every domain that is or was watched."""
        self.flush_model(['name', 'active', 'company_ids'])
        table, domain_column, company_column = (
            SQL.identifier(name) for name in (
                self._fields['company_ids'].relation, self._fields['company_ids'].column1, self._fields['company_ids'].column2))
        rows = self.env.execute_query(SQL(
            """
            SELECT domain.id, domain.name, domain.active, COALESCE(array_agg(rel.%s) FILTER (WHERE rel.%s IS NOT NULL), '{}')
              FROM mail_domain_health domain LEFT JOIN %s rel ON rel.%s = domain.id GROUP BY domain.id
            """, company_column, company_column, table, domain_column))
        return {name: (domain_id, active, set(company_ids)) for domain_id, name, active, company_ids in rows}

    @api.model
    def _link_paths(self, companies, ways, ids):
        """Have every path point to the domains it uses, and to the one whose check judges it; ``ids`` are all by name."""
        alias_domains = {company.id: ids.get(domain_name(company.alias_domain_id.name)) for company in companies}
        links = []
        for way in ways:
            from_id, envelope_id = ids.get(way.from_domain), ids.get(way.envelope_domain)
            judge_id = from_id or envelope_id or alias_domains[way.company_id]
            if (way.from_id, way.envelope_id, way.judge_id) != (from_id, envelope_id, judge_id):
                links.append((way.id, from_id, envelope_id, judge_id))
        for start in range(0, len(links), LINKED_AT_ONCE):
            self.env.cr.execute(SQL(
                """
                UPDATE mail_domain_health_path path SET from_health_id = link.from_id::int,
                       envelope_health_id = link.envelope_id::int, judge_id = link.judge_id::int
                  FROM (VALUES %s) link(id, from_id, envelope_id, judge_id) WHERE path.id = link.id
                """, SQL(", ").join(SQL("(%s, %s, %s, %s)", *link) for link in links[start:start + LINKED_AT_ONCE])))
        if links:
            self.env['mail.domain.health.path'].invalidate_model(['from_health_id', 'envelope_health_id', 'judge_id'])
            self.invalidate_model(['path_ids', 'envelope_path_ids', 'judged_path_ids'])

    @api.model
    def _make(self, names):
        """Create records for domain names; one that another transaction makes just now is left to it."""
        if not names:
            return self.browse()
        now = fields.Datetime.now()
        self.env['mail.domain.health'].flush_model()
        rows = self.env.execute_query(SQL(
            """
            INSERT INTO mail_domain_health (
                name, active, state, spf_state, dkim_state, dmarc_state, attempts, is_outdated, next_check,
                create_uid, create_date, write_uid, write_date)
            VALUES %s ON CONFLICT (name) DO NOTHING RETURNING id
            """,
            SQL(", ").join(
                SQL("(%s, TRUE, 'unknown', 'unknown', 'unknown', 'unknown', 0, FALSE, %s, %s, %s, %s, %s)",
                    name, now, self.env.uid, now, self.env.uid, now)
                for name in names),
        ))
        return self.browse(row[0] for row in rows)

    def _mark_outdated(self):
        """Have domains looked at again, whose verdict is about what was so before."""
        checked = self.filtered('last_check')
        if checked:
            checked.write({'is_outdated': True, 'next_check': fields.Datetime.now()})
            self._trigger_cron()

    def _stop_watching(self):
        """Archive domains that nothing uses any more, with their history and without what is left to do."""
        if self:
            self.write({'active': False, 'memory': False})
            self.activity_unlink([
                'mail_domain_health.mail_activity_type_domain_broken',
                'mail_domain_health.mail_activity_type_domain_unseen',
            ])

    @api.model
    def _get_domains_in_use(self, companies, ways):
        """Return ``{domain name: set of company ids}``; a domain that only a parameter names has none."""
        users = {}
        for company in companies.filtered('alias_domain_id'):
            users.setdefault(domain_name(company.alias_domain_id.name), set()).add(company.id)
        for way in ways:
            for name in watched_domains(way.kind, way.author_email, way.from_domain, way.envelope_domain):
                users.setdefault(name, set()).add(way.company_id)
        for key in LEGACY_PARAMETERS:
            name = self._get_parameter_domain(key)
            if name and name not in FREEMAIL_DOMAINS:
                users.setdefault(name, set())
        return {name: company_ids for name, company_ids in users.items() if 0 < len(name) <= MAX_NAME}

    @api.model
    def _get_parameter_domain(self, key):
        """Return the domain that a legacy parameter names, or an empty text."""
        value = (self.env['ir.config_parameter'].sudo().get_param(key) or '').strip()
        if '@' in value:
            return domain_name(value.rpartition('@')[2].rstrip('>'))
        return domain_name(value) if key == 'mail.catchall.domain' else ''


def domain_name(text):
    """Return the A-label form of a domain; what cannot be one stays as it is, so that the report can say so."""
    text = (text or '').strip().rstrip('.').lower()
    return to_ascii(text) or text
