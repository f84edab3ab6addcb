"""Whether a domain's record lets a sending service pass: by sets of addresses, not by the text of the record."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ..dns.answer import Answer, Status
from ..dns.names import to_ascii
from ..dns.protocol import Resolver
from ..status import Word
from ..value import dataclass
from .check import Result, check_host
from .macro import SENDER_LETTERS
from .networks import Networks
from .passing import Outcome, evaluate
from .record import parse_term
from .terms import VERSION, Record, Term, clip
from .walk import Known, Policy, Walk, batch, read_policy, static_target

MAX_SAMPLES = 6


class Authorised(Word):
    """How many of a service's addresses a record lets pass."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


DEFINITE = (Authorised.ALL, Authorised.SOME, Authorised.NONE)


@dataclass(frozen=True)
class Authorisation:
    """Whether mail of a service passes SPF for an envelope domain.

    ``status``: ``all`` of the addresses for which the service's own term says pass,
    ``some`` (``missing`` names the networks that do not, ``differ`` those that pass by some
    receivers and not by others), ``none``, or ``unknown``: then ``possible`` are those that it may be.
    ``likely`` marks an answer that rests on samples or on comparing macros by
    their text. ``because_of`` is a finding code, ``plus_all``, or the term that decided;
    ``broken`` tells that those who do not pass get permerror.
    ``failed`` is the question that DNS did not answer, if that is why nothing is known.
    """

    status: Authorised
    likely: bool = False
    missing: tuple[str, ...] = ()
    because_of: str | None = None
    failed: Answer | None = None
    differ: tuple[str, ...] = ()
    broken: bool = False
    among: tuple[Authorised, ...] = DEFINITE

    @property
    def possible(self) -> tuple[Authorised, ...]:
        """The definite statuses that it may have."""
        return self.among if self.status == Authorised.UNKNOWN else (self.status,)


MAX_TERMS = 20  # of one service


def are_service_terms(text: str) -> bool:
    """Whether a text can stand for a service: terms that name servers, separated by spaces, without qualifiers."""
    terms = [parse_term(word) for word in text.split()]
    return 0 < len(terms) <= MAX_TERMS and all(
        term is not None and term.kind == "mechanism" and term.name != "all" and term.text[0] not in "+-~?"
        for term in terms)


async def networks_of(resolver: Resolver, service_term: str) -> Networks | None:
    """The addresses for which a service's term gives a pass, whoever the sender is; ``None`` if a part of them is not known.

    The term as in :func:`authorises`. What depends on the mail (``exists``, ``ptr``, macros) is left out, and a term that lets
    everybody pass tells of nobody.
    """
    words = service_term.split()
    terms = [term for term in map(parse_term, words) if term is not None and term.kind == "mechanism"]
    if not terms or len(terms) < len(words):
        return Networks()
    async with batch(resolver) as facts:
        known = evaluate(await _service_walk(resolver, facts, terms, "invalid"), Networks.everything())
    return None if known.failed else known.passed


async def authorises(
    resolver: Resolver, service_term: str, envelope_domain: str, *, bounce_address: str | None = None
) -> Authorisation:
    """Whether the SPF record of ``envelope_domain`` lets the service pass that ``service_term`` stands for.

    The term (``include:_spf.odoo.com``, ``a:relay.example``, ``ip4:…``, ``mx``; or several, separated by
    spaces, for a relay whose addresses were seen one by one) is expanded to the networks for which it
    gives a pass, and these are held against what the domain's record passes, evaluated in its order.
    ``exists``, ``ptr`` and macros are settled by
    :func:`check_host` for at most :data:`MAX_SAMPLES` addresses with ``bounce_address`` as the
    sender; a miss that depends on the sender, local-part, HELO or receiver stays
    ``unknown``, for the service's HELO is not known (RFC 7208 §7.3). A service that can
    only be told by macros is compared by the text of its terms. A pass that only ``+all``
    gives counts for nothing. No record, several and permerror are ``none``.
    """
    name = to_ascii(envelope_domain) or envelope_domain.lower()
    words = service_term.split()
    terms = [term for term in map(parse_term, words) if term is not None and term.kind == "mechanism"]
    if not terms or len(terms) < len(words):
        return Authorisation(Authorised.UNKNOWN, because_of=clip(service_term))
    async with batch(resolver) as facts:
        service, domain = await asyncio.gather(_service_walk(resolver, facts, terms, name), _domain_walk(resolver, facts, name))
        known = evaluate(service, Networks.everything())
        if known.failed:
            return _nobody_passes(domain) or await _partly_known(resolver, known, domain, bounce_address)
        return await _compare(resolver, terms, known, service, domain, bounce_address)


def _nobody_passes(domain: Walk) -> Authorisation | None:
    """The answer for a service of which nothing is known, if the domain's record passes nobody at all."""
    outcome = evaluate(domain, Networks.everything())
    if outcome.passed or outcome.failed or outcome.undecided or outcome.differs:
        return None
    reason = "plus_all" if outcome.world else outcome.broken_by or outcome.refused_by
    return Authorisation(Authorised.NONE, because_of=reason, broken=bool(outcome.broken) and not outcome.refused)


async def _partly_known(resolver: Resolver, known: Outcome, domain: Walk, bounce_address: str | None) -> Authorisation:
    """The answer for a service of which DNS told a part of the addresses, or none: these settle what is possible."""
    among: tuple[Authorised, ...] = DEFINITE
    wanted = known.passed
    if wanted:
        answer = await _settle(resolver, wanted, evaluate(domain, wanted), domain, bounce_address)
        if answer.status == Authorised.SOME:
            return answer
        among = tuple(status for status in among if status in (Authorised.SOME, *answer.possible))
    return Authorisation(Authorised.UNKNOWN, because_of="spf.unanswered", failed=known.unanswered, among=among)


async def _service_walk(resolver: Resolver, facts: Known, terms: list[Term], name: str) -> Walk:
    """The service's terms as if they were a record of its own."""
    text = f"{VERSION} {' '.join(term.text.lstrip('+-~?') for term in terms)} -all"
    record = facts.parse(text.encode("utf-8", "replace"))
    walk = Walk(resolver, name, facts)
    await walk.run(Policy(name, Answer(name, "TXT", Status.OK), (record.text,), record))
    return walk


async def _domain_walk(resolver: Resolver, facts: Known, name: str) -> Walk:
    walk = Walk(resolver, name, facts)
    await walk.run(read_policy(name, await resolver.query(name, "TXT"), facts.parse))
    return walk


async def _compare(
    resolver: Resolver, terms: list[Term], known: Outcome, service: Walk, domain: Walk, bounce_address: str | None
) -> Authorisation:
    wanted = known.passed | known.differs
    by_structure = bool(known.undecided) and any(term.passes for term in known.open_terms)
    if not wanted and not by_structure:
        return _of_nobody_in_particular(terms, known, domain)
    outcome = evaluate(domain, wanted or Networks.everything())
    if not wanted:
        return _compared_by_structure(known, outcome)
    answer = await _settle(resolver, wanted, outcome, domain, bounce_address)
    if by_structure and answer.status in (Authorised.ALL, Authorised.SOME):
        return _with_structure(answer, known, domain)
    return answer


def _of_nobody_in_particular(terms: list[Term], known: Outcome, domain: Walk) -> Authorisation:
    """The answer for a service whose own record passes nobody, or everybody: whoever includes that means it."""
    text = " ".join(term.text for term in terms)
    if known.undecided:  # it lies beyond what is looked at
        return Authorisation(Authorised.UNKNOWN, because_of=clip(text))
    outcome = evaluate(domain, Networks.everything())
    broken = bool(outcome.broken)
    if not known.world:
        return Authorisation(Authorised.NONE, because_of=known.broken_by or text, broken=broken)
    if outcome.failed:
        return Authorisation(Authorised.UNKNOWN, because_of="spf.unanswered", failed=outcome.unanswered)
    if outcome.world and _contains(domain, terms):
        return Authorisation(Authorised.ALL, likely=True, because_of=text)
    return Authorisation(Authorised.NONE, likely=True, because_of=outcome.broken_by or "plus_all", broken=broken)


async def _settle(
    resolver: Resolver, wanted: Networks, outcome: Outcome, domain: Walk, bounce_address: str | None
) -> Authorisation:
    """The answer for known networks, once what depends on the mail has been tried."""
    passed, broken = outcome.passed, outcome.broken
    unknown, failed = outcome.failed, outcome.unanswered
    because_of = "spf.unanswered" if failed else None
    likely = False
    if outcome.undecided:
        tried = await _sample(resolver, outcome.undecided, domain.domain, bounce_address)
        passed |= tried.passed
        unknown |= tried.unknown
        broken |= tried.broken
        failed = failed or tried.failed
        because_of = because_of or tried.because_of
        likely = bool(tried.passed or tried.missed)
    differ = outcome.differs - passed - unknown
    missing = wanted - passed - unknown - differ
    if not missing and not unknown and not differ:
        return Authorisation(Authorised.ALL, likely, because_of=outcome.passed_by[0] if outcome.passed_by else because_of)
    some = bool(differ or passed and missing)
    if unknown and not some:
        among = DEFINITE[:2] if passed else DEFINITE[1:] if missing else DEFINITE
        return Authorisation(Authorised.UNKNOWN, likely, (), because_of, failed, among=among)
    reason = "plus_all" if outcome.world else outcome.broken_by or outcome.refused_by or because_of
    if differ and not missing:
        reason = "spf.too_many_mx"
    return Authorisation(
        Authorised.SOME if passed or differ else Authorised.NONE, likely, missing.cidrs(), reason, differ=differ.cidrs(),
        broken=bool(missing) and missing <= broken)


@dataclass
class _Tried:
    passed: Networks = Networks()
    missed: Networks = Networks()
    broken: Networks = Networks()
    unknown: Networks = Networks()
    because_of: str | None = None
    failed: Answer | None = None


async def _sample(resolver: Resolver, addresses: Networks, domain: str, bounce_address: str | None) -> _Tried:
    """Evaluates six addresses at most: all of them, or one of each range; the others go the way that those agree on."""
    parts = addresses.singles() if addresses.size <= MAX_SAMPLES else addresses.parts()
    step = max(1, -(-len(parts) // MAX_SAMPLES))
    chosen = parts[::step][:MAX_SAMPLES]
    sender = bounce_address or f"postmaster@{domain}"
    results = await asyncio.gather(
        *(check_host(resolver, ip=str(part.middle()), domain=domain, sender=sender, helo=domain) for part in chosen)
    )
    tried = _Tried()
    for part, result in zip(chosen, results, strict=True):
        guessed = result.macro_letters & (SENDER_LETTERS if bounce_address is None else {"h", "r"})
        if result.result is Result.TEMPERROR:
            tried.unknown |= part
            tried.failed, tried.because_of = tried.failed or result.failed, "spf.unanswered"
        elif result.result is Result.PASS and not guessed:
            tried.passed |= part
            tried.because_of = tried.because_of or result.matched
        elif result.macro_letters & SENDER_LETTERS:
            tried.unknown |= part
            tried.because_of = tried.because_of or result.matched or result.problem
        else:
            tried.missed |= part
            tried.broken |= part if result.result is Result.PERMERROR else Networks()
            tried.because_of = tried.because_of or result.matched or result.problem
    rest = addresses - tried.passed - tried.missed - tried.unknown
    if rest:
        if tried.unknown:
            tried.unknown |= rest
        elif not tried.missed:
            tried.passed |= rest
        else:
            tried.missed |= rest
            tried.broken |= rest if tried.broken else Networks()
    return tried


def _with_structure(answer: Authorisation, known: Outcome, domain: Walk) -> Authorisation:
    """Adds to an answer about networks what the service passes besides, by macros."""
    if _comes_to(evaluate(domain, Networks.everything()), known):
        return replace(answer, likely=True)
    return Authorisation(Authorised.SOME, True, answer.missing, clip(known.open_terms[0].term.text), differ=answer.differ)


def _compared_by_structure(known: Outcome, outcome: Outcome) -> Authorisation:
    """A service that is told by macros alone: evaluation of the domain's record must come to what it is told by."""
    if _comes_to(outcome, known):
        return Authorisation(Authorised.ALL, True, because_of=clip(known.open_terms[0].term.text))
    if outcome.failed:
        return Authorisation(Authorised.UNKNOWN, because_of="spf.unanswered", failed=outcome.unanswered)
    if outcome.undecided:
        first = clip(outcome.open_terms[0].term.text) if outcome.open_terms else None
        return Authorisation(Authorised.UNKNOWN, True, because_of=first)
    reason = "plus_all" if outcome.world else outcome.broken_by or outcome.refused_by
    return Authorisation(Authorised.NONE, True, because_of=reason, broken=bool(outcome.broken) and not outcome.refused)


def _comes_to(outcome: Outcome, known: Outcome) -> bool:
    """Whether evaluation asks all that the service passes by, and passes by it."""
    asked = {term.question for term in outcome.open_terms if term.passes}
    return all(term.question in asked for term in known.open_terms if term.passes)


def _contains(domain: Walk, terms: list[Term]) -> bool:
    """Whether each of the terms stands in the domain's record, or in one that it passes on to, where it gives a pass."""
    found: set[str] = set()
    todo = [domain.domain]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        policy = domain.policies.get(name)
        if name in seen or policy is None or policy.record is None or policy.record.errors:
            continue
        seen.add(name)
        for term in _passing_terms(policy.record):
            found.add(term.body)
            if term.name in ("include", "redirect"):
                target = static_target(term, name, domain.domain)
                if target is not None:
                    todo.append(target)
    return all(term.body in found for term in terms)


def _passing_terms(record: Record) -> list[Term]:
    return [
        term
        for term, is_reached in zip(record.terms, record.reached, strict=True)
        if is_reached and (term.qualifier == "+" or term.name == "redirect")
    ]
