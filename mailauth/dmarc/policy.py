"""What receivers find when they look for a domain's DMARC policy: the value, without how it is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..dns.answer import Answer
from ..dns.contested import Contest
from ..finding import Finding
from ..status import RecordStatus
from ..value import dataclass
from .legacy import LegacyView
from .record import POLICIES
from .report_uri import ReportUri

EVERY_POLICY: tuple[str | None, ...] = (None, *POLICIES)  # from no record to the strictest


@dataclass(frozen=True)
class Policy:
    """What receivers find when they look for the DMARC policy of ``domain``.

    ``status``: ``found``; ``none`` (no record applies: nothing there, or nothing but what
    receivers throw away, which ``record`` and the findings then show); ``unknown`` (DNS did not
    answer a question that decides which policy it is; what is known is filled in).
    Policies are ``none``, ``quarantine`` or ``reject``, and ``None`` where there is none or
    where it is not known.
    """

    status: RecordStatus
    domain: str
    record: str | None = None
    record_name: str | None = None  # "_dmarc.example.com": where the record stands
    ttl: int | None = None  # seconds
    policy_domain: str | None = None  # the domain whose record applies
    organizational_domain: str | None = None  # None: DNS did not answer the whole walk (see ``failed``)
    requested: str | None = None  # what the record asks for
    applied: str | None = None  # the same after ``t``, which lowers it by one step
    subdomain_policy: str | None = None  # applied to existing subdomains without a record of their own
    nonexistent_policy: str | None = None  # applied to subdomains that do not exist
    possible: frozenset[str | None] = frozenset(EVERY_POLICY)  # the values that ``stricter`` may have
    tags: Mapping[str, str] = field(default_factory=dict)
    aspf: str = "r"
    adkim: str = "r"
    psd: str = "u"
    testing: bool = False
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    findings: tuple[Finding, ...] = ()
    legacy: LegacyView | None = None  # None: the public suffix list is not installed
    walked: tuple[tuple[str, Answer], ...] = ()
    failed: Answer | None = None  # a question that was not answered; the status may be certain all the same
    contested: tuple[Contest, ...] = ()  # names of the walk with an alias beside the record
    discarded: tuple[tuple[str, str], ...] = ()  # (name, text) of what means to be a record and receivers throw away

    @property
    def stricter(self) -> str | None:
        """The stricter of what RFC 9989 and RFC 7489 receivers apply; ``None`` for no record or if uncertain."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None

    @property
    def inherited(self) -> bool:
        """Whether the record is that of a parent domain."""
        return self.policy_domain is not None and self.policy_domain != self.domain
