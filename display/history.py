"""The last months of a domain, a day each: what changed, how long each verdict held. And any day. Made of stored values only."""

from datetime import timedelta
from itertools import pairwise, zip_longest

from odoo import fields
from odoo.tools import format_datetime

from ..checking import history_row
from ..checking.days import day_of, start_of
from ..checking.retention import get_days, get_limit
from ..mailauth import in_one_line
from ..mailauth.verdict import PROTOCOLS
from ..texts import states
from ..texts.durations import duration

DAYS = 90
MAX_CHECKS = 500  # of a domain that changes all the time; what is older than these is not shown
MAX_OF_DAY = 50  # changes of one day that are shown, and looks before that may have to be read for what DNS did not answer


def get_history(domain):
    """Return the last :data:`DAYS` days of a domain, as days are counted where the user is. One query.

    :return: ``{days, changes, periods}``. A day is ``{date, state, label, changes}``: the worst verdict that held on it
        (``None`` before the first check) and the ids of its changes. A change, newest first, is what :func:`get_changes`
        gives. A period is ``{start, end, state, label, lasted}``: in UTC, as text; the end of the one that lasts is ``None``.
    """
    env, now = domain.env, fields.Datetime.now()
    today = day_of(env, now)
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    starts = [start_of(env, date) for date in (*dates, today + timedelta(days=1))]
    checks = _get_checks(domain, starts[0])
    # The verdict of before, and what a history that is too long begins with, are no changes that can be told.
    untold = [check for check in checks if check.date < starts[0]] or (checks[:1] if len(checks) == MAX_CHECKS else [])
    changes = [(check, change) for check, change in get_changes(checks) if check not in untold]
    return {
        'days': _get_days(env, dates, starts, checks, changes),
        'changes': [change for _check, change in reversed(changes)],
        'periods': _get_periods(env, checks, starts[0]),
    }


def get_day(domain, date):
    """Return what was published on a day, as days are counted where the user is, and what came of it: when it ended, or now.

    What DNS did not answer is as it was seen before, and says so.

    :param date date: any day
    :return: ``{date, state, label, verdicts, records, changes, notes, since, until, lasted, looks}``; ``state`` is ``None`` where
        nothing is stored of that day, and the notes say why. ``verdicts`` are ``{title, state, label}``, ``records``
        ``{name, type, value, seen_on}`` (``seen_on`` only of what was not seen anew), ``changes``, of this day, the newest
        first, what :func:`get_changes` gives, ``notes`` sentences. Times in UTC, as text.
    """
    env = domain.env
    start, end = start_of(env, date), start_of(env, date + timedelta(days=1))
    checks = domain.env['mail.domain.health.check'].search(
        [('domain_id', '=', domain.id), ('date', '<', end)], limit=MAX_OF_DAY)[::-1]
    answer = {'date': fields.Date.to_string(date), 'state': None, 'label': env._("Nothing stored"), 'verdicts': [], 'records': [],
              'changes': [], 'notes': [], 'since': None, 'until': None, 'lasted': None, 'looks': 0}
    if start > fields.Datetime.now():
        return {**answer, 'notes': [env._("This day has not come yet.")]}
    if not checks:
        return {**answer, 'notes': [_why_nothing(domain, end)]}
    # Of a day with more than are read, the first that is read is no change that can be told.
    changes = [change for check, change in get_changes(checks)
               if check.date >= start and (check != checks[0] or len(checks) < MAX_OF_DAY)]
    check = checks[-1]
    state = check.state or 'unknown'
    return {
        **answer, 'state': state, 'label': states.state_label(env, state),
        'verdicts': [
            {'title': states.area_title(env, area), 'state': check[f'{area}_state'],
             'label': states.state_label(env, check[f'{area}_state'])}
            for area in PROTOCOLS if check[f'{area}_state']],
        'records': _get_published(checks), 'changes': changes[::-1],
        'notes': [*_get_notes(check, start), *_get_folded_notes(checks, start, end)],
        'since': fields.Datetime.to_string(check.date), 'until': check.until and fields.Datetime.to_string(check.until) or None,
        'lasted': check.lasted, 'looks': check.looks,
    }


def _why_nothing(domain, end):
    """Return why nothing is stored of a day that ended then."""
    env = domain.env
    first = env['mail.domain.health.check'].search([('domain_id', '=', domain.id)], order='date, id', limit=1)
    if not first:
        return env._("This domain has not been checked yet.")
    if end <= get_limit(env):
        return env._("Nothing is stored of this day: history is kept for %(days)s days (Settings, Advanced).", days=get_days(env))
    return env._("Nothing is stored of this day: the history of this domain begins on %(date)s.",
                 date=format_datetime(env, first.date, tz=str(env.tz)))


def _get_published(checks):
    """Return the records after the last of these looks, the oldest first; with when they were seen, where that is longer ago."""
    seen_on, published = {}, {}
    for check in checks:
        seen, published = _by_place(check), _get_known_after(published, check)
        seen_on.update(dict.fromkeys(seen, check))
    return [
        {'name': name, 'type': rdtype, 'value': value,
         'seen_on': None if seen_on[_area, name, rdtype] == checks[-1]
         else fields.Datetime.to_string(seen_on[_area, name, rdtype].date)}
        for (_area, name, rdtype), values in published.items() for value in values]


def _get_known_after(known, check):
    """Return what is known to be published after a look, by place: what DNS did not answer is as it was.

    :param dict known: before it
    """
    if check.is_complete:
        return _by_place(check)
    gone = set(check.answered or ())
    return {**{place: values for place, values in known.items() if place[0] not in gone}, **_by_place(check)}


def _get_notes(check, start):
    """Return what a person has to know of a day whose end this look tells."""
    env, notes = check.env, []
    if check.last_seen and check.date < start and check.last_seen < start:
        times = {'before': format_datetime(env, check.last_seen, tz=str(env.tz))}
        if check.until:
            notes.append(env._(
                "No check ran on this day. The last one before it, on %(before)s, found this; the next one, on %(after)s, found "
                "something else.", **times, after=format_datetime(env, check.until, tz=str(env.tz))))
        else:
            notes.append(env._("No check ran on this day: this is what the last one found, on %(before)s.", **times))
    if check.left_out:
        notes.append(env._("More records were published than the history has room for. Missing here: %(count)s.",
                           count=check.left_out))
    elif not check.is_complete and not history_row.ASKED.keys() <= set(check.answered or ()):
        notes.append(env._("DNS did not answer everything that was asked: what was not answered is shown as it was seen before."))
    return notes


def _get_folded_notes(checks, start, end):
    """Return what a person has to know of changes of a day that are not kept."""
    env = checks.env
    count = sum(check.folded['count'] for check in checks if check.folded and start <= _folded_on(check) < end)
    return [env._(
        "Further changes that were found on this day: %(count)s. Of a domain that changes all the time, only what was published "
        "when a day ended is kept after a week.", count=count)] if count else []


def _folded_on(check):
    return fields.Datetime.to_datetime(check.folded['date'])


def get_changes(checks):
    """Yield ``(check, change)``: what each look, the oldest first, found to be other than the looks before it.

    What DNS did not answer is not gone: of a look that did not see all, a record that is missing stays as it was.

    :return: a change is ``{id, date, state, label, verdicts, records}``: of each verdict that changed ``{title, old, new,
        new_state}`` in words, of each record ``{name, type, old, new}``, ``None`` where there was or is none
    """
    env, before, known = checks.env, checks.browse(), {}
    for check in checks:
        seen = _get_known_after(known, check)
        yield check, {
            'id': check.id,
            'date': fields.Datetime.to_string(check.date),
            'state': check.state or 'unknown',
            'label': states.state_label(env, check.state or 'unknown'),
            'verdicts': _get_verdicts(before, check),
            'records': _get_records(known, seen) if before else [],  # a first look tells no change
        }
        before, known = check, seen


def get_change_lines(env, change):
    """Return a change (:func:`get_changes`) as lines of text, for lists and files: the records in full."""
    lines = [
        env._("%(what)s: %(new)s (was: %(old)s)", what=verdict['title'], new=verdict['new'], old=verdict['old'])
        if verdict['old'] else env._("%(what)s: %(new)s", what=verdict['title'], new=verdict['new'])
        for verdict in change['verdicts']]
    for record in change['records']:
        place = {'name': record['name'], 'type': record['type'], 'old': record['old'], 'new': record['new']}
        if not record['old']:
            lines.append(env._("Added: %(name)s %(type)s %(new)s", **place))
        elif not record['new']:
            lines.append(env._("Removed: %(name)s %(type)s %(old)s", **place))
        else:
            lines.append(env._("Changed: %(name)s %(type)s %(new)s (was: %(old)s)", **place))
    return lines


def _get_verdicts(before, check):
    env = check.env
    return [
        {'title': env._("Verdict") if name == 'state' else states.area_title(env, name.removesuffix('_state')),
         'old': before[name] and states.state_label(env, before[name]) or None,
         'new': states.state_label(env, check[name]), 'new_state': check[name]}
        for name in ('state', *(f'{area}_state' for area in PROTOCOLS)) if check[name] and check[name] != before[name]]


def _get_checks(domain, start):
    """Return the checks since ``start`` and the last one before it, the oldest first."""
    Check = domain.env['mail.domain.health.check']
    own = [('domain_id', '=', domain.id)]
    earlier = Check._search([*own, ('date', '<', start)], order='date DESC, id DESC', limit=1)
    return Check.search_fetch(
        [*own, '|', ('date', '>=', start), ('id', 'in', earlier)],
        ['date', 'state', 'records', 'is_complete', 'answered', 'folded', *(f'{area}_state' for area in PROTOCOLS)],
        order='date DESC, id DESC', limit=MAX_CHECKS,
    ).sorted(lambda check: (check.date, check.id))


def _get_verdicts_held(checks):
    """Return ``[(when it began, verdict)]``, the oldest first; what is not kept counts as the worst of it."""
    held = []
    for check in checks:
        held.append((check.date, check.state or 'unknown'))
        if check.folded:
            held.append((_folded_on(check), check.folded['state'] or 'unknown'))
    return held


def _get_days(env, dates, starts, checks, changes):
    days, holding, position, verdicts = [], None, 0, _get_verdicts_held(checks)
    for date, (start, end) in zip(dates, pairwise(starts), strict=True):
        held = []
        while position < len(verdicts) and verdicts[position][0] < end:
            began, verdict = verdicts[position]
            if began > start and holding:
                held.append(holding)
            holding = verdict
            held = held if began >= start else []
            held.append(holding)
            position += 1
        held = held or ([holding] if holding else [])
        state = min(held, key=states.STATES_WORST_FIRST.index, default=None)
        days.append({
            'date': fields.Date.to_string(date),
            'state': state,
            'label': states.state_label(env, state) if state else env._("Not checked yet"),
            'changes': [change['id'] for check, change in changes if start <= check.date < end],
        })
    return days


def _get_periods(env, checks, start):
    """Return how long each verdict held, the newest first."""
    periods = []
    for began, state in _get_verdicts_held(checks):
        if periods and periods[-1]['state'] == state:
            continue
        at = fields.Datetime.to_string(max(began, start))
        if periods:
            periods[-1]['end'] = at
        periods.append({'start': at, 'end': None, 'state': state, 'label': states.state_label(env, state)})
    for period in periods:
        start, end = (fields.Datetime.to_datetime(period[name]) for name in ('start', 'end'))
        period['lasted'] = duration(env, (end or fields.Datetime.now()) - start)
    return periods[::-1]


def _get_records(old, new):
    """Return the records that are others than before: what stood at a name and what stands there now side by side."""
    rows = []
    for place in sorted({**old, **new}, key=lambda place: place[1:]):
        gone = [value for value in old.get(place, ()) if value not in new.get(place, ())]
        come = [value for value in new.get(place, ()) if value not in old.get(place, ())]
        rows += [
            {'name': place[1], 'type': place[2], 'old': before, 'new': now} for before, now in zip_longest(gone, come)]
    return rows


def _by_place(check):
    """Return ``{(area, name, type): values}``."""
    places = {}
    for record in check.records or ():
        places.setdefault((record['area'], record['name'], record['type']), []).append(in_one_line(record['value']))
    return places
