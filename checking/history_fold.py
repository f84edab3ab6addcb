"""What changes all the time is folded: of a day some time ago, the row stays that tells what was so when it ended.

So every day that is kept can be told, by rows whose number is bounded by that of the days. The row before those that went says
how many they were, since when, and the worst verdict among them.
"""

from datetime import datetime, timedelta
from functools import reduce

import pytz

from odoo import fields
from odoo.tools import SQL

from ..texts.states import STATES_WORST_FIRST
from . import retention

DETAILED = timedelta(days=7)  # so long every row stays
ROWS_A_DAY = 2  # that stay of a day: its last one, and of what that did not see the last one that did
MANY = 200  # rows of a domain, which change it several times a week: what has fewer is not folded
DOMAINS_AT_ONCE = 200
_ROWS_IN_DETAIL = 2 * 24 * DETAILED.days  # of looks twice an hour, each of which found something else


def get_most(env):
    """Return how many rows of one domain stay at most, whatever it does: the newest."""
    return ROWS_A_DAY * retention.get_days(env) + _ROWS_IN_DETAIL


def get_zone(env):
    """Return the time zone in which most users count their days (Olson name)."""
    rows = env.execute_query(SQL(
        """
        SELECT partner.tz FROM res_users login JOIN res_partner partner ON partner.id = login.partner_id
         WHERE login.active AND login.share IS NOT TRUE GROUP BY partner.tz ORDER BY count(*) DESC, partner.tz LIMIT 1
        """))
    return rows[0][0] if rows and rows[0][0] in pytz.all_timezones_set else 'UTC'


def fold(rows, zone, first_stays=True):
    """Say which rows of one domain go, and what the rows before them say then. Pure.

    :param list[dict] rows: the oldest first, the last one stays: ``{id, date, state, is_complete, look_number, look_before,
        folded}``
    :param str zone: in which days are counted (Olson name)
    :return: ``(ids of rows that go, {id of a row that stays: its "folded"})``: ``{"count", "date", "state", "look_number",
        "look_before"}``: how many rows followed, the worst state of them, and the rest of the first one
    """
    stay, is_complete = {rows[-1]['id']}, rows[-1]['is_complete']
    for index in range(len(rows) - 2, -1, -1):
        row = rows[index]
        ends_day = _day(row['date'], zone) != _day(rows[index + 1]['date'], zone)
        # What DNS did not answer is told by the last row before that knows it.
        if ends_day or not is_complete and row['is_complete'] or not index and first_stays:
            stay.add(row['id'])
            is_complete = row['is_complete']
    last, gone, folded = None, [], {}
    for row in rows:
        if row['id'] in stay:
            last = row
            continue
        gone.append(row['id'])
        if last:
            first = {'count': 1, **{name: row[name] for name in ('date', 'state', 'look_number', 'look_before')}}
            folded[last['id']] = reduce(_add, (first, row['folded']), folded.get(last['id'], last['folded']))
    return gone, folded


def _add(before, after):
    if not before or not after:
        return before or after
    worst = min(before['state'], after['state'], key=STATES_WORST_FIRST.index)
    return {**before, 'count': before['count'] + after['count'], 'state': worst}


def _day(moment, zone):
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()


def fold_old_days(env):
    """Fold what is older than :data:`DETAILED`, of some domains; return ``(rows that went, whether there may be more)``."""
    limit = fields.Datetime.now() - DETAILED
    crowded = env.execute_query(SQL(
        """
        SELECT domain_id, min(day) FROM (
            SELECT domain_id, date_trunc('day', date) AS day FROM mail_domain_health_check
             WHERE date < %s AND domain_id IN (
                   SELECT domain_id FROM mail_domain_health_check GROUP BY domain_id HAVING count(*) > %s)
          GROUP BY 1, 2 HAVING count(*) > %s) crowded
      GROUP BY domain_id ORDER BY domain_id LIMIT %s
        """, limit, MANY, ROWS_A_DAY, DOMAINS_AT_ONCE))
    zone = get_zone(env)
    removed = sum(_fold_domain(env, domain_id, day - timedelta(days=1), limit, zone) for domain_id, day in crowded)
    return removed, len(crowded) == DOMAINS_AT_ONCE and removed > 0


def _fold_domain(env, domain_id, since, limit, zone):
    Check = env['mail.domain.health.check']
    own = [('domain_id', '=', domain_id)]
    names = ['date', 'state', 'is_complete', 'look_number', 'look_before', 'folded']
    earlier = Check.search_fetch([*own, ('date', '<', since)], names, order='date DESC, id DESC', limit=1)
    checks = Check.search_fetch([*own, ('date', '>=', since), ('date', '<', limit)], names, order='date, id')
    newer = Check.search_fetch([*own, ('date', '>=', limit)], names, order='date, id', limit=1)
    rows = [{'id': check.id, **{name: check[name] for name in names}} for check in earlier + checks + newer]
    gone, folded = fold(rows, zone, bool(earlier))
    for check_id, values in folded.items():
        Check.browse(check_id).folded = {
            name: fields.Datetime.to_string(value) if isinstance(value, datetime) else value for name, value in values.items()}
    Check.browse(gone).unlink()
    return len(gone)
