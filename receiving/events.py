"""What happens in reports that harms no mail of one's own: more forged mail, a new source, a receiver that fell silent. Pure.

:data:`RULES` is all that is looked for. What one of them returns is a finding for as long as it does; whoever asked is told of
it once, when it begins. Reports come late and in pieces: each rule waits for what may come still, or is not misled by what is
missing.
"""

from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

DAY = timedelta(days=1)

# More mail that fails, of nobody known.
BASELINE = 28  # days before, four of each day of the week
REGULAR = 14  # of them that a receiver reported: of another it is not known what is usual
RISE = 3  # times what is usual; half as much more comes with any week
RISE_MESSAGES = 100  # fewer harm nobody's reputation
RISE_LASTS = 5  # days after which it is over

# A new source.
HISTORY = 28  # days of reports before it, or all sources would be new
NEW_FOR = 14  # days within which its first mail has to be
NEW_LASTS = 30  # days for which it is one, if nobody decides
NEW_MESSAGES = 50
NEW_DAYS = 2  # on which it sent: what sends on a single day is a wave, and told as a rise
NEW_AT_ONCE = 5  # the largest ones: more are a wave

# A receiver that no longer reports.
HABIT = 30  # days up to its last report
HABITUAL = 20  # of them that it reported, or it is one that misses days anyway
SILENT = 7  # days since the last one that it reported: two that a report takes, and a long weekend on which nobody writes there
MEANWHILE = 4  # days that another one reported since then
FORGOTTEN = 45  # days after which it is no news any more

# Where reports say otherwise of a sending path than was predicted.
AGAINST = 100  # emails, fewer of which may be of one campaign
COMPARED = 14  # days
SIGNED, UNSIGNED = 0.9, 0.1  # of them that are signed: between these it is a matter of some of the mail

Sighting = namedtuple('Sighting', 'place service messages days first')
# Mail of one's own from a place: emails and how many of them are signed, since ``since``; ``predicted``: what the stored verdicts
# of its sending paths say of the key (PathResult.dkim), as a set.
Own = namedtuple('Own', 'place service messages signed predicted since')


@dataclass
class Seen:
    """What is known of a domain's reports.

    ``unknown``: emails that failed from sources that are nobody known's, ``{date: {name: emails}}``; ``days``: those that each
    receiver reported, ``{name: {date}}``; ``mailed``: those of them that came by mail, for what a person uploads has no habit;
    ``first``: the first day that was ever reported; ``sources``: :class:`Sighting` of undecided sources that never sent before
    the last 30 days; ``own``: :class:`Own`; ``lasting``: what was found before and lasts, ``{(code, name)}``.
    """

    domain: str
    today: date
    first: date = None
    unknown: dict = field(default_factory=dict)
    days: dict = field(default_factory=dict)
    mailed: dict = field(default_factory=dict)
    sources: list = field(default_factory=list)
    own: list = field(default_factory=list)
    lasting: set = field(default_factory=set)


def find_rise(seen):
    """More failing mail on a day than three times what is usual, on that day of the week or on any."""
    for ago in range(RISE_LASTS, -1, -1):
        day = seen.today - ago * DAY
        before = [day - number * DAY for number in range(1, BASELINE + 1)]
        regular = {name for name, days in seen.days.items() if len(days.intersection(before)) >= REGULAR}

        def count(date, regular=regular):
            return sum(emails for name, emails in seen.unknown.get(date, {}).items() if name in regular)

        usual = max(median(map(count, before)), median(map(count, before[6::7])))
        if regular and count(day) >= max(RISE_MESSAGES, RISE * usual):
            yield seen.domain, {'since': day.isoformat(), 'messages': count(day), 'usual': int(usual)}
            return


def find_new_sources(seen):
    """Sources that nobody decided about and that began to send as the domain lately, those that were told of first."""
    found = [
        source for source in seen.sources
        if source.messages >= NEW_MESSAGES and source.days >= NEW_DAYS and seen.first <= source.first - HISTORY * DAY
        and seen.today - source.first <= (
            NEW_LASTS if _name_of(source) in _names(seen, 'observed.new_source') else NEW_FOR) * DAY]
    found.sort(key=lambda source: (_name_of(source) not in _names(seen, 'observed.new_source'), -source.messages, source.place))
    for source in found[:NEW_AT_ONCE]:
        yield _name_of(source), {
            'since': source.first.isoformat(), 'messages': source.messages, 'service': source.service}


def find_silent(seen):
    """Receivers that reported nearly every day and no longer do, while others still do.

    Where none does, or half of them fell silent together, it is our own mailbox or record that they no longer reach.
    """
    regular = {name: max(days) for name, days in seen.mailed.items() if len(_habit(days)) >= HABITUAL}
    silent = {name: last for name, last in regular.items() if seen.today - last >= SILENT * DAY}
    if 2 * len(silent) > len(regular):
        return
    for name, last in sorted(silent.items()):
        # Reports came in meanwhile, not only since our mailbox is back.
        is_heard = any(
            len([day for day in seen.mailed[other] if day > last]) >= MEANWHILE for other in regular.keys() - silent.keys())
        if is_heard and seen.today - last <= FORGOTTEN * DAY:
            yield name, {'last': last.isoformat(), 'receiver': name}


def find_unsigned(seen):
    """Mail that is not signed although a key is published for it: its service signs otherwise than is known of it."""
    return _find_against(seen, 'published', lambda share: share <= UNSIGNED)


def find_signed(seen):
    """Mail that is signed although no key that is known for it is published."""
    return _find_against(seen, 'missing', lambda share: share >= SIGNED)


RULES = {
    'observed.failing_rise': find_rise,
    'observed.new_source': find_new_sources,
    'observed.receiver_silent': find_silent,
    'observed.not_signed': find_unsigned,
    'observed.signed': find_signed,
}


def find(seen):
    """Return ``{(code, name): parameters}`` of all that lasts."""
    return {(code, name): params for code, rule in RULES.items() for name, params in rule(seen)}


def _find_against(seen, predicted, is_against):
    for own in seen.own:
        if own.messages >= AGAINST and own.predicted == {predicted} and is_against(own.signed / own.messages):
            yield own.place.partition(':')[2], {
                'since': own.since.isoformat(), 'messages': own.messages, 'signed': own.signed, 'service': own.service}


def _habit(days):
    """Return those of a receiver's days that lie within :data:`HABIT` days up to its last one."""
    last = max(days, default=None)
    return {day for day in days if day > last - HABIT * DAY}


def _name_of(source):
    return source.place.partition(':')[2]


def _names(seen, code):
    return {name for known, name in seen.lasting if known == code}
