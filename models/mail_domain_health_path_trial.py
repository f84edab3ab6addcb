"""What would become of the ways that mail leaves: a change of Odoo's configuration, tried out and asked of core."""

from contextlib import closing, contextmanager

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mail import email_normalize

from .legacy_sender import CONTEXT_TRIAL, Trial
from .mail_domain_health_path import STRANGERS
from .path_fate import Leaving, Outcome

FROM_FILTER = 'mail.default.from_filter'
MAX_TRIED = 1000  # ways; to ask core about more, twice, takes longer than anybody may wait


class MailDomainHealthPath(models.Model):
    """Changes tried out: records in a savepoint that is rolled back, parameters as values that only we see."""

    _inherit = 'mail.domain.health.path'

    @contextmanager
    def _tried(self, changes, honours=None):
        """Within, the changes are made; yields the model to probe with. Afterwards they are as if never made.

        The parameters themselves are never touched: ``set_param`` inside a savepoint reaches every thread through
        the cache of the process, and stays there after the rollback. No cache is filled or cleared and no cron
        woken either: what would follow the changes waits for the end of the transaction, and goes with the rollback.

        :param changes: ``[{model, id | key, field, value}]``, as in a remedy (path_findings)
        :param honours: whether the parameters of older versions are obeyed (default: as it is now)
        :raises UserError: where core does not allow the changes, or somebody else is changing the same just now
        """
        IrMailServer = self.env['ir.mail_server']
        trial = Trial(
            next((change['value'] for change in changes if change.get('key') == FROM_FILTER),
                 IrMailServer._get_default_from_filter()),
            IrMailServer._honours_legacy_sender() if honours is None else honours)
        with closing(self.env.cr.savepoint()):
            for change in changes:
                if change['model'] == 'ir.config_parameter':
                    continue
                record = self.env[change['model']].browse(change['id']).exists()
                # Locked inside the savepoint: the rollback lets it go.
                if not record or not record.sudo().try_lock_for_update(allow_referencing=True):
                    raise UserError(self.env._("Somebody else is changing this just now. Try again."))
                record.write({change['field']: change['value']})
            self.env.flush_all()
            yield self.with_context(**{CONTEXT_TRIAL: trial})

    @api.model
    def _try_out(self, companies, changes):
        """Return what ``changes`` would do to the mail of ``companies``, or ``None`` where they cannot be tried.

        :return: a :class:`path_fate.Outcome` for each author whose mail would leave otherwise
        """
        if self.search_count([('company_id', 'in', companies.ids)], limit=MAX_TRIED + 1) > MAX_TRIED:
            return None
        named = {part.strip().lower() for change in changes for part in str(change['value']).split(',') if '@' in part}
        named |= set(self._get_named_addresses(self._get_mail_servers()))
        before = self._leaving_by_author(companies, named)
        try:
            with self._tried(changes) as Path:
                after = Path._leaving_by_author(companies, named)
        except (UserError, ValidationError):
            return None
        return list(dict.fromkeys(
            Outcome(company_id, kind, address, leaving, after.get(author, (None, None))[1])
            for author, (address, leaving) in before.items()
            for company_id, kind in (author[:2],) if leaving != after.get(author, (None, None))[1]))

    @api.model
    def _leaving_by_author(self, companies, named):
        """Return ``{author: (address, path_fate.Leaving)}``, ``None`` where core refuses; authors as in :meth:`_leavings`."""
        alias_domains = self.env['mail.alias.domain'].sudo().search([('company_ids', '!=', False)])
        addresses = {domain: email_normalize(domain.default_from_email) for domain in alias_domains}
        own = {company.id: addresses.get(company.sudo().alias_domain_id) for company in companies}
        return {
            author: (values['author_email'], None if values['refusal'] else Leaving(
                values['mail_server_id'] or 0, values['mail_sending_service_id'] or 0, values['from_email'],
                values['envelope_from'], values['kind'] in STRANGERS and not values['is_rewritten'],
                values['from_email'] != values['author_email'] and values['from_email'] != own[values['company_id']]
                and values['from_email'] in addresses.values()))
            for author, values in self._leavings(companies, named).items()
        }
