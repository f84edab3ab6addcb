"""What DNS says about everything that one domain's verdict needs, asked side by side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from . import dkim, dmarc, mx, spf, zone
from .query import DomainQuery, Path
from .service import Envelope, Selector, Service
from .verdict import Dkim, Enforcement, Spf


@dataclass(frozen=True)
class PathFacts:
    """What is known of one path.

    ``assumed`` marks the path of a checker from outside, which knows no sender.
    ``authorisation`` is set where the service keeps the envelope and has an SPF term,
    ``keys`` where its selectors were looked at; ``aligned`` is ``None`` where DNS did not
    say whether envelope and From belong together.
    """

    path: Path
    gates: tuple[zone.Gate, ...]
    spf: spf.SpfReport
    authorisation: spf.Authorisation | None
    keys: dkim.ServiceKeys | None
    aligned: bool | None
    assumed: bool = False

    @property
    def possible_spf(self) -> frozenset[Spf]:
        """The rows of the decision table that this path may be in."""
        service = self.path.service
        if service is None and not self.assumed:
            if self.spf.status == "unknown":
                return frozenset(Spf)
            return frozenset(Spf) if self.spf.status == "found" else frozenset({Spf.OWN, Spf.NO})
        envelope = service.envelope if service else Envelope.KEEP
        kept = self._kept_envelope() if envelope is not Envelope.REPLACE else frozenset()
        return kept | ({Spf.OWN} if envelope is not Envelope.KEEP else frozenset())

    def _kept_envelope(self) -> frozenset[Spf]:
        if self.spf.status in ("none", "several", "invalid") or self.aligned is False:
            return frozenset({Spf.NO})
        if self.spf.status == "unknown":
            passing = {Spf.ALIGNED, Spf.PART, Spf.NO}
        elif self.assumed:
            passing = {Spf.ALIGNED}
        elif self.authorisation is None:  # a service of whose addresses nothing is known
            passing = {Spf.ALIGNED, Spf.PART, Spf.NO}
        else:
            passing = {
                "all": {Spf.ALIGNED},
                "some": {Spf.PART},
                "none": {Spf.NO},
                "unknown": {Spf.ALIGNED, Spf.PART, Spf.NO},
            }[self.authorisation.status]
        return frozenset(passing | {Spf.NO} if self.aligned is None else passing)

    @property
    def possible_dkim(self) -> frozenset[Dkim]:
        """The columns of the decision table that this path may be in."""
        service = self.path.service
        status = self.keys.status if self.keys else "not_known"
        published = Dkim.SEEN if service and service.signs else Dkim.KEY
        return frozenset({
            "published": {published},
            "partial": {Dkim.KEY},
            "missing": {Dkim.NO},
            "unknown": {published, Dkim.NO},
            "not_known": {Dkim.UNKNOWN_SELECTOR},
        }[status])


@dataclass(frozen=True)
class Facts:
    """The facts about one domain; the members are what the parts of the engine answer."""

    query: DomainQuery
    zone: zone.Zone
    gate: zone.Gate
    mx: mx.MxReport
    spf: spf.SpfReport
    dmarc: dmarc.Policy
    paths: tuple[PathFacts, ...]

    @property
    def possible_policies(self) -> frozenset[Enforcement]:
        """The DMARC policies that may be in force."""
        if self.dmarc.status == "unknown":
            return frozenset(Enforcement)
        return frozenset({Enforcement.of(self.dmarc.stricter)})

    @property
    def from_paths(self) -> tuple[PathFacts, ...]:
        """The paths whose mail a receiver sees as this domain's."""
        return tuple(path for path in self.paths if path.path.from_domain == self.query.domain)

    @property
    def envelope_paths(self) -> tuple[PathFacts, ...]:
        """The paths whose mail SPF checks on this domain, if the service leaves the envelope alone."""
        return tuple(path for path in self.paths if path.path.envelope_domain == self.query.domain)


async def gather(resolver, query: DomainQuery) -> Facts:
    """Ask DNS for everything about ``query``; what it does not answer is ``unknown`` in its own part."""
    assumed = not query.paths
    paths = query.paths or (Path("", query.domain, query.domain, _selectors_only(query)),)
    main = asyncio.gather(
        zone.zone_of(resolver, query.domain),
        zone.gate(resolver, query.domain),
        mx.inspect(resolver, query.domain),
        spf.inspect(resolver, query.domain),
        dmarc.inspect(resolver, query.domain),
    )
    parts = asyncio.gather(*(_gather_path(resolver, path, query.domain, assumed) for path in paths))
    (zone_found, gate, mx_report, spf_report, policy), path_facts = await asyncio.gather(main, parts)
    return Facts(query, zone_found, gate, mx_report, spf_report, policy, tuple(path_facts))


def _selectors_only(query: DomainQuery) -> Service | None:
    if not query.selectors:
        return None
    return Service("", "", selectors=tuple(map(Selector, query.selectors)), needs_all_selectors=False)


async def _gather_path(resolver, path: Path, domain: str, assumed: bool) -> PathFacts:
    """Ask what one path needs. The resolver shares questions, so that paths cost little more than one."""
    service = path.service
    envelope_domain = path.envelope_domain or path.from_domain
    keeps = service is not None and service.envelope is not Envelope.REPLACE

    async def authorisation():
        if not keeps or not service.spf_term:
            return None
        bounce = path.envelope_from if "@" in path.envelope_from else None
        return await spf.authorises(resolver, service.spf_term, envelope_domain, bounce_address=bounce)

    async def keys():
        if service is None:
            return None
        return await dkim.inspect_service(resolver, path.from_domain, service)

    async def alignment():
        if envelope_domain == path.from_domain:
            return True
        policy = await dmarc.discover(resolver, path.from_domain)
        return await dmarc.aligned(
            resolver, policy, path.from_domain, envelope_domain, strict=policy.aspf == "s")

    names = dict.fromkeys((path.from_domain, envelope_domain))
    spf_report, authorised, service_keys, aligned, *gates = await asyncio.gather(
        spf.inspect(resolver, envelope_domain),
        authorisation(),
        keys(),
        alignment(),
        *(zone.gate(resolver, name) for name in names),
    )
    return PathFacts(path, tuple(gates), spf_report, authorised, service_keys, aligned, assumed)
