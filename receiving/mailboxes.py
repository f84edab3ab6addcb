"""Mailboxes outside that reports come to, such as the one in a record that is published, which an incoming server fetches.

The recipient of such a mail is none of our aliases: that reports are read from it, an administrator says of the server. By which
server a mail was fetched, core says in the context.
"""

import re

from odoo.tools.mail import email_split

from .. import mailauth
from . import addresses, queue

# Of a server: all that it fetches is left alone but for reports, or goes on as before.
ONLY, ALSO = 'only', 'also'
# To see whether a mail is a report: less than is read of one.
LIMITS = mailauth.reports.Limits(packed=queue.MAX_OCTETS, unpacked=queue.MAX_OCTETS, entries=50, nesting=4)
MAX_REFERENCES = 32  # as many as core looks at
_SUBJECT = re.compile(r'report[ _-]?domain:.{1,255}?submitter:', re.IGNORECASE)  # RFC 9990 §5.3, RFC 8460 §5.3
_MESSAGE_ID = re.compile(r'<[^<>\s]{1,998}>')
# Addresses that no person writes from, and what no person's mail is as a whole: a report, or a file by itself.
_NO_PERSON = re.compile(r'no[-_]?reply|dmarc|\btls|report|mailer-?daemon|post-?master|abuse', re.IGNORECASE)
_NO_LETTER = re.compile(r'multipart/report|application/', re.IGNORECASE)
_CARRIES_MAIL = re.compile(
    rb'^content-type:\s*(?:message/(?:rfc822|global|delivery-status)|text/rfc822-headers)', re.IGNORECASE | re.MULTILINE)


def find_mailbox(env, header):
    """Return from which mailbox that reports are read from a mail was fetched, if it is for nobody else; empty else."""
    server = get_server(env)
    reads = server.mail_health_reports
    if not reads or _is_answer(env, header):
        return ''
    if not is_report(header) and (reads == ALSO or addresses.is_of_another(env, header.named, header.recipients)):
        return ''
    return server.user or server.name


def get_server(env):
    """Return the incoming server that fetched the mail which is being processed, or none."""
    server_id = env.context.get('default_fetchmail_server_id')
    return env['fetchmail.server'].browse(server_id if isinstance(server_id, int) else ()).exists()


def is_report(header):
    """Whether a mail is what a receiver sends as a report, by its subject or by what is in it.

    A question of somebody who attaches one is no report, nor is a mail that came back with one in it.
    """
    return any(map(_SUBJECT.match, header.values('subject')[:1])) or (
        len(header.octets) <= queue.MAX_OCTETS and _is_by_machine(header) and not _is_bounce(header)
        and mailauth.reports.is_report(header.octets, LIMITS))


def _is_by_machine(header):
    """Whether no person wrote a mail, by what its header says."""
    senders = [address for value in header.values('from') for address in email_split(value)]
    if any(_NO_PERSON.search(sender.partition('@')[0]) or mailauth.reports.reporters.reporter_from(sender) for sender in senders):
        return True
    automatic = next(iter(header.values('auto-submitted')), 'no').partition(';')[0].strip().lower()
    return automatic not in ('', 'no') or '<>' in header.values('return-path') or bool(header.values('tls-report-domain')) \
        or any(map(_NO_LETTER.match, header.values('content-type')[:1]))


def _is_bounce(header):
    """Whether a mail brings another one back, and is no report of one that failed DMARC (RFC 9991)."""
    kind = next(iter(header.values('content-type')), '').lower()
    return 'feedback-report' not in kind and bool(_CARRIES_MAIL.search(header.octets))


def _is_answer(env, header):
    """Whether a mail answers a message in Odoo, whatever is attached to it."""
    named = [value for name in ('in-reply-to', 'references') for value in header.values(name)]
    known = [found for value in named for found in _MESSAGE_ID.findall(value)]
    return bool(known) and bool(
        env['mail.message'].search_count([('message_id', 'in', known[-MAX_REFERENCES:])], limit=1))
