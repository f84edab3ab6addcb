"""Whether the reports that a record asks for can arrive (RFC 9990 §3, RFC 7489 §7.1)."""

from __future__ import annotations

from ..certain import certain
from ..dns.answer import Answer, Status
from ..dns.contested import look
from ..dns.names import is_subdomain
from ..dns.protocol import Resolver
from ..finding import Finding
from ..records.taglist import shown
from ..together import together
from .alignment import organizational_domain
from .discovery import dmarc_texts
from .policy import Policy
from .record import is_dmarc, parse
from .report_uri import ReportUri

MAX_DESTINATIONS = 8  # hosts that are looked at


async def destination_findings(resolver: Resolver, policy: Policy) -> list[Finding]:
    """Look at the host of every ``mailto:`` address: is it allowed to get the reports, can it receive mail.

    At most :data:`MAX_DESTINATIONS` hosts, with at most four questions each and a tree walk for
    those inside the organizational domain.
    """
    hosts: dict[str, tuple[str, ReportUri]] = {}
    for tag, uris in (("rua", policy.rua), ("ruf", policy.ruf)):
        for uri in uris:
            if uri.host:
                hosts.setdefault(uri.host, (tag, uri))
    looked_at = list(hosts)[:MAX_DESTINATIONS]
    parts = await together(
        *(
            _authorisation(resolver, policy, host, *hosts[host])
            for host in looked_at
            if host != policy.policy_domain
        ),
        *(_receiving(resolver, policy, host, *hosts[host]) for host in looked_at),
    )
    findings = [finding for part in parts for finding in part]
    if len(hosts) > len(looked_at):
        params = {"count": len(hosts), "looked_at": len(looked_at)}
        findings.append(Finding("dmarc.destinations_not_checked", certain(policy.record_name), params, policy.record))
    return findings


def _finding(policy: Policy, code: str, tag: str, uri: ReportUri, **params: object) -> Finding:
    params = {"tag": tag, "uri": shown(uri.text), "host": uri.host, **params}
    return Finding(code, certain(policy.record_name), params, policy.record, uri.span)


async def _authorisation(resolver: Resolver, policy: Policy, host: str, tag: str, uri: ReportUri) -> list[Finding]:
    external = await _is_external(resolver, policy, host)
    if external is False:
        return []
    name = f"{policy.policy_domain}._report._dmarc.{host}"
    answer = await resolver.query(name, "TXT")
    if not answer.is_fact:
        failure = {"question": answer.name, "status": answer.status.value, "server": answer.server or ""}
        return [_finding(policy, "dmarc.external_unknown", tag, uri, **failure)]
    contest = await look(resolver, answer, dmarc_texts)
    if contest:
        return [contest.finding("dmarc", tag=tag, uri=shown(uri.text), host=uri.host)]
    if any(is_dmarc(text) for text in answer.texts):
        return _override(policy, tag, uri, answer)
    if external is None:
        walked = {"question": f"_dmarc.{host}", "status": "unknown", "server": ""}
        return [_finding(policy, "dmarc.external_unknown", tag, uri, **walked)]
    if answer.status is Status.BAD_NAME:
        return [_finding(policy, "dmarc.external_name_too_long", tag, uri, record_name=shown(name))]
    return [_finding(policy, "dmarc.external_not_authorised", tag, uri, record_name=name)]


async def _is_external(resolver: Resolver, policy: Policy, host: str) -> bool | None:
    """Whether the host belongs to another organization than the record; ``None`` if DNS did not say."""
    # An inherited record is its organization's own, or that of a public suffix, which is one by itself.
    own = policy.policy_domain if policy.inherited else policy.organizational_domain
    if own is not None and not is_subdomain(host, own):
        return True  # an organizational domain is the host itself or one of its parents
    other = await organizational_domain(resolver, host)
    if own is None or other is None:
        return None
    return own != other


def _override(policy: Policy, tag: str, uri: ReportUri, answer: Answer) -> list[Finding]:
    """RFC 9990 §3 step 9: the authorising record may name another mailbox, on the same host only."""
    for text in sorted(answer.texts):
        record = parse(text)
        others = [other.host for other in getattr(record, tag) if other.host and other.host != uri.host]
        if record.valid and others:
            return [_finding(policy, "dmarc.external_override_elsewhere", tag, uri, other=others[0])]
    return []


async def _receiving(resolver: Resolver, policy: Policy, host: str, tag: str, uri: ReportUri) -> list[Finding]:
    answer = await resolver.query(host, "MX")
    if answer.status is Status.OK:
        if all(exchange.host == "" for exchange in answer.records):
            return [_finding(policy, "dmarc.destination_cannot_receive", tag, uri, reason="null_mx")]
        return []
    if answer.status is Status.NODATA:
        addresses = await resolver.query_all((host, "A"), (host, "AAAA"))
        if any(address.status is Status.OK for address in addresses):
            return [_finding(policy, "dmarc.destination_without_mx", tag, uri)]
        answer = next((address for address in addresses if not address.is_fact), answer)
    if not answer.is_fact:
        failure = {"question": answer.name, "status": answer.status.value, "server": answer.server or ""}
        return [_finding(policy, "dmarc.destination_unknown", tag, uri, **failure)]
    reason = "no_mail_host" if answer.exists else "domain_missing"
    return [_finding(policy, "dmarc.destination_cannot_receive", tag, uri, reason=reason)]
