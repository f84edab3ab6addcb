"""Domains about to be lost: names in a domain's records that anybody may register, parking services, a zone that fails for a day.

What was seen is ``{key: sighting}`` of each domain (JSON types only, times in ISO format, bounded by what the engine tells). A
sighting of a name has ``kind``, ``domain`` (which may be registrable), ``name``, ``at`` and ``term`` (mailauth.registration),
``asked`` (when its parent zone's own servers were asked last) and, once they denied it, ``since``; ``parking`` and
``servfail`` have ``since``. What is ``confirmed`` is a finding, and told once.

The functions that decide are pure: :func:`follow_names`, :func:`follow_registered`, :func:`follow_zone`.
"""

import logging
from datetime import datetime, timedelta

from odoo import fields

from .. import mailauth
from ..mailauth.contact import CONTROLS
from ..mailauth.registration import Registered, parking_service
from . import own_findings
from .announcement import CONFIRM_AFTER
from .announcing import ACTIVITY_UNSEEN

_logger = logging.getLogger(__name__)

AREA = 'registration'
ACTIVITY_LOST = own_findings.ACTIVITIES[AREA]
A_DAY = timedelta(days=1)  # between the two denials that make a finding, and of failures that make one
RETRY = timedelta(hours=2)  # where the parent zone's servers did not say
CLAIM = timedelta(minutes=15)  # after which what a killed worker had begun is due again
AT_ONCE = 200  # domains at most whose names are asked about in one piece of work
MAX_NAMES = 300  # at most, but for those of the first domain: even of silent parents they are through before CLAIM ends
_ZONE = ('parking', 'servfail')


# From what was known and what is seen now to what is known: pure

def follow_names(known, dead_names, now):
    """Return the sightings after an ordinary look: names that are dead now, and those that it left open.

    What it did not name any more although DNS told all is gone: the record was mended, or the name exists.
    """
    sightings = {key: seen for key, seen in known.items() if key in _ZONE or seen['kind'] in dead_names['left_open']}
    for found in dead_names['found']:
        key = f"{found['kind']} {found['domain']}"
        sightings[key] = {**known.get(key, {}), **found}
    return sightings


def follow_registered(known, registered, now):
    """Return the sightings after their parent zones' own servers were asked.

    Missing counts twice, at least a day apart; one existence ends it, and what they did not say changes nothing.

    :param dict registered: ``{domain: Registered}`` of those that were asked about
    """
    sightings = {}
    for key, seen in known.items():
        sightings[key] = seen = dict(seen)
        if key in _ZONE or seen['domain'] not in registered:
            continue
        seen['asked'] = now.isoformat()
        said = registered[seen['domain']]
        if said == Registered.MISSING:
            seen.setdefault('since', now.isoformat())
            seen['confirmed'] = _lasts(seen, now, A_DAY)
        elif said != Registered.UNKNOWN:
            seen.pop('since', None)
            seen.pop('confirmed', None)
    return sightings


def follow_zone(known, former, report, now, *, is_blind=False):
    """Return the sightings after an ordinary look at the zone: parked where it was not before, failing though DNS answers.

    :param list former: name servers that the zone had before, as far as they are known
    :param bool is_blind: whether no DNS answers here at all: then a zone's failing says nothing about it, now and before
    :return: ``servfail`` is never confirmed here: that takes a control question (:func:`follow_report`)
    """
    sightings = dict(known)
    service = parking_service(report.zone.nameservers)
    if service and any(parking_service([server]) is None for server in former):
        seen = {'since': now.isoformat(), **known.get('parking', {}), 'service': service}
        sightings['parking'] = {**seen, 'confirmed': seen.get('confirmed', False) or _lasts(seen, now, CONFIRM_AFTER)}
    elif report.zone.nameservers:
        sightings.pop('parking', None)
    if is_blind:  # a day of failing begins anew once DNS answers; what was told of before stays
        if not known.get('servfail', {}).get('confirmed'):
            sightings.pop('servfail', None)
    elif not report.is_unseen or report.areas['gate'].code == 'gate.dnssec_bogus':  # which is told as what it is
        sightings.pop('servfail', None)
    elif all(answer['status'] == 'servfail' for answer in report.unanswered):
        sightings['servfail'] = {'since': now.isoformat(), **known.get('servfail', {})}
    return sightings


def get_next_look(sightings, before, now):
    """Return when parent zones are to be asked: at once about what is new, else ``before``; ``False`` without names."""
    names = [seen for key, seen in sightings.items() if key not in _ZONE]
    if not names:
        return False
    return now if not before or any('asked' not in seen for seen in names) else before


def _lasts(seen, now, long):
    return now - datetime.fromisoformat(seen['since']) >= long


def get_findings(domain_name, sightings):
    """Return ``{(code, name): parameters}`` of what is confirmed."""
    found = {}
    for key, seen in sightings.items():
        if not seen.get('confirmed'):
            continue
        since = seen['since'][:len('2026-01-01')]
        if key in _ZONE:
            found[f'{AREA}.{key}', domain_name] = {'since': since, **({'service': seen['service']} if key == 'parking' else {})}
        else:
            found[f"{AREA}.{seen['kind']}", seen['domain']] = {
                'since': since, 'host': seen['name'], 'at': seen['at'], 'term': seen['term']}
    return found


# What it comes to

def follow_report(domain, report, now, *, is_blind=False):
    """Follow an ordinary look at a domain, before it is stored; nothing is said of somebody else's domain.

    :return: the report, without findings that say less than a confirmed one
    """
    known = domain.lost_sightings or {}
    if domain.is_foreign:
        _store(domain, known, {}, False, now)
        return report
    seen_before = (domain.last_known or {}).get('zone') or {}
    former = [*seen_before.get('nameservers', ()), *seen_before.get('former', ())]
    sightings = follow_zone(follow_names(known, report.dead_names, now), former, report, now, is_blind=is_blind)
    failing = sightings.get('servfail')
    if failing and not failing.get('confirmed') and _lasts(failing, now, A_DAY):
        # Of names that nobody asked about before: a resolver that reaches nothing fails at everything.
        failing = {**failing, 'confirmed': mailauth.sees_dns(domain._get_resolver(), CONTROLS)}
        sightings['servfail'] = failing
    _store(domain, known, sightings, get_next_look(sightings, domain.next_registration_look, now), now)
    told = {seen['domain'] for key, seen in sightings.items() if seen.get('confirmed') and key not in _ZONE}
    return report.without_findings('spf.include_unregistered', told)


def is_failing(domain):
    """Whether it was told that a domain's zone fails: then nobody has to be told that it cannot be seen."""
    return bool((domain.lost_sightings or {}).get('servfail', {}).get('confirmed'))


def look_at_due(env, commit):
    """Ask the parent zones about some of the domains whose time has come; return whether there were any.

    No lock is held while DNS is asked.
    """
    Health = env['mail.domain.health'].with_context(tracking_disable=True)
    now = fields.Datetime.now()
    due = Health.search([('next_registration_look', '<=', now)], order='next_registration_look, id', limit=AT_ONCE)
    if not due:
        return False
    due, names = _take(due)
    due.next_registration_look = now + CLAIM
    commit()
    asked = mailauth.iter_registrations(Health._get_resolver(), sorted(names))
    registered = {found.name: found.registered for found in asked}
    try:
        for domain in _lock(due):
            _follow(domain, registered, fields.Datetime.now())
        commit()
    except Exception:  # noqa: BLE001 - whose fault it is shows when each is stored alone
        env.cr.rollback()
        _follow_each(due, registered, commit)
    return True


def _take(due):
    """Return the first of the domains that are due, as many as there is time for, and the names to ask about."""
    names = set()
    for number, domain in enumerate(due):
        own = {seen['domain'] for key, seen in (domain.lost_sightings or {}).items() if key not in _ZONE}
        if number and len(names | own) > MAX_NAMES:
            return due[:number], names
        names |= own
    return due, names


def _lock(domains):
    return domains.exists().try_lock_for_update(allow_referencing=True)


def _follow_each(domains, registered, commit):
    """Store of one domain after the other; what goes wrong with one stops no other, and that one is due when its claim ends."""
    for domain_id in domains.ids:
        try:
            for domain in _lock(domains.browse(domain_id)):
                _follow(domain, registered, fields.Datetime.now())
            commit()
        except Exception:
            domains.env.cr.rollback()
            _logger.exception("Email Domain Health: cannot store what the parent zones said about domain %s", domain_id)


def _follow(domain, registered, now):
    known = domain.lost_sightings or {}
    sightings = follow_registered(known, registered, now)
    names = [seen['domain'] for key, seen in sightings.items() if key not in _ZONE]
    silent = any(registered.get(name, Registered.UNKNOWN) == Registered.UNKNOWN for name in names)
    at = now + (RETRY if silent else A_DAY) if names else False
    _store(domain, known, sightings, at, now)


def _store(domain, known, sightings, next_look, now):
    if sightings != known or next_look != domain.next_registration_look:
        domain.write({'lost_sightings': sightings or False, 'next_registration_look': next_look})
    _sync_findings(domain, get_findings(domain.name, sightings), now)


def _sync_findings(domain, wanted, now):
    """Make the findings of this room those that are confirmed, and tell about new ones, once."""
    def unseen_says_less(begun):
        if any(found.code == 'registration.servfail' for found in begun):
            domain.activity_unlink([ACTIVITY_UNSEEN])

    own_findings.sync(domain, AREA, wanted, now, before_telling=unseen_says_less)
