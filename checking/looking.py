"""What became of the records that somebody publishes: seen by itself, while they watch and for two days after.

A look asks about the records that are not there yet and about nothing else. Who may ask is settled in the database
(:func:`claim`), for workers and browsers know nothing of each other; while DNS is asked, nothing is locked.
"""

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from psycopg2 import OperationalError
from psycopg2.extras import Json

from odoo import fields
from odoo.tools import SQL

from .. import mailauth
from . import proposals

EVERY = timedelta(seconds=15)  # a record is asked about at most, whoever looks
DEADLINE = 3.0  # seconds that such a look takes, at most
# Between the scheduled looks, once nobody watches any more; the last of them again and again.
DISTANCES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240))
FOLLOWED_FOR = timedelta(days=2)  # after a person looked
NOT_LONG_AGO = timedelta(days=1)
DOMAINS_AT_ONCE = 20  # whose records one scheduled look asks about within its deadline
VISIBLE = ('published', 'seen')  # outcomes: receivers see it, as far as we can tell


def look(domain, optional_keys=()):
    """Ask DNS what became of a domain's records, for a person who watches; follow them from now on.

    Does nothing about those that anybody asked about less than :data:`EVERY` ago. In transactions of its own.

    :param optional_keys: of the records that are good to have and not needed, those that the person sees
    """
    with _own_transaction(domain) as own:
        asked = claim(own, optional_keys)
    if asked:
        outcomes = _ask(domain._get_resolver(DEADLINE), asked)
        with _own_transaction(domain) as own:
            remember(own.env, outcomes)


def look_at_all(domain):
    """See what became of each record, for a person who pressed “Check now” after publishing some.

    Those, too, that this check does not ask for any more: most likely because they are there.
    """
    report = domain._get_report()
    if not report or report.unanswered:
        return
    changes = proposals.needed_changes(domain, report)
    keys = {proposals.key_of(change) for change in changes}
    changes += [record.change for record in _records(domain) if record.key not in keys and not record.done_on
                and record.asked_on > _now() - NOT_LONG_AGO]
    outcomes = mailauth.look_each_now(domain._get_resolver(DEADLINE), proposals.wanted(domain, report, changes))
    now = _now()
    try:
        with domain.env.cr.savepoint():
            _add_missing(domain, changes)
            records = {record.key: record for record in _records(domain)}
            looked = {records[proposals.key_of(change)].id: outcome.to_dict() for change, outcome in zip(changes, outcomes)}
            domain.env['mail.domain.health.record'].browse(looked).asked_on = now
            remember(domain.env, looked)
            domain.env.flush_all()
    except OperationalError:  # somebody else sees the same just now
        domain.env.invalidate_all(flush=False)


def look_at_due(env, commit):
    """Ask DNS about the records whose scheduled look is due, of some domains; return whether there are more.

    :param commit: is called before DNS is asked, and when what it said is stored
    """
    Record = env['mail.domain.health.record']
    now = fields.Datetime.now()
    due = Record.search([('next_look', '<=', now)], order='next_look, id')
    domains = due.domain_id[:DOMAINS_AT_ONCE]
    chosen = due.filtered(lambda record: record.domain_id in domains).try_lock_for_update()
    asked = []
    for domain in chosen.domain_id:
        own = chosen.filtered(lambda record, domain=domain: record.domain_id == domain)
        report = domain._get_report()
        pending = own & _get_pending(domain, proposals.all_changes(domain, report) if report else [])
        for record in own:
            record.write(_get_next(record, now) if record in pending else {'next_look': False})
        asked += _to_ask(domain, report, pending.filtered(
            lambda record: not record.asked_on or record.asked_on <= now - EVERY))
    Record.browse([record_id for record_id, _wanted in asked]).asked_on = _now()
    for at in {record.next_look for record in chosen if record.next_look}:
        env['mail.domain.health']._trigger_cron(at)
    commit()
    if asked:
        remember(env, _ask(env['mail.domain.health']._get_resolver(DEADLINE), asked))
        commit()
        domains.filtered(is_check_due).try_lock_for_update(allow_referencing=True).next_check = now
        commit()
    return len(due.domain_id) > len(domains)


def claim(domain, optional_keys=()):
    """Take the records that may be asked about now, so that nobody else asks about them, and follow them.

    :param optional_keys: as :func:`look` takes them
    :return: ``[(id, mailauth.Wanted)]``
    """
    report, now = domain._get_report(), _now()
    if not report:
        return []
    changes = proposals.needed_changes(domain, report)
    changes += [change for change in report.extras if proposals.key_of(change) in optional_keys]
    return _to_ask(domain, report, _follow(
        domain, changes, now, SQL("asked_on = %s,", now), SQL("AND (asked_on IS NULL OR asked_on <= %s)", now - EVERY)))


def follow(domain):
    """Look by itself from now on, as if a person had looked: a letter has left for whoever runs the DNS. Asks no DNS."""
    if report := domain._get_report():
        _follow(domain, proposals.needed_changes(domain, report), _now(), SQL(), SQL())


def remember(env, outcomes):
    """Store what was seen: ``{id of the record: mailauth.advice.outcome.Outcome.to_dict()}``.

    Silence replaces nothing that is known. What somebody else is storing is left to them.
    """
    now = fields.Datetime.now()
    for record in env['mail.domain.health.record'].browse(outcomes).try_lock_for_update():
        outcome = outcomes[record.id]
        if outcome['code'] == 'unknown':
            if not get_outcome(record):
                record.write({'outcome': outcome, 'looked_on': now})
            continue
        values = {'outcome': outcome, 'looked_on': now}
        if not outcome['done']:
            values.update(done_on=False, visible_on=False, until=False)
        elif not record.done_on:  # from then on the time that caches may take runs down
            values.update(done_on=now, until=now + timedelta(seconds=outcome['seconds']))
        if outcome['code'] in VISIBLE and not record.visible_on:
            values['visible_on'] = now
        record.write(values)


def get_outcome(record):
    """Return what was seen of a record since the last check, or ``None``: an older look says nothing beside a newer."""
    last_check = record.domain_id.last_check
    return record.outcome if record.looked_on and (not last_check or record.looked_on >= last_check) else None


def is_visible(record):
    """Whether receivers see a record that the last check asked for."""
    outcome, last_check = get_outcome(record), record.domain_id.last_check
    if outcome and outcome['code'] != 'unknown':
        return outcome['code'] in VISIBLE
    return bool(record.visible_on) and (not last_check or record.visible_on >= last_check)


def is_check_due(domain):
    """Whether receivers see what makes the next check judge otherwise than the last one.

    That is all the records that the mail needs, or any of those that are only good to have.
    """
    report = domain._get_report()
    if not report:
        return False
    needed = set(map(proposals.key_of, proposals.needed_changes(domain, report)))
    optional = set(map(proposals.key_of, report.extras))
    visible = _records(domain).filtered(is_visible)
    new = {record.key for record in visible if record.visible_on >= domain.last_check}
    return bool(optional & new) or bool(needed & new) and needed <= set(visible.mapped('key'))


def _get_pending(domain, changes):
    """Return the records of these changes, as far as receivers do not see them."""
    keys = set(map(proposals.key_of, changes))
    return _records(domain).filtered(lambda record: record.key in keys and not is_visible(record))


def _follow(domain, changes, now, values, condition):
    """Plan the next scheduled look at what receivers do not see yet, and how long to go on; return the records concerned.

    :param list changes: that may have been made
    :param SQL values: what else is set
    :param SQL condition: on the records
    """
    env, soon = domain.env, now + DISTANCES[0]
    try:
        with env.cr.savepoint():
            _add_missing(domain, changes)
            pending = _get_pending(domain, changes)
            env.cr.execute(SQL(
                """
                UPDATE mail_domain_health_record
                   SET %(values)s followed_on = %(now)s, looks = 0,
                       next_look = CASE WHEN next_look > %(now)s AND next_look < %(soon)s THEN next_look ELSE %(soon)s END
                 WHERE id IN (
                    SELECT id FROM mail_domain_health_record WHERE id = ANY(%(ids)s) %(condition)s FOR UPDATE SKIP LOCKED)
                RETURNING id, next_look = %(soon)s
                """, now=now, soon=soon, ids=pending.ids, values=values, condition=condition), log_exceptions=False)
            rows = env.cr.fetchall()
    except OperationalError:  # somebody else was faster
        rows = []
    Record = env['mail.domain.health.record']
    Record.invalidate_model()
    if any(is_new for _record_id, is_new in rows):
        env['mail.domain.health']._trigger_cron(fields.Datetime.to_datetime(soon.replace(microsecond=0)) + timedelta(seconds=1))
    return Record.browse(record_id for record_id, _is_new in rows)


def _to_ask(domain, report, records):
    return list(zip(records.ids, proposals.wanted(domain, report, [record.change for record in records]))) if records else []


def _ask(resolver, asked):
    outcomes = mailauth.look_each_now(resolver, [wanted for _record_id, wanted in asked])
    return {record_id: outcome.to_dict() for (record_id, _wanted), outcome in zip(asked, outcomes)}


def _add_missing(domain, changes):
    """Add a row for each change that has none yet; another transaction may do the same just now."""
    known = set(_records(domain).mapped('key'))
    values = [
        SQL("(%s, %s, %s, %s)", domain.id, key, sequence, Json(change))
        for sequence, key, change in proposals.in_order(domain, changes) if key not in known]
    if values:
        domain.env.cr.execute(SQL(
            "INSERT INTO mail_domain_health_record (domain_id, key, sequence, change) VALUES %s "
            "ON CONFLICT (domain_id, key) DO NOTHING", SQL(", ").join(values)), log_exceptions=False)


def _records(domain):
    return domain.env['mail.domain.health.record'].sudo().search([('domain_id', '=', domain.id)])


def _get_next(record, now):
    """Return when to look again by itself, and how often that was done: at growing distances, and not for ever."""
    at = now + DISTANCES[min(record.looks + 1, len(DISTANCES) - 1)]
    is_over = not record.followed_on or at > record.followed_on + FOLLOWED_FOR
    return {'next_look': False if is_over else at, 'looks': record.looks + 1}


@contextmanager
def _own_transaction(domain):
    """Within, the domain in a transaction of its own, as the superuser: committed at the end, whatever becomes of ours."""
    with domain.env.registry.cursor() as cr:
        yield domain.with_env(domain.env(cr=cr, su=True))


def _now():
    return datetime.now(timezone.utc).replace(tzinfo=None)
