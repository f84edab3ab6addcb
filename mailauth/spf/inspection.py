"""What a domain's SPF record amounts to, for a person: the tree, the counts, and everything worth a remark."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from functools import partial

from ..certain import certain
from ..dns.answer import Answer, Status
from ..dns.contested import Contest, look
from ..dns.names import is_subdomain, to_ascii
from ..dns.protocol import Resolver
from ..dns.public_suffix import private_suffix
from ..finding import Finding
from ..status import RecordStatus
from ..value import cached_property, dataclass
from .check import CheckResult, check_host
from .lint import joined_strings, lint, resembling, syntax
from .networks import Networks
from .passing import evaluate
from .terms import Record, Term, clip
from .tree import Builder, Node, NodeOutcome, Nodes
from .walk import (
    MAX_LOOKUPS,
    MAX_MX,
    MAX_REMEMBERED,
    MAX_REMEMBERED_OCTETS,
    MAX_VOID_LOOKUPS,
    VOID,
    Known,
    Policy,
    Walk,
    batch,
    read_policy,
    static_target,
)

SAFE_OCTETS = 450  # name and texts (RFC 7208 §3.4)
MAX_FINDINGS = 200
MAX_TEXT = 200_000  # characters of records that the findings of one report repeat
_MEANT = frozenset({"spf.not_selected", "spf.quotes", "spf.curly_quotes", "spf.glued_terms"})
PACKET_OCTETS = 1232  # a whole answer in one packet on every path (DNS flag day 2020)


@dataclass(frozen=True)
class SpfReport:
    """The SPF record of one domain.

    ``status``: ``found``; ``none`` (DNS says there is none); ``several``; ``invalid``
    (receivers who come that far answer permerror: a syntax error in the tree, a limit, a loop,
    an include without record); ``unknown`` (DNS did not answer, and the outcome for who comes that
    far depends on it: ``failed`` is that question, for other statuses a question that did not answer
    and changes nothing). What receivers conclude for one sender is :func:`mailauth.spf.authorises`.

    ``records`` are the SPF records seen, ``meant`` the TXT records that were meant as one
    and that receivers skip (quotes in front, a misspelt version): :func:`merge` can read both.
    ``worst_lookups`` counts the whole tree; an address that matches early needs fewer
    (``evaluated``, if an address was given). ``void_lookups`` are the target names of
    the terms that are void for both families. ``all_qualifier`` is that of the ``all``
    that ends the evaluation, through redirect if need be; ``None`` without one.
    ``stops_at`` is the first term, with the domain whose record it stands in, at which evaluation ends
    in permerror or temperror for those who come that far; ``passes`` tells whether anybody passes
    before (``None`` where that depends on the mail, or on what DNS did not answer). ``ttl`` is in seconds.
    ``shared_tree`` is the tree as the first domain of a batch has it whose record, and all below, is the very same;
    ``contest`` is set where an alias stands beside the record: all the rest is then what those receivers see
    that are shown the record itself.
    """

    domain: str
    status: RecordStatus
    answer: Answer
    records: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    record: str | None = None
    parsed: Record | None = None
    ttl: int = 0
    shared_tree: Nodes = field(default=Nodes(), compare=False)
    worst_lookups: int = 0
    void_lookups: tuple[str, ...] = ()
    all_qualifier: str | None = None
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None
    stops_at: tuple[str, str] | None = None
    passes: bool | None = None
    evaluated: CheckResult | None = None
    contest: Contest | None = None

    @cached_property
    def tree(self) -> Nodes:
        """The terms of the record, with what they lead to."""
        shared = self.shared_tree
        if not shared or shared[0].domain == self.domain:
            return shared
        tree = Nodes([Node(**{**vars(node), "domain": self.domain}) for node in shared])
        tree.made = shared.made
        return tree

    def nodes(self) -> Iterator[Node]:
        """All nodes, each before those below it."""
        return _flatten(self.tree)


def _flatten(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if node.children:
            yield from _flatten(node.children)


async def inspect(
    resolver: Resolver, domain: str, *, ip: str | None = None, helo: str | None = None, sender: str | None = None,
    extras: bool = True,
) -> SpfReport:
    """The SPF record of ``domain``, with everything that it leads to, and every error in it.

    Asks all questions in parallel, each once (bounds: :mod:`mailauth.spf.walk`), and
    never raises. With ``ip`` the record is evaluated for that address too. ``extras``
    asks the few questions that serve findings only: the withdrawn type 99, the wrong
    places of a missing record, whether the domain behind a dead include is registered.
    """
    name = to_ascii(domain) or domain.lower()
    look_further = ip, helo, sender, extras
    async with batch(resolver) as known:
        answer, *type99 = await resolver.query_all((name, "TXT"), *([(name, "SPF")] if extras else ()))
        # Hardly any name has the withdrawn type: what is said of it shows an alias.
        contest = await look(resolver, answer, partial(_texts, name), beside=type99[0]) if extras else None
        if contest is None:
            return await _inspect(resolver, known, name, answer, type99, *look_further)
    own = contest.views(resolver)[0]
    async with batch(own) as known:
        report = await _inspect(own, known, name, contest.own, type99, *look_further)
        return replace(report, contest=contest, findings=(contest.finding("spf"), *report.findings))


def _texts(name: str, answer: Answer) -> tuple[str, ...]:
    return read_policy(name, answer).texts


async def _inspect(
    resolver: Resolver, known: Known, name: str, answer: Answer, type99: list[Answer], ip: str | None, helo: str | None,
    sender: str | None, extras: bool,
) -> SpfReport:
    policy = read_policy(name, answer, known.parse)
    findings = list(_of_answer(policy, *type99))
    meant = tuple(f.record for f in findings if f.code in _MEANT and f.record and f.record not in policy.texts)
    report = partial(SpfReport, domain=name, answer=answer, records=policy.texts, meant=meant, ttl=answer.ttl)
    if not answer.is_fact:
        return report(status=RecordStatus.UNKNOWN, failed=answer, findings=(_unanswered(name, answer),))
    if len(policy.texts) > 1:
        params = {"count": len(policy.texts), "records": [clip(text) for text in policy.texts[:10]]}
        return report(status=RecordStatus.SEVERAL, findings=_distinct([Finding("spf.several", name, params), *findings]))
    if policy.record is None:
        findings.insert(0, Finding("spf.missing", name, {"exists": bool(answer.exists)}))
        if extras and answer.exists and answer.status is not Status.BAD_NAME:
            findings += await _wrong_places(resolver, name)
        return report(status=RecordStatus.NONE, findings=_distinct(findings))

    report = partial(report, record=policy.record.text, parsed=policy.record)
    alike = await _alike(resolver, known, policy, policy.record)
    if alike is not None:
        found = report(
            status=RecordStatus.FOUND, shared_tree=alike.tree, worst_lookups=alike.lookups, all_qualifier=alike.all_qualifier,
            findings=_distinct(findings), passes=True)
    else:
        with _under_way(known, policy.record):
            found = await _look_below(Walk(resolver, name, known), policy, report, findings, extras)
    if ip is None:
        return found
    return replace(found, evaluated=await check_host(
        resolver, ip=ip, domain=name, sender=sender or f"postmaster@{name}", helo=helo or name, trace=True))


async def _look_below(
    walk: Walk, policy: Policy, report: Callable[..., SpfReport], findings: list[Finding], extras: bool,
) -> SpfReport:
    """The report of a single record, with all that it leads to; ``findings`` are those of the answer that it came in."""
    name, record = policy.domain, certain(policy.record)
    await walk.run(policy)
    builder = Builder(walk)
    tree = builder.build()
    worst = builder.total(name)
    # Networks, most of a large tree, have nothing to tell.
    nodes = [
        node for node in _flatten(tree)
        if node.term.looks_up or node.outcome not in (NodeOutcome.OK, NodeOutcome.NOT_REACHED)]
    of_record = lint(record, name)
    of_tree = [*_of_tree(walk, policy, nodes, worst), *_exp(walk, policy)]
    if extras:
        of_tree += await _unregistered(walk.resolver, name, nodes)
    status, failed = _status(policy, nodes, worst)
    all_qualifier = _all_qualifier(walk, policy)
    if extras and not (of_record or of_tree) and status is RecordStatus.FOUND and _rests_on_records_alone(policy, nodes):
        _note_without_remark(walk, record, tree, worst, all_qualifier)
    return report(
        status=status,
        shared_tree=tree,
        worst_lookups=worst,
        void_lookups=tuple(certain(node.target) for node in nodes if node.void and node.outcome is NodeOutcome.VOID),
        all_qualifier=all_qualifier,
        findings=_distinct([*of_record, *findings, *of_tree]),
        failed=failed,
        stops_at=_stops_at(tree) if status in (RecordStatus.INVALID, RecordStatus.UNKNOWN) else None,
        passes=_passes(walk, status),
    )


@dataclass(frozen=True)
class _WithoutRemark:
    """What is known of a record about which, and about the records below it, there is nothing to say.

    ``answers`` are those about the records below: it rests on these and on nothing else.
    """

    record: Record
    answers: dict[tuple[str, str], Answer]
    tree: Nodes
    lookups: int
    all_qualifier: str | None


async def _alike(resolver: Resolver, known: Known, root: Policy, record: Record) -> _WithoutRemark | None:
    """What another domain's look at the very same record has come to, if that says it all.

    Domains that are looked at side by side often have one record: then one look is under way, and waited for, once, as long as
    half of the time lasts. Where it turns out to be of no use to others they go on side by side.
    """
    alike = _without_remark(known, root, record)
    under_way = known.under_way.get(record.text)
    if alike is None and under_way is not None:
        await asyncio.wait({under_way}, timeout=resolver.seconds_left / 2)
        alike = _without_remark(known, root, record)
    return alike


@contextmanager
def _under_way(known: Known, record: Record) -> Iterator[None]:
    """Have others who come to the very same record wait until it is looked at, unless somebody else does so already.

    Only if the look may say it all for them, as far as the record itself tells.
    """
    if record.text in known.under_way or len(record.text) > MAX_REMEMBERED_OCTETS or not _leads_to_records_alone(
            record, [term for term in record.terms if term.looks_up]):
        yield
        return
    ended = known.under_way[record.text] = asyncio.get_running_loop().create_future()
    try:
        yield
    finally:
        del known.under_way[record.text]
        ended.set_result(None)


def _without_remark(known: Known, root: Policy, record: Record) -> _WithoutRemark | None:
    """What is known of the very same record, as another domain has it, if the records below it are still the same ones."""
    alike = known.without_remark.get(record.text)
    if alike is None or alike.record is not record or (root.domain, "TXT") in alike.answers:
        return None
    return alike if alike.answers.items() <= known.answers.items() else None


def _note_without_remark(walk: Walk, record: Record, tree: Nodes, lookups: int, all_qualifier: str | None) -> None:
    kept = walk.known.without_remark
    if len(record.text) <= MAX_REMEMBERED_OCTETS and len(kept) < MAX_REMEMBERED:
        answers = {(domain, "TXT"): policy.answer for domain, policy in walk.policies.items() if domain != walk.domain}
        kept[record.text] = _WithoutRemark(record, answers, tree, lookups, all_qualifier)


def _rests_on_records_alone(policy: Policy, nodes: list[Node]) -> bool:
    """Whether a tree is made of records and networks: no address, no macro, nothing that failed or differs by the domain."""
    return all(node.outcome is NodeOutcome.OK for node in nodes) and _leads_to_records_alone(
        certain(policy.record), [node.term for node in nodes])


def _leads_to_records_alone(record: Record, terms: Iterable[Term]) -> bool:
    """Whether these terms, which ask DNS, ask for records and not for addresses, the same for every domain."""
    return record.modifier("exp") is None and all(
        term.name in ("include", "redirect") and "%" not in (term.domain_spec or "%") for term in terms)


def _distinct(findings: list[Finding]) -> tuple[Finding, ...]:
    """Each finding once, where an include that appears twice would bring it twice; bounded in number and size."""
    distinct: dict[tuple, Finding] = {}
    room = MAX_TEXT
    for finding in findings:
        about = finding.params
        key = (finding.code, finding.name, finding.span, about.get("term"), about.get("at"), about.get("rdtype"))
        if key in distinct:
            continue
        room -= len(finding.record or "")
        distinct[key] = finding if room >= 0 else replace(finding, record=None, span=None)
        if len(distinct) >= MAX_FINDINGS:
            break
    return tuple(distinct.values())


def _status(policy: Policy, nodes: list[Node], worst: int) -> tuple[RecordStatus, Answer | None]:
    """The status of a single record, and the question that did not answer.

    An error that is there for sure wins over anything unknown; an unanswered address
    question matters only if the void lookups could reach their limit through it.
    """
    failed = [node.failed for node in nodes if node.failed]
    first = failed[0] if failed else None
    voids = sum(bool(node.void) for node in nodes if node.outcome is NodeOutcome.VOID)
    if (
        certain(policy.record).errors
        or any(node.breaks or node.outcome is NodeOutcome.INVALID for node in nodes)
        or worst > MAX_LOOKUPS
        or voids > MAX_VOID_LOOKUPS
    ):
        return RecordStatus.INVALID, first
    for node in nodes:
        if node.failed and node.failed.rdtype in ("TXT", "MX"):
            return RecordStatus.UNKNOWN, node.failed
    perhaps = sum(node.void is None and node.failed is not None for node in nodes)
    if perhaps and voids + perhaps > MAX_VOID_LOOKUPS:
        return RecordStatus.UNKNOWN, first
    return RecordStatus.FOUND, first


def _stops_at(tree: tuple[Node, ...]) -> tuple[str, str] | None:
    voids = 0
    for node in _in_order(tree):
        voids += node.outcome is NodeOutcome.VOID
        if (
            node.breaks or node.outcome in (NodeOutcome.INVALID, NodeOutcome.UNANSWERED)
            or node.lookups and node.reached_at > MAX_LOOKUPS or voids > MAX_VOID_LOOKUPS
        ):
            return clip(node.term.text), node.domain
    return None


def _in_order(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes as they are evaluated: a redirect after the mechanisms (RFC 7208 §6.1)."""
    for node in sorted(nodes, key=lambda node: node.term.name == "redirect"):
        yield node
        yield from _in_order(node.children)


def _passes(walk: Walk, status: RecordStatus) -> bool | None:
    """Whether anybody passes by a record; of a sound one that is not asked."""
    if status is RecordStatus.FOUND:
        return True
    outcome = evaluate(walk, Networks.everything())
    if outcome.passed or outcome.world:
        return True
    return None if outcome.undecided or outcome.failed or outcome.differs else False


def _of_answer(policy: Policy, type99: Answer | None = None) -> Iterator[Finding]:
    """Findings of the TXT answer itself: what resembles SPF, sizes, strings, type 99."""
    name, answer = policy.domain, policy.answer
    for text in sorted(answer.texts)[:100] if answer.status is Status.OK else ():
        meant = resembling(text)
        if meant:
            yield Finding(meant[0], name, meant[1], text)
    for place, before, behind in joined_strings(policy.strings):
        text = policy.texts[0]
        yield Finding("spf.joined_strings", name, {"before": before, "behind": behind}, text, (place, place))
    if answer.status is Status.OK:
        octets = len(name) + sum(len(string) for strings in answer.records for string in strings)
        params = {"octets": octets, "message_octets": answer.size}
        if answer.size > PACKET_OCTETS:
            yield Finding("spf.answer_needs_tcp", name, {**params, "limit": PACKET_OCTETS})
        elif octets > SAFE_OCTETS and policy.texts:
            yield Finding("spf.answer_size", name, {**params, "limit": SAFE_OCTETS})
    if type99 is not None and type99.status is Status.OK:
        other = read_policy(name, type99)
        if other.texts:
            code = "spf.type99" if set(other.texts) <= set(policy.texts) else "spf.type99_differs"
            yield Finding(code, name, {"text": clip(other.texts[0])}, other.texts[0])


def _of_tree(walk: Walk, policy: Policy, nodes: list[Node], worst: int) -> Iterator[Finding]:
    name, record = policy.domain, certain(policy.record).text
    via = _Paths(name, nodes)
    if worst > MAX_LOOKUPS:
        params: dict[str, object] = {"count": worst, "limit": MAX_LOOKUPS}
        over = [node for node in nodes if node.lookups and node.reached_at > MAX_LOOKUPS]
        if over:
            first = min(over, key=lambda node: node.reached_at)
            params |= {"term": clip(first.term.text), "at": first.domain}
        yield Finding("spf.too_many_lookups", name, params, record)
    yield from _voids(name, nodes, record)
    for node in nodes:
        if not node.answers and node.outcome is not NodeOutcome.LOOP:
            continue
        if node.outcome is NodeOutcome.OK and node.failed is None:
            continue
        target = certain(node.target)
        place: dict[str, object] = {"term": clip(node.term.text), "at": node.domain, "via": via[node]}
        own = (node.term.span if node.domain == name else None)
        text = record if node.domain == name else None
        if node.outcome is NodeOutcome.NO_RECORD:
            params = {**place, "status": node.answers[0].status.value}
            yield Finding("spf.include_none", target, params, text, own)
        elif node.outcome is NodeOutcome.SEVERAL:
            yield Finding("spf.include_several", target, place, text, own)
        elif node.outcome is NodeOutcome.LOOP:
            yield Finding("spf.loop", target, place, text, own)
        elif node.outcome is NodeOutcome.TOO_MANY_MX:
            count = len(node.answers[0].records)
            yield Finding("spf.too_many_mx", target, {**place, "count": count, "limit": MAX_MX}, text, own)
        elif node.failed is not None:
            yield _unanswered(name, node.failed, place)
    yield from _of_children(walk, nodes, via)


def _voids(name: str, nodes: list[Node], record: str) -> Iterator[Finding]:
    void = [node for node in nodes if node.outcome is NodeOutcome.VOID]
    if len(void) > MAX_VOID_LOOKUPS:
        params = {"count": len(void), "limit": MAX_VOID_LOOKUPS, "terms": [clip(node.term.text) for node in void[:20]]}
        yield Finding("spf.void_lookups", name, params, record)
    for node in void:
        own = node.domain == name
        yield Finding(
            "spf.void_lookup", certain(node.target), {"term": clip(node.term.text), "at": node.domain},
            record if own else None, node.term.span if own else None,
        )
    if len(void) <= MAX_VOID_LOOKUPS:
        for code, flags in (
            ("spf.ipv4_only_breaks", [node.void4 for node in nodes]),
            ("spf.ipv6_only_breaks", [node.void6 for node in nodes]),
        ):
            terms = [clip(node.term.text) for node, flag in zip(nodes, flags, strict=True) if flag]
            if len(terms) > MAX_VOID_LOOKUPS:
                params = {"count": len(terms), "limit": MAX_VOID_LOOKUPS, "terms": terms[:20]}
                yield Finding(code, name, params, record)
        yield from _hosts_without_ipv6(name, nodes, record)


def _hosts_without_ipv6(name: str, nodes: list[Node], record: str) -> Iterator[Finding]:
    """More hosts than void lookups are allowed, behind fewer terms: some libraries count hosts, not terms as the RFC does."""
    hosts: list[str] = []
    terms: list[str] = []
    for node in nodes:
        found = [answer.name for answer in node.answers if answer.rdtype == "AAAA" and answer.status in VOID]
        if found:
            hosts += found
            terms.append(clip(node.term.text))
    if len(terms) <= MAX_VOID_LOOKUPS < len(hosts):
        params = {"count": len(hosts), "limit": MAX_VOID_LOOKUPS, "hosts": sorted(set(hosts))[:20], "terms": terms}
        yield Finding("spf.ipv6_hosts_break", name, params, record)


def _of_children(walk: Walk, nodes: list[Node], via: _Paths) -> Iterator[Finding]:
    """Errors of records at the other end, and an ``all`` there that passes everybody."""
    seen = set()
    for node in nodes:
        target = node.target
        if node.term.name not in ("include", "redirect") or target is None or target in seen or not node.record:
            continue
        seen.add(target)
        if node.outcome is NodeOutcome.INVALID:
            where = {"term": clip(node.term.text), "at": node.domain, "via": via[node]}
            for finding in syntax(certain(walk.policies[target].record), target):
                yield Finding(finding.code, finding.name, {**finding.params, **where}, finding.record, finding.span)
        for child in node.children:
            if child.term.name != "all" or child.outcome is not NodeOutcome.OK:
                continue
            if child.term.qualifier == "+" and node.term.qualifier in ("+", ""):
                code = "spf.plus_all"
            elif child.term.qualifier == "?" and node.term.name == "redirect":
                code = "spf.neutral_all"
            else:
                continue
            where = {"term": clip(node.term.text), "at": node.domain, "via": via[node]}
            yield Finding(code, target, where, node.record, child.term.span)
        if node.term.name == "redirect" and node.outcome is NodeOutcome.OK:
            ends = any(child.term.name in ("all", "redirect") for child in node.children)
            if not ends:
                where = {"term": clip(node.term.text), "at": node.domain, "via": via[node]}
                yield Finding("spf.no_all", target, where, node.record, (0, len(node.record)))


class _Paths:
    """For each node, the domains on the way from the inspected one to the record that holds it; found when needed."""

    def __init__(self, name: str, nodes: list[Node]) -> None:
        self._name = name
        self._top = [node for node in nodes if node.domain == name]
        self._paths: dict[int, list[str]] = {}

    def __getitem__(self, node: Node) -> list[str]:
        if not self._paths:
            self._note(self._top, [self._name])
        return self._paths[id(node)]

    def _note(self, children: Iterable[Node], path: list[str]) -> None:
        for node in children:
            self._paths[id(node)] = path
            if node.children:
                self._note(node.children, [*path, certain(node.target)])


def _exp(walk: Walk, policy: Policy) -> Iterator[Finding]:
    record = certain(policy.record)
    term = record.modifier("exp")
    if term is None or not term.valid:
        return
    target = static_target(term, policy.domain, policy.domain)
    answer = walk.answer(target, "TXT") if target is not None else None
    if target is None or answer is None or not answer.is_fact:
        return
    texts = [b"".join(strings) for strings in answer.records]
    if len(texts) != 1 or not texts[0].isascii():
        params = {"term": clip(term.text), "count": len(texts)}
        yield Finding("spf.exp_unusable", target, params, record.text, term.span)


def _all_qualifier(walk: Walk, own: Policy) -> str | None:
    seen = set()
    policy: Policy | None = own
    while policy is not None and policy.record is not None and policy.domain not in seen:
        seen.add(policy.domain)
        if policy.record.all is not None:
            return policy.record.all.qualifier
        redirect = policy.record.modifier("redirect")
        target = static_target(redirect, policy.domain, walk.domain) if redirect is not None else None
        policy = walk.policies.get(target) if target is not None else None
    return None


def _unanswered(name: str, answer: Answer, place: dict[str, object] | None = None) -> Finding:
    params = {
        "question": answer.name, "rdtype": answer.rdtype, "status": answer.status.value, "server": answer.server,
        "detail": clip(answer.detail),
    }
    return Finding("spf.unanswered", answer.name or name, {**params, **(place or {})})


async def _wrong_places(resolver: Resolver, name: str) -> list[Finding]:
    """SPF records where people put them by mistake; asked only if the right place has none."""
    places = {
        f"_spf.{name}": "spf.wrong_place",
        f"spf.{name}": "spf.wrong_place",
        f"{name}.{name}": "spf.doubled_domain",
    }
    answers = await resolver.query_all(*((place, "TXT") for place in places))
    found = []
    for place, answer in zip(places, answers, strict=True):
        texts = read_policy(place, answer).texts
        if texts:
            found.append(Finding(places[place], place, {"expected": name, "text": clip(texts[0])}, texts[0]))
    return found


async def _unregistered(resolver: Resolver, name: str, nodes: list[Node]) -> list[Finding]:
    """Registrable domains behind the tree's names that do not exist: anyone may take them."""
    dead = {
        node.target: node
        for node in nodes
        if node.target and any(a.status is Status.NXDOMAIN and a.name == node.target for a in node.answers)
    }
    domains: dict[str, Node] = {}
    for target, node in list(dead.items())[:20]:
        registrable = private_suffix(target)
        if registrable and not is_subdomain(name, registrable):
            domains.setdefault(registrable, node)
    answers = await resolver.query_all(*((domain, "NS") for domain in domains))
    return [
        Finding(
            "spf.include_unregistered", domain, {"term": clip(node.term.text), "at": node.domain, "target": node.target}
        )
        for (domain, node), answer in zip(domains.items(), answers, strict=True)
        if answer.exists is False
    ]
