"""What is known of a sending service: the engine's view of a row of the catalog."""

from __future__ import annotations

from .status import Word
from .value import dataclass


class Envelope(Word):
    """What a service does with the envelope sender (MAIL FROM) that Odoo gives it."""

    KEEP = "keep"  # SPF is checked on the domain that Odoo chose
    REPLACE = "replace"  # a domain of the service's own: SPF passes for it and cannot align
    SUBDOMAIN = "subdomain"  # a name below the From domain where one is set up: SPF passes there, and aligns
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Selector:
    """A DKIM selector that a service signs with.

    ``target`` is the name that ``<selector>._domainkey.<domain>`` must be a CNAME of,
    where it is the same for every customer; ``None`` where the value is the
    account's own and has to be copied from the service.
    """

    name: str
    target: str | None = None


@dataclass(frozen=True)
class Service:
    """A sending service as the engine needs it.

    ``spf_term`` is the term that its documentation asks for (``include:_spf.odoo.com``),
    ``None`` where none is needed or none is known; several, separated by spaces, for a relay whose
    addresses were seen one by one. ``selectors`` is empty where they
    differ by account and nobody entered them. ``needs_all_selectors`` tells whether
    one published key is enough. ``signs`` is true for a service that is documented
    to sign with the domain's own key as soon as its record is there, or was seen to.
    ``signing_domain`` is the domain that it was seen to sign as, where that is not the From's own.
    ``bounce_subdomain`` is what stands in front of the From domain in the envelope of a service that
    bounces to a subdomain (``send``), ``None`` where that differs by account.
    """

    code: str
    name: str
    spf_term: str | None = None
    envelope: Envelope = Envelope.KEEP
    selectors: tuple[Selector, ...] = ()
    needs_all_selectors: bool = True
    signs: bool = False
    signing_domain: str | None = None
    bounce_subdomain: str | None = None

    @property
    def keeps_envelope(self) -> bool:
        """Whether SPF is, or may be, checked on the envelope domain that the service is given."""
        return self.envelope in (Envelope.KEEP, Envelope.UNKNOWN)

    @property
    def spf_terms(self) -> tuple[str, ...]:
        return tuple((self.spf_term or "").split())
