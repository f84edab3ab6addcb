"""Findings about a domain that sends nothing, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'parked.complete': (
        _lt("This domain is closed to mail on purpose"),
        _lt("Its records say that it sends and receives no mail, and ask receivers to reject mail that pretends to be "
            "from it."),
        _lt("Nothing to do, as long as no mail is meant to be sent from this domain."),
    ),
    'parked.no_reject': (
        _lt("Receivers are not asked to reject mail from this domain"),
        _lt(
            "The SPF record (who may send) says that nobody sends mail from this domain, but its DMARC record "
            "(instructions to receivers) does not ask receivers to reject such mail."),
        _lt("If the domain sends no mail, publish v=DMARC1; p=reject at _dmarc.%(name)s."),
    ),
    'parked.open': (
        _lt("Anybody can send mail that looks as if it came from here"),
        _lt("You said that this domain sends no mail, but no SPF record (who may send) says so to receivers."),
        _lt("Publish v=spf1 -all at %(name)s."),
    ),
    'parked.has_mx': (
        _lt("This domain receives mail"),
        _lt("You said that this domain sends no mail, but its MX records say where its mail is delivered. We propose "
            "nothing that would stop it."),
        _lt("If nobody uses %(name)s for mail, delete its MX records. Otherwise, remove the mark “Sends No Mail”."),
    ),
    'parked.has_spf': (
        _lt("Somebody is permitted to send mail from this domain"),
        _lt("You said that this domain sends no mail, but its SPF record permits somebody to send. We propose nothing "
            "that would stop that mail."),
        _lt("If nobody sends mail from %(name)s, delete its SPF record. Otherwise, remove the mark “Sends No Mail”."),
    ),
    'parked.has_mail': (
        _lt("Mail was sent from this domain"),
        _lt("You said that this domain sends no mail, but an email arrived that was sent from it or from a subdomain. We "
            "propose nothing that would stop such mail."),
        _lt("Find out who sends mail from %(name)s. If that is right, remove the mark “Sends No Mail”."),
    ),
    'parked.missing': (
        _lt("This domain does not exist in DNS"),
        _lt("You said that this domain sends no mail, and it is not registered, or has expired. Somebody else could "
            "register it."),
        _lt("Correct the spelling of %(name)s, renew it, or stop monitoring it."),
    ),
    'parked.no_null_mx': (
        _lt("This domain does not say that it accepts no mail"),
        _lt("The domain declares that it sends no mail. A “null MX” record would say that it receives none either."),
        _lt("If it is not meant to receive mail, publish an MX record with priority 0 and a single dot as the host."),
    ),
}
