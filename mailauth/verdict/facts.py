"""What DNS says about everything that one domain's verdict needs, asked side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .. import dkim, dmarc, spf
from ..certain import certain
from ..dkim import KeysStatus, ServiceKeys
from ..dmarc import Policy
from ..dmarc.tree_walk import walk_names
from ..dns import zone
from ..dns.answer import Answer, Status
from ..dns.protocol import Resolver
from ..dns.zone import Zone
from ..query import DomainQuery, Path
from ..records import mta_sts, mx, precondition, reverse, tls_rpt
from ..records.mta_sts import StsReport
from ..records.mx import MxReport
from ..records.precondition import Precondition
from ..records.reverse import ReverseReport
from ..records.tls_rpt import TlsRptReport
from ..service import Envelope, Selector, Service
from ..spf import Authorisation, SpfReport
from ..spf.authorise import Authorised
from ..status import RecordStatus
from ..together import begin, for_each, together
from ..value import cached_property, dataclass
from .decision import Dkim, Enforcement, Spf, Verdict, path_state

T = TypeVar("T")

PATHS_AT_ONCE = 200  # of one domain: all mail may bounce to it, and what each waits with takes ten times what is known of it then
# Of a name with an alias beside its record: SPF as those receivers see it that are not shown the record itself.
Elsewhere = tuple[tuple[SpfReport, "Authorisation | None"], ...]


@dataclass(frozen=True)
class Bounce:
    """The subdomain of the From domain that a service puts into the envelope, and what SPF says there.

    Where nothing is published the service uses a domain of its own. ``authorisation`` is set where the
    service has an SPF term; its own record behind a CNAME needs none.
    """

    domain: str
    spf: SpfReport
    authorisation: Authorisation | None
    aligned: bool | None
    elsewhere: Elsewhere = ()

    @property
    def possible_spf(self) -> frozenset[Spf]:
        """The rows of the decision table that mail with this envelope may be in."""
        return _everywhere(self, self._possible_spf())

    def _possible_spf(self) -> frozenset[Spf]:
        if self.spf.status == RecordStatus.NONE or self.aligned is False:
            return frozenset({Spf.OWN})
        if not self.spf.answer.is_fact:
            return frozenset(Spf)
        passing = _passing(self.spf, self.authorisation, by_itself=Spf.ALIGNED)
        return passing | {Spf.OWN} if self.aligned is None else passing


def _everywhere(part: Bounce | PathFacts, rows: frozenset[Spf]) -> frozenset[Spf]:
    """Rows of the decision table with those of receivers that see something else of SPF."""
    if not part.elsewhere:
        return rows
    return rows.union(*(
        replace(part, spf=report, authorisation=authorisation, elsewhere=()).possible_spf
        for report, authorisation in part.elsewhere))


_BY_STATUS = {
    Authorised.ALL: Spf.ALIGNED, Authorised.SOME: Spf.PART, Authorised.NONE: Spf.NO}
# One row, one column: where nearly every path is.
_ONLY_SPF = {spf: frozenset({spf}) for spf in Spf}
_ONLY_DKIM = {dkim: frozenset({dkim}) for dkim in Dkim}


def _passing(report: SpfReport, authorisation: Authorisation | None, by_itself: Spf | None = None) -> frozenset[Spf]:
    """What SPF may come to for a service: what receivers conclude for its addresses, whatever else the record holds.

    Evaluation ends at the match (RFC 7208 §4.6.2). ``by_itself`` is what a sound record means where there is no term to
    hold it against.
    """
    if report.status in (RecordStatus.NONE, RecordStatus.SEVERAL):
        return _ONLY_SPF[Spf.NO]
    if authorisation is not None:
        return frozenset(_BY_STATUS[status] for status in authorisation.possible)
    if report.status == RecordStatus.FOUND and by_itself:
        return _ONLY_SPF[by_itself]
    if report.status == RecordStatus.INVALID and report.passes is False:
        return _ONLY_SPF[Spf.NO]
    return frozenset(_BY_STATUS.values())


@dataclass(frozen=True)
class PathFacts:
    """What is known of one path.

    ``assumed`` marks the path of a checker from outside, which knows no sender.
    ``authorisation`` is set where the service keeps the envelope and has an SPF term,
    ``keys`` where its selectors were looked at, or what hints at any (``not_known``); ``aligned``
    is ``None`` where DNS did not say whether envelope and From belong together; ``signature_aligned`` the same for the domain
    that the service was seen to sign as. ``policy`` is what receivers find for a From domain
    that is not the one asked about, whose policy is among the facts. ``bounce`` is set where the
    service is known to bounce to a subdomain, and to which. ``elsewhere`` is set where an alias stands beside
    the envelope domain's record: what other receivers see of SPF.
    """

    path: Path
    preconditions: tuple[Precondition, ...]
    spf: SpfReport
    authorisation: Authorisation | None
    keys: ServiceKeys | None
    aligned: bool | None
    assumed: bool = False
    signature_aligned: bool | None = True
    policy: Policy | None = None
    bounce: Bounce | None = None
    elsewhere: Elsewhere = ()

    @property
    def failed(self) -> bool:
        """Whether DNS left something open that the verdict needs."""
        keys = self.keys.keys if self.keys else ()
        bounce = _deciding(self.bounce.spf, self.bounce.authorisation) if self.bounce else ()
        return (
            any(part.failed for part in (*self.preconditions, *_deciding(self.spf, self.authorisation), *bounce, *keys))
            or None in (self.aligned, self.signature_aligned, self.bounce.aligned if self.bounce else True)
        )

    @cached_property
    def possible_spf(self) -> frozenset[Spf]:
        """The rows of the decision table that this path may be in."""
        return _everywhere(self, self._possible_spf())

    def _possible_spf(self) -> frozenset[Spf]:
        service = self.path.service
        if service is None and not self.assumed:
            return _passing(self.spf, None) | {Spf.OWN}
        if self.bounce:
            return self.bounce.possible_spf
        envelope = service.envelope if service else Envelope.KEEP
        kept = self._kept_envelope() if service is None or service.keeps_envelope else frozenset()
        return kept if envelope is Envelope.KEEP else kept | {Spf.OWN}

    def _kept_envelope(self) -> frozenset[Spf]:
        if self.aligned is False or self.assumed and self.spf.status == RecordStatus.INVALID:
            return _ONLY_SPF[Spf.NO]
        passing = _passing(self.spf, self.authorisation, by_itself=Spf.ALIGNED if self.assumed else None)
        return passing | {Spf.NO} if self.aligned is None else passing

    @cached_property
    def possible_dkim(self) -> frozenset[Dkim]:
        """The columns of the decision table that this path may be in."""
        if self.signature_aligned is False:
            return _ONLY_DKIM[Dkim.NO]
        possible = self._published_dkim()
        return possible if self.signature_aligned else possible | {Dkim.NO}

    def _published_dkim(self) -> frozenset[Dkim]:
        service, keys = self.path.service, self.keys
        published = Dkim.SEEN if service and service.signs else Dkim.KEY
        if keys is None or keys.status is KeysStatus.NOT_KNOWN:
            return _ONLY_DKIM[Dkim.UNKNOWN_SELECTOR]
        if keys.status is KeysStatus.PUBLISHED:
            return _ONLY_DKIM[published]
        if keys.status is KeysStatus.PARTIAL:
            return _ONLY_DKIM[published if keys.enough else Dkim.KEY]
        return _ONLY_DKIM[Dkim.NO] if keys.status is KeysStatus.MISSING else frozenset({published, Dkim.NO})


def _deciding(report: SpfReport, authorisation: Authorisation | None) -> tuple:
    """What SPF rests on: where it is known for a service what receivers conclude, the rest of the record is no matter."""
    if authorisation is None:
        return (report,)
    return (authorisation,) if authorisation.status != Authorised.UNKNOWN else (report, authorisation)


@dataclass(frozen=True)
class Facts:
    """The facts about one domain; the members are what the parts of the engine answer."""

    query: DomainQuery
    zone: Zone
    precondition: Precondition
    mx: MxReport
    spf: SpfReport
    dmarc: Policy
    mta_sts: StsReport
    tls_rpt: TlsRptReport
    reverse: tuple[ReverseReport, ...]
    paths: tuple[PathFacts, ...]

    def policy_of(self, path: PathFacts) -> Policy:
        """What receivers find as the DMARC policy of a path's From domain."""
        return path.policy or self.dmarc

    @cached_property
    def from_paths(self) -> tuple[PathFacts, ...]:
        """The paths in use whose mail a receiver sees as this domain's."""
        return tuple(
            path for path in self.paths if path.path.in_use and path.path.from_domain == self.query.domain)

    @cached_property
    def verdicts(self) -> tuple[tuple[PathFacts, Verdict], ...]:
        """These paths, each with what SPF, DKIM and DMARC come to by themselves: its preconditions are left aside."""
        return tuple([
            (path, path_state(path.possible_spf, path.possible_dkim, self.enforcement_of(path))) for path in self.from_paths])

    def enforcement_of(self, path: PathFacts) -> frozenset[Enforcement]:
        """What the policies that a path may meet ask for."""
        return Enforcement.of_each(self.policy_of(path).possible)

    @cached_property
    def bounces(self) -> tuple[Bounce, ...]:
        """The subdomains that services bounce to whose mail leaves as this domain's."""
        return tuple(path.bounce for path in self.from_paths if path.bounce)

    @cached_property
    def envelope_paths(self) -> tuple[PathFacts, ...]:
        """The paths in use whose mail SPF checks on this domain, if the service leaves the envelope alone."""
        return tuple(
            path for path in self.paths if path.path.in_use and path.path.envelope_domain == self.query.domain)

    @cached_property
    def own_paths(self) -> tuple[PathFacts, ...]:
        """The paths in use that this domain's records decide over: the others are only judged beside them."""
        domain = self.query.domain
        return tuple(
            path for path in self.paths
            if path.path.in_use and domain in (path.path.from_domain, path.path.envelope_domain))


class _Once:
    """Runs what several paths need once: each function with its arguments."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._begun: dict[tuple, asyncio.Future] = {}

    def __call__(
        self, function: Callable[..., Coroutine[Any, Any, T]], *arguments: Any, **options: Any,
    ) -> asyncio.Future[T]:
        key = (function, arguments, *options.items())
        begun = self._begun.get(key)
        if begun is None:
            begun = self._begun[key] = begin(function(self.resolver, *arguments, **options))
        return begun


async def gather(resolver: Resolver, query: DomainQuery) -> Facts:
    """Ask DNS for everything about ``query``; what it does not answer is ``unknown`` in its own part."""
    once, domain, paths = _Once(resolver), query.domain, _paths(query)
    answers = await resolver.ask_ahead(*_surely_asked(domain, paths))
    denial = next((answer for answer in answers if answer.rdtype == "SPF" and zone.shows_apex(answer)), None)
    # Who asks the zone's own servers, too, holds their SOA record against the one in use.
    soa = [(domain, "SOA")] if denial is None or query.confirm else []
    await resolver.ask_ahead(*_asked_next(domain, answers), *soa)
    mx_found, spf_found, dmarc_found, path_facts, *reverse_reports, rest = await together(
        once(mx.inspect, domain),
        once(spf.inspect, domain),
        dmarc.inspect(resolver, domain, envelope_domains=_envelopes(paths, domain), signing_domains=(domain,)),
        _gather_paths(once, domain, paths, assumed=not query.paths),
        *(reverse.inspect(resolver, address, helo) for address, helo in query.addresses),
        _gather_rest(once, domain, denial),
    )
    zone_found, precondition_found, sts_found, tls_rpt_found = rest
    return Facts(
        query, zone_found, precondition_found, mx_found, spf_found, dmarc_found, sts_found, tls_rpt_found,
        tuple(reverse_reports), path_facts)


def _surely_asked(domain: str, paths: Iterable[Path]) -> Iterable[tuple[str, str]]:
    """The questions that nothing has to be known for: asked together, so that the parts have less to wait for."""
    selectors = {
        selector.name for path in paths if path.service and path.from_domain == domain
        for selector in path.service.selectors if path.service.signing_domain in (None, domain)}
    texts = [
        *map(dmarc.record_name, walk_names(domain)), mta_sts.record_name(domain), tls_rpt.record_name(domain),
        *[dkim.key_name(domain, selector) for selector in sorted(selectors)]]
    # Hardly any domain has the withdrawn type SPF, and its denial shows the zone's SOA record.
    own = [(domain, rdtype) for rdtype in ("NS", "MX", "TXT", "SPF")]
    return [*own, *[(name, "TXT") for name in texts]]


def _asked_next(domain: str, answers: Iterable[Answer]) -> Iterator[tuple[str, str]]:
    """The questions that follow from the answers to these, nearly always."""
    own = dmarc.record_name(domain)
    of_interest = (own, mta_sts.record_name(domain), tls_rpt.record_name(domain))
    for answer in answers:
        if answer.rdtype == "MX":
            for host in mx.askable_hosts(answer):
                yield host, "A"
        elif answer.name in of_interest and answer.status is Status.OK and not (answer.aliases or answer.alias_beside) and (
                answer.name != own or dmarc.dmarc_texts(answer)):
            yield answer.name, "CNAME"  # whether an alias stands beside the record


async def gather_paths(resolver: Resolver, query: DomainQuery) -> tuple[PathFacts, ...]:
    """What is known of the paths alone, in the order of :attr:`Facts.paths`."""
    return await _gather_paths(_Once(resolver), query.domain, _paths(query), assumed=not query.paths)


async def _gather_paths(once: _Once, domain: str, paths: Sequence[Path], *, assumed: bool) -> tuple[PathFacts, ...]:
    return tuple(await for_each(lambda path: _gather_path(once, path, domain, assumed=assumed), paths, PATHS_AT_ONCE))


def _paths(query: DomainQuery) -> tuple[Path, ...]:
    return query.paths or (Path("", query.domain, query.domain, _selectors_only(query)),)


async def _gather_rest(once: _Once, domain: str, denial: Answer | None) -> tuple[Zone, Precondition, StsReport, TlsRptReport]:
    """What hardly waits: nearly all of it is known by now, and a task for each would cost more than it does."""
    resolver = once.resolver
    found, met = await zone.zone_of(resolver, domain, denial), await once(precondition.inspect, domain)
    reports = await tls_rpt.inspect(resolver, domain)
    return found, met, await mta_sts.inspect(resolver, domain, mx=await once(mx.inspect, domain)), reports


def _envelopes(paths: Iterable[Path], domain: str) -> tuple[str, ...]:
    """The envelope domains of mail from ``domain``: as it was handed over, or below the domain, by what its service does."""
    own = [path for path in paths if path.in_use and path.from_domain == domain]
    kept = [path.envelope_domain for path in own if path.service is None or path.service.envelope is Envelope.KEEP]
    below = [_bounce_domain(path) for path in own if path.service and path.service.envelope is Envelope.SUBDOMAIN]
    return tuple(dict.fromkeys(filter(None, (*kept, *below))))


def _selectors_only(query: DomainQuery) -> Service | None:
    if not query.selectors:
        return None
    return Service("", "", selectors=tuple(map(Selector, query.selectors)), needs_all_selectors=False)


async def _gather_path(once: _Once, path: Path, domain: str, *, assumed: bool) -> PathFacts:
    service = path.service
    envelope_domain = path.envelope_domain or path.from_domain
    aligned: bool | None = True
    signature_aligned: bool | None = True
    policy: Policy | None = None
    preconditions = [once(precondition.inspect, name) for name in dict.fromkeys((path.from_domain, envelope_domain))]
    term = service.spf_term if service and service.keeps_envelope else None
    bounce = path.envelope_from if "@" in path.envelope_from else None
    _begin_spf(once, envelope_domain, term, bounce_address=bounce)
    signing_domain = service and service.signing_domain or path.from_domain
    keys = (once(dkim.inspect_service, signing_domain, service) if service
            else once(dkim.inspect_unknown, path.from_domain))
    bounce_domain = _bounce_domain(path)
    if path.from_domain != domain or {envelope_domain, signing_domain, bounce_domain} != {path.from_domain}:
        policy = await once(dmarc.discover_contested, path.from_domain)
    if signing_domain != path.from_domain:
        signature_aligned = await dmarc.aligned(
            once.resolver, certain(policy), path.from_domain, signing_domain, strict=certain(policy).adkim == "s")
    if envelope_domain != path.from_domain:
        aligned = await dmarc.aligned(
            once.resolver, certain(policy), path.from_domain, envelope_domain, strict=certain(policy).aspf == "s")
    report, authorisation, elsewhere = await _gather_spf(once, envelope_domain, term, bounce_address=bounce)
    return PathFacts(
        path, tuple([await one for one in preconditions]), report, authorisation, await keys, aligned, assumed,
        signature_aligned, policy if path.from_domain != domain else None,
        await _gather_bounce(once, path, bounce_domain, certain(policy)) if bounce_domain != path.from_domain else None,
        elsewhere)


def _begin_spf(
    once: _Once, domain: str, term: str | None, **options: str | None,
) -> tuple[Awaitable[SpfReport], Awaitable[Authorisation] | None]:
    return once(spf.inspect, domain), once(spf.authorises, term, domain, **options) if term else None


async def _gather_spf(
    once: _Once, domain: str, term: str | None, **options: str | None,
) -> tuple[SpfReport, Authorisation | None, Elsewhere]:
    """SPF of one domain for one service, and what other receivers see of it where an alias stands beside the record."""
    inspected, authorised = _begin_spf(once, domain, term, **options)
    report, authorisation = await inspected, await authorised if authorised else None
    if report.contest is None:
        return report, authorisation, ()

    async def seen(view: Resolver) -> tuple[SpfReport, Authorisation | None]:
        authorised = await spf.authorises(view, term, domain, **options) if term else None
        return await spf.inspect(view, domain, extras=False), authorised

    (_own, authorisation), *elsewhere = await together(*map(seen, report.contest.views(once.resolver)))
    return report, authorisation, tuple(elsewhere)


def _bounce_domain(path: Path) -> str:
    """The subdomain that the service of a path puts into the envelope; the From domain itself if it does not."""
    service = path.service
    if service and service.envelope is Envelope.SUBDOMAIN and service.bounce_subdomain:
        return f"{service.bounce_subdomain}.{path.from_domain}"
    return path.from_domain


async def _gather_bounce(once: _Once, path: Path, domain: str, policy: Policy) -> Bounce:
    report, authorisation, elsewhere = await _gather_spf(once, domain, certain(path.service).spf_term)
    aligned = await dmarc.aligned(once.resolver, policy, path.from_domain, domain, strict=policy.aspf == "s")
    return Bounce(domain, report, authorisation, aligned, elsewhere)
