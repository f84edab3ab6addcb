from collections import defaultdict

from odoo import api, models

from .mail_domain_health_path_authors import MAX_EXAMPLES
from .smtp_departure import CONFIGURATION_FILE, OTHER_HOST

MAX_UNFORESEEN = 50  # of a company: those with the most mails
# What decides how mail leaves: a module that overrides one of these may send otherwise than the settings say.
SENDING_METHODS = {
    'ir.mail_server': (
        '_alter_message__', '_build_email__', '_connect__', '_find_mail_server', '_get_default_bounce_address',
        '_get_default_from_address', '_get_default_from_filter', '_prepare_email_message__', 'send_email'),
    'mail.mail': ('_prepare_outgoing_list', '_send', '_split_by_mail_configuration', 'create', 'send'),
    'mail.message': ('create',),
}
_OURS = 'mail_domain_health'


class MailDomainHealthPath(models.Model):
    """Ways that mail left and that nothing foretold: they become paths, and are judged as the others are."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _collect(self, companies):
        return [*super()._collect(companies), *self._collect_unforeseen(companies)]

    @api.model
    def _collect_unforeseen(self, companies):
        """Return the values of a path for each way that mail left in the last 30 days and no other path foretold."""
        found = self.env['mail.domain.health.sent'].sudo()._get_unforeseen(companies)
        servers = self.env['ir.mail_server'].sudo().browse({way.mail_server_id for way in found} - {
            CONFIGURATION_FILE, OTHER_HOST}).exists()
        by_company = defaultdict(list)
        for way in found:
            # Of a server that is gone there is nothing to judge.
            if '@' in way.from_email and way.mail_server_id in (CONFIGURATION_FILE, OTHER_HOST, *servers.ids):
                by_company[way.company_id].append(way)
        return [self._get_unforeseen_values(way) for ways in by_company.values() for way in ways[:MAX_UNFORESEEN]]

    @api.model
    def _get_unforeseen_values(self, way):
        company = self.env['res.company'].browse(way.company_id)
        server = self.env['ir.mail_server'].browse(way.mail_server_id if way.mail_server_id > 0 else ())
        service = self.env['mail.sending.service']._recognise(way.smtp_host) if way.mail_server_id == OTHER_HOST \
            else self._sending_service(company, server)
        author_domain = max(way.author_domains, key=way.author_domains.get)
        about = [self.env['ir.model']._get(model).name or model for model, _count in way.models.most_common() if model]
        return {
            'company_id': company.id,
            'kind': 'unforeseen',
            'author_email': f'@{author_domain}',
            'author_domain': author_domain,
            'author_count': 0,
            'examples': about[:MAX_EXAMPLES],
            'author_ids': [],
            'is_exact': False,
            'is_forced': False,
            'moment': 'any',
            'mail_server_id': server.id,
            'smtp_host': way.smtp_host if way.mail_server_id == OTHER_HOST else False,
            'mail_sending_service_id': service.id,
            'from_email': way.from_email,
            'envelope_from': way.envelope_from,
            'reply_to': False,
            'is_rewritten': False,
            'sent_count': way.count,
            'last_sent': way.last_sent,
        }

    @api.model
    def _follow_unforeseen(self):
        """Make paths of ways that are new.

        :return: how much each such path is used
        :rtype: dict[int, tuple]
        """
        companies = self.env['res.company'].sudo().search([('active', '=', True)])
        found = {self._get_key(values): values for values in self._collect_unforeseen(companies)}
        new = {found[key]['company_id'] for key in found.keys() - self._get_unforeseen_paths().keys()}
        if new:
            self.env['mail.domain.health']._refresh_or_note(self.env['res.company'].browse(new))
        return {
            path.id: (found[key]['sent_count'], found[key]['last_sent'])
            for key, path in self._get_unforeseen_paths().items() if key in found}

    @api.model
    def _get_unforeseen_paths(self):
        return {path._key(): path for path in self.sudo().search([('kind', '=', 'unforeseen')])}

    @api.model
    def _get_sending_modules(self):
        """Return the names of modules that are none of Odoo's and override what decides how mail leaves."""
        modules = {
            definition.__module__.split('.')[2]
            for model, methods in SENDING_METHODS.items() for definition in type(self.env[model]).__mro__
            if definition.__module__.startswith('odoo.addons.') and not vars(definition).keys().isdisjoint(methods)
        } - {_OURS}
        # Odoo's own modules name their author so.
        others = self.env['ir.module.module'].sudo().search([
            ('name', 'in', list(modules)), '!', ('author', '=like', 'Odoo S.A.%')], order='name')
        return others.mapped('name')
