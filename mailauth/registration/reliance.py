"""Names outside a domain that its records rely on, and that do not exist.

Whoever registers the domain above such a name speaks for it: its SPF terms, keys, mail hosts, name servers, report addresses.
All of it comes from what an ordinary look has asked already, but for the addresses of name servers and the domains above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dns.answer import FACTS, Answer, Status
from ..dns.names import is_subdomain, parent
from ..dns.protocol import Resolver
from ..dns.public_suffix import private_suffix, suffix_rules
from ..records.mx import MAX_HOSTS, is_askable
from ..spf.terms import clip
from ..spf.tree import Nodes
from ..status import RecordStatus
from ..value import dataclass
from ..verdict.facts import Facts

KINDS = ("domain", "spf", "dkim", "mx", "ns", "reports")
MAX_NAMES = 40  # of each kind that are looked at
MAX_DEAD = 10  # of each kind that are told
_SPF_TERMS = frozenset({"include", "redirect", "a", "mx", "exists"})


@dataclass(frozen=True)
class DeadName:
    """A name that does not exist, in a record of the domain.

    ``domain`` is the one that might be registered: the name itself or one above it. ``at`` is the name whose record
    says ``term``.
    """

    kind: str
    domain: str
    name: str
    at: str
    term: str

    def to_dict(self) -> dict[str, str]:
        """As JSON types."""
        return dict(vars(self))


@dataclass(frozen=True)
class DeadNames:
    """What was found, and the ``kinds`` of which DNS did not tell all: that a name of these is not there means nothing."""

    found: tuple[DeadName, ...] = ()
    left_open: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """As JSON types."""
        return {"found": [name.to_dict() for name in self.found], "left_open": list(self.left_open)}


@dataclass(frozen=True)
class _Reliance:
    """A name that a record relies on, and the question that tells whether it exists."""

    kind: str
    name: str
    at: str
    term: str
    answer: Answer | None = None  # where it is known already
    rdtype: str = "A"


async def find_dead_names(resolver: Resolver, facts: Facts) -> DeadNames:
    """Find the names that a domain's records rely on and that do not exist, nor the registrable domain above them.

    Nothing of the domain's own, no public suffix, and nothing that a macro makes. That the resolver in use knows no such
    domain is what makes it worth asking the parent zone (:func:`mailauth.registration.look_up`), and no more than that.
    """
    own = _registrable(facts.query.domain, None) or facts.zone.name or facts.query.domain
    if facts.precondition.code == "gate.nxdomain":
        return await _of_missing_domain(resolver, facts.query.domain, own)
    reliances, left_open = [*{(one.kind, one.name): one for one in _reliances(facts, own)}.values()], _left_open(facts)
    if len(reliances) > MAX_NAMES:
        reliances = [*_bounded(reliances, left_open)]
    dead: dict[tuple[str, str], DeadName] = {}
    for one, answer in zip(reliances, await _answers(resolver, reliances)):
        status = answer.status
        if status not in FACTS:
            left_open.add(one.kind)
        elif status is Status.NXDOMAIN:
            # Behind an alias it is the target that is denied (RFC 8020 §2).
            name = answer.aliases[-1] if answer.aliases else answer.name
            domain = _registrable(name, answer.zone)
            if domain:
                dead.setdefault((one.kind, domain), DeadName(one.kind, domain, name, one.at, one.term))
    if not dead:
        return DeadNames((), _in_order(left_open))
    domains = list(dict.fromkeys(domain for _kind, domain in dead))
    above = dict(zip(domains, await resolver.query_all(*((domain, "NS") for domain in domains))))
    found: list[DeadName] = []
    for missing in dead.values():
        exists = above[missing.domain].exists
        if exists is False and sum(other.kind == missing.kind for other in found) < MAX_DEAD:
            found.append(missing)
        elif not exists:
            left_open.add(missing.kind)
    return DeadNames(tuple(found), _in_order(left_open))


async def _of_missing_domain(resolver: Resolver, domain: str, own: str) -> DeadNames:
    """What there is to say of a domain that does not exist: nothing of its records, which nobody sees."""
    above = await resolver.query(own, "NS")
    found = (DeadName("domain", own, domain, domain, ""),) if above.exists is False else ()
    return DeadNames(found, _in_order(kind for kind in KINDS if kind != "domain" or above.exists is None))


def _in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=KINDS.index))


def _registrable(name: str, zone: str | None) -> str | None:
    """The domain that somebody would register to have ``name``, as far as it can be told; ``None`` for a public suffix.

    Without the public suffix list that is what lies in the ``zone`` which denied the name, if that is a top-level one.
    """
    if suffix_rules() is not None:
        return private_suffix(name)
    while zone and "." not in zone and parent(name) != zone and name:
        name = parent(name)
    return name if zone and "." not in zone and name else None


def _bounded(reliances: Iterable[_Reliance], left_open: set[str]) -> Iterator[_Reliance]:
    """As many of each kind as are looked at; the kinds of which there are more are left open."""
    seen = dict.fromkeys(KINDS, 0)
    for one in reliances:
        seen[one.kind] += 1
        if seen[one.kind] > MAX_NAMES:
            left_open.add(one.kind)
        else:
            yield one


async def _answers(resolver: Resolver, reliances: Iterable[_Reliance]) -> list[Answer]:
    """What DNS says of each name; what the look has asked already comes from there."""
    asked = [(one.name, one.rdtype) for one in reliances if one.answer is None]
    told = iter(await resolver.query_all(*asked))
    return [one.answer or next(told) for one in reliances]


def _reliances(facts: Facts, own: str) -> Iterator[_Reliance]:
    domain = facts.query.domain
    if facts.bounces or not _are_there(facts.spf.shared_tree):
        for report in (facts.spf, *(bounce.spf for bounce in facts.bounces)):
            yield from _of_spf(report.tree)
    for path in facts.from_paths:
        for key in path.keys.keys if path.keys else ():
            if key.aliases:
                yield _Reliance("dkim", key.name, key.name, f"CNAME {clip(key.aliases[0])}", rdtype="TXT")
    for exchange in facts.mx.exchanges[:MAX_HOSTS]:
        if is_askable(exchange.host):
            yield _Reliance("mx", exchange.host, domain, f"MX {exchange.host}")
    for host in facts.zone.nameservers:
        if not is_subdomain(host, own):
            yield _Reliance("ns", host, facts.zone.name or domain, f"NS {host}")
    for tag, uris in (("rua", facts.dmarc.rua), ("ruf", facts.dmarc.ruf)):
        for uri in uris:
            if uri.host and not is_subdomain(uri.host, own):
                yield _Reliance("reports", uri.host, facts.dmarc.record_name or domain, f"{tag}={clip(uri.text)}", rdtype="MX")


def _of_spf(nodes: Nodes) -> list[_Reliance]:
    """The names of terms that let somebody pass, in the record and in those that it includes.

    What a macro makes is not for anybody to register, and what has another qualifier lets nobody send.
    """
    found = []
    for node in nodes:
        term = node.term
        if node.target is None or term.name not in _SPF_TERMS or "%" in term.text or term.qualifier not in ("+", ""):
            continue
        for answer in node.answers:
            if answer.name == node.target:
                found.append(_Reliance("spf", node.target, node.domain, clip(term.text), answer))
                break
        found += _of_included(node.children) if node.children else ()
    return found


def _of_included(nodes: Nodes) -> list[_Reliance]:
    """The same of an included record, found once for all domains that include it."""
    found = nodes.made.get("reliances")
    if found is None:
        found = nodes.made["reliances"] = _of_spf(nodes)
    return found


def _are_there(nodes: Nodes) -> bool:
    """Whether all names that an SPF record relies on are known to exist, and are not too many: seen once for all that have it."""
    if "are there" not in nodes.made:
        found = [one.answer for one in _of_spf(nodes) if one.answer]
        nodes.made["are there"] = len(found) <= MAX_NAMES and all(
            answer.is_fact and answer.status is not Status.NXDOMAIN for answer in found)
    return nodes.made["are there"]


def _left_open(facts: Facts) -> set[str]:
    """The kinds of which DNS did not tell all names."""
    failed = {
        "domain": facts.precondition.failed,
        "spf": facts.spf.failed or [bounce for bounce in facts.bounces if bounce.spf.failed],
        "dkim": [key for path in facts.from_paths if path.keys for key in path.keys.keys if key.failed],
        "mx": facts.mx.failed,
        "ns": facts.zone.failed or facts.zone.status == RecordStatus.UNKNOWN,
        "reports": facts.dmarc.failed,
    }
    return {kind for kind, what in failed.items() if what}
