import logging

from psycopg2 import Error, OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..mailauth.names import to_ascii
from .ir_config_parameter import LEGACY_PARAMETERS
from .mail_domain_health_path import FREEMAIL_DOMAINS

_logger = logging.getLogger(__name__)

MAX_NAME = 253  # characters; no longer text can be a domain name (RFC 1035 §2.3.4)
# Above that a change that concerns every company is left to the cron: nobody waits for it.
MAX_COMPANIES_AT_ONCE = 20
PENDING = 'mail.domain.health'  # the companies whose configuration this transaction changed
PENDING_USERS = 'mail.domain.health.users'  # the users and partners that it changed
CRON = 'mail_domain_health.ir_cron_mail_domain_health_check'


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
    def _users_changed(self, users=None, partners=None):
        """Follow users, or the partners of some, who may now have an address at a new domain.

        Only that is worth a refresh: how many they are the scheduled check counts. It is looked at
        when the transaction ends, so that a thousand new users cost no more than one.
        """
        if not self.env.registry.ready:
            return
        precommit = self.env.cr.precommit
        if PENDING_USERS not in precommit.data:
            precommit.data[PENDING_USERS] = set(), set()
            precommit.add(self.env['mail.domain.health'].sudo()._follow_users)
        user_ids, partner_ids = precommit.data[PENDING_USERS]
        user_ids.update(users.ids if users else ())
        partner_ids.update(partners.ids if partners else ())

    @api.model
    def _follow_users(self):
        """Note the companies whose users :meth:`_users_changed` named and whose ways of mail do not know them yet."""
        user_ids, partner_ids = self.env.cr.precommit.data.pop(PENDING_USERS, ((), ()))
        self.env['res.users'].flush_model(['active', 'company_id', 'partner_id', 'share'])
        self.env['res.partner'].flush_model(['email_normalized'])
        Path = self.env['mail.domain.health.path']
        unknown = {
            company_id for company_id, author_domain in self.env.execute_query(SQL(
                """
                SELECT DISTINCT users.company_id, split_part(partner.email_normalized, '@', 2)
                  FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
                 WHERE (users.id = ANY(%s) OR users.partner_id = ANY(%s)) AND users.active AND NOT users.share
                   AND users.id != %s AND partner.email_normalized LIKE '%%@%%'
                """, list(user_ids), list(partner_ids), api.SUPERUSER_ID))
            if author_domain not in Path._get_user_domains(company_id)
        }
        # A company's address is its contact's.
        unknown.update(self.env['res.company'].sudo().search([('partner_id', 'in', list(partner_ids))]).ids)
        if unknown:
            self._configuration_changed(self.env['res.company'].browse(unknown))

    @api.model
    def _follow_configuration(self):
        """Refresh what :meth:`_configuration_changed` noted; whoever made the change never fails or waits for it."""
        concerned = self.env.cr.precommit.data.pop(PENDING, ())
        companies = self.env['res.company'].sudo().search([('active', '=', True)])
        if None not in concerned:
            companies = companies.filtered(lambda company: company.id in concerned)
        if len(companies) > MAX_COMPANIES_AT_ONCE:
            self._trigger_cron()
        else:
            self._refresh_or_log(companies)

    @api.model
    def _refresh_or_log(self, companies):
        try:
            with self.env.cr.savepoint():
                self._refresh(companies)
        except OperationalError:  # to be repeated as a whole, as core does
            raise
        except (Error, ValueError, KeyError, AttributeError):
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
        self = self.sudo().with_context(active_test=False, tracking_disable=True)  # noqa: PLW0642
        Path = self.env['mail.domain.health.path']
        active_companies = self.env['res.company'].search([('active', '=', True)])
        changed = Path._refresh(active_companies if companies is None else companies & active_companies)

        users = self._get_domains_in_use(active_companies)
        known = {domain.name: domain for domain in self.search([('name', '!=', False)])}
        created = self._make([name for name in users if name not in known])
        known.update({domain.name: domain for domain in created})
        for name, domain in known.items():
            if name not in users:
                domain.filtered('active')._stop_watching()
            elif not domain.active or set(domain.company_ids.ids) != users[name]:
                domain.write({'active': True, 'company_ids': [fields.Command.set(users[name])],
                              'next_check': fields.Datetime.now()})

        for alias_domain in self.env['mail.alias.domain'].search([('name', '!=', False)]):
            domain = known.get(domain_name(alias_domain.name), self.browse())
            if alias_domain.mail_domain_health_id != domain:
                alias_domain.mail_domain_health_id = domain
        self._link_paths(active_companies, known)
        self._refresh_ownership()
        outdated = self.browse(domain.id for name, domain in known.items() if name in changed)
        outdated._mark_outdated()
        Path._sync_findings(active_companies if companies is None else companies & active_companies)
        if created:
            self._trigger_cron()

    @api.model
    def _link_paths(self, companies, known):
        """Have every path point to the domains it uses, and to the one whose check judges it; ``known`` are all by name."""
        none = self.browse()
        links = {}
        alias_domains = {company: known.get(domain_name(company.alias_domain_id.name), none) for company in companies}
        for path in self.env['mail.domain.health.path'].search([('company_id', 'in', companies.ids)]):
            from_health = known.get(path._from_domain(), none)
            envelope_health = known.get(path._envelope_domain(), none)
            values = {
                'from_health_id': from_health.id,
                'envelope_health_id': envelope_health.id,
                'judge_id': (from_health or envelope_health or alias_domains[path.company_id]).id,
            }
            if any(path[name].id != value for name, value in values.items()):
                links.setdefault(tuple(values.items()), []).append(path.id)
        for values, path_ids in links.items():
            self.env['mail.domain.health.path'].browse(path_ids).write(dict(values))

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
    def _get_domains_in_use(self, companies):
        """Return ``{domain name: set of company ids}``; a domain that only a parameter names has none."""
        users = {}
        for company in companies.filtered('alias_domain_id'):
            users.setdefault(domain_name(company.alias_domain_id.name), set()).add(company.id)
        for path in self.env['mail.domain.health.path'].search([('company_id', 'in', companies.ids)]):
            for name in path._watched_domains():
                users.setdefault(name, set()).add(path.company_id.id)
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
