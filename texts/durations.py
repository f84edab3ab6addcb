"""How long something lasted, in words."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo.tools.misc import babel_locale_parse, get_lang


def duration(env, lasted, granularity='minute'):
    """Return a duration in words of the reader's language, in the smaller unit until there are two of the larger: “36 hours”.

    :param str granularity: the smallest unit that is told
    """
    return format_timedelta(
        max(lasted, timedelta()), threshold=2, granularity=granularity, locale=babel_locale_parse(get_lang(env).code))


def at_most(env, lasting):
    """Return how long something lasts at most: the same, rounded up, and a minute at least."""
    for unit in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)):
        if lasting >= 2 * unit or unit == timedelta(minutes=1):
            lasting = max(1, -(-lasting // unit)) * unit
    return duration(env, lasting)
