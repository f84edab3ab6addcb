"""What receivers make of a mail: SPF for the address that it left from, its signatures, DMARC, and what to say of that."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from .. import dmarc, spf
from ..dns.names import is_subdomain, to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding
from ..status import RecordStatus
from .results import Results
from .signature import Signature, SignatureStatus

if TYPE_CHECKING:
    from .examine import Arrival


# What receivers write where they came to no result of their own.
_NO_VERDICT = frozenset({"temperror", "bestguesspass", "unknown", "tempfail", "skipped"})


async def authenticate(resolver: Resolver, arrival: Arrival) -> Arrival:
    """SPF, alignment and DMARC as the receiver of this mail would come to them today."""
    policy = await dmarc.discover_contested(resolver, arrival.from_domain)
    hop = arrival.route.egress
    checked = None
    spf_domain = arrival.envelope_domain or (hop.helo if hop and arrival.envelope_from == "" else None)
    if hop and hop.address and spf_domain:
        local = (arrival.envelope_from or "").rpartition("@")[0] or "postmaster"
        checked = await spf.check_host(
            resolver, ip=hop.address, domain=spf_domain, sender=f"{local}@{spf_domain}", helo=hop.helo or spf_domain)
    proven = [one for one in arrival.signatures if one.proven or _altered_since(one, arrival)]
    spf_aligned, *aligned = await asyncio.gather(
        _aligned(resolver, policy, arrival.from_domain, spf_domain, policy.aspf),
        *(_aligned(resolver, policy, arrival.from_domain, one.domain, policy.adkim) for one in proven))
    by_spf = _both(
        None if checked is None or checked.result is spf.Result.TEMPERROR else checked.result is spf.Result.PASS,
        spf_aligned)
    by_dkim = [
        _both(_outcome(one, arrival.results), is_aligned) for one, is_aligned in zip(proven, aligned, strict=True)]
    by_dkim += [None for one in arrival.signatures if one.status is SignatureStatus.UNKNOWN]
    outcomes = [by_spf, *by_dkim]
    verified = True if True in outcomes else None if None in outcomes else False
    # Without a record nobody asks for anything (RFC 9989 §4.10, RFC 8601 §2.7.5): that is no pass.
    result = {RecordStatus.NONE: "none", RecordStatus.UNKNOWN: "unknown"}.get(policy.status) or {
        True: "pass", False: "fail", None: "unknown"}[verified]
    unanswered = policy.status == RecordStatus.UNKNOWN or None in (spf_aligned, *aligned) \
        or any(one.status is SignatureStatus.UNKNOWN for one in arrival.signatures) \
        or bool(checked and checked.result is spf.Result.TEMPERROR)
    return replace(
        arrival, spf=checked, spf_domain=spf_domain, spf_aligned=spf_aligned,
        aligned_signatures=tuple(
            one for one, is_aligned in zip(proven, aligned, strict=True) if is_aligned and one.proven),
        dmarc=result, policy=policy.stricter, verified=verified, unanswered=unanswered)


def _outcome(one: Signature, said: Results | None) -> bool | None:
    """Whether a signature with a good header passes. Of a body that the copy lost only the receiver can tell."""
    if one.status is SignatureStatus.PASS or _receiver_passed(one, said):
        return True
    return None if one.status is SignatureStatus.BODY_MISSING else False


def _altered_since(one: Signature, arrival: Arrival) -> bool:
    """Whether the receiver verified a signature, and what fetched the mail from there changed the header afterwards."""
    return arrival.route.start > 0 and one.reason == "altered" and _receiver_passed(one, arrival.results)


def _receiver_passed(one: Signature, said: Results | None) -> bool:
    """Whether the receiver said that this signature was good when the mail arrived."""
    for result in said.of("dkim") if said else ():
        domain = result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
        selector = result.properties.get("header.s", one.selector)
        if result.result == "pass" and selector == one.selector and is_subdomain(to_ascii(domain) or "-", one.domain):
            return True
    return False


async def _aligned(resolver: Resolver, policy: dmarc.Policy, from_domain: str, domain: str | None, mode: str) -> bool | None:
    if not domain:
        return False
    return await dmarc.aligned(resolver, policy, from_domain, domain, strict=mode == "s")


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Logical and, where ``None`` is not known."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def findings(arrival: Arrival) -> list[Finding]:
    """What is to be said about the signatures, SPF and DMARC of a mail."""
    found = []
    for one in arrival.signatures:
        params = {"domain": one.domain, "selector": one.selector, "reason": one.reason or ""}
        if one.status is SignatureStatus.UNKNOWN:
            server = one.failed.server if one.failed else None
            found.append(Finding("arrival.signature_unanswered", one.key_name, {**params, "server": server}))
        elif _altered_since(one, arrival):
            found.append(Finding("arrival.copy_altered", one.key_name, params))
        elif one.status is SignatureStatus.FAIL or (
                one.status is SignatureStatus.BODY_CHANGED and not _receiver_passed(one, arrival.results)):
            found.append(Finding(
                "arrival.signature_invalid", one.key_name, {**params, "reason": one.reason or one.status.value}))
    if not arrival.signatures:
        found.append(Finding("arrival.not_signed", arrival.from_domain))
    elif any(one.proven for one in arrival.signatures) and not arrival.aligned_signatures:
        domains = [one.domain for one in arrival.signatures if one.proven]
        found.append(Finding(
            "arrival.not_aligned", arrival.from_domain, {"domains": domains, "from_domain": arrival.from_domain}))
    if arrival.spf and arrival.egress:
        checked = {"result": arrival.spf.result, "address": arrival.egress.address, "domain": arrival.spf_domain}
        if arrival.spf.result is spf.Result.TEMPERROR:
            found.append(Finding("arrival.spf_unanswered", arrival.spf_domain or "", checked))
        elif arrival.spf.result is not spf.Result.PASS:
            found.append(Finding("arrival.spf_not_passed", arrival.spf_domain or "", checked))
    if arrival.dmarc == "fail":
        found.append(Finding("arrival.dmarc_failed", arrival.from_domain, {"policy": arrival.policy}))
    elif arrival.dmarc == "unknown" and arrival.unanswered:
        found.append(Finding("arrival.dmarc_unanswered", arrival.from_domain))
    return found + _disagreements(arrival)


def _disagreements(arrival: Arrival) -> list[Finding]:
    """Where the receiver came to another result than we do; DNS may have changed since the mail arrived."""
    if arrival.results is None:
        return []
    ours = {"dmarc": None if arrival.dmarc == "unknown" else arrival.dmarc}
    if arrival.spf and arrival.egress and arrival.spf.result in ("pass", "fail", "softfail", "none", "permerror"):
        ours["spf"] = arrival.spf.result
    findings = []
    for method, own in ours.items():
        said = next((result.result for result in arrival.results.of(method)), None)
        if own and said and (own == "pass") != (said == "pass") and said not in _NO_VERDICT:
            findings.append(Finding(
                "arrival.receiver_disagrees", arrival.from_domain,
                {"method": method.upper(), "said": said, "found": own}))
    return findings
