"""What reports say of a domain and what is known of it besides, read for whoever sorts it out.

DNS is asked for the networks of services alone, by the scheduled action.
"""

import contextlib
import ipaddress
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from ..sending.engine_path import engine_path, known_addresses
from . import failing, sources

PERIOD = timedelta(days=30)  # whose mail is sorted out: so old is also what a person can still do something about
MAX_MAILS = 20_000  # rows that are sorted out, the largest ones; the rest of a wave of forged mail is a number
READ_AGAIN = timedelta(days=7)  # networks of services
ASK_AGAIN = timedelta(hours=6)  # where DNS did not answer
MAX_NETWORKS = 2000  # of one service


def read_mails(domain, since=None, until=None, *, is_trusted=True):
    """Return what was reported of a domain as :class:`sources.Mail`, the largest rows first.

    :param date since: the first day, ``until`` the last one (default: the last 30 days)
    """
    until = until or fields.Date.today()
    since = since or until - PERIOD
    env = domain.env
    env['mail.domain.health.volume'].flush_model()
    rows = env.execute_query(SQL(
        """
        SELECT source, dkim, spf, reason, COALESCE(known.dkim_domain, ''), lower(COALESCE(known.dkim_selector, '')),
               COALESCE(known.spf_domain, ''), COALESCE(known.spf_result, ''), sum(messages), max(messages), min(date), max(date),
               sum(rejected), sum(quarantined)
          FROM (SELECT source, date, dkim_aligned AS dkim, spf_aligned AS spf, reason, identity_id, sum(messages) AS messages,
                       sum(messages) FILTER (WHERE disposition = 'reject') AS rejected,
                       sum(messages) FILTER (WHERE disposition = 'quarantine') AS quarantined
                  FROM mail_domain_health_volume
                 WHERE domain_id = %s AND date >= %s AND date <= %s AND is_trusted = %s
                 GROUP BY 1, 2, 3, 4, 5, 6) daily
          LEFT JOIN mail_domain_health_identity known ON known.id = daily.identity_id
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 9 DESC, 1 LIMIT %s
        """, domain.id, since, until, is_trusted, MAX_MAILS))
    return [
        sources.Mail(
            source, bool(dkim), bool(spf), reason, signed_by, selector, envelope, envelope_result, int(messages), int(peak),
            first, last, {fate: int(count) for fate, count in (('reject', rejected), ('quarantine', quarantined)) if count})
        for (source, dkim, spf, reason, signed_by, selector, envelope, envelope_result, messages, peak, first, last,
             rejected, quarantined) in rows]


def read_days(domain, since, known):
    """Return what was reported of a domain's mail by place (:func:`sources.place_of`) and day, but for what somebody forwarded.

    :return: ``{place: {date: failing.Day}}``, of reporters that count
    """
    env, days, places = domain.env, {}, {}
    env['mail.domain.health.volume'].flush_model()
    for source, date, dkim, spf, is_stopped, messages in env.execute_query(SQL(
            """
            SELECT source, date, dkim_aligned, spf_aligned, COALESCE(disposition IN ('quarantine', 'reject'), FALSE),
                   sum(messages)
              FROM mail_domain_health_volume
             WHERE domain_id = %s AND date >= %s AND is_trusted
                   AND (dkim_aligned OR spf_aligned OR reason IS NULL OR reason NOT IN %s)
             GROUP BY 1, 2, 3, 4, 5
            """, domain.id, since, tuple(sources.FORWARDING))):
        messages, fails = int(messages), not dkim and not spf
        place = places.get(source)
        if place is None:
            place = places[source] = sources.place_of(source, known)
        days.setdefault(place, {}).setdefault(date, failing.Day()).add(failing.Day(
            messages, messages * fails, messages * (fails and is_stopped), messages * bool(dkim), messages * bool(spf)))
    return days


def get_known(domain):
    """Return the :class:`sources.Known` of a domain."""
    env = domain.sudo().env
    paths = domain.sudo().path_ids.filtered(lambda path: path.company_id.active and not path.refusal)
    own = domain._selectors()
    selectors = {selector.lower() for selector in own}
    for path in paths:
        service = engine_path(path, own).service
        selectors.update(selector.name.lower() for selector in (service.selectors if service else ()))
    networks = get_places(env)
    egress = set(known_addresses(paths))
    # What left through a catalog's service left from an address that its other customers have, too.
    proven = paths.proof_ids.filtered(lambda proof: proof.egress and proof.state == 'arrived' and not proof.may_be_service)
    egress.update(proof.egress for proof in proven if not proof.path_id.mail_sending_service_id)
    return sources.Known(
        egress=frozenset(address for address in egress if not networks.find(address)),
        selectors=frozenset(selectors), services=frozenset(paths.filtered('is_used').mail_sending_service_id.mapped('code')),
        networks=networks,
        decisions={decided.place: decided.decision for decided in env['mail.domain.health.source'].search([
            ('domain_id', '=', domain.id)])})


def get_sources(domain, since=None, until=None):
    """Return the :class:`sources.Source` of a domain, of reporters that count."""
    return sources.sort_out(read_mails(domain, since, until), get_known(domain))


def is_place(env, place):
    """Whether a text names a place that a person can decide about."""
    kind, _colon, name = place.partition(':') if isinstance(place, str) else ('', '', '')
    if kind == 'service':
        return bool(env['mail.sending.service'].sudo().search_count([('code', '=', name)], limit=1))
    with contextlib.suppress(ValueError):
        return kind == 'ip' and str(ipaddress.ip_network(name) if '/' in name else ipaddress.ip_address(name)) == name
    return False


def get_places(env):
    """Return the :class:`sources.Places` of all services whose networks are known."""
    services = env['mail.sending.service'].sudo().search_fetch(
        [('shipped', '!=', False), ('networks', '!=', False)], ['code', 'networks'])
    return sources.Places({service.code: service.networks for service in services})


def read_networks(env):
    """Ask DNS which servers the services have whose networks were not read lately; silence leaves what was known."""
    Service, now = env['mail.sending.service'].sudo(), fields.Datetime.now()
    if not env['mail.domain.health.volume'].sudo().search_count([], limit=1):
        return
    due = Service.search([
        ('shipped', '!=', False), '|', ('spf_term', '!=', False), ('network_term', '!=', False),
        '|', ('networks_due', '=', False), ('networks_due', '<=', now)])
    terms = {str(service.id): service.network_term or service.spf_term for service in due}
    if not terms:
        return
    by_id = {str(service.id): service for service in due}
    for key, found in mailauth.iter_networks(env['mail.domain.health']._get_resolver(), terms):
        if found is None:
            by_id[key].write({'networks_due': now + ASK_AGAIN})
        else:
            by_id[key].write({'networks': list(found.cidrs(MAX_NETWORKS)) or False, 'networks_due': now + READ_AGAIN})
