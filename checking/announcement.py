"""When to speak: from what was known and what is seen now to what has to be announced. Pure; no Odoo, no DNS.

An *area* is what can break by itself: ``gate`` (the domain can have mail at all), ``spf``,
``dkim``, ``dmarc``, and ``receivers`` (what they said of real mail). What was announced of a domain is
``{area: {"state", "record", "broken_from", "pending_since"}}``, JSON types only (times in ISO format), and belongs to the caller.
A state there is what was last announced, or ``unknown`` where DNS has never answered yet.
"""

from collections import namedtuple
from datetime import datetime, timedelta

from ..mailauth import verdict
from ..mailauth.verdict import KNOWN_STATES, State

AREAS = (*verdict.AREAS, 'receivers')
# A DNS panel that deletes and then adds makes a record vanish for seconds or minutes.
CONFIRM_AFTER = timedelta(minutes=10)
UNKNOWN = 'unknown'  # DNS did not answer
OPEN = 'open'  # DNS answered, and it is not known here who sends, or with which key: a matter of Odoo's settings
_PRESUMED = 'pass'  # of what nobody could look at: what is broken when it can be seen has broken meanwhile

Event = namedtuple('Event', 'kind area old_state new_state old_record new_record')


def step(announced, observed, now, confirm_after=CONFIRM_AFTER):
    """Compare what is seen with what was last announced.

    :param dict announced: what an earlier call returned, or ``{}``
    :param dict observed: ``{area: (state, record)}``; ``record`` is the text of what is published
    :param datetime now: the time of the observation (UTC, naive)
    :return: ``(announced, events, confirm)``: what is announced by then; what to announce (``broken`` or
        ``recovered``); whether a worse state waits to be seen once more, after ``confirm_after``.
        A state of ``unknown`` or ``open`` changes nothing: it neither breaks, confirms nor recovers.
    """
    announced = {area: dict(known) for area, known in announced.items()}
    events, confirm = [], False
    for area, (state, record) in observed.items():
        known = announced.get(area)
        if state not in KNOWN_STATES:
            if state == OPEN and known and known['state'] == UNKNOWN:
                del announced[area]  # DNS can be seen: once it is known who sends, that is a first look
            elif state == UNKNOWN and known is None:
                announced[area] = {'state': UNKNOWN, 'record': ''}
            confirm = confirm or bool(announced.get(area, {}).get('pending_since'))
            continue
        if known is None:  # the first look tells what is, not what changed
            announced[area] = {'state': state, 'record': record}
            continue
        was = known['state'] if known['state'] in KNOWN_STATES else _PRESUMED
        if State(state).is_worse_than(State(was)):
            since = known.setdefault('pending_since', now.isoformat())
            if now - datetime.fromisoformat(since) < confirm_after:
                confirm = True
                continue
            events.append(Event('broken', area, known['state'], state, known['record'], record))
            announced[area] = {'state': state, 'record': record,
                            'broken_from': known.get('broken_from', was)}
        elif State(was).is_worse_than(State(state)):
            events.append(Event('recovered', area, known['state'], state, known['record'], record))
            announced[area] = {'state': state, 'record': record}
            broken_from = known.get('broken_from')
            if broken_from and State(state).is_worse_than(State(broken_from)):
                announced[area]['broken_from'] = broken_from
                if known.get('muted'):  # the caller's: whoever was not told of the break is not told of its end
                    announced[area]['muted'] = True
        else:
            known.pop('pending_since', None)
            known.update(state=state, record=record)
    return announced, events, confirm


def is_broken(announced):
    """Whether something that was announced as broken has not come back to what it was."""
    return any('broken_from' in known for known in announced.values())
