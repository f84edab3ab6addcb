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
    'parked.no_null_mx': (
        _lt("This domain does not say that it accepts no mail"),
        _lt("The domain declares that it sends no mail. A “null MX” record would say that it receives none either."),
        _lt("If it is not meant to receive mail, publish an MX record with priority 0 and a single dot as the host."),
    ),
}
