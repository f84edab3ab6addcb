"""What DMARC asks of receivers for mail of somebody else's domain, as it was seen last: by a check of it, or among contacts'."""

# Findings of the engine that mean: there is no record that applies.
NO_POLICY = ('dmarc.missing', 'dmarc.invalid', 'dmarc.several')
# By mail.partner.domain.policy; what is not known has no entry.
_OF_CONTACTS = {'none': 'missing', 'monitor': 'none', 'quarantine': 'quarantine', 'reject': 'reject'}


def read_policies(env, domains, names=()):
    """Return ``{domain: "none", "quarantine", "reject" or "missing"}`` of what is known.

    :param domains: ``mail.domain.health`` records
    :param names: of more domains, which may be nobody's record
    """
    policies = {domain.name: policy for domain in domains.filtered('report') if (policy := _policy_of(domain))}
    wanted = sorted({*domains.mapped('name'), *names} - set(policies))
    if wanted:
        rows = env['mail.partner.domain'].sudo().search_fetch(
            [('name', 'in', wanted), ('policy', 'in', list(_OF_CONTACTS))], ['name', 'policy'])
        policies.update((row.name, _OF_CONTACTS[row.policy]) for row in rows)
    return policies


def _policy_of(domain):
    """Return what the last check of a domain could read, or ``None``."""
    area = domain._get_report().areas['dmarc']
    if area.code in NO_POLICY:
        return 'missing'
    policy = next((
        path.verdict['dmarc']['policy'] for path in domain.path_ids
        if path.verdict and path.verdict.get('dmarc') and path.verdict['dmarc']['policy']), None)
    if policy and area.state != 'unknown':
        return policy
    return 'none' if area.code == 'dmarc.policy_none' else None
