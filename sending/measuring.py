"""Who sends what just now, and through which server: what is noted of a mail while core sends it. It changes nothing.

A session's messages are seen where they leave (departure.py); here is told who they are of. Nothing here may stop a mail.
"""

import logging
from functools import partial

from odoo.tools import config

from .counting import note
from .departure import CONFIGURATION_FILE, OTHER_HOST, Sender, expect, first_address, host_of, is_watched, watch

_logger = logging.getLogger(__name__)

SENDING = 'mail_domain_health_sending'  # context key: a Sending
# A header of the few mails that the add-on sends by itself: counted, each would bring the path that it takes into use.
UNCOUNTED = 'X-Mail-Domain-Health'
CHOSEN = 'mail_domain_health_chosen'  # context key: which server core chose while it connects (a Choice)


class Sending:
    """The mail that core sends just now, as a :class:`Sender`; one for a whole run of them."""

    __slots__ = ('sender',)

    def __init__(self):
        self.sender = None


class Choice:
    """The server that core chose last; compared by identity, for Odoo shares environments of equal contexts."""

    mail_server_id = None
    host = ''


def note_mail(mail, take_uncounted=None):
    """Note, where core sends a run of mails, that ``mail`` is next.

    :param take_uncounted: takes the departure of a mail that is not counted
    """
    sending = mail.env.context.get(SENDING)
    if isinstance(sending, Sending):  # and nothing that a client put there
        sending.sender = _sender_of_mail(mail, take_uncounted or _leave_uncounted)


def _sender_of_mail(mail, take_uncounted):
    """Return the :class:`Sender` of a ``mail.mail``, or ``None`` where that cannot be told."""
    try:
        mail = mail[:1].sudo()
        take = take_uncounted if UNCOUNTED in (mail.headers or '') else partial(note, mail.env.cr)
        return Sender(
            take, (mail.record_company_id or mail.env.company).id,
            first_address(mail.email_from), 'mailing_id' in mail._fields and bool(mail.mailing_id), mail.model or '')
    except Exception:
        _logger.warning("Email Domain Health: cannot tell who sends mail %s", mail.ids, exc_info=True)
        return None


def _leave_uncounted(_departure):
    """Take what :func:`counting.note` takes."""


def note_chosen(env, mail_server):
    """Note which server core chose (empty: the configuration file's), where it chooses to connect."""
    choice = env.context.get(CHOSEN)
    if isinstance(choice, Choice):  # and nothing that a client put there
        choice.mail_server_id = mail_server.id if mail_server else CONFIGURATION_FILE
        is_own = mail_server and mail_server.smtp_authentication != 'cli'
        choice.host = mail_server.smtp_host if is_own else config.get('smtp_server')


def watch_session(env, session, choice, host):
    """Have what leaves through a session that core opened noted; ``host`` is the one that the caller named, if any."""
    try:
        watch(session, *_server_of(env, session, choice, host), _sender(env))
    except Exception:  # the mail leaves all the same
        _logger.warning("Email Domain Health: cannot tell which server a session leads to", exc_info=True)


def _server_of(env, session, choice, host):
    """Return ``(mail_server_id, host that is none of Odoo's servers)`` of a session that was opened.

    What core chose, unless a module that is loaded after this one made another choice of it.
    """
    opened = host_of(session)
    if choice.mail_server_id is None:  # nothing chosen: the caller gave a host of their own
        return OTHER_HOST, opened or host or ''
    if not opened or opened == choice.host:
        return choice.mail_server_id, ''
    named = env['ir.mail_server'].sudo().search([('smtp_host', '=', opened)], limit=2)
    return (named.id, '') if len(named) == 1 else (OTHER_HOST, opened)


def expect_from(env, session, author):
    """Have the next message of a session noted as ``author``'s, whoever opened it."""
    try:
        sender = _sender(env, author)
        if not is_watched(session) and hasattr(session, 'send_message'):
            watch(session, OTHER_HOST, host_of(session), sender)
        expect(session, sender)
    except Exception:  # the mail leaves all the same
        _logger.warning("Email Domain Health: cannot tell who sends a mail", exc_info=True)


def _sender(env, author=''):
    """Return the :class:`Sender` of the mail that is being sent; of ``author`` where it is no ``mail.mail``."""
    sending = env.context.get(SENDING)
    if isinstance(sending, Sending) and sending.sender:  # and nothing that a client put there
        return sending.sender
    return Sender(partial(note, env.cr), env(su=True).company.id, first_address(str(author or '')))
