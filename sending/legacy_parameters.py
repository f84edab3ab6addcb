"""``mail.force.smtp.from`` and ``mail.dynamic.smtp.from`` as Odoo 12 to 14 obeyed them, where the administrator says so.

Odoo reads neither since 15.0. With *Honour* (:data:`PARAMETER_HONOUR`) off, nothing here changes how a mail leaves.
"""

from collections import namedtuple

from odoo.tools.mail import email_normalize_all

from odoo.addons.base.models.ir_mail_server import extract_rfc2822_addresses

from ..mailauth.dns.names import to_ascii

PARAMETER_HONOUR = 'mail_domain_health.honour_legacy_sender'
PARAMETER_FORCE = 'mail.force.smtp.from'
PARAMETER_DYNAMIC = 'mail.dynamic.smtp.from'
PARAMETER_DOMAIN = 'mail.catchall.domain'

# What a context carries once it is decided as what a mail leaves: an address, or False for core's own choice.
# No client can put one into a context: JSON knows no such object.
Decision = namedtuple('Decision', 'sender')
CONTEXT_DECISION = 'mail_domain_health_sender'

# What a context carries while a change is tried out: mail.default.from_filter, and whether Honour is on. The real
# parameters are cached for all threads, so a trial must not touch them.
Trial = namedtuple('Trial', 'from_filter honours')
CONTEXT_TRIAL = 'mail_domain_health_sender_trial'


class SessionOf:
    """An SMTP session that was opened as one sender, seen with another one."""

    def __init__(self, session, smtp_from):
        self._session = session
        self.smtp_from = smtp_from

    def __getattr__(self, name):
        return getattr(self._session, name)


def sender_address(text):
    """Return the one address in ``text``, in the form that may stand in an envelope, or ``False``."""
    addresses = email_normalize_all(text or '')
    address = addresses[0] if len(addresses) == 1 else ''
    # core sends nothing whose envelope is not plain ASCII
    local_part, _at, host = address.rpartition('@')
    return address if local_part.isascii() and to_ascii(host) and extract_rfc2822_addresses(address) else False
