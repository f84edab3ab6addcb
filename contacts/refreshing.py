"""Which domains there are: a row for each at which a contact has an address, and none for any other.

All of it in sets: the contacts' addresses are grouped by the database, names are brought into their one form here, and
what changed is written by one statement for all. Half a million contacts take seconds, and nothing is done where they are
written.
"""

import logging

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of, domain_problem, to_ascii
from . import decisions, schedule, sources, storing

_logger = logging.getLogger(__name__)

ATTEMPTS = 3  # a check that stores what it found at the same moment may be faster
ROWS_AT_ONCE = 10_000
MAX_SPELLINGS = 10
# Mistakes in a mail domain that some servers deliver to all the same: DNS knows.
TOLERATED = frozenset({None, 'name.underscore', 'name.hyphen'})


def work(env):
    """Do the scheduled refresh, and commit it."""
    for attempt in range(ATTEMPTS):
        try:
            refresh(env)
            storing.follow_exchanges(env, fields.Datetime.now())
            decisions.forget_if_none_is_held(env)
            env['mail.partner.domain']._trigger_cron()
            env['ir.cron']._commit_progress(1, remaining=0)
            return
        except OperationalError:
            env.cr.rollback()
            if attempt + 1 == ATTEMPTS:
                raise
            _logger.info("Domains of contacts: others wrote them at the same moment, once more", exc_info=True)


def refresh(env):
    """Make the rows of ``mail.partner.domain`` match the contacts that there are now. Asks no DNS.

    What cannot be a mail domain has none: an IP address, a name without a dot, one that is too long.

    :param env: of the superuser
    :return: how many domains there are
    """
    Domain = env['mail.partner.domain']
    Domain.flush_model()
    count = _gather(env)
    _follow(env, fields.Datetime.now())
    Domain.invalidate_model()
    return count


def _gather(env):
    """Put what contacts have into a temporary table: a row for each domain, in its one form; return how many."""
    env.cr.execute("DROP TABLE IF EXISTS mail_partner_domain_seen")
    env.cr.execute("""
        CREATE TEMPORARY TABLE mail_partner_domain_seen (
            name varchar PRIMARY KEY, written_as varchar, contact_count int, mailable_count int, company_ids int[]
        ) ON COMMIT DROP
    """)
    seen = list(_read(env).items())
    for start in range(0, len(seen), ROWS_AT_ONCE):
        some = seen[start:start + ROWS_AT_ONCE]
        env.cr.execute(SQL(
            """
            INSERT INTO mail_partner_domain_seen
            SELECT name, NULLIF(written_as, ''), contact_count, mailable_count, string_to_array(companies, ' ')::int[]
              FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::text[])
                   AS seen(name, written_as, contact_count, mailable_count, companies)
            """,
            [name for name, _found in some],
            [' '.join(sorted(found[3])[:MAX_SPELLINGS]) for _name, found in some],
            [found[0] for _name, found in some],
            [found[1] for _name, found in some],
            [' '.join(map(str, sorted(found[2]))) if found[2] else '' for _name, found in some]))
    env.cr.execute("ANALYZE mail_partner_domain_seen")
    return len(seen)


def _read(env):
    """Return ``{name: [contacts, contacts to write to, company ids or None if shared by all, other spellings]}``."""
    found = {}
    for text, company_id, contacts, mailable in env.execute_query(SQL(
        """
        SELECT domain, company_id, count(*)::int, count(*) FILTER (WHERE is_mailable)::int
          FROM (SELECT %s AS domain, company_id, is_mailable FROM (%s) address) address GROUP BY domain, company_id
        """, sources.domain_part(SQL("email")), sources.addresses(env))):
        name = domain_of(text)
        if domain_problem(name) not in TOLERATED or to_ascii(name) is None:
            continue
        known = found.get(name)
        if known is None:
            known = found[name] = [0, 0, set(), ()]
        known[0] += contacts
        known[1] += mailable
        if not company_id:
            known[2] = None
        elif known[2] is not None:
            known[2].add(company_id)
        if text != name:
            known[3] = {*known[3], text}
    return found


def _follow(env, now):
    """Have the rows be what was gathered."""
    env.cr.execute(SQL(
        """
        UPDATE mail_partner_domain domain
           SET contact_count = seen.contact_count, mailable_count = seen.mailable_count, written_as = seen.written_as,
               next_check = CASE WHEN seen.mailable_count = 0 THEN NULL
                                 ELSE COALESCE(domain.next_check, GREATEST(domain.last_check + %s, %s)) END
          FROM mail_partner_domain_seen seen
         WHERE seen.name = domain.name
           AND (domain.contact_count, domain.mailable_count, domain.written_as)
               IS DISTINCT FROM (seen.contact_count, seen.mailable_count, seen.written_as)
        """, schedule.INTERVAL, now))
    # Their own statement, and not ON CONFLICT DO UPDATE, which uses up an id for every row that there is, each day.
    new = env.execute_query(SQL(
        """
        INSERT INTO mail_partner_domain (name, written_as, contact_count, mailable_count, next_check)
        SELECT name, written_as, contact_count, mailable_count, CASE WHEN mailable_count > 0 THEN %s::timestamp END
          FROM mail_partner_domain_seen seen
         WHERE NOT EXISTS (SELECT FROM mail_partner_domain domain WHERE domain.name = seen.name)
         ORDER BY contact_count DESC, name
            ON CONFLICT (name) DO NOTHING RETURNING id, name
        """, now))
    storing.write_suggestions(env, {domain_id: meant for domain_id, name in new if (meant := storing.suggestion(name))})
    env.cr.execute("""
        DELETE FROM mail_partner_domain domain
         WHERE NOT EXISTS (SELECT FROM mail_partner_domain_seen seen WHERE seen.name = domain.name)
    """)
    _follow_companies(env)


def _follow_companies(env):
    relation = env['mail.partner.domain']._fields['company_ids']
    table, domain_column, company_column = map(SQL.identifier, (relation.relation, relation.column1, relation.column2))
    env.cr.execute(SQL(
        """
        WITH seen AS (
            SELECT domain.id AS domain_id, unnest(seen.company_ids) AS company_id
              FROM mail_partner_domain_seen seen JOIN mail_partner_domain domain USING (name) WHERE seen.company_ids != '{}'),
        gone AS (
            DELETE FROM %(table)s known
             WHERE NOT EXISTS (SELECT FROM seen WHERE seen.domain_id = known.%(domain)s AND seen.company_id = known.%(company)s))
        INSERT INTO %(table)s (%(domain)s, %(company)s) SELECT domain_id, company_id FROM seen ON CONFLICT DO NOTHING
        """, table=table, domain=domain_column, company=company_column))
