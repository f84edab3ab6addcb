"""When a watched domain is looked at next. Pure: no Odoo, no DNS, and no chance: each domain has its own place in any period.

:func:`next_look` is the whole rule. What asks for an early look (:class:`Situation`) never delays a later reason: a change
makes a domain due at once wherever it happens (`_mark_outdated`), whatever this said before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .announcement import CONFIRM_AFTER

HOURLY = timedelta(hours=1)  # while something is broken, or somebody publishes a record
BROKEN_FOR = timedelta(days=14)  # after which what is broken is looked at as often as all the rest
CONFIRMED_WITHIN = timedelta(hours=2)  # after which a worse state that DNS does not tell about waits as what is broken does
# So much of a record's TTL is waited for where its end is what matters: resolvers keep an absence for three hours at most
# (docs/resolvers.md), and a publication is better seen late by one look than a day later.
MAX_TTL = timedelta(hours=3)
SILENT_FIRST = timedelta(minutes=10)  # after which what DNS did not answer is asked again; twice as long each time
SILENT_MOST = timedelta(hours=6)
SILENT_LONG = timedelta(hours=24)  # after many silences, or where nothing uses the domain
MANY_SILENCES = 30  # in a row: about a week
SELDOM = 7  # times the interval, for what nothing uses
SELDOM_MOST = timedelta(weeks=4)
SILENT_LAG = timedelta(hours=1)  # so much later a domain whose servers were silent takes its turn than one whose answer
_SPREAD = 0x9E3779B1  # odd: neighboring ids are far apart in any period (Knuth, The Art of Computer Programming 3, 6.4)


@dataclass(frozen=True)
class Situation:
    """What a look leaves behind.

    ``interval`` is that of Settings; ``is_used``: whether mail leaves through the domain, or somebody asked to be told what
    changes there; ``broken_since``: since when something is broken that somebody cares for; ``pending_since``: since when a worse
    state waits to be seen once more; ``is_publishing``: whether somebody is publishing a record just now; ``silences``: how many
    looks in a row DNS left without an answer, this one included; ``ttl``: for how many seconds a resolver may keep what is
    waited to change.
    """

    domain_id: int
    now: datetime
    interval: timedelta
    is_used: bool = True
    broken_since: datetime | None = None
    pending_since: datetime | None = None
    is_publishing: bool = False
    silences: int = 0
    ttl: int = 0


def next_look(seen):
    """Return when a domain is looked at next (:class:`Situation`): after now, and by :func:`latest` at the latest."""
    own = _place(seen.domain_id)
    hourly = min(HOURLY, seen.interval)
    is_confirming = seen.pending_since is not None
    if seen.silences:
        wait = _after_silence(seen)
        if is_confirming or _is_watched_closely(seen):
            wait = min(wait, hourly)
        return seen.now + wait * (1 - own / 4)
    if is_confirming and seen.now - seen.pending_since < CONFIRMED_WITHIN:
        return seen.now + CONFIRM_AFTER
    if is_confirming or _is_watched_closely(seen):
        kept = min(timedelta(seconds=max(0, seen.ttl)), MAX_TTL)
        return seen.now + min(max(hourly * (1 - own / 10), kept * (1 + own / 10)), seen.interval)
    return _own_time(seen, seen.interval if seen.is_used else _seldom(seen.interval))


def latest(seen):
    """Return how long a domain may go without a look, whatever happens: what :func:`next_look` never exceeds."""
    return longest(seen.interval)


def longest(interval):
    """Return the same where Settings have this interval."""
    return max(_seldom(interval), SILENT_LONG, CONFIRM_AFTER)


def after_outage(domain_id, now):
    """Return when to ask again where no DNS answers at all here: the domain is not to blame."""
    return now + SILENT_FIRST * (1 + _place(domain_id))


def _after_silence(seen):
    most = SILENT_MOST if seen.is_used and seen.silences <= MANY_SILENCES else SILENT_LONG
    return min(SILENT_FIRST * 2 ** min(seen.silences - 1, 10), most)


def _is_watched_closely(seen):
    return seen.is_publishing or seen.broken_since is not None and seen.now - seen.broken_since < BROKEN_FOR


def _seldom(interval):
    return max(interval, min(SELDOM * interval, SELDOM_MOST))


def _own_time(seen, period):
    """Return the domain's own moment of the next period: half a period from now at least, and one at most.

    A look out of turn is followed by one halfway to it, so that nobody waits for longer than a period.
    """
    moment = (seen.now - datetime(2000, 1, 1)) % period
    until = (period * _place(seen.domain_id) - moment) % period or period
    return seen.now + (until if until >= period / 2 else until + period / 2)


def _place(domain_id):
    """Return where a domain has its place in any period: 0 to below 1, the same each time."""
    return domain_id * _SPREAD % 2 ** 32 / 2 ** 32
