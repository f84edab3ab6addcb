"""Whether a domain is marked as one that cannot receive mail: a pure function of what is known and what was just seen.

Seen twice, a day apart at least, and confirmed by a second source; never by what DNS did not answer, and never where mail was
exchanged lately. What DNS does not answer changes no mark either.
"""

from collections import namedtuple
from datetime import timedelta

from ..mailauth.contact import Opinion, Reception
from . import schedule

EXCHANGED_WITHIN = timedelta(days=90)  # mail received from a domain, or delivered to it, speaks for it so long
RUN = timedelta(days=1)  # new marks of so long are held together
MAX_NEW = 0.02  # of all domains that were looked at; more new marks than that are rather a fault of DNS
FEW = 1  # new marks are never too many

# What is known of a domain's reception: columns of mail.partner.domain, and when it is looked at next.
Known = namedtuple('Known', 'reception mark unreachable_since marked_on next_check', defaults=(None,) * 5)


def needs_second_source(known, reception, now):
    """Whether a mark hangs on a second source: the fault was seen before, long enough ago."""
    return reception.is_fault and known.mark not in ('marked', 'held') and bool(known.unreachable_since) \
        and now - known.unreachable_since >= schedule.SECOND_LOOK_AFTER


def step(known, reception, now, opinion=None, exchanged_on=None):
    """Return :class:`Known` after a look.

    :param Reception reception: what the light look found
    :param Opinion opinion: of the second source, where :func:`needs_second_source`
    :param exchanged_on: when mail was last exchanged with the domain
    :return: ``mark`` is ``marked`` where it may be (:func:`too_many` may still hold it); ``next_check`` is ``None`` where
        nothing calls for another time than the regular one
    """
    if reception is Reception.UNKNOWN:
        return known._replace(next_check=None)
    if not reception.is_fault:
        return Known(reception.value)
    if known.mark in ('marked', 'held'):
        return known._replace(reception=reception.value, next_check=None)
    if not known.unreachable_since:
        return Known(reception.value, 'suspected', now, None, schedule.second_look(now))
    known = known._replace(reception=reception.value, mark='suspected')
    if not needs_second_source(known, reception, now):
        return known._replace(next_check=known.unreachable_since + schedule.SECOND_LOOK_AFTER)
    if opinion is Opinion.CONTRADICTED:  # it may receive mail after all: begin anew
        return Known(None, next_check=schedule.second_look(now))
    if opinion is not Opinion.CONFIRMED:
        return known._replace(next_check=schedule.second_look(now))
    if exchanged_on and now - exchanged_on <= EXCHANGED_WITHIN:
        return known._replace(next_check=now + schedule.EXCHANGE_INTERVAL)
    return known._replace(mark='marked', marked_on=now, next_check=None)


def too_many(new, looked_at):
    """Whether so many new marks of one run are held until the administrator has looked at them.

    :param int new: marks of :data:`RUN`
    :param int looked_at: domains of which DNS ever told something
    """
    return new > FEW and new > MAX_NEW * looked_at
