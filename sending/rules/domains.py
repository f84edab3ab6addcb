"""Domains: what the address for bounces, answers, and the services that send with one domain come to."""

from __future__ import annotations

from collections.abc import Iterator

from ...mailauth.dns.names import domain_of
from ..situation import PathFinding, SendingPath, Situation, related
from .grouping import ids
from .remedies import set_default_from
from .severity import ERROR, WARNING, by_harm


def default_from_elsewhere(situation: Situation) -> Iterator[PathFinding]:
    """The notifications address is at another domain than the one that bounces go to."""
    domain = situation.notifications_domain
    if not situation.alias_domain_id or not domain or related(domain, situation.alias_domain.lower()):
        return
    paths = [
        path for path in situation.paths
        if path.kind == 'notifications' and path.from_domain == domain and path.envelope_domain != domain
        and not path.is_provider_own and path.state != 'pass' and not path.server.provider
        and path.dmarc not in ('pass', 'part')  # a signature speaks for it, or the two domains are one organization's
    ]
    if paths:
        yield PathFinding(
            'path.default_from', WARNING, domain,
            {'from': situation.notifications_from, 'domain': domain, 'alias_domain': situation.alias_domain},
            set_default_from(situation), ids(paths))


def no_replies(situation: Situation) -> Iterator[PathFinding]:
    """Answers go to the Reply-To, else to the catchall address: its domain has to take mail."""
    addresses = [path.reply_to for path in situation.paths if path.is_used and path.reply_to] + [situation.catchall]
    for domain in dict.fromkeys(map(domain_of, addresses)):
        if domain in situation.deaf and domain not in situation.foreign:
            address = next(address for address in addresses if domain_of(address) == domain)
            paths = [path for path in situation.paths if domain_of(path.reply_to) == domain]
            yield PathFinding(
                'path.no_replies', ERROR, domain, {'domain': domain, 'address': address,
                                                   'reason': situation.deaf[domain]},
                {'kind': 'report', 'domain': domain}, ids(paths))


def one_of_two_services(situation: Situation) -> Iterator[PathFinding]:
    """Two services send with the same envelope domain, and its SPF record permits one of them."""
    by_domain: dict[str, dict[str, list[SendingPath]]] = {}
    for path in situation.paths:
        if path.is_used and path.service_id and path.envelope_domain and path.envelope_domain not in situation.foreign:
            by_domain.setdefault(path.envelope_domain, {}).setdefault(path.service, []).append(path)
    for domain, by_service in by_domain.items():
        passing = [service for service, paths in by_service.items() if any(path.spf == 'pass' for path in paths)]
        for service, paths in by_service.items():
            wrong = [path for path in paths if path.spf in ('fail', 'none')]
            others = [name for name in passing if name != service]
            if others and wrong and service not in passing:
                yield PathFinding(
                    'path.two_services', by_harm(wrong), f'{domain}: {service}',
                    {'domain': domain, 'service': service, 'others': others},
                    {'kind': 'report', 'domain': domain}, ids(wrong))
