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
