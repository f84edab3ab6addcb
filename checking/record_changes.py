"""Records that somebody changed though mail is verified as before: told where an administrator asked for it.

What whoever asked knows by now is ``{place: {"record": text}}``, JSON types only; a place is an area of :data:`PLACES`, or one
DKIM name (``dkim:s1._domainkey.example.com``). Where other records were seen that wait for their second look: ``pending``,
their text, and ``since`` (ISO format); that look also asks the zone's own servers. What DNS does not answer, or what they have
otherwise, changes nothing.
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from .. import mailauth
from ..mailauth.dns.names import is_subdomain
from ..mailauth.report import MAX_RECORDS
from ..texts import announcement as texts
from . import announcement
from .announcing import ACTIVITY_CHANGED, notify_in_odoo, post_note, schedule_activity

PLACES = ('spf', 'dkim', 'dmarc', 'mx', 'ns')
MAX_TEXT = 8_000  # characters of what is kept of a place
MAX_KEYS = 50  # DKIM names that are followed


def follow(domain, before, report, announced, events, now):
    """Hold what is published against what whoever asked knows, and store what they know by then.

    :param StoredReport before: what the look before this one found, or ``None``
    :param StoredReport report: what DNS answered, with all that it says of what it left open
    :param dict announced: what is announced of the domain by now
    :param list events: what is told of this look anyway (:class:`announcement.Event`)
    :return: what is to be told besides, as events of the kind ``changed``
    """
    if not domain.tells_record_changes:
        return []
    known = domain.records_told or {}
    if not known and before and not before.unanswered and not before.deadline_passed:
        known = step({}, see(domain.name, before, PLACES), (), now)[0]
    said = {event.area for event in events if event.kind}
    told, changes = step(known, _see_borne_out(domain.name, report), said, now)
    if told != (domain.records_told or {}):
        domain.records_told = told
    return [
        announcement.Event('changed', area, None, None, old, new) for area, (old, new) in changes.items()
        if announcement.is_told(announced, area, domain.is_foreign)]


def get_pending(domain):
    """Return since when changed records wait for their second look, as texts."""
    known = (domain.records_told or {}).values() if domain.tells_record_changes else ()
    return [place['since'] for place in known if 'since' in place]


def see(name, report, answered):
    """Return what is published of a domain, by place, as far as DNS answered.

    :param answered: the areas of :data:`PLACES` that it did
    :return: ``{place: text}``: a line ``name type value`` for each record, in an order of their own; a place where nothing is
        published is an empty text
    """
    # Of a name that does not exist, or that nobody asked about, nothing is known that could be other.
    if not report.zone.name or report.areas['gate'].code == 'gate.nxdomain' or len(report.records) >= MAX_RECORDS:
        return {}
    seen = {}
    if 'spf' in answered:
        seen['spf'] = [record for record in report.records_of('spf') if record['name'] == name]
    if 'dmarc' in answered:
        seen['dmarc'] = report.records_of('dmarc')
    if 'mx' in answered:
        seen['mx'] = [record for record in report.records_of('gate') if record['type'] == 'MX' and record['name'] == name]
    if 'dkim' in answered:
        # The key behind a CNAME is the service's, which exchanges it when it likes.
        seen.update({f'dkim:{key}': [record for record in report.records_of('dkim') if record['name'] == key]
                     for key in _get_keys(name, report)})
    if 'ns' in answered:
        seen['ns'] = [{'name': report.zone.name, 'type': 'NS', 'value': host} for host in report.zone.nameservers]
    return {place: _text(records) for place, records in seen.items()}


def _see_borne_out(name, report):
    """Return the same as far as the zone's own servers, where they were asked and reached, have it too: all else is unknown."""
    seen = see(name, report, _get_answered(report))
    if not report.own:
        return seen
    own = replace(
        report, records=report.own['records'], answered=report.own['answered'],
        zone=replace(report.zone, nameservers=report.own['nameservers']))
    told = see(name, own, _get_answered(own))
    return {place: record for place, record in seen.items() if told.get(place) == record}


def step(known, seen, said, now):
    """Compare what is seen with what is known to whoever asked. Pure.

    :param dict known: what an earlier call returned, or ``{}``: a first look tells nothing
    :param dict seen: of :func:`see`
    :param said: the areas that are told of with their records anyway
    :return: ``(known, {area: (old text, new text)})``: what is known by then, and what is to be told
    """
    known, changes = dict(known), {}
    for place, record in seen.items():
        area, before = place.partition(':')[0], known.get(place)
        if before and record != before['record'] and area not in said:
            if before.get('pending') != record:
                known[place] = {'record': before['record'], 'pending': record, 'since': now.isoformat()}
                continue
            if now - datetime.fromisoformat(before['since']) < announcement.CONFIRM_AFTER:
                continue
            old, new = changes.get(area, ('', ''))
            changes[area] = (f"{old}\n{before['record']}".strip(), f'{new}\n{record}'.strip())
        known[place] = {'record': record}
    return known, changes


def announce(domain, events):
    """Tell the responsible users, each in their language: a note, an activity, and a notice in Odoo. Mails nobody."""
    if not events:
        return
    users = domain._get_responsible_users()
    for user in users:
        told = domain.with_context(lang=user.lang)
        headline = texts.republished(told.env, told, events)
        schedule_activity(told, user, headline, ACTIVITY_CHANGED)
        notify_in_odoo(told, user, headline, is_alarm=False)
    for lang in dict.fromkeys(users.mapped('lang')) or [domain.env.lang]:
        told = domain.with_context(lang=lang)
        post_note(told, _get_message(told, events), users.filtered(lambda user, lang=lang: user.lang == lang))


def _get_message(domain, events):
    env = domain.env
    return Markup("<p><strong>%s</strong></p>%s<p>%s</p>") % (
        texts.republished(env, domain, events), Markup().join(texts.side_by_side(env, event) for event in events),
        texts.why_republished(env))


def _get_answered(report):
    answered = {'ns' if area == 'zone' else area for area in report.answered}
    return () if report.deadline_passed else [place for place in PLACES if place in answered]


def _get_keys(name, report):
    """Return the DKIM names that were asked about at this domain, whatever is there."""
    keys = {f"{selector}._domainkey.{signed['domain']}" for path in report.paths if (signed := path.get('dkim'))
            if signed['domain'] and is_subdomain(signed['domain'], name) for selector in signed['selectors']}
    return sorted(keys)[:MAX_KEYS]


def _text(records):
    lines = sorted(f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in records)
    text = '\n'.join(lines)
    if len(text) <= MAX_TEXT:
        return text
    return f'{text[:MAX_TEXT]}… {hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]}'
