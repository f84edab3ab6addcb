"""Findings about the demand to encrypt mail to a domain (MTA-STS), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'mta_sts.alias_beside_record': (
        _lt("A pointer and the request for encrypted mail share a name"),
        _lt("%(name)s has a CNAME record (a pointer, to %(target)s) and a TXT record too. DNS does not allow that: "
            "some see your request to encrypt mail to you (MTA-STS), others none. Mail still reaches you, but may "
            "travel unencrypted."),
        _lt("If a service asked for the CNAME record, delete the TXT record at this name; otherwise delete the "
            "CNAME record."),
    ),
    'mta_sts.several': (
        _lt("Several requests for encrypted mail where one counts"),
        _lt("At %(name)s there are %(count)s records that ask others to encrypt their mail to you (MTA-STS), so "
            "they ignore them all. Mail still reaches you, but may travel unencrypted."),
        _lt("Keep one of the lines that start with v=STSv1 at this name, and delete the others."),
    ),
    'mta_sts.version': (
        _lt("The request for encrypted mail is not read"),
        _lt("The record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) does not begin "
            "correctly, so they ignore it. Mail still reaches you, but may travel unencrypted."),
        _lt("Make the record begin with v=STSv1 and a semicolon, with capitals as shown here and without spaces."),
    ),
    'mta_sts.syntax': (
        _lt("Part of the request for encrypted mail is unclear"),
        _lt("“%(text)s” in the record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) is not "
            "written as name=value with plain letters and no spaces, so they ignore the record. Mail still reaches "
            "you, but may travel unencrypted."),
        _lt("Remove it from the line that starts with v=STSv1, or copy the whole line again from where you got it."),
    ),
    'mta_sts.bad_id': (
        _lt("The request for encrypted mail has no version number"),
        _lt("The record at %(name)s (MTA-STS, which asks others to encrypt their mail to you) needs a part id= of "
            "up to 32 letters and digits. Without it they ignore the record. Mail still reaches you, but may travel "
            "unencrypted."),
        _lt("In the line that starts with v=STSv1, write id= and the current date and time in digits, such as "
            "id=20260131120000. Change it whenever the rules change."),
    ),
    'mta_sts.host_missing': (
        _lt("The rules for encrypted mail cannot be found"),
        _lt("A record asks others to encrypt their mail to you (MTA-STS) and to read the rules for that at "
            "%(name)s. DNS has no address for that name, so they ignore the request. Mail still reaches you, but may "
            "travel unencrypted."),
        _lt("Ask your web server's administrator to provide the rules at %(name)s. If nobody needs them, delete the "
            "record that starts with v=STSv1."),
    ),
    'mta_sts.host_not_public': (
        _lt("The rules for encrypted mail cannot be read from outside"),
        _lt("Others should read at %(name)s how to encrypt their mail to you (MTA-STS). But its addresses are in "
            "private networks, which they cannot reach: %(addresses)s. Mail still reaches you, but may travel "
            "unencrypted."),
        _lt("Ask your web server's administrator to give %(name)s a public address. If nobody needs the rules, "
            "delete the record that starts with v=STSv1."),
    ),
    'mta_sts.unreachable': (
        _lt("The rules for encrypted mail could not be fetched"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), did not answer us. Whether it "
            "answers others is unknown. If it does not, their mail still reaches you, but may travel unencrypted."),
        _lt("Open https://%(name)s/.well-known/mta-sts.txt in a browser. If nothing appears, tell that web server's "
            "administrator."),
    ),
    'mta_sts.certificate': (
        _lt("The rules for encrypted mail cannot be trusted"),
        _lt("The certificate (the proof of identity) of %(name)s, where others read how to encrypt their mail to "
            "you (MTA-STS), cannot be verified, so they ignore the rules. Mail still reaches you, but may travel "
            "unencrypted."),
        _lt("Ask that web server's administrator for a certificate that is valid for %(name)s."),
    ),
    'mta_sts.http_status': (
        _lt("The web server does not provide the rules for encryption"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), answers %(status_code)s "
            "instead of 200 (“here it is”), so they ignore the rules; redirects to another address do not count. "
            "Mail still reaches you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to serve the file at https://%(name)s/.well-known/mta-sts.txt itself."),
    ),
    'mta_sts.content_type': (
        _lt("The rules for encrypted mail are not served as text"),
        _lt("%(name)s, where others read how to encrypt their mail to you (MTA-STS), sends them as "
            "“%(content_type)s” instead of plain text. A few senders may ignore the rules for that and send "
            "unencrypted."),
        _lt("Ask that web server's administrator to serve mta-sts.txt as text/plain."),
    ),
    'mta_sts.too_large': (
        _lt("The rules for encrypted mail are too long to be read"),
        _lt("The file at %(name)s that tells others how to encrypt their mail to you (MTA-STS) is larger than 64 "
            "KB, so they ignore it. It may be the wrong page. Mail still reaches you, but may travel unencrypted."),
        _lt("Open https://%(name)s/.well-known/mta-sts.txt in a browser. If you see more than the few lines of the "
            "rules, tell that web server's administrator."),
    ),
    'mta_sts.policy_syntax': (
        _lt("A line of the rules for encrypted mail is unclear"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt, “%(text)s”, is not written as “name: "
            "value”. Others ignore these rules on how to encrypt their mail to you (MTA-STS). Mail still reaches "
            "you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to correct that line of the file, or to remove it."),
    ),
    'mta_sts.policy_empty_line': (
        _lt("The rules for encrypted mail have an empty line"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt is empty. Strict servers ignore these rules "
            "on how to encrypt their mail to you (MTA-STS) for that. Mail still reaches you, but may travel "
            "unencrypted."),
        _lt("Ask that web server's administrator to remove the empty line from the file."),
    ),
    'mta_sts.policy_version': (
        _lt("The rules for encrypted mail do not say what they are"),
        _lt("https://%(name)s/.well-known/mta-sts.txt lacks the line “version: STSv1”. Others ignore these rules on "
            "how to encrypt their mail to you (MTA-STS). Mail still reaches you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to begin the file with the line version: STSv1, with capitals as "
            "shown here."),
    ),
    'mta_sts.policy_mode': (
        _lt("The rules for encrypted mail do not say how strict they are"),
        _lt("https://%(name)s/.well-known/mta-sts.txt lacks a valid “mode:” line. Others ignore these rules on how "
            "to encrypt their mail to you (MTA-STS). Mail still reaches you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to add one of these lines to the file: mode: testing (only report "
            "problems; begin with this one), mode: enforce (refuse to send unencrypted) or mode: none (switched off)."),
    ),
    'mta_sts.policy_max_age': (
        _lt("The rules for encrypted mail do not say how long they apply"),
        _lt("https://%(name)s/.well-known/mta-sts.txt does not say with “max_age:” for how many seconds the rules "
            "apply, a year at most. Others ignore these rules on how to encrypt their mail to you (MTA-STS). Mail "
            "still reaches you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to add the line max_age: 604800, which is a week, to the file."),
    ),
    'mta_sts.policy_repeated': (
        _lt("The rules for encrypted mail contradict themselves"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt is “%(text)s”, although “%(first)s” stands above it. "
            "Of those who send to you, some follow the first of these lines, as the standard demands, and others the last: "
            "not all mail to you is encrypted, or refused, as you mean it (MTA-STS)."),
        _lt("Ask that web server's administrator to keep the one of the two lines that is meant. Then change what follows "
            "id= in the DNS line that starts with v=STSv1."),
    ),
    'mta_sts.policy_no_mx': (
        _lt("The rules for encrypted mail name no mail server"),
        _lt("https://%(name)s/.well-known/mta-sts.txt has no line “mx:”. Others ignore these rules on how to "
            "encrypt their mail to you (MTA-STS). Mail still reaches you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to add a line with mx: and the name of each mail server that takes "
            "mail for your domain. They are in its MX records."),
    ),
    'mta_sts.bad_mx_pattern': (
        _lt("A mail server in the rules for encryption is misspelled"),
        _lt("Line %(line)s of https://%(name)s/.well-known/mta-sts.txt names “%(text)s”, which cannot be a mail "
            "server. Others ignore these rules on how to encrypt their mail to you (MTA-STS). Mail still reaches "
            "you, but may travel unencrypted."),
        _lt("Ask that web server's administrator to write a complete name there, such as mx1.example.com, or "
            "*.example.com for all names directly below it."),
    ),
    'mta_sts.mx_not_covered': (
        _lt("A mail server is missing from the rules for encrypted mail"),
        _lt("Mail to %(name)s also goes to %(host)s, which your own rules on encryption (MTA-STS) do not name. In "
            "the mode “enforce”, others refuse to send it there, so some mail may not reach you; your mode is "
            "“%(mode)s”."),
        _lt("Ask that web server's administrator to add the line mx: %(host)s to the file "
            "https://mta-sts.%(name)s/.well-known/mta-sts.txt. Then change what follows id= in the DNS line that "
            "starts with v=STSv1."),
    ),
    'mta_sts.short_max_age': (
        _lt("The rules for encrypted mail expire too soon"),
        _lt("Others remember your rules on how to encrypt their mail to you (MTA-STS, at %(name)s) for less than "
            "a day (in seconds: %(max_age)s), so they hardly protect it from being read on its way."),
        _lt("Ask that web server's administrator to set max_age: 604800, which is a week, or more in the file "
            "https://%(name)s/.well-known/mta-sts.txt."),
    ),
    'mta_sts.testing': (
        _lt("The rules for encrypted mail are being tested"),
        _lt("With “mode: testing” at %(name)s, others report when they cannot encrypt their mail to you (MTA-STS), but "
            "still send it."),
        _lt("Once the reports show no problem, have mode: enforce set in the file "
            "https://%(name)s/.well-known/mta-sts.txt, and change what follows id= in the DNS line that starts with "
            "v=STSv1."),
    ),
    'mta_sts.mode_none': (
        _lt("The rules for encrypted mail are switched off"),
        _lt("With “mode: none” at %(name)s, others do not have to encrypt their mail to you (MTA-STS). This is how "
            "such rules are withdrawn."),
        _lt("If they should stay off, delete the DNS record that starts with v=STSv1 after a few weeks; otherwise "
            "have mode: testing set in the file https://%(name)s/.well-known/mta-sts.txt."),
    ),
}
