"""The finding about contacts whose messages cannot be passed on: one for each company, with counts, and what would help."""

from odoo.tools import SQL

from ..mailauth.dns.names import domain_of, to_unicode
from ..sending.external_senders import EXTERNAL_KINDS
from ..sending.rules.remedies import as_account, set_default_from, set_from_filter
from ..sending.rules.severity import ERROR, INFO, WARNING
from ..sending.situation import PathFinding
from .badges import TOLD, domains_with
from .passed_on import read_passed_on
from .relaying import CODE, IN_ODOO, NAMED_NOWHERE, OURS, Contact, Relaying

MAX_EXAMPLES = 3
# What is said of the same mail without naming whom it concerns.
LESS_TELLING = ('path.plain_server', 'path.no_alias_domain')


def add_relaying(env, situations, found):
    """Return ``found`` with the finding of each company whose contacts' messages are refused, or may be.

    :param situations: ``{company: Situation}``
    :param found: ``[(company, PathFinding)]``
    """
    if not env['mail.partner.domain'].search_count([('contact_count', '>', 0)], limit=1):
        return found
    relaying = Relaying(env)
    about = {company: _finding(env, relaying, company, situation) for company, situation in situations.items()}
    return [
        *((company, finding) for company, finding in about.items() if finding),
        *((company, finding) for company, finding in found if not about[company] or finding.code not in LESS_TELLING)]


def _finding(env, relaying, company, situation):
    for verdict in TOLD:
        rows = domains_with(relaying, company, (verdict,))
        [[domains, contacts]] = env.execute_query(SQL(
            """
            SELECT count(*), COALESCE(sum(contact_count), 0) FROM (%s) concerned WHERE contact_count > 0
            """, rows))
        if domains:
            break
    else:
        return None
    passed_on = read_passed_on(env, company, rows)
    # Those of whom most was passed on, then those with most contacts.
    busiest = [name for name, _count in passed_on.mails.most_common(MAX_EXAMPLES)]
    names = busiest + [name for name, in env.execute_query(SQL(
        "SELECT name FROM (%s) concerned WHERE contact_count > 0 AND name <> ALL(%s) ORDER BY contact_count DESC, name LIMIT %s",
        rows, busiest, MAX_EXAMPLES - len(busiest)))]
    example = env['mail.partner.domain'].search_fetch([('name', '=', names[0])], ['policy', 'spf'])
    email = f'somebody@{names[0]}'
    emails = [email, *(f'somebody@{name}' for name in _named_by_filters(situation, rows, env) if name != names[0])]
    reason = _reason(relaying, company, email, Contact(example.policy or 'unknown', example.spf or 'unknown'))
    mails, refused = passed_on.mails.total(), passed_on.refused.total()
    severity = ERROR if verdict == 'unsafe' and (mails or refused) else WARNING
    if passed_on.in_odoo and not passed_on.users:
        reason, severity = IN_ODOO, INFO
    paths = env['mail.domain.health.path'].search([
        ('company_id', '=', company.id), ('kind', 'in', EXTERNAL_KINDS), ('is_rewritten', '=', False), ('refusal', '=', '')])
    return PathFinding(
        CODE, severity, company.name,
        {'reason': reason, 'company': company.name, 'contacts': contacts, 'domains': domains,
         'examples': [to_unicode(name) for name in names], 'mails': mails, 'refused': refused, 'users': len(passed_on.users),
         'in_odoo': passed_on.in_odoo},
        {'kind': 'contacts', 'changes': sender_changes(relaying, company, situation, emails)}, tuple(paths.ids))


def _reason(relaying, company, email, contact):
    """Return why; what lies in our own configuration first, for it holds for all contacts and no badge says it."""
    # A domain that asks receivers for nothing, and refuses nobody.
    undemanding = relaying.follows(company, email, Contact('none', 'none'))
    if undemanding.verdict == 'unsafe' and undemanding.reason in OURS:
        return undemanding.reason
    return relaying.follows(company, email, contact).reason


def sender_changes(relaying, company, situation, emails=(NAMED_NOWHERE,)):
    """Return the changes after which Odoo should replace the sender of such messages; nothing where no setting helps.

    Whether they do is for a trial to say (remedies.py).
    """
    changes, named = {}, {}
    if situation.alias_domain_id and not situation.notifications_from:
        changes |= _by_place(set_default_from(situation))
    for email in emails:
        for _moment, route in relaying.asking.external_routes(company.with_env(relaying.env), email):
            server = getattr(route, 'server', None)
            if server is None or not situation.alias_domain_id:
                continue
            known = next((each for each in situation.servers if each.id == server.id), situation.configuration_file)
            if known.provider and known.account:
                changes |= _by_place(as_account(situation, known))
            elif not server:
                changes |= _by_place(set_from_filter(situation))
            else:
                named.setdefault(known, set()).add(domain_of(email))
    for known, domains in named.items():
        changes |= _by_place(_without(known, domains))
    return list(changes.values())


def _named_by_filters(situation, rows, env):
    """Return those of the domains of ``rows`` that some server's filter names."""
    parts = {domain_of(part) for server in situation.servers for part in (server.from_filter or '').split(',')}
    return [name for [name] in env.execute_query(SQL(
        "SELECT name FROM (%s) concerned WHERE name = ANY(%s) ORDER BY name", rows, sorted(parts)))]


def _without(server, domains):
    """Take out of a server's filter what names contacts' domains: Odoo then replaces the sender."""
    written = [part.strip() for part in server.from_filter.split(',') if part.strip()]
    kept = [part for part in written if '@' in part or domain_of(part) not in domains]
    if not kept or kept == written:
        return {}
    return {'changes': [{'model': 'ir.mail_server', 'id': server.id, 'field': 'from_filter', 'value': ', '.join(kept)}]}


def _by_place(remedy):
    return {(change['model'], change.get('id') or change.get('key'), change['field']): change
            for change in remedy.get('changes', ())}
