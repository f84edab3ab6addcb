"""Findings of an area that no report answers, kept by whoever sees what they are about, and told once."""

from markupsafe import Markup

from .. import mailauth
from . import mutes
from .announcing import notify_in_odoo, post_note, schedule_activity

# The type of activity of each area, by its XML id.
ACTIVITIES = {
    'registration': 'mail_domain_health.mail_activity_type_domain_lost',
    'proof': 'mail_domain_health.mail_activity_type_domain_proof',
    'observed': 'mail_domain_health.mail_activity_type_domain_observed',
}
# Of these areas only whoever asked for it is told: the field of a domain that says so.
ASKED = {'observed': 'tells_report_events'}


def sync(domain, area, wanted, now, *, before_telling=None):
    """Make a domain's findings of ``area`` those of ``wanted``, and tell about new ones, once.

    The activity goes when nothing of it lasts that nobody muted.

    :param dict wanted: ``{(code, name): parameters}``
    :param before_telling: takes the new findings
    :return: the new findings, told of or not
    """
    stored = {(found.code, found.name): found for found in domain.finding_ids.filtered(lambda found: found.area == area)}
    Finding = domain.env['mail.domain.health.finding']
    if not wanted and not stored:
        return Finding
    begun = changed = over = Finding
    for (code, name), params in wanted.items():
        values = {'params': params, 'severity': mailauth.CODES[code].severity.value, 'last_seen': now, 'resolved_on': False}
        found = stored.get((code, name))
        if not found:
            begun |= Finding.create({
                **values, 'domain_id': domain.id, 'code': code, 'name': name, 'area': area, 'first_seen': now})
            continue
        if found.resolved_on:
            begun |= found.filtered(lambda found: not found.is_muted)
            values['first_seen'] = now
        else:
            changed |= mutes.get_ended(found, values)
        over |= found.filtered(lambda found: found.muted_on and not found.is_muted)  # their day has come
        found.write(values)
    ended = Finding.concat(*(found for key, found in stored.items() if key not in wanted and not found.resolved_on))
    ended.resolved_on = now
    remind((changed | over) - begun)
    over.write(mutes.NOT_MUTED)
    mutes.end(changed | mutes.get_ended(ended))
    if begun and is_told(domain, area):
        if before_telling:
            before_telling(begun)
        _tell(domain, begun)
    hush(ended)
    return begun


def is_told(domain, area):
    """Whether anybody is told of what is found in an area."""
    return area in ACTIVITIES and (area not in ASKED or domain[ASKED[area]])


def hush(findings):
    """Take the activity about findings that were muted or ended away where nothing of their area is left that nobody muted."""
    for domain, own in findings.filtered(lambda found: found.area in ACTIVITIES).grouped('domain_id').items():
        for area in set(own.mapped('area')):
            if not domain.finding_ids.filtered(
                    lambda found, area=area: found.area == area and not found.resolved_on and not found.is_muted):
                domain.activity_unlink([ACTIVITIES[area]])


def remind(findings):
    """Tell of lasting findings whose mute ends now, as long as it is known since when they were muted.

    Whoever was told has the activity again; of what began meanwhile nobody was.
    """
    for (domain, _area), own in findings.filtered(
            lambda found: not found.resolved_on and is_told(found.domain_id, found.area)).grouped(
                lambda found: (found.domain_id, found.area)).items():
        untold = own.filtered(lambda found: found.first_seen > found.muted_on)
        if untold:
            _tell(domain, untold)
        else:
            _schedule(domain, own)


def _tell(domain, begun):
    """Tell the responsible users, each in their language: a note, an activity, and a notice in Odoo. Mails nobody."""
    users = _schedule(domain, begun)
    for user in users:
        told, found = domain.with_context(lang=user.lang), begun[:1].with_context(lang=user.lang)
        notify_in_odoo(told, user, f'{domain.display_name}: {found.title}', is_alarm=found.area not in ASKED)
    for lang in dict.fromkeys(users.mapped('lang')) or [domain.env.lang]:
        told = domain.with_context(lang=lang)
        post_note(told, Markup().join(_get_message(found) for found in begun.with_context(lang=lang)),
                  users.filtered(lambda user, lang=lang: user.lang == lang))


def _schedule(domain, findings):
    """Have an activity about the first of these findings for each responsible user; return the users."""
    users = domain._get_responsible_users()
    for user in users:
        found = findings[:1].with_context(lang=user.lang)
        schedule_activity(domain.with_context(lang=user.lang), user, found.title, ACTIVITIES[found.area])
    return users


def _get_message(found):
    """Return what the chatter says of a finding. All escaped."""
    return Markup("<p><strong>%s</strong></p><p>%s</p><p>%s</p>") % (found.title, found.explanation, found.remedy)
