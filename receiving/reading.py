"""Reading what was taken: who answers for each mail is judged once, then the model that took it makes of it what it is for."""

import logging
from datetime import timedelta, timezone

from psycopg2 import OperationalError

from odoo import fields

from .. import mailauth
from . import queue

_logger = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=10)  # what could not be read now


class Outcome:
    """What becomes of mails that were read; those of which nothing is said are of no use any more."""

    def __init__(self):
        self.held = set()  # ids of those that are kept, for a person may decide about them
        self.later = {}  # ids, and when they are read again

    def hold(self, mail):
        self.held.add(mail.id)

    def postpone(self, mail, when):
        self.later[mail.id] = when


def read_waiting(env, is_over, progress):
    """Read waiting mail until the time is up.

    :param is_over: tells whether it is
    :param progress: commits; given how many mails were read and how many wait still
    """
    while True:
        mails = queue.claim(env)
        progress(0, queue.count_waiting(env) + len(mails))
        if not mails:
            return
        read_mails(env, mails)
        progress(len(mails), queue.count_waiting(env))
        if is_over():
            return


def read_mails(env, mails):
    """Read claimed mails; what one of them brings about harms no other. Does not commit."""
    given_up = [mail for mail in mails if mail.attempts > queue.MAX_ATTEMPTS]
    for mail in given_up:
        _logger.warning("Email Domain Health: received mail %s cannot be read and is given up", mail.id)
    queue.finish(env, [mail.id for mail in given_up])
    mails = judge(env, [mail for mail in mails if mail.attempts <= queue.MAX_ATTEMPTS])
    for model in dict.fromkeys(mail.consumer for mail in mails):
        own = [mail for mail in mails if mail.consumer == model]
        if model not in env:  # a module that is gone
            queue.finish(env, [mail.id for mail in own])
        elif not _consume(env, model, own):
            for mail in own:
                if not _consume(env, model, [mail]):
                    queue.put_back(env, [mail.id], fields.Datetime.now() + TRY_AGAIN)


def judge(env, mails):
    """Return the mails, each with who answers for it; what a person uploaded has no such author."""
    asked = [
        (mail.id, mail.octets, mail.received_on.replace(tzinfo=timezone.utc))
        for mail in mails if mail.is_verifiable and not mail.is_upload and mail.octets]
    found, nobody = _find_authors(env, asked) if asked else {}, mailauth.arrival.Author(reason='altered')
    return [mail._replace(author=None if mail.is_upload else found.get(mail.id, nobody)) for mail in mails]


def _find_authors(env, asked):
    """Return ``{number: author}``; a mail that the engine cannot take proves nothing, and keeps no other from being judged."""
    try:
        return dict(mailauth.iter_authors(env['mail.domain.health']._get_resolver(), asked, limit=queue.MAX_OCTETS))
    except Exception:
        _logger.exception("Email Domain Health: cannot tell who sent received mail")
    if len(asked) == 1:
        return {asked[0][0]: mailauth.arrival.Author(reason='not_a_mail')}
    return {number: author for mail in asked for number, author in _find_authors(env, [mail]).items()}


def _consume(env, model, mails):
    """Have the model read its mails; tell whether nothing went wrong."""
    outcome = Outcome()
    try:
        with env.cr.savepoint():
            env[model]._consume(mails, outcome)
            kept = outcome.held | outcome.later.keys()
            queue.finish(env, [mail.id for mail in mails if mail.id not in kept], outcome.held, outcome.later)
        return True
    except OperationalError:  # somebody else was faster
        _logger.info("Email Domain Health: received mail is read later", exc_info=True)
    except Exception:
        _logger.exception("Email Domain Health: received mail cannot be read")
    env.invalidate_all()
    return False
