"""What is said of what people muted, and of what they are on."""

from odoo.tools import format_date


def muted(env, user, day):
    """Return who muted a finding, and until when (a date; ``None``: until it changes)."""
    name = user or env._("A former user")
    if day:
        return env._("Muted by %(user)s until %(date)s.", user=name, date=format_date(env, day))
    return env._("Muted by %(user)s until it changes or is resolved.", user=name)


def on_it(env, user, day):
    """Return who is on what broke, and until when nobody is reminded (a date; ``None``: until it is in order)."""
    name = user or env._("A former user")
    if day:
        return env._("%(user)s is on it. Nobody is reminded until %(date)s.", user=name, date=format_date(env, day))
    return env._("%(user)s is on it. Nobody is reminded until it is in order again.", user=name)
