"""The last months of a domain: a day each, what changed, and how long each verdict held. Made of stored values only."""

from datetime import datetime, time, timedelta
from itertools import pairwise, zip_longest

import pytz

from odoo import fields

from ..mailauth import in_one_line
from ..mailauth.verdict import PROTOCOLS
from ..texts import states

DAYS = 90
MAX_CHECKS = 500  # of a domain that changes all the time; what is older than these is not shown


def get_history(domain):
    """Return the last :data:`DAYS` days of a domain, as days are counted where the user is. One query.

    :return: ``{days, changes, periods}``. A day is ``{date, state, label, changes}``: the worst verdict that held on it
        (``None`` before the first check) and the ids of its changes. A change, newest first, is what :func:`get_changes`
        gives. A period is ``{start, end, state, label}``: in UTC, as text; the end of the one that lasts is ``None``.
    """
    env, now = domain.env, fields.Datetime.now()
    today = pytz.utc.localize(now).astimezone(env.tz).date()
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    starts = [_start_of(env, date) for date in (*dates, today + timedelta(days=1))]
    checks = _get_checks(domain, starts[0])
    # The verdict of before, and what a history that is too long begins with, are no changes that can be told.
    untold = [check for check in checks if check.date < starts[0]] or (checks[:1] if len(checks) == MAX_CHECKS else [])
    changes = [(check, change) for check, change in get_changes(checks) if check not in untold]
    return {
        'days': _get_days(env, dates, starts, checks, changes),
        'changes': [change for _check, change in reversed(changes)],
        'periods': _get_periods(env, checks, starts[0]),
    }


def get_changes(checks):
    """Yield ``(check, change)``: what each look, the oldest first, found to be other than the looks before it.

    What DNS did not answer is not gone: of a look that did not see all, a record that is missing stays as it was.

    :return: a change is ``{id, date, state, label, verdicts, records}``: of each verdict that changed ``{title, old, new,
        new_state}`` in words, of each record ``{name, type, old, new}``, ``None`` where there was or is none
    """
    env, before, known = checks.env, checks.browse(), {}
    for check in checks:
        seen = _by_place(check)
        if not check.is_complete:
            seen = {**known, **seen}
        yield check, {
            'id': check.id,
            'date': fields.Datetime.to_string(check.date),
            'state': check.state or 'unknown',
            'label': states.state_label(env, check.state or 'unknown'),
            'verdicts': _get_verdicts(before, check),
            'records': _get_records(known, seen) if before else [],  # a first look tells no change
        }
        before, known = check, seen


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
        ['date', 'state', 'records', 'is_complete', *(f'{area}_state' for area in PROTOCOLS)], order='date DESC, id DESC',
        limit=MAX_CHECKS,
    ).sorted(lambda check: (check.date, check.id))


def _start_of(env, date):
    """Return when a day begins where the user is, in UTC."""
    return env.tz.localize(datetime.combine(date, time.min)).astimezone(pytz.utc).replace(tzinfo=None)


def _get_days(env, dates, starts, checks, changes):
    days, holding, position = [], None, 0
    for date, (start, end) in zip(dates, pairwise(starts), strict=True):
        held = []
        while position < len(checks) and checks[position].date < end:
            if checks[position].date > start and holding:
                held.append(holding)
            holding = checks[position].state or 'unknown'
            held = held if checks[position].date >= start else []
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
    for check in checks:
        state = check.state or 'unknown'
        if periods and periods[-1]['state'] == state:
            continue
        at = fields.Datetime.to_string(max(check.date, start))
        if periods:
            periods[-1]['end'] = at
        periods.append({'start': at, 'end': None, 'state': state, 'label': states.state_label(env, state)})
    return periods[::-1]


def _get_records(old, new):
    """Return the records that are others than before: what stood at a name and what stands there now side by side."""
    rows = []
    for place in sorted({**old, **new}):
        gone = [value for value in old.get(place, ()) if value not in new.get(place, ())]
        come = [value for value in new.get(place, ()) if value not in old.get(place, ())]
        rows += [
            {'name': place[0], 'type': place[1], 'old': before, 'new': now} for before, now in zip_longest(gone, come)]
    return rows


def _by_place(check):
    places = {}
    for record in check.records or ():
        places.setdefault((record['name'], record['type']), []).append(in_one_line(record['value']))
    return places
