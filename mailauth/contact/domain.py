"""What the light look at one domain found: the DMARC policy of mail from it, and whether mail to it has a host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..status import Word
from ..value import dataclass


class PolicyInForce(Word):
    """What receivers do with mail from the domain that fails DMARC: the stricter of what RFC 9989 and RFC 7489 receivers read."""

    NONE = "none"  # no record applies
    MONITOR = "monitor"  # p=none, or what ``t`` and ``pct=0`` lower to it
    QUARANTINE = "quarantine"
    REJECT = "reject"
    UNKNOWN = "unknown"  # DNS did not answer a question that decides


class Reception(Word):
    """Whether mail to the domain has a host that it can be delivered to, as far as DNS tells (RFC 5321 §5.1)."""

    OK = "ok"
    NULL_MX = "null_mx"  # it says that it takes no mail (RFC 7505)
    NO_HOST = "no_host"  # neither an MX record nor an address
    NO_DOMAIN = "no_domain"  # there is no such name
    DANGLING = "dangling"  # none of the hosts that its MX records name has an address
    NOT_PUBLIC = "not_public"  # all that there is are addresses that the Internet cannot reach (RFC 6890)
    NOT_A_DOMAIN = "not_a_domain"  # the text cannot be the domain of an address; DNS was not asked
    UNKNOWN = "unknown"  # DNS did not answer a question that decides

    @property
    def is_fault(self) -> bool:
        """Whether mail to the domain cannot arrive. ``UNKNOWN`` is no fault."""
        return self not in (Reception.OK, Reception.UNKNOWN)


class SpfDefault(Word):
    """What a domain's SPF record says of a server that it does not name (RFC 7208 §4.7, §5.1)."""

    NONE = "none"  # no record
    FAIL = "fail"  # -all: who checks the envelope refuses
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    PASS = "pass"
    INVALID = "invalid"  # no receiver can read it
    UNKNOWN = "unknown"  # DNS did not answer, or it depends on the mail


@dataclass(frozen=True)
class ContactDomain:
    """The light look at one domain.

    ``name`` is the text that was given, ``domain`` the name that DNS was asked for (lower-case A-labels), ``""`` where
    the text is no domain; then ``problem`` is the code that says why (a key of :data:`mailauth.CODES`: ``"name.…"``).
    ``policy_domain`` is whose DMARC record applies, ``testing`` whether that says ``t=y``: it lowers the policy for RFC 9989
    receivers, and not for older ones, so that ``policy`` is often as strict as without it.
    ``possible`` are all policies that may be in force: one, or several where ``policy`` is unknown.
    ``mx_hosts`` come in the order of preference, at most :data:`mailauth.contact.reception.MAX_HOSTS`; none where
    the domain's own address takes its place. ``spf`` is ``None`` where it was not asked for. ``unanswered`` are the
    questions that decided something and that DNS did not answer, as ``"example.com MX: timeout"``.
    """

    name: str
    domain: str
    policy: PolicyInForce
    reception: Reception
    policy_domain: str | None = None
    testing: bool = False
    possible: tuple[PolicyInForce, ...] = ()
    mx_hosts: tuple[str, ...] = ()
    spf: SpfDefault | None = None
    problem: str | None = None
    unanswered: tuple[str, ...] = ()

    @property
    def enforces(self) -> bool | None:
        """Whether mail from the domain that fails DMARC is quarantined or rejected; ``None`` if DNS did not tell."""
        strict = {one in (PolicyInForce.QUARANTINE, PolicyInForce.REJECT) for one in self.possible}
        return strict.pop() if len(strict) == 1 else None

    @property
    def inherited(self) -> bool:
        """Whether the policy is that of a parent domain."""
        return self.policy_domain is not None and self.policy_domain != self.domain

    def to_dict(self) -> dict[str, Any]:
        """As JSON types; :meth:`from_dict` leads back."""
        found = asdict(self)
        for field, value in found.items():
            if isinstance(value, Word):
                found[field] = value.value
        found["possible"] = [one.value for one in self.possible]
        found["mx_hosts"], found["unanswered"] = list(self.mx_hosts), list(self.unanswered)
        return found

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> ContactDomain:
        """The value that :meth:`to_dict` was called on. ``KeyError`` or ``ValueError`` for what is none."""
        return cls(
            name=found["name"], domain=found["domain"], policy=PolicyInForce(found["policy"]),
            reception=Reception(found["reception"]), policy_domain=found.get("policy_domain"),
            testing=bool(found.get("testing")), possible=tuple(map(PolicyInForce, found.get("possible", ()))),
            mx_hosts=tuple(found.get("mx_hosts", ())), spf=SpfDefault(found["spf"]) if found.get("spf") else None,
            problem=found.get("problem"), unanswered=tuple(found.get("unanswered", ())))
