"""When to speak: from what was known and what happens now to what has to be announced. Pure; no Odoo, no DNS.

An *area* is what can break by itself: ``gate`` (the domain can have mail at all), ``spf``,
``dkim``, ``dmarc``, ``receivers`` (what they said of real mail) and ``sources`` (what they report of it).
Each has a *standing* with whoever is told of it,
and :data:`RULES` says for each standing and each thing that can happen what is said: the whole rule is that table.

What was announced of a domain is ``{area: {"state", "record", ...}}``, JSON types only (times in ISO format), and belongs to the
caller. A state there is what was last announced, ``unknown`` where DNS has never answered yet, or ``open`` where it is not known
here who sends: what is published then is remembered, so that it is noticed where that breaks. Where it applies:

* ``pending_since``: when a worse state was seen first that waits for its second look
* ``broken_from``: the state before it broke; ``broken_since``: when that was seen first; ``cause``: the code of what broke it
* ``asked``: a fingerprint of the configuration that it was judged by
* ``standing``: :data:`ACKNOWLEDGED`, :data:`MUTED` or :data:`UNTOLD`; ``record_before``: of what nobody was told yet
"""

from collections import namedtuple
from datetime import datetime, timedelta

from ..mailauth import verdict
from ..mailauth.verdict import KNOWN_STATES, State

AREAS = (*verdict.AREAS, 'receivers', 'sources')
# A DNS panel that deletes and then adds makes a record vanish for seconds or minutes.
CONFIRM_AFTER = timedelta(minutes=10)
UNKNOWN = 'unknown'  # DNS did not answer
REFUTED = 'refuted'  # it is worse than the zone's own servers have it: nothing waits for a second look any more
OPEN = 'open'  # DNS answered, and it is not known here who sends, or with which key: a matter of Odoo's settings
_PRESUMED = 'pass'  # of what nobody could look at, or judge: what is broken when it can be seen has broken meanwhile
_ASKED_ALWAYS = ('spf', 'dmarc')  # whatever the configuration is; which DKIM keys are asked for is up to it

# How an area stands with whoever is told of it.
NEW = 'new'  # nobody has looked yet
UNSEEN = 'unseen'  # DNS has not answered yet
UNJUDGED = 'unjudged'  # nothing wrong was seen, and it is not known here who sends, or with which key
SETTLED = 'settled'  # as it was seen first, or as it was told last
BROKEN = 'broken'  # told, with an activity
ACKNOWLEDGED = 'acknowledged'  # told, and somebody is on it
MUTED = 'muted'  # told, and muted since
UNTOLD = 'untold'  # broke while its cause was muted: nobody was told
THEIRS = 'theirs'  # of somebody else's domain
STANDINGS = (NEW, UNSEEN, UNJUDGED, SETTLED, BROKEN, ACKNOWLEDGED, MUTED, UNTOLD, THEIRS)

# What a look can see, held against what was announced last.
SAME = 'same'
CHANGED = 'changed'  # other records, and as good
REPUBLISHED = 'republished'  # other records, seen a second time, where an administrator asked to be told (record_changes)
WORSE = 'worse'  # for the first time, or again before CONFIRM_AFTER
CONFIRMED = 'confirmed'  # worse, seen a second time
CONFIRMED_MUTED = 'confirmed_muted'  # the same, and a person muted what it is because of
BETTER = 'better'  # not as it was before it broke yet, or better than it was ever seen
WHOLE = 'whole'  # as it was before it broke
RESTORED = 'restored'  # open, and what was wrong is not so any more, by DNS's doing
LOOKS = (SAME, CHANGED, REPUBLISHED, UNKNOWN, REFUTED, OPEN, WORSE, CONFIRMED, CONFIRMED_MUTED, BETTER, WHOLE, RESTORED)
# What people do, and what their dates do. A mute may also end by itself, because what it is about changed.
MUTE = 'mute'
UNMUTE = 'unmute'
ACKNOWLEDGE = 'acknowledge'
REMIND = 'remind'  # an acknowledgement was taken back, or its date has passed
RETIRE = 'retire'  # nothing uses the domain any more
ACTS = (MUTE, UNMUTE, ACKNOWLEDGE, REMIND, RETIRE)

# What is said: a message (of this kind), what becomes of the activity (ADD, REMOVE or as it is), and how the area stands then
# (as before where nothing is named).
Cell = namedtuple('Cell', 'message activity becomes', defaults=(None, None, None))
ADD, REMOVE = 'add', 'remove'

_NOTHING = Cell()
_KNOWN = Cell(becomes=SETTLED)  # a first look tells what is, not what changed
_DARK = Cell(becomes=UNSEEN)
_OPEN = Cell(becomes=UNJUDGED)  # once it is known who sends, that is a first look
_ALARM = Cell('broken', ADD, BROKEN)
_RETURN = Cell(None, ADD, BROKEN)  # once: whoever was told already is reminded
_END = Cell('recovered', REMOVE, SETTLED)
_QUIET_END = Cell(None, REMOVE, SETTLED)  # of what is muted, or was never told
_OPEN_END = Cell('recovered', REMOVE, UNJUDGED)
_OPEN_QUIET = Cell(None, REMOVE, UNJUDGED)
_ON_IT = Cell(None, REMOVE, ACKNOWLEDGED)
_HUSH = Cell(None, REMOVE, MUTED)
_HIDE = Cell(becomes=UNTOLD)
_IMPROVED = Cell('recovered')  # than it was ever seen
_WANTED = Cell('changed')  # who asked is told, of somebody else's domain too
_FORGET = Cell(None, REMOVE, NEW)

_ROWS = {
    #                 new       unseen    unjudged  settled    broken     acknowledged  muted        untold       theirs
    SAME:            (_KNOWN,   _KNOWN,   _KNOWN,   _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    CHANGED:         (_KNOWN,   _KNOWN,   _KNOWN,   _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    REPUBLISHED:     (_WANTED,  _WANTED,  _WANTED,  _WANTED,   _WANTED,   _WANTED,      _NOTHING,    _NOTHING,    _WANTED),
    UNKNOWN:         (_DARK,    _NOTHING, _NOTHING, _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    REFUTED:         (_DARK,    _NOTHING, _NOTHING, _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    OPEN:            (_OPEN,    _OPEN,    _NOTHING, _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    WORSE:           (_KNOWN,   _NOTHING, _NOTHING, _NOTHING,  _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    CONFIRMED:       (_KNOWN,   _ALARM,   _ALARM,   _ALARM,    _ALARM,    _ALARM,       _ALARM,      _ALARM,      _NOTHING),
    CONFIRMED_MUTED: (_KNOWN,   _HIDE,    _HIDE,    _HIDE,     _HUSH,     _HUSH,        _NOTHING,    _NOTHING,    _NOTHING),
    BETTER:          (_KNOWN,   _KNOWN,   _KNOWN,   _IMPROVED, _NOTHING,  _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    WHOLE:           (_KNOWN,   _KNOWN,   _KNOWN,   _NOTHING,  _END,      _END,         _QUIET_END,  _QUIET_END,  _NOTHING),
    RESTORED:        (_OPEN,    _OPEN,    _NOTHING, _OPEN,     _OPEN_END, _OPEN_END,    _OPEN_QUIET, _OPEN_QUIET, _NOTHING),
    MUTE:            (_NOTHING, _NOTHING, _NOTHING, _NOTHING,  _HUSH,     _HUSH,        _NOTHING,    _NOTHING,    _NOTHING),
    UNMUTE:          (_NOTHING, _NOTHING, _NOTHING, _NOTHING,  _NOTHING,  _NOTHING,     _RETURN,     _ALARM,      _NOTHING),
    ACKNOWLEDGE:     (_NOTHING, _NOTHING, _NOTHING, _NOTHING,  _ON_IT,    _NOTHING,     _NOTHING,    _NOTHING,    _NOTHING),
    REMIND:          (_NOTHING, _NOTHING, _NOTHING, _NOTHING,  _NOTHING,  _RETURN,      _NOTHING,    _NOTHING,    _NOTHING),
    RETIRE:          (_FORGET,  _FORGET,  _FORGET,  _FORGET,   _FORGET,   _FORGET,      _FORGET,     _FORGET,     _FORGET),
}
# {(standing, what happens): what is said}
RULES = {
    (standing, happened): cell
    for happened, cells in _ROWS.items() for standing, cell in zip(STANDINGS, cells, strict=True)}

# What is seen of an area: its state, the text of what is published, the code of what makes the state, where that is known, and a
# fingerprint of the configuration that it is judged by.
Look = namedtuple('Look', 'state record cause asked', defaults=(None, None))
# What is to be announced: a message of this kind (``None``: none), and what becomes of the activity. ``since``: when it broke.
Event = namedtuple('Event', 'kind area old_state new_state old_record new_record since activity', defaults=(None, None))


def step(announced, observed, now, confirm_after=CONFIRM_AFTER, *, muted=frozenset(), is_reminded=False, is_theirs=False):
    """Compare what is seen with what was last announced.

    :param dict announced: what an earlier call returned, or ``{}``
    :param dict observed: ``{area: Look}``, or ``(state, record)`` where nobody mutes; ``record`` is the text of what is published
    :param datetime now: the time of the observation (UTC, naive)
    :param muted: the codes of findings that a person muted
    :param bool is_reminded: whether the date has passed until which somebody wanted to be left alone
    :param bool is_theirs: whether the domain is somebody else's
    :return: ``(announced, events, confirm)``: what is announced by then; what to announce
        (:data:`Event`); whether a worse state waits to be seen once more, after ``confirm_after``.
        A state of ``unknown`` or ``refuted`` changes nothing: it neither breaks, confirms, recovers nor reminds.
    """
    announced, events = dict(announced), []
    for area, seen in observed.items():
        look = Look(*seen)
        happened = _name_look(area, announced.get(area), look, now, confirm_after, muted)
        events += _happen(announced, area, happened, is_theirs, look, now)
        if look.state in KNOWN_STATES:
            events += _follow_mute(announced, area, muted, True)
            if is_reminded and _standing(announced.get(area)) == ACKNOWLEDGED:
                events += _happen(announced, area, REMIND)
    return announced, events, any('pending_since' in announced.get(area, {}) for area in observed)


def follow_mutes(announced, muted, seen):
    """Do what follows from a person's muting or unmuting findings; return ``(announced, events)``.

    :param seen: the areas that DNS answered about last: only of these it is said that they are broken still
    """
    announced, events = dict(announced), []
    for area in list(announced):
        events += _follow_mute(announced, area, muted, area in seen)
    return announced, events


def act(announced, happened):
    """Do what follows from one of :data:`ACKNOWLEDGE`, :data:`REMIND` and :data:`RETIRE`; return ``(announced, events)``."""
    announced, events = dict(announced), []
    for area in list(announced):
        events += _happen(announced, area, happened)
    return announced, events


def is_told(announced, area, is_theirs):
    """Whether it is told that other records are published in an area (:data:`REPUBLISHED`), MX and NS among them."""
    return RULES[THEIRS if is_theirs else _standing(announced.get(area)), REPUBLISHED].message == 'changed'


def is_broken(announced):
    """Whether something broke, told or not, that has not come back to what it was."""
    return any('broken_from' in known for known in announced.values())


def has(announced, standing):
    """Whether an area stands so."""
    return any(_standing(known) == standing for known in announced.values())


def _standing(known):
    if known is None:
        return NEW
    if known['state'] == OPEN:
        return UNJUDGED
    if known['state'] not in KNOWN_STATES:
        return UNSEEN
    if 'broken_from' not in known:
        return SETTLED
    return known.get('standing', BROKEN)


def presumed(state):
    """Return a state that was announced, or what is taken for it where nobody could look or judge."""
    return state if state in KNOWN_STATES else _PRESUMED


def _name_look(area, known, look, now, confirm_after, muted):
    """Return which of :data:`LOOKS` it is."""
    if look.state == OPEN:
        return RESTORED if _is_restored(area, known, look) else OPEN
    if look.state not in KNOWN_STATES:
        return REFUTED if look.state == REFUTED else UNKNOWN
    if known is None:
        return SAME
    was = presumed(known['state'])
    if State(look.state).is_worse_than(State(was)):
        if known['state'] == OPEN and not _is_of_dns(area, known, look):
            return SAME
        since = known.get('pending_since') or now.isoformat()
        if now - datetime.fromisoformat(since) < confirm_after:
            return WORSE
        return CONFIRMED_MUTED if look.cause in muted else CONFIRMED
    if State(was).is_worse_than(State(look.state)):
        broken_from = known.get('broken_from')
        return WHOLE if broken_from and not State(look.state).is_worse_than(State(presumed(broken_from))) else BETTER
    return CHANGED if known['state'] in KNOWN_STATES and known['record'] != look.record else SAME


def _is_restored(area, known, look):
    return bool(known) and State(presumed(known['state'])).is_worse_than(State(_PRESUMED)) and _is_of_dns(area, known, look)


def _is_of_dns(area, known, look):
    """Whether DNS makes the difference between what could be judged and what cannot: not somebody who changes who sends.

    Nor another area: what receivers are asked to do with mail that fails is open as long as it is not known whether it does.
    """
    if area in _ASKED_ALWAYS and bool(known['record']) != bool(look.record):
        return True
    return known.get('asked') == look.asked and (area != 'dmarc' or known['record'] != look.record)


def _follow_mute(announced, area, muted, is_seen):
    known = announced.get(area) or {}
    if 'cause' not in known:
        return []
    is_quiet = known.get('standing') in (MUTED, UNTOLD)
    if is_quiet == (known['cause'] in muted) or is_quiet and not is_seen:
        return []
    return _happen(announced, area, UNMUTE if is_quiet else MUTE)


def _happen(announced, area, happened, is_theirs=False, look=None, now=None):
    """Do what :data:`RULES` say; return what is to be announced, as a list."""
    before = announced.get(area)
    standing = THEIRS if is_theirs else _standing(before)
    cell = RULES[standing, happened]
    becomes = cell.becomes or standing
    after = _get_after(before, standing, happened, becomes, look, now)
    if after is None:
        announced.pop(area, None)
    else:
        announced[area] = after
    if not cell.message and not cell.activity:
        return []
    old, new = before or {}, after or {}
    if standing == UNTOLD and cell.message:  # what is told now broke before
        old = {**old, 'state': old['broken_from'], 'record': old.get('record_before', old['record'])}
    return [Event(cell.message, area, old.get('state'), new.get('state'), old.get('record'), new.get('record'),
                  old.get('broken_since'), cell.activity)]


def _get_after(before, standing, happened, becomes, look, now):
    """Return what is announced of an area that stands as ``becomes`` from now on; ``None`` where that is nothing."""
    if becomes in (NEW, THEIRS):
        return None
    known = dict(before or {})
    if happened in (REFUTED, OPEN, RESTORED):  # it is not as bad, whoever sends
        known.pop('pending_since', None)
    if becomes == UNSEEN:
        known = {'state': UNKNOWN, 'record': '', **known}
        return {'pending_since': now.isoformat(), **known} if happened == WORSE else known
    if happened == WORSE and standing != NEW:
        known.setdefault('pending_since', now.isoformat())
        return known
    if happened in (UNKNOWN, REFUTED) or happened == OPEN and becomes != UNJUDGED:
        return known
    if becomes in (SETTLED, UNJUDGED):
        return _clean(state=look.state, record=look.record, asked=look.asked) if look else known
    if happened in (CONFIRMED, CONFIRMED_MUTED):
        seen_first = None if 'broken_from' in known else known.get('pending_since') or now.isoformat()
        known = {
            'state': look.state, 'record': look.record, 'cause': look.cause, 'asked': look.asked,
            'broken_from': known.get('broken_from', known['state']), 'broken_since': known.get('broken_since', seen_first),
            'record_before': known.get('record_before', known['record'])}
    elif look:
        known.pop('pending_since', None)
        known.update(state=look.state, record=look.record, cause=look.cause or known.get('cause'), asked=look.asked)
    known.pop('standing', None)
    if becomes != BROKEN:
        known['standing'] = becomes
    if becomes != UNTOLD:
        known.pop('record_before', None)
    return _clean(**known)


def _clean(**known):
    return {name: value for name, value in known.items() if value is not None}
