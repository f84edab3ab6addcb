"""The records that are proposed for a domain: which they are, and what became of each.

What became of one is seen by :func:`look_at` and :func:`look_at_all`, which ask DNS and remember the answer.
"""

import hashlib
import json
import math
from datetime import timedelta

from odoo import fields

from .. import mailauth
from ..mailauth.verdict import PROTOCOLS

LOOK_DEADLINE = 4.0  # seconds that “Check now” takes longer, at most, to see what became of each proposed record
SHOWN_FOR = timedelta(minutes=10)  # at least, after a record was first seen published


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


def is_done(domain, report):
    """Whether DNS answered all that matters, and nothing is left to publish."""
    unanswered = any(report.areas[area].code == f'{area}.unanswered' for area in ('gate', *PROTOCOLS))
    return not unanswered and not report.is_behind_gate and not needed_changes(domain, report)


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


def find(domain, key):
    """Return the proposed change that has this key, or ``None``."""
    report = domain._get_report()
    changes = [*needed_changes(domain, report), *report.extras] if report else []
    return next((change for change in changes if key_of(change) == key), None)


def look_at(domain, change):
    """Ask DNS what became of one proposed change, and remember it."""
    outcome = mailauth.look_now(
        domain._get_resolver(), to_change(change), _old_ttl(domain._get_report(), change)).to_dict()
    key, seen, done = key_of(change), outcomes(domain), published(domain)
    if outcome['done'] and key not in done:
        done[key] = _first_seen(change, outcome)
    _remember(domain, {**seen, key: outcome}, done)


def look_at_all(domain):
    """See what became of each proposed record, for a person who pressed “Check now” after publishing some."""
    report = domain._get_report()
    if report and not report.unanswered:
        changes = {key_of(change): change for change in needed_changes(domain, report)}
        looked = mailauth.look_each_now(domain._get_resolver(LOOK_DEADLINE), [
            (to_change(change), _old_ttl(report, change)) for change in changes.values()])
        _remember(domain, {
            key: outcome.to_dict() for key, outcome in zip(changes, looked) if outcome.code != 'unknown'}, published(domain))


def outcomes(domain):
    """Return ``{key: outcome}`` of what was seen since the last check: an older look says nothing beside a newer."""
    return {key: known['outcome'] for key, known in (domain.outcomes or {}).items()
            if known.get('attempt') == domain.attempts}


def published(domain):
    """Return ``{key: entry}`` of what was seen published: a check does not end the time that caches may take.

    An entry has ``name``, ``type``, ``area``, and until when receivers may hold what was before (``until``) and it
    is told (``shown_until``).
    """
    return {key: known['published'] for key, known in (domain.outcomes or {}).items() if 'published' in known}


def is_shown(entry):
    """Whether to tell still that a change was published: for as long as receivers may not see it, and for a while."""
    shown_until = fields.Datetime.to_datetime(entry.get('shown_until') or entry['until'])
    return bool(minutes_left(entry)) or shown_until > fields.Datetime.now()


def minutes_left(entry):
    """Return for how many minutes receivers may still hold what was before, rounded up."""
    if not entry:
        return 0
    left = (fields.Datetime.to_datetime(entry['until']) - fields.Datetime.now()).total_seconds()
    return max(0, math.ceil(left / 60))


def _old_ttl(report, change):
    """Return the time to live of what a change replaces, as the last check saw it (seconds)."""
    return max((record['ttl'] for record in report.records
                if record['name'] == change['name'] and record['value'] == change['old_value']), default=0)


def _first_seen(change, outcome):
    """Return when a change was first seen published: from then on the time that caches may take runs down."""
    now = fields.Datetime.now()
    return {
        'name': change['name'], 'type': change['rdtype'], 'area': area_of(change),
        'until': fields.Datetime.to_string(now + timedelta(seconds=outcome['seconds'])),
        'shown_until': fields.Datetime.to_string(now + SHOWN_FOR),
    }


def _remember(domain, seen, done):
    """Store what was seen of each change since the last check, and what was published as long as it is told or looked at."""
    known = {key: {'attempt': domain.attempts, 'outcome': outcome} for key, outcome in seen.items()}
    for key, entry in done.items():
        if key in known or is_shown(entry):
            known.setdefault(key, {})['published'] = entry
    domain.sudo().outcomes = known
