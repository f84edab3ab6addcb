"""Findings about one mail that somebody received (mailauth.arrival), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_SHOW_ORIGINAL = _lt(
    "Open the mail where it was received and show its source: in Gmail ⋮ → Show original, in Outlook on the web "
    "⋯ → View → View message source, in Yahoo ⋯ → View raw message. Copy all of it, from the first line on, or "
    "save the mail as an .eml file.")

FINDINGS = {
    'arrival.empty': (
        _lt("There is nothing to read yet"),
        _lt("A received mail tells which address it left from and who signed it. None was given."),
        _SHOW_ORIGINAL,
    ),
    'arrival.not_a_mail': (
        _lt("This is not a mail"),
        _lt("What was given has no mail header, which is where a mail tells how it travelled."),
        _SHOW_ORIGINAL,
    ),
    'arrival.outlook_file': (
        _lt("This is an Outlook file"),
        _lt("A .msg file holds the mail as Outlook keeps it, no longer as it was received: signatures cannot be "
            "verified with it."),
        _lt("In Outlook open the mail, choose File → Properties, and copy all of “Internet headers”. Paste that "
            "instead of the file."),
    ),
    'arrival.body_only': (
        _lt("Only the text of the mail is here"),
        _lt("The text alone does not tell how the mail travelled: that stands in the header above it, which mail "
            "programs hide."),
        _SHOW_ORIGINAL,
    ),
    'arrival.headers_stripped': (
        _lt("The lines that tell the way are missing"),
        _lt("This has the lines that a mail program shows (From, To, Subject), but not the hidden ones that tell "
            "how the mail travelled."),
        _SHOW_ORIGINAL,
    ),
    'arrival.no_received': (
        _lt("This copy never travelled"),
        _lt("The mail has no trace of a mail server, as a draft or the copy in a “Sent” folder has none. Only a "
            "received mail tells how your mail arrives."),
        _lt("Send a mail from Odoo to a mailbox outside your company, for example at Gmail, and use the one that "
            "arrives there."),
    ),
    'arrival.no_from': (
        _lt("The mail has no sender address"),
        _lt("Receivers look at the address in the “From” line, and this mail has none that can be read."),
        _lt("Check that the whole mail was copied, from its first line on."),
    ),
    'arrival.several_from': (
        _lt("The mail has several sender addresses"),
        _lt("Receivers verify one sender. With several, many refuse the mail, so it proves nothing about your others."),
        _lt("Use a mail from Odoo that has one address in “From”."),
    ),
    'arrival.bounce': (
        _lt("This tells that a mail was not delivered"),
        _lt("It is the report about a mail that came back, and not the mail as somebody received it."),
        _lt("Use a mail that arrived. What the report says about the reason is shown with the mail in Odoo."),
    ),
    'arrival.delayed': (
        _lt("This tells that a mail is late"),
        _lt("It is the notice about a mail that could not be delivered yet. The server goes on trying: the mail may "
            "still arrive."),
        _lt("Wait. If it comes back in the end, that report tells why. To see how your mail arrives, use one that did."),
    ),
    'arrival.receipt': (
        _lt("This is a receipt"),
        _lt("It tells that another mail was delivered or read, and is not that mail."),
        _lt("Use the mail itself, as its recipient got it."),
    ),
    'arrival.report': (
        _lt("This is a report about other mail"),
        _lt("A provider tells of complaints, or of how much mail it got. It is not a mail that Odoo sent."),
        _lt("Use a mail from Odoo, as its recipient got it."),
    ),
    'arrival.forwarded_inline': (
        _lt("Somebody forwarded the mail to you"),
        _lt("Forwarding writes a new mail around the text of the old one (here from %(from_email)s). How the first "
            "one travelled is not in it any more."),
        _lt("Ask the person who got the mail first to forward it as an attachment, or to send you its source as a "
            "file."),
    ),
    'arrival.foreign': (
        _lt("This mail is not from your Odoo"),
        _lt("Its sender is %(from_email)s, and neither the address for bounces nor a signature belongs to a domain "
            "that your mail leaves as (%(domains)s). It tells nothing about your mail."),
        _lt("Use a mail that Odoo sent. If yours leaves as this domain, first let Odoo send as it: give a company "
            "that alias domain, or a user that address."),
    ),
    'arrival.unwrapped': (
        _lt("The mail was attached to another one"),
        _lt("It was forwarded as an attachment, which leaves it as it was: it was read from there."),
        _lt("Nothing to do."),
    ),
    'arrival.too_large': (
        _lt("The mail is large: only its header was read"),
        _lt("The way, the sender and the signature of the header were read. Whether its text arrived unchanged was not "
            "compared."),
        _lt("That is enough to learn from. For a complete check use a mail without attachments."),
    ),
    'arrival.header_too_large': (
        _lt("The header is unusually large"),
        _lt("Only the first part of the lines above the mail's text was read, so something may be missing below."),
        _lt("Use another mail, sent straight to one mailbox."),
    ),
    'arrival.too_many': (
        _lt("The header repeats itself unusually often"),
        _lt("There are more than %(limit)s lines of the kind “%(field)s”; only the topmost were looked at."),
        _lt("Use another mail, sent straight to one mailbox."),
    ),
    'arrival.no_body': (
        _lt("Only the header is here, without the text"),
        _lt("That tells the way and who signed. Whether the text arrived unchanged could not be compared."),
        _lt("That is enough to learn from. For a complete check copy the whole source of the mail."),
    ),
    'arrival.tnef': (
        _lt("A Microsoft Exchange server repacked the mail"),
        _lt("Exchange took the mail apart and packed it anew (TNEF, “winmail.dat”). No signature survives that, "
            "which is no fault of your mail."),
        _lt("Use a mail received at another provider, for example at Gmail."),
    ),
    'arrival.forwarded': (
        _lt("The mail was forwarded on its way"),
        _lt("The mailbox that it was sent to passed it on. The address that the last receiver saw is the forwarder's, "
            "so nothing is learned about yours; a signature still counts."),
        _lt("Use a mail that was sent straight to the mailbox where you read it."),
    ),
    'arrival.mailing_list': (
        _lt("The mail came through a mailing list"),
        _lt("A list sends its own copy, bounces go to %(envelope_from)s, and what it adds breaks signatures. It tells "
            "little about your mail."),
        _lt("Use a mail that was sent straight to one person."),
    ),
    'arrival.internal_only': (
        _lt("The mail never left your own network"),
        _lt("All the addresses on its way are internal ones. Receivers outside see another address, which this mail "
            "does not show."),
        _lt("Send a mail from Odoo to a mailbox outside your company, for example at Gmail, and use that one."),
    ),
    'arrival.no_egress': (
        _lt("The receiver does not say where it came from"),
        _lt("The receiver's own lines name no address that the mail came from."),
        _lt("Use a mail received at another provider, for example at Gmail."),
    ),
    'arrival.no_envelope': (
        _lt("The address for bounces is not shown"),
        _lt("Nothing in this copy tells the address that bounces of your mail go to, on which receivers check who may "
            "send it."),
        _lt("Copy the mail's source from the mailbox itself: the line “Return-Path” is among the first."),
    ),
    'arrival.not_signed': (
        _lt("The mail is not signed"),
        _lt("Without a signature (DKIM) your mail fails as soon as somebody forwards it, and large providers ask for "
            "one."),
        _lt("Turn DKIM signing on where your mail leaves (at your mail service or on your mail server), and publish "
            "the key that it shows you."),
    ),
    'arrival.signature_invalid': (
        _lt("A signature cannot be verified"),
        _lt("The mail is signed as %(domain)s with the key “%(selector)s”, but that does not verify: %(reason)s."),
        _lt("Where it is the key: publish the one that your mail service shows. Where it is the mail: the copy may be "
            "incomplete; save the mail as an .eml file and choose that. If it stays so, something changes your mail "
            "after it was signed."),
    ),
    'arrival.copy_altered': (
        _lt("The copy was changed after it arrived"),
        _lt("The receiver verified the signature of %(domain)s. The program that fetched the mail from its mailbox "
            "changed the header since, so in this copy it cannot be verified any more."),
        _lt("Nothing to do for your mail. To keep who signed it, show the mail's source in the mailbox itself, and copy "
            "that."),
    ),
    'arrival.signature_unanswered': (
        _lt("The key of a signature could not be looked up"),
        _lt("DNS did not answer about the key “%(selector)s” of %(domain)s (%(server)s), so it is open whether the "
            "signature is good."),
        _lt("Try again in some minutes."),
    ),
    'arrival.not_aligned': (
        _lt("The mail is signed, but not as your domain"),
        _lt("The signature is that of %(domains)s. It does not speak for %(from_domain)s, which is what receivers see "
            "as the sender."),
        _lt("Let your mail service sign as your own domain: its pages call that “domain authentication” or “DKIM”."),
    ),
    'arrival.spf_not_passed': (
        _lt("The address is not permitted to send"),
        _lt("The mail left from %(address)s, and the records of %(domain)s do not permit that address (SPF: "
            "%(result)s)."),
        _lt("If the mail is yours: keep what it taught, check the domain again, and publish the record that the report "
            "then shows."),
    ),
    'arrival.spf_unanswered': (
        _lt("Whether the address may send could not be looked up"),
        _lt("DNS did not answer all that it takes to tell whether %(address)s may send for %(domain)s."),
        _lt("Try again in some minutes."),
    ),
    'arrival.dmarc_failed': (
        _lt("Receivers cannot verify this mail"),
        _lt("Neither the permission to send (SPF) nor a signature (DKIM) speaks for the domain that receivers see as "
            "the sender. The domain's instructions to receivers about such mail: %(policy)s."),
        _lt("If the mail is yours: keep what it taught, check the domain again, and publish the records that the report "
            "then shows."),
    ),
    'arrival.dmarc_unanswered': (
        _lt("The domain's instructions could not be looked up"),
        _lt("DNS did not answer, so it is open what receivers do with this mail."),
        _lt("Try again in some minutes."),
    ),
    'arrival.results_not_believed': (
        _lt("A line pretends to be the receiver's word"),
        _lt("The mail brought along a verdict of “%(identifier)s”, which is not who received it. Anybody can write such "
            "a line, so it was left out."),
        _lt("Nothing to do. What we found out ourselves stands above."),
    ),
    'arrival.receiver_disagrees': (
        _lt("The receiver saw it otherwise"),
        _lt("When the mail arrived the receiver said “%(said)s” (%(method)s); by what DNS says now it is “%(found)s”."),
        _lt("If you changed a record since, that is why: send a new mail and look at that one."),
    ),
}
