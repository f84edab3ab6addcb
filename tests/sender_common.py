"""Mail that really goes through core's sending, as far as the SMTP session, whose calls are written down."""

from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from odoo.tools import config
from odoo.tools.mail import email_normalize, email_split_tuples


class Sent(NamedTuple):
    """How one mail left: the server's host, the envelope sender, the From address and the name beside it."""

    host: str
    envelope_from: str
    from_email: str
    name: str


class _SmtpSession:
    """What stands in for smtplib's: it delivers nothing and tells ``outbox``."""

    def __init__(self, outbox, host):
        self.outbox = outbox
        self.host = host

    def send_message(self, message, smtp_from, smtp_to_list):
        [(name, address)] = email_split_tuples(str(message['From']))
        self.outbox[smtp_to_list[0]] = Sent(self.host, smtp_from, email_normalize(address), name)
        self.message = message

    def _nothing(self, *_args, **_kwargs):
        pass

    quit = set_debuglevel = ehlo_or_helo_if_needed = login = starttls = _nothing


@contextmanager
def smtp_outbox(env):
    """Within, mail is handed to sessions of ours; yields ``{receiver: Sent}``."""
    outbox = {}

    def connect(host, *_args, **_kwargs):
        return _SmtpSession(outbox, host)

    with patch('smtplib.SMTP', connect), patch('smtplib.SMTP_SSL', connect), \
            patch.object(type(env['ir.mail_server']), '_disable_send', lambda _: False):
        yield outbox


@contextmanager
def configuration_file(**options):
    """Within, Odoo's configuration file says this."""
    with patch.dict(config.options, options):
        yield
