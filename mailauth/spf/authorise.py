"""Whether a domain's record lets a sending service pass: by sets of addresses, not by the text of the record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..answer import Answer, Status
from ..names import to_ascii
from .check import check_host
from .macro import SENDER_LETTERS
from .networks import Networks
from .passing import Outcome, evaluate
from .record import parse_term
from .terms import VERSION, Record, Term, clip
from .walk import Known, Policy, Walk, batch, read_policy, static_target

MAX_SAMPLES = 6


@dataclass(frozen=True)
class Authorisation:
    """Whether mail of a service passes SPF for an envelope domain.

    ``status``: ``all`` of the addresses for which the service's own term says pass,
    ``some`` (``missing`` names the networks that do not), ``none``, or ``unknown``.
    ``likely`` marks an answer that rests on samples or on comparing macros by
    their text. ``because_of`` is a finding code, ``plus_all``, or the term that decided.
    ``failed`` is the question that DNS did not answer, if that is why nothing is known.
    """

    status: str
    likely: bool = False
    missing: tuple[str, ...] = ()
    because_of: str | None = None
    failed: Answer | None = None


MAX_TERMS = 20  # of one service


def are_service_terms(text: str) -> bool:
    """Whether a text can stand for a service: terms that name servers, separated by spaces, without qualifiers."""
    terms = [parse_term(word) for word in text.split()]
    return 0 < len(terms) <= MAX_TERMS and all(
        term is not None and term.kind == "mechanism" and term.name != "all" and term.text[0] not in "+-~?"
        for term in terms)


async def authorises(
    resolver, service_term: str, envelope_domain: str, *, bounce_address: str | None = None
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
    terms = [parse_term(word) for word in service_term.split()]
    if not terms or any(term is None or term.kind != "mechanism" for term in terms):
        return Authorisation("unknown", because_of=clip(service_term))
    async with batch(resolver) as facts:
        service, domain = await asyncio.gather(_service_walk(resolver, facts, terms, name), _domain_walk(resolver, facts, name))
        known = evaluate(service, Networks.everything())
        if known.failed:
            return _nobody_passes(domain) or Authorisation(
                "unknown", because_of="spf.unanswered", failed=known.unanswered
            )
        return await _compare(resolver, terms, known, service, domain, bounce_address)


def _nobody_passes(domain: Walk) -> Authorisation | None:
    """The answer for a service of which nothing is known, if the domain's record passes nobody at all."""
    outcome = evaluate(domain, Networks.everything())
    if outcome.passed or outcome.failed or outcome.undecided:
        return None
    return Authorisation("none", because_of="plus_all" if outcome.world else outcome.broken_by or outcome.refused_by)


async def _service_walk(resolver, facts: Known, terms: list[Term], name: str) -> Walk:
    """The service's terms as if they were a record of its own."""
    text = f"{VERSION} {' '.join(term.text.lstrip('+-~?') for term in terms)} -all"
    record = facts.parse(text.encode("utf-8", "replace"))
    walk = Walk(resolver, name, facts)
    await walk.run(Policy(name, Answer(name, "TXT", Status.OK), (record.text,), record))
    return walk


async def _domain_walk(resolver, facts: Known, name: str) -> Walk:
    walk = Walk(resolver, name, facts)
    await walk.run(read_policy(name, await resolver.query(name, "TXT"), facts.parse))
    return walk


async def _compare(
    resolver, terms: list[Term], known: Outcome, service: Walk, domain: Walk, bounce_address: str | None
) -> Authorisation:
    wanted, text = known.passed, " ".join(term.text for term in terms)
    by_structure = bool(known.undecided) and bool(known.open_terms)
    if not wanted and not by_structure:
        # The service's record passes nobody, or everybody: whoever includes it means it.
        if not known.world:
            return Authorisation("none", because_of=known.broken_by or text)
        if _contains(domain, terms):
            return Authorisation("all", likely=True, because_of=text)
        failed = evaluate(domain, Networks.everything()).unanswered
        if failed:
            return Authorisation("unknown", because_of="spf.unanswered", failed=failed)
        return Authorisation("none", likely=True, because_of="plus_all")
    outcome = evaluate(domain, wanted or Networks.everything())
    if not wanted:
        return _compared_by_structure(terms, known, outcome, domain)
    answer = await _settle(resolver, wanted, outcome, domain, bounce_address)
    if by_structure and answer.status in ("all", "some"):
        return _with_structure(answer, terms, known, domain)
    return answer


async def _settle(
    resolver, wanted: Networks, outcome: Outcome, domain: Walk, bounce_address: str | None
) -> Authorisation:
    """The answer for known networks, once what depends on the mail has been tried."""
    passed = outcome.passed
    unknown, because_of, failed = outcome.failed, outcome.unanswered and "spf.unanswered", outcome.unanswered
    likely = False
    if outcome.undecided:
        tried = await _sample(resolver, outcome.undecided, domain.domain, bounce_address)
        passed |= tried.passed
        unknown |= tried.unknown
        failed = failed or tried.failed
        because_of = because_of or tried.because_of
        likely = bool(tried.passed or tried.missed)
    missing = wanted - passed - unknown
    if not missing and not unknown:
        return Authorisation("all", likely, because_of=outcome.passed_by[0] if outcome.passed_by else because_of)
    reason = "plus_all" if outcome.world else outcome.broken_by or outcome.refused_by or because_of
    if unknown and not (passed and missing):
        return Authorisation("unknown", likely, (), because_of, failed)
    return Authorisation("some" if passed else "none", likely, missing.cidrs(), reason)


@dataclass
class _Tried:
    passed: Networks = Networks()
    missed: Networks = Networks()
    unknown: Networks = Networks()
    because_of: str | None = None
    failed: Answer | None = None


async def _sample(resolver, addresses: Networks, domain: str, bounce_address: str | None) -> _Tried:
    """Evaluates one address of each range, or of six of them; the others go the way that those agree on."""
    parts = addresses.parts()
    step = max(1, -(-len(parts) // MAX_SAMPLES))
    chosen = parts[::step][:MAX_SAMPLES]
    sender = bounce_address or f"postmaster@{domain}"
    results = await asyncio.gather(
        *(check_host(resolver, ip=str(part.middle()), domain=domain, sender=sender, helo=domain) for part in chosen)
    )
    tried = _Tried()
    for part, result in zip(chosen, results, strict=True):
        guessed = result.macro_letters & (SENDER_LETTERS if bounce_address is None else {"h", "r"})
        if result.result == "temperror":
            tried.unknown |= part
            tried.failed, tried.because_of = tried.failed or result.failed, "spf.unanswered"
        elif result.result == "pass" and not guessed:
            tried.passed |= part
            tried.because_of = tried.because_of or result.matched
        elif result.macro_letters & SENDER_LETTERS:
            tried.unknown |= part
            tried.because_of = tried.because_of or result.matched or result.problem
        else:
            tried.missed |= part
            tried.because_of = tried.because_of or result.matched or result.problem
    rest = addresses - tried.passed - tried.missed - tried.unknown
    if rest:
        if tried.unknown:
            tried.unknown |= rest
        elif not tried.missed:
            tried.passed |= rest
        else:
            tried.missed |= rest
    return tried


def _with_structure(answer: Authorisation, terms: list[Term], known: Outcome, domain: Walk) -> Authorisation:
    """A service with known networks and macros besides: the macros must be there too."""
    if _contains(domain, terms) or _contains(domain, known.open_terms):
        return Authorisation(answer.status, True, answer.missing, answer.because_of, answer.failed)
    return Authorisation("some", True, answer.missing, clip(known.open_terms[0].text))


def _compared_by_structure(terms: list[Term], known: Outcome, outcome: Outcome, domain: Walk) -> Authorisation:
    """A service that is told by macros alone: its term, or its own terms, must be in the domain's record."""
    if outcome.failed:
        return Authorisation("unknown", because_of="spf.unanswered", failed=outcome.unanswered)
    if outcome.broken and not (outcome.passed or outcome.undecided):
        return Authorisation("none", because_of=outcome.broken_by)
    if _contains(domain, terms) or _contains(domain, known.open_terms):
        if outcome.undecided:
            return Authorisation("all", True, because_of=" ".join(term.text for term in terms))
        return Authorisation("none", because_of=outcome.broken_by or outcome.refused_by)  # evaluation never gets there
    if outcome.undecided:
        return Authorisation("unknown", True, because_of=clip(outcome.open_terms[0].text) if outcome.open_terms else None)
    return Authorisation("none", True, because_of="plus_all" if outcome.world else outcome.refused_by)


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
