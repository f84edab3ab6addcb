"""What the dialog of the default sender address shows: the changes, example mails before and after, what to know."""

from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of
from ..sending.examples import example_authors, example_routes
from ..sending.legacy_parameters import PARAMETER_DYNAMIC, legacy_sender, sender_address
from ..sending.sender_plan import is_account
from ..texts.filling import say
from ..texts.sender import (
    ACCOUNT_SERVER,
    EXCEPTION,
    FORCED_SERVERS,
    ONLY_HONOR_CARRIES,
    OTHER_DOMAIN,
    PERSONAL_SERVERS,
    SERVER_MUST_ALLOW,
    WHO,
)
from .sender_box import bounce_note


def preview(plan):
    """Return what the dialog shows: the changes, example mails before and after, and what to know.

    :return: ``{"changes": [...], "examples": [{"company", "who", "name", "author", "before", "after"}],
        "others": [the same], "notes": [str]}``
    """
    env = plan.env
    authors = {company: example_authors(company) for company in plan.companies | plan.others()}
    before = {company: example_routes(company, examples) for company, examples in authors.items()}
    changes = plan.changes()
    with plan.tried(changes) as trial_env:
        after = {company: example_routes(company, examples, trial_env) for company, examples in authors.items()}
    rows = [
        {
            'company': company.name,
            'own': company in plan.companies,
            'who': say(env, WHO[author.kind]),
            'name': author.name,
            'author': author.email,
            'before': _words(old),
            'after': _words(new),
            'is_changed': _words(old) != _words(new),
        }
        for company, examples in before.items()
        for (author, old), (_same, new) in zip(examples, after[company])
    ]
    return {
        'changes': changes,
        'several': len(plan.companies) > 1,
        'examples': [row for row in rows if row['own']],
        'others': _rows_of_others(env, rows),
        'notes': list(dict.fromkeys(
            note for company in plan.companies for note in _notes(plan, company, changes, after[company]))),
    }


def _rows_of_others(env, rows):
    """Return what changes for other companies: whose mail, and as which address only where that may be seen."""
    changed = [row for row in rows if not row['own'] and row['is_changed']]
    if env.su:
        return changed
    seen = set(env.user.company_ids.mapped('name'))
    hidden = dict.fromkeys(row['company'] for row in changed if row['company'] not in seen)
    return [row for row in changed if row['company'] in seen] + [
        {'company': name, 'own': False, 'is_changed': True, 'is_hidden': True} for name in hidden]


def _notes(plan, company, changes, routes):
    if plan.mode == 'keep':
        return
    env = plan.env
    if bounces := bounce_note(company, routes):
        yield bounces
    for author, route in routes:
        if not plan.is_met(author, route):
            yield say(
                env, EXCEPTION, email=author.email, from_email=route.from_email if route else '—',
                server=route and route.server.name or env._("the server of Odoo's configuration file"))
    address = sender_address(plan.address)
    dynamic = plan.drops_parameters and legacy_sender(env, PARAMETER_DYNAMIC)
    if dynamic and not plan.carries_envelope():
        yield say(env, ONLY_HONOR_CARRIES, address=dynamic)
    domain = company.alias_domain_id.name
    if domain and domain_of(address) != domain_of(domain):
        yield say(env, OTHER_DOMAIN, address=address, domain=domain, other=domain_of(address))
    for server in {route.server for _author, route in routes if route and route.server}:
        if is_account(server) and (plan.mode != 'one' or email_normalize(server.sudo().smtp_user or '') != address):
            yield say(env, ACCOUNT_SERVER, server=server.name, account=server.sudo().smtp_user)
    for change in changes:
        if change['model'] == 'ir.mail_server':
            server = env['ir.mail_server'].browse(change['res_id'])
            yield say(env, SERVER_MUST_ALLOW, server=server.name, parts=change['new'])
    yield from _unreached(env, company)


def _unreached(env, company):
    """Return what no setting of Odoo's reaches: personal servers, and servers that a mail names itself."""
    personal = env['ir.mail_server'].sudo().search_count([('owner_user_id.company_id', '=', company.id)])
    if personal:
        yield say(env, PERSONAL_SERVERS, count=personal)
    forcing = [record for model in ('mail.template', 'mailing.mailing') if model in env
               for record in env[model].sudo().search([('mail_server_id', '!=', False)], limit=100)]
    if forcing:
        yield say(env, FORCED_SERVERS, count=len(forcing),
                  names=', '.join(f'“{record.display_name}”' for record in forcing[:3]))


def _words(route):
    return route.from_email if route else None
