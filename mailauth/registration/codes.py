"""The finding codes about domains that may be lost, or are.

Nothing of one look is such a finding: whoever looks again a day later makes one of what both looks saw.
"""

from __future__ import annotations

from ..finding import Kind, Severity

_ERROR = Severity.ERROR

CODES: dict[str, Kind] = {
    "registration.domain": Kind(
        _ERROR, "The parent zone's own servers do not know the domain: anyone may register it and send as it.",
        "RFC 8020 §2; RFC 7208 §11.1",
    ),
    "registration.spf": Kind(
        _ERROR, "A name in the SPF record lies in a domain that its parent zone's own servers do not know: whoever registers "
                "it may send as this domain.", "RFC 8020 §2; RFC 7208 §11.1",
    ),
    "registration.dkim": Kind(
        _ERROR, "A DKIM key's CNAME leads to a domain that its parent zone's own servers do not know: whoever registers it may "
                "sign as this domain.", "RFC 8020 §2; RFC 6376 §8",
    ),
    "registration.mx": Kind(
        _ERROR, "A mail exchanger lies in a domain that its parent zone's own servers do not know: whoever registers it may "
                "receive this domain's mail.", "RFC 8020 §2; RFC 5321 §5.1",
    ),
    "registration.ns": Kind(
        _ERROR, "A name server lies in a domain that its parent zone's own servers do not know: whoever registers it may "
                "answer for this domain.", "RFC 8020 §2; RFC 1912 §2.8",
    ),
    "registration.reports": Kind(
        _ERROR, "A report address lies in a domain that its parent zone's own servers do not know: whoever registers it may "
                "read the reports.", "RFC 8020 §2; RFC 9990 §3",
    ),
    "registration.parking": Kind(
        _ERROR, "The zone's name servers have changed to those of a parking service, as they do when a domain has expired.",
        "RFC 1034 §4.2.1",
    ),
    "registration.servfail": Kind(
        _ERROR, "For a day the resolver in use has got no valid answer of the zone's name servers, though DNS answers otherwise.",
        "RFC 2308 §7.1; RFC 1912 §2.8",
    ),
}
