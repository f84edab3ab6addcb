"""How one mail arrived: the address it left from, its envelope, who signed it, and what receivers make of that."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import field, replace
from datetime import datetime
from email.utils import getaddresses
from typing import Any

from .. import spf
from ..certain import certain
from ..dns.answer import Answer
from ..dns.names import WithSender, domain_of, is_subdomain, to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding
from ..rejections import classify
from ..value import dataclass
from . import bounce, judgment, received, receiver, route, signature
from . import message as source
from .message import Message
from .received import Hop
from .results import Results
from .route import Route
from .signature import Signature

MAX_SERVICES = 120  # terms that an address is held against
_BOUNCES = {
    "failed": "arrival.bounce", "delayed": "arrival.delayed", "delivered": "arrival.receipt", "read": "arrival.receipt",
    "complaint": "arrival.report",
}
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
class Arrival(WithSender):
    """What one mail tells about how it arrived.

    ``readable`` is false for what is no mail, or not one as it was received: then ``findings`` say
    why. ``envelope_from`` is ``None`` where nothing tells it, ``""`` for the null sender. ``results`` is what
    the receiver said, ``None`` if it said nothing that can be believed. ``spf`` is our own evaluation for the
    address that the mail left from (``None`` without one), ``dmarc`` ours: ``pass``, ``fail``, ``none`` (no record
    asks) or ``unknown``; ``policy`` is what the From domain asks receivers to do; ``verified`` tells whether SPF or a
    signature speaks for the From domain, whatever it asks for.
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
    verified: bool | None = None
    unanswered: bool = False  # whether DNS left something open that decides

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
        given = domain_of(envelope_from)
        if given and self.envelope_domain:
            envelope = "keep" if given == self.envelope_domain else "replace"
        return Learned(
            (certain(self.egress.address),), signing_domain, selectors, envelope, self.envelope_domain if envelope else None)


async def examine(resolver: Resolver, given: bytes | str, *, own_domains: Collection[str] = ()) -> Arrival:
    """Read one mail and look up in DNS what receivers look up.

    ``own_domains`` are those that one sends as: mail that has nothing to do with any of them is told apart, and not
    evaluated; without any, every mail is taken. Raises nothing because of what the mail or DNS contains; what DNS does
    not answer within the resolver's deadline is unknown.
    """
    message = source.read(given)
    if not message.readable:
        return Arrival(False, message.findings)
    own = frozenset(filter(None, map(to_ascii, own_domains)))
    if not _is_own(message, own) and not bounce.read(message):
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
            key_answers(resolver, fields), route.own_addresses(resolver, hops))
        word = receiver.said(message, hops, confirmed)
        way = route.follow(hops, confirmed=confirmed, stated=word.clients)
        arrived = next((hop.date for hop in hops[way.start:] if hop.date), None)
        signatures = tuple(
            signature.verify(message, one, keys[one.signature.key_name], arrived)
            if not one.signature.reason else one.signature for one in fields)
        if message.body is None and any(map(signature.covers_an_empty_body, signatures, fields)):
            findings = [finding for finding in findings if finding.code != "arrival.no_body"]
        arrival = Arrival(
            True, **_described(message), date=arrived, route=way, signatures=signatures, results=word.results,
            receiver=receiver.name(way, word.results))
        arrival = replace(arrival, envelope_from=_envelope(receiver.envelope(message, way, word.results)))
        findings += _of_the_route(message, arrival, own)
        findings += [
            Finding("arrival.results_not_believed", "", {"identifier": source.shown(identifier)})
            for identifier in word.unbelieved[:3]]
        arrival = await judgment.authenticate(resolver, replace(arrival, findings=tuple(findings)))
    return replace(arrival, findings=(*findings, *judgment.findings(arrival)))


async def services_of(resolver: Resolver, address: str, terms: Mapping[str, str]) -> tuple[str, ...] | None:
    """Which services' own SPF records let the address pass: the keys of ``terms`` whose ``include:`` does.

    ``None`` where none is known to, and DNS left some of them open.
    """
    async def passes(term: str) -> bool | None:
        kind, _colon, domain = term.partition(":")
        if kind.lower() != "include" or not to_ascii(domain):
            return False
        checked = await spf.check_host(
            resolver, ip=address, domain=domain, sender=f"postmaster@{domain}", helo=domain)
        return None if checked.result is spf.Result.TEMPERROR else checked.result is spf.Result.PASS

    chosen = list(terms.items())[:MAX_SERVICES]
    async with resolver.batch():
        found = await asyncio.gather(*(passes(term) for _key, term in chosen))
    services = tuple(key for (key, _term), is_found in zip(chosen, found, strict=True) if is_found)
    return services if services or None not in found else None


def _described(message: Message) -> dict[str, Any]:
    return {
        "subject": source.shown(message.value("subject")),
        "message_id": source.shown(message.value("message-id")),
        "from_email": author_of(message),
    }


def author_of(message: Message) -> str:
    """The address of the first author, as it can be compared; empty where there is none."""
    return next(iter(authors(message)), "")


def authors(message: Message) -> list[str]:
    """The addresses of From, in their comparable form; those that are none are left out."""
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


def _belongs(domain: str, own: Collection[str]) -> bool:
    return any(is_subdomain(domain, one) or is_subdomain(one, domain) and "." in domain for one in own)


def _is_own(message: Message, own: Collection[str]) -> bool:
    """Whether the mail has to do with a domain of one's own. Without any given: whether it is a mail as it was received."""
    if not own:
        return bool(message.raw("received")) and not source.unwrapped(message)
    domains = {domain_of(address) for address in authors(message)}
    domains |= {domain_of(_address(value)) for value in message.values("return-path")[:4]}
    domains |= {one.signature.domain for one in signature.read(message)}
    return any(_belongs(domain, own) for domain in domains if domain)


def _unusable(message: Message, own: Collection[str]) -> Finding | None:
    """Why this mail cannot tell anything, whatever DNS says."""
    about = bounce.read(message)
    if about:
        return _of_a_bounce(about)
    found = authors(message)
    code = None
    if own and not _is_own(message, own):
        code = "arrival.forwarded_inline" if source.is_inline_forward(message) else "arrival.foreign"
    elif not message.raw("received"):
        code = "arrival.headers_stripped" if source.is_shown_only(message) else "arrival.no_received"
    elif not found:
        code = "arrival.no_from"
    elif len(found) > 1 or len(message.raw("from")) > 1:
        code = "arrival.several_from"
    return Finding(code, "", {"from_email": found[0] if found else "", "domains": sorted(own)[:5]}) if code else None


def _of_a_bounce(about: bounce.Bounce) -> Finding:
    rejection = classify(about.said) if about.kind in ("failed", "delayed") else None
    return Finding(_BOUNCES[about.kind], "", {
        "recipient": about.recipient, "said": about.said, "status": about.status,
        "cause": rejection.cause.value if rejection else None})


def _bounded(message: Message) -> list[Finding]:
    limits = {
        "Received": route.MAX_HOPS, "DKIM-Signature": signature.MAX_SIGNATURES,
        "Authentication-Results": receiver.MAX_RESULT_FIELDS,
    }
    return [
        Finding("arrival.too_many", "", {"field": name, "limit": limit})
        for name, limit in limits.items() if len(message.raw(name.lower())) > limit
    ]


async def key_answers(resolver: Resolver, fields: list[signature.Field]) -> dict[str, Answer]:
    """What DNS answers about the keys of signatures, by the name of each."""
    names = list(signature.key_names(fields))
    answers = await asyncio.gather(*(resolver.query(name, "TXT") for name in names))
    return dict(zip(names, answers, strict=True))


def _envelope(told: str | None) -> str | None:
    """The envelope sender as it can be compared: ``@domain`` where only that is told, empty for the null sender."""
    if told is None or told.replace(" ", "") == "<>":
        return told and ""
    text = told.strip("<> ")
    return _address(told) or (f"@{to_ascii(text)}" if to_ascii(text) and "." in text else None)


def _is_delivered_before(message: Message, way: Route) -> bool:
    """Whether the mail had been put into another mailbox before it came to the receiver that we know.

    getmail writes a field of its own kind on top, with ``unknown`` for the mailbox.
    """
    placed = [
        (above, value.lower()) for above, value in message.placed("delivered-to")[:20]
        if above >= way.start and value.lower() != "unknown"]
    if way.entry is None:
        return len({value for _above, value in placed}) > 1
    return any(above > way.entry for above, _value in placed)


def _of_the_route(message: Message, arrival: Arrival, own: Collection[str]) -> list[Finding]:
    findings = []
    names = {name.lower() for name, _value in message.fields}
    lists = names & {"list-id", "list-post", "x-mailman-version", "mailing-list", "x-mailing-list"}
    envelope = arrival.envelope_from or ""
    foreign_envelope = bool(arrival.envelope_domain) and not _belongs(
        arrival.envelope_domain, own or {arrival.from_domain})
    if names & {"resent-from", "resent-to", "x-forwarded-to", "x-forwarded-for"} \
            or _is_delivered_before(message, arrival.route) or _REWRITTEN.match(envelope):
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


