"""Reports that a person uploads: taken apart at once, so that each of them is read, counted and given up by itself."""

import gzip
from collections import Counter

from odoo import fields

from ..mailauth import reports as engine
from . import queue, reading

CONSUMER = 'mail.domain.health.report'
MAX_REPORTS = 10_000  # of one file
MAX_OCTETS = 128 * 1024 * 1024  # of all of them, unpacked
READ_AT_ONCE = 5.0  # seconds, while the person waits
MAX_LISTED = 20  # parts of a file that were left out for one reason; the last one stands for all others
CHECKSUM = 8  # octets at the end of a gzip file
LIMITS = engine.Limits(packed=MAX_OCTETS, unpacked=MAX_OCTETS, entries=MAX_REPORTS)


def take(env, octets, is_over):
    """Queue the reports of a file, and read as many as there is time for.

    :param is_over: tells whether the time is up
    :return: how many were found, how many of them are left to the scheduled action, and how much of the file is left out, by
        reason (``texts.reports.explain``)
    """
    payloads, left_out = _take_apart(octets)
    user, env = env.user, env(su=True)
    _list(env, left_out, user)
    ids = queue.add_uploads(env, CONSUMER, payloads, user)
    done = 0
    while done < len(ids) and not is_over():
        reading.read_mails(env, queue.take_up(env, ids[done:done + queue.AT_ONCE]))
        done += queue.AT_ONCE
    waiting = max(0, len(ids) - done)
    if waiting:
        queue.wake(env)
    return len(ids), waiting, left_out


def _take_apart(octets):
    """Return the reports of a file, as the queue keeps them, and what of it is left out, by reason."""
    payloads, left_out, total = [], Counter(), 0
    for found in engine.extract(octets, LIMITS):
        if isinstance(found, engine.FailureReport):
            left_out['failure_report'] += 1
        elif isinstance(found, engine.Refused):
            left_out[found.code] += 1
        elif len(payloads) >= MAX_REPORTS:
            left_out['reports.too_many_entries'] += 1
            break
        else:
            size, packed = _pack(found)
            total += size
            if total > MAX_OCTETS:
                left_out['reports.unpacked_too_large'] += 1
                break
            payloads.append(packed)
    if payloads or left_out.keys() - engine.NOTHING:  # what else lies in an archive or a mailbox is missed by nobody
        for code in engine.NOTHING:
            del left_out[code]
    return payloads, left_out


def _pack(payload):
    """Return the size of a report, and it packed; a damaged one lacks its end then, so that it is read as a part of one."""
    pieces, is_whole = [], True
    try:
        pieces.extend(payload.chunks())
    except engine.Damaged as damage:
        is_whole = damage.code == 'reports.other_content'
    octets = b''.join(pieces)
    packed = gzip.compress(octets, 1)
    return len(octets), packed if is_whole else packed[:-CHECKSUM]


def _list(env, left_out, user):
    """Have the list of received reports say what of a file is left out."""
    rows = []
    for code, number in left_out.items():
        listed = min(number, MAX_LISTED)
        rows += [{
            'kind': 'failure' if code == 'failure_report' else 'other', 'state': 'refused', 'reason': code, 'emails': emails,
            'received_on': fields.Datetime.now(), 'is_uploaded': True, 'user_id': user.id,
        } for emails in (*[1] * (listed - 1), number - listed + 1)]
    env['mail.domain.health.report'].create(rows)
