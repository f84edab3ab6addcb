"""What every finding of the engine (mailauth.codes.CODES) says to people: title, explanation and remedy.

A row is for somebody who runs a company's Odoo and never edited DNS. The title has at most
60 characters, the explanation says what it means for their mail, the remedy which line to
change. Placeholders are parameters of the finding; ``%(name)s`` is the DNS name concerned.
A finding that stands in a record that belongs to somebody else has the same code, so where
that can be, the text names the record's domain. The order is that of the engine's tables.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    # The domain's name
    'name.empty': (
        _lt("No domain is given"),
        _lt("Without a domain, Odoo's mail has no sender address that receivers could check."),
        _lt("Enter a domain that you own as the company's alias domain (Settings, Emails, Alias Domain)."),
    ),
    'name.ip_address': (
        _lt("A number stands where a domain belongs"),
        _lt("“%(name)s” is an IP address, the number of one machine. Receivers refuse mail from addresses "
            "that end in one."),
        _lt("Use a domain that you own instead, as in the address of your web site."),
    ),
    'name.single_label': (
        _lt("The domain lacks its ending, such as .com"),
        _lt("“%(name)s” means something inside your own network only. Receivers outside cannot check such "
            "mail and refuse it."),
        _lt("Use the complete name of a domain that you own."),
    ),
    'name.empty_label': (
        _lt("The domain has a dot too many"),
        _lt("“%(name)s” begins with a dot or has two in a row. No such domain can exist, so receivers refuse "
            "its mail."),
        _lt("Take out the dot that is too many."),
    ),
    'name.label_too_long': (
        _lt("A part of the domain is too long"),
        _lt("Each part of a domain, from dot to dot, has room for 63 characters. “%(name)s” has more, so no "
            "such domain can exist."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.name_too_long': (
        _lt("The domain is too long"),
        _lt("A domain has room for 253 characters. “%(name)s” has more, so no such domain can exist."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.underscore': (
        _lt("The domain has an underscore"),
        _lt("Behind the @ of an address only letters, digits, hyphens and dots may stand. Receivers refuse "
            "addresses at “%(name)s”."),
        _lt("Use a domain without an underscore for mail; a hyphen is permitted."),
    ),
    'name.hyphen': (
        _lt("A part of the domain begins or ends with a hyphen"),
        _lt("No such domain can be registered, so receivers refuse mail from “%(name)s”."),
        _lt("Compare it with the name that you registered, and correct it."),
    ),
    'name.bad_character': (
        _lt("The domain has a character that no domain can have"),
        _lt("Behind the @ of an address only letters, digits, hyphens and dots may stand. Receivers refuse "
            "addresses at “%(name)s”."),
        _lt("Take out the character, which may be a space or something that came along when the name was "
            "pasted."),
    ),
    'name.idn': (
        _lt("The domain has letters that DNS cannot hold"),
        _lt("A domain with letters beyond a to z is stored in DNS, the directory of the internet, in a coded "
            "form. “%(name)s” has none, so no such domain can exist."),
        _lt("Compare it with the name that you registered, letter by letter, and correct it."),
    ),
    'name.numeric_tld': (
        _lt("The domain ends in a number"),
        _lt("No ending such as .com consists of digits, so “%(name)s” cannot exist and receivers refuse its "
            "mail."),
        _lt("Use the complete name of a domain that you own."),
    ),
    # The domain: whether it can have mail at all
    'gate.nxdomain': (
        _lt("The domain does not exist"),
        _lt("DNS, the directory of the internet, does not know %(name)s, so receivers refuse mail from it."),
        _lt("Register the domain or renew it, correct its spelling, or choose another one for Odoo's mail."),
    ),
    'gate.null_mx': (
        _lt("The domain declares that it has no mail"),
        _lt("The MX record (which says where mail goes) of %(name)s is a single dot: “no mail here”. Many "
            "receivers therefore refuse mail from it."),
        _lt("Replace that MX record by the one of your mail provider, or choose another domain for Odoo's "
            "mail."),
    ),
    'gate.no_mail_host': (
        _lt("Nobody can reply to mail from this domain"),
        _lt("%(name)s has neither a mail server (an MX record) nor an address of its own. Receivers refuse "
            "mail that they could not reply to."),
        _lt("Publish the MX record that your mail provider gives you, or choose another domain for Odoo's "
            "mail."),
    ),
    'gate.dnssec_bogus': (
        _lt("The domain's DNS is signed wrongly"),
        _lt("%(name)s has signatures in DNS (DNSSEC) that cannot be verified, so many receivers see nothing "
            "of the domain and refuse its mail."),
        _lt("Ask whoever runs your DNS to repair DNSSEC or to switch it off. Often the DS record at the "
            "registrar is left over from the DNS provider before."),
    ),
    # The domain: its DNS
    'zone.sender_is_cname': (
        _lt("The domain is only a pointer to another name"),
        _lt("%(name)s is a CNAME record, a pointer to %(target)s. Such a name can hold no records for mail "
            "of its own."),
        _lt("Choose another domain for Odoo's mail, such as the one above it. Leave the pointer alone if "
            "your web site uses it."),
    ),
    'zone.one_nameserver': (
        _lt("All of the domain's DNS hangs on one server"),
        _lt("If %(nameserver)s, which answers for %(name)s, is down, receivers cannot check your mail and "
            "may refuse it."),
        _lt("Ask your DNS provider for a second name server (a server that answers for your domain)."),
    ),
    'zone.nameserver_missing': (
        _lt("A name server of the domain does not exist"),
        _lt("%(nameserver)s, which should answer for %(name)s, has no address, so receivers wait longer or "
            "see nothing when they check your mail."),
        _lt("Ask whoever runs your DNS to correct the list of name servers, there and at the registrar "
            "(where the domain was bought)."),
    ),
    'zone.nameserver_internal': (
        _lt("A name server has an address of an internal network"),
        _lt("%(nameserver)s, which answers for %(name)s, has the address %(addresses)s. The internet does not "
            "lead there, so receivers that try it wait longer or see nothing. We do not ask it there."),
        _lt("Ask whoever runs your DNS to take that address away. If this is the DNS of your own network, name "
            "the network in Settings, under “Networks of your own”."),
    ),
    'zone.nameserver_is_cname': (
        _lt("A name server is given by a second name"),
        _lt("%(nameserver)s, which answers for %(name)s, is only a pointer (CNAME record) to %(target)s. "
            "Some receivers do not follow that."),
        _lt("Ask whoever runs your DNS to name that server directly, as %(target)s."),
    ),
    'zone.lame_nameserver': (
        _lt("A name server does not know that it serves the domain"),
        _lt("%(nameserver)s (%(address)s) should answer for %(name)s and does not, so receivers that ask it "
            "cannot check your mail."),
        _lt("Ask whoever runs your DNS to set the domain up on that server, or to take it off the list of "
            "name servers, there and at the registrar (where the domain was bought)."),
    ),
    'zone.nameserver_silent': (
        _lt("A name server did not answer"),
        _lt("%(nameserver)s (%(address)s) should answer for %(name)s and did not, while others did. Whether "
            "it answers receivers is not known."),
        _lt("If it stays so for a day, tell whoever runs your DNS."),
    ),
    'zone.nameservers_disagree': (
        _lt("The name servers of the domain contradict each other"),
        _lt("Depending on which server a receiver asks about %(name)s, it sees other records, so a part of "
            "your mail may fail."),
        _lt("After a change, wait an hour. If it stays so, ask whoever runs your DNS why the servers "
            "differ."),
    ),
    'zone.serials_differ': (
        _lt("The name servers of the domain are not equally up to date"),
        _lt("They hold different versions of the records of %(name)s, as they do for a while after every "
            "change. Receivers may see old records until then."),
        _lt("Nothing has to be done after a change. If it stays so for a day, ask whoever runs your DNS why "
            "the servers differ."),
    ),
    'zone.split_horizon': (
        _lt("Your network shows another DNS than the internet"),
        _lt("What Odoo sees of %(name)s differs from what receivers outside see, so this report may not be "
            "about the records that they check."),
        _lt("Make every change in the public DNS too. For a report about the public DNS, enter a public "
            "resolver (a server that looks names up) in Settings."),
    ),
    # The domain: where its mail goes
    'mx.none': (
        _lt("The domain does not say where its mail goes"),
        _lt("Without an MX record, which names the mail server, replies to %(name)s go to the server of the "
            "web site, which seldom takes mail."),
        _lt("If you expect replies at this domain, publish the MX record that your mail provider gives you."),
    ),
    'mx.null': (
        _lt("The domain declares that it takes no mail"),
        _lt("The MX record (which says where mail goes) of %(name)s is a single dot: “no mail here”. Replies "
            "bounce, and many receivers refuse mail from such a domain."),
        _lt("If you send mail from this domain, replace that MX record by the one of your mail provider."),
    ),
    'mx.null_with_others': (
        _lt("The domain says both that it takes mail and that not"),
        _lt("Beside real mail servers, %(name)s has an MX record (which says where mail goes) with a single "
            "dot: “no mail here”. Some senders believe the one, some the other."),
        _lt("Delete the MX record with the single dot; keep those with %(hosts)s."),
    ),
    'mx.dangling': (
        _lt("A mail server of the domain does not exist"),
        _lt("An MX record (which says where mail goes) of %(name)s leads to %(host)s, which has no address. "
            "Replies may arrive late or not at all."),
        _lt("Correct the name in that MX record, or delete it if another one names the server in use."),
    ),
    'mx.all_dangling': (
        _lt("None of the domain's mail servers exists"),
        _lt("The MX records (which say where mail goes) of %(name)s lead to names without an address: "
            "%(hosts)s. Replies to your mail bounce."),
        _lt("Replace them by the MX records that your mail provider gives you."),
    ),
    'mx.alias': (
        _lt("A mail server is given by a second name"),
        _lt("An MX record (which says where mail goes) of %(name)s leads to %(host)s, which is only a "
            "pointer (CNAME record) to %(target)s. A few senders do not follow that."),
        _lt("Put %(target)s directly into that MX record, if your mail provider does not say otherwise."),
    ),
    'mx.address_literal': (
        _lt("A number stands where the name of a mail server belongs"),
        _lt("An MX record (which says where mail goes) of %(name)s has the IP address %(host)s, and takes a "
            "name. Replies may not arrive."),
        _lt("Put the name of the mail server into that MX record, as your mail provider gives it."),
    ),
    'mx.not_public': (
        _lt("A mail server cannot be reached from the internet"),
        _lt("%(host)s, named by an MX record (which says where mail goes) of %(name)s, has addresses for "
            "private networks only: %(addresses)s. Replies from outside do not reach it."),
        _lt("Put a mail server with a public address into that MX record."),
    ),
    'mx.unanswered': (
        _lt("No answer about a mail server of the domain"),
        _lt("DNS did not answer about %(host)s, to which an MX record (which says where mail goes) of "
            "%(name)s leads. It may well be in order."),
        _lt("Check again later. If it stays so, tell whoever runs that server."),
    ),
    # Permission to send: which record
    'spf.missing': (
        _lt("No list of the servers that may send your mail"),
        _lt("Anybody could send as %(name)s, and receivers cannot tell your mail from theirs. Large "
            "providers refuse such mail or file it as spam."),
        _lt("Publish the list (the SPF record, a text line in DNS that starts with v=spf1) as shown among "
            "the records to publish. If none is shown, choose first in Settings what your mail leaves "
            "through."),
    ),
    'spf.alias_beside_record': (
        _lt("A pointer and the list of permitted servers share a name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and an SPF record too. DNS does not allow "
            "that: some receivers see your list of permitted servers, others that of %(target)s or none at all, "
            "and refuse your mail."),
        _lt("Delete the CNAME record at %(name)s. If your web site needs it, ask whoever runs your DNS for an "
            "address record (A or ALIAS) in its place."),
    ),
    'spf.several': (
        _lt("Several SPF records where receivers accept one"),
        _lt("There are %(count)s lists of the servers that may send your mail (SPF records), and receivers "
            "then use none of them."),
        _lt("Merge them: replace one of the lines that start with v=spf1 by the merged record, and delete "
            "the others. Leave other TXT lines alone."),
    ),
    'spf.unanswered': (
        _lt("No answer about the servers that may send your mail"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so a part of the list of permitted "
            "servers (the SPF record) is not known. It may well be in order."),
        _lt("Check again later. If it stays so, tell whoever runs the DNS of that name."),
    ),
    'spf.not_selected': (
        _lt("A line that is meant as SPF record is not read as one"),
        _lt("Receivers skip “%(text)s”: the list of the servers that may send your mail (the SPF record) has "
            "to begin with v=spf1 and a space."),
        _lt("Correct the beginning of this line. If another line already starts with v=spf1, move what is "
            "missing there and delete this one."),
    ),
    'spf.type99': (
        _lt("A second copy of the SPF record that nobody reads"),
        _lt("The list of permitted servers also stands in a record of DNS type “SPF”. That type was given "
            "up; your mail is not affected."),
        _lt("Delete the record of type SPF at %(name)s. Keep the one of type TXT that starts with v=spf1."),
    ),
    'spf.type99_differs': (
        _lt("An old SPF record says something else"),
        _lt("A record of DNS type “SPF”, which was given up, differs from the list that receivers read, "
            "which is of type TXT. They ignore the old one."),
        _lt("Move what is still right into the TXT line that starts with v=spf1, then delete the record of "
            "type SPF at %(name)s."),
    ),
    'spf.spf2': (
        _lt("A left-over record of Sender ID, which was given up"),
        _lt("The line that starts with spf2.0 belongs to an older way to check senders. Nobody reads it any "
            "more; your mail is not affected."),
        _lt("Delete the line that starts with spf2.0. Keep the one that starts with v=spf1."),
    ),
    'spf.wrong_place': (
        _lt("The SPF record stands where receivers do not look"),
        _lt("The list of permitted servers (the SPF record) stands at %(name)s. Receivers look at "
            "%(expected)s only."),
        _lt("Create a TXT record with the same text at %(expected)s."),
    ),
    'spf.doubled_domain': (
        _lt("The SPF record stands at the domain's name written twice"),
        _lt("The list of permitted servers (the SPF record) stands at %(name)s, because the DNS panel adds "
            "the domain by itself. Receivers look at %(expected)s only."),
        _lt("In the DNS panel, shorten the host of this record to the part before your domain, or to @ if "
            "nothing is left."),
    ),
    'spf.answer_size': (
        _lt("The text records of the domain are long"),
        _lt("The TXT records of %(name)s have %(octets)s bytes together; beyond %(limit)s, a few old "
            "receivers may miss the list of permitted servers (the SPF record) among them."),
        _lt("Delete TXT records that nothing needs any more, such as codes that once proved who owns the "
            "domain."),
    ),
    'spf.answer_needs_tcp': (
        _lt("The text records of the domain are too long"),
        _lt("DNS needs %(message_octets)s bytes to tell the TXT records of %(name)s; only %(limit)s are sure "
            "to arrive at once. Some receivers may not see the list of permitted servers (the SPF record)."),
        _lt("Delete TXT records that nothing needs any more, such as codes that once proved who owns the "
            "domain."),
    ),
    # Permission to send: what receivers cannot read
    'spf.syntax_version': (
        _lt("The SPF record does not begin with v=spf1"),
        _lt("Receivers do not take this line for the list of the servers that may send mail (the SPF "
            "record)."),
        _lt("Let the line begin with v=spf1 and a space."),
    ),
    'spf.syntax_character': (
        _lt("A character that receivers cannot read"),
        _lt("The list of permitted servers (SPF record) of %(name)s has a character that may not be there, "
            "often an invisible one that was pasted along. Receivers therefore treat none of your servers as "
            "permitted."),
        _lt("Type that part of the line anew by hand. Change only the line that starts with v=spf1; leave "
            "other TXT lines alone."),
    ),
    'spf.syntax_unknown_mechanism': (
        _lt("An entry that receivers do not know"),
        _lt("Receivers do not understand “%(text)s” in the list of permitted servers (SPF record) of "
            "%(name)s, so they treat none of your servers as permitted."),
        _lt("Correct that word in the line that starts with v=spf1: entries begin with include:, ip4:, ip6:, "
            "a, mx, exists: or all. If the domain is not yours, tell its owner."),
    ),
    'spf.syntax_qualifier': (
        _lt("A plus, minus, tilde or question mark too many"),
        _lt("“%(text)s” stands alone or where it may not stand in the list of permitted servers (SPF record) "
            "of %(name)s, so receivers treat none of your servers as permitted."),
        _lt("In the line that starts with v=spf1, put the sign directly before its entry, as in ~all, or "
            "take it out."),
    ),
    'spf.syntax_argument': (
        _lt("Something stands behind an entry that must stand alone"),
        _lt("“%(text)s” may not follow its entry in the list of permitted servers (SPF record) of %(name)s, "
            "so receivers treat none of your servers as permitted."),
        _lt("Take out “%(text)s” in the line that starts with v=spf1; leave other TXT lines alone."),
    ),
    'spf.syntax_domain_missing': (
        _lt("An entry does not say which domain it means"),
        _lt("Behind the colon or equals sign of an entry in the list of permitted servers (SPF record) of "
            "%(name)s the domain is missing, so receivers treat none of your servers as permitted."),
        _lt("In the line that starts with v=spf1, add the domain directly behind the sign, without a space, "
            "or take the entry out."),
    ),
    'spf.syntax_domain': (
        _lt("An entry names no complete domain"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s cannot be a domain, so "
            "receivers treat none of your servers as permitted."),
        _lt("Write the complete domain, with its ending such as .com, in the line that starts with v=spf1."),
    ),
    'spf.syntax_address_as_name': (
        _lt("An address stands where a domain is expected"),
        _lt("“%(text)s” is an IP address (the number of a server), but its entry in the list of permitted "
            "servers (SPF record) of %(name)s takes a domain. Receivers then treat none of your servers as "
            "permitted."),
        _lt("Put ip4:%(text)s in its place, in the line that starts with v=spf1; leave other TXT lines "
            "alone."),
    ),
    'spf.syntax_network_missing': (
        _lt("An entry does not say which address it means"),
        _lt("Behind ip4: or ip6: in the list of permitted servers (SPF record) of %(name)s the address is "
            "missing, so receivers treat none of your servers as permitted."),
        _lt("In the line that starts with v=spf1, add the IP address (the number of a server) directly "
            "behind the colon, without a space, or take the entry out."),
    ),
    'spf.syntax_network': (
        _lt("An entry names no correct IP address"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is not the kind of IP "
            "address (the number of a server) that its entry takes. Receivers then treat none of your "
            "servers as permitted."),
        _lt("Correct the address in the line that starts with v=spf1: ip4: takes one like 192.0.2.1, ip6: "
            "one like 2001:db8::1, and a name takes a: instead."),
    ),
    'spf.syntax_prefix_length': (
        _lt("The size of an address range cannot be right"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s should say how large a "
            "range of addresses is, and no range has that size. Receivers then treat none of your servers as "
            "permitted."),
        _lt("In the line that starts with v=spf1, write a number up to 32 behind the slash for ip4:, up to "
            "128 for ip6:, or take the slash out to mean one address."),
    ),
    'spf.syntax_macro': (
        _lt("A percent sign that receivers cannot read"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is none of the place "
            "holders that receivers fill in, so they treat none of your servers as permitted."),
        _lt("Copy the entry again, to the letter, from the service that gave it to you, into the line that "
            "starts with v=spf1."),
    ),
    'spf.syntax_modifier_name': (
        _lt("An entry begins with something that is no letter"),
        _lt("“%(text)s” cannot stand before an equals sign in the list of permitted servers (SPF record) of "
            "%(name)s, so receivers treat none of your servers as permitted."),
        _lt("Take the entry out of the line that starts with v=spf1, or correct what stands before the "
            "equals sign."),
    ),
    'spf.syntax_modifier_sign': (
        _lt("A colon where an equals sign belongs"),
        _lt("Receivers cannot read “%(text)s” in the list of permitted servers (SPF record) of %(name)s, so "
            "they treat none of your servers as permitted."),
        _lt("Replace the colon by an equals sign, as in redirect=example.com, in the line that starts with "
            "v=spf1."),
    ),
    'spf.syntax_repeated_modifier': (
        _lt("An entry that may stand only once stands twice"),
        _lt("“%(text)s” in the list of permitted servers (SPF record) of %(name)s is the second of its kind, "
            "so receivers treat none of your servers as permitted."),
        _lt("Keep one entry that begins with redirect= and one that begins with exp= at most, in the line "
            "that starts with v=spf1."),
    ),
    'spf.syntax_separator': (
        _lt("A comma or semicolon between entries"),
        _lt("The list of permitted servers (SPF record) of %(name)s takes spaces between its entries and "
            "nothing else, so receivers treat none of your servers as permitted."),
        _lt("Replace every “%(text)s” by a space, in the line that starts with v=spf1; leave other TXT lines "
            "alone."),
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
        _lt("DNS keeps the list of permitted servers (the SPF record) in pieces, which receivers join "
            "without a space: %(before)s%(behind)s is then one entry, and what you meant is not permitted."),
        _lt("Enter the line that starts with v=spf1 as one line again, with a space between %(before)s and "
            "%(behind)s."),
    ),
    'spf.quotes': (
        _lt("Quotation marks are part of the SPF record"),
        _lt("Receivers read the marks as part of the list of permitted servers (the SPF record) and ignore "
            "the whole record."),
        _lt("Enter the record again without quotation marks: the DNS panel adds those that it needs. Leave "
            "other TXT lines alone."),
    ),
    'spf.curly_quotes': (
        _lt("Typographic quotation marks are part of the SPF record"),
        _lt("A word processor or web page made them, and they were pasted along. Receivers therefore ignore "
            "the whole list of permitted servers (the SPF record)."),
        _lt("Enter the record again without quotation marks of any kind. Leave other TXT lines alone."),
    ),
    # Permission to send: limits
    'spf.too_many_lookups': (
        _lt("The SPF record makes receivers ask DNS too often"),
        _lt("To read the list of permitted servers (the SPF record), receivers have to ask DNS %(count)s "
            "times. They stop after %(limit)s, and permit no server that they have not found by then."),
        _lt("In the line that starts with v=spf1, take out entries (include:, a, mx, exists:) for services "
            "that you no longer use: each costs at least one question."),
    ),
    'spf.void_lookups': (
        _lt("Too many entries of the SPF record lead nowhere"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name something that DNS "
            "does not have; receivers accept %(limit)s. At the next one they give up, and permit no server behind it."),
        _lt("Correct or take out, in the line that starts with v=spf1: %(terms)s."),
    ),
    'spf.void_lookup': (
        _lt("An entry of the SPF record leads nowhere"),
        _lt("“%(term)s” in the list of permitted servers (SPF record) of %(at)s names %(name)s, of which DNS "
            "has nothing. It permits no server, and with three such entries the whole record stops "
            "counting."),
        _lt("Take it out of the line that starts with v=spf1 if nothing there sends your mail any more; "
            "otherwise correct the name."),
    ),
    'spf.ipv6_only_breaks': (
        _lt("The SPF record breaks for mail that travels over IPv6"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name hosts without an "
            "address of the newer kind (IPv6). For mail sent from such an address, receivers may ignore the "
            "whole record."),
        _lt("Take these out of the line that starts with v=spf1, or put the servers' addresses (ip4:, ip6:) "
            "in their place: %(terms)s."),
    ),
    'spf.ipv4_only_breaks': (
        _lt("The SPF record breaks for most mail"),
        _lt("%(count)s entries of the list of permitted servers (the SPF record) name hosts without an "
            "address of the usual kind (IPv4). For mail sent from such an address, receivers may ignore the "
            "whole record."),
        _lt("Take these out of the line that starts with v=spf1, or put the servers' addresses (ip4:, ip6:) "
            "in their place: %(terms)s."),
    ),
    'spf.too_many_mx': (
        _lt("An entry of the SPF record stands for too many servers"),
        _lt("“%(term)s” permits the servers that receive mail for %(name)s. There are %(count)s, receivers "
            "look at %(limit)s at most. Those who come to this entry give up, and permit no server that stands behind it in "
            "the list of permitted servers (the SPF record)."),
        _lt("In the line that starts with v=spf1, put the addresses (ip4:, ip6:) of those servers that send "
            "your mail in the place of this entry."),
    ),
    'spf.loop': (
        _lt("The SPF record leads back to itself"),
        _lt("“%(term)s” at %(at)s refers to the list of permitted servers (SPF record) of %(name)s, which "
            "leads there again. Receivers who come to this entry give up, and permit no server that stands behind it."),
        _lt("Take out the entry that leads back, in the line that starts with v=spf1. If the domain is not "
            "yours, tell its owner."),
    ),
    # Permission to send: what the record leads to
    'spf.include_none': (
        _lt("The SPF record refers to a domain that has none"),
        _lt("“%(term)s” at %(at)s refers to the list of permitted servers (SPF record) of %(name)s, and "
            "there is none. Receivers who come to this entry give up, and permit no server that stands behind it."),
        _lt("Take “%(term)s” out of the line that starts with v=spf1 if you no longer use that service; "
            "otherwise copy the entry again from its instructions."),
    ),
    'spf.include_several': (
        _lt("The SPF record refers to a domain that has several"),
        _lt("“%(term)s” at %(at)s refers to %(name)s, which has more than one list of permitted servers (SPF "
            "record). Receivers who come to this entry give up, and permit no server that stands behind it."),
        _lt("If the domain is yours, merge its lines that start with v=spf1 into one; otherwise tell its "
            "owner, and take the entry out until then."),
    ),
    'spf.include_unregistered': (
        _lt("Anybody could register a domain that you trust"),
        _lt("“%(term)s” at %(at)s trusts %(target)s to say who may send your mail, and the domain %(name)s "
            "belongs to nobody. Whoever registers it can send as you."),
        _lt("Take the entry out of the line that starts with v=spf1 now, or correct the name; leave other "
            "TXT lines alone."),
    ),
    'spf.include_neutral': (
        _lt("An entry of the SPF record permits nothing"),
        _lt("The question mark in “%(term)s” says “perhaps”, so the servers behind it are not permitted to "
            "send your mail."),
        _lt("Take out the question mark in the line that starts with v=spf1 if this service sends your mail, "
            "or the whole entry if not."),
    ),
    # Permission to send: what it permits
    'spf.plus_all': (
        _lt("The whole world may send as you"),
        _lt("The list of permitted servers (SPF record) of %(name)s permits everybody with “+all” (or "
            "“all”), so forged mail passes like yours and receivers give no weight to it."),
        _lt("Put ~all in its place at the end of the line that starts with v=spf1. If the domain is not "
            "yours, take out the entry that leads there (“%(term)s”)."),
    ),
    'spf.everyone': (
        _lt("An entry of the SPF record permits the whole internet"),
        _lt("“%(term)s” covers every address that there is, so forged mail passes like yours and receivers "
            "give no weight to it."),
        _lt("Put the addresses of your own servers in its place, in the line that starts with v=spf1."),
    ),
    'spf.neutral_all': (
        _lt("The SPF record does not say who may not send"),
        _lt("The “?all” at the end of the list of permitted servers (SPF record) of %(name)s tells receivers "
            "nothing about anybody else, so forged mail is not stopped."),
        _lt("Once every service that sends your mail is listed, put ~all in its place in the line that "
            "starts with v=spf1."),
    ),
    'spf.no_all': (
        _lt("The SPF record has no end"),
        _lt("The list of permitted servers (the SPF record) does not say what holds for everybody else, so "
            "forged mail is not stopped."),
        _lt("Once every service that sends your mail is listed, add a space and ~all at the end of the line "
            "that starts with v=spf1."),
    ),
    'spf.after_all': (
        _lt("Entries at the end of the SPF record are not read"),
        _lt("Receivers stop at “%(all)s”. What stands behind it (%(terms)s) permits nobody."),
        _lt("Move “%(all)s” to the very end of the line that starts with v=spf1; leave other TXT lines "
            "alone."),
    ),
    'spf.redirect_ignored': (
        _lt("A reference in the SPF record has no effect"),
        _lt("Receivers follow “%(term)s” only in a record without “%(all)s”, so what it leads to permits "
            "nobody."),
        _lt("If those servers send your mail, write include: instead of redirect= and put the entry before "
            "“%(all)s”, in the line that starts with v=spf1; otherwise take it out."),
    ),
    'spf.duplicate_term': (
        _lt("An entry stands in the SPF record twice"),
        _lt("“%(term)s” says the same as “%(first)s” before it. Your mail is not affected; the record is "
            "longer than it needs to be."),
        _lt("Delete one of the two in the line that starts with v=spf1."),
    ),
    'spf.contradiction': (
        _lt("The SPF record says two things about the same servers"),
        _lt("“%(first)s” comes first and counts; “%(term)s” is not looked at."),
        _lt("In the line that starts with v=spf1, keep the one that you mean and delete the other."),
    ),
    'spf.overlap': (
        _lt("An entry of the SPF record is part of another"),
        _lt("The addresses of “%(term)s” are already within “%(within)s”. Your mail is not affected."),
        _lt("You can delete “%(term)s” in the line that starts with v=spf1."),
    ),
    'spf.ptr': (
        _lt("An entry that large receivers skip"),
        _lt("“%(term)s” lets a server's own name decide whether it may send your mail. That is slow and "
            "easily wrong; large receivers leave it out, so mail may fail that relies on it."),
        _lt("In the line that starts with v=spf1, put the addresses (ip4:, ip6:) or the include: of what "
            "sends your mail in its place."),
    ),
    'spf.ptr_macro': (
        _lt("A place holder that large receivers skip"),
        _lt("“%(term)s” makes receivers look up the server's own name (%%{p}), which is slow and which many "
            "leave out, so mail may fail that relies on it."),
        _lt("In the line that starts with v=spf1, put entries in its place that name your servers (ip4:, "
            "ip6:, include:)."),
    ),
    'spf.private_network': (
        _lt("An address that exists inside networks only"),
        _lt("“%(term)s” is an address that is used inside private networks. No mail reaches a receiver from "
            "there, so the entry permits nothing."),
        _lt("In the line that starts with v=spf1, put the public address there that your server has on the "
            "internet, or take the entry out."),
    ),
    'spf.broad_network': (
        _lt("An entry permits millions of addresses"),
        _lt("“%(term)s” lets very many servers send as you, most of them surely not yours."),
        _lt("In the line that starts with v=spf1, put the few addresses in its place that your mail leaves "
            "from. Behind the slash, a greater number means a smaller range."),
    ),
    'spf.mechanism_as_modifier': (
        _lt("An equals sign where a colon belongs"),
        _lt("Receivers skip “%(term)s”, so the servers that it should permit are not permitted."),
        _lt("Replace the equals sign by a colon in the line that starts with v=spf1; leave other TXT lines "
            "alone."),
    ),
    'spf.unknown_modifier': (
        _lt("An entry that receivers skip"),
        _lt("No standard knows “%(term)s”, so it does nothing. Your mail is not affected."),
        _lt("You can take it out of the line that starts with v=spf1."),
    ),
    'spf.version_repeated': (
        _lt("Two SPF records were pasted into one line"),
        _lt("“%(term)s” stands in the middle of the list of permitted servers (the SPF record). What stands "
            "behind it may not be what you meant."),
        _lt("Keep v=spf1 at the beginning only and one ~all at the end; leave other TXT lines alone."),
    ),
    'spf.exp_unusable': (
        _lt("The explanation for refused senders cannot be used"),
        _lt("“%(term)s” should lead to one plain text that receivers show to refused senders. It does not, "
            "so they show their own. Your mail is not affected."),
        _lt("Publish one TXT record of plain English letters at %(name)s, or take the entry out of the line "
            "that starts with v=spf1."),
    ),
    # Signature: whether there is a key, and where
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
    # Signature: whether the text is a key
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
    # Signature: the key itself
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
    # Signature: what else the record says
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
    # Signature: a service and its keys
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
    # Instructions to receivers: whether there is a record, and where
    'dmarc.missing': (
        _lt("No instructions about mail that pretends to be you"),
        _lt("Receivers decide by themselves what to do with forged mail from %(domain)s. Large providers ask "
            "every sender for such instructions (a DMARC record)."),
        _lt("Publish the record shown among the records to publish; it only asks receivers to watch. If none "
            "is shown, choose first in Settings what your mail leaves through."),
    ),
    'dmarc.inherited': (
        _lt("The instructions of the domain above apply"),
        _lt("There are no instructions to receivers (DMARC record) at %(name)s, so those of "
            "%(policy_domain)s count. That is how it is meant."),
        _lt("Nothing has to be done, unless this domain is to be treated differently from "
            "%(policy_domain)s."),
    ),
    'dmarc.unanswered': (
        _lt("No answer about your instructions to receivers"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so it is not known which "
            "instructions (DMARC record) apply. They may well be in order."),
        _lt("Check again later. If it stays so, tell whoever runs the DNS of that name."),
    ),
    'dmarc.several': (
        _lt("Several DMARC records where receivers accept one"),
        _lt("There are %(count)s sets of instructions to receivers (DMARC records) at %(name)s, so receivers "
            "ignore them all."),
        _lt("Keep one of the lines that start with v=DMARC1 at this name, and delete the others."),
    ),
    'dmarc.alias_beside_record': (
        _lt("A pointer and your instructions share one name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and a TXT record too. DNS does not allow "
            "that: some receivers see the instructions (DMARC) at this name, others those at %(target)s or "
            "none."),
        _lt("If a service asked for the CNAME record, delete the TXT record at this name; otherwise delete the "
            "CNAME record."),
    ),
    'dmarc.dangling_alias': (
        _lt("The pointer to your instructions leads nowhere"),
        _lt("%(name)s points (by a CNAME record) to %(target)s, where there are no instructions to receivers "
            "(no DMARC record)."),
        _lt("Correct the target of the CNAME record, or replace it by a TXT record with the instructions "
            "themselves."),
    ),
    'dmarc.wrong_place_apex': (
        _lt("The DMARC record stands where receivers do not look"),
        _lt("Your instructions to receivers (the DMARC record) stand at %(seen_at)s. Receivers look at "
            "%(name)s only."),
        _lt("Create the same TXT record with the host _dmarc, so that it stands at %(name)s, then delete the "
            "one at %(seen_at)s that starts with v=DMARC1."),
    ),
    'dmarc.wrong_place_prefix': (
        _lt("The underscore before “dmarc” is missing"),
        _lt("Your instructions to receivers (the DMARC record) stand at %(seen_at)s. Receivers look at "
            "%(name)s only."),
        _lt("Change the host of this record from dmarc to _dmarc."),
    ),
    'dmarc.doubled_domain': (
        _lt("The DMARC record stands at the domain written twice"),
        _lt("Your instructions to receivers (the DMARC record) stand at %(seen_at)s, because the DNS panel "
            "adds the domain by itself. Receivers look at %(name)s only."),
        _lt("In the DNS panel, shorten the host of this record so that the whole name becomes %(name)s."),
    ),
    # Instructions to receivers: whether the text is a record
    'dmarc.bad_version': (
        _lt("The DMARC record does not begin as it has to"),
        _lt("Receivers do not take the text at %(name)s for your instructions (the DMARC record) and ignore "
            "it."),
        _lt("Let it begin with v=DMARC1 and a semicolon, in capitals as here and without a space in front."),
    ),
    'dmarc.lost_semicolon': (
        _lt("A semicolon is missing in the DMARC record"),
        _lt("Behind %(tag)s= in your instructions to receivers (the DMARC record) at %(name)s, two parts "
            "have run together, so receivers misread them."),
        _lt("Put a semicolon between the parts, in the line that starts with v=DMARC1."),
    ),
    'dmarc.curly_quotes': (
        _lt("Typographic quotation marks are part of the DMARC record"),
        _lt("A word processor or web page made them. Receivers misread your instructions (the DMARC record) "
            "at %(name)s or ignore them."),
        _lt("Enter the record again without quotation marks of any kind."),
    ),
    'dmarc.pasted_quotes': (
        _lt("Quotation marks are part of the DMARC record"),
        _lt("Receivers take them for a part of your instructions (the DMARC record) at %(name)s and misread "
            "them or ignore them."),
        _lt("Enter the record again without quotation marks: the DNS panel adds those that it needs."),
    ),
    'dmarc.pasted_backslash': (
        _lt("Backslashes are part of the DMARC record"),
        _lt("They belong to a file format of name servers. In your instructions to receivers (the DMARC "
            "record) at %(name)s they make parts unreadable."),
        _lt("Enter the record again without any backslash: write ; and not \\;."),
    ),
    'dmarc.stray_text': (
        _lt("Text in the DMARC record that does not belong there"),
        _lt("Receivers skip “%(text)s” in your instructions (the DMARC record) at %(name)s, and some may "
            "ignore all of them."),
        _lt("Take it out, or put it into the form name=value, in the line that starts with v=DMARC1."),
    ),
    'dmarc.empty_tag': (
        _lt("The DMARC record has a semicolon too many"),
        _lt("Two semicolons follow each other in your instructions to receivers (the DMARC record) at "
            "%(name)s. Nearly all receivers pass over that."),
        _lt("Delete one of the two when you change the record next."),
    ),
    'dmarc.duplicate_tag': (
        _lt("A part of the DMARC record stands in it twice"),
        _lt("%(tag)s= occurs more than once in your instructions to receivers (the DMARC record) at "
            "%(name)s. They disagree about which one counts, or ignore the record."),
        _lt("Keep the one that you mean and delete the other, in the line that starts with v=DMARC1."),
    ),
    'dmarc.unknown_tag': (
        _lt("A part of the DMARC record that receivers skip"),
        _lt("No standard knows %(tag)s= in your instructions to receivers (the DMARC record) at %(name)s. "
            "Your mail is not affected."),
        _lt("Correct its spelling if something else was meant; otherwise you can take it out."),
    ),
    'dmarc.tag_case': (
        _lt("Capital letters where small ones are expected"),
        _lt("Some receivers do not recognise “%(tag)s=” in your instructions (the DMARC record) at %(name)s "
            "because of its capital letters."),
        _lt("Write it in small letters, in the line that starts with v=DMARC1."),
    ),
    # Instructions to receivers: what they say
    'dmarc.bad_policy': (
        _lt("An instruction that receivers do not know"),
        _lt("“%(value)s” behind %(tag)s= in your instructions to receivers (the DMARC record) at %(name)s is "
            "not among the three that there are, so the record loses its effect."),
        _lt("Write %(tag)s=none (watch only), %(tag)s=quarantine (file as spam) or %(tag)s=reject (refuse), "
            "in the line that starts with v=DMARC1."),
    ),
    'dmarc.missing_policy': (
        _lt("The DMARC record does not say what to do"),
        _lt("The part p= is missing in your instructions to receivers (the DMARC record) at %(name)s, so "
            "they have hardly any effect."),
        _lt("Put p=none (watch only) directly behind “v=DMARC1;”, or what you wanted: p=quarantine (file as "
            "spam) or p=reject (refuse)."),
    ),
    'dmarc.read_as_none': (
        _lt("Your instructions to receivers count as “watch only”"),
        _lt("Because of an error in p=, sp= or np= (what to do with forged mail), receivers only watch, "
            "whatever else the record (DMARC) at %(name)s asks for."),
        _lt("Correct p=, sp= and np= in the line that starts with v=DMARC1: each takes none (watch only), "
            "quarantine (file as spam) or reject (refuse)."),
    ),
    'dmarc.no_processing': (
        _lt("Your instructions to receivers have no effect"),
        _lt("Because of an error in p=, sp= or np= (what to do with forged mail), receivers ignore the whole "
            "record (DMARC) at %(name)s."),
        _lt("Correct p=, sp= and np= in the line that starts with v=DMARC1: each takes none (watch only), "
            "quarantine (file as spam) or reject (refuse)."),
    ),
    'dmarc.policy_not_second': (
        _lt("The parts of the DMARC record are in an unusual order"),
        _lt("A few older receivers expect p= directly behind v=DMARC1 in your instructions (the DMARC "
            "record) at %(name)s."),
        _lt("Move p= to the second place when you change the record next."),
    ),
    'dmarc.bad_tag': (
        _lt("A part of the DMARC record has a value it cannot have"),
        _lt("Receivers do not know “%(value)s” behind %(tag)s= in your instructions (the DMARC record) at "
            "%(name)s and act as if that part were not there."),
        _lt("Correct it or take it out, in the line that starts with v=DMARC1."),
    ),
    'dmarc.removed_tag': (
        _lt("A part of the DMARC record that newer receivers skip"),
        _lt("%(tag)s= was taken out of the standard for instructions to receivers (DMARC). Older receivers "
            "still follow it, newer ones do not, so they may treat your mail differently."),
        _lt("Take %(tag)s=%(value)s out of the line that starts with v=DMARC1."),
    ),
    'dmarc.pct_partial': (
        _lt("Newer receivers apply your instructions to all mail"),
        _lt("pct=%(pct)s (a share in percent) in your instructions (the DMARC record) at %(name)s spares a "
            "part of the mail at older receivers only; newer ones no longer know it."),
        _lt("Decide for all mail: take pct= out of the line that starts with v=DMARC1, and lower p= by one "
            "step (reject to quarantine, quarantine to none) if you are not sure yet."),
    ),
    'dmarc.testing': (
        _lt("Your instructions say that they are a test"),
        _lt("With t=y in your instructions (the DMARC record) at %(name)s, newer receivers do one step less "
            "than p=%(p)s asks for; older ones follow p=%(p)s in full."),
        _lt("Once your own mail passes, take t=y out of the line that starts with v=DMARC1."),
    ),
    'dmarc.policy_none': (
        _lt("Receivers only watch mail that pretends to be you"),
        _lt("p=none in your instructions (the DMARC record) at %(name)s is the right start: nothing happens "
            "to forged mail, nor to your own by mistake."),
        _lt("Once all services that send your mail pass, write p=quarantine (file as spam) and later "
            "p=reject (refuse) in the line that starts with v=DMARC1."),
    ),
    'dmarc.weaker_subdomain': (
        _lt("Names below your domain are less protected"),
        _lt("Your instructions (the DMARC record) at %(name)s ask for %(p)s, and with sp=%(sp)s for less at "
            "subdomains, so forgers can use a name below your domain."),
        _lt("If your subdomains' mail passes, take sp=%(sp)s out of the line that starts with v=DMARC1."),
    ),
    'dmarc.weaker_nonexistent': (
        _lt("Made-up names below your domain are less protected"),
        _lt("Your instructions (the DMARC record) at %(name)s ask for %(sp)s at subdomains, and with "
            "np=%(np)s for less at those that do not exist, which are the easiest to forge."),
        _lt("Take np=%(np)s out of the line that starts with v=DMARC1, or write np=reject (refuse)."),
    ),
    'dmarc.sp_without_effect': (
        _lt("A part of the DMARC record has no effect here"),
        _lt("%(tag)s= (what holds for subdomains) counts at %(organizational_domain)s only, not in the "
            "instructions (DMARC record) at %(name)s."),
        _lt("Set %(tag)s= in the record at _dmarc.%(organizational_domain)s if you need it, and take it out "
            "here."),
    ),
    'dmarc.psd_yes': (
        _lt("The DMARC record says that your domain is public"),
        _lt("psd=y at %(name)s declares your domain to be an ending under which anybody registers names, "
            "like .com. Proofs for its subdomains then do not count for each other."),
        _lt("Take psd=y out of the line that starts with v=DMARC1, unless you do run such an ending."),
    ),
    'dmarc.fo_without_ruf': (
        _lt("A part of the DMARC record has no effect"),
        _lt("fo= (when to report single messages) needs ruf= (where to report them), which your instructions "
            "(the DMARC record) at %(name)s do not have. Your mail is not affected."),
        _lt("You can take fo= out of the line that starts with v=DMARC1."),
    ),
    # Instructions to receivers: where reports go
    'dmarc.no_rua': (
        _lt("Nobody reports to you who sends in your name"),
        _lt("Receivers send daily reports about mail from your domain if the instructions (the DMARC record) "
            "at %(name)s name an address. Your mail is not affected."),
        _lt("If somebody will read them, add ; rua=mailto: and that person's address at your domain to the "
            "line that starts with v=DMARC1."),
    ),
    'dmarc.bad_uri': (
        _lt("A report address cannot be used"),
        _lt("“%(uri)s” behind %(tag)s= in your instructions (the DMARC record) at %(name)s is no complete "
            "address, so reports do not arrive there."),
        _lt("Write mailto: and the whole email address, without spaces, in the line that starts with "
            "v=DMARC1."),
    ),
    'dmarc.uri_scheme': (
        _lt("A report address of a kind that few receivers use"),
        _lt("“%(uri)s” behind %(tag)s= in your instructions (the DMARC record) at %(name)s is no email "
            "address, and receivers need not send reports anywhere else."),
        _lt("Write mailto: and an email address, in the line that starts with v=DMARC1."),
    ),
    'dmarc.uri_separator': (
        _lt("The comma between two report addresses is missing"),
        _lt("The addresses behind %(tag)s= in your instructions (the DMARC record) at %(name)s are not "
            "separated by commas, so reports do not arrive at all of them."),
        _lt("Put a comma, and nothing else, between two addresses; each begins with mailto:."),
    ),
    'dmarc.uri_list_long': (
        _lt("More report addresses than receivers serve"),
        _lt("There are %(count)s addresses behind %(tag)s= in your instructions (the DMARC record) at "
            "%(name)s; many receivers serve the first two only."),
        _lt("Put the two that matter first."),
    ),
    'dmarc.uri_repeated': (
        _lt("A report address is listed twice"),
        _lt("“%(uri)s” stands behind %(tag)s= in your instructions (the DMARC record) at %(name)s more than "
            "once, so reports may arrive twice."),
        _lt("Delete one of the two."),
    ),
    'dmarc.uri_size_limit': (
        _lt("A size limit for reports that newer receivers skip"),
        _lt("“!%(limit)s” behind an address in your instructions (the DMARC record) at %(name)s was taken "
            "out of the standard; newer receivers may take it for a part of the address."),
        _lt("Take out “!%(limit)s”, in the line that starts with v=DMARC1."),
    ),
    'dmarc.external_not_authorised': (
        _lt("The receiver of your reports has not agreed to them"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s. Since %(host)s belongs to "
            "somebody else, it has to agree in DNS; it does not, so no reports are sent."),
        _lt("Ask whoever runs %(host)s to publish a TXT record “v=DMARC1” at %(record_name)s, or use a "
            "mailbox at your own domain."),
    ),
    'dmarc.external_unknown': (
        _lt("No answer on whether your reports are accepted"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s. DNS did not answer about "
            "%(question)s, so it is not known whether %(host)s agrees to receive them."),
        _lt("Check again later. If it stays so, tell whoever runs %(host)s."),
    ),
    'dmarc.external_override_elsewhere': (
        _lt("The receiver of your reports sends them on elsewhere"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s; %(host)s agrees but names an "
            "address at %(other)s, which is not allowed. No reports are sent."),
        _lt("Ask whoever runs %(host)s to correct this, or use a mailbox at your own domain."),
    ),
    'dmarc.external_name_too_long': (
        _lt("Your reports cannot be sent to that address"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s. The name at which %(host)s would "
            "have to agree is too long for DNS, so no reports are sent."),
        _lt("Use a mailbox at your own domain, in the line that starts with v=DMARC1."),
    ),
    'dmarc.destinations_not_checked': (
        _lt("Not all report addresses were checked"),
        _lt("Your instructions (the DMARC record) at %(name)s name %(count)s places for reports; the first "
            "%(looked_at)s were looked at, and receivers need not serve more than two."),
        _lt("Put the two that matter first, in the line that starts with v=DMARC1, and delete the others."),
    ),
    'dmarc.destination_cannot_receive': (
        _lt("A report address cannot receive mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s, and %(host)s receives "
            "no mail, so they are lost."),
        _lt("Write an address there that somebody reads, in the line that starts with v=DMARC1."),
    ),
    'dmarc.destination_without_mx': (
        _lt("A report address may not receive mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s. %(host)s does not "
            "name a mail server (it has no MX record), so they may be lost."),
        _lt("Send a message to that address to try it, and use another one if it does not arrive."),
    ),
    'dmarc.destination_unknown': (
        _lt("No answer on whether a report address receives mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s. DNS did not answer "
            "about %(question)s, so it is not known whether they arrive."),
        _lt("Check again later. If it stays so, tell whoever runs %(host)s."),
    ),
    # Instructions to receivers: whose mail counts as yours
    'dmarc.strict_alignment': (
        _lt("Your own rule does not count one of your proofs"),
        _lt("Mail from %(domain)s proves to be from %(authenticated)s. With %(tag)s=s, your instructions "
            "(the DMARC record) at %(name)s accept %(domain)s itself only, so that proof does not count."),
        _lt("Write %(tag)s=r in place of %(tag)s=s, in the line that starts with v=DMARC1: related names "
            "then count too."),
    ),
    'dmarc.not_aligned': (
        _lt("A proof is for somebody else's domain"),
        _lt("Mail from %(domain)s also proves to be from %(authenticated)s, as is usual where a service uses "
            "an address of its own for bounces. For your instructions (the DMARC record) that does not "
            "count."),
        _lt("See that this mail is signed as %(domain)s (DKIM, set up at the sending service), or that the "
            "service uses a name below your domain for bounces."),
    ),
    'dmarc.alignment_trap': (
        _lt("Newer receivers no longer count one of your proofs"),
        _lt("Mail from %(domain)s proves to be from %(authenticated)s. Because your instructions (the DMARC "
            "record) stand at %(name)s, newer receivers take the two for strangers; older ones do not."),
        _lt("Publish a DMARC record at the domain that both names lie below, with the host _dmarc, asking "
            "for the same as this one."),
    ),
    'dmarc.alignment_unknown': (
        _lt("No answer on whether a proof counts as yours"),
        _lt("Mail from %(domain)s proves to be from %(authenticated)s. DNS did not answer a question that "
            "decides whether the two belong together, so it is not known whether that counts."),
        _lt("Check again later."),
    ),
    'dmarc.views_differ': (
        _lt("Newer and older receivers read your instructions apart"),
        _lt("Newer ones follow the instructions (DMARC record) of %(policy_domain)s and read %(requested)s; "
            "older ones follow %(legacy_policy_domain)s and read %(legacy_requested)s (a dash means none), "
            "or they differ on which domains belong together."),
        _lt("Publish one DMARC record at the domain that you registered, with the host _dmarc, and one at "
            "this domain if it needs another."),
    ),
    'dmarc.no_psl': (
        _lt("How older receivers read your instructions is not known"),
        _lt("Older receivers find your instructions (the DMARC record) with the help of a list of public "
            "domain endings, and Odoo does not have that list here. Newer receivers do without."),
        _lt("Ask whoever runs your Odoo to install the Python package publicsuffixlist."),
    ),
    # Encryption of mail to the domain: the demand
    'mta_sts.alias_beside_record': (
        _lt("A pointer and the demand for encrypted mail share a name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and a TXT record too. DNS does not allow "
            "that: some see your demand to encrypt mail to you (MTA-STS), others none. Mail that you send is "
            "not affected."),
        _lt("If a service asked for the CNAME record, delete the TXT record at this name; otherwise delete the "
            "CNAME record."),
    ),
    'mta_sts.several': (
        _lt("Several demands for encrypted mail where one counts"),
        _lt("At %(name)s there are %(count)s records that ask others to encrypt their mail to you (MTA-STS), "
            "so they act as if there were none. Mail that you send is not affected."),
        _lt("Keep one of the lines that start with v=STSv1 at this name, and delete the others."),
    ),
    'mta_sts.version': (
        _lt("The demand for encrypted mail is not read"),
        _lt("The record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) does not begin "
            "as it has to, so they ignore it. Mail that you send is not affected."),
        _lt("Let the record begin with v=STSv1 and a semicolon, with capitals as here and without spaces."),
    ),
    'mta_sts.syntax': (
        _lt("A part of the demand for encrypted mail is unclear"),
        _lt("“%(text)s” in the record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) "
            "is not in the form name=value with plain letters and no spaces, so they ignore the record."),
        _lt("Take it out of the line that starts with v=STSv1, or copy the line again."),
    ),
    'mta_sts.bad_id': (
        _lt("The demand for encrypted mail has no version number"),
        _lt("The record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) needs a part "
            "id= of up to 32 letters and digits. Without it they ignore the record."),
        _lt("Write id= and the present date and time in digits, in the line that starts with v=STSv1, and "
            "change it whenever the rules change."),
    ),
    'mta_sts.host_missing': (
        _lt("The rules for encrypted mail are nowhere to be found"),
        _lt("A record asks others to encrypt their mail to you (MTA-STS) and to read the rules at %(name)s, "
            "a name without an address. They act as if there were no demand."),
        _lt("Give %(name)s the address of a web server that serves the rules, or delete the record that "
            "starts with v=STSv1."),
    ),
    'mta_sts.host_not_public': (
        _lt("The rules for encrypted mail cannot be read from outside"),
        _lt("Others should read at %(name)s how to encrypt their mail to you (MTA-STS). Its addresses are "
            "for private networks only: %(addresses)s."),
        _lt("Give %(name)s the public address of a web server that serves the rules, or delete the record "
            "that starts with v=STSv1."),
    ),
    'mta_sts.unreachable': (
        _lt("The rules for encrypted mail could not be fetched"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), did not answer us. "
            "Whether it answers others is not known."),
        _lt("Open https://%(name)s/.well-known/mta-sts.txt in a browser. If nothing comes, tell whoever runs "
            "that web server."),
    ),
    'mta_sts.certificate': (
        _lt("The rules for encrypted mail cannot be trusted"),
        _lt("The certificate (the proof of identity) of %(name)s, where others read how to encrypt their "
            "mail to you (MTA-STS), cannot be verified, so they ignore the rules."),
        _lt("Ask whoever runs that web server for a certificate that holds for the name %(name)s."),
    ),
    'mta_sts.http_status': (
        _lt("The web server does not hand out the rules for encryption"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), answers %(status_code)s "
            "and not 200 (“here it is”). Being sent on to another address does not count."),
        _lt("Ask whoever runs that web server to serve the file at https://%(name)s/.well-known/mta-sts.txt "
            "itself."),
    ),
    'mta_sts.content_type': (
        _lt("The rules for encrypted mail are not served as text"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), sends them as "
            "“%(content_type)s”. A few senders may ignore them."),
        _lt("Ask whoever runs that web server to serve mta-sts.txt as text/plain."),
    ),
    'mta_sts.too_large': (
        _lt("The rules for encrypted mail are too long to be read"),
        _lt("The file at %(name)s that tells others how to encrypt their mail to you (MTA-STS) has more than "
            "64 KB, so they ignore it. It may be another page by mistake."),
        _lt("Open https://%(name)s/.well-known/mta-sts.txt in a browser and see that it holds only the few "
            "lines of the rules."),
    ),
    'mta_sts.policy_syntax': (
        _lt("A line of the rules for encrypted mail is unclear"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt, “%(text)s”, is not in the form "
            "“name: value”. Others ignore these rules on how to encrypt their mail to you (MTA-STS)."),
        _lt("Correct that line of the file or take it out."),
    ),
    'mta_sts.policy_empty_line': (
        _lt("The rules for encrypted mail have an empty line"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt is empty. Strict servers ignore these "
            "rules on how to encrypt their mail to you (MTA-STS) for that."),
        _lt("Take the empty line out of the file."),
    ),
    'mta_sts.policy_version': (
        _lt("The rules for encrypted mail do not say what they are"),
        _lt("https://%(name)s/.well-known/mta-sts.txt lacks the line “version: STSv1”. Others ignore these "
            "rules on how to encrypt their mail to you (MTA-STS)."),
        _lt("Let the file begin with the line version: STSv1, with capitals as here."),
    ),
    'mta_sts.policy_mode': (
        _lt("The rules for encrypted mail do not say how strict they are"),
        _lt("https://%(name)s/.well-known/mta-sts.txt lacks a “mode:” that others know. They ignore these "
            "rules on how to encrypt their mail to you (MTA-STS)."),
        _lt("Write one of these lines into the file: mode: testing (report only), mode: enforce (refuse to "
            "send unencrypted) or mode: none (switched off)."),
    ),
    'mta_sts.policy_max_age': (
        _lt("The rules for encrypted mail do not say how long they hold"),
        _lt("https://%(name)s/.well-known/mta-sts.txt lacks a “max_age:” of at most a year, in seconds. "
            "Others ignore these rules on how to encrypt their mail to you (MTA-STS)."),
        _lt("Write the line max_age: 604800, which is a week, into the file."),
    ),
    'mta_sts.policy_no_mx': (
        _lt("The rules for encrypted mail name no mail server"),
        _lt("https://%(name)s/.well-known/mta-sts.txt has no line “mx:”. Others ignore these rules on how to "
            "encrypt their mail to you (MTA-STS)."),
        _lt("Write a line mx: and its name into the file for each mail server that the MX records of your "
            "domain name (they say where its mail goes)."),
    ),
    'mta_sts.bad_mx_pattern': (
        _lt("A mail server in the rules for encryption is misspelt"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt names “%(text)s”, which cannot be a "
            "mail server. Others ignore these rules on how to encrypt their mail to you (MTA-STS)."),
        _lt("Write a complete name there, such as mx1.example.com, or *.example.com for all directly below "
            "it."),
    ),
    'mta_sts.mx_not_covered': (
        _lt("A mail server is missing in the rules for encrypted mail"),
        _lt("Mail to %(name)s goes to %(host)s too, which your own rules on encryption (MTA-STS) do not "
            "name. With the mode “enforce”, others refuse to send it there; here the mode is “%(mode)s”."),
        _lt("Add the line mx: %(host)s to the file https://mta-sts.%(name)s/.well-known/mta-sts.txt, and "
            "change id= in the line that starts with v=STSv1."),
    ),
    'mta_sts.short_max_age': (
        _lt("The rules for encrypted mail are soon forgotten"),
        _lt("Others remember your rules on how to encrypt their mail to you (MTA-STS, at %(name)s) for "
            "%(max_age)s seconds, less than a day, so they protect little."),
        _lt("Write the line max_age: 604800, which is a week, or more into the file."),
    ),
    'mta_sts.testing': (
        _lt("The rules for encrypted mail are being tested"),
        _lt("With “mode: testing” at %(name)s, others report if they cannot encrypt their mail to you "
            "(MTA-STS), and send it all the same."),
        _lt("Once the reports show no problem, write mode: enforce into the file, and change id= in the line "
            "that starts with v=STSv1."),
    ),
    'mta_sts.mode_none': (
        _lt("The rules for encrypted mail are switched off"),
        _lt("With “mode: none” at %(name)s, others do not have to encrypt their mail to you (MTA-STS). That "
            "is how such rules are withdrawn."),
        _lt("If they are to stay off, delete the record that starts with v=STSv1 after some weeks; otherwise "
            "write mode: testing into the file."),
    ),
    # Encryption of mail to the domain: reports
    'tls_rpt.alias_beside_record': (
        _lt("A pointer and the request for reports share one name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and a TXT record too. DNS does not allow "
            "that: some see your request to report failed encryption (TLS-RPT), others none. Your own mail is "
            "not affected."),
        _lt("If a service asked for the CNAME record, delete the TXT record at this name; otherwise delete the "
            "CNAME record."),
    ),
    'tls_rpt.several': (
        _lt("Several requests for encryption reports"),
        _lt("Other servers report failed encryption of mail to you if one record (TLS-RPT) asks for it. At "
            "%(name)s there are %(count)s, so they send nothing. Your own mail is not affected."),
        _lt("Keep one of the lines that start with v=TLSRPTv1 at this name, and delete the others."),
    ),
    'tls_rpt.syntax': (
        _lt("A part of the request for encryption reports is unclear"),
        _lt("“%(text)s” in the record at %(name)s (TLS-RPT, which asks other servers to report failed "
            "encryption of mail to you) is not in the form name=value with plain letters and no spaces. They "
            "send nothing."),
        _lt("Take it out of the line that starts with v=TLSRPTv1, or copy the line again."),
    ),
    'tls_rpt.no_rua': (
        _lt("The request for encryption reports names no address"),
        _lt("The record at %(name)s (TLS-RPT) asks other servers to report failed encryption of mail to you, "
            "and does not say where to. They send nothing."),
        _lt("Add rua=mailto: and the address of somebody who will read them, behind a semicolon; or delete "
            "the record."),
    ),
    'tls_rpt.bad_uri': (
        _lt("An address for encryption reports cannot be used"),
        _lt("“%(uri)s” in the record at %(name)s (TLS-RPT, which asks other servers to report failed "
            "encryption of mail to you) is no complete address, so no reports arrive there."),
        _lt("Write mailto: and the whole email address, or an address that begins with https:."),
    ),
    'tls_rpt.version': (
        _lt("The request for encryption reports is not read"),
        _lt("The record at %(name)s (TLS-RPT, which asks other servers to report failed encryption of mail "
            "to you) does not begin as it has to, so they ignore it."),
        _lt("Let the record begin with v=TLSRPTv1 and a semicolon, with capitals as here and without "
            "spaces."),
    ),
    # Records to publish
    'advice.merge_refused': (
        _lt("Your SPF record has to be changed by hand"),
        _lt("There is no safe way to work out the new list of permitted servers (the SPF record) of %(name)s "
            "from what is there, so no record is proposed."),
        _lt("Repair what the other findings name, in the line that starts with v=spf1, or ask whoever runs "
            "your DNS to; then check again."),
    ),
    'advice.lookup_limit': (
        _lt("No room for your sending service in the SPF record"),
        _lt("With %(services)s in it, receivers would have to ask DNS %(lookups)s times to read the list of "
            "permitted servers (the SPF record). They stop after 10 and ignore the whole record, so none is "
            "proposed."),
        _lt("The report shows under “What to Publish” what each entry costs. Take out those for services that you "
            "no longer use; then check again."),
    ),
    'advice.report_address': (
        _lt("Reports about your mail would not arrive"),
        _lt("You want the daily summaries of who sends as %(name)s at %(address)s, but %(host)s does not accept "
            "them: other servers would send none. The record to publish is shown without that address."),
        _lt("Enter a mailbox at your own domain. If you run that other domain too, let it say that it takes your "
            "reports: a TXT record at %(record_name)s with the text v=DMARC1."),
    ),
    # a domain that sends nothing
    'parked.complete': (
        _lt("This domain is closed for mail, on purpose"),
        _lt("Its records say that it sends and receives no mail, and ask receivers to refuse whatever pretends to."),
        _lt("Nothing to do, as long as no mail is meant to leave as this domain."),
    ),
    'parked.no_reject': (
        _lt("Receivers are not asked to refuse mail as this domain"),
        _lt(
            "The SPF record (who may send) says that nobody sends mail as this domain, but its DMARC record "
            "(instructions to receivers) does not ask to refuse such mail."),
        _lt("If the domain sends no mail, publish v=DMARC1; p=reject at _dmarc.%(name)s."),
    ),
    'parked.no_null_mx': (
        _lt("This domain does not say that it takes no mail"),
        _lt("The domain declares that it sends no mail. A “null MX” record would say that it receives none either."),
        _lt("If it is not meant to receive mail, publish an MX record with priority 0 and a single dot as the host."),
    ),
    # the addresses that mail leaves from
    'reverse.none': (
        _lt("Your mail server's address has no name"),
        _lt(
            "Receivers look up the name of the address %(address)s that your mail leaves from (its “reverse DNS”, a "
            "PTR record). There is none, so Gmail and others refuse your mail or file it as spam."),
        _lt("Ask the provider of the server to set a reverse DNS name, the server's host name, for %(address)s."),
    ),
    'reverse.not_confirmed': (
        _lt("Your mail server's name does not lead back to it"),
        _lt(
            "The address %(address)s that your mail leaves from is named %(names)s, but that name leads to another "
            "address. Receivers take such a server for a forged one."),
        _lt(
            "Publish an A record (AAAA for IPv6) at that name with the address %(address)s, or ask the provider of the "
            "server for another reverse DNS name."),
    ),
    'reverse.helo_not_a_name': (
        _lt("Your mail server introduces itself without a host name"),
        _lt("The server at %(address)s greets receivers as “%(helo)s”, which is no full host name. Some refuse that."),
        _lt("Set the server's host name (HELO) to a full name that leads to %(address)s, such as mail.example.com."),
    ),
    'reverse.helo_elsewhere': (
        _lt("Your mail server introduces itself with another's name"),
        _lt("The server at %(address)s greets receivers as %(helo)s, but that name does not lead to it."),
        _lt("Publish an A record (AAAA for IPv6) at %(helo)s with the address %(address)s, or change the greeting (HELO)."),
    ),
    'reverse.unanswered': (
        _lt("The names of your mail server's address are not known"),
        _lt("DNS did not answer about the name of %(address)s (%(server)s), so we cannot tell whether it is in order."),
        _lt("Check again later. If it stays so, tell the provider of the server."),
    ),
    # between the records and those who send
    'spf.not_authorised': (
        _lt("Your SPF record does not permit those who send your mail"),
        _lt(
            "Your mail leaves through %(services)s, but the list of permitted servers (the SPF record) of %(name)s "
            "does not have it. Receivers see mail from a stranger."),
        _lt(
            "Add %(term)s to the record: replace only the line that starts with v=spf1, leave other TXT lines alone."),
    ),
    'spf.partly_authorised': (
        _lt("Your SPF record permits only part of your mail servers"),
        _lt(
            "Your mail leaves through %(services)s, but the list of permitted servers (the SPF record) of %(name)s "
            "lacks some of its addresses (%(missing)s). Part of your mail fails."),
        _lt(
            "Add %(term)s to the record instead of single addresses: replace only the line that starts with v=spf1, "
            "leave other TXT lines alone."),
    ),
    'spf.receivers_differ': (
        _lt("Receivers do not agree on whether your mail is permitted"),
        _lt(
            "Your mail leaves through %(services)s. The list of permitted servers (the SPF record) of %(name)s names it by "
            "an “mx” entry that stands for more than ten servers. Receivers look at ten: some let this mail pass "
            "(%(differ)s), others ignore the whole list."),
        _lt(
            "In the line that starts with v=spf1, put the addresses (ip4:, ip6:) of those servers that send your mail in the "
            "place of the “mx” entry. Leave other TXT lines alone."),
    ),
    'spf.fault_behind': (
        _lt("Your mail passes, but the SPF record breaks further on"),
        _lt(
            "Mail through %(services)s passes: receivers find it in the list of permitted servers (the SPF record) before "
            "they come to “%(term)s” of %(at)s. There they give up, so mail through servers that stand behind it does not "
            "pass."),
        _lt(
            "Nothing is lost as long as all your mail leaves through %(services)s. Correct “%(term)s” or take it out, before "
            "anything else sends as your domain; leave other TXT lines alone."),
    ),
    'spf.return_path_missing': (
        _lt("The return path of your mail has no SPF record"),
        _lt(
            "Mail of this domain leaves with a return path, the address that bounces go to, at %(name)s. There receivers "
            "look for the list of permitted servers (the SPF record), and there is none."),
        _lt(
            "Publish an SPF record at %(name)s if the domain is yours. If not, let the mail leave with a return path at your "
            "own domain: that is the alias domain of the company."),
    ),
    'spf.bounce_missing': (
        _lt("The address for bounces of your mail is not yours yet"),
        _lt(
            "%(services)s can send bounces of your mail to %(name)s, but nothing is published there. Until it is, it uses "
            "an address of its own, and only the signature (DKIM) tells receivers that the mail is yours."),
        _lt("Publish the records for %(name)s as %(services)s shows them. Your own SPF record stays as it is."),
    ),
    'spf.bounce_unknown': (
        _lt("It is not known where bounces of your mail go"),
        _lt(
            "%(services)s has them sent to a name below %(name)s that differs from account to account. Once it is known, "
            "and published, it also tells receivers that the mail is yours; until then only the signature (DKIM) counts."),
        _lt("Look in %(services)s for the record that it asks for besides those for the signature, and enter what stands in "
            "front of your domain there: Sending Services, Subdomain for Bounces."),
    ),
    'dmarc.refuses_own_mail': (
        _lt("Your own record has your mail refused"),
        _lt(
            "The instructions to receivers (the DMARC record at %(name)s) ask for “%(policy)s” where mail cannot be "
            "verified, and mail that leaves from Odoo cannot."),
        _lt("Publish the records that we propose: with them your mail can be verified, and the instructions can stay."),
    ),
}
