"""“Fix it now”: all that is to be done for a domain's mail in one list, and how far each thing is. Of stored values only."""

import math
from datetime import timedelta

from odoo import fields

from ..checking import looking, proposals
from ..checking.about_to_be_lost import AREA
from ..mailauth.dns.names import to_unicode
from ..texts import publication as texts
from .dmarc_ladder import is_held_back
from .publication import get_card, get_provider, get_publication
from .shared_domain import get_own_publication, get_own_services

SHOWN_FOR = timedelta(days=1)  # a row that is done, at least; it stays as long as others are not
# What a look found, as the row shows it (mailauth.advice.outcome.OutcomeCode).
STATES = {
    'published': 'published', 'seen': 'published', 'spreading': 'spreading', 'disagree': 'spreading',
    'old': 'not_seen', 'not_yet': 'not_seen', 'not_seen': 'not_seen', 'unknown': 'unknown',
}  # whatever else is a mistake that the sentence tells how to mend
DONE = ('published', 'spreading')
REPORTED = ('observed', 'sources')  # areas of findings that ask for a decision, even if they are hints


def get_fix_it(domain, company, optional_keys=()):
    """Return what is to be done for a domain's mail.

    :param company: whose Settings are open, or an empty recordset: then all that the user's companies send counts
    :param optional_keys: of the rows about what is not needed, those that somebody watches
    :return: ``{domain_id, name, dangers, rows, problems, notices, done, published_count, record_count, sentence, is_unseen,
        next_step, extras, look_again_in, is_check_due, is_copy, publication}``. A row is what :func:`get_card` gives, with
        ``state`` (``not_seen``, ``published``, ``mistaken``, ``spreading`` or ``unknown``), the ``sentence`` about it (empty
        where nobody looked since the last check), what is ``seen`` there instead, ``since`` when it is published and ``until``
        when receivers may hold what was before (UTC, as text). The most harmful comes first, and rows stay when they are done. A
        problem is one inside Odoo: ``{id, severity, place, title, explanation, remedy, remedy_label}``; a notice, on the domain's
        own page only, what else was found and has no row: the same; a danger, what may let somebody else have the domain: ``{id,
        severity, label, mark, title, explanation, remedy}``. ``look_again_in`` is in seconds, ``None`` where nothing is waited
        for. ``is_unseen`` tells that DNS said nothing at all. ``extras`` are rows of what is good to have. ``publication`` is
        what else :func:`get_publication` tells about the records.
    """
    env, report = domain.env, domain._get_report()
    paths = env['mail.domain.health.path'].search([('company_id', '=', company.id)]) if company else None
    publication, rows = get_own_rows(domain, paths)
    optional = _get_optional_rows(domain, report) if report else []
    is_copy = domain._is_neutralized()
    problems, dangers = _get_problems(domain, company), _get_dangers(domain)
    notices = [] if company else _get_notices(domain)
    is_done = bool(publication) and publication['complete'] and not dangers and not any(
        problem['severity'] == 'error' for problem in problems + notices)
    published = sum(map(is_published, rows))
    is_check_due = not is_copy and looking.is_check_due(domain)
    watched = rows + [row for row in optional if row['key'] in optional_keys]
    is_unseen = bool(report) and report.is_unseen and not is_copy
    is_waiting = is_check_due or any(row['is_pending'] for row in watched)
    return {
        'domain_id': domain.id,
        'name': domain.display_name,
        'dangers': dangers,
        'rows': rows,
        'problems': problems,
        'notices': notices,
        'done': is_done,
        'published_count': published,
        'record_count': len(rows),
        'sentence': texts.progress(
            env, is_copy, publication, is_done, bool(problems), rows, published, is_unseen, bool(dangers), bool(notices)),
        'is_unseen': is_unseen,
        'next_step': _get_next_step(domain, report, optional) if is_done and not problems else None,
        'extras': [row for row in optional if row['area'] != 'dmarc'],
        'look_again_in': int(looking.EVERY.total_seconds()) if is_waiting and not is_copy else None,
        'is_check_due': is_check_due,
        'is_copy': is_copy,
        'publication': {
            part: value for part, value in publication.items() if part not in ('changes', 'next_steps', 'extras')
        } if publication else None,
    }


def get_own_rows(domain, paths=None):
    """Return what to publish for the mail of ``paths``, those of one company (default: for all), and the rows about it."""
    if paths is None:
        publication, services = domain.publication, None
    else:
        publication, services = get_own_publication(domain, paths), get_own_services(domain, paths)
    rows = _get_rows(domain, domain._get_report(), publication['changes'], services) if publication else []
    return publication, rows


def is_published(row):
    """Whether the record of a row is there, if not for all receivers yet."""
    return row['state'] in DONE


def get_rows(domain):
    """Return the rows of :func:`get_fix_it` about all records of a domain, whoever's mail needs them."""
    report = domain._get_report()
    return _get_rows(domain, report, get_publication(domain, report)['changes'], None) if report else []


def find_problems(env, condition):
    """Return the lasting findings about Odoo's own configuration that are not muted, the worst first.

    :param list condition: of the findings: those of a company, or of a domain
    """
    return env['mail.domain.health.finding'].search_fetch([
        *condition, ('area', '=', 'path'), ('resolved_on', '=', False), ('severity', 'in', ('error', 'warning')),
        ('is_muted', '=', False),
    ], ['severity', 'code', 'params', 'name', 'remedy_action'], order='severity_rank, id')


def _get_problems(domain, company):
    return _describe(find_problems(domain.env, [('company_id', '=', company.id)] if company else [('domain_id', '=', domain.id)]))


def _get_notices(domain):
    """Return what was found beside Odoo's own configuration, and is neither a danger nor mended by a record of the list."""
    return _describe(domain.env['mail.domain.health.finding'].search([
        ('domain_id', '=', domain.id), ('area', 'not in', ('path', AREA)), ('resolved_on', '=', False),
        '|', ('severity', 'in', ('error', 'warning')), ('area', 'in', REPORTED),
        ('is_muted', '=', False), ('code', 'not like', 'gate.'),
    ], order='severity_rank, id').filtered(lambda found: not found.shows_record))


def _describe(found):
    return [{
        'id': problem.id, 'severity': problem.severity, 'place': texts.place(problem.env, problem.area), 'title': problem.title,
        'explanation': problem.explanation or '', 'remedy': problem.remedy or '', 'remedy_label': problem.remedy_label or None,
    } for problem in found]


def _get_dangers(domain):
    """Return what may let somebody else have the domain, whatever mail leaves as it, as nobody muted it."""
    found = domain.env['mail.domain.health.finding'].search([
        ('domain_id', '=', domain.id), ('area', '=', AREA), ('resolved_on', '=', False), ('is_muted', '=', False),
    ], order='severity_rank, id')
    severities = dict(found._fields['severity']._description_selection(domain.env))
    return [{
        'id': danger.id, 'severity': danger.severity, 'label': severities[danger.severity], 'mark': danger.security_mark,
        'title': danger.title, 'explanation': danger.explanation, 'remedy': danger.remedy,
    } for danger in found]


def _get_rows(domain, report, cards, services):
    """Return the rows of the records that are asked for, and of those that were and are there by now."""
    env, provider, place = domain.env, get_provider(domain, report), _get_place(domain, report)
    records = _get_records(domain)
    order = {key: sequence for sequence, key, _change in proposals.in_order(domain, proposals.needed_changes(domain, report))}
    elsewhere = {*order, *map(proposals.key_of, report.extras)}
    rows = []
    for card in cards:
        record = records.pop(card['key'], None)
        row = _get_row(env, card, record, place)
        rows.append((record.sequence if record else order[card['key']], row))
    kept = [
        record for record in records.values()
        if record.key not in elsewhere and not _is_extra(record.change) and proposals.concerns(record.change, services)
        and _is_kept(domain, report, record, any(row['is_pending'] for _sequence, row in rows))]
    rows += [(record.sequence, _get_kept_row(env, get_card(env, record.change, provider), record, place)) for record in kept]
    rows = [row for _sequence, row in sorted(rows, key=lambda row: row[0])]
    return [row for row in rows if not _is_said_elsewhere(row, rows)]


def _get_optional_rows(domain, report):
    """Return the rows of what is not needed: the next step of DMARC, what is good to have, and what of that is there by now."""
    env, provider, place = domain.env, get_provider(domain, report), _get_place(domain, report)
    records = _get_records(domain)
    rows = [_get_row(env, card, records.pop(card['key'], None), place)
            for card in (get_card(env, change, provider) for change in report.extras)]
    return rows + [
        _get_kept_row(env, get_card(env, record.change, provider), record, place) for record in records.values()
        if _is_extra(record.change) and _is_kept(domain, report, record, is_waiting=False)]


def _get_records(domain):
    """Return the rows of what somebody has looked at, by the key of the change."""
    Record = domain.env['mail.domain.health.record']
    names = [name for name, field in Record._fields.items() if field.prefetch and field.store]
    return {record.key: record for record in Record.search_fetch([('domain_id', '=', domain.id)], names)}


def _is_extra(change):
    """Whether a change is only good to have. A step of DMARC that is done stands among the records of the mail."""
    return change['optional'] and proposals.area_of(change) != 'dmarc'


def _is_said_elsewhere(row, rows):
    """Whether what a row asks to delete is the mistake that the row of the right record tells: TXT chosen instead of CNAME."""
    return row['action'] == 'delete' and row['type'] == 'TXT' and any(
        other['type'] == 'CNAME' and other['name'] == row['name'] and other['state'] in ('mistaken', *DONE)
        and other['value'].lower().rstrip('.') == (row['old_value'] or '').lower().strip(' ".') for other in rows)


def _get_place(domain, report):
    """Return where the domain's DNS is: ``{current, has_proxy, zone}``, the first in words."""
    provider = get_provider(domain, report)
    servers = report.zone.nameservers or (domain.last_known or {}).get('zone', {}).get('nameservers', [])
    return {
        'current': provider.name or ', '.join(servers[:2]), 'has_proxy': provider.cname_proxy,
        'zone': to_unicode(report.zone.name or domain.name)}


def _say(env, outcome, minutes, card, place):
    """Return the sentence about a record."""
    former = outcome['seen'][0] if outcome['code'] == 'former_host' else None
    return texts.outcome(env, outcome, minutes, {
        **place, 'host': card['host'], 'type': card['type'], 'action': card['action'],
        'former': former and (env['mail.dns.provider']._recognize([former]).name or former)})


def _is_kept(domain, report, record, is_waiting):
    """Whether the row of a record stays that the last check did not ask for: it is there, or something else does its work.

    The last check overrules it: what is to be changed again, or is ignored for a fault, is not told as done.
    """
    change, now = record.change, fields.Datetime.now()
    if (change['name'], change['rdtype']) in {(other['name'], other['rdtype']) for other in report.changes}:
        return False
    area = proposals.area_of(change)
    if (area, change['name']) in {
            (found['area'], found['name']) for found in report.findings if found['severity'] != 'info'}:
        return False
    if record.done_on:
        return is_waiting or record.done_on > now - SHOWN_FOR or bool(record.until and record.until > now)
    return not change['optional'] and bool(record.followed_on and record.followed_on > now - SHOWN_FOR) \
        and area in report.areas and report.areas[area].state in ('pass', 'not_needed')


def _get_row(env, card, record, place):
    """Return the row of a record that the last check asked for."""
    outcome = looking.get_outcome(record) if record else None
    minutes = _minutes_left(record)
    if record and outcome is None and looking.is_visible(record):
        outcome = {'code': 'published', 'done': True, 'seen': []}
    elif record and outcome is None and minutes:  # the resolver that the last check asked holds what was before
        outcome = {'code': 'spreading', 'done': True, 'seen': [], 'was_there': card['action'] != 'create'}
    # What had to be changed when DNS answered last may be there by now.
    is_silent = not outcome and bool(card['as_of'])
    state = STATES.get(outcome['code'], 'mistaken') if outcome else 'unknown' if is_silent else 'not_seen'
    if outcome and outcome['code'] == 'split':
        state = 'published' if outcome['done'] else 'not_seen'
    return _with_state(
        card, record, state,
        _say(env, outcome, minutes, card, place) if outcome else texts.silent(env) if is_silent else '',
        outcome['seen'] if outcome and outcome['code'] in ('differs', 'second') else [],
        is_pending=not record or not looking.is_visible(record))


def _get_kept_row(env, card, record, place):
    """Return the row of a record that need not be asked for any more."""
    code = 'published' if record.done_on else 'solved'
    return _with_state(
        card, record, 'published', _say(env, {'code': code}, _minutes_left(record), card, place), [], is_pending=False)


def _with_state(card, record, state, sentence, seen, is_pending):
    minutes = _minutes_left(record)
    return {
        **card, 'state': state, 'sentence': sentence, 'seen': seen, 'is_pending': is_pending,
        'since': fields.Datetime.to_string(record.done_on) if record and record.done_on and state in DONE else None,
        'until': fields.Datetime.to_string(record.until) if minutes and state in DONE else None,
    }


def _minutes_left(record):
    """Return for how many minutes receivers may still hold what was before, rounded up."""
    if not record or not record.until:
        return 0
    return max(0, math.ceil((record.until - fields.Datetime.now()).total_seconds() / 60))


def _get_next_step(domain, report, optional):
    """Return what to do once all is in order: ``{kind, sentence, changes}``, or ``None``."""
    env, steps = domain.env, [row for row in optional if row['area'] == 'dmarc']
    if steps and is_held_back(domain, report):
        return {'kind': 'dmarc', 'sentence': texts.next_step(env, 'evidence'), 'changes': []}
    if steps:
        return {'kind': 'dmarc', 'sentence': texts.next_step(env, 'dmarc'), 'changes': steps}
    if report.overruled or not any(path['state'] == 'pass' for path in report.paths):
        return None
    return {'kind': 'test_mail', 'sentence': texts.next_step(env, 'test_mail'), 'changes': []}
