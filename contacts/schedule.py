"""When a domain is asked about again: a pure function of what the last look saw."""

from datetime import timedelta

INTERVAL = timedelta(weeks=3)  # between two looks at a domain in order, spread by JITTER
JITTER = 0.25
SECOND_LOOK_AFTER = timedelta(days=1)  # after a first look that saw that a domain cannot receive mail
SECOND_LOOK_WITHIN = timedelta(hours=2)  # after that
