import logging

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from ..mailauth.dns.names import domain_of, is_subdomain
from ..mailauth.verdict import FINDING_AREAS, State
from ..sending.freemail import FREEMAIL_DOMAINS
from ..sending.situation_reading import is_provider_own
from ..texts import paths as path_texts
from .mail_domain_health import ROWS, Rows

_logger = logging.getLogger(__name__)

ACTIVITIES = ('mail_domain_health.mail_activity_type_domain_broken', 'mail_domain_health.mail_activity_type_domain_unseen')


class MailDomainHealth(models.Model):
    """Domains of somebody else that our mail leaves as: looked at for what they ask of receivers, and nothing more.

    There is nothing of ours to publish there and nothing to announce; what can be done is done
    in Odoo, and the findings about ways that mail leaves say what.
    """

    _inherit = 'mail.domain.health'

    ownership = fields.Selection(
        [('ours', "Ours"), ('theirs', "Somebody Else's")], "Whose Domain", readonly=True,
        help="What an administrator said. Empty: judged by the alias domains and addresses in this database.")
    is_foreign = fields.Boolean("Somebody Else's", readonly=True)

    def action_claim(self):
        """Say that these domains are ours: they get records to publish, and are announced."""
        return self._set_ownership('ours')

    def action_disclaim(self):
        """Say that these domains are somebody else's."""
        return self._set_ownership('theirs')

    def _set_ownership(self, ownership):
        self.check_access('write')
        self.sudo().write({'ownership': ownership, 'is_foreign': ownership == 'theirs'})
        if ownership == 'theirs':
            self.sudo()._forget_what_to_do()
        self.sudo()._mark_outdated()
        self.env['mail.domain.health']._configuration_changed()

    def _forget_what_to_do(self):
        self.write({'memory': False})
        self.activity_unlink(list(ACTIVITIES))

    @api.model
    def _refresh_ownership(self):
        """Tell our domains from those of others, as far as nobody said which they are."""
        domains = self.search([('active', '=', True)])
        companies = self.env['res.company'].search([('active', '=', True)])
        ours = set(companies.alias_domain_id.mail_domain_health_id.mapped('name')) | {
            domain_of(email) for email in companies.partner_id.mapped('email_normalized') if email}
        ours |= {name for name in (self._get_parameter_domain('mail.catchall.domain'),) if name}
        ours -= FREEMAIL_DOMAINS - set(companies.alias_domain_id.mail_domain_health_id.mapped('name'))
        people = {
            path.from_health_id.id for path in self.env['mail.domain.health.path'].search([
                ('from_health_id', 'in', domains.ids), ('kind', 'in', ('user', 'company', 'notifications', 'odoobot'))])}
        for domain in domains:
            is_foreign = domain.ownership == 'theirs' if domain.ownership else not _is_ours(
                domain.name, ours, domain.id in people)
            if domain.is_foreign != is_foreign:
                domain.is_foreign = is_foreign
                if is_foreign:
                    domain._forget_what_to_do()
                domain._mark_outdated()

    def _apply_report(self, report):
        self.ensure_one()
        before = self.attempts
        result = super()._apply_report(self._as_foreign(report) if self.is_foreign else report)
        if self.attempts != before:
            companies = (self.path_ids | self.envelope_path_ids).company_id | self.alias_domain_ids.company_ids
            rows = self.env.context.get(ROWS)
            if isinstance(rows, Rows):  # once for all that is looked at
                rows.company_ids.update(companies.ids)
            else:
                self._sync_findings_of(companies.filtered('active'))
        return result

    def _sync_findings_of(self, companies):
        """Follow what the checks say of these companies' ways; a check beside this one may do the same just now."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.env['mail.domain.health.path']._sync_findings(companies)
        except (OperationalError, UniqueViolation):  # what was looked up is kept, and nobody asks DNS again for it
            _logger.info("Email Domain Health: the findings about ways that mail leaves are followed later", exc_info=True)
            self._trigger_cron()

    def _as_foreign(self, report):
        """Return a report without what only the domain's owner could change."""
        known = {str(path.id): path for path in self.path_ids | self.envelope_path_ids | self.judged_path_ids}
        paths, in_use = [], []
        for verdict in report['paths']:
            path = known.get(verdict['key'], self.path_ids.browse())
            if path and verdict['state'] == 'warning' and is_provider_own(path, verdict):
                # It signs what its own users send: under which selector is nobody else's business.
                verdict = {**verdict, 'state': 'pass', 'reasons': []}
            paths.append(verdict)
            if path.is_used and path.from_health_id == self:
                in_use.append(verdict['state'])
        # What no mail in use leaves as says nothing of the company.
        state = State.worst(map(State, in_use)).value
        return {**report, 'state': state, 'paths': paths, 'findings': [], 'changes': [], 'answered': list(FINDING_AREAS)}

    @api.depends('is_foreign')
    def _compute_overview(self):
        result = super()._compute_overview()
        for domain in self.filtered('is_foreign'):
            domain.overview = {**domain.overview, 'areas': [], 'sentence': self.env._(
                path_texts.FOREIGN.get(domain.state, path_texts.FOREIGN['unknown']))}
        return result

    def _without_muted(self, events, before_muted, memory, report):
        return [] if self.is_foreign else super()._without_muted(events, before_muted, memory, report)

    def _awaits_confirmation(self):
        return not self.is_foreign and super()._awaits_confirmation()

    def _announce_unseen(self, now):
        return None if self.is_foreign else super()._announce_unseen(now)


def _is_ours(name, ours, has_people):
    """Whether a domain is one of ours: an alias domain, near one, or where our people have addresses."""
    if name in ours:
        return True
    if name in FREEMAIL_DOMAINS:
        return False
    return has_people or any(is_subdomain(name, own) or is_subdomain(own, name) for own in ours)
