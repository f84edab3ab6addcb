"""Records to publish: as a DNS panel wants them, and as a text for whoever runs the DNS."""

from .. import mailauth
from ..checking import proposals
from ..mailauth import advice
from ..mailauth.change import to_zone_fragment
from ..texts import findings, verdicts
from ..texts import publication as texts


def get_publication(domain, report, services=None, paths=None):
    """Return the records to publish, written as the zone's own DNS host wants them.

    :param StoredReport report: what the last check of the domain found
    :param services: the names of the services whose records are asked for (default: all)
    :param paths: the sending paths of one company, the domain's among them (default: those of all)
    """
    env = domain.env
    provider = get_provider(domain, report)
    needed = [change for change in proposals.needed_changes(domain, report) if proposals.concerns(change, services)]
    extras = [get_card(env, change, provider) for change in report.extras]
    text = texts.hostmaster(env, domain.display_name, needed) if needed else ''
    return {
        'domain_id': domain.id,
        'changes': [get_card(env, change, provider) for change in needed],
        'next_steps': [change for change in extras if change['area'] == 'dmarc'],
        'extras': [change for change in extras if change['area'] != 'dmarc'],
        'budget': _get_budget(env, report.budget),
        'gate': _get_gate_card(env, report),
        'text': text,
        'subject': env._("DNS records for %s", domain.display_name),
        'zone': to_zone_fragment(map(proposals.to_change, needed)),
        'provider': provider and {
            'name': provider.name,
            'guides': {
                'SPF': provider.guide_spf_url or provider.guide_txt_url or None,
                'TXT': provider.guide_txt_url or None,
                'CNAME': provider.guide_cname_url or None,
            },
            'note': provider.note or None,
            'cname_proxy': provider.cname_proxy,
        } or None,
        'to_copy': _get_services_to_copy_from(domain, paths),
        'sender_unknown': report.sender_unknown,
        'complete': domain.state in ('pass', 'not_needed'),
    }


def get_spf_proposal(domain, terms):
    """Return the record that is left when a person takes ``terms`` out of it; asks no DNS.

    :param list[str] terms: of ``publication["budget"]``
    :return: ``{"lookups": int, "changes": list}``; no changes if it would not fit still
    """
    report = domain._get_report()
    if not report or not report.budget:
        return {'lookups': 0, 'changes': []}
    provider = domain.env['mail.dns.provider']._recognize(report.zone.nameservers)
    changes, lookups = advice.without(report.budget, [str(term) for term in terms], report.zone.name)
    return {
        'lookups': lookups,
        'changes': [get_card(domain.env, mailauth.change_to_dict(change), provider) for change in changes],
    }


def get_provider(domain, report):
    """Return the DNS host of a domain as its name servers tell, those of last time where they are silent now."""
    nameservers = report.zone.nameservers or (domain.last_known or {}).get('zone', {}).get('nameservers', [])
    return domain.env['mail.dns.provider']._recognize(nameservers)


def get_card(env, change, provider):
    """Return one change as its row shows it, written as the DNS host ``provider`` wants it."""
    params = change['params']
    return {
        'key': proposals.key_of(change),
        'area': proposals.area_of(change),
        'reason': change['reason'],
        'action': change['action'],
        'type': change['rdtype'],
        'host': provider._host(change['name'], change['zone']),
        'name': change['name'],
        'value': provider._value(change),
        'pieces': _pieces(change) if len(change['strings']) > 1 and provider.quotes != 'quoted' else None,
        'old_value': change['old_value'],
        'ttl': change['ttl'],
        'why': texts.reason(env, change['reason'], params),
        'drops': [_get_term(env, drop) for drop in params.get('drops', ())],
        'file': {'url': params['url'], 'text': params['policy']} if 'policy' in params and 'url' in params else None,
        'as_of': change.get('as_of'),
        'guide': provider and (
            provider.guide_cname_url if change['rdtype'] == 'CNAME'
            else change['value'].startswith('v=spf1') and provider.guide_spf_url or provider.guide_txt_url
        ) or None,
    }


def _get_budget(env, budget):
    """Return what each term of an SPF record costs that has no room for all who send, and which may go."""
    if not budget:
        return None
    return {
        'lookups': budget['lookups'],
        'limit': budget['limit'],
        # A proposal without what was dropped is among the changes: then nobody has to choose.
        'is_open': not any(term['dropped'] for term in budget['terms']),
        'terms': [_get_term(env, term) for term in budget['terms']],
    }


def _get_term(env, term):
    if term['why'] == 'unknown':
        service = env['mail.sending.service']._get_names_by_spf_term().get(term['term'].lstrip('+').lower())
        term = {**term, 'why': 'unknown_service', 'services': [service]} if service else term
    return {
        'term': term['term'],
        'lookups': term['lookups'],
        'why': texts.term_reason(env, term['why'], term),
        'is_needed': term['why'] == 'needed',
        'is_dropped': bool(term.get('dropped')),
    }


def _get_services_to_copy_from(domain, paths):
    """Return the services whose DKIM records differ by account, and where they show them."""
    if domain.dkim_state in ('pass', 'not_needed'):
        return []
    if paths is None:
        paths = domain.env['mail.domain.health.path'].search_fetch(
            [('from_health_id', '=', domain.id)], ['from_health_id', 'is_used', 'mail_sending_service_id'])
    own = paths.filtered(lambda path: path.from_health_id == domain and path.is_used)
    services = own.mail_sending_service_id.filtered('dkim_account_specific')
    return [{'name': service.name, 'url': service.account_url or service.documentation_url or None}
            for service in services]


def _get_gate_card(env, report):
    """Return what to do first where the domain itself can have no mail: ``{title, explanation, remedy}`` or ``None``."""
    if not report.is_behind_gate:
        return None
    found = next((found for found in report.findings if found['area'] in ('gate', 'name')), None)
    if found is None:
        return {'title': verdicts.summary(env, report.areas['gate']), 'explanation': '', 'remedy': ''}
    params = {**found['params'], 'name': found['name']}
    return dict(zip(('title', 'explanation', 'remedy'), findings.finding(env, found['code'], params)))


def _pieces(change):
    """Return the value in the quoted strings that it is published in, for forms that want them."""
    return ' '.join('"%s"' % string.replace('\\', r'\\').replace('"', r'\"') for string in change['strings'])
