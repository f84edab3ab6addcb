"""Texts of rejections from public material, as they reach Odoo: as a bare reply, smtplib's error, or a bounce.

Every bounce repeats a subject and a body of one's own mail that speak of something else than the refusal does,
in the place where the software that is named puts them (samples: sisimai/set-of-emails).
"""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("rejections")

# Of one's own mail: each would be a cause of its own if it were taken for the receiver's words.
SUBJECTS = (
    "Your DMARC policy is ready", "Password reset: authentication required", "Reverse DNS for your new server",
    "Beware of phishing: our new bank account", "550 5.1.1 User unknown: how to read a bounce", "Your mailbox is full?",
    "554 5.7.1 Relay access denied, and SPF check failed", "Blocked using zen.spamhaus.org: what now?", "Quote S00042",
)
COPY = """\
Received: from odoo.ours.example (odoo.ours.example [192.0.2.25])
    by mail.ours.example with ESMTPSA; Mon, 2 Nov 2026 12:05:00 +0000
Authentication-Results: mail.ours.example; dkim=fail; spf=fail; dmarc=fail (p=reject)
Return-Path: <bounce@ours.example>
From: Ours <info@ours.example>
To: anna@theirs.example
Subject: {subject}
Message-Id: <1@odoo.ours.example>

Dear Anna,
the provider said "550 5.7.26 unauthenticated: neither SPF nor DKIM passed", "550 5.1.1 user unknown" and
"554 blocked using zen.spamhaus.org". Your password is invalid, and your mailbox over quota. {subject}
"""


class Case(NamedTuple):
    """One text with its right causes: more than one where several are right, ``none`` for nothing.

    ``reply`` is what the receiver said, ``text`` that in its layout.
    """

    receiver: str
    causes: tuple[str, ...]
    layout: str
    source: str
    reply: str
    text: str


def read(half: str) -> Iterator[Case]:
    """Yield the cases of ``half`` (``writing`` or ``sealed``), their texts in their layouts."""
    lines = (FOLDER / f"{half}.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        receiver, causes, layout, source, text = line.split("\t")
        reply = text.replace("\\n", "\n")
        yield Case(receiver, tuple(causes.split("|")), layout, source, reply, lay_out(layout, reply))


def stored(text: str) -> str:
    """Return ``text`` as Odoo keeps a bounce of it: ``html2plaintext`` of a ``<pre>`` leaves no indentation and joins
    two line ends to one."""
    text = text.replace("  ", " ")
    return "\n".join(line.strip() for line in text.splitlines()).replace("\n\n", "\n").strip()


def lay_out(layout: str, reply: str) -> str:
    """Return ``reply`` as the software called ``layout`` writes it into what Odoo keeps."""
    subject = SUBJECTS[zlib.crc32(reply.encode()) % len(SUBJECTS)]
    template = LAYOUTS[layout]
    lines = reply.split("\n")
    first, _space, rest = reply.partition(" ")
    return template.format(
        reply=reply, line=" ".join(lines), indented="\n    ".join(lines), sent="\n".join(f"<<< {line}" for line in lines),
        first=lines[0], wrapped=as_postfix_wraps(" ".join(lines)), code=first, rest=rest, octets=repr(rest.encode()), copy=COPY.format(subject=subject), subject=subject)


def as_postfix_wraps(reply: str, columns: int = 79) -> str:
    """Return what Postfix writes of one recipient (bounce_notify_util.c): lines end wherever the columns do."""
    said = f"<anna@theirs.example>: host mx.theirs.example[192.0.2.9] said: {reply} (in reply to end of DATA command)"
    return textwrap.fill(said, columns, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)


LAYOUTS = {
    "reply": "{reply}",
    # Odoo's own session, as smtplib's exceptions are stored
    "odoo": "Mail delivery failed via SMTP server 'smtp.ours.example'.\nSMTPSenderRefused: {code}\n{rest}\nbounce@ours.example",
    "smtplib": "Mail delivery failed via SMTP server 'smtp.ours.example'.\nSMTPDataError: ({code}, {octets})",
    "recipients": "SMTPRecipientsRefused: {{'anna@theirs.example': ({code}, {octets})}}",
    "login": "SMTPAuthenticationError: ({code}, {octets})",
    # Bounces
    "postfix": """\
This is the mail system at host mail.ours.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

                   The mail system

{wrapped}

{copy}""",
    "exim": """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  anna@theirs.example
    host mx.theirs.example [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<anna@theirs.example>:
    {indented}

------ This is a copy of the message, including all the headers. ------

{copy}""",
    "qmail": """\
Hi. This is the qmail-send program at mail.ours.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@theirs.example>:
192.0.2.9 failed after I sent the message.
Remote host said: {reply}

--- Below this line is a copy of the message.

{copy}""",
    "sendmail": """\
The original message was received at Mon, 2 Nov 2026 12:05:00 GMT
from odoo.ours.example [192.0.2.25]

   ----- The following addresses had permanent fatal errors -----
<anna@theirs.example>
    (reason: {first})

   ----- Transcript of session follows -----
... while talking to mx.theirs.example.:
>>> DATA
{sent}
554 5.0.0 Service unavailable

   ----- Original message follows -----

{copy}""",
    "courier": """\
This is a delivery status notification from mail.ours.example,
running the Courier mail server, version 1.0.

The original message was received on Mon, 2 Nov 2026 12:05:00 +0000
from odoo.ours.example (odoo.ours.example [192.0.2.25])

---------------------------------------------------------------------------

                           UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<anna@theirs.example>:
    mx.theirs.example [192.0.2.9]:
>>> RCPT TO:<anna@theirs.example>
{sent}

---------------------------------------------------------------------------

If your message was also sent to additional recipients, their delivery status is not included in this report.

{copy}""",
    "exchange": """\
Delivery has failed to these recipients or groups:

anna@theirs.example<mailto:anna@theirs.example>
Your message can't be delivered.

Diagnostic information for administrators:

Generating server: ex.theirs.example

anna@theirs.example
#{line} ##rfc822;anna@theirs.example

Original message headers:

{copy}""",
    "office365": """\
Your message to anna@theirs.example couldn't be delivered.

anna wasn't able to get it at theirs.example.

How to Fix It
Send the message again, or contact the recipient. For more tips see DSN code 5.7.1 in Exchange Online.

Original Message Details
Created Date: 11/2/2026 12:05:00 PM
Sender Address: info@ours.example
Recipient Address: anna@theirs.example
Subject: {subject}

Error Details
Reported error: {line}
DSN generated by: AM0PR01MB0001.eurprd01.prod.outlook.com
Remote server: mx.theirs.example

Original Message Headers

{copy}""",
    "gmail": """\
** Message not delivered **

There was a problem delivering your message to anna@theirs.example. See the technical details below.

The response from the remote server was:

{reply}

----- Original message -----

{copy}""",
    "dsn": """\
Reporting-MTA: dns; mail.ours.example
Arrival-Date: Mon, 2 Nov 2026 12:05:00 +0000

Final-Recipient: rfc822; anna@theirs.example
Original-Recipient: rfc822;anna@theirs.example
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx.theirs.example
Diagnostic-Code: smtp; {indented}

{copy}""",
    "opensmtpd": """\
Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

anna@theirs.example: {line}

    Below is a copy of the original message:

{copy}""",
    "yahoo": """\
Sorry, we were unable to deliver your message to the following address.

<anna@theirs.example>:
{reply}

--- Below this line is a copy of the message.

{copy}""",
    "zoho": """\
This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

anna@theirs.example Invalid Address, ERROR_CODE :{code}, ERROR_CODE :{rest}

{copy}""",
    "mailru": """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  anna@theirs.example
    SMTP error from remote mail server after RCPT TO:<anna@theirs.example>:
    host mx.theirs.example [192.0.2.9]: {indented}

------ This is a copy of the message, including all the headers. ------

{copy}""",
    "gmx": """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

"anna@theirs.example":
SMTP error from remote server for TEXT command, host: mx.theirs.example (192.0.2.9) reason: {line}

--- The header of the original message is following. ---

{copy}""",
    "mimecast": """\
This is an automated alert notification. Please do not reply.

An email that you attempted to send to the following address could not be delivered:
-- anna@theirs.example

The problem appears to be :
-- Recipient email address is possibly incorrect

Additional information follows :
-- {line}

This condition occurred after 1 attempt(s) to deliver over a period of 0 hour(s).

{copy}""",
    "notes": """\
Your message

  Subject: {subject}

was not delivered to:

  anna@theirs.example

because:

  {reply}

{copy}""",
    "ses": """\
An error occurred while trying to deliver the mail to the following recipients:
anna@theirs.example

Reporting-MTA: dns; a8-50.smtp-out.amazonses.com

Action: failed
Final-Recipient: rfc822; anna@theirs.example
Diagnostic-Code: smtp; {line}
Status: 5.0.0

{copy}""",
}
