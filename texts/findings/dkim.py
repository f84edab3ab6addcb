"""Findings about signatures and their keys (DKIM), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    # Whether there is a key, and where
    'dkim.missing': (
        _lt("The key for your mail's signature is missing"),
        _lt("Receivers look for the key of the signature (DKIM) at %(name)s and find none, so a signature "
            "made with it proves nothing."),
        _lt("Publish the record shown under the records to publish, or copy it from the service that sends the mail if "
            "none is shown."),
    ),
    'dkim.unanswered': (
        _lt("No answer about the key for your mail's signature"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so we do not know whether the key of the "
            "signature (DKIM) is there. It may well be correct."),
        _lt("Check again later. If this continues, tell that name's DNS administrator."),
    ),
    'dkim.several': (
        _lt("Several keys where receivers accept one"),
        _lt("There are %(count)s keys for the signature (DKIM) at %(name)s. Which one a receiver uses is random, so "
            "part of your mail may fail."),
        _lt("Keep the record that the sending service shows you today, and delete the other TXT records at "
            "this name."),
    ),
    'dkim.other_text': (
        _lt("There is another text next to the key"),
        _lt("Some receivers read “%(text)s” at %(name)s instead of the key for your mail's signature (DKIM)."),
        _lt("Delete that TXT record at %(name)s; keep the one with p= in it."),
    ),
    'dkim.not_a_key': (
        _lt("There is something other than a key where the key belongs"),
        _lt("Receivers look at %(name)s for the key of your mail's signature (DKIM) and find “%(text)s”."),
        _lt("Replace that TXT record with the one that the sending service shows you."),
    ),
    'dkim.wildcard': (
        _lt("The same key answers for every name"),
        _lt("A record with an asterisk (a wildcard) returns the key of the signature (DKIM) for every name that "
            "receivers could ask for. Your mail works, but no key can be changed or withdrawn on its own."),
        _lt("Publish the key at %(name)s itself, and delete the record whose host begins with an asterisk."),
    ),
    'dkim.wildcard_no_key': (
        _lt("A record for all names answers where the key belongs"),
        _lt("A record with an asterisk as its host (a wildcard) answers “%(seen)s” at %(name)s, which is not a key for "
            "your mail's signature (DKIM)."),
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
        _lt("The service currently signs with another key, so your mail is not affected. %(name)s, kept for the next "
            "change of keys, points to %(target)s, where there is no key."),
        _lt("Nothing needs to be done if the pointer (CNAME record) is the one that the service shows you."),
    ),
    'dkim.wrong_target': (
        _lt("The pointer to the key leads to another place"),
        _lt("%(name)s points to %(seen)s; the service signs with the key at %(expected)s. Receivers may "
            "check your mail's signature (DKIM) with the wrong key."),
        _lt("Change the target of that pointer (the CNAME record at %(name)s) to %(expected)s."),
    ),
    'dkim.target_doubled': (
        _lt("The DNS panel added your domain to the pointer's target"),
        _lt("%(name)s points to %(seen)s instead of %(expected)s, so receivers do not find the key of your mail's "
            "signature (DKIM)."),
        _lt("In that pointer (the CNAME record at %(name)s), add a dot at the end of the target: %(expected)s."),
    ),
    'dkim.differs_from_target': (
        _lt("The published key is not the one that the service uses"),
        _lt("There is a copy of a key at %(name)s, but the service's own key at %(target)s is different. Signatures "
            "(DKIM) made with the new key fail."),
        _lt("Delete the TXT record at %(name)s and create a CNAME record, a pointer, from there to "
            "%(target)s."),
    ),
    'dkim.alias_beside_record': (
        _lt("A pointer and a text share one name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and other records too. DNS does not "
            "allow that, so which key receivers see is random."),
        _lt("If the service asks for a CNAME record, delete the TXT record at this name; otherwise delete "
            "the CNAME record."),
    ),
    'dkim.wrong_place': (
        _lt("The key is where receivers do not look"),
        _lt("The key of your mail's signature (DKIM) is at %(seen_at)s. Receivers only look at %(name)s."),
        _lt("Create the same record at %(name)s, then delete the one at %(seen_at)s."),
    ),
    'dkim.doubled_domain': (
        _lt("The key is at the domain's name written twice"),
        _lt("The key of your mail's signature (DKIM) is at %(seen_at)s, because the DNS panel adds the domain "
            "automatically. Receivers only look at %(name)s."),
        _lt("In the DNS panel, shorten the host of this record so that it ends in _domainkey, without your "
            "domain."),
    ),
    'dkim.bad_selector': (
        _lt("The name of the key cannot be looked up"),
        _lt("“%(selector)s” (the selector, a short name for the key that a signature was made with) has a character "
            "that DNS does not allow, or is too long."),
        _lt("Compare it with the name in front of ._domainkey that the sending service shows you, and "
            "correct it."),
    ),
    # Whether the text is a key
    'dkim.bad_version': (
        _lt("The key does not begin correctly"),
        _lt("The record at %(name)s begins with v=%(value)s, so receivers do not recognize it as a key for your mail's "
            "signature (DKIM)."),
        _lt("Make the record begin with v=DKIM1 and a semicolon, in capitals as shown here."),
    ),
    'dkim.version_not_first': (
        _lt("The beginning of the key is in the wrong place"),
        _lt("Some receivers then ignore the record at %(name)s, which holds the key of your mail's signature "
            "(DKIM)."),
        _lt("Move “v=DKIM1;” to the beginning of the record."),
    ),
    'dkim.lost_semicolon': (
        _lt("A semicolon is missing in the key"),
        _lt("After %(tag)s= in the record at %(name)s two parts have run together, so receivers cannot read the key of "
            "your mail's signature (DKIM)."),
        _lt("Put a semicolon between the parts, or copy the record again from the sending service."),
    ),
    'dkim.stray_text': (
        _lt("The key contains text that does not belong there"),
        _lt("Receivers cannot read “%(text)s” in the record at %(name)s, so the key of your mail's signature (DKIM) "
            "may be useless."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.empty_tag': (
        _lt("The key has a semicolon too many"),
        _lt("Two semicolons follow each other in the record at %(name)s, which holds the key of your mail's signature "
            "(DKIM). Nearly all receivers ignore that."),
        _lt("Delete one of the two the next time you change the record."),
    ),
    'dkim.duplicate_tag': (
        _lt("Part of the key appears twice"),
        _lt("%(tag)s= occurs more than once in the record at %(name)s, so receivers may ignore the key of "
            "your mail's signature (DKIM)."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.tag_case': (
        _lt("Capital letters where lower case is expected"),
        _lt("Receivers do not recognize “%(tag)s=” in the record at %(name)s, which holds the key of your mail's "
            "signature (DKIM), because of its capital letter, and ignore it."),
        _lt("Write it in lower case, or copy the record again from the sending service."),
    ),
    'dkim.curly_quotes': (
        _lt("Typographic quotation marks are part of the key"),
        _lt("They come from a word processor or web page. Receivers cannot read the key of your mail's signature "
            "(DKIM) at %(name)s."),
        _lt("Enter the record again without quotation marks of any kind."),
    ),
    'dkim.pasted_quotes': (
        _lt("Quotation marks are part of the key"),
        _lt("Receivers treat them as part of the record at %(name)s and cannot read the key of your mail's signature "
            "(DKIM)."),
        _lt("Enter the record again without quotation marks, as one line: the DNS panel adds any that it needs."),
    ),
    'dkim.pasted_backslash': (
        _lt("Backslashes are part of the key"),
        _lt("They belong to a file format used by name servers. In the record at %(name)s they prevent receivers from "
            "reading the key of your mail's signature (DKIM)."),
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
        _lt("The lines around the key were pasted in"),
        _lt("The record at %(name)s contains the “BEGIN” and “END” lines of a key file, so receivers cannot read the "
            "key of your mail's signature (DKIM)."),
        _lt("After p=, keep only the letters and digits between those two lines, without line breaks."),
    ),
    'dkim.private_key': (
        _lt("The secret half of the key is public"),
        _lt("Anybody can read at %(name)s what only your mail server should know, and sign mail as you (DKIM). "
            "Receivers cannot use it to check yours."),
        _lt("Have the sending service make a new pair of keys, publish only the public one, and delete this "
            "record now."),
    ),
    'dkim.bad_base64': (
        _lt("The key contains a character that no key can have"),
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
        _lt("What follows p= at %(name)s is not a key that receivers can use, so your mail's signature (DKIM) proves "
            "nothing."),
        _lt("Copy the record again from the sending service and replace the one that is there."),
    ),
    'dkim.key_type_mismatch': (
        _lt("The key is not of the type that its record says"),
        _lt("The record at %(name)s announces the type “%(key_type)s”, but the key is “%(seen)s”. Receivers cannot "
            "check your mail's signature (DKIM) with it."),
        _lt("Copy the record again from the sending service, with the part k= as it is there."),
    ),
    'dkim.unknown_key_type': (
        _lt("The key is of a type that receivers do not know"),
        _lt("The record at %(name)s announces the type “%(key_type)s”. Receivers know rsa and ed25519 and ignore the "
            "key of your mail's signature (DKIM)."),
        _lt("Correct the part k= to what the sending service shows you; without it, rsa is meant."),
    ),
    'dkim.weak_key': (
        _lt("The key is too short to count"),
        _lt("Receivers ignore signatures (DKIM) made with a key of %(bits)s bits, as at %(name)s, because such a key "
            "can be broken: 1024 is the minimum."),
        _lt("Have the sending service make a new key of 2048 bits, and publish the record that it shows "
            "you."),
    ),
    'dkim.short_key': (
        _lt("The key is shorter than recommended today"),
        _lt("The key of your mail's signature (DKIM) at %(name)s has %(bits)s bits. Receivers still accept it; 2048 "
            "are recommended."),
        _lt("Have the sending service make a key of 2048 bits if it can. If the key belongs to the service, there is "
            "nothing for you to change."),
    ),
    'dkim.long_key': (
        _lt("The key is longer than receivers need to support"),
        _lt("The key of your mail's signature (DKIM) at %(name)s has %(bits)s bits; some receivers cannot "
            "check with more than 4096."),
        _lt("Have the sending service make a key of 2048 bits, and publish the record that it shows you."),
    ),
    'dkim.pkcs1_key': (
        _lt("Many receivers cannot read the key"),
        _lt("The key at %(name)s is in a form that the standard for signatures (DKIM) names, but that hardly anybody publishes. "
            "Receivers with OpenDKIM, SpamAssassin or Haraka take your mail's signature for invalid."),
        _lt("Publish the key in its usual form (SubjectPublicKeyInfo): with OpenSSL, “openssl rsa -in FILE -pubout -outform DER” "
            "writes it, and its base64 text belongs after p=. If a sending service showed you this record, tell the service."),
    ),
    'dkim.ed25519_only': (
        _lt("Some large receivers cannot check this kind of key"),
        _lt("The keys of your mail's signature (DKIM keys: %(selectors)s) are all of the newer type ed25519, but some large "
            "receivers only check the type rsa."),
        _lt("Have the sending service sign with an rsa key of 2048 bits as well, and publish that key too."),
    ),
    # What else the record says
    'dkim.testing': (
        _lt("The key says that it is only a test"),
        _lt("With t=y in the record at %(name)s, receivers may treat your mail as if it had no signature "
            "(DKIM)."),
        _lt("Once signed mail arrives correctly, remove t=y from the record."),
    ),
    'dkim.exact_domain': (
        _lt("The key does not serve subdomains"),
        _lt("With t=s in the record at %(name)s, the signature (DKIM) only counts for addresses at the domain itself, "
            "not for addresses at its subdomains."),
        _lt("Nothing needs to be done unless you send from subdomains; then remove t=s from the record."),
    ),
    'dkim.sha1_only': (
        _lt("The key only allows a method that receivers reject"),
        _lt("h= in the record at %(name)s does not allow sha256, the only way to compute a signature (DKIM) "
            "that receivers still accept."),
        _lt("Remove the part h= from the record."),
    ),
    'dkim.not_for_email': (
        _lt("The key says that it is not for email"),
        _lt("s= in the record at %(name)s names only other uses (%(services)s), so receivers ignore the key of your "
            "mail's signature (DKIM)."),
        _lt("Remove the part s= from the record."),
    ),
    'dkim.obsolete_tag': (
        _lt("The key has a part that is no longer used"),
        _lt("%(tag)s= in the record at %(name)s was removed from the standard for signatures (DKIM). Nearly all "
            "receivers ignore it."),
        _lt("Remove it the next time you change the record."),
    ),
    'dkim.granularity': (
        _lt("Some receivers do not accept the key"),
        _lt("The record at %(name)s contains “g=%(value)s”, which the standard for signatures (DKIM) no longer has. "
            "Receivers with SpamAssassin or Haraka still follow it and take the key for one address at most, so your mail's "
            "signature is invalid there."),
        _lt("Remove the part g= from the record."),
    ),
    # A service and its keys
    'dkim.selector_unknown': (
        _lt("We do not know which key your mail is signed with"),
        _lt("Keys for signatures (DKIM) are published in DNS under a name that the service chooses, the selector, and "
            "DNS cannot list them. So we do not know whether your mail is signed."),
        _lt("Look in the sending service's settings for a record whose host ends in _domainkey, publish it, and enter "
            "what comes before ._domainkey in this report."),
    ),
    'dkim.selector_missing': (
        _lt("The record for the next key is missing"),
        _lt("Your mail can be signed (DKIM) with the key “%(serving)s” today. When the service changes to "
            "“%(selector)s”, its signatures will fail."),
        _lt("Publish the record at %(name)s as the service shows it."),
    ),
    'dkim.selectors_incomplete': (
        _lt("Some of the keys for your mail's signature are missing"),
        _lt("The service needs several keys (DKIM). It has %(serving)s but not %(missing)s, so part of your mail may "
            "go without a valid signature."),
        _lt("Publish the missing records as the service shows them."),
    ),
}
