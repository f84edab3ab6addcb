"""What is asked about a domain: who sends as it, through what."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from .dns.names import domain_of, to_ascii
from .service import Service
from .value import cached_property, dataclass


@dataclass(frozen=True)
class Path:
    """One way that mail leaves.

    ``from_domain`` is the domain that a receiver sees (kept as A-labels, however it is written),
    ``envelope_from`` the address (or its domain) that SPF is checked on, ``service`` who delivers
    (``None``: not known). ``key`` is the caller's own name for it, ``group`` that of all that are to be explained by
    themselves (one company's).
    """

    key: str
    from_domain: str
    envelope_from: str
    service: Service | None = None
    in_use: bool = True
    group: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "from_domain", domain_of(self.from_domain))

    @cached_property
    def envelope_domain(self) -> str:
        """The domain that SPF is checked on, as A-labels."""
        return domain_of(self.envelope_from)


@dataclass(frozen=True)
class DomainQuery:
    """One domain to look at, with everything that the caller knows about it.

    ``domain`` is kept as A-labels where it is a name, and as it is written where it is none.
    ``paths`` are those that use the domain as From or as envelope domain. Without any the
    domain is judged as a checker from outside would: a valid SPF record is taken to cover
    the sender, and ``selectors`` are all that is known of DKIM. ``dmarc_report_address``
    is a mailbox of the administrator's, for the ``rua`` of a first DMARC record; ``receives_reports`` tells that mail to it
    was seen to arrive where the reports are read: then it is proposed beside other addresses too, and its domain is
    asked to agree where that is another one.
    ``addresses`` are those that the domain's mail is known to leave from, with the name that
    the server at each introduces itself with, if known. ``managed`` domains have records that
    somebody else keeps (``*.odoo.com``). ``confirm`` asks the zone's own servers too, past
    every cache. ``subdomains_pass`` tells whether all mail that leaves as a subdomain passes, as
    far as the caller knows: a stricter DMARC policy would hold for it too.
    ``sends_nothing`` is an administrator's word that no mail leaves as the domain; it counts only without ``paths``, and
    ``mail_seen`` tells that mail which left as it, or as a subdomain of it, is known all the same.
    """

    domain: str
    selectors: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    dmarc_report_address: str | None = None
    receives_reports: bool = False
    addresses: tuple[tuple[str, str | None], ...] = ()
    confirm: bool = False
    managed: bool = False
    subdomains_pass: bool = True
    sends_nothing: bool = False
    mail_seen: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "domain", to_ascii(self.domain) or self.domain)

    @property
    def is_silent(self) -> bool:
        """Whether the domain is to be closed: somebody said that it sends nothing, and we know of no path."""
        return self.sends_nothing and not self.paths

    @property
    def fingerprint(self) -> str:
        """What the domain's areas are judged by beside DNS, as a few characters: who sends as it, and with which keys.

        Neither how many paths there are, or which of them are in use, nor what a service is called makes a difference.
        """
        alike = {(path.from_domain, path.envelope_domain, path.service) for path in self.paths}
        known = sorted({repr((of, envelope, service and replace(service, name=""))) for of, envelope, service in alike})
        asked = repr((self.managed, self.is_silent, sorted(self.selectors), known))
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:16]
