"""Everything that there is to say about a domain's DMARC: the policy, misplaced records, where reports go."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

from ..certain import certain
from ..dns.answer import Status
from ..dns.names import parent, to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding
from ..records.taglist import shown
from ..status import RecordStatus
from ..together import together
from . import legacy
from .alignment import aligned
from .destinations import destination_findings
from .discovery import discover_contested
from .policy import Policy
from .record import means_dmarc
from .tree_walk import record_name

MAX_IDENTIFIERS = 16  # domains that mail is authenticated as, for which alignment is looked at


async def inspect(
    resolver: Resolver,
    domain: str,
    *,
    envelope_domains: Collection[str] = (),
    signing_domains: Collection[str] = (),
) -> Policy:
    """:func:`~mailauth.dmarc.discovery.discover_contested`, with the findings that need more questions.

    ``envelope_domains`` and ``signing_domains`` are what the domain's own mail is authenticated
    as, by SPF and by DKIM: with them alignment is looked at. Questions that DNS does not answer
    leave their finding out or turn it into its ``…_unknown`` form; they never change the status.
    """
    policy = await discover_contested(resolver, domain)
    looks = []
    if policy.status == RecordStatus.NONE and policy.record is None and to_ascii(policy.domain):
        looks.append(_misplaced(resolver, policy))
    if policy.walked[0][1].aliases and not policy.contested:
        looks.append(_dangling_alias(resolver, policy))
    if policy.rua or policy.ruf:
        looks.append(destination_findings(resolver, policy))
    if policy.status == RecordStatus.FOUND:
        for tag, mode, identifiers in (("aspf", policy.aspf, envelope_domains), ("adkim", policy.adkim, signing_domains)):
            # The domain itself is aligned with itself, whatever the mode.
            others = [name for name in dict.fromkeys(identifiers) if to_ascii(name) != policy.domain]
            if others:
                looks.append(_alignment(resolver, policy, others, strict=mode == "s", tag=tag))
    if not looks:
        return policy
    further = [finding for part in await together(*looks) for finding in part]
    return replace(policy, findings=(*policy.findings, *further)) if further else policy


async def _misplaced(resolver: Resolver, policy: Policy) -> list[Finding]:
    """Where a record that is missing may have ended up."""
    domains = dict.fromkeys((policy.domain, legacy.registrable_domain(policy.domain) or policy.domain))
    places: dict[str, tuple[str, str]] = {}
    for domain in domains:
        places[domain] = "dmarc.wrong_place_apex", domain
        places[f"dmarc.{domain}"] = "dmarc.wrong_place_prefix", domain
        places[f"_dmarc.{domain}.{domain}"] = "dmarc.doubled_domain", domain
    above = parent(policy.domain)
    if "." in above:
        places[f"_dmarc.{policy.domain}.{above}"] = "dmarc.doubled_domain", policy.domain
    answers = await resolver.query_all(*((place, "TXT") for place in places))
    findings = []
    for (place, (code, domain)), answer in zip(places.items(), answers):
        text = next((text for text in sorted(answer.texts) if means_dmarc(text)), None)
        if text:
            findings.append(Finding(code, record_name(domain), {"seen_at": place}, text))
    return findings


async def _dangling_alias(resolver: Resolver, policy: Policy) -> list[Finding]:
    """``_dmarc`` delegated by CNAME to a name that has no record. A wildcard CNAME delegates nothing."""
    name, answer = policy.walked[0]
    if not answer.is_fact or answer.status is Status.OK:
        return []
    label = hashlib.blake2s(policy.domain.encode(), digest_size=8, person=b"dmarc").hexdigest()
    probe = await resolver.query(f"_probe-{label}.{policy.domain}", "TXT")
    if not probe.is_fact or probe.aliases == answer.aliases:
        return []
    return [Finding("dmarc.dangling_alias", name, {"target": answer.aliases[-1]})]


async def _alignment(
    resolver: Resolver, policy: Policy, identifiers: list[str], *, strict: bool, tag: str
) -> list[Finding]:
    """Whether what the mail is authenticated as helps it, for either generation of receivers."""
    names = identifiers[:MAX_IDENTIFIERS]
    results = await together(
        *(aligned(resolver, policy, policy.domain, name, strict=False) for name in names)
    )
    findings = []
    for name, relaxed in zip(names, results):
        params = {"tag": tag, "domain": policy.domain, "authenticated": shown(name)}
        code: str | None
        if relaxed is None:
            code = "dmarc.alignment_unknown"
        elif relaxed:
            code = "dmarc.strict_alignment" if strict else None
        elif legacy.aligned(policy.domain, name, strict=strict):
            code = "dmarc.alignment_trap"
        else:
            code = "dmarc.not_aligned"
        if code:
            findings.append(Finding(code, certain(policy.record_name), params, policy.record))
    return findings
