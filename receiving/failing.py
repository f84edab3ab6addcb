"""Mail of one's own that could be verified and, by reports, no longer can: from days of a source to since when. Pure.

Reports alone prove no break: somebody else may send from a shared address. What is said of it needs a witness besides
(:mod:`checking.reported`).
"""

from collections import namedtuple
from dataclasses import dataclass

ENOUGH = 3  # emails that say how the mail of a day, or of some days, fared: one or two may have been forwarded
FAILING = 0.2  # of a day's mail that fails, from which on it is no forwarding; of a busy day's first half hours it is less
SOUND = 0.05  # of a day's mail that may fail where all is in order
BEFORE = 20  # emails that have to have been in order before: what never could be verified does not stop
RELIED_ON = 0.5  # of the mail before that passed by a protocol, from which on it relied on it


@dataclass
class Day:
    """What was reported of a source's mail on a day, without what somebody forwarded.

    ``failed`` passed neither way, ``stopped`` of these was not delivered.
    """

    messages: int = 0
    failed: int = 0
    stopped: int = 0
    dkim: int = 0
    spf: int = 0

    @property
    def share(self):
        return self.failed / self.messages if self.messages else 0

    def add(self, other):
        for name in ('messages', 'failed', 'stopped', 'dkim', 'spf'):
            setattr(self, name, getattr(self, name) + getattr(other, name))


# A source that fails. ``since`` is the first day; ``failed`` of ``messages`` since then; ``relied`` on which protocols before.
Failing = namedtuple('Failing', 'since messages failed stopped relied')


def find(days, known=None):
    """Return what fails of a source, or ``None``.

    Reports of a day come in pieces and days late; each day with enough mail counts by itself, days with less together. Where no
    mail was reported any more, nothing says that it is over.

    :param days: ``{date: Day}`` of the last 30 days
    :param known: the :class:`Failing` that it was before: it lasts until a day is in order again
    """
    told = _gather(days)
    if not told:
        return known
    if known and told[-1][1].share <= SOUND:
        return None
    since = known.since if known else _find_first(told)
    if not since:
        return None
    before, after = Day(), Day()
    for date, day in days.items():
        (before if date < since else after).add(day)
    if not known and (before.messages < BEFORE or before.share > SOUND):
        return None
    relied = known.relied if known else tuple(
        name for name in ('dkim', 'spf') if getattr(before, name) >= RELIED_ON * before.messages)
    return Failing(since, after.messages, after.failed, after.stopped, relied)


def _gather(days):
    """Return ``[(first day, Day)]``: what has enough mail to tell; the last days may have to wait for more."""
    told, first, open_days = [], None, Day()
    for date in sorted(days):
        first = first or date
        open_days.add(days[date])
        if open_days.messages >= ENOUGH:
            told.append((first, open_days))
            first, open_days = None, Day()
    return told


def _find_first(told):
    """Return the first of the days in a row, up to the last one, on which the mail fails."""
    first = None
    for date, day in reversed(told):
        if day.share < FAILING:
            break
        first = date
    return first
