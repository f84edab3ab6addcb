"""Findings about what happens in receivers' reports, in words. ``name`` is the source, the receiver, or the domain."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'observed.failing_rise': (
        _lt("More mail than usual pretends to be yours"),
        _lt("On %(since)s receivers reported %(messages)s emails from unknown sources that could not be verified as yours. Usual "
            "on such a day: %(usual)s. Your own mail is not affected."),
        _lt("Under “What Receivers Report”, see where they come from. If they are not yours, the next step of DMARC is what "
            "stops them."),
    ),
    'observed.new_source': (
        _lt("A new source sends mail as your domain"),
        _lt("Since %(since)s mail leaves %(service)s as your domain (emails when this was noticed: %(messages)s). Nothing came "
            "from there before, and nothing tells that it is yours."),
        _lt("Ask your colleagues whether somebody set up a service there. Then say “Mine” or “Not mine” at this source under "
            "“What Receivers Report”."),
    ),
    'observed.receiver_silent': (
        _lt("A receiver no longer reports"),
        _lt("%(receiver)s sent reports nearly every day. The last one is about %(last)s, while other receivers still report."),
        _lt("Nothing has to be done for your mail. Perhaps nobody wrote there, or the receiver stopped sending reports. If you "
            "filter received mail, see whether its reports are kept back."),
    ),
    'observed.not_signed': (
        _lt("Receivers see no signature where one was expected"),
        _lt("Since %(since)s receivers reported %(messages)s emails of yours from %(service)s. With a valid signature of your "
            "domain (DKIM): %(signed)s. The key for it is published, so nearly all were expected to have one."),
        _lt("See whether signing with your own domain is switched on at %(service)s. If it signs otherwise than is known here, a "
            "proof email or a received email shows how: keep what it shows."),
    ),
    'observed.signed': (
        _lt("Receivers see a signature where none was expected"),
        _lt("Since %(since)s receivers reported %(messages)s emails of yours from %(service)s, of which %(signed)s had a valid "
            "signature of your domain (DKIM). No key that is known for this mail is published, so none was expected."),
        _lt("Your mail is in order; what is shown of it here is too pessimistic. Check a received email: it shows the name "
            "(selector) of the key."),
    ),
}
