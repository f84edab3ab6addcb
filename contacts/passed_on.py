"""What Odoo passed on of contacts' messages by email, as its own tables tell it: how much, to whom, and what was refused."""

from collections import Counter
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from ..sending.departure import first_address
from ..sending.rejections import read_failures
from .badges import written_names
from .sources import INTERNAL_USERS, domain_part, from_outside, sender_domain

COUNTED_DAYS = 30
MAX_MESSAGES = 100_000  # the newest of the database that are looked at: of more the numbers say "at least"
MAX_FOLLOWERS = 100_000  # the newest, of all documents; of more the numbers say "at least"
MAX_USERS = 200
_DOMAIN = sender_domain(SQL("message"))
_FROM_OUTSIDE = from_outside(SQL("message"))


class PassedOn(NamedTuple):
    """What was passed on in the last 30 days: emails and refusals by domain (A-labels), and who gets such emails."""

    mails: Counter
    refused: Counter
    users: dict  # {user id: how many of the contacts' documents they follow} of those notified by email
    in_odoo: int = 0  # how many more follow them and are notified in Odoo


def read_passed_on(env, company, rows):
    """Return what was passed on of contacts at the domains of ``rows`` (:func:`badges.domains_with`) in ``company``.

    Counted, not estimated: emails to internal users about messages of these contacts; refusals that Odoo stored of them;
    internal users who follow documents of these contacts and are notified by email. A colleague is no contact, wherever
    their own address is.
    """
    env.flush_all()
    since = fields.Datetime.now() - relativedelta(days=COUNTED_DAYS)
    names = written_names(rows)
    mails = Counter()
    # First which messages, then to whom: a plan may look up the notifications of all messages otherwise.
    for name, count in env.execute_query(SQL(
        """
        WITH written AS MATERIALIZED (
            SELECT message.id, %(domain)s AS domain FROM mail_message message
             WHERE message.id > %(first)s AND message.date >= %(since)s AND %(from_outside)s
               AND COALESCE(message.record_company_id, %(company)s) = %(company)s AND %(domain)s IN (%(names)s))
        SELECT written.domain, count(*)
          FROM written
          JOIN mail_notification notification ON notification.mail_message_id = written.id
               AND notification.notification_type = 'email' AND notification.notification_status IN ('sent', 'bounce')
          JOIN res_partner recipient ON recipient.id = notification.res_partner_id AND NOT recipient.partner_share
      GROUP BY 1
        """, domain=_DOMAIN, from_outside=_FROM_OUTSIDE, first=first_message(env), since=since, company=company.id,
             names=names)):
        mails[domain_of(name)] += count
    authors = [first_address(author) for _day, _company, author, *_rest in read_failures(env, company, since.date())]
    colleagues = {email for [email] in env.execute_query(SQL(
        """
        SELECT partner.email_normalized FROM %s WHERE partner.email_normalized = ANY(%s)
        """, INTERNAL_USERS, list(set(authors))))} if authors else set()
    failures = [domain_of(author) for author in authors if author not in colleagues]
    known = {domain_of(name) for [name] in env.execute_query(SQL(
        "SELECT name FROM (%s) concerned WHERE name = ANY(%s)", rows, list(set(failures))))} if failures else set()
    refused = Counter(name for name in failures if name in known)
    followers = _read_followers(env, company, names, since)
    users = {user_id: count for user_id, is_by_email, count in followers if is_by_email}
    return PassedOn(mails, refused, users, len(followers) - len(users))


def first_message(env):
    """Return the id behind which messages are looked at."""
    [[newest]] = env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM mail_message"))
    return newest - MAX_MESSAGES


def first_follower(env):
    """Return the id behind which it is looked who follows what."""
    [[newest]] = env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM mail_followers"))
    return newest - MAX_FOLLOWERS


def _read_followers(env, company, names, since):
    """Return ``[(user id, whether by email, documents)]`` of internal users who are notified of what such contacts write."""
    return env.execute_query(SQL(
        """
        WITH documents AS (
            SELECT own.res_model, own.res_id
              FROM mail_followers own JOIN res_partner contact ON contact.id = own.partner_id AND contact.partner_share
             WHERE own.id > %(first_follower)s AND %(contact_domain)s IN (%(names)s)
             UNION
            SELECT message.model, message.res_id FROM mail_message message
             WHERE message.id > %(first)s AND message.date >= %(since)s AND message.res_id > 0 AND %(from_outside)s
               AND %(domain)s IN (%(names)s)
        )
        SELECT users.id, users.notification_type = 'email', count(*)
          FROM documents
          JOIN mail_followers follower ON follower.res_model = documents.res_model AND follower.res_id = documents.res_id
          JOIN res_users users ON users.partner_id = follower.partner_id AND users.active AND NOT users.share
          JOIN res_company_users_rel works ON works.user_id = users.id AND works.cid = %(company)s
      GROUP BY users.id ORDER BY 2 DESC, 3 DESC, users.id LIMIT %(limit)s
        """, names=names, first=first_message(env), first_follower=first_follower(env), since=since, domain=_DOMAIN,
        from_outside=_FROM_OUTSIDE, company=company.id, limit=MAX_USERS,
        contact_domain=domain_part(SQL("contact.email_normalized"))))
