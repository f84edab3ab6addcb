"""What of a report is held against what was announced last: by area ``(state, text of its records)``."""

from .. import mailauth
from ..mailauth.verdict import KNOWN_STATES, State
from . import announcement

# DNS has answered; what is missing only Odoo's settings or a received mail can tell.
_OPEN = (
    'spf.sender_unknown', 'dkim.sender_unknown', 'dkim.selector_unknown', 'dkim.account_specific', 'dmarc.enforced_unproven')


def observe(report, announced):
    """Return what may be announced of a report (:func:`announcement.step`).

    :param StoredReport report: what a check found
    :param dict announced: what was announced last
    """
    return {
        name: (borne_out(name, area, _held(area, announced.get(name, {}).get('state')), report.confirmed), _text(report, name))
        for name, area in report.areas.items()
    }


def borne_out(name, area, state, confirmed):
    """Return ``state``, which an area is taken to have, as far as it may be announced.

    What is worse than the zone's own servers, where asked, have it is ``unknown``.

    :param Area area: what the report says of it
    :param dict confirmed: by area, the state as the zone's own servers have it
    """
    if state not in KNOWN_STATES:
        return announcement.OPEN if area.code in _OPEN else announcement.UNKNOWN
    own = confirmed.get(name, state)
    is_borne_out = own in KNOWN_STATES and not State(state).is_worse_than(State(own))
    return state if is_borne_out else announcement.UNKNOWN


def _held(area, known):
    """Return an area's state, or what was announced of it last, where DNS did not tell whether that is over."""
    is_held = area.worst and known in KNOWN_STATES and State(known).is_worse_than(State(area.state)) \
        and not State(known).is_worse_than(State(area.worst))
    return known if is_held else area.state


def _text(report, name):
    return '\n'.join(
        f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in report.records_of(name))
