"""Findings about the instructions to receivers (DMARC), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    # Whether there is a record, and where
    'dmarc.missing': (
        _lt("No instructions about mail that pretends to be from you"),
        _lt("Receivers decide for themselves what to do with forged mail from %(domain)s. Large providers require such "
            "instructions (a DMARC record) from every sender."),
        _lt("Publish the record shown under the records to publish; it only asks receivers to monitor. If none is "
            "shown, first choose in Settings what your mail is sent through."),
    ),
    'dmarc.inherited': (
        _lt("The parent domain's instructions apply"),
        _lt("There are no instructions to receivers (DMARC record) at %(name)s, so those of %(policy_domain)s apply. "
            "That is how it is meant to work."),
        _lt("Nothing needs to be done, unless this domain should be treated differently from %(policy_domain)s."),
    ),
    'dmarc.unanswered': (
        _lt("No answer about your instructions to receivers"),
        _lt("DNS did not answer about %(question)s (asked: %(server)s), so we do not know which instructions (DMARC "
            "record) apply. They may well be correct."),
        _lt("Check again later. If this continues, tell that name's DNS administrator."),
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
        _lt("Correct the target of the CNAME record, or replace it with a TXT record with the instructions themselves."),
    ),
    'dmarc.wrong_place_apex': (
        _lt("The DMARC record is where receivers do not look"),
        _lt("Your instructions to receivers (the DMARC record) are at %(seen_at)s. Receivers only look at %(name)s."),
        _lt("Create the same TXT record with the host _dmarc, so that it is at %(name)s, then delete the one at "
            "%(seen_at)s that starts with v=DMARC1."),
    ),
    'dmarc.wrong_place_prefix': (
        _lt("The underscore before “dmarc” is missing"),
        _lt("Your instructions to receivers (the DMARC record) are at %(seen_at)s. Receivers only look at %(name)s."),
        _lt("Change the host of this record from dmarc to _dmarc."),
    ),
    'dmarc.doubled_domain': (
        _lt("The DMARC record is at the domain written twice"),
        _lt("Your instructions to receivers (the DMARC record) are at %(seen_at)s, because the DNS panel adds the "
            "domain automatically. Receivers only look at %(name)s."),
        _lt("In the DNS panel, shorten the host of this record so that the whole name becomes %(name)s."),
    ),
    # Whether the text is a record
    'dmarc.bad_version': (
        _lt("The DMARC record does not begin correctly"),
        _lt("Receivers do not recognize the text at %(name)s as your instructions (the DMARC record) and ignore it."),
        _lt("Make it begin with v=DMARC1 and a semicolon, in capitals as shown here and without a space in front."),
    ),
    'dmarc.lost_semicolon': (
        _lt("A semicolon is missing in the DMARC record"),
        _lt("After %(tag)s= in your instructions to receivers (the DMARC record) at %(name)s, two parts have run "
            "together, so receivers misread them."),
        _lt("Put a semicolon between the parts, in the line that starts with v=DMARC1."),
    ),
    'dmarc.curly_quotes': (
        _lt("Typographic quotation marks are part of the DMARC record"),
        _lt("They come from a word processor or web page. Receivers misread your instructions (the DMARC record) at "
            "%(name)s or ignore them."),
        _lt("Enter the record again without quotation marks of any kind."),
    ),
    'dmarc.pasted_quotes': (
        _lt("Quotation marks are part of the DMARC record"),
        _lt("Receivers treat them as part of your instructions (the DMARC record) at %(name)s and misread or ignore "
            "the record."),
        _lt("Enter the record again without quotation marks: the DNS panel adds any that it needs."),
    ),
    'dmarc.pasted_backslash': (
        _lt("Backslashes are part of the DMARC record"),
        _lt("They belong to a file format used by name servers. In your instructions to receivers (the DMARC record) "
            "at %(name)s they make parts unreadable."),
        _lt("Enter the record again without any backslash: write ; and not \\;."),
    ),
    'dmarc.stray_text': (
        _lt("The DMARC record contains text that does not belong there"),
        _lt("Receivers skip “%(text)s” in your instructions (the DMARC record) at %(name)s, and some may "
            "ignore all of them."),
        _lt("Remove it, or write it as name=value, in the line that starts with v=DMARC1."),
    ),
    'dmarc.empty_tag': (
        _lt("The DMARC record has a semicolon too many"),
        _lt("Two semicolons follow each other in your instructions to receivers (the DMARC record) at %(name)s. Nearly "
            "all receivers ignore that."),
        _lt("Delete one of the two the next time you change the record."),
    ),
    'dmarc.duplicate_tag': (
        _lt("Part of the DMARC record appears twice"),
        _lt("%(tag)s= occurs more than once in your instructions to receivers (the DMARC record) at "
            "%(name)s. They disagree about which one counts, or ignore the record."),
        _lt("Keep the one you want and delete the other, in the line that starts with v=DMARC1."),
    ),
    'dmarc.unknown_tag': (
        _lt("Part of the DMARC record is skipped by receivers"),
        _lt("%(tag)s= in your instructions to receivers (the DMARC record) at %(name)s is not part of any standard. "
            "Your mail is not affected."),
        _lt("Correct its spelling if something else was meant; otherwise you can remove it."),
    ),
    'dmarc.tag_case': (
        _lt("Capital letters where lower case is expected"),
        _lt("Some receivers do not recognize “%(tag)s=” in your instructions (the DMARC record) at %(name)s "
            "because of its capital letters."),
        _lt("Write it in lower case, in the line that starts with v=DMARC1."),
    ),
    # What they say
    'dmarc.bad_policy': (
        _lt("An instruction that receivers do not know"),
        _lt("“%(value)s” after %(tag)s= in your instructions to receivers (the DMARC record) at %(name)s is not one of "
            "the three valid values, so the record has no effect."),
        _lt("Write %(tag)s=none (monitor only), %(tag)s=quarantine (file as spam) or %(tag)s=reject (refuse), in the "
            "line that starts with v=DMARC1."),
    ),
    'dmarc.missing_policy': (
        _lt("The DMARC record does not say what to do"),
        _lt("The part p= is missing in your instructions to receivers (the DMARC record) at %(name)s, so "
            "they have hardly any effect."),
        _lt("Put p=none (monitor only) directly after “v=DMARC1;”, or what you intended: p=quarantine (file as spam) "
            "or p=reject (refuse)."),
    ),
    'dmarc.read_as_none': (
        _lt("Your instructions to receivers count as “monitor only”"),
        _lt("Because of an error in p=, sp= or np= (what to do with forged mail), receivers only monitor mail, "
            "whatever else the record (DMARC) at %(name)s asks for."),
        _lt("Correct p=, sp= and np= in the line that starts with v=DMARC1: each takes none (monitor only), quarantine "
            "(file as spam) or reject (refuse)."),
    ),
    'dmarc.no_processing': (
        _lt("Your instructions to receivers have no effect"),
        _lt("Because of an error in p=, sp= or np= (what to do with forged mail), receivers ignore the whole "
            "record (DMARC) at %(name)s."),
        _lt("Correct p=, sp= and np= in the line that starts with v=DMARC1: each takes none (monitor only), quarantine "
            "(file as spam) or reject (refuse)."),
    ),
    'dmarc.policy_not_second': (
        _lt("The parts of the DMARC record are in an unusual order"),
        _lt("A few older receivers expect p= directly after v=DMARC1 in your instructions (the DMARC record) at "
            "%(name)s."),
        _lt("Move p= to the second place the next time you change the record."),
    ),
    'dmarc.bad_tag': (
        _lt("Part of the DMARC record has an invalid value"),
        _lt("Receivers do not know “%(value)s” after %(tag)s= in your instructions (the DMARC record) at %(name)s and "
            "ignore that part."),
        _lt("Correct it or remove it, in the line that starts with v=DMARC1."),
    ),
    'dmarc.removed_tag': (
        _lt("Newer receivers skip part of the DMARC record"),
        _lt("%(tag)s= was removed from the standard for instructions to receivers (DMARC). Older receivers still "
            "follow it, newer ones do not, so your mail may be treated differently."),
        _lt("Remove %(tag)s=%(value)s from the line that starts with v=DMARC1."),
    ),
    'dmarc.pct_partial': (
        _lt("Newer receivers apply your instructions to all mail"),
        _lt("pct=%(pct)s (a percentage) in your instructions (the DMARC record) at %(name)s only exempts part of the "
            "mail at older receivers; newer ones ignore it."),
        _lt("Choose one policy for all mail: remove pct= from the line that starts with v=DMARC1, and lower p= by one "
            "step (reject to quarantine, quarantine to none) if you are not sure yet."),
    ),
    'dmarc.testing': (
        _lt("Your instructions say they are only a test"),
        _lt("With t=y in your instructions (the DMARC record) at %(name)s, newer receivers do one step less "
            "than p=%(p)s asks for; older ones follow p=%(p)s in full."),
        _lt("Once your own mail passes, remove t=y from the line that starts with v=DMARC1."),
    ),
    'dmarc.policy_none': (
        _lt("Receivers only monitor mail that pretends to be from you"),
        _lt("p=none in your instructions (the DMARC record) at %(name)s is the right start: nothing happens to forged "
            "mail, nor to your own mail by mistake."),
        _lt("Once all services that send your mail pass, write p=quarantine (file as spam) and later "
            "p=reject (refuse) in the line that starts with v=DMARC1."),
    ),
    'dmarc.weaker_subdomain': (
        _lt("Subdomains are less protected than your domain"),
        _lt("Your instructions (the DMARC record) at %(name)s ask for %(p)s, but with sp=%(sp)s for less at "
            "subdomains, so forgers can use a subdomain of yours."),
        _lt("If your subdomains' mail passes, remove sp=%(sp)s from the line that starts with v=DMARC1."),
    ),
    'dmarc.weaker_nonexistent': (
        _lt("Made-up subdomains are less protected"),
        _lt("Your instructions (the DMARC record) at %(name)s ask for %(sp)s at subdomains, but with np=%(np)s for "
            "less at those that do not exist, which are the easiest to forge."),
        _lt("Remove np=%(np)s from the line that starts with v=DMARC1, or write np=reject (refuse)."),
    ),
    'dmarc.sp_without_effect': (
        _lt("Part of the DMARC record has no effect here"),
        _lt("%(tag)s= (what applies to subdomains) only counts at %(organizational_domain)s, not in the instructions "
            "(DMARC record) at %(name)s."),
        _lt("Set %(tag)s= in the record at _dmarc.%(organizational_domain)s if you need it, and remove it here."),
    ),
    'dmarc.psd_yes': (
        _lt("The DMARC record says that your domain is a public ending"),
        _lt("psd=y at %(name)s declares your domain to be an ending under which anybody can register names, like .com. "
            "Its subdomains then no longer count as related."),
        _lt("Remove psd=y from the line that starts with v=DMARC1, unless you really run such an ending."),
    ),
    'dmarc.fo_without_ruf': (
        _lt("Part of the DMARC record has no effect"),
        _lt("fo= (when to report individual messages) needs ruf= (where to report them), which your instructions (the "
            "DMARC record) at %(name)s do not have. Your mail is not affected."),
        _lt("You can remove fo= from the line that starts with v=DMARC1."),
    ),
    # Where reports go
    'dmarc.no_rua': (
        _lt("You get no reports about who sends in your name"),
        _lt("Receivers only send daily reports about mail from your domain if the instructions (the DMARC record) at "
            "%(name)s name an address for them. Your mail is not affected."),
        _lt("If somebody will read them, add ; rua=mailto: and that person's address at your domain to the "
            "line that starts with v=DMARC1."),
    ),
    'dmarc.bad_uri': (
        _lt("A report address cannot be used"),
        _lt("“%(uri)s” after %(tag)s= in your instructions (the DMARC record) at %(name)s is not a complete address, "
            "so reports do not arrive there."),
        _lt("Write mailto: and the whole email address, without spaces, in the line that starts with "
            "v=DMARC1."),
    ),
    'dmarc.uri_scheme': (
        _lt("A report address of a type that few receivers support"),
        _lt("“%(uri)s” after %(tag)s= in your instructions (the DMARC record) at %(name)s is not an email address, and "
            "receivers need not send reports anywhere else than by email."),
        _lt("Write mailto: and an email address, in the line that starts with v=DMARC1."),
    ),
    'dmarc.uri_separator': (
        _lt("The comma between two report addresses is missing"),
        _lt("The addresses after %(tag)s= in your instructions (the DMARC record) at %(name)s are not separated by "
            "commas, so reports do not arrive at all of them."),
        _lt("Put a comma, and nothing else, between two addresses; each begins with mailto:."),
    ),
    'dmarc.uri_list_long': (
        _lt("More report addresses than receivers use"),
        _lt("There are %(count)s addresses after %(tag)s= in your instructions (the DMARC record) at %(name)s; many "
            "receivers only use the first two."),
        _lt("Put the two that matter first."),
    ),
    'dmarc.uri_repeated': (
        _lt("A report address is listed twice"),
        _lt("“%(uri)s” appears after %(tag)s= in your instructions (the DMARC record) at %(name)s more than once, so "
            "reports may arrive twice."),
        _lt("Delete one of the two."),
    ),
    'dmarc.uri_size_limit': (
        _lt("A size limit for reports that newer receivers skip"),
        _lt("“!%(limit)s” after an address in your instructions (the DMARC record) at %(name)s was removed from the "
            "standard; newer receivers may treat it as part of the address."),
        _lt("Remove “!%(limit)s”, in the line that starts with v=DMARC1."),
    ),
    'dmarc.external_not_authorised': (
        _lt("The receiver of your reports has not agreed to them"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s. %(host)s is another domain, so it must "
            "agree to this in DNS. It does not, so no reports are sent."),
        _lt("Ask the administrator of %(host)s to publish a TXT record “v=DMARC1” at %(record_name)s, or use a mailbox "
            "at your own domain."),
    ),
    'dmarc.external_unknown': (
        _lt("No answer on whether your reports are accepted"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s. DNS did not answer about %(question)s, so "
            "we do not know whether %(host)s agrees to receive them."),
        _lt("Check again later. If this continues, tell the administrator of %(host)s."),
    ),
    'dmarc.external_override_elsewhere': (
        _lt("The receiver of your reports redirects them elsewhere"),
        _lt("Your instructions (the DMARC record) send reports to %(uri)s; %(host)s agrees but names an "
            "address at %(other)s, which is not allowed. No reports are sent."),
        _lt("Ask the administrator of %(host)s to correct this, or use a mailbox at your own domain."),
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
            "%(looked_at)s were checked, and receivers need not use more than two."),
        _lt("Put the two that matter first, in the line that starts with v=DMARC1, and delete the others."),
    ),
    'dmarc.destination_cannot_receive': (
        _lt("A report address cannot receive mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s, but %(host)s receives no mail, "
            "so they are lost."),
        _lt("Use an address that somebody reads, in the line that starts with v=DMARC1."),
    ),
    'dmarc.destination_without_mx': (
        _lt("A report address may not receive mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s. %(host)s does not "
            "name a mail server (it has no MX record), so they may be lost."),
        _lt("Send a message to that address to try it, and use another one if it does not arrive."),
    ),
    'dmarc.destination_unknown': (
        _lt("No answer on whether a report address receives mail"),
        _lt("Your instructions (the DMARC record) at %(name)s send reports to %(uri)s. DNS did not answer about "
            "%(question)s, so we do not know whether they arrive."),
        _lt("Check again later. If this continues, tell the administrator of %(host)s."),
    ),
    # Whose mail counts as yours
    'dmarc.strict_alignment': (
        _lt("Your own rule excludes valid proof of your mail"),
        _lt("Mail from %(domain)s is verified as coming from %(authenticated)s. With %(tag)s=s, your instructions (the DMARC "
            "record) at %(name)s only accept %(domain)s itself, so that does not count."),
        _lt("Write %(tag)s=r instead of %(tag)s=s, in the line that starts with v=DMARC1: related names then count too."),
    ),
    'dmarc.not_aligned': (
        _lt("Mail is verified as somebody else's domain, not yours"),
        _lt("Mail from %(domain)s is also verified as coming from %(authenticated)s, as is usual where a service uses its own "
            "bounce address. For your instructions (the DMARC record) that does not count."),
        _lt("Make sure that this mail is signed as %(domain)s (DKIM, set up at the sending service), or that the "
            "service uses a bounce address at a subdomain of yours."),
    ),
    'dmarc.alignment_trap': (
        _lt("Newer receivers do not accept proof that older ones do"),
        _lt("Mail from %(domain)s is verified as coming from %(authenticated)s. Because your instructions (the DMARC record) "
            "are at %(name)s, newer receivers treat the two as unrelated; older ones do not."),
        _lt("Publish a DMARC record with the same instructions at the domain above both names, with the host _dmarc."),
    ),
    'dmarc.alignment_unknown': (
        _lt("No answer on whether the two domains belong together"),
        _lt("Mail from %(domain)s is verified as coming from %(authenticated)s. DNS did not answer a question that decides "
            "whether the two belong together, so we do not know whether that counts."),
        _lt("Check again later."),
    ),
    'dmarc.views_differ': (
        _lt("Newer and older receivers read different instructions"),
        _lt("Newer ones follow the instructions (DMARC record) of %(policy_domain)s and read %(requested)s; "
            "older ones follow %(legacy_policy_domain)s and read %(legacy_requested)s (a dash means none), "
            "or they differ on which domains belong together."),
        _lt("Publish one DMARC record at the domain that you registered, with the host _dmarc, and one at this domain "
            "if it needs its own."),
    ),
    'dmarc.no_psl': (
        _lt("How older receivers read your instructions is unknown"),
        _lt("Older receivers find your instructions (the DMARC record) with the help of a list of public domain "
            "endings, and Odoo does not have that list here. Newer receivers do not need it."),
        _lt("Ask the administrator of your Odoo to install the Python package publicsuffixlist."),
    ),
    'dmarc.refuses_own_mail': (
        _lt("Your own record gets your mail rejected"),
        _lt(
            "The instructions to receivers (the DMARC record at %(name)s) ask for “%(policy)s” where mail cannot be "
            "verified, and mail from Odoo cannot."),
        _lt("Publish the records that we propose: with them your mail can be verified, and the instructions can stay."),
    ),
}
