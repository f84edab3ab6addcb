"""The first thing to do about each domain of a list. Made of stored values only, by one query for all of them."""

from ..mailauth.dns.names import to_unicode
from ..sending.rules import REFUSED
from ..texts import findings, first_steps

FIRST = ('gate', 'registration')  # areas of what comes before any record: no mail at all, or the domain itself is at stake

def get_first_steps(domains):
    """Return ``{id of the domain: sentence}``; a domain of which nothing is to be done has none.

    What stops all mail comes first, then the records to publish, then what else harms mail now, then what may.
    """
    worst = _get_worst_findings(domains)
    steps = {}
    for domain in domains:
        found, change = worst.get(domain.id), None if domain.is_foreign else domain.next_change
        if not domain.last_check:
            change = {'action': 'not_checked'}
        if found and (not change or found.area in FIRST or found.code in REFUSED and found.severity == 'error'):
            params = {**(found.params or {}), 'name': found.name}
            title, _explanation, remedy = findings.finding(domain.env, found.code, params)
            steps[domain.id] = remedy or title
        elif change:
            steps[domain.id] = first_steps.first_step(
                domain.env, {**change, 'name': to_unicode(change['name'])} if 'name' in change else change)
    return steps


def _get_worst_findings(domains):
    """Return ``{id of the domain: the worst lasting finding that nobody muted}``."""
    found = domains.env['mail.domain.health.finding'].search_fetch([
        ('domain_id', 'in', domains.ids), ('resolved_on', '=', False), ('severity', 'in', ('error', 'warning')),
        ('is_muted', '=', False),
    ], ['domain_id', 'code', 'name', 'params', 'area', 'severity'], order='severity_rank desc, id desc')
    return {finding.domain_id.id: finding for finding in found}  # the last one of each, which is the worst
