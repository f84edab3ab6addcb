"""Sees what leaves through an SMTP session where it leaves, at ``send_message``. It alters nothing and never raises.

Core's own methods tell what is about to be sent; a module that is loaded after this one may still
change it. What the session is asked to send is what receivers see.
"""

import logging
from collections import namedtuple

from odoo.tools.mail import email_normalize, email_normalize_all

_logger = logging.getLogger(__name__)

CONFIGURATION_FILE = 0  # as mail_server_id: the server of Odoo's configuration file
OTHER_HOST = -1  # as mail_server_id: a host that is none of Odoo's servers, named by whoever sent

# One message that a mail server took. ``author_email`` is who wrote it, as far as known (else its From);
# addresses are normalized; ``smtp_host`` is empty for Odoo's servers; ``res_model`` is what the mail is about.
Departure = namedtuple(
    'Departure', 'company_id mail_server_id smtp_host author_email from_email envelope_from is_mailing res_model')
# What is known of who sends: ``note`` takes the Departure.
Sender = namedtuple('Sender', 'note company_id author_email is_mailing res_model', defaults=('', False, ''))

_WATCHED = 'mail_domain_health_watched'  # attribute of a session


class Watched:
    """One session: through which server it leads, and who sends next."""

    __slots__ = ('is_sending', 'mail_server_id', 'next_sender', 'sender', 'smtp_host')

    def __init__(self):
        self.is_sending = False
        self.next_sender = None


class _SendMessage:
    """Stands where a session's ``send_message`` was: the same call, the same answer, the same errors.

    Whatever else is asked of it is asked of the original, so that a mock stays one.
    """

    def __init__(self, session, watched, own):
        vars(self).update(_session=session, _watched=watched, _own=own)

    def _original(self):
        if self._own is not None:
            return self._own
        # Looked up at each call: tests replace the method of the class meanwhile, by what need not be a function.
        method = type(self._session).send_message
        return method.__get__(self._session) if hasattr(type(method), '__get__') else method

    def __call__(self, *args, **kwargs):
        watched, original = self._watched, self._original()
        if watched.is_sending:  # somebody wrapped this one, which then was put in place a second time
            return original(*args, **kwargs)
        addresses = _read(args, kwargs)
        watched.is_sending = True
        try:
            result = original(*args, **kwargs)
        finally:
            watched.is_sending = False
            sender, watched.next_sender = watched.next_sender or watched.sender, None
        _note(watched, sender, addresses)
        return result

    def __getattr__(self, name):
        return getattr(self._original(), name)

    def __setattr__(self, name, value):
        setattr(self._original(), name, value)


def watch(session, mail_server_id, smtp_host, sender):
    """Have every message noted that ``session`` sends from now on, once each, however often this is called.

    :param session: what ``_connect__`` returned: an ``smtplib.SMTP``, or what stands for one
    :param int mail_server_id: ``ir.mail_server``, :data:`CONFIGURATION_FILE` or :data:`OTHER_HOST`
    :param Sender sender: who sends where nothing more is known (:func:`expect`)
    """
    try:
        watched = _own(session, _WATCHED)
        if not isinstance(watched, Watched):
            watched = Watched()
            setattr(session, _WATCHED, watched)
        watched.mail_server_id, watched.smtp_host, watched.sender = mail_server_id, smtp_host, sender
        own = _own(session, 'send_message')
        if isinstance(own, _SendMessage) and own._watched is watched:
            return
        if own is None and not hasattr(type(session), 'send_message'):
            own = session.send_message
        session.send_message = _SendMessage(session, watched, own)
    except Exception:  # a session of somebody's own making; its mail goes uncounted
        _logger.info("Email Domain Health: cannot see what %s sends", type(session).__name__, exc_info=True)


def expect(session, sender):
    """Say who sends the next message of ``session``; nothing where it is not watched."""
    watched = _own(session, _WATCHED)
    if isinstance(watched, Watched):
        watched.next_sender = sender


def is_watched(session):
    """Whether :func:`watch` was asked of ``session``."""
    return isinstance(_own(session, _WATCHED), Watched)


def host_of(session):
    """Return the host that ``session`` was opened to, or an empty text where it does not tell."""
    host = _own(session, '_host')
    return host if isinstance(host, str) else ''


def first_address(text):
    """Return the first address of a header or field, normalized; an empty text where there is none."""
    return email_normalize(text) or next(iter(email_normalize_all(text or '')), '')


def _own(session, name):
    # Of the session itself: a mock has every attribute, and none that it was not given.
    return getattr(session, '__dict__', {}).get(name)


def _read(args, kwargs):
    """Return ``(From, envelope sender)`` of a call of ``send_message``, before it is sent, or ``None``."""
    try:
        message = args[0] if args else kwargs.get('msg', kwargs.get('message'))
        envelope_from = args[1] if len(args) > 1 else kwargs.get('from_addr', kwargs.get('smtp_from'))
        from_email = first_address(str(message['From'] or ''))
        # smtplib itself: Sender outranks From (RFC 5322 §3.6.2)
        envelope_from = first_address(str(envelope_from or message['Sender'] or '')) or from_email
        return from_email, envelope_from
    except Exception:  # whatever it is that is sent: it is sent
        _logger.warning("Email Domain Health: cannot read as whom a mail leaves", exc_info=True)
        return None


def _note(watched, sender, addresses):
    if addresses is None:
        return
    try:
        from_email, envelope_from = addresses
        sender.note(Departure(
            sender.company_id, watched.mail_server_id, watched.smtp_host, sender.author_email or from_email,
            from_email, envelope_from, sender.is_mailing, sender.res_model))
    except Exception:  # the mail has left; nothing here may make it look as if it had not
        _logger.warning("Email Domain Health: a mail was sent and not counted", exc_info=True)
