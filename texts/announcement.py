"""What is told of changes, in DNS or in Odoo: the first sentence, and one line per record or setting."""

import re
from datetime import datetime
from itertools import zip_longest

from markupsafe import Markup

from ..mailauth.records.difference import compare
from .durations import duration
from .states import area_title, state_label

_KEY = re.compile(r'[A-Za-z0-9+/]{48,}=*')  # a public key, which nobody reads
_ENDS = 12  # characters of each end that tell one key from another


def headline(env, domain, events, was_broken):
    """Return the first sentence of a message, an activity and a notification about what broke or recovered.

    :param was_broken: whether a break was announced before; what was never in order is not so *again*
    """
    broken = [event for event in events if event.kind == 'broken']
    areas = ', '.join(area_title(env, event.area) for event in broken or events)
    if broken and all(event.old_state == 'unknown' for event in broken):
        if any(event.new_state == 'fail' for event in broken):
            return env._(
                "%(domain)s: we could not check this domain before. Now that we can, receivers cannot verify your mail "
                "(%(areas)s).", domain=domain.display_name, areas=areas)
        return env._(
            "%(domain)s: we could not check this domain before. Now that we can, not everything is OK (%(areas)s). "
            "Your mail still arrives.", domain=domain.display_name, areas=areas)
    if broken:
        return env._(
            "%(domain)s: receivers can no longer verify your mail as before (%(areas)s).",
            domain=domain.display_name, areas=areas)
    if domain.state == 'pass':
        if was_broken:
            return env._("%(domain)s: OK again.", domain=domain.display_name)
        return env._("%(domain)s: OK now.", domain=domain.display_name)
    return env._("%(domain)s: improved (%(areas)s).", domain=domain.display_name, areas=areas)


def summary(env, domain, events, was_broken):
    """Return what an activity says: what broke, or what is broken still where that was told before."""
    broken = [event for event in events if event.kind == 'broken']
    if broken:
        return headline(env, domain, broken, was_broken)
    areas = ', '.join(area_title(env, event.area) for event in events)
    return env._(
        "%(domain)s: receivers still cannot verify your mail as before (%(areas)s).", domain=domain.display_name, areas=areas)


def lasted(env, events, now):
    """Return how long the longest of what is whole again was broken, or nothing where that is not known."""
    began = min((event.since for event in events if event.kind == 'recovered' and event.since), default=None)
    if not began or any(event.kind == 'broken' for event in events):
        return ''
    return env._("It lasted %(duration)s.", duration=duration(env, now - datetime.fromisoformat(began)))


def settings(env, changed):
    """Return which settings of Odoo were changed, as a list in HTML.

    :param changed: ``(label, old value, new value)`` each
    """
    return _list(
        env._("%(label)s: was %(old)s, now %(new)s",
              label=Markup("<b>%s</b>") % label, old=_value(env, old), new=_value(env, new))
        for label, old, new in changed)


def changes(env, event):
    """Return what became of each record of an area, as a list in HTML; all that DNS said is escaped.

    :param event: ``announcement.Event``; its records are lines of ``name type value``
    """
    title = area_title(env, event.area)
    old, new = (_by_name(record) for record in (event.old_record, event.new_record))
    items = []
    for name in dict.fromkeys([*old, *new]):
        gone = [value for value in old.get(name, ()) if value not in new.get(name, ())]
        came = [value for value in new.get(name, ()) if value not in old.get(name, ())]
        stays = [value for value in new.get(name, ()) if value in old.get(name, ())]
        items += [_change(env, title, name, before, after, stays) for before, after in zip_longest(gone, came)]
    if event.new_state == 'open':
        items.append(env._(
            "%(area)s: we no longer see what was wrong. Whether everything is OK we cannot tell, for we do not know yet how "
            "all of your mail is sent.", area=Markup("<b>%s</b>") % title))
    elif not items:
        items = [_same(env, title, event, name, value) for name, values in new.items() for value in values] \
            or [_same(env, title, event, '', '')]
    return _list(items)


def republished(env, domain, events):
    """Return the first sentence about records that were changed without harm to mail."""
    areas = ', '.join(area_title(env, event.area) for event in events)
    return env._("%(domain)s: records were changed in DNS (%(areas)s).", domain=domain.display_name, areas=areas)


def why_republished(env):
    """Return why somebody is told of such records, and what to do."""
    return env._(
        "You asked to be told when records of this domain change. If nobody of yours changed them, ask whoever runs its DNS.")


def side_by_side(env, event):
    """Return what was published in an area beside what is published now, in HTML; all that DNS said is escaped."""
    old, new = (_by_name(record) for record in (event.old_record, event.new_record))
    items = []
    for name in dict.fromkeys([*old, *new]):
        gone = [value for value in old.get(name, ()) if value not in new.get(name, ())]
        came = [value for value in new.get(name, ()) if value not in old.get(name, ())]
        items += [(name, before, after) for before, after in zip_longest(gone, came)]
    return Markup().join(
        Markup('<div class="o_mail_domain_health_change mb-2"><div><b>%s</b>, %s</div><div class="row">%s%s</div>%s</div>') % (
            area_title(env, event.area), name, _side(env, env._("Before"), before), _side(env, env._("Now"), after),
            difference(env, before or '', after or '')) for name, before, after in items)


def _side(env, title, value):
    published = _shown(value) if value else env._("(not published)")
    return Markup('<div class="col-md-6"><div class="text-muted">%s</div>%s</div>') % (title, published)


def difference(env, before, after):
    """Return in words what is other in a record, where it is known what its parts are."""
    parts = compare(before.partition(' ')[2], after.partition(' ')[2])
    if not parts:
        return ''
    came, gone = (Markup(", ").join(_shown(part) for part in found) for found in (parts.came, parts.gone))
    if came and gone:
        said = env._("Added: %(came)s. Removed: %(gone)s.", came=came, gone=gone)
    elif came:
        said = env._("Added: %(came)s.", came=came)
    elif gone:
        said = env._("Removed: %(gone)s.", gone=gone)
    else:
        said = env._("Only the order of its parts, or the space between them, is another.")
    return Markup("<div>%s</div>") % said


def _list(items):
    return Markup('<ul class="o_mail_domain_health_change">%s</ul>') % Markup().join(
        Markup("<li>%s</li>") % item for item in items)


def _value(env, value):
    return Markup("<code>%s</code>") % value if value else env._("(empty)")


def _by_name(record):
    """Return ``{name: [type and value]}`` of the lines of a record text."""
    found = {}
    for line in filter(None, (record or '').split('\n')):
        name, _space, rest = line.partition(' ')
        found.setdefault(name, []).append(rest)
    return found


def _change(env, title, name, before, after, stays):
    """Return one change in words; ``stays`` are the other records of that name, which are as they were."""
    values = {'area': Markup("<b>%s</b>") % title, 'name': name, 'old': _shown(before), 'new': _shown(after)}
    if stays and before is None:
        return env._("%(area)s, %(name)s: another record was added, %(new)s", **values)
    if stays and after is None:
        return env._("%(area)s, %(name)s: one of several records was removed, %(old)s", **values)
    if before is None:
        return env._("%(area)s, %(name)s: was missing, now %(new)s", **values)
    if after is None:
        return env._("%(area)s, %(name)s: was %(old)s, now missing", **values)
    return env._("%(area)s, %(name)s: was %(old)s, now %(new)s", **values)


def _same(env, title, event, name, value):
    values = {
        'area': Markup("<b>%s</b>") % title, 'new': state_label(env, event.new_state), 'name': name, 'record': _shown(value),
        'old': state_label(env, 'unknown' if event.old_state == 'open' else event.old_state),  # it was not known who sends
    }
    if value:
        return env._("%(area)s, %(name)s: was “%(old)s”, now “%(new)s”; the record has not changed: %(record)s", **values)
    return env._("%(area)s: was “%(old)s”, now “%(new)s”", **values)


def _shown(value):
    """Return a record's type and value as code, with a long key shortened to its ends."""
    return Markup("<code>%s</code>") % _KEY.sub(
        lambda match: f'{match[0][:_ENDS]}…{match[0][-_ENDS:]}', value or '')
