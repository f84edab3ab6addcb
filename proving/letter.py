"""What a proof mail says. Nothing of it is of the database, and it stays in seven bits.

A mail with other octets is recoded on its way by servers without 8BITMIME, after it was signed; one with a line of more than
998 octets is broken, or bounced behind an answer of 250. Hence English, whatever the reader speaks: no other language is ASCII.
"""

from markupsafe import Markup

from odoo.tools import html2plaintext

from ..mailauth.dns.names import domain_of
from ..sending.measuring import UNCOUNTED

_SUBJECT = 'Odoo email test %s'
_BODY = Markup(
    # Lines of more than 78 octets would be encoded (RFC 5322 §2.1.1).
    '<p>Odoo sent this email to itself to see how it arrives.</p>\n'
    '<p>Nobody has to read or answer it. You may delete it.</p>\n'
    '<p>%s</p>\n')
MARK = 'proof'  # of the header by which what Odoo sends by itself is known
HEADERS = {'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', UNCOUNTED: MARK}


def compose(token, address, from_email):
    """Return the values of a ``mail.mail`` that have to do with its content.

    The token stands in the subject and in the text, which every signature covers, besides the Message-Id, which some
    servers replace.
    """
    return {
        'subject': subject(token), 'body_html': _BODY % token, 'email_to': address, 'reply_to': from_email,
        'message_id': message_id(token, domain_of(from_email)), 'headers': repr(HEADERS), 'author_id': False,
        'message_type': 'email_outgoing', 'auto_delete': True, 'is_notification': False,
    }


def subject(token):
    return _SUBJECT % token


def text(token):
    """Return the plain text that core makes of it."""
    return html2plaintext(_BODY % token)


def message_id(token, host):
    return f'<{token}@{host}>'
