"""Findings about signatures and their keys (DKIM), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    # Whether there is a key, and where
    'dkim.missing': (
        _lt("The key for your mail's signature is missing"),
        _lt("Receivers look for the key of the signature (DKIM) at %(name)s and find none, so a signature "
            "made with it proves nothing."),
        _lt("Publish the record shown among the records to publish, or copy it from the service that sends "
            "the mail if none is shown."),
    ),
    'dkim.unanswered': (
        _lt("No answer about the key for your mail's signature"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so it is not known whether the key "
            "of the signature (DKIM) is there. It may well be in order."),
        _lt("Check again later. If it stays so, tell whoever runs the DNS of that name."),
    ),
    'dkim.several': (
        _lt("Several keys where receivers accept one"),
        _lt("There are %(count)s keys for the signature (DKIM) at %(name)s. Which one a receiver takes is "
            "chance, so a part of your mail may fail."),
        _lt("Keep the record that the sending service shows you today, and delete the other TXT records at "
            "this name."),
    ),
    'dkim.other_text': (
        _lt("Another text stands beside the key"),
        _lt("Some receivers read “%(text)s” at %(name)s in place of the key for your mail's signature "
            "(DKIM)."),
        _lt("Delete that TXT record at %(name)s; keep the one with p= in it."),
    ),
    'dkim.not_a_key': (
        _lt("A text that is no key stands where the key belongs"),
        _lt("Receivers look at %(name)s for the key of your mail's signature (DKIM) and find “%(text)s”."),
        _lt("Replace that TXT record by the one that the sending service shows you."),
    ),
    'dkim.wildcard': (
        _lt("The same key answers for every name"),
        _lt("A record with an asterisk (a wildcard) serves the key of the signature (DKIM) at every name "
            "that receivers could ask for. Your mail works, but no key can be changed or withdrawn alone."),
        _lt("Publish the key at %(name)s itself, and delete the record whose host begins with an asterisk."),
    ),
    'dkim.wildcard_no_key': (
        _lt("A record for all names answers where the key belongs"),
        _lt("A record with an asterisk as its host (a wildcard) answers “%(seen)s” at %(name)s, which is no "
            "key for your mail's signature (DKIM)."),
        _lt("Publish the key at %(name)s itself: the wildcard then no longer answers there."),
    ),
    'dkim.dangling_alias': (
        _lt("The pointer to the key leads nowhere"),
        _lt("%(name)s points (by a CNAME record) to %(target)s, where there is no key for your mail's "
            "signature (DKIM). Signatures made with it prove nothing."),
        _lt("Compare the pointer with the one that the sending service shows you and correct it; if it is "
            "the same, ask the service to provide the key."),
    ),
    'dkim.spare_dangling': (
        _lt("The pointer to a spare key leads nowhere yet"),
        _lt("The service signs with another key at present, so your mail is not affected. %(name)s, kept for "
            "the next change of keys, points to %(target)s, where there is no key."),
        _lt("Nothing has to be done if the pointer (CNAME record) is the one that the service shows you."),
    ),
    'dkim.wrong_target': (
        _lt("The pointer to the key leads to another place"),
        _lt("%(name)s points to %(seen)s; the service signs with the key at %(expected)s. Receivers may "
            "check your mail's signature (DKIM) with the wrong key."),
        _lt("Change the target of that pointer (the CNAME record at %(name)s) to %(expected)s."),
    ),
    'dkim.target_doubled': (
        _lt("The DNS panel added your domain to the pointer's target"),
        _lt("%(name)s points to %(seen)s in place of %(expected)s, so receivers do not find the key of your "
            "mail's signature (DKIM)."),
        _lt("In that pointer (the CNAME record at %(name)s), write the target with a dot at its end: "
            "%(expected)s."),
    ),
    'dkim.differs_from_target': (
        _lt("The published key is not the one that the service uses"),
        _lt("A copy of a key stands at %(name)s, and the service's own at %(target)s is another one. "
            "Signatures (DKIM) that are made with the new key fail."),
        _lt("Delete the TXT record at %(name)s and create a CNAME record, a pointer, from there to "
            "%(target)s."),
    ),
    'dkim.alias_beside_record': (
        _lt("A pointer and a text share one name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and other records too. DNS does not "
            "allow that, so which key receivers see is chance."),
        _lt("If the service asks for a CNAME record, delete the TXT record at this name; otherwise delete "
            "the CNAME record."),
    ),
    'dkim.wrong_place': (
        _lt("The key stands where receivers do not look"),
        _lt("The key of your mail's signature (DKIM) stands at %(seen_at)s. Receivers look at %(name)s "
            "only."),
        _lt("Create the same record at %(name)s, then delete the one at %(seen_at)s."),
    ),
    'dkim.doubled_domain': (
        _lt("The key stands at the domain's name written twice"),
        _lt("The key of your mail's signature (DKIM) stands at %(seen_at)s, because the DNS panel adds the "
            "domain by itself. Receivers look at %(name)s only."),
        _lt("In the DNS panel, shorten the host of this record so that it ends in _domainkey, without your "
            "domain."),
    ),
    'dkim.bad_selector': (
        _lt("The name of the key cannot be looked up"),
        _lt("“%(selector)s” (the selector, a short name that tells which key a signature was made with) has "
            "a character that DNS does not allow, or is too long."),
        _lt("Compare it with the name in front of ._domainkey that the sending service shows you, and "
            "correct it."),
    ),
    # Whether the text is a key
    'dkim.bad_version': (
        _lt("The key does not begin as it has to"),
        _lt("The record at %(name)s begins with v=%(value)s, so receivers do not take it for a key of your "
            "mail's signature (DKIM)."),
        _lt("Let the record begin with v=DKIM1 and a semicolon, in capitals as here."),
    ),
    'dkim.version_not_first': (
        _lt("The beginning of the key is not in its place"),
        _lt("Some receivers then ignore the record at %(name)s, which holds the key of your mail's signature "
            "(DKIM)."),
        _lt("Move “v=DKIM1;” to the beginning of the record."),
    ),
    'dkim.lost_semicolon': (
        _lt("A semicolon is missing in the key"),
        _lt("Behind %(tag)s= in the record at %(name)s two parts have run together, so receivers cannot read "
            "the key of your mail's signature (DKIM)."),
        _lt("Put a semicolon between the parts, or copy the record again from the sending service."),
    ),
    'dkim.stray_text': (
        _lt("Text in the key that does not belong there"),
        _lt("Receivers cannot read “%(text)s” in the record at %(name)s, so the key of your mail's signature "
            "(DKIM) may count for nothing."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.empty_tag': (
        _lt("The key has a semicolon too many"),
        _lt("Two semicolons follow each other in the record at %(name)s, which holds the key of your mail's "
            "signature (DKIM). Nearly all receivers pass over that."),
        _lt("Delete one of the two when you change the record next."),
    ),
    'dkim.duplicate_tag': (
        _lt("A part of the key stands in it twice"),
        _lt("%(tag)s= occurs more than once in the record at %(name)s, so receivers may ignore the key of "
            "your mail's signature (DKIM)."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.tag_case': (
        _lt("Capital letters where small ones are expected"),
        _lt("Receivers do not recognise “%(tag)s=” in the record at %(name)s, which holds the key of your "
            "mail's signature (DKIM), because of its capital letter: they read on as if it were not there."),
        _lt("Write it in small letters, or copy the record again from the sending service."),
    ),
    'dkim.curly_quotes': (
        _lt("Typographic quotation marks are part of the key"),
        _lt("A word processor or web page made them. Receivers cannot read the key of your mail's signature "
            "(DKIM) at %(name)s."),
        _lt("Enter the record again without quotation marks of any kind."),
    ),
    'dkim.pasted_quotes': (
        _lt("Quotation marks are part of the key"),
        _lt("Receivers take them for a part of the record at %(name)s and cannot read the key of your mail's "
            "signature (DKIM)."),
        _lt("Enter the record again without quotation marks, as one line: the DNS panel adds those that it "
            "needs."),
    ),
    'dkim.pasted_backslash': (
        _lt("Backslashes are part of the key"),
        _lt("They belong to a file format of name servers. In the record at %(name)s they keep receivers "
            "from reading the key of your mail's signature (DKIM)."),
        _lt("Enter the record again without any backslash: write ; and not \\;."),
    ),
    # The key itself
    'dkim.no_public_key': (
        _lt("The record for the key holds no key"),
        _lt("The record at %(name)s has no part that begins with p=, the key itself, so receivers cannot "
            "check your mail's signature (DKIM)."),
        _lt("Copy the whole record again from the sending service and replace the one that is there."),
    ),
    'dkim.revoked': (
        _lt("The key was withdrawn"),
        _lt("An empty p= at %(name)s says that this key of your mail's signature (DKIM) is no longer valid. "
            "Mail that is still signed with it fails."),
        _lt("If the service still signs with it, publish the record that the service shows you; otherwise "
            "leave it as it is."),
    ),
    'dkim.pem_pasted': (
        _lt("The lines around the key were pasted along"),
        _lt("“BEGIN” and “END” lines of a key file stand in the record at %(name)s, so receivers cannot read "
            "the key of your mail's signature (DKIM)."),
        _lt("Behind p=, keep only the letters and digits between those two lines, without line breaks."),
    ),
    'dkim.private_key': (
        _lt("The secret half of the key is public"),
        _lt("Anybody can read at %(name)s what only your mail server may know, and sign mail as you (DKIM). "
            "Receivers cannot use it to check yours."),
        _lt("Have the sending service make a new pair of keys, publish only the public one, and delete this "
            "record now."),
    ),
    'dkim.bad_base64': (
        _lt("The key has a character that no key has"),
        _lt("Something was changed or added while the key of your mail's signature (DKIM) was copied to "
            "%(name)s. Receivers cannot read it."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.truncated_key': (
        _lt("The end of the key is missing"),
        _lt("The key of your mail's signature (DKIM) at %(name)s was cut off, as happens in DNS panels with "
            "a short field. Receivers cannot use it."),
        _lt("Copy the whole record again from the sending service. If the field is too short, enter it in "
            "quoted pieces of 255 characters at most, or ask your DNS provider how to enter long TXT "
            "records."),
    ),
    'dkim.bad_key': (
        _lt("The key cannot be read"),
        _lt("What stands behind p= at %(name)s is no key that receivers can use, so your mail's signature "
            "(DKIM) proves nothing."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.key_type_mismatch': (
        _lt("The key is of another kind than its record says"),
        _lt("The record at %(name)s announces the kind “%(key_type)s”, and the key is “%(seen)s”. Receivers "
            "cannot check your mail's signature (DKIM) with it."),
        _lt("Copy the record again from the sending service, with the part k= as it is there."),
    ),
    'dkim.unknown_key_type': (
        _lt("The key is of a kind that receivers do not know"),
        _lt("The record at %(name)s announces the kind “%(key_type)s”. Receivers know rsa and ed25519 and "
            "ignore the key of your mail's signature (DKIM)."),
        _lt("Correct the part k= to what the sending service shows you; without it, rsa is meant."),
    ),
    'dkim.weak_key': (
        _lt("The key is too short to count"),
        _lt("Receivers ignore signatures (DKIM) made with a key of %(bits)s bits, as at %(name)s, for such a "
            "key can be broken: 1024 is the least."),
        _lt("Have the sending service make a new key of 2048 bits, and publish the record that it shows "
            "you."),
    ),
    'dkim.short_key': (
        _lt("The key is shorter than is advised today"),
        _lt("The key of your mail's signature (DKIM) at %(name)s has %(bits)s bits. Receivers still accept "
            "it; 2048 are advised."),
        _lt("Have the sending service make a key of 2048 bits if it can. If the key is the service's own, "
            "there is nothing for you to change."),
    ),
    'dkim.long_key': (
        _lt("The key is longer than receivers have to read"),
        _lt("The key of your mail's signature (DKIM) at %(name)s has %(bits)s bits; some receivers cannot "
            "check with more than 4096."),
        _lt("Have the sending service make a key of 2048 bits, and publish the record that it shows you."),
    ),
    'dkim.ed25519_only': (
        _lt("Some large receivers cannot check this kind of key"),
        _lt("The keys of your mail's signature (DKIM; selectors, the names of the keys: %(selectors)s) are "
            "all of the newer kind ed25519, and some large receivers check the kind rsa only."),
        _lt("Have the sending service sign with an rsa key of 2048 bits as well, and publish that key too."),
    ),
    # What else the record says
    'dkim.testing': (
        _lt("The key says that it is only a test"),
        _lt("With t=y in the record at %(name)s, receivers may treat your mail as if it had no signature "
            "(DKIM)."),
        _lt("Once signed mail arrives well, take t=y out of the record."),
    ),
    'dkim.exact_domain': (
        _lt("The key does not serve subdomains"),
        _lt("With t=s in the record at %(name)s, the signature (DKIM) counts for addresses at the domain "
            "itself only, not for addresses at names below it."),
        _lt("Nothing has to be done unless you send from subdomains; then take t=s out of the record."),
    ),
    'dkim.sha1_only': (
        _lt("The key allows only a method that receivers reject"),
        _lt("h= in the record at %(name)s does not allow sha256, the only way to compute a signature (DKIM) "
            "that receivers still accept."),
        _lt("Take the part h= out of the record."),
    ),
    'dkim.not_for_email': (
        _lt("The key says that it is not for email"),
        _lt("s= in the record at %(name)s names other uses only (%(services)s), so receivers ignore the key "
            "of your mail's signature (DKIM)."),
        _lt("Take the part s= out of the record."),
    ),
    'dkim.obsolete_tag': (
        _lt("The key has a part that is no longer used"),
        _lt("%(tag)s= in the record at %(name)s was taken out of the standard for signatures (DKIM). Nearly "
            "all receivers ignore it."),
        _lt("Take it out when you change the record next."),
    ),
    # A service and its keys
    'dkim.selector_unknown': (
        _lt("It is not known which key your mail is signed with"),
        _lt("Keys for signatures (DKIM) stand in DNS under a name that the service chooses, the selector, "
            "and DNS cannot list them. So it is not known whether your mail is signed."),
        _lt("Look in the sending service's settings for a record whose host ends in _domainkey, publish it, "
            "and enter what stands before ._domainkey in this report."),
    ),
    'dkim.selector_missing': (
        _lt("The record for the next key is missing"),
        _lt("Your mail can be signed (DKIM) with the key “%(serving)s” today. When the service changes to "
            "“%(selector)s”, its signatures will fail."),
        _lt("Publish the record at %(name)s as the service shows it."),
    ),
    'dkim.selectors_incomplete': (
        _lt("Some of the keys for your mail's signature are missing"),
        _lt("The service needs several keys (DKIM). It has %(serving)s but not %(missing)s, so a part of "
            "your mail may go without a valid signature."),
        _lt("Publish the missing records as the service shows them."),
    ),
}
