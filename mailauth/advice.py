"""Records to publish: from the facts and what sends as the domain to a list of changes.

Every change is tried before it is proposed: the resolver answers as if it were published
(:meth:`Resolver.overlay`), and what would not work is not proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from . import spf, zone
from .change import Change
from .dmarc import legacy
from .facts import Facts
from .finding import Finding, Kind, Severity
from .service import Envelope, Service

TTL = 3600  # seconds: long enough for caches, short enough to correct a slip

CODES: dict[str, Kind] = {
    "advice.merge_refused": Kind(
        Severity.WARNING, "The SPF records cannot be merged by rule; a person has to.", "RFC 7208 §6"),
    "advice.lookup_limit": Kind(
        Severity.WARNING, "With the services that send, the SPF record would need more than 10 lookups.",
        "RFC 7208 §4.6.4"),
}


async def advise(resolver, facts: Facts) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Return the changes that make the domain's mail believed, and findings where none can be proposed.

    Nothing is proposed before it is known who sends, nothing that is specific to an account
    is invented, and what DNS did not answer about is left alone.
    """
    if any(path.path.service is None or path.assumed for path in facts.own_paths):
        return (), ()
    spf_changes, findings = await _spf(resolver, facts)
    changes = (*spf_changes, *_dkim(facts), *await _dmarc(resolver, facts))
    # Two paths through one service need the same records once.
    distinct = {(change.action, change.rdtype, change.name, change.value): change for change in changes}
    return tuple(_placed(change, facts.zone) for change in distinct.values()), findings


async def _spf(resolver, facts: Facts) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """One SPF record that permits every service whose envelope uses the domain (RFC 7208 §3.2)."""
    domain, report = facts.query.domain, facts.spf
    senders = [
        path for path in facts.envelope_paths
        if path.path.service.envelope is not Envelope.REPLACE and path.path.service.spf_term
    ]
    if not senders or report.status == "unknown":
        return (), ()
    missing = [path for path in senders if not path.authorisation or path.authorisation.status in ("none", "some")]
    if any(path.authorisation and path.authorisation.failed for path in senders):
        return (), ()
    if not missing and report.status == "found":
        return (), ()
    # A record that receivers ignore says nothing yet: then every service has to be in the new one.
    lacking = senders if report.status != "found" else missing
    wanted = dict.fromkeys(term for path in lacking for term in path.path.service.spf_terms)
    services = _names(path.path.service for path in (missing or senders))
    # What was meant as SPF but is none to receivers holds the owner's terms all the same.
    records = report.records or report.meant
    merged = spf.merge(records, list(wanted))
    if merged.value is None:
        return (), (Finding("advice.merge_refused", domain, {"reason": merged.refused, **merged.refused_params}),)
    changes = _spf_changes(domain, records, merged.value, services, repaired=not report.records or not missing)
    after = await spf.inspect(resolver.overlay(changes), domain)
    if any(finding.code == "spf.too_many_lookups" for finding in after.findings):
        return (), (Finding("advice.lookup_limit", domain, {
            "lookups": after.worst_lookups, "services": ", ".join(services)}),)
    if after.status not in ("found", "unknown"):
        return (), (Finding("advice.merge_refused", domain, {"reason": ""}),)
    return changes, ()


def _spf_changes(domain, records, value: str, services: list[str], repaired: bool) -> tuple[Change, ...]:
    params = {"services": services}
    if not records:
        return (Change("create", "TXT", domain, value, ttl=TTL, reason="spf.create", params=params,
                       solves=("spf.missing",)),)
    first, *others = records
    reason = "spf.merge" if others else "spf.repair" if repaired else "spf.replace"
    changes = [Change("replace", "TXT", domain, value, old_value=first, ttl=TTL, reason=reason, params=params,
                      solves=("spf.several",) if others else ())]
    changes += [Change("delete", "TXT", domain, other, old_value=other, ttl=TTL, reason="spf.delete_extra",
                       params=params, solves=("spf.several",)) for other in others]
    return tuple(changes)


def _dkim(facts: Facts) -> Iterable[Change]:
    """The CNAMEs of services whose targets are the same for everyone; other keys are the account's own."""
    for path in facts.from_paths:
        service = path.path.service
        targets = {selector.name: selector.target for selector in service.selectors}
        for key in path.keys.keys if path.keys else ():
            target = targets.get(key.selector)
            if not target or key.status in ("found", "unknown"):
                continue
            params = {"services": [service.name]}
            if key.aliases:
                yield Change("replace", "CNAME", key.name, target, old_value=key.aliases[0], ttl=TTL,
                             reason="dkim.replace", params=params)
                continue
            for record in key.records:
                yield Change("delete", "TXT", key.name, record, old_value=record, ttl=TTL,
                             reason="dkim.delete_txt", params=params)
            yield Change("create", "CNAME", key.name, target, ttl=TTL, reason="dkim.create", params=params)


async def _dmarc(resolver, facts: Facts) -> Iterable[Change]:
    """A first record, only if the whole walk found none, and at the organizational domain.

    On a subdomain it would one day weaken what the organizational domain asks for.
    """
    policy = facts.dmarc
    if policy.status != "none" or not facts.from_paths:
        return ()
    domain = legacy.registrable_domain(facts.query.domain) or facts.zone.name or facts.query.domain
    name = f"_dmarc.{domain}"
    # A second record, or a record beside an alias, would make things worse than none.
    taken = {place for place, _text in policy.discarded} | {place for place, answer in policy.walked if answer.aliases}
    if name in taken or policy.record:
        return ()
    value = "v=DMARC1; p=none"
    address = facts.query.dmarc_report_address
    if address and address.rpartition("@")[2].lower() in (domain, facts.query.domain):
        value += f"; rua=mailto:{address}"
    return (Change("create", "TXT", name, value, ttl=TTL, reason="dmarc.create",
                   solves=("dmarc.missing",)),)


def _placed(change: Change, at: zone.Zone) -> Change:
    """The change with its name as a DNS panel wants it: relative to the zone cut."""
    name = at.name or change.name
    if change.name == name:
        return replace(change, zone=name, host="@")
    if change.name.endswith(f".{name}"):
        return replace(change, zone=name, host=change.name[: -len(name) - 1])
    return replace(change, zone=change.name, host="@")


def _names(services: Iterable[Service]) -> list[str]:
    return list(dict.fromkeys(service.name for service in services))
