"""Mail that is ours is taken before Odoo's gateway looks at it; all other mail reaches it untouched.

Odoo takes every ``multipart/report`` for a bounce, drops what it takes for a loop or a duplicate, and answers that with a
bounce. A report, and a mail that proves a way, is none of these. Where the octets of a mail still are, its header is
looked at and what is ours is queued as it came (:mod:`queue`); it is read by a scheduled action (:mod:`reading`).
"""

import logging
import re
import xmlrpc.client
from functools import cached_property

from odoo.tools.mail import email_split

from ..mailauth.arrival.message import fields_of, unfold
from . import addresses, queue

_logger = logging.getLogger(__name__)

# Models that take mail, the first one that knows it takes it. Each has ``_find_recipient(header)``, which tells whom of ours a
# mail is for (the address, or another text that says so; empty: it is for nobody of ours) and asks no DNS, and
# ``_consume(mails, outcome)``, which reads queued mail (:func:`reading.read_waiting`, :class:`reading.Outcome`).
CONSUMERS = ('mail.domain.health.proof', 'mail.domain.health.report')
MAX_HEADER = 256 * 1024  # octets of a mail that are looked at
# Where core looks for recipients; other aliases count where the sender named them, not where the mailbox is called so.
NAMED_FIELDS = ('to', 'cc', 'resent-to', 'resent-cc')
DELIVERED_FIELD = 'delivered-to'
_LINE_END = re.compile(rb'\r\n|\r|\n')


class Header:
    """The header of a mail, as far as it is looked at here: bounded, and nothing of it is believed.

    ``octets`` are the whole mail, for what cannot be told from its header.
    """

    def __init__(self, octets):
        self.octets = octets
        self.start = octets[:MAX_HEADER]
        lines = _LINE_END.sub(b'\r\n', octets[:MAX_HEADER]).lstrip(b'\r\n')
        if lines.startswith((b'From ', b'>From ')):  # what pipes put above it
            lines = lines.partition(b'\r\n')[2]
        self.fields = fields_of(lines.partition(b'\r\n\r\n')[0])

    def values(self, name):
        """Return the values of a field, unfolded, the topmost first."""
        return [unfold(value) for field, value in self.fields if field.lower() == name]

    @cached_property
    def named(self):
        """The addresses that the sender named, in lower case."""
        return self._addresses(NAMED_FIELDS)

    @cached_property
    def recipients(self):
        """All addresses that core takes for recipients, in lower case."""
        return self.named | self._addresses((DELIVERED_FIELD,))

    def _addresses(self, names):
        return {address.lower() for name in names for value in self.values(name) for address in email_split(value)}


def take(env, message):
    """Queue a mail that is ours, and tell whether it is for nobody else: then core does not see it.

    Whatever goes wrong here, the mail is core's, as it would be without us.

    :param message: what ``mail.thread.message_process`` is given: bytes, text or ``xmlrpc.client.Binary``
    """
    try:
        octets, is_verifiable = _get_octets(message)
        if not octets:
            return False
        env = env(su=True)
        header = Header(octets)
        consumer, recipient = _find_consumer(env, header)
        if not consumer:
            return False
        queue.add(env, consumer, recipient, octets, is_verifiable=is_verifiable)
        return not _is_for_others(env, header, recipient)
    except Exception:
        _logger.exception("Email Domain Health: a received mail is left to Odoo")
        return False


def _get_octets(message):
    """Return a mail's octets, and whether they are those that came: a text was decoded by somebody, perhaps wrongly."""
    if isinstance(message, xmlrpc.client.Binary):
        message = message.data
    if isinstance(message, str):
        return message.encode('utf-8', 'surrogateescape'), False
    return (message, True) if isinstance(message, bytes) else (b'', False)


def _find_consumer(env, header):
    """Return the model whose mail it is, and whom it is for; ``(None, '')`` for everybody else's."""
    for model in CONSUMERS:
        try:
            with env.cr.savepoint():
                recipient = env[model]._find_recipient(header)
        except Exception:
            _logger.exception("Email Domain Health: %s cannot tell whether a received mail is its own", model)
            continue
        if recipient:
            return model, recipient
    return None, ''


def _is_for_others(env, header, recipient):
    """Whether the sender named another alias of Odoo's as well, or in place of ours: then core has the mail, too."""
    is_ours_named = len(header.named) < 2 and (
        recipient in header.named or recipient != addresses.find_recipient(env, header))  # else it is known otherwise
    return not is_ours_named and addresses.is_of_another(env, header.named)
