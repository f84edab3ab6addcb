"""The records of reports, summed up by day, source and outcome: rows of `mail.domain.health.volume`.

Whatever is reported, a day of a domain takes so many rows at most: the largest sources by themselves, the rest by network.
"""

import ipaddress
from collections import Counter, defaultdict, namedtuple
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

MAX_SOURCES = 200  # of a day that are kept by themselves; networks as many
MAX_ROWS = 600  # of a day
MAX_UNTRUSTED = 50  # sources, of reporters that do not count, who might fill it with what they like
MAX_REPORTERS = 30  # that a row tells apart; the smallest are summed up as OTHERS
MAX_IDENTITIES = 1000  # of a domain
MAX_MESSAGES = 2_000_000_000  # what a column holds
OTHERS = 0
PREFIXES = {4: 24, 6: 48}
ANYWHERE = {4: '0.0.0.0/0', 6: '::/0'}
NOWHERE = ''  # an address that cannot be read
PARAMETER_RETENTION = 'mail_domain_health.reports_retention_days'
DEFAULT_DAYS = 365
MIN_DAYS, MAX_DAYS = 30, 3650
REMOVED_AT_ONCE = 50_000

# What a row is of. ``identity`` is an :class:`Identity` before it is stored, its id afterwards, None where there is none.
Key = namedtuple('Key', 'source is_network is_trusted dkim spf disposition reason identity')
Identity = namedtuple('Identity', 'header_from dkim_domain dkim_selector dkim_result spf_domain spf_result')


def add(env, days):
    """Add what reports say.

    :param dict days: ``{(domain id, date): {Key: {reporter id: messages}}}``
    """
    if not days:
        return
    identities = _store_identities(env, {
        (domain_id, key.identity) for (domain_id, _date), keys in days.items() for key in keys if key.identity})
    found = _read_days(env, days)
    changed, made, gone = [], [], []
    for place, keys in days.items():
        rows, ids = found[place]
        before = {key: dict(counts) for key, counts in rows.items()}
        for key, counts in keys.items():
            key = key._replace(identity=key.identity and identities.get((place[0], key.identity)))
            _merge(rows[key], counts)
        rows = _bound(rows)
        for key, counts in rows.items():
            if key not in ids:
                made.append((*place, *key, *_columns(counts)))
            elif counts != before[key] or len(ids[key]) > 1:
                changed.append((ids[key][0], *_columns(counts)))
                gone += ids[key][1:]
        gone += [row_id for key, row_ids in ids.items() if key not in rows for row_id in row_ids]
    _write(env, changed, made, gone)


def move(env, reporter_id, is_trusted):
    """Have what a reporter said count from now on, or not."""
    env['mail.domain.health.volume'].flush_model()
    places = {(domain_id, date) for domain_id, date in env.execute_query(SQL(
        """
        SELECT DISTINCT domain_id, date FROM mail_domain_health_volume WHERE is_trusted = %s AND by_reporter ~ %s
        """, not is_trusted, rf'(^| ){reporter_id:d}:'))}
    found = _read_days(env, places) if places else {}
    changed, made, gone = [], [], []
    for place, (rows, ids) in found.items():
        moved = {key: counts.pop(reporter_id) for key, counts in rows.items()
                 if key.is_trusted != is_trusted and reporter_id in counts}
        touched = set(moved)
        for key, messages in moved.items():
            target = key._replace(is_trusted=is_trusted)
            _merge(rows[target], {reporter_id: messages})
            touched.add(target)
        left = _bound({key: counts for key, counts in rows.items() if counts})
        for key, counts in left.items():
            if key not in ids:
                made.append((*place, *key, *_columns(counts)))
            elif key in touched or key.is_network:
                changed.append((ids[key][0], *_columns(counts)))
        gone += [row_id for key, row_ids in ids.items() for row_id in (row_ids if key not in left else row_ids[1:])]
    _write(env, changed, made, gone)


def read_by_reporter(text):
    """Return ``{reporter id: messages}`` of a row's ``by_reporter``."""
    pairs = (part.partition(':') for part in (text or '').split())
    return {int(reporter): int(messages) for reporter, _colon, messages in pairs}


def by_reporter_query(where):
    """Return the SQL of the rows once for each reporter: all columns, with ``reporter_id`` and its ``reporter_messages``.

    :param SQL where: a condition on the columns of ``volume``
    """
    return SQL(
        """
        SELECT volume.*, split_part(part, ':', 1)::int AS reporter_id, split_part(part, ':', 2)::int AS reporter_messages
          FROM mail_domain_health_volume volume CROSS JOIN LATERAL unnest(string_to_array(by_reporter, ' ')) part WHERE %s
        """, where)


def get_days(env):
    """Return how many days of volumes are kept; a parameter written by hand is brought within its bounds."""
    value = env['ir.config_parameter'].sudo().get_param(PARAMETER_RETENTION)
    try:
        days = int(value or DEFAULT_DAYS)
    except ValueError:
        days = DEFAULT_DAYS
    return min(max(days, MIN_DAYS), MAX_DAYS)


def forget_old(env):
    """Remove volumes of days longer ago than they are kept."""
    limit = fields.Date.today() - timedelta(days=get_days(env))
    env.cr.execute(SQL(
        """
        DELETE FROM mail_domain_health_volume WHERE id IN (
               SELECT id FROM mail_domain_health_volume WHERE date < %s LIMIT %s)
        """, limit, REMOVED_AT_ONCE))
    env['mail.domain.health.volume'].invalidate_model()


def forget_identities(env):
    """Remove identities that no volume has any more."""
    env.cr.execute(SQL(
        """
        DELETE FROM mail_domain_health_identity known WHERE NOT EXISTS (
               SELECT FROM mail_domain_health_volume WHERE identity_id = known.id)
        """))
    env['mail.domain.health.identity'].invalidate_model()


def network_of(source):
    """Return the network that an address, or a network, is summed up in."""
    try:
        address = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return NOWHERE
    return str(address.supernet(new_prefix=min(PREFIXES[address.version], address.prefixlen)))


def anywhere(source):
    """Return the network of all addresses of a source's kind."""
    return ANYWHERE[6 if ':' in source else 4] if source else NOWHERE


def _merge(counts, more):
    for reporter, messages in more.items():
        counts[reporter] = min(counts.get(reporter, 0) + messages, MAX_MESSAGES)


def _bound(rows):
    """Return the rows of a day within all bounds; each class of reporters by itself."""
    bounded = {}
    for is_trusted, most in ((True, MAX_SOURCES), (False, MAX_UNTRUSTED)):
        own = {key: counts for key, counts in rows.items() if key.is_trusted == is_trusted}
        own = _fold(own, False, most, network_of)
        own = _fold(own, True, most, anywhere)
        if len(own) > MAX_ROWS:
            largest = sorted(own, key=lambda key: (-sum(own[key].values()), repr(key)))
            kept = {key: own[key] for key in largest[:MAX_ROWS]}
            for key in largest[MAX_ROWS:]:
                rest = Key(anywhere(key.source), True, is_trusted, key.dkim, key.spf, None, None, None)
                _merge(kept.setdefault(rest, {}), own[key])
            own = kept
        bounded.update(own)
    for key, counts in bounded.items():
        if len(counts) > MAX_REPORTERS:
            largest = sorted(counts, key=lambda reporter: (reporter == OTHERS, -counts[reporter], reporter))
            kept = {reporter: counts[reporter] for reporter in largest[:MAX_REPORTERS]}
            _merge(kept, {OTHERS: sum(counts[reporter] for reporter in largest[MAX_REPORTERS:])})
            bounded[key] = kept
    return bounded


def _fold(rows, is_network, most, into):
    """Sum up all but the largest sources (or networks) in what ``into`` says."""
    sizes = Counter()
    for key, counts in rows.items():
        if key.is_network == is_network and key.source not in (*ANYWHERE.values(), NOWHERE):
            sizes[key.source] += sum(counts.values())
    if len(sizes) <= most:
        return rows
    small = set(sorted(sizes, key=lambda source: (-sizes[source], source))[most:])
    folded = {}
    for key, counts in rows.items():
        if key.is_network == is_network and key.source in small:
            key = key._replace(source=into(key.source), is_network=True, identity=None)
        _merge(folded.setdefault(key, {}), counts)
    return folded


def _columns(counts):
    """Return what a row says of how many mails: their sum, and whose they are."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return min(sum(counts.values()), MAX_MESSAGES), ' '.join(f'{reporter}:{messages}' for reporter, messages in ordered)


def _read_days(env, places):
    """Return ``{(domain id, date): ({Key: {reporter id: messages}}, {Key: ids})}``."""
    env['mail.domain.health.volume'].flush_model()
    found = {place: (defaultdict(dict), defaultdict(list)) for place in places}
    for row_id, domain_id, date, *key, by_reporter in env.execute_query(SQL(
            """
            SELECT id, domain_id, date, source, is_network, is_trusted, dkim_aligned, spf_aligned, disposition, reason,
                   identity_id, by_reporter
              FROM mail_domain_health_volume WHERE (domain_id, date) IN %s ORDER BY id
            """, tuple(places))):
        rows, ids = found[domain_id, date]
        key = Key(*key)
        _merge(rows[key], read_by_reporter(by_reporter))
        ids[key].append(row_id)
    return found


def _write(env, changed, made, gone):
    if gone:
        env.cr.execute(SQL("DELETE FROM mail_domain_health_volume WHERE id = ANY(%s)", gone))
    if changed:
        env.cr.execute(SQL(
            """
            UPDATE mail_domain_health_volume volume SET messages = new.messages, by_reporter = new.by_reporter
              FROM (VALUES %s) new (id, messages, by_reporter) WHERE volume.id = new.id
            """, SQL(", ").join(SQL("%s", row) for row in changed)))
    if made:
        env.cr.execute(SQL(
            """
            INSERT INTO mail_domain_health_volume (
                   domain_id, date, source, is_network, is_trusted, dkim_aligned, spf_aligned, disposition, reason,
                   identity_id, messages, by_reporter) VALUES %s
            """, SQL(", ").join(SQL("%s", row) for row in made)))
    env['mail.domain.health.volume'].invalidate_model()


def _store_identities(env, wanted):
    """Return ``{(domain id, Identity): id}``; those that a domain has too many of have none."""
    if not wanted:
        return {}
    known, numbers = {}, Counter()
    for row_id, domain_id, *identity in env.execute_query(SQL(
            """
            SELECT id, domain_id, header_from, dkim_domain, dkim_selector, dkim_result, spf_domain, spf_result
              FROM mail_domain_health_identity WHERE domain_id = ANY(%s)
            """, list({domain_id for domain_id, _identity in wanted}))):
        known[domain_id, Identity(*identity)] = row_id
        numbers[domain_id] += 1
    missing = []
    for domain_id, identity in sorted(wanted - known.keys()):
        if numbers[domain_id] < MAX_IDENTITIES:
            numbers[domain_id] += 1
            missing.append((domain_id, *identity))
    if missing:
        for row_id, domain_id, *identity in env.execute_query(SQL(
                """
                INSERT INTO mail_domain_health_identity (
                       domain_id, header_from, dkim_domain, dkim_selector, dkim_result, spf_domain, spf_result)
                VALUES %s RETURNING id, domain_id, header_from, dkim_domain, dkim_selector, dkim_result, spf_domain, spf_result
                """, SQL(", ").join(SQL("%s", row) for row in missing))):
            known[domain_id, Identity(*identity)] = row_id
    return known
