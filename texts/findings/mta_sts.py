"""Findings about the demand to encrypt mail to a domain (MTA-STS), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
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
}
