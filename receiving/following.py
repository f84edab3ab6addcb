"""What new reports say of a domain, followed once they are counted: sources of its own that fail, and what else happens.

What was seen is ``{"failing": {place: seen}}`` of each domain with reports (JSON types only): since when, of how many emails, by
what they passed before, and the sending paths that they may come from. :mod:`checking.reported` makes of it what is told.
What else happens (:mod:`.events`) are findings, told where an administrator asked for it.
"""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from ..checking import mutes, own_findings, reported
from ..sending.engine_path import known_addresses
from . import events, failing, gathering, sources, storing

_logger = logging.getLogger(__name__)

AREA = 'observed'
AGAIN = timedelta(days=1)  # after which a domain is followed of which nothing came
AT_ONCE = 1000  # domains of one run; those with new reports come first


def follow_due(env, is_over, commit):
    """Follow the domains of which reports were counted, and once a day the others that have had some.

    :param is_over: tells whether the time is up
    :param commit: called after each domain
    """
    for domain in env['mail.domain.health'].browse(_find_due(env)):
        if is_over():
            return
        try:
            follow(domain)
            commit()
        except OperationalError:  # somebody else was faster: it is due still
            env.cr.rollback()
        except Exception:
            env.cr.rollback()
            _logger.exception("Email Domain Health: cannot follow what reports say of domain %s", domain.id)
            _put_off(env, domain.id)
            commit()


def _find_due(env):
    """Return the ids of domains of which a report was counted since the last time, or a day ago; those with new ones first."""
    env['mail.domain.health.report'].flush_model(['is_new', 'domain_id'])
    env['mail.domain.health'].flush_model(['reports_followed_on', 'active'])
    return [domain_id for domain_id, _rank in env.execute_query(SQL(
        """
        SELECT domain.id, min(due.rank) FROM (
               SELECT DISTINCT domain_id, 0 AS rank FROM mail_domain_health_report WHERE is_new
               UNION ALL SELECT id, 1 FROM mail_domain_health WHERE reports_followed_on < %s) due
          JOIN mail_domain_health domain ON domain.id = due.domain_id
         WHERE domain.active
         GROUP BY 1 ORDER BY 2, 1 LIMIT %s
        """, fields.Datetime.now() - AGAIN, AT_ONCE))]


def _put_off(env, domain_id):
    """Have a domain wait for a day that cannot be followed, so that it stops no other."""
    _mark(env, domain_id)
    env['mail.domain.health'].browse(domain_id).reports_followed_on = fields.Datetime.now()


def _mark(env, domain_id):
    env.cr.execute(SQL("UPDATE mail_domain_health_report SET is_new = FALSE WHERE is_new AND domain_id = %s", domain_id))
    env['mail.domain.health.report'].invalidate_model(['is_new'])


def follow(domain):
    """Store what the reports of 30 days say by now; what is new has the domain looked at, for DNS has to bear it out."""
    env, now = domain.env, fields.Datetime.now()
    _mark(env, domain.id)
    if domain.is_foreign:  # by now: what its owner sends is nobody's business
        domain.write({'reported': False, 'reports_followed_on': False})
        _sync_events(domain, {}, now)
        return
    since = now.date() - gathering.PERIOD
    known = gathering.get_known(domain)
    found = sources.sort_out(gathering.read_mails(domain), known)
    before = domain.reported or {}
    days = gathering.read_days(domain, since, known)
    seen = _find_failing(domain, known, found, days, before.get('failing') or {})
    values = {'reports_followed_on': now}
    if not before or seen != before['failing']:
        values['reported'] = {**before, 'failing': seen}
        if domain.last_check and seen != (before.get('failing') or {}):
            values['next_check'] = now
    domain.write(values)
    if 'next_check' in values:
        env['mail.domain.health']._trigger_cron()
    _sync_events(domain, events.find(_see(domain, known, found, days, seen, now.date())), now)


def _find_failing(domain, known, found, days, before):
    """Return ``{place: what is stored}`` of the sources of the domain's own that fail."""
    own = {source.place for source in found if source.kind == 'yours'} | set(before)
    own -= {place for place, decision in known.decisions.items() if decision == 'not_mine'}
    names = _get_names(domain.env, own)
    is_told = 'broken_from' in (domain.announced or {}).get(reported.AREA, {})
    seen = {}
    for place in sorted(own):
        was = before.get(place)
        known_as = was and failing.Failing(
            fields.Date.to_date(was['since']), was['messages'], was['failed'], was['stopped'], tuple(was['relied']))
        is_silent = not days.get(place)
        one = failing.find(days.get(place, {}), known_as)
        if one and (is_told or not is_silent):
            seen[place] = {
                **({'is_silent': True} if is_silent else {}),
                'since': fields.Date.to_string(one.since), 'messages': one.messages, 'failed': one.failed, 'stopped': one.stopped,
                'relied': list(one.relied), 'service': names.get(place, place.partition(':')[2]),
                'paths': _get_paths(domain, place).ids}
    return seen


def _get_names(env, places):
    """Return the English names of the services among some places, as reports and findings store them."""
    codes = [place.partition(':')[2] for place in places if place.startswith('service:')]
    services = env['mail.sending.service'].sudo().with_context(lang='en_US', active_test=False).search([('code', 'in', codes)])
    return {f'service:{service.code}': service.name for service in services}


def _get_paths(domain, place, *, is_certain=False):
    """Return the sending paths in use that a source's mail may have come on.

    :param bool is_certain: only those of which it is known that they leave from there
    """
    paths = domain.sudo().path_ids.filtered('is_used')
    kind, _colon, name = place.partition(':')
    if kind == 'service':
        return paths.filtered(lambda path: path.mail_sending_service_id.code == name)
    known = paths.filtered(lambda path: name in known_addresses(path) or name in path.proof_ids.mapped('egress'))
    if is_certain:
        return known
    return known or paths.filtered(lambda path: not path.mail_sending_service_id) or paths


# What else happens

def _sync_events(domain, wanted, now):
    """Make the findings of :data:`AREA` those of ``wanted``, and note new ones in the domain's history.

    What they say stays as it was when they began: or each report would end their mute.
    """
    lasting = {(found.code, found.name): found.params for found in _get_lasting(domain)}
    begun = own_findings.sync(domain, AREA, {key: lasting.get(key) or params for key, params in wanted.items()}, now)
    if begun:
        mutes.note(begun, 'reported', user_id=False)


def _get_lasting(domain):
    return domain.finding_ids.filtered(lambda found: found.area == AREA and not found.resolved_on)


def _see(domain, known, found, days, failing_now, today):
    """Return the :class:`events.Seen` of a domain."""
    first, reported, mailed = _read_reported(domain, today)
    seen = events.Seen(
        domain.name, today, first=first, days=reported, mailed=mailed,
        own=_see_own(domain, known, found, days, failing_now, today),
        lasting={(one.code, one.name) for one in _get_lasting(domain)})
    if first:
        undecided = {source.place: source for source in found if source.is_open and '/' not in source.place}
        seen.unknown = _read_unknown(domain, known, {source.place for source in found if not source.is_open}, today)
        seen.sources = _see_new(domain, known, undecided, days, today)
    return seen


def _read_reported(domain, today):
    """Return ``(first day that was ever reported, {receiver: days}, the same of what came by mail)``, of reports that count."""
    env = domain.env
    env['mail.domain.health.report'].flush_model()
    env['mail.domain.health.reporter'].flush_model()
    since, days, mailed, first = today - timedelta(days=events.HABIT + events.FORGOTTEN), {}, {}, None
    for name, day, is_uploaded in env.execute_query(SQL(
            """
            SELECT DISTINCT reporter.name, (report.date_begin + (report.date_end - report.date_begin) / 2)::date,
                   report.is_uploaded
              FROM mail_domain_health_report report JOIN mail_domain_health_reporter reporter ON reporter.id = report.reporter_id
             WHERE report.domain_id = %s AND report.kind = 'dmarc' AND report.state = 'counted' AND reporter.is_trusted
            """, domain.id)):
        first = min(filter(None, (first, day)))
        for kept in (days, *(() if is_uploaded else (mailed,))) if day >= since else ():
            kept.setdefault(name, set()).add(day)
    return first, days, mailed


def _read_unknown(domain, known, others, today):
    """Return how much mail failed of nobody known: ``{day: {receiver: emails}}``.

    :param others: the places of which it is known whose they are
    """
    env = domain.env
    since = today - timedelta(days=events.BASELINE + events.RISE_LASTS + 1)
    where = SQL(
        """
        domain_id = %s AND date >= %s AND is_trusted AND NOT dkim_aligned AND NOT spf_aligned
        AND (reason IS NULL OR reason NOT IN %s)
        """, domain.id, since, tuple(sources.FORWARDING))
    counts, places = {}, {}
    for source, date, name, messages in env.execute_query(SQL(
            """
            SELECT source, date, reporter.name, sum(reporter_messages) FROM (%s) single
              JOIN mail_domain_health_reporter reporter ON reporter.id = single.reporter_id
             WHERE reporter.is_trusted GROUP BY 1, 2, 3
            """, storing.by_reporter_query(where))):
        if source not in places:
            places[source] = sources.place_of(source, known)
        if places[source] not in others:
            day = counts.setdefault(date, {})
            day[name] = day.get(name, 0) + int(messages)
    return counts


def _see_new(domain, known, undecided, days, today):
    """Return the :class:`events.Sighting` of undecided sources that sent nothing before the last 30 days."""
    recent = {place: source for place, source in undecided.items() if source.messages >= events.NEW_MESSAGES}
    if not recent:
        return []
    before = {sources.place_of(source, known) for [source] in domain.env.execute_query(SQL(
        """
        SELECT DISTINCT source FROM mail_domain_health_volume WHERE domain_id = %s AND date < %s AND is_trusted
        """, domain.id, today - gathering.PERIOD))}
    names = _get_names(domain.env, recent)
    return [
        events.Sighting(place, names.get(place, place.partition(':')[2]), source.messages, len(days.get(place, ())), source.first)
        for place, source in recent.items() if place not in before]


def _see_own(domain, known, found, days, failing_now, today):
    """Return the :class:`events.Own` of sources whose sending paths are known, since the records changed last."""
    since = max(filter(None, (today - timedelta(days=events.COMPARED), domain.records_changed_on)))
    # What no signature tells to be one's own, left through a service that is used: most likely it is, too.
    own = {source.place for source in found
           if source.kind == 'yours' or source.kind == 'through' and source.service in known.services}
    own -= set(failing_now)
    names, seen = _get_names(domain.env, own), []
    for place in sorted(own):
        paths = _get_paths(domain, place, is_certain=True)
        total = failing.Day()
        for date, day in days.get(place, {}).items():
            if date > since:
                total.add(day)
        predicted = {((path.verdict or {}).get('dkim') or {}).get('status') for path in paths}
        seen.append(events.Own(place, names.get(place, place.partition(':')[2]), total.messages, total.dkim, predicted, since))
    return seen
