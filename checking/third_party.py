"""Domains of somebody else that our mail leaves as: looked at for what they ask of receivers, and nothing more.

There is nothing of ours to publish there and nothing to announce; what can be done is done
in Odoo, and the findings about sending paths say what.
"""

from dataclasses import replace

from ..mailauth.dns.names import domain_of, is_subdomain
from ..mailauth.verdict import FINDING_AREAS, State
from ..sending.freemail import FREEMAIL_DOMAINS
from ..sending.situation_reading import is_provider_own

_KINDS_OF_PEOPLE = ('user', 'company', 'notifications', 'odoobot')


def without_owners_part(domain, report):
    """Return a report without what only the domain's owner could change."""
    known = {str(path.id): path for path in domain.path_ids | domain.envelope_path_ids | domain.judged_path_ids}
    paths, in_use = [], []
    for verdict in report.paths:
        path = known.get(verdict['key'], domain.path_ids.browse())
        if path and verdict['state'] == 'warning' and is_provider_own(path, verdict):
            # It signs what its own users send: under which selector is nobody else's business.
            verdict = {**verdict, 'state': 'pass', 'reasons': []}
        paths.append(verdict)
        if path.is_used and path.from_health_id == domain:
            in_use.append(verdict['state'])
    # What no mail in use leaves as says nothing of the company.
    return replace(
        report, state=State.worst(map(State, in_use)).value, paths=paths, findings=[], changes=[], answered=list(FINDING_AREAS))


def refresh_ownership(Health, catchall_domain):
    """Tell our domains from those of others, as far as nobody said which they are.

    :param str catchall_domain: the domain that the parameter of older versions names, or an empty text
    """
    env = Health.env
    domains = Health.search([('active', '=', True)])
    companies = env['res.company'].search([('active', '=', True)])
    alias_domains = set(companies.alias_domain_id.mail_domain_health_id.mapped('name'))
    ours = alias_domains | {domain_of(email) for email in companies.partner_id.mapped('email_normalized') if email}
    ours |= {catchall_domain} if catchall_domain else set()
    ours -= FREEMAIL_DOMAINS - alias_domains
    people = {
        path.from_health_id.id for path in env['mail.domain.health.path'].search([
            ('from_health_id', 'in', domains.ids), ('kind', 'in', _KINDS_OF_PEOPLE)])}
    for domain in domains:
        is_foreign = domain.ownership == 'theirs' if domain.ownership else not _is_ours(
            domain.name, ours, domain.id in people)
        if domain.is_foreign != is_foreign:
            domain.is_foreign = is_foreign
            if is_foreign:
                domain._forget_what_to_do()
            domain._mark_outdated()


def _is_ours(name, ours, has_people):
    """Whether a domain is one of ours: an alias domain, near one, or where our people have addresses."""
    if name in ours:
        return True
    if name in FREEMAIL_DOMAINS:
        return False
    return has_people or any(is_subdomain(name, own) or is_subdomain(own, name) for own in ours)
