"""What looks at domains of contacts found, written for many at once."""

from odoo.tools import SQL

from ..mailauth.contact import Opinion, PolicyInForce, Reception, likely_typo
from . import decisions, marks, schedule
from .exchange import last_exchanges

CLAIM_COLUMNS = (
    'id', 'name', 'written_as', 'reception', 'mark', 'unreachable_since', 'marked_on', 'unanswered_since')


def claim(env, count, until, now):
    """Return so many of the domains that are due, as dicts, the most used first; nobody else takes them before ``until``.

    To be called first in a transaction, and committed: other workers pass over what is locked, and then see the claim.
    """
    # Materialized: a plan may run a subquery once for each row, and then it locks and returns more of them.
    rows = env.execute_query(SQL(
        """
        WITH due AS MATERIALIZED (
            SELECT id, contact_count FROM mail_partner_domain WHERE next_check <= %s AND mailable_count > 0
             ORDER BY contact_count DESC, id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE mail_partner_domain domain SET next_check = %s FROM due WHERE domain.id = due.id
     RETURNING due.contact_count, %s
        """, now, count, until, SQL(", ").join(SQL.identifier('domain', name) for name in CLAIM_COLUMNS)))
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [dict(zip(CLAIM_COLUMNS, row[1:])) for row in rows]


def free(env, ids, now):
    """Have domains that nobody got to be due again."""
    env.cr.execute(SQL(
        "UPDATE mail_partner_domain SET next_check = %s WHERE id = ANY(%s) AND next_check IS NOT NULL", now, list(ids)))


def store(env, looks, now):
    """Write what looks found, and hold new marks that are too many.

    :param looks: ``[(row of claim(), ContactDomain, Opinion or None)]``
    :return: whether marks are held now and none were before: somebody has to decide
    """
    doubtful = [(row['id'], row['name'], row['written_as']) for row, _found, opinion in looks
                if opinion is Opinion.CONFIRMED or likely_typo(row['name'], False)]
    exchanges = last_exchanges(env, doubtful, now - marks.EXCHANGED_WITHIN)
    values = [_get_values(*look, exchanges.get(look[0]['id']), now) for look in looks]
    new = [value for (row, *_look), value in zip(looks, values) if value['mark'] == 'marked' != row['mark']]
    is_held, has_to_tell = _hold(env, len(new), now) if new else (False, False)
    if is_held:
        for value in new:
            value['mark'] = 'held'
    for (row, *_look), value in zip(looks, values):
        value['suggestion'] = suggestion(row['name'], value['mark'], value['last_exchange'])
    _write(env, values)
    env['mail.partner.domain'].invalidate_model()
    return has_to_tell


def follow_exchanges(env, now):
    """Take back marks and suggestions about domains with which mail was exchanged since; suggest what others may mean."""
    rows = env.execute_query(SQL(
        """
        SELECT id, name, written_as, mark, suggestion FROM mail_partner_domain
         WHERE unreachable_since IS NOT NULL OR suggestion IS NOT NULL
        """))
    found = last_exchanges(env, [row[:3] for row in rows], now - marks.EXCHANGED_WITHIN)
    env.cr.execute(SQL(
        """
        UPDATE mail_partner_domain domain
           SET last_exchange = seen.last_exchange, suggestion = NULL, marked_on = NULL,
               mark = CASE WHEN unreachable_since IS NOT NULL THEN 'suspected' END
          FROM unnest(%s::int[], %s::timestamp[]) AS seen(id, last_exchange)
         WHERE domain.id = seen.id
        """, list(found), list(found.values())))
    write_suggestions(env, {
        domain_id: meant for domain_id, name, _written_as, mark, known in rows
        if domain_id not in found and (meant := suggestion(name, mark)) != known})


def suggestion(name, mark=None, exchanged_on=None):
    """Return the provider's domain that was probably meant by this one, or ``None``; never where mail was exchanged."""
    return None if exchanged_on else likely_typo(name, mark == 'marked')


def write_suggestions(env, by_id):
    """Store ``{id: suggestion or None}``."""
    if by_id:
        env.cr.execute(SQL(
            """
            UPDATE mail_partner_domain domain SET suggestion = seen.suggestion
              FROM unnest(%s::int[], %s::text[]) AS seen(id, suggestion) WHERE domain.id = seen.id
            """, list(by_id), list(by_id.values())))


def _get_values(row, found, opinion, exchanged_on, now):
    """Return what is to be stored of a look, by the names of :data:`COLUMNS`."""
    known = marks.Known(row['reception'], row['mark'], row['unreachable_since'], row['marked_on'])
    after = marks.step(known, found.reception, now, opinion, exchanged_on)
    is_silent = Reception.UNKNOWN is found.reception or PolicyInForce.UNKNOWN is found.policy
    unanswered_since = (row['unanswered_since'] or now) if is_silent else None
    later = schedule.after_silence(now, unanswered_since) if is_silent else schedule.regular(now)
    return {
        'id': row['id'], 'known_mark': row['mark'],
        'policy': found.policy.value, 'policy_domain': found.policy_domain, 'policy_testing': found.testing,
        'spf': found.spf and found.spf.value, 'reception': after.reception or Reception.UNKNOWN.value,
        'mark': after.mark, 'unreachable_since': after.unreachable_since, 'marked_on': after.marked_on,
        'last_exchange': exchanged_on, 'unanswered_since': unanswered_since,
        'last_check': now, 'next_check': after.next_check or later,
    }


# What :func:`_get_values` gives, as arrays of these types.
COLUMNS = {
    'id': 'int', 'known_mark': 'text', 'policy': 'text', 'policy_domain': 'text', 'policy_testing': 'bool', 'spf': 'text',
    'suggestion': 'text', 'reception': 'text', 'mark': 'text', 'unreachable_since': 'timestamp', 'marked_on': 'timestamp',
    'last_exchange': 'timestamp', 'unanswered_since': 'timestamp', 'last_check': 'timestamp', 'next_check': 'timestamp',
}


def _write(env, values):
    """Write all of it by one statement. What DNS did not tell replaces nothing; what a person decided meanwhile stays."""
    env.cr.execute(SQL(
        """
        UPDATE mail_partner_domain domain SET
               policy = CASE WHEN seen.policy = %(unknown)s THEN COALESCE(domain.policy, seen.policy) ELSE seen.policy END,
               policy_domain = CASE WHEN seen.policy = %(unknown)s THEN domain.policy_domain ELSE seen.policy_domain END,
               policy_testing = CASE WHEN seen.policy = %(unknown)s THEN domain.policy_testing ELSE seen.policy_testing END,
               spf = CASE WHEN COALESCE(seen.spf, %(unknown)s) = %(unknown)s THEN COALESCE(domain.spf, seen.spf)
                          ELSE seen.spf END,
               reception = seen.reception,
               mark = CASE WHEN domain.mark IS DISTINCT FROM seen.known_mark THEN domain.mark ELSE seen.mark END,
               marked_on = CASE WHEN domain.mark IS DISTINCT FROM seen.known_mark THEN domain.marked_on ELSE seen.marked_on END,
               unreachable_since = seen.unreachable_since,
               suggestion = seen.suggestion,
               last_exchange = COALESCE(seen.last_exchange, domain.last_exchange),
               unanswered_since = seen.unanswered_since,
               last_check = seen.last_check,
               next_check = CASE WHEN domain.mailable_count > 0 THEN seen.next_check END
          FROM unnest(%(arrays)s) AS seen(%(names)s)
         WHERE domain.id = seen.id
        """,
        unknown=PolicyInForce.UNKNOWN.value,
        arrays=SQL(", ").join(
            SQL("%s::" + array + "[]", [value[name] for value in values]) for name, array in COLUMNS.items()),
        names=SQL(", ").join(map(SQL.identifier, COLUMNS))))


def _hold(env, new, now):
    """Return ``(whether so many new marks are held, whether they are the first to be)``; with them goes what is new already."""
    since = max(now - marks.RUN, decisions.get_accepted_on(env) or now - marks.RUN)
    [(recent, waiting, looked_at)] = env.execute_query(SQL(
        """
        SELECT count(*) FILTER (WHERE mark = 'marked' AND marked_on > %s), count(*) FILTER (WHERE mark = 'held'),
               count(*) FILTER (WHERE reception != %s) FROM mail_partner_domain
        """, since, Reception.UNKNOWN.value))
    if not waiting and not marks.too_many(recent + new, looked_at):
        return False, False
    if not waiting and recent:
        env.cr.execute(SQL("UPDATE mail_partner_domain SET mark = 'held' WHERE mark = 'marked' AND marked_on > %s", since))
    return True, not waiting
