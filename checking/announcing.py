"""Telling the responsible users: chatter, activity, notification in Odoo. Never by mail alone, which is what may be broken."""

from datetime import timedelta

from markupsafe import Markup

from .. import mailauth
from ..texts import announcement as texts
from ..texts import publication, verdicts
from . import announcement

ACTIVITY_BROKEN = 'mail_domain_health.mail_activity_type_domain_broken'
ACTIVITY_UNSEEN = 'mail_domain_health.mail_activity_type_domain_unseen'
UNSEEN_AFTER = timedelta(hours=24)


def without_muted(domain, events, before_muted, announced, report):
    """Return the events to speak of: neither a break whose cause a person muted, nor its recovery.

    What muted a break is remembered in ``announced``, and ``before_muted`` are the areas whose break was muted before.
    """
    muted_codes = set(domain.finding_ids.filtered(lambda found: found.is_muted and not found.resolved_on).mapped('code'))
    spoken = []
    for event in events:
        if event.kind == 'broken' and report.areas[event.area].code in muted_codes:
            announced[event.area]['muted'] = True
        elif event.kind == 'broken' or event.area not in before_muted:
            spoken.append(event)
    return spoken


def announce(domain, events, was_broken):
    """Tell the responsible users what broke or recovered.

    :param list events: of :func:`announcement.step`
    :param bool was_broken: whether a break was announced before
    """
    broken = [event for event in events if event.kind == 'broken']
    users = domain._get_responsible_users() if events else domain.env['res.users']
    if events:
        told = domain.with_context(lang=users[:1].lang or domain.env.lang)
        told.message_post(
            body=_get_message(told, events, was_broken), author_id=domain.env.ref('base.partner_root').id,
            partner_ids=users.partner_id.ids, subtype_xmlid='mail.mt_note',
        )
    for user in users:
        told = domain.with_context(lang=user.lang)
        _notify_in_odoo(told, user, events, was_broken)
        if broken:
            schedule_activity(told, user, texts.headline(told.env, told, broken, was_broken), ACTIVITY_BROKEN)
    if was_broken and not announcement.is_broken(domain.announced):
        domain.activity_unlink([ACTIVITY_BROKEN])


def announce_unseen(domain, now):
    """One activity for a zone that has not answered for a day while DNS does; it goes when the zone answers."""
    env = domain.env
    if not domain.unanswered_since:
        # Neither a search nor a look whether the type exists, for each domain.
        if env['ir.model.data']._xmlid_to_res_id(ACTIVITY_UNSEEN) in domain.activity_ids.activity_type_id.ids:
            domain.activity_unlink([ACTIVITY_UNSEEN])
        return
    if now - domain.unanswered_since < UNSEEN_AFTER or domain.activity_search([ACTIVITY_UNSEEN]):
        return
    if not mailauth.sees_dns(domain._get_resolver()):  # then the fault is our own network's
        return
    for user in domain._get_responsible_users():
        told = domain.with_context(lang=user.lang)
        schedule_activity(told, user, told.env._(
            "We cannot check this domain: its name servers have not answered for a day."), ACTIVITY_UNSEEN)


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

    :param get_summary: takes an environment of the user's language
    """
    Health = env['mail.domain.health']
    for company in env['res.company'].search([('active', '=', True)]):
        domain = company.alias_domain_id.mail_domain_health_id or Health.search([('company_ids', 'in', company.ids)], limit=1)
        for user in company._get_mail_health_user() if domain else ():
            told = domain.with_context(lang=user.lang)
            schedule_activity(told, user, get_summary(told.env), xmlid)


def _notify_in_odoo(domain, user, events, was_broken):
    is_broken = any(event.kind == 'broken' for event in events)
    user._bus_send('simple_notification', {
        'type': 'danger' if is_broken else 'success',
        'title': domain.env._("Email Domain Health"),  # the message names the domain
        'message': texts.headline(domain.env, domain, events, was_broken),
        'sticky': is_broken,
    })


def _get_message(domain, events, was_broken):
    """Return the chatter message: what each record was and is, and what to do. All escaped."""
    env, report = domain.env, domain._get_report()
    areas = [event.area for event in events if event.kind == 'broken']
    remedies = Markup().join(Markup("<p>%s</p>") % verdicts.summary(env, report.areas[area]) for area in areas)
    changes = report.changes if areas else ()
    if changes:
        remedies += Markup('<pre class="o_mail_domain_health_letter">%s</pre>') % publication.hostmaster(
            env, domain.display_name, changes)
    return Markup("<p><strong>%s</strong></p>%s%s") % (
        texts.headline(env, domain, events, was_broken),
        Markup().join(texts.changes(env, event) for event in events), remedies)
