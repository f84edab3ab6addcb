import logging
from collections import Counter, namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..mailauth.names import domain_of

_logger = logging.getLogger(__name__)

COLLECTOR = 'mail_domain_health_departures'  # context key: the Departures of the mail that is being sent
PENDING = 'mail.domain.health.sent'  # what this transaction sent and has not written yet
RETENTION_DAYS = 90
COUNTED_DAYS = 30  # what a path's sent_count covers
CONFIGURATION_FILE = 0  # as mail_server_id: the server of Odoo's configuration file
NO_PATH = 0  # as path_id: it left in a way that no path foretells

Departure = namedtuple('Departure', 'mail_server_id from_email envelope_from')


class Departures:
    """What core hands to a mail server while it sends: noted when it is prepared, counted once it has left."""

    __slots__ = ('departed', 'prepared')

    def __init__(self):
        self.prepared = None
        self.departed = []

    def leave(self):
        """The message prepared last was accepted by the mail server."""
        if self.prepared:
            self.departed.append(self.prepared)
            self.prepared = None

    def take(self):
        """Return what has left since the last call."""
        departed, self.departed = self.departed, []
        return departed


def collector(env):
    """Return the :class:`Departures` of the mail that is being sent, or ``None``; what a client put there is none."""
    departures = env.context.get(COLLECTOR)
    return departures if isinstance(departures, Departures) else None


class MailDomainHealthSent(models.Model):
    """How many messages left, by path and server: rows that are only ever added, later summed up by day.

    A sender must neither wait nor fail because it is counted. Hence no shared row that two senders
    would write, no foreign key (it locks the row that it points to), one insertion at the end of a
    transaction, in a savepoint, that gives up rather than wait for the table.
    """

    _name = 'mail.domain.health.sent'
    _description = 'Mails Sent'
    _order = 'sent_on desc, id desc'
    _log_access = False  # who and when would be two columns and two foreign keys more

    path_id = fields.Integer("Way", required=True, help="mail.domain.health.path; 0: none was foretold.")
    mail_server_id = fields.Integer(
        "Outgoing Mail Server", required=True, help="ir.mail_server; 0: the server of Odoo's configuration file.")
    sent_on = fields.Datetime(
        required=True, index=True, help="To the second for two days, then midnight (UTC) of the day.")
    messages = fields.Integer(required=True)

    @api.model
    def _note(self, departures, company, author, is_mailing=False):
        """Count messages that left; they are written when this transaction ends, even if it undoes a part of itself.

        :param departures: :class:`Departure` of each message
        :param company: the company that it was sent for
        :param str author: who wrote it (``mail.mail.email_from``)
        :param is_mailing: whether it belongs to a mass mailing
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = Counter()
            precommit.add(self.env['mail.domain.health.sent'].sudo()._write_noted)
        author = email_normalize(author) or ''
        for departure in departures:
            precommit.data[PENDING][
                company.id, departure.mail_server_id, author,
                domain_of(email_normalize(departure.from_email)), domain_of(email_normalize(departure.envelope_from)),
                is_mailing,
            ] += 1

    @api.model
    def _write_noted(self):
        """Write what :meth:`_note` counted. Whatever goes wrong here is not the sender's trouble."""
        noted = self.env.cr.precommit.data.pop(PENDING, None)
        if not noted:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                # Rather an uncounted mail than a sender who waits for an update of this module to end.
                self.env.cr.execute("""
                    LOCK TABLE mail_domain_health_sent IN ROW EXCLUSIVE MODE NOWAIT;
                    LOCK TABLE mail_domain_health_path IN ACCESS SHARE MODE NOWAIT;
                """, log_exceptions=False)
                rows = Counter()
                for (company_id, mail_server_id, *route), count in noted.items():
                    path_id = self.env['mail.domain.health.path']._match_id(company_id, mail_server_id, *route)
                    rows[path_id or NO_PATH, mail_server_id] += count
                now = fields.Datetime.now()
                self.env.cr.execute(SQL(
                    "INSERT INTO mail_domain_health_sent (path_id, mail_server_id, sent_on, messages) VALUES %s",
                    SQL(", ").join(SQL("(%s, %s, %s, %s)", *row, now, count) for row, count in rows.items()),
                ), log_exceptions=False)
        except Exception:  # the mail has left; nothing here may undo what its sender did
            _logger.warning("Email Domain Health: %s mails were sent and not counted", noted.total(), exc_info=True)

    @api.model
    def _count_since(self, moment, mail_server_ids):
        """Return how many messages left through these servers (0: the configuration file's) since ``moment``."""
        [(count,)] = self.env.execute_query(SQL(
            """
            SELECT COALESCE(SUM(messages), 0) FROM mail_domain_health_sent
             WHERE sent_on >= %s AND mail_server_id IN %s
            """, moment, tuple(mail_server_ids) or (-1,)))
        return count

    @api.model
    def _sum_up(self):
        """Make one row per path, server and day of what is older than the last 24 hours, and forget after 90 days."""
        now = fields.Datetime.now()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.env.cr.execute(SQL(
            """
            WITH single AS (
                DELETE FROM mail_domain_health_sent
                 WHERE sent_on < %s AND sent_on <> date_trunc('day', sent_on)
             RETURNING path_id, mail_server_id, date_trunc('day', sent_on) AS day, messages)
            INSERT INTO mail_domain_health_sent (path_id, mail_server_id, sent_on, messages)
            SELECT path_id, mail_server_id, day, SUM(messages) FROM single GROUP BY path_id, mail_server_id, day
            """, today - relativedelta(days=1)))
        self.env.cr.execute(SQL(
            "DELETE FROM mail_domain_health_sent WHERE sent_on < %s", today - relativedelta(days=RETENTION_DAYS)))
        self.invalidate_model()

    @api.model
    def _update_paths(self):
        """Write on each path how much it was used; a domain is looked at again when a path of its own came into use."""
        Path = self.env['mail.domain.health.path'].sudo().with_context(active_test=False)
        used = {path_id: (count, last_sent) for path_id, count, last_sent in self.env.execute_query(SQL(
            """
            SELECT path_id, COALESCE(SUM(messages) FILTER (WHERE sent_on >= %s), 0), MAX(sent_on)::date
              FROM mail_domain_health_sent WHERE path_id <> 0 GROUP BY path_id
            """, fields.Datetime.now() - relativedelta(days=COUNTED_DAYS)))}
        counted = Path.search(['|', ('sent_count', '>', 0), ('id', 'in', list(used))])
        used_before = {path: path.is_used for path in counted}
        for path in counted:
            count, last_sent = used.get(path.id, (0, path.last_sent))
            if (path.sent_count, path.last_sent or None) != (count, last_sent or None):
                path.write({'sent_count': count, 'last_sent': last_sent})
        changed = counted.filtered(lambda path: path.is_used != used_before[path])
        changed.judge_id._mark_outdated()

    @api.autovacuum
    def _gc_sent(self):
        """Sum up and forget, where the scheduled check does not run."""
        self._sum_up()

