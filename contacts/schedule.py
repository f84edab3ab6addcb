"""When a domain is asked about again."""

import random
from datetime import timedelta

INTERVAL = timedelta(weeks=3)  # between two looks at a domain where nothing is open, spread by JITTER
JITTER = 0.25
SECOND_LOOK_AFTER = timedelta(days=1)  # what cannot receive mail is seen twice, so far apart at least
SECOND_LOOK_WITHIN = timedelta(hours=2)  # after that
EXCHANGE_INTERVAL = timedelta(weeks=1)  # where DNS says that mail cannot arrive, and mail was exchanged


def regular(now):
    """Return when the next look is due: in some weeks, not together with all that were looked at today."""
    return now + INTERVAL * random.uniform(1 - JITTER, 1 + JITTER)


def second_look(now):
    return now + SECOND_LOOK_AFTER + SECOND_LOOK_WITHIN * random.random()


def after_silence(now, unanswered_since):
    """Return when to ask again what DNS did not answer: after a day, then twice as long each time, up to the regular interval."""
    waited = max(SECOND_LOOK_AFTER, min(now - unanswered_since, INTERVAL))
    return now + waited * random.uniform(1, 1 + JITTER)
