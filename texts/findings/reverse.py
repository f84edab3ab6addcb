"""Findings about the addresses that mail leaves from (reverse DNS, HELO), in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'reverse.none': (
        _lt("Your mail server's address has no name"),
        _lt(
            "Receivers look up the name of the address %(address)s that your mail is sent from (its “reverse DNS”, a "
            "PTR record). There is none, so Gmail and others reject your mail or file it as spam."),
        _lt("Ask the server's provider to set a reverse DNS name, the server's host name, for %(address)s."),
    ),
    'reverse.not_confirmed': (
        _lt("Your mail server's name does not lead back to it"),
        _lt(
            "The address %(address)s that your mail is sent from is named %(names)s, but that name leads to another "
            "address. Receivers treat such a server as forged."),
        _lt(
            "Publish an A record (AAAA for IPv6) at that name with the address %(address)s, or ask the server's "
            "provider for another reverse DNS name."),
    ),
    'reverse.helo_not_a_name': (
        _lt("Your mail server introduces itself without a host name"),
        _lt("The server at %(address)s greets receivers as “%(helo)s”, which is not a full host name. Some reject that."),
        _lt("Set the server's host name (HELO) to a full name that leads to %(address)s, such as mail.example.com."),
    ),
    'reverse.helo_elsewhere': (
        _lt("Your mail server introduces itself with a wrong name"),
        _lt("The server at %(address)s greets receivers as %(helo)s, but that name does not lead to it."),
        _lt("Publish an A record (AAAA for IPv6) at %(helo)s with the address %(address)s, or change the greeting (HELO)."),
    ),
    'reverse.unanswered': (
        _lt("The name of your mail server's address is unknown"),
        _lt("DNS did not answer about the name of %(address)s (%(server)s), so we cannot tell whether it is correct."),
        _lt("Check again later. If this continues, tell the server's provider."),
    ),
}
