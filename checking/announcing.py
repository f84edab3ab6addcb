"""Telling the responsible users: chatter, activity, notification in Odoo. Never by mail alone, which is what may be broken."""

from datetime import timedelta

from markupsafe import Markup

from odoo import fields

from .. import mailauth
from ..mailauth.contact import CONTROLS
from ..mailauth.verdict import KNOWN_STATES
from ..texts import announcement as texts
from ..texts import publication, verdicts
from ..texts import reported as reported_texts
from . import announcement, extra_mail, observation, reported
from .stored_report import Area

ACTIVITY_BROKEN = 'mail_domain_health.mail_activity_type_domain_broken'
ACTIVITY_CHANGED = 'mail_domain_health.mail_activity_type_domain_changed'
ACTIVITY_UNSEEN = 'mail_domain_health.mail_activity_type_domain_unseen'
UNSEEN_AFTER = timedelta(hours=24)


def get_events(domain, report, announced, now):
    """Hold a report against what was announced of a domain (:func:`announcement.step`).

    :return: ``(announced, events, confirm)``; nothing is announced of somebody else's domain
    """
    if reported.AREA in report.areas:  # what fails there passed before, by the same reports: a first look is no first look
        announced = {reported.AREA: {'state': 'pass', 'record': ''}, **announced}
    is_reminded = bool(domain.acknowledged_until and domain.acknowledged_until <= now)
    return announcement.step(
        announced, observation.observe(report, announced), now, muted=get_muted_codes(domain, report), is_reminded=is_reminded,
        is_theirs=domain.is_foreign)


def follow_mutes(domain):
    """Hold what is announced of a domain against what is muted now; return ``(announced, events)``."""
    report = domain._get_report()
    seen = {name for name, area in report.areas.items() if area.state in KNOWN_STATES} if report else set()
    return announcement.follow_mutes(domain.announced or {}, get_muted_codes(domain), seen)


def get_muted_codes(domain, report=None):
    """Return the codes of which a person muted all lasting findings of a domain.

    With them, what areas are in a state because of that no finding is named after, where all findings of the area that may be its
    cause are muted.

    :param StoredReport report: that is being looked at (default: the last one)
    """
    lasting = domain.finding_ids.filtered(lambda found: not found.resolved_on and not found.company_id)
    muted = lasting.filtered('is_muted')
    if not muted:
        return set()
    loud = lasting - muted
    codes = set(muted.mapped('code')) - set(loud.mapped('code'))
    report = report or domain._get_report()
    quiet = set(muted.mapped('area')) - {found.area for found in loud if found.severity != 'info'}
    for area in quiet & {found.area for found in muted if found.severity != 'info'}:
        causes = {(domain.announced or {}).get(area, {}).get('cause')}
        causes |= {report.areas[area].code} if report and area in report.areas else set()
        codes |= causes - set(lasting.mapped('code')) - {None}
    return codes


def get_users_to_tell(domain, event):
    """Return the users who are told of one event."""
    return domain._get_responsible_users() if event.activity == announcement.ADD or event.kind else domain.env['res.users']


def announce(domain, events, was_broken):
    """Tell whom it concerns what broke or recovered: a note in the chatter, an activity, and a notice in Odoo. Mails nobody.

    Each user is told in their own language.

    :param list events: of :func:`announcement.step`, or of what a person did
    :param bool was_broken: whether something was broken before
    """
    now = fields.Datetime.now()
    by_user = {}
    for event in events:
        for user in get_users_to_tell(domain, event):
            by_user.setdefault(user, []).append(event)
    for user, events_of in by_user.items():
        told = domain.with_context(lang=user.lang)
        spoken = [event for event in events_of if event.kind]
        if spoken:
            _notify_in_odoo(told, user, spoken, was_broken, now)
            _mail(told, user, spoken, was_broken, now)
        if any(event.activity == announcement.ADD for event in events_of):
            schedule_activity(told, user, texts.summary(told.env, told, events_of, was_broken), ACTIVITY_BROKEN)
    for (lang, spoken), users in _by_message(domain, events, by_user).items():
        _post_note(domain.with_context(lang=lang), list(spoken), users, was_broken, now)
    if any(event.activity == announcement.REMOVE for event in events) \
            and not announcement.has(domain.announced or {}, announcement.BROKEN):
        domain.activity_unlink([ACTIVITY_BROKEN])


def _by_message(domain, events, by_user):
    """Return ``{(language, events): users}``: whoever reads the same gets one note together, and nobody stays unread."""
    spoken = tuple(event for event in events if event.kind)
    messages = {(domain.env.lang, spoken): domain.env['res.users']} if spoken and not by_user else {}
    for user, events in by_user.items():
        spoken = tuple(event for event in events if event.kind)
        if spoken:
            messages[user.lang, spoken] = messages.get((user.lang, spoken), user.browse()) | user
    return messages


def _post_note(domain, events, users, was_broken, now):
    post_note(domain, _get_message(domain, events, was_broken, now), users)


def post_note(domain, body, users):
    """Leave a note in the chatter. Mail is what may be broken: whoever handles notifications by email has the activity."""
    in_odoo = users.filtered(lambda user: user.notification_type == 'inbox')
    domain.message_post(
        body=body, author_id=domain.env.ref('base.partner_root').id, partner_ids=in_odoo.partner_id.ids,
        subtype_xmlid='mail.mt_note', notify_skip_followers=True)


def announce_unseen(domain, now, *, is_late=False):
    """One activity for a zone that has not answered for a day while DNS does, and no other; it goes when the zone answers.

    :param bool is_late: whether it answers, but no look got to its end in time
    """
    env = domain.env
    if not domain.unanswered_since:
        # Neither a search nor a look whether the type exists, for each domain.
        if env['ir.model.data']._xmlid_to_res_id(ACTIVITY_UNSEEN) in domain.activity_ids.activity_type_id.ids:
            domain.activity_unlink([ACTIVITY_UNSEEN])
        return
    if domain.is_unseen_told or now - domain.unanswered_since < UNSEEN_AFTER:
        return
    # Of names that nobody asked about before: a resolver that reaches nothing still knows the root.
    if not mailauth.sees_dns(domain._get_resolver(), CONTROLS):  # then the fault is our own network's
        return
    domain.is_unseen_told = True
    for user in domain._get_responsible_users():
        told = domain.with_context(lang=user.lang)
        schedule_activity(told, user, _say_unseen(told.env, is_late), ACTIVITY_UNSEEN)


def _say_unseen(env, is_late):
    if is_late:
        return env._("We cannot check this domain: for a day, DNS has taken too long to answer all that has to be known.")
    return env._("We cannot check this domain: its name servers have not answered for a day.")


def schedule_activity(domain, user, summary, xmlid):
    """Have one activity of this type for this user, whatever number of times it is scheduled."""
    activity = domain.activity_search([xmlid], user_id=user.id)
    if activity:
        activity.summary = summary
    else:
        # quick_update: no mail about it, for mail is what may be broken
        domain.with_context(mail_activity_quick_update=True).activity_schedule(xmlid, user_id=user.id, summary=summary)


def schedule_for_all_companies(env, get_summary, xmlid):
    """Have one activity of this type for the responsible user of each company, at its domain.

    Whoever marked it as done is told once more the next day, and not before.

    :param get_summary: takes an environment of the user's language
    """
    Health = env['mail.domain.health']
    for company in env['res.company'].search([('active', '=', True)]):
        domain = company.alias_domain_id.mail_domain_health_id or Health.search([('company_ids', 'in', company.ids)], limit=1)
        for user in company._get_mail_health_user() if domain else ():
            told = domain.with_context(lang=user.lang)
            if not _was_done_today(domain, user, xmlid):
                schedule_activity(told, user, get_summary(told.env), xmlid)


def _was_done_today(domain, user, xmlid):
    done = domain.with_context(active_test=False).activity_search(
        [xmlid], user_id=user.id, additional_domain=[('date_done', '>=', fields.Date.today())])
    return bool(done)


def _mail(domain, user, events, was_broken, now):
    """Tell the same by mail, through another domain."""
    is_deaf = any(event.area == 'gate' and event.kind == 'broken' for event in events)
    button = Markup('<p><a href="%s">%s</a></p>') % (
        domain._notify_get_action_link('view'), domain.env._("Open the report in Odoo"))
    extra_mail.tell(
        domain, user, texts.headline(domain.env, domain, events, was_broken),
        _get_message(domain, events, was_broken, now) + button, is_deaf)


def _notify_in_odoo(domain, user, events, was_broken, now):
    is_broken = any(event.kind == 'broken' for event in events)
    notify_in_odoo(domain, user, _get_sentences(domain, events, was_broken, now), is_alarm=is_broken)


def notify_in_odoo(domain, user, message, *, is_alarm):
    """Show a notice to a user who is in Odoo just now; the message names the domain."""
    user._bus_send('simple_notification', {
        'type': 'danger' if is_alarm else 'success', 'title': domain.env._("Email Domain Health"), 'message': message,
        'sticky': is_alarm,
    })


def _get_sentences(domain, events, was_broken, now):
    """Return what happened and, where something is whole again, how long it lasted."""
    sentences = (texts.headline(domain.env, domain, events, was_broken), texts.lasted(domain.env, events, now))
    return ' '.join(filter(None, sentences))


def _get_area(domain, report, area):
    """Return the area of a report that a message of a break is about; what reports say lasts though DNS is in order again."""
    told = reported.get_told(domain, report) if area == reported.AREA else None
    return Area('fail', *told) if told else report.areas[area]


def _get_message(domain, events, was_broken, now):
    """Return the chatter message: what each record was and is, what to do, and how to step back meanwhile. All escaped."""
    env, report = domain.env, domain._get_report()
    areas = [event.area for event in events if event.kind == 'broken']
    remedies = Markup().join(Markup("<p>%s</p>") % verdicts.summary(env, _get_area(domain, report, area)) for area in areas)
    changes = report.changes if areas else ()
    if changes:
        remedies += Markup('<pre class="o_mail_domain_health_letter">%s</pre>') % publication.hostmaster(
            env, domain.display_name, changes)
    step_back = reported.get_step_back(report) if reported.AREA in areas else None
    if step_back:  # after the mend
        remedies += reported_texts.step_back(env, step_back)
    return Markup("<p><strong>%s</strong></p>%s%s") % (
        _get_sentences(domain, events, was_broken, now),
        Markup().join(texts.changes(env, event) for event in events), remedies)
