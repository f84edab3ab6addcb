"""The records that are proposed for a domain: which they are, in which order. What became of each: :mod:`.looking`."""

import hashlib
import json
from difflib import SequenceMatcher

from .. import mailauth
from ..mailauth.verdict import PROTOCOLS, State

SIMILAR = 0.6  # of two names, from which on one may be mistaken for the other (difflib)
MAX_SIMILAR = 2  # domains in whose zones a record is looked for
MAX_COMPARED = 200  # domains whose names are compared


def needed_changes(domain, report):
    """Return the changes that the domain's mail needs by its report, in the order in which they are shown.

    Where DNS does not answer about an area now, those of the last look that it did
    answer, with its date as ``as_of``: silence takes no proposal away.
    """
    changes, stored = [], domain.last_known or {}
    for area in PROTOCOLS:
        known = stored.get(area)
        silent = report.areas[area].code == f'{area}.unanswered' or report.areas['gate'].code == 'gate.unanswered'
        if silent and known and domain[f'{area}_state'] == 'unknown':
            changes += [{**change, 'as_of': known['date']} for change in known.get('changes', ())]
        else:
            changes += report.changes_of(area)
    return changes + [change for change in report.changes if area_of(change) not in PROTOCOLS]


def all_changes(domain, report):
    """Return the changes that the mail needs, and those that are good to have: ``optional`` ones."""
    return needed_changes(domain, report) + report.extras


def get_places(domain):
    """Return ``{(area, DNS name)}`` of the records that the domain's mail needs and that are shown to be published."""
    report = domain._get_report()
    return {(area_of(change), change['name']) for change in needed_changes(domain, report)} if report else set()


def is_done(domain, report):
    """Whether DNS answered all that matters, and nothing is left to publish."""
    unanswered = any(report.areas[area].code == f'{area}.unanswered' for area in ('gate', *PROTOCOLS))
    return not unanswered and not report.is_behind_gate and not needed_changes(domain, report)


def in_order(domain, changes):
    """Return ``[(sequence, key, change)]``: what does most harm has the lowest number; else as they come."""
    def rank(change):
        area = area_of(change)
        return State(domain[f'{area}_state'] or 'unknown').rank if area in PROTOCOLS else 0

    worst = max((rank(change) for change in changes), default=0)
    return [
        ((worst - rank(change)) * 1000 + index, key_of(change), change) for index, change in enumerate(changes)]


def concerns(change, services):
    """Whether a change is needed for mail through one of these services (their names; ``None`` for all)."""
    asked_for = change['params'].get('services')
    return services is None or not asked_for or bool(services & set(asked_for))


def area_of(change):
    return change['reason'].partition('.')[0]


def key_of(change):
    """Return what identifies a change from one look at the domain to the next."""
    identity = [change[part] for part in ('action', 'rdtype', 'name', 'value', 'old_value')]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]


def to_change(change):
    """Return the engine's value of a change that was stored."""
    return mailauth.Change(
        change['action'], change['rdtype'], change['name'], change['value'], change['old_value'], change['ttl'],
        zone=change['zone'])


def wanted(domain, report, changes):
    """Return what the engine is asked about each of these changes (:class:`mailauth.Wanted`).

    :param list changes: of this domain
    """
    going = {}
    for change in needed_changes(domain, report):
        if change['action'] == 'delete':
            going.setdefault((change['name'], change['rdtype']), []).append(change['old_value'] or change['value'])
    similar = _get_similar(domain)
    former = (domain.last_known or {}).get('zone', {}).get('former', ())
    return [
        mailauth.Wanted(
            to_change(change), _old_ttl(report, change), tuple(going.get((change['name'], change['rdtype']), ())),
            tuple(name for name, has in similar if (_host_at(change, name), change['value']) not in has), tuple(former))
        for change in changes]


def _get_similar(domain):
    """Return ``[(name, records that it has or needs)]`` of the same companies' domains that may be mistaken for this one."""
    others = domain.env['mail.domain.health'].sudo().search_fetch([
        ('id', '!=', domain.id), ('company_ids', 'in', domain.sudo().company_ids.ids), ('is_foreign', '=', False),
        ('last_check', '!=', False)], ['name'], limit=MAX_COMPARED)
    similarity = {other: SequenceMatcher(None, other.name, domain.name).ratio() for other in others}
    found = []
    for other in sorted(others, key=similarity.get, reverse=True)[:MAX_SIMILAR]:
        report = other._get_report() if similarity[other] >= SIMILAR else None
        if report and not report.unanswered:
            has = {(record['name'], record['value']) for record in report.records}
            needs = {(change['name'], change['value']) for change in needed_changes(other, report)}
            found.append((other.name, has | needs))
    return found


def _host_at(change, zone):
    """Return the full name that the record of a change has where it is entered in another zone."""
    host = change['name'].removesuffix(change['zone']).rstrip('.')
    return f'{host}.{zone}' if host else zone


def _old_ttl(report, change):
    """Return the time to live of what a change replaces, as the last check saw it (seconds)."""
    return max((record['ttl'] for record in report.records
                if record['name'] == change['name'] and record['value'] == change['old_value']), default=0)
