"""The DMARC policy in force for a domain and for its subdomains (RFC 9989 §4.10.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..certain import certain
from ..dns.answer import Answer
from ..dns.contested import look
from ..dns.protocol import Resolver
from ..status import RecordStatus
from ..together import together
from . import legacy
from .legacy import one_step_less
from .lint import policy_findings
from .policy import EVERY_POLICY, Policy
from .record import DmarcRecord, Effect, is_dmarc
from .tree_walk import Step, Walk, record_name, walk


async def discover(resolver: Resolver, domain: str) -> Policy:
    """Find the DMARC policy that applies to mail with ``domain`` in its From (RFC 9989 §4.10.1).

    Asks at most eight questions for the tree walk, one more for the public suffix list's
    organizational domain where the walk does not pass it, and one for whether ``domain``
    exists where its policy depends on that. A question that DNS did not answer makes the
    status ``unknown`` if any answer to it could have changed the policy.
    """
    tree = await walk(resolver, domain)
    fields = await _in_force(resolver, tree)
    view = await legacy.view(resolver, tree)
    fields["possible"] = _possible(fields.get("possible", frozenset(EVERY_POLICY)), view)
    fields |= {
        "domain": tree.domain,
        "organizational_domain": tree.organizational_domain,
        "walked": tuple([(record_name(step.domain), step.answer) for step in tree.steps]),
        "discarded": tuple([
            (record_name(step.domain), text) for step in tree.steps for text in (*step.several, *step.near_misses)]),
        "legacy": view,
    }
    policy = Policy(**fields)
    findings = policy_findings(policy, tree)
    return Policy(**fields, findings=findings) if findings else policy


async def discover_contested(resolver: Resolver, domain: str) -> Policy:
    """:func:`discover`, for receivers that see different things at a ``_dmarc`` with an alias and a record.

    The policy is what those find that are shown the record itself, ``possible`` is what any of them may apply.
    """
    policy = await discover(resolver, domain)
    contests = await together(*(
        look(resolver, answer, dmarc_texts) for _name, answer in policy.walked
        if answer.alias_beside or answer.aliases or dmarc_texts(answer)))
    contests = [contest for contest in contests if contest]
    if not contests:
        return policy
    own = resolver
    for contest in contests:
        own = contest.views(own)[0]
    policy = await discover(own, domain)
    others = await together(*(
        discover(view, domain) for contest in contests for view in contest.views(own)[1:]))
    return replace(
        policy, contested=tuple(contests), possible=policy.possible.union(*(other.possible for other in others)),
        findings=(*(contest.finding("dmarc") for contest in contests), *policy.findings))


def dmarc_texts(answer: Answer) -> tuple[str, ...]:
    """The DMARC records of an answer, in an order that is not the server's."""
    return tuple(sorted([text for text in answer.texts if is_dmarc(text)])) if answer.records else ()


async def _in_force(resolver: Resolver, tree: Walk) -> dict[str, Any]:
    """The fields of :class:`Policy` that say which record applies and what it asks for, by RFC 9989."""
    own = tree.steps[0]
    if own.failed or (tree.failed and not own.record):
        return {"status": RecordStatus.UNKNOWN, "failed": tree.failed}
    step = own if own.record else inherited_step(tree)
    if step is None or step.record is None:
        return {"status": RecordStatus.NONE, "possible": frozenset({None})}
    record = step.record
    fields: dict[str, Any] = {
        "failed": tree.failed,
        "record": record.text,
        "record_name": record_name(step.domain),
        "ttl": step.answer.ttl,
        "policy_domain": step.domain,
        "tags": record.values,
        "aspf": record.aspf,
        "adkim": record.adkim,
        "psd": record.psd,
        "testing": record.testing,
        "rua": record.rua,
        "ruf": record.ruf,
    }
    if record.effect is Effect.NO_PROCESSING:
        return {**fields, "status": RecordStatus.NONE, "possible": frozenset({None})}
    fields["subdomain_policy"], fields["nonexistent_policy"] = _below(tree)
    if step is own:
        return {**fields, **_settled(record, _requested(record))}
    if_exists, if_not = _requested(record, exists=True), _requested(record, exists=False)
    if if_exists == if_not:
        return {**fields, **_settled(record, if_exists)}
    # A record or an alias at _dmarc.<domain>, or any name below the domain, shows that it exists.
    exists: bool | None = own.answer.exists or None
    if exists is None:
        answer = await resolver.query(tree.domain, "MX")
        exists = answer.exists
        if exists is None:
            both = frozenset(_after_t(record, requested) for requested in (if_exists, if_not))
            return {**fields, "status": RecordStatus.UNKNOWN, "failed": answer, "possible": both}
    return {**fields, **_settled(record, if_exists if exists else if_not)}


def _settled(record: DmarcRecord, requested: str) -> dict[str, Any]:
    applied = _after_t(record, requested)
    return {"status": RecordStatus.FOUND, "requested": requested, "applied": applied, "possible": frozenset({applied})}


def inherited_step(tree: Walk) -> Step | None:
    """Whose record applies to a domain without one: the organizational domain's, else the public suffix's."""
    step = tree.step(tree.organizational_domain)
    if step is not None and step.record:
        return step
    return next((step for step in reversed(tree.steps) if step.record), None)


def _below(tree: Walk) -> tuple[str | None, str | None]:
    """The policies applied to existing and to non-existing subdomains without records of their own."""
    subtree = tree.below(f"any.{tree.domain}")
    if subtree is None or subtree.failed:
        return None, None
    step = inherited_step(subtree)
    if step is None or step.record is None or step.record.effect is Effect.NO_PROCESSING:
        return None, None
    existing, nonexistent = (_after_t(step.record, _requested(step.record, exists=exists)) for exists in (True, False))
    return existing, nonexistent


def _requested(record: DmarcRecord, exists: bool | None = None) -> str:
    """The policy for the record's own domain (``exists`` left out), or for a subdomain (RFC 9989 §4.10.1)."""
    if record.effect is Effect.AS_NONE:
        return "none"
    if exists is None:
        return certain(record.p)
    return certain((record.sp if exists else record.np or record.sp) or record.p)


def _after_t(record: DmarcRecord, requested: str) -> str:
    return one_step_less(requested) if record.testing else requested


def _possible(possible: frozenset[str | None], view: legacy.LegacyView | None) -> frozenset[str | None]:
    """The stricter of the two generations of receivers, for everything that either may turn out to be."""
    if view is None:
        return possible
    older = EVERY_POLICY if view.status == RecordStatus.UNKNOWN else (view.applied,)
    return frozenset(max(newer, other, key=EVERY_POLICY.index) for newer in possible for other in older)
