"""What reports say, as values: DMARC aggregate reports, TLS reports, failure reports, and why one was refused."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from ..value import dataclass

MEBIBYTE = 1024 * 1024
KNOWN_RESULTS = frozenset({
    "pass", "fail", "none", "neutral", "policy", "softfail", "hardfail", "temperror", "permerror",
})  # RFC 8601 §2.7.1 and §2.7.2, and the older hardfail


def is_evaluated(dkim: str, spf: str) -> bool:
    """Whether these results say how DMARC ended."""
    return "pass" in (dkim, spf) or (dkim in KNOWN_RESULTS and spf in KNOWN_RESULTS)


@dataclass(frozen=True)
class Limits:
    """How much is read of what others sent; octets where nothing else is said."""

    packed: int = 48 * MEBIBYTE  # of an email or a zip archive; of a mailbox, of each email in it
    unpacked: int = 128 * MEBIBYTE  # of one file or email, all that lies in it together
    element: int = MEBIBYTE  # of one record, or of what else stands in a report
    records: int = 100_000  # of one report
    entries: int = 2000  # of archives and parts of emails, all that lie in one file or email together
    nesting: int = 6  # archives and emails in each other
    json: int = 8 * MEBIBYTE
    policies: int = 1000  # of a TLS report; failures of one policy
    skipped: int = 1000  # remarks of one report


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not taken: a code of :data:`mailauth.reports.CODES`, and the record (the first is 1) if it is of one."""

    code: str
    record: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was read: why (a code of :data:`mailauth.reports.CODES`), and where in what was given."""

    code: str
    place: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the policy was not applied (RFC 9990 "policy override reason"); ``type`` in lower case."""

    type: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DkimResult:
    """One signature as the reporter verified it; ``result`` in lower case, ``raw`` as written, both may be empty."""

    domain: str
    selector: str
    result: str
    raw: str
    human_result: str = ""


@dataclass(frozen=True, slots=True)
class SpfResult:
    """SPF as the reporter evaluated it; ``domain`` is empty for a null sender without a HELO domain."""

    domain: str
    scope: str
    result: str
    raw: str
    human_result: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy as the reporter found it; values in lower case, empty where it did not say."""

    domain: str  # as A-labels
    p: str = ""
    sp: str = ""
    np: str = ""
    pct: str = ""
    adkim: str = ""
    aspf: str = ""
    fo: str = ""
    testing: str = ""
    discovery_method: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Mails from one address that ended in the same way.

    ``disposition``, ``dkim`` and ``spf`` are what ``policy_evaluated`` says, in lower case; what is written stands in
    ``…_raw``. They decide. ``is_contradicted`` tells that ``auth_results`` say otherwise.
    """

    number: int
    source_ip: IPv4Address | IPv6Address | None  # an IPv4-mapped address as what it is
    source_ip_raw: str
    count: int
    disposition: str
    dkim: str
    spf: str
    disposition_raw: str
    dkim_raw: str
    spf_raw: str
    reasons: tuple[Reason, ...]
    header_from: str  # domains in lower case, as they are written otherwise
    envelope_from: str
    envelope_to: str
    auth_dkim: tuple[DkimResult, ...]
    auth_spf: tuple[SpfResult, ...]
    is_contradicted: bool

    @property
    def passes(self) -> bool:
        """Whether DMARC passed: an aligned identifier did (RFC 9989 §4.3)."""
        return self.dkim == "pass" or self.spf == "pass"

    @property
    def is_evaluated(self) -> bool:
        """Whether the record says how DMARC ended: it passed, or both results are known ones."""
        return is_evaluated(self.dkim, self.spf)


@dataclass(frozen=True)
class AggregateReport:
    """A DMARC aggregate report (RFC 9990, RFC 7489 §7.2); texts are empty where it says nothing.

    ``domain`` is the policy domain as A-labels, where several policies differ in it the one above the others.
    ``begin`` and ``end`` are aware, in UTC, ``None`` where they cannot be read. ``is_partial``: it was damaged or larger
    than what is read, so that its numbers are not whole; ``skipped`` tells that and whatever else was not taken.
    """

    org_name: str = ""
    email: str = ""
    extra_contact: str = ""
    report_id: str = ""
    domain: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    policies: tuple[Policy, ...] = ()
    version: str = ""
    generator: str = ""
    errors: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()  # names of elements that extensions brought
    records: tuple[Record, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    is_partial: bool = False
    place: str = ""  # where in what was given

    @property
    def is_ambiguous(self) -> bool:
        """Whether it names several policies, so that nobody knows which one was applied to which record."""
        return len(set(self.policies)) > 1

    @property
    def messages(self) -> int:
        """How many mails it tells of."""
        return sum(record.count for record in self.records)

    @property
    def passed(self) -> int:
        """How many of them passed DMARC."""
        return sum(record.count for record in self.records if record.passes)


@dataclass(frozen=True, slots=True)
class TlsFailure:
    """Sessions that failed alike (RFC 8460 §4.4); addresses and names as they are written."""

    result_type: str
    sessions: int
    sending_mta_ip: str = ""
    receiving_mx_hostname: str = ""
    receiving_mx_helo: str = ""
    receiving_ip: str = ""
    failure_reason_code: str = ""
    additional_information: str = ""


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """How sessions under one policy ended; ``type`` is ``sts``, ``tlsa`` or ``no-policy-found``, in lower case."""

    type: str
    domain: str
    mx_hosts: tuple[str, ...]
    strings: tuple[str, ...]
    successes: int
    failures: int
    details: tuple[TlsFailure, ...] = ()


@dataclass(frozen=True)
class TlsReport:
    """A TLS report (RFC 8460); see :class:`AggregateReport` for what the fields have in common."""

    org: str = ""
    contact: str = ""
    report_id: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    policies: tuple[TlsPolicy, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    is_partial: bool = False
    place: str = ""

    @property
    def successes(self) -> int:
        """Sessions that were encrypted as the policy asks."""
        return sum(policy.successes for policy in self.policies)

    @property
    def failures(self) -> int:
        """Sessions that failed."""
        return sum(policy.failures for policy in self.policies)


@dataclass(frozen=True)
class FailureReport:
    """A failure report (RFC 9991, RFC 6591): that there is one; the mail that it repeats is not read."""

    domain: str = ""  # the domain whose mail it was, as A-labels
    auth_failure: str = ""  # bodyhash, dkim, dmarc, spf, … in lower case
    incidents: int = 1
    place: str = ""


Report = AggregateReport | TlsReport | FailureReport | Refused


class Remarks:
    """Collects what was not taken: at most so many remarks, and whether they make the report a part of one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.told: list[Skipped] = []
        self.counts: Counter[str] = Counter()
        self.is_partial = False

    def add(self, code: str, record: int | None = None, detail: str = "") -> None:
        """Remark what does not make the report partial."""
        self.counts[code] += 1
        if len(self.told) < self.limit:
            self.told.append(Skipped(code, record, detail))

    def part(self, code: str, detail: str = "") -> None:
        """Remark, once, what makes it partial."""
        self.is_partial = True
        if not self.counts[code]:
            self.counts[code] += 1
            self.told.append(Skipped(code, None, detail))
