"""What receivers said of the mail that took a path: Odoo's stored rejections, told apart by cause."""

from collections import defaultdict, namedtuple
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_domain_extract, email_normalize

from ..mailauth.dns.names import domain_of
from ..mailauth.rejections import MAX_EXCERPT, MAX_TEXT, classify, summary
from .counting import get_free
from .external_senders import EXTERNAL_KINDS

EVIDENCE_DAYS = 30
MAX_FAILURES = 2000  # the newest of each kind are read: of more the numbers say "at least"

Taker = namedtuple('Taker', 'id kind author_email is_exact mail_server_id is_used sent_count')


class Takers:
    """The paths of one company, by who sends on them: which one a rejected mail took is looked up, not searched for."""

    def __init__(self):
        self.by_address, self.by_domain, self.external = defaultdict(list), defaultdict(list), []

    def add(self, taker):
        self.by_address[taker.author_email or ''].append(taker)
        if taker.kind in EXTERNAL_KINDS:
            self.external.append(taker)
        elif not taker.is_exact:
            self.by_domain[domain_of(taker.author_email)].append(taker)

    def choose(self, author, mail_server_id, is_mailing):
        """Return the id of the path that mail of ``author`` takes, as far as a rejection tells, or ``None``."""
        author = email_normalize(author) or (author or '').lower()

        def likelihood(taker):
            return ((taker.kind == 'mailing') == is_mailing, (taker.mail_server_id or None) == (mail_server_id or None),
                    taker.is_used, taker.sent_count, -taker.id)

        # The address itself, else its domain, else anybody's.
        takers = self.by_address.get(author) or self.by_domain.get(domain_of(author)) or self.external
        return max(takers, key=likelihood).id if takers else None


def read_rejections(env, companies):
    """Read the rejections of the last 30 days and store on each path of ``companies`` what was said of it.

    A path that somebody else writes just now is left to the next time (:func:`counting.update_paths`).
    """
    since = fields.Date.today() - relativedelta(days=EVIDENCE_DAYS)
    rejections, unexplained, chosen, understood = defaultdict(list), defaultdict(list), {}, {}
    failures = read_failures(env, companies, since)
    takers = _read_takers(env, companies) if failures else {}
    for day, company_id, *author, recipient, text in failures:
        key = (company_id, *author)
        if key not in chosen:
            chosen[key] = takers[company_id].choose(*author) if company_id in takers else None
        path_id = chosen[key]
        if not path_id:
            continue
        if text not in understood:
            understood[text] = classify(text)
        if understood[text]:
            rejections[path_id].append((day, email_domain_extract(recipient) or '', understood[text]))
        else:
            unexplained[path_id].append(text)
    now, changed = fields.Datetime.to_string(fields.Datetime.now()), {}
    for path in env['mail.domain.health.path'].sudo().search_fetch(Domain('company_id', 'in', companies.ids) & (
            Domain('evidence', '!=', False) | Domain('id', 'in', [*rejections, *unexplained])), ['evidence']):
        evidence = {
            'heard': summary.gather(rejections[path.id]), 'unexplained': len(unexplained[path.id]),
            'unexplained_text': unexplained[path.id][0][:MAX_EXCERPT] if unexplained[path.id] else None,
        }
        known = path.evidence or {'heard': [], 'unexplained': 0, 'unexplained_text': None}
        if any(known.get(name) != value for name, value in evidence.items()):
            changed[path] = {**evidence, 'read': now}
    for path in get_free(env['mail.domain.health.path'].sudo().concat(*changed)):
        path.evidence = changed[path]


def _read_takers(env, companies):
    """Return ``{company id: Takers}`` of the paths of these companies."""
    env['mail.domain.health.path'].flush_model()
    takers = defaultdict(Takers)
    for company_id, *row in env.execute_query(SQL(
        """
        SELECT company_id, id, kind, author_email, COALESCE(is_exact, FALSE), mail_server_id, COALESCE(is_used, FALSE),
               COALESCE(sent_count, 0)
          FROM mail_domain_health_path WHERE company_id = ANY(%s)
        """, companies.ids)):
        takers[company_id].add(Taker(*row))
    return takers


def read_failures(env, companies, since):
    """Return ``[(day, company id, author, forced server's id, whether a mailing, recipient, text)]``, newest first.

    What Odoo stores: notifications that bounced or failed, mails that failed, traces of mailings.
    """
    env.flush_all()
    return [
        row for query in (notification_query(), _mail_query(env), _trace_query(env)) if query
        for row in env.execute_query(SQL(
            """
            SELECT failed.day::date, failed.company_id, failed.author, failed.mail_server_id, failed.is_mailing,
                   failed.recipient, LEFT(failed.reason, %s)
              FROM (%s) failed WHERE failed.day >= %s AND failed.company_id IN %s ORDER BY failed.day DESC LIMIT %s
            """, MAX_TEXT, query, since, tuple(companies.ids) or (0,), MAX_FAILURES))
    ]


def notification_query():
    # The index on the status finds them; a notification has no date of its own. Where no connection or login was
    # possible core writes the reason on the mail alone (mail.mail.send).
    return SQL(
        """
        SELECT message.date AS day, COALESCE(message.record_company_id, author.company_id) AS company_id,
               message.email_from AS author, message.mail_server_id, FALSE AS is_mailing,
               COALESCE(partner.email_normalized, notification.mail_email_address) AS recipient,
               COALESCE(NULLIF(notification.failure_reason, ''), mail.failure_reason) AS reason
          FROM mail_notification notification
          JOIN mail_message message ON message.id = notification.mail_message_id
     LEFT JOIN mail_mail mail ON mail.id = notification.mail_mail_id AND mail.state = 'exception'
               AND notification.notification_status = 'exception'
     LEFT JOIN res_users author ON author.id = message.create_uid
     LEFT JOIN res_partner partner ON partner.id = notification.res_partner_id
         WHERE notification.notification_status IN ('bounce', 'exception') AND notification.notification_type = 'email'
           AND COALESCE(NULLIF(notification.failure_reason, ''), mail.failure_reason, '') <> ''
        """)


def _mail_query(env):
    # Those with notifications are counted there, one by one. A mailing's traces of them name no reason.
    is_mailing = SQL("mail.mailing_id IS NOT NULL") if 'mailing_id' in env['mail.mail']._fields else SQL("FALSE")
    return SQL(
        """
        SELECT message.date AS day, COALESCE(message.record_company_id, author.company_id) AS company_id,
               message.email_from AS author, message.mail_server_id, %s AS is_mailing,
               COALESCE(NULLIF(mail.email_to, ''), (
                   SELECT MIN(partner.email_normalized) FROM mail_mail_res_partner_rel recipient
                     JOIN res_partner partner ON partner.id = recipient.res_partner_id
                    WHERE recipient.mail_mail_id = mail.id)) AS recipient,
               mail.failure_reason AS reason
          FROM mail_mail mail
          JOIN mail_message message ON message.id = mail.mail_message_id
     LEFT JOIN res_users author ON author.id = message.create_uid
         WHERE mail.state = 'exception' AND mail.failure_reason <> ''
           AND NOT EXISTS (SELECT 1 FROM mail_notification notification WHERE notification.mail_mail_id = mail.id
                              AND notification.notification_status IN ('bounce', 'exception'))
        """, is_mailing)


def _trace_query(env):
    if 'mailing.trace' not in env:
        return None
    return SQL(
        """
        SELECT trace.write_date AS day, author.company_id, mailing.email_from AS author, mailing.mail_server_id,
               TRUE AS is_mailing, trace.email AS recipient, trace.failure_reason AS reason
          FROM mailing_mailing mailing
          JOIN mailing_trace trace ON trace.mass_mailing_id = mailing.id
          JOIN res_users author ON author.id = COALESCE(mailing.user_id, mailing.create_uid)
         WHERE mailing.write_date >= NOW() AT TIME ZONE 'UTC' - MAKE_INTERVAL(days => %s)
           AND trace.trace_status IN ('bounce', 'error') AND trace.failure_reason <> ''
        """, EVIDENCE_DAYS)


def numbers(gathered, since):
    """Return what a text about rejections of one cause names, of those after ``since`` (``None``: all)."""
    days = [day for day in gathered['days'] if not since or date.fromisoformat(day) > since]
    return {
        'count': sum(gathered['days'][day] for day in days), 'since': min(days), 'receivers': gathered['receivers'],
        'cause': gathered['cause'],
    }
