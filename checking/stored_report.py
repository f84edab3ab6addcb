"""A report as it is stored and compared: what of it counts for the states, the history and the announcements."""

from .. import mailauth
from ..mailauth.verdict import KNOWN_STATES, PROTOCOLS, State
from . import announcement

# DNS has answered; what is missing only Odoo's settings or a received mail can tell.
_OPEN = (
    'spf.sender_unknown', 'dkim.sender_unknown', 'dkim.selector_unknown', 'dkim.account_specific', 'dmarc.enforced_unproven')


def behind_gate(report):
    """Return a report without green areas where the domain itself can have no mail: they are in order for nobody."""
    if report['gate']['state'] != 'fail':
        return report
    return {**report, **{
        area: {'state': 'unknown', 'code': 'gate.comes_first', 'params': {}}
        for area in PROTOCOLS if report[area]['state'] == 'pass'}}


def observed(report):
    """Return ``{area: (state, text of its records)}`` of a report."""
    records = records_by_area(report)
    return {
        area: (report[area]['state'], '\n'.join(
            f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in records[area]))
        for area in announcement.AREAS
    }


def held(seen, report, memory):
    """Return ``seen`` (:func:`observed`) with what was announced last, where DNS did not tell whether that is over."""
    def state_of(area, state):
        worst, known = report[area].get('worst'), memory.get(area, {}).get('state')
        is_held = worst and known in KNOWN_STATES and State(known).is_worse_than(State(state)) \
            and not State(known).is_worse_than(State(worst))
        return known if is_held else state

    return {area: (state_of(area, state), record) for area, (state, record) in seen.items()}


def confirmed(seen, report):
    """Return ``seen`` (:func:`observed`) as far as it may be announced (:func:`announcement.step`).

    What is worse than the zone's own servers, where asked, have it is ``unknown``.
    """
    def borne_out(area, state):
        if state not in KNOWN_STATES:
            return announcement.OPEN if report[area]['code'] in _OPEN else announcement.UNKNOWN
        own = report['confirmed'].get(area, state)
        is_borne_out = own in KNOWN_STATES and not State(state).is_worse_than(State(own))
        return state if is_borne_out else announcement.UNKNOWN

    return {area: (borne_out(area, state), record) for area, (state, record) in seen.items()}


def known_states(report, known, date):
    """Return ``known`` (what was last answered, by area) with what this report answers.

    :param str date: when the report was made
    """
    known, records = dict(known), records_by_area(report)
    for area in announcement.AREAS:
        if report[area]['state'] != 'unknown':
            known[area] = {
                'state': report[area]['state'], 'date': date, 'records': records[area], 'changes': _changes(report, area)}
    if report['zone']['nameservers']:
        known['zone'] = {'date': date, 'nameservers': report['zone']['nameservers']}
    if report['state'] != 'unknown':
        known['all'] = {'state': report['state'], 'date': date}
    return known


def is_unseen(report):
    """Whether DNS answered nothing of what matters, as opposed to a question here and there."""
    return bool(report['unanswered']) and all(report[area]['state'] == 'unknown' for area in ('spf', 'dmarc'))


def records_by_area(report):
    """Return ``{area: [record]}`` of the areas that are announced."""
    records = {area: [] for area in announcement.AREAS}
    for record in report['records']:
        if record['area'] in records:
            records[record['area']].append(record)
    return records


def published(report):
    """Return what was published, as far as a difference of it is a change worth a row of history."""
    return sorted((record['name'], record['type'], record['value']) for record in (report or {}).get('records', ()))


def _changes(report, area):
    """Return the changes that an area of the report needs."""
    return [change for change in report['changes'] if change['reason'].partition('.')[0] == area]
