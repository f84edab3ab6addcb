"""Findings about a domain's zone and its name servers, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'zone.sender_is_cname': (
        _lt("The domain is only a pointer to another name"),
        _lt("%(name)s is a CNAME record, a pointer to %(target)s. Such a name cannot have its own mail records."),
        _lt("Choose another domain for Odoo's mail, such as the one above it. Leave the pointer alone if your website "
            "uses it."),
    ),
    'zone.one_nameserver': (
        _lt("The domain's DNS depends on a single server"),
        _lt("If %(nameserver)s, which answers for %(name)s, is down, receivers cannot check your mail and may reject "
            "it."),
        _lt("Ask your DNS provider for a second name server (a server that answers for your domain)."),
    ),
    'zone.nameserver_missing': (
        _lt("A name server of the domain does not exist"),
        _lt("%(nameserver)s, which should answer for %(name)s, has no address, so receivers wait longer or "
            "see nothing when they check your mail."),
        _lt("Ask your DNS administrator to correct the list of name servers, there and at the registrar (where the "
            "domain was bought)."),
    ),
    'zone.nameserver_internal': (
        _lt("A name server has an address in an internal network"),
        _lt("%(nameserver)s, which answers for %(name)s, has the address %(addresses)s. It cannot be reached from the "
            "internet, so receivers that try it wait longer or see nothing. We do not ask it at that address."),
        _lt("Ask your DNS administrator to remove that address. If this is the DNS of your own network, enter the "
            "network in Settings, under “Your own networks”."),
    ),
    'zone.nameserver_is_cname': (
        _lt("A name server is named by an alias"),
        _lt("%(nameserver)s, which answers for %(name)s, is only a pointer (CNAME record) to %(target)s. "
            "Some receivers do not follow that."),
        _lt("Ask your DNS administrator to name that server directly, as %(target)s."),
    ),
    'zone.lame_nameserver': (
        _lt("A name server does not know that it serves the domain"),
        _lt("%(nameserver)s (%(address)s) should answer for %(name)s and does not, so receivers that ask it "
            "cannot check your mail."),
        _lt("Ask your DNS administrator to set up the domain on that server, or to remove it from the list of name "
            "servers, there and at the registrar (where the domain was bought)."),
    ),
    'zone.nameserver_silent': (
        _lt("A name server did not answer"),
        _lt("%(nameserver)s (%(address)s) should answer for %(name)s and did not, while others did. Whether it answers "
            "receivers is unknown."),
        _lt("If this lasts a day, tell your DNS administrator."),
    ),
    'zone.answer_truncated': (
        _lt("Long DNS answers do not reach Odoo"),
        _lt("What DNS says about %(name)s does not fit into one packet. %(server)s, the DNS server that Odoo asks, cut it off "
            "and could not be asked for all of it over TCP, so some of your records are unknown here. Receivers may well see "
            "them."),
        _lt("Let Odoo's server reach %(server)s over TCP too, or choose another DNS server in Settings, under “Name servers to "
            "ask”. Where Odoo runs with Podman, update aardvark-dns to version 1.12 or later."),
    ),
    'zone.nameservers_disagree': (
        _lt("The name servers of the domain contradict each other"),
        _lt("Depending on which server a receiver asks about %(name)s, it sees different records, so part of your mail "
            "may fail."),
        _lt("After a change, wait an hour. If this continues, ask your DNS administrator why the servers differ."),
    ),
    'zone.serials_differ': (
        _lt("The name servers of the domain are not equally up to date"),
        _lt("They hold different versions of the records of %(name)s, as they do for a while after every change. Until "
            "then receivers may see old records."),
        _lt("Nothing needs to be done after a change. If this lasts a day, ask your DNS administrator why the servers "
            "differ."),
    ),
    'zone.split_horizon': (
        _lt("Your network sees different DNS records than the internet"),
        _lt("What Odoo sees of %(name)s differs from what outside receivers see, so this report may not be about the "
            "records that they check."),
        _lt("Make every change in the public DNS too. For a report about the public DNS, enter a public "
            "resolver (a server that looks names up) in Settings."),
    ),
}
