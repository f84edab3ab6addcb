"""Findings about the permission to send (SPF), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    # Which record
    'spf.missing': (
        _lt("No list of the servers that may send your mail"),
        _lt("Anybody could send as %(name)s, and receivers cannot tell your mail from theirs. Large providers reject "
            "such mail or file it as spam."),
        _lt("Publish the list (the SPF record, a text line in DNS that starts with v=spf1) as shown under the records "
            "to publish. If none is shown, first choose in Settings what your mail is sent through."),
    ),
    'spf.alias_beside_record': (
        _lt("A pointer and the list of permitted servers share a name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and an SPF record too. DNS does not allow that: "
            "some receivers see your list of permitted servers, others see that of %(target)s or none at all, and "
            "reject your mail."),
        _lt("Delete the CNAME record at %(name)s. If your website needs it, ask your DNS administrator for an address "
            "record (A or ALIAS) instead."),
    ),
    'spf.several': (
        _lt("Several SPF records where receivers accept one"),
        _lt("There are %(count)s lists of the servers that may send your mail (SPF records), so receivers use none of "
            "them."),
        _lt("Merge them: replace one of the lines that start with v=spf1 with the merged record, and delete the "
            "others. Leave other TXT lines alone."),
    ),
    'spf.unanswered': (
        _lt("No answer about the servers that may send your mail"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so part of the list of permitted servers (the "
            "SPF record) is unknown. It may well be correct."),
        _lt("Check again later. If this continues, tell that name's DNS administrator."),
    ),
    'spf.not_selected': (
        _lt("A line meant as an SPF record is not read as one"),
        _lt("Receivers skip “%(text)s”, so what it lists is not permitted: the list of the servers that may send "
            "your mail (the SPF record) must begin with v=spf1 and a space."),
        _lt("Correct the beginning of this line. If another line already starts with v=spf1, move what is "
            "missing there and delete this one."),
    ),
    'spf.type99': (
        _lt("A second copy of the SPF record that nobody reads"),
        _lt("The list of permitted servers is also published as a record of DNS type “SPF”, which is obsolete. Your "
            "mail is not affected."),
        _lt("Delete the record of type SPF at %(name)s. Keep the one of type TXT that starts with v=spf1."),
    ),
    'spf.type99_differs': (
        _lt("An old SPF record says something else"),
        _lt("A record of DNS type “SPF”, which is obsolete, differs from the list that receivers read, which is of "
            "type TXT. They ignore the old one, so a server that only stands there is not permitted."),
        _lt("Move what is still correct into the TXT line that starts with v=spf1, then delete the record of type SPF "
            "at %(name)s."),
    ),
    'spf.spf2': (
        _lt("A leftover record of Sender ID, which is obsolete"),
        _lt("The line that starts with spf2.0 belongs to an older way of checking senders. Nobody reads it any more; "
            "your mail is not affected."),
        _lt("Delete the line that starts with spf2.0. Keep the one that starts with v=spf1."),
    ),
    'spf.wrong_place': (
        _lt("The SPF record is where receivers do not look"),
        _lt("The list of permitted servers (the SPF record) is at %(name)s. Receivers only look at %(expected)s, so "
            "they do not find it."),
        _lt("Create a TXT record with the same text at %(expected)s."),
    ),
    'spf.doubled_domain': (
        _lt("The SPF record is at the domain's name written twice"),
        _lt("The list of permitted servers (the SPF record) is at %(name)s, because the DNS panel adds the domain "
            "automatically. Receivers only look at %(expected)s, so they do not find it."),
        _lt("In the DNS panel, shorten the host of this record to the part before your domain, or to @ if "
            "nothing is left."),
    ),
    'spf.answer_size': (
        _lt("The text records of the domain are long"),
        _lt("Together, the TXT records of %(name)s take %(octets)s bytes. Beyond %(limit)s, a few old receivers may "
            "miss the list of permitted servers (the SPF record) among them."),
        _lt("Delete TXT records that nothing needs any more, such as codes that once proved who owns the "
            "domain."),
    ),
    'spf.answer_needs_tcp': (
        _lt("The text records of the domain are too long"),
        _lt("The DNS answer with the TXT records of %(name)s takes %(message_octets)s bytes; only %(limit)s are sure "
            "to arrive in one piece. Some receivers may not see the list of permitted servers (the SPF record)."),
        _lt("Delete TXT records that nothing needs any more, such as codes that once proved who owns the "
            "domain."),
    ),
    # What receivers cannot read
    'spf.syntax_version': (
        _lt("The SPF record does not begin with v=spf1"),
        _lt("Receivers do not recognize this line as the list of the servers that may send mail (the SPF record), "
            "so it permits nobody."),
        _lt("Make the line begin with v=spf1 and a space."),
    ),
    'spf.syntax_character': (
        _lt("A character that receivers cannot read"),
        _lt("The list of permitted servers (SPF record) of %(name)s contains a character that is not allowed there, "
            "often an invisible one that was pasted in. Receivers therefore treat none of your servers as permitted "
            "and may refuse your mail."),
        _lt("Retype that part of the line by hand. Change only the line that starts with v=spf1; leave other TXT lines "
            "alone."),
    ),
    'spf.syntax_unknown_mechanism': (
        _lt("An entry that receivers do not know"),
        _lt("Receivers do not understand “%(text)s” in the list of permitted servers (SPF record) of %(name)s, so "
            "they treat none of your servers as permitted and may refuse your mail."),
        _lt("Correct that word in the line that starts with v=spf1: entries begin with include:, ip4:, ip6:, "
            "a, mx, exists: or all. If the domain is not yours, tell its owner."),
    ),
    'spf.syntax_qualifier': (
        _lt("A stray plus, minus, tilde or question mark"),
        _lt("“%(text)s” is on its own or in the wrong place in the list of permitted servers (SPF record) of "
            "%(name)s, so receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("In the line that starts with v=spf1, put the sign directly before its entry, as in ~all, or remove it."),
    ),
    'spf.syntax_argument': (
        _lt("Something follows an entry that must stand alone"),
        _lt("“%(text)s” may not follow its entry in the list of permitted servers (SPF record) of %(name)s, so "
            "receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("Remove “%(text)s” in the line that starts with v=spf1; leave other TXT lines alone."),
    ),
    'spf.syntax_domain_missing': (
        _lt("An entry does not say which domain it means"),
        _lt("In the list of permitted servers (SPF record) of %(name)s, an entry has no domain after its colon or "
            "equals sign, so receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("In the line that starts with v=spf1, add the domain directly after the sign, without a space, or remove "
            "the entry."),
    ),
    'spf.syntax_domain': (
        _lt("An entry does not name a complete domain"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s cannot be a domain, so receivers "
            "treat none of your servers as permitted and may refuse your mail."),
        _lt("Write the complete domain, with its ending such as .com, in the line that starts with v=spf1."),
    ),
    'spf.syntax_address_as_name': (
        _lt("An address where a domain is expected"),
        _lt("“%(text)s” is an IP address (the number of a server), but its entry in the list of permitted servers "
            "(SPF record) of %(name)s takes a domain. Receivers then treat none of your servers as permitted and may "
            "refuse your mail."),
        _lt("Replace the entry with ip4:%(text)s in the line that starts with v=spf1; leave other TXT lines alone."),
    ),
    'spf.syntax_network_missing': (
        _lt("An entry does not say which address it means"),
        _lt("In the list of permitted servers (SPF record) of %(name)s, the address after ip4: or ip6: is missing, "
            "so receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("In the line that starts with v=spf1, add the IP address (the number of a server) directly after the "
            "colon, without a space, or remove the entry."),
    ),
    'spf.syntax_network': (
        _lt("An entry does not name a valid IP address"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is not the kind of IP address "
            "(the number of a server) that its entry takes. Receivers then treat none of your servers as permitted "
            "and may refuse your mail."),
        _lt("Correct the address in the line that starts with v=spf1: ip4: takes one like 192.0.2.1, ip6: "
            "one like 2001:db8::1, and a name takes a: instead."),
    ),
    'spf.syntax_prefix_length': (
        _lt("The size of an address range cannot be right"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s should say how large a range of "
            "addresses is, and no range has that size. Receivers then treat none of your servers as permitted and "
            "may refuse your mail."),
        _lt("In the line that starts with v=spf1, write a number up to 32 after the slash for ip4:, up to 128 for "
            "ip6:, or remove the slash to mean one address."),
    ),
    'spf.syntax_macro': (
        _lt("A percent sign that receivers cannot read"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is not one of the placeholders "
            "that receivers fill in, so they treat none of your servers as permitted and may refuse your mail."),
        _lt("Copy the entry again, exactly as shown by the service that gave it to you, into the line that starts with "
            "v=spf1."),
    ),
    'spf.syntax_modifier_name': (
        _lt("An entry does not begin with a letter"),
        _lt("“%(text)s” cannot come before an equals sign in the list of permitted servers (SPF record) of "
            "%(name)s, so receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("Remove the entry from the line that starts with v=spf1, or correct what comes before the equals sign."),
    ),
    'spf.syntax_modifier_sign': (
        _lt("A colon where an equals sign belongs"),
        _lt("Receivers cannot read “%(text)s” in the list of permitted servers (SPF record) of %(name)s, so they "
            "treat none of your servers as permitted and may refuse your mail."),
        _lt("Replace the colon with an equals sign, as in redirect=example.com, in the line that starts with v=spf1."),
    ),
    'spf.syntax_repeated_modifier': (
        _lt("An entry that may appear only once appears twice"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is the second of its kind, so "
            "receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("Keep one entry that begins with redirect= and one that begins with exp= at most, in the line "
            "that starts with v=spf1."),
    ),
    'spf.syntax_separator': (
        _lt("A comma or semicolon between entries"),
        _lt("The list of permitted servers (SPF record) of %(name)s allows only spaces between its entries, so "
            "receivers treat none of your servers as permitted and may refuse your mail."),
        _lt("Replace every “%(text)s” with a space, in the line that starts with v=spf1; leave other TXT lines alone."),
    ),
    'spf.glued_terms': (
        _lt("A space is missing between two entries"),
        _lt("Receivers read “%(text)s” in the list of permitted servers (SPF record) of %(name)s as one "
            "entry. What you meant to permit is not permitted."),
        _lt("Put a space, no comma, between these: %(parts)s. Change only the line that starts with v=spf1; "
            "leave other TXT lines alone."),
    ),
    'spf.joined_strings': (
        _lt("A space was lost where two pieces of the record meet"),
        _lt("DNS stores the list of permitted servers (the SPF record) in pieces, which receivers join without a "
            "space. %(before)s%(behind)s then becomes one entry, and what you meant is not permitted."),
        _lt("Enter the line that starts with v=spf1 as one line again, with a space between %(before)s and "
            "%(behind)s."),
    ),
    'spf.quotes': (
        _lt("Quotation marks are part of the SPF record"),
        _lt("Receivers read the marks as part of the list of permitted servers (the SPF record) and ignore the "
            "whole record, so none of your servers is permitted."),
        _lt("Enter the record again without quotation marks: the DNS panel adds any that it needs. Leave other TXT "
            "lines alone."),
    ),
    'spf.curly_quotes': (
        _lt("Typographic quotation marks are part of the SPF record"),
        _lt("They come from a word processor or web page and were pasted in. Receivers therefore ignore the whole "
            "list of permitted servers (the SPF record), so none of your servers is permitted."),
        _lt("Enter the record again without quotation marks of any kind. Leave other TXT lines alone."),
    ),
    # Limits
    'spf.too_many_lookups': (
        _lt("The SPF record makes receivers ask DNS too often"),
        _lt("To read the list of permitted servers (the SPF record), receivers have to ask DNS %(count)s "
            "times. They stop after %(limit)s, and permit no server that they have not found by then."),
        _lt("In the line that starts with v=spf1, remove entries (include:, a, mx, exists:) for services that you "
            "no longer use: each of them makes receivers ask at least once."),
    ),
    'spf.void_lookups': (
        _lt("Too many entries of the SPF record lead nowhere"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name something that does not exist in "
            "DNS; receivers accept %(limit)s of them. At the next one they give up, and permit no server after it."),
        _lt("In the line that starts with v=spf1, correct or remove: %(terms)s."),
    ),
    'spf.void_lookup': (
        _lt("An entry of the SPF record leads nowhere"),
        _lt("“%(term)s” in the list of permitted servers (SPF record) of %(at)s leads to %(name)s, where DNS has "
            "nothing that it could permit. With three such entries, receivers ignore the whole list."),
        _lt("Remove it from the line that starts with v=spf1 if nothing there sends your mail now; otherwise correct "
            "the name."),
    ),
    'spf.ipv6_only_breaks': (
        _lt("The SPF record breaks for mail that travels over IPv6"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name hosts without an "
            "address of the newer kind (IPv6). For mail sent from such an address, receivers may ignore the "
            "whole record."),
        _lt("Remove these from the line that starts with v=spf1, or replace them with the servers' addresses (ip4:, "
            "ip6:): %(terms)s."),
    ),
    'spf.ipv6_hosts_break': (
        _lt("The SPF record may be ignored for mail over IPv6"),
        _lt("%(count)s times the list of permitted servers (the SPF record) leads to a host without an address of the newer "
            "kind (IPv6). Some receivers put up with that twice; after that they may ignore the whole record for mail sent from "
            "such an address."),
        _lt("In the line that starts with v=spf1, replace %(terms)s with the addresses of these servers (ip4:, ip6:), or move "
            "it behind all other entries, just before the last one, which ends in “all”."),
    ),
    'spf.ipv4_only_breaks': (
        _lt("The SPF record breaks for most mail"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name hosts without an "
            "address of the usual kind (IPv4). For mail sent from such an address, receivers may ignore the "
            "whole record."),
        _lt("Remove these from the line that starts with v=spf1, or replace them with the servers' addresses (ip4:, "
            "ip6:): %(terms)s."),
    ),
    'spf.too_many_mx': (
        _lt("An entry of the SPF record stands for too many servers"),
        _lt("“%(term)s” permits the servers that receive mail for %(name)s. There are %(count)s; receivers look at "
            "%(limit)s at most. Those that reach this entry give up, and permit no server that comes after it in the "
            "list of permitted servers (the SPF record)."),
        _lt("In the line that starts with v=spf1, replace this entry with the addresses (ip4:, ip6:) of the servers "
            "that send your mail."),
    ),
    'spf.loop': (
        _lt("The SPF record leads back to itself"),
        _lt("“%(term)s” at %(at)s refers to the list of permitted servers (SPF record) of %(name)s, which leads back "
            "there. Receivers that reach this entry give up, and permit no server that comes after it."),
        _lt("In the line that starts with v=spf1, remove the entry that leads back. If the domain is not yours, "
            "tell its owner."),
    ),
    # What the record leads to
    'spf.include_none': (
        _lt("The SPF record refers to a domain without one"),
        _lt("“%(term)s” at %(at)s refers to the list of permitted servers (SPF record) of %(name)s, and there is none. "
            "Receivers that reach this entry give up, and permit no server that comes after it."),
        _lt("Remove “%(term)s” from the line that starts with v=spf1 if you no longer use that service; otherwise copy "
            "the entry again from its instructions."),
    ),
    'spf.include_several': (
        _lt("The SPF record refers to a domain with several"),
        _lt("“%(term)s” at %(at)s refers to %(name)s, which has more than one list of permitted servers (SPF record). "
            "Receivers that reach this entry give up, and permit no server that comes after it."),
        _lt("If the domain is yours, merge its lines that start with v=spf1 into one; otherwise tell its owner, and "
            "remove the entry until it is fixed."),
    ),
    'spf.include_unregistered': (
        _lt("Anybody could register a domain that you trust"),
        _lt("“%(term)s” at %(at)s trusts %(target)s to say who may send your mail, and the domain %(name)s "
            "belongs to nobody. Whoever registers it can send as you."),
        _lt("Remove the entry from the line that starts with v=spf1 now, or correct the name; leave other TXT lines "
            "alone."),
    ),
    'spf.include_neutral': (
        _lt("An entry of the SPF record permits nothing"),
        _lt("The question mark in “%(term)s” means “perhaps”, so the servers it names are not permitted to send your "
            "mail."),
        _lt("Remove the question mark in the line that starts with v=spf1 if this service sends your mail, or the "
            "whole entry if it does not."),
    ),
    # What it permits
    'spf.plus_all': (
        _lt("The whole world may send as you"),
        _lt("The list of permitted servers (SPF record) of %(name)s permits everybody with “+all” (or “all”), so "
            "forged mail passes just like yours and receivers do not trust the record."),
        _lt("Replace it with ~all at the end of the line that starts with v=spf1. If the domain is not yours, remove "
            "the entry that leads there (“%(term)s”)."),
    ),
    'spf.everyone': (
        _lt("An entry of the SPF record permits the whole internet"),
        _lt("“%(term)s” covers every existing address, so forged mail passes just like yours and receivers do not "
            "trust the record."),
        _lt("Replace it with the addresses of your own servers, in the line that starts with v=spf1."),
    ),
    'spf.neutral_all': (
        _lt("The SPF record does not say who may not send"),
        _lt("The “?all” at the end of the list of permitted servers (SPF record) of %(name)s tells receivers "
            "nothing about anybody else, so forged mail is not stopped."),
        _lt("Once every service that sends your mail is listed, replace it with ~all in the line that starts with "
            "v=spf1."),
    ),
    'spf.no_all': (
        _lt("The SPF record has no end"),
        _lt("The list of permitted servers (the SPF record) does not say what applies to everybody else, so forged "
            "mail is not stopped."),
        _lt("Once every service that sends your mail is listed, add a space and ~all at the end of the line "
            "that starts with v=spf1."),
    ),
    'spf.after_all': (
        _lt("Entries at the end of the SPF record are not read"),
        _lt("Receivers stop reading at “%(all)s”. What comes after it (%(terms)s) permits nobody, and mail sent "
            "from there may be refused."),
        _lt("Move “%(all)s” to the very end of the line that starts with v=spf1; leave other TXT lines "
            "alone."),
    ),
    'spf.redirect_not_last': (
        _lt("Some receivers do not read the SPF record to its end"),
        _lt("In the list of permitted servers (the SPF record), %(terms)s stands behind “%(term)s”. The standard allows that, "
            "but receivers with Exim or OpenDMARC may read nothing behind it, and refuse mail from servers that are only listed "
            "there."),
        _lt("Move “%(term)s” to the end of the line that starts with v=spf1."),
    ),
    'spf.redirect_ignored': (
        _lt("A reference in the SPF record has no effect"),
        _lt("Most receivers follow “%(term)s” only in a record without “%(all)s”, so the servers that it leads to are "
            "not permitted, and mail sent from there may be refused."),
        _lt("If those servers send your mail, write include: instead of redirect= and put the entry before “%(all)s”, "
            "in the line that starts with v=spf1; otherwise remove it."),
    ),
    'spf.duplicate_term': (
        _lt("The SPF record contains an entry twice"),
        _lt("“%(term)s” says the same as “%(first)s” before it. Your mail is not affected; the record is "
            "longer than it needs to be."),
        _lt("Delete one of the two in the line that starts with v=spf1."),
    ),
    'spf.contradiction': (
        _lt("The SPF record says two things about the same servers"),
        _lt("Receivers go by “%(first)s”, which comes first, and ignore “%(term)s”. If you meant the other one, "
            "mail from these servers is permitted or refused by mistake."),
        _lt("In the line that starts with v=spf1, keep the one you want and delete the other."),
    ),
    'spf.overlap': (
        _lt("An entry of the SPF record is part of another"),
        _lt("The addresses of “%(term)s” are already within “%(within)s”. Your mail is not affected."),
        _lt("You can delete “%(term)s” in the line that starts with v=spf1."),
    ),
    'spf.ptr': (
        _lt("An entry that large receivers skip"),
        _lt("“%(term)s” lets a server's own name decide whether it may send your mail. That is slow and unreliable; "
            "large receivers skip it, so mail that relies on it may fail."),
        _lt("In the line that starts with v=spf1, replace it with the addresses (ip4:, ip6:) or the include: of what "
            "sends your mail."),
    ),
    'spf.ptr_macro': (
        _lt("A placeholder that large receivers skip"),
        _lt("“%(term)s” makes receivers look up the server's own name (%%{p}), which is slow and which many skip, so "
            "mail that relies on it may fail."),
        _lt("In the line that starts with v=spf1, replace it with entries that name your servers (ip4:, ip6:, "
            "include:)."),
    ),
    'spf.private_network': (
        _lt("An address that exists only inside private networks"),
        _lt("“%(term)s” is an address inside a private network, such as that of an office. No mail reaches a "
            "receiver from there, so the entry permits nothing."),
        _lt("In the line that starts with v=spf1, replace it with your server's public address, or remove the entry."),
    ),
    'spf.broad_network': (
        _lt("An entry permits millions of addresses"),
        _lt("“%(term)s” lets very many servers send as you, most of them surely not yours, so forged mail can pass "
            "like yours."),
        _lt("In the line that starts with v=spf1, replace it with the few addresses that your mail is sent from. A "
            "larger number after the slash means a smaller range."),
    ),
    'spf.mechanism_as_modifier': (
        _lt("An equals sign where a colon belongs"),
        _lt("Receivers skip “%(term)s”, so the servers that it should permit are not permitted."),
        _lt("Replace the equals sign with a colon in the line that starts with v=spf1; leave other TXT lines alone."),
    ),
    'spf.unknown_modifier': (
        _lt("An entry that receivers skip"),
        _lt("“%(term)s” is not part of any standard, so it does nothing. Your mail is not affected."),
        _lt("You can remove it from the line that starts with v=spf1."),
    ),
    'spf.version_repeated': (
        _lt("Two SPF records were pasted into one line"),
        _lt("“%(term)s” is in the middle of the list of permitted servers (the SPF record). What follows it may not "
            "work as you intended."),
        _lt("Keep v=spf1 only at the beginning and a single ~all at the end; leave other TXT lines alone."),
    ),
    'spf.exp_unusable': (
        _lt("The explanation for rejected senders cannot be used"),
        _lt("“%(term)s” should lead to a plain text that receivers show to rejected senders. It does not, so they show "
            "their own. Your mail is not affected."),
        _lt("Publish one TXT record at %(name)s, in English letters without accents, or remove the entry from the "
            "line that starts with v=spf1."),
    ),
    # Between the records and those who send
    'spf.not_authorised': (
        _lt("Your SPF record does not permit the servers that you use"),
        _lt(
            "Your mail is sent through %(services)s, which is not in the list of permitted servers (the SPF record) of "
            "%(name)s. To receivers, your mail comes from an unauthorized server."),
        _lt(
            "Add %(term)s to the record: replace only the line that starts with v=spf1, leave other TXT lines alone."),
    ),
    'spf.partly_authorised': (
        _lt("Your SPF record permits only part of your mail servers"),
        _lt("Your mail is sent through %(services)s, but the list of permitted servers (the SPF record) of %(name)s "
            "lacks some of its addresses (%(missing)s). Part of your mail may be refused or filed as spam."),
        _lt(
            "Add %(term)s to the record instead of individual addresses: replace only the line that starts with "
            "v=spf1, leave other TXT lines alone."),
    ),
    'spf.receivers_differ': (
        _lt("Receivers do not agree on whether your mail is permitted"),
        _lt(
            "Your mail is sent through %(services)s. The list of permitted servers (the SPF record) of %(name)s "
            "permits it through an “mx” entry that stands for more than ten servers. Receivers look at ten: some let "
            "this mail pass (%(differ)s), others ignore the whole list."),
        _lt(
            "In the line that starts with v=spf1, replace the “mx” entry with the addresses (ip4:, ip6:) of the "
            "servers that send your mail. Leave other TXT lines alone."),
    ),
    'spf.fault_behind': (
        _lt("Your mail passes, but the SPF record breaks further on"),
        _lt(
            "Mail through %(services)s passes: receivers find it in the list of permitted servers (the SPF record) "
            "before they reach “%(term)s” of %(at)s. There they give up, so mail through servers listed after it does "
            "not pass."),
        _lt(
            "Nothing is lost as long as all your mail is sent through %(services)s. Correct or remove “%(term)s” "
            "before anything else sends as your domain; leave other TXT lines alone."),
    ),
    'spf.return_path_missing': (
        _lt("The bounce address of your mail has no SPF record"),
        _lt("Mail of this domain has a bounce address (return path) at %(name)s. That is where receivers look for "
            "the list of permitted servers (the SPF record), and there is none, so it does not show them that your "
            "mail is genuine."),
        _lt(
            "Publish an SPF record at %(name)s if the domain is yours. If not, use a bounce address at your own "
            "domain: that is the company's alias domain."),
    ),
    'spf.bounce_missing': (
        _lt("Bounces do not go to your own domain yet"),
        _lt(
            "%(services)s can use a bounce address at %(name)s, but nothing is published there. Until it is, the "
            "service uses its own, and only the signature (DKIM) shows receivers that the mail is yours."),
        _lt("Publish the records for %(name)s as %(services)s shows them. Your own SPF record stays as it is."),
    ),
    'spf.bounce_unknown': (
        _lt("It is unknown where your bounces go"),
        _lt(
            "%(services)s uses a bounce address at a subdomain of %(name)s that differs by account. Once that is known "
            "and published, it also shows receivers that the mail is yours; until then only the signature (DKIM) "
            "counts."),
        _lt("In %(services)s, look for the record that it asks for besides those for the signature, and enter the part "
            "in front of your domain under Sending Services, Bounce Subdomain."),
    ),
}
