"""The rows that count what left, `mail.domain.health.sent`, read and written by SQL: nobody who sends waits for them."""

from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from .departure import CONFIGURATION_FILE

RETENTION_DAYS = 90
COUNTED_DAYS = 30  # what a path's sent_count covers
NO_PATH = 0  # as path_id: it left in a way that no path foretells
# The columns of a row that a path foretold.
_NOTHING_MORE = (None,) * 7


class Unforeseen:
    """One way that mail left and no path foretold: as what, how often, and what is known of who sent it."""

    def __init__(self, company_id, mail_server_id, smtp_host):
        self.company_id, self.mail_server_id, self.smtp_host = company_id, mail_server_id, smtp_host
        self.from_email = self.envelope_from = ''
        self.author_domains, self.models = Counter(), Counter()
        self.count, self.last_sent = 0, None

    def add(self, from_email, envelope_from, author_domain, model, count, last_sent):
        """Count mails; ``from_email`` and ``envelope_from`` of one mail, or domains after an “@”."""
        if self.from_email[:1] in ('', '@'):  # no example yet
            self.from_email, self.envelope_from = from_email, envelope_from
        self.author_domains[author_domain] += count
        self.models[model] += count
        self.count += count
        self.last_sent = max(self.last_sent or last_sent, last_sent)


def write(env, counts):
    """Insert ``{Departure: number}``, each on the path that it took."""
    # Rather an uncounted mail than a sender who waits for an update of this module to end.
    env.cr.execute("""
        SET LOCAL lock_timeout = '1s';
        LOCK TABLE mail_domain_health_sent IN ROW EXCLUSIVE MODE NOWAIT;
        LOCK TABLE mail_domain_health_path IN ACCESS SHARE MODE NOWAIT;
    """, log_exceptions=False)
    rows = Counter()
    for departure, count in counts.items():
        path_id = env['mail.domain.health.path']._match_id(*_departure_key(departure))
        rows[(path_id, departure.mail_server_id, *_NOTHING_MORE) if path_id else (
            NO_PATH, departure.mail_server_id, departure.company_id, departure.smtp_host, departure.author_email,
            departure.from_email, departure.envelope_from, departure.is_mailing, departure.res_model)] += count
    now = fields.Datetime.now()
    env.cr.execute(SQL(
        """
        INSERT INTO mail_domain_health_sent (
            path_id, mail_server_id, company_id, smtp_host, author_email, from_email, envelope_from, is_mailing,
            res_model, sent_on, messages)
        VALUES %s
        """, SQL(", ").join(SQL("%s", (*row, now, count)) for row, count in rows.items()),
    ), log_exceptions=False)


def count_of_service(env, company, code, moment):
    """Return the SQL of how many messages left since ``moment`` through the servers of a company that deliver through a service.

    The servers are the database's, and so is the number; NULL where the company uses none of them.

    :param str code: of the service
    """
    Path = env['mail.domain.health.path'].sudo()
    Path.flush_model(['mail_server_id'])
    paths = Path._search([('company_id', '=', company.id), ('mail_sending_service_id.code', '=', code)])
    return SQL(
        """
        (SELECT CASE WHEN count(*) > 0 THEN (
            SELECT COALESCE(SUM(messages), 0) FROM mail_domain_health_sent
             WHERE sent_on >= %s AND mail_server_id = ANY(array_agg(server.id))) END
           FROM %s server)
        """, moment, paths.subselect(SQL(
            "DISTINCT COALESCE(%s, %s) AS id", SQL.identifier(paths.table, 'mail_server_id'), CONFIGURATION_FILE)))


def sum_up(env, days=RETENTION_DAYS):
    """Make one row per way and day of what is older than the last 24 hours, and forget after so many days."""
    now = fields.Datetime.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    env.cr.execute(SQL(
        """
        WITH single AS (
            DELETE FROM mail_domain_health_sent
             WHERE sent_on < %s AND sent_on <> date_trunc('day', sent_on)
         RETURNING *)
        INSERT INTO mail_domain_health_sent (
            path_id, mail_server_id, company_id, smtp_host, author_email, from_email, envelope_from, is_mailing,
            res_model, sent_on, messages)
        SELECT path_id, mail_server_id, company_id, smtp_host, %s,
               (array_agg(from_email ORDER BY from_email LIKE '@%%', id))[1],
               (array_agg(envelope_from ORDER BY from_email LIKE '@%%', id))[1],
               is_mailing, res_model, date_trunc('day', sent_on), SUM(messages)
          FROM single
      GROUP BY path_id, mail_server_id, company_id, smtp_host, %s, %s, %s, is_mailing, res_model,
               date_trunc('day', sent_on)
        """, today - relativedelta(days=1), _at_domain('author_email'),
        *map(_at_domain, ('author_email', 'from_email', 'envelope_from'))))
    env.cr.execute(SQL(
        "DELETE FROM mail_domain_health_sent WHERE sent_on < %s", today - relativedelta(days=days)))
    env['mail.domain.health.sent'].invalidate_model()


def get_used(env):
    """Return ``{path_id: (messages of the last 30 days, day of the last one)}``."""
    return {path_id: (count, last_sent) for path_id, count, last_sent in env.execute_query(SQL(
        """
        SELECT path_id, COALESCE(SUM(messages) FILTER (WHERE sent_on >= %s), 0), MAX(sent_on)::date
          FROM mail_domain_health_sent WHERE path_id <> 0 GROUP BY path_id
        """, _counted_since()))}


def look_at_unforeseen(env):
    """Ask again whether mail that took no known way took one, for ways may have been found since.

    Of the rest numbers and domains are kept, and one address as an example of each way.
    """
    Path = env['mail.domain.health.path'].sudo()
    foreseen = {}
    env['mail.domain.health.sent'].flush_model()
    for row_ids, *key in env.execute_query(SQL(
        """
        SELECT array_agg(id), company_id, mail_server_id, author_email, from_email, envelope_from, is_mailing
          FROM mail_domain_health_sent WHERE path_id = 0 AND author_email NOT LIKE '@%%'
      GROUP BY company_id, mail_server_id, author_email, from_email, envelope_from, is_mailing
        """)):
        if path_id := Path._match_id(*key):
            foreseen.setdefault(path_id, []).extend(row_ids)
    for path_id, row_ids in foreseen.items():
        env.cr.execute(SQL(
            """
            UPDATE mail_domain_health_sent
               SET path_id = %s, company_id = NULL, smtp_host = NULL, author_email = NULL, from_email = NULL,
                   envelope_from = NULL, is_mailing = NULL, res_model = NULL
             WHERE id = ANY(%s)
            """, path_id, row_ids))
    env.cr.execute(SQL(
        """
        WITH example AS (
            SELECT DISTINCT ON (company_id, mail_server_id, smtp_host, %(from_domain)s, %(envelope_domain)s) id
              FROM mail_domain_health_sent WHERE path_id = 0 AND company_id IS NOT NULL
          ORDER BY company_id, mail_server_id, smtp_host, %(from_domain)s, %(envelope_domain)s,
                   from_email LIKE '@%%', author_email NOT LIKE '@%%', id)
        UPDATE mail_domain_health_sent SET author_email = %(author_domain)s,
               from_email = CASE WHEN id IN (SELECT id FROM example) THEN from_email ELSE %(from_domain)s END,
               envelope_from = CASE WHEN id IN (SELECT id FROM example) THEN envelope_from ELSE %(envelope_domain)s END
         WHERE path_id = 0 AND author_email NOT LIKE '@%%'
        """, author_domain=_at_domain('author_email'), from_domain=_at_domain('from_email'),
        envelope_domain=_at_domain('envelope_from')))
    env['mail.domain.health.sent'].invalidate_model()


def get_unforeseen(env, companies):
    """Return an :class:`Unforeseen` of each way of these companies in the last 30 days, those with most mails first."""
    env['mail.domain.health.sent'].flush_model()
    found = {}
    for company_id, mail_server_id, smtp_host, author, from_email, envelope_from, model, is_mailing, count, last_sent \
            in env.execute_query(SQL(
                """
                SELECT company_id, mail_server_id, COALESCE(smtp_host, ''), author_email, from_email, envelope_from,
                       COALESCE(res_model, ''), is_mailing, SUM(messages), MAX(sent_on)::date
                  FROM mail_domain_health_sent
                 WHERE path_id = 0 AND company_id = ANY(%s) AND sent_on >= %s AND author_email LIKE '@%%'
              GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
                """, companies.ids, _counted_since())):
        key = (company_id, mail_server_id, smtp_host, domain_of(from_email), domain_of(envelope_from))
        found.setdefault(key, Unforeseen(*key[:3])).add(
            from_email, envelope_from, domain_of(author), 'mailing.mailing' if is_mailing else model, count, last_sent)
    return sorted(found.values(), key=lambda each: (-each.count, each.from_email))


def _departure_key(departure):
    """Return what a departure is matched by (``mail.domain.health.path._match_id``)."""
    return (departure.company_id, departure.mail_server_id, departure.author_email, departure.from_email,
            departure.envelope_from, departure.is_mailing)


def _at_domain(column):
    """Return the SQL of an address without who it is of."""
    return SQL("'@' || split_part(%s, '@', 2)", SQL.identifier(column))


def _counted_since():
    return fields.Datetime.now() - relativedelta(days=COUNTED_DAYS)
