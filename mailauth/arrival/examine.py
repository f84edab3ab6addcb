"""How one mail arrived: the address it left from, its envelope, who signed it, and what receivers make of that."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import getaddresses

from .. import dmarc, spf
from ..finding import Finding
from ..names import is_subdomain, to_ascii
from . import message as source
from . import received, results, route, signature
from .message import Message
from .received import Hop
from .results import Results
from .route import Route
from .signature import Signature

MAX_RESULT_FIELDS = 20
MAX_SERVICES = 120  # terms that an address is held against
_REWRITTEN = re.compile(r"SRS[01][=+-]", re.IGNORECASE)  # a forwarder's envelope (Sender Rewriting Scheme)
_STOPS = frozenset({"forwarded", "mailing_list"})  # what makes the last address somebody else's


@dataclass(frozen=True)
class Learned:
    """What one mail proves about the way that it left.

    ``egress`` are addresses, ``selectors`` those with which it was signed as ``signing_domain``, a domain that is
    aligned with From. ``envelope`` is ``keep`` or ``replace``, ``None`` if that is not known, and
    ``envelope_domain`` the domain that SPF was checked on.
    """

    egress: tuple[str, ...] = ()
    signing_domain: str | None = None
    selectors: tuple[str, ...] = ()
    envelope: str | None = None
    envelope_domain: str | None = None


@dataclass(frozen=True)
class Arrival:
    """What one mail tells about how it arrived.

    ``readable`` is false for what is no mail, or not one as it was received: then ``findings`` say
    why. ``envelope_from`` is ``None`` where nothing tells it, ``""`` for the null sender. ``results`` is what
    the receiver said, ``None`` if it said nothing that can be believed. ``spf`` is our own evaluation for the
    address that the mail left from (``None`` without one), ``dmarc`` ours: ``pass``, ``fail``, ``none`` (no record
    asks) or ``unknown``; ``policy`` is what the From domain asks receivers to do.
    """

    readable: bool
    findings: tuple[Finding, ...] = ()
    subject: str = ""
    message_id: str = ""
    date: datetime | None = None
    from_email: str = ""
    envelope_from: str | None = None
    route: Route = field(default_factory=lambda: Route(()))
    receiver: str | None = None
    signatures: tuple[Signature, ...] = ()
    results: Results | None = None
    spf: spf.CheckResult | None = None
    spf_domain: str | None = None
    spf_aligned: bool | None = None
    aligned_signatures: tuple[Signature, ...] = ()
    dmarc: str = "unknown"
    policy: str | None = None
    unanswered: bool = False  # whether DNS left something open that decides

    @property
    def from_domain(self) -> str:
        return _domain(self.from_email)

    @property
    def envelope_domain(self) -> str:
        return _domain(self.envelope_from or "")

    @property
    def egress(self) -> Hop | None:
        """The hop with the address that the mail left from; ``None`` if that is not known, or a forwarder's."""
        passed_on = {finding.code.partition(".")[2] for finding in self.findings} & _STOPS
        return None if passed_on else self.route.egress

    def learned(self, envelope_from: str = "") -> Learned:
        """What may be remembered of the way, ``envelope_from`` being the envelope sender that was handed over."""
        selectors: tuple[str, ...] = ()
        signing_domain = None
        if self.aligned_signatures:
            signing_domain = min(
                (found.domain for found in self.aligned_signatures),
                key=lambda domain: (domain != self.from_domain, domain))
            selectors = tuple(dict.fromkeys(
                found.selector for found in self.aligned_signatures if found.domain == signing_domain))
        if self.egress is None:
            return Learned((), signing_domain, selectors)
        envelope = None
        given = _domain(envelope_from)
        if given and self.envelope_domain:
            envelope = "keep" if given == self.envelope_domain else "replace"
        return Learned(
            (self.egress.address,), signing_domain, selectors, envelope, self.envelope_domain if envelope else None)


async def examine(resolver, given: bytes | str, *, own_domains: Collection[str] = ()) -> Arrival:
    """Read one mail and look up in DNS what receivers look up.

    ``own_domains`` are those that one sends as: mail that has nothing to do with any of them is told apart, and not
    evaluated; without any, every mail is taken. Raises nothing because of what the mail or DNS contains; what DNS does
    not answer within the resolver's deadline is unknown.
    """
    message = source.read(given)
    if not message.readable:
        return Arrival(False, message.findings)
    own = frozenset(filter(None, map(to_ascii, own_domains)))
    if not _is_own(message, own):
        message = source.unwrapped(message) or message
    problem = _unusable(message, own)
    findings = list(message.findings)
    if problem:
        return Arrival(False, (*findings, problem), **_described(message))
    hops = [received.parse(value) for value in message.values("received")[:route.MAX_HOPS]]
    fields = signature.read(message)
    findings += _bounded(message)
    async with resolver.batch():
        keys, confirmed = await asyncio.gather(
            _keys(resolver, fields), route.own_addresses(resolver, hops))
        arrived = next((hop.date for hop in hops if hop.date), None)
        signatures = tuple(
            signature.verify(message, one, keys[one.signature.key_name], arrived)
            if not one.signature.reason else one.signature for one in fields)
        believed, unbelieved, stated = _results(message, hops, confirmed)
        way = route.follow(hops, confirmed=confirmed, stated=stated)
        arrival = Arrival(
            True, **_described(message), date=arrived, route=way, signatures=signatures, results=believed,
            receiver=_receiver(way, believed))
        arrival = replace(arrival, envelope_from=_envelope(message, believed))
        findings += _of_the_way(message, arrival, own)
        findings += [
            Finding("arrival.results_not_believed", "", {"identifier": source.shown(one.authserv_id or "")})
            for one in unbelieved[:3]]
        arrival = await _authenticate(resolver, replace(arrival, findings=tuple(findings)))
    return replace(arrival, findings=(*findings, *_of_the_authentication(message, arrival)))


async def services_of(resolver, address: str, terms: Mapping[str, str]) -> tuple[str, ...]:
    """Which services' own SPF records let the address pass: the keys of ``terms`` whose ``include:`` does.

    A service of which DNS does not answer is left out.
    """
    async def passes(term: str) -> bool:
        kind, _colon, domain = term.partition(":")
        if kind.lower() != "include" or not to_ascii(domain):
            return False
        checked = await spf.check_host(
            resolver, ip=address, domain=domain, sender=f"postmaster@{domain}", helo=domain)
        return checked.result == "pass"

    chosen = list(terms.items())[:MAX_SERVICES]
    async with resolver.batch():
        found = await asyncio.gather(*(passes(term) for _key, term in chosen))
    return tuple(key for (key, _term), is_found in zip(chosen, found, strict=True) if is_found)


def _described(message: Message) -> dict[str, str]:
    addresses = _authors(message)
    return {
        "subject": source.shown(message.value("subject")),
        "message_id": source.shown(message.value("message-id")),
        "from_email": addresses[0] if addresses else "",
    }


def _authors(message: Message) -> list[str]:
    try:
        pairs = getaddresses([value[:4096] for value in message.values("from")[:4]])
    except (ValueError, TypeError, IndexError, RecursionError):
        return []
    return [_address(address) for _name, address in pairs[:20] if _address(address)]


def _address(text: str) -> str:
    """An address as it can be shown and compared: the domain as A-labels; empty for what is none."""
    text = text.strip().strip("<>")
    local, at, domain = text.rpartition("@")
    ascii_domain = to_ascii(domain)
    if not at or not local or not ascii_domain or len(text) > 320 or not text.isprintable() or " " in text:
        return ""
    return f"{local}@{ascii_domain}"


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    return to_ascii(domain) or domain.lower()


def _belongs(domain: str, own: Collection[str]) -> bool:
    return any(is_subdomain(domain, one) or is_subdomain(one, domain) and "." in domain for one in own)


def _is_own(message: Message, own: Collection[str]) -> bool:
    """Whether the mail has to do with a domain of one's own. Without any given: whether it is a mail as it was received."""
    if not own:
        return bool(message.raw("received")) and not source.unwrapped(message)
    domains = {_domain(address) for address in _authors(message)}
    domains |= {_domain(_address(value)) for value in message.values("return-path")[:4]}
    domains |= {one.signature.domain for one in signature.read(message)}
    return any(_belongs(domain, own) for domain in domains if domain)


def _unusable(message: Message, own: Collection[str]) -> Finding | None:
    """Why this mail cannot tell anything, whatever DNS says."""
    authors = _authors(message)
    code = None
    if source.is_bounce(message):
        code = "arrival.bounce"
    elif own and not _is_own(message, own):
        code = "arrival.forwarded_inline" if source.is_inline_forward(message) else "arrival.foreign"
    elif not message.raw("received"):
        code = "arrival.headers_stripped" if source.is_shown_only(message) else "arrival.no_received"
    elif not authors:
        code = "arrival.no_from"
    elif len(authors) > 1 or len(message.raw("from")) > 1:
        code = "arrival.several_from"
    return code and Finding(code, "", {"from_email": authors[0] if authors else "", "domains": sorted(own)[:5]})


def _bounded(message: Message) -> list[Finding]:
    limits = {
        "Received": route.MAX_HOPS, "DKIM-Signature": signature.MAX_SIGNATURES,
        "Authentication-Results": MAX_RESULT_FIELDS,
    }
    return [
        Finding("arrival.too_many", "", {"field": name, "limit": limit})
        for name, limit in limits.items() if len(message.raw(name.lower())) > limit
    ]


async def _keys(resolver, fields) -> dict:
    names = list(signature.key_names(fields))
    answers = await asyncio.gather(*(resolver.query(name, "TXT") for name in names))
    return dict(zip(names, answers, strict=True))


def _results(
    message: Message, hops: Sequence[Hop], confirmed: Collection[str],
) -> tuple[Results | None, list[Results], frozenset[str]]:
    """What the receiver said, what only claims to be its word, and the addresses that it names as the sender's.

    A receiver puts its fields on top of what it gets: whatever stands below the first Received field that is
    not its own came with the mail (RFC 8601 §5, §7.1).
    """
    way = route.follow(hops, confirmed=confirmed)
    above, passed, clients, receivers = [], 0, set(), set(way.receivers)
    for name, value in message.fields:
        name = name.lower()
        if name == "received":
            passed += 1
            if passed > max(1, way.trusted):
                break
        elif name == "authentication-results" and len(above) < MAX_RESULT_FIELDS:
            above.append(results.parse(source.unfold(value)))
            if not passed and not receivers and above[-1].authserv_id:
                # Yahoo's machines give their addresses only. What stands above all Received fields came last.
                receivers |= {route.organization(above[-1].authserv_id)} - {None}
        elif name == "received-spf":
            clients.add(results.client(source.unfold(value)))
    believed = [one for one in above if _is_of(one.authserv_id, receivers)]
    unbelieved = [one for one in above if one not in believed and one.authserv_id]
    if not believed:
        return None, unbelieved, frozenset(filter(None, clients))
    # Some servers write one field for each method; what another identifier says is another server's word.
    same = [one for one in believed if one.authserv_id == believed[0].authserv_id]
    clients |= {one.client for one in same}
    joined = Results(
        same[0].authserv_id, tuple(result for one in same for result in one.results)[:results.MAX_RESULTS],
        next((one.client for one in same if one.client), None))
    return joined, unbelieved, frozenset(filter(None, clients))


def _receiver(way: Route, believed: Results | None) -> str | None:
    """The name of who received the mail: the host where it came in, else what the receiver calls itself."""
    hosts = [hop.by for hop in reversed(way.hops[:way.trusted]) if route.organization(hop.by)]
    return next(iter(hosts), None) or (believed.authserv_id if believed else None)


def _is_of(authserv_id: str | None, receivers: Collection[str]) -> bool:
    """Whether an identifier is the receiver's own. Microsoft's fields have none."""
    if authserv_id is None:
        return "microsoft" in receivers
    name = to_ascii(authserv_id)
    return route.organization(name) in receivers if name else False


def _envelope(message: Message, believed: Results | None) -> str | None:
    """The envelope sender: the receiver's Return-Path, else what it says that it checked SPF on."""
    for value in message.values("return-path")[:1]:
        if value.replace(" ", "") == "<>":
            return ""
        if _address(value):
            return _address(value)
    for result in believed.of("spf") if believed else ():
        mail_from = result.properties.get("smtp.mailfrom", "").strip("<>")
        if _address(mail_from):
            return _address(mail_from)
        if to_ascii(mail_from) and "." in mail_from:
            return f"@{to_ascii(mail_from)}"
    return None


def _of_the_way(message: Message, arrival: Arrival, own: Collection[str]) -> list[Finding]:
    findings = []
    names = {name.lower() for name, _value in message.fields}
    delivered = {value.lower() for value in message.values("delivered-to")[:10]}
    lists = names & {"list-id", "list-post", "x-mailman-version", "mailing-list", "x-mailing-list"}
    envelope = arrival.envelope_from or ""
    foreign_envelope = bool(arrival.envelope_domain) and not _belongs(
        arrival.envelope_domain, own or {arrival.from_domain})
    if names & {"resent-from", "resent-to", "x-forwarded-to", "x-forwarded-for"} or len(delivered) > 1 \
            or _REWRITTEN.match(envelope):
        findings.append(Finding("arrival.forwarded", "", {"receiver": arrival.receiver or ""}))
    elif lists and foreign_envelope:
        findings.append(Finding("arrival.mailing_list", "", {"envelope_from": envelope}))
    if source.is_tnef(message):
        findings.append(Finding("arrival.tnef", ""))
    if arrival.route.entry is None:
        inside = all(hop.address is None or not hop.public for hop in arrival.route.hops)
        findings.append(Finding("arrival.internal_only" if inside else "arrival.no_egress", ""))
    if arrival.envelope_from is None:
        findings.append(Finding("arrival.no_envelope", ""))
    return findings


async def _authenticate(resolver, arrival: Arrival) -> Arrival:
    """SPF, alignment and DMARC as the receiver of this mail would come to them today."""
    policy = await dmarc.discover(resolver, arrival.from_domain)
    hop = arrival.route.egress
    checked = None
    spf_domain = arrival.envelope_domain or (hop.helo if hop and arrival.envelope_from == "" else None)
    if hop and spf_domain:
        local = (arrival.envelope_from or "").rpartition("@")[0] or "postmaster"
        checked = await spf.check_host(
            resolver, ip=hop.address, domain=spf_domain, sender=f"{local}@{spf_domain}", helo=hop.helo or spf_domain)
    proven = [one for one in arrival.signatures if one.proven]
    spf_aligned, *aligned = await asyncio.gather(
        _aligned(resolver, policy, arrival.from_domain, spf_domain, policy.aspf),
        *(_aligned(resolver, policy, arrival.from_domain, one.domain, policy.adkim) for one in proven))
    by_spf = _both(
        None if checked is None or checked.result == "temperror" else checked.result == "pass", spf_aligned)
    by_dkim = [
        _both(_outcome(one, arrival.results), is_aligned) for one, is_aligned in zip(proven, aligned, strict=True)]
    by_dkim += [None for one in arrival.signatures if one.status == "unknown"]
    outcomes = [by_spf, *by_dkim]
    result = "pass" if True in outcomes else "unknown" if None in outcomes else "fail"
    if result == "fail":
        result = {"none": "none", "unknown": "unknown"}.get(policy.status, "fail")
    unanswered = policy.status == "unknown" or None in (spf_aligned, *aligned) \
        or any(one.status == "unknown" for one in arrival.signatures) \
        or bool(checked and checked.result == "temperror")
    return replace(
        arrival, spf=checked, spf_domain=spf_domain, spf_aligned=spf_aligned,
        aligned_signatures=tuple(one for one, is_aligned in zip(proven, aligned, strict=True) if is_aligned),
        dmarc=result, policy=policy.stricter, unanswered=unanswered)


def _outcome(one: Signature, said: Results | None) -> bool | None:
    """Whether a signature with a good header passes. Of a body that the copy lost only the receiver can tell."""
    if one.status == "pass" or _receiver_passed(one, said):
        return True
    return None if one.status == "body_missing" else False


def _receiver_passed(one: Signature, said: Results | None) -> bool:
    """Whether the receiver said that this signature was good when the mail arrived."""
    for result in said.of("dkim") if said else ():
        domain = result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
        selector = result.properties.get("header.s", one.selector)
        if result.result == "pass" and selector == one.selector and is_subdomain(to_ascii(domain) or "-", one.domain):
            return True
    return False


async def _aligned(resolver, policy, from_domain: str, domain: str | None, mode: str) -> bool | None:
    if not domain:
        return False
    return await dmarc.aligned(resolver, policy, from_domain, domain, strict=mode == "s")


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Logical and, where ``None`` is not known."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _of_the_authentication(message: Message, arrival: Arrival) -> list[Finding]:
    findings = []
    for one in arrival.signatures:
        params = {"domain": one.domain, "selector": one.selector, "reason": one.reason or ""}
        if one.status == "unknown":
            server = one.failed.server if one.failed else None
            findings.append(Finding("arrival.signature_unanswered", one.key_name, {**params, "server": server}))
        elif one.status == "fail" or one.status == "body_changed" and not _receiver_passed(one, arrival.results):
            findings.append(Finding(
                "arrival.signature_invalid", one.key_name, {**params, "reason": one.reason or one.status}))
    if not arrival.signatures:
        findings.append(Finding("arrival.not_signed", arrival.from_domain))
    elif any(one.proven for one in arrival.signatures) and not arrival.aligned_signatures:
        domains = [one.domain for one in arrival.signatures if one.proven]
        findings.append(Finding(
            "arrival.not_aligned", arrival.from_domain, {"domains": domains, "from_domain": arrival.from_domain}))
    if arrival.spf and arrival.egress:
        params = {"result": arrival.spf.result, "address": arrival.egress.address, "domain": arrival.spf_domain}
        if arrival.spf.result == "temperror":
            findings.append(Finding("arrival.spf_unanswered", arrival.spf_domain or "", params))
        elif arrival.spf.result != "pass":
            findings.append(Finding("arrival.spf_not_passed", arrival.spf_domain or "", params))
    if arrival.dmarc == "fail":
        findings.append(Finding("arrival.dmarc_failed", arrival.from_domain, {"policy": arrival.policy}))
    elif arrival.dmarc == "unknown" and arrival.unanswered:
        findings.append(Finding("arrival.dmarc_unanswered", arrival.from_domain))
    return findings + _disagreements(arrival)


def _disagreements(arrival: Arrival) -> list[Finding]:
    """Where the receiver came to another result than we do; DNS may have changed since the mail arrived."""
    if arrival.results is None:
        return []
    ours = {"dmarc": arrival.dmarc if arrival.dmarc in ("pass", "fail") else None}
    if arrival.spf and arrival.egress and arrival.spf.result in ("pass", "fail", "softfail", "none", "permerror"):
        ours["spf"] = arrival.spf.result
    findings = []
    for method, own in ours.items():
        said = next((result.result for result in arrival.results.of(method)), None)
        if own and said and (own == "pass") != (said == "pass") and said not in ("temperror", "bestguesspass"):
            findings.append(Finding(
                "arrival.receiver_disagrees", arrival.from_domain,
                {"method": method.upper(), "said": said, "found": own}))
    return findings
