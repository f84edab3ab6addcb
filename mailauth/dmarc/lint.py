"""What there is to say about a discovered DMARC policy, without asking DNS anything more."""

from __future__ import annotations

import itertools

from ..certain import certain
from ..dns.public_suffix import suffix_rules
from ..finding import Finding
from ..records.taglist import shown
from ..status import RecordStatus
from .policy import Policy
from .record import parse
from .tree_walk import Step, Walk, record_name

MAX_TEXTS = 4  # of several records at one name, how many are looked at and shown


def policy_findings(policy: Policy, tree: Walk) -> tuple[Finding, ...]:
    """The findings about the walk and about the record that applies."""
    own = tree.steps[0]
    # The parents' records matter only where the domain has none of its own, and those behind an
    # unanswered question only if that name has none.
    answered = itertools.takewhile(lambda step: not step.failed, tree.steps)
    read = (own,) if own.record else tuple(answered)
    findings = [finding for step in read for finding in _at_one_name(step)]
    findings += _status(policy, own)
    step = tree.step(policy.policy_domain)
    if step is not None and step.record:
        name = record_name(step.domain)
        idle = _is_below_its_organization(policy, own)
        findings += [
            problem.finding(name, step.record.text)
            for problem in step.record.problems
            if not (idle and problem.code in ("dmarc.weaker_subdomain", "dmarc.weaker_nonexistent"))
        ]
    findings += _sp_without_effect(policy, own)
    findings += _two_generations(policy, tree)
    return tuple(findings)


def _at_one_name(step: Step) -> list[Finding]:
    name = record_name(step.domain)
    findings = []
    if step.several:
        texts = [shown(text) for text in step.several[:MAX_TEXTS]]
        findings.append(Finding("dmarc.several", name, {"count": len(step.several), "records": texts}))
    for text in step.near_misses[:MAX_TEXTS]:
        findings += [problem.finding(name, text) for problem in parse(text).problems]
    return findings


def _status(policy: Policy, own: Step) -> list[Finding]:
    name = record_name(policy.domain)
    if policy.status == RecordStatus.UNKNOWN:
        failed = certain(policy.failed)
        params = {
            "question": failed.name,
            "status": failed.status.value,
            "server": failed.server or "",
            "detail": shown(failed.detail),
        }
        return [Finding("dmarc.unanswered", name, params)]
    if policy.record is None and not own.several:
        return [Finding("dmarc.missing", name, {"domain": policy.domain})]
    if policy.inherited:
        inherited = {"policy_domain": policy.policy_domain, "requested": policy.requested or ""}
        return [Finding("dmarc.inherited", name, inherited, policy.record)]
    return []


def _is_below_its_organization(policy: Policy, own: Step) -> bool:
    """Whether the record is the domain's own, and that is certainly not the organizational domain."""
    return own.record is not None and policy.organizational_domain not in (None, policy.domain)


def _sp_without_effect(policy: Policy, own: Step) -> list[Finding]:
    """RFC 9989 §4.7, "sp": ignored in a record on a subdomain of the organizational domain."""
    if own.record is None or not _is_below_its_organization(policy, own):
        return []
    return [
        Finding(
            "dmarc.sp_without_effect",
            record_name(policy.domain),
            {"tag": tag.name.lower(), "organizational_domain": policy.organizational_domain},
            own.record.text,
            tag.span,
        )
        for tag in own.record.tags
        if tag.name.lower() in ("sp", "np")
    ]


def _two_generations(policy: Policy, tree: Walk) -> list[Finding]:
    """Where RFC 9989 and RFC 7489 receivers part. ``t`` and ``pct`` have findings of their own."""
    view = policy.legacy
    if view is None:
        missing = suffix_rules() is None
        return [Finding("dmarc.no_psl", record_name(policy.domain))] if missing else []
    if RecordStatus.UNKNOWN in (policy.status, view.status) or policy.status == view.status == RecordStatus.NONE:
        return []
    if policy.requested != view.requested:
        reason = "policy"
    elif policy.policy_domain != view.policy_domain:
        reason = "policy_domain"
    elif policy.organizational_domain not in (None, view.organizational_domain):
        reason = "organizational_domain"
    else:
        return []
    params = {
        "reason": reason,
        "requested": policy.requested or "",
        "legacy_requested": view.requested or "",
        "policy_domain": policy.policy_domain or "",
        "legacy_policy_domain": view.policy_domain or "",
        "organizational_domain": policy.organizational_domain or "",
        "legacy_organizational_domain": view.organizational_domain,
    }
    return [Finding("dmarc.views_differ", record_name(policy.domain), params, policy.record)]
