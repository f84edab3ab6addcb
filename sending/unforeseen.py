"""Mail that left in a way that nothing foretold: it gets paths, which are judged as the others are."""

from collections import defaultdict

from .authors import MAX_EXAMPLES
from .departure import CONFIGURATION_FILE, OTHER_HOST
from .identity import path_key
from .sent_rows import get_unforeseen
from .services import sending_service

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


def collect_unforeseen(env, companies):
    """Return the values of a path for each way that mail left in the last 30 days and no other path foretold."""
    found = get_unforeseen(env, companies)
    servers = env['ir.mail_server'].sudo().browse({unforeseen.mail_server_id for unforeseen in found} - {
        CONFIGURATION_FILE, OTHER_HOST}).exists()
    by_company = defaultdict(list)
    for unforeseen in found:
        # Of a server that is gone there is nothing to judge.
        if '@' in unforeseen.from_email and unforeseen.mail_server_id in (CONFIGURATION_FILE, OTHER_HOST, *servers.ids):
            by_company[unforeseen.company_id].append(unforeseen)
    return [_values(env, unforeseen) for values in by_company.values() for unforeseen in values[:MAX_UNFORESEEN]]


def _values(env, unforeseen):
    company = env['res.company'].browse(unforeseen.company_id)
    server = env['ir.mail_server'].browse(unforeseen.mail_server_id if unforeseen.mail_server_id > 0 else ())
    service = env['mail.sending.service']._recognize(unforeseen.smtp_host) if unforeseen.mail_server_id == OTHER_HOST \
        else sending_service(company, server)
    author_domain = max(unforeseen.author_domains, key=unforeseen.author_domains.get)
    about = [model for model, _count in unforeseen.models.most_common() if model]
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
        'smtp_host': unforeseen.smtp_host if unforeseen.mail_server_id == OTHER_HOST else False,
        'mail_sending_service_id': service.id,
        'from_email': unforeseen.from_email,
        'envelope_from': unforeseen.envelope_from,
        'reply_to': False,
        'is_rewritten': False,
        'sent_count': unforeseen.count,
        'last_sent': unforeseen.last_sent,
    }


def follow_unforeseen(env):
    """Make paths of ways that are new.

    :return: how much each such path is used
    :rtype: dict[int, tuple]
    """
    companies = env['res.company'].sudo().search([('active', '=', True)])
    found = {path_key(values): values for values in collect_unforeseen(env, companies)}
    new = {found[key]['company_id'] for key in found.keys() - _known_paths(env).keys()}
    if new:
        env['mail.domain.health']._refresh_or_note(env['res.company'].browse(new))
    return {
        path.id: (found[key]['sent_count'], found[key]['last_sent'])
        for key, path in _known_paths(env).items() if key in found}


def _known_paths(env):
    return {path._key(): path for path in env['mail.domain.health.path'].sudo().search([('kind', '=', 'unforeseen')])}


def sending_modules(env):
    """Return the names of modules that are none of Odoo's and override what decides how mail leaves."""
    modules = {
        definition.__module__.split('.')[2]
        for model, methods in SENDING_METHODS.items() for definition in type(env[model]).__mro__
        if definition.__module__.startswith('odoo.addons.') and not vars(definition).keys().isdisjoint(methods)
    } - {_OURS}
    # Odoo's own modules name their author so.
    others = env['ir.module.module'].sudo().search([
        ('name', 'in', list(modules)), '!', ('author', '=like', 'Odoo S.A.%')], order='name')
    return others.mapped('name')
