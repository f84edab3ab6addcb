"""What is told of changes, in DNS or in Odoo: the first sentence, and one line per record or setting."""

import re
from itertools import zip_longest

from markupsafe import Markup

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
    if not items:
        items = [_same(env, title, event, name, value) for name, values in new.items() for value in values] \
            or [_same(env, title, event, '', '')]
    return _list(items)


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
        'area': Markup("<b>%s</b>") % title, 'old': state_label(env, event.old_state),
        'new': state_label(env, event.new_state), 'name': name, 'record': _shown(value),
    }
    if value:
        return env._("%(area)s, %(name)s: was “%(old)s”, now “%(new)s”; the record has not changed: %(record)s", **values)
    return env._("%(area)s: was “%(old)s”, now “%(new)s”", **values)


def _shown(value):
    """Return a record's type and value as code, with a long key shortened to its ends."""
    return Markup("<code>%s</code>") % _KEY.sub(
        lambda match: f'{match[0][:_ENDS]}…{match[0][-_ENDS:]}', value or '')
