"""The weekly digest: one mail to whoever is responsible for domains of which something is broken or changed, and else none."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields
from odoo.tools import format_date, split_every

from ..mailauth.dns.names import domain_of, is_subdomain
from ..texts import digest as texts
from ..texts import states
from . import announcement, announcing, crons, extra_mail, own_findings
from .days import day_of

_logger = logging.getLogger(__name__)

WEEK = timedelta(days=7)
AGAIN = timedelta(days=6)  # after which the same user may have another one
RETRY = timedelta(days=1)  # after which one is tried again that no path could carry
CRON = 'mail_domain_health.ir_cron_mail_domain_health_digest'
MAX_ROWS = 20  # that a part of it shows
AT_ONCE = 500  # domains that are read together
AREA = 'observed'  # of findings about what reports show
TEMPLATE = 'mail_domain_health.digest'


@dataclass
class Digest:
    """What one user is told of: ids of domains and findings, the worst first.

    ``broken``: what nobody is on; ``changed``: ``(domain, state before, worst state, state now, whether records are other)``;
    ``acknowledged`` domains; ``muted`` findings; ``observed``: those about reports that began this week, which alone are no
    reason for a mail unless somebody ``asked`` to be told of them; how many domains are ``fragile`` or ``unknown`` beside those;
    ``avoided``: the names of domains that no mail is to leave as, ``deaf`` those that receive none.
    """

    broken: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    acknowledged: list = field(default_factory=list)
    muted: list = field(default_factory=list)
    observed: list = field(default_factory=list)
    asked: bool = False
    fragile: int = 0
    unknown: int = 0
    avoided: set = field(default_factory=set)
    deaf: set = field(default_factory=set)


def send_digests(env):
    """Mail each responsible user what is broken and what changed in a week, on a way that works; whoever has nothing, nothing.

    Where no way works just now, the user waits: a run in between the weekly ones is for those who wait, and for nobody else.
    """
    now = fields.Datetime.now()
    told = {user: found for user, found in gather(env, now).items() if found.broken or found.changed or found.asked}
    waiting = env['res.users'].search([('mail_health_digest_waits', '=', True)])
    is_regular = not waiting or env.ref(CRON).nextcall <= now
    due = {user: found for user, found in told.items() if (not _had_one(user, now) if is_regular else user in waiting)}
    waiting.filtered(lambda user: user not in due).mail_health_digest_waits = False
    remaining = len(due)
    env['ir.cron']._commit_progress(remaining=remaining)
    for user, found in due.items():
        if user.email_normalized:  # nobody is waited for who has no address
            is_sent = _send(env, user, found, now)
            user.write({'mail_health_digest_waits': not is_sent, **({'mail_health_digest_on': now} if is_sent else {})})
        remaining -= 1
        if not env['ir.cron']._commit_progress(1, remaining=remaining):
            break
    if env['res.users'].search_count([('mail_health_digest_waits', '=', True)], limit=1):
        crons.wake(env, CRON, now + RETRY)


def gather(env, now):
    """Return ``{user: Digest}`` of all whose companies want one. Asks no DNS."""
    Health, Finding = env['mail.domain.health'], env['mail.domain.health.finding']
    lasting = [('resolved_on', '=', False), ('domain_id.active', '=', True), ('domain_id.is_foreign', '=', False)]
    muted = Finding.search([*lasting, ('is_muted', '=', True)]).grouped('domain_id')
    lost = set(Finding.search([*lasting, ('area', '=', 'registration'), ('is_muted', '=', False)]).domain_id.ids)
    observed = Finding.search([*lasting, ('area', '=', AREA), ('first_seen', '>=', now - WEEK), ('is_muted', '=', False)])
    observed = observed.grouped('domain_id')
    moved = {domain.id for [domain] in env['mail.domain.health.check']._read_group(
        [('date', '>=', now - WEEK), ('domain_id.active', '=', True)], ['domain_id'])}
    found, by_company = defaultdict(Digest), {}
    for ids in split_every(AT_ONCE, Health.search([]).ids):
        domains = Health.browse(ids)
        domains.fetch([
            'announced', 'state', 'is_foreign', 'tells_record_changes', 'tells_report_events', 'acknowledged_on', 'user_id'])
        for domain in domains:
            if domain.is_foreign and not domain.tells_record_changes:
                continue
            change = get_change(domain, now - WEEK) if domain.id in moved else None
            own = muted.get(domain, Finding)
            for user in domain._get_responsible_users(by_company):
                if _is_wanted(domain, user):
                    _add(found[user], domain, change, own, domain.id in lost)
                    if domain in observed:
                        found[user].observed += observed[domain].ids
                        found[user].asked |= own_findings.is_told(domain, AREA)
        domains.invalidate_recordset(['announced', 'report'])  # thousands of them are not kept
    return found


def get_change(domain, since):
    """Return ``(state before, worst state since, state now, whether records are other)``, or ``None`` where nothing changed.

    Silence of DNS is no change, and neither is a first look or a key that a service exchanges behind a CNAME.
    """
    Check = domain.env['mail.domain.health.check']
    known = [('domain_id', '=', domain.id), ('state', '!=', 'unknown')]
    before = Check.search([*known, ('date', '<', since)], limit=1)
    after = Check.search([*known, ('date', '>=', since)], limit=100)
    if not before or not after:
        return None
    worst = min([*after.mapped('state'), before.state], key=states.STATES_WORST_FIRST.index)
    is_other = before.is_complete and after[0].is_complete and _get_own(domain, before) != _get_own(domain, after[0])
    if domain.is_foreign:  # its verdict is nobody's business
        return (before.state, before.state, before.state, True) if is_other else None
    if (before.state, worst) == (after[0].state, before.state) and not is_other:
        return None
    return before.state, worst, after[0].state, is_other


def _get_own(domain, check):
    return sorted({(record['name'], record['type'], record['value']) for record in check.records or ()
                   if is_subdomain(record['name'], domain.name)})


def _add(digest, domain, change, muted, is_lost):
    announced = domain.announced or {}
    is_told = announcement.has(announced, announcement.BROKEN)
    is_failing = domain.state == 'fail' and not domain.is_foreign
    if is_failing or is_told:
        digest.avoided.add(domain.name)
    if announced.get('gate', {}).get('state') == 'fail':
        digest.deaf.add(domain.name)
    digest.muted += muted.ids
    if domain.acknowledged_on:
        digest.acknowledged.append(domain.id)
    if is_lost or is_told or is_failing and not domain.acknowledged_on and not _is_quiet(domain, muted):
        digest.broken.append(domain.id)
    elif domain.state in ('warning', 'unknown') and not domain.is_foreign and not domain.acknowledged_on:
        digest.fragile += domain.state == 'warning'
        digest.unknown += domain.state == 'unknown'
    if change:
        digest.changed.append((domain.id, *change))


def _is_quiet(domain, muted):
    """Whether a person muted all that a domain fails because of."""
    if not muted:
        return False
    report = domain._get_report()
    causes = {area.code for area in report.areas.values() if area.state == 'fail'} if report else set()
    return bool(causes) and causes <= announcing.get_muted_codes(domain)


def _is_wanted(domain, user):
    companies = domain.company_ids
    return any((companies & user.company_ids or companies or user.company_id).mapped('mail_health_sends_digest'))


def _had_one(user, now):
    return user.mail_health_digest_on and now - user.mail_health_digest_on < AGAIN


def _send(env, user, found, now):
    """Mail one user; return whether there was a way on which that works just now."""
    if any(is_subdomain(domain_of(user.email_normalized), name) for name in found.deaf):
        return False
    way = extra_mail.find_way(env, found.avoided, user.company_ids)
    if not way:
        _logger.info("Email Domain Health: no domain works that the weekly digest could be sent from to %s", user.login)
        return False
    told = env(context={**env.context, 'lang': user.lang, 'tz': user.tz, 'allowed_company_ids': user.company_ids.ids})
    extra_mail.send(told, way, user.with_env(told), texts.subject(told, len(found.broken)), render(told, found, now))
    return True


def render(env, found, now):
    """Return the digest as HTML, in the language of the environment."""
    Health, Finding = env['mail.domain.health'], env['mail.domain.health.finding']
    return env['ir.qweb']._render(TEMPLATE, {
        'start': format_date(env, day_of(env, now - WEEK)), 'end': format_date(env, day_of(env, now)),
        'broken': [_get_broken(domain) for domain in Health.browse(found.broken[:MAX_ROWS])],
        'more_broken': texts.more(env, len(found.broken) - MAX_ROWS),
        'changed': [{**_get_place(Health.browse(domain)), 'lines': texts.change(env, *change)}
                    for domain, *change in found.changed[:MAX_ROWS]],
        'more_changed': texts.more(env, len(found.changed) - MAX_ROWS),
        'acknowledged': [
            {**_get_place(domain), 'lines': [domain.acknowledged_text], 'note': domain.acknowledged_reason}
            for domain in Health.browse(found.acknowledged[:MAX_ROWS])],
        'more_acknowledged': texts.more(env, len(found.acknowledged) - MAX_ROWS),
        'muted': [
            {**(_get_place(finding.domain_id) if position == 0 else {}), 'lines': [finding.title],
             'note': ' '.join(filter(None, (finding.mute_text, finding.mute_reason)))}
            for findings in Finding.browse(found.muted[:MAX_ROWS]).grouped('domain_id').values()
            for position, finding in enumerate(findings)],
        'more_muted': texts.more(env, len(found.muted) - MAX_ROWS),
        'observed': [
            {**(_get_place(finding.domain_id) if position == 0 else {}), 'lines': [finding.title], 'note': finding.explanation}
            for findings in Finding.browse(found.observed[:MAX_ROWS]).grouped('domain_id').values()
            for position, finding in enumerate(findings)],
        'more_observed': texts.more(env, len(found.observed) - MAX_ROWS),
        'fragile': found.fragile, 'unknown': found.unknown,
    }, minimal_qcontext=True)


def _get_place(domain):
    return {'name': domain.display_name, 'url': domain._notify_get_action_link('view')}


def _get_broken(domain):
    env = domain.env
    lost = domain.finding_ids.filtered(lambda finding: finding.area == 'registration' and not finding.resolved_on)[:1]
    since = texts.since(env, domain.state, day_of(env, domain.state_since))
    return {**_get_place(domain), 'lines': [lost.title or domain.first_step], 'note': since}
