"""What can be noticed about one mail that was received."""

from __future__ import annotations

from ..finding import Kind, Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Kind] = {
    # What was given is no mail that can be read.
    "arrival.empty": Kind(_E, "The input is empty.", "RFC 5322 §2.1"),
    "arrival.not_a_mail": Kind(_E, "The input is not an Internet message.", "RFC 5322 §2.1"),
    "arrival.outlook_file": Kind(_E, "A .msg file of Outlook: not the message as it was received.", "RFC 5322 §2.1"),
    "arrival.body_only": Kind(_E, "The input is only the text of an email, without its header.", "RFC 5322 §2.1"),
    "arrival.headers_stripped": Kind(
        _E, "The input has only the header fields that mail programs show; the trace fields are missing.",
        "RFC 5321 §4.4"),
    "arrival.no_received": Kind(_E, "No Received field: the copy of a sender, or a draft.", "RFC 5321 §4.4"),
    "arrival.no_from": Kind(_E, "No From field with an address.", "RFC 5322 §3.6.2"),
    "arrival.several_from": Kind(
        _E, "More than one author: receivers treat such mail differently.", "RFC 9989 §11.5"),
    "arrival.bounce": Kind(_E, "A report about an email that could not be delivered, not that email.", "RFC 3464 §2"),
    "arrival.delayed": Kind(
        _E, "A notice that delivery is still being tried: the email was neither delivered nor rejected yet.", "RFC 3464 §2.3.3"),
    "arrival.receipt": Kind(_E, "A receipt: another email was delivered or read.", "RFC 3464 §2.3.3, RFC 8098 §3"),
    "arrival.report": Kind(_E, "A report about other mail: a complaint, or delivery statistics.", "RFC 5965 §2"),
    "arrival.forwarded_inline": Kind(
        _E, "A person forwarded the mail as text: header and signatures are those of the forwarding.",
        "RFC 6376 §2.3"),
    "arrival.foreign": Kind(_E, "Neither From nor the envelope nor a signature is of one's own domains.", "RFC 9989 §4.4"),
    # What was read only in part, or in another way.
    "arrival.unwrapped": Kind(_I, "The mail was attached to another one and was read from there.", "RFC 2046 §5.2.1"),
    "arrival.too_large": Kind(_I, "The mail is too large to be read as a whole: its body was left out.", "RFC 5321 §4.5.3"),
    "arrival.header_too_large": Kind(_W, "The header is too large and was read in part.", "RFC 5321 §4.5.3"),
    "arrival.too_many": Kind(_W, "More fields of one kind than are checked.", "RFC 5321 §6.3"),
    "arrival.no_body": Kind(_I, "The input is only the header: the signed body could not be compared.", "RFC 6376 §3.7"),
    "arrival.tnef": Kind(_W, "Microsoft Exchange repacked the mail (TNEF); no signature survives that.", "RFC 6376 §2.3"),
    # The way.
    "arrival.forwarded": Kind(
        _W, "The mail was forwarded on its way: the last address is the forwarder's.", "RFC 7208 Appendix D"),
    "arrival.mailing_list": Kind(
        _W, "The mail came through a mailing list: envelope and often the content are the list's.", "RFC 6376 §2.3"),
    "arrival.internal_only": Kind(
        _W, "The mail never left the receiver's own network: no public address is in its trace.", "RFC 5321 §4.4"),
    "arrival.no_egress": Kind(
        _W, "The receiver's own Received fields name no public address that the mail came from.", "RFC 5321 §4.4"),
    "arrival.no_envelope": Kind(_I, "Nothing trustworthy shows the envelope sender.", "RFC 5321 §4.4"),
    # What authenticates it.
    "arrival.not_signed": Kind(_W, "The mail carries no DKIM signature.", "RFC 6376 §3.5"),
    "arrival.signature_invalid": Kind(_W, "A DKIM signature does not verify.", "RFC 6376 §6.1"),
    "arrival.copy_altered": Kind(
        _I, "A program that fetched the mail changed its header: a signature that the receiver verified no longer does.",
        "RFC 6376 §2.3"),
    "arrival.signature_unanswered": Kind(_I, "DNS did not answer about the key of a signature.", "RFC 6376 §6.1.2"),
    "arrival.not_aligned": Kind(
        _W, "The mail is signed, but not as a domain that is aligned with From.", "RFC 9989 §4.4.1"),
    "arrival.spf_not_passed": Kind(_W, "SPF does not pass for the address that the mail came from.", "RFC 7208 §2.6"),
    "arrival.spf_unanswered": Kind(_I, "DNS did not answer what SPF needs.", "RFC 7208 §2.6.6"),
    "arrival.dmarc_failed": Kind(
        _E, "Neither SPF nor DKIM passes for a domain that is aligned with From.", "RFC 9989 §5.3.5"),
    "arrival.dmarc_unanswered": Kind(_I, "DNS did not answer what DMARC needs.", "RFC 9989 §4.10"),
    "arrival.results_not_believed": Kind(
        _I, "An Authentication-Results field names an identifier that is not the receiver's.", "RFC 8601 §7.1"),
    "arrival.receiver_disagrees": Kind(
        _I, "The receiver came to a different result than DNS gives today.", "RFC 8601 §2.7"),
    # What two mails in a row that one sent to oneself showed to be worse than before.
    "proof.not_arriving": Kind(_E, "Mail on a sending path no longer arrives.", "RFC 5321 §6.1"),
    "proof.unverified": Kind(
        _E, "Neither SPF nor DKIM passes any more for a domain that is aligned with From.", "RFC 9989 §5.3.5"),
    "proof.signature_stopped": Kind(_W, "No aligned DKIM signature verifies any more.", "RFC 6376 §6.1"),
    "proof.egress_changed": Kind(
        _W, "Mail leaves from another address, which is none of a known service.", "RFC 5321 §4.4"),
    "proof.unencrypted": Kind(_W, "The receiver took the mail over without TLS, and with it before.", "RFC 3207 §4"),
}
