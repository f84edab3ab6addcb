"""Reports about mail that came back or is late, in the layouts of the servers that write them, with names of our own."""

from __future__ import annotations

SAID = "550 5.7.26 Unauthenticated mail from ours.example is not accepted"
COPY = (
    "Received: from odoo-host (unknown [10.0.0.5])\n\tby mail.ours.example (Postfix) with ESMTPSA id 4XkABC1234z1\n"
    "\tfor <customer@receiver.example>; Mon,  2 Nov 2026 12:05:01 +0000 (UTC)\n"
    "From: Jane <jane@ours.example>\nTo: customer@receiver.example\nSubject: 550 5.1.1 things to do\n"
    "Message-Id: <1@odoo-host>\n\nDear customer,\n")
TOP = (
    "Return-Path: <>\nDelivered-To: bounce@ours.example\nReceived: from mx.relay.example (mx.relay.example [198.51.100.7])\n"
    "\tby mail.ours.example (Postfix) with ESMTPS id 4XkB\n\tfor <bounce@ours.example>; Mon,  2 Nov 2026 12:06:00 +0000 (UTC)\n")


def mail(sender: str, subject: str, text: str, more: str = "") -> bytes:
    """A mail in plain text from a mail server."""
    return f"{TOP}From: {sender}\nTo: bounce@ours.example\nSubject: {subject}\n{more}\n{text}".encode()


def report(
    sender: str, subject: str, text: str, status: str, kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    """A report in parts: what it says, the delivery status, the mail that it is about."""
    return mail(sender, subject, (
        f"--=b\nContent-Type: text/plain\n\n{text}\n--=b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--=b\nContent-Type: message/rfc822\n\n{COPY}\n--=b--\n"), f'MIME-Version: 1.0\nContent-Type: {kind}; boundary="=b"\n')


def status(action: str, code: str, diagnostic: str = "", recipient: str = "customer@receiver.example") -> str:
    """A delivery status (RFC 3464) about one recipient."""
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return (
        f"Reporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\n"
        f"Status: {code}\n{said}")


DAEMON = "MAILER-DAEMON@mx.relay.example"
EXIM_TEXT = (
    "This message was created automatically by mail delivery software.\n\n"
    "A message that you sent could not be delivered to one or more of its\n"
    "recipients. This is a permanent error. The following address(es) failed:\n\n  customer@receiver.example\n"
    "    host mx.receiver.example [203.0.113.25]\n    SMTP error from remote mail server after end of data:\n    " + SAID + "\n\n")
OPENSMTPD_TEXT = (
    "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
    "    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n"
    "customer@receiver.example: " + SAID + "\n\n    Below is a copy of the original message:\n\n")
MIXED = "multipart/mixed"

# Layout -> mail. In each the receiver said SAID about customer@receiver.example.
FAILED = {
    "qmail": mail(DAEMON, "failure notice", (
        "Hi. This is the qmail-send program at mx.relay.example.\nI'm afraid I wasn't able to deliver your message to the"
        " following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<customer@receiver.example>:\n203.0.113.25 failed after I sent the message.\nRemote host said: " + SAID + "\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <bounce@ours.example>\n" + COPY)),
    "Exim": mail("Mail Delivery System <Mailer-Daemon@mx.relay.example>", "Mail delivery failed: returning message to sender", (
        EXIM_TEXT + "------ This is a copy of the message, including all the headers. ------\n\n" + COPY),
        "X-Failed-Recipients: customer@receiver.example\nAuto-Submitted: auto-replied\n"),
    "Exim, as a report": report(
        "Mail Delivery System <Mailer-Daemon@mx.relay.example>", "Mail delivery failed: returning message to sender", EXIM_TEXT,
        status("failed", "5.0.0", "smtp; " + SAID)),
    "Exim, as a report without a diagnostic": report(
        "Mail Delivery System <Mailer-Daemon@mx.relay.example>", "Mail delivery failed: returning message to sender", EXIM_TEXT,
        status("failed", "5.0.0")),
    "OpenSMTPD": report(
        "Mailer Daemon <MAILER-DAEMON@mx.relay.example>", "Delivery status notification: failed", OPENSMTPD_TEXT,
        status("failed", "5.0.0"), MIXED),
    "OpenSMTPD, old": mail(
        "Mailer Daemon <MAILER-DAEMON@mx.relay.example>", "Delivery status notification: error", OPENSMTPD_TEXT + COPY),
    "Domino": mail("Postmaster@relay.example", "DELIVERY FAILURE: User customer (customer@receiver.example) not accepted", (
        "Your message\n\n  Subject: Quotation\n\nwas not delivered to:\n\n  customer@receiver.example\n\nbecause:\n\n  "
        + SAID + "\n\n")),
    "Notes": mail("postmaster@relay.example", "Undeliverable message", (
        "------- Failure Reasons  --------\n\n" + SAID + "\ncustomer@receiver.example\n\n------- Returned Message --------\n" + COPY)),
    "Exchange 5.5 and 2000": mail("System Administrator <postmaster@relay.example>", "Undeliverable: Quotation", (
        "Your message\n\n  To:      customer@receiver.example\n  Subject: Quotation\n  Sent:    Mon, 2 Nov 2026 12:05:00 -0000\n\n"
        "did not reach the following recipient(s):\n\ncustomer@receiver.example on Mon, 2 Nov 2026 12:06:00 -0000\n"
        "    The message could not be delivered\n    mx.receiver.example #" + SAID + "\n\n"),
        "X-Mailer: Internet Mail Service (5.5.2653.13)\n"),
    "Postfix": report("MAILER-DAEMON@mx.relay.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", (
        "This is the mail system at host mx.relay.example.\n\nI'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients.\n\n<customer@receiver.example>: host mx.receiver.example[203.0.113.25] said:\n"
        "    " + SAID + " (in reply to end of\n    DATA command)\n"), status("failed", "5.7.26", "smtp; " + SAID)),
    "Postfix, repacked": report(
        "MAILER-DAEMON@mx.relay.example (Mail Delivery System)", "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not be delivered.", status("failed", "5.7.26", "smtp; " + SAID),
        MIXED),
    "sendmail": report("Mail Delivery Subsystem <MAILER-DAEMON@mx.relay.example>", "Returned mail: see transcript for details", (
        "   ----- The following addresses had permanent fatal errors -----\n<customer@receiver.example>\n\n"
        "   ----- Transcript of session follows -----\n... while talking to mx.receiver.example.:\n>>> DATA\n<<< " + SAID + "\n"),
        status("failed", "5.7.26", "SMTP; " + SAID)),
    "sendmail, old": mail(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.relay.example>", "Returned mail: Service unavailable",
        "   ----- Transcript of session follows -----\n... while talking to mx.receiver.example:\n>>> RCPT To:<customer@receiver.example>\n<<< "
        + SAID + "\n\n   ----- Unsent message follows -----\n" + COPY),
    "Courier": report('"Courier mail server at mx.relay.example" <@relay.example>', "NOTICE: mail delivery status.", (
        "This is a delivery status notification from mx.relay.example,\nrunning the Courier mail server.\n\n"
        "The original message was received on Mon, 2 Nov 2026.\n\nUNDELIVERABLE MAIL\n\n"
        "Your message to the following recipients cannot be delivered:\n\n<customer@receiver.example>:\n"
        "    mx.receiver.example [203.0.113.25]:\n>>> DATA\n<<< " + SAID + "\n"), status("failed", "5.7.26", "smtp; " + SAID)),
    "DragonFly": mail("MAILER-DAEMON <>", "Mail delivery failed", (
        "This is the DragonFly Mail Agent v0.13 at relay.example.\n\nThere was an error delivering your mail to"
        " <customer@receiver.example>.\n\nmx.receiver.example [203.0.113.25] did not like our final DATA:\n" + SAID + "\n\n"
        "Original message follows.\n\n" + COPY)),
    "Gmail": mail("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", (
        "Delivery to the following recipient failed permanently:\n\n     customer@receiver.example\n\n"
        "Technical details of permanent failure:\nThe error that the other server returned was:\n" + SAID + "\n\n"
        "----- Original message -----\n\n" + COPY), "X-Failed-Recipients: customer@receiver.example\n"),
    "Yahoo": mail("MAILER-DAEMON@yahoo.com", "Failure Notice", (
        "Sorry, we were unable to deliver your message to the following address.\n\n<customer@receiver.example>:\n" + SAID + "\n\n"
        "--- Below this line is a copy of the message.\n\n" + COPY)),
    "GMX": mail("MAILER-DAEMON@mail.gmx.com", "Mail delivery failed: returning message to sender", (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to"
        " one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n"
        '"customer@receiver.example":\nSMTP error from remote server after transfer of mail text:\n' + SAID + "\n\n"
        "--- The header of the original message is following. ---\n\n" + COPY)),
    "Mail.Ru": mail("mailer-daemon@corp.mail.ru", "=?utf-8?b?0J3QtSDQtNC+0YHRgtCw0LLQu9C10L3Qvg==?=", (
        "Это письмо создано автоматически сервером Mail.Ru.\n\nК сожалению, Ваше письмо не может быть доставлено одному или"
        " нескольким получателям:\n\n  customer@receiver.example\n    " + SAID + "\n\n"),
        "X-Failed-Recipients: customer@receiver.example\n"),
    "a German provider": mail("postmaster@relay.example", "Ihre Nachricht konnte nicht zugestellt werden", (
        "Ihre Nachricht an customer@receiver.example konnte nicht zugestellt werden.\n\n" + SAID + "\n\n")),
}
SAID_LATER = "450 4.7.1 Greylisted, try again"
# The receiver said SAID_LATER about customer@receiver.example, and the mail is still tried.
DELAYED = {
    "Postfix": report("MAILER-DAEMON@mx.relay.example (Mail Delivery System)", "Delayed Mail (still being retried)", (
        "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n\nYour message could not be delivered for more"
        " than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<customer@receiver.example>: host"
        " mx.receiver.example[203.0.113.25] said:\n    " + SAID_LATER + "\n"), status("delayed", "4.7.1", "smtp; " + SAID_LATER)),
    "Exim": mail("Mail Delivery System <Mailer-Daemon@mx.relay.example>", "Warning: message 1t7AAA-0000-00 delayed 24 hours", (
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to"
        " one or more of its\nrecipients after more than 24 hours on the queue on mx.relay.example.\n\n"
        "The address to which the message has not yet been delivered is:\n\n  customer@receiver.example\n    " + SAID_LATER + "\n\n"
        "No action is required on your part. Delivery attempts will continue for\nsome time.\n"), "Auto-Submitted: auto-replied\n"),
    "Exim, as a report": report(
        "Mail Delivery System <Mailer-Daemon@mx.relay.example>", "Warning: message 1t7AAA-0000-00 delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered.",
        status("delayed", "4.0.0", "smtp; " + SAID_LATER)),
    "OpenSMTPD": report("Mailer Daemon <MAILER-DAEMON@mx.relay.example>", "Delivery status notification: delayed", (
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    A message is delayed for more than"
        " 4 hours for the following\n    list of recipients:\n\ncustomer@receiver.example: " + SAID_LATER + "\n\n    Please note that"
        " this is only a temporary failure report.\n"), status("delayed", "4.0.0"), MIXED),
    "sendmail": report(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.relay.example>", "Warning: could not send message for past 4 hours", (
            "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n\n"
            "   ----- Transcript of session follows -----\n<customer@receiver.example>... Deferred: " + SAID_LATER + "\n"
            "Will keep trying until message is 5 days old\n"), status("delayed", "4.7.1", "SMTP; " + SAID_LATER)),
    "sendmail, old": mail(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.relay.example>", "Warning: could not send message for past 4 hours", (
            "    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n\n"
            "   ----- The following addresses had transient non-fatal errors -----\n<customer@receiver.example>\n\n"
            "   ----- Transcript of session follows -----\n" + SAID_LATER + "\n")),
    "Gmail": mail("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Delay)", (
        "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the"
        " following recipient has been delayed:\n\n     customer@receiver.example\n\nMessage will be retried for 2 more day(s)\n\n"
        "The error that the other server returned was:\n" + SAID_LATER + "\n")),
    "Exchange": report(
        "Microsoft Outlook <MicrosoftExchange329e71ec@relay.example>", "Delivery delayed: Quotation",
        "Delivery to these recipients or groups is delayed:", status("delayed", "4.4.7", "smtp;" + SAID_LATER)),
}
RECEIPTS = {
    "delivered": report(
        DAEMON, "Successful Mail Delivery Report", "Your message was successfully delivered.",
        status("delivered", "2.0.0", "smtp; 250 2.0.0 OK")),
    "relayed": report(DAEMON, "Successful Mail Delivery Report", "Your message was relayed.", status("relayed", "2.0.0")),
    "read": mail("customer@receiver.example", "Read: Quotation", (
        "--=b\nContent-Type: text/plain\n\nYour message was read.\n--=b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; customer@receiver.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--=b--\n"),
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary="=b"\n'),
}
REPORTS = {
    "a complaint": mail("staff@receiver.example", "complaint about message from 192.0.2.10", (
        "--=b\nContent-Type: text/plain\n\nThis is an email abuse report.\n--=b\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n--=b\nContent-Type: message/rfc822\n\n" + COPY + "\n--=b--\n"),
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="=b"\n'),
    "figures about encryption": mail("tls@receiver.example", "Report Domain: ours.example", "--=b\n\n--=b--\n", (
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type="tlsrpt"; boundary="=b"\n')),
}
