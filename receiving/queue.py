"""Mail that was taken and waits to be read: rows of `mail.domain.health.incoming`, written and read by SQL.

The octets are kept as they came, for a signature is over octets. Nothing here locks a row of anybody else's, so that no mail
fails because of what others do at the moment.
"""

import logging
from collections import namedtuple
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..checking import crons

_logger = logging.getLogger(__name__)

CRON = 'mail_domain_health.ir_cron_mail_domain_health_incoming'
READ_AFTER = timedelta(seconds=15)  # so that a run reads together what comes together
CLAIMED_FOR = timedelta(minutes=15)  # nobody else reads it so long; a worker that is killed loses nothing
KEPT_DAYS = 30
MAX_OCTETS = 16 * 1024 * 1024  # of a mail; a larger one is noted, and not kept
MAX_WAITING = 20_000  # mails; more are noted, and not kept
MAX_WAITING_OCTETS = 512 * 1024 * 1024
# Of them, those that wait for DNS, and as many that a person may decide about: anybody can send such, and they stay for long.
MAX_SET_ASIDE = MAX_WAITING // 4
MAX_SET_ASIDE_OCTETS = MAX_WAITING_OCTETS // 4
AT_ONCE = 50  # mails
AT_ONCE_OCTETS = 8 * 1024 * 1024  # at least one mail, whatever its size
MAX_ATTEMPTS = 4  # to read one: what ends the process each time is given up

# A mail that was taken. ``octets`` is None where it was not kept, ``author`` who answers for it (mailauth.arrival.Author, None
# for what a person uploaded), ``attempts`` how often it was claimed to be read, this time included.
Mail = namedtuple('Mail', 'id consumer recipient received_on octets size is_verifiable is_upload user_id attempts author')


class Room:
    """What may still be set aside of one kind: mails that are held for a person, or that wait for DNS."""

    def __init__(self, env, *, is_held):
        # Those that wait are no attempts (finish); those that are read at the moment are.
        which = SQL("next_read IS NULL") if is_held else SQL("next_read > %s AND attempts = 0", fields.Datetime.now())
        [(mails, octets)] = env.execute_query(SQL(
            "SELECT count(*), COALESCE(sum(size), 0) FROM mail_domain_health_incoming WHERE %s", which))
        self.mails, self.octets = MAX_SET_ASIDE - mails, MAX_SET_ASIDE_OCTETS - octets

    def take(self, size):
        """Use it for one mail; tell whether there is any."""
        if self.mails < 1 or self.octets < size:
            return False
        self.mails -= 1
        self.octets -= size
        return True


def add(env, consumer, recipient, octets, *, is_verifiable=True):
    """Queue one received mail; if that fails in this transaction, in one of its own."""
    values = [_get_row(env, consumer, recipient, octets, is_verifiable=is_verifiable)]
    try:
        with env.cr.savepoint(flush=False):
            _insert(env, values)
    except Exception:
        _logger.warning("Email Domain Health: a received mail is queued in a transaction of its own", exc_info=True)
        with env.registry.cursor() as cr:
            _insert(env(cr=cr), values)
    wake(env)


def add_uploads(env, consumer, payloads, user):
    """Queue what a person uploaded, without reading it; return the ids of its rows."""
    rows = [_get_row(env, consumer, '', octets, user=user) for octets in payloads]
    return _insert(env, rows) if rows else []


def wake(env, at=None):
    """Have waiting mail read by ``at`` (default: soon); it is read each hour anyway."""
    try:
        with env.cr.savepoint(flush=False):
            crons.wake(env, CRON, at or fields.Datetime.now() + READ_AFTER)
    except Exception:
        _logger.warning("Email Domain Health: received mail is read within the hour", exc_info=True)


def claim(env):
    """Return the :class:`Mail` rows to be read next, at most so many; nobody else has them. Commit before reading them."""
    now = fields.Datetime.now()
    rows = env.execute_query(SQL(
        """
        SELECT id, size FROM mail_domain_health_incoming WHERE next_read <= %s
      ORDER BY next_read, id LIMIT %s FOR UPDATE SKIP LOCKED
        """, now, AT_ONCE))
    ids, octets = [], 0
    for row_id, size in rows:
        octets += size
        if ids and octets > AT_ONCE_OCTETS:
            break
        ids.append(row_id)
    return take_up(env, ids)


def take_up(env, ids):
    """Return these rows as :class:`Mail`, oldest first, and let nobody else read them for a while."""
    if not ids:
        return []
    found = env.execute_query(SQL(
        """
        UPDATE mail_domain_health_incoming SET attempts = attempts + 1, next_read = %s WHERE id = ANY(%s)
     RETURNING id, consumer, recipient, received_on, octets, size, is_verifiable, is_upload, user_id, attempts
        """, fields.Datetime.now() + CLAIMED_FOR, list(ids)))
    return [
        Mail(row_id, consumer, recipient or '', received_on, octets if octets is None else bytes(octets), *rest, None)
        for row_id, consumer, recipient, received_on, octets, *rest in sorted(found, key=lambda row: row[0])]


def finish(env, done, held=(), later=None):
    """Follow what became of mails that were read.

    :param done: ids of those that are of no use any more
    :param held: ids of those that are kept, for a person may decide about them
    :param later: ``{id: when}`` they are read again
    """
    if done:
        env.cr.execute(SQL("DELETE FROM mail_domain_health_incoming WHERE id = ANY(%s)", list(done)))
    if held:
        env.cr.execute(SQL("UPDATE mail_domain_health_incoming SET next_read = NULL WHERE id = ANY(%s)", list(held)))
    for row_id, when in (later or {}).items():
        env.cr.execute(SQL("UPDATE mail_domain_health_incoming SET next_read = %s, attempts = 0 WHERE id = %s", when, row_id))
    env['mail.domain.health.incoming'].invalidate_model()


def put_back(env, ids, when):
    """Have mails that could not be read tried again."""
    env.cr.execute(SQL("UPDATE mail_domain_health_incoming SET next_read = %s WHERE id = ANY(%s)", when, list(ids)))


def count_waiting(env):
    """Return how many mails wait to be read now."""
    [(count,)] = env.execute_query(SQL(
        "SELECT count(*) FROM mail_domain_health_incoming WHERE next_read <= %s", fields.Datetime.now()))
    return count


def get_next(env):
    """Return when the next one is to be read, or ``None``."""
    [(when,)] = env.execute_query(SQL("SELECT min(next_read) FROM mail_domain_health_incoming"))
    return when


def forget_old(env):
    """Remove mail that was received longer ago than it may be kept; return its ids."""
    gone = env.execute_query(SQL(
        "DELETE FROM mail_domain_health_incoming WHERE received_on < %s RETURNING id",
        fields.Datetime.now() - timedelta(days=KEPT_DAYS)))
    env['mail.domain.health.incoming'].invalidate_model()
    return [row_id for [row_id] in gone]


def _get_row(env, consumer, recipient, octets, *, is_verifiable=False, user=None):
    size, now = len(octets), fields.Datetime.now()
    is_kept = size <= MAX_OCTETS and (user is not None or not _is_full(env, size))
    if not is_kept:
        _logger.warning("Email Domain Health: a received mail of %s octets is not kept", size)
    return (consumer, recipient[:320], now, octets if is_kept else None, size if is_kept else 0, is_verifiable,
            user is not None, user.id if user else None, 0, now)


def _is_full(env, size):
    """Whether so much is kept already that no more is: read off an index."""
    [(count, octets)] = env.execute_query(SQL(
        """
        SELECT count(*), COALESCE(sum(size), 0) FROM (
               SELECT size FROM mail_domain_health_incoming WHERE size > 0 LIMIT %s) kept
        """, MAX_WAITING))
    return count >= MAX_WAITING or octets + size > MAX_WAITING_OCTETS


def _insert(env, rows):
    env.cr.execute(SQL(
        """
        INSERT INTO mail_domain_health_incoming (
               consumer, recipient, received_on, octets, size, is_verifiable, is_upload, user_id, attempts, next_read)
        VALUES %s RETURNING id
        """, SQL(", ").join(SQL("%s", row) for row in rows)), log_exceptions=False)  # the mails would stand in the log
    return [row_id for [row_id] in env.cr.fetchall()]
