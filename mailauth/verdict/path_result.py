"""What each protocol comes to on one path: the parts behind its verdict."""

from __future__ import annotations

import functools

from ..certain import certain
from ..dkim import KeysStatus
from ..service import Envelope
from ..spf import Authorisation
from ..spf.authorise import Authorised
from ..status import RecordStatus
from ..value import dataclass
from .decision import Dkim, Spf
from .facts import Bounce, PathFacts

_SPF = {Spf.ALIGNED: "pass", Spf.OWN: "service", Spf.PART: "part", Spf.NO: "fail"}
_AUTHORISED = {
    Authorised.ALL: "pass", Authorised.SOME: "part", Authorised.NONE: "fail"}
_RECORDS = {RecordStatus.NONE: "none", RecordStatus.SEVERAL: "permerror"}


@dataclass(frozen=True)
class PathResult:
    """One path, protocol by protocol, as a receiver will see it.

    ``spf``: ``pass``, ``part`` (some of the service's addresses), ``fail``, ``none`` (no record),
    ``permerror``, ``service`` (the service's own envelope passes) or ``unknown``, for
    ``spf_domain`` (``None``: a domain of the service's); ``spf_aligned`` is ``None`` if DNS did not say.
    ``dkim``: ``published``, ``partial``, ``missing``, ``unknown`` or ``not_known`` (which selector).
    ``dmarc``: ``pass``, ``part``, ``fail`` or ``unknown``; ``policy``: ``none``, ``quarantine``,
    ``reject``, or ``None`` where no record applies or DNS did not answer.
    """

    spf: str
    spf_domain: str | None
    spf_aligned: bool | None
    dkim: str
    dkim_domain: str
    selectors: tuple[str, ...]
    dmarc: str
    policy: str | None

    def to_dict(self) -> dict:
        """The same as JSON types."""
        return {
            "spf": {"result": self.spf, "domain": self.spf_domain, "aligned": self.spf_aligned},
            "dkim": {"status": self.dkim, "domain": self.dkim_domain, "selectors": list(self.selectors)},
            "dmarc": {"result": self.dmarc, "policy": self.policy},
        }


def path_result(facts: PathFacts, policy: str | None) -> PathResult:
    """What SPF, DKIM and DMARC come to on one path; ``policy`` is the DMARC policy of its From domain."""
    path, service, bounce = facts.path, facts.path.service, facts.bounce
    replaced = service is not None and not service.keeps_envelope
    keys = facts.keys
    return PathResult(
        spf=_bounce(bounce) if bounce else "service" if replaced else _spf(facts),
        spf_domain=_bounce_domain(bounce) if bounce else None if replaced else path.envelope_domain or path.from_domain,
        spf_aligned=bounce.aligned if bounce and bounce.spf.status != RecordStatus.NONE else False if replaced else facts.aligned,
        dkim=(keys.status if keys else KeysStatus.NOT_KNOWN).value,
        dkim_domain=(service and service.signing_domain) or path.from_domain,
        selectors=tuple(selector.name for selector in service.selectors) if service else (),
        dmarc=_dmarc(facts.possible_spf, facts.possible_dkim),
        policy=policy,
    )


def _spf(facts: PathFacts) -> str:
    if facts.spf.status in _RECORDS:
        return _RECORDS[facts.spf.status]
    if facts.authorisation and certain(facts.path.service).envelope is Envelope.KEEP:
        return _authorised(facts.authorisation)  # by itself, whether it aligns or not
    if facts.spf.status == RecordStatus.INVALID and (facts.assumed or facts.spf.passes is False):
        return "permerror"
    possible = facts.possible_spf
    return _SPF[next(iter(possible))] if len(possible) == 1 and facts.aligned else "unknown"


def _authorised(authorisation: Authorisation) -> str:
    """What receivers conclude for the addresses of a service (RFC 7208 §2.6)."""
    if authorisation.status == Authorised.NONE and authorisation.broken:
        return "permerror"
    return _AUTHORISED.get(authorisation.status, "unknown")


def _bounce(bounce: Bounce) -> str:
    """SPF on the subdomain that the service bounces to; without a record there it uses its own domain."""
    if bounce.spf.status == RecordStatus.NONE:
        return "service"
    if bounce.spf.status in _RECORDS:
        return _RECORDS[bounce.spf.status]
    if bounce.authorisation:
        return _authorised(bounce.authorisation)
    if bounce.spf.status == RecordStatus.INVALID and bounce.spf.passes is False:
        return "permerror"
    return "pass" if bounce.spf.status == RecordStatus.FOUND else "unknown"


def _bounce_domain(bounce: Bounce) -> str | None:
    return None if bounce.spf.status == RecordStatus.NONE else bounce.domain


@functools.lru_cache(maxsize=256)  # most paths are in one of a few cells of the decision table
def _dmarc(possible_spf: frozenset[Spf], possible_dkim: frozenset[Dkim]) -> str:
    """Whether something aligned is left, in every possible combination."""
    combinations = {
        "pass" if spf is Spf.ALIGNED or dkim in (Dkim.SEEN, Dkim.KEY)
        else "unknown" if dkim is Dkim.UNKNOWN_SELECTOR
        else "part" if spf is Spf.PART else "fail"
        for spf in possible_spf for dkim in possible_dkim
    }
    return combinations.pop() if len(combinations) == 1 else "unknown"
