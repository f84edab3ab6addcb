"""What the weekly digest says, beside its template."""

from odoo.tools import format_date

from .states import state_label


def subject(env, broken):
    """Return the subject of a digest; ``broken``: how many domains nobody is on."""
    if broken:
        return env._("Email domains that need attention: %(count)s", count=broken)
    return env._("Email domains: what changed this week")


def more(env, count):
    """Return that there are more than are shown, or nothing where there are not."""
    return env._("… and %(count)s more", count=count) if count > 0 else ''


def since(env, state, day):
    """Return the verdict of a domain, and since when it is so (a date)."""
    return env._("%(state)s since %(date)s", state=state_label(env, state), date=format_date(env, day))


def change(env, before, worst, after, has_other_records):
    """Return what became of a domain in a week, a sentence each; the first three are states."""
    said = []
    if before != after:
        said.append(env._("Was “%(old)s”, is “%(new)s” now.", old=state_label(env, before), new=state_label(env, after)))
    elif worst != after:
        said.append(env._(
            "Was “%(worst)s” for a while, is “%(now)s” again.", worst=state_label(env, worst), now=state_label(env, after)))
    if has_other_records:
        said.append(env._("Its records were changed."))
    return said
