"""A zone as its own name servers show it, past every cache: each of them is asked, and only authority counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from ..certain import certain
from ..finding import Finding
from ..status import RecordStatus, Word
from ..value import dataclass
from .answer import Answer, Status
from .egress import kind
from .names import is_subdomain, parent, to_ascii
from .nameserver import DNS_PORT, Nameserver
from .protocol import Direct, Resolver
from .view import View
from .wire import MAX_ALIASES
from .zone import MAX_NAMESERVERS, Zone, zone_of

MAX_ADDRESSES = 2  # of one name server that are asked
MAX_DIRECT = 2  # servers of a zone that are asked for one name
MAX_SECOND = 3  # servers of a zone that are asked for a second opinion
DIRECT_TIMEOUTS = 1.25  # times the resolver's timeout that this may take
OWN_SHARE = 0.6  # of the time that is left, which a zone's own servers may take: the resolver in use is asked after silence
MAX_SILENT = 5  # zones of one batch
MAX_SHOWN = 10  # addresses that are not
_NEGATIVE = (Status.NODATA, Status.NXDOMAIN)


class Authority(Word):
    """How one name server of a zone behaved when asked for the zone."""

    OK = "ok"
    LAME = "lame"  # it answers, but not with authority
    SILENT = "silent"
    MISSING = "missing"  # its name has no address
    INTERNAL = "internal"  # none at which the Internet could reach it, and we may not ask it (mailauth.dns.egress)
    UNKNOWN = "unknown"  # DNS did not say which address it has


class Consensus(Word):
    """What the answers of a zone's servers come to."""

    AGREE = "agree"  # every server that answers with authority says the same
    DISAGREE = "disagree"
    SPLIT = "split"  # they agree, but the resolver in use serves another zone by that name
    BLOCKED = "blocked"  # none of them answers us although the resolver gets answers: port 53 is closed to us
    UNREACHABLE = "unreachable"  # none answers, neither us nor the resolver
    LAME = "lame"  # those that answer have no authority over the name
    UNKNOWN = "unknown"  # DNS did not tell who the servers are, or none of them may be asked


class ViewStatus(Word):
    """What the servers of a zone are for us, all together."""

    OK = "ok"  # somebody answers with authority
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    LAME = "lame"
    NONE = "none"  # there is no such zone
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ZoneServer:
    """One name server of a zone at one address, and how it behaved when asked for the zone's SOA record."""

    host: str
    address: str | None
    state: Authority
    detail: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a zone's servers say to one question, side by side.

    ``answer`` is what they agree on, ``answers`` by server what each of them says.
    ``cached`` is what the resolver in use says: where they agree and it
    differs, receivers may still hold the old answer as well.
    """

    name: str
    rdtype: str
    outcome: Consensus
    answer: Answer | None = None
    cached: Answer | None = None
    answers: tuple[tuple[str, Answer], ...] = ()

    @property
    def is_published(self) -> bool:
        """Whether the zone says something else than the resolver in use, which may hold an old answer."""
        return (
            self.outcome is Consensus.AGREE and self.cached is not None and self.cached.is_fact
            and not _same(certain(self.answer), self.cached)
        )


class AuthoritativeView(View):
    """Answers names of one zone from its own servers, and all others through the resolver.

    Can stand in for a resolver: what is no agreement becomes a failure, never a fact.
    ``negative_ttl`` is in seconds. A server that was silent while another one answered is not asked again: with one wait
    for each question, a zone that has a dead server would take longer than any deadline.
    """

    def __init__(self, resolver: Direct, zone: str, port: int) -> None:
        super().__init__(resolver)
        self._direct = resolver
        self._port = port
        self.zone = zone
        self.status = ViewStatus.UNKNOWN
        self.servers: tuple[ZoneServer, ...] = ()
        self.negative_ttl: int | None = None
        self.findings: tuple[Finding, ...] = ()
        self._silent: set[str | None] = set()  # addresses

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """The zone's own answer; ``TIMEOUT`` or ``SERVFAIL`` where its servers cannot be reached or do not agree."""
        asked = to_ascii(name)
        if asked is None or not is_subdomain(asked, self.zone):
            return await self._resolver.query(name, rdtype, fresh=fresh, checking_disabled=checking_disabled)
        compared = await self.compare(asked, rdtype, fresh=fresh)
        self._note(compared)
        return self._answer(compared)

    @staticmethod
    def _answer(compared: Comparison) -> Answer:
        """What the servers agree on, else a failure."""
        if compared.outcome is Consensus.AGREE:
            return certain(compared.answer)
        status = Status.TIMEOUT if compared.outcome in (Consensus.BLOCKED, Consensus.UNREACHABLE) else Status.SERVFAIL
        return Answer(compared.name, compared.rdtype, status, detail=f"the zone's name servers: {compared.outcome}")

    async def ask_zone(self, name: str, rdtype: str) -> Answer:
        """The same as :meth:`query`: the zone's own servers are asked anyway."""
        return await self.query(name, rdtype)

    def _note(self, compared: Comparison) -> None:
        """Keep as a finding that the servers contradict each other, or the resolver in use."""
        finding = None
        if compared.outcome is Consensus.DISAGREE:
            servers = [server for server, answer in compared.answers if _state(answer) is Authority.OK]
            finding = Finding("zone.nameservers_disagree", compared.name, {"rdtype": compared.rdtype, "servers": servers})
        elif compared.outcome is Consensus.SPLIT:
            finding = Finding("zone.split_horizon", self.zone)
        if finding and finding not in self.findings:
            self.findings = (*self.findings, finding)

    async def compare(self, name: str, rdtype: str, *, fresh: bool = False) -> Comparison:
        """Ask all servers of the zone that holds a name; aliases are followed into their own zones."""
        asked = to_ascii(name)
        if asked is None:
            unasked = await self._resolver.query(name, rdtype)
            return Comparison(name, rdtype, Consensus.AGREE, unasked, unasked)
        async with self.batch():
            cached = await self._resolver.query(asked, rdtype)
            at = asked
            aliases: tuple[str, ...] = ()
            ttl: int | None = None
            while True:
                found = await self._at(at, rdtype, cached, fresh)
                answer = found.answer
                if found.outcome is not Consensus.AGREE or answer is None or not answer.aliases:
                    break
                at = answer.aliases[0]
                aliases += (at,)
                ttl = answer.ttl if ttl is None else min(ttl, answer.ttl)
                if at in (asked, *aliases[:-1]) or len(aliases) > MAX_ALIASES:
                    broken = Answer(asked, rdtype, Status.SERVFAIL, detail="CNAME loop or over-long chain")
                    return replace(found, name=asked, answer=broken)
        if answer is not None:
            answer = replace(
                answer, name=asked, aliases=aliases, ttl=answer.ttl if ttl is None else min(ttl, answer.ttl))
        found = replace(found, name=asked, answer=answer, cached=cached)
        if found.is_published and await self.is_split(cached):
            return replace(found, outcome=Consensus.SPLIT)
        return found

    async def _at(self, name: str, rdtype: str, cached: Answer, fresh: bool) -> Comparison:
        """The comparison at one name, without going behind an alias."""
        zone = await self._zone_of(name)
        if zone.status == RecordStatus.UNKNOWN or zone.name is None or not zone.nameservers:
            return Comparison(name, rdtype, Consensus.UNKNOWN, cached=cached)
        servers, _ = await _servers(self._direct, zone, zone.name)
        addressed = [server for server in servers if server.address]
        if not addressed:
            return Comparison(name, rdtype, Consensus.UNKNOWN, cached=cached)
        addressed = [server for server in addressed if server.address not in self._silent] or addressed
        answers = await self._ask_all(addressed, name, rdtype, fresh)
        pairs = tuple((f"{s.host} ({s.address})", a) for s, a in zip(addressed, answers))
        outcome, answer = _judge(rdtype, answers, cached)
        return Comparison(name, rdtype, outcome, answer, cached, pairs)

    async def _zone_of(self, name: str) -> Zone:
        """The zone whose servers are asked for a name."""
        return await zone_of(self._resolver, name)

    async def _ask_all(self, servers: list[ZoneServer], name: str, rdtype: str, fresh: bool = False) -> list[Answer]:
        answers = await asyncio.gather(*(self._direct.ask_server(
            Nameserver(certain(server.address), self._port), name, rdtype, fresh=fresh) for server in servers))
        silent = {server.address for server, answer in zip(servers, answers) if _state(answer) is Authority.SILENT}
        if len(silent) < len(servers):
            self._silent |= silent
        return answers

    async def is_split(self, cached: Answer) -> bool:
        """Whether the resolver in use has a zone of its own by this name, rather than an old answer."""
        if cached.authoritative:
            return True
        seen = await self._resolver.query(self.zone, "SOA")
        own = await self._at(self.zone, "SOA", seen, False)
        if own.outcome is not Consensus.AGREE or not seen.records or own.answer is None or not own.answer.records:
            return False
        return seen.authoritative or seen.records[0].mname != own.answer.records[0].mname

    async def look(self) -> None:
        """Find the zone's servers and see how each of them answers for it."""
        async with self.batch():
            zone = await zone_of(self._resolver, self.zone)
            if zone.status == RecordStatus.NONE:
                self.status = ViewStatus.NONE
            if zone.status != RecordStatus.FOUND or not zone.name:
                return
            self.zone = zone.name
            servers, findings = await _servers(self._direct, zone, zone.name)
            addressed = [server for server in servers if server.address]
            cached = await self._resolver.query(zone.name, "SOA")
            answers = await self._ask_all(addressed, zone.name, "SOA")
        looked = [replace(s, state=_state(a), detail=a.detail) for s, a in zip(addressed, answers)]
        self.servers = (*looked, *(server for server in servers if not server.address))
        self.negative_ttl = zone.negative_ttl
        soas = [answer for answer in answers if _state(answer) is Authority.OK and answer.records]
        if soas:
            self.status = ViewStatus.OK
            # A server of the zone gives the whole TTL, no cache's rest of it (RFC 2308 §5).
            self.negative_ttl = max(min(answer.ttl, answer.records[0].minimum) for answer in soas)
        elif addressed:
            self.status = ViewStatus(_judge("SOA", answers, cached)[0])
        self.findings = (*findings, *_findings(zone.name, looked, soas))


class EveryZone(AuthoritativeView):
    """Answers each name from some servers of the zone that it lies in, the root's where no zone has it.

    The resolver in use only tells who they are. Where it serves another zone by the same name, what counts is what the
    zone's own servers say.
    """

    def __init__(self, resolver: Direct) -> None:
        super().__init__(resolver, "", resolver.authority_port)
        self._delegated: set[str] = set()

    def is_delegated(self, name: str) -> bool:
        """Whether a server that was asked for a name has referred to others that have it: then it exists."""
        return name in self._delegated

    async def query(self, name: str, rdtype: str, *, fresh: bool = False, checking_disabled: bool = False) -> Answer:
        """The zone's own answer; ``TIMEOUT`` or ``SERVFAIL`` where its servers cannot be reached or do not agree."""
        compared = await self.compare(name, rdtype, fresh=fresh)
        if compared.outcome is Consensus.SPLIT:
            return certain(compared.answer)
        if any(is_referral(answer) for _server, answer in compared.answers):
            self._delegated.add(compared.name)
        return self._answer(compared)

    async def _zone_of(self, name: str) -> Zone:
        zone = await super()._zone_of(name)
        while zone.status == RecordStatus.FOUND and zone.name and not zone.nameservers and not zone.failed:
            # Who denies a domain may do so in its own name: the parent's servers know whether there is one.
            zone = await super()._zone_of(parent(zone.name))
        if zone.status == RecordStatus.NONE:
            root = await self._resolver.query(".", "NS")
            if root.status is Status.OK:
                zone = Zone("", tuple(sorted(root.records)))
        return replace(zone, nameservers=zone.nameservers[:MAX_SECOND])


async def authoritative(resolver: Direct, zone: str, port: int = DNS_PORT) -> AuthoritativeView:
    """The view of a zone by its own servers; ``port`` is theirs (another one in tests only)."""
    view = AuthoritativeView(resolver, to_ascii(zone) or zone, port)
    await view.look()
    return view


async def ask_zone(resolver: Direct, name: str, rdtype: str, port: int = DNS_PORT) -> Answer:
    """What the first of the zone's servers that answers with authority says of a name that is an alias.

    ``TIMEOUT`` where none does: at most :data:`MAX_DIRECT` of them are asked, for little longer than one timeout
    (:data:`DIRECT_TIMEOUTS`), and none any more after some zones whose servers were all silent (port 53 is closed to us).
    """
    silent = Answer(name, rdtype, Status.TIMEOUT, detail="no server of the zone answered")
    if resolver.memory.get("silent zones", 0) >= MAX_SILENT:
        return silent
    answers: list[Answer] = []
    async with resolver.batch(DIRECT_TIMEOUTS * resolver.timeout):
        zone = await _zone_of_alias(resolver, name)
        for host in zone.nameservers[:MAX_DIRECT]:
            servers, _findings = await _addresses(resolver, certain(zone.name), host)
            for server in servers[:1]:
                if server.address:
                    answers.append(await resolver.ask_server(Nameserver(server.address, port), name, rdtype))
                    if _state(answers[-1]) is Authority.OK:
                        return answers[-1]
    if answers and all(_state(answer) is Authority.SILENT for answer in answers):
        resolver.memory["silent zones"] = resolver.memory.get("silent zones", 0) + 1
    return silent


@dataclass(frozen=True)
class OwnAnswers:
    """What a zone's own servers say to one question.

    ``outcome`` is never ``SPLIT`` or ``UNREACHABLE``, for the resolver in use is not asked: of silent servers it is
    ``BLOCKED``. ``answer`` is what those with authority agree on, ``server`` one of them; ``answers`` are all, whoever gave them.
    """

    outcome: Consensus
    answer: Answer | None = None
    with_authority: tuple[Answer, ...] = ()
    server: Nameserver | None = None
    answers: tuple[Answer, ...] = ()


async def ask_own(resolver: Direct, zone: Zone, name: str, rdtype: str) -> OwnAnswers:
    """Ask every server of a zone about a name in it, once, and no cache: aliases are not followed."""
    if zone.status != RecordStatus.FOUND or zone.name is None:
        return OwnAnswers(Consensus.UNKNOWN)
    found, _findings = await _servers(resolver, zone, zone.name)
    servers = [Nameserver(server.address, resolver.authority_port) for server in found if server.address]
    if not servers:
        return OwnAnswers(Consensus.UNKNOWN)
    async with resolver.batch(min(DIRECT_TIMEOUTS * resolver.timeout, OWN_SHARE * resolver.seconds_left)):
        answers = await asyncio.gather(*(resolver.ask_server(server, name, rdtype) for server in servers))
    outcome, answer = _judge(rdtype, answers, None)
    told = [(server, found) for server, found in zip(servers, answers) if _state(found) is Authority.OK]
    with_authority = tuple(found for _server, found in told)
    return OwnAnswers(outcome, answer, with_authority, told[0][0] if told else None, tuple(answers))


async def ask_nameserver(resolver: Direct, host: str, name: str, rdtype: str) -> Answer:
    """What one name server, of whatever zone, says of a name; ``TIMEOUT`` where it has no address that may be asked."""
    servers, _findings = await _addresses(resolver, host, host)
    address = servers[0].address
    if not address:
        return Answer(name, rdtype, Status.TIMEOUT, detail=f"{host} has no address that may be asked")
    async with resolver.batch(DIRECT_TIMEOUTS * resolver.timeout):
        return await resolver.ask_server(Nameserver(address, resolver.authority_port), name, rdtype)


async def _zone_of_alias(resolver: Resolver, name: str) -> Zone:
    """The zone that holds an alias. It is no apex, unless the alias is a mistake; names like ``_dmarc`` never are."""
    if not name.startswith("_"):
        apex = await resolver.query(name, "NS")
        if apex.status is Status.OK and not apex.aliases:
            return Zone(name, tuple(sorted(apex.records)))
    return await zone_of(resolver, parent(name))


async def _servers(resolver: Direct, zone: Zone, name: str) -> tuple[list[ZoneServer], list[Finding]]:
    """The addresses at which a zone's servers are asked."""
    hosts = zone.nameservers[:MAX_NAMESERVERS]
    found = await asyncio.gather(*(_addresses(resolver, name, host) for host in hosts))
    servers = [server for part, _ in found for server in part]
    return servers, [finding for _, findings in found for finding in findings]


async def _addresses(resolver: Direct, zone: str, host: str) -> tuple[list[ZoneServer], list[Finding]]:
    answers = await resolver.query_all((host, "A"), (host, "AAAA"))
    findings = []
    aliases = next((answer.aliases for answer in answers if answer.aliases), ())
    if aliases:
        findings.append(Finding("zone.nameserver_is_cname", zone, {"nameserver": host, "target": aliases[0]}))
    kept_from = [address for answer in answers for address in answer.records if not resolver.may_ask(address)]
    # Those of documentation are no mistake that anybody makes outside of examples.
    mistaken = [address for address in kept_from if kind(address) != "documentation"]
    if mistaken:
        params = {"nameserver": host, "addresses": mistaken[:MAX_SHOWN]}
        findings.append(Finding("zone.nameserver_internal", zone, params))
    for answer in answers:
        usable = [address for address in answer.records if address not in kept_from][:MAX_ADDRESSES]
        if usable:  # IPv6 only where there is nothing else: many networks that Odoo runs in have none
            return [ZoneServer(host, address, Authority.UNKNOWN) for address in usable], findings
    failed = next((answer for answer in answers if not answer.is_fact), None)
    if failed:
        return [ZoneServer(host, None, Authority.UNKNOWN, failed.detail)], findings
    if kept_from:
        return [ZoneServer(host, None, Authority.INTERNAL)], findings
    findings.append(Finding("zone.nameserver_missing", zone, {"nameserver": host}))
    return [ZoneServer(host, None, Authority.MISSING)], findings


def is_referral(answer: Answer) -> bool:
    """Whether a server says that others have the name: then it exists (RFC 2308 §2.2)."""
    return answer.detail.endswith("referral")


def _state(answer: Answer) -> Authority:
    if answer.status is Status.TIMEOUT:
        return Authority.SILENT
    return Authority.OK if answer.is_fact and answer.authoritative else Authority.LAME


def _judge(rdtype: str, answers: Iterable[Answer], cached: Answer | None) -> tuple[Consensus, Answer | None]:
    """The outcome of asking all servers, and what they agree on."""
    answers = list(answers)
    with_authority = [answer for answer in answers if _state(answer) is Authority.OK]
    if not with_authority:
        if any(_state(answer) is Authority.LAME for answer in answers):
            return Consensus.LAME, None
        return (Consensus.BLOCKED if cached is None or cached.is_fact else Consensus.UNREACHABLE), None
    if rdtype in ("A", "AAAA"):
        # Addresses differ on purpose, by the place or the load: all of them together count.
        return Consensus.AGREE, _merged(with_authority)
    first = with_authority[0]
    if any(not _same(first, other, behind_aliases=False) for other in with_authority[1:]):
        return Consensus.DISAGREE, None
    # Some servers deny names that have others below them: one that knows better is right (RFC 8020 §3).
    return Consensus.AGREE, next((a for a in with_authority if a.status is not Status.NXDOMAIN), first)


def _merged(answers: list[Answer]) -> Answer:
    positive = [answer for answer in answers if answer.status is Status.OK]
    if not positive:
        return next((answer for answer in answers if answer.status is not Status.NXDOMAIN), answers[0])
    records = dict.fromkeys(record for answer in positive for record in answer.records)
    return replace(positive[0], records=tuple(records))


def _same(one: Answer, other: Answer, behind_aliases: bool = True) -> bool:
    """Whether two answers say the same; without ``behind_aliases`` an alias and its target are all of it."""
    if not behind_aliases and (one.aliases or other.aliases):
        return one.aliases[:1] == other.aliases[:1]
    if one.status in _NEGATIVE and other.status in _NEGATIVE:
        return True
    if one.rdtype == "SOA" and one.records and other.records:
        # Serials differ for the time that a change takes to spread.
        return one.records[0].mname == other.records[0].mname
    return one.status is other.status and set(one.records) == set(other.records)


def _findings(zone: str, servers: list[ZoneServer], soas: list[Answer]) -> list[Finding]:
    findings = []
    for server in servers:
        params = {"nameserver": server.host, "address": server.address, "detail": server.detail[:200]}
        if server.state is Authority.LAME:
            findings.append(Finding("zone.lame_nameserver", zone, params))
        elif server.state is Authority.SILENT and soas:
            findings.append(Finding("zone.nameserver_silent", zone, params))
    serials = sorted({answer.records[0].serial for answer in soas})
    if len(serials) > 1:
        findings.append(Finding("zone.serials_differ", zone, {"serials": serials}))
    return findings
