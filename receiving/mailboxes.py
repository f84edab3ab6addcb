"""Mailboxes outside that reports come to, such as the one in a record that is published, which an incoming server fetches.

The recipient of such a mail is none of our aliases: that reports are read from it, an administrator says of the server. By which
server a mail was fetched, core says in the context.
"""

import re

from .. import mailauth
from . import addresses, queue

# Of a server: all that it fetches is left alone but for reports, or goes on as before.
ONLY, ALSO = 'only', 'also'
# To see whether a mail is a report: less than is read of one.
LIMITS = mailauth.reports.Limits(packed=queue.MAX_OCTETS, unpacked=queue.MAX_OCTETS, entries=50, nesting=4)
MAX_REFERENCES = 32  # as many as core looks at
_SUBJECT = re.compile(r'report[ _-]?domain:.{1,255}?submitter:', re.IGNORECASE)  # RFC 9990 §5.3, RFC 8460 §5.3
_MESSAGE_ID = re.compile(r'<[^<>\s]{1,998}>')


def find_mailbox(env, header):
    """Return from which mailbox that reports are read from a mail was fetched, if it is for nobody else; empty else."""
    server = get_server(env)
    reads = server.mail_health_reports
    if not reads or _is_answer(env, header):
        return ''
    if not is_report(header) and (reads == ALSO or addresses.is_of_another(env, header.named)):
        return ''
    return server.user or server.name


def get_server(env):
    """Return the incoming server that fetched the mail which is being processed, or none."""
    server_id = env.context.get('default_fetchmail_server_id')
    return env['fetchmail.server'].browse(server_id if isinstance(server_id, int) else ()).exists()


def is_report(header):
    """Whether a mail is a report, by its subject or by what is in it."""
    return any(map(_SUBJECT.match, header.values('subject')[:1])) or (
        len(header.octets) <= queue.MAX_OCTETS and mailauth.reports.is_report(header.octets, LIMITS))


def _is_answer(env, header):
    """Whether a mail answers a message in Odoo, whatever is attached to it."""
    named = [value for name in ('in-reply-to', 'references') for value in header.values(name)]
    known = [found for value in named for found in _MESSAGE_ID.findall(value)]
    return bool(known) and bool(
        env['mail.message'].search_count([('message_id', 'in', known[-MAX_REFERENCES:])], limit=1))
