"""Findings about one mail that somebody received (mailauth.arrival), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_SHOW_ORIGINAL = _lt(
    "Open the email where it was received and show its source: in Gmail ⋮ → Show original, in Outlook on the web ⋯ → "
    "View → View message source, in Yahoo ⋯ → View raw message. Copy all of it, starting with the first line, or save "
    "it as an .eml file.")

FINDINGS = {
    'arrival.empty': (
        _lt("There is nothing to read yet"),
        _lt("A received email shows which IP address it was sent from and who signed it. None was given."),
        _SHOW_ORIGINAL,
    ),
    'arrival.not_a_mail': (
        _lt("This is not an email"),
        _lt("The text has no email header, which is the part that shows how an email traveled."),
        _SHOW_ORIGINAL,
    ),
    'arrival.outlook_file': (
        _lt("This is an Outlook file"),
        _lt("A .msg file contains the email as Outlook stores it, not as it was received, so signatures cannot be "
            "verified with it."),
        _lt("Open the email in Outlook, choose File → Properties, and copy all of “Internet headers”. Paste that "
            "instead of the file."),
    ),
    'arrival.body_only': (
        _lt("Only the text of the email is here"),
        _lt("The text alone does not show how the email traveled. That is in the header above it, which mail programs "
            "hide."),
        _SHOW_ORIGINAL,
    ),
    'arrival.headers_stripped': (
        _lt("The lines that show the route are missing"),
        _lt("This has the lines that a mail program shows (From, To, Subject), but not the hidden ones that show how "
            "the email traveled."),
        _SHOW_ORIGINAL,
    ),
    'arrival.no_received': (
        _lt("This copy was never sent"),
        _lt("No mail server has handled this email: it may be a draft or the copy in a “Sent” folder. Only a received "
            "email shows how your mail arrives."),
        _lt("Send an email from Odoo to a mailbox outside your company, for example at Gmail, and use the one that "
            "arrives there."),
    ),
    'arrival.no_from': (
        _lt("The email has no sender address"),
        _lt("Receivers look at the address in the “From” line, and this email has none that can be read."),
        _lt("Check that the whole email was copied, starting with its first line."),
    ),
    'arrival.several_from': (
        _lt("The email has several sender addresses"),
        _lt("Receivers verify one sender. Many reject an email with several, so it proves nothing about your other "
            "mail."),
        _lt("Use an email from Odoo that has one address in “From”."),
    ),
    'arrival.bounce': (
        _lt("This is a notice that an email was not delivered"),
        _lt("It is the report about an email that came back, not the email as somebody received it."),
        _lt("Use an email that arrived. The reason given in the report is shown with the email in Odoo."),
    ),
    'arrival.delayed': (
        _lt("This is a notice that an email is delayed"),
        _lt("It is the notice about an email that could not be delivered yet. The server keeps trying, so the email "
            "may still arrive."),
        _lt("Wait. If the email comes back in the end, that report says why. To see how your mail arrives, use an "
            "email that did."),
    ),
    'arrival.receipt': (
        _lt("This is a receipt"),
        _lt("It confirms that another email was delivered or read, but is not that email."),
        _lt("Use the email itself, as its recipient received it."),
    ),
    'arrival.report': (
        _lt("This is a report about other mail"),
        _lt("It is a provider's report on complaints or on the mail that it received, not an email that Odoo sent."),
        _lt("Use an email from Odoo, as its recipient received it."),
    ),
    'arrival.forwarded_inline': (
        _lt("Somebody forwarded the email to you"),
        _lt("Forwarding creates a new email around the text of the old one (here from %(from_email)s). How the "
            "original traveled is lost."),
        _lt("Ask the original recipient to forward it as an attachment, or to send you its source as a file."),
    ),
    'arrival.foreign': (
        _lt("This email is not from your Odoo"),
        _lt("Its sender is %(from_email)s, and neither the bounce address nor a signature belongs to a domain that "
            "your mail is sent from (%(domains)s). It says nothing about your mail."),
        _lt("Use an email that Odoo sent. If your mail should be sent from this domain, first set it up in Odoo: give "
            "a company that alias domain, or a user that address."),
    ),
    'arrival.unwrapped': (
        _lt("The email was attached to another one"),
        _lt("It was forwarded as an attachment, which leaves it unchanged, so the attachment was read."),
        _lt("Nothing to do."),
    ),
    'arrival.too_large': (
        _lt("The email is large: only its header was read"),
        _lt("The route, the sender and the signature of the header were checked, but not whether the text arrived "
            "unchanged."),
        _lt("That is usually enough. For a complete check, use an email without attachments."),
    ),
    'arrival.header_too_large': (
        _lt("The header is unusually large"),
        _lt("Only the first part of the header was read, so something may be missing below."),
        _lt("Use another email, sent directly to one mailbox."),
    ),
    'arrival.too_many': (
        _lt("The header has unusually many repeated lines"),
        _lt("There are more than %(limit)s “%(field)s” lines; only the topmost were checked."),
        _lt("Use another email, sent directly to one mailbox."),
    ),
    'arrival.no_body': (
        _lt("Only the header is here, without the text"),
        _lt("The header shows the route and who signed. Whether the text arrived unchanged could not be checked."),
        _lt("That is usually enough. For a complete check, copy the whole source of the email."),
    ),
    'arrival.tnef': (
        _lt("A Microsoft Exchange server repackaged the email"),
        _lt("Exchange rebuilt the email (TNEF, “winmail.dat”). No signature survives that, which is not the fault of "
            "your mail."),
        _lt("Use an email received at another provider, for example at Gmail."),
    ),
    'arrival.forwarded': (
        _lt("The email was forwarded on its way"),
        _lt("The original mailbox forwarded it. The last receiver saw the forwarder's IP address, so this shows "
            "nothing about yours; a signature still counts."),
        _lt("Use an email that was sent directly to the mailbox where you read it."),
    ),
    'arrival.mailing_list': (
        _lt("The email came through a mailing list"),
        _lt("A list sends its own copy, its bounces go to %(envelope_from)s, and its additions break signatures. It "
            "says little about your mail."),
        _lt("Use an email that was sent directly to one person."),
    ),
    'arrival.internal_only': (
        _lt("The email never left your own network"),
        _lt("All the IP addresses on its way are internal. Outside receivers see a different one, which this email "
            "does not show."),
        _lt("Send an email from Odoo to a mailbox outside your company, for example at Gmail, and use that one."),
    ),
    'arrival.no_egress': (
        _lt("The receiver does not record where it came from"),
        _lt("The lines added by the receiver do not name the IP address that the email came from."),
        _lt("Use an email received at another provider, for example at Gmail."),
    ),
    'arrival.no_envelope': (
        _lt("The bounce address is not shown"),
        _lt("This copy does not show the bounce address of your mail, which receivers use to check who may send it."),
        _lt("Copy the email's source from the mailbox itself: the “Return-Path” line is near the top."),
    ),
    'arrival.not_signed': (
        _lt("The email is not signed"),
        _lt("Without a signature (DKIM) your mail fails as soon as somebody forwards it, and large providers require "
            "one."),
        _lt("Turn on DKIM signing where your mail is sent from (at your mail service or on your mail server), and "
            "publish the key that it shows you."),
    ),
    'arrival.signature_invalid': (
        _lt("A signature cannot be verified"),
        _lt("The email is signed as %(domain)s with the key “%(selector)s”, but the signature does not verify: "
            "%(reason)s."),
        _lt("If the key is the problem, publish the one that your mail service shows. If the email is, the copy may be "
            "incomplete: save it as an .eml file and choose that. If this continues, something changes your mail after "
            "it is signed."),
    ),
    'arrival.copy_altered': (
        _lt("The copy was changed after it arrived"),
        _lt("The receiver verified the signature of %(domain)s. The program that fetched the email from its mailbox "
            "has since changed the header, so the signature can no longer be verified in this copy."),
        _lt("Nothing to do for your mail. To keep the signature, show the email's source in the mailbox itself, and "
            "copy that."),
    ),
    'arrival.signature_unanswered': (
        _lt("The key of a signature could not be looked up"),
        _lt("DNS did not answer about the key “%(selector)s” of %(domain)s (%(server)s), so we do not know whether the "
            "signature is valid."),
        _lt("Try again in a few minutes."),
    ),
    'arrival.not_aligned': (
        _lt("The email is signed, but not as your domain"),
        _lt("The signature is from %(domains)s. It does not count for %(from_domain)s, which receivers see as the "
            "sender."),
        _lt("Set up your mail service to sign as your own domain: it usually calls this “domain authentication” or "
            "“DKIM”."),
    ),
    'arrival.spf_not_passed': (
        _lt("The IP address is not permitted to send"),
        _lt("The email was sent from %(address)s, but the records of %(domain)s do not permit that address (SPF: "
            "%(result)s)."),
        _lt("If the email is yours, keep what it shows, check the domain again, and publish the record shown in the "
            "report."),
    ),
    'arrival.spf_unanswered': (
        _lt("We could not look up whether the address may send"),
        _lt("DNS did not answer all the questions needed to tell whether %(address)s may send for %(domain)s."),
        _lt("Try again in a few minutes."),
    ),
    'arrival.dmarc_failed': (
        _lt("Receivers cannot verify this email"),
        _lt("Neither the permission to send (SPF) nor a signature (DKIM) counts for the domain that receivers see as "
            "the sender. The domain's instructions to receivers about such mail: %(policy)s."),
        _lt("If the email is yours, keep what it shows, check the domain again, and publish the records shown in the "
            "report."),
    ),
    'arrival.dmarc_unanswered': (
        _lt("The domain's instructions could not be looked up"),
        _lt("DNS did not answer, so we do not know what receivers do with this email."),
        _lt("Try again in a few minutes."),
    ),
    'arrival.results_not_believed': (
        _lt("A line pretends to come from the receiver"),
        _lt("The email contains a verdict by “%(identifier)s”, which is not the receiver. Anybody can write such a "
            "line, so it was ignored."),
        _lt("Nothing to do. Our own results are shown above."),
    ),
    'arrival.receiver_disagrees': (
        _lt("The receiver came to a different result"),
        _lt("When the email arrived, the receiver said “%(said)s” (%(method)s); according to DNS now it is “%(found)s”."),
        _lt("If you have changed a record since then, that is why: send a new email and check that one."),
    ),
}
