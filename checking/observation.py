"""What of a report is held against what was announced last: by area its state, the text of its records, and the cause."""

from .. import mailauth
from ..mailauth.verdict import KNOWN_STATES, State
from . import announcement

# DNS has answered; what is missing only Odoo's settings or a received mail can tell.
_UNPROVEN = 'dmarc.enforced_unproven'
_OPEN = ('spf.sender_unknown', 'dkim.sender_unknown', 'dkim.selector_unknown', 'dkim.account_specific', _UNPROVEN)
_UNANSWERED = {'spf.unanswered', 'dkim.unanswered'}  # whether mail passes may be up to what DNS did not tell


def observe(report, announced):
    """Return what may be announced of a report (:func:`announcement.step`).

    :param StoredReport report: what a check found
    :param dict announced: what was announced last
    """
    return {name: _look(report, name, area, announced.get(name, {}).get('state')) for name, area in report.areas.items()}


def _look(report, name, area, known):
    state = borne_out(name, area, _held(area, known), report, known)
    return announcement.Look(state, _text(report, name), area.code if state == area.state else None, report.asked or None)


def borne_out(name, area, state, report, known=None):
    """Return ``state``, which an area is taken to have, as far as it may be announced.

    What is worse than the zone's own servers, where asked, have it is what they have, where that is worse than what was
    announced, else ``refuted``; ``unknown`` where they did not tell.

    :param Area area: what the report says of it
    :param StoredReport report: with what the zone's own servers said
    :param known: the state that was announced last, or ``None`` where nothing was
    """
    if state not in KNOWN_STATES:
        codes = {each: found.code for each, found in report.areas.items()}
        return announcement.OPEN if _is_open(area.code, codes) else announcement.UNKNOWN
    own = report.confirmed.get(name, state)
    if own not in KNOWN_STATES:  # what is open there is not wrong there
        codes = (report.own or {}).get('codes', {})
        return announcement.REFUTED if _is_open(codes.get(name), codes) else announcement.UNKNOWN
    if not State(state).is_worse_than(State(own)):
        return state
    is_worse = known is not None and State(own).is_worse_than(State(announcement.presumed(known)))
    return own if is_worse else announcement.REFUTED


def _is_open(code, codes):
    """Whether DNS has answered what an area of this code rests on; ``codes``: of all areas."""
    return code in _OPEN and not (code == _UNPROVEN and _UNANSWERED.intersection(codes.values()))


def _held(area, known):
    """Return an area's state, or what was announced of it last, where DNS did not tell whether that is over."""
    is_held = area.worst and known in KNOWN_STATES and State(known).is_worse_than(State(area.state)) \
        and not State(known).is_worse_than(State(area.worst))
    return known if is_held else area.state


def _text(report, name):
    return '\n'.join(
        f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in report.records_of(name))
