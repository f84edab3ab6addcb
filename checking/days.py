"""Days, as they are counted where a user is."""

from datetime import datetime, time

import pytz


def start_of(env, date):
    """Return when a day begins where the user is, in UTC (naive)."""
    return env.tz.localize(datetime.combine(date, time.min)).astimezone(pytz.utc).replace(tzinfo=None)


def day_of(env, moment):
    """Return the day that a moment (UTC, naive) is on where the user is."""
    return pytz.utc.localize(moment).astimezone(env.tz).date()
